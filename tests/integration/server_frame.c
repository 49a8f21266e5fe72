/* The frame by balint-server's subcommands, as an operator writes them. */
#include "integration/server_evening.h"

#include <jansson.h>
#include <sys/stat.h>
#include <time.h>

static struct balint_serverproc server;
static char out[65536];

static int begin(void **state)
{
    const char *add[] = {"group", "add", "G", "--data", server.data, NULL};
    (void)state;
    balint_serverproc_init(&server);
    return balint_serverproc_run(add, out, sizeof out);
}

static int end(void **state)
{
    (void)state;
    balint_serverproc_finish(&server);
    return 0;
}

/* Runs balint-server with arguments and --data; what it says is in `out`. Returns its exit status. */
static int run(const char *const *arguments)
{
    const char *argv[32];
    int count = 0;
    for (; arguments[count] != NULL; count++)
        argv[count] = arguments[count];
    argv[count++] = "--data";
    argv[count++] = server.data;
    argv[count] = NULL;
    return balint_serverproc_run(argv, out, sizeof out);
}
#define RUN(...) run((const char *const[]){__VA_ARGS__, NULL})

static void expect_refused(int status, int expected, const char *piece)
{
    assert_int_equal(status, expected);
    if (strstr(out, piece) == NULL)
        fail_msg("\"%s\" is not in: %s", piece, out);
    assert_ptr_equal(strchr(out, '\n') + 1, out + strlen(out)); /* one line */
}

/* What it said as JSON; the caller's. */
static json_t *answer(void)
{
    json_error_t error;
    json_t *document = json_loads(out, 0, &error);
    if (document == NULL)
        fail_msg("no JSON (%s): %s", error.text, out);
    return document;
}

static const char *write_file(const char *text)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/file", server.folder);
    FILE *file = fopen(path, "w");
    assert_true(file != NULL && fputs(text, file) >= 0);
    fclose(file);
    return path;
}

static void a_group_is_set_and_shown(void **state)
{
    (void)state;
    assert_int_equal(RUN("group", "show", "G"), 0);
    assert_non_null(strstr(out, "help line\tnone: group set GROUP --help-line TEXT\n"));
    assert_int_equal(RUN("group", "set", "G", "--help-line", "Anna, +49 30 1234"), 0);
    assert_string_equal(out, "");
    const char *crib = write_file("What is it like to be this patient?\n\n   How do you feel with her? \r\n");
    assert_int_equal(RUN("group", "set", "G", "--crib", crib), 0);
    assert_int_equal(RUN("group", "show", "G", "--json"), 0);
    json_t *shown = answer();
    assert_string_equal(json_string_value(json_object_get(shown, "help_line")), "Anna, +49 30 1234");
    json_t *cards = json_object_get(shown, "crib");
    assert_int_equal(json_array_size(cards), 2);
    assert_string_equal(json_string_value(json_array_get(cards, 1)), "How do you feel with her?");
    json_decref(shown);
    assert_int_equal(RUN("group", "set", "G", "--crib", write_file(""), "--help-line", ""), 0);
    assert_int_equal(RUN("group", "show", "G", "--json"), 0);
    shown = answer();
    assert_true(json_is_null(json_object_get(shown, "help_line")));
    assert_int_equal(json_array_size(json_object_get(shown, "crib")), 0);
    json_decref(shown);
}

static void what_cannot_be_set_is_said(void **state)
{
    (void)state;
    char many[1024] = "";
    expect_refused(RUN("group", "set", "G"), 1, "Say what to set");
    expect_refused(RUN("group", "set", "H", "--help-line", "x"), 1, "There is no group \"H\"");
    expect_refused(RUN("group", "set", "G", "--help-line", "a\nb"), 1, "one line of at most 120 bytes");
    memset(many, 'x', 121);
    expect_refused(RUN("group", "set", "G", "--help-line", many), 1,
                   "one line of at most 120 bytes of UTF-8. This one has 121: \"xxxx");
    many[120] = '\0';
    assert_int_equal(RUN("group", "set", "G", "--help-line", many), 0);
    expect_refused(RUN("group", "set", "G", "--crib", "/nowhere/crib"), 1, "/nowhere/crib cannot be read");
    expect_refused(RUN("group", "set", "G", "--crib", write_file("a\n\xff\n")), 1,
                   "file:2: a card is one line");
    /* A byte order mark, as Windows writes it, is no part of the first card. */
    assert_int_equal(RUN("group", "set", "G", "--crib", write_file("\xef\xbb\xbfOne\nTwo\n")), 0);
    assert_int_equal(RUN("group", "show", "G"), 0);
    assert_non_null(strstr(out, "card\tOne\ncard\tTwo\n"));
    many[0] = '\0';
    for (int i = 0; i < 13; i++)
        strcat(many, "card\n");
    expect_refused(RUN("group", "set", "G", "--crib", write_file(many)), 1, "file:13: a crib has at most 12");
    expect_refused(RUN("group", "set", "G", "--crib"), 2,
                   "Write balint-server group set"); /* it took --data */
}

static void what_is_written_wrongly_is_said(void **state)
{
    (void)state;
    expect_refused(RUN("grup", "show"), 2, "There is no subcommand \"grup show\"");
    expect_refused(RUN("gr\nup"), 2, "There is no subcommand \"gr?up\"");
    expect_refused(RUN("group", "add", ""), 1, "A group needs a name, and \"\" is none");
    expect_refused(RUN("group", "add", "a\tb"), 1, "\"a?b\" cannot be a group's name");
    expect_refused(RUN("group", "show"), 2, "Write balint-server group show GROUP");
    expect_refused(RUN("group", "show", "G", "H"), 2, "Write balint-server group show GROUP");
    expect_refused(RUN("group", "show", "G", "--crib", "x"), 2, "group show takes no --crib");
    expect_refused(RUN("group", "show", "G", "--json=yes"), 2, "--json takes no value");
    expect_refused(RUN("group", "show", "G", "--json", "--json"), 2, "--json is there twice");
    expect_refused(RUN("--json"), 2, "no option --json of the server itself");
    assert_int_equal(RUN("--help"), 0);
    assert_non_null(strstr(out, "\n  group set GROUP "));
    assert_int_equal(RUN("group", "set", "--help"), 0);
    assert_non_null(strstr(out, "balint-server group set GROUP [--help-line TEXT] [--crib FILE]"));
}

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
    snprintf(file, sizeof file, "%s/g.ics", server.folder);
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
    expect_refused(ADD("--first", "2026-12-03T19:30"), 1, "Say in which zone");
    expect_refused(ADD("--first", "2026-12-03T19:30", "--zone", "Berlin"), 1,
                   "no zone \"Berlin\". Write one as it does: --zone Europe/Berlin");
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
    expect_refused(RUN("dates", "ics", "G"), 1, "This group has 2 series");
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

static void days_that_are_none_are_said(void **state)
{
    (void)state;
    expect_refused(RUN("attendance", "G", "--from", "yesterday"), 1,
                   "\"yesterday\" is no day: write --from 2027-06-30");
    expect_refused(RUN("attendance", "G", "--until", "2026-02-30"), 1,
                   "\"2026-02-30\" is no day: write --until 2027-06-30");
    expect_refused(RUN("attendance", "G", "--from", "2026-12-04", "--until", "2026-12-03", "--csv"), 1,
                   "--from 2026-12-04 is after --until 2026-12-03");
    assert_int_equal(RUN("attendance", "G", "--from", "2026-12-03", "--until", "2026-12-03"), 0);
    expect_refused(RUN("follow-up", "done", "G", "two"), 1, "\"two\" is no number");
    expect_refused(RUN("follow-up", "add", "G", "--on", "2027-06-30"), 1, "Say whose case");
    expect_refused(RUN("follow-up", "add", "G", "--who", "A"), 1, "Say on which evening");
    expect_refused(RUN("follow-up", "add", "G", "--who", "A", "--on", "30.6.2027"), 1,
                   "\"30.6.2027\" is no day: write --on 2027-06-30");
}

/* A follow-up may have been due on an evening that was missed: it is taken, and that is said. */
static void a_follow_up_of_the_past_is_said(void **state)
{
    (void)state;
    struct evening evening;
    char said[1024], day[16];
    evening_begin(&evening, NULL);
    const char *add[] = {"follow-up",  "add",    evening.group.name,  "--who", "Clara Moos", "--on",
                         "2020-01-02", "--data", evening.server.data, NULL};
    assert_int_equal(balint_serverproc_run(add, said, sizeof said), 0);
    assert_non_null(strstr(said, "2020-01-02 lies in the past"));
    time_t now = time(NULL);
    struct tm utc;
    strftime(day, sizeof day, "%Y-%m-%d", gmtime_r(&now, &utc));
    add[6] = day;
    assert_int_equal(balint_serverproc_run(add, said, sizeof said), 0);
    assert_string_equal(said, "");
    evening_end(&evening);
}
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_group_is_set_and_shown),        TEST(what_cannot_be_set_is_said),
        TEST(what_is_written_wrongly_is_said), TEST(evenings_are_planned_moved_and_cancelled),
        TEST(dates_that_cannot_be_are_said),   TEST(what_lies_in_the_past_is_said),
        TEST(days_that_are_none_are_said),     TEST(a_follow_up_of_the_past_is_said),
    };
    alarm(240);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
