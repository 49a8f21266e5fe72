/* call_wire.c - what somebody on the line can see of a microphone: packets of one size at one rhythm, whether
 * its person speaks, is silent, is muted or has stepped back (RFC 6562: sizes of variable-rate speech give
 * words away).
 *
 * Counted beside nicesink, where packets are as the network gets them; SRTP leaves the payload type readable.
 */
#include "fakes/circle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define OPUS_PAYLOAD 111
#define PACKETS      150
#define SETTLE       30 /* packets that were under way when something changed */
#define FRAME_US     20000

enum { ANN, BEN };

struct tap {
    GMutex lock;
    gsize smallest, largest;
    int count;
    gint64 first_us, last_us;
};
static struct tap tap;

static void look(GstBuffer *buffer)
{
    guint8 head[2] = {0, 0};
    gsize size = gst_buffer_get_size(buffer);
    gst_buffer_extract(buffer, 0, head, sizeof head);
    if (head[0] < 128 || head[0] > 191 || (head[1] & 0x7f) != OPUS_PAYLOAD)
        return;
    g_mutex_lock(&tap.lock);
    tap.last_us = g_get_monotonic_time();
    if (tap.count++ == 0) {
        tap.smallest = size;
        tap.first_us = tap.last_us;
    }
    tap.smallest = MIN(tap.smallest, size);
    tap.largest = MAX(tap.largest, size);
    g_mutex_unlock(&tap.lock);
}

static GstPadProbeReturn on_sent(GstPad *pad, GstPadProbeInfo *info, gpointer unused)
{
    (void)pad;
    (void)unused;
    if (info->type & GST_PAD_PROBE_TYPE_BUFFER) {
        look(GST_PAD_PROBE_INFO_BUFFER(info));
        return GST_PAD_PROBE_OK;
    }
    GstBufferList *list = GST_PAD_PROBE_INFO_BUFFER_LIST(info);
    for (guint i = 0; i < gst_buffer_list_length(list); i++)
        look(gst_buffer_list_get(list, i));
    return GST_PAD_PROBE_OK;
}

static void on_element(GstBin *pipeline, GstBin *parent, GstElement *element, gpointer unused)
{
    GstElementFactory *factory = gst_element_get_factory(element);
    (void)pipeline;
    (void)parent;
    (void)unused;
    if (!factory || strcmp(GST_OBJECT_NAME(factory), "nicesink") != 0)
        return;
    GstPad *pad = gst_element_get_static_pad(element, "sink");
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_sent, NULL, NULL);
    gst_object_unref(pad);
}

static struct tap tapped(void)
{
    g_mutex_lock(&tap.lock);
    struct tap now = tap;
    g_mutex_unlock(&tap.lock);
    return now;
}

static gboolean has_sent(struct balint_caller *caller, int packets)
{
    (void)caller;
    return tapped().count >= packets;
}

static void clear(void)
{
    g_mutex_lock(&tap.lock);
    tap.count = 0;
    tap.smallest = tap.largest = 0;
    g_mutex_unlock(&tap.lock);
}

/* What leaves while it is as `what` says. Returns the size of every packet. */
static gsize leaves(struct balint_caller *caller, const char *what)
{
    clear();
    assert_true(balint_caller_until(caller, has_sent, SETTLE, BALINT_CIRCLE_MS));
    clear();
    assert_true(balint_caller_until(caller, has_sent, PACKETS, BALINT_CIRCLE_MS));
    struct tap now = tapped();
    double rhythm = (double)(now.last_us - now.first_us) / (now.count - 1);
    print_message("%-13s %zu to %zu bytes, every %.2f ms\n", what, now.smallest, now.largest, rhythm / 1000);
    assert_int_equal(now.smallest, now.largest);
    assert_true(rhythm > 0.95 * FRAME_US && rhythm < 1.05 * FRAME_US);
    return now.smallest;
}

static GstElement *microphone_of(struct balint_caller *caller)
{
    GstIterator *sources = gst_bin_iterate_sources(GST_BIN(caller->pipeline));
    GstElement *found = NULL;
    GValue item = G_VALUE_INIT;
    while (gst_iterator_next(sources, &item) == GST_ITERATOR_OK) {
        GstElement *source = g_value_get_object(&item);
        if (strcmp(GST_OBJECT_NAME(gst_element_get_factory(source)), "audiotestsrc") == 0)
            found = source;
        g_value_reset(&item);
    }
    g_value_unset(&item);
    gst_iterator_free(sources);
    return found;
}

static void silence_speech_and_mute_look_alike(void **state)
{
    struct balint_circle circle;
    struct balint_caller *callers[2];
    (void)state;
    balint_circle_begin(&circle, 2);
    callers[ANN] = balint_circle_caller(&circle, ANN, NULL);
    assert_true(balint_caller_until(callers[ANN], balint_caller_is_ready, 0, BALINT_CIRCLE_MS));
    callers[BEN] = balint_caller_new(circle.links[BEN], NULL, 400, circle.devices[BEN]);
    g_signal_connect(callers[BEN]->pipeline, "deep-element-added", G_CALLBACK(on_element), NULL);
    balint_caller_start(callers[BEN]);
    assert_true(balint_caller_until(callers[BEN], balint_caller_is_ready, 0, BALINT_CIRCLE_MS));
    balint_circle_complete(callers, 2);

    GstElement *microphone = microphone_of(callers[BEN]);
    gsize size = leaves(callers[BEN], "a tone");
    gst_util_set_object_arg(G_OBJECT(microphone), "wave", "pink-noise");
    assert_int_equal(leaves(callers[BEN], "noise"), size);
    gst_util_set_object_arg(G_OBJECT(microphone), "wave", "ticks");
    assert_int_equal(leaves(callers[BEN], "bursts"), size);
    gst_util_set_object_arg(G_OBJECT(microphone), "wave", "silence");
    assert_int_equal(leaves(callers[BEN], "silence"), size);
    gst_util_set_object_arg(G_OBJECT(microphone), "wave", "sine");
    assert_true(balint_caller_act(callers[BEN], "mute", -1, 1));
    assert_int_equal(leaves(callers[BEN], "muted"), size);
    assert_true(balint_caller_act(callers[BEN], "mute", -1, 0));
    assert_true(balint_caller_tell_a_case(callers[ANN], callers[BEN], BEN));
    assert_true(balint_caller_act(callers[ANN], "step-back", -1, BALINT_ASIDE));
    assert_true(balint_caller_until(callers[BEN], balint_caller_is_back, TRUE, BALINT_CIRCLE_MS));
    assert_int_equal(leaves(callers[BEN], "stepped back"), size);
    for (int i = 0; i < 2; i++)
        balint_caller_free(callers[i]);
    balint_circle_end(&circle);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(silence_speech_and_mute_look_alike),
    };
    balint_caller_setup(&argc, &argv);
    return cmocka_run_group_tests_name("call_wire", tests, NULL, NULL);
}
