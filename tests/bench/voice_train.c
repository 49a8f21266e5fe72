/* voice_train.c - makes plugin/voice/weights.c: what the meter knows of speech.
 *
 *   train-voice [--scenes N] [--rounds N] [--voices DIR] [--music DIR] [--lessons F] [--out F]
 *
 * Voices: the bench's tuning voices, recorded and synthetic, and those of DIR (one sub-folder of sound files
 * a voice). Music: the bench's for tuning, and the files of the other DIR. README.md beside weights.c says
 * which were used. One scene in ten is kept apart and only measured.
 */
#include <gst/gst.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/voice_learn.h"
#include "bench/voice_recordings.h"
#include "bench/voice_scenes.h"
#include "voice/meter.h"

#define VOICES  96
#define PIECES  48
#define PIECE   (60 * (size_t)CIRCLE_RATE) /* samples of each that are used */
#define APART   10
#define BLUR    0.4f /* of a trait, whole width */
#define EPISODE (SCENE_FRAMES / LEARN_STEPS)
/* A prompt that is never quieter than this, 36 dB below the usual level, is a noisy recording. */
#define REST_LEAST 0.0008f

/* A scene as the network sees it. */
struct lesson {
    float in[SCENE_FRAMES][BALINT_NET_IN];
    float wanted[SCENE_FRAMES][BALINT_NET_OUT];
    float weight[SCENE_FRAMES][BALINT_NET_OUT];
};

static struct lesson *lessons;
static int lesson_count;

/* ---- sources */

static bool is_noisy(const struct clip *clip)
{
    double least = 1;
    for (size_t at = 0; at + CIRCLE_FRAME <= clip->length; at += CIRCLE_FRAME) {
        double energy = 0;
        for (int i = 0; i < CIRCLE_FRAME; i++)
            energy += (double)clip->samples[at + i] * clip->samples[at + i];
        least = fmin(least, energy / CIRCLE_FRAME);
    }
    return sqrt(least) > REST_LEAST;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *entries_of(const char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
        g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
    g_clear_pointer(&dir, g_dir_close);
    g_ptr_array_sort(paths, by_name);
    return paths;
}

static int files_of(const char *folder, struct clip *clips, int max)
{
    GPtrArray *paths = entries_of(folder);
    int count = 0;

    for (guint i = 0; i < paths->len && count < max; i++)
        count += clip_of_file(&clips[count], g_ptr_array_index(paths, i));
    g_ptr_array_unref(paths);
    return count;
}

static int folder_voices(struct voice *voices, int max, const char *folder)
{
    GPtrArray *paths = entries_of(folder);
    int count = 0;

    for (guint i = 0; i < paths->len && count < max; i++) {
        struct voice *voice = &voices[count];
        memset(voice, 0, sizeof *voice);
        snprintf(voice->name, sizeof voice->name, "%.60s", (char *)g_ptr_array_index(paths, i));
        voice->clips = calloc(200, sizeof *voice->clips);
        int clips = files_of(g_ptr_array_index(paths, i), voice->clips, 200);
        voice->clip_count = clips;
        voice_level(voice);
        voice->clip_count = 0;
        for (int c = 0; c < clips; c++)
            if (!is_noisy(&voice->clips[c]))
                voice->clips[voice->clip_count++] = voice->clips[c];
        printf("%s: %d of %d\n", voice->name, voice->clip_count, clips);
        fflush(stdout);
        count += voice->clip_count >= 10;
    }
    g_ptr_array_unref(paths);
    return count;
}

static int all_voices(struct voice *voices, const char *folder)
{
    int count = voices_recorded(voices, VOICES / 4, true), recorded = count;

    for (int copy = 0; copy < 3; copy++) /* more often than the others */
        for (int i = 0; i < recorded; i++)
            voices[count++] = voices[i];
    count += voices_synthetic(voices + count, VOICES - count, true);
    if (folder != NULL)
        count += folder_voices(voices + count, VOICES - count, folder);
    return count;
}

/* ---- lessons */

static void make_lesson(struct lesson *lesson, const struct scene *scene)
{
    static const int delays[BALINT_NET_OUT] = {BALINT_NET_SOON, BALINT_NET_LATE};
    struct balint_listen *listen = malloc(sizeof *listen);
    struct balint_heard heard;
    bool silent[SCENE_FRAMES], can_be[SCENE_FRAMES + BALINT_METER_BEFORE + 1] = {false};

    balint_listen_init(listen);
    for (int f = 0; f < SCENE_FRAMES; f++) {
        size_t at = (size_t)f * CIRCLE_FRAME;
        balint_listen_frame(listen, scene->near + at, scene->has_far ? scene->far + at : NULL, &heard);
        memcpy(lesson->in[f], heard.trait, sizeof heard.trait);
        silent[f] = heard.silent;
        for (int i = f - BALINT_METER_AFTER;
             heard.trait[BALINT_TRAIT_LOUD] > BALINT_METER_OVER && i <= f + BALINT_METER_BEFORE; i++)
            if (i >= 0)
                can_be[i] = true;
        for (int o = 0; o < BALINT_NET_OUT; o++) {
            int about = f - delays[o];
            lesson->wanted[f][o] = about >= 0 && scene->truth[about];
            /* What the meter rules out by itself need not be learned. */
            lesson->weight[f][o] = about < 0 || silent[about] || !can_be[about] ? 0 : o == 0 ? 0.4f : 1;
        }
    }
    free(listen);
}

static void make_lessons(const struct scene_sources *sources, int count)
{
    struct scene *scene = malloc(sizeof *scene);

    lessons = malloc((size_t)count * sizeof *lessons);
    for (lesson_count = 0; lesson_count < count; lesson_count++) {
        scene_make(scene, sources, (uint32_t)lesson_count + 1);
        make_lesson(&lessons[lesson_count], scene);
    }
    free(scene);
}

/* Lessons take longer to make than to learn: they can be kept. */
static bool read_lessons(const char *path, int count)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    lessons = malloc((size_t)count * sizeof *lessons);
    lesson_count = (int)fread(lessons, sizeof *lessons, (size_t)count, file);
    fclose(file);
    return lesson_count == count;
}

static bool write_lessons(const char *path)
{
    FILE *file = fopen(path, "wb");
    bool written =
        file != NULL && fwrite(lessons, sizeof *lessons, (size_t)lesson_count, file) == (size_t)lesson_count;
    if (file == NULL || fclose(file) != 0 || !written)
        fprintf(stderr, "train-voice: %s cannot be written\n", path);
    return written;
}

/* LEARN_BATCH lessons, one part of each, turned so that the batch is innermost. */
static void turn(const int *which, int part, float *in, float *wanted, float *weight)
{
    for (int b = 0; b < LEARN_BATCH; b++) {
        const struct lesson *lesson = &lessons[which[b]];
        for (int t = 0; t < LEARN_STEPS; t++) {
            int f = part * LEARN_STEPS + t;
            for (int i = 0; i < BALINT_NET_IN; i++)
                in[((size_t)t * BALINT_NET_IN + (size_t)i) * LEARN_BATCH + (size_t)b] = lesson->in[f][i];
            for (int o = 0; o < BALINT_NET_OUT; o++) {
                size_t at = ((size_t)t * BALINT_NET_OUT + (size_t)o) * LEARN_BATCH + (size_t)b;
                wanted[at] = lesson->wanted[f][o];
                weight[at] = lesson->weight[f][o];
            }
        }
    }
}

static float in[LEARN_STEPS * BALINT_NET_IN * LEARN_BATCH];
static float wanted[LEARN_STEPS * BALINT_NET_OUT * LEARN_BATCH], weight[sizeof wanted / sizeof *wanted],
    answers[sizeof wanted / sizeof *wanted];

/* Loss, which is returned, and share of wrong frames of the late answer, on what was kept apart. */
static double measure(const struct learn_weights *weights, int round)
{
    double loss = 0, wrong = 0, all = 0;
    int which[LEARN_BATCH], batches = 0;

    for (int first = 0; (first + LEARN_BATCH) * APART <= lesson_count; first += LEARN_BATCH) {
        float hidden[BALINT_NET_HIDDEN * LEARN_BATCH] = {0};
        for (int b = 0; b < LEARN_BATCH; b++)
            which[b] = (first + b) * APART;
        for (int part = 0; part < EPISODE; part++, batches++) {
            turn(which, part, in, wanted, weight);
            loss += learn_batch(weights, in, wanted, weight, hidden, NULL, answers);
            for (size_t at = 0; at < sizeof wanted / sizeof *wanted; at++)
                if (at / LEARN_BATCH % BALINT_NET_OUT == 1 && weight[at] > 0) {
                    wrong += (answers[at] > 0.5f) != (wanted[at] > 0.5f);
                    all++;
                }
        }
    }
    printf("round %d: kept apart: loss %.4f, wrong %.2f %%\n", round, loss / batches, 100 * wrong / all);
    fflush(stdout);
    return loss / batches;
}

/* What is learned by heart is of no use: every number is heard a little differently each time. */
static void blur(uint32_t *seed)
{
    for (size_t i = 0; i < sizeof in / sizeof *in; i++)
        in[i] += BLUR * (float)(dice(seed) - 0.5);
}

/* Into `best`: the average that did best on what was kept apart. */
static void train(struct learn_weights *weights, struct learn_weights *best, int rounds)
{
    static struct learn_weights average;
    double least = 1e9;
    struct learn_weights *gradient = calloc(1, sizeof *gradient);
    int per_round = lesson_count * (APART - 1) / APART / LEARN_BATCH, step = 0, which[LEARN_BATCH];
    uint32_t seed = 4711;

    for (int round = 1; round <= rounds; round++) {
        double loss = 0;
        for (int i = 0; i < per_round; i++) {
            float hidden[BALINT_NET_HIDDEN * LEARN_BATCH] = {0};
            for (int b = 0; b < LEARN_BATCH; b++)
                do
                    which[b] = (int)(dice(&seed) * lesson_count);
                while (which[b] % APART == 0);
            for (int part = 0; part < EPISODE; part++) {
                double done = (double)step / ((double)rounds * per_round * EPISODE);
                turn(which, part, in, wanted, weight);
                blur(&seed);
                loss += learn_batch(weights, in, wanted, weight, hidden, gradient, NULL);
                learn_step(weights, gradient, ++step, 2e-5 + 1.5e-3 * 0.5 * (1 + cos(G_PI * done)));
                learn_average(&average, weights, step);
            }
        }
        printf("round %d: loss %.4f\n", round, loss / (per_round * EPISODE));
        double apart = measure(&average, round);
        if (apart < least) {
            least = apart;
            *best = average;
        }
    }
    free(gradient);
}

/* `rows` of numbers in braces; one row: a plain list. */
static const int16_t *write_matrix(FILE *file, const char *name, const int16_t *w, int rows, int columns)
{
    fprintf(file, "    .%s = {", name);
    for (int r = 0; r < rows; r++) {
        int place = 0;
        fprintf(file, "%s", rows > 1 ? "\n{" : "\n");
        for (int c = 0; c < columns; c++) {
            if (place > 105)
                fprintf(file, "\n"), place = 0;
            place += fprintf(file, "%d%s", *w++, c + 1 < columns ? "," : "");
        }
        fprintf(file, "%s", rows > 1 ? "}," : "");
    }
    fprintf(file, "},\n");
    return w;
}

static bool write_weights(const struct learn_weights *weights, const char *path)
{
    static struct balint_weights rounded;
    FILE *file = fopen(path, "w");
    const int16_t *w = (const int16_t *)&rounded;

    if (file == NULL) {
        fprintf(stderr, "train-voice: %s cannot be written\n", path);
        return false;
    }
    learn_round(weights, &rounded);
    fprintf(
        file,
        "/* weights.c - what was learned: written by tests/bench/voice_train.c, not by hand. See README.md. "
        "*/\n#include \"voice/net.h\"\n\n/* clang-format off */\n"
        "const struct balint_weights balint_weights = {\n");
    w = write_matrix(file, "mix", w, BALINT_NET_IN, BALINT_NET_MIX);
    w = write_matrix(file, "mix_bias", w, 1, BALINT_NET_MIX);
    w = write_matrix(file, "from_mix", w, BALINT_NET_MIX, 3 * BALINT_NET_HIDDEN);
    w = write_matrix(file, "from_hidden", w, BALINT_NET_HIDDEN, 3 * BALINT_NET_HIDDEN);
    w = write_matrix(file, "gate_bias", w, 1, 3 * BALINT_NET_HIDDEN);
    w = write_matrix(file, "out", w, BALINT_NET_HIDDEN, BALINT_NET_OUT);
    write_matrix(file, "out_bias", w, 1, BALINT_NET_OUT);
    fprintf(file, "};\n");
    return fclose(file) == 0;
}

int main(int argc, char **argv)
{
    static struct voice voices[VOICES];
    static struct clip music[PIECES];
    static struct learn_weights weights, best;
    const char *folder = NULL, *music_folder = NULL, *out = "weights.c", *kept = NULL;
    int scenes = 800, rounds = 30;

    gst_init(NULL, NULL);
    for (int i = 1; i < argc; i += 2) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        const char **text = strcmp(argv[i], "--voices") == 0    ? &folder
                            : strcmp(argv[i], "--music") == 0   ? &music_folder
                            : strcmp(argv[i], "--out") == 0     ? &out
                            : strcmp(argv[i], "--lessons") == 0 ? &kept
                                                                : NULL;
        int *number = strcmp(argv[i], "--scenes") == 0   ? &scenes
                      : strcmp(argv[i], "--rounds") == 0 ? &rounds
                                                         : NULL;
        if (value == NULL || (text == NULL && number == NULL) || (number != NULL && atoi(value) < 1)) {
            fprintf(stderr, "usage: train-voice [--scenes N] [--rounds N] [--voices DIR] [--music DIR] "
                            "[--lessons F] [--out F]\n");
            return 2;
        }
        if (text != NULL)
            *text = value;
        else
            *number = atoi(value);
    }
    int voice_count = all_voices(voices, folder);
    int pieces = music_recorded(music, PIECES, true);
    if (music_folder != NULL)
        pieces += files_of(music_folder, music + pieces, PIECES - pieces);
    for (int i = 0; i < pieces; i++)
        music[i].length = MIN(music[i].length, PIECE);
    sounds_use_music(music, pieces);
    printf("%d voices, %d pieces of music, %d scenes of %d s, %d numbers\n", voice_count, pieces, scenes,
           SCENE_FRAMES / 100, LEARN_COUNT);
    fflush(stdout);
    if (voice_count == 0 || pieces == 0 || scenes < 2 * APART * LEARN_BATCH) {
        fprintf(stderr, "train-voice: too few voices, pieces of music or scenes (at least %d)\n",
                2 * APART * LEARN_BATCH);
        return 1;
    }
    struct scene_sources sources = {voices, voice_count, music, pieces};
    if (kept == NULL || !read_lessons(kept, scenes))
        make_lessons(&sources, scenes);
    if (kept != NULL && !write_lessons(kept))
        return 1;
    learn_begin(&weights, 3);
    train(&weights, &best, rounds);
    return write_weights(&best, out) ? 0 : 1;
}
