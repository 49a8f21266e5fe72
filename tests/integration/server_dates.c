/* Evenings by `balint-server dates`, as an operator plans, moves and cancels them. */
#include "integration/operator.h"

#include <time.h>

/* The evenings as `dates list --json` tells them, joined by blanks: when, and - when cancelled. */
static const char *evenings(void)
{
    static char all[4096];
    assert_int_equal(RUN("dates", "list", "G", "--json"), 0);
    json_t *dates = answer(), *date;
    size_t i;
    all[0] = '\0';
    json_array_foreach(dates, i, date) sprintf(all + strlen(all), "%s%s%s", i > 0 ? " " : "",
                                               json_is_true(json_object_get(date, "cancelled")) ? "-" : "",
                                               json_string_value(json_object_get(date, "begins")));
    json_decref(dates);
    return all;
}

static void evenings_are_planned_moved_and_cancelled(void **state)
{
    (void)state;
    assert_int_equal(RUN("dates", "add", "G", "--first", "2026-12-03T19:30", "--zone", "Europe/Berlin",
                         "--every", "month", "--count", "4"),
                     0);
    assert_non_null(
        strstr(/* the day will come when it lies in the past, which is said, too */
               out, "series 1: 4 evenings, 2026-12-03T19:30 to 2027-03-04T19:30, every first Thursday of a "
                    "month\n"));
    assert_int_equal(RUN("dates", "move", "G", "2027-01-07", "2027-01-14"), 0);
    assert_int_equal(RUN("dates", "cancel", "G", "2027-02-04"), 0);
    assert_string_equal(evenings(), "2026-12-03T19:30 2027-01-14T19:30 -2027-02-04T19:30 2027-03-04T19:30");
    assert_int_equal(RUN("dates", "list", "G"), 0);
    assert_non_null(strstr(out, "2027-01-14T19:30\tThursday\tEurope/Berlin\t90 min\tseries 1\tmoved from "
                                "2027-01-07T19:30\n"));
    /* A cancelled one takes place again, and everything from a date on is cancelled. */
    assert_int_equal(RUN("dates", "move", "G", "2027-02-04", "2027-02-05T20:00"), 0);
    assert_non_null(strstr(out, "This evening was cancelled. It takes place again"));
    assert_int_equal(RUN("dates", "cancel", "G", "2027-01-14", "--onwards"), 0);
    assert_string_equal(evenings(), "2026-12-03T19:30 -2027-01-14T19:30 -2027-02-05T20:00 -2027-03-04T19:30");
    expect_refused(RUN("dates", "cancel", "G", "2027-01-14"), 1, "is cancelled already");
    /* The file: the same event, four changes later. */
    char file[128], text[8192] = "";
    snprintf(file, sizeof file, "%s/g.ics", operator_server.folder);
    assert_int_equal(RUN("dates", "ics", "G", "--out", file), 0);
    FILE *in = fopen(file, "r");
    assert_true(in != NULL && fread(text, 1, sizeof text - 1, in) > 100);
    fclose(in);
    assert_non_null(strstr(text, "METHOD:REQUEST"));
    assert_non_null(strstr(text, "SEQUENCE:4\r\n"));
    assert_non_null(strstr(text, "EXDATE;TZID=Europe/Berlin:20270304T193000"));
    assert_int_equal(RUN("dates", "ics", "G", "--cancelled", "2027-03-04"), 0);
    assert_non_null(strstr(out, "METHOD:CANCEL"));
    expect_refused(RUN("dates", "ics", "G", "--cancelled", "2026-12-03"), 1, "is not cancelled");
    expect_refused(RUN("dates", "ics", "G", "--out", "/nowhere/x"), 1, "/nowhere/x cannot be written");
    assert_int_equal(RUN("dates", "cancel", "G", "2026-12-03"), 0);
    assert_int_equal(RUN("dates", "ics", "G"), 0);
    assert_non_null(strstr(out, "METHOD:CANCEL"));
}

#define ADD(...) RUN("dates", "add", "G", __VA_ARGS__)
#define WHEN     "--first", "2026-12-03T19:30", "--zone", "Europe/Berlin"

static void dates_that_cannot_be_are_said(void **state)
{
    (void)state;
    expect_refused(ADD("--zone", "Europe/Berlin"), 1, "Say when the first evening begins");
    expect_refused(ADD("--first", "2026-12-03", "--zone", "Europe/Berlin"), 1,
                   "\"2026-12-03\" is no day with a time. Say when the first evening begins");
    expect_refused(ADD("--first", "2026-12-03T19:30"), 1, "Say in which zone: --zone Europe/Berlin");
    expect_refused(ADD("--first", "2026-12-03T19:30", "--zone", "Berlin"), 1,
                   "\"Berlin\" is no zone. Write an area and a place: --zone Europe/Berlin");
    expect_refused(ADD(WHEN, "--every", "day"), 1, "--every is once, week, 2-weeks or month, not \"day\"");
    expect_refused(ADD(WHEN, "--every", "week", "--until", "June"), 1,
                   "\"June\" is no day: write --until 2027-06-30");
    expect_refused(ADD(WHEN, "--every", "week"), 1, "Say how long the series goes on");
    expect_refused(ADD(WHEN, "--every", "week", "--count", "2", "--until", "2027-01-01"), 1, "not both");
    expect_refused(ADD(WHEN, "--every", "week", "--until", "2026-12-02"), 1,
                   "ends on 2026-12-02, before it begins, at 2026-12-03T19:30");
    expect_refused(ADD(WHEN, "--every", "week", "--count", "121"), 1,
                   "--count must be a whole number from 1 to 120, not \"121\"");
    expect_refused(ADD(WHEN, "--count", "2"), 1, "More than one evening needs --every");
    expect_refused(ADD(WHEN, "--minutes", "5"), 1, "--minutes must be a whole number");
    /* One of the evenings would be at a time that does not exist: none is stored. */
    expect_refused(
        ADD("--first", "2027-02-28T02:30", "--zone", "Europe/Berlin", "--every", "month", "--count", "3"), 1,
        "2027-03-28T02:30 does not exist in Europe/Berlin: clocks go forward over it. Choose another time, "
        "03:30 say.");
    expect_refused(RUN("dates", "ics", "G"), 1, "This group has no dates");
    assert_int_equal(ADD("--first", "2027-10-31T02:30", "--zone", "Europe/Berlin"), 0);
    assert_non_null(strstr(out, "2027-10-31T02:30 comes twice in Europe/Berlin"));
    expect_refused(RUN("dates", "move", "G", "2027-10-31", "2027-03-28"), 1, "does not exist");
    expect_refused(RUN("dates", "move", "G", "2027-10-30", "2027-11-01"), 1,
                   "There is no evening on 2027-10-30");
    expect_refused(RUN("dates", "move", "G", "2027-10-31", "soon"), 1, "\"soon\" is no date");
    expect_refused(RUN("dates", "move", "G", "2027-10-31", "2027-10-31T02:30"), 1,
                   "is at 2027-10-31T02:30 already");
    assert_int_equal(ADD("--first", "2027-10-31T19:30", "--zone", "Europe/Berlin"), 0);
    expect_refused(ADD("--first", "2027-10-31T19:30", "--zone", "Europe/Paris"), 1, "There is an evening at");
    expect_refused(RUN("dates", "cancel", "G", "2027-10-31"), 1, "There are 2 evenings on 2027-10-31");
    assert_int_equal(RUN("dates", "ics", "G"), 0); /* of both, in one file */
    assert_non_null(strstr(out, "DTSTART;TZID=Europe/Berlin:20271031T023000"));
    assert_non_null(strstr(out, "DTSTART;TZID=Europe/Berlin:20271031T193000"));
    expect_refused(RUN("dates", "ics", "G", "--series", "9"), 1, "has no series 9");
    assert_int_equal(RUN("dates", "ics", "G", "--series", "2"), 0);
}

/* What lies in the past is taken, since it may be meant, and it is said. */
static void what_lies_in_the_past_is_said(void **state)
{
    (void)state;
    time_t now = time(NULL) + 3 * 86400;
    char soon[32];
    struct tm utc;
    assert_int_equal(
        ADD("--first", "2020-01-02T19:30", "--zone", "Europe/Berlin", "--every", "week", "--count", "3"), 0);
    assert_non_null(strstr(out, "All of it lies in the past"));
    assert_int_equal(RUN("dates", "move", "G", "2020-01-09", "2020-01-10"), 0);
    assert_non_null(strstr(out, "2020-01-10T19:30 lies in the past."));
    now -= 10 * 86400; /* a week ago, and today */
    strftime(soon, sizeof soon, "%Y-%m-%dT%H:%M", gmtime_r(&now, &utc));
    assert_int_equal(ADD("--first", soon, "--zone", "Europe/Berlin", "--every", "week", "--count", "4"), 0);
    assert_null(strstr(out, "All of it"));
    assert_non_null(strstr(out, " of these evenings "));
    now += 8 * 86400;
    strftime(soon, sizeof soon, "%Y-%m-%dT%H:%M", gmtime_r(&now, &utc));
    assert_int_equal(ADD("--first", soon, "--zone", "Europe/Berlin"), 0);
    assert_null(strstr(out, "past"));
}

/* What `dates ics` with these options says must hold the piece, and not the other. */
static void expect_file(const char *series, const char *cancelled, const char *has, const char *has_not)
{
    assert_int_equal(RUN("dates", "ics", "G", "--series", series, "--cancelled", cancelled), 0);
    if (strstr(out, has) == NULL || strstr(out, has_not) != NULL)
        fail_msg("\"%s\" and not \"%s\" were to be in: %s", has, has_not, out);
}

/* A series that was cancelled, and one that took its place at the same times: each is found by its number. */
static void an_evening_is_named_by_its_series(void **state)
{
    (void)state;
    static const char *const first[] = {"--first", "2027-04-13T19:00", "--zone", "Europe/Berlin"};
#define WEEKLY first[0], first[1], first[2], first[3], "--every", "week", "--count", "3"
    assert_int_equal(ADD(WEEKLY), 0);
    assert_int_equal(RUN("dates", "cancel", "G", "2027-04-13", "--onwards"), 0);
    assert_int_equal(ADD(WEEKLY, "--minutes", "120"), 0);
    /* By its time alone it is the one that takes place. */
    assert_int_equal(RUN("dates", "move", "G", "2027-04-20", "2027-04-21"), 0);
    assert_string_equal(evenings(), "-2027-04-13T19:00 2027-04-13T19:00 -2027-04-20T19:00 2027-04-21T19:00 "
                                    "-2027-04-27T19:00 2027-04-27T19:00");
    expect_refused(RUN("dates", "ics", "G", "--series", "2", "--cancelled", "2027-04-20"), 1,
                   "There is no evening on 2027-04-20 in series 2.");
    expect_file("1", "2027-04-20", "DURATION:PT1H30M", "DURATION:PT2H");
    /* A cancellation is asked for: that of the cancelled one, not the cancelling of what took its place. */
    assert_int_equal(RUN("dates", "ics", "G", "--cancelled", "2027-04-13"), 0);
    assert_non_null(strstr(out, "DURATION:PT1H30M"));
    assert_int_equal(RUN("dates", "cancel", "G", "2027-04-13"), 0);
    expect_file("1", "2027-04-13", "DURATION:PT1H30M", "DURATION:PT2H");
    expect_file("2", "2027-04-13", "DURATION:PT2H", "DURATION:PT1H30M");
    /* Both are cancelled: the time does not tell them apart, and what does is said. */
    expect_refused(RUN("dates", "move", "G", "2027-04-13T19:00", "2027-04-14"), 1,
                   "There are 2 evenings at 2027-04-13T19:00. Say of which series: --series 2, say; "
                   "`balint-server dates list` shows them.");
    expect_refused(RUN("dates", "move", "G", "2027-04-13", "2027-04-14"), 1, "--series 2");
    expect_refused(RUN("dates", "move", "G", "2027-04-13", "2027-04-14", "--series", "3"), 1,
                   "has no series 3");
    assert_int_equal(RUN("dates", "move", "G", "2027-04-13", "2027-04-14", "--series", "1"), 0);
    assert_int_equal(RUN("dates", "list", "G"), 0);
    assert_non_null(strstr(out, "2027-04-14T19:00\tWednesday\tEurope/Berlin\t90 min\tseries 1\tmoved"));
    assert_int_equal(RUN("dates", "cancel", "G", "2027-04-14", "--series", "1"), 0);
    expect_refused(RUN("dates", "cancel", "G", "2027-04-27", "--series", "1"), 1, "is cancelled already");
    assert_int_equal(RUN("dates", "cancel", "G", "2027-04-27", "--series", "2", "--onwards"), 0);
}

/* Two that were cancelled at one time of one series are the same to whoever names it. */
static void one_time_of_a_series_is_one_evening(void **state)
{
    (void)state;
    assert_int_equal(ADD(WHEN, "--every", "week", "--count", "3"), 0);
    assert_int_equal(RUN("dates", "cancel", "G", "2026-12-10"), 0);
    assert_int_equal(RUN("dates", "move", "G", "2026-12-03", "2026-12-10"), 0);
    assert_int_equal(RUN("dates", "cancel", "G", "2026-12-10"), 0);
    assert_int_equal(RUN("dates", "move", "G", "2026-12-10", "2026-12-11"), 0);
    assert_string_equal(evenings(), "-2026-12-10T19:30 2026-12-11T19:30 2026-12-17T19:30");
}

/* Two evenings that overlap cannot be; what their clocks show in their zones is not what counts. 19:00 in
 * Berlin is 18:00 in London and, in April, 03:00 of the next day in Sydney. */
static void evenings_do_not_overlap(void **state)
{
    (void)state;
    assert_int_equal(ADD("--first", "2027-04-13T19:00", "--zone", "Europe/Berlin"), 0); /* to 20:30 */
    expect_refused(ADD("--first", "2027-04-13T18:00", "--zone", "Europe/London"), 1,
                   "There is an evening at 2027-04-13T19:00 in Europe/Berlin already, of 90 minutes: "
                   "2027-04-13T18:00 in Europe/London overlaps it. Choose another time.");
    expect_refused(ADD("--first", "2027-04-13T19:30", "--zone", "Europe/Berlin"), 1, "overlaps it");
    expect_refused(ADD("--first", "2027-04-13T17:31", "--zone", "Europe/Berlin"), 1, "overlaps it");
    expect_refused(ADD("--first", "2027-04-14T03:00", "--zone", "Australia/Sydney"), 1, "overlaps it");
    /* One ends when the other begins; and the same time on another clock. */
    assert_int_equal(ADD("--first", "2027-04-13T17:30", "--zone", "Europe/Berlin"), 0);
    assert_int_equal(ADD("--first", "2027-04-13T20:30", "--zone", "Europe/Berlin", "--minutes", "30"), 0);
    assert_int_equal(ADD("--first", "2027-04-13T19:00", "--zone", "Australia/Sydney"), 0);
    assert_string_equal(evenings(), "2027-04-13T19:00 2027-04-13T17:30 2027-04-13T19:00 2027-04-13T20:30");
    /* One that is moved does not overlap where it was, and must not overlap another. */
    assert_int_equal(RUN("dates", "move", "G", "2027-04-13T20:30", "2027-04-13T20:45"), 0);
    expect_refused(RUN("dates", "move", "G", "2027-04-13T20:45", "2027-04-13T20:15"), 1, "overlaps it");
    assert_int_equal(RUN("dates", "cancel", "G", "2027-04-13T19:00", "--series", "1"), 0);
    assert_int_equal(RUN("dates", "move", "G", "2027-04-13T20:45", "2027-04-13T20:15"), 0);
    /* And one that is cancelled takes place again only where nothing else is by now. */
    expect_refused(RUN("dates", "move", "G", "2027-04-13T19:00", "2027-04-13", "--series", "1"), 1,
                   "overlaps it");
}

static void zones_are_places_or_utc(void **state)
{
    (void)state;
    static const char *const none[] = {"CET",
                                       "GMT",
                                       "CEST",
                                       "posix/Europe/Berlin",
                                       "right/Europe/Berlin",
                                       "/etc/localtime",
                                       "Europe/../Europe/Berlin"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        char said[128];
        snprintf(said, sizeof said,
                 "\"%s\" is no zone. Write an area and a place: --zone Europe/Berlin; or --zone UTC.",
                 none[i]);
        expect_refused(ADD("--first", "2027-04-13T19:00", "--zone", none[i]), 1, said);
    }
    assert_int_equal(ADD("--first", "2027-04-13T19:00", "--zone", "UTC"), 0);
    assert_int_equal(RUN("dates", "list", "G", "--json"), 0);
    assert_non_null(strstr(out, "\"utc\": \"2027-04-13T19:00:00Z\""));
    assert_int_equal(RUN("dates", "ics", "G"), 0);
    assert_non_null(strstr(out, "BEGIN:VTIMEZONE"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, operator_begin, operator_end)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(evenings_are_planned_moved_and_cancelled),
        TEST(dates_that_cannot_be_are_said),
        TEST(what_lies_in_the_past_is_said),
        TEST(an_evening_is_named_by_its_series),
        TEST(one_time_of_a_series_is_one_evening),
        TEST(evenings_do_not_overlap),
        TEST(zones_are_places_or_utc),
    };
    alarm(240);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
