/* resample.c - see resample.h. Band-limited interpolation (Smith and Gossett 1984), window: Hann. */
#include "voice/resample.h"

#include <string.h>

#include "voice/spectrum.h"

#define PI 3.14159265358979323846

static int common_divisor(int a, int b)
{
    while (b != 0) {
        int rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* One row: the weights of the input samples around an output that lies `phase`/`phases` after one of them. */
static void fill_row(struct balint_resample *resample, int phase)
{
    /* Cut at 45 % of the lower rate, in cycles per input sample. */
    double lower = resample->rate < BALINT_METER_RATE ? resample->rate : BALINT_METER_RATE;
    double cut = 0.45 * lower / resample->rate;
    int half = resample->taps / 2;
    double sum = 0, row[BALINT_RESAMPLE_TAPS];

    for (int i = 0; i < resample->taps; i++) {
        double x = (double)(i - half + 1) - (double)phase / resample->phases; /* from the output's place */
        double sinc = x == 0 ? 2 * cut : balint_sin_turns(cut * x) / (PI * x);
        row[i] = sinc * 0.5 * (1 + balint_sin_turns(x / (2 * half + 2) + 0.25));
        sum += row[i];
    }
    for (int i = 0; i < resample->taps; i++)
        resample->table[phase][i] = (float)(row[i] / sum);
}

bool balint_resample_init(struct balint_resample *resample, int rate, int channels)
{
    if (rate < 8000 || rate > 48000 || channels < 1 || channels > 2)
        return false;
    memset(resample, 0, sizeof *resample);
    resample->rate = rate;
    resample->channels = channels;
    resample->phases = BALINT_METER_RATE / common_divisor(BALINT_METER_RATE, rate);
    if (resample->phases > BALINT_RESAMPLE_PHASES)
        resample->phases = BALINT_RESAMPLE_PHASES;
    int half = rate > BALINT_METER_RATE ? (12 * rate + BALINT_METER_RATE - 1) / BALINT_METER_RATE : 12;
    resample->taps = 2 * half;
    for (int i = 0; i < resample->phases; i++)
        fill_row(resample, i);
    /* Before the stream there was nothing. */
    resample->first = -(int64_t)half;
    resample->count = half;
    return true;
}

/* Where the output sample `out` begins to weigh the input, and in which row. */
static int64_t place(const struct balint_resample *resample, int *phase)
{
    int64_t at = resample->out * resample->rate;
    int64_t whole = at / BALINT_METER_RATE, rest = at % BALINT_METER_RATE;
    *phase = (int)(rest * resample->phases / BALINT_METER_RATE);
    return whole - resample->taps / 2 + 1;
}

/* Makes the next output sample if its input is there. */
static bool make_one(struct balint_resample *resample)
{
    int phase;
    int64_t start = place(resample, &phase) - resample->first;
    float sum = 0;

    if (resample->rate == BALINT_METER_RATE) { /* nothing to be done, and nothing to wait for */
        if (start + resample->taps / 2 > resample->count)
            return false;
        sum = resample->kept[start + resample->taps / 2 - 1];
    } else {
        if (start + resample->taps > resample->count)
            return false;
        for (int i = 0; i < resample->taps; i++)
            sum += resample->table[phase][i] * resample->kept[start + i];
    }
    resample->frame[resample->filled++] = sum;
    resample->out++;
    return true;
}

static void forget(struct balint_resample *resample)
{
    int phase;
    int64_t start = place(resample, &phase) - resample->first;

    if (start <= 0)
        return;
    if (start > resample->count)
        start = resample->count;
    memmove(resample->kept, resample->kept + start,
            (size_t)(resample->count - start) * sizeof *resample->kept);
    resample->first += start;
    resample->count -= (int)start;
}

static float sample(const void *samples, size_t at, bool floating)
{
    float value;
    if (!floating)
        return (float)((const int16_t *)samples)[at] / 32768.0f;
    value = ((const float *)samples)[at];
    return value > -8.0f && value < 8.0f ? value : 0.0f; /* also what is not a number */
}

size_t balint_resample_take(struct balint_resample *resample, const void *samples, size_t frames,
                            bool floating, bool *ready)
{
    size_t taken = 0;

    *ready = false;
    if (resample->filled == BALINT_METER_FRAME)
        resample->filled = 0;
    for (;;) {
        while (resample->filled < BALINT_METER_FRAME && make_one(resample))
            ;
        if (resample->filled == BALINT_METER_FRAME) {
            *ready = true;
            return taken;
        }
        forget(resample);
        while (taken < frames && resample->count < BALINT_RESAMPLE_KEEP) {
            size_t at = taken++ * (size_t)resample->channels;
            float value = sample(samples, at, floating);
            if (resample->channels == 2)
                value = 0.5f * (value + sample(samples, at + 1, floating));
            resample->kept[resample->count++] = value;
            resample->in++;
        }
        if (taken == frames && resample->count < BALINT_RESAMPLE_KEEP) {
            while (resample->filled < BALINT_METER_FRAME && make_one(resample))
                ;
            *ready = resample->filled == BALINT_METER_FRAME;
            return taken;
        }
    }
}

bool balint_resample_drain(struct balint_resample *resample)
{
    if (resample->filled == BALINT_METER_FRAME)
        resample->filled = 0;
    while (resample->filled < BALINT_METER_FRAME &&
           resample->out * resample->rate < resample->in * BALINT_METER_RATE) {
        forget(resample);
        while (resample->count < BALINT_RESAMPLE_KEEP)
            resample->kept[resample->count++] = 0;
        make_one(resample);
    }
    if (resample->filled == 0)
        return false;
    for (; resample->filled < BALINT_METER_FRAME; resample->filled++)
        resample->frame[resample->filled] = 0;
    return true;
}
