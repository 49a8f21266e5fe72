/* Wrong tries at the door, without a server: what is slowed, by how much, and what is not. */
#include "server/tries.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SECOND INT64_C(1000000)

static struct balint_tries *tries;

static int begin(void **state)
{
    (void)state;
    tries = calloc(1, sizeof *tries);
    return tries != NULL ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    free(tries);
    return 0;
}

/* Keys 0..65535 differ in their first two bytes, which choose the set. */
static const uint8_t *key_of(unsigned number)
{
    static uint8_t key[BALINT_TRIES_KEY];
    memset(key, 7, sizeof key);
    key[0] = (uint8_t)(number >> 8);
    key[1] = (uint8_t)number;
    return key;
}

static void five_are_free_then_each_waits_twice_as_long(void **state)
{
    (void)state;
    static const int delays[] = {0, 0, 0, 0, 0, 250, 500, 1000, 2000, 4000, 4000, 4000};
    for (size_t i = 0; i < sizeof delays / sizeof delays[0]; i++)
        assert_int_equal(balint_tries_wrong(tries, key_of(1), (int64_t)i * SECOND), delays[i]);
    for (int i = 0; i < 100000; i++)
        assert_int_equal(balint_tries_wrong(tries, key_of(1), 12 * SECOND), 4000);
}

static void another_link_or_address_is_not_slowed(void **state)
{
    (void)state;
    for (int i = 0; i < 50; i++)
        balint_tries_wrong(tries, key_of(1), SECOND);
    for (unsigned other = 2; other < 400; other++)
        assert_int_equal(balint_tries_wrong(tries, key_of(other), SECOND), 0);
    uint8_t near[BALINT_TRIES_KEY]; /* the same set, the same but for the last byte */
    memcpy(near, key_of(1), sizeof near);
    near[BALINT_TRIES_KEY - 1] ^= 1;
    assert_int_equal(balint_tries_wrong(tries, near, SECOND), 0);
    assert_int_equal(balint_tries_wrong(tries, key_of(1), SECOND), 4000);
}

static void the_right_one_begins_anew(void **state)
{
    (void)state;
    for (int i = 0; i < 9; i++)
        balint_tries_wrong(tries, key_of(1), SECOND);
    balint_tries_right(tries, key_of(2)); /* nobody's */
    assert_int_equal(balint_tries_wrong(tries, key_of(1), SECOND), 4000);
    balint_tries_right(tries, key_of(1));
    assert_int_equal(balint_tries_wrong(tries, key_of(1), SECOND), 0);
}

static void ten_minutes_without_a_try_forget(void **state)
{
    (void)state;
    for (int i = 0; i < 9; i++)
        balint_tries_wrong(tries, key_of(1), SECOND);
    assert_int_equal(balint_tries_wrong(tries, key_of(1), 600 * SECOND), 4000);
    assert_int_equal(balint_tries_wrong(tries, key_of(1), 1200 * SECOND - 1), 4000); /* each one counts on */
    assert_int_equal(balint_tries_wrong(tries, key_of(1), 1800 * SECOND), 0);
}

/* A flood of keys takes a fixed place, and forgets those tried longest ago. */
static void a_flood_forgets_the_oldest(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 65536; i++)
        assert_int_equal(balint_tries_wrong(tries, key_of(i), (int64_t)i * 10), 0);
    for (int i = 0; i < 8; i++)
        balint_tries_wrong(tries, key_of(65535), SECOND);
    assert_int_equal(balint_tries_wrong(tries, key_of(65535), SECOND), 4000);
    for (unsigned i = 0; i < BALINT_TRIES_WAYS - 1; i++) /* of the same set */
        balint_tries_wrong(tries, key_of(i * BALINT_TRIES_SETS + BALINT_TRIES_SETS - 1), 2 * SECOND);
    assert_int_equal(balint_tries_wrong(tries, key_of(65535), 3 * SECOND), 4000);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(five_are_free_then_each_waits_twice_as_long),
        TEST(another_link_or_address_is_not_slowed),
        TEST(the_right_one_begins_anew),
        TEST(ten_minutes_without_a_try_forget),
        TEST(a_flood_forgets_the_oldest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
