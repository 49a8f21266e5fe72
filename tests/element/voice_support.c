/* voice_support.c - see voice_support.h. */
#include "element/voice_support.h"

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

#include "voice/balintvoice.h"

static struct voice voices[4];
static int voice_count;
struct circle circle;
int16_t speech[LENGTH];

int voice_setup(void **unused)
{
    (void)unused;
    alarm(120);
    gst_init(NULL, NULL);
    gst_element_register(NULL, "balintvoice", GST_RANK_NONE, BALINT_TYPE_VOICE);
    voice_count = voices_synthetic(voices, 4, false);
    if (voice_count < 4 || !circle_make(&circle, voices, voice_count, SECONDS, 9)) {
        print_error("espeak-ng is needed (Debian: espeak-ng)\n");
        return -1;
    }
    for (size_t i = 0; i < LENGTH; i++)
        speech[i] = (int16_t)lrint(circle.people[0].clean[i] * 32767);
    return 0;
}

int voice_teardown(void **unused)
{
    (void)unused;
    circle_free(&circle);
    voices_free(voices, voice_count);
    return 0;
}

/* ---- a harness with a bus */

GstHarness *harness(const char *caps)
{
    GstHarness *h = gst_harness_new("balintvoice");
    GstBus *bus = gst_bus_new();
    gst_element_set_bus(h->element, bus);
    gst_object_unref(bus);
    gst_harness_set_src_caps_str(h, caps);
    return h;
}

void read_bus(GstElement *element, struct told *told)
{
    GstBus *bus = gst_element_get_bus(element);
    GstMessage *message;

    while ((message = gst_bus_pop_filtered(bus, GST_MESSAGE_ELEMENT)) != NULL) {
        const GstStructure *s = gst_message_get_structure(message);
        if (gst_structure_has_name(s, "balint-voice-span")) {
            assert_true(told->spans < 32);
            assert_true(gst_structure_get_uint64(s, "start-ns", &told->start[told->spans]));
            assert_true(gst_structure_get_uint64(s, "end-ns", &told->end[told->spans]));
            assert_true(told->start[told->spans] < told->end[told->spans]);
            told->spans++;
            told->last_is_state = FALSE;
        } else if (gst_structure_has_name(s, "balint-voice-state")) {
            assert_true(gst_structure_get_boolean(s, "speaking", &told->speaking));
            assert_true(gst_structure_get_uint64(s, "since-ns", &told->since));
            told->states++;
            told->last_is_state = TRUE;
        }
        gst_message_unref(message);
    }
    gst_object_unref(bus);
}

GstClockTime push(GstHarness *h, const void *samples, size_t count, size_t size, int rate, size_t chunk,
                  GstClockTime at)
{
    for (size_t done = 0; done < count; done += chunk) {
        size_t part = MIN(chunk, count - done);
        GstBuffer *buffer = gst_buffer_new_memdup((const char *)samples + done * size, part * size);
        GST_BUFFER_PTS(buffer) = at + gst_util_uint64_scale(done, GST_SECOND, (guint64)rate);
        assert_int_equal(gst_harness_push(h, buffer), GST_FLOW_OK);
    }
    return at + gst_util_uint64_scale(count, GST_SECOND, (guint64)rate);
}

struct told told_of(const char *caps, const void *samples, size_t count, size_t size, int rate, size_t chunk,
                    GstClockTime at)
{
    struct told told = {0};
    GstHarness *h = harness(caps);
    push(h, samples, count, size, rate, chunk, at);
    gst_harness_push_event(h, gst_event_new_eos());
    read_bus(h->element, &told);
    gst_harness_teardown(h);
    return told;
}

void assert_same_spans(const struct told *a, const struct told *b, GstClockTime later, guint64 within)
{
    assert_int_equal(a->spans, b->spans);
    for (int i = 0; i < a->spans; i++) {
        assert_true(llabs((long long)(a->start[i] + later) - (long long)b->start[i]) <= (long long)within);
        assert_true(llabs((long long)(a->end[i] + later) - (long long)b->end[i]) <= (long long)within);
    }
}

void write_wav(const char *path, const float *samples, double gain)
{
    int16_t *data = g_new(int16_t, LENGTH);
    guint32 size = (guint32)(LENGTH * 2);
    for (size_t i = 0; i < LENGTH; i++)
        data[i] = (int16_t)lrint(samples[i] * gain * 32767);
    guint8 head[44] = "RIFF....WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\x3e\0\0\0\x7d\0\0\x02\0\x10\0data";
    GST_WRITE_UINT32_LE(head + 4, size + 36);
    GST_WRITE_UINT32_LE(head + 40, size);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fwrite(head, 1, sizeof head, file);
    fwrite(data, 2, LENGTH, file);
    fclose(file);
    g_free(data);
}

struct told told_by_pipeline(const char *text)
{
    struct told told = {0};
    GError *error = NULL;
    GstElement *pipeline = gst_parse_launch(text, &error);
    assert_null(error);
    GstBus *bus = gst_element_get_bus(pipeline);
    GstElement *voice = gst_bin_get_by_name(GST_BIN(pipeline), "v");
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    for (gboolean over = FALSE; !over;) {
        GstMessage *message = gst_bus_timed_pop_filtered(
            bus, 60 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_ELEMENT);
        assert_non_null(message);
        assert_true(GST_MESSAGE_TYPE(message) != GST_MESSAGE_ERROR);
        over = GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS;
        const GstStructure *s = gst_message_get_structure(message);
        if (!over && gst_structure_has_name(s, "balint-voice-span")) {
            gst_structure_get_uint64(s, "start-ns", &told.start[told.spans]);
            gst_structure_get_uint64(s, "end-ns", &told.end[told.spans]);
            told.spans++;
        }
        gst_message_unref(message);
    }
    gst_element_set_state(pipeline, GST_STATE_NULL);
    gst_object_unref(voice);
    gst_object_unref(bus);
    gst_object_unref(pipeline);
    return told;
}
