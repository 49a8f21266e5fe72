/* The frame by balint-server's subcommands, as an operator writes them. */
#include "integration/operator.h"

#include <sys/stat.h>
#include <time.h>

static const char *write_file(const char *text)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/file", operator_server.folder);
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
                   "one line of at most 120 bytes of UTF-8, all to be seen. This one has 121: \"xxxx");
    many[120] = '\0';
    assert_int_equal(RUN("group", "set", "G", "--help-line", many), 0);
    expect_refused(RUN("group", "set", "G", "--crib", "/nowhere/crib"), 1, "/nowhere/crib cannot be read");
    expect_refused(RUN("group", "set", "G", "--crib", ""), 1, "\"\" cannot be read");
    expect_refused(RUN("group", "set", "G", "--help-line", "1\xe2\x80\x8b"), 1,
                   "all to be seen. This one has 4"); /* U+200B */
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
    assert_non_null(strstr(out, "sets the help line that people are shown, and the leaders' cards"));
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
    expect_refused(RUN("follow-up", "done", "G", "99999999999999999999"), 1,
                   "\"99999999999999999999\" is no number");
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
#define TEST(name) cmocka_unit_test_setup_teardown(name, operator_begin, operator_end)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_group_is_set_and_shown),        TEST(what_cannot_be_set_is_said),
        TEST(what_is_written_wrongly_is_said), TEST(days_that_are_none_are_said),
        TEST(a_follow_up_of_the_past_is_said),
    };
    alarm(240);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
