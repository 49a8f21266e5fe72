/* voice_sounds.c - what is in a room besides the voice: noises, keys, thumps, coughs, music, the others. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/voice_circle.h"
#include "bench/voice_music.h"

#define SPEECH_LEVEL 0.05
#define PI           3.14159265358979323846

const char *sound_name(enum sound sound)
{
    static const char *const names[SOUNDS] = {"clean",  "white",  "pink",  "hum",      "fan",  "typing",
                                              "chords", "melody", "drums", "arpeggio", "sung", "recorded"};
    return names[sound];
}

/* Nearly normal, variance 1. */
double dice_noise(uint32_t *seed)
{
    return (dice(seed) + dice(seed) + dice(seed) + dice(seed) - 2) * 1.7320508;
}

static void white(float *out, size_t length, uint32_t *seed)
{
    for (size_t i = 0; i < length; i++)
        out[i] = (float)dice_noise(seed);
}

/* 1/f, by Kellet's three poles. */
static void pink(float *out, size_t length, uint32_t *seed)
{
    double a = 0, b = 0, c = 0;
    for (size_t i = 0; i < length; i++) {
        double w = dice_noise(seed);
        a = 0.99765 * a + w * 0.0990460;
        b = 0.96300 * b + w * 0.2965164;
        c = 0.57000 * c + w * 1.0526913;
        out[i] = (float)(a + b + c + w * 0.1848);
    }
}

/* Mains: 50 Hz and its multiples, the even ones stronger, breathing a little; and some hiss. */
static void hum(float *out, size_t length, uint32_t *seed)
{
    double phases[16], mains = dice(seed) < 0.7 ? 50 : 60, hiss = 0.1 * dice(seed);
    for (int h = 0; h < 16; h++)
        phases[h] = dice(seed) * 2 * PI;
    for (size_t i = 0; i < length; i++) {
        double sum = hiss * dice_noise(seed), t = (double)i / CIRCLE_RATE;
        for (int h = 1; h <= 16; h++)
            sum += (h % 2 ? 0.6 : 1) / h * sin(2 * PI * mains * h * t + phases[h - 1]);
        out[i] = (float)(sum * (1 + 0.1 * sin(2 * PI * 0.3 * t)));
    }
}

/* A computer's fan: low rushing, the whine of its blades, slowly changing speed. */
static void fan(float *out, size_t length, uint32_t *seed)
{
    double low = 0, angle = 0, hz = 120 + 300 * dice(seed), wander = hz * 0.08 * dice(seed);
    double often = 0.03 + 0.3 * dice(seed), pole = 0.8 + 0.17 * dice(seed), whine = 0.3 + 0.7 * dice(seed);
    double rush = pole / 0.9; /* about as loud whatever its colour */
    for (size_t i = 0; i < length; i++) {
        double t = (double)i / CIRCLE_RATE;
        low = pole * low + dice_noise(seed) * rush;
        angle += 2 * PI * (hz + wander * sin(2 * PI * often * t)) / CIRCLE_RATE;
        out[i] = (float)(low + 0.3 * dice_noise(seed) +
                         whine * (sin(angle) + 0.4 * sin(2 * angle) + 0.15 * sin(3 * angle)));
    }
}

/* A ringing, decaying burst of noise: a key, a knock on the table, a cough's onset. */
static void burst(float *out, size_t length, size_t at, double amplitude, double hz, double ring, double ms,
                  uint32_t *seed)
{
    double w = 2 * PI * hz / CIRCLE_RATE, y1 = 0, y2 = 0;
    double decay = exp(-1 / (ms * 1e-3 * CIRCLE_RATE)), envelope = amplitude;
    for (size_t i = at; i < length && envelope > amplitude * 1e-3; i++, envelope *= decay) {
        double y = dice_noise(seed) * envelope + 2 * ring * cos(w) * y1 - ring * ring * y2;
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

/* ---- recorded music */

static const struct clip *recorded;
static int recorded_count;

void sounds_use_music(const struct clip *clips, int count)
{
    recorded = clips;
    recorded_count = count;
}

static void play_recorded(float *out, size_t length, uint32_t *seed)
{
    if (recorded_count == 0)
        return;
    const struct clip *clip = &recorded[(int)(dice(seed) * recorded_count)];
    size_t at = (size_t)(dice(seed) * (double)clip->length);
    for (size_t i = 0; i < length; i++)
        out[i] = clip->samples[(at + i) % clip->length];
}

void sound_add(float *mic, size_t length, enum sound sound, double snr_db, uint32_t seed)
{
    static void (*const makers[SOUNDS])(float *, size_t, uint32_t *) = {
        NULL,         white,       pink,           hum,       fan, typing, music_chords,
        music_melody, music_drums, music_arpeggio, music_sung};
    if (sound == SOUND_NONE)
        return;
    seed = seed * 2654435761u + 12345;
    float *out = calloc(length, sizeof *out);
    if (sound == SOUND_RECORDED)
        play_recorded(out, length, &seed);
    else
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

/* A room's reverberation: an echo every millisecond or so, of random sign, dying away by 60 dB in `seconds`;
 * then as loud as before. */
void reverb_add(float *mic, size_t length, double seconds, uint32_t seed)
{
    enum { MOST = 512 };
    size_t delays[MOST], count = 0;
    float gains[MOST];
    double before = 0, after = 0;
    float *dry = malloc(length * sizeof *dry);

    seed = seed * 2654435761u + 99;
    memcpy(dry, mic, length * sizeof *dry);
    for (double t = 0.004; t < seconds * 0.7 && count < MOST; t += 0.0005 + 0.0016 * dice(&seed)) {
        delays[count] = (size_t)(t * CIRCLE_RATE);
        gains[count++] = (float)(0.16 * pow(10, -3 * t / seconds) * (dice(&seed) < 0.5 ? -1 : 1));
    }
    for (size_t p = 0; p < count; p++)
        for (size_t i = delays[p]; i < length; i++)
            mic[i] += dry[i - delays[p]] * gains[p];
    for (size_t i = 0; i < length; i++) {
        before += (double)dry[i] * dry[i];
        after += (double)mic[i] * mic[i];
    }
    float gain = after > 0 ? (float)sqrt(before / after) : 1;
    for (size_t i = 0; i < length; i++)
        mic[i] *= gain;
    free(dry);
}
