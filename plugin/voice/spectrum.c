/* spectrum.c - see spectrum.h. A radix-2 transform of complex numbers (Cooley and Tukey 1965), and the usual
 * split that makes a real one of twice the length of it. */
#include "voice/spectrum.h"

#include <stdint.h>
#include <string.h>

enum { HALF = BALINT_FFT / 2 };

double balint_sin_turns(double turns)
{
    /* To within a quarter turn of zero, then the series of the sine; its tenth term is below 1e-11 there. */
    static const double two_pi = 6.283185307179586;
    turns -= (double)(int64_t)turns;
    if (turns > 0.5)
        turns -= 1.0;
    if (turns < -0.5)
        turns += 1.0;
    if (turns > 0.25)
        turns = 0.5 - turns;
    if (turns < -0.25)
        turns = -0.5 - turns;
    double x = two_pi * turns, term = x, sum = x;
    for (int n = 1; n < 10; n++) {
        term *= -x * x / (double)(2 * n * (2 * n + 1));
        sum += term;
    }
    return sum;
}

float balint_log2(float x)
{
    uint32_t bits;

    if (!(x >= 1e-37f))
        x = 1e-37f;
    memcpy(&bits, &x, sizeof bits);
    int exponent = (int)(bits >> 23) - 127;
    bits = (bits & 0x007fffff) | 0x3f800000;
    memcpy(&x, &bits, sizeof x);
    if (x > 1.41421356f) {
        x *= 0.5f;
        exponent++;
    }
    /* log2(x) = 2 / ln 2 · artanh((x-1)/(x+1)); |z| <= 0.1716, so the next term is below 1e-6. */
    float z = (x - 1.0f) / (x + 1.0f), zz = z * z;
    return (float)exponent + z * (2.8853901f + zz * (0.9617967f + zz * (0.5770780f + zz * 0.4121986f)));
}

void balint_spectrum_init(struct balint_spectrum *spectrum)
{
    for (int i = 0; i < BALINT_FFT; i++)
        spectrum->cosine[i] = (float)balint_sin_turns((double)i / BALINT_FFT + 0.25);
}

static float cosine(const struct balint_spectrum *spectrum, int i)
{
    return spectrum->cosine[i & (BALINT_FFT - 1)];
}

static float sine(const struct balint_spectrum *spectrum, int i)
{
    return spectrum->cosine[(i - BALINT_FFT / 4) & (BALINT_FFT - 1)];
}

/* In place, forward, `size` a power of two up to BALINT_FFT. */
static void transform(const struct balint_spectrum *spectrum, float *re, float *im, int size)
{
    for (int i = 1, j = 0; i < size; i++) {
        int bit = size >> 1;
        for (; j & bit; bit >>= 1)
            j ^= bit;
        j ^= bit;
        if (i < j) {
            float t = re[i];
            re[i] = re[j];
            re[j] = t;
            t = im[i];
            im[i] = im[j];
            im[j] = t;
        }
    }
    for (int length = 2; length <= size; length <<= 1) {
        int half = length / 2, step = BALINT_FFT / length;
        for (int k = 0; k < half; k++) {
            float c = cosine(spectrum, k * step), s = -sine(spectrum, k * step);
            for (int i = k; i < size; i += length) {
                float x = re[i + half] * c - im[i + half] * s;
                float y = re[i + half] * s + im[i + half] * c;
                re[i + half] = re[i] - x;
                im[i + half] = im[i] - y;
                re[i] += x;
                im[i] += y;
            }
        }
    }
}

void balint_spectrum_power(const struct balint_spectrum *spectrum, const float *x, float *power)
{
    float re[HALF], im[HALF];

    for (int i = 0; i < HALF; i++) {
        re[i] = x[2 * i];
        im[i] = x[2 * i + 1];
    }
    transform(spectrum, re, im, HALF);
    for (int k = 0; k <= HALF; k++) {
        int a = k & (HALF - 1), b = (HALF - k) & (HALF - 1);
        float even_re = 0.5f * (re[a] + re[b]), even_im = 0.5f * (im[a] - im[b]);
        float odd_re = 0.5f * (im[a] + im[b]), odd_im = 0.5f * (re[b] - re[a]);
        float c = cosine(spectrum, k), s = -sine(spectrum, k);
        float real = even_re + odd_re * c - odd_im * s;
        float imaginary = even_im + odd_re * s + odd_im * c;
        power[k] = real * real + imaginary * imaginary;
    }
}

void balint_spectrum_correlate(const struct balint_spectrum *spectrum, const float *power, float *r)
{
    /* A power spectrum is real and even: its transform is too, and the even and odd lags of it come from one
     * complex transform of half the length, as above. */
    enum { SIZE = HALF, QUARTER = HALF / 2 };
    float re[QUARTER], im[QUARTER];

    for (int i = 0; i < QUARTER; i++) {
        int even = 2 * i, odd = 2 * i + 1;
        re[i] = power[even <= QUARTER ? even : SIZE - even];
        im[i] = power[odd <= QUARTER ? odd : SIZE - odd];
    }
    transform(spectrum, re, im, QUARTER);
    for (int k = 0; k < QUARTER; k++) {
        int b = (QUARTER - k) & (QUARTER - 1);
        float even_re = 0.5f * (re[k] + re[b]);
        float odd_re = 0.5f * (im[k] + im[b]), odd_im = 0.5f * (re[b] - re[k]);
        r[k] = even_re + odd_re * cosine(spectrum, 2 * k) + odd_im * sine(spectrum, 2 * k);
    }
}
