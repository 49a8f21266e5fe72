/* meter.h - is this person speaking? One decision every 10 ms, and the spans that follow from them.
 *
 * The balance is worth what this is worth, so it is judged by measurement (README.md beside it, ./balint
 * bench voice). It hears one microphone, after echo cancelling, and may be given what the loudspeaker plays
 * at the same time. Level counts only relative to the room's own noise, so that a quiet microphone is as good
 * as a loud one. What distinguishes speech from noise, keys, thumps and music is learned (net.h).
 *
 * Spans are decided 0.3 s late, knowing what came after, or 0.7 s where another laptop stands in the room,
 * whose person's words the far end brings only then (match.h); and finished when the gap after them is long
 * enough. Whether somebody speaks now is said after 0.1 s, from what is known then. Fixed frames of 160
 * samples at 16 kHz. No allocation, no libm, no clock: the same input gives the same bits. Pure; one owner.
 */
#ifndef BALINT_VOICE_METER_H
#define BALINT_VOICE_METER_H

#include <stdbool.h>
#include <stdint.h>

#include "voice/listen.h"
#include "voice/net.h"
#include "voice/spans.h"

#define BALINT_METER_RATE     16000
#define BALINT_METER_FRAME    160 /* samples */
#define BALINT_METER_FRAME_MS 10
#define BALINT_METER_RING     128
/* What lies nowhere near it over the noise by this much, in the units of BALINT_TRAIT_LOUD (2 dB, mean of the
 * bands), is no speech whatever else it resembles: `near` is so many frames before and after. */
#define BALINT_METER_OVER   0.2f
#define BALINT_METER_BEFORE 10
#define BALINT_METER_AFTER  14

/* About 170 kB; the caller's memory. */
struct balint_meter {
    struct balint_listen listen;
    struct balint_net net;
    struct balint_spans spans;
    int64_t origin;                 /* frames before the last break */
    int64_t frames;                 /* frames since, with those that a break adds */
    int64_t came;                   /* without */
    bool silent[BALINT_METER_RING]; /* of the last frames, by number since the break */
    float loud[BALINT_METER_RING];
    float late[BALINT_METER_RING];  /* how sure the network was, in the end */
    bool speech;                    /* the frame decided last */
    int64_t decided;                /* frames given to `spans` */
    int64_t maybe, maybe_last;      /* first and last frame of what may be speech */
    int64_t live_onset, live_since; /* of the speech that was announced; live_since -1: none is */
};

void balint_meter_init(struct balint_meter *meter);

/* Takes the next 10 ms: `near` BALINT_METER_FRAME samples of ±1; `far` as many that the loudspeaker plays at
 * that time, or NULL: not known. Digital silence counts as nothing and teaches nothing. Returns whether
 * somebody is taken to be speaking now: about 100 ms after the onset, until the span is finished. */
bool balint_meter_frame(struct balint_meter *meter, const float *near, const float *far);

/* A break (mute, a jump in time, the end): decides all that came, closes an open span. Frames that follow go
 * on counting; what was learned of the room stays. */
void balint_meter_break(struct balint_meter *meter);

/* Takes the oldest finished span, in frames since the start, [start, end), dated back to the onset. False:
 * none is finished. Fetch them after every frame and break. */
bool balint_meter_span(struct balint_meter *meter, struct balint_span *span);

/* Frame in which the speech that goes on now began, or -1. */
int64_t balint_meter_since(const struct balint_meter *meter);

#endif
