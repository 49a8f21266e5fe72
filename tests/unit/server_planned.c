/* What an evening begins with: the end as planned, help line, cards and follow-ups, out of the database. */
#include "server/frame/evening.h"
#include "server/frame/people.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <ftw.h>
#include <sys/stat.h>

#define HOUR INT64_C(3600)
/* 3 December 2026, 19:30 in Berlin is 18:30 UTC. */
#define BEGINS (INT64_C(1796322600))
#define ENDS   (BEGINS + 90 * 60)

static struct balint_series series_of(const char *zone, const char *first, int count)
{
    struct balint_series series = {.minutes = 90, .every = BALINT_EVERY_WEEK, .count = count};
    struct balint_local dates[BALINT_DATES_MAX], start = {0};
    strcpy(series.zone, zone);
    assert_true(balint_local_read(&start, first, false));
    assert_int_equal(balint_series_dates(&start, series.every, count, NULL, dates), count);
    for (int i = 0; i < count; i++) {
        balint_local_write(&dates[i], series.dates[i].planned);
        balint_local_write(&dates[i], series.dates[i].begins);
    }
    return series;
}

static void the_end_is_that_of_today_s_evening(void **state)
{
    (void)state;
    struct balint_series series[2] = {series_of("Europe/Berlin", "2026-12-03T19:30", 4)};
    assert_int_equal(balint_planned_end(series, 1, BEGINS - 12 * HOUR - 1), 0);
    assert_int_equal(balint_planned_end(series, 1, BEGINS - 12 * HOUR), ENDS);
    assert_int_equal(balint_planned_end(series, 1, BEGINS + 10), ENDS);
    assert_int_equal(balint_planned_end(series, 1, ENDS - 1), ENDS);
    assert_int_equal(balint_planned_end(series, 1, ENDS), 0); /* over time: no end is invented */
    assert_int_equal(balint_planned_end(series, 1, BEGINS + 7 * 24 * HOUR), ENDS + 7 * 24 * HOUR);
    assert_int_equal(balint_planned_end(series, 0, BEGINS), 0);
    /* Moved by an hour, then cancelled; another series on the same day. */
    strcpy(series[0].dates[0].begins, "2026-12-03T20:30");
    assert_int_equal(balint_planned_end(series, 1, BEGINS), ENDS + HOUR);
    series[1] = series_of("Europe/Berlin", "2026-12-03T18:30", 1);
    assert_int_equal(balint_planned_end(series, 2, BEGINS), ENDS - HOUR);
    series[0].dates[0].cancelled = series[1].dates[0].cancelled = true;
    assert_int_equal(balint_planned_end(series, 2, BEGINS), 0);
    /* The same instant on the next day there. */
    series[0] = series_of("Pacific/Auckland", "2026-12-04T07:30", 1);
    assert_int_equal(balint_planned_end(series, 1, BEGINS), ENDS);
}

static void the_day_is_that_of_today_s_evening(void **state)
{
    (void)state;
    char day[BALINT_DAY_SIZE];
    struct balint_series series[2] = {series_of("Europe/Berlin", "2026-12-03T19:30", 4)};
    const struct {
        int count;
        int64_t now_s;
        const char *day;
    } rows[] = {
        {0, BEGINS, "2026-12-03"},
        {1, BEGINS, "2026-12-03"},
        {1, BEGINS + 11 * HOUR, "2026-12-03"}, /* still that evening, though it is the 4th by now */
        {1, BEGINS + 13 * HOUR, "2026-12-04"},
        {1, BEGINS - 2 * 24 * HOUR, "2026-12-01"},
        {1, BEGINS + 7 * 24 * HOUR, "2026-12-10"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        balint_planned_day(series, rows[i].count, rows[i].now_s, day);
        assert_string_equal(day, rows[i].day);
    }
    series[0] = series_of("Pacific/Auckland", "2026-12-04T07:30", 1); /* the same instant, the day there */
    balint_planned_day(series, 1, BEGINS - HOUR, day);
    assert_string_equal(day, "2026-12-04");
    series[0].dates[0].cancelled = true;
    balint_planned_day(series, 1, BEGINS, day);
    assert_string_equal(day, "2026-12-03");
}

static void the_zone_is_that_of_the_nearest_evening(void **state)
{
    (void)state;
    struct balint_series series[2] = {series_of("Europe/Berlin", "2026-12-03T19:30", 4)};
    assert_string_equal(balint_planned_zone(series, 0, BEGINS), "");
    assert_string_equal(balint_planned_zone(series, 1, BEGINS - 900 * 24 * HOUR), "Europe/Berlin");
    /* Another place from January on, 24 December 19:30 and 7 January 08:30 UTC being halfway on the last of
     * December at 13:30. */
    series[1] = series_of("Australia/Sydney", "2027-01-07T19:30", 2);
    const int64_t halfway = BEGINS + 28 * 24 * HOUR - 5 * HOUR;
    assert_string_equal(balint_planned_zone(series, 2, BEGINS), "Europe/Berlin");
    assert_string_equal(balint_planned_zone(series, 2, halfway - 1), "Europe/Berlin");
    assert_string_equal(balint_planned_zone(series, 2, halfway + 1), "Australia/Sydney");
    assert_string_equal(balint_planned_zone(series, 2, BEGINS + 900 * 24 * HOUR), "Australia/Sydney");
    /* What is cancelled was nowhere; without any other, where the group began. */
    for (int i = 0; i < 4; i++)
        series[0].dates[i].cancelled = true;
    assert_string_equal(balint_planned_zone(series, 2, BEGINS), "Australia/Sydney");
    series[1].dates[0].cancelled = series[1].dates[1].cancelled = true;
    assert_string_equal(balint_planned_zone(series, 2, BEGINS), "Europe/Berlin");
}

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *walk)
{
    (void)about, (void)type, (void)walk;
    return remove(path);
}

static void what_is_set_is_what_the_evening_has(void **state)
{
    (void)state;
    char data[] = "/tmp/balint-planned-XXXXXX", why[BALINT_WHY_SIZE];
    static const uint8_t code[BALINT_HASH_SIZE];
    struct balint_evening evening;
    const struct balint_evening *shipped = balint_evening_shipped();
    assert_non_null(mkdtemp(data));
    struct balint_store *store = balint_store_open(data, why);
    assert_non_null(store);
    assert_true(balint_store_add(store, "G", code, 1, why));
    assert_int_equal(balint_evening_load(store, "G", BEGINS, &evening), BALINT_STORED);
    assert_string_equal(evening.help, "");
    assert_int_equal(evening.ends_us, 0);
    assert_int_equal(evening.card_count, shipped->card_count);
    struct balint_series series = series_of("Europe/Berlin", "2026-12-03T19:30", 2);
    assert_true(balint_dates_add(store, "G", &series, 1, why));
    assert_true(balint_setting_set(store, "G", BALINT_SETTING_HELP_LINE, "Anna, +49 30 1234", why));
    assert_true(balint_setting_set(store, "G", BALINT_SETTING_CRIB, "one\ntwo\n", why));
    assert_int_equal(balint_evening_load(store, "G", BEGINS, &evening), BALINT_STORED);
    assert_string_equal(evening.help, "Anna, +49 30 1234");
    assert_int_equal(evening.ends_us, ENDS * 1000000);
    assert_int_equal(evening.card_count, 2);
    assert_string_equal(evening.cards[0].text, "one");
    assert_string_equal(evening.cards[1].text, "two");
    /* Follow-ups of this evening and of earlier ones; those that are due longest come first, and no more than
     * a leader is told of. Who was invited has the name of the certificate, these have their ids. */
    assert_int_equal(evening.follow_up_count, 0);
    assert_true(balint_follow_up_add(store, "G", "later", "2026-12-04", why));
    assert_true(balint_follow_up_add(store, "G", "today", "2026-12-03", why));
    assert_true(balint_follow_up_add(store, "G", "earlier", "2026-11-19", why));
    assert_int_equal(balint_evening_load(store, "G", BEGINS, &evening), BALINT_STORED);
    assert_int_equal(evening.follow_up_count, 2);
    assert_string_equal(evening.follow_ups[0].name, "earlier");
    assert_string_equal(evening.follow_ups[0].due, "2026-11-19");
    assert_string_equal(evening.follow_ups[1].name, "today");
    for (int i = 0; i < BALINT_FOLLOW_UPS; i++) {
        char member[16];
        snprintf(member, sizeof member, "m%d", i);
        assert_true(balint_follow_up_add(store, "G", member, "2026-11-26", why));
    }
    assert_int_equal(balint_evening_load(store, "G", BEGINS, &evening), BALINT_STORED);
    assert_int_equal(evening.follow_up_count, BALINT_FOLLOW_UPS);
    assert_string_equal(evening.follow_ups[0].name, "earlier");
    assert_string_equal(evening.follow_ups[BALINT_FOLLOW_UPS - 1].name, "m6");
    balint_store_close(store);
    nftw(data, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_end_is_that_of_today_s_evening),
        cmocka_unit_test(the_day_is_that_of_today_s_evening),
        cmocka_unit_test(the_zone_is_that_of_the_nearest_evening),
        cmocka_unit_test(what_is_set_is_what_the_evening_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
