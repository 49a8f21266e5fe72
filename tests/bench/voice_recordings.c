/* voice_recordings.c - see voice_recordings.h. */
#include "bench/voice_recordings.h"

#include <dirent.h>
#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SOUNDS_FOLDER "/usr/share/asterisk/sounds"
#define MUSIC_FOLDER  "/usr/share/asterisk/moh"
#define CLIPS         90     /* of a voice */
#define LEAST_BYTES   6000   /* of a prompt: 0.75 s */
#define MUSIC_BYTES   480000 /* of a piece: 60 s */
#define TALLER        0.82   /* the speed at which a voice is a taller person's */
#define SINK                                                                                                 \
    "audioconvert ! audioresample ! audio/x-raw,format=F32LE,layout=interleaved,rate=16000,channels=1 ! "    \
    "appsink name=out sync=false"

static const char *const tuning_folders[] = {"fr_CA_f_June", "it_IT_m_Carlo", NULL};
static const char *const report_folders[] = {"en_US_f_Allison", "es_MX_f_Allison", "ru_RU_f_IvrvoiceRU",
                                             NULL};
static const char *const tuning_music[] = {"macroform-cold_day.g722", "macroform-robot_dity.g722",
                                           "macroform-the_simplicity.g722", NULL};
static const char *const report_music[] = {"manolo_camp-morning_coffee.g722", "reno_project-system.g722",
                                           NULL};

/* Everything that comes out of a pipeline. */
static void collect(GstElement *pipeline, struct clip *clip)
{
    GstElement *out = gst_bin_get_by_name(GST_BIN(pipeline), "out");
    GstBus *bus = gst_element_get_bus(pipeline);
    GstMessage *failure = NULL;

    while (!gst_app_sink_is_eos(GST_APP_SINK(out)) &&
           (failure = gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR)) == NULL) {
        GstSample *sample = gst_app_sink_try_pull_sample(GST_APP_SINK(out), 100 * GST_MSECOND);
        if (sample == NULL)
            continue;
        GstMapInfo map;
        GstBuffer *buffer = gst_sample_get_buffer(sample);
        if (buffer != NULL && gst_buffer_map(buffer, &map, GST_MAP_READ)) {
            clip->samples = realloc(clip->samples, clip->length * sizeof(float) + map.size);
            memcpy(clip->samples + clip->length, map.data, map.size);
            clip->length += map.size / sizeof(float);
            gst_buffer_unmap(buffer, &map);
        }
        gst_sample_unref(sample);
    }
    if (failure != NULL)
        gst_message_unref(failure);
    gst_object_unref(bus);
    gst_object_unref(out);
}

static GstElement *launch(const char *text)
{
    GError *error = NULL;
    GstElement *pipeline = gst_parse_launch(text, &error);

    if (error != NULL) {
        fprintf(stderr, "bench-voice: %s\n", error->message);
        g_clear_error(&error);
        g_clear_object(&pipeline);
    }
    return pipeline;
}

bool clip_of_file(struct clip *clip, const char *path)
{
    GstElement *pipeline = launch("filesrc name=in ! decodebin ! " SINK);

    *clip = (struct clip){NULL, 0};
    if (pipeline == NULL)
        return false;
    GstElement *in = gst_bin_get_by_name(GST_BIN(pipeline), "in");
    g_object_set(in, "location", path, NULL);
    gst_object_unref(in);
    if (gst_element_set_state(pipeline, GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE)
        collect(pipeline, clip);
    gst_element_set_state(pipeline, GST_STATE_NULL);
    gst_object_unref(pipeline);
    return clip->length > 0;
}

static bool decode_g722(struct clip *clip, const char *path, size_t most)
{
    GstElement *pipeline =
        launch("appsrc name=in format=time caps=audio/G722,rate=16000,channels=1 ! avdec_g722 ! " SINK);
    gchar *bytes = NULL;
    gsize length = 0;

    *clip = (struct clip){NULL, 0};
    if (pipeline != NULL && g_file_get_contents(path, &bytes, &length, NULL)) {
        GstElement *in = gst_bin_get_by_name(GST_BIN(pipeline), "in");
        GstBuffer *buffer = gst_buffer_new_memdup(bytes, MIN(length, most));
        GST_BUFFER_PTS(buffer) = 0;
        gst_element_set_state(pipeline, GST_STATE_PLAYING);
        gst_app_src_push_buffer(GST_APP_SRC(in), buffer);
        gst_app_src_end_of_stream(GST_APP_SRC(in));
        collect(pipeline, clip);
        gst_element_set_state(pipeline, GST_STATE_NULL);
        gst_object_unref(in);
    }
    g_clear_object(&pipeline);
    g_free(bytes);
    return clip->length > 0;
}

void clip_at_speed(struct clip *out, const struct clip *in, double speed)
{
    out->length = in->length > 4 ? (size_t)((double)(in->length - 4) / speed) : 0;
    out->samples = malloc((out->length + 1) * sizeof(float));
    for (size_t i = 0; i < out->length; i++) { /* Catmull and Rom's cubic */
        double place = 1 + (double)i * speed;
        const float *at = in->samples + (size_t)place - 1;
        double t = place - (double)(size_t)place;
        out->samples[i] = (float)(at[1] + 0.5 * t *
                                              (at[2] - at[0] +
                                               t * (2 * at[0] - 5 * at[1] + 4 * at[2] - at[3] +
                                                    t * (3 * (at[1] - at[2]) + at[3] - at[0]))));
    }
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The prompts of a folder that are long enough, by name, as paths. */
static GPtrArray *prompts_of(const char *folder)
{
    static const char *const parts[] = {"", "followme", "dictate"}; /* no digits and letters */
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);

    for (size_t p = 0; p < sizeof parts / sizeof *parts; p++) {
        char *path = g_build_filename(SOUNDS_FOLDER, folder, parts[p], NULL);
        GDir *dir = g_dir_open(path, 0, NULL);
        const char *name;
        while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
            if (g_str_has_suffix(name, ".g722"))
                g_ptr_array_add(paths, g_build_filename(path, name, NULL));
        g_clear_pointer(&dir, g_dir_close);
        g_free(path);
    }
    g_ptr_array_sort(paths, by_name);
    return paths;
}

static bool long_enough(const char *path)
{
    FILE *file = fopen(path, "rb");
    bool enough = file != NULL && fseek(file, 0, SEEK_END) == 0 && ftell(file) >= LEAST_BYTES;
    if (file != NULL)
        fclose(file);
    return enough;
}

static bool load_voice(struct voice *voice, const char *folder)
{
    GPtrArray *paths = prompts_of(folder);

    memset(voice, 0, sizeof *voice);
    snprintf(voice->name, sizeof voice->name, "%.40s", folder);
    voice->clips = calloc(CLIPS, sizeof *voice->clips);
    for (guint i = 0; i < paths->len && voice->clip_count < CLIPS; i++)
        if (long_enough(g_ptr_array_index(paths, i)) && i % 2 == 0)
            voice->clip_count +=
                decode_g722(&voice->clips[voice->clip_count], g_ptr_array_index(paths, i), SIZE_MAX);
    g_ptr_array_unref(paths);
    if (voice->clip_count > 0)
        voice_level(voice);
    else
        free(voice->clips);
    return voice->clip_count > 0;
}

static void make_taller(struct voice *out, const struct voice *in)
{
    *out = *in;
    g_strlcat(out->name, "-taller", sizeof out->name);
    out->clips = calloc(CLIPS, sizeof *out->clips);
    for (int c = 0; c < in->clip_count; c++)
        clip_at_speed(&out->clips[c], &in->clips[c], TALLER);
}

int voices_recorded(struct voice *voices, int max, bool tuning)
{
    const char *const *folders = tuning ? tuning_folders : report_folders;
    int count = 0;

    for (int i = 0; folders[i] != NULL && count + 2 <= max; i++)
        if (load_voice(&voices[count], folders[i])) {
            make_taller(&voices[count + 1], &voices[count]);
            count += 2;
        }
    return count;
}

int music_recorded(struct clip *clips, int max, bool tuning)
{
    const char *const *names = tuning ? tuning_music : report_music;
    int count = 0;

    for (int i = 0; names[i] != NULL && count < max; i++) {
        char *path = g_build_filename(MUSIC_FOLDER, names[i], NULL);
        count += decode_g722(&clips[count], path, MUSIC_BYTES);
        g_free(path);
    }
    return count;
}
