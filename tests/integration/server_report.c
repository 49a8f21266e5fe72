/* What `balint-server attendance` tells of what the database has: people and sessions apart, on the days on
 * which their evenings were. */
#include "integration/operator.h"

#include <sqlite3.h>

/* 3 December 2026 at 18:31:00 and 22:30:07 UTC: the second is 23:30 in Berlin, and the next day in Sydney. */
#define EARLY "1796322660"
#define LATE  "1796337007"

static void store(const char *sql)
{
    char path[128], *error = NULL;
    sqlite3 *db;
    snprintf(path, sizeof path, "%s/balint.db", operator_data);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK)
        fail_msg("%s: %s", sql, error);
    sqlite3_close(db);
}

/* Two people of one name, the first of them in two sessions of a day. */
#define ATTENDED                                                                                             \
    "INSERT INTO attendance VALUES ('G', x'01', 'ben-1', 'Ben', 'member', " EARLY ", 3600000),"              \
    " ('G', x'01', 'ben-2', 'Ben', 'co-leader', " EARLY " + 60, 1800000),"                                   \
    " ('G', x'02', 'ben-1', 'Ben', 'member', " LATE ", 2700000)"
#define HEAD "date,name,role,minutes,member,session\r\n"

static void expect_csv(const char *expected)
{
    assert_int_equal(RUN("attendance", "G", "--csv"), 0);
    assert_string_equal(out, expected);
}

static void people_and_sessions_are_told_apart(void **state)
{
    (void)state;
    store(ATTENDED);
    /* The columns of before come first, in their order: who reads them by it goes on. */
    expect_csv(HEAD "2026-12-03,Ben,member,60,ben-1,2026-12-03T18:31:00+00:00\r\n"
                    "2026-12-03,Ben,co-leader,30,ben-2,2026-12-03T18:31:00+00:00\r\n"
                    "2026-12-03,Ben,member,45,ben-1,2026-12-03T22:30:07+00:00\r\n");
    assert_int_equal(RUN("attendance", "G"), 0);
    assert_non_null(strstr(out, "2026-12-03\tBen\tmember\t45 min\tben-1\t2026-12-03T22:30:07+00:00\n"));
    assert_int_equal(RUN("attendance", "G", "--json"), 0);
    json_t *rows = answer(), *row = json_array_get(rows, 1);
    assert_int_equal(json_array_size(rows), 3);
    assert_string_equal(json_string_value(json_object_get(row, "member")), "ben-2");
    assert_string_equal(json_string_value(json_object_get(row, "session")), "2026-12-03T18:31:00+00:00");
    json_decref(rows);
}

#define ADD(first, zone) RUN("dates", "add", "G", "--first", first, "--zone", zone)
#define BERLIN                                                                                               \
    HEAD "2026-12-03,Ben,member,60,ben-1,2026-12-03T19:31:00+01:00\r\n"                                      \
         "2026-12-03,Ben,co-leader,30,ben-2,2026-12-03T19:31:00+01:00\r\n"                                   \
         "2026-12-03,Ben,member,45,ben-1,2026-12-03T23:30:07+01:00\r\n"

static void later_dates_change_no_day_of_before(void **state)
{
    (void)state;
    store(ATTENDED);
    assert_int_equal(ADD("2026-12-03T19:30", "Europe/Berlin"), 0);
    expect_csv(BERLIN);
    assert_int_equal(ADD("2027-02-03T19:30", "Australia/Sydney"), 0);
    expect_csv(BERLIN);
    /* An evening of that series has its day: 3 February there is 08:30 UTC of the same day, and 23:00 UTC of
     * the day before is in its morning. 2027-02-02T23:00:00Z is 61 days and 29 minutes after the early one.
     */
    store("INSERT INTO attendance VALUES ('G', x'03', 'ben-2', 'Ben', 'co-leader',"
          " 1796322660 + 61 * 86400 + 4 * 3600 + 29 * 60, 60000)");
    expect_csv(BERLIN "2027-02-03,Ben,co-leader,1,ben-2,2027-02-03T10:00:00+11:00\r\n");
    assert_int_equal(RUN("attendance", "G", "--from", "2027-02-03"), 0);
    assert_non_null(strstr(out, "2027-02-03\tBen\tco-leader\t1 min\tben-2\t2027-02-03T10:00:00+11:00\n"));
    /* Where no evening takes place any more: the zone in which the group began. */
    assert_int_equal(RUN("dates", "cancel", "G", "2027-02-03"), 0);
    assert_int_equal(RUN("dates", "cancel", "G", "2026-12-03"), 0);
    expect_csv(BERLIN "2027-02-03,Ben,co-leader,1,ben-2,2027-02-03T00:00:00+01:00\r\n");
}

/* What a spreadsheet would compute, also one that splits a line at a semicolon. */
static void a_name_is_no_formula(void **state)
{
    (void)state;
    store("INSERT INTO attendance VALUES ('G', x'01', '-m', 'x;=1+1;y', 'member', " EARLY ", 60000)");
    expect_csv(HEAD "2026-12-03,\"x;'=1+1;y\",member,1,'-m,2026-12-03T18:31:00+00:00\r\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, operator_begin, operator_end)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(people_and_sessions_are_told_apart),
        TEST(later_dates_change_no_day_of_before),
        TEST(a_name_is_no_formula),
    };
    alarm(240);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
