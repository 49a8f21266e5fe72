/* voice.c - the element balintvoice: sound passes untouched, messages say who speaks. */
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

static void sound_passes_untouched_and_at_once(void **unused)
{
    (void)unused;
    GstHarness *h = harness(S16);
    for (size_t at = 0; at < 16000; at += 333) {
        GstBuffer *buffer = gst_buffer_new_memdup(speech + at, 333 * 2);
        GST_BUFFER_PTS(buffer) = gst_util_uint64_scale(at, GST_SECOND, 16000);
        GstBuffer *out = gst_harness_push_and_pull(h, gst_buffer_ref(buffer));
        assert_ptr_equal(out, buffer);
        assert_int_equal(gst_buffer_memcmp(out, 0, speech + at, 333 * 2), 0);
        gst_buffer_unref(out);
        gst_buffer_unref(buffer);
    }
    gst_harness_teardown(h);
}

/* The spans agree with the clean voice's truth, within 100 ms at their ends. */
static void spans_are_where_the_speech_is(void **unused)
{
    (void)unused;
    struct told told = told_of(S16, speech, LENGTH, 2, 16000, 160, 0);
    int spans = 0, wrong = 0;
    for (int f = 0; f < circle.frames; f++)
        spans += circle.people[0].truth[f] && (f == 0 || !circle.people[0].truth[f - 1]);
    assert_true(spans >= 2);
    assert_int_equal(told.spans, spans);
    for (int f = 0; f < circle.frames; f++) {
        gboolean said = FALSE;
        for (int i = 0; i < told.spans; i++)
            said |=
                (guint64)f * 10 * GST_MSECOND >= told.start[i] && (guint64)f * 10 * GST_MSECOND < told.end[i];
        wrong += said != circle.people[0].truth[f];
    }
    assert_in_range(wrong, 0, 20 * spans);
    assert_false(told.speaking);
    assert_true(told.last_is_state);
}

static void every_chunking_gives_the_same_spans(void **unused)
{
    (void)unused;
    static const size_t chunks[] = {37, 480, 1024, 16000, LENGTH};
    struct told told = told_of(S16, speech, LENGTH, 2, 16000, 160, 0);
    for (size_t c = 0; c < sizeof chunks / sizeof *chunks; c++) {
        struct told other = told_of(S16, speech, LENGTH, 2, 16000, chunks[c], 0);
        assert_same_spans(&told, &other, 0, 0);
        assert_int_equal(told.states, other.states);
    }
}

static void other_rates_formats_and_channels_say_the_same(void **unused)
{
    (void)unused;
    static float stereo[6 * LENGTH];
    struct told told = told_of(S16, speech, LENGTH, 2, 16000, 160, 0);
    for (size_t i = 0; i < 3 * LENGTH; i++) { /* 48 kHz, two channels, by straight lines */
        size_t at = MIN(i / 3, LENGTH - 2);
        double part = (double)(i % 3) / 3;
        stereo[2 * i] = stereo[2 * i + 1] =
            (float)((speech[at] * (1 - part) + speech[at + 1] * part) / 32768);
    }
    struct told other =
        told_of("audio/x-raw,format=F32LE,layout=interleaved,channels=2,channel-mask=(bitmask)3,rate=48000",
                stereo, 3 * LENGTH, 8, 48000, 480, 0);
    assert_same_spans(&told, &other, 0, 30 * GST_MSECOND);
}

static void times_are_running_times(void **unused)
{
    (void)unused;
    struct told told = told_of(S16, speech, LENGTH, 2, 16000, 160, 0);
    struct told later = told_of(S16, speech, LENGTH, 2, 16000, 160, 3600 * GST_SECOND);
    assert_same_spans(&told, &later, 3600 * GST_SECOND, 0);
}

static void the_end_closes_an_open_span(void **unused)
{
    (void)unused;
    int until = 0;
    while (!circle.people[0].truth[until])
        until++;
    until += 30; /* in mid-word */
    struct told told = told_of(S16, speech, (size_t)until * 160, 2, 16000, 160, 0);
    assert_int_equal(told.spans, 1);
    assert_in_range(told.end[0], (guint64)(until - 8) * 10 * GST_MSECOND, (guint64)until * 10 * GST_MSECOND);
    assert_int_equal(told.states, 2);
    assert_false(told.speaking);
    assert_int_equal(told.since, told.end[0]);
}

static void who_listens_is_told_at_once(void **unused)
{
    (void)unused;
    struct told told = {0};
    GstHarness *h = harness(S16);
    gboolean speaking = FALSE;
    int first = 0, frame = 0;
    while (!circle.people[0].truth[first])
        first++;
    while (told.states == 0 && frame < circle.frames) {
        push(h, speech + (size_t)frame * 160, 160, 2, 16000, 160, (GstClockTime)frame * 10 * GST_MSECOND);
        read_bus(h->element, &told);
        frame++;
    }
    assert_true(told.speaking);
    assert_in_range(frame, first, first + 20);
    assert_true(llabs((long long)told.since - (long long)first * 10 * (long long)GST_MSECOND) <=
                100 * (long long)GST_MSECOND);
    g_object_get(h->element, "speaking", &speaking, NULL);
    assert_true(speaking);
    gst_harness_teardown(h);
}

static void muted_counts_nothing_and_closes_what_is_open(void **unused)
{
    (void)unused;
    struct told told = {0};
    GstHarness *h = harness(S16);
    guint64 sum = 0;
    size_t at = 0;
    while (!circle.people[0].truth[at])
        at++;
    at = (at + 30) * 160;
    GstClockTime time = push(h, speech, at, 2, 16000, 160, 0);
    read_bus(h->element, &told);
    assert_true(told.speaking && told.spans == 0);
    g_object_set(h->element, "muted", TRUE, NULL);
    time = push(h, speech + at, 160, 2, 16000, 160, time);
    read_bus(h->element, &told);
    assert_int_equal(told.spans, 1); /* at once */
    time = push(h, speech + at, LENGTH - at, 2, 16000, 160, time);
    read_bus(h->element, &told);
    assert_int_equal(told.spans, 1);
    assert_true(told.end[0] <= at * GST_SECOND / 16000);
    assert_false(told.speaking);
    g_object_set(h->element, "muted", FALSE, NULL);
    time = push(h, speech, LENGTH, 2, 16000, 160, time);
    gst_harness_push_event(h, gst_event_new_eos());
    read_bus(h->element, &told);
    struct told plain = told_of(S16, speech, LENGTH, 2, 16000, 160, 0);
    assert_int_equal(told.spans, 1 + plain.spans);
    assert_true(told.start[1] >= SECONDS * GST_SECOND + 10 * GST_MSECOND);
    g_object_get(h->element, "speech-ns", &sum, NULL);
    for (int i = 0; i < told.spans; i++)
        sum -= told.end[i] - told.start[i];
    assert_int_equal(sum, 0);
    gst_harness_teardown(h);
}

/* A device was changed: half a minute is missing. Nobody spoke for it. */
static void a_jump_in_time_is_no_speech(void **unused)
{
    (void)unused;
    struct told told = {0};
    GstHarness *h = harness(S16);
    size_t at = 0;
    while (!circle.people[0].truth[at])
        at++;
    at = (at + 30) * 160;
    GstClockTime time = push(h, speech, at, 2, 16000, 160, 0);
    push(h, speech + at, LENGTH - at, 2, 16000, 160, time + 30 * GST_SECOND);
    gst_harness_push_event(h, gst_event_new_eos());
    read_bus(h->element, &told);
    assert_true(told.spans >= 2);
    assert_true(told.end[0] <= time);
    assert_true(told.start[1] >= time + 30 * GST_SECOND);
    gst_harness_teardown(h);
}

/* A device's clock that is 0.1 % off shifts times, and cuts no span in two. */
static void a_clock_that_drifts_cuts_nothing(void **unused)
{
    (void)unused;
    struct told told = {0}, plain = told_of(S16, speech, LENGTH, 2, 16000, 160, 0);
    GstHarness *h = harness(S16);
    for (size_t at = 0; at < LENGTH; at += 160)
        push(h, speech + at, 160, 2, 16000, 160, gst_util_uint64_scale(at * 101, GST_SECOND, 1600000));
    gst_harness_push_event(h, gst_event_new_eos());
    read_bus(h->element, &told);
    assert_int_equal(told.spans, plain.spans);
    for (int i = 0; i < told.spans; i++) {
        guint64 ought = plain.start[i] + plain.start[i] / 100;
        assert_true(llabs((long long)told.start[i] - (long long)ought) < 100 * (long long)GST_MSECOND);
    }
    gst_harness_teardown(h);
}

static void a_flush_and_a_new_format_begin_anew(void **unused)
{
    (void)unused;
    struct told told = {0};
    GstHarness *h = harness(S16);
    push(h, speech, LENGTH, 2, 16000, 160, 0);
    gst_harness_push_event(h, gst_event_new_flush_start());
    gst_harness_push_event(h, gst_event_new_flush_stop(TRUE));
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_TIME);
    gst_harness_push_event(h, gst_event_new_segment(&segment));
    push(h, speech, LENGTH, 2, 16000, 160, 0);
    gst_harness_set_src_caps_str(h, "audio/x-raw,format=S16LE,layout=interleaved,channels=1,rate=8000");
    push(h, speech, LENGTH / 2, 2, 8000, 80, SECONDS * GST_SECOND);
    gst_harness_push_event(h, gst_event_new_eos());
    read_bus(h->element, &told);
    assert_true(told.spans >= 4);
    gst_harness_teardown(h);
}

static void formats_that_are_none_of_ours_are_refused(void **unused)
{
    (void)unused;
    static const char *const caps[] = {
        "audio/x-raw,format=S16LE,layout=interleaved,channels=1,rate=96000",
        "audio/x-raw,format=U8,layout=interleaved,channels=1,rate=16000",
        "audio/x-raw,format=S16LE,layout=interleaved,channels=6,channel-mask=(bitmask)63,rate=16000"};
    for (int i = 0; i < 3; i++) {
        GstElement *element = gst_element_factory_make("balintvoice", NULL);
        GstPad *pad = gst_element_get_static_pad(element, "sink");
        GstCaps *wrong = gst_caps_from_string(caps[i]);
        assert_false(gst_pad_query_accept_caps(pad, wrong));
        gst_caps_unref(wrong);
        gst_object_unref(pad);
        gst_object_unref(element);
    }
}

/* The manual's line is a line that works. */
static void the_manual_has_a_line_that_works(void **unused)
{
    (void)unused;
    char path[] = "/tmp/balint-voice-XXXXXX.wav";
    close(mkstemps(path, 4));
    write_wav(path, circle.people[0].clean, 1);
    GstElementFactory *factory = gst_element_factory_find("balintvoice");
    const char *text = gst_element_factory_get_metadata(factory, GST_ELEMENT_METADATA_DESCRIPTION);
    const char *line = strstr(text, "filesrc location=F.wav ");
    assert_non_null(line);
    char *whole = g_strdup_printf("filesrc location=%s %s", path, line + strlen("filesrc location=F.wav "));
    char *with_name = g_strdup_printf("%.*s name=v %s", (int)(strstr(whole, "balintvoice") - whole) + 11,
                                      whole, strstr(whole, "balintvoice") + 11);
    assert_true(told_by_pipeline(with_name).spans >= 2);
    unlink(path);
    g_free(with_name);
    g_free(whole);
    gst_object_unref(factory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_passes_untouched_and_at_once),
        cmocka_unit_test(spans_are_where_the_speech_is),
        cmocka_unit_test(every_chunking_gives_the_same_spans),
        cmocka_unit_test(other_rates_formats_and_channels_say_the_same),
        cmocka_unit_test(times_are_running_times),
        cmocka_unit_test(the_end_closes_an_open_span),
        cmocka_unit_test(who_listens_is_told_at_once),
        cmocka_unit_test(muted_counts_nothing_and_closes_what_is_open),
        cmocka_unit_test(a_jump_in_time_is_no_speech),
        cmocka_unit_test(a_clock_that_drifts_cuts_nothing),
        cmocka_unit_test(a_flush_and_a_new_format_begin_anew),
        cmocka_unit_test(formats_that_are_none_of_ours_are_refused),
        cmocka_unit_test(the_manual_has_a_line_that_works),
    };
    return cmocka_run_group_tests(tests, voice_setup, voice_teardown);
}
