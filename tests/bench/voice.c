/* voice.c - ./balint bench voice: how well the meter tells who speaks.
 *
 *   bench-voice [--tuning] [--voices DIR] [--seconds N]   circles of eight, a table
 *   bench-voice --wav F [--far F]                         what balintvoice says of a recording: start_s,end_s
 *
 * A cell is the frame F1 over all people and the largest error of a person's share, in percentage points. The
 * voices reported on are others than those the meter was tuned on (--tuning shows these).
 */
#include <gst/gst.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/voice_circle.h"
#include "bench/voice_detectors.h"
#include "voice/balintvoice.h"

#define VOICES 16

/* One condition that a circle is heard in. */
struct condition {
    int column;
    enum sound sound;
    double snr_db;
    double leak_db; /* 0: nothing leaks; then the far end is given too */
    double gain;
};

static const char *const columns[] = {"clean",       "20 dB",  "10 dB",   "5 dB",
                                      "quiet 20 dB", "typing", "leakage", "music 10 dB"};
enum { COLUMNS = sizeof columns / sizeof *columns };

static const struct condition conditions[] = {
    {0, SOUND_NONE, 0, 0, 1},     {1, SOUND_WHITE, 20, 0, 1}, {1, SOUND_PINK, 20, 0, 1},
    {1, SOUND_HUM, 20, 0, 1},     {2, SOUND_WHITE, 10, 0, 1}, {2, SOUND_PINK, 10, 0, 1},
    {2, SOUND_HUM, 10, 0, 1},     {2, SOUND_FAN, 10, 0, 1},   {3, SOUND_WHITE, 5, 0, 1},
    {3, SOUND_PINK, 5, 0, 1},     {3, SOUND_HUM, 5, 0, 1},    {3, SOUND_FAN, 5, 0, 1},
    {4, SOUND_PINK, 20, 0, 0.06}, {5, SOUND_TYPING, 0, 0, 1}, {6, SOUND_PINK, 30, 25, 1},
    {7, SOUND_MUSIC, 10, 0, 1},
};
enum { CONDITIONS = sizeof conditions / sizeof *conditions };

/* What came out of one detector in one condition. */
struct score {
    long both, false_speech, missed;
    double truth[CIRCLE_PEOPLE], said[CIRCLE_PEOPLE];
};

static struct circle circle;
static struct score scores[CONDITIONS][DETECTORS];
static double seconds_of[DETECTORS];

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void round_samples(const float *in, int16_t *out, size_t length, double gain)
{
    for (size_t i = 0; i < length; i++)
        out[i] = (int16_t)lrint(fmax(-32768, fmin(32767, in[i] * gain * 32768)));
}

static void hear_person(int c, int p, float *sound, int16_t *mic, int16_t *far, bool *speech)
{
    const struct condition *condition = &conditions[c];
    size_t length = (size_t)circle.frames * CIRCLE_FRAME;
    uint32_t seed = (uint32_t)(1000 + 100 * c + p);

    if (condition->leak_db > 0) {
        circle_others(&circle, p, sound);
        round_samples(sound, far, length, 1);
        float *others = malloc(length * sizeof *others);
        memcpy(others, sound, length * sizeof *others);
        memcpy(sound, circle.people[p].clean, length * sizeof *sound);
        leak_add(sound, others, length, condition->leak_db, 50 + 12 * p);
        free(others);
    } else {
        memcpy(sound, circle.people[p].clean, length * sizeof *sound);
    }
    sound_add(sound, length, condition->sound, condition->snr_db, seed);
    round_samples(sound, mic, length, condition->gain);
    for (int d = 0; d < DETECTORS; d++) {
        struct score *score = &scores[c][d];
        double before = cpu_seconds();
        detect((enum detector)d, mic, condition->leak_db > 0 ? far : NULL, circle.frames, speech);
        seconds_of[d] += cpu_seconds() - before;
        for (int f = 0; f < circle.frames; f++) {
            bool truth = circle.people[p].truth[f];
            score->both += truth && speech[f];
            score->false_speech += !truth && speech[f];
            score->missed += truth && !speech[f];
            score->truth[p] += truth;
            score->said[p] += speech[f];
        }
    }
}

static double share_error(const struct score *score)
{
    double truth = 0, said = 0, most = 0;
    for (int p = 0; p < CIRCLE_PEOPLE; p++) {
        truth += score->truth[p];
        said += score->said[p];
    }
    for (int p = 0; p < CIRCLE_PEOPLE; p++)
        most = fmax(most, 100 * fabs(score->truth[p] / truth - (said > 0 ? score->said[p] / said : 0)));
    return most;
}

static double f1(const struct score *score)
{
    return 2.0 * (double)score->both / (double)(2 * score->both + score->false_speech + score->missed);
}

static void print_table(void)
{
    printf("\n%-18s", "F1 / share error");
    for (int k = 0; k < COLUMNS; k++)
        printf(" | %-11s", columns[k]);
    printf("\n");
    for (int d = 0; d < DETECTORS; d++) {
        printf("%-18s", detector_name((enum detector)d));
        for (int k = 0; k < COLUMNS; k++) { /* the worst of a column's conditions */
            double least = 1, most = 0;
            for (int c = 0; c < CONDITIONS; c++)
                if (conditions[c].column == k) {
                    least = fmin(least, f1(&scores[c][d]));
                    most = fmax(most, share_error(&scores[c][d]));
                }
            printf(" | %.2f / %-4.1f", least, most);
        }
        printf("\n");
    }
    printf("\nEach noise by itself (%s):", detector_name(DETECT_METER));
    for (int c = 0; c < CONDITIONS; c++)
        printf("%s%s %g dB%s %.3f / %.1f", c % 4 ? "; " : "\n  ", sound_name(conditions[c].sound),
               conditions[c].snr_db,
               conditions[c].leak_db > 0 ? " and leakage"
               : conditions[c].gain < 1  ? " quiet"
                                         : "",
               f1(&scores[c][DETECT_METER]), share_error(&scores[c][DETECT_METER]));
    printf("\n");
}

/* How much of a sound alone, without anybody, is taken for speech. */
static void print_false_speech(float *sound, int16_t *mic, bool *speech)
{
    size_t length = (size_t)circle.frames * CIRCLE_FRAME;

    printf("\n%-18s", "false speech, %");
    for (int s = SOUND_WHITE; s < SOUNDS; s++)
        printf(" | %-6s", sound_name((enum sound)s));
    printf("\n");
    for (int d = 0; d < DETECTORS; d++) {
        printf("%-18s", detector_name((enum detector)d));
        for (int s = SOUND_WHITE; s < SOUNDS; s++) {
            long count = 0;
            memset(sound, 0, length * sizeof *sound);
            sound_add(sound, length, (enum sound)s, 5, 77);
            round_samples(sound, mic, length, 1);
            detect((enum detector)d, mic, NULL, circle.frames, speech);
            for (int f = 0; f < circle.frames; f++)
                count += speech[f];
            printf(" | %-6.1f", 100.0 * (double)count / circle.frames);
        }
        printf("\n");
    }
}

static int measure(const char *folder, bool tuning, int seconds)
{
    struct voice voices[VOICES];
    int count = folder != NULL ? voices_of_folder(voices, VOICES, folder)
                               : voices_synthetic(voices, CIRCLE_PEOPLE, tuning);

    if (!circle_make(&circle, voices, count, seconds, tuning ? 1 : 2)) {
        fprintf(stderr,
                folder != NULL ? "bench-voice: no 16-bit WAV files in sub-folders of %s\n"
                               : "bench-voice: no voices; install espeak-ng\n",
                folder);
        return 1;
    }
    printf("A circle of eight, %d s, %s voices:", seconds,
           folder != NULL ? "recorded"
           : tuning       ? "synthetic, tuned on these,"
                          : "synthetic, not tuned on these,");
    for (int v = 0; v < count; v++)
        printf(" %s", voices[v].name);
    printf("\nCells: frame F1 / largest share error in percentage points; columns of noise show the worst of "
           "white, "
           "pink, hum, fan.\n");
    fflush(stdout);

    size_t length = (size_t)circle.frames * CIRCLE_FRAME;
    float *sound = malloc(length * sizeof *sound);
    int16_t *mic = malloc(length * sizeof *mic), *far = malloc(length * sizeof *far);
    bool *speech = malloc((size_t)circle.frames * sizeof *speech);
    for (int c = 0; c < CONDITIONS; c++)
        for (int p = 0; p < CIRCLE_PEOPLE; p++)
            hear_person(c, p, sound, mic, far, speech);
    print_table();
    print_false_speech(sound, mic, speech);
    printf("\nProcessor, %% of a core:");
    for (int d = 0; d < DETECTORS; d++)
        printf("%s %s %.2f", d ? ";" : "", detector_name((enum detector)d),
               100 * seconds_of[d] / ((double)seconds * CIRCLE_PEOPLE * CONDITIONS));
    printf("\n");
    free(sound);
    free(mic);
    free(far);
    free(speech);
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
    bool tuning = false;
    int seconds = 40;

    gst_init(NULL, NULL);
    gst_element_register(NULL, "balintvoice", GST_RANK_NONE, BALINT_TYPE_VOICE);
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(argv[i], "--tuning") == 0) {
            tuning = true;
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
            fprintf(stderr, "usage: bench-voice [--tuning | --voices DIR] [--seconds N, at least 10]\n"
                            "       bench-voice --wav F.wav [--far F.wav]\n");
            return 2;
        }
        i++;
    }
    if (wav == NULL && far != NULL) {
        fprintf(stderr, "bench-voice: --far belongs to --wav\n");
        return 2;
    }
    return wav != NULL ? spans_of_file(wav, far) : measure(folder, tuning, seconds);
}
