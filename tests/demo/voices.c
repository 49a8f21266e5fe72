/* voices.c - speaks, decodes, mixes and writes sound. */
#include "demo/voices.h"

#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demo/conversation.h"
#include "demo/truth.h"

/* Voices that are told apart: an accent with a variant, its pitch (0..99) and its words a minute. */
static const struct {
    const char *voice;
    int pitch, speed;
} voices[DEMO_PEOPLE] = {
    {"en-gb+f2", 48, 158},          {"en-gb+m3", 40, 168},      {"en-us+f4", 60, 172},
    {"en-gb-scotland+m7", 30, 165}, {"en-gb+f5", 55, 180},      {"en-us+m1", 45, 175},
    {"en-gb+f1", 65, 170},          {"en-gb-x-rp+m5", 35, 160}, {"en-us+f3", 50, 165},
    {"en-gb-scotland+f2", 58, 175}, {"en-gb+m2", 50, 172},      {"en-us+m6", 28, 168},
    {"en-gb+f4", 70, 168},          {"en-us+m3", 55, 182},      {"en-gb+m7", 38, 160},
    {"en-us+f1", 62, 178},
};

#define CAPS "audio/x-raw,format=S16LE,layout=interleaved,rate=48000,channels=1"

static bool fail(char why[DEMO_WHY], const char *what, const char *more)
{
    snprintf(why, DEMO_WHY, "%.200s: %.250s", what, more);
    return false;
}

void demo_sound_clear(struct demo_sound *sound)
{
    free(sound->samples);
    *sound = (struct demo_sound){NULL, 0};
}

static bool add_samples(struct demo_sound *sound, size_t *room, const void *bytes, size_t size)
{
    size_t more = size / sizeof(int16_t);
    if (sound->count + more > *room) {
        *room = (sound->count + more) * 2;
        int16_t *samples = realloc(sound->samples, *room * sizeof *samples);
        if (samples == NULL)
            return false;
        sound->samples = samples;
    }
    memcpy(sound->samples + sound->count, bytes, more * sizeof(int16_t));
    sound->count += more;
    return true;
}

bool demo_sound_read(struct demo_sound *sound, const char *path, char why[DEMO_WHY])
{
    *sound = (struct demo_sound){NULL, 0};
    GstElement *pipeline =
        gst_parse_launch("filesrc name=file ! decodebin ! audioconvert ! audioresample ! " CAPS
                         " ! appsink name=out sync=false",
                         NULL);
    if (pipeline == NULL)
        return fail(why, path, "GStreamer's base plugins are missing: install them");
    GstElement *file = gst_bin_get_by_name(GST_BIN(pipeline), "file");
    GstElement *out = gst_bin_get_by_name(GST_BIN(pipeline), "out");
    g_object_set(file, "location", path, NULL);
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    size_t room = 0;
    GstSample *sample;
    bool ok = true;
    while (ok && (sample = gst_app_sink_try_pull_sample(GST_APP_SINK(out), 10 * GST_SECOND)) != NULL) {
        GstMapInfo map;
        if (gst_buffer_map(gst_sample_get_buffer(sample), &map, GST_MAP_READ)) {
            ok = add_samples(sound, &room, map.data, map.size);
            gst_buffer_unmap(gst_sample_get_buffer(sample), &map);
        }
        gst_sample_unref(sample);
    }
    ok = ok && gst_app_sink_is_eos(GST_APP_SINK(out)) && sound->count > 0;
    gst_element_set_state(pipeline, GST_STATE_NULL);
    gst_object_unref(file);
    gst_object_unref(out);
    gst_object_unref(pipeline);
    if (!ok)
        demo_sound_clear(sound);
    return ok || fail(why, path, "no sound could be read from it: give WAV files");
}

static void put(uint8_t *at, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

/* RIFF WAVE, PCM: a header of 44 bytes, then the samples, little-endian as this machine's. */
bool demo_sound_write(const struct demo_sound *sound, const char *path, char why[DEMO_WHY])
{
    uint32_t size = (uint32_t)(sound->count * sizeof(int16_t));
    uint8_t header[44] = "RIFF....WAVEfmt ";
    put(header + 4, 36 + size, 4);
    put(header + 16, 16, 4);
    put(header + 20, 1, 2); /* PCM */
    put(header + 22, 1, 2); /* mono */
    put(header + 24, DEMO_RATE, 4);
    put(header + 28, DEMO_RATE * 2, 4);
    put(header + 32, 2, 2);
    put(header + 34, 16, 2);
    memcpy(header + 36, "data", 4);
    put(header + 40, size, 4);
    FILE *file = fopen(path, "wb");
    bool ok = file != NULL && fwrite(header, sizeof header, 1, file) == 1 &&
              (sound->count == 0 || fwrite(sound->samples, size, 1, file) == 1);
    if (file != NULL)
        ok = fclose(file) == 0 && ok;
    return ok || fail(why, path, "could not be written: is the disk full?");
}

void demo_sound_mix(struct demo_sound *sound, const struct demo_sound *from, double at, double seconds)
{
    int64_t start = llround(at * DEMO_RATE), most = llround(seconds * DEMO_RATE);
    for (int64_t i = 0; i < (int64_t)from->count && i < most; i++) {
        if (start + i < 0 || start + i >= (int64_t)sound->count)
            continue;
        int sum = sound->samples[start + i] + from->samples[i];
        sound->samples[start + i] = (int16_t)(sum > INT16_MAX   ? INT16_MAX
                                              : sum < INT16_MIN ? INT16_MIN
                                                                : sum);
    }
}

bool demo_sound_silence(struct demo_sound *sound, double seconds)
{
    sound->count = (size_t)(seconds * DEMO_RATE);
    sound->samples = calloc(sound->count + 1, sizeof *sound->samples);
    return sound->samples != NULL;
}

bool demo_sound_loop(struct demo_sound *sound, const struct demo_sound *from, double offset, double seconds)
{
    if (from->count == 0 || !demo_sound_silence(sound, seconds))
        return false;
    size_t at = (size_t)(offset * DEMO_RATE) % from->count;
    for (size_t i = 0; i < sound->count; i++)
        sound->samples[i] = from->samples[(at + i) % from->count];
    return true;
}

bool demo_speak(struct demo_sound *sound, int person, const char *text, const char *folder,
                char why[DEMO_WHY])
{
    char *path = g_build_filename(folder, "line.wav", NULL);
    char pitch[8], speed[8];
    snprintf(pitch, sizeof pitch, "%d", voices[person % DEMO_PEOPLE].pitch);
    snprintf(speed, sizeof speed, "%d", voices[person % DEMO_PEOPLE].speed);
    const char *argv[] = {"espeak-ng", "-v",  voices[person % DEMO_PEOPLE].voice,
                          "-p",        pitch, "-s",
                          speed,       "-z",  "-w",
                          path,        "--",  text,
                          NULL};
    GError *error = NULL;
    int status = 0;
    bool ok = g_spawn_sync(NULL, (char **)argv, NULL,
                           G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                           NULL, NULL, NULL, NULL, &status, &error);
    if (!ok)
        fail(why, "espeak-ng", "is not installed: install it, or give --voices DIR");
    else if (status != 0)
        ok = fail(why, "espeak-ng", "failed: try it by hand, or give --voices DIR");
    g_clear_error(&error);
    ok = ok && demo_sound_read(sound, path, why);
    g_free(path);
    return ok;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char **demo_voice_files(const char *folder, char why[DEMO_WHY])
{
    GError *error = NULL;
    GDir *dir = g_dir_open(folder, 0, &error);
    if (dir == NULL) {
        fail(why, "--voices", error->message);
        g_error_free(error);
        return NULL;
    }
    GPtrArray *files = g_ptr_array_new();
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
        char *lower = g_ascii_strdown(name, -1);
        if (g_str_has_suffix(lower, ".wav"))
            g_ptr_array_add(files, g_build_filename(folder, name, NULL));
        g_free(lower);
    }
    g_dir_close(dir);
    if (files->len == 0) {
        g_ptr_array_free(files, TRUE);
        fail(why, folder, "holds no WAV file: give a folder with one for each person");
        return NULL;
    }
    qsort(files->pdata, files->len, sizeof(gpointer), by_name);
    g_ptr_array_add(files, NULL);
    return (char **)g_ptr_array_free(files, FALSE);
}
