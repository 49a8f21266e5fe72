/* call_resend.c - a leader's program is killed in the discussion and started again: it asks the others when
 * they spoke, and knows the last ten minutes as well as the leader who stayed.
 *
 * Everybody is a process of their own that reports as `balint join` does (client/reporter.h); what they say
 * is invented, a short span in every second, so that a record's ten spans do not reach back far.
 */
#include "fakes/talker.h"

#include <stdlib.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { ANN, BEN, CLEO, DORA, PEOPLE }; /* Ann and Ben lead */
#define DISCUSSION 5                   /* of the format classic */
#define BEFORE_MS  18000               /* of discussion, before the kill */

/* The greatest difference between what two leaders know of the last ten minutes of anybody. */
static int apart_ms(const struct balint_talker_figures *one, const struct balint_talker_figures *two)
{
    int most = 0;
    for (int i = 0; i < PEOPLE; i++) {
        int by = abs(one->people[i].recent_ms - two->people[i].recent_ms);
        most = by > most ? by : most;
    }
    return most;
}

static void a_leader_killed_and_back_knows_the_last_ten_minutes(void **state)
{
    static struct balint_circle circle;
    static struct balint_callerproc people[PEOPLE];
    struct balint_talker_figures stayed, back;
    (void)state;
    balint_circle_begin_led(&circle, PEOPLE, 2);
    for (int i = 0; i < PEOPLE; i++)
        balint_talker_start(&people[i], &circle, i, i <= BEN);
    balint_talker_phases(&people[ANN], DISCUSSION);
    balint_talker_pass(BEFORE_MS);
    balint_callerproc_end(&people[BEN]); /* -9 */
    balint_talker_start(&people[BEN], &circle, BEN, true);
    /* First what she has not been told is lacking, then it is there. */
    int most_ms = 0, waited_ms = 0;
    do {
        balint_talker_pass(500);
        waited_ms += 500;
        balint_talker_ask(&people[BEN], &back);
        most_ms = back.lacks_ms > most_ms ? back.lacks_ms : most_ms;
    } while ((most_ms == 0 || back.lacks_ms > 0) && waited_ms < BALINT_CIRCLE_MS);
    print_message("lacked %d ms, after %d ms %d\n", most_ms, waited_ms, back.lacks_ms);
    assert_true(most_ms > 3 * BALINT_SLOT_MS);
    assert_int_equal(back.lacks_ms, 0);
    for (int i = 0; i < PEOPLE; i++)
        balint_callerproc_tell(&people[i], "hush");
    /* Of Ben's own process that was killed, Ann's program tells. */
    do {
        balint_talker_pass(500);
        waited_ms += 500;
        balint_talker_ask(&people[ANN], &stayed);
        balint_talker_ask(&people[BEN], &back);
    } while (apart_ms(&stayed, &back) > BALINT_SLOT_MS && waited_ms < 2 * BALINT_CIRCLE_MS);
    for (int i = 0; i < PEOPLE; i++) {
        print_message("%s: %d ms as Ann knows, %d as Ben, after %d ms\n", balint_talkers[i],
                      stayed.people[i].recent_ms, back.people[i].recent_ms, waited_ms);
        assert_true(stayed.people[i].recent_ms > BEFORE_MS / 1000 * BALINT_TALKER_SPAN_MS * 3 / 4);
    }
    assert_in_range(apart_ms(&stayed, &back), 0, BALINT_SLOT_MS);
    /* Totals still came at least in every second slot. */
    print_message("longest time between two records of one person: %d ms\n", back.longest_ms);
    assert_in_range(back.longest_ms, BALINT_SLOT_MS / 2, 2 * BALINT_SLOT_MS + 900);
    for (int i = 0; i < PEOPLE; i++)
        balint_callerproc_end(&people[i]);
    balint_circle_end(&circle);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_leader_killed_and_back_knows_the_last_ten_minutes),
    };
    balint_talker_main(argc, argv);
    balint_caller_setup(&argc, &argv);
    return cmocka_run_group_tests_name("call_resend", tests, NULL, NULL);
}
