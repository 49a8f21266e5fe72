/* call_orders.c - three people come in every order and leave in every order, through the lobby the first time
 * and by the roster afterwards. Whoever is there hears and sees whoever is there, each on the first link
 * made. */
#include "fakes/circle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define PEOPLE 3
#define ORDERS 6

static const int orders[ORDERS][PEOPLE] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

static void leave_one_after_the_other(struct balint_caller **callers, const int order[PEOPLE])
{
    for (int gone = 0; gone < PEOPLE; gone++) {
        struct balint_caller *rest[PEOPLE];
        int count = 0;
        balint_caller_free(callers[order[gone]]);
        for (int i = gone + 1; i < PEOPLE; i++)
            rest[count++] = callers[order[i]];
        for (int i = 0; i < count; i++) {
            balint_caller_clear(rest[i]);
            assert_string_equal(rest[i]->closed, "");
        }
        balint_circle_complete(rest, count);
        for (int i = 0; i < count; i++)
            assert_int_equal(rest[i]->bus_errors, 0);
    }
}

static void in_every_order(void **state)
{
    (void)state;
    for (int come = 0; come < ORDERS; come++) {
        struct balint_circle circle;
        struct balint_caller *callers[PEOPLE];
        balint_circle_begin(&circle, PEOPLE);
        for (int leave = 0; leave < ORDERS; leave++) {
            for (int i = 0; i < PEOPLE; i++)
                callers[orders[come][i]] = balint_circle_caller(&circle, orders[come][i], NULL);
            for (int i = 0; i < PEOPLE; i++)
                assert_true(balint_caller_until(callers[i], balint_caller_is_ready, 0, BALINT_CIRCLE_MS));
            balint_circle_complete(callers, PEOPLE);
            for (int i = 0; i < PEOPLE; i++)
                for (int j = 0; j < PEOPLE; j++)
                    if (i != j)
                        assert_int_equal(balint_caller_generation(callers[i], callers[j]->seat), 1);
            leave_one_after_the_other(callers, orders[leave]);
        }
        balint_circle_end(&circle);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_every_order),
    };
    balint_caller_setup(&argc, &argv);
    return cmocka_run_group_tests_name("call_orders", tests, NULL, NULL);
}
