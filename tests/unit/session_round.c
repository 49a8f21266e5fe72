/* session_round.c - rounds as BALINT.md has them: one after the other, passing is allowed, nobody is
 * silenced. */
#include "session_support.h"

/* The row as seats, ended by BALINT_NOBODY. */
#define ROW_IS(session, ...)                                                                                 \
    do {                                                                                                     \
        const int wanted[] = {__VA_ARGS__, BALINT_NOBODY};                                                   \
        int place = 0;                                                                                       \
        for (; wanted[place] != BALINT_NOBODY; place++)                                                      \
            assert_int_equal(balint_round_place(session, wanted[place]), place + 1);                         \
        assert_int_equal((session)->round.count, place);                                                     \
    } while (0)

static void check_in_is_a_round_that_begins_and_ends_with_its_phase(void **state)
{
    (void)state;
    struct balint_session session;
    session_of_six(&session);
    assert_false(session.round.on);
    REFUSED(BALINT_NO_ROUND, &session, ANNA, BALINT_TURN, BALINT_NOBODY, 0);
    walk_to(&session, "check-in");
    /* Leaders take part, who leads comes last, the observer is not asked. */
    ROW_IS(&session, CO_LEADER, ANNA, BERT, CARL, LEADER);
    /* It silences nobody. */
    for (int from = 0; from < WATCHER; from++)
        for (int to = 0; to < PEOPLE; to++)
            assert_int_equal(balint_may_hear(&session, from, to), from != to);
    ALLOWED(&session, CO_LEADER, BALINT_TURN, BALINT_NOBODY, 0);
    ROW_IS(&session, ANNA, BERT, CARL, LEADER);
    ALLOWED(&session, CARL, BALINT_TURN, BALINT_NOBODY, 0); /* passes before it is the own turn */
    ROW_IS(&session, ANNA, BERT, LEADER);
    REFUSED(BALINT_NO_ROUND, &session, CARL, BALINT_TURN, BALINT_NOBODY, 0);
    REFUSED(BALINT_NO_ROUND, &session, WATCHER, BALINT_TURN, BALINT_NOBODY, 0);
    REFUSED(BALINT_NOT_YOURS, &session, BERT, BALINT_ROUND, BALINT_NOBODY, BALINT_ROUND_NEXT);
    ALLOWED(&session, LEADER, BALINT_ROUND, BALINT_NOBODY, BALINT_ROUND_NEXT);
    ROW_IS(&session, BERT, LEADER);
    walk_to(&session, "case");
    assert_false(session.round.on);
    assert_int_equal(session.round.count, 0);
    assert_int_equal(session.round.had, 0);
}

static void leaders_begin_a_round_in_any_phase_and_end_it(void **state)
{
    (void)state;
    struct balint_session session;
    session_of_six(&session);
    walk_to(&session, "closing");
    assert_false(session.round.on);
    REFUSED(BALINT_NO_ROUND, &session, LEADER, BALINT_ROUND, BALINT_NOBODY, BALINT_ROUND_NEXT);
    REFUSED(BALINT_NOT_YOURS, &session, ANNA, BALINT_ROUND, BALINT_NOBODY, BALINT_ROUND_BEGIN);
    ALLOWED(&session, CO_LEADER, BALINT_ROUND, BALINT_NOBODY, BALINT_ROUND_BEGIN);
    ROW_IS(&session, CO_LEADER, ANNA, BERT, CARL, LEADER);
    ALLOWED(&session, CO_LEADER, BALINT_TURN, BALINT_NOBODY, 0);
    /* Begun twice at the same time it begins once. */
    ALLOWED(&session, LEADER, BALINT_ROUND, BALINT_NOBODY, BALINT_ROUND_BEGIN);
    ROW_IS(&session, ANNA, BERT, CARL, LEADER);
    for (int i = 0; i < 4; i++)
        ALLOWED(&session, LEADER, BALINT_ROUND, BALINT_NOBODY, BALINT_ROUND_NEXT);
    assert_true(session.round.on); /* everybody has had the turn; it stays until somebody ends it */
    assert_int_equal(session.round.count, 0);
    ALLOWED(&session, LEADER, BALINT_ROUND, BALINT_NOBODY, BALINT_ROUND_BEGIN);
    ROW_IS(&session, CO_LEADER, ANNA, BERT, CARL, LEADER); /* and another one */
    ALLOWED(&session, CO_LEADER, BALINT_ROUND, BALINT_NOBODY, BALINT_ROUND_END);
    assert_false(session.round.on);
}

static void who_cannot_take_part_is_skipped_and_comes_last_when_back(void **state)
{
    (void)state;
    struct balint_session session;
    session_of_six(&session);
    ALLOWED(&session, BERT, BALINT_AWAY, BALINT_NOBODY, 1);
    walk_to(&session, "check-in");
    ROW_IS(&session, CO_LEADER, ANNA, CARL, LEADER);
    ALLOWED(&session, BERT, BALINT_AWAY, BALINT_NOBODY, 0);
    ROW_IS(&session, CO_LEADER, ANNA, CARL, LEADER, BERT);
    ALLOWED(&session, CO_LEADER, BALINT_SIT_OUT, BALINT_NOBODY, 1);
    ROW_IS(&session, ANNA, CARL, LEADER, BERT);
    ALLOWED(&session, CO_LEADER, BALINT_SIT_OUT, BALINT_NOBODY, 0);
    ROW_IS(&session, ANNA, CARL, LEADER, BERT, CO_LEADER);
    /* Who has had the turn does not come again. */
    ALLOWED(&session, ANNA, BALINT_TURN, BALINT_NOBODY, 0);
    ALLOWED(&session, ANNA, BALINT_AWAY, BALINT_NOBODY, 1);
    ALLOWED(&session, ANNA, BALINT_AWAY, BALINT_NOBODY, 0);
    ROW_IS(&session, CARL, LEADER, BERT, CO_LEADER);
    /* Who comes later joins at the end; who is removed is forgotten. */
    int dora = add_person(&session, "dora", BALINT_MEMBER);
    ROW_IS(&session, CARL, LEADER, BERT, CO_LEADER, dora);
    balint_session_free(&session, LEADER, 101 * SECOND);
    ROW_IS(&session, CARL, BERT, CO_LEADER, dora);
}

/* A line that fails for a moment takes nobody's turn; who stays away is skipped by itself. */
static void a_lost_line_keeps_the_turn_for_ten_seconds(void **state)
{
    (void)state;
    struct balint_session session;
    session_of_six(&session);
    walk_to(&session, "check-in");
    balint_session_disconnect(&session, CO_LEADER, 100 * SECOND);
    assert_false(balint_session_tick(&session, 109 * SECOND));
    ROW_IS(&session, CO_LEADER, ANNA, BERT, CARL, LEADER);
    balint_session_connect(&session, CO_LEADER, false, 109 * SECOND);
    ROW_IS(&session, CO_LEADER, ANNA, BERT, CARL, LEADER);
    balint_session_disconnect(&session, CO_LEADER, 110 * SECOND);
    assert_true(balint_session_tick(&session, 120 * SECOND));
    ROW_IS(&session, ANNA, BERT, CARL, LEADER);
    assert_false(balint_session_tick(&session, 300 * SECOND));
    balint_session_connect(&session, CO_LEADER, true, 301 * SECOND);
    ROW_IS(&session, ANNA, BERT, CARL, LEADER, CO_LEADER);
}

/* Somebody who goes home is not waited for; who comes back comes last, and who had the turn has had it. */
static void who_leaves_is_not_waited_for(void **state)
{
    (void)state;
    struct balint_session session;
    session_of_six(&session);
    walk_to(&session, "check-in");
    balint_session_leave(&session, CO_LEADER, 100 * SECOND);
    ROW_IS(&session, ANNA, BERT, CARL, LEADER);
    balint_session_tick(&session, 101 * SECOND);
    ROW_IS(&session, ANNA, BERT, CARL, LEADER);
    ALLOWED(&session, ANNA, BALINT_TURN, BALINT_NOBODY, 0);
    balint_session_leave(&session, ANNA, 102 * SECOND);
    balint_session_connect(&session, CO_LEADER, false, 103 * SECOND);
    balint_session_connect(&session, ANNA, true, 103 * SECOND);
    ROW_IS(&session, BERT, CARL, LEADER, CO_LEADER);
    /* A round that begins waits for nobody who is gone, either. */
    balint_session_leave(&session, BERT, 104 * SECOND);
    ALLOWED(&session, LEADER, BALINT_ROUND, BALINT_NOBODY, BALINT_ROUND_END);
    ALLOWED(&session, LEADER, BALINT_ROUND, BALINT_NOBODY, BALINT_ROUND_BEGIN);
    ROW_IS(&session, CO_LEADER, ANNA, CARL, LEADER);
}

/* Everybody who is in is shown the round, and the same one. */
static void all_are_told_whose_turn_it_is(void **state)
{
    (void)state;
    struct balint_session session;
    struct balint_state seen;
    session_of_six(&session);
    int door = balint_session_seat(&session, "fritz", "Fritz", BALINT_MEMBER);
    walk_to(&session, "check-in");
    ALLOWED(&session, CO_LEADER, BALINT_TURN, BALINT_NOBODY, 0);
    for (int to = 0; to < PEOPLE; to++) {
        balint_state_of(&session, to, &seen);
        assert_true(seen.round);
        assert_int_equal(balint_state_seat_of(&seen, ANNA)->turn, 1);
        assert_int_equal(balint_state_seat_of(&seen, LEADER)->turn, 4);
        assert_int_equal(balint_state_seat_of(&seen, CO_LEADER)->turn, 0);
        assert_true(balint_state_seat_of(&seen, CO_LEADER)->had_turn);
        assert_int_equal(balint_state_seat_of(&seen, WATCHER)->turn, 0);
    }
    balint_state_of(&session, door, &seen);
    assert_false(seen.round);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_in_is_a_round_that_begins_and_ends_with_its_phase),
        cmocka_unit_test(leaders_begin_a_round_in_any_phase_and_end_it),
        cmocka_unit_test(who_cannot_take_part_is_skipped_and_comes_last_when_back),
        cmocka_unit_test(a_lost_line_keeps_the_turn_for_ten_seconds),
        cmocka_unit_test(who_leaves_is_not_waited_for),
        cmocka_unit_test(all_are_told_whose_turn_it_is),
    };
    return cmocka_run_group_tests_name("session-round", tests, NULL, NULL);
}
