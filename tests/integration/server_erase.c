/* Members, follow-ups, what is exported of a person, and that nothing of who was erased is left in any file,
 * also while the server runs. */
#include "fakes/scan.h"
#include "integration/operator.h"

#include <sqlite3.h>

static struct evening evening;
#define GROUP "Mittwochskreis"

/* Is anything of somebody in any file of the data folder: name, member id (also as in a snapshot's hex)? */
static bool is_anywhere(int who)
{
    static const char digits[] = "0123456789abcdef";
    const char *member = evening.invitations[who].member;
    struct balint_scan scan = {0};
    char hex[2 * BALINT_ID_SIZE] = "";
    for (size_t i = 0; member[i] != '\0'; i++) {
        hex[2 * i] = digits[(unsigned char)member[i] >> 4];
        hex[2 * i + 1] = digits[member[i] & 15];
        hex[2 * i + 2] = '\0';
    }
    assert_true(balint_scan_folder(&scan, evening.server.data));
    assert_true(balint_scan_finds(&scan, GROUP, strlen(GROUP))); /* what is there is found */
    bool found =
        balint_scan_finds(&scan, evening.invitations[who].name, strlen(evening.invitations[who].name)) ||
        balint_scan_finds(&scan, member, strlen(member)) || balint_scan_finds(&scan, hex, strlen(hex));
    balint_scan_free(&scan);
    return found;
}

static int begin(void **state)
{
    (void)state;
    evening_begin(&evening, NULL);
    operator_data = evening.server.data;
    return 0;
}

static int end(void **state)
{
    (void)state;
    evening_end(&evening);
    return 0;
}

static void members_are_listed_without_what_opens_a_door(void **state)
{
    (void)state;
    char text[512];
    assert_true(balint_test_revoke(&evening.server, &evening.group, evening.invitations[DORA].member, 1000));
    assert_int_equal(RUN("members", "list", GROUP, "--json"), 0);
    json_t *all = answer(), *row;
    size_t i;
    assert_int_equal(json_array_size(all), INVITED);
    json_array_foreach(all, i, row)
    {
        int who = 0;
        while (strcmp(evening.invitations[who].member, json_string_value(json_object_get(row, "member"))) !=
               0)
            assert_true(++who < INVITED);
        const struct balint_test_invitation *invitation = &evening.invitations[who];
        assert_string_equal(json_string_value(json_object_get(row, "name")), invitation->name);
        assert_string_equal(json_string_value(json_object_get(row, "role")),
                            balint_role_name(invitation->role));
        assert_int_equal(json_integer_value(json_object_get(row, "serial")), invitation->certificate.serial);
        assert_int_equal(json_is_true(json_object_get(row, "revoked")), who == DORA);
    }
    json_decref(all);
    for (int pass = 0; pass < 3; pass++) {
        assert_int_equal(pass == 0   ? 0
                         : pass == 1 ? RUN("members", "list", GROUP)
                                     : RUN("export", GROUP, "Clara Moos"),
                         0);
        for (int who = 0; who < INVITED; who++) {
            balint_base64(evening.invitations[who].token.data, 24, text);
            assert_null(strstr(out, text));
            balint_base64(evening.invitations[who].seed, BALINT_SEED_SIZE, text);
            assert_null(strstr(out, text));
        }
    }
    expect_refused(RUN("export", GROUP, "Nobody Here"), 1, "Nobody is called \"Nobody Here\"");
}

static void follow_ups_are_due_and_done(void **state)
{
    (void)state;
    assert_int_equal(RUN("follow-up", "add", GROUP, "--who", "Emil Tann", "--on", "2027-01-14"), 0);
    assert_string_equal(out, "");
    assert_int_equal(
        RUN("follow-up", "add", GROUP, "--who", evening.invitations[CLARA].member, "--on", "2027-01-07"), 0);
    expect_refused(RUN("follow-up", "add", GROUP, "--who", "Clara Moos", "--on", "2027-01-07"), 1,
                   "is due on 2027-01-07 already");
    expect_refused(RUN("follow-up", "add", GROUP, "--who", "Nobody", "--on", "2027-01-07"), 1,
                   "Nobody is called \"Nobody\"");
    expect_refused(RUN("follow-up", "add", GROUP, "--who", "Clara Moos", "--on", "soon"), 1,
                   "\"soon\" is no day: write --on 2027-06-30");
    expect_refused(RUN("follow-up", "add", GROUP, "--on", "2027-01-07"), 1, "Say whose case");
    assert_int_equal(RUN("follow-up", "list", GROUP), 0);
    assert_string_equal(out, "2\t2027-01-07\tClara Moos\n1\t2027-01-14\tEmil Tann\n");
    assert_int_equal(RUN("follow-up", "done", GROUP, "2"), 0);
    expect_refused(RUN("follow-up", "done", GROUP, "2"), 1, "has no follow-up 2");
    expect_refused(RUN("follow-up", "done", GROUP, "2x"), 1, "named by its number");
    assert_int_equal(RUN("follow-up", "list", GROUP, "--json"), 0);
    json_t *left = answer();
    assert_int_equal(json_array_size(left), 1);
    json_decref(left);
    /* A planned evening on another day: it is said. */
    assert_int_equal(RUN("dates", "add", GROUP, "--first", "2027-01-14T19:30", "--zone", "Europe/Berlin"), 0);
    assert_int_equal(RUN("follow-up", "add", GROUP, "--who", "Clara Moos", "--on", "2027-01-13"), 0);
    assert_non_null(strstr(out, "No evening is planned on 2027-01-13."));
}

static void leave(int who)
{
    struct balint_message request = {.type = BALINT_MSG_LEAVE, .id = 77};
    assert_true(balint_test_send(evening.people[who].ws, &request));
    assert_true(balint_person_ended(&evening.people[who]));
}

static void nothing_is_left_of_who_was_erased(void **state)
{
    (void)state;
    evening_gather(&evening, 3); /* Anna, Ben, Clara */
    assert_true(balint_person_join(&evening.people[DORA]));
    assert_true(balint_person_act(&evening.people[CLARA], BALINT_MSG_HAND, BALINT_NOBODY, 1));
    assert_int_equal(RUN("follow-up", "add", GROUP, "--who", "Clara Moos", "--on", "2027-01-14"), 0);
    assert_int_equal(RUN("follow-up", "add", GROUP, "--who", "Emil Tann", "--on", "2027-01-14"), 0);
    assert_true(balint_test_revoke(&evening.server, &evening.group, evening.invitations[EMIL].member, 1000));

    /* What is stored of Clara, the running session included. */
    assert_int_equal(RUN("export", GROUP, "Clara Moos"), 0);
    json_t *all = answer();
    assert_int_equal(json_array_size(json_object_get(all, "invitations")), 1);
    assert_int_equal(json_array_size(json_object_get(all, "follow_ups_due")), 1);
    char *seat = json_dumps(json_object_get(all, "running_session"), 0);
    assert_non_null(strstr(seat, "\"name Clara Moos\""));
    assert_null(strstr(seat, "Anna"));
    free(seat);
    json_decref(all);

    /* Whoever is in the session, or at its door, is not erased under it; who is not, is. */
    expect_refused(RUN("erase", GROUP, "Clara Moos"), 1, "is in a session that is not over");
    expect_refused(RUN("erase", GROUP, "Dora Ring"), 1, "is in a session that is not over");
    assert_true(is_anywhere(EMIL));
    assert_int_equal(RUN("erase", GROUP, "Emil Tann"), 0);
    assert_false(is_anywhere(EMIL));
    assert_true(balint_person_act(&evening.people[ANNA], BALINT_MSG_MUTE, BALINT_NOBODY, 1)); /* it goes on */

    leave(DORA);
    leave(CLARA);
    expect_refused(RUN("erase", GROUP, "Clara Moos"), 1, "is in a session that is not over");
    leave(BEN);
    leave(ANNA);
    assert_true(balint_serverproc_wait_log(&evening.server, "room-over", BALINT_TEST_MS));
    int64_t deadline = balint_test_ms() + BALINT_TEST_MS; /* the snapshot goes after it */
    while (RUN("erase", GROUP, "Clara Moos") != 0 && balint_test_ms() < deadline)
        expect_refused(1, 1, "is in a session that is not over");
    assert_false(is_anywhere(CLARA));
    assert_true(is_anywhere(BEN));
    expect_refused(RUN("erase", GROUP, "Clara Moos"), 1, "Nobody is called");
    assert_int_equal(RUN("attendance", GROUP), 0);
    assert_null(strstr(out, "Clara"));
    assert_non_null(strstr(out, "Ben Zweig"));
    /* Her link opens nothing any more, and the others' do. */
    balint_person_finish(&evening.people[CLARA]);
    assert_false(balint_person_open(&evening.people[CLARA]) && balint_person_knock(&evening.people[CLARA]));
    assert_string_equal(evening.people[CLARA].error.code, "wrong-link");
    assert_true(balint_person_open(&evening.people[BEN]) && balint_person_knock(&evening.people[BEN]));
    assert_int_equal(balint_serverproc_stop(&evening.server), 0);
    assert_false(is_anywhere(CLARA));
    assert_false(is_anywhere(EMIL));
    assert_true(balint_serverproc_start(&evening.server, NULL, NULL));
}

/* Long ago: a snapshot that a server left behind when it was killed does not keep anybody for ever. */
static void an_old_snapshot_keeps_nobody(void **state)
{
    (void)state;
    evening_gather(&evening, 3);
    balint_serverproc_kill(&evening.server);
    expect_refused(RUN("erase", GROUP, "Clara Moos"), 1, "is in a session that is not over");
    const char *purge[] = {"purge", "--technical-days", "1", "--attendance-days", "1", NULL};
    assert_int_equal(run(purge), 0);
    assert_string_equal(out, "deleted: 0\n"); /* nothing of it is as old as that */
    expect_refused(RUN("erase", GROUP, "Clara Moos"), 1, "is in a session that is not over");
    sqlite3 *db;
    char path[128];
    snprintf(path, sizeof path, "%s/balint.db", evening.server.data);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db, "UPDATE snapshots SET saved_s = saved_s - 12 * 3600 - 60", NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(RUN("erase", GROUP, "Clara Moos"), 0);
    assert_false(is_anywhere(CLARA));
    assert_true(balint_serverproc_start(&evening.server, NULL, NULL));
}

static void nothing_is_left_of_a_removed_group(void **state)
{
    (void)state;
    struct balint_scan scan = {0};
    assert_int_equal(RUN("group", "add", "Freitagskreis"), 0);
    assert_int_equal(RUN("group", "set", "Freitagskreis", "--help-line", "Xanthippe"), 0);
    assert_int_equal(RUN("group", "remove", "Freitagskreis"), 0);
    assert_true(balint_scan_folder(&scan, evening.server.data));
    assert_true(balint_scan_finds(&scan, GROUP, strlen(GROUP)));
    assert_false(balint_scan_finds(&scan, "Freitag", 7));
    assert_false(balint_scan_finds(&scan, "Xanthippe", 9));
    balint_scan_free(&scan);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(members_are_listed_without_what_opens_a_door),
        TEST(follow_ups_are_due_and_done),
        TEST(nothing_is_left_of_who_was_erased),
        TEST(an_old_snapshot_keeps_nobody),
        TEST(nothing_is_left_of_a_removed_group),
    };
    alarm(240);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
