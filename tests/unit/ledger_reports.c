/* ledger_reports.c - lost, late and repeated reports, restarted clients and a leader who comes late change
 * nothing of the balance; and its last ten minutes. */
#include "unit/ledger_evening.h"

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
    const struct CMUnitTest tests[] = {
        LEDGER_TEST(a_report_from_the_future_is_no_reading),
        LEDGER_TEST(a_lost_report_costs_nothing_once_the_next_comes),
        LEDGER_TEST(late_and_repeated_reports_are_ignored),
        LEDGER_TEST(epochs_are_summed),
        LEDGER_TEST(many_restarts),
        LEDGER_TEST(the_last_ten_minutes_move),
        LEDGER_TEST(lively_talk_for_two_hours),
        LEDGER_TEST(a_late_report_finds_its_case),
        LEDGER_TEST(a_leader_who_comes_late_has_the_totals),
        LEDGER_TEST(a_lobby_state_and_strange_ids_change_nothing),
        LEDGER_TEST(the_table_never_runs_full),
        LEDGER_TEST(the_next_session_starts_from_nothing),
    };
    return cmocka_run_group_tests_name("ledger_reports", tests, NULL, NULL);
}
