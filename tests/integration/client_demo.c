/* client_demo.c - the demo's own parts: the conversation on its timeline, the truth from clean sound, and the
 * judgement, which must find what is wrong. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "demo/conversation.h"
#include "demo/judge.h"
#include "demo/truth.h"
#include "session/session.h"

/* ---- conversation and timeline */

static struct demo_conversation conversation;
static struct demo_timeline timeline;

static char *shipped(void)
{
    FILE *file = fopen(BALINT_SOURCE_DIR "/tests/demo/conversation.txt", "rb");
    assert_non_null(file);
    char *text = calloc(1, 65536);
    assert_non_null(text);
    assert_true(fread(text, 1, 65535, file) > 1000);
    fclose(file);
    return text;
}

static void read_shipped(int people, double seconds_a_line)
{
    char why[256] = "", *text = shipped();
    assert_true(demo_conversation_read(&conversation, text, people, why, sizeof why));
    free(text);
    for (int i = 0; i < conversation.count; i++)
        conversation.lines[i].length = seconds_a_line;
}

/* The format's order (session/format.c) is what the leader walks through with `phase next`. */
static void test_phases_are_the_formats(void **state)
{
    (void)state;
    const struct balint_format *classic = balint_format_find("classic");
    assert_int_equal(classic->count, DEMO_PHASES);
    for (int i = 0; i < DEMO_PHASES; i++)
        assert_string_equal(classic->phases[i].id, demo_phases[i]);
    assert_int_equal(classic->phases[DEMO_DISCUSSION].presenter, BALINT_ASIDE);
}

static void test_the_discussion_gets_two_fifths(void **state)
{
    (void)state;
    static const double lengths[] = {40, 60, 100, 600, 3600};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        double starts[DEMO_PHASES + 1];
        demo_phases_place(lengths[i], starts);
        assert_true(starts[0] == 0.0 && starts[DEMO_PHASES] == lengths[i]);
        for (int p = 0; p < DEMO_PHASES; p++)
            assert_true(starts[p + 1] - starts[p] >= 1.5);
        assert_true(starts[DEMO_DISCUSSION + 1] - starts[DEMO_DISCUSSION] >= 0.4 * lengths[i]);
    }
}

static void test_lines_stay_in_their_phase_and_apart(void **state)
{
    (void)state;
    double starts[DEMO_PHASES + 1];
    demo_phases_place(60, starts);
    read_shipped(6, 2.5);
    demo_timeline_make(&timeline, &conversation, starts);
    bool spoke[DEMO_PEOPLE] = {false};
    double end[DEMO_PEOPLE] = {0}, discussed = 0;
    for (int i = 0; i < timeline.count; i++) {
        const struct demo_said *said = &timeline.said[i];
        const struct demo_line *line = said->line;
        assert_true(said->start >= starts[line->phase]);
        if (!line->aside && line->phase != DEMO_GATHERING)
            assert_true(said->end <= starts[line->phase + 1]);
        if (!line->aside) { /* a person is never two lines at once */
            assert_true(said->start >= end[line->person]);
            end[line->person] = said->end;
        }
        if (line->phase == DEMO_DISCUSSION && !line->aside) {
            assert_int_not_equal(line->person, DEMO_PRESENTER);
            discussed += said->end - said->start;
        }
        spoke[line->person] = true;
    }
    for (int i = 0; i < 6; i++)
        assert_true(spoke[i]);
    assert_true(discussed > 0.5 * (starts[DEMO_RETURN] - starts[DEMO_DISCUSSION]));
}

/* The presenter talks on throughout the step-back, without a gap. */
static void test_the_presenter_talks_on(void **state)
{
    (void)state;
    static const double lengths[] = {40, 60, 1000};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        double starts[DEMO_PHASES + 1], at = -1;
        demo_phases_place(lengths[i], starts);
        read_shipped(6, 3.1);
        demo_timeline_make(&timeline, &conversation, starts);
        for (int s = 0; s < timeline.count; s++) {
            if (!timeline.said[s].line->aside)
                continue;
            assert_int_equal(timeline.said[s].line->person, DEMO_PRESENTER);
            if (at < 0)
                assert_true(timeline.said[s].start <= starts[DEMO_DISCUSSION]);
            else
                assert_true(fabs(timeline.said[s].start - at) < 1e-6);
            at = timeline.said[s].end;
        }
        assert_true(at >= starts[DEMO_RETURN]);
        assert_true(at <= starts[DEMO_RETURN] + 0.5); /* and is cut off before the key is pressed */
    }
}

static void test_any_group_can_speak_it(void **state)
{
    (void)state;
    double starts[DEMO_PHASES + 1];
    demo_phases_place(60, starts);
    for (int people = 3; people <= DEMO_PEOPLE; people++) {
        read_shipped(people, 2.0);
        for (int i = 0; i < conversation.count; i++)
            assert_in_range(conversation.lines[i].person, 0, people - 1);
        demo_timeline_make(&timeline, &conversation, starts);
        assert_true(timeline.count > 20);
    }
}

static void test_a_wrong_line_is_named(void **state)
{
    (void)state;
    char why[256];
    assert_false(demo_conversation_read(&conversation, "[gathering]\nsomebody: hello\n", 6, why, sizeof why));
    assert_non_null(strstr(why, "line 2"));
    assert_false(demo_conversation_read(&conversation, "leader: hello\n", 6, why, sizeof why));
    assert_false(demo_conversation_read(&conversation, "[supper]\n", 6, why, sizeof why));
    assert_false(demo_conversation_read(&conversation, "[case]\nmember 99: hello\n", 6, why, sizeof why));
}

/* ---- truth */

static int16_t sound[10 * DEMO_RATE];

static void tone(double from_s, double until_s, double dbfs)
{
    double amplitude = 32768.0 * pow(10.0, dbfs / 20.0) * sqrt(2.0);
    for (int i = (int)(from_s * DEMO_RATE); i < (int)(until_s * DEMO_RATE); i++)
        sound[i] = (int16_t)lrint(amplitude * sin(2.0 * 3.14159265358979 * 500.0 * i / DEMO_RATE));
}

/* Gaps under 300 ms joined, spans under 60 ms dropped (DESIGN.md, "Measured from outside"). */
static void test_spans_follow_the_rule(void **state)
{
    (void)state;
    struct demo_span spans[16];
    memset(sound, 0, sizeof sound);
    tone(1.00, 1.50, -20);
    tone(1.79, 2.00, -20); /* 290 ms: joined */
    tone(2.30, 2.50, -20); /* 300 ms: not */
    tone(4.00, 4.05, -20); /* 50 ms: dropped */
    tone(6.00, 6.06, -20); /* 60 ms: kept */
    tone(9.50, 10.0, -20); /* open at the end */
    assert_int_equal(demo_truth_spans(sound, 10 * DEMO_RATE, spans, 16), 4);
    static const int64_t expected[4][2] = {{1000, 2000}, {2300, 2500}, {6000, 6060}, {9500, 10000}};
    for (int i = 0; i < 4; i++) {
        assert_int_equal(spans[i].start_ms, expected[i][0]);
        assert_int_equal(spans[i].end_ms, expected[i][1]);
    }
    assert_int_equal(demo_truth_spans(sound, 10 * DEMO_RATE, spans, 2), 2);
    assert_int_equal(demo_truth_spans(sound, 0, spans, 16), 0);
}

static void test_a_quiet_file_is_as_good_as_a_loud_one(void **state)
{
    (void)state;
    struct demo_span spans[16];
    memset(sound, 0, sizeof sound);
    tone(0, 10, -58); /* hiss, 33 dB under the speech of a loud file … */
    tone(2, 4, -12);
    assert_int_equal(demo_truth_spans(sound, 10 * DEMO_RATE, spans, 16), 1);
    assert_int_equal(spans[0].start_ms, 2000);
    assert_int_equal(spans[0].end_ms, 4000);
    memset(sound, 0, sizeof sound);
    tone(2, 4, -45);
    assert_int_equal(demo_truth_spans(sound, 10 * DEMO_RATE, spans, 16), 1);
    assert_int_equal(spans[0].end_ms - spans[0].start_ms, 2000);
}

static void test_what_lies_within(void **state)
{
    (void)state;
    const struct demo_span spans[] = {{0, 1000}, {2000, 5000}, {9000, 9500}};
    assert_int_equal(demo_truth_within(spans, 3, 0, 500, 3000), 1500);
    assert_int_equal(demo_truth_within(spans, 3, 100, 0, 100000), 4500);
    assert_int_equal(demo_truth_within(spans, 3, 100, 1100, 2100), 0);
    assert_int_equal(demo_truth_within(spans, 3, -2000, 0, 1000), 1000);
}

/* ---- judgement */

#define PEOPLE 4
static const char *const names[PEOPLE] = {"Lea", "Pia", "Max", "Zoe"};
/* Leader 2 s, presenter throughout, members 6 and 4 s, in a discussion from 20 to 40 s. */
static const struct demo_span spans[PEOPLE][2] = {{{1000, 2000}, {21000, 23000}},
                                                  {{3000, 6000}, {20000, 40000}},
                                                  {{1000, 2000}, {24000, 30000}},
                                                  {{1000, 2000}, {31000, 35000}}};
static const double shares[PEOPLE] = {2.0 / 12, 0, 0.6, 0.4};

static json_t *remote(int who, int other)
{
    int64_t outside = other == 1 ? 3000 : 1000,
            inside = other == 1 ? 0 : spans[other][1].end_ms - spans[other][1].start_ms;
    (void)who;
    return json_pack("{s:s, s:i, s:i, s:{s:{s:I, s:i}, s:{s:I, s:i}}}", "name", names[other],
                     "first_sound_ms", 200, "first_picture_ms", 250, "by_phase", "gathering", "sound_ms",
                     (json_int_t)outside, "frames", 300, "discussion", "sound_ms", (json_int_t)inside,
                     "frames", 300);
}

static json_t *report_of(int who)
{
    json_t *remotes = json_array();
    for (int other = 0; other < PEOPLE; other++)
        if (other != who)
            json_array_append_new(remotes, remote(who, other));
    json_t *report =
        json_pack("{s:{s:i, s:i}, s:[{s:s, s:i, s:i}, {s:s, s:i, s:i}], s:o}", "self", "source_start_ms", 0,
                  "left_ms", 50000, "phases", "id", "gathering", "start_ms", 0, "end_ms", 20000, "id",
                  "discussion", "start_ms", 20000, "end_ms", 40000, "remotes", remotes);
    if (who != 0)
        return report;
    json_t *rows = json_array();
    for (int i = 0; i < PEOPLE; i++)
        json_array_append_new(rows,
                              json_pack("{s:s, s:I, s:f}", "name", names[i], "spoken_ms",
                                        (json_int_t)(i == 1 ? 0 : spans[i][1].end_ms - spans[i][1].start_ms),
                                        "share", i == 0 ? 0.0 : shares[i]));
    json_object_set_new(report, "balance", json_pack("{s:f, s:o}", "leaders_share", shares[0], "rows", rows));
    return report;
}

static struct demo_witness people[PEOPLE];
static struct demo_result result;

static int set_up(void **state)
{
    (void)state;
    for (int i = 0; i < PEOPLE; i++)
        people[i] = (struct demo_witness){names[i], report_of(i), spans[i], 2};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (int i = 0; i < PEOPLE; i++)
        json_decref((json_t *)(uintptr_t)people[i].report);
    return 0;
}

static json_t *of(int who, const char *key)
{
    return json_object_get(people[who].report, key);
}

static bool faulty(const char *word)
{
    demo_judge(people, PEOPLE, 45, &result);
    for (int i = 0; i < result.fault_count; i++)
        if (strstr(result.faults[i], word) != NULL)
            return true;
    return false;
}

static void test_a_good_evening_passes(void **state)
{
    (void)state;
    demo_judge(people, PEOPLE, 45, &result);
    if (result.fault_count > 0)
        fail_msg("%s", result.faults[0]);
    assert_int_equal(result.rows[2].true_ms, 6000);
    assert_true(fabs(result.rows[2].true_share - 0.6) < 1e-9);
    assert_true(fabs(result.rows[0].true_share - 2.0 / 12) < 1e-9);
    assert_int_equal(result.rows[1].true_ms, 20000);
    assert_int_equal(result.rows[3].heard[1], 3000);
}

static void test_a_heard_presenter_is_found(void **state)
{
    (void)state;
    json_t *pia = json_array_get(of(3, "remotes"), 1);
    assert_string_equal(json_string_value(json_object_get(pia, "name")), "Pia");
    json_object_set_new(json_object_get(json_object_get(pia, "by_phase"), "discussion"), "sound_ms",
                        json_integer(10));
    assert_true(faulty("stepped back"));
    assert_int_equal(result.rows[3].let_through_ms, 10);
}

static void test_somebody_unheard_or_unseen_is_found(void **state)
{
    (void)state;
    json_t *zoe = json_array_get(of(2, "remotes"), 2), *phases = json_object_get(zoe, "by_phase");
    json_object_set_new(json_object_get(phases, "discussion"), "sound_ms", json_integer(0));
    assert_true(faulty("Max heard"));
    json_object_set_new(json_object_get(phases, "discussion"), "sound_ms", json_integer(4000));
    assert_false(faulty("Max heard"));
    json_object_set_new(json_object_get(phases, "discussion"), "frames", json_integer(0));
    json_object_set_new(json_object_get(phases, "gathering"), "frames", json_integer(3));
    assert_true(faulty("Max saw"));
    json_array_remove(of(2, "remotes"), 2);
    assert_true(faulty("never met"));
}

static void test_a_wrong_share_is_found(void **state)
{
    (void)state;
    json_t *rows = json_object_get(of(0, "balance"), "rows");
    json_object_set_new(json_array_get(rows, 2), "share", json_real(0.619));
    assert_false(faulty("the share of Max"));
    json_object_set_new(json_array_get(rows, 2), "share", json_real(0.621));
    assert_true(faulty("the share of Max"));
    json_object_set_new(of(0, "balance"), "leaders_share", json_real(0.0));
    assert_true(faulty("the share of Lea"));
    json_array_remove(rows, 3);
    assert_true(faulty("does not know Zoe"));
}

static void test_a_missing_report_is_found(void **state)
{
    (void)state;
    json_object_clear((json_t *)(uintptr_t)people[3].report);
    assert_true(faulty("Zoe wrote no report"));
    json_object_clear((json_t *)(uintptr_t)people[0].report);
    assert_true(faulty("the discussion lasted"));
}

static void test_a_presenter_who_is_silent_proves_nothing(void **state)
{
    (void)state;
    people[1].span_count = 1;
    assert_true(faulty("nothing was tried"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_phases_are_the_formats),
        cmocka_unit_test(test_the_discussion_gets_two_fifths),
        cmocka_unit_test(test_lines_stay_in_their_phase_and_apart),
        cmocka_unit_test(test_the_presenter_talks_on),
        cmocka_unit_test(test_any_group_can_speak_it),
        cmocka_unit_test(test_a_wrong_line_is_named),
        cmocka_unit_test(test_spans_follow_the_rule),
        cmocka_unit_test(test_a_quiet_file_is_as_good_as_a_loud_one),
        cmocka_unit_test(test_what_lies_within),
        cmocka_unit_test_setup_teardown(test_a_good_evening_passes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_heard_presenter_is_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_somebody_unheard_or_unseen_is_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_wrong_share_is_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_missing_report_is_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_presenter_who_is_silent_proves_nothing, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
