/* meters.h - what this client really let through of every other person: the figures of `link-report`.
 *
 * Measured on decoded sound and pictures behind the receive gate, which is what the person hears and sees.
 * They belong to a seat, not to a link, so that a link made anew goes on counting. Milliseconds since this
 * process was admitted with its pipeline playing. Any thread; one lock.
 */
#ifndef BALINT_CALL_METERS_H
#define BALINT_CALL_METERS_H

#include "session/session.h"

#include <gst/gst.h>

struct balint_phase_meter {
    gint64 sound_us;   /* PCM over -60 dBFS let through */
    gint64 dropped_us; /* PCM over -60 dBFS that arrived and was kept from the person */
    guint64 frames;    /* pictures let through */
};

struct balint_meter {
    gint64 first_sound_ms, first_picture_ms; /* -1: none yet */
    struct balint_phase_meter phases[BALINT_PHASES];
};

struct balint_meters {
    GMutex lock;
    int phase;
    gint64 zero_us; /* monotonic; 0: not admitted and playing yet */
    struct balint_meter seats[BALINT_SEATS];
};

void balint_meters_init(struct balint_meters *meters);
void balint_meters_finish(struct balint_meters *meters);
void balint_meters_reset(struct balint_meters *meters, int seat); /* another person sits there */
void balint_meters_phase(struct balint_meters *meters, int phase);
void balint_meters_start(struct balint_meters *meters); /* admitted and playing, from now */
gboolean balint_meters_started(struct balint_meters *meters);

/* A buffer of S16 mono: `passed` whether it was let through. */
void balint_meters_sound(struct balint_meters *meters, int seat, const gint16 *samples, gsize count,
                         guint rate, gboolean passed);
/* A picture that was let through. */
void balint_meters_picture(struct balint_meters *meters, int seat);

struct balint_meter balint_meters_get(struct balint_meters *meters, int seat);

#endif
