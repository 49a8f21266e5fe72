/* ledger_balance.c - BALINT.md's "Balance": who is in the denominator, what a turn is, what is silence and
 * what is no reading, and which discussion is looked at. */
#include "unit/ledger_evening.h"

static void the_denominator_is_the_members_of_the_discussion(void **unused)
{
    (void)unused;
    a_case();
    balint_ledger_balance(ledger, 16 * MINUTE, &balance);
    assert_int_equal(balance.member_count, 3); /* Maria, Jan, Else: not the presenter, leaders, observer */
    assert_int_equal(balance.leader_count, 2);
    assert_int_equal(balance.other_count, 1);
    assert_int_equal(balance.rows[0].seat, MARIA);
    assert_int_equal(balance.rows[3].seat, ANNA);
    assert_int_equal(balance.rows[5].seat, PETER);
    assert_int_equal(balance.discussion_ms, 10 * MINUTE);
    assert_share(row(MARIA, 16 * MINUTE)->share, 0.75);
    assert_share(row(JAN, 16 * MINUTE)->share, 0.25);
    assert_null(row(OBSERVER, 16 * MINUTE));
    assert_string_equal(row(JAN, 16 * MINUTE)->name, "Dr jan");
}

static void a_silent_member_is_there_at_zero(void **unused)
{
    (void)unused;
    a_case();
    const struct balint_balance_row *silent = row(ELSE_, 16 * MINUTE);
    assert_int_equal(silent->reading, BALINT_READING);
    assert_int_equal(silent->spoken_ms, 0);
    assert_share(silent->share, 0);
    assert_false(silent->heard_yet);
    assert_int_equal(silent->since_heard_ms, -1);
}

static void the_story_is_no_dominance(void **unused)
{
    (void)unused;
    a_case();
    const struct balint_balance_row *peter = row(PETER, 16 * MINUTE);
    assert_true(peter->presenter);
    assert_int_equal(peter->spoken_ms, 0);
    assert_share(peter->share, 0);
    assert_int_equal(peter->spoken_all_ms, 5 * MINUTE - 2000);
    assert_int_equal(peter->since_heard_ms, 11 * MINUTE);
}

static void the_leaders_have_a_line_of_their_own(void **unused)
{
    (void)unused;
    a_case();
    const struct balint_balance_row *anna = row(ANNA, 16 * MINUTE);
    assert_int_equal(anna->spoken_ms, 1 * MINUTE);
    assert_int_equal(anna->spoken_all_ms, 1 * MINUTE + 5000);
    assert_share(anna->share, 0);
    assert_share(balance.leaders_share, 0.2); /* one of five minutes */
}

static void nobody_has_spoken(void **unused)
{
    (void)unused;
    enter(DISCUSSION, 1000);
    balint_ledger_balance(ledger, 5000, &balance);
    assert_int_equal(balance.member_count, 4);
    for (int i = 0; i < 4; i++)
        assert_share(balance.rows[i].share, 0);
    assert_share(balance.leaders_share, 0);
    struct balint_ledger *fresh = balint_ledger_new();
    balint_ledger_balance(fresh, 5000, &balance);
    assert_int_equal(balance.member_count, 0);
    balint_ledger_free(fresh);
    balint_ledger_free(NULL);
}

static void overlapping_speech_counts_for_both(void **unused)
{
    (void)unused;
    enter(DISCUSSION, 0);
    say(MARIA, 1000, 11000);
    say(JAN, 1000, 11000);
    report_all(12000);
    assert_int_equal(row(MARIA, 12000)->spoken_ms, 10000);
    assert_int_equal(row(JAN, 12000)->spoken_ms, 10000);
    assert_share(row(JAN, 12000)->share, 0.5);
}

static void an_mm_is_no_turn_and_not_being_heard(void **unused)
{
    (void)unused;
    enter(DISCUSSION, 0);
    say(MARIA, 1000, 1700);
    say(JAN, 3000, 5000);
    report_all(6000);
    assert_int_equal(row(MARIA, 6000)->turns, 0);
    assert_false(row(MARIA, 6000)->heard_yet);
    assert_int_equal(row(MARIA, 6000)->spoken_ms, 700);
    assert_int_equal(row(JAN, 6000)->turns, 1);
    assert_true(row(JAN, 6000)->heard_yet);
}

/* No reading, zero and away are three things. */
static void no_reading_is_not_zero(void **unused)
{
    (void)unused;
    enter(DISCUSSION, 0);
    assert_int_equal(row(ELSE_, 1000)->reading, BALINT_NO_READING); /* never a report */
    report_all(2000);
    assert_int_equal(row(ELSE_, 2000)->reading, BALINT_READING);
    assert_int_equal(row(ELSE_, 2000 + BALINT_STALE_MS)->reading, BALINT_READING);
    assert_int_equal(row(ELSE_, 2001 + BALINT_STALE_MS)->reading, BALINT_NO_READING);
    state.seats[ELSE_].away = true;
    balint_ledger_state(ledger, &state);
    assert_int_equal(row(ELSE_, 3000)->reading, BALINT_IS_AWAY);
    assert_int_equal(row(ELSE_, 30000)->reading, BALINT_IS_AWAY);
    assert_int_equal(balance.member_count, 4); /* still in the circle */
    state.seats[ELSE_].away = false;
    state.seats[ELSE_].sitting_out = true;
    balint_ledger_state(ledger, &state);
    assert_int_equal(row(ELSE_, 3000)->reading, BALINT_IS_AWAY);
}

static void the_phase_a_span_was_in_decides(void **unused)
{
    (void)unused;
    enter(DISCUSSION, 0);
    say(MARIA, 8000, 10000);
    enter(RETURN_, 10000);
    balint_talk_add(&talks[MARIA], RETURN_, (struct balint_talk_span){10000, 14000}, true);
    report_all(15000);
    assert_int_equal(row(MARIA, 15000)->spoken_ms, 2000);
    assert_int_equal(row(MARIA, 15000)->recent_ms, 2000);
    assert_int_equal(row(MARIA, 15000)->spoken_all_ms, 6000);
    assert_int_equal(row(MARIA, 15000)->since_heard_ms, 1000);
    assert_int_equal(balance.discussion_ms, 10000);
}

/* Going back a phase, or several step-backs in one case: one discussion. */
static void visits_of_one_case_are_summed(void **unused)
{
    (void)unused;
    enter(STORY, 0);
    present(PETER, 0);
    enter(DISCUSSION, 10000);
    say(MARIA, 11000, 13000);
    enter(STORY, 20000);
    enter(DISCUSSION, 30000);
    say(JAN, 31000, 33000);
    report_all(35000);
    assert_int_equal(row(MARIA, 40000)->spoken_ms, 2000);
    assert_int_equal(balance.discussion_ms, 20000);
    assert_share(row(JAN, 40000)->share, 0.5);
}

static void a_second_case_starts_at_zero(void **unused)
{
    (void)unused;
    a_case();
    enter(RETURN_, 16 * MINUTE);
    present(BALINT_NOBODY, 17 * MINUTE);
    assert_int_equal(row(MARIA, 17 * MINUTE)->spoken_ms, 3 * MINUTE); /* still the case one looks at */
    assert_true(row(PETER, 17 * MINUTE)->presenter);
    present(MARIA, 18 * MINUTE);
    enter(DISCUSSION, 20 * MINUTE);
    say(PETER, 20 * MINUTE, 22 * MINUTE);
    say(ELSE_, 22 * MINUTE, 24 * MINUTE);
    report_all(25 * MINUTE);
    assert_int_equal(row(PETER, 25 * MINUTE)->spoken_ms, 2 * MINUTE);
    assert_false(row(PETER, 25 * MINUTE)->presenter);
    assert_share(row(PETER, 25 * MINUTE)->share, 0.5);
    assert_share(row(JAN, 25 * MINUTE)->share, 0);
    assert_true(row(MARIA, 25 * MINUTE)->presenter);
    assert_int_equal(row(MARIA, 25 * MINUTE)->spoken_ms, 0);
    assert_int_equal(row(MARIA, 25 * MINUTE)->spoken_all_ms, 3 * MINUTE);
    assert_int_equal(balance.discussion_ms, 5 * MINUTE);
}

static void naming_the_presenter_late_keeps_what_was_counted(void **unused)
{
    (void)unused;
    enter(DISCUSSION, 0);
    say(MARIA, 1000, 3000);
    report_all(4000);
    present(PETER, 5000);
    assert_int_equal(row(MARIA, 6000)->spoken_ms, 2000);
    assert_int_equal(balance.discussion_ms, 6000);
}

static void in_the_circle_the_presenter_takes_part(void **unused)
{
    (void)unused;
    state.format.phases[DISCUSSION].presenter = BALINT_IN_CIRCLE;
    state.format.phases[DISCUSSION].part = BALINT_PART_DISCUSSION;
    enter(STORY, 0);
    present(PETER, 0);
    say(PETER, 1000, 5000);
    enter(DISCUSSION, 10000);
    say(PETER, 11000, 12000);
    say(MARIA, 12000, 15000);
    report_all(16000);
    assert_int_equal(row(PETER, 16000)->spoken_ms, 1000);
    assert_share(row(PETER, 16000)->share, 0.25);
    assert_int_equal(balance.member_count, 4);
    assert_int_equal(balance.other_count, 0);
}

static void shared_and_speaking_are_shown(void **unused)
{
    (void)unused;
    enter(DISCUSSION, 0);
    talks[JAN].shared = true;
    talks[MARIA].speaking = true;
    report_all(2000);
    assert_true(row(JAN, 2500)->shared);
    assert_false(row(MARIA, 2500)->shared);
    assert_int_equal(row(MARIA, 2500)->since_heard_ms, 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LEDGER_TEST(the_denominator_is_the_members_of_the_discussion),
        LEDGER_TEST(a_silent_member_is_there_at_zero),
        LEDGER_TEST(the_story_is_no_dominance),
        LEDGER_TEST(the_leaders_have_a_line_of_their_own),
        LEDGER_TEST(nobody_has_spoken),
        LEDGER_TEST(overlapping_speech_counts_for_both),
        LEDGER_TEST(an_mm_is_no_turn_and_not_being_heard),
        LEDGER_TEST(no_reading_is_not_zero),
        LEDGER_TEST(the_phase_a_span_was_in_decides),
        LEDGER_TEST(visits_of_one_case_are_summed),
        LEDGER_TEST(a_second_case_starts_at_zero),
        LEDGER_TEST(naming_the_presenter_late_keeps_what_was_counted),
        LEDGER_TEST(in_the_circle_the_presenter_takes_part),
        LEDGER_TEST(shared_and_speaking_are_shown),
    };
    return cmocka_run_group_tests_name("ledger_balance", tests, NULL, NULL);
}
