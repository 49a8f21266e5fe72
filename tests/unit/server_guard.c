/* The limits of one client, without a socket. Values are those of limits.h and DESIGN.md. */
#include "server/guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#define SECOND INT64_C(1000000)

static int take_all(struct balint_bucket *bucket, int rate, int burst, int64_t now_us, int tries)
{
    int taken = 0;
    for (int i = 0; i < tries; i++)
        taken += balint_bucket_take(bucket, rate, burst, now_us);
    return taken;
}

static void a_burst_then_the_rate(void **state)
{
    (void)state;
    static const struct {
        int rate, burst;
    } cases[] = {{60, 400}, {1, 1}, {1, 5}, {1000, 1}, {100000, 666667}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int rate = cases[i].rate, burst = cases[i].burst;
        int64_t now_us = 1700000000 * SECOND;
        struct balint_bucket bucket = {0};
        assert_int_equal(take_all(&bucket, rate, burst, now_us, burst + 50), burst);
        /* Then one each 1/rate seconds, and not before. */
        assert_false(balint_bucket_take(&bucket, rate, burst, now_us + SECOND / rate - 1));
        assert_true(balint_bucket_take(&bucket, rate, burst, now_us + SECOND / rate));
        assert_false(balint_bucket_take(&bucket, rate, burst, now_us + SECOND / rate));
        /* In ten seconds ten times the rate, however often it is tried; at most one more by rounding. */
        int taken = 0;
        now_us += SECOND / rate;
        for (int64_t t = 1; t <= 10000; t++)
            taken += take_all(&bucket, rate, burst, now_us + t * 1000, rate / 1000 + 2);
        assert_in_range(taken, 10 * rate - 1, 10 * rate + rate / 100 + 1);
        /* A long silence gives the burst back and no more. */
        assert_int_equal(take_all(&bucket, rate, burst, now_us + 3600 * 24 * SECOND, burst + 50), burst);
    }
}

static void the_burst_goes_with_the_rate(void **state)
{
    (void)state;
    assert_int_equal(balint_burst_of(BALINT_RATE_PER_S), BALINT_RATE_BURST);
    assert_int_equal(balint_burst_of(6000), 40000);
    assert_int_equal(balint_burst_of(1), 7);
    assert_true(balint_burst_of(INT32_MAX) > 0);
}

static void twenty_errors_in_ten_seconds_are_abuse(void **state)
{
    (void)state;
    struct balint_abuse abuse = {0};
    for (int i = 1; i < BALINT_ABUSE; i++)
        assert_false(balint_abuse_add(&abuse, i));
    assert_true(balint_abuse_add(&abuse, 9 * SECOND));

    struct balint_abuse slow = {0}; /* one in just over half a second: for ever */
    for (int i = 0; i < 1000; i++)
        assert_false(balint_abuse_add(&slow, i * (10 * SECOND / (BALINT_ABUSE - 1) + 1)));
    struct balint_abuse edge = {0}; /* the first is exactly ten seconds old when the twentieth comes */
    assert_false(balint_abuse_add(&edge, 0));
    for (int i = 1; i < BALINT_ABUSE - 1; i++)
        assert_false(balint_abuse_add(&edge, 5 * SECOND));
    assert_false(balint_abuse_add(&edge, 10 * SECOND));
    assert_true(balint_abuse_add(&edge, 10 * SECOND + 1)); /* twenty since second 5 */
}

static void patience_has_two_ends(void **state)
{
    (void)state;
    /* No first message: 5 s after the socket opened, whatever bytes came. */
    assert_int_equal(balint_patience_of(false, 100, 100, 20000, 100 + 5 * SECOND - 1), BALINT_WAIT);
    assert_int_equal(balint_patience_of(false, 100, 100 + 4 * SECOND, 20000, 100 + 5 * SECOND), BALINT_LATE);
    /* With a seat: from the last word. */
    assert_int_equal(balint_patience_of(true, 0, 100 * SECOND, 20000, 120 * SECOND - 1), BALINT_WAIT);
    assert_int_equal(balint_patience_of(true, 0, 100 * SECOND, 20000, 120 * SECOND), BALINT_SILENT);
    assert_int_equal(balint_patience_of(true, 0, 100 * SECOND, 1000, 101 * SECOND), BALINT_SILENT);
}

static void a_queue_has_one_cap(void **state)
{
    (void)state;
    assert_true(balint_queue_fits(0, 16384, BALINT_QUEUE_BYTES));
    assert_true(balint_queue_fits(BALINT_QUEUE_BYTES - 10, 10, BALINT_QUEUE_BYTES));
    assert_false(balint_queue_fits(BALINT_QUEUE_BYTES - 10, 11, BALINT_QUEUE_BYTES));
    assert_false(balint_queue_fits(BALINT_QUEUE_BYTES, 1, BALINT_QUEUE_BYTES));
    assert_true(balint_queue_fits(0, 100, 10)); /* one message may always wait */
    assert_false(balint_queue_fits(100, 1, 10));
    assert_false(balint_queue_fits(1, SIZE_MAX, BALINT_QUEUE_BYTES));
}

union address {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
};

static union address address_of(const char *text)
{
    union address address;
    memset(&address, 0, sizeof address);
    if (strchr(text, ':') != NULL) {
        address.six.sin6_family = AF_INET6;
        assert_int_equal(inet_pton(AF_INET6, text, &address.six.sin6_addr), 1);
    } else {
        address.four.sin_family = AF_INET;
        assert_int_equal(inet_pton(AF_INET, text, &address.four.sin_addr), 1);
    }
    return address;
}

static bool same(const char *a, const char *b)
{
    uint8_t left[BALINT_ADDRESS_SIZE], right[BALINT_ADDRESS_SIZE];
    union address one = address_of(a), other = address_of(b);
    balint_address_of(&one.any, left);
    balint_address_of(&other.any, right);
    return memcmp(left, right, sizeof left) == 0;
}

static void what_counts_as_one_address(void **state)
{
    (void)state;
    assert_true(same("192.0.2.1", "192.0.2.1"));
    assert_false(same("192.0.2.1", "192.0.2.2"));
    assert_true(same("192.0.2.1", "::ffff:192.0.2.1"));
    assert_false(same("::ffff:192.0.2.1", "::ffff:192.0.2.2"));
    assert_true(same("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"));
    assert_false(same("2001:db8:1:2::1", "2001:db8:1:3::1"));
    union address local = {.any = {.sa_family = AF_UNIX}};
    uint8_t key[BALINT_ADDRESS_SIZE], zeros[BALINT_ADDRESS_SIZE] = {0};
    balint_address_of(&local.any, key);
    assert_memory_equal(key, zeros, sizeof key);
}

static bool loopback(const char *text)
{
    union address address = address_of(text);
    return balint_is_loopback(&address.any);
}

static void what_is_loopback(void **state)
{
    (void)state;
    assert_true(loopback("127.0.0.1"));
    assert_true(loopback("127.255.255.254"));
    assert_true(loopback("::1"));
    assert_true(loopback("::ffff:127.0.0.1"));
    assert_false(loopback("0.0.0.0"));
    assert_false(loopback("128.0.0.1"));
    assert_false(loopback("126.255.255.255"));
    assert_false(loopback("192.168.0.1"));
    assert_false(loopback("::"));
    assert_false(loopback("::2"));
    assert_false(loopback("::ffff:10.0.0.1"));
    assert_false(loopback("2001:db8::1"));
    union address local = {.any = {.sa_family = AF_UNIX}};
    assert_false(balint_is_loopback(&local.any));
}

static void a_crowd_is_told_then_turned_away(void **state)
{
    (void)state;
    assert_int_equal(balint_entry_of(0, 200), BALINT_ENTER);
    assert_int_equal(balint_entry_of(199, 200), BALINT_ENTER);
    assert_int_equal(balint_entry_of(200, 200), BALINT_ENTER_CROWDED);
    assert_int_equal(balint_entry_of(399, 200), BALINT_ENTER_CROWDED);
    assert_int_equal(balint_entry_of(400, 200), BALINT_ENTER_NOT);
    assert_int_equal(balint_entry_of(0, 1), BALINT_ENTER);
    assert_int_equal(balint_entry_of(1, 1), BALINT_ENTER_CROWDED);
    assert_int_equal(balint_entry_of(2, 1), BALINT_ENTER_NOT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_then_the_rate),
        cmocka_unit_test(the_burst_goes_with_the_rate),
        cmocka_unit_test(twenty_errors_in_ten_seconds_are_abuse),
        cmocka_unit_test(patience_has_two_ends),
        cmocka_unit_test(a_queue_has_one_cap),
        cmocka_unit_test(what_counts_as_one_address),
        cmocka_unit_test(what_is_loopback),
        cmocka_unit_test(a_crowd_is_told_then_turned_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
