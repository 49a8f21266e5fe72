/* client_refusal.c - a refusal goes from the screen when it is no longer true, and not before. */
#include "client/refusal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct balint_state before, now;

static int begin(void **unused)
{
    (void)unused;
    memset(&before, 0, sizeof before);
    before.admitted = before.led = true;
    before.format = *balint_format_find("classic");
    before.phase = 2;
    before.presenter = before.proposed = BALINT_NOBODY;
    before.you = 3;
    before.seat_count = 2;
    before.seats[0].seat = 0;
    before.seats[1].seat = 3;
    before.seats[1].role = BALINT_MEMBER;
    now = before;
    return 0;
}

static bool over(enum balint_result result)
{
    return balint_refusal_over(balint_result_name(result), &before, &now);
}

/* "A leader has muted you: a leader lifts it …": until it is lifted. */
static void a_mute_for_cause_is_lifted(void **unused)
{
    (void)unused;
    before.seats[1].muted_for_cause = true;
    now = before;
    now.phase++; /* other things go on meanwhile */
    now.seats[1].hand_ms = 7;
    now.seats[0].muted_for_cause = true; /* and to others */
    assert_false(over(BALINT_STILL_MUTED));
    now.seats[1].muted_for_cause = false;
    now.seats[1].muted = true;
    assert_true(over(BALINT_STILL_MUTED));
}

/* "You are not invited back yet". */
static void an_invitation_and_a_leader_gone(void **unused)
{
    (void)unused;
    before.stepped_back = true;
    before.presenter = before.you;
    now = before;
    now.asked = true;
    assert_false(over(BALINT_HOLD_TO_RETURN));
    now.invited = true;
    assert_true(over(BALINT_HOLD_TO_RETURN));
    now.invited = false;
    now.led = false;
    assert_true(over(BALINT_HOLD_TO_RETURN));
}

static void each_speaks_of_something(void **unused)
{
    (void)unused;
    now.phase++;
    static const enum balint_result of_phase[] = {BALINT_NO_SUCH_PHASE, BALINT_ILLEGAL_EDGE, BALINT_NOT_YET,
                                                  BALINT_TOO_LATE, BALINT_WORK_DONE};
    for (size_t i = 0; i < sizeof of_phase / sizeof *of_phase; i++)
        assert_true(over(of_phase[i]));
    assert_false(over(BALINT_NO_PRESENTER) || over(BALINT_NOT_YOURS) || over(BALINT_NO_ROUND));
    now.presenter = 0;
    assert_true(over(BALINT_NO_PRESENTER) && over(BALINT_NO_STEP_BACK));
    assert_false(over(BALINT_NOT_ASKED) || over(BALINT_COME_BACK));
    now.proposed = 3;
    now.seats[1].turn = 1;
    now.seats[1].away = true;
    now.seats[1].role = BALINT_CO_LEADER;
    assert_true(over(BALINT_NOT_ASKED) && over(BALINT_COME_BACK) && over(BALINT_NO_ROUND) &&
                over(BALINT_NOT_YOURS));
}

static void what_speaks_of_no_state_stays(void **unused)
{
    (void)unused;
    memset(&now, 0, sizeof now); /* everything else; and nobody on the own seat */
    now.you = BALINT_NOBODY;
    assert_false(over(BALINT_BAD_VALUE) || over(BALINT_NO_SUCH_SEAT));
    assert_false(balint_refusal_over("", &before, &now) || balint_refusal_over("rate", &before, &now));
    assert_true(over(BALINT_STILL_MUTED) == false && over(BALINT_NOT_YET));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_mute_for_cause_is_lifted, begin),
        cmocka_unit_test_setup(an_invitation_and_a_leader_gone, begin),
        cmocka_unit_test_setup(each_speaks_of_something, begin),
        cmocka_unit_test_setup(what_speaks_of_no_state_stays, begin),
    };
    return cmocka_run_group_tests_name("client_refusal", tests, NULL, NULL);
}
