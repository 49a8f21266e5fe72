/* server_new_root.c - a group whose key was lost or stolen is given a new one: by nobody without the
 * operator's code, and with it everything that the old key signed ends at once. */
#include "integration/server_evening.h"

static struct evening evening;

static int begin(void **state)
{
    (void)state;
    evening_begin(&evening, NULL);
    return 0;
}

static int end(void **state)
{
    (void)state;
    evening_end(&evening);
    return 0;
}

/* The error with which the door answers this invitation; "": it opens. */
static const char *knock(const struct balint_test_group *group, const struct balint_token_bytes *token)
{
    static char code[33];
    struct balint_message request = {.type = BALINT_MSG_KNOCK, .id = 7}, answer;
    struct balint_ws *ws = balint_ws_open(&evening.server.to, NULL);
    assert_non_null(ws);
    strcpy(request.knock.group, group->name);
    request.knock.token = *token;
    assert_true(balint_test_ask(ws, &request, &answer));
    snprintf(code, sizeof code, "%s", answer.type == BALINT_MSG_ERROR ? answer.error.code : "");
    balint_ws_close(ws);
    return code;
}

static const char *resume(const struct balint_test_person *person)
{
    static char code[33];
    struct balint_message request = {.type = BALINT_MSG_RESUME, .id = 9}, answer;
    struct balint_ws *ws = balint_ws_open(&evening.server.to, NULL);
    assert_non_null(ws);
    strcpy(request.resume.group, person->group->name);
    request.resume.secret = person->secret;
    assert_true(balint_test_ask(ws, &request, &answer));
    snprintf(code, sizeof code, "%s", answer.type == BALINT_MSG_ERROR ? answer.error.code : "");
    balint_ws_close(ws);
    return code;
}

static void nobody_replaces_the_key_without_the_operators_code(void **state)
{
    struct balint_test_group thief = evening.group;
    char code[BALINT_ID_SIZE], said[512];
    (void)state;
    assert_true(balint_key_make(&thief.root));
    assert_false(balint_test_register(&evening.server, &thief, "a-guess"));
    assert_false(balint_test_register(&evening.server, &thief, "-"));
    /* `group add` gives no code for a group that has a key. */
    const char *const add[] = {"group", "add", evening.group.name, "--data", evening.server.data, NULL};
    assert_int_not_equal(balint_serverproc_run(add, said, sizeof said), 0);
    assert_non_null(strstr(said, "group renew"));
    /* Nor does the operator's code for another group. */
    assert_true(balint_test_code(&evening.server, "add", "another", code));
    assert_false(balint_test_register(&evening.server, &thief, code));
    const char *const renew[] = {"group", "renew", "another", "--data", evening.server.data, NULL};
    assert_int_not_equal(balint_serverproc_run(renew, said, sizeof said), 0);
    assert_non_null(strstr(said, "not founded yet"));
    assert_string_equal(knock(&evening.group, &evening.invitations[CLARA].token), "");
}

static void all_that_the_old_key_signed_ends_at_once(void **state)
{
    struct balint_test_group old = evening.group;
    struct balint_test_person *leader = &evening.people[ANNA], *clara = &evening.people[CLARA];
    struct balint_test_invitation fresh = {.name = "Anna", .role = BALINT_LEADER};
    char code[BALINT_ID_SIZE];
    (void)state;
    evening_gather(&evening, CLARA + 1);
    assert_true(balint_test_code(&evening.server, "renew", old.name, code));
    assert_string_equal(knock(&old, &evening.invitations[CLARA].token),
                        ""); /* a code alone changes nothing */
    assert_true(balint_key_make(&evening.group.root));
    int64_t start = balint_test_ms();
    assert_true(balint_test_register(&evening.server, &evening.group, code));
    assert_true(balint_person_until(leader, balint_person_was_told_bye, 0));
    assert_true(balint_person_until(clara, balint_person_was_told_bye, 0));
    assert_true(balint_test_ms() - start < 1000);
    assert_string_equal(leader->bye.code, "revoked");
    assert_non_null(strstr(clara->bye.text, "new key"));
    for (int restarted = 0; restarted < 2; restarted++) {
        assert_string_equal(knock(&old, &evening.invitations[CLARA].token), "wrong-link");
        assert_string_equal(knock(&old, &evening.invitations[ANNA].token), "wrong-link");
        assert_string_equal(resume(clara), "unknown-secret");
        assert_false(balint_test_mint(&evening.server, &old, &fresh, 1)); /* the thief's key invites nobody */
        assert_false(balint_test_revoke(&evening.server, &old, "clara", 99));
        assert_false(balint_test_register(&evening.server, &old, code)); /* a code is good once */
        if (restarted == 0) {
            balint_serverproc_kill(&evening.server);
            assert_true(balint_serverproc_start(&evening.server, NULL, NULL));
        }
    }
    fresh = (struct balint_test_invitation){.name = "Anna", .role = BALINT_LEADER};
    assert_true(balint_test_mint(&evening.server, &evening.group, &fresh, 1));
    struct balint_test_person again;
    balint_person_init(&again, &evening.server, &evening.group, &fresh);
    assert_true(balint_person_join(&again));
    assert_int_equal(again.roster.length, 0); /* nothing of the old session */
    assert_memory_equal(again.door.root.data, evening.group.root.public_half, BALINT_KEY_SIZE);
    assert_true(balint_person_admit_all(&again));
    balint_person_finish(&again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nobody_replaces_the_key_without_the_operators_code, begin, end),
        cmocka_unit_test_setup_teardown(all_that_the_old_key_signed_ends_at_once, begin, end),
    };
    return cmocka_run_group_tests_name("server_new_root", tests, NULL, NULL);
}
