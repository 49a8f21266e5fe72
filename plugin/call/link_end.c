/* link_end.c - taking a link down beside others that go on.
 *
 * The order is the one that survives (FINDINGS.md, "webrtcbin" 8): (a) mark it dead, so that promises, posts
 * and pad-added that are still under way turn back, and disconnect; (b) unlink it from the tees while nothing
 * flows there, and give their pads back; (c) webrtcbin to NULL first, its state locked, then the queues, then
 * what receives; then out of the call. Queues before webrtcbin deadlock in mid-negotiation; webrtcbin to NULL
 * while a tee still pushes stops the source for everybody; removing before NULL aborts.
 *
 * Thread: the owner's, never a pad's, promise's or signal's.
 */
#include "call/link_private.h"

#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>

#define PATIENCE_MS 2000 /* with what webrtcbin's thread has begun; longer than making an RSA key takes */

/* One tee pad that is being unlinked. */
struct parting {
    GMutex lock;
    GCond done;
    gboolean unlinked;
};

static GstPadProbeReturn on_idle(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
    struct parting *parting = data;
    GstPad *peer = gst_pad_get_peer(pad);
    (void)info;
    g_mutex_lock(&parting->lock);
    if (peer && !parting->unlinked)
        gst_pad_unlink(pad, peer);
    parting->unlinked = TRUE;
    g_cond_signal(&parting->done);
    g_mutex_unlock(&parting->lock);
    g_clear_object(&peer);
    return GST_PAD_PROBE_REMOVE;
}

static void part(struct balint_branch *branch)
{
    struct parting parting = {.unlinked = FALSE};
    if (!branch->tee_pad)
        return;
    g_mutex_init(&parting.lock);
    g_cond_init(&parting.done);
    gst_pad_add_probe(branch->tee_pad, GST_PAD_PROBE_TYPE_IDLE, on_idle, &parting, NULL);
    g_mutex_lock(&parting.lock);
    while (!parting.unlinked)
        g_cond_wait(&parting.done, &parting.lock);
    g_mutex_unlock(&parting.lock);
    gst_element_release_request_pad(branch->tee, branch->tee_pad);
    gst_object_unref(branch->tee_pad);
    branch->tee_pad = NULL;
    g_cond_clear(&parting.done);
    g_mutex_clear(&parting.lock);
}

/* The call's pads go first: whoever is linked to them unlinks in pad-removed. */
static void hide(struct balint_call_link *link, struct balint_inlet *inlet)
{
    if (!inlet->kept)
        return;
    g_atomic_pointer_set(&inlet->exposed, NULL);
    gst_pad_set_active(inlet->kept, FALSE);
    gst_element_remove_pad(GST_ELEMENT(link->config.bin), inlet->kept);
}

/* Lets webrtcbin's thread finish what it was asked for; being dead, the link asks for nothing more. */
static void settle(struct balint_call_link *link)
{
    gint64 until = g_get_monotonic_time() + PATIENCE_MS * G_TIME_SPAN_MILLISECOND;
    g_mutex_lock(&link->lock);
    while (link->promises && g_cond_wait_until(&link->answered, &link->lock, until))
        continue;
    g_mutex_unlock(&link->lock);
}

/* ICE goes on in a thread of its own until the very end. A change of its state after webrtcbin is in NULL
 * makes webrtcbin's receiving bin block its pad again, and that block keeps bin, agent and sockets for ever:
 * so nobody listens to it any more. */
static void deafen(struct balint_call_link *link)
{
    GArray *transceivers = NULL;
    g_signal_emit_by_name(link->webrtc, "get-transceivers", &transceivers);
    for (guint i = 0; transceivers && i < transceivers->len; i++) {
        GObject *receiver = NULL, *dtls = NULL, *ice = NULL;
        g_object_get(g_array_index(transceivers, GObject *, i), "receiver", &receiver, NULL);
        if (receiver)
            g_object_get(receiver, "transport", &dtls, NULL);
        if (dtls)
            g_object_get(dtls, "transport", &ice, NULL);
        if (ice)
            g_signal_handlers_disconnect_matched(ice, G_SIGNAL_MATCH_ID | G_SIGNAL_MATCH_DETAIL,
                                                 g_signal_lookup("notify", G_TYPE_OBJECT),
                                                 g_quark_from_static_string("state"), NULL, NULL, NULL);
        g_clear_object(&ice);
        g_clear_object(&dtls);
        g_clear_object(&receiver);
    }
    g_clear_pointer(&transceivers, g_array_unref);
}

static void stop(GstElement *element)
{
    if (element)
        gst_element_set_state(element, GST_STATE_NULL);
}

void balint_call_link_end(struct balint_call_link *link)
{
    g_mutex_lock(&link->lock);
    link->dead = TRUE;
    g_mutex_unlock(&link->lock);
    g_atomic_int_set(&link->gates, 0);
    balint_verify_stop(link->verify);
    g_signal_handlers_disconnect_by_data(link->webrtc, link);

    part(&link->branches[BALINT_SOUND]);
    part(&link->branches[BALINT_PICTURES]);
    hide(link, &link->inlets[BALINT_SOUND]);
    hide(link, &link->inlets[BALINT_PICTURES]);

    settle(link);
    deafen(link);
    /* The pipeline may be on its way to another state just now: it must not wake up what is stopped here. */
    gst_element_set_locked_state(link->bin, TRUE);
    gst_element_set_locked_state(link->webrtc, TRUE);
    stop(link->webrtc);
    for (int media = 0; media < BALINT_MEDIA; media++) {
        stop(link->branches[media].queue);
        stop(link->branches[media].payloader);
    }
    for (int media = 0; media < BALINT_MEDIA; media++)
        stop(link->inlets[media].bin);
    stop(link->bin);
    gst_bin_remove(link->config.bin, link->bin);

    balint_verify_free(link->verify);
    for (int media = 0; media < BALINT_MEDIA; media++)
        g_clear_object(&link->inlets[media].kept);
    gst_object_unref(link->webrtc);
    g_object_set_data(G_OBJECT(link->bin), "balint-link", NULL);
    gst_object_unref(link->bin);
    balint_call_link_unref(link);
}
