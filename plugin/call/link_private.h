/* link_private.h - what link.c, link_receive.c, link_bus.c and link_end.c share. */
#ifndef BALINT_CALL_LINK_PRIVATE_H
#define BALINT_CALL_LINK_PRIVATE_H

#include "call/link.h"
#include "call/verify.h"

/* One way out: a tee's pad, its gate, queue and payloader. */
struct balint_branch {
    struct balint_call_link *link;
    GstElement *tee, *queue, *payloader;
    GstPad *tee_pad;
    bool pictures;
    bool waits_for_key; /* streaming thread alone: there was a gap, so the next picture let out is a key frame
                         */
    gint64 asked_us;    /* streaming thread alone: when it was asked for */
};

/* One way in: depayloader, decoder, and the pad that the call shows. */
struct balint_inlet {
    struct balint_call_link *link;
    GstElement *bin;
    GstPad *exposed; /* atomic; the call's pad, NULL before and after it is shown */
    GstPad *kept;    /* our reference to it, until the streaming threads are gone */
    int media;
};

struct balint_call_link {
    gint refs; /* atomic; promises, posted calls and the bus hold one */
    struct balint_call_link_config config;
    GMutex lock;
    GCond answered; /* a promise was */
    guint promises; /* under `lock`: those that webrtcbin has not answered yet */
    gboolean dead;  /* under `lock`: teardown has begun */
    GstElement *bin, *webrtc;
    struct balint_verify *verify;
    struct balint_branch branches[BALINT_MEDIA];
    struct balint_inlet inlets[BALINT_MEDIA]; /* `bin` set under `lock` */
    gint gates;                               /* atomic: bits below */
    gboolean told_open;                       /* owner's thread */
};

enum { GATE_SENDS = 1, GATE_PICTURES = 2, GATE_HEARS = 4, GATE_SEES = 8 };

struct balint_call_link *balint_call_link_ref(struct balint_call_link *link);
void balint_call_link_unref(struct balint_call_link *link);
gboolean balint_call_link_is_dead(struct balint_call_link *link); /* any thread */

/* Runs `function(link, data)` in the owner's thread unless the link is dead by then; frees `data`. */
typedef void (*balint_post_fn)(struct balint_call_link *link, void *data);
void balint_call_link_post(struct balint_call_link *link, balint_post_fn function, void *data,
                           GDestroyNotify free_data);

/* Tells the owner that this link will not come to anything. Any thread. */
void balint_call_link_tell_failed(struct balint_call_link *link);

/* link_receive.c: webrtcbin's pad-added. */
void balint_call_link_on_pad(GstElement *webrtc, GstPad *pad, gpointer data);

#endif
