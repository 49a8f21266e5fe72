/* call_hostile_voices.c - the same evening twice, with the voices of two people exchanged: what the server
 * saw differs in nothing but timing noise.
 *
 * Ben speaks and Cleo is silent, then the other way round; reports are made as `balint join` makes them
 * (client/reporter.h). Kept is what came from each program: type, size, to whom, when. What Ann's program
 * opens tells the two evenings apart, so that there was something to be seen.
 */
#include "client/reporter.h"
#include "fakes/hostile.h"

#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { ANN, BEN, CLEO, PEOPLE };
#define REPORTS  4   /* of each */
#define NOISE_MS 400 /* of a timer on a busy machine */
#define SEEN     64

struct sight {
    enum balint_type type;
    size_t size;
    int to;
    int64_t ms;
};

struct evening {
    struct balint_hostile hostile;
    int speaker;
    bool kept; /* sights are */
    struct sight sights[PEOPLE][SEEN];
    int counts[PEOPLE], reports[PEOPLE];
    int64_t spoken_ms[PEOPLE]; /* in the last record that Ann's program opened; under the lock */
};

static enum balint_lie look(struct balint_hostile *hostile, int who, bool from_client,
                            struct balint_message *message)
{
    struct evening *evening = hostile->user;
    int *count = &evening->counts[who];
    size_t size = 0;
    if (!from_client || !evening->kept || *count == SEEN)
        return BALINT_PASS;
    free(balint_encode(message, BALINT_TO_SERVER, &size)); /* equal messages are equal texts */
    evening->sights[who][(*count)++] = (struct sight){
        message->type, size, message->type == BALINT_MSG_REPORT ? message->report.seat : BALINT_NOBODY,
        balint_test_ms()};
    evening->reports[who] += message->type == BALINT_MSG_REPORT;
    return BALINT_PASS;
}

static void on_talk(GstElement *call, const char *member, guint epoch, GBytes *body, struct evening *evening)
{
    struct balint_talk talk;
    gsize length;
    const void *bytes = g_bytes_get_data(body, &length);
    int64_t spoken_ms = 0;
    (void)call;
    (void)epoch;
    if (!balint_talk_read(&talk, bytes, length))
        return;
    for (int phase = 0; phase < BALINT_PHASES; phase++)
        spoken_ms += talk.total_ms[phase];
    g_mutex_lock(&evening->hostile.lock);
    for (int i = 0; i < PEOPLE; i++)
        if (strcmp(member, evening->hostile.circle.invitations[i].member) == 0)
            evening->spoken_ms[i] = spoken_ms;
    g_mutex_unlock(&evening->hostile.lock);
}

/* A person's program reports from now on; the speaker speaks without end, the others' tone is silent. */
static struct balint_reporter *begin_report(struct evening *evening, int who, struct balint_clock *clock)
{
    struct balint_caller *caller = evening->hostile.callers[who];
    g_autofree char *text = NULL;
    struct balint_message *message = g_new0(struct balint_message, 1);
    struct balint_error error;
    int64_t now_us = g_get_monotonic_time();
    g_object_get(caller->call, "state", &text, NULL);
    assert_true(text && balint_decode(text, strlen(text), BALINT_TO_CLIENT, message, &error));
    balint_clock_note(clock, message->state.clock_ms, now_us);
    struct balint_reporter *reporter = balint_reporter_new(caller->call, clock);
    balint_reporter_state(reporter, &message->state);
    balint_reporter_microphone(reporter, true, now_us);
    if (who == evening->speaker) {
        GstStructure *speaks = gst_structure_new("balint-voice-state", "speaking", G_TYPE_BOOLEAN, TRUE,
                                                 "since-ns", G_TYPE_UINT64, (guint64)0, NULL);
        balint_reporter_voice(reporter, speaks, now_us);
        gst_structure_free(speaks);
    }
    g_free(message);
    return reporter;
}

static void silence_all_but(struct evening *evening, int speaker)
{
    for (int i = 0; i < PEOPLE; i++) {
        GstIterator *iterator = gst_bin_iterate_all_by_element_factory_name(
            GST_BIN(evening->hostile.callers[i]->pipeline), "audiotestsrc");
        GValue value = G_VALUE_INIT;
        assert_int_equal(gst_iterator_next(iterator, &value), GST_ITERATOR_OK);
        g_object_set(g_value_get_object(&value), "volume", i == speaker ? 0.3 : 0.0, NULL);
        g_value_unset(&value);
        gst_iterator_free(iterator);
    }
}

static bool is_over(struct evening *evening)
{
    g_mutex_lock(&evening->hostile.lock);
    bool over = evening->reports[BEN] >= REPORTS && evening->reports[CLEO] >= REPORTS;
    g_mutex_unlock(&evening->hostile.lock);
    return over;
}

static struct evening *spend(int speaker)
{
    struct balint_clock clocks[PEOPLE] = {{0}};
    struct balint_reporter *reporters[PEOPLE];
    struct evening *evening = g_new0(struct evening, 1);
    struct balint_hostile *hostile = &evening->hostile;
    evening->speaker = speaker;
    balint_hostile_begin(hostile, PEOPLE, 1, look, evening);
    balint_hostile_gather(hostile);
    balint_circle_complete(hostile->callers, PEOPLE);
    g_signal_connect(hostile->callers[ANN]->call, "talk", G_CALLBACK(on_talk), evening);
    silence_all_but(evening, speaker);
    g_mutex_lock(&hostile->lock);
    evening->kept = true;
    g_mutex_unlock(&hostile->lock);
    for (int i = 0; i < PEOPLE; i++)
        reporters[i] = begin_report(evening, i, &clocks[i]);
    for (int64_t until = balint_test_ms() + BALINT_CIRCLE_MS;
         !is_over(evening) && balint_test_ms() < until;) {
        while (g_main_context_iteration(NULL, FALSE))
            continue;
        balint_hostile_pass(hostile, 5);
    }
    for (int i = 0; i < PEOPLE; i++)
        balint_reporter_free(reporters[i]);
    balint_hostile_pass(hostile, 300); /* the last one is opened */
    assert_true(is_over(evening));
    assert_int_equal(hostile->unreadable, 0);
    balint_hostile_end(hostile);
    return evening;
}

static int of_type(const struct evening *evening, int who, enum balint_type type)
{
    int count = 0;
    for (int i = 0; i < evening->counts[who]; i++)
        count += evening->sights[who][i].type == type;
    return count;
}

/* The reports of one person alone, in order. */
static int reports_of(const struct evening *evening, int who, struct sight reports[SEEN])
{
    int count = 0;
    for (int i = 0; i < evening->counts[who]; i++)
        if (evening->sights[who][i].type == BALINT_MSG_REPORT)
            reports[count++] = evening->sights[who][i];
    return count;
}

static void same_for(const struct evening *one, const struct evening *two, int who)
{
    struct sight first[SEEN], second[SEEN];
    for (int type = 0; type < BALINT_MSGS; type++) {
        int a = of_type(one, who, type), b = of_type(two, who, type);
        /* One ping more or less lies in so long a time. */
        assert_in_range(abs(a - b), 0, type == BALINT_MSG_PING ? 1 : 0);
    }
    int count = reports_of(one, who, first);
    assert_int_equal(reports_of(two, who, second), count);
    for (int i = 0; i < count; i++) {
        assert_int_equal(first[i].size, second[i].size);
        assert_int_equal(first[i].size, first[0].size);
        assert_int_equal(first[i].to, second[i].to);
        if (i > 0 && first[i].to == first[i - 1].to) {
            int64_t gap = first[i].ms - first[i - 1].ms, other = second[i].ms - second[i - 1].ms;
            assert_in_range(llabs(gap - other), 0, NOISE_MS);
        }
    }
}

static void voices_exchanged_look_the_same(void **state)
{
    (void)state;
    struct evening *one = spend(BEN), *two = spend(CLEO);
    print_message("Ben spoke %d and %d ms, Cleo %d and %d ms\n", (int)one->spoken_ms[BEN],
                  (int)two->spoken_ms[BEN], (int)one->spoken_ms[CLEO], (int)two->spoken_ms[CLEO]);
    assert_true(one->spoken_ms[BEN] > 1000 && two->spoken_ms[CLEO] > 1000);
    assert_int_equal(one->spoken_ms[CLEO] + two->spoken_ms[BEN], 0);
    same_for(one, two, BEN);
    same_for(one, two, CLEO);
    g_free(one);
    g_free(two);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(voices_exchanged_look_the_same)};
    balint_caller_setup(&argc, &argv);
    return cmocka_run_group_tests_name("call_hostile_voices", tests, NULL, NULL);
}
