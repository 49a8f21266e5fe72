/* voice.c - ./balint bench voice: how well the meter tells who speaks.
 *
 *   bench-voice [--alone] [--tuning] [--synthetic | --voices DIR] [--seconds N]
 *                                   circles of eight, a table; --alone: of our meter only
 *   bench-voice --wav F [--far F]   what balintvoice says of a recording: start_s,end_s
 *
 * A cell is the frame F1 over all people and the largest error of a person's share, in percentage points. The
 * voices and the music reported on are others than those the meter was tuned on (--tuning shows these).
 */
#include <gst/gst.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/voice_recordings.h"
#include "bench/voice_table.h"
#include "voice/balintvoice.h"

#define VOICES 16
#define PIECES 8

static int voices_of(struct voice *voices, const char *folder, bool synthetic, bool tuning)
{
    if (folder != NULL)
        return voices_of_folder(voices, VOICES, folder);
    return synthetic ? voices_synthetic(voices, CIRCLE_PEOPLE, tuning)
                     : voices_recorded(voices, VOICES, tuning);
}

static int measure(const char *folder, bool synthetic, bool tuning, bool alone, int seconds)
{
    static struct voice voices[VOICES];
    static struct clip music[PIECES];
    static struct circle circle;
    static struct table table;
    int count = voices_of(voices, folder, synthetic, tuning);
    int pieces = music_recorded(music, PIECES, tuning);
    uint32_t seed = tuning ? 1 : 2;

    if (!circle_make(&circle, voices, count, seconds, seed)) {
        fprintf(stderr,
                folder != NULL ? "bench-voice: no 16-bit WAV files in sub-folders of %s\n"
                : synthetic
                    ? "bench-voice: no voices; install espeak-ng\n"
                    : "bench-voice: no voices; install asterisk-core-sounds-en-g722, -es-, -fr-, -it- and "
                      "-ru-g722 and gstreamer1.0-libav\n",
                folder);
        return 1;
    }
    sounds_use_music(music, pieces);
    printf("A circle of eight, %d s, %s voices, %s:", seconds, synthetic ? "synthetic" : "recorded",
           tuning ? "tuned on these" : "not tuned on these");
    for (int v = 0; v < count; v++)
        printf(" %s", voices[v].name);
    printf("\nCells: frame F1 / largest share error in percentage points, of the worst of a column's "
           "conditions.\nThe meter in each of them:\n");
    if (pieces == 0)
        printf("  (no recorded music: install asterisk-moh-opsound-g722)\n");
    fflush(stdout);
    table_measure(&table, &circle, alone ? 1 : DETECTORS, 1000 * seed, true);
    table_print(&table, alone ? 1 : DETECTORS);
    for (int i = 0; i < pieces; i++)
        free(music[i].samples);
    circle_free(&circle);
    voices_free(voices, count);
    return 0;
}

/* ---- --wav */

static void print_span(const GstStructure *structure)
{
    guint64 start = 0, end = 0;
    if (structure != NULL && gst_structure_has_name(structure, "balint-voice-span") &&
        gst_structure_get_uint64(structure, "start-ns", &start) &&
        gst_structure_get_uint64(structure, "end-ns", &end))
        printf("%.3f,%.3f\n", (double)start * 1e-9, (double)end * 1e-9);
}

static GstElement *make_pipeline(const char *wav, const char *far)
{
    GError *error = NULL;
    char *text = g_strdup_printf(
        "filesrc name=near ! wavparse ! audioconvert ! audioresample ! balintvoice name=v ! fakesink "
        "sync=false%s",
        far != NULL ? " filesrc name=far ! wavparse ! audioconvert ! audioresample ! v.far" : "");
    GstElement *pipeline = gst_parse_launch(text, &error);
    const char *names[] = {"near", "far"}, *files[] = {wav, far};

    g_free(text);
    if (pipeline == NULL || error != NULL) {
        fprintf(stderr, "bench-voice: %s\n", error != NULL ? error->message : "no pipeline");
        g_clear_error(&error);
        g_clear_object(&pipeline);
        return NULL;
    }
    for (int i = 0; i < (far != NULL ? 2 : 1); i++) {
        GstElement *source = gst_bin_get_by_name(GST_BIN(pipeline), names[i]);
        g_object_set(source, "location", files[i], NULL);
        gst_object_unref(source);
    }
    return pipeline;
}

static int spans_of_file(const char *wav, const char *far)
{
    GstElement *pipeline = make_pipeline(wav, far);
    int result = -1;

    if (pipeline == NULL)
        return 1;
    GstBus *bus = gst_element_get_bus(pipeline);
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    bool head = false; /* a file that cannot be read prints nothing but why */
    while (result < 0) {
        GstMessage *message = gst_bus_timed_pop_filtered(
            bus, GST_CLOCK_TIME_NONE, GST_MESSAGE_ELEMENT | GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
        if (!head && GST_MESSAGE_TYPE(message) != GST_MESSAGE_ERROR)
            head = printf("start_s,end_s\n") > 0;
        if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ELEMENT) {
            print_span(gst_message_get_structure(message));
        } else if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
            GError *error = NULL;
            gst_message_parse_error(message, &error, NULL);
            fprintf(stderr, "bench-voice: %s: %s\n", wav, error->message);
            g_error_free(error);
            result = 1;
        } else {
            result = 0;
        }
        gst_message_unref(message);
    }
    gst_element_set_state(pipeline, GST_STATE_NULL);
    gst_object_unref(bus);
    gst_object_unref(pipeline);
    return result;
}

int main(int argc, char **argv)
{
    const char *wav = NULL, *far = NULL, *folder = NULL;
    bool tuning = false, synthetic = false, alone = false;
    int seconds = 40;

    gst_init(NULL, NULL);
    gst_element_register(NULL, "balintvoice", GST_RANK_NONE, BALINT_TYPE_VOICE);
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        bool *flag = strcmp(argv[i], "--tuning") == 0      ? &tuning
                     : strcmp(argv[i], "--synthetic") == 0 ? &synthetic
                     : strcmp(argv[i], "--alone") == 0     ? &alone
                                                           : NULL;
        if (flag != NULL) {
            *flag = true;
            continue;
        }
        const char **text = strcmp(argv[i], "--wav") == 0      ? &wav
                            : strcmp(argv[i], "--far") == 0    ? &far
                            : strcmp(argv[i], "--voices") == 0 ? &folder
                                                               : NULL;
        if (text != NULL && value != NULL) {
            *text = value;
        } else if (strcmp(argv[i], "--seconds") == 0 && value != NULL && atoi(value) >= 10) {
            seconds = atoi(value);
        } else {
            fprintf(stderr, "usage: bench-voice [--alone] [--tuning] [--synthetic | --voices DIR] [--seconds "
                            "N, at least 10]\n"
                            "       bench-voice --wav F.wav [--far F.wav]\n");
            return 2;
        }
        i++;
    }
    if (wav == NULL && far != NULL) {
        fprintf(stderr, "bench-voice: --far belongs to --wav\n");
        return 2;
    }
    return wav != NULL ? spans_of_file(wav, far) : measure(folder, synthetic, tuning, alone, seconds);
}
