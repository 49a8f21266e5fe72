/* voice_music.c - see voice_music.h. */
#include "bench/voice_music.h"

#include <math.h>

#include "bench/voice_circle.h"

#define PI 3.14159265358979323846

static const int major[7] = {0, 2, 4, 5, 7, 9, 11}, minor[7] = {0, 2, 3, 5, 7, 8, 10};

/* The pitch of a step of a scale that begins at `root` Hz. */
static double pitch(const int *scale, double root, int step)
{
    return root * pow(2, (scale[step % 7] + 12 * (step / 7)) / 12.0);
}

static const int *key_of(uint32_t *seed, double *root)
{
    *root = 110 * pow(2, (int)(dice(seed) * 12) / 12.0);
    return dice(seed) < 0.5 ? major : minor;
}

struct note {
    double hz, amplitude;
    double attack, decay; /* seconds; decay 0: held */
    double bright;        /* how slowly the partials fall: 0 dull … 2 */
    double vibrato, rate; /* depth as a share of the pitch; Hz */
    double seconds;
};

static void play(float *out, size_t length, size_t at, const struct note *note, uint32_t *seed)
{
    size_t until = at + (size_t)(note->seconds * CIRCLE_RATE), release = CIRCLE_RATE / 20;
    double angle = dice(seed) * 2 * PI, beat = dice(seed) * 2 * PI, partial[12];
    int partials = 0;

    for (int h = 1; h <= 12 && note->hz * h < 7000; h++)
        partial[partials++] = pow(h, -(3 - note->bright)) * (0.5 + dice(seed));
    for (size_t i = at; i < until + release && i < length; i++) {
        double t = (double)(i - at) / CIRCLE_RATE, sum = 0;
        double swell = fmin(1, t / 0.4); /* a vibrato comes after the note has begun */
        angle += 2 * PI * note->hz * (1 + note->vibrato * swell * sin(2 * PI * note->rate * t + beat)) /
                 CIRCLE_RATE;
        for (int h = 0; h < partials; h++)
            sum += partial[h] * sin(angle * (h + 1));
        double envelope = fmin(1, t / note->attack) * (note->decay > 0 ? exp(-t / note->decay) : 1);
        if (i >= until)
            envelope *= 1 - (double)(i - until) / (double)release;
        out[i] += (float)(sum * envelope * note->amplitude);
    }
}

void music_chords(float *out, size_t length, uint32_t *seed)
{
    double root, bright = 0.6 + dice(seed), decay = 0.3 + dice(seed);
    const int *scale = key_of(seed, &root);

    for (size_t at = 0; at < length;) {
        double beat = 0.22 + 0.35 * dice(seed);
        int step = (int)(dice(seed) * 7);
        for (int voice = 0; voice < 4; voice++) {
            struct note note = {
                .hz = pitch(scale, root, voice < 3 ? step + 2 * voice : (int)(dice(seed) * 7) + 7),
                .amplitude = 1,
                .attack = 0.005,
                .decay = decay,
                .bright = bright,
                .seconds = 2 * beat};
            play(out, length, at, &note, seed);
        }
        at += (size_t)(beat * CIRCLE_RATE);
    }
}

void music_melody(float *out, size_t length, uint32_t *seed)
{
    double root, bright = 0.8 + 1.2 * dice(seed), depth = 0.012 * dice(seed), rate = 4.5 + 2 * dice(seed);
    const int *scale = key_of(seed, &root);
    int step = 9;

    for (size_t at = 0; at < length;) {
        double beat = 0.2 * (1 + (int)(dice(seed) * 4));
        step += (int)(dice(seed) * 5) - 2;
        step = step < 4 ? 4 : step > 17 ? 17 : step;
        struct note note = {.hz = pitch(scale, root, step),
                            .amplitude = 0.6 + 0.4 * dice(seed),
                            .attack = 0.02 + 0.06 * dice(seed),
                            .bright = bright,
                            .vibrato = depth,
                            .rate = rate,
                            .seconds = beat * 0.95};
        if (dice(seed) < 0.9)
            play(out, length, at, &note, seed);
        at += (size_t)(beat * CIRCLE_RATE);
    }
}

/* A burst of noise through one resonance; `bend` lets its pitch fall, as a bass drum's does. */
static void hit(float *out, size_t length, size_t at, double hz, double tone, double ms, double amplitude,
                uint32_t *seed)
{
    double angle = 0, before = 0;
    for (size_t i = at; i < length; i++) {
        double t = (double)(i - at) / CIRCLE_RATE, envelope = exp(-t * 1000 / ms);
        if (envelope < 1e-3)
            return;
        double n = dice_noise(seed), high = n - before;
        before = n;
        angle += 2 * PI * hz * (1 + 2 * exp(-t * 60)) / CIRCLE_RATE;
        out[i] += (float)(amplitude * envelope * (tone * sin(angle) + (1 - tone) * 0.5 * high));
    }
}

void music_drums(float *out, size_t length, uint32_t *seed)
{
    double root, step = 0.1 + 0.08 * dice(seed), bass_level = 0.5 * dice(seed);
    const int *scale = key_of(seed, &root);
    int pattern[16];

    for (int i = 0; i < 16; i++)
        pattern[i] = (int)(dice(seed) * 8);
    for (size_t at = 0, beat = 0; at < length; beat++, at += (size_t)(step * CIRCLE_RATE)) {
        int what = pattern[beat % 16];
        if (beat % 8 == 0 || what == 1)
            hit(out, length, at, 55, 1, 90, 1.6, seed);
        if (beat % 8 == 4 || what == 2)
            hit(out, length, at, 190, 0.4, 70, 1.2, seed);
        if (what > 2)
            hit(out, length, at, 6000, 0, what == 7 ? 90 : 20, 0.5, seed);
        if (beat % 4 == 0 || what == 5) {
            struct note note = {.hz = pitch(scale, root, pattern[(beat / 4) % 16]) / 2,
                                .amplitude = bass_level,
                                .attack = 0.01,
                                .decay = 0.5,
                                .bright = 1,
                                .seconds = step * 3};
            play(out, length, at, &note, seed);
        }
    }
}

void music_arpeggio(float *out, size_t length, uint32_t *seed)
{
    double root, step = 0.09 + 0.12 * dice(seed), bright = 0.7 + dice(seed), pad = 0.6 * dice(seed);
    const int *scale = key_of(seed, &root);
    int chord = 0;

    for (size_t at = 0, beat = 0; at < length; beat++, at += (size_t)(step * CIRCLE_RATE)) {
        if (beat % 12 == 0) {
            chord = (int)(dice(seed) * 7);
            for (int voice = 0; voice < 3; voice++) {
                struct note held = {.hz = pitch(scale, root, chord + 2 * voice),
                                    .amplitude = pad,
                                    .attack = 0.1,
                                    .bright = 0.8,
                                    .seconds = 12 * step};
                play(out, length, at, &held, seed);
            }
        }
        struct note note = {.hz = pitch(scale, root, chord + 2 * (int)(beat % 4) + 7),
                            .amplitude = 1,
                            .attack = 0.004,
                            .decay = 0.25,
                            .bright = bright,
                            .seconds = 2 * step};
        play(out, length, at, &note, seed);
    }
}

/* A pulse train on notes, through two resonances that move from vowel to vowel. */
void music_sung(float *out, size_t length, uint32_t *seed)
{
    static const double vowels[5][2] = {{730, 1090}, {530, 1840}, {270, 2290}, {570, 840}, {300, 870}};
    double root, phase = 0, hz = 220, first = 500, second = 1500, state[4] = {0};
    const int *scale = key_of(seed, &root);

    for (size_t at = 0; at < length;) {
        size_t beat = (size_t)((0.3 + 0.25 * (int)(dice(seed) * 4)) * CIRCLE_RATE);
        double note = pitch(scale, root, 5 + (int)(dice(seed) * 8));
        const double *vowel = vowels[(int)(dice(seed) * 5)];
        for (size_t i = 0; i < beat && at + i < length; i++) {
            double t = (double)i / CIRCLE_RATE;
            hz += (note - hz) * 0.002;
            first += (vowel[0] - first) * 0.001;
            second += (vowel[1] - second) * 0.001;
            phase += hz * (1 + 0.01 * sin(2 * PI * 5.5 * t)) / CIRCLE_RATE;
            double x = phase >= 1 ? 1 : 0;
            phase -= floor(phase);
            for (int f = 0; f < 2; f++) {
                double r = 0.985, w = 2 * PI * (f ? second : first) / CIRCLE_RATE;
                double y = x * (f ? 0.5 : 1) + 2 * r * cos(w) * state[2 * f] - r * r * state[2 * f + 1];
                state[2 * f + 1] = state[2 * f];
                state[2 * f] = y;
            }
            out[at + i] += (float)((state[0] + state[2]) * fmin(1, t * 20));
        }
        at += beat;
    }
}
