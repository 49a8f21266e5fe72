/* echo.h - what of the loudspeaker may be in the microphone: an upper bound per band, learned.
 *
 * Why a bound and no canceller: the sound comes here after echo cancelling, and only the question remains
 * whether what is left can be the others. How much of the far end a room gives back is learned from the least
 * that was seen over some seconds: a person speaking only adds to it. The far end's last 320 ms count, so
 * that neither the delay nor the room's tail need be known. Pure; one owner.
 */
#ifndef BALINT_VOICE_ECHO_H
#define BALINT_VOICE_ECHO_H

#include <stdbool.h>

#define BALINT_BANDS        18
#define BALINT_ECHO_TAIL    32 /* frames of the far end that may still be heard */
#define BALINT_ECHO_WINDOWS 20 /* of 0.6 s of sounding far end: how long a coupling is remembered */

struct balint_echo {
    int at;
    float recent[BALINT_ECHO_TAIL][BALINT_BANDS];
    int frames;
    float near_sum[BALINT_BANDS], far_sum[BALINT_BANDS];
    int window;
    float ratio[BALINT_ECHO_WINDOWS][BALINT_BANDS];
};

void balint_echo_init(struct balint_echo *echo);

/* One frame. `far`, `near`, `floor`: power of each band (full scale = 1) of the loudspeaker, the microphone
 * and its noise; `learn`: this frame tells something. Fills `most` with the power that each band may owe to
 * the loudspeaker. */
void balint_echo_frame(struct balint_echo *echo, const float *far, const float *near, const float *floor,
                       bool learn, float *most);

#endif
