/* The dates of a series, and what instants they are: against libc's calendar and clock, and by hand. */
#include "server/frame/zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static struct balint_local local_of(const char *text)
{
    struct balint_local local = {0};
    assert_true(balint_local_read(&local, text, false));
    return local;
}

static void every_day_is_libc_s(void **state)
{
    (void)state;
    for (time_t day = 0; day < 84000; day++) { /* 1970 to 2199 */
        time_t seconds = day * 86400 + (day * 977) % 1440 * 60;
        struct tm broken;
        char text[BALINT_LOCAL_SIZE], expected[32];
        assert_non_null(gmtime_r(&seconds, &broken));
        struct balint_local local = balint_local_of_minutes(seconds / 60);
        balint_local_write(&local, text);
        strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M", &broken);
        assert_string_equal(text, expected);
        assert_int_equal(balint_local_weekday(&local), broken.tm_wday);
        struct balint_local again = local_of(text);
        assert_int_equal(balint_local_minutes(&again), seconds / 60);
    }
}

static void what_is_no_date_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "2026-12-03 19:30",
                                        "2026-12-03T19:3",
                                        "2026-12-03T19:300",
                                        "2026-12-03T24:00",
                                        "2026-12-03T19:60",
                                        "2026-13-03T19:30",
                                        "2026-00-03T19:30",
                                        "2026-02-29T19:30",
                                        "2026-04-31T19:30",
                                        "2026-12-32T19:30",
                                        "1969-12-31T19:30",
                                        "2200-01-01T19:30",
                                        "+026-12-03T19:30",
                                        "2026-12-03",
                                        "tomorrow"};
    struct balint_local local = {.year = 7};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(balint_local_read(&local, wrong[i], false));
    assert_int_equal(local.year, 7);
    assert_true(balint_local_read(&local, "2028-02-29", true));
    assert_int_equal(local.hour, -1);
    assert_false(balint_local_read(&local, "2026-02-29", true));
}

/* The dates of a series as days joined by blanks. */
static void expect(const char *first, enum balint_every every, int count, const char *until,
                   const char *expected)
{
    struct balint_local dates[BALINT_DATES_MAX], start = local_of(first), end = {0};
    char days[BALINT_DATES_MAX * 12] = "", text[BALINT_LOCAL_SIZE];
    if (until != NULL)
        assert_true(balint_local_read(&end, until, true));
    int made = balint_series_dates(&start, every, count, until != NULL ? &end : NULL, dates);
    for (int i = 0; i < made; i++) {
        balint_local_write(&dates[i], text);
        assert_string_equal(text + 10, first + 10); /* the time of day is the same all along */
        sprintf(days + strlen(days), "%s%.10s", i > 0 ? " " : "", text);
    }
    assert_string_equal(days, expected);
}

/* From a calendar of paper. */
static void a_series_has_the_dates_of_the_calendar(void **state)
{
    (void)state;
    expect("2026-12-03T19:30", BALINT_ONCE, 9, NULL, "2026-12-03");
    expect("2026-12-24T19:30", BALINT_EVERY_WEEK, 3, NULL, "2026-12-24 2026-12-31 2027-01-07");
    expect("2028-02-22T08:00", BALINT_EVERY_TWO_WEEKS, 3, NULL, "2028-02-22 2028-03-07 2028-03-21");
    expect("2026-12-03T19:30", BALINT_EVERY_WEEK, 99, "2026-12-17", "2026-12-03 2026-12-10 2026-12-17");
    expect("2026-12-03T19:30", BALINT_EVERY_WEEK, 99, "2026-12-02", "");
    /* The first Thursday, the second Friday, the fourth Tuesday. */
    expect("2026-12-03T19:30", BALINT_EVERY_MONTH, 5, NULL,
           "2026-12-03 2027-01-07 2027-02-04 2027-03-04 2027-04-01");
    expect("2026-11-13T00:00", BALINT_EVERY_MONTH, 3, NULL, "2026-11-13 2026-12-11 2027-01-08");
    expect("2027-02-23T23:59", BALINT_EVERY_MONTH, 3, NULL, "2027-02-23 2027-03-23 2027-04-27");
    /* From the 29th on: the last of its kind, in short months too. */
    expect("2026-10-29T19:30", BALINT_EVERY_MONTH, 5, NULL,
           "2026-10-29 2026-11-26 2026-12-31 2027-01-28 2027-02-25");
    expect("2027-01-31T19:30", BALINT_EVERY_MONTH, 3, NULL, "2027-01-31 2027-02-28 2027-03-28");
    struct balint_local start = local_of("2026-12-03T19:30"), dates[BALINT_DATES_MAX];
    assert_int_equal(balint_series_dates(&start, BALINT_EVERY_WEEK, 10000, NULL, dates), BALINT_DATES_MAX);
}

static void expect_instant(const char *zone, const char *local, enum balint_times times, const char *utc)
{
    struct balint_local time = local_of(local), expected = local_of(utc);
    int64_t instant = 0;
    assert_int_equal(balint_zone_instant(zone, &time, &instant), times);
    assert_int_equal(instant, balint_local_minutes(&expected) * 60);
}

/* Hours ahead of UTC as the governments have them. */
static void half_past_seven_stays_half_past_seven(void **state)
{
    (void)state;
    expect_instant("Europe/Berlin", "2027-03-25T19:30", BALINT_TIMES_ONCE, "2027-03-25T18:30");
    expect_instant("Europe/Berlin", "2027-04-01T19:30", BALINT_TIMES_ONCE, "2027-04-01T17:30");
    expect_instant("Europe/Berlin", "2027-10-28T19:30", BALINT_TIMES_ONCE, "2027-10-28T17:30");
    expect_instant("Europe/Berlin", "2027-11-04T19:30", BALINT_TIMES_ONCE, "2027-11-04T18:30");
    /* South of the equator it is the other way round. */
    expect_instant("Australia/Sydney", "2027-04-01T19:30", BALINT_TIMES_ONCE, "2027-04-01T08:30");
    expect_instant("Australia/Sydney", "2027-04-08T19:30", BALINT_TIMES_ONCE, "2027-04-08T09:30");
    expect_instant("Australia/Sydney", "2027-09-30T19:30", BALINT_TIMES_ONCE, "2027-09-30T09:30");
    expect_instant("Australia/Sydney", "2027-10-07T19:30", BALINT_TIMES_ONCE, "2027-10-07T08:30");
    expect_instant("America/Sao_Paulo", "2027-01-07T19:30", BALINT_TIMES_ONCE, "2027-01-07T22:30");
    expect_instant("Asia/Kolkata", "2027-01-07T19:30", BALINT_TIMES_ONCE, "2027-01-07T14:00");
}

static void times_that_come_never_or_twice(void **state)
{
    (void)state;
    /* Never: read with the offset of before the gap, RFC 5545 3.3.5. */
    expect_instant("Europe/Berlin", "2027-03-28T02:00", BALINT_TIMES_NEVER, "2027-03-28T01:00");
    expect_instant("Europe/Berlin", "2027-03-28T02:59", BALINT_TIMES_NEVER, "2027-03-28T01:59");
    expect_instant("Europe/Berlin", "2027-03-28T01:59", BALINT_TIMES_ONCE, "2027-03-28T00:59");
    expect_instant("Europe/Berlin", "2027-03-28T03:00", BALINT_TIMES_ONCE, "2027-03-28T01:00");
    expect_instant("Australia/Sydney", "2027-10-03T02:30", BALINT_TIMES_NEVER, "2027-10-02T16:30");
    /* Twice: the first one, the same. */
    expect_instant("Europe/Berlin", "2027-10-31T02:00", BALINT_TIMES_TWICE, "2027-10-31T00:00");
    expect_instant("Europe/Berlin", "2027-10-31T02:59", BALINT_TIMES_TWICE, "2027-10-31T00:59");
    expect_instant("Europe/Berlin", "2027-10-31T01:59", BALINT_TIMES_ONCE, "2027-10-30T23:59");
    expect_instant("Europe/Berlin", "2027-10-31T03:00", BALINT_TIMES_ONCE, "2027-10-31T02:00");
    expect_instant("Australia/Sydney", "2027-04-04T02:30", BALINT_TIMES_TWICE, "2027-04-03T15:30");
    /* Half an hour only, and at midnight. */
    expect_instant("Australia/Lord_Howe", "2027-04-04T01:45", BALINT_TIMES_TWICE, "2027-04-03T14:45");
    expect_instant("Africa/Cairo", "2027-04-30T00:30", BALINT_TIMES_NEVER, "2027-04-29T22:30");
    assert_false(balint_zone_ok("Europe/Nowhere"));
    assert_false(balint_zone_ok("../../etc/passwd"));
    assert_false(balint_zone_ok("/etc/localtime"));
    assert_false(balint_zone_ok(""));
    assert_false(balint_zone_ok("UTC")); /* an area and a place */
    assert_true(balint_zone_ok("Etc/UTC"));
    assert_false(balint_zone_ok("posix/Europe/Berlin"));
    assert_false(balint_zone_ok("right/Europe/Berlin"));
    assert_false(balint_zone_ok("Europe/../Europe/Berlin"));
}

/* glibc reads the same tzdata by code of its own. */
static void instants_are_libc_s(void **state)
{
    (void)state;
    static const char *const zones[] = {"Europe/Berlin",   "Australia/Sydney", "America/New_York",
                                        "Asia/Tehran",     "America/Santiago", "Europe/Dublin",
                                        "Pacific/Auckland"};
    unsigned seed = 7;
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        setenv("TZ", zones[i], 1);
        tzset();
        for (int j = 0; j < 4000; j++) {
            time_t instant =
                (time_t)(1767225600 + (int64_t)(rand_r(&seed) % 5256000) * 60); /* 2026 to 2035 */
            struct tm broken;
            char text[BALINT_LOCAL_SIZE], expected[32];
            int offset;
            int64_t back;
            assert_non_null(localtime_r(&instant, &broken));
            struct balint_local local = balint_zone_local(zones[i], instant, &offset);
            balint_local_write(&local, text);
            strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M", &broken);
            assert_string_equal(text, expected);
            assert_int_equal(offset, broken.tm_gmtoff);
            if (balint_zone_instant(zones[i], &local, &back) == BALINT_TIMES_ONCE)
                assert_int_equal(back, instant);
            else
                assert_true(back == instant || back == instant - 3600);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_is_libc_s),
        cmocka_unit_test(what_is_no_date_is_refused),
        cmocka_unit_test(a_series_has_the_dates_of_the_calendar),
        cmocka_unit_test(half_past_seven_stays_half_past_seven),
        cmocka_unit_test(times_that_come_never_or_twice),
        cmocka_unit_test(instants_are_libc_s),
    };
    alarm(50);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
