/* tones.h - is it notes? How much of the sound is tones, and whether they stand still.
 *
 * The pitch of a speaking voice moves all the time; a note stays where it is, and several sound at once. With
 * 128 ms of sound a spectrum is fine enough to tell: what rises over its surroundings is a partial, and
 * partials that are in the same place 120 and 240 ms later are held. Of 8 kHz, every 40 ms. Pure; one owner.
 */
#ifndef BALINT_VOICE_TONES_H
#define BALINT_VOICE_TONES_H

#include "voice/spectrum.h"

#define BALINT_TONES         9
#define BALINT_TONES_BINS    384 /* of 7.8 Hz, from 250 Hz to 3.25 kHz */
#define BALINT_TONES_HISTORY 7   /* spectra, 40 ms apart: 240 ms */
#define BALINT_TONES_FIR     7

struct balint_tones {
    float window[BALINT_FFT];
    float before[BALINT_TONES_FIR - 1]; /* the last samples at 16 kHz */
    float half[BALINT_FFT];             /* the last 128 ms at 8 kHz */
    int frames;
    int at; /* the newest of: */
    float relief[BALINT_TONES_HISTORY][BALINT_TONES_BINS];
    float energy[BALINT_TONES_HISTORY][3];
    float value[BALINT_TONES];
};

void balint_tones_init(struct balint_tones *tones);

/* Takes 10 ms of sound at 16 kHz (±1) and fills `value`, for each of 250-750, 750-1625 and 1625-3250 Hz: how
 * far partials rise (0..2; 0.4 for noise), and how like the spectrum is to that of 120 and 240 ms ago
 * (-1..1). */
void balint_tones_frame(struct balint_tones *tones, const struct balint_spectrum *spectrum,
                        const float *samples, float value[BALINT_TONES]);

/* What comes does not follow on what was. */
void balint_tones_break(struct balint_tones *tones);

#endif
