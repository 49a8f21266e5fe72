/* call_killed.c - the balance survives whoever dies: a member's program, a leader's, the server; each with
 * -9.
 *
 * DESIGN.md, "Five decisions", 5: one process that dies loses only its own unreported seconds. What was
 * really said the programs themselves tell (talker.h).
 */
#include "fakes/talker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ANN, BEN, CLEO, DORA, PEOPLE };         /* Ann and Ben lead */
#define DISCUSSION 5                           /* of the format classic */
#define SPEAK_MS   7000                        /* three slots */
#define SETTLE_MS  (2 * BALINT_SLOT_MS + 1500) /* every second slot may carry something else */
#define SPAN       BALINT_TALKER_SPAN_MS /* one at the admission's edge, and one under way, may be cut */

static struct balint_circle circle;
static struct balint_callerproc people[PEOPLE];

static int begin(void **unused)
{
    (void)unused;
    balint_circle_begin_led(&circle, PEOPLE, 2);
    for (int i = 0; i < PEOPLE; i++)
        balint_talker_start(&people[i], &circle, i, i <= BEN);
    balint_talker_phases(&people[ANN], DISCUSSION);
    return 0;
}

static int end(void **unused)
{
    (void)unused;
    for (int i = 0; i < PEOPLE; i++)
        balint_callerproc_end(&people[i]);
    balint_circle_end(&circle);
    return 0;
}

static int said_ms(int who)
{
    struct balint_talker_figures figures;
    balint_talker_ask(&people[who], &figures);
    return figures.said * SPAN;
}

static struct balint_talker_figures known_to(int leader)
{
    struct balint_talker_figures figures;
    balint_talker_ask(&people[leader], &figures);
    return figures;
}

/* Nobody speaks any more, and everything that was said has been told. */
static void hush(void)
{
    for (int i = 0; i < PEOPLE; i++)
        if (people[i].pid != 0)
            balint_callerproc_tell(&people[i], "hush");
    balint_talker_pass(SETTLE_MS);
}

/* Waits until what a leader knows of a person is at least so much; returns it. */
static int wait_for(int leader, int who, int least_ms)
{
    int all_ms = 0;
    for (int i = 0; i < 60 && (all_ms = known_to(leader).people[who].all_ms) < least_ms; i++)
        balint_talker_pass(500);
    return all_ms;
}

/* "summed over epochs": what the dead process had not reported is lost, at most a slot, and nothing else. */
static void a_members_program_is_killed_and_back(void **unused)
{
    (void)unused;
    balint_talker_pass(SPEAK_MS);
    int first_ms = said_ms(CLEO);
    balint_callerproc_end(&people[CLEO]);
    balint_talker_start(&people[CLEO], &circle, CLEO, false);
    balint_talker_pass(SPEAK_MS);
    hush();
    int second_ms = said_ms(CLEO);
    for (int leader = ANN; leader <= BEN; leader++) {
        int all_ms = known_to(leader).people[CLEO].all_ms;
        print_message("Cleo said %d and %d ms, of which %s knows %d\n", first_ms, second_ms,
                      balint_talkers[leader], all_ms);
        assert_true(first_ms > 3 * SPAN && second_ms > 3 * SPAN);
        assert_in_range(all_ms, first_ms + second_ms - BALINT_SLOT_MS, first_ms + second_ms + SPAN);
    }
}

/* The living tell all of it themselves; of those who are gone, and of the own dead process, the other leader.
 */
static void a_leaders_program_is_killed_and_back(void **unused)
{
    (void)unused;
    balint_talker_pass(SPEAK_MS);
    balint_callerproc_end(&people[DORA]); /* for good */
    balint_callerproc_end(&people[BEN]);
    balint_talker_pass(BALINT_SLOT_MS);
    struct balint_talker_figures before = known_to(ANN);
    balint_talker_start(&people[BEN], &circle, BEN, true);
    balint_talker_pass(SPEAK_MS);
    hush();
    wait_for(BEN, DORA, before.people[DORA].all_ms);
    wait_for(BEN, BEN, before.people[BEN].all_ms);
    struct balint_talker_figures ann = known_to(ANN), ben = known_to(BEN);
    for (int i = 0; i < PEOPLE; i++) {
        print_message("%s: Ann knows %d ms (%d of the discussion), Ben %d (%d)\n", balint_talkers[i],
                      ann.people[i].all_ms, ann.people[i].spoken_ms, ben.people[i].all_ms,
                      ben.people[i].spoken_ms);
        assert_true(before.people[i].all_ms > 3 * SPAN);
        assert_true(ann.people[i].all_ms >= before.people[i].all_ms);
        assert_in_range(abs(ann.people[i].all_ms - ben.people[i].all_ms), 0, BALINT_SLOT_MS);
        assert_in_range(abs(ann.people[i].spoken_ms - ben.people[i].spoken_ms), 0, BALINT_SLOT_MS);
    }
    assert_int_equal(ben.people[DORA].all_ms, before.people[DORA].all_ms);
}

/* No leader is left, and one comes back: whoever lives has everything that was ever said, nothing is on a
 * disk. */
static void all_leaders_programs_are_killed_and_one_is_back(void **unused)
{
    (void)unused;
    balint_talker_pass(SPEAK_MS);
    balint_callerproc_end(&people[ANN]);
    balint_callerproc_end(&people[BEN]);
    balint_talker_pass(BALINT_SLOT_MS);
    balint_talker_start(&people[ANN], &circle, ANN, true);
    balint_talker_pass(BALINT_SLOT_MS);
    hush();
    struct balint_talker_figures ann = known_to(ANN);
    for (int i = CLEO; i < PEOPLE; i++) {
        int truth_ms = said_ms(i);
        print_message("%s said %d ms, Ann knows %d\n", balint_talkers[i], truth_ms, ann.people[i].all_ms);
        assert_in_range(ann.people[i].all_ms, truth_ms - 2 * SPAN, truth_ms + SPAN);
    }
    assert_true(ann.discussion_ms > SPEAK_MS); /* since it was entered, not since Ann is back */
}

/* The discussion is over when a lone leader's program dies. The next one is told by everybody what they said,
 * and by the server how long the discussion was: it has that of the phases, and nothing of who spoke. */
static void a_lone_leaders_program_is_killed_after_the_discussion(void **unused)
{
    char next[32];
    (void)unused;
    balint_callerproc_end(&people[BEN]);
    balint_talker_pass(SPEAK_MS);
    hush();
    snprintf(next, sizeof next, "act phase -1 %d", DISCUSSION + 1);
    balint_callerproc_tell(&people[ANN], next);
    struct balint_talker_figures before = known_to(ANN), again = {0};
    for (int i = 0; i < 60 && again.discussion_ms != before.discussion_ms; i++) { /* until it is entered */
        balint_talker_pass(500);
        again = before;
        before = known_to(ANN);
    }
    balint_callerproc_end(&people[ANN]);
    balint_talker_start(&people[ANN], &circle, ANN, true);
    hush();
    for (int i = CLEO; i < PEOPLE; i++)
        wait_for(ANN, i, before.people[i].all_ms);
    struct balint_talker_figures ann = known_to(ANN);
    print_message("discussion %d ms before, %d after\n", before.discussion_ms, ann.discussion_ms);
    assert_true(before.discussion_ms > SPEAK_MS);
    assert_int_equal(ann.discussion_ms, before.discussion_ms);
    for (int i = CLEO; i < PEOPLE; i++) {
        print_message("%s: %d ms of the discussion before, %d after\n", balint_talkers[i],
                      before.people[i].spoken_ms, ann.people[i].spoken_ms);
        assert_true(before.people[i].spoken_ms > 3 * SPAN);
        assert_in_range(abs(ann.people[i].spoken_ms - before.people[i].spoken_ms), 0, SPAN);
    }
}

/* Talk goes on while there is no server: afterwards not a second of it is missing, nor is its time. */
static void the_server_is_killed_and_back(void **unused)
{
    (void)unused;
    balint_talker_pass(SPEAK_MS);
    struct balint_talker_figures before = known_to(ANN);
    balint_serverproc_kill(&circle.server);
    balint_talker_pass(2 * BALINT_SLOT_MS);
    struct balint_talker_figures without = known_to(ANN);
    assert_true(balint_serverproc_start(&circle.server, NULL, NULL));
    wait_for(ANN, CLEO, before.people[CLEO].all_ms + 5 * SPAN);
    hush();
    struct balint_talker_figures ann = known_to(ANN), ben = known_to(BEN);
    for (int i = 0; i < PEOPLE; i++) {
        int truth_ms = said_ms(i);
        print_message("%s said %d ms; Ann knew %d, without a server %d, then %d, Ben %d\n", balint_talkers[i],
                      truth_ms, before.people[i].all_ms, without.people[i].all_ms, ann.people[i].all_ms,
                      ben.people[i].all_ms);
        assert_true(without.people[i].all_ms >= before.people[i].all_ms);
        assert_in_range(ann.people[i].all_ms, truth_ms - 2 * SPAN, truth_ms + SPAN);
        assert_in_range(ben.people[i].all_ms, truth_ms - 2 * SPAN, truth_ms + SPAN);
    }
    print_message("discussion %d ms, %d of it with everybody's reading\n", ann.discussion_ms,
                  ann.measured_ms);
    assert_true(ann.discussion_ms > SPEAK_MS + 2 * BALINT_SLOT_MS);
    assert_in_range(ann.discussion_ms - ann.measured_ms, 0, 2 * BALINT_SLOT_MS + 1000);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_members_program_is_killed_and_back, begin, end),
        cmocka_unit_test_setup_teardown(a_leaders_program_is_killed_and_back, begin, end),
        cmocka_unit_test_setup_teardown(all_leaders_programs_are_killed_and_one_is_back, begin, end),
        cmocka_unit_test_setup_teardown(a_lone_leaders_program_is_killed_after_the_discussion, begin, end),
        cmocka_unit_test_setup_teardown(the_server_is_killed_and_back, begin, end),
    };
    balint_talker_main(argc, argv);
    balint_caller_setup(&argc, &argv);
    return cmocka_run_group_tests_name("call_killed", tests, NULL, NULL);
}
