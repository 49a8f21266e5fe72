/* call_verify.c - the certificate's check alone, under two webrtcbins that nobody tears down.
 *
 * In the call a mismatch also ends the link within milliseconds; here it does not, so that what is tested is
 * the check itself: with a wrong fingerprint on either side the handshake never comes to its end at the far
 * end, and no SRTP leaves either end, however long it waits.
 */
#include "call/candidate.h"
#include "call/sdp.h"
#include "call/verify.h"
#include "fakes/wsclient.h" /* balint_test_ms */

#include <gst/sdp/sdp.h>
#include <string.h>

#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define WAIT_MS 20000

struct end {
    GstElement *webrtc;
    struct balint_verify *verify;
    struct end *other;
    enum balint_side side;
    bool forged;              /* the other side's fingerprint is changed on its way to us */
    bool mute;                /* the check is never asked */
    gint matched, mismatched; /* atomic: what the check said */
    gint sent_srtp;           /* atomic: what passed nicesink's pad */
    gint connected;           /* atomic: DTLS is through here */
};

static void on_verified(void *user, gboolean matched)
{
    struct end *end = user;
    g_atomic_int_inc(matched ? &end->matched : &end->mismatched);
}

static void count(struct end *end, GstBuffer *buffer)
{
    guint8 first = 0;
    gst_buffer_extract(buffer, 0, &first, 1);
    if (first >= 128 && first <= 191)
        g_atomic_int_inc(&end->sent_srtp);
}

static GstPadProbeReturn on_sent(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
    (void)pad;
    if (info->type & GST_PAD_PROBE_TYPE_BUFFER) {
        count(data, GST_PAD_PROBE_INFO_BUFFER(info));
    } else {
        GstBufferList *list = GST_PAD_PROBE_INFO_BUFFER_LIST(info);
        for (guint i = 0; i < gst_buffer_list_length(list); i++)
            count(data, gst_buffer_list_get(list, i));
    }
    return GST_PAD_PROBE_OK;
}

static void on_element(GstBin *webrtc, GstBin *parent, GstElement *element, gpointer data)
{
    GstElementFactory *factory = gst_element_get_factory(element);
    struct end *end = data;
    (void)webrtc;
    (void)parent;
    if (factory && end->mute && strcmp(GST_OBJECT_NAME(factory), "dtlsdec") == 0)
        g_signal_handlers_block_matched(element, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, end->verify);
    if (!factory || strcmp(GST_OBJECT_NAME(factory), "nicesink") != 0)
        return;
    GstPad *pad = gst_element_get_static_pad(element, "sink");
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_sent, end, NULL);
    gst_object_unref(pad);
}

static void on_candidate(GstElement *webrtc, guint mline, char *line, gpointer data)
{
    struct end *end = data;
    struct balint_candidate candidate;
    (void)webrtc;
    if (balint_candidate_read(&candidate, line, (int)mline) && balint_candidate_usable(&candidate))
        g_signal_emit_by_name(end->other->webrtc, "add-ice-candidate", mline, line);
}

static void on_state(GstElement *webrtc, GParamSpec *spec, gpointer data)
{
    GstWebRTCPeerConnectionState state;
    (void)spec;
    g_object_get(webrtc, "connection-state", &state, NULL);
    if (state == GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTED)
        g_atomic_int_set(&((struct end *)data)->connected, 1);
}

static void hand_over(struct end *from, const struct balint_sdp *sdp);

static void on_created(GstPromise *promise, gpointer data)
{
    struct end *end = data;
    GstWebRTCSessionDescription *description = NULL;
    struct balint_sdp sdp = {.generation = 1};
    gst_promise_wait(promise);
    gst_structure_get(gst_promise_get_reply(promise), end->side == BALINT_OFFER ? "offer" : "answer",
                      GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &description, NULL);
    g_signal_emit_by_name(end->webrtc, "set-local-description", description, NULL);
    g_autofree char *text = gst_sdp_message_as_text(description->sdp);
    assert_true(balint_sdp_read(&sdp, end->side, text));
    gst_webrtc_session_description_free(description);
    gst_promise_unref(promise);
    hand_over(end, &sdp);
}

static void hand_over(struct end *from, const struct balint_sdp *sdp)
{
    struct end *to = from->other;
    struct balint_sdp seen = *sdp;
    char text[BALINT_SDP_TEXT];
    GstSDPMessage *message = NULL;
    if (to->forged)
        seen.fingerprint[0] = seen.fingerprint[0] == '0' ? '1' : '0';
    assert_true(balint_sdp_write(&seen, from->side, text, sizeof text));
    assert_int_equal(gst_sdp_message_new_from_text(text, &message), GST_SDP_OK);
    balint_verify_expect(to->verify, seen.fingerprint);
    GstWebRTCSessionDescription *description = gst_webrtc_session_description_new(
        from->side == BALINT_OFFER ? GST_WEBRTC_SDP_TYPE_OFFER : GST_WEBRTC_SDP_TYPE_ANSWER, message);
    g_signal_emit_by_name(to->webrtc, "set-remote-description", description, NULL);
    gst_webrtc_session_description_free(description);
    if (to->side == BALINT_ANSWER)
        g_signal_emit_by_name(to->webrtc, "create-answer", NULL,
                              gst_promise_new_with_change_func(on_created, to, NULL));
}

static void add_sending(GstBin *pipeline, GstElement *webrtc, const char *description, const char *sink)
{
    GstElement *sending = gst_parse_bin_from_description(description, TRUE, NULL);
    gst_bin_add(pipeline, sending);
    assert_true(gst_element_link_pads(sending, "src", webrtc, sink));
}

static void make_end(struct end *end, GstBin *pipeline)
{
    end->webrtc = gst_element_factory_make("webrtcbin", NULL);
    gst_util_set_object_arg(G_OBJECT(end->webrtc), "bundle-policy", "max-bundle");
    end->verify = balint_verify_new(end->webrtc, on_verified, end);
    g_signal_connect(end->webrtc, "deep-element-added", G_CALLBACK(on_element), end);
    g_signal_connect(end->webrtc, "on-ice-candidate", G_CALLBACK(on_candidate), end);
    g_signal_connect(end->webrtc, "notify::connection-state", G_CALLBACK(on_state), end);
    gst_bin_add(pipeline, end->webrtc);
    add_sending(
        pipeline, end->webrtc,
        "audiotestsrc is-live=true ! opusenc ! rtpopuspay pt=111 ! "
        "application/x-rtp,media=audio,encoding-name=OPUS,payload=111,clock-rate=48000,encoding-params=\"2\"",
        "sink_0");
    add_sending(
        pipeline, end->webrtc,
        "videotestsrc is-live=true ! video/x-raw,width=160,height=90,framerate=15/1 ! vp8enc deadline=1 ! "
        "rtpvp8pay pt=96 ! application/x-rtp,media=video,encoding-name=VP8,payload=96,clock-rate=90000",
        "sink_1");
}

static bool wait_for(gint *atomic, int wanted)
{
    int64_t until = balint_test_ms() + WAIT_MS;
    while (g_atomic_int_get(atomic) < wanted && balint_test_ms() < until)
        g_usleep(5000);
    return g_atomic_int_get(atomic) >= wanted;
}

static void sleep_ms(int ms)
{
    int64_t until = balint_test_ms() + ms;
    while (balint_test_ms() < until)
        g_usleep(20000);
}

static void check_true(struct end *offerer, struct end *answerer)
{
    assert_true(wait_for(&offerer->sent_srtp, 50));
    assert_true(wait_for(&answerer->sent_srtp, 50));
    assert_true(offerer->connected && answerer->connected);
    assert_int_equal(offerer->matched, 1);
    assert_int_equal(answerer->matched, 1);
}

/* For three seconds after the check has spoken: DTLS would resend its last flight twice (RFC 6347 §4.2.4.1:
 * after 1 s, doubling). The answerer is DTLS client and sees a certificate first. */
static void check_forged(struct end *offerer, struct end *answerer)
{
    struct end *sees = answerer->forged ? answerer : offerer;
    assert_true(wait_for(&sees->mismatched, 1));
    sleep_ms(3000);
    assert_int_equal(sees->other->connected, 0); /* its handshake never ends */
    assert_int_equal(offerer->sent_srtp, 0);
    assert_int_equal(answerer->sent_srtp, 0);
    assert_int_equal(sees->matched, 0);
}

/* Both have keys and want to send; nobody has said that the certificate fits. */
static void check_mute(struct end *offerer, struct end *answerer)
{
    assert_true(wait_for(&offerer->connected, 1));
    assert_true(wait_for(&answerer->connected, 1));
    sleep_ms(1500);
    assert_int_equal(offerer->sent_srtp, 0);
    assert_int_equal(answerer->sent_srtp, 0);
}

static void run(struct end offerer, struct end answerer, void (*check)(struct end *, struct end *))
{
    offerer.side = BALINT_OFFER;
    offerer.other = &answerer;
    answerer.side = BALINT_ANSWER;
    answerer.other = &offerer;
    GstElement *pipeline = gst_pipeline_new(NULL);
    make_end(&offerer, GST_BIN(pipeline));
    make_end(&answerer, GST_BIN(pipeline));
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    g_signal_emit_by_name(offerer.webrtc, "create-offer", NULL,
                          gst_promise_new_with_change_func(on_created, &offerer, NULL));
    check(&offerer, &answerer);
    balint_verify_stop(offerer.verify);
    balint_verify_stop(answerer.verify);
    gst_element_set_state(pipeline, GST_STATE_NULL);
    balint_verify_free(offerer.verify);
    balint_verify_free(answerer.verify);
    gst_object_unref(pipeline);
}

static void true_certificates(void **state)
{
    (void)state;
    run((struct end){0}, (struct end){0}, check_true);
}

static void the_client_sees_a_forged_one(void **state)
{
    (void)state;
    run((struct end){0}, (struct end){.forged = true}, check_forged);
}

static void the_server_sees_a_forged_one(void **state)
{
    (void)state;
    run((struct end){.forged = true}, (struct end){0}, check_forged);
}

static void both_see_forged_ones(void **state)
{
    (void)state;
    run((struct end){.forged = true}, (struct end){.forged = true}, check_forged);
}

static void a_check_that_never_speaks_lets_nothing_pass(void **state)
{
    (void)state;
    run((struct end){.mute = true}, (struct end){.mute = true}, check_mute);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(true_certificates),
        cmocka_unit_test(the_client_sees_a_forged_one),
        cmocka_unit_test(the_server_sees_a_forged_one),
        cmocka_unit_test(both_see_forged_ones),
        cmocka_unit_test(a_check_that_never_speaks_lets_nothing_pass),
    };
    gst_init(&argc, &argv);
    return cmocka_run_group_tests_name("call_verify", tests, NULL, NULL);
}
