/* A database of every older version is brought up to what a new one is; one that cannot be stays as it was.
 */
#include "server/frame/sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <ftw.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* fixtures[i]: a database as version i made it, written down here by hand and never changed afterwards.
 * Whoever adds a step to store.c adds the schema of before it here. */
#define VERSION_1                                                                                            \
    "CREATE TABLE groups (name TEXT PRIMARY KEY, code_hash BLOB, root BLOB, made_s INTEGER NOT NULL) "       \
    "STRICT;"                                                                                                \
    "CREATE TABLE invitations (grp TEXT NOT NULL REFERENCES groups(name) ON DELETE CASCADE, member TEXT "    \
    "NOT "                                                                                                   \
    "NULL,"                                                                                                  \
    " serial INTEGER NOT NULL, certificate BLOB NOT NULL, from_s INTEGER NOT NULL, until_s INTEGER NOT "     \
    "NULL,"                                                                                                  \
    " PRIMARY KEY (grp, member, serial)) STRICT, WITHOUT ROWID;"                                             \
    "CREATE TABLE revocations (grp TEXT NOT NULL REFERENCES groups(name) ON DELETE CASCADE, member TEXT "    \
    "NOT "                                                                                                   \
    "NULL,"                                                                                                  \
    " below INTEGER NOT NULL, PRIMARY KEY (grp, member)) STRICT, WITHOUT ROWID;"                             \
    "CREATE TABLE snapshots (grp TEXT PRIMARY KEY REFERENCES groups(name) ON DELETE CASCADE, text TEXT NOT " \
    "NULL,"                                                                                                  \
    " saved_s INTEGER NOT NULL) STRICT;"
#define VERSION_2                                                                                            \
    VERSION_1                                                                                                \
    "CREATE TABLE settings (grp TEXT NOT NULL REFERENCES groups(name) ON DELETE CASCADE, name TEXT NOT "     \
    "NULL,"                                                                                                  \
    " value TEXT NOT NULL, PRIMARY KEY (grp, name)) STRICT, WITHOUT ROWID;"
#define VERSION_3                                                                                            \
    VERSION_2                                                                                                \
    "CREATE TABLE series (number INTEGER PRIMARY KEY, grp TEXT NOT NULL REFERENCES groups(name) ON DELETE "  \
    "CASCADE, uid TEXT NOT NULL, zone TEXT NOT NULL, every TEXT NOT NULL, minutes INTEGER NOT NULL, "        \
    "sequence INTEGER NOT NULL, changed_s INTEGER NOT NULL) STRICT;"                                         \
    "CREATE INDEX series_by_group ON series (grp);"                                                          \
    "CREATE TABLE dates (series INTEGER NOT NULL REFERENCES series(number) ON DELETE CASCADE, planned TEXT " \
    "NOT NULL, begins TEXT NOT NULL, cancelled INTEGER NOT NULL, PRIMARY KEY (series, planned)) STRICT, "    \
    "WITHOUT ROWID;"
static const char *const fixtures[] = {"", VERSION_1, VERSION_2, VERSION_3};
#define FIXTURES ((int)(sizeof fixtures / sizeof fixtures[0]))
#define ROWS                                                                                                 \
    "INSERT INTO groups VALUES ('G', NULL, zeroblob(32), 1);"                                                \
    "INSERT INTO invitations VALUES ('G', 'm', 3, x'070707', 1, 2);"                                         \
    "INSERT INTO revocations VALUES ('G', 'm', 2);"                                                          \
    "INSERT INTO snapshots VALUES ('G', 'one', 1);"

static char data[64], path[128], why[BALINT_WHY_SIZE];

static int begin(void **state)
{
    (void)state;
    strcpy(data, "/tmp/balint-migration-XXXXXX");
    assert_non_null(mkdtemp(data));
    snprintf(path, sizeof path, "%s/balint.db", data);
    return 0;
}

static int remove_one(const char *name, const struct stat *about, int type, struct FTW *walk)
{
    (void)about, (void)type, (void)walk;
    return remove(name);
}

static int end(void **state)
{
    (void)state;
    return nftw(data, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static sqlite3 *open_bare(void)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    return db;
}

static void execute(sqlite3 *db, const char *sql)
{
    char *error = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK)
        fail_msg("%s: %s", sql, error);
}

/* The file as version `version` left it, with a row in each of its tables. */
static void make_fixture(int version)
{
    char pragma[64];
    unlink(path);
    sqlite3 *db = open_bare();
    execute(db, "PRAGMA journal_mode = WAL");
    execute(db, fixtures[version]);
    if (version > 0)
        execute(db, ROWS);
    snprintf(pragma, sizeof pragma, "PRAGMA user_version = %d", version);
    execute(db, pragma);
    sqlite3_close(db);
}

/* The first column of all rows, joined by lines; to be freed. */
static char *rows_of(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement;
    char *all = calloc(1, 65536);
    assert_non_null(all);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW)
        snprintf(all + strlen(all), 65536 - strlen(all), "%s\n", balint_sql_text(statement, 0));
    sqlite3_finalize(statement);
    return all;
}

#define SCHEMA "SELECT type || ' ' || tbl_name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY name"

static char *fresh_schema(int *version)
{
    unlink(path);
    struct balint_store *store = balint_store_open(data, why);
    assert_non_null(store);
    char *schema = rows_of(balint_store_db(store), SCHEMA);
    char *number = rows_of(balint_store_db(store), "PRAGMA user_version");
    *version = (int)strtol(number, NULL, 10);
    free(number);
    balint_store_close(store);
    return schema;
}

/* SQL as it stands differs in blanks between a fixture and the code. */
static void squeeze(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++)
        if (*from != ' ')
            *to++ = *from;
    *to = '\0';
}

static void is_as_it_was(struct balint_store *store)
{
    struct balint_store_group group;
    struct balint_certificate_bytes certificate;
    bool revoked = true;
    char *text;
    assert_int_equal(balint_store_group(store, "G", &group), BALINT_STORED);
    assert_true(group.founded);
    assert_int_equal(balint_store_invitation(store, "G", "m", 3, &certificate, &revoked), BALINT_STORED);
    assert_false(revoked);
    assert_int_equal(certificate.length, 3);
    assert_int_equal(balint_store_snapshot(store, "G", &text), BALINT_STORED);
    assert_string_equal(text, "one");
    free(text);
}

static void every_older_version_is_brought_up(void **state)
{
    (void)state;
    int newest;
    char *fresh = fresh_schema(&newest);
    squeeze(fresh);
    if (newest != FIXTURES)
        fail_msg("Version %d has no fixture: add the schema of before the newest step.", newest - 1);
    for (int version = 0; version < FIXTURES; version++) {
        make_fixture(version);
        for (int again = 0; again < 2; again++) { /* and the second opening changes nothing */
            struct balint_store *store = balint_store_open(data, why);
            assert_non_null(store);
            char *schema = rows_of(balint_store_db(store), SCHEMA);
            squeeze(schema);
            assert_string_equal(schema, fresh);
            free(schema);
            if (version > 0)
                is_as_it_was(store);
            balint_store_close(store);
        }
    }
    free(fresh);
}

static void a_newer_version_is_refused_and_untouched(void **state)
{
    (void)state;
    int newest;
    char pragma[64];
    free(fresh_schema(&newest));
    sqlite3 *db = open_bare();
    snprintf(pragma, sizeof pragma, "PRAGMA user_version = %d", newest + 1);
    execute(db, pragma);
    execute(db, "CREATE TABLE later (a TEXT)");
    char *before = rows_of(db, SCHEMA);
    sqlite3_close(db);
    assert_null(balint_store_open(data, why));
    assert_non_null(strstr(why, "made by a newer balint-server. Update this one"));
    db = open_bare();
    char *after = rows_of(db, SCHEMA);
    assert_string_equal(before, after);
    sqlite3_close(db);
    free(before);
    free(after);
}

/* Something is in the way of the last table: the whole of it is taken back, and what was there can be used.
 */
static void a_failed_migration_leaves_the_old_one(void **state)
{
    (void)state;
    make_fixture(1);
    sqlite3 *db = open_bare();
    execute(db, "CREATE TABLE follow_ups (of_somebody_else TEXT)");
    char *before = rows_of(db, SCHEMA);
    assert_null(balint_store_open(data, why));
    assert_non_null(strstr(why, "balint.db cannot be used (table follow_ups already exists)"));
    char *after = rows_of(db, SCHEMA), *version = rows_of(db, "PRAGMA user_version");
    assert_string_equal(before, after);
    assert_string_equal(version, "1\n");
    execute(db, "DROP TABLE follow_ups");
    struct balint_store *store = balint_store_open(data, why);
    assert_non_null(store);
    is_as_it_was(store);
    balint_store_close(store);
    sqlite3_close(db);
    free(before);
    free(after);
    free(version);
}

static void a_killed_migration_leaves_one_or_the_other(void **state)
{
    (void)state;
    int newest, olds = 0;
    free(fresh_schema(&newest));
    for (int i = 0; i < 40; i++) {
        make_fixture(1);
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
            balint_store_open(data, why);
            kill(getpid(), SIGKILL); /* nobody closes it in order */
        }
        usleep((useconds_t)(i * 150));
        kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, NULL, 0), pid);
        sqlite3 *db = open_bare();
        char *version = rows_of(db, "PRAGMA user_version");
        char *tables = rows_of(db, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'");
        bool old = strcmp(version, "1\n") == 0;
        assert_true(old || (int)strtol(version, NULL, 10) == newest);
        assert_int_equal(old, strcmp(tables, "4\n") == 0); /* never half of the tables */
        olds += old;
        free(version);
        free(tables);
        sqlite3_close(db);
        struct balint_store *store = balint_store_open(data, why);
        assert_non_null(store);
        is_as_it_was(store);
        balint_store_close(store);
    }
    print_message("killed 40 times: %d before, %d after the migration\n", olds, 40 - olds);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_older_version_is_brought_up),
        TEST(a_newer_version_is_refused_and_untouched),
        TEST(a_failed_migration_leaves_the_old_one),
        TEST(a_killed_migration_leaves_one_or_the_other),
    };
    alarm(50);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
