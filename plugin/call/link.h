/* link.h - one link to one person: a webrtcbin, made once and thrown away.
 *
 *   tee ! [gate] ! queue (leaky) ! payloader ! webrtcbin ! depayloader ! decoder ! [gate] ! pad
 *
 * twice, for sound and pictures, in a bin of its own inside the call. It starts closed: nothing leaves and
 * nothing is let through until the owner opens it, and the certificate's check (verify.h) lies under both.
 *
 * Threads: one thread owns the links and calls everything here; what happens in webrtcbin's threads is posted
 * to that thread's main context, and the callbacks run there. Lock order: a link's lock is never held while
 * calling out. Teardown has one order that survives (FINDINGS.md, "webrtcbin" 8): link_end.c.
 */
#ifndef BALINT_CALL_LINK_H
#define BALINT_CALL_LINK_H

#include "call/meters.h"
#include "call/send.h"
#include "protocol/messages.h"

struct balint_call_link;

GST_DEBUG_CATEGORY_EXTERN(balint_call_debug); /* "balintcall"; never names, links or addresses */

enum { BALINT_SOUND, BALINT_PICTURES, BALINT_MEDIA };

struct balint_call_link_events {
    /* Our own description is there: offer or answer, `seat` and `generation` filled in. */
    void (*described)(void *user, struct balint_call_link *link, const struct balint_sdp *sdp);
    void (*candidate)(void *user, struct balint_call_link *link, const struct balint_candidate *candidate);
    /* Certificate checked and connected: media may pass once the owner opens the link. */
    void (*open)(void *user, struct balint_call_link *link);
    /* It will not come to anything any more. */
    void (*failed)(void *user, struct balint_call_link *link);
    /* The certificate is not the signalled one; nothing passes any more. */
    void (*forged)(void *user, struct balint_call_link *link);
    /* Decoded sound or pictures arrive: the owner shows `pad` (balint_call_link_expose). */
    void (*arrived)(void *user, struct balint_call_link *link, int media);
};

struct balint_call_link_config {
    int seat;
    int64_t generation;
    bool offers;
    guint latency_ms; /* of the jitter buffer */
    int payloads[BALINT_MEDIA];
    GstBin *bin; /* the call */
    GMainContext *context;
    struct balint_send *send;
    struct balint_meters *meters;
    const struct balint_call_link_events *events;
    void *user;
    bool ungated; /* the receive gate stands open; testing builds alone */
};

/* Makes the link, adds it to the call and, when it offers, starts. NULL: an element is missing. */
struct balint_call_link *balint_call_link_new(const struct balint_call_link_config *config);

/* The other side's description, valid for its side: the offer to answer, or the answer. */
void balint_call_link_describe(struct balint_call_link *link, const struct balint_sdp *sdp);
void balint_call_link_candidate(struct balint_call_link *link, const struct balint_candidate *candidate);

/* What the floor lets through: pictures to that person; sound and pictures of theirs. Our sound was gated
 * before its encoder, where it may be heard by anybody at all. Nothing leaves a link that is not open. */
struct balint_gates {
    bool silent; /* nothing of ours leaves, neither sound nor pictures: a look at the door, the after-room */
    bool pictures, hears, sees;
};
void balint_call_link_gates(struct balint_call_link *link, struct balint_gates gates);

/* Adds the pad `name` to the call, of sound or pictures that arrived. */
void balint_call_link_expose(struct balint_call_link *link, int media, const char *name);

/* Tears it down; callbacks are not called any more. */
void balint_call_link_end(struct balint_call_link *link);

int balint_call_link_seat(const struct balint_call_link *link);
int64_t balint_call_link_generation(const struct balint_call_link *link);
gint64 balint_call_link_media_us(struct balint_call_link *link); /* see balint_verify_media_us */

/* For the call's bus: does this message come from a link of this bin (then it is the link's, not the
 * pipeline's)? Errors are told to the link. Any thread. */
gboolean balint_call_link_takes(GstBin *bin, GstMessage *message);

#endif
