/* voice_sounds.c - what is in a room besides the voice: noises, keys, thumps, coughs, music, the others. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/voice_circle.h"

#define SPEECH_LEVEL 0.05
#define PI           3.14159265358979323846

const char *sound_name(enum sound sound)
{
    static const char *const names[SOUNDS] = {"clean", "white", "pink", "hum", "fan", "typing", "music"};
    return names[sound];
}

/* Nearly normal, variance 1. */
static double noise(uint32_t *seed)
{
    return (dice(seed) + dice(seed) + dice(seed) + dice(seed) - 2) * 1.7320508;
}

static void white(float *out, size_t length, uint32_t *seed)
{
    for (size_t i = 0; i < length; i++)
        out[i] = (float)noise(seed);
}

/* 1/f, by Kellet's three poles. */
static void pink(float *out, size_t length, uint32_t *seed)
{
    double a = 0, b = 0, c = 0;
    for (size_t i = 0; i < length; i++) {
        double w = noise(seed);
        a = 0.99765 * a + w * 0.0990460;
        b = 0.96300 * b + w * 0.2965164;
        c = 0.57000 * c + w * 1.0526913;
        out[i] = (float)(a + b + c + w * 0.1848);
    }
}

/* Mains: 50 Hz and its multiples, the even ones stronger, breathing a little; and some hiss. */
static void hum(float *out, size_t length, uint32_t *seed)
{
    double phases[16];
    for (int h = 0; h < 16; h++)
        phases[h] = dice(seed) * 2 * PI;
    for (size_t i = 0; i < length; i++) {
        double sum = 0.05 * noise(seed), t = (double)i / CIRCLE_RATE;
        for (int h = 1; h <= 16; h++)
            sum += (h % 2 ? 0.6 : 1) / h * sin(2 * PI * 50 * h * t + phases[h - 1]);
        out[i] = (float)(sum * (1 + 0.1 * sin(2 * PI * 0.3 * t)));
    }
}

/* A computer's fan: low rushing, the whine of its blades, slowly changing speed. */
static void fan(float *out, size_t length, uint32_t *seed)
{
    double low = 0, angle = 0;
    for (size_t i = 0; i < length; i++) {
        double t = (double)i / CIRCLE_RATE;
        low = 0.9 * low + noise(seed);
        angle += 2 * PI * (230 + 12 * sin(2 * PI * 0.07 * t)) / CIRCLE_RATE;
        out[i] = (float)(low + 0.3 * noise(seed) + 0.7 * sin(angle) + 0.3 * sin(2 * angle));
    }
}

/* A ringing, decaying burst of noise: a key, a knock on the table, a cough's onset. */
static void burst(float *out, size_t length, size_t at, double amplitude, double hz, double ring, double ms,
                  uint32_t *seed)
{
    double w = 2 * PI * hz / CIRCLE_RATE, y1 = 0, y2 = 0;
    double decay = exp(-1 / (ms * 1e-3 * CIRCLE_RATE)), envelope = amplitude;
    for (size_t i = at; i < length && envelope > amplitude * 1e-3; i++, envelope *= decay) {
        double y = noise(seed) * envelope + 2 * ring * cos(w) * y1 - ring * ring * y2;
        y2 = y1;
        y1 = y;
        out[i] += (float)(y * (1 - ring));
    }
}

static void typing(float *out, size_t length, uint32_t *seed)
{
    for (size_t at = 0; at < length;) {
        int keys = 3 + (int)(dice(seed) * 25);
        for (int k = 0; k < keys; k++) { /* down, and a little softer up */
            double hz = 1500 + dice(seed) * 3500, loud = 2 + dice(seed) * 6;
            burst(out, length, at, loud, hz, 0.9, 3 + dice(seed) * 5, seed);
            burst(out, length, at + (size_t)((0.05 + dice(seed) * 0.05) * CIRCLE_RATE), loud / 2, hz * 1.2,
                  0.9, 3, seed);
            at += (size_t)((0.09 + dice(seed) * 0.2) * CIRCLE_RATE);
        }
        at += (size_t)(dice(seed) * 1.5 * CIRCLE_RATE);
        double what = dice(seed);
        if (what < 0.35) /* a thump */
            burst(out, length, at, 30, 50 + dice(seed) * 60, 0.99, 40, seed);
        else if (what < 0.55) /* a cough: two bursts */
            for (int i = 0; i < 2; i++)
                burst(out, length, at + (size_t)(i * 0.25 * CIRCLE_RATE), 12, 600 + dice(seed) * 600, 0.8, 60,
                      seed);
        at += (size_t)((0.4 + dice(seed) * 2) * CIRCLE_RATE);
    }
}

/* Chords that change, plucked, with a melody over them. */
static void music(float *out, size_t length, uint32_t *seed)
{
    static const int scale[7] = {0, 2, 4, 5, 7, 9, 11};
    for (size_t at = 0; at < length;) {
        size_t beat = (size_t)((0.22 + 0.25 * dice(seed)) * CIRCLE_RATE);
        int root = (int)(dice(seed) * 7);
        for (int voice = 0; voice < 4; voice++) {
            int note = voice < 3 ? root + 2 * voice : (int)(dice(seed) * 7) + 7;
            double hz = 130.8 * pow(2, (scale[note % 7] + 12 * (note / 7)) / 12.0);
            for (size_t i = 0; i < beat * 2 && at + i < length; i++) {
                double t = (double)i / CIRCLE_RATE, sum = 0;
                for (int h = 1; h <= 6; h++)
                    sum += sin(2 * PI * hz * h * t) / (h * h) * exp(-t * h);
                out[at + i] += (float)(sum * fmin(1, t * 200) * exp(-1.5 * t));
            }
        }
        at += beat;
    }
}

void sound_add(float *mic, size_t length, enum sound sound, double snr_db, uint32_t seed)
{
    static void (*const makers[SOUNDS])(float *, size_t, uint32_t *) = {NULL, white,  pink, hum,
                                                                        fan,  typing, music};
    if (makers[sound] == NULL)
        return;
    seed = seed * 2654435761u + 12345;
    float *out = calloc(length, sizeof *out);
    makers[sound](out, length, &seed);
    double energy = 0,
           gain = 0.02 * pow(10, -snr_db / 20); /* keys by their peaks, the others by their mean */
    for (size_t i = 0; i < length; i++)
        energy += (double)out[i] * out[i];
    if (sound != SOUND_TYPING && energy > 0)
        gain = SPEECH_LEVEL * pow(10, -snr_db / 20) / sqrt(energy / (double)length);
    for (size_t i = 0; i < length; i++)
        mic[i] += (float)(out[i] * gain);
    free(out);
}

void leak_add(float *mic, const float *far, size_t length, double db, int delay_ms)
{
    static const struct {
        int ms;
        double gain;
    } paths[] = {{0, 1}, {13, -0.5}, {31, 0.3}};
    double gain = pow(10, -db / 20);
    for (size_t p = 0; p < sizeof paths / sizeof *paths; p++) {
        size_t delay = (size_t)(delay_ms + paths[p].ms) * CIRCLE_RATE / 1000;
        for (size_t i = delay; i < length; i++)
            mic[i] += (float)(far[i - delay] * gain * paths[p].gain);
    }
}
