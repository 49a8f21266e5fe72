/* truth.c - levels of 10 ms, joined and dropped by the meter's rule. Pure. */
#include "demo/truth.h"

#include <math.h>
#include <stdlib.h>

#define BLOCK      (DEMO_RATE / 100)
#define JOIN_MS    300
#define LEAST_MS   60
#define FLOOR_DBFS (-60.0) /* below it nothing is speech, however quiet the file */
#define BELOW_DB   35.0    /* as far under the loud parts of the same voice speech still is */

static double level(const int16_t *samples)
{
    double sum = 0;
    for (int i = 0; i < BLOCK; i++)
        sum += (double)samples[i] * samples[i];
    return 10.0 * log10(sum / BLOCK / (32768.0 * 32768.0) + 1e-12);
}

static int rising(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* What counts as speech in this file: so far under its loudest tenth of sounding blocks, so that a file that
 * was recorded quietly is measured as one that was recorded loudly. */
static double threshold(const double *levels, size_t blocks)
{
    double *sounding = malloc((blocks + 1) * sizeof *sounding);
    size_t count = 0;
    if (sounding == NULL)
        return FLOOR_DBFS;
    for (size_t i = 0; i < blocks; i++)
        if (levels[i] > FLOOR_DBFS)
            sounding[count++] = levels[i];
    qsort(sounding, count, sizeof *sounding, rising);
    double loud = count > 0 ? sounding[count - 1 - count / 10] : 0.0;
    free(sounding);
    return loud - BELOW_DB > FLOOR_DBFS ? loud - BELOW_DB : FLOOR_DBFS;
}

int demo_truth_spans(const int16_t *samples, size_t count, struct demo_span *spans, int most)
{
    size_t blocks = count / BLOCK;
    double *levels = malloc((blocks + 1) * sizeof *levels);
    int found = 0;
    if (levels == NULL)
        return 0;
    for (size_t i = 0; i < blocks; i++)
        levels[i] = level(samples + i * BLOCK);
    double limit = threshold(levels, blocks);
    struct demo_span open = {-1, -1};
    for (size_t i = 0; i <= blocks && found < most; i++) {
        int64_t at = (int64_t)i * 10;
        int speech = i < blocks && levels[i] > limit;
        if (open.start_ms >= 0 && (i == blocks || (speech && at - open.end_ms >= JOIN_MS))) {
            if (open.end_ms - open.start_ms >= LEAST_MS)
                spans[found++] = open;
            open.start_ms = -1;
        }
        if (speech && open.start_ms < 0)
            open.start_ms = at;
        if (speech)
            open.end_ms = at + 10;
    }
    free(levels);
    return found;
}

int64_t demo_truth_within(const struct demo_span *spans, int count, int64_t shift_ms, int64_t from_ms,
                          int64_t until_ms)
{
    int64_t sum = 0;
    for (int i = 0; i < count; i++) {
        int64_t start = spans[i].start_ms + shift_ms, end = spans[i].end_ms + shift_ms;
        start = start > from_ms ? start : from_ms;
        end = end < until_ms ? end : until_ms;
        sum += end > start ? end - start : 0;
    }
    return sum;
}
