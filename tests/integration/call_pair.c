/* call_pair.c - people on a real balint-server: sound and pictures arrive, in one process and between two. */
#include "fakes/callerproc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void three_hear_and_see_each_other(void **state)
{
    struct balint_circle circle;
    struct balint_caller *callers[3];
    (void)state;
    balint_circle_begin(&circle, 3);
    balint_circle_gather(&circle, callers, 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(callers[i]->seat, i);
        assert_int_equal(callers[i]->bus_errors, 0);
        for (int j = 0; j < 3; j++)
            assert_int_equal(balint_caller_generation(callers[i], j), i != j);
    }
    for (int i = 0; i < 3; i++)
        balint_caller_free(callers[i]);
    balint_circle_end(&circle);
}

static void two_processes(void **state)
{
    struct balint_circle circle;
    struct balint_callerproc process;
    (void)state;
    balint_circle_begin(&circle, 2);
    struct balint_caller *leader = balint_circle_caller(&circle, 0, NULL);
    assert_true(balint_caller_until(leader, balint_caller_is_ready, 0, BALINT_CIRCLE_MS));
    balint_callerproc_start(&process, &circle, 1);
    assert_true(balint_callerproc_wait(&process, "ready 1", BALINT_CIRCLE_MS));
    assert_true(balint_callerproc_wait(&process, "hears 0", BALINT_CIRCLE_MS));
    assert_true(balint_callerproc_wait(&process, "sees 0", BALINT_CIRCLE_MS));
    assert_true(balint_caller_until(leader, balint_caller_hears, 1, BALINT_CIRCLE_MS));
    assert_true(balint_caller_until(leader, balint_caller_sees, 1, BALINT_CIRCLE_MS));
    balint_callerproc_end(&process);
    balint_caller_free(leader);
    balint_circle_end(&circle);
}

static gboolean sees_some(struct balint_caller *caller, int seat)
{
    return balint_caller_ear(caller, seat).pictures >= 5;
}

/* GStreamer would play the sound of one person as late as their pictures are: a second, where one picture a
 * second is all that a line carries. A mixer does not wait so long, and tears it to pieces. */
static void sound_waits_for_no_picture(void **state)
{
    struct balint_circle circle;
    struct balint_caller *callers[2];
    (void)state;
    balint_caller_pictures_a_second(1);
    balint_circle_begin(&circle, 2);
    for (int i = 0; i < 2; i++) {
        callers[i] = balint_circle_caller(&circle, i, NULL);
        assert_true(balint_caller_until(callers[i], balint_caller_is_ready, 0, BALINT_CIRCLE_MS));
    }
    for (int i = 0; i < 2; i++) {
        assert_true(balint_caller_until(callers[i], sees_some, 1 - i, BALINT_CIRCLE_MS));
        gint64 ahead_us = balint_caller_ear(callers[i], 1 - i).ahead_us;
        print_message("sound is at most %d ms ahead of its time\n", (int)(ahead_us / 1000));
        assert_true(ahead_us < 200000);
    }
    for (int i = 0; i < 2; i++)
        balint_caller_free(callers[i]);
    balint_circle_end(&circle);
    balint_caller_pictures_a_second(15);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_hear_and_see_each_other),
        cmocka_unit_test(two_processes),
        cmocka_unit_test(sound_waits_for_no_picture),
    };
    balint_callerproc_main(argc, argv);
    balint_caller_setup(&argc, &argv);
    return cmocka_run_group_tests_name("call_pair", tests, NULL, NULL);
}
