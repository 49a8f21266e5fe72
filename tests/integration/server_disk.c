/* A disk that is full, a file that is damaged, a folder that cannot be written: said in one line at the
 * start, and no end of an evening that runs. */
#include "integration/server_evening.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void path_of(const struct balint_serverproc *server, char path[128])
{
    snprintf(path, 128, "%s/balint.db", server->data);
}

static void expect_refused_start(struct balint_serverproc *server, const char *piece)
{
    int status = 0;
    unlink(server->log);
    assert_false(balint_serverproc_start(server, NULL, &status));
    assert_int_equal(status, 1);
    char *log = balint_serverproc_read_log(server);
    if (strstr(log, piece) == NULL)
        fail_msg("\"%s\" is not in: %s", piece, log);
    assert_ptr_equal(strchr(log, '\n') + 1, log + strlen(log)); /* one line */
    free(log);
}

/* Writes `byte` over a part of the file. */
static void spoil(const struct balint_serverproc *server, off_t from, size_t length, int byte)
{
    char path[128], *bytes = malloc(length);
    assert_non_null(bytes);
    memset(bytes, byte, length);
    path_of(server, path);
    int file = open(path, O_WRONLY);
    assert_true(file >= 0 && pwrite(file, bytes, length, from) == (ssize_t)length);
    close(file);
    free(bytes);
}

#define ADVICE "Put the file back from a backup, or move it away and add the groups anew."
static void a_damaged_file_is_refused_at_the_start(void **state)
{
    (void)state;
    struct balint_serverproc server;
    struct stat about;
    char path[128], *whole;
    balint_serverproc_init(&server);
    assert_true(balint_serverproc_start(&server, NULL, NULL));
    assert_int_equal(balint_serverproc_stop(&server), 0);
    path_of(&server, path);
    FILE *file = fopen(path, "r");
    assert_true(file != NULL && stat(path, &about) == 0);
    size_t size = (size_t)about.st_size;
    whole = malloc(size);
    assert_true(whole != NULL && fread(whole, 1, size, file) == size);
    fclose(file);

    spoil(&server, 0, 16, 'x'); /* no database at all */
    expect_refused_start(&server, "balint.db cannot be used (file is not a database). " ADVICE);
    spoil(&server, 0, size, 0);
    expect_refused_start(&server, ADVICE);
    for (size_t page = 1; page < size / 4096; page++) { /* its head is well, something behind it is not */
        file = fopen(path, "w");
        assert_true(file != NULL && fwrite(whole, 1, size, file) == size);
        fclose(file);
        spoil(&server, (off_t)(page * 4096), 4096, 0xff);
        expect_refused_start(&server, ADVICE);
    }
    expect_refused_start(&server, "balint.db is damaged: parts of it are not as they were written. " ADVICE);
    assert_int_equal(truncate(path, (off_t)size / 2), 0);
    expect_refused_start(&server, ADVICE);
    /* Nothing is left: no new server, since this one was in use; not for an operator's command either. */
    assert_int_equal(truncate(path, 0), 0);
    expect_refused_start(&server, "balint.db is empty, though door.key beside it was in use. " ADVICE);
    const char *list[] = {"group", "list", "--data", server.data, NULL};
    char said[1024];
    assert_int_equal(balint_serverproc_run(list, said, sizeof said), 1);
    assert_non_null(strstr(said, "balint.db is empty"));
    assert_true(stat(path, &about) == 0 && about.st_size == 0);
    file = fopen(path, "w"); /* the backup */
    assert_true(file != NULL && fwrite(whole, 1, size, file) == size);
    fclose(file);
    free(whole);
    assert_true(balint_serverproc_start(&server, NULL, NULL));
    balint_serverproc_finish(&server);
}

/* An empty file that nothing was kept beside is what a start leaves that was killed at once. */
static void an_empty_file_of_a_first_start_is_taken(void **state)
{
    (void)state;
    struct balint_serverproc server;
    char path[128];
    balint_serverproc_init(&server);
    assert_true(mkdir(server.data, 0700) == 0 || access(server.data, W_OK) == 0);
    path_of(&server, path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
    assert_true(balint_serverproc_start(&server, NULL, NULL));
    balint_serverproc_kill(&server); /* and what it made by then is never empty */
    assert_true(balint_serverproc_start(&server, NULL, NULL));
    balint_serverproc_finish(&server);
}

/* As somebody who may read the folder and not write it; root may write everything, so that is given up for
 * it. */
static void a_folder_that_cannot_be_written_is_said(void **state)
{
    (void)state;
    struct balint_serverproc server;
    char path[128], out[1024] = "";
    int ends[2];
    balint_serverproc_init(&server);
    assert_true(balint_serverproc_start(&server, NULL, NULL));
    assert_int_equal(balint_serverproc_stop(&server), 0);
    path_of(&server, path);
    assert_int_equal(pipe(ends), 0);
    bool root = geteuid() == 0;
    assert_int_equal(chmod(server.folder, 0755), 0);
    assert_int_equal(chmod(server.data, root ? 0555 : 0500), 0);
    assert_int_equal(chmod(path, root ? 0444 : 0400), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        const char *arguments[] = {"group", "add", "H", "--data", server.data, NULL};
        if (root && setresuid(65534, 65534, 65534) != 0)
            _exit(77);
        int status = balint_serverproc_run(arguments, out, sizeof out);
        ssize_t ignored = write(ends[1], out, strlen(out));
        (void)ignored;
        _exit(status);
    }
    close(ends[1]);
    ssize_t got = read(ends[0], out, sizeof out - 1);
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    close(ends[0]);
    out[got > 0 ? got : 0] = '\0';
    if (WEXITSTATUS(status) == 1) { /* the program may lie where others may not run it */
        if (strstr(out, ", or choose another --data.") == NULL)
            fail_msg("%s", out);
        assert_ptr_equal(strchr(out, '\n') + 1, out + strlen(out));
    } else {
        assert_true(root && (WEXITSTATUS(status) == 127 || WEXITSTATUS(status) == 77));
    }
    chmod(server.data, 0700);
    balint_serverproc_finish(&server);
}

static bool is_muted(const struct balint_test_person *person, int64_t expected)
{
    return person->has_state && balint_state_seat_of(&person->state, person->seat)->muted == (expected != 0);
}

/* Damaged while people are in: they go on; who comes to the door is let in, or told to come again. */
static void a_file_damaged_in_the_evening_does_not_end_it(void **state)
{
    (void)state;
    struct evening evening;
    struct stat about;
    char path[128];
    evening_begin(&evening, NULL);
    evening_gather(&evening, 2);
    path_of(&evening.server, path);
    sqlite3 *db; /* what is in the write-ahead log goes into the file, which then is spoilt all over */
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 10000);
    assert_int_equal(sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL), SQLITE_OK);
    assert_int_equal(stat(path, &about), 0);
    spoil(&evening.server, 4096, (size_t)about.st_size - 4096, 0xff);
    sqlite3_close(db);
    for (int i = 0; i < 6; i++) {
        assert_true(balint_person_act(&evening.people[ANNA], BALINT_MSG_MUTE, BALINT_NOBODY, i % 2 == 0));
        assert_true(balint_person_act(&evening.people[BEN], BALINT_MSG_HAND, BALINT_NOBODY, i % 2 == 0));
        assert_true(balint_person_until(&evening.people[BEN], balint_person_sees_seats, 2));
    }
    assert_true(is_muted(&evening.people[ANNA], 0));
    const char *add[] = {"group", "add", "H", "--data", evening.server.data, NULL};
    char out[1024];
    /* An operator is told, unless what is asked happens to be in the log still. */
    assert_true(balint_serverproc_run(add, out, sizeof out) == 0 || strstr(out, ADVICE) != NULL);
    balint_person_drop(&evening.people[BEN]);
    assert_true(balint_person_open(&evening.people[CLARA]));
    assert_true(balint_person_knock(&evening.people[CLARA]) ||
                strcmp(evening.people[CLARA].error.code, "unavailable") == 0);
    assert_true(balint_person_act(&evening.people[ANNA], BALINT_MSG_MUTE, BALINT_NOBODY, 1));
    assert_true(is_muted(&evening.people[ANNA], 1));
    evening_end(&evening);
}

static bool is_told(const struct balint_test_person *person, int64_t unsaved)
{
    return person->has_state && person->state.unsaved == (unsaved != 0);
}

/* Leaders are told while it lasts, also one who comes meanwhile; on a member's wire nothing moves. */
static void a_full_disk_is_told_to_leaders(void **state)
{
    (void)state;
    struct evening evening;
    struct rlimit none = {.rlim_cur = 8192, .rlim_max = RLIM_INFINITY}, before;
    struct balint_message ping = {.type = BALINT_MSG_PING};
    evening_begin(&evening, NULL);
    struct balint_test_person *anna = &evening.people[ANNA], *ben = &evening.people[BEN];
    struct balint_test_person *clara = &evening.people[CLARA];
    evening_gather(&evening, CLARA + 1);
    assert_true(is_told(anna, 0));
    assert_int_equal(prlimit(evening.server.pid, RLIMIT_FSIZE, &none, &before), 0);
    assert_true(balint_person_act(anna, BALINT_MSG_MUTE, BALINT_NOBODY, 1));
    assert_true(balint_person_until(anna, is_told, 1));
    assert_true(balint_person_until(ben, is_told, 1));
    /* A ping's answer comes behind all that Clara was sent. */
    assert_true(balint_person_ask(clara, &ping));
    assert_false(clara->state.unsaved);
    uint32_t number = clara->state.number;
    balint_person_drop(ben);
    assert_true(balint_person_resume(ben));
    assert_true(balint_person_until(ben, is_told, 1));
    assert_true(balint_person_ask(clara, &ping)); /* Ben went, and came */
    assert_in_range(clara->state.number, number, number + 2);
    number = clara->state.number;
    assert_int_equal(prlimit(evening.server.pid, RLIMIT_FSIZE, &before, NULL), 0);
    assert_true(balint_person_until(anna, is_told, 0));
    assert_true(balint_person_until(ben, is_told, 0));
    assert_true(balint_person_ask(clara, &ping));
    assert_int_equal(clara->state.number, number);
    evening_end(&evening);
}

/* A full disk, then room again: nobody's minutes are lost. */
static void a_full_disk_loses_no_attendance(void **state)
{
    (void)state;
    struct evening evening;
    struct rlimit none = {.rlim_cur = 8192, .rlim_max = RLIM_INFINITY}, before;
    struct balint_message message, ping = {.type = BALINT_MSG_PING, .id = 900};
    char out[4096], path[128];
    evening_begin(&evening, NULL);
    struct balint_test_person *anna = &evening.people[ANNA];
    evening_gather(&evening, 2);
    int64_t begun = balint_test_ms(), left = 0;
    assert_int_equal(prlimit(evening.server.pid, RLIMIT_FSIZE, &none, &before), 0);
    assert_true(balint_person_act(anna, BALINT_MSG_MUTE, BALINT_NOBODY, 1)); /* told all the same */
    assert_true(balint_serverproc_wait_log(&evening.server, "commit-failed", BALINT_TEST_MS));
    const char *report[] = {"attendance", "Mittwochskreis", "--data", evening.server.data, NULL};
    assert_int_equal(balint_serverproc_run(report, out, sizeof out), 0); /* reading goes on */
    for (int64_t pinged = begun; balint_test_ms() - begun < 12000;) {
        balint_person_listen(anna, &message, 500);
        if (balint_test_ms() - pinged > 2000) {
            assert_true(balint_test_send(anna->ws, &ping));
            pinged = balint_test_ms();
        }
        if (left == 0 && balint_test_ms() - begun > 3000) { /* Ben is gone before anything can be written */
            balint_person_drop(&evening.people[BEN]);
            left = balint_test_ms();
        }
    }
    assert_int_equal(prlimit(evening.server.pid, RLIMIT_FSIZE, &before, NULL), 0);
    assert_true(balint_serverproc_wait_log(&evening.server, "commit-works", BALINT_TEST_MS));
    int64_t ended = balint_test_ms();
    assert_int_equal(balint_serverproc_stop(&evening.server), 0);
    path_of(&evening.server, path);
    sqlite3 *db;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT ms FROM attendance ORDER BY role", -1, &statement, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_in_range(sqlite3_column_int64(statement, 0), left - begun - 100, left - begun + 5000);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_in_range(sqlite3_column_int64(statement, 0), ended - begun - 100, balint_test_ms() - begun + 5000);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    assert_true(balint_serverproc_start(&evening.server, NULL, NULL));
    evening_end(&evening);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_damaged_file_is_refused_at_the_start),
        cmocka_unit_test(an_empty_file_of_a_first_start_is_taken),
        cmocka_unit_test(a_folder_that_cannot_be_written_is_said),
        cmocka_unit_test(a_file_damaged_in_the_evening_does_not_end_it),
        cmocka_unit_test(a_full_disk_is_told_to_leaders),
        cmocka_unit_test(a_full_disk_loses_no_attendance),
    };
    alarm(240);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
