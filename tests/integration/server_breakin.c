/* Break-ins: what somebody with one link, an old secret, or no link at all might try against the others. */
#include "integration/server_evening.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

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

static void expect_alive(void)
{
    char *answer = balint_http_get(&evening.server.to, "/healthz");
    assert_non_null(answer);
    assert_memory_equal(answer, "HTTP/1.1 200", 12);
    free(answer);
}

/* Knocks; returns after how many ms the answer came. `code` NULL: the door opens. `from`: the own address. */
static int64_t knock(const struct balint_token_bytes *token, const char *from, const char *code)
{
    struct balint_message request = {.type = BALINT_MSG_KNOCK, .id = 7}, answer;
    struct balint_ws_options to = evening.server.to;
    to.from = from;
    struct balint_ws *ws = balint_ws_open(&to, NULL);
    assert_non_null(ws);
    strcpy(request.knock.group, "Mittwochskreis");
    request.knock.token = *token;
    int64_t start = balint_test_ms();
    assert_true(balint_test_ask(ws, &request, &answer));
    int64_t took = balint_test_ms() - start;
    assert_int_equal(answer.type, code != NULL ? BALINT_MSG_ERROR : BALINT_MSG_DOOR);
    if (code != NULL)
        assert_string_equal(answer.error.code, code);
    balint_ws_close(ws);
    return took;
}

/* A wrong token of Clara's, another one each time. */
static struct balint_token_bytes guess(int number)
{
    struct balint_token_bytes token = evening.invitations[CLARA].token;
    token.data[token.length - 1 - number % 30] ^= (uint8_t)(1 + number / 30);
    return token;
}

static void wrong_tries_are_slowed_for_that_link_and_address(void **state)
{
    (void)state;
    struct balint_token_bytes wrong;
    int64_t took = 0;
    for (int i = 0; i < 9; i++) {
        wrong = guess(i);
        took = knock(&wrong, "127.0.0.1", "wrong-link");
    }
    assert_true(took >= 2000 && took < 5000); /* the ninth */
    /* Another link from the same address, the same link from another one, and the right one: not at all. */
    struct balint_token_bytes other = evening.invitations[DORA].token;
    other.data[other.length - 1] ^= 1;
    assert_true(knock(&other, "127.0.0.1", "wrong-link") < 1000);
    assert_true(knock(&evening.invitations[DORA].token, "127.0.0.1", NULL) < 1000);
    assert_true(knock(&wrong, "127.0.0.2", "wrong-link") < 1000);
    assert_true(knock(&evening.invitations[CLARA].token, "127.0.0.1", NULL) < 1000);
    char *metrics = balint_http_get(&evening.server.to, "/metrics");
    assert_non_null(strstr(metrics, "\nbalint_knocks_slowed_total 4\n"));
    free(metrics);
}

/* While the answer waits nothing else is done on that socket. */
static void who_waits_for_an_answer_is_not_heard(void **state)
{
    (void)state;
    struct balint_message request = {.type = BALINT_MSG_KNOCK, .id = 7}, answer;
    for (int i = 0; i < 6; i++) {
        struct balint_token_bytes wrong = guess(i);
        knock(&wrong, "127.0.0.3", "wrong-link");
    }
    struct balint_ws_options to = evening.server.to;
    to.from = "127.0.0.3";
    struct balint_ws *ws = balint_ws_open(&to, NULL);
    assert_non_null(ws);
    strcpy(request.knock.group, "Mittwochskreis");
    request.knock.token = guess(7);
    assert_true(balint_test_send(ws, &request));
    request.id = 8;
    request.knock.token = evening.invitations[CLARA].token;
    assert_true(balint_test_send(ws, &request));
    assert_true(balint_test_next(ws, &answer, BALINT_TEST_MS));
    assert_int_equal(answer.type, BALINT_MSG_ERROR);
    assert_int_equal(answer.re, 7);
    assert_false(balint_test_next(ws, &answer, BALINT_TEST_MS)); /* nothing more, and the end */
    assert_true(balint_ws_ended(ws));
    balint_ws_close(ws);
}

/* Knock, then leave the door by a resume that fails, then say hello to the room that was left. */
static void a_hello_belongs_to_the_last_door(void **state)
{
    (void)state;
    struct balint_test_person clara;
    struct balint_message resume = {.type = BALINT_MSG_RESUME, .id = 70}, answer;
    balint_person_init(&clara, &evening.server, &evening.group, &evening.invitations[CLARA]);
    assert_true(balint_person_open(&clara));
    assert_true(balint_person_knock(&clara));
    strcpy(resume.resume.group, "Mittwochskreis");
    resume.resume.secret.length = BALINT_RESUME_SIZE;
    assert_true(balint_test_ask(clara.ws, &resume, &answer));
    assert_string_equal(answer.error.code, "unknown-secret");
    assert_false(balint_person_hello(&clara));
    assert_string_equal(clara.error.code, "knock-first");
    assert_true(balint_person_knock(&clara)); /* as PROTOCOL.md says: knock on it */
    assert_true(balint_person_hello(&clara));
    balint_person_finish(&clara);
    expect_alive();
}

/* Revoked while nobody was there and the server restarted: the saved session still knew the seat. */
static void a_revoked_secret_opens_no_saved_session(void **state)
{
    (void)state;
    struct balint_test_person *anna = &evening.people[ANNA], *clara = &evening.people[CLARA],
                              *dora = &evening.people[DORA];
    evening_gather(&evening, 4);
    balint_serverproc_kill(&evening.server);
    assert_true(balint_serverproc_start(&evening.server, NULL, NULL));
    assert_true(balint_test_revoke(&evening.server, &evening.group, evening.invitations[CLARA].member,
                                   evening.invitations[CLARA].certificate.serial + 1));
    assert_false(balint_person_resume(clara));
    assert_string_equal(clara->error.code, "unknown-secret");
    assert_true(balint_person_resume(dora)); /* the others come back as before */
    assert_true(balint_person_resume(anna));
    assert_true(balint_person_until(anna, balint_person_sees_seats, 3));
    assert_true(dora->state.admitted);
}

/* A second secret ends the first; a copy of the one in use displaces, and both see that. */
static void secrets_are_for_one_seat_and_one_line(void **state)
{
    (void)state;
    struct balint_test_person *dora = &evening.people[DORA], *anna = &evening.people[ANNA];
    struct balint_resume_bytes first = dora->secret;
    int seat = dora->seat;
    assert_true(balint_person_resume(dora)); /* uses `first`, is given a second */
    struct balint_resume_bytes second = dora->secret;
    assert_memory_not_equal(first.data, second.data, BALINT_RESUME_SIZE);
    assert_true(balint_person_resume(dora)); /* uses the second: the first is void */
    assert_int_equal(dora->seat, seat);
    struct balint_test_person thief = *dora;
    thief.ws = NULL;
    thief.secret = first;
    assert_false(balint_person_resume(&thief));
    assert_string_equal(thief.error.code, "unknown-secret");
    balint_person_finish(&thief);
    /* Every bit counts, and a secret opens no other group's room. */
    for (int i = 0; i < BALINT_RESUME_SIZE; i += 7) {
        thief = *dora;
        thief.ws = NULL;
        thief.secret.data[i] ^= 0x80;
        assert_false(balint_person_resume(&thief));
        balint_person_finish(&thief);
    }
    struct balint_test_group other;
    struct balint_message resume = {.type = BALINT_MSG_RESUME, .id = 5}, answer;
    assert_true(balint_test_found(&evening.server, &other, "Donnerstagskreis"));
    struct balint_ws *ws = balint_ws_open(&evening.server.to, NULL);
    strcpy(resume.resume.group, "Donnerstagskreis");
    resume.resume.secret = dora->secret;
    assert_true(balint_test_ask(ws, &resume, &answer));
    assert_string_equal(answer.error.code, "unknown-secret");
    balint_ws_close(ws);
    assert_true(balint_person_until(anna, balint_person_sees_seats, 3)); /* nobody was moved by all that */
}

/* Two sockets with the same secret at once: one of them is the seat's, the other is told so. */
static void two_sockets_race_with_one_secret(void **state)
{
    (void)state;
    struct balint_test_person *dora = &evening.people[DORA];
    for (int round = 0; round < 10; round++) {
        struct balint_message resume = {.type = BALINT_MSG_RESUME, .id = 5}, answer[2];
        struct balint_ws *ws[2];
        strcpy(resume.resume.group, "Mittwochskreis");
        resume.resume.secret = dora->secret;
        for (int i = 0; i < 2; i++)
            assert_non_null(ws[i] = balint_ws_open(&evening.server.to, NULL));
        for (int i = 0; i < 2; i++)
            assert_true(balint_test_send(ws[i], &resume));
        for (int i = 0; i < 2; i++) {
            assert_true(balint_test_next(ws[i], &answer[i], BALINT_TEST_MS));
            assert_int_equal(answer[i].type, BALINT_MSG_WELCOME);
            assert_int_equal(answer[i].welcome.seat, dora->seat);
        }
        /* Which was first is the network's affair: exactly one of them ends. */
        int64_t deadline = balint_test_ms() + BALINT_TEST_MS;
        while (!balint_ws_ended(ws[0]) && !balint_ws_ended(ws[1]) && balint_test_ms() < deadline)
            for (int i = 0; i < 2; i++)
                free(balint_ws_next(ws[i], 20));
        int stays = balint_ws_ended(ws[0]) ? 1 : 0;
        assert_true(balint_ws_ended(ws[!stays]));
        struct balint_message ping = {.type = BALINT_MSG_PING, .id = 9}, pong;
        assert_true(balint_test_ask(ws[stays], &ping, &pong));
        assert_int_equal(pong.type, BALINT_MSG_PONG);
        dora->secret = answer[stays].welcome.secret;
        balint_ws_close(ws[0]);
        balint_ws_close(ws[1]);
    }
    assert_true(balint_person_resume(dora));
}

/* The whole way, over sockets; the rules are in room_lock.c. */
static void a_locked_door_stays_shut(void **state)
{
    (void)state;
    struct balint_test_person *anna = &evening.people[ANNA], *dora = &evening.people[DORA],
                              *emil = &evening.people[EMIL];
    assert_true(balint_person_act(anna, BALINT_MSG_LOCK, BALINT_NOBODY, 1));
    assert_true(anna->state.locked);
    assert_false(balint_person_join(emil));
    assert_string_equal(emil->error.code, "locked");
    assert_true(balint_person_ended(emil));
    assert_int_equal(anna->state.lobby_count, 0);
    assert_true(balint_person_resume(dora));
    assert_false(dora->state.locked);
    assert_true(balint_person_act(anna, BALINT_MSG_LOCK, BALINT_NOBODY, 0));
    assert_true(balint_person_join(emil));
    assert_true(balint_person_until(anna, balint_person_sees_lobby, 1));
}

/* A name that breaks lines or turns what stands beside it, signed by ROOT itself: whoever wrote the program
 * that made it, nobody is shown it. */
static void names_that_deceive_are_not_minted(void **state)
{
    (void)state;
    static const char *const names[] = {"\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x80\xa8", "a\nb",
                                        "\x1b[m",       "a\xff\x62",    "\xed\xa0\x80"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct balint_message request = {.type = BALINT_MSG_NONCE, .id = 1}, answer;
        struct balint_ws *ws = balint_ws_open(&evening.server.to, NULL);
        uint8_t bytes[BALINT_REQUEST_SIZE];
        struct balint_certificate certificate = evening.invitations[EMIL].certificate;
        struct balint_certificate_bytes *made = &request.mint.certificates[0];
        assert_true(balint_test_ask(ws, &request, &answer));
        request.type = BALINT_MSG_MINT;
        strcpy(request.mint.group, "Mittwochskreis");
        certificate.serial = 5000 + i;
        strcpy(certificate.name, "Emil @@@ Tann");
        made->length = (uint16_t)balint_certificate_make(&certificate, &evening.group.root, made->data);
        uint8_t *at = memmem(made->data, made->length, "@@@", 3);
        assert_non_null(at);
        memcpy(at, names[i], 3);
        size_t body = made->length - 2 - BALINT_SIGNATURE_SIZE; /* PROTOCOL.md, Records */
        assert_true(balint_sign(&evening.group.root, made->data, body, made->data + body + 2));
        request.mint.certificate_count = 1;
        struct balint_part part = {made->data, made->length};
        size_t length =
            balint_mint_bytes(answer.challenge.nonce.data, request.mint.group, &part, 1, bytes, sizeof bytes);
        assert_true(balint_sign(&evening.group.root, bytes, length, request.mint.signature.data));
        request.mint.signature.length = BALINT_SIGNATURE_SIZE;
        assert_true(balint_test_ask(ws, &request, &answer));
        assert_int_equal(answer.type, BALINT_MSG_ERROR);
        assert_string_equal(answer.error.code, "wrong-certificate");
        balint_ws_close(ws);
    }
}

/* Bytes that come one by one, slowly, on HTTP, on an upgrade, on TLS's place: all ended in seconds. */
static void who_drips_is_not_waited_for(void **state)
{
    (void)state;
    static const char *const texts[] = {"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "
                                        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                                        "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: "
                                        "Upgrade\r\nSec-WebSocket-Key: aaaaaa",
                                        "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n"
                                        "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n"};
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)evening.server.port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int raw[3], open = 3;
    for (int i = 0; i < 3; i++) {
        raw[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        assert_int_equal(connect(raw[i], (struct sockaddr *)&address, sizeof address), 0);
    }
    int64_t start = balint_test_ms();
    for (size_t at = 0; open > 0 && balint_test_ms() - start < 15000; at++) {
        struct pollfd wait[3];
        for (int i = 0; i < 3; i++) {
            if (raw[i] >= 0 && texts[i][at] != '\0')
                send(raw[i], &texts[i][at], 1, MSG_NOSIGNAL);
            wait[i] = (struct pollfd){.fd = raw[i], .events = POLLIN};
        }
        poll(wait, 3, 150);
        for (int i = 0; i < 3; i++) {
            char byte;
            if (raw[i] >= 0 && wait[i].revents != 0 && recv(raw[i], &byte, 1, MSG_DONTWAIT) <= 0) {
                close(raw[i]);
                raw[i] = -1;
                open--;
            }
        }
    }
    assert_int_equal(open, 0);
    expect_alive();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_tries_are_slowed_for_that_link_and_address),
        cmocka_unit_test(who_waits_for_an_answer_is_not_heard),
        cmocka_unit_test(a_hello_belongs_to_the_last_door),
        cmocka_unit_test(a_revoked_secret_opens_no_saved_session),
        cmocka_unit_test(secrets_are_for_one_seat_and_one_line),
        cmocka_unit_test(two_sockets_race_with_one_secret),
        cmocka_unit_test(a_locked_door_stays_shut),
        cmocka_unit_test(names_that_deceive_are_not_minted),
        cmocka_unit_test(who_drips_is_not_waited_for),
    };
    alarm(240);
    return cmocka_run_group_tests(tests, begin, end);
}
