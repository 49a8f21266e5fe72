/* ledger_stretches.c - sets of times against the plainest there is: a row of milliseconds that are in or out.
 */
#include "session/stretches.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROOM 64
#define LINE 200

static struct balint_stretch set[ROOM];
static int count;
static bool line[LINE];

static void add(int64_t start_ms, int64_t end_ms)
{
    balint_stretches_add(set, &count, ROOM, BALINT_STRETCHES_JOIN, start_ms, end_ms);
    for (int64_t ms = start_ms; ms < end_ms; ms++)
        line[ms] = true;
}

static void check(void)
{
    struct balint_stretches_walk walk = {set, count, 0};
    for (int i = 0; i < count; i++) {
        assert_true(set[i].start_ms < set[i].end_ms);
        assert_true(i == 0 || set[i - 1].end_ms < set[i].start_ms); /* what touches is one */
    }
    for (int ms = 0; ms < LINE; ms++) {
        int64_t next_ms = LINE;
        assert_int_equal(balint_stretches_at(&walk, ms, &next_ms), line[ms]);
        assert_true(next_ms > ms);
        for (int64_t other = ms; other < next_ms; other++)
            assert_int_equal(line[other], line[ms]);
    }
}

static void any_order_any_number_of_times(void **unused)
{
    (void)unused;
    srand(7);
    for (int round = 0; round < 3000; round++) {
        count = 0;
        memset(line, 0, sizeof line);
        for (int i = rand() % 40; i > 0; i--) {
            int start = rand() % LINE, end = start + rand() % 12;
            add(start, end < LINE ? end : LINE);
        }
        check();
        int from = rand() % LINE, until = from + rand() % (LINE - from), sum = 0;
        for (int ms = from; ms < until; ms++)
            sum += line[ms];
        assert_int_equal(balint_stretches_within(set, count, from, until), sum);
    }
}

/* A full set of what was said grows by the shortest gap; one of what is known claims less, never more. */
static void a_full_set_errs_on_the_side_it_was_told(void **unused)
{
    (void)unused;
    for (enum balint_stretches_full full = BALINT_STRETCHES_JOIN; full <= BALINT_STRETCHES_DROP; full++) {
        int64_t told = 0;
        count = 0;
        for (int i = 0; i < 10 * ROOM; i++) {
            balint_stretches_add(set, &count, ROOM, full, i * 10, i * 10 + 5);
            told += 5;
            assert_true(count < ROOM);
        }
        int64_t kept = balint_stretches_within(set, count, 0, 100 * ROOM);
        assert_true(full == BALINT_STRETCHES_JOIN ? kept > told : kept < told);
        assert_int_equal(set[count - 1].end_ms, (10 * ROOM - 1) * 10 + 5);
    }
    count = 0;
    balint_stretches_add(set, &count, 3, BALINT_STRETCHES_JOIN, 0, 10);
    balint_stretches_add(set, &count, 3, BALINT_STRETCHES_JOIN, 100, 110);
    balint_stretches_add(set, &count, 3, BALINT_STRETCHES_JOIN, 113, 120);
    assert_int_equal(count, 2);
    assert_int_equal(set[1].start_ms, 100);
    assert_int_equal(set[1].end_ms, 120);
}

static void what_goes_on_ends(void **unused)
{
    (void)unused;
    count = 0;
    balint_stretches_end(set, &count, 5);
    assert_int_equal(count, 0);
    balint_stretches_add(set, &count, ROOM, BALINT_STRETCHES_JOIN, 10, INT64_MAX);
    assert_int_equal(balint_stretches_within(set, count, 0, 30), 20);
    balint_stretches_end(set, &count, 20);
    assert_int_equal(balint_stretches_within(set, count, 0, 30), 10);
    balint_stretches_end(set, &count, 15); /* ended already */
    assert_int_equal(balint_stretches_within(set, count, 0, 30), 10);
    balint_stretches_add(set, &count, ROOM, BALINT_STRETCHES_JOIN, 40, INT64_MAX);
    balint_stretches_end(set, &count, 40);
    assert_int_equal(count, 1);
    balint_stretches_add(set, &count, ROOM, BALINT_STRETCHES_JOIN, 50, 50);
    assert_int_equal(count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_order_any_number_of_times),
        cmocka_unit_test(a_full_set_errs_on_the_side_it_was_told),
        cmocka_unit_test(what_goes_on_ends),
    };
    return cmocka_run_group_tests_name("ledger_stretches", tests, NULL, NULL);
}
