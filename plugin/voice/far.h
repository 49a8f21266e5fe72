/* far.h - what the loudspeaker plays, kept by time until the microphone's frame of that time asks for it.
 *
 * Filled by the thread of the pad `far`, read by that of the microphone; the owner's lock guards it.
 */
#ifndef BALINT_VOICE_FAR_H
#define BALINT_VOICE_FAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "voice/resample.h"

#define BALINT_FAR_FRAMES 256 /* 2.5 s: how far ahead of the microphone the far end may be */

struct balint_far {
    bool known; /* a format was agreed */
    bool floating;
    struct balint_resample resample;
    int64_t base_ns;      /* time of the resampler's first sample */
    int64_t frames;       /* frames made since */
    int64_t input_end_ns; /* time of the end of what came in, -1: nothing yet */
    int first, count;
    int64_t times_ns[BALINT_FAR_FRAMES]; /* of the start of each frame, rising */
    float samples[BALINT_FAR_FRAMES][BALINT_METER_FRAME];
};

/* False: a rate or number of channels that is none of ours. */
bool balint_far_format(struct balint_far *far, int rate, int channels, bool floating);

/* Forgets everything but the format. */
void balint_far_clear(struct balint_far *far);

bool balint_far_full(const struct balint_far *far);

/* Takes what begins at `at_ns`; returns how many sample frames of `count` it took: fewer when full (make
 * room, then pass the rest with its own time). */
size_t balint_far_put(struct balint_far *far, const void *samples, size_t count, int64_t at_ns);

/* Drops the oldest frame. */
void balint_far_drop(struct balint_far *far);

/* Is everything there that sounds within 10 ms from `at_ns`? */
bool balint_far_reaches(const struct balint_far *far, int64_t at_ns);

/* The next frame that sounds at `at_ns`, or has sounded shortly before and came late: in a call the far end's
 * sound is known before it is played, but may come after the microphone's sound of the same timestamp. NULL:
 * there is none yet. Each is given once, `at_ns` must rise; valid until the next put. */
const float *balint_far_get(struct balint_far *far, int64_t at_ns);

#endif
