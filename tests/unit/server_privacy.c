/* PRIVACY.md says of every table and column what it is for and how long it stays: compared with the schema
 * that the server really makes; and what it says is deleted, is. */
#include "server/writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <ftw.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

static char data[64], why[BALINT_WHY_SIZE], document[32768];
static sqlite3 *db;

static int begin(void **state)
{
    (void)state;
    strcpy(data, "/tmp/balint-privacy-XXXXXX");
    FILE *in = fopen(BALINT_SOURCE_DIR "/signalling/PRIVACY.md", "r");
    if (in == NULL || mkdtemp(data) == NULL)
        return -1;
    document[fread(document, 1, sizeof document - 1, in)] = '\0';
    fclose(in);
    db = balint_store_connect(data, why);
    return db != NULL ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *walk)
{
    (void)about, (void)type, (void)walk;
    return remove(path);
}

static int end(void **state)
{
    (void)state;
    sqlite3_close(db);
    return nftw(data, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* The row of a column in the document, or NULL. */
static const char *row_of(const char *table, const char *column)
{
    char start[128];
    snprintf(start, sizeof start, "\n| `%s` | `%s` |", table, column);
    return strstr(document, start);
}

static void every_column_is_in_the_document(void **state)
{
    (void)state;
    sqlite3_stmt *columns;
    int count = 0, rows = 0;
    assert_int_equal(
        sqlite3_prepare_v2(db,
                           "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c"
                           " WHERE t.type IN ('table', 'view')",
                           -1, &columns, NULL),
        SQLITE_OK);
    while (sqlite3_step(columns) == SQLITE_ROW) {
        const char *table = (const char *)sqlite3_column_text(columns, 0);
        const char *column = (const char *)sqlite3_column_text(columns, 1), *row = row_of(table, column);
        if (row == NULL)
            fail_msg("PRIVACY.md does not tell of %s.%s", table, column);
        int cells = 0; /* five cells, none of them empty */
        for (const char *at = row + 1; *at != '\n' && *at != '\0'; at++) {
            cells += *at == '|';
            assert_true(strncmp(at, "|  |", 4) != 0 && strncmp(at, "| |", 3) != 0);
        }
        assert_int_equal(cells, 6);
        count++;
    }
    sqlite3_finalize(columns);
    for (const char *at = document; (at = strstr(at, "\n| `")) != NULL; at++)
        rows += strncmp(strchr(at + 4, '`'), "` | `", 5) == 0;
    assert_true(count > 10);
    assert_int_equal(rows, count); /* none that has vanished */
}

/* What is saved of a running session, and by which words PRIVACY.md tells of it. */
static const struct {
    const char *field, *words;
} saved_fields[] = {
    /* for each person */
    {"member", "member id"},
    {"name", "name"},
    {"role", "role"},
    {"admitted", "whether admitted"},
    {"lost_us", "since when the connection is lost"},
    {"left", "has said to leave"},
    {"epoch", "how often the person's program was started"},
    {"muted", "muted"},
    {"muted_for_cause", "muted by a leader"},
    {"away", "away"},
    {"sitting_out", "sitting out"},
    {"after_room", "in the after-room"},
    {"shared", "several at one microphone"},
    {"volunteers", "has a case"},
    {"hand_us", "hand raised and since when"},
    {"certificate", "the certificate"},
    {"serial", "the number of the invitation"},
    {"device", "the person's device"},
    {"join", "and program"},
    {"has_secret", "the hashes of two random numbers"},
    {"secret", "the newest"},
    {"has_previous", "the hashes of two random numbers"},
    {"previous", "the one before"},
    /* for all together */
    {"group", "the group's name"},
    {"root", "public key"},
    {"id", "session id"}, /* of a format and its phases, too */
    {"created_us", "when the session began"},
    {"seen_us", "last at work"},
    {"freed_epoch", "how often the person's program was started"}, /* the highest number of who is gone */
    {"format.id", "the format"},
    {"format.title", "the format"},
    {"format.count", "the format"},
    {"own.id", "the group's own one"},
    {"own.title", "the group's own one"},
    {"title", "with its phases"},
    {"guidance", "with its phases"},
    {"minutes", "with its phases"},
    {"turn", "with its phases"},
    {"loops", "with its phases"},
    {"part", "with its phases"},
    {"phase", "the present phase"},
    {"phase_since_us", "and since when"},
    {"since_us", "the phases before"},
    {"ends_us", "planned to end"},
    {"leads", "who leads"},
    {"presenter", "who presents"},
    {"proposed", "who is asked to"},
    {"stepped_back", "has stepped back"},
    {"place", "to where"},
    {"invited", "is invited back"},
    {"asked", "asks to return"},
    {"round.on", "a round"},
    {"round.count", "the order of a round"},
    {"round.had", "who has had the turn"},
    {"roster", "the list of who is admitted"},
    {"locked", "whether the door is locked"},
};

/* The fields stand in tables: SEAT(KIND, member, min, max), in the two files that write a session. */
static void every_saved_field_is_in_the_document(void **state)
{
    (void)state;
    static const char *const files[] = {BALINT_SOURCE_DIR "/signalling/session/snapshot.c",
                                        BALINT_SOURCE_DIR "/signalling/room/snapshot.c"};
    static const char *const tables[] = {"SESSION(", "PHASE(", "SEAT(", "ROOM(", "STAY("};
    static char source[65536], list[8192];
    const char *from = strstr(document, "**A running session (`snapshots.text`)**");
    const char *to = from != NULL ? strstr(from, "\n## ") : NULL;
    assert_non_null(to);
    for (size_t i = 0; from < to && i < sizeof list - 1; from++, i++)
        list[i] = *from == '\n' ? ' ' : *from;
    int found = 0;
    for (size_t i = 0; i < 2; i++) {
        FILE *in = fopen(files[i], "r");
        assert_non_null(in);
        source[fread(source, 1, sizeof source - 1, in)] = '\0';
        fclose(in);
        for (size_t k = 0; k < sizeof tables / sizeof *tables; k++)
            for (const char *at = source; (at = strstr(at, tables[k])) != NULL; at++) {
                char kind[16], field[32];
                if (sscanf(at + strlen(tables[k]), "%15[A-Z0-9], %31[a-z_.],", kind, field) != 2)
                    continue;
                size_t row = 0, rows = sizeof saved_fields / sizeof *saved_fields;
                while (row < rows && strcmp(saved_fields[row].field, field) != 0)
                    row++;
                if (row == rows)
                    fail_msg("PRIVACY.md's list of a running session: by which words does it tell of %s?",
                             field);
                if (strstr(list, saved_fields[row].words) == NULL)
                    fail_msg("PRIVACY.md's list of a running session has no \"%s\", for %s",
                             saved_fields[row].words, field);
                found++;
            }
    }
    assert_true(found > 50);
}

static void execute(const char *sql)
{
    char *error = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK)
        fail_msg("%s: %s", sql, error);
}

static int64_t number(const char *sql)
{
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

static void ignore(void *context)
{
    (void)context;
}

#define DAY  (INT64_C(24) * 3600)
#define THEN INT64_C(1790000000)

/* Rows just older than 400 days, and just younger. */
static void fill_the_frame(void)
{
    const int64_t edge = THEN - 400 * DAY;
    char sql[1024];
    snprintf(sql, sizeof sql,
             "INSERT INTO attendance VALUES ('g', x'01', 'old', 'n', 'member', %lld, 1),"
             " ('g', x'02', 'new', 'n', 'member', %lld, 1);"
             "INSERT INTO series VALUES (1, 'g', 'u', 'z', 'week', 90, 0, 0), (2, 'g', 'u', 'z', 'week', 90, "
             "0, 0);"
             "INSERT INTO dates SELECT 1, strftime('%%Y-%%m-%%dT%%H:%%M', %lld, 'unixepoch'), "
             "'2000-01-01T00:00', 0;"
             "INSERT INTO dates SELECT 2, strftime('%%Y-%%m-%%dT%%H:%%M', %lld, 'unixepoch'), "
             "'2000-01-01T00:00', 0;"
             "INSERT INTO dates SELECT 2, '2000-01-01T00:00', '2000-01-01T00:00', 1;"
             "INSERT INTO follow_ups SELECT 1, 'g', 'old', date(%lld, 'unixepoch');"
             "INSERT INTO follow_ups SELECT 2, 'g', 'new', date(%lld, 'unixepoch');",
             (long long)edge - 1, (long long)edge, (long long)edge - 60, (long long)edge + 60,
             (long long)(edge - DAY), (long long)(edge + DAY));
    execute(sql);
}

static void what_is_over_is_deleted_in_time(void **state)
{
    (void)state;
    char sql[512];
    execute("INSERT INTO groups (name, made_s) VALUES ('g', 0), ('h', 0), ('i', 0)");
    snprintf(
        sql, sizeof sql,
        "INSERT INTO invitations VALUES ('g', 'old', 1, x'00', 0, %lld), ('g', 'new', 1, x'00', 0, %lld),"
        " ('g', 'new', 2, x'00', 0, %lld)",
        (long long)(THEN - 30 * DAY - 1), (long long)(THEN - 30 * DAY - 1), (long long)(THEN - 30 * DAY));
    execute(sql);
    execute("INSERT INTO revocations VALUES ('g', 'old', 2), ('g', 'new', 2)");
    snprintf(sql, sizeof sql, "INSERT INTO snapshots VALUES ('g', 'a', %lld), ('h', 'b', %lld)",
             (long long)(THEN - DAY - 1), (long long)(THEN - DAY));
    execute(sql);
    fill_the_frame();
    struct balint_writer *writer = balint_writer_start(data, ignore, NULL, why);
    struct balint_job *job = balint_job_new(BALINT_JOB_TIDY, "");
    assert_true(writer != NULL && job != NULL);
    job->now_s = THEN;
    job->keep = (struct balint_keep){BALINT_ATTENDANCE_DAYS, BALINT_TECHNICAL_DAYS};
    balint_writer_submit(writer, job);
    job = balint_writer_stop(writer);
    assert_int_equal(job->result, BALINT_WRITTEN);
    balint_job_free(job);
    assert_int_equal(number("SELECT count(*) FROM groups"), 3);
    assert_int_equal(number("SELECT count(*) FROM invitations"), 1);
    assert_int_equal(number("SELECT serial FROM invitations"), 2);
    assert_int_equal(number("SELECT count(*) FROM revocations WHERE member = 'old'"), 0);
    assert_int_equal(number("SELECT count(*) FROM revocations WHERE member = 'new'"), 1);
    assert_int_equal(number("SELECT count(*) FROM snapshots WHERE grp = 'g'"), 0);
    assert_int_equal(number("SELECT count(*) FROM snapshots WHERE grp = 'h'"), 1);
    assert_int_equal(number("SELECT count(*) FROM attendance WHERE member = 'old'"), 0);
    assert_int_equal(number("SELECT count(*) FROM attendance WHERE member = 'new'"), 1);
    assert_int_equal(number("SELECT count(*) FROM series"), 1); /* with one evening that is not so long ago */
    assert_int_equal(number("SELECT count(*) FROM dates"), 2);
    assert_int_equal(number("SELECT count(*) FROM follow_ups"), 1);
    assert_int_equal(number("PRAGMA secure_delete"), 1);
    /* A group takes everything of it along. */
    execute("DELETE FROM groups");
    assert_int_equal(number("SELECT (SELECT count(*) FROM invitations) + (SELECT count(*) FROM revocations)"
                            " + (SELECT count(*) FROM snapshots) + (SELECT count(*) FROM attendance)"
                            " + (SELECT count(*) FROM series) + (SELECT count(*) FROM dates)"
                            " + (SELECT count(*) FROM follow_ups) + (SELECT count(*) FROM settings)"),
                     0);
}

/* Does a file of the database hold these bytes? */
static bool file_has(const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", data, name);
    FILE *in = fopen(path, "r");
    if (in == NULL)
        return false;
    static char all[1 << 24];
    size_t length = fread(all, 1, sizeof all, in);
    fclose(in);
    return memmem(all, length, text, strlen(text)) != NULL;
}

/* A table in which rows grow, shrink and move: what moving leaves behind on a page goes as well. */
static void no_byte_of_a_deleted_row_is_left(void **state)
{
    (void)state;
    unsigned seed = 5;
    char sql[512];
    execute("INSERT INTO groups (name, made_s) VALUES ('k', 0)");
    execute("BEGIN");
    for (int i = 0; i < 6000; i++) {
        int member = rand_r(&seed) % 30;
        snprintf(sql, sizeof sql,
                 "INSERT INTO attendance VALUES ('k', x'%02x', 'm%d', '%0*d%s', 'member', 1, 1)"
                 " ON CONFLICT DO UPDATE SET name = excluded.name",
                 rand_r(&seed) % 40, member, 1 + rand_r(&seed) % 40, i, member == 7 ? "Xanthippe" : "Ben");
        execute(sql);
        if (i % 500 == 499)
            execute("COMMIT; BEGIN");
        if (i % 7 == 0) {
            snprintf(sql, sizeof sql,
                     "DELETE FROM attendance WHERE grp = 'k' AND member = 'm%d' AND session > x'%02x'",
                     rand_r(&seed) % 30, rand_r(&seed) % 40);
            execute(sql);
        }
    }
    execute("COMMIT");
    assert_true(file_has("balint.db", "Xanthippe") || file_has("balint.db-wal", "Xanthippe"));
    execute("DELETE FROM attendance WHERE grp = 'k' AND member = 'm7'");
    assert_true(balint_scrub(db));
    assert_false(file_has("balint.db", "Xanthippe"));
    assert_false(file_has("balint.db-wal", "Xanthippe"));
    assert_false(file_has("balint.db-shm", "Xanthippe"));
    assert_true(number("SELECT count(*) FROM attendance WHERE grp = 'k'") > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_column_is_in_the_document),
        cmocka_unit_test(every_saved_field_is_in_the_document),
        cmocka_unit_test(what_is_over_is_deleted_in_time),
        cmocka_unit_test(no_byte_of_a_deleted_row_is_left),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
