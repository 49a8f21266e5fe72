/* resample.h - any microphone's samples to the meter's: 16 kHz, one channel, frames of 10 ms.
 *
 * Why not an element in front: the element passes sound through untouched and only listens to it, and the
 * browser needs the same. A windowed sinc, exact to the sample for the common rates (their phases fit the
 * table), to 1/160 of a sample for the others; it delays nothing: output sample 0 lies at input sample 0, so
 * times need no correction. Which samples come in one call makes no difference to what comes out. Pure; one
 * owner.
 */
#ifndef BALINT_VOICE_RESAMPLE_H
#define BALINT_VOICE_RESAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "voice/meter.h"

#define BALINT_RESAMPLE_PHASES 160
#define BALINT_RESAMPLE_TAPS   72 /* 12 zero crossings each way at 48 kHz */
#define BALINT_RESAMPLE_KEEP   512

struct balint_resample {
    int rate, channels;
    int taps, phases;
    float table[BALINT_RESAMPLE_PHASES][BALINT_RESAMPLE_TAPS];
    float kept[BALINT_RESAMPLE_KEEP]; /* input, mixed to one channel: samples `first`.. of the stream */
    int64_t first;
    int count;
    int64_t in;  /* input samples taken */
    int64_t out; /* output samples made */
    float frame[BALINT_METER_FRAME];
    int filled;
};

/* `rate` 8000..48000, `channels` 1..2; false: outside these. */
bool balint_resample_init(struct balint_resample *resample, int rate, int channels);

/* Takes up to `frames` interleaved sample frames from `samples` (S16 or, where `floating`, F32 of ±1) and
 * returns how many it took. Stops as soon as a frame of 10 ms is complete: then `*ready` is true and
 * resample->frame holds it until the next call. Go on until all is taken and none is ready. */
size_t balint_resample_take(struct balint_resample *resample, const void *samples, size_t frames,
                            bool floating, bool *ready);

/* At the end: what is left, as a frame filled up with zeros. False: nothing is left. Call until false. */
bool balint_resample_drain(struct balint_resample *resample);

#endif
