/* voice_far.c - the far end of balintvoice: it never blocks a call and always counts in a file. */
#include <gst/audio/audio.h>
#include <gst/check/gstharness.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "element/voice_support.h"

/* A silent person's microphone with the others in it, from files, as fast as it goes: the same every time,
 * and none of it counts. */
static void a_file_with_its_far_end_is_deterministic(void **unused)
{
    (void)unused;
    char folder[] = "/tmp/balint-voice-XXXXXX";
    assert_non_null(mkdtemp(folder));
    float *far = g_new0(float, LENGTH), *mic = g_new0(float, LENGTH);
    circle_others(&circle, CIRCLE_PEOPLE - 1, far);
    leak_add(mic, far, LENGTH, 25, 80);
    sound_add(mic, LENGTH, SOUND_PINK, 30, 5);
    char *mic_path = g_strdup_printf("%s/mic.wav", folder), *far_path = g_strdup_printf("%s/far.wav", folder);
    write_wav(mic_path, mic, 1);
    write_wav(far_path, far, 1);
    char *alone = g_strdup_printf(
        "filesrc location=%s ! wavparse ! audioconvert ! audioresample ! balintvoice name=v ! "
        "fakesink sync=false",
        mic_path);
    struct told without = told_by_pipeline(alone);
    assert_true(without.spans > 0);
    for (int i = 0; i < 5; i++) { /* the far end in small and in large blocks, before and after */
        static const int blocks[] = {4096, 100, 65536, 4000, 1 << 20};
        char *text = g_strdup_printf("%s filesrc location=%s blocksize=%d ! wavparse ! audioconvert ! "
                                     "audioresample ! audio/x-raw,rate=%d ! v.far",
                                     alone, far_path, blocks[i], i % 2 ? 16000 : 48000);
        struct told told = told_by_pipeline(text);
        assert_int_equal(told.spans, 0);
        g_free(text);
    }
    unlink(mic_path);
    unlink(far_path);
    rmdir(folder);
    g_free(alone);
    g_free(mic_path);
    g_free(far_path);
    g_free(far);
    g_free(mic);
}

static GstPad *link_far(GstHarness *h, GstPad **source)
{
    GstPad *far = gst_element_request_pad_simple(h->element, "far");
    assert_non_null(far);
    *source = gst_pad_new("source", GST_PAD_SRC);
    gst_pad_set_active(*source, TRUE);
    assert_int_equal(gst_pad_link(*source, far), GST_PAD_LINK_OK);
    return far;
}

static void unlink_far(GstHarness *h, GstPad *far, GstPad *source)
{
    gst_pad_set_active(source, FALSE);
    gst_pad_unlink(source, far);
    gst_element_release_request_pad(h->element, far);
    gst_object_unref(far);
    gst_object_unref(source);
}

/* A loudspeaker that has nothing to say, in a live pipeline: nobody waits for it. */
static void a_live_microphone_never_waits(void **unused)
{
    (void)unused;
    struct told told = {0};
    GstPad *source;
    GstHarness *h = gst_harness_new("balintvoice");
    GstBus *bus = gst_bus_new();
    gst_element_set_bus(h->element, bus);
    gst_object_unref(bus);
    gst_harness_set_live(h, TRUE);
    gst_harness_set_src_caps_str(h, S16);
    GstPad *far = link_far(h, &source);
    gint64 before = g_get_monotonic_time();
    push(h, speech, LENGTH, 2, 16000, 160, 0);
    gst_harness_push_event(h, gst_event_new_eos());
    read_bus(h->element, &told);
    assert_true(told.spans >= 2);
    assert_true(g_get_monotonic_time() - before < 4 * G_USEC_PER_SEC);
    unlink_far(h, far, source);
    gst_harness_teardown(h);
}

/* In a call the far end comes 100 ms after the microphone's sound of the same timestamp, and is played later
 * still. It counts all the same. */
static void a_late_far_end_still_counts(void **unused)
{
    (void)unused;
    struct told told = {0};
    GstPad *source;
    GstHarness *h = harness(S16);
    GstPad *far = link_far(h, &source);
    float *others = g_new0(float, LENGTH), *room = g_new0(float, LENGTH);
    int16_t *played = g_new(int16_t, LENGTH), *mic = g_new(int16_t, LENGTH);
    circle_others(&circle, CIRCLE_PEOPLE - 1, others);
    leak_add(room, others, LENGTH, 25, 180);
    sound_add(room, LENGTH, SOUND_PINK, 30, 5);
    for (size_t i = 0; i < LENGTH; i++) {
        played[i] = (int16_t)lrint(others[i] * 32767);
        mic[i] = (int16_t)lrint(room[i] * 32767);
    }
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_TIME);
    GstCaps *caps = gst_caps_from_string(S16);
    gst_pad_push_event(source, gst_event_new_stream_start("far"));
    gst_pad_push_event(source, gst_event_new_caps(caps));
    gst_pad_push_event(source, gst_event_new_segment(&segment));
    for (size_t at = 0; at + 320 <= LENGTH; at += 320) {
        push(h, mic + at, 320, 2, 16000, 160, gst_util_uint64_scale(at, GST_SECOND, 16000));
        if (at < 1600)
            continue;
        GstBuffer *buffer = gst_buffer_new_memdup(played + at - 1600, 640);
        GST_BUFFER_PTS(buffer) = gst_util_uint64_scale(at - 1600, GST_SECOND, 16000);
        assert_int_equal(gst_pad_push(source, buffer), GST_FLOW_OK);
    }
    gst_harness_push_event(h, gst_event_new_eos());
    read_bus(h->element, &told);
    assert_int_equal(told.spans, 0);
    unlink_far(h, far, source);
    gst_caps_unref(caps);
    gst_harness_teardown(h);
    g_free(others);
    g_free(room);
    g_free(played);
    g_free(mic);
}

/* Live again, the other way round: a loudspeaker far ahead of the microphone is not held up either. */
static void a_live_loudspeaker_never_waits(void **unused)
{
    (void)unused;
    GstPad *source;
    GstHarness *h = gst_harness_new("balintvoice");
    gst_harness_set_live(h, TRUE);
    gst_harness_set_src_caps_str(h, S16);
    GstPad *far = link_far(h, &source);
    push(h, speech, 160, 2, 16000, 160, 0);
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_TIME);
    GstCaps *caps = gst_caps_from_string(S16);
    gst_pad_push_event(source, gst_event_new_stream_start("far"));
    gst_pad_push_event(source, gst_event_new_caps(caps));
    gst_pad_push_event(source, gst_event_new_segment(&segment));
    gst_caps_unref(caps);
    gint64 before = g_get_monotonic_time();
    for (size_t at = 0; at < LENGTH; at += 1600) {
        GstBuffer *buffer = gst_buffer_new_memdup(speech + at, 3200);
        GST_BUFFER_PTS(buffer) = gst_util_uint64_scale(at, GST_SECOND, 16000);
        assert_int_equal(gst_pad_push(source, buffer), GST_FLOW_OK);
    }
    assert_true(g_get_monotonic_time() - before < 4 * G_USEC_PER_SEC);
    unlink_far(h, far, source);
    gst_harness_teardown(h);
}

static gpointer release_soon(gpointer user_data)
{
    g_usleep(50000);
    gst_pad_send_event(user_data, gst_event_new_eos());
    return NULL;
}

/* A microphone's file that waits for the far end goes on when that ends. */
static void the_end_of_the_far_end_lets_the_microphone_go_on(void **unused)
{
    (void)unused;
    struct told told = {0};
    GstPad *source;
    GstHarness *h = harness(S16);
    gst_harness_set_live(h, FALSE);
    GstPad *far = link_far(h, &source);
    gst_pad_push_event(source, gst_event_new_stream_start("far"));
    GThread *thread = g_thread_new("end", release_soon, far);
    gint64 before = g_get_monotonic_time();
    push(h, speech, LENGTH, 2, 16000, 160, 0);
    assert_true(g_get_monotonic_time() - before >= 40000);
    assert_true(g_get_monotonic_time() - before < 4 * G_USEC_PER_SEC);
    g_thread_join(thread);
    gst_harness_push_event(h, gst_event_new_eos());
    read_bus(h->element, &told);
    assert_true(told.spans >= 2);
    unlink_far(h, far, source);
    gst_harness_teardown(h);
}

static void there_is_one_far_end_and_it_can_come_back(void **unused)
{
    (void)unused;
    GstHarness *h = harness(S16);
    GstPadTemplate *template = gst_element_get_pad_template(h->element, "far");
    for (int i = 0; i < 20; i++) {
        GstPad *far = gst_element_request_pad(h->element, template, NULL, NULL);
        assert_non_null(far);
        assert_null(gst_element_request_pad(h->element, template, NULL, NULL));
        push(h, speech + i * 160, 160, 2, 16000, 160, (GstClockTime)i * 10 * GST_MSECOND);
        gst_element_release_request_pad(h->element, far);
        gst_object_unref(far);
    }
    gst_harness_teardown(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_with_its_far_end_is_deterministic),
        cmocka_unit_test(a_live_microphone_never_waits),
        cmocka_unit_test(a_late_far_end_still_counts),
        cmocka_unit_test(a_live_loudspeaker_never_waits),
        cmocka_unit_test(the_end_of_the_far_end_lets_the_microphone_go_on),
        cmocka_unit_test(there_is_one_far_end_and_it_can_come_back),
    };
    return cmocka_run_group_tests(tests, voice_setup, voice_teardown);
}
