/* voice_spoken.h - a circle of synthetic voices, made once for the tests of a program. */
#ifndef BALINT_TEST_VOICE_SPOKEN_H
#define BALINT_TEST_VOICE_SPOKEN_H

#include "bench/voice_circle.h"

/* A group's setup: fills `voices` with `count` and the circle with `seconds` of them. */
static inline int spoken_begin(struct circle *circle, struct voice *voices, int count, int seconds)
{
    if (voices_synthetic(voices, count, false) < count) {
        print_error("espeak-ng is needed (Debian: espeak-ng)\n");
        return -1;
    }
    return circle_make(circle, voices, count, seconds, 9) ? 0 : -1;
}

static inline int spoken_end(struct circle *circle, struct voice *voices, int count)
{
    circle_free(circle);
    voices_free(voices, count);
    return 0;
}

#endif
