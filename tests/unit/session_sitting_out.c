/* session_sitting_out.c - sitting out, against BALINT.md's table: "heard by nobody, seen by nobody, hears and
 * sees nothing, until the case ends; leaders alone are told, others see away".
 */
#include "session_support.h"

static void sitting_out_ends_with_the_case_and_the_own_key_brings_back(void **state)
{
    (void)state;
    for (int how = 0; how < 3; how++) {
        struct balint_session session;
        session_of_six(&session);
        tell_a_case(&session, LEADER, ANNA);
        ALLOWED(&session, CARL, BALINT_SIT_OUT, BALINT_NOBODY, 1);
        assert_false(balint_may_hear(&session, CARL, BERT) || balint_may_see(&session, CARL, BERT));
        assert_false(balint_may_hear(&session, BERT, CARL) || balint_may_see(&session, BERT, CARL));
        walk_to(&session, "closing");
        assert_true(session.seats[CARL].sitting_out);
        if (how == 0)
            ALLOWED(&session, LEADER, BALINT_PRESENT, BALINT_NOBODY, 0);
        else if (how == 1)
            tell_a_case(&session, LEADER, BERT);
        else
            balint_session_free(&session, ANNA, 200 * SECOND);
        /* Hears the others by itself; is heard and seen by the own key, as who was away is. */
        assert_true(session.seats[CARL].away && !session.seats[CARL].sitting_out);
        assert_true(balint_may_hear(&session, LEADER, CARL) && balint_may_see(&session, LEADER, CARL));
        assert_false(balint_may_hear(&session, CARL, BERT) || balint_may_see(&session, CARL, BERT));
        ALLOWED(&session, CARL, BALINT_AWAY, BALINT_NOBODY, 0);
        assert_true(balint_may_hear(&session, CARL, BERT) && balint_may_see(&session, CARL, BERT));
    }
}

static void the_own_key_ends_sitting_out_at_any_time(void **state)
{
    (void)state;
    for (int phase = 0; phase < 9; phase++) {
        struct balint_session session;
        session_of_six(&session);
        tell_a_case(&session, LEADER, ANNA);
        ALLOWED(&session, CARL, BALINT_SIT_OUT, BALINT_NOBODY, 1);
        walk_to(&session, session.format.phases[phase].id);
        ALLOWED(&session, CARL, BALINT_SIT_OUT, BALINT_NOBODY, 0);
        assert_true(balint_may_hear(&session, CARL, BERT) && balint_may_see(&session, BERT, CARL));
    }
}

/* `end` by mistake, and back: the case goes on, and who may know the patient hears nothing of it. */
static void ending_the_evening_puts_nobody_into_the_case(void **state)
{
    (void)state;
    for (int from = 3; from < 8; from++) {
        struct balint_session session;
        session_of_six(&session);
        tell_a_case(&session, LEADER, ANNA);
        ALLOWED(&session, CARL, BALINT_SIT_OUT, BALINT_NOBODY, 1);
        walk_to(&session, session.format.phases[from].id);
        ALLOWED(&session, LEADER, BALINT_PHASE, BALINT_NOBODY, 8);
        assert_int_equal(session.presenter, ANNA);
        for (int phase = 8; phase >= 0; phase--) {
            ALLOWED(&session, LEADER, BALINT_PHASE, BALINT_NOBODY, phase);
            for (int other = 0; other < PEOPLE; other++)
                assert_false(balint_may_hear(&session, other, CARL) || balint_may_see(&session, other, CARL));
        }
    }
}

static void in_the_corridor_no_case_begins(void **state)
{
    (void)state;
    struct balint_session session;
    session_of_six(&session);
    tell_a_case(&session, LEADER, ANNA);
    walk_to(&session, "corridor");
    const struct balint_session before = session;
    REFUSED(BALINT_WORK_DONE, &session, CARL, BALINT_SIT_OUT, BALINT_NOBODY, 1);
    REFUSED(BALINT_WORK_DONE, &session, BERT, BALINT_VOLUNTEER, BALINT_NOBODY, 1);
    REFUSED(BALINT_WORK_DONE, &session, LEADER, BALINT_PRESENT, BERT, 0);
    REFUSED(BALINT_WORK_DONE, &session, LEADER, BALINT_PRESENT, LEADER, 0);
    REFUSED(BALINT_WORK_DONE, &session, LEADER, BALINT_STEP_BACK, BALINT_NOBODY, 0);
    REFUSED(BALINT_WORK_DONE, &session, LEADER, BALINT_STEP_BACK, BALINT_NOBODY, BALINT_ASIDE);
    assert_memory_equal(&session, &before, sizeof session);
    /* What was asked before is over; what can be taken back can be taken back. */
    REFUSED(BALINT_NOT_ASKED, &session, BERT, BALINT_AGREE, BALINT_NOBODY, 1);
    ALLOWED(&session, CARL, BALINT_SIT_OUT, BALINT_NOBODY, 0);
    ALLOWED(&session, BERT, BALINT_VOLUNTEER, BALINT_NOBODY, 0);
    ALLOWED(&session, LEADER, BALINT_PRESENT, BALINT_NOBODY, 0);
    assert_int_equal(session.presenter, BALINT_NOBODY);
}

/* ---- what the others see */

/* Two evenings that differ in one key: in one of them somebody is away, in the other sits out. */
struct twins {
    struct balint_session away, out;
    struct chance chance;
    int64_t now_us;
    int who;
    bool gone;
    long spells, ends; /* how often gone; how often a case ended meanwhile */
};

static void both(struct twins *twins, int by, enum balint_action action, int seat, int value)
{
    struct balint_request request = {.action = action, .seat = seat, .value = value};
    bool sat_out = twins->out.seats[twins->who].sitting_out;
    enum balint_result one = balint_session_request(&twins->away, by, &request, twins->now_us);
    enum balint_result two = balint_session_request(&twins->out, by, &request, twins->now_us);
    assert_int_equal(one, two);
    twins->ends += sat_out && !twins->out.seats[twins->who].sitting_out;
}

/* Goes by the one key or the other, and comes back by whichever the own screen tells. */
static void goes(struct twins *twins, bool gone)
{
    bool sits_out = gone || twins->out.seats[twins->who].sitting_out;
    struct balint_request request = {.action = BALINT_AWAY, .seat = BALINT_NOBODY, .value = gone};
    assert_int_equal(balint_session_request(&twins->away, twins->who, &request, twins->now_us), BALINT_OK);
    request.action = sits_out ? BALINT_SIT_OUT : BALINT_AWAY;
    assert_int_equal(balint_session_request(&twins->out, twins->who, &request, twins->now_us), BALINT_OK);
    twins->gone = gone;
    twins->spells += gone;
}

/* To members, observers and who is at the door the two are one evening, to the byte. */
static void compare(const struct twins *twins)
{
    struct balint_state one, two;
    for (int to = 0; to < BALINT_SEATS; to++) {
        const struct balint_seat *person = &twins->away.seats[to];
        if (!person->taken || to == twins->who || (person->admitted && balint_is_leader(person->role)))
            continue;
        balint_state_of(&twins->away, to, &one);
        balint_state_of(&twins->out, to, &two);
        assert_memory_equal(&one, &two, sizeof one);
    }
}

static void twins_begin(struct twins *twins, int who)
{
    const struct balint_format *two_cases = balint_format_find("two-cases");
    session_of_six(&twins->away);
    twins->away.format = *two_cases;
    int door = balint_session_seat(&twins->away, "door", "door", BALINT_MEMBER);
    balint_session_connect(&twins->away, door, true, SECOND);
    twins->out = twins->away;
    twins->now_us = 100 * SECOND;
    twins->who = who;
    twins->gone = false;
}

static void one_evening_word_by_word(void **state)
{
    (void)state;
    struct twins twins = {.who = CARL};
    twins_begin(&twins, CARL);
    both(&twins, CARL, BALINT_VOLUNTEER, BALINT_NOBODY, 1);
    both(&twins, CARL, BALINT_HAND, BALINT_NOBODY, 1);
    goes(&twins, true);
    compare(&twins); /* neither has a case any more, each has a hand up */
    assert_false(twins.away.seats[CARL].volunteers);
    both(&twins, CARL, BALINT_VOLUNTEER, BALINT_NOBODY, 1);
    compare(&twins);
    both(&twins, LEADER, BALINT_PRESENT, LEADER, 0);
    for (int phase = 1; phase < twins.away.format.count; phase++) {
        both(&twins, LEADER, BALINT_PHASE, BALINT_NOBODY, phase);
        compare(&twins);
    }
    assert_int_equal(twins.ends, 1); /* with the second case */
    goes(&twins, false);
    compare(&twins);
    assert_true(balint_may_hear(&twins.away, CARL, ANNA) && balint_may_hear(&twins.out, CARL, ANNA));
}

/* A leader is told, and so asks nobody who sits out; nor can that person tell a case. */
static bool differs_rightly(const struct twins *twins, int by, enum balint_action action, int seat)
{
    if (by == twins->who && (action == BALINT_AWAY || action == BALINT_SIT_OUT))
        return true;
    return twins->gone && action == BALINT_PRESENT && seat == twins->who;
}

static void server_restarts(struct twins *twins)
{
    static char text[BALINT_SNAPSHOT_SIZE];
    struct balint_session *const sessions[] = {&twins->away, &twins->out};
    for (int i = 0; i < 2; i++) {
        assert_int_not_equal(balint_snapshot_write(sessions[i], text, sizeof text), 0);
        assert_true(balint_snapshot_read(sessions[i], text, twins->now_us, NULL));
        for (int seat = 0; seat < BALINT_SEATS; seat++)
            if (sessions[i]->seats[seat].taken)
                balint_session_connect(sessions[i], seat, false, twins->now_us);
    }
}

static void line_changes(struct twins *twins, int seat)
{
    bool fresh = chance_next(&twins->chance, 2), leaves = chance_next(&twins->chance, 4) == 0;
    struct balint_session *const sessions[] = {&twins->away, &twins->out};
    for (int i = 0; i < 2; i++) {
        if (!sessions[i]->seats[seat].connected)
            balint_session_connect(sessions[i], seat, fresh, twins->now_us);
        else if (leaves)
            balint_session_leave(sessions[i], seat, twins->now_us);
        else
            balint_session_disconnect(sessions[i], seat, twins->now_us);
    }
}

static void something_happens(struct twins *twins)
{
    int by = (int)chance_next(&twins->chance, PEOPLE),
        seat = (int)chance_next(&twins->chance, PEOPLE + 1) - 1;
    enum balint_action action = (enum balint_action)chance_next(&twins->chance, BALINT_ACTIONS);
    int value = (int)chance_next(&twins->chance, 3);
    int last = twins->away.format.count - 1, phase = twins->away.phase;
    twins->now_us += chance_next(&twins->chance, 4000000);
    switch (chance_next(&twins->chance, 16)) {
    case 0:
        if (twins->gone || (twins->away.presenter != twins->who && phase != last))
            goes(twins, !twins->gone);
        return;
    case 1:
        line_changes(twins, seat < 0 ? twins->who : seat);
        return;
    case 2:
        balint_session_tick(&twins->away, twins->now_us);
        balint_session_tick(&twins->out, twins->now_us);
        return;
    case 3:
        server_restarts(twins);
        return;
    case 4:
        both(twins, LEADER, BALINT_PHASE, BALINT_NOBODY, phase == last ? phase - 1 : phase + 1);
        return;
    default:
        if (action == BALINT_PHASE && chance_next(&twins->chance, 8) == 0)
            value = last;
        if (!differs_rightly(twins, by, action, seat))
            both(twins, by, action, seat, value);
    }
}

static void whatever_happens_members_see_one_evening(void **state)
{
    (void)state;
    static const int people[] = {CARL, CO_LEADER, WATCHER};
    struct twins twins = {.chance = {.state = UINT64_C(0x2545f4914f6cdd1d)}};
    for (int round = 0; round < 300; round++) {
        twins_begin(&twins, people[round % 3]);
        for (int event = 0; event < 200; event++) {
            something_happens(&twins);
            compare(&twins);
        }
    }
    print_message("gone %ld times, a case ended %ld times meanwhile\n", twins.spells, twins.ends);
    assert_true(twins.spells > 1000 && twins.ends > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sitting_out_ends_with_the_case_and_the_own_key_brings_back),
        cmocka_unit_test(the_own_key_ends_sitting_out_at_any_time),
        cmocka_unit_test(ending_the_evening_puts_nobody_into_the_case),
        cmocka_unit_test(in_the_corridor_no_case_begins),
        cmocka_unit_test(one_evening_word_by_word),
        cmocka_unit_test(whatever_happens_members_see_one_evening),
    };
    return cmocka_run_group_tests_name("session-sitting-out", tests, NULL, NULL);
}
