/* links.h - what the call says of its links, as plain fields: its `link-report`, read once.
 */
#ifndef BALINT_CLIENT_LINKS_H
#define BALINT_CLIENT_LINKS_H

#include <gst/gst.h>
#include <stdbool.h>
#include <stdint.h>

#include "session/session.h"

struct balint_link_view {
    bool known;     /* the call has, or had, a link to this seat */
    char state[40]; /* connecting, open, lost, fingerprint-mismatch … */
    int64_t generation;
    int64_t first_sound_ms, first_picture_ms; /* since admission with the pipeline playing; -1 none yet */
    int64_t dropped_ms[BALINT_PHASES];        /* sound that arrived and was kept from the person */
};

/* Reads the call's property. Any seat without a link is not `known`. Main thread. */
void balint_links_read(GstElement *call, struct balint_link_view links[BALINT_SEATS]);

#endif
