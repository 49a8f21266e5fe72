/* listen.h - what one frame sounds like, in some fifty numbers: its traits.
 *
 * The room's noise is followed in every bin of the spectrum by its minima over 1.8 s (Martin 2001, without
 * his optimal smoothing), so a steady noise or tone of any colour is none soon. A voice is periodic: the
 * autocorrelation of what stands out of the noise, with amplitudes instead of powers so that no single
 * harmonic decides, has a peak at a lag of 70 to 400 Hz. Notes are told by tones.h. Nothing depends on how
 * loud the microphone is: levels count from the noise or from each other. Pure; one owner.
 */
#ifndef BALINT_VOICE_LISTEN_H
#define BALINT_VOICE_LISTEN_H

#include <stdbool.h>
#include <stdint.h>

#include "voice/echo.h"
#include "voice/match.h"
#include "voice/net.h"
#include "voice/spectrum.h"
#include "voice/tones.h"

#define BALINT_LISTEN_WINDOW 640 /* samples: 40 ms, three periods of a low voice */
#define BALINT_LISTEN_BINS   (BALINT_FFT / 2 + 1)
#define BALINT_LISTEN_MINIMA 8

enum balint_trait {                    /* about ±2 each */
                    BALINT_TRAIT_OVER, /* log2 of the power over the floor, each of the bands; /4 */
                    BALINT_TRAIT_SHAPE =
                        BALINT_TRAIT_OVER + BALINT_BANDS, /* of what stands out, from its mean; log2, /4 */
                    BALINT_TRAIT_TONES = BALINT_TRAIT_SHAPE + BALINT_BANDS,
                    BALINT_TRAIT_LOUD =
                        BALINT_TRAIT_TONES + BALINT_TONES, /* mean of the bands over the floor */
                    BALINT_TRAIT_VOICE,                    /* how periodic, 0..1 */
                    BALINT_TRAIT_TILT,  /* power above 300 Hz to power below: a thump is far below 0 */
                    BALINT_TRAIT_PITCH, /* log2 of the lag */
                    BALINT_TRAIT_GLIDE, /* how much that changed since the last frame */
                    BALINT_TRAIT_LEVEL, /* below what was loudest of late */
                    BALINT_TRAIT_ECHO,  /* what the loudspeaker may have put in, over the room's noise */
                    BALINT_TRAIT_SILENT,
                    BALINT_TRAITS
};
_Static_assert((int)BALINT_TRAITS == BALINT_NET_IN, "the network hears all of them");

/* What was heard in the 40 ms that end with this frame. */
struct balint_heard {
    bool silent; /* digital silence, or nothing heard yet: only BALINT_TRAIT_SILENT is set */
    float trait[BALINT_TRAITS];
};

struct balint_listen {
    struct balint_spectrum spectrum;
    struct balint_echo echo;
    struct balint_match match;
    struct balint_tones tones;
    float window[BALINT_LISTEN_WINDOW];
    float taper[BALINT_FFT / 8]; /* what the window leaves of a periodic sound, per lag */
    float near[BALINT_LISTEN_WINDOW], far[BALINT_LISTEN_WINDOW];
    float before_in, before_out; /* of the high-pass */
    int sounding;                /* frames since digital silence, counted up to what the window holds */
    bool heard;                  /* the floor stands */
    int lag;                     /* the last frame's, of its pitch */
    float loudest;               /* of late, log2 */
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

/* What is heard where there is nothing. */
void balint_listen_nothing(struct balint_heard *heard);

/* What comes does not follow on what was: forgets the samples, keeps what was learned of the room. */
void balint_listen_break(struct balint_listen *listen);

#endif
