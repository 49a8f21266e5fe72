/* voice_table.c - see voice_table.h. */
#include "bench/voice_table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "voice/meter.h"

static const char *const column_names[COLUMNS] = {"clean",       "20 dB",  "10 dB",      "5 dB",
                                                  "quiet 20 dB", "typing", "leakage",    "late echo",
                                                  "two laptops", "room",   "music 10 dB"};

/* One condition that a circle is heard in. */
static const struct condition {
    enum table_column column;
    enum sound sound;
    double snr_db;
    double leak_db; /* 0: nothing leaks; else the far end is given too */
    double gain;
    double room; /* seconds of reverberation */
} conditions[] = {
    {COLUMN_CLEAN, SOUND_NONE, 0, 0, 1, 0},      {COLUMN_20DB, SOUND_WHITE, 20, 0, 1, 0},
    {COLUMN_20DB, SOUND_PINK, 20, 0, 1, 0},      {COLUMN_20DB, SOUND_HUM, 20, 0, 1, 0},
    {COLUMN_20DB, SOUND_FAN, 20, 0, 1, 0},       {COLUMN_10DB, SOUND_WHITE, 10, 0, 1, 0},
    {COLUMN_10DB, SOUND_PINK, 10, 0, 1, 0},      {COLUMN_10DB, SOUND_HUM, 10, 0, 1, 0},
    {COLUMN_10DB, SOUND_FAN, 10, 0, 1, 0},       {COLUMN_5DB, SOUND_WHITE, 5, 0, 1, 0},
    {COLUMN_5DB, SOUND_PINK, 5, 0, 1, 0},        {COLUMN_5DB, SOUND_HUM, 5, 0, 1, 0},
    {COLUMN_5DB, SOUND_FAN, 5, 0, 1, 0},         {COLUMN_QUIET, SOUND_PINK, 20, 0, 0.06, 0},
    {COLUMN_TYPING, SOUND_TYPING, 0, 0, 1, 0},   {COLUMN_LEAKAGE, SOUND_PINK, 30, 25, 1, 0},
    {COLUMN_ROOM, SOUND_PINK, 30, 0, 1, 0.5},    {COLUMN_MUSIC, SOUND_CHORDS, 10, 0, 1, 0},
    {COLUMN_MUSIC, SOUND_MELODY, 10, 0, 1, 0},   {COLUMN_MUSIC, SOUND_DRUMS, 10, 0, 1, 0},
    {COLUMN_MUSIC, SOUND_ARPEGGIO, 10, 0, 1, 0}, {COLUMN_MUSIC, SOUND_RECORDED, 10, 0, 1, 0},
    {COLUMN_ECHO, SOUND_PINK, 40, 20, 1, 0},     {COLUMN_LAPTOPS, SOUND_PINK, 40, 20, 1, 0},
};
enum { CONDITIONS = sizeof conditions / sizeof *conditions };

/* What came out of one detector in one condition. */
struct score {
    long both, false_speech, missed;
    double truth[CIRCLE_PEOPLE], said[CIRCLE_PEOPLE];
};

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

/* What person `p` and the room give to a microphone, and what its loudspeaker plays. */
static void make_sound(const struct circle *circle, const struct condition *condition, int p, uint32_t seed,
                       int16_t *mic, int16_t *far)
{
    size_t length = (size_t)circle->frames * CIRCLE_FRAME;
    float *sound = malloc(length * sizeof *sound), *others = malloc(length * sizeof *others);

    memcpy(sound, circle->people[p].clean, length * sizeof *sound);
    if (condition->room > 0)
        reverb_add(sound, length, condition->room, seed);
    if (condition->column == COLUMN_LAPTOPS) {
        circle_laptops(circle, p, condition->leak_db, 150 + 40 * p, sound, others);
        round_samples(others, far, length, 1);
    } else if (condition->leak_db > 0) {
        int delay_ms = condition->column == COLUMN_ECHO ? 350 + 50 * p : 50 + 12 * p;
        circle_others(circle, p, others);
        round_samples(others, far, length, 1);
        leak_add(sound, others, length, condition->leak_db, delay_ms);
    }
    sound_add(sound, length, condition->sound, condition->snr_db, seed);
    round_samples(sound, mic, length, condition->gain);
    free(sound);
    free(others);
}

static void compare(struct score *score, int p, const bool *truth, const bool *speech, int frames)
{
    for (int f = 0; f < frames; f++) {
        score->both += truth[f] && speech[f];
        score->false_speech += !truth[f] && speech[f];
        score->missed += truth[f] && !speech[f];
        score->truth[p] += truth[f];
        score->said[p] += speech[f];
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

static int most_of(const double *seconds)
{
    int most = 0;
    for (int p = 1; p < CIRCLE_PEOPLE; p++)
        if (seconds[p] > seconds[most])
            most = p;
    return most;
}

static void enter(struct table_cell *cell, const struct score *score)
{
    if (cell->conditions++ == 0)
        cell->f1 = 1;
    cell->f1 = fmin(cell->f1, f1(score));
    cell->share_error = fmax(cell->share_error, share_error(score));
    cell->fills += most_of(score->truth) == most_of(score->said);
}

/* How much of a sound alone, without anybody, is taken for speech. */
static void measure_alone(struct table *table, int frames, int most, uint32_t seed, int16_t *mic,
                          bool *speech)
{
    size_t length = (size_t)frames * CIRCLE_FRAME;
    float *sound = malloc(length * sizeof *sound);

    for (int s = SOUND_WHITE; s < SOUNDS; s++) {
        double count[DETECTORS] = {0};
        for (uint32_t i = 0; i < 4; i++) {
            memset(sound, 0, length * sizeof *sound);
            sound_add(sound, length, (enum sound)s, 5, seed + 77 + i);
            round_samples(sound, mic, length, 1);
            for (int d = 0; d < most; d++) {
                detect((enum detector)d, mic, NULL, frames, speech);
                for (int f = 0; f < frames; f++)
                    count[d] += speech[f];
            }
        }
        for (int d = 0; d < most; d++)
            table->false_speech[d][s] = 100 * count[d] / (4.0 * frames);
    }
    free(sound);
}

/* How many of the onsets in 20 dB of noise are announced within 200 ms. */
static void measure_onsets(struct table *table, const struct circle *circle, uint32_t seed, int16_t *mic,
                           int16_t *far)
{
    static const struct condition condition = {COLUMN_20DB, SOUND_PINK, 20, 0, 1, 0};
    struct balint_meter *meter = malloc(sizeof *meter);
    int onsets = 0, soon = 0;

    for (int p = 0; p < CIRCLE_PEOPLE; p++) {
        const bool *truth = circle->people[p].truth;
        int waiting = -1; /* since the onset, frames */
        make_sound(circle, &condition, p, seed + (uint32_t)p, mic, far);
        balint_meter_init(meter);
        for (int f = 0; f < circle->frames; f++) {
            struct balint_span span;
            float frame[CIRCLE_FRAME];
            for (int i = 0; i < CIRCLE_FRAME; i++)
                frame[i] = (float)mic[f * CIRCLE_FRAME + i] / 32768;
            bool speaking = balint_meter_frame(meter, frame, NULL);
            while (balint_meter_span(meter, &span))
                ;
            if (truth[f] && (f == 0 || !truth[f - 1])) {
                waiting = 0;
                onsets++;
            }
            soon += waiting >= 0 && speaking;
            waiting = waiting < 0 || speaking || waiting >= 20 ? -1 : waiting + 1;
        }
    }
    table->soon = onsets > 0 ? 100.0 * soon / onsets : 100;
    free(meter);
}

void table_measure(struct table *table, const struct circle *circle, int most, uint32_t seed, bool lines)
{
    size_t length = (size_t)circle->frames * CIRCLE_FRAME;
    int16_t *mic = malloc(length * sizeof *mic), *far = malloc(length * sizeof *far);
    bool *speech = malloc((size_t)circle->frames * sizeof *speech);
    double seconds[DETECTORS] = {0};

    memset(table, 0, sizeof *table);
    for (int c = 0; c < CONDITIONS; c++) {
        const struct condition *condition = &conditions[c];
        struct score scores[DETECTORS] = {{0}};
        for (int p = 0; p < CIRCLE_PEOPLE; p++) {
            make_sound(circle, condition, p, seed + (uint32_t)(100 * c + p), mic, far);
            for (int d = 0; d < most; d++) {
                double before = cpu_seconds();
                detect((enum detector)d, mic, condition->leak_db > 0 ? far : NULL, circle->frames, speech);
                seconds[d] += cpu_seconds() - before;
                compare(&scores[d], p, circle->people[p].truth, speech, circle->frames);
            }
        }
        for (int d = 0; d < most; d++)
            enter(&table->cell[d][condition->column], &scores[d]);
        if (lines) {
            double truth = (double)(scores[0].both + scores[0].missed);
            printf("  %-8s %3g dB %-7s F1 %.3f, share error %4.1f, false %5.2f %%, missed %5.2f %%\n",
                   sound_name(condition->sound), condition->snr_db, column_names[condition->column],
                   f1(&scores[0]), share_error(&scores[0]), 100 * (double)scores[0].false_speech / truth,
                   100 * (double)scores[0].missed / truth);
            fflush(stdout);
        }
    }
    measure_alone(table, circle->frames, most, seed, mic, speech);
    measure_onsets(table, circle, seed, mic, far);
    for (int d = 0; d < most; d++)
        table->percent_of_a_core[d] = seconds[d] / (circle->frames * 0.01 * CIRCLE_PEOPLE * CONDITIONS) * 100;
    free(mic);
    free(far);
    free(speech);
}

void table_print(const struct table *table, int most)
{
    printf("\n%-18s", "F1 / share error");
    for (int k = 0; k < COLUMNS; k++)
        printf(" | %-11s", column_names[k]);
    printf("\n");
    for (int d = 0; d < most; d++) {
        printf("%-18s", detector_name((enum detector)d));
        for (int k = 0; k < COLUMNS; k++)
            printf(" | %.2f / %-4.1f", table->cell[d][k].f1, table->cell[d][k].share_error);
        printf("\n");
    }
    printf("\n%-18s", "false speech, %");
    for (int s = SOUND_WHITE; s < SOUNDS; s++)
        printf(" | %-8s", sound_name((enum sound)s));
    printf("\n");
    for (int d = 0; d < most; d++) {
        printf("%-18s", detector_name((enum detector)d));
        for (int s = SOUND_WHITE; s < SOUNDS; s++)
            printf(" | %-8.1f", table->false_speech[d][s]);
        printf("\n");
    }
    printf("\nWho talks most was named in");
    for (int d = 0; d < most; d++) {
        int fills = 0, all = 0;
        for (int k = 0; k < COLUMNS; k++) {
            fills += table->cell[d][k].fills;
            all += table->cell[d][k].conditions;
        }
        printf("%s %d of %d (%s)", d ? "," : "", fills, all, detector_name((enum detector)d));
    }
    printf(".\nOnsets announced within 200 ms, pink noise at 20 dB: %.1f %%.\nProcessor, %% of a core:",
           table->soon);
    for (int d = 0; d < most; d++)
        printf("%s %s %.2f", d ? ";" : "", detector_name((enum detector)d), table->percent_of_a_core[d]);
    printf("\n");
}
