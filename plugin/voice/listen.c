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

/* Adds to the noise what the loudspeaker may have put into the microphone. */
static void add_echo(struct balint_listen *listen, const float *far, const float *power, float *noise)
{
    float far_power[BALINT_LISTEN_BINS], near_bands[BALINT_BANDS], far_bands[BALINT_BANDS],
        floor_bands[BALINT_BANDS], most[BALINT_BANDS];

    spectrum_of(listen, listen->far, far, far_power);
    band_sums(far_power, far_bands);
    band_sums(power, near_bands);
    band_sums(listen->floor, floor_bands);
    balint_echo_frame(&listen->echo, far_bands, near_bands, floor_bands,
                      listen->heard && listen->sounding >= COVERED, most);
    for (int b = 0; b < BALINT_BANDS; b++)
        for (int k = edges[b]; k < edges[b + 1]; k++)
            noise[k] += most[b] / (float)(edges[b + 1] - edges[b]);
}

static float over_of(const float *power, const float *noise)
{
    float near_bands[BALINT_BANDS], noise_bands[BALINT_BANDS], sum = 0;

    band_sums(power, near_bands);
    band_sums(noise, noise_bands);
    for (int b = 0; b < BALINT_BANDS; b++) {
        float over = balint_log2(near_bands[b] / noise_bands[b]);
        sum += over < 0 ? 0 : over > 6 ? 6 : over;
    }
    return sum / BALINT_BANDS;
}

static float tilt_of(const float *power, const float *noise)
{
    float low = 1e-12f, high = 1e-12f;

    for (int k = VOICE_FIRST; k < TILT_AT; k++)
        low += power[k] > noise[k] ? power[k] - noise[k] : 0;
    for (int k = TILT_AT; k < TILT_END; k++)
        high += power[k] > 2 * noise[k] ? power[k] - 2 * noise[k] : 0;
    return balint_log2(high / low);
}

static float voice_of(const struct balint_listen *listen, const float *power, const float *noise)
{
    float amplitude[BALINT_FFT / 4 + 1] = {0}, r[BALINT_FFT / 4];
    float noise_sum = 0, best = 0;

    for (int k = VOICE_FIRST; k < VOICE_END; k++) {
        float more = power[k] - 2 * noise[k];
        noise_sum += 2 * __builtin_sqrtf(noise[k]);
        amplitude[k] = more > 0 ? __builtin_sqrtf(more) : 0;
    }
    balint_spectrum_correlate(&listen->spectrum, amplitude, r);
    for (int lag = LAG_FIRST; lag < LAG_END; lag++)
        if (r[lag] > best * listen->taper[lag])
            best = r[lag] / listen->taper[lag];
    /* A few bins of noise that happen to stand out are always periodic: the noise's own sum weighs against
     * them. */
    return best / (r[0] + 0.5f * noise_sum + 1e-9f);
}

void balint_listen_frame(struct balint_listen *listen, const float *near, const float *far,
                         struct balint_heard *heard)
{
    float frame[BALINT_METER_FRAME], power[BALINT_LISTEN_BINS], noise[BALINT_LISTEN_BINS];
    bool zero = high_pass(listen, near, frame) < ZERO;

    memset(heard, 0, sizeof *heard);
    listen->sounding = zero ? 0 : listen->sounding < COVERED ? listen->sounding + 1 : COVERED;
    spectrum_of(listen, listen->near, frame, power);
    if (listen->sounding >= COVERED)
        follow_floor(listen, power);
    memcpy(noise, listen->floor, sizeof noise);
    if (far != NULL)
        add_echo(listen, far, power, noise);
    heard->silent = zero || !listen->heard;
    if (heard->silent)
        return;
    heard->over = over_of(power, noise);
    heard->voice = voice_of(listen, power, noise);
    heard->tilt = tilt_of(power, noise);
}
