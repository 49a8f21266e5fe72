/* What an evening leaves behind: nothing of anybody in the log, /metrics and the texts of errors, no address
 * in any file. */
#include "integration/server_evening.h"

#include <fcntl.h>
#include <sys/stat.h>

static void expect_absent(const char *log, const char *what)
{
    if (strstr(log, what) != NULL)
        fail_msg("the log tells \"%s\"", what);
}

/* Does a file hold these bytes? */
static bool file_has(const char *path, const void *bytes, size_t length)
{
    struct stat about;
    int in = open(path, O_RDONLY | O_CLOEXEC);
    if (in < 0 || fstat(in, &about) != 0 || !S_ISREG(about.st_mode)) {
        close(in);
        return false;
    }
    char *all = malloc((size_t)about.st_size + 1);
    assert_non_null(all);
    ssize_t got = read(in, all, (size_t)about.st_size);
    close(in);
    bool found = got > 0 && memmem(all, (size_t)got, bytes, length) != NULL;
    free(all);
    return found;
}

/* In any file that the server wrote, its log included? */
static bool any_file_has(const struct balint_serverproc *server, const void *bytes, size_t length)
{
    static const char *const names[] = {"balint.db", "balint.db-wal", "balint.db-shm",
                                        "address",   "lock",          "door.key"};
    bool found = file_has(server->log, bytes, length);
    char path[128];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", server->data, names[i]);
        found = file_has(path, bytes, length) || found;
    }
    return found;
}

/* Knocks from 127.9.8.7 with another's token until it is slowed; every error's text goes to `texts`. */
static void try_wrong_links(struct evening *evening, char *texts, size_t size)
{
    struct balint_ws_options to = evening->server.to;
    to.from = "127.9.8.7";
    for (int i = 0; i < 7; i++) {
        struct balint_message request = {.type = BALINT_MSG_KNOCK, .id = 7}, answer;
        struct balint_ws *ws = balint_ws_open(&to, NULL);
        assert_non_null(ws);
        strcpy(request.knock.group, i < 6 ? "Mittwochskreis" : "xyzzy-group");
        request.knock.token = evening->invitations[EMIL].token;
        request.knock.token.data[request.knock.token.length - 1] ^= (uint8_t)(i + 1);
        assert_true(balint_test_ask(ws, &request, &answer));
        assert_int_equal(answer.type, BALINT_MSG_ERROR);
        size_t length = strlen(texts);
        snprintf(texts + length, size - length, "%s %s %s\n", answer.error.code, answer.error.field,
                 answer.error.text);
        balint_ws_close(ws);
    }
}

/* The door locked, wrong links, a resume, and candidates from one to another. All that was said is in
 * `texts`. */
static void rattle_at_the_door(struct evening *evening, char *texts, size_t size)
{
    struct balint_test_person *anna = &evening->people[ANNA], *emil = &evening->people[EMIL], stranger;
    struct balint_message message = {.type = BALINT_MSG_CANDIDATE};
    struct balint_candidate *candidate = &message.candidate;
    *candidate = (struct balint_candidate){.seat = anna->seat,
                                           .generation = 65537,
                                           .component = 1,
                                           .priority = 1,
                                           .port = 4711,
                                           .foundation = "1",
                                           .protocol = "udp",
                                           .kind = "host",
                                           .address = "203.0.113.77"};
    assert_true(balint_test_send(emil->ws, &message));
    while (anna->count[BALINT_MSG_CANDIDATE] == 0)
        assert_true(balint_person_listen(anna, &message, BALINT_TEST_MS));
    assert_string_equal(message.candidate.address, "203.0.113.77");
    try_wrong_links(evening, texts, size);
    assert_true(balint_person_act(anna, BALINT_MSG_LOCK, BALINT_NOBODY, 1));
    balint_person_init(&stranger, &evening->server, &evening->group, &evening->invitations[FRED]);
    assert_false(balint_person_join(&stranger)); /* on another device */
    assert_string_equal(stranger.error.code, "locked");
    size_t length = strlen(texts);
    snprintf(texts + length, size - length, "%s %s\n", stranger.error.text, stranger.error.field);
    stranger.secret.length = BALINT_RESUME_SIZE;
    memset(stranger.secret.data, 0x5a, BALINT_RESUME_SIZE);
    assert_false(balint_person_resume(&stranger));
    length = strlen(texts);
    snprintf(texts + length, size - length, "%s %s\n", stranger.error.text, stranger.error.field);
    balint_person_finish(&stranger);
}

static void the_log_tells_no_names_addresses_or_secrets(void **state)
{
    (void)state;
    struct evening evening;
    char text[512], *all = calloc(1, 65536);
    assert_non_null(all);
    evening_begin(&evening, NULL);
    evening_gather(&evening, INVITED);
    rattle_at_the_door(&evening, all, 16384);
    struct balint_test_person *clara = &evening.people[CLARA];
    assert_true(balint_person_act(clara, BALINT_MSG_HAND, BALINT_NOBODY, 1));
    balint_ws_send(clara->ws, "{\"type\":\"mute\",\"on\":\"xyzzy-secret\"}");
    struct balint_message message;
    while (clara->count[BALINT_MSG_ERROR] == 0)
        assert_true(balint_person_listen(clara, &message, BALINT_TEST_MS));
    assert_true(balint_test_revoke(&evening.server, &evening.group, evening.invitations[DORA].member, 1000));
    assert_true(balint_person_ended(&evening.people[DORA]));
    assert_true(balint_person_resume(clara));
    free(balint_http_get(&evening.server.to, "/join/Mittwochskreis?a=xyzzy-secret"));
    struct balint_ws_options wrong = evening.server.to;
    wrong.origin = "http://xyzzy-secret.example";
    assert_null(balint_ws_open(&wrong, NULL));
    /* While it runs and after: no file holds an address of anybody, as text or as bytes. */
    assert_true(any_file_has(&evening.server, "Clara Moos", 10)); /* what is there is found */
    for (int i = 0; i < 2; i++) {
        assert_false(any_file_has(&evening.server, "127.9.8.7", 9));
        assert_false(any_file_has(&evening.server, "\x7f\x09\x08\x07", 4));
        assert_false(any_file_has(&evening.server, "203.0.113.77", 12));
        assert_false(any_file_has(&evening.server, "\xcb\x00\x71\x4d", 4));
        if (i > 0)
            break;
        char *metrics = balint_http_get(&evening.server.to, "/metrics");
        assert_non_null(metrics);
        assert_null(strchr(metrics, '{')); /* no label */
        strcat(all, strstr(metrics, "\r\n\r\n"));
        free(metrics);
        assert_int_equal(balint_serverproc_stop(&evening.server), 0);
    }

    char *log = balint_serverproc_read_log(&evening.server);
    assert_non_null(strstr(all, "wrong-link token This link does not open this door."));
    assert_non_null(strstr(all, "balint_knocks_slowed_total 1\n"));
    assert_non_null(strstr(log, " knock conn="));
    assert_non_null(strstr(log, " seated conn="));
    assert_true(strlen(log) + strlen(all) < 65536);
    strcat(all, log); /* errors' texts, /metrics and the log hold the same nothing */
    for (int i = 0; i < INVITED; i++) {
        const struct balint_test_invitation *invitation = &evening.invitations[i];
        expect_absent(all, invitation->name);
        expect_absent(all, invitation->member);
        balint_base64(invitation->token.data, 24, text);
        expect_absent(all, text);
        balint_base64(evening.people[i].secret.data, 24, text);
        expect_absent(all, text);
    }
    expect_absent(all, "Mittwoch");
    expect_absent(all, "127.0.0.1");
    expect_absent(all, evening.server.data);
    expect_absent(all, "xyzzy");
    snprintf(text, sizeof text, ":%d", evening.server.port);
    expect_absent(all, text);
    char *line = strtok(log, "\n");
    for (; line != NULL; line = strtok(NULL, "\n")) /* one line an event, each with its time */
        assert_int_equal(sscanf(line, "%*4d-%*2d-%*2dT%*2d:%*2d:%*2d.%*3dZ %[a-z-]", text), 1);
    free(log);
    free(all);
    evening_end(&evening);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_log_tells_no_names_addresses_or_secrets),
    };
    alarm(240);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
