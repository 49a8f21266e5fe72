/* listen.c - see listen.h. */
#include "voice/listen.h"

#include <string.h>

#include "voice/meter.h"

/* Borders of the bands in bins of 15.6 Hz: 125 Hz to 6.6 kHz, growing as the ear's do. */
static const int edges[BALINT_BANDS + 1] = {8,   13,  19,  26,  32,  40,  48,  58,  70, 84,
                                            100, 118, 140, 166, 196, 232, 276, 330, 420};

#define SLOT 20 /* frames of one of the minima */
/* A minimum of smoothed noise lies so far below its mean. Measured: white noise, this smoothing and length.
 */
#define BIAS        2.2f
#define SMOOTH      0.75f
#define FLOOR_LEAST 2e-11f  /* a bin; the whole is -81 dBov, above the rounding of 16 bits */
#define ZERO        2.5e-5f /* a peak below one step of 16 bits: nothing */
#define SCALE       (1.0f / (240.0f * 512.0f)) /* 240 = Σ window²: the bins then sum up to the mean square */
#define QUIETEST    -30.0f
#define FADE        0.005f /* log2 a frame: 1.5 dB a second */
#define COVERED     (BALINT_LISTEN_WINDOW / BALINT_METER_FRAME)

enum {
    VOICE_FIRST = 6, /* bins that tell the voice: 94 Hz to 3.75 kHz */
    VOICE_END = 240,
    TILT_AT = 19, /* 300 Hz */
    TILT_END = 220,
    LAG_FIRST = 20, /* at 8 kHz: 400 Hz … */
    LAG_END = 115,  /* … to 70 Hz */
};

void balint_listen_init(struct balint_listen *listen)
{
    memset(listen, 0, sizeof *listen);
    balint_spectrum_init(&listen->spectrum);
    balint_echo_init(&listen->echo);
    balint_match_init(&listen->match);
    balint_tones_init(&listen->tones);
    listen->lag = LAG_FIRST;
    listen->loudest = QUIETEST;
    for (int i = 0; i < BALINT_LISTEN_WINDOW; i++) /* Hann */
        listen->window[i] = (float)(0.5 - 0.5 * balint_sin_turns((i + 0.5) / BALINT_LISTEN_WINDOW + 0.25));
    double all = 0;
    for (int lag = 0; lag < BALINT_FFT / 8; lag++) {
        double sum = 0;
        for (int i = 0; i + 2 * lag < BALINT_LISTEN_WINDOW; i++)
            sum += (double)listen->window[i] * listen->window[i + 2 * lag];
        if (lag == 0)
            all = sum;
        /* Amplitudes instead of powers lose less of it than the window's own correlation does. */
        listen->taper[lag] = (float)(1 - 0.7 * (1 - sum / all));
    }
    for (int k = 0; k < BALINT_LISTEN_BINS; k++) {
        listen->least[k] = 1e30f;
        for (int m = 0; m < BALINT_LISTEN_MINIMA; m++)
            listen->minima[m][k] = 1e30f;
    }
}

void balint_listen_break(struct balint_listen *listen)
{
    memset(listen->near, 0, sizeof listen->near);
    memset(listen->far, 0, sizeof listen->far);
    listen->before_in = listen->before_out = 0;
    listen->sounding = 0;
    balint_match_break(&listen->match);
    balint_tones_break(&listen->tones);
}

static void follow_floor(struct balint_listen *listen, const float *power)
{
    for (int k = 0; k < BALINT_LISTEN_BINS; k++) {
        float smooth = listen->heard ? SMOOTH * listen->smooth[k] + (1 - SMOOTH) * power[k] : power[k];
        listen->smooth[k] = smooth;
        if (smooth < listen->least[k])
            listen->least[k] = smooth;
        float least = listen->least[k];
        for (int m = 0; m < BALINT_LISTEN_MINIMA; m++)
            if (listen->minima[m][k] < least)
                least = listen->minima[m][k];
        listen->floor[k] = least * BIAS > FLOOR_LEAST ? least * BIAS : FLOOR_LEAST;
    }
    listen->heard = true;
    if (++listen->slot_frames < SLOT)
        return;
    listen->slot_frames = 0;
    memcpy(listen->minima[listen->slot], listen->least, sizeof listen->least);
    listen->slot = (listen->slot + 1) % BALINT_LISTEN_MINIMA;
    for (int k = 0; k < BALINT_LISTEN_BINS; k++)
        listen->least[k] = 1e30f;
}

/* Moves a frame into the 40 ms kept, and takes their power spectrum. */
static void spectrum_of(struct balint_listen *listen, float *samples, const float *frame, float *power)
{
    float x[BALINT_FFT];
    const int kept = BALINT_LISTEN_WINDOW - BALINT_METER_FRAME;

    memmove(samples, samples + BALINT_METER_FRAME, (size_t)kept * sizeof *samples);
    memcpy(samples + kept, frame, BALINT_METER_FRAME * sizeof *samples);
    for (int i = 0; i < BALINT_LISTEN_WINDOW; i++)
        x[i] = samples[i] * listen->window[i];
    memset(x + BALINT_LISTEN_WINDOW, 0, sizeof x - BALINT_LISTEN_WINDOW * sizeof *x);
    balint_spectrum_power(&listen->spectrum, x, power);
    for (int k = 0; k < BALINT_LISTEN_BINS; k++)
        power[k] *= SCALE;
}

/* Takes off what lies below 80 Hz or so. Returns the peak of what came. */
static float high_pass(struct balint_listen *listen, const float *in, float *out)
{
    float peak = 0;
    for (int i = 0; i < BALINT_METER_FRAME; i++) {
        float magnitude = in[i] < 0 ? -in[i] : in[i];
        peak = magnitude > peak ? magnitude : peak;
        listen->before_out = in[i] - listen->before_in + 0.97f * listen->before_out;
        listen->before_in = in[i];
        out[i] = listen->before_out;
    }
    return peak;
}

static void band_sums(const float *bins, float *bands)
{
    for (int b = 0; b < BALINT_BANDS; b++) {
        bands[b] = 0;
        for (int k = edges[b]; k < edges[b + 1]; k++)
            bands[b] += bins[k];
    }
}

/* Adds to the noise what the loudspeaker may have put into the microphone. Returns how far that lies over the
 * room's own noise, log2. */
static float add_echo(struct balint_listen *listen, const float *far, const float *power, float *noise)
{
    float far_power[BALINT_LISTEN_BINS], near_bands[BALINT_BANDS], far_bands[BALINT_BANDS],
        floor_bands[BALINT_BANDS], most[BALINT_BANDS];

    spectrum_of(listen, listen->far, far, far_power);
    band_sums(far_power, far_bands);
    band_sums(power, near_bands);
    band_sums(listen->floor, floor_bands);
    balint_echo_frame(&listen->echo, far_bands, near_bands, floor_bands,
                      listen->heard && listen->sounding >= COVERED, most);
    balint_match_frame(&listen->match, far_bands, near_bands, floor_bands);
    float echo_sum = 0, floor_sum = 0;
    for (int b = 0; b < BALINT_BANDS; b++) {
        echo_sum += most[b];
        floor_sum += floor_bands[b];
        for (int k = edges[b]; k < edges[b + 1]; k++)
            noise[k] += most[b] / (float)(edges[b + 1] - edges[b]);
    }
    return balint_log2(1 + echo_sum / floor_sum);
}

static float within(float x, float least, float most)
{
    return x < least ? least : x > most ? most : x;
}

/* How far each band stands out, and the shape of what does. */
static void take_bands(const float *power, const float *noise, float *trait)
{
    float near_bands[BALINT_BANDS], noise_bands[BALINT_BANDS], shape[BALINT_BANDS], mean = 0, loud = 0;

    band_sums(power, near_bands);
    band_sums(noise, noise_bands);
    for (int b = 0; b < BALINT_BANDS; b++) {
        float over = balint_log2(near_bands[b] / noise_bands[b]);
        float more = near_bands[b] - noise_bands[b], least = 0.1f * noise_bands[b];
        loud += within(over, 0, 6);
        trait[BALINT_TRAIT_OVER + b] = 0.25f * within(over, -2, 8);
        shape[b] = balint_log2(more > least ? more : least);
        mean += shape[b] / BALINT_BANDS;
    }
    trait[BALINT_TRAIT_LOUD] = loud / (3 * BALINT_BANDS);
    for (int b = 0; b < BALINT_BANDS; b++)
        trait[BALINT_TRAIT_SHAPE + b] = 0.25f * within(shape[b] - mean, -8, 8);
}

static void take_levels(struct balint_listen *listen, const float *power, const float *noise, float *trait)
{
    float low = 1e-12f, high = 1e-12f;

    for (int k = VOICE_FIRST; k < TILT_AT; k++)
        low += power[k] > noise[k] ? power[k] - noise[k] : 0;
    for (int k = TILT_AT; k < TILT_END; k++)
        high += power[k] > 2 * noise[k] ? power[k] - 2 * noise[k] : 0;
    trait[BALINT_TRAIT_TILT] = 0.25f * within(balint_log2(high / low), -8, 8);
    float level = balint_log2(high + low);
    listen->loudest = within(listen->loudest - FADE, level > QUIETEST ? level : QUIETEST, 4);
    trait[BALINT_TRAIT_LEVEL] = 0.25f * within(level - listen->loudest, -8, 0);
}

static void take_voice(struct balint_listen *listen, const float *power, const float *noise, float *trait)
{
    float amplitude[BALINT_FFT / 4 + 1] = {0}, r[BALINT_FFT / 4];
    float noise_sum = 0, best = 0;
    int best_lag = LAG_FIRST;

    for (int k = VOICE_FIRST; k < VOICE_END; k++) {
        float more = power[k] - 2 * noise[k];
        noise_sum += 2 * __builtin_sqrtf(noise[k]);
        amplitude[k] = more > 0 ? __builtin_sqrtf(more) : 0;
    }
    balint_spectrum_correlate(&listen->spectrum, amplitude, r);
    for (int lag = LAG_FIRST; lag < LAG_END; lag++)
        if (r[lag] > best * listen->taper[lag]) {
            best = r[lag] / listen->taper[lag];
            best_lag = lag;
        }
    /* A few bins of noise that happen to stand out are always periodic: the noise's own sum weighs against
     * them. */
    trait[BALINT_TRAIT_VOICE] = 2 * best / (r[0] + 0.5f * noise_sum + 1e-9f);
    trait[BALINT_TRAIT_PITCH] = balint_log2((float)best_lag / 48);
    float glide = balint_log2((float)best_lag / (float)listen->lag);
    trait[BALINT_TRAIT_GLIDE] = 2 * within(glide < 0 ? -glide : glide, 0, 0.5f);
    listen->lag = best_lag;
}

void balint_listen_nothing(struct balint_heard *heard)
{
    memset(heard, 0, sizeof *heard);
    heard->silent = true;
    heard->trait[BALINT_TRAIT_SILENT] = 1;
}

void balint_listen_frame(struct balint_listen *listen, const float *near, const float *far,
                         struct balint_heard *heard)
{
    static const float nothing[BALINT_METER_FRAME];
    float frame[BALINT_METER_FRAME], power[BALINT_LISTEN_BINS], noise[BALINT_LISTEN_BINS];
    float tones[BALINT_TONES];
    bool zero = high_pass(listen, near, frame) < ZERO;

    listen->sounding = zero ? 0 : listen->sounding < COVERED ? listen->sounding + 1 : COVERED;
    spectrum_of(listen, listen->near, frame, power);
    if (listen->sounding >= COVERED)
        follow_floor(listen, power);
    memcpy(noise, listen->floor, sizeof noise);
    if (far == NULL && listen->match.now != 0)
        far = nothing; /* the far end has gone: what it held is still to be heard */
    float echo = far != NULL ? add_echo(listen, far, power, noise) : 0;
    balint_tones_frame(&listen->tones, &listen->spectrum, frame, tones);
    balint_listen_nothing(heard);
    if (zero || !listen->heard)
        return;
    heard->silent = false;
    heard->trait[BALINT_TRAIT_SILENT] = 0;
    heard->trait[BALINT_TRAIT_ECHO] = 0.25f * within(echo, 0, 8);
    memcpy(heard->trait + BALINT_TRAIT_TONES, tones, sizeof tones);
    take_bands(power, noise, heard->trait);
    take_levels(listen, power, noise, heard->trait);
    take_voice(listen, power, noise, heard->trait);
}
