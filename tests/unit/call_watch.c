/* call_watch.c - two rosters in one room: noticed within two slots, and no alarm for one that is on its way.
 */
#include "call/watch.h"

#include "session/ledger.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define SLOT_US (INT64_C(1000) * BALINT_SLOT_MS)
#define NOW     INT64_C(5000000000)

static struct balint_watch watch;
static uint8_t first[BALINT_HASH_SIZE], second[BALINT_HASH_SIZE];

static int begin(void **state)
{
    (void)state;
    memset(first, 1, sizeof first);
    memset(second, 1, sizeof second);
    second[BALINT_ROSTER_TAG - 1] = 2; /* the last byte that is told */
    balint_watch_roster(&watch, first, NOW);
    return 0;
}

static void all_the_same(void **state)
{
    (void)state;
    for (int slot = 0; slot < 100; slot++)
        for (int seat = 0; seat < BALINT_SEATS; seat++)
            assert_false(balint_watch_report(&watch, seat, first, NOW + slot * SLOT_US));
}

static void another_one_is_told_within_two_slots_and_once(void **state)
{
    (void)state;
    int64_t at = NOW + 10 * SLOT_US;
    assert_false(balint_watch_report(&watch, 3, second, at));
    assert_false(balint_watch_report(&watch, 4, second, at)); /* each by itself */
    assert_true(balint_watch_report(&watch, 3, second, at + SLOT_US));
    for (int slot = 2; slot < 50; slot++)
        assert_false(balint_watch_report(&watch, 3, second, at + slot * SLOT_US));
    assert_false(balint_watch_report(&watch, 3, first, at + 50 * SLOT_US)); /* they agree again */
    assert_false(balint_watch_report(&watch, 3, second, at + 51 * SLOT_US));
    assert_true(balint_watch_report(&watch, 3, second, at + 52 * SLOT_US));
}

static void one_on_its_way_is_no_alarm(void **state)
{
    (void)state;
    balint_watch_roster(&watch, second, NOW + SLOT_US);
    /* The other's report left before the new roster reached it. */
    assert_false(balint_watch_report(&watch, 3, first, NOW + SLOT_US + SLOT_US - 1));
    assert_false(balint_watch_report(&watch, 3, first, NOW + 2 * SLOT_US));
    assert_false(balint_watch_report(&watch, 3, second, NOW + 3 * SLOT_US));
    /* The other way round: theirs is newer than ours for a moment. */
    assert_false(balint_watch_report(&watch, 3, first, NOW + 4 * SLOT_US));
    balint_watch_roster(&watch, first, NOW + 4 * SLOT_US + 1);
    assert_false(balint_watch_report(&watch, 3, first, NOW + 5 * SLOT_US));
    /* Seats that are none. */
    assert_false(balint_watch_report(&watch, -1, second, NOW + 50 * SLOT_US));
    assert_false(balint_watch_report(&watch, BALINT_SEATS, second, NOW + 50 * SLOT_US));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(all_the_same, begin),
        cmocka_unit_test_setup(another_one_is_told_within_two_slots_and_once, begin),
        cmocka_unit_test_setup(one_on_its_way_is_no_alarm, begin),
    };
    return cmocka_run_group_tests_name("call_watch", tests, NULL, NULL);
}
