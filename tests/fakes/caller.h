/* caller.h - one person of a real call for tests: a pipeline with balintcall, a tone and a picture, and ears.
 *
 * Everybody sends a sine of their own and a test picture; what comes from each seat is heard by itself:
 * decoded samples and pictures behind the element's pads are counted here, independently of the element's own
 * meters. Waiting is polling for a condition with a deadline. The test's thread; counting happens on
 * streaming threads under a lock.
 */
#ifndef BALINT_FAKE_CALLER_H
#define BALINT_FAKE_CALLER_H

#include "session/session.h"

#include <gst/gst.h>

#define BALINT_CALLER_TEXT 33

/* What was heard and seen of one seat so far. */
struct balint_caller_ear {
    gint64 samples;      /* decoded */
    gint64 loud_samples; /* in buffers over -60 dBFS */
    gint64 pictures;
    gint64 last_us;    /* when a buffer of sound last came, monotonic */
    gint64 longest_us; /* the longest time without one since the first */
    gint64 ahead_us;   /* the furthest in the future that sound was to be played when it came */
    int pads;          /* now */
    int pads_ever;
};

/* What left and arrived on the network, by the first byte (RFC 7983): beside nicesink and nicesrc. */
struct balint_caller_wire {
    gint64 sent_srtp, received_srtp, sent_dtls, received_dtls; /* SRTP: media and SRTCP */
    gint64 sent_media, received_media;                         /* SRTP without SRTCP */
};

struct balint_caller {
    GstElement *pipeline, *call;
    GMutex lock;
    struct balint_caller_ear ears[BALINT_SEATS];
    struct balint_caller_wire wire;                /* of all links together */
    struct balint_caller_wire wires[BALINT_SEATS]; /* of the links to each seat */
    int seat;                                      /* -1 until ready */
    int displaced;
    int bus_errors;
    char closed[BALINT_CALLER_TEXT], refused[BALINT_CALLER_TEXT]; /* codes of the last ones */
    char links[BALINT_SEATS][BALINT_CALLER_TEXT];                 /* last state signalled of each link */
    int links_lost[BALINT_SEATS];                                 /* how often it was "lost" */
};

/* Registers balintcall in this process; once. */
void balint_caller_setup(int *argc, char ***argv);

/* The size of the pictures that callers made from now on send (320x180). Small ones where many callers of one
 * process are only there to be joined. */
void balint_caller_picture(int width, int height);
/* How many pictures callers made from now on send (15). */
void balint_caller_pictures_a_second(int count);
/* A person's pipeline, not started. `server`: HOST:PORT instead of the link's, or NULL. `hertz`: of the tone.
 * `device`: 32 bytes as base64url, or NULL. */
struct balint_caller *balint_caller_new(const char *link, const char *server, int hertz, const char *device);
void balint_caller_start(struct balint_caller *caller); /* to PLAYING */
void balint_caller_free(struct balint_caller *caller);  /* to NULL; NULL is legal */

/* Snapshots. */
struct balint_caller_ear balint_caller_ear(struct balint_caller *caller, int seat);
struct balint_caller_wire balint_caller_wire(struct balint_caller *caller);
struct balint_caller_wire balint_caller_wire_of(struct balint_caller *caller, int seat);
gboolean balint_caller_link_is(struct balint_caller *caller, int seat, const char *state);
gint64 balint_caller_generation(struct balint_caller *caller, int seat); /* by link-report; 0: no link */

/* Polls until `is(caller, argument)` or the deadline; errors of the bus end it. */
typedef gboolean (*balint_caller_is)(struct balint_caller *caller, int argument);
gboolean balint_caller_until(struct balint_caller *caller, balint_caller_is is, int argument, int timeout_ms);

/* Conditions. */
gboolean balint_caller_is_ready(struct balint_caller *caller, int unused);
gboolean balint_caller_hears(struct balint_caller *caller, int seat); /* a second of loud sound */
gboolean balint_caller_sees(struct balint_caller *caller, int seat);  /* ten pictures */

gboolean balint_caller_is_back(struct balint_caller *caller,
                               int wanted); /* stepped back, as `wanted` says? */
gboolean balint_caller_is_open(struct balint_caller *caller,
                               int wanted); /* the microphone, as `wanted` says? */

/* Does that seat present, as the last state says? */
gboolean balint_caller_presents(struct balint_caller *caller, int seat);
/* `presenter`, who sits on `seat`, volunteers, `leader` says yes, and `leader` sees it. */
gboolean balint_caller_tell_a_case(struct balint_caller *leader, struct balint_caller *presenter, int seat);

/* Of two seconds that come from a seat, after what was under way has passed: how many samples are loud? -1:
 * they did not come within `timeout_ms`. Forgets what was heard before. */
gint64 balint_caller_loud_of(struct balint_caller *caller, int seat, int timeout_ms);

/* Forgets what was heard and seen, of all. */
void balint_caller_clear(struct balint_caller *caller);

gboolean balint_caller_act(struct balint_caller *caller, const char *name, int seat, int value);

#endif
