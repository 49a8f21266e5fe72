/* listen.h - what one frame sounds like: how far above the room's noise, and how much of a voice is in it.
 *
 * The room's noise is followed in every bin of the spectrum by its minima over 1.8 s (Martin 2001, without
 * his optimal smoothing), so a steady noise or tone of any colour is none soon. A voice is periodic: the
 * autocorrelation of what stands out of the noise, with amplitudes instead of powers so that no single
 * harmonic decides, has a peak at a lag of 70 to 400 Hz. Pure; one owner.
 */
#ifndef BALINT_VOICE_LISTEN_H
#define BALINT_VOICE_LISTEN_H

#include <stdbool.h>
#include <stdint.h>

#include "voice/echo.h"
#include "voice/spectrum.h"

#define BALINT_LISTEN_WINDOW 640 /* samples: 40 ms, three periods of a low voice */
#define BALINT_LISTEN_BINS   (BALINT_FFT / 2 + 1)
#define BALINT_LISTEN_MINIMA 8

/* What was heard in the 40 ms that end with this frame. */
struct balint_heard {
    bool silent; /* digital silence, or nothing heard yet: the rest is 0 */
    float over;  /* log2 of the power over the floor, each band cut to 0..6, mean of the bands */
    float voice; /* how periodic, 0..1 */
    float tilt;  /* log2 of power above 300 Hz to power below: a thump is far below 0 */
};

struct balint_listen {
    struct balint_spectrum spectrum;
    struct balint_echo echo;
    float window[BALINT_LISTEN_WINDOW];
    float taper[BALINT_FFT / 8]; /* what the window leaves of a periodic sound, per lag */
    float near[BALINT_LISTEN_WINDOW], far[BALINT_LISTEN_WINDOW];
    float before_in, before_out; /* of the high-pass */
    int sounding;                /* frames since digital silence, counted up to what the window holds */
    bool heard;                  /* the floor stands */
    int slot, slot_frames;
    float smooth[BALINT_LISTEN_BINS];
    float minima[BALINT_LISTEN_MINIMA][BALINT_LISTEN_BINS];
    float least[BALINT_LISTEN_BINS];
    float floor[BALINT_LISTEN_BINS];
};

void balint_listen_init(struct balint_listen *listen);

/* The next 10 ms; `far` may be NULL. See balint_meter_frame. */
void balint_listen_frame(struct balint_listen *listen, const float *near, const float *far,
                         struct balint_heard *heard);

/* What comes does not follow on what was: forgets the samples, keeps what was learned of the room. */
void balint_listen_break(struct balint_listen *listen);

#endif
