/* remotes.h - the others as they arrive: a pad of sound and a pad of picture for each, brought to the mixer
 * and the compositor, and counted on the way.
 *
 * What is counted (milliseconds of sound, frames, by phase) is counted on the call's own pads, behind its
 * gate and before anything is mixed: that is what this program let through. Pads come and go while the
 * pipeline plays, on the call's threads; what went is taken down on the main thread.
 */
#ifndef BALINT_CLIENT_REMOTES_H
#define BALINT_CLIENT_REMOTES_H

#include <gst/gst.h>
#include <stdbool.h>
#include <stdint.h>

#include "session/session.h"

struct balint_remotes; /* opaque */

/* What came from one seat. Times are of the monotonic clock in µs, 0 = never. */
struct balint_heard {
    int64_t sound_ms[BALINT_PHASES];
    int64_t frames[BALINT_PHASES];
    int64_t first_sound_us; /* the first decoded sound, be it silence */
    int64_t first_picture_us;
    int64_t last_sound_us;
};

/* Listens to the call's pads. `mixer` NULL: nothing is played; `compositor` NULL: nothing is shown. All three
 * stay in `pipeline` longer than this. */
struct balint_remotes *balint_remotes_new(GstElement *pipeline, GstElement *call, GstElement *mixer,
                                          GstElement *compositor);
/* After the pipeline is in NULL. NULL is legal. */
void balint_remotes_free(struct balint_remotes *remotes);
/* What comes from now on falls into this phase. */
void balint_remotes_phase(struct balint_remotes *remotes, int phase);
struct balint_heard balint_remotes_heard(struct balint_remotes *remotes, int seat);
/* The compositor's pad of a seat's picture; NULL when none has come. The caller unrefs it. */
GstPad *balint_remotes_picture(struct balint_remotes *remotes, int seat);

#endif
