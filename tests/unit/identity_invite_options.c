/* identity_invite_options.c - what `balint invite` and `balint revoke` understand, and what they say
 * otherwise. */
#include "client/invite_options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define NOW INT64_C(1780000000) /* 2026-05-28T20:26:40Z */

static bool read_line(const char *line, enum balint_invite_verb verb, struct balint_invite_options *options,
                      char why[BALINT_WHY])
{
    static char kept[512]; /* the options point into it */
    char *words[32], *rest = NULL;
    int count = 0;
    why[0] = '\0';
    snprintf(kept, sizeof kept, "%s", line);
    for (char *word = strtok_r(kept, "|", &rest); word != NULL; word = strtok_r(NULL, "|", &rest))
        words[count++] = strcmp(word, "EMPTY") == 0 ? word + 5 : word;
    return balint_invite_options_read(count, words, verb, NOW, options, why);
}

static void test_good(void **state)
{
    struct balint_invite_options o;
    char why[BALINT_WHY];
    (void)state;
    assert_true(read_line("invite|--group|G|--role|co-leader|--name|Zoë", BALINT_VERB_INVITE, &o, why));
    assert_string_equal(o.group, "G");
    assert_string_equal(o.name, "Zoë");
    assert_int_equal(o.role, BALINT_CO_LEADER);
    assert_int_equal(o.count, 0);
    assert_true(o.from_s <= NOW && o.from_s > NOW - 3600);
    assert_int_equal(o.until_s, NOW + 400 * 86400);
    assert_null(o.server);
    assert_false(o.json);
    assert_true(
        read_line("invite|--count=16|--json|--name=N|--role=observer|--group=G|--found|a-_Z9|--server|h|"
                  "--data|/d|--ca|c.pem|--from=2026-06-01T18:00Z|--until|2026-06-01T20:00Z",
                  BALINT_VERB_INVITE, &o, why));
    assert_int_equal(o.count, 16);
    assert_true(o.json);
    assert_int_equal(o.role, BALINT_OBSERVER);
    assert_string_equal(o.found, "a-_Z9");
    assert_string_equal(o.ca, "c.pem");
    assert_int_equal(o.from_s, 1780336800);
    assert_int_equal(o.until_s, 1780344000);
    assert_true(read_line("revoke|--group|G|--member|abc", BALINT_VERB_REVOKE, &o, why));
    assert_string_equal(o.member, "abc");
    assert_true(
        read_line("renew|--group|G|--name|N|--until|2026-06-01T20:00Z|--json", BALINT_VERB_RENEW, &o, why));
    assert_int_equal(o.until_s, 1780344000);
    assert_true(o.json);
    assert_true(read_line("invite|--help", BALINT_VERB_INVITE, &o, why));
    assert_true(o.help);
}

#define WHO "--group|G|--name|N|--role|member|"
static const struct {
    enum balint_invite_verb verb;
    const char *line, *word; /* of the sentence */
} refused[] = {
    {BALINT_VERB_INVITE, "invite", "--group G"},
    {BALINT_VERB_INVITE, "invite|--group|G", "--name N"},
    {BALINT_VERB_INVITE, "invite|--group|G|--name|N", "--role"},
    {BALINT_VERB_INVITE, "invite|--group|G|--name|N|--role", "needs a value"},
    {BALINT_VERB_INVITE, "invite|--group|G|--role|member|--name|Ann\xe2\x80\x8b", "invisible"},
    {BALINT_VERB_INVITE, "invite|--group|G|--name|N|--role|host", "leader, co-leader"},
    {BALINT_VERB_INVITE, "invite|--group|EMPTY|--name|N|--role|member", "empty"},
    {BALINT_VERB_INVITE, "invite|--group|..|--name|N|--role|member", "group's name"},
    {BALINT_VERB_INVITE, "invite|--group|a\nb|--name|N|--role|member", "group's name"},
    {BALINT_VERB_INVITE, "invite|--group|G|--name|a\x1b[2J|--role|member", "control characters"},
    {BALINT_VERB_INVITE, "invite|--group|G|--name|\xff|--role|member", "UTF-8"},
    {BALINT_VERB_INVITE, "invite|--group|G|--name| N|--role|member", "blanks"},
    {BALINT_VERB_INVITE, "invite|--group|G|--name|N\xc2\xa0|--role|member", "blanks"},    /* no-break space */
    {BALINT_VERB_INVITE, "invite|--group|G|--name|\xe2\xa0\x80|--role|member", "blanks"}, /* Braille blank */
    {BALINT_VERB_INVITE, "invite|--group|G|--name|\xe3\x80\x80N|--role|member", "blanks"},
    {BALINT_VERB_INVITE, "invite|--group|G|--name|N\xe2\x80\x89|--role|member|--count|2", "blanks"},
    {BALINT_VERB_INVITE, "invite|" WHO "--count|0", "--count"},
    {BALINT_VERB_INVITE, "invite|" WHO "--count|-1", "--count"},
    {BALINT_VERB_INVITE, "invite|" WHO "--count|257", "--count"},
    {BALINT_VERB_INVITE, "invite|" WHO "--count|3x", "--count"},
    {BALINT_VERB_INVITE, "invite|" WHO "--count|99999999999999999999", "--count"},
    {BALINT_VERB_INVITE, "invite|" WHO "--json=1", "no value"},
    {BALINT_VERB_INVITE, "invite|" WHO "--json|--json", "twice"},
    {BALINT_VERB_INVITE, "invite|" WHO "--group|H", "twice"},
    {BALINT_VERB_INVITE, "invite|" WHO "--member|m", "not known"},
    {BALINT_VERB_INVITE, "invite|" WHO "stray", "not known"},
    {BALINT_VERB_INVITE, "invite|" WHO "--gro|H", "not known"},
    {BALINT_VERB_INVITE, "invite|" WHO "--from|soon", "--from is no date"},
    {BALINT_VERB_INVITE, "invite|" WHO "--until|31.12.2026", "--until is no date"},
    {BALINT_VERB_INVITE, "invite|" WHO "--until|2026-05-27", "over already"},
    {BALINT_VERB_INVITE, "invite|" WHO "--from|2026-08-02|--until|2026-08-01", "lies before"},
    {BALINT_VERB_INVITE, "invite|" WHO "--from|2026-08-01T10:00|--until|2026-08-01T10:00", "lies before"},
    {BALINT_VERB_INVITE, "invite|" WHO "--found|a b", "--found"},
    {BALINT_VERB_INVITE, "invite|" WHO "--found|123456789012345678901234567890123", "--found"},
    {BALINT_VERB_REVOKE, "revoke|--group|G", "--name N"},
    {BALINT_VERB_REVOKE, "revoke|--group|G|--name|N|--member|m", "--name N"},
    {BALINT_VERB_REVOKE, "revoke|--name|N", "--group G"},
    {BALINT_VERB_REVOKE, "revoke|--group|G|--name|N|--role|member", "not known"},
    {BALINT_VERB_RENEW, "renew|--group|G", "--name N"},
    {BALINT_VERB_RENEW, "renew|--group|G|--name|N|--member|m", "--name N"},
    {BALINT_VERB_RENEW, "renew|--group|G|--name|N|--role|leader", "not known"},
    {BALINT_VERB_RENEW, "renew|--group|G|--name|N|--count|2", "not known"},
    {BALINT_VERB_RENEW, "renew|--group|G|--name|N|--until|2026-05-27", "over already"},
    {BALINT_VERB_RENEW, "renew|--group|G|--name|N|--from|2026-08-02|--until|2026-08-01", "lies before"},
};

static void test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct balint_invite_options o;
        char why[BALINT_WHY];
        if (read_line(refused[i].line, refused[i].verb, &o, why))
            fail_msg("was taken: %s", refused[i].line);
        if (strstr(why, refused[i].word) == NULL)
            fail_msg("%s: said \"%s\"", refused[i].line, why);
        assert_null(strchr(why, '\n'));
    }
}

static void test_long_names(void **state)
{
    struct balint_invite_options o;
    char why[BALINT_WHY], line[256];
    (void)state;
    snprintf(line, sizeof line, "invite|--group|%064d|--role|member|--name|%064d", 0, 0);
    assert_true(read_line(line, BALINT_VERB_INVITE, &o, why));
    snprintf(line, sizeof line, "invite|--group|%065d|--role|member|--name|N", 0);
    assert_false(read_line(line, BALINT_VERB_INVITE, &o, why));
    snprintf(line, sizeof line, "invite|--group|G|--role|member|--name|%065d", 0);
    assert_false(read_line(line, BALINT_VERB_INVITE, &o, why));
    snprintf(line, sizeof line, "invite|--group|G|--role|member|--count|12|--name|%062d", 0); /* "… 12" */
    assert_false(read_line(line, BALINT_VERB_INVITE, &o, why));
    snprintf(line, sizeof line, "invite|--group|G|--role|member|--count|12|--name|%061d", 0);
    assert_true(read_line(line, BALINT_VERB_INVITE, &o, why));
}

/* Expected seconds from `date -u -d … +%s`, in a zone two hours east in summer and one in winter. */
static void test_dates(void **state)
{
    static const struct {
        const char *text;
        bool end;
        int64_t time_s;
    } rows[] = {
        {"2026-06-01", false, 1780264800},
        {"2026-06-01", true, 1780351200},
        {"2026-12-31", true, 1798758000},
        {"2026-10-25", false, 1792879200}, /* 25 hours long */
        {"2026-10-25", true, 1792969200},
        {"2026-06-01T18:30", false, 1780331400},
        {"2026-06-01 18:30", false, 1780331400},
        {"2026-06-01t18:30:15", true, 1780331415},
        {"2026-06-01T18:30Z", false, 1780338600},
        {"2026-06-01T18:30:00+02:00", false, 1780331400},
        {"2026-06-01T18:30-05:30", false, 1780358400},
        {"2028-02-29", false, 1835391600},
        {"1970-01-01T00:00Z", false, 0},
    };
    static const char *const none[] = {
        "",
        "2026",
        "2026-6-1",
        "2026-06-1",
        "2026/06/01",
        "2026-00-01",
        "2026-13-01",
        "2026-06-00",
        "2026-06-31",
        "2026-02-29",
        "2026-06-01T",
        "2026-06-01T18",
        "20a6-06-01",
        "2026-06-01T24:00",
        "2026-06-01T18:60",
        "2026-06-01T18:30:60",
        "2026-06-01T18:30z",
        "2026-06-01T18:30+2",
        "2026-06-01T18:30+15:00",
        "2026-06-01T18:30+02:60",
        "2026-06-01T18:30Zx",
        "2026-06-01x",
        "-026-06-01",
        "1969-12-31",
        "2026-06-01T1:30",
        "2026-06-01T18:3",
        " 2026-06-01",
        "2026-06-01T18:30+02:00 ",
    };
    (void)state;
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t time_s = -1;
        if (!balint_date_read(rows[i].text, rows[i].end, &time_s) || time_s != rows[i].time_s)
            fail_msg("%s: %lld, not %lld", rows[i].text, (long long)time_s, (long long)rows[i].time_s);
    }
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        int64_t time_s = -1;
        if (balint_date_read(none[i], false, &time_s))
            fail_msg("was taken: %s", none[i]);
        assert_int_equal(time_s, -1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_long_names),
        cmocka_unit_test(test_dates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
