/* link.c - see link.h: making a link, and what its webrtcbin says. */
#include "call/link_private.h"

#include "call/candidate.h"
#include "call/sdp.h"

#include <string.h>

#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>

#define GST_CAT_DEFAULT balint_call_debug
#define QUEUE_MS                                                                                             \
    200 /* of encoded media that may wait for a link; then pictures make a gap, the oldest sound goes */
#define KEY_AGAIN_MS 500 /* between two requests of a key frame that did not come */

struct balint_call_link *balint_call_link_ref(struct balint_call_link *link)
{
    g_atomic_int_inc(&link->refs);
    return link;
}

void balint_call_link_unref(struct balint_call_link *link)
{
    if (!g_atomic_int_dec_and_test(&link->refs))
        return;
    g_mutex_clear(&link->lock);
    g_cond_clear(&link->answered);
    g_main_context_unref(link->config.context);
    g_free(link);
}

gboolean balint_call_link_is_dead(struct balint_call_link *link)
{
    g_mutex_lock(&link->lock);
    gboolean dead = link->dead;
    g_mutex_unlock(&link->lock);
    return dead;
}

struct post {
    struct balint_call_link *link;
    balint_post_fn function;
    void *data;
    GDestroyNotify free_data;
};

static gboolean on_post(gpointer data)
{
    struct post *post = data;
    if (!balint_call_link_is_dead(post->link))
        post->function(post->link, post->data);
    return G_SOURCE_REMOVE;
}

static void free_post(gpointer data)
{
    struct post *post = data;
    if (post->free_data)
        post->free_data(post->data);
    balint_call_link_unref(post->link);
    g_free(post);
}

void balint_call_link_post(struct balint_call_link *link, balint_post_fn function, void *data,
                           GDestroyNotify free_data)
{
    struct post *post = g_new(struct post, 1);
    *post = (struct post){balint_call_link_ref(link), function, data, free_data};
    GSource *source = g_idle_source_new();
    g_source_set_priority(source, G_PRIORITY_HIGH);
    g_source_set_callback(source, on_post, post, free_post);
    g_source_attach(source, link->config.context);
    g_source_unref(source);
}

/* ---- what webrtcbin says, posted to the owner */

static void tell_described(struct balint_call_link *link, void *data)
{
    link->config.events->described(link->config.user, link, data);
}

static void tell_candidate(struct balint_call_link *link, void *data)
{
    link->config.events->candidate(link->config.user, link, data);
}

static void tell_failed(struct balint_call_link *link, void *data)
{
    (void)data;
    link->config.events->failed(link->config.user, link);
}

void balint_call_link_tell_failed(struct balint_call_link *link)
{
    balint_call_link_post(link, tell_failed, NULL, NULL);
}

static void tell_forged(struct balint_call_link *link, void *data)
{
    (void)data;
    link->config.events->forged(link->config.user, link);
}

static void tell_open(struct balint_call_link *link, void *data)
{
    (void)data;
    if (link->told_open)
        return;
    if (!balint_verify_matched(link->verify)) { /* connected, and the check was never asked */
        tell_forged(link, NULL);
        return;
    }
    link->told_open = TRUE;
    link->config.events->open(link->config.user, link);
}

static void on_verified(void *user, gboolean matched)
{
    if (!matched)
        balint_call_link_post(user, tell_forged, NULL, NULL);
}

static void on_candidate(GstElement *webrtc, guint mline, char *line, gpointer data)
{
    struct balint_call_link *link = data;
    struct balint_candidate candidate;
    (void)webrtc;
    if (!balint_candidate_read(&candidate, line, (int)mline) || !balint_candidate_usable(&candidate))
        return;
    candidate.seat = link->config.seat;
    candidate.generation = link->config.generation;
    balint_call_link_post(link, tell_candidate, g_memdup2(&candidate, sizeof candidate), g_free);
}

/* `connected` here means ICE and DTLS are both through; the certificate was compared within DTLS. */
static void on_connection_state(GstElement *webrtc, GParamSpec *spec, gpointer data)
{
    GstWebRTCPeerConnectionState state;
    (void)spec;
    g_object_get(webrtc, "connection-state", &state, NULL);
    GST_INFO_OBJECT(webrtc, "connection state %d", state);
    if (state == GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTED)
        balint_call_link_post(data, tell_open, NULL, NULL);
    else if (state == GST_WEBRTC_PEER_CONNECTION_STATE_FAILED)
        balint_call_link_tell_failed(data);
}

/* ---- descriptions */

/* A promise answered: its description, which the caller frees, or NULL after having told that it failed. */
static GstWebRTCSessionDescription *take_description(struct balint_call_link *link, GstPromise *promise,
                                                     const char *field)
{
    GstWebRTCSessionDescription *description = NULL;
    const GstStructure *reply =
        gst_promise_wait(promise) == GST_PROMISE_RESULT_REPLIED ? gst_promise_get_reply(promise) : NULL;
    if (reply && gst_structure_has_field(reply, field))
        gst_structure_get(reply, field, GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &description, NULL);
    if (!description)
        balint_call_link_tell_failed(link);
    return description;
}

/* The promise is gone, after its callback: webrtcbin's thread is done with it. */
static void end_promise(gpointer data)
{
    struct balint_call_link *link = data;
    g_mutex_lock(&link->lock);
    link->promises--;
    g_cond_broadcast(&link->answered);
    g_mutex_unlock(&link->lock);
    balint_call_link_unref(link);
}

static GstPromise *promise_of(struct balint_call_link *link, GstPromiseChangeFunc function)
{
    g_mutex_lock(&link->lock);
    link->promises++;
    g_mutex_unlock(&link->lock);
    return gst_promise_new_with_change_func(function, balint_call_link_ref(link), end_promise);
}

static void on_local_set(GstPromise *promise, gpointer link)
{
    (void)link;
    gst_promise_unref(promise);
}

/* Our own description came out of webrtcbin: it is set, read into fields, and the owner sends those. */
static void on_created(GstPromise *promise, gpointer data)
{
    struct balint_call_link *link = data;
    enum balint_side side = link->config.offers ? BALINT_OFFER : BALINT_ANSWER;
    GstWebRTCSessionDescription *description =
        take_description(link, promise, side == BALINT_OFFER ? "offer" : "answer");
    if (description && !balint_call_link_is_dead(link)) {
        struct balint_sdp sdp = {.seat = link->config.seat, .generation = link->config.generation};
        g_autofree char *text = gst_sdp_message_as_text(description->sdp);
        if (balint_sdp_read(&sdp, side, text)) {
            g_signal_emit_by_name(link->webrtc, "set-local-description", description,
                                  promise_of(link, on_local_set));
            balint_call_link_post(link, tell_described, g_memdup2(&sdp, sizeof sdp), g_free);
        } else {
            balint_call_link_tell_failed(link);
        }
    }
    if (description)
        gst_webrtc_session_description_free(description);
    gst_promise_unref(promise);
}

static void on_remote_set(GstPromise *promise, gpointer data)
{
    struct balint_call_link *link = data;
    const GstStructure *reply =
        gst_promise_wait(promise) == GST_PROMISE_RESULT_REPLIED ? gst_promise_get_reply(promise) : NULL;
    if (reply && gst_structure_has_field(reply, "error"))
        balint_call_link_tell_failed(link);
    else if (!link->config.offers && !balint_call_link_is_dead(link))
        g_signal_emit_by_name(link->webrtc, "create-answer", NULL, promise_of(link, on_created));
    gst_promise_unref(promise);
}

void balint_call_link_describe(struct balint_call_link *link, const struct balint_sdp *sdp)
{
    enum balint_side side = link->config.offers ? BALINT_ANSWER : BALINT_OFFER;
    char text[BALINT_SDP_TEXT];
    GstSDPMessage *message = NULL;
    if (!balint_sdp_write(sdp, side, text, sizeof text) ||
        gst_sdp_message_new_from_text(text, &message) != GST_SDP_OK) {
        balint_call_link_tell_failed(link);
        return;
    }
    balint_verify_expect(link->verify, sdp->fingerprint);
    GstWebRTCSessionDescription *description = gst_webrtc_session_description_new(
        side == BALINT_OFFER ? GST_WEBRTC_SDP_TYPE_OFFER : GST_WEBRTC_SDP_TYPE_ANSWER, message);
    g_signal_emit_by_name(link->webrtc, "set-remote-description", description,
                          promise_of(link, on_remote_set));
    gst_webrtc_session_description_free(description);
}

void balint_call_link_candidate(struct balint_call_link *link, const struct balint_candidate *candidate)
{
    char line[BALINT_CANDIDATE_LINE];
    if (balint_candidate_write(candidate, line, sizeof line))
        g_signal_emit_by_name(link->webrtc, "add-ice-candidate", (guint)candidate->mline, line);
}

/* ---- the gates */

/* A picture that the network does not keep up with: the queue would drop one in the middle, and what follows
 * would be painted onto the wrong picture. */
static bool is_behind(const struct balint_branch *branch)
{
    guint64 waiting = 0;
    g_object_get(branch->queue, "current-level-time", &waiting, NULL);
    return waiting > QUEUE_MS * GST_MSECOND;
}

/* Pictures go on with a key frame after every gap. It is asked for again until it came: the one that was
 * asked for may have been dropped as well. */
static GstPadProbeReturn on_picture_leaving(struct balint_branch *branch, bool open, bool key)
{
    if (!open || is_behind(branch))
        branch->waits_for_key = true;
    else if (key)
        branch->waits_for_key = false;
    if (!branch->waits_for_key)
        return GST_PAD_PROBE_OK;
    gint64 now = g_get_monotonic_time();
    if (open && now - branch->asked_us > KEY_AGAIN_MS * G_TIME_SPAN_MILLISECOND) {
        branch->asked_us = now;
        balint_send_key_frame(branch->link->config.send);
    }
    return GST_PAD_PROBE_DROP;
}

static GstPadProbeReturn on_leaving(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
    struct balint_branch *branch = data;
    gint gates = g_atomic_int_get(&branch->link->gates);
    (void)pad;
    if (!branch->pictures)
        return gates & GATE_SENDS ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
    bool key = info->type & GST_PAD_PROBE_TYPE_BUFFER &&
               !GST_BUFFER_FLAG_IS_SET(GST_PAD_PROBE_INFO_BUFFER(info), GST_BUFFER_FLAG_DELTA_UNIT);
    return on_picture_leaving(branch, (gates & GATE_SENDS) && (gates & GATE_PICTURES), key);
}

void balint_call_link_gates(struct balint_call_link *link, struct balint_gates gates)
{
    gint bits = (link->told_open && !gates.silent ? GATE_SENDS : 0) | (gates.pictures ? GATE_PICTURES : 0) |
                (gates.hears || link->config.ungated ? GATE_HEARS : 0) |
                (gates.sees || link->config.ungated ? GATE_SEES : 0);
    gint before = g_atomic_int_get(&link->gates);
    g_atomic_int_set(&link->gates, bits);
    gint out = GATE_SENDS | GATE_PICTURES;
    if ((bits & out) == out && (before & out) != out)
        balint_send_key_frame(link->config.send);
}

/* ---- making it */

static const char *const encodings[BALINT_MEDIA] = {"OPUS", "VP8"};

static GstCaps *caps_of(const struct balint_call_link_config *config, int media)
{
    GstCaps *caps = gst_caps_new_simple(
        "application/x-rtp", "media", G_TYPE_STRING, media == BALINT_SOUND ? "audio" : "video",
        "encoding-name", G_TYPE_STRING, encodings[media], "clock-rate", G_TYPE_INT,
        media == BALINT_SOUND ? 48000 : 90000, "payload", G_TYPE_INT, config->payloads[media], NULL);
    if (media == BALINT_SOUND)
        gst_caps_set_simple(caps, "encoding-params", G_TYPE_STRING, "2", NULL);
    return caps;
}

/* The NiceAgent's habits: no UPnP, no TCP candidates (both cost seconds at the start), and keep-alives that
 * notice when nobody answers. */
static void set_agent(GstElement *webrtc)
{
    GObject *ice = NULL, *agent = NULL;
    g_object_get(webrtc, "ice-agent", &ice, NULL);
    if (ice)
        g_object_get(ice, "agent", &agent, NULL);
    if (agent)
        g_object_set(agent, "upnp", FALSE, "ice-tcp", FALSE, "keepalive-conncheck", TRUE, NULL);
    g_clear_object(&agent);
    g_clear_object(&ice);
}

/* RTCP once a second and not every five: it is the sign of life of somebody whose sources have ended, and the
 * watchdog waits five (negotiation.c). */
static void on_element(GstBin *webrtc, GstBin *parent, GstElement *element, gpointer data)
{
    GstElementFactory *factory = gst_element_get_factory(element);
    (void)webrtc;
    (void)parent;
    (void)data;
    if (factory && strcmp(GST_OBJECT_NAME(factory), "rtpsession") == 0)
        g_object_set(element, "rtcp-min-interval", GST_SECOND, NULL);
}

/* A sink pad of webrtcbin with its transceiver's codec set, so that an offer can be made at once. */
static GstPad *request_sink(GstElement *webrtc, int media, GstCaps *caps)
{
    GstPadTemplate *template = gst_element_get_pad_template(webrtc, "sink_%u");
    g_autofree char *name = g_strdup_printf("sink_%d", media);
    GstPad *pad = gst_element_request_pad(webrtc, template, name, caps);
    GstWebRTCRTPTransceiver *transceiver = NULL;
    g_object_get(pad, "transceiver", &transceiver, NULL);
    g_object_set(transceiver, "codec-preferences", caps, NULL);
    gst_object_unref(transceiver);
    return pad;
}

/* queue ! payloader ! webrtcbin inside the link's bin, with a ghost pad for the tee. */
static gboolean add_branch(struct balint_call_link *link, int media)
{
    struct balint_branch *branch = &link->branches[media];
    branch->link = link;
    branch->pictures = media == BALINT_PICTURES;
    branch->waits_for_key = true;
    branch->tee = branch->pictures ? link->config.send->video_tee : link->config.send->audio_tee;
    branch->queue = gst_element_factory_make("queue", NULL);
    branch->payloader = gst_element_factory_make(branch->pictures ? "rtpvp8pay" : "rtpopuspay", NULL);
    if (!branch->queue || !branch->payloader)
        return FALSE;
    gst_util_set_object_arg(G_OBJECT(branch->queue), "leaky", "downstream");
    /* Pictures are held back in front of the queue, which must not leak them. */
    g_object_set(branch->queue, "max-size-time", (branch->pictures ? 4 : 1) * QUEUE_MS * GST_MSECOND,
                 "max-size-buffers", 0, "max-size-bytes", 0, NULL);
    g_object_set(branch->payloader, "pt", link->config.payloads[media], NULL);
    if (branch->pictures)
        gst_util_set_object_arg(G_OBJECT(branch->payloader), "picture-id-mode", "15-bit");
    gst_bin_add_many(GST_BIN(link->bin), branch->queue, branch->payloader, NULL);

    GstCaps *caps = caps_of(&link->config, media);
    GstPad *sink = request_sink(link->webrtc, media, caps);
    GstPad *source = gst_element_get_static_pad(branch->payloader, "src");
    GstPad *target = gst_element_get_static_pad(branch->queue, "sink");
    gboolean linked =
        gst_element_link(branch->queue, branch->payloader) && gst_pad_link(source, sink) == GST_PAD_LINK_OK;
    gst_element_add_pad(link->bin, gst_ghost_pad_new(branch->pictures ? "video" : "audio", target));
    gst_object_unref(target);
    gst_object_unref(source);
    gst_object_unref(sink);
    gst_caps_unref(caps);
    return linked;
}

static void connect_tee(struct balint_call_link *link, int media)
{
    struct balint_branch *branch = &link->branches[media];
    GstPad *sink = gst_element_get_static_pad(link->bin, branch->pictures ? "video" : "audio");
    branch->tee_pad = gst_element_request_pad_simple(branch->tee, "src_%u");
    gst_pad_add_probe(branch->tee_pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_leaving,
                      branch, NULL);
    gst_pad_link(branch->tee_pad, sink);
    gst_object_unref(sink);
}

static void unref_link_closure(gpointer link)
{
    balint_call_link_unref(link);
}

/* Sound never waits for pictures: rtpbin would delay it by as much as the pictures of the same person are
 * late, a second at one picture a second, which no mixer waits for. */
static void part_sound_from_pictures(GstElement *webrtc)
{
    GstElement *bin = gst_bin_get_by_name(GST_BIN(webrtc), "rtpbin");
    if (bin != NULL)
        g_object_set(bin, "min-ts-offset", (guint64)G_MAXINT64, NULL); /* no offset is that large */
    gst_clear_object(&bin);
}

struct balint_call_link *balint_call_link_new(const struct balint_call_link_config *config)
{
    GstElement *webrtc = gst_element_factory_make("webrtcbin", NULL);
    if (!webrtc)
        return NULL;
    struct balint_call_link *link = g_new0(struct balint_call_link, 1);
    link->refs = 1;
    link->config = *config;
    g_main_context_ref(config->context);
    g_mutex_init(&link->lock);
    g_cond_init(&link->answered);
    g_autofree char *name =
        g_strdup_printf("link-%d-%" G_GINT64_FORMAT, config->seat, (gint64)config->generation);
    link->bin = gst_object_ref_sink(gst_bin_new(name));
    link->webrtc = gst_object_ref(webrtc);
    /* Who finds the bin on the bus finds the link; both references end with balint_call_link_end. */
    g_object_set_data_full(G_OBJECT(link->bin), "balint-link", balint_call_link_ref(link),
                           unref_link_closure);
    gst_util_set_object_arg(G_OBJECT(webrtc), "bundle-policy", "max-bundle");
    g_object_set(webrtc, "latency", config->latency_ms, NULL);
    set_agent(webrtc);
    part_sound_from_pictures(webrtc);
    gst_bin_add(GST_BIN(link->bin), webrtc);
    link->verify = balint_verify_new(webrtc, on_verified, link);
    g_signal_connect(webrtc, "deep-element-added", G_CALLBACK(on_element), link);
    g_signal_connect(webrtc, "on-ice-candidate", G_CALLBACK(on_candidate), link);
    g_signal_connect(webrtc, "notify::connection-state", G_CALLBACK(on_connection_state), link);
    g_signal_connect(webrtc, "pad-added", G_CALLBACK(balint_call_link_on_pad), link);

    gst_bin_add(config->bin, link->bin);
    if (!add_branch(link, BALINT_SOUND) || !add_branch(link, BALINT_PICTURES)) {
        balint_call_link_end(link);
        return NULL;
    }
    gst_element_sync_state_with_parent(link->bin);
    connect_tee(link, BALINT_SOUND);
    connect_tee(link, BALINT_PICTURES);
    if (config->offers)
        g_signal_emit_by_name(webrtc, "create-offer", NULL, promise_of(link, on_created));
    return link;
}

int balint_call_link_seat(const struct balint_call_link *link)
{
    return link->config.seat;
}

int64_t balint_call_link_generation(const struct balint_call_link *link)
{
    return link->config.generation;
}

gint64 balint_call_link_media_us(struct balint_call_link *link)
{
    return balint_verify_media_us(link->verify);
}
