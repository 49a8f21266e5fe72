/* voice.c - the element balintvoice: sound passes untouched, messages say who speaks, the far end never
 * blocks a call and always counts in a file. */
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

#include "bench/voice_circle.h"
#include "voice/balintvoice.h"

#define SECONDS 12
#define LENGTH  ((size_t)SECONDS * CIRCLE_RATE)
#define S16     "audio/x-raw,format=S16LE,layout=interleaved,channels=1,rate=16000"

static struct voice voices[4];
static int voice_count;
static struct circle circle;
static int16_t speech[LENGTH];

struct told {
    int spans, states;
    guint64 start[32], end[32];
    gboolean speaking; /* the last state */
    guint64 since;
    gboolean last_is_state;
};

static int make(void **unused)
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

static int drop(void **unused)
{
    (void)unused;
    circle_free(&circle);
    voices_free(voices, voice_count);
    return 0;
}

/* ---- a harness with a bus */

static GstHarness *harness(const char *caps)
{
    GstHarness *h = gst_harness_new("balintvoice");
    GstBus *bus = gst_bus_new();
    gst_element_set_bus(h->element, bus);
    gst_object_unref(bus);
    gst_harness_set_src_caps_str(h, caps);
    return h;
}

static void read_bus(GstElement *element, struct told *told)
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

/* Pushes samples of any format in pieces, times counted from `at`; returns the time after them. */
static GstClockTime push(GstHarness *h, const void *samples, size_t count, size_t size, int rate,
                         size_t chunk, GstClockTime at)
{
    for (size_t done = 0; done < count; done += chunk) {
        size_t part = MIN(chunk, count - done);
        GstBuffer *buffer = gst_buffer_new_memdup((const char *)samples + done * size, part * size);
        GST_BUFFER_PTS(buffer) = at + gst_util_uint64_scale(done, GST_SECOND, (guint64)rate);
        assert_int_equal(gst_harness_push(h, buffer), GST_FLOW_OK);
    }
    return at + gst_util_uint64_scale(count, GST_SECOND, (guint64)rate);
}

static struct told told_of(const char *caps, const void *samples, size_t count, size_t size, int rate,
                           size_t chunk, GstClockTime at)
{
    struct told told = {0};
    GstHarness *h = harness(caps);
    push(h, samples, count, size, rate, chunk, at);
    gst_harness_push_event(h, gst_event_new_eos());
    read_bus(h->element, &told);
    gst_harness_teardown(h);
    return told;
}

static void assert_same_spans(const struct told *a, const struct told *b, GstClockTime later, guint64 within)
{
    assert_int_equal(a->spans, b->spans);
    for (int i = 0; i < a->spans; i++) {
        assert_true(llabs((long long)(a->start[i] + later) - (long long)b->start[i]) <= (long long)within);
        assert_true(llabs((long long)(a->end[i] + later) - (long long)b->end[i]) <= (long long)within);
    }
}

/* ---- tests */

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

/* ---- the far end */

static void write_wav(const char *path, const float *samples, double gain)
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

static struct told told_by_pipeline(const char *text)
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
        cmocka_unit_test(a_file_with_its_far_end_is_deterministic),
        cmocka_unit_test(a_live_microphone_never_waits),
        cmocka_unit_test(a_late_far_end_still_counts),
        cmocka_unit_test(a_live_loudspeaker_never_waits),
        cmocka_unit_test(the_end_of_the_far_end_lets_the_microphone_go_on),
        cmocka_unit_test(there_is_one_far_end_and_it_can_come_back),
        cmocka_unit_test(the_manual_has_a_line_that_works),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
