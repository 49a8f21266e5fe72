/* A series as a calendar file, read as a calendar program would: with libical's parser, by the rules and zone
 * that the file itself holds. */
#include "server/frame/calendar.h"
#include "server/frame/zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <libical/ical.h>

static struct balint_series series_of(const char *zone, const char *first, enum balint_every every, int count)
{
    struct balint_series series = {.number = 1, .every = every, .minutes = 90, .changed_s = 1790000000};
    struct balint_local dates[BALINT_DATES_MAX], start = {0};
    strcpy(series.uid, "298db725-5f93-4b0e-83f4-74a5c25967dd");
    strcpy(series.zone, zone);
    assert_true(balint_local_read(&start, first, false));
    series.count = balint_series_dates(&start, every, count, NULL, dates);
    assert_int_equal(series.count, count);
    for (int i = 0; i < count; i++) {
        balint_local_write(&dates[i], series.dates[i].planned);
        balint_local_write(&dates[i], series.dates[i].begins);
    }
    return series;
}

/* ---- reading a file */
struct evenings {
    int64_t starts[BALINT_DATES_MAX];
    int count;
};

static int compare(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

/* An instant of a local time by the VTIMEZONE of the file. */
static int64_t instant_of(icalcomponent *calendar, icaltimetype time)
{
    icaltimezone *zone = icaltimezone_new();
    icalcomponent *rules = icalcomponent_get_first_component(calendar, ICAL_VTIMEZONE_COMPONENT);
    assert_non_null(rules);
    assert_int_equal(icaltimezone_set_component(zone, icalcomponent_new_clone(rules)), 1);
    int64_t instant = (int64_t)icaltime_as_timet_with_zone(time, zone);
    icaltimezone_free(zone, 1);
    return instant;
}

static bool has_time(icalcomponent *event, icalproperty_kind kind, icaltimetype time)
{
    for (icalproperty *at = icalcomponent_get_first_property(event, kind); at != NULL;
         at = icalcomponent_get_next_property(event, kind)) {
        icaltimetype other = icalvalue_get_datetime(icalproperty_get_value(at));
        if (icaltime_compare(other, time) == 0)
            return true;
    }
    return false;
}

/* The instants of all evenings that a calendar program would show. */
static struct evenings expand(icalcomponent *calendar)
{
    struct evenings all = {.count = 0};
    icalcomponent *master = NULL, *event;
    icaltimetype moved[BALINT_DATES_MAX];
    int moves = 0;
    icalcompiter at = icalcomponent_begin_component(calendar, ICAL_VEVENT_COMPONENT);
    for (; (event = icalcompiter_deref(&at)) != NULL; icalcompiter_next(&at)) {
        icalproperty *id = icalcomponent_get_first_property(event, ICAL_RECURRENCEID_PROPERTY);
        icaltimetype start =
            icalproperty_get_dtstart(icalcomponent_get_first_property(event, ICAL_DTSTART_PROPERTY));
        if (id == NULL) {
            assert_null(master);
            master = event;
        } else {
            moved[moves++] = icalproperty_get_recurrenceid(id);
            all.starts[all.count++] = instant_of(calendar, start);
        }
    }
    assert_non_null(master);
    icaltimetype start =
        icalproperty_get_dtstart(icalcomponent_get_first_property(master, ICAL_DTSTART_PROPERTY));
    icalproperty *rule = icalcomponent_get_first_property(master, ICAL_RRULE_PROPERTY);
    icalrecur_iterator *iterator =
        rule != NULL ? icalrecur_iterator_new(icalproperty_get_rrule(rule), start) : NULL;
    for (icaltimetype time = iterator != NULL ? icalrecur_iterator_next(iterator) : start;
         !icaltime_is_null_time(time);
         time = iterator != NULL ? icalrecur_iterator_next(iterator) : icaltime_null_time()) {
        bool elsewhere = has_time(master, ICAL_EXDATE_PROPERTY, time);
        for (int i = 0; i < moves; i++)
            elsewhere = elsewhere || icaltime_compare(moved[i], time) == 0;
        if (!elsewhere)
            all.starts[all.count++] = instant_of(calendar, time);
    }
    icalrecur_iterator_free(iterator);
    qsort(all.starts, (size_t)all.count, sizeof all.starts[0], compare);
    return all;
}

static icalcomponent *parse(char *text, icalproperty_method method)
{
    assert_non_null(text);
    for (const char *line = text, *end; *line != '\0'; line = end + 2) { /* RFC 5545 3.1 */
        end = strstr(line, "\r\n");
        assert_non_null(end);
        assert_true(end - line <= 75);
    }
    icalcomponent *calendar = icalparser_parse_string(text);
    assert_non_null(calendar);
    assert_int_equal(icalcomponent_count_errors(calendar), 0);
    assert_int_equal(icalcomponent_get_method(calendar), method);
    icalrestriction_check(calendar); /* RFC 5546's tables, as libical has them */
    if (icalcomponent_count_errors(calendar) != 0)
        fail_msg("%s", icalcomponent_as_ical_string(calendar));
    free(text);
    return calendar;
}

/* The file tells of the same instants as the series does; returns it. */
static icalcomponent *expect_same(const struct balint_series *series)
{
    struct evenings expected = {.count = 0};
    for (int i = 0; i < series->count; i++) {
        struct balint_local local = {0};
        assert_true(balint_local_read(&local, series->dates[i].begins, false));
        if (!series->dates[i].cancelled)
            balint_zone_instant(series->zone, &local, &expected.starts[expected.count++]);
    }
    qsort(expected.starts, (size_t)expected.count, sizeof expected.starts[0], compare);
    icalcomponent *calendar = parse(balint_calendar("tuesday", series, NULL), ICAL_METHOD_REQUEST);
    struct evenings read = expand(calendar);
    assert_int_equal(read.count, expected.count);
    for (int i = 0; i < read.count; i++)
        assert_int_equal(read.starts[i], expected.starts[i]);
    return calendar;
}

static void a_file_has_the_dates_of_the_series(void **state)
{
    (void)state;
    static const char *const zones[] = {"Europe/Berlin", "Australia/Sydney",  "America/Santiago",
                                        "Asia/Kolkata",  "Africa/Casablanca", "Europe/Dublin",
                                        "Etc/UTC"};
    static const char *const firsts[] = {"2026-12-03T19:30", "2026-10-29T07:00", "2027-01-31T23:45"};
    for (size_t zone = 0; zone < sizeof zones / sizeof zones[0]; zone++)
        for (size_t first = 0; first < sizeof firsts / sizeof firsts[0]; first++)
            for (int every = BALINT_ONCE; every < BALINT_EVERIES; every++) {
                struct balint_series series = series_of(zones[zone], firsts[first], (enum balint_every)every,
                                                        every == BALINT_ONCE ? 1 : 30);
                icalcomponent_free(expect_same(&series));
                strcpy(series.dates[0].begins, "2026-12-05T20:15"); /* the first moved, one in between … */
                icalcomponent_free(expect_same(&series));
                if (series.count == 1)
                    continue;
                strcpy(series.dates[7].begins, "2027-08-17T18:00");
                series.dates[9].cancelled = series.dates[0].cancelled = true; /* … and some cancelled */
                icalcomponent_free(expect_same(&series));
            }
}

static const char *uid_of(icalcomponent *calendar)
{
    return icalcomponent_get_uid(icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT));
}

static int sequence_of(icalcomponent *calendar)
{
    return icalcomponent_get_sequence(icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT));
}

static void a_change_is_the_same_event_newer(void **state)
{
    (void)state;
    struct balint_series series = series_of("Europe/Berlin", "2026-12-03T19:30", BALINT_EVERY_WEEK, 4);
    icalcomponent *first = expect_same(&series);
    strcpy(series.dates[2].begins, "2026-12-18T20:00");
    series.sequence = 1;
    icalcomponent *second = expect_same(&series);
    assert_string_equal(uid_of(first), uid_of(second));
    assert_int_equal(sequence_of(first), 0);
    for (icalcomponent *event = icalcomponent_get_first_component(second, ICAL_VEVENT_COMPONENT);
         event != NULL; event = icalcomponent_get_next_component(second, ICAL_VEVENT_COMPONENT))
        assert_int_equal(icalcomponent_get_sequence(event), 1);
    icalcomponent_free(first);
    icalcomponent_free(second);
}

static void a_cancellation_says_what_is_cancelled(void **state)
{
    (void)state;
    struct balint_series series = series_of("Europe/Berlin", "2026-12-03T19:30", BALINT_EVERY_WEEK, 4);
    series.dates[1].cancelled = true;
    series.sequence = 1;
    icalcomponent *one = parse(balint_calendar("tuesday", &series, &series.dates[1]), ICAL_METHOD_CANCEL);
    icalcomponent *event = icalcomponent_get_first_component(one, ICAL_VEVENT_COMPONENT);
    icaltimetype id = icalcomponent_get_recurrenceid(event);
    assert_string_equal(icaltime_as_ical_string(id), "20261210T193000");
    assert_int_equal(icalcomponent_get_status(event), ICAL_STATUS_CANCELLED);
    assert_string_equal(uid_of(one), series.uid);
    icalcomponent_free(one);
    for (int i = 0; i < 4; i++)
        series.dates[i].cancelled = true;
    icalcomponent *all = parse(balint_calendar("tuesday", &series, NULL), ICAL_METHOD_CANCEL);
    event = icalcomponent_get_first_component(all, ICAL_VEVENT_COMPONENT);
    assert_null(icalcomponent_get_first_property(event, ICAL_RECURRENCEID_PROPERTY));
    assert_int_equal(icalcomponent_get_status(event), ICAL_STATUS_CANCELLED);
    assert_int_equal(icalcomponent_count_components(all, ICAL_VEVENT_COMPONENT), 1);
    icalcomponent_free(all);
}

/* The events of a file as text, without who is asked to come. */
static void events_of(icalcomponent *calendar, char *text, size_t size)
{
    text[0] = '\0';
    for (icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
         event != NULL; event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
        icalproperty *attendee = icalcomponent_get_first_property(event, ICAL_ATTENDEE_PROPERTY);
        if (attendee != NULL)
            icalcomponent_remove_property(event, attendee);
        icalproperty_free(attendee);
        const char *one = icalcomponent_as_ical_string(event);
        assert_true(strlen(text) + strlen(one) < size);
        strcat(text, one);
    }
}

/* RFC 5546 3.2.1: what is published has any number of UIDs and asks nobody; 3.2.2 would allow one UID. */
static void a_file_of_all_has_what_those_of_each_have(void **state)
{
    (void)state;
    char all[32768], each[32768] = "", one[16384];
    struct balint_series series[3] = {
        series_of("Europe/Berlin", "2026-12-03T19:30", BALINT_EVERY_WEEK, 4),
        series_of("Australia/Sydney", "2027-02-03T19:30", BALINT_EVERY_MONTH, 3),
        series_of("Europe/Berlin", "2024-07-02T18:00", BALINT_EVERY_WEEK, 2), /* before the first */
    };
    series[1].uid[0] = '3', series[2].uid[0] = '4';
    strcpy(series[0].dates[2].begins, "2026-12-18T20:00");
    series[0].dates[3].cancelled = true;
    series[2].dates[0].cancelled = series[2].dates[1].cancelled = true;
    icalcomponent *calendar = parse(balint_calendar_all("tuesday", series, 3), ICAL_METHOD_PUBLISH);
    assert_int_equal(icalcomponent_count_components(calendar, ICAL_VTIMEZONE_COMPONENT), 2);
    for (icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
         event != NULL; event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT))
        assert_null(icalcomponent_get_first_property(event, ICAL_ATTENDEE_PROPERTY));
    events_of(calendar, all, sizeof all);
    for (int i = 0; i < 3; i++) {
        icalcomponent *single = parse(balint_calendar("tuesday", &series[i], NULL),
                                      i == 2 ? ICAL_METHOD_CANCEL : ICAL_METHOD_REQUEST);
        events_of(single, one, sizeof one);
        strcat(each, one);
        icalcomponent_free(single);
    }
    assert_string_equal(all, each);
    /* The zone's rules are those of the oldest evening, too: 18:00 on 2 July 2024 is 16:00 UTC. */
    icaltimetype oldest = icaltime_from_string("20240702T180000");
    assert_int_equal(instant_of(calendar, oldest), 1719936000);
    icalcomponent_free(calendar);
}

/* Whatever the group is called, and nothing but that. */
static void a_file_tells_the_group_and_the_dates_alone(void **state)
{
    (void)state;
    static const char *const names[] = {"tuesday", "a\"b;c,d:e\\n^f",
                                        "Gruppe \xc3\xa4\xc3\xb6\xc3\xbc \xe2\x82\xac",
                                        "a group with a name so long that its line has to be folded twice"};
    static const char *const known[] = {"VERSION", "PRODID",  "METHOD",       "TZID",      "X-LIC-LOCATION",
                                        "UID",     "DTSTAMP", "SEQUENCE",     "DTSTART",   "DURATION",
                                        "SUMMARY", "STATUS",  "CLASS",        "ORGANIZER", "ATTENDEE",
                                        "RRULE",   "EXDATE",  "RECURRENCE-ID"};
    struct balint_series series = series_of("Europe/Berlin", "2026-12-03T19:30", BALINT_EVERY_WEEK, 4);
    series.dates[1].cancelled = true;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char *text = balint_calendar(names[i], &series, NULL), summary[128];
        assert_null(strstr(text, "http"));
        assert_null(strstr(text, "://"));
        assert_null(strchr(text, '@'));
        assert_null(strchr(text, '#'));
        icalcomponent *calendar = parse(text, ICAL_METHOD_REQUEST);
        icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
        snprintf(summary, sizeof summary, "Balint group %s", names[i]);
        assert_string_equal(icalcomponent_get_summary(event), summary);
        for (int part = 0; part < 2; part++)
            for (icalproperty *at =
                     icalcomponent_get_first_property(part ? event : calendar, ICAL_ANY_PROPERTY);
                 at != NULL;
                 at = icalcomponent_get_next_property(part ? event : calendar, ICAL_ANY_PROPERTY)) {
                bool is_known = false;
                for (size_t k = 0; k < sizeof known / sizeof known[0]; k++)
                    is_known = is_known || strcmp(icalproperty_get_property_name(at), known[k]) == 0;
                if (!is_known)
                    fail_msg("a calendar file tells %s", icalproperty_as_ical_string(at));
            }
        icalcomponent_free(calendar);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_has_the_dates_of_the_series),
        cmocka_unit_test(a_change_is_the_same_event_newer),
        cmocka_unit_test(a_cancellation_says_what_is_cancelled),
        cmocka_unit_test(a_file_of_all_has_what_those_of_each_have),
        cmocka_unit_test(a_file_tells_the_group_and_the_dates_alone),
    };
    alarm(50);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
