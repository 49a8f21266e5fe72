/* ledger_balance.c - BALINT.md's "Balance": who is in the denominator, what is silence and what is no
 * reading, and that lost, late and repeated reports and restarted clients change nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "session/ledger.h"

enum { STORY, QUESTIONS, DISCUSSION, RETURN_, PHASE_COUNT };
enum { ANNA, CO, PETER, MARIA, JAN, ELSE_, OBSERVER, PEOPLE };

#define MINUTE 60000

static struct balint_ledger *ledger;
static struct balint_state state;
static struct balint_balance balance;
static struct balint_talk talks[PEOPLE];
static const char *const members[PEOPLE] = {"anna", "co", "peter", "maria", "jan", "else", "olga"};

static void add_phase(const char *id, enum balint_place place)
{
    struct balint_phase *phase = &state.format.phases[state.format.count++];
    snprintf(phase->id, sizeof phase->id, "%s", id);
    phase->presenter = place;
}

static int setup(void **unused)
{
    (void)unused;
    static const enum balint_role roles[PEOPLE] = {BALINT_LEADER,  BALINT_CO_LEADER, BALINT_MEMBER,
                                                   BALINT_MEMBER,  BALINT_MEMBER,    BALINT_MEMBER,
                                                   BALINT_OBSERVER};
    ledger = balint_ledger_new();
    memset(&state, 0, sizeof state);
    snprintf(state.session, sizeof state.session, "00112233445566778899aabbccddeeff");
    add_phase("presentation", BALINT_IN_CIRCLE);
    add_phase("questions", BALINT_IN_CIRCLE);
    add_phase("discussion", BALINT_ASIDE);
    add_phase("return", BALINT_IN_CIRCLE);
    state.admitted = state.led = true;
    state.presenter = BALINT_NOBODY;
    state.seat_count = PEOPLE;
    for (int i = 0; i < PEOPLE; i++) {
        struct balint_state_seat *seat = &state.seats[i];
        seat->seat = i;
        snprintf(seat->member, sizeof seat->member, "%s", members[i]);
        snprintf(seat->name, sizeof seat->name, "Dr %s", members[i]);
        seat->role = roles[i];
        seat->connected = true;
        seat->epoch = 1;
        balint_talk_init(&talks[i]);
    }
    return ledger == NULL;
}

static int teardown(void **unused)
{
    (void)unused;
    balint_ledger_free(ledger);
    return 0;
}

static void enter(int phase, int64_t ms)
{
    state.phase = phase;
    state.phase_since_ms = state.clock_ms = ms;
    state.stepped_back = state.presenter >= 0 && state.format.phases[phase].presenter != BALINT_IN_CIRCLE;
    balint_ledger_state(ledger, &state);
}

static void present(int seat, int64_t ms)
{
    state.presenter = seat;
    state.clock_ms = ms;
    balint_ledger_state(ledger, &state);
}

static void say(int who, int64_t start_ms, int64_t end_ms)
{
    balint_talk_add(&talks[who], state.phase, (struct balint_talk_span){start_ms, end_ms}, false);
}

static bool report(int who, uint32_t epoch, int64_t clock_ms)
{
    talks[who].clock_ms = clock_ms;
    return balint_ledger_take(ledger, members[who], epoch, &talks[who]);
}

static void report_all(int64_t clock_ms)
{
    for (int i = 0; i < PEOPLE; i++)
        assert_true(report(i, 1, clock_ms));
}

static const struct balint_balance_row *row(int who, int64_t now_ms)
{
    balint_ledger_balance(ledger, now_ms, &balance);
    for (int i = 0; i < balance.member_count + balance.leader_count + balance.other_count; i++)
        if (balance.rows[i].seat == who)
            return &balance.rows[i];
    return NULL;
}

#define assert_share(is, ought) assert_true((is) > (ought)-0.0005 && (is) < (ought) + 0.0005)

/* Peter tells his story for five minutes, then sits back while the others talk for ten. */
static void a_case(void)
{
    enter(STORY, 0);
    present(PETER, 1000);
    say(PETER, 2000, 5 * MINUTE);
    say(ANNA, 5 * MINUTE, 5 * MINUTE + 5000);
    enter(DISCUSSION, 6 * MINUTE);
    say(MARIA, 6 * MINUTE, 9 * MINUTE);
    say(JAN, 9 * MINUTE, 10 * MINUTE);
    say(ANNA, 10 * MINUTE, 11 * MINUTE);
    report_all(16 * MINUTE);
}

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

/* A client whose clock runs far ahead must not look as if it went on reporting. */
static void a_report_from_the_future_is_no_reading(void **unused)
{
    (void)unused;
    enter(DISCUSSION, 0);
    report(JAN, 1, 60 * MINUTE);
    assert_int_equal(row(JAN, 2000)->reading, BALINT_NO_READING);
}

static void a_lost_report_costs_nothing_once_the_next_comes(void **unused)
{
    (void)unused;
    enter(DISCUSSION, 0);
    say(MARIA, 0, 1500);
    assert_true(report(MARIA, 1, 2000));
    for (int i = 1; i < 40; i++) /* forty more sentences, no report of them */
        say(MARIA, i * 3000, i * 3000 + 1500);
    assert_int_equal(row(MARIA, 121000)->spoken_ms, 1500);
    assert_true(report(MARIA, 1, 120000));
    assert_int_equal(row(MARIA, 120000)->spoken_ms, 60000);
    assert_int_equal(row(MARIA, 120000)->turns, 40);
    /* Ten spans came with it; the other thirty are known to lie before them. */
    assert_in_range(row(MARIA, 120000)->recent_ms, 59990, 60000);
}

static void late_and_repeated_reports_are_ignored(void **unused)
{
    (void)unused;
    enter(DISCUSSION, 0);
    say(MARIA, 0, 1500);
    struct balint_talk first = talks[MARIA], second;
    first.clock_ms = 2000;
    say(MARIA, 2500, 4500);
    second = talks[MARIA];
    second.clock_ms = 6000;
    assert_true(balint_ledger_take(ledger, "maria", 1, &second));
    assert_false(balint_ledger_take(ledger, "maria", 1, &first));
    assert_false(balint_ledger_take(ledger, "maria", 1, &second));
    assert_int_equal(row(MARIA, 6000)->spoken_ms, 3500);
    assert_int_equal(row(MARIA, 6000)->recent_ms, 3500);
    second.clock_ms = 8000;
    second.total_ms[DISCUSSION] = 10; /* totals never fall */
    assert_false(balint_ledger_take(ledger, "maria", 1, &second));
    assert_int_equal(row(MARIA, 8000)->spoken_ms, 3500);
}

/* A restarted client counts from zero; the late word of the earlier one is still taken. */
static void epochs_are_summed(void **unused)
{
    (void)unused;
    enter(DISCUSSION, 0);
    say(MARIA, 0, 10000);
    report(MARIA, 1, 12000);
    struct balint_talk late = talks[MARIA];
    balint_talk_add(&late, DISCUSSION, (struct balint_talk_span){13000, 15000}, false);
    late.clock_ms = 16000;

    balint_talk_init(&talks[MARIA]);
    say(MARIA, 20000, 25000);
    assert_true(report(MARIA, 2, 26000));
    assert_int_equal(row(MARIA, 26000)->spoken_ms, 15000);
    assert_int_equal(row(MARIA, 26000)->turns, 2);
    assert_true(balint_ledger_take(ledger, "maria", 1, &late));
    assert_int_equal(row(MARIA, 26000)->spoken_ms, 17000);
    assert_int_equal(row(MARIA, 26000)->recent_ms, 17000);
    assert_int_equal(row(MARIA, 26000)->since_heard_ms, 1000);
    assert_int_equal(row(MARIA, 26000)->reading, BALINT_READING);
    say(MARIA, 26000, 27000);
    assert_true(report(MARIA, 2, 28000));
    assert_int_equal(row(MARIA, 28000)->spoken_ms, 18000);
}

/* However often a client restarts, no second is counted twice and none is lost. */
static void many_restarts(void **unused)
{
    (void)unused;
    enter(DISCUSSION, 0);
    for (uint32_t epoch = 1; epoch <= 50; epoch++) {
        balint_talk_init(&talks[JAN]);
        say(JAN, epoch * 4000, epoch * 4000 + 2000);
        assert_true(report(JAN, epoch, epoch * 4000 + 3000));
    }
    assert_int_equal(row(JAN, 210000)->spoken_ms, 100000);
    assert_int_equal(row(JAN, 210000)->turns, 50);
    struct balint_talk old;
    balint_talk_init(&old);
    balint_talk_add(&old, DISCUSSION, (struct balint_talk_span){0, 90000}, false);
    old.clock_ms = 100000;
    assert_false(balint_ledger_take(ledger, "jan", 1, &old));
    assert_int_equal(row(JAN, 210000)->spoken_ms, 100000);
}

static void the_last_ten_minutes_move(void **unused)
{
    (void)unused;
    enter(STORY, 0);
    say(MARIA, 1000, 31000); /* before the discussion: not in it */
    enter(DISCUSSION, 1 * MINUTE);
    for (int i = 1; i <= 20; i++) { /* Maria: a half of every minute; Jan from the twelfth on a quarter */
        say(MARIA, i * MINUTE, i * MINUTE + 30000);
        if (i >= 12)
            say(JAN, i * MINUTE + 30000, i * MINUTE + 45000);
        report(MARIA, 1, (i + 1) * MINUTE - 1);
        report(JAN, 1, (i + 1) * MINUTE - 1);
    }
    int64_t now_ms = 21 * MINUTE;
    assert_int_equal(row(MARIA, now_ms)->spoken_ms, 20 * 30000);
    assert_int_equal(row(MARIA, now_ms)->recent_ms, 10 * 30000);
    assert_int_equal(row(JAN, now_ms)->recent_ms, 9 * 15000);
    assert_share(row(JAN, now_ms)->recent_share, 135.0 / 435.0);
    assert_share(row(JAN, now_ms)->share, 135.0 / 735.0);
    /* A window that begins within a span takes its later part. */
    assert_int_equal(row(MARIA, now_ms + 10000)->recent_ms, 10 * 30000 - 10000);
    assert_int_equal(row(MARIA, now_ms + 20 * MINUTE)->recent_ms, 0);
}

static void lively_talk_for_two_hours(void **unused)
{
    (void)unused;
    enter(DISCUSSION, 0);
    for (int i = 0; i < 7200; i++) { /* half of every second, reported every other second */
        say(MARIA, i * 1000, i * 1000 + 500);
        if (i % 2)
            assert_true(report(MARIA, 1, (i + 1) * 1000));
    }
    assert_int_equal(row(MARIA, 7200000)->spoken_ms, 3600000);
    /* More pieces than are kept: the oldest are merged, within a second of the truth. */
    assert_in_range(row(MARIA, 7200000)->recent_ms, 299000, 301000);
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

/* Reports of the first case's discussion that come when the second goes on belong to the first. */
static void a_late_report_finds_its_case(void **unused)
{
    (void)unused;
    enter(DISCUSSION, 0);
    present(PETER, 0);
    report_all(1000);
    say(JAN, 2000, 62000);
    enter(RETURN_, 70000); /* Jan's line is down */
    present(MARIA, 80000);
    enter(STORY, 80000);
    assert_true(report(JAN, 1, 90000));
    enter(DISCUSSION, 100000);
    say(JAN, 101000, 103000);
    assert_true(report(JAN, 1, 104000));
    assert_int_equal(row(JAN, 104000)->spoken_ms, 2000);
    assert_int_equal(row(JAN, 104000)->recent_ms, 2000);
    assert_int_equal(row(JAN, 104000)->spoken_all_ms, 62000);
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

/* A leader who comes back has no past; the totals do. */
static void a_leader_who_comes_late_has_the_totals(void **unused)
{
    (void)unused;
    state.presenter = PETER;
    state.phase = DISCUSSION;
    say(MARIA, 10 * MINUTE, 12 * MINUTE);
    say(JAN, 12 * MINUTE, 13 * MINUTE);
    enter(RETURN_, 20 * MINUTE); /* the first state this leader gets */
    report_all(20 * MINUTE + 1000);
    assert_int_equal(row(MARIA, 21 * MINUTE)->spoken_ms, 2 * MINUTE);
    assert_int_equal(row(MARIA, 21 * MINUTE)->turns, 1);
    assert_share(row(JAN, 21 * MINUTE)->share, 1.0 / 3);
}

static void in_the_circle_the_presenter_takes_part(void **unused)
{
    (void)unused;
    state.format.phases[DISCUSSION].presenter = BALINT_IN_CIRCLE;
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

static void a_lobby_state_and_strange_ids_change_nothing(void **unused)
{
    (void)unused;
    a_case();
    struct balint_state lobby = state;
    lobby.admitted = false;
    lobby.seat_count = 0;
    balint_ledger_state(ledger, &lobby);
    assert_int_equal(row(MARIA, 16 * MINUTE)->spoken_ms, 3 * MINUTE);
    char long_id[2 * BALINT_ID_SIZE];
    memset(long_id, 'a', sizeof long_id - 1);
    long_id[sizeof long_id - 1] = '\0';
    assert_false(balint_ledger_take(ledger, long_id, 1, &talks[JAN]));
    assert_false(balint_ledger_take(ledger, "", 1, &talks[JAN]));
}

/* Reports of people who were removed make place for new ones; those on a seat are never pushed out. */
static void the_table_never_runs_full(void **unused)
{
    (void)unused;
    a_case();
    for (int i = 0; i < 100; i++) {
        char id[BALINT_ID_SIZE];
        struct balint_talk talk;
        balint_talk_init(&talk);
        talk.clock_ms = 17 * MINUTE + i;
        snprintf(id, sizeof id, "stranger-%d", i);
        assert_true(balint_ledger_take(ledger, id, 1, &talk));
    }
    assert_share(row(MARIA, 17 * MINUTE)->share, 0.75);
    assert_share(balance.leaders_share, 0.2);
}

static void the_next_session_starts_from_nothing(void **unused)
{
    (void)unused;
    a_case();
    state.session[0] = 'f';
    enter(DISCUSSION, 1000);
    assert_int_equal(row(MARIA, 2000)->spoken_ms, 0);
    assert_int_equal(row(MARIA, 2000)->reading, BALINT_NO_READING);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_denominator_is_the_members_of_the_discussion),
        TEST(a_silent_member_is_there_at_zero),
        TEST(the_story_is_no_dominance),
        TEST(the_leaders_have_a_line_of_their_own),
        TEST(nobody_has_spoken),
        TEST(overlapping_speech_counts_for_both),
        TEST(an_mm_is_no_turn_and_not_being_heard),
        TEST(no_reading_is_not_zero),
        TEST(a_report_from_the_future_is_no_reading),
        TEST(a_lost_report_costs_nothing_once_the_next_comes),
        TEST(late_and_repeated_reports_are_ignored),
        TEST(epochs_are_summed),
        TEST(many_restarts),
        TEST(the_last_ten_minutes_move),
        TEST(lively_talk_for_two_hours),
        TEST(the_phase_a_span_was_in_decides),
        TEST(visits_of_one_case_are_summed),
        TEST(a_second_case_starts_at_zero),
        TEST(a_late_report_finds_its_case),
        TEST(naming_the_presenter_late_keeps_what_was_counted),
        TEST(a_leader_who_comes_late_has_the_totals),
        TEST(in_the_circle_the_presenter_takes_part),
        TEST(shared_and_speaking_are_shown),
        TEST(a_lobby_state_and_strange_ids_change_nothing),
        TEST(the_table_never_runs_full),
        TEST(the_next_session_starts_from_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
