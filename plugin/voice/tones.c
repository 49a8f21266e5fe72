/* tones.c - see tones.h. */
#include "voice/tones.h"

#include <string.h>

#include "voice/meter.h"

#define FIRST   32 /* the bin where the values begin: 250 Hz */
#define AROUND  16 /* bins to either side are a bin's surroundings */
#define EVERY   4  /* frames */
#define ZERO    1e-9f
#define DEEPEST -2.0f /* log2: how little, and how much, a bin may differ from its surroundings */
#define HIGHEST 6.0f

enum { HALF_FRAME = BALINT_METER_FRAME / 2, REGIONS = 3 };
static const int edges[REGIONS + 1] = {0, 64, 176, BALINT_TONES_BINS};

void balint_tones_init(struct balint_tones *tones)
{
    memset(tones, 0, sizeof *tones);
    for (int i = 0; i < BALINT_FFT; i++) /* Hann */
        tones->window[i] = (float)(0.5 - 0.5 * balint_sin_turns((i + 0.5) / BALINT_FFT + 0.25));
}

void balint_tones_break(struct balint_tones *tones)
{
    memset(tones->before, 0, sizeof tones->before);
    memset(tones->half, 0, sizeof tones->half);
    memset(tones->relief, 0, sizeof tones->relief);
    memset(tones->energy, 0, sizeof tones->energy);
    memset(tones->value, 0, sizeof tones->value);
}

/* Every other sample, after a half-band filter of seven taps. */
static void halve(struct balint_tones *tones, const float *samples)
{
    enum { KEPT = BALINT_TONES_FIR - 1 };
    float x[KEPT + BALINT_METER_FRAME];
    float *out = tones->half + BALINT_FFT - HALF_FRAME;

    memcpy(x, tones->before, sizeof tones->before);
    memcpy(x + KEPT, samples, BALINT_METER_FRAME * sizeof *samples);
    memcpy(tones->before, x + BALINT_METER_FRAME, sizeof tones->before);
    memmove(tones->half, tones->half + HALF_FRAME, (BALINT_FFT - HALF_FRAME) * sizeof *tones->half);
    for (int i = 0; i < HALF_FRAME; i++) {
        const float *at = x + 2 * i;
        out[i] = 0.5f * at[3] + 0.28125f * (at[2] + at[4]) - 0.03125f * (at[0] + at[6]);
    }
}

/* The spectrum as its difference from its surroundings, in log2. */
static void take_relief(struct balint_tones *tones, const struct balint_spectrum *spectrum, float *relief)
{
    float x[BALINT_FFT], power[BALINT_FFT / 2 + 1];
    float level[BALINT_TONES_BINS + 2 * AROUND], sum = 0;

    for (int i = 0; i < BALINT_FFT; i++)
        x[i] = tones->half[i] * tones->window[i];
    balint_spectrum_power(spectrum, x, power);
    for (int i = 0; i < BALINT_TONES_BINS + 2 * AROUND; i++)
        level[i] = balint_log2(power[FIRST - AROUND + i] + ZERO);
    for (int i = 0; i < 2 * AROUND; i++)
        sum += level[i];
    for (int k = 0; k < BALINT_TONES_BINS; k++) {
        sum += level[k + 2 * AROUND];
        float over = level[k + AROUND] - sum / (2 * AROUND + 1);
        relief[k] = over < DEEPEST ? DEEPEST : over > HIGHEST ? HIGHEST : over;
        sum -= level[k];
    }
}

static void compare(struct balint_tones *tones)
{
    const float *now = tones->relief[tones->at];

    for (int r = 0; r < REGIONS; r++) {
        float energy = 0;
        for (int k = edges[r]; k < edges[r + 1]; k++)
            energy += now[k] * now[k];
        tones->energy[tones->at][r] = energy;
        tones->value[r] = energy / (8.0f * (float)(edges[r + 1] - edges[r]));
        if (tones->value[r] > 2)
            tones->value[r] = 2;
        for (int i = 1; i <= 2; i++) {
            int then = (tones->at + BALINT_TONES_HISTORY - 3 * i) % BALINT_TONES_HISTORY;
            float product = 0;
            for (int k = edges[r]; k < edges[r + 1]; k++)
                product += now[k] * tones->relief[then][k];
            tones->value[REGIONS * i + r] =
                product / (__builtin_sqrtf(energy * tones->energy[then][r]) + 1.0f);
        }
    }
}

void balint_tones_frame(struct balint_tones *tones, const struct balint_spectrum *spectrum,
                        const float *samples, float value[BALINT_TONES])
{
    halve(tones, samples);
    if (++tones->frames % EVERY == 0) {
        tones->at = (tones->at + 1) % BALINT_TONES_HISTORY;
        take_relief(tones, spectrum, tones->relief[tones->at]);
        compare(tones);
    }
    memcpy(value, tones->value, sizeof tones->value);
}
