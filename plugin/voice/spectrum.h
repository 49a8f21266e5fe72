/* spectrum.h - the little mathematics of the meter: a real Fourier transform and a logarithm.
 *
 * Own code instead of libm, so that the same recording gives the same bits natively and as WebAssembly: only
 * additions, multiplications, divisions and square roots of IEEE 754 are used, in a fixed order, and the
 * build allows no contraction. Pure; any thread.
 */
#ifndef BALINT_VOICE_SPECTRUM_H
#define BALINT_VOICE_SPECTRUM_H

#define BALINT_FFT 1024 /* points of the real transform */

/* Cosines for the transform and its window; 4 kB, filled once. */
struct balint_spectrum {
    float cosine[BALINT_FFT]; /* cos(2π i / BALINT_FFT) */
};

void balint_spectrum_init(struct balint_spectrum *spectrum);

/* sin(2π turns), absolute error below 1e-12; any finite `turns` within ±1e6. */
double balint_sin_turns(double turns);

/* log2(x), absolute error below 1e-5, for x >= 1e-37; smaller ones are taken as that. */
float balint_log2(float x);

/* Power of a real signal's transform: power[k] = |Σ x[n] e^(-2πi k n / BALINT_FFT)|², k = 0..BALINT_FFT/2.
 * `x` has BALINT_FFT samples. */
void balint_spectrum_power(const struct balint_spectrum *spectrum, const float *x, float *power);

/* Autocorrelation of what has the power spectrum `power` (size/2 + 1 values, size = BALINT_FFT / 2: the lower
 * half of the band, at half the rate): r[lag], lag = 0..size/4-1, scaled so that r[0] is the sum over the
 * full circle. */
void balint_spectrum_correlate(const struct balint_spectrum *spectrum, const float *power, float *r);

#endif
