/* client_reporter.c - the talk record's rhythm says nothing: one envelope in every slot of two seconds, of
 * one size, speaking or not; and only a leader's program adds anything up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/reporter.h"

#define SLOTS 2

/* An element that takes envelopes as the call does. */
typedef struct {
    GstElement parent;
    int sent, pieces;
    GBytes *piece; /* the last */
    struct balint_talk last;
} TestCall;
typedef struct {
    GstElementClass parent;
} TestCallClass;
GType test_call_get_type(void);
G_DEFINE_TYPE(TestCall, test_call, GST_TYPE_ELEMENT)

static void on_send(TestCall *self, GBytes *body)
{
    gsize size;
    const void *bytes = g_bytes_get_data(body, &size);
    assert_int_equal(size, BALINT_TALK_SIZE);
    assert_true(balint_talk_read(&self->last, bytes, size));
    self->sent++;
}

static void on_send_ledger(TestCall *self, GBytes *piece)
{
    assert_int_equal(g_bytes_get_size(piece), BALINT_LEDGER_PIECE);
    self->pieces++;
    g_clear_pointer(&self->piece, g_bytes_unref);
    self->piece = g_bytes_ref(piece);
}

static void test_call_class_init(TestCallClass *class)
{
    g_signal_new_class_handler("send-ledger", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION,
                               G_CALLBACK(on_send_ledger), NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BYTES);
    g_signal_new_class_handler("send-talk", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION,
                               G_CALLBACK(on_send), NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BYTES);
}

static void test_call_init(TestCall *self)
{
    self->sent = self->pieces = 0;
}

static struct balint_state state_for(enum balint_role role, bool admitted)
{
    struct balint_session session;
    struct balint_state state;
    memset(&state, 0, sizeof state);
    balint_session_init(&session, "G", balint_format_find("classic"), 0);
    balint_session_seat(&session, "ada", "Ada", role);
    balint_session_connect(&session, 0, true, 0);
    if (admitted)
        balint_session_admit(&session, 0, 0);
    balint_state_of(&session, 0, &state);
    strcpy(state.session, "00000000000000000000000000000001");
    return state;
}

static void wait_ms(int64_t ms)
{
    int64_t until = g_get_monotonic_time() + ms * 1000;
    while (g_get_monotonic_time() < until) {
        g_main_context_iteration(NULL, FALSE);
        g_usleep(2000);
    }
}

static void say(struct balint_reporter *reporter, const char *name, int64_t base_us, int64_t from_ms,
                int64_t until_ms)
{
    GstStructure *message =
        strcmp(name, "balint-voice-span") == 0
            ? gst_structure_new(name, "start-ns", G_TYPE_UINT64, (guint64)from_ms * 1000000, "end-ns",
                                G_TYPE_UINT64, (guint64)until_ms * 1000000, NULL)
            : gst_structure_new(name, "speaking", G_TYPE_BOOLEAN, TRUE, "since-ns", G_TYPE_UINT64,
                                (guint64)from_ms * 1000000, NULL);
    balint_reporter_voice(reporter, message, base_us);
    gst_structure_free(message);
}

/* One person's program. */
struct person {
    enum balint_role role;
    bool admitted, speaks, shared;
    TestCall *call;
    struct balint_reporter *reporter;
    struct balint_balance balance;
    bool has_balance;
    int sent; /* when it left */
};

/* The newest state of the person's own seat. */
static void tell(struct person *person)
{
    struct balint_state state = state_for(person->role, person->admitted);
    state.seats[0].shared = person->shared;
    balint_reporter_state(person->reporter, &state);
}

static void begin(struct person *person, const struct balint_clock *clock, int64_t base_us)
{
    person->call = g_object_ref_sink(g_object_new(test_call_get_type(), NULL));
    person->reporter = balint_reporter_new(GST_ELEMENT(person->call), clock);
    tell(person);
    balint_reporter_microphone(person->reporter, true, base_us);
    if (person->speaks)
        say(person->reporter, "balint-voice-state", base_us, 100, 0);
}

static void leave(struct person *person)
{
    person->has_balance = balint_reporter_balance(person->reporter, &person->balance);
    balint_reporter_stop(person->reporter);
    person->sent = person->call->sent;
}

static void test_the_rhythm_says_nothing(void **test)
{
    (void)test;
    enum { SILENT, SPEAKING, LEADING, WAITING, PEOPLE };
    struct person people[PEOPLE] = {
        [SILENT] = {BALINT_MEMBER, .admitted = true, .shared = true},
        [SPEAKING] = {BALINT_MEMBER, .admitted = true, .speaks = true},
        [LEADING] = {BALINT_LEADER, .admitted = true, .speaks = true, .shared = true},
        [WAITING] = {BALINT_MEMBER, .speaks = true},
    };
    struct balint_clock clock = {0};
    int64_t base_us = g_get_monotonic_time();
    balint_clock_note(&clock, 0, base_us);
    for (int i = 0; i < PEOPLE; i++)
        begin(&people[i], &clock, base_us);
    wait_ms(BALINT_SLOT_MS + BALINT_SLOT_MS / 2);
    assert_true(people[SILENT].call->last.shared); /* several people at one microphone, as the seat says */
    assert_false(people[SPEAKING].call->last.shared);
    people[SILENT].shared = false; /* and one again */
    tell(&people[SILENT]);
    wait_ms((SLOTS - 1) * BALINT_SLOT_MS);
    for (int i = 0; i < PEOPLE; i++)
        leave(&people[i]);
    wait_ms(BALINT_SLOT_MS + 200);

    for (int i = 0; i < PEOPLE; i++) {
        assert_int_equal(people[i].sent, i == WAITING ? 0 : SLOTS); /* nothing goes out of the lobby */
        assert_int_equal(people[i].call->sent, people[i].sent);     /* and nothing after the leaving */
    }
    assert_false(people[SILENT].call->last.shared);
    assert_true(people[LEADING].balance.rows[0].shared);
    assert_int_equal(people[SILENT].call->last.total_ms[0], 0);
    assert_false(people[SILENT].call->last.speaking);
    assert_true(people[SPEAKING].call->last.speaking);
    /* The slots less where it began and what may still be taken back. */
    int least = SLOTS * BALINT_SLOT_MS - 100 - BALINT_TALK_MARGIN_MS - 100, most = SLOTS * BALINT_SLOT_MS;
    assert_in_range(people[SPEAKING].call->last.total_ms[0], least, most);
    /* Only a leader's program adds anything up, and its own talk with it. */
    assert_false(people[SILENT].has_balance);
    assert_false(people[SPEAKING].has_balance);
    assert_false(people[WAITING].has_balance);
    assert_true(people[LEADING].has_balance);
    assert_int_equal(people[LEADING].balance.leader_count, 1);
    assert_in_range(people[LEADING].balance.rows[0].spoken_all_ms, least, most);
    for (int i = 0; i < PEOPLE; i++) {
        balint_reporter_free(people[i].reporter);
        g_object_unref(people[i].call);
    }
}

/* What a process said that is gone, a leader's program tells the other leaders, in every second slot at most;
 * whose program was started again has it from there. */
static void test_leaders_tell_each_other_of_who_is_gone(void **test)
{
    (void)test;
    struct balint_clock clock = {0};
    struct balint_state state = state_for(BALINT_LEADER, true);
    GstElement *call = g_object_ref_sink(g_object_new(test_call_get_type(), NULL));
    TestCall *sent = (TestCall *)call;
    struct balint_reporter *reporter = balint_reporter_new(call, &clock);
    struct balint_reporter *fresh = balint_reporter_new(call, &clock);
    struct balint_balance balance;
    struct balint_talk talk;
    uint8_t body[BALINT_TALK_SIZE];
    balint_clock_note(&clock, 60000, g_get_monotonic_time());
    balint_reporter_state(reporter, &state);
    balint_talk_init(&talk);
    talk.clock_ms = 30000;
    talk.total_ms[0] = 9000;
    balint_talk_write(&talk, body);
    GBytes *bytes = g_bytes_new(body, sizeof body);
    balint_reporter_take(reporter, "ada", 0, bytes); /* an earlier process of her own */
    wait_ms(3 * BALINT_SLOT_MS + 300);
    assert_int_equal(sent->sent, 3); /* the rhythm is the same */
    assert_in_range(sent->pieces, 1, 2);
    balint_reporter_state(fresh, &state);
    assert_true(balint_reporter_balance(fresh, &balance));
    assert_int_equal(balance.rows[0].spoken_all_ms, 0);
    balint_reporter_take_ledger(fresh, sent->piece);
    assert_true(balint_reporter_balance(fresh, &balance));
    assert_int_equal(balance.rows[0].spoken_all_ms, 9000);
    g_bytes_unref(bytes);
    g_clear_pointer(&sent->piece, g_bytes_unref);
    balint_reporter_free(reporter);
    balint_reporter_free(fresh);
    g_object_unref(call);
}

/* Speech that began before the clock was known, and spans told late, find their place. */
static void test_spans_are_laid_on_the_sessions_clock(void **test)
{
    (void)test;
    GstElement *call = g_object_ref_sink(g_object_new(test_call_get_type(), NULL));
    struct balint_clock clock = {0};
    struct balint_state state = state_for(BALINT_MEMBER, true);
    struct balint_reporter *reporter = balint_reporter_new(call, &clock);
    int64_t base_us = 50000000;
    say(reporter, "balint-voice-span", base_us, 100, 900); /* said to nobody */
    say(reporter, "balint-voice-state", base_us, 1500, 0);
    assert_true(balint_reporter_speaking(reporter));
    balint_clock_note(&clock, 7000, base_us + 1000000); /* running time 1 s is session clock 7 s */
    balint_reporter_state(reporter, &state);
    balint_reporter_microphone(reporter, true, base_us + 2000000);
    say(reporter, "balint-voice-span", base_us, 1500, 4000);
    assert_false(balint_reporter_speaking(reporter));
    const struct balint_talkbook *book = balint_reporter_book(reporter);
    assert_int_equal(book->count_count, 1);
    assert_int_equal(book->counts[0].start_ms, 8000); /* when the microphone opened */
    assert_int_equal(book->counts[0].end_ms, 10000);
    balint_reporter_free(reporter);
    g_object_unref(call);
}

/* A machine that falls behind: the meter is still in the middle of speech that ended long ago. What it has
 * not listened to is not counted. */
static void test_speech_lasts_as_far_as_the_meter_has_listened(void **test)
{
    (void)test;
    GstElement *call = g_object_ref_sink(g_object_new(test_call_get_type(), NULL));
    GstElement *pipeline =
        gst_parse_launch("audiotestsrc num-buffers=20 samplesperbuffer=4800 ! "
                         "audio/x-raw,format=S16LE,rate=48000,channels=1 ! identity name=voice ! "
                         "fakesink sync=false",
                         NULL);
    GstElement *voice = gst_bin_get_by_name(GST_BIN(pipeline), "voice");
    struct balint_clock clock = {0};
    struct balint_state state = state_for(BALINT_MEMBER, true);
    struct balint_reporter *reporter = balint_reporter_new(call, &clock);
    balint_reporter_watch(reporter, voice);
    int64_t base_us = g_get_monotonic_time() - 10000000; /* playing for ten seconds … */
    balint_clock_note(&clock, 0, base_us);
    gst_element_set_start_time(pipeline, GST_CLOCK_TIME_NONE);
    gst_element_set_base_time(pipeline, (GstClockTime)base_us * 1000);
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    GstBus *bus = gst_element_get_bus(pipeline);
    GstMessage *over = gst_bus_timed_pop_filtered(bus, 10 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
    assert_non_null(over);
    assert_int_equal(GST_MESSAGE_TYPE(over), GST_MESSAGE_EOS);
    balint_reporter_state(reporter, &state);
    balint_reporter_microphone(reporter, true, base_us);
    say(reporter, "balint-voice-state", base_us, 100, 0);
    balint_reporter_stop(reporter); /* … of which two seconds were listened to */
    const struct balint_talkbook *book = balint_reporter_book(reporter);
    assert_int_equal(book->count_count, 1);
    assert_in_range(book->counts[0].end_ms, 1800 - BALINT_TALK_MARGIN_MS, 2000);
    gst_message_unref(over);
    gst_object_unref(bus);
    gst_element_set_state(pipeline, GST_STATE_NULL);
    balint_reporter_free(reporter);
    gst_object_unref(voice);
    gst_object_unref(pipeline);
    g_object_unref(call);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_rhythm_says_nothing),
        cmocka_unit_test(test_leaders_tell_each_other_of_who_is_gone),
        cmocka_unit_test(test_spans_are_laid_on_the_sessions_clock),
        cmocka_unit_test(test_speech_lasts_as_far_as_the_meter_has_listened),
    };
    alarm(55);
    gst_init(&argc, &argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
