/* call_alone.c - the discussion of a group whose leaders, or whose server, are killed in the middle of it.
 *
 * Ben presents, has stepped back and goes on talking; Cleo is a member. The leaders are processes of their
 * own.
 */
#include "fakes/callerproc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

enum { ANN, DORA, BEN, CLEO, PEOPLE }; /* Ann and Dora lead */
enum { CHECK_IN = 1, DISCUSSION = 5 }; /* of the format classic */

struct evening {
    struct balint_circle circle;
    struct balint_callerproc leaders[2];
    struct balint_caller *ben, *cleo;
};

static gboolean is_in_discussion(struct balint_caller *caller, int unused)
{
    g_autofree char *phase = NULL;
    (void)unused;
    g_object_get(caller->call, "phase", &phase, NULL);
    return g_strcmp0(phase, "discussion") == 0;
}

static void gather_for_the_discussion(struct evening *evening)
{
    char line[32];
    balint_circle_begin_led(&evening->circle, PEOPLE, 2);
    for (int i = 0; i < 2; i++) {
        balint_callerproc_start(&evening->leaders[i], &evening->circle, i);
        balint_callerproc_tell(&evening->leaders[i], "admit everyone");
        snprintf(line, sizeof line, "ready %d", i);
        assert_true(balint_callerproc_wait(&evening->leaders[i], line, BALINT_CIRCLE_MS));
    }
    evening->ben = balint_circle_caller(&evening->circle, BEN, NULL);
    assert_true(balint_caller_until(evening->ben, balint_caller_is_ready, 0, BALINT_CIRCLE_MS));
    evening->cleo = balint_circle_caller(&evening->circle, CLEO, NULL);
    assert_true(balint_caller_until(evening->cleo, balint_caller_is_ready, 0, BALINT_CIRCLE_MS));
    assert_true(balint_caller_until(evening->cleo, balint_caller_hears, ANN, BALINT_CIRCLE_MS));
    assert_true(balint_caller_until(evening->cleo, balint_caller_hears, DORA, BALINT_CIRCLE_MS));
    assert_true(balint_caller_loud_of(evening->cleo, BEN, BALINT_CIRCLE_MS) > 48000);
    assert_true(balint_caller_act(evening->ben, "volunteer", BALINT_NOBODY, 1));
    balint_callerproc_tell(&evening->leaders[0], "act present 2 0");
    assert_true(balint_caller_until(evening->ben, balint_caller_presents, BEN, BALINT_CIRCLE_MS));
    for (int phase = CHECK_IN; phase <= DISCUSSION; phase++) {
        snprintf(line, sizeof line, "act phase -1 %d", phase);
        balint_callerproc_tell(&evening->leaders[0], line);
    }
    assert_true(balint_caller_until(evening->cleo, is_in_discussion, 0, BALINT_CIRCLE_MS));
    assert_true(balint_caller_until(evening->ben, balint_caller_is_back, TRUE, BALINT_CIRCLE_MS));
    assert_int_equal(balint_caller_loud_of(evening->cleo, BEN, BALINT_CIRCLE_MS), 0);
}

static void part(struct evening *evening)
{
    assert_int_equal(evening->ben->bus_errors, 0);
    assert_int_equal(evening->cleo->bus_errors, 0);
    balint_caller_free(evening->ben);
    balint_caller_free(evening->cleo);
    for (int i = 0; i < 2; i++)
        balint_callerproc_end(&evening->leaders[i]);
    balint_circle_end(&evening->circle);
}

/* Presses the plain key until it works; how often that takes is the server's noticing. */
static gboolean presses_return(struct balint_caller *caller, int unused)
{
    (void)unused;
    balint_caller_act(caller, "return", -1, 0);
    g_usleep(200000);
    return balint_caller_is_back(caller, FALSE);
}

static void without_leaders_the_presenter_returns(void **state)
{
    struct evening evening;
    (void)state;
    gather_for_the_discussion(&evening);
    /* With a leader there the plain key does nothing. */
    presses_return(evening.ben, 0);
    assert_true(balint_caller_is_back(evening.ben, TRUE));
    assert_string_equal(evening.ben->refused, "hold-to-return");
    balint_callerproc_end(&evening.leaders[0]); /* -9 */
    presses_return(evening.ben, 0);
    assert_true(balint_caller_is_back(evening.ben, TRUE)); /* Dora still leads */
    balint_callerproc_end(&evening.leaders[1]);
    assert_int_equal(balint_caller_loud_of(evening.cleo, BEN, BALINT_CIRCLE_MS),
                     0); /* nothing opens by itself */
    assert_true(is_in_discussion(evening.cleo, 0));
    assert_true(balint_caller_until(evening.ben, presses_return, 0, BALINT_CIRCLE_MS));
    assert_true(balint_caller_until(evening.ben, balint_caller_is_open, TRUE, BALINT_CIRCLE_MS));
    assert_true(balint_caller_until(evening.cleo, balint_caller_is_back, FALSE, BALINT_CIRCLE_MS));
    assert_true(balint_caller_loud_of(evening.cleo, BEN, BALINT_CIRCLE_MS) > 48000);
    assert_int_equal(balint_caller_generation(evening.cleo, BEN), 1);
    part(&evening);
}

static void a_killed_server_leaves_the_presenter_stepped_back(void **state)
{
    struct evening evening;
    (void)state;
    gather_for_the_discussion(&evening);
    balint_caller_clear(evening.ben);
    balint_caller_clear(evening.cleo);
    balint_serverproc_kill(&evening.circle.server);
    assert_true(balint_serverproc_start(&evening.circle.server, NULL, NULL));
    /* The plain key is answered by the server that came back, for a session that is the same. */
    g_strlcpy(evening.ben->refused, "", sizeof evening.ben->refused);
    for (int i = 0; i < 100 && strcmp(evening.ben->refused, "hold-to-return") != 0; i++)
        presses_return(evening.ben, 0);
    assert_string_equal(evening.ben->refused, "hold-to-return");
    assert_true(balint_caller_is_back(evening.ben, TRUE));
    assert_true(is_in_discussion(evening.ben, 0));
    assert_true(is_in_discussion(evening.cleo, 0));
    assert_int_equal(balint_caller_ear(evening.cleo, BEN).loud_samples, 0);
    for (int seat = ANN; seat <= DORA; seat++) {
        struct balint_caller_ear ear = balint_caller_ear(evening.cleo, seat);
        print_message("longest time without a buffer of seat %d: %d ms\n", seat,
                      (int)(ear.longest_us / 1000));
        assert_true(ear.longest_us < 2000000); /* a machine under load; a watchdog takes five seconds */
        assert_int_equal(balint_caller_generation(evening.cleo, seat), 1);
    }
    assert_int_equal(balint_caller_generation(evening.cleo, BEN), 1);
    balint_callerproc_tell(&evening.leaders[1], "act invite-back -1 0");
    assert_true(balint_caller_until(evening.ben, presses_return, 0, BALINT_CIRCLE_MS));
    assert_true(balint_caller_loud_of(evening.cleo, BEN, BALINT_CIRCLE_MS) > 48000);
    part(&evening);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_leaders_the_presenter_returns),
        cmocka_unit_test(a_killed_server_leaves_the_presenter_stepped_back),
    };
    balint_callerproc_main(argc, argv);
    balint_caller_setup(&argc, &argv);
    return cmocka_run_group_tests_name("call_alone", tests, NULL, NULL);
}
