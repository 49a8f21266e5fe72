/* The process: its folder, keys and port; a disk that refuses; commits before words. */
#include "integration/server_evening.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

/* Starts with arguments, expects that it ends with a line that holds `piece`. */
static void expect_refusal(struct balint_serverproc *server, const char *const *arguments, int expected,
                           const char *piece)
{
    int status = 0;
    unlink(server->log);
    assert_false(balint_serverproc_start(server, arguments, &status));
    assert_int_equal(status, expected);
    char *log = balint_serverproc_read_log(server);
    assert_non_null(strstr(log, piece));
    assert_ptr_equal(strchr(log, '\n') + 1, log + strlen(log)); /* one line */
    free(log);
}

static void a_port_in_use_is_one_clear_line(void **state)
{
    (void)state;
    struct balint_serverproc server;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    char listen_on[64];
    int taken = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(taken, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(taken, 1), 0);
    getsockname(taken, (struct sockaddr *)&address, &size);
    snprintf(listen_on, sizeof listen_on, "127.0.0.1:%d", ntohs(address.sin_port));
    balint_serverproc_init(&server);
    const char *arguments[] = {"--listen", listen_on, NULL};
    expect_refusal(&server, arguments, 1,
                   "is in use by another program. Stop that one, or choose another --listen.");
    char path[128];
    snprintf(path, sizeof path, "%s/address", server.data);
    assert_int_not_equal(access(path, F_OK), 0);
    close(taken);
    const char *nonsense[] = {"--listen", "here", NULL};
    expect_refusal(&server, nonsense, 1, "no HOST:PORT");
    const char *url[] = {"--url", "https://balint.example/here", NULL};
    expect_refusal(&server, url, 1, "--url: This does not name a server");
    const char *plain[] = {"--url", "http://balint.example", NULL};
    expect_refusal(&server, plain, 1, "--url: Without encryption");
    const char *unknown[] = {"--colour", "red", NULL};
    expect_refusal(&server, unknown, 2, "There is no option --colour");
    const char *word[] = {"sing", NULL};
    expect_refusal(&server, word, 2, "There is no subcommand \"sing\"");
    balint_serverproc_finish(&server);
}

/* What cannot start leaves nothing behind: no folder, no key, no lock. */
static void a_failed_start_makes_nothing(void **state)
{
    (void)state;
    struct balint_serverproc server;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    char listen_on[64];
    int taken = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(taken, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(taken, 1), 0);
    getsockname(taken, (struct sockaddr *)&address, &size);
    snprintf(listen_on, sizeof listen_on, "127.0.0.1:%d", ntohs(address.sin_port));
    balint_serverproc_init(&server);
    const char *const starts[][5] = {
        {"--listen", listen_on, NULL},
        {"--listen", "here", NULL},
        {"--listen", "0.0.0.0:0", NULL},
        {"--url", "https://balint.example/here", NULL},
        {"--cert", "/nowhere/cert.pem", "--key", "/nowhere/key.pem", NULL},
        {"--cert", "/dev/null", "--key", "/dev/null", NULL},
    };
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        expect_refusal(&server, starts[i], 1, "");
        assert_int_not_equal(access(server.data, F_OK), 0);
    }
    close(taken);
    balint_serverproc_finish(&server);
}

/* A mistyped --data is said; only `add` makes a folder, and says that it did. */
static void a_group_command_makes_no_folder_unsaid(void **state)
{
    (void)state;
    struct balint_serverproc server;
    char out[2048], database[128];
    balint_serverproc_init(&server);
    snprintf(database, sizeof database, "%s/balint.db", server.data);
    const char *list[] = {"group", "list", "--data", server.data, NULL};
    const char *remove[] = {"group", "remove", "G", "--data", server.data, NULL};
    const char *add[] = {"group", "add", "G", "--data", server.data, NULL};
    for (int made = 0; made < 2; made++) { /* no folder, then a folder of something else */
        assert_int_equal(balint_serverproc_run(list, out, sizeof out), 1);
        assert_non_null(strstr(out, "Check --data"));
        assert_int_equal(balint_serverproc_run(remove, out, sizeof out), 1);
        assert_non_null(strstr(out, "Check --data"));
        assert_int_not_equal(access(database, F_OK), 0);
        assert_int_equal(access(server.data, F_OK), made ? 0 : -1);
        if (!made)
            assert_int_equal(mkdir(server.data, 0700), 0);
    }
    assert_int_equal(balint_serverproc_run(add, out, sizeof out), 0);
    assert_non_null(strstr(out, "was made just now"));
    const char *other[] = {"group", "add", "H", "--data", server.data, NULL};
    assert_int_equal(balint_serverproc_run(other, out, sizeof out), 0);
    assert_null(strstr(out, "was made just now"));
    assert_ptr_equal(strchr(out, '\n') + 1, out + strlen(out)); /* the code alone */
    assert_int_equal(balint_serverproc_run(list, out, sizeof out), 0);
    assert_non_null(strstr(out, "G\twaits to be founded"));
    assert_int_equal(balint_serverproc_run(remove, out, sizeof out), 0);
    balint_serverproc_finish(&server);
}

static void a_data_folder_has_one_server(void **state)
{
    (void)state;
    struct balint_serverproc first, second;
    balint_serverproc_init(&first);
    assert_true(balint_serverproc_start(&first, NULL, NULL));
    second = first;
    second.port = 0;
    snprintf(second.log, sizeof second.log, "%s/log2", first.folder);
    expect_refusal(&second, NULL, 1, "Another balint-server holds ");
    char *answer = balint_http_get(&first.to, "/healthz"); /* the first is not disturbed */
    assert_non_null(answer);
    free(answer);
    balint_serverproc_kill(&first); /* what died holds nothing */
    assert_true(balint_serverproc_start(&first, NULL, NULL));
    balint_serverproc_finish(&first);
}

static void keys_are_for_the_server_alone(void **state)
{
    (void)state;
    struct balint_serverproc server;
    struct stat about;
    char key[128], database[128];
    balint_serverproc_init(&server);
    snprintf(key, sizeof key, "%s/door.key", server.data);
    snprintf(database, sizeof database, "%s/balint.db", server.data);
    assert_true(balint_serverproc_start(&server, NULL, NULL));
    assert_int_equal(balint_serverproc_stop(&server), 0);
    assert_int_equal(stat(server.data, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0700);
    assert_int_equal(stat(key, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(about.st_size, 32);
    assert_int_equal(stat(database, &about), 0);
    assert_int_equal(about.st_mode & 0077, 0);

    assert_int_equal(chmod(key, 0640), 0);
    expect_refusal(&server, NULL, 1, "may be read by others (mode 640)");
    assert_int_equal(chmod(key, 0604), 0);
    expect_refusal(&server, NULL, 1, "may be read by others (mode 604)");
    assert_int_equal(chmod(key, 0600), 0);
    assert_int_equal(truncate(key, 31), 0);
    expect_refusal(&server, NULL, 1, "is not a whole key");
    assert_int_equal(unlink(key), 0);
    assert_int_equal(mkdir(key, 0700), 0);
    expect_refusal(&server, NULL, 1, "door.key");
    assert_int_equal(rmdir(key), 0);
    assert_int_equal(symlink("/dev/zero", key), 0);
    expect_refusal(&server, NULL, 1, "door.key");
    balint_serverproc_finish(&server);
}

static void a_newer_database_is_left_alone(void **state)
{
    (void)state;
    struct balint_serverproc server;
    sqlite3 *db;
    char database[128];
    balint_serverproc_init(&server);
    snprintf(database, sizeof database, "%s/balint.db", server.data);
    assert_true(balint_serverproc_start(&server, NULL, NULL));
    assert_int_equal(balint_serverproc_stop(&server), 0);
    assert_int_equal(sqlite3_open(database, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "PRAGMA user_version = 1000", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    expect_refusal(&server, NULL, 1, "was made by a newer balint-server");
    FILE *out = fopen(database, "w");
    assert_true(out != NULL && fputs("this is no database, it is a letter to somebody", out) > 0);
    fclose(out);
    expect_refusal(&server, NULL, 1, "cannot be used");
    balint_serverproc_finish(&server);
}

/* ---- commits */
static bool is_muted(const struct balint_test_person *person, int64_t expected)
{
    return person->has_state && balint_state_seat_of(&person->state, person->seat)->muted == (expected != 0);
}

static void nothing_is_told_before_it_is_committed(void **state)
{
    (void)state;
    struct evening evening;
    struct balint_message message, mute = {.type = BALINT_MSG_MUTE, .id = 900, .act = {.value = 1}},
                                   ping = {.type = BALINT_MSG_PING, .id = 901};
    char database[128];
    sqlite3 *db;
    evening_begin(&evening, NULL);
    struct balint_test_person *anna = &evening.people[ANNA], *clara = &evening.people[CLARA];
    evening_gather(&evening, 2);
    assert_true(balint_person_join(clara));
    assert_true(balint_person_until(anna, balint_person_sees_lobby, 1));
    struct balint_test_person *dora = &evening.people[DORA];
    assert_true(balint_person_open(dora));
    assert_true(balint_person_knock(dora));

    /* While somebody else writes, the server's commit waits, and with it what it would tell. */
    snprintf(database, sizeof database, "%s/balint.db", evening.server.data);
    assert_int_equal(sqlite3_open(database, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 5000);
    assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    struct balint_roster roster;
    struct balint_message admit = {.type = BALINT_MSG_ADMIT, .id = 899};
    assert_true(balint_person_make_roster(anna, &roster));
    admit.admit.roster.length = (uint16_t)balint_roster_write(&roster, admit.admit.roster.data);
    assert_true(balint_test_send(anna->ws, &admit));
    assert_true(balint_test_send(anna->ws, &mute));
    assert_true(balint_test_send(anna->ws, &ping));
    int64_t deadline = balint_test_ms() + 700;
    bool pong = false;
    while (balint_test_ms() < deadline) {
        if (!balint_person_listen(anna, &message, (int)(deadline - balint_test_ms())))
            continue;
        assert_int_equal(message.type, BALINT_MSG_PONG); /* changes nothing, waits for nothing */
        pong = true;
    }
    assert_true(pong);
    assert_false(balint_person_listen(clara, &message, 50)); /* above all no roster */
    int64_t start = balint_test_ms();
    assert_true(balint_person_send_hello(dora));
    assert_false(balint_person_listen(dora, &message, 500)); /* and no resume secret that a restart forgets */
    assert_true(balint_test_ms() - start < 4000);            /* the lock was held all that time */
    assert_int_equal(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_true(balint_person_until(anna, is_muted, 1));
    assert_true(balint_person_until(clara, balint_person_is_admitted, 0));
    assert_true(balint_person_listen(dora, &message, BALINT_TEST_MS));
    assert_int_equal(message.type, BALINT_MSG_WELCOME);
    evening_end(&evening);
}

/* Opens the database of the running server. */
static sqlite3 *database_of(const struct balint_serverproc *server)
{
    char path[128];
    sqlite3 *db;
    snprintf(path, sizeof path, "%s/balint.db", server->data);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 10000);
    return db;
}

static char *snapshot_of(sqlite3 *db)
{
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT text FROM snapshots", -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    char *text = strdup((const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    return text;
}

static bool has_hand(const struct balint_test_person *person, int64_t unused)
{
    (void)unused;
    return person->has_state && balint_state_seat_of(&person->state, person->seat)->hand_ms > 0;
}

/* A second change while the first is being committed: the commit of the first does not let the second out. */
static void what_changed_meanwhile_waits_for_its_own_commit(void **state)
{
    (void)state;
    struct evening evening;
    evening_begin(&evening, NULL);
    struct balint_test_person *anna = &evening.people[ANNA];
    evening_gather(&evening, 1);
    sqlite3 *db = database_of(&evening.server);
    /* Every commit of a snapshot takes a while from now on. */
    assert_int_equal(
        sqlite3_exec(db,
                     "CREATE TRIGGER slow BEFORE UPDATE ON snapshots BEGIN SELECT (WITH RECURSIVE c(x) AS "
                     "(SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 2000000) SELECT count(*) FROM c);"
                     " END",
                     NULL, NULL, NULL),
        SQLITE_OK);
    struct balint_message mute = {.type = BALINT_MSG_MUTE, .act = {.value = 1}},
                          hand = {.type = BALINT_MSG_HAND, .act = {.seat = BALINT_NOBODY, .value = 1}},
                          message;
    int64_t start = balint_test_ms();
    assert_true(balint_test_send(anna->ws, &mute));
    assert_false(balint_person_listen(anna, &message, 50)); /* it is on its way to the disk */
    assert_true(balint_test_send(anna->ws, &hand));
    assert_true(balint_person_until(anna, has_hand, 0) || balint_person_until(anna, has_hand, 0));
    char *told = snapshot_of(db);
    /* A commit that was still to come would be done by then. */
    int64_t deadline = 2 * balint_test_ms() - start + 500;
    while (balint_test_ms() < deadline)
        balint_person_listen(anna, &message, 100);
    char *later = snapshot_of(db);
    assert_string_equal(told, later);
    free(told);
    free(later);
    assert_int_equal(sqlite3_exec(db, "DROP TRIGGER slow", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    evening_end(&evening);
}

/* Asked to end while the disk is slow: what was done is written before it ends. */
static void the_last_snapshot_is_written(void **state)
{
    (void)state;
    struct evening evening;
    evening_begin(&evening, NULL);
    struct balint_test_person *anna = &evening.people[ANNA];
    evening_gather(&evening, 1);
    sqlite3 *db = database_of(&evening.server);
    assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    struct balint_message mute = {.type = BALINT_MSG_MUTE, .act = {.value = 1}},
                          hand = {.type = BALINT_MSG_HAND, .act = {.seat = BALINT_NOBODY, .value = 1}},
                          message;
    assert_true(balint_test_send(anna->ws, &mute));
    assert_false(balint_person_listen(anna, &message, 100));
    assert_true(balint_test_send(anna->ws, &hand));
    assert_false(balint_person_listen(anna, &message, 100));
    kill(evening.server.pid, SIGTERM);
    assert_true(balint_person_until(anna, balint_person_was_told_bye, 0));
    assert_true(balint_person_ended(anna));
    assert_int_equal(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(balint_serverproc_stop(&evening.server), 0);
    assert_true(balint_serverproc_start(&evening.server, NULL, NULL));
    assert_true(balint_person_resume(anna));
    assert_true(is_muted(anna, 1));
    assert_true(has_hand(anna, 0));
    evening_end(&evening);
}

static bool health_is(const struct balint_serverproc *server, const char *status)
{
    bool ok = false;
    int64_t deadline = balint_test_ms() + BALINT_TEST_MS;
    while (!ok && balint_test_ms() < deadline) {
        char *answer = balint_http_get(&server->to, "/healthz");
        ok = answer != NULL && strncmp(answer + 9, status, 3) == 0;
        free(answer);
        usleep(20000);
    }
    return ok;
}

static void a_disk_that_refuses_does_not_end_the_evening(void **state)
{
    (void)state;
    struct evening evening;
    evening_begin(&evening, NULL);
    struct balint_test_person *anna = &evening.people[ANNA];
    evening_gather(&evening, 2);
    assert_true(health_is(&evening.server, "200"));

    /* No file of the server may grow from now on: a full quota. */
    struct rlimit none = {.rlim_cur = 8192, .rlim_max = RLIM_INFINITY}, before;
    assert_int_equal(prlimit(evening.server.pid, RLIMIT_FSIZE, &none, &before), 0);
    assert_true(balint_person_act(anna, BALINT_MSG_MUTE, BALINT_NOBODY, 1)); /* told all the same */
    assert_true(is_muted(anna, 1));
    assert_true(health_is(&evening.server, "503"));
    assert_true(balint_person_act(anna, BALINT_MSG_MUTE, BALINT_NOBODY, 0));
    assert_true(balint_person_act(anna, BALINT_MSG_HAND, BALINT_NOBODY, 1));
    assert_false(
        balint_test_revoke(&evening.server, &evening.group, "member-2", 5)); /* not said to be done */

    /* There is room again: it is tried anew, nobody has to do anything. */
    assert_int_equal(prlimit(evening.server.pid, RLIMIT_FSIZE, &before, NULL), 0);
    assert_true(health_is(&evening.server, "200"));
    char *log = balint_serverproc_read_log(&evening.server);
    assert_non_null(strstr(log, "commit-failed: the database cannot be written, sessions go on"));
    free(log);
    balint_serverproc_kill(&evening.server);
    assert_true(balint_serverproc_start(&evening.server, NULL, NULL));
    assert_true(balint_person_resume(anna));
    assert_true(balint_state_seat_of(&anna->state, anna->seat)->hand_ms > 0);
    assert_true(is_muted(anna, 0));
    evening_end(&evening);
}

static void broken_snapshots_begin_a_new_session(void **state)
{
    (void)state;
    struct evening evening;
    char database[128];
    sqlite3 *db;
    evening_begin(&evening, NULL);
    struct balint_test_person *anna = &evening.people[ANNA];
    evening_gather(&evening, 1);
    balint_serverproc_kill(&evening.server);
    snprintf(database, sizeof database, "%s/balint.db", evening.server.data);
    assert_int_equal(sqlite3_open(database, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "UPDATE snapshots SET text = substr(text, 1, 200)", NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    assert_true(balint_serverproc_start(&evening.server, NULL, NULL));
    assert_false(balint_person_resume(anna));
    balint_person_finish(anna);
    balint_person_init(anna, &evening.server, &evening.group, &evening.invitations[ANNA]);
    assert_true(balint_person_join(anna));
    assert_true(balint_person_admit_all(anna));
    assert_true(balint_serverproc_wait_log(&evening.server, "room-unreadable", BALINT_TEST_MS));
    evening_end(&evening);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_port_in_use_is_one_clear_line),
        cmocka_unit_test(a_failed_start_makes_nothing),
        cmocka_unit_test(a_group_command_makes_no_folder_unsaid),
        cmocka_unit_test(a_data_folder_has_one_server),
        cmocka_unit_test(keys_are_for_the_server_alone),
        cmocka_unit_test(a_newer_database_is_left_alone),
        cmocka_unit_test(nothing_is_told_before_it_is_committed),
        cmocka_unit_test(what_changed_meanwhile_waits_for_its_own_commit),
        cmocka_unit_test(the_last_snapshot_is_written),
        cmocka_unit_test(a_disk_that_refuses_does_not_end_the_evening),
        cmocka_unit_test(broken_snapshots_begin_a_new_session),
    };
    alarm(240);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
