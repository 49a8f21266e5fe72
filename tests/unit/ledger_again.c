/* ledger_again.c - a leader's program that was killed and started again, with no other leader: everybody's
 * next report brings the totals, and the state how long the discussion was, and whose. */
#include "session/after.h"

#include "unit/ledger_evening.h"

static struct balint_after after;

/* The stays of before, as the session remembers them for a program that is new. */
static void remember(const struct balint_state_stay *past, int count)
{
    memcpy(state.past, past, (size_t)count * sizeof *past);
    state.past_count = count;
}

/* A lone leader's program is killed after the discussion: the next one is told the same totals by everybody's
 * next report, and by the state how long the discussion was. */
static void a_new_program_knows_how_long_the_discussion_was(void **unused)
{
    (void)unused;
    a_case();
    enter(RETURN_, 16 * MINUTE);
    report_all(17 * MINUTE);
    struct balint_balance known;
    balint_ledger_balance(ledger, 18 * MINUTE, &known);
    balint_ledger_free(ledger);
    ledger = balint_ledger_new();
    remember((const struct balint_state_stay[]){{STORY, PETER, 0}, {DISCUSSION, PETER, 6 * MINUTE}}, 2);
    balint_ledger_state(ledger, &state);
    report_all(17 * MINUTE + 2000);
    balint_ledger_balance(ledger, 18 * MINUTE, &balance);
    assert_int_equal(known.discussion_ms, 10 * MINUTE);
    assert_int_equal(balance.discussion_ms, 10 * MINUTE);
    assert_int_equal(balance.member_count, known.member_count);
    for (int i = 0; i < known.member_count + known.leader_count; i++) {
        assert_int_equal(balance.rows[i].spoken_ms, known.rows[i].spoken_ms);
        assert_int_equal(balance.rows[i].spoken_all_ms, known.rows[i].spoken_all_ms);
    }
    /* The balance afterwards, too: one case, three stays. */
    balint_ledger_after(ledger, 18 * MINUTE, &after);
    assert_int_equal(after.case_count, 1);
    assert_int_equal(after.visit_count, 3);
    assert_int_equal(after.cases[0].discussion_ms, 10 * MINUTE);
    assert_int_equal(after.visits[1].end_ms, 16 * MINUTE);
}

/* Two cases are told apart as by a program that was there: by who presented, and by where the group asks. */
static void a_new_program_tells_two_cases_apart(void **unused)
{
    (void)unused;
    state.format.phases[STORY].part = BALINT_PART_CASE;
    state.phase = RETURN_;
    state.phase_since_ms = 40 * MINUTE;
    state.clock_ms = 41 * MINUTE;
    state.presenter = MARIA;
    for (int asked = 0; asked < 2; asked++) { /* or somebody else presents in the same phases */
        remember((const struct balint_state_stay[]){{STORY, PETER, 0},
                                                    {DISCUSSION, PETER, 6 * MINUTE},
                                                    {asked ? STORY : RETURN_, MARIA, 16 * MINUTE},
                                                    {DISCUSSION, MARIA, 20 * MINUTE}},
                 4);
        balint_ledger_free(ledger);
        ledger = balint_ledger_new();
        balint_ledger_state(ledger, &state);
        balint_ledger_balance(ledger, 45 * MINUTE, &balance);
        assert_int_equal(balance.discussion_ms, 20 * MINUTE); /* of the second case alone */
        assert_true(balance.rows[balance.member_count + balance.leader_count].presenter);
        assert_int_equal(balance.rows[balance.member_count + balance.leader_count].seat, MARIA);
        balint_ledger_after(ledger, 45 * MINUTE, &after);
        assert_int_equal(after.case_count, 2);
        assert_int_equal(after.cases[0].discussion_ms, 10 * MINUTE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LEDGER_TEST(a_new_program_knows_how_long_the_discussion_was),
        LEDGER_TEST(a_new_program_tells_two_cases_apart),
    };
    return cmocka_run_group_tests_name("ledger_again", tests, NULL, NULL);
}
