/* match.h - is what the microphone hears what the far end holds, sooner or later?
 *
 * Two things put other people's words into a microphone. The loudspeaker: as late as the sound server, a
 * wireless loudspeaker and the room make it. And the air, where two laptops stand in one room: the other
 * person is heard at once, and the far end holds the same words only when they have come through the network.
 * So what stands out in the microphone's bands is compared with the far end's at every delay from
 * BALINT_MATCH_AHEAD frames before it to BALINT_MATCH_BACK after it. Where both go together there is a path,
 * and how much softer the microphone is on it is learned. A frame is owed to the far end when the paths
 * explain how loud it is. One's own voice comes back in the far end too, where a neighbour's laptop hears it;
 * but softer than it was, so that no path explains it. Pure; one owner.
 */
#ifndef BALINT_VOICE_MATCH_H
#define BALINT_VOICE_MATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "voice/echo.h"

#define BALINT_MATCH_AHEAD  56 /* frames that the microphone may be before the far end … */
#define BALINT_MATCH_BACK   80 /* … and after it */
#define BALINT_MATCH_LAGS   (BALINT_MATCH_AHEAD + BALINT_MATCH_BACK + 1)
#define BALINT_MATCH_EARLY  2  /* frames by which a path may have moved … */
#define BALINT_MATCH_TAIL   6  /* … and for which a room goes on sounding */
#define BALINT_MATCH_AROUND 12 /* frames each side of one that have a say in it */
/* Frames after which all is known that can explain one. */
#define BALINT_MATCH_SURE (BALINT_MATCH_AHEAD + BALINT_MATCH_EARLY + BALINT_MATCH_AROUND)
#define BALINT_MATCH_RING 256 /* frames kept */

/* A frame of one of the two sounds; levels and what is made of them are log2. */
struct balint_match_sound {
    float level[BALINT_BANDS];
    float over[BALINT_BANDS];  /* the noise, 0 or more */
    float shape[BALINT_BANDS]; /* of that, and how it differs from the usual one */
    float energy;              /* of the shape; 0: nothing stands out */
};

struct balint_match {
    uint32_t now; /* the newest frame; the rings are by its low bits */
    struct balint_match_sound near[BALINT_MATCH_RING], far[BALINT_MATCH_RING];
    float near_usual[BALINT_BANDS], far_usual[BALINT_BANDS]; /* shapes */
    float own[BALINT_MATCH_RING], owed[BALINT_MATCH_RING];   /* how much stands out, by whose it is */
    float near_sum[BALINT_MATCH_LAGS], far_sum[BALINT_MATCH_LAGS], both_sum[BALINT_MATCH_LAGS];
    float like[BALINT_MATCH_LAGS]; /* how alike both are, 0..1; and 1 more where that made a path */
    float gain[BALINT_MATCH_LAGS]; /* from the far end to the microphone, log2 */
};

void balint_match_init(struct balint_match *match);

/* One frame: power of each band (full scale = 1) of the far end, the microphone, and its noise. */
void balint_match_frame(struct balint_match *match, const float *far, const float *near, const float *floor);

/* What comes does not follow on what was: judges the frames that wait by what is known now. */
void balint_match_break(struct balint_match *match);

/* Is the frame `ago` frames before the newest mostly owed to the far end? Known for good after
 * BALINT_MATCH_SURE; before that as far as the loudspeaker is concerned. */
bool balint_match_owed(const struct balint_match *match, int ago);

/* Is there a path ahead of the far end: another laptop in the room? */
bool balint_match_neighbour(const struct balint_match *match);

#endif
