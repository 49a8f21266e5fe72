/* Bad input and bad manners through real sockets: each is answered or ended, the session of the others
 * untouched. */
#include "integration/server_evening.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

static const char *const tight[] = {"--queue-bytes", "32768", "--connections-per-address", "12", NULL};
static const char *const impatient[] = {"--silent-ms", "1500", NULL};

static int begin_with(void **state, const char *const *arguments)
{
    struct evening *evening = malloc(sizeof *evening);
    *state = evening;
    evening_begin(evening, arguments);
    return 0;
}

static int begin(void **state)
{
    return begin_with(state, NULL);
}

static int begin_tight(void **state)
{
    return begin_with(state, tight);
}

static int begin_impatient(void **state)
{
    return begin_with(state, impatient);
}

static int end(void **state)
{
    evening_end(*state);
    free(*state);
    return 0;
}

/* The others' session goes on, and nobody of them was told anything. */
static void expect_untouched(struct evening *evening)
{
    struct balint_test_person *anna = &evening->people[ANNA], *ben = &evening->people[BEN];
    struct balint_message ping = {.type = BALINT_MSG_PING};
    int before = ben->count[BALINT_MSG_STATE];
    assert_true(balint_person_ask(ben, &ping)); /* comes behind all that was sent before */
    assert_int_equal(ben->count[BALINT_MSG_STATE], before);
    assert_int_equal(ben->count[BALINT_MSG_ERROR], 0);
    int muted = !balint_state_seat_of(&anna->state, anna->seat)->muted;
    assert_true(balint_person_act(anna, BALINT_MSG_MUTE, BALINT_NOBODY, muted));
    struct balint_message message;
    int64_t deadline = balint_test_ms() + BALINT_TEST_MS;
    while (balint_state_seat_of(&ben->state, anna->seat)->muted != (muted != 0) &&
           balint_test_ms() < deadline)
        balint_person_listen(ben, &message, 1000);
    assert_int_equal(balint_state_seat_of(&ben->state, anna->seat)->muted, muted);
}

static void expect_pong(struct balint_test_person *person)
{
    struct balint_message ping = {.type = BALINT_MSG_PING};
    assert_true(balint_person_ask(person, &ping));
}

/* Sends a text as it stands; the answer must be an error with that field. Its code is returned in `person`.
 */
static void expect_error(struct balint_test_person *person, const char *text, const char *field)
{
    struct balint_message message = {.type = BALINT_MSG_PING};
    int64_t deadline = balint_test_ms() + BALINT_TEST_MS;
    assert_true(balint_ws_send(person->ws, text));
    while (message.type != BALINT_MSG_ERROR && balint_test_ms() < deadline)
        assert_true(balint_person_listen(person, &message, 5000));
    assert_int_equal(message.type, BALINT_MSG_ERROR);
    assert_string_equal(message.error.field, field);
    assert_true(message.error.text[0] != '\0');
}

static void wrong_messages_are_answered_by_name(void **state)
{
    struct evening *evening = *state;
    struct balint_test_person *clara = &evening->people[CLARA];
    static const struct {
        const char *text, *field;
    } wrong[] = {
        {"{", ""},
        {"", ""},
        {"[]", ""},
        {"{\"type\":\"sing\"}", "type"},
        {"{\"type\":\"mute\"}", "on"},
        {"{\"type\":\"mute\",\"on\":1}", "on"},
        {"{\"type\":\"mute\",\"on\":true,\"on\":false}", "on"},
        {"{\"type\":\"mute\",\"on\":true,\"loud\":true}", "loud"},
        {"{\"type\":\"hand\",\"on\":true,\"seat\":99}", "seat"},
        {"{\"type\":\"mute\",\"on\":\"\xff\"}", "on"},
        {"{\"type\":\"offer\",\"to\":0,\"generation\":1,\"ufrag\":\"abcd\",\"pwd\":\"short\"}", "pwd"},
        {"{\"type\":\"report\",\"to\":0,\"envelope\":\"AAAA\"}", "envelope"},
        {"{\"type\":\"admit\",\"id\":3,\"roster\":\"AAAA\"}", ""},       /* out of role */
        {"{\"type\":\"phase\",\"id\":4,\"phase\":1}", ""},               /* out of role */
        {"{\"type\":\"knock\",\"group\":\"x\",\"token\":\"AAAA\"}", ""}, /* has a seat already */
    };
    evening_gather(evening, 4);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        expect_error(clara, wrong[i].text, wrong[i].field);
        assert_false(balint_ws_ended(clara->ws));
    }
    /* She still has her seat, and what she asks rightly is done. */
    assert_true(balint_person_act(clara, BALINT_MSG_HAND, BALINT_NOBODY, 1));
    struct balint_message ping = {.type = BALINT_MSG_PING};
    assert_true(balint_person_until(&evening->people[BEN], balint_person_sees_seats, 4));
    assert_true(balint_person_ask(&evening->people[BEN], &ping));
    while (balint_state_seat_of(&evening->people[BEN].state, clara->seat)->hand_ms == 0)
        assert_true(balint_person_listen(&evening->people[BEN], &ping, 5000));
    expect_untouched(evening);
}

static void oversized_messages_are_not_read(void **state)
{
    struct evening *evening = *state;
    struct balint_test_person *clara = &evening->people[CLARA];
    struct balint_message message;
    static char text[3 * BALINT_MESSAGE_SIZE];
    evening_gather(evening, 3);
    memset(text, ' ', sizeof text);
    memcpy(text, "{\"type\":\"ping\",\"sent\":1}", 24);

    /* Exactly as long as allowed, in one piece and in many: JSON may end in blanks. */
    assert_true(balint_ws_send_bytes(clara->ws, text, BALINT_MESSAGE_SIZE));
    assert_true(balint_person_listen(clara, &message, BALINT_TEST_MS));
    assert_int_equal(message.type, BALINT_MSG_PONG);
    for (size_t i = 0; i < 16; i++)
        assert_true(balint_ws_send_frame(clara->ws, i == 15, i == 0, text + i * 1024, 1024, 1024));
    assert_true(balint_person_listen(clara, &message, BALINT_TEST_MS));
    assert_int_equal(message.type, BALINT_MSG_PONG);

    /* One byte more; the next message is read again. */
    assert_true(balint_ws_send_bytes(clara->ws, text, BALINT_MESSAGE_SIZE + 1));
    assert_true(balint_person_listen(clara, &message, BALINT_TEST_MS));
    assert_int_equal(message.type, BALINT_MSG_ERROR);
    assert_string_equal(message.error.code, "too-large");
    expect_pong(clara);
    for (size_t i = 0; i < 40; i++)
        assert_true(balint_ws_send_frame(clara->ws, i == 39, i == 0, text + i * 1024, 1024, 1024));
    assert_true(balint_person_listen(clara, &message, BALINT_TEST_MS));
    assert_string_equal(message.error.code, "too-large");
    expect_pong(clara);
    expect_untouched(evening);

    /* A frame that says it is huge is not waited for. */
    bool sending = balint_ws_send_frame(clara->ws, true, 1, text, (uint64_t)1 << 40, sizeof text);
    for (int i = 0; sending && i < 200; i++)
        sending = balint_ws_send_frame(clara->ws, true, 1, text, sizeof text, sizeof text);
    assert_true(balint_person_ended(clara));
    assert_true(balint_person_until(&evening->people[BEN], balint_person_sees_gone, clara->seat));
    expect_untouched(evening);
}

static void what_is_no_text_ends_the_connection(void **state)
{
    struct evening *evening = *state;
    evening_gather(evening, 3);
    assert_true(balint_ws_send_frame(evening->people[CLARA].ws, true, 2, "{}", 2, 2));
    assert_true(balint_person_until(&evening->people[CLARA], balint_person_was_told_bye, 0));
    assert_string_equal(evening->people[CLARA].bye.code, "abuse");
    assert_true(balint_person_ended(&evening->people[CLARA]));
    assert_true(
        balint_person_until(&evening->people[BEN], balint_person_sees_gone, evening->people[CLARA].seat));
    expect_untouched(evening);
}

static void too_many_wrong_messages_end_the_connection(void **state)
{
    struct evening *evening = *state;
    struct balint_test_person *clara = &evening->people[CLARA];
    evening_gather(evening, 3);
    clara->count[BALINT_MSG_ERROR] = 0;
    for (int i = 0; i < BALINT_ABUSE; i++)
        balint_ws_send(clara->ws, "{\"type\":\"mute\"}");
    assert_true(balint_person_until(clara, balint_person_was_told_bye, 0));
    assert_string_equal(clara->bye.code, "abuse");
    assert_int_equal(clara->count[BALINT_MSG_ERROR], BALINT_ABUSE);
    assert_true(balint_person_ended(clara));
    assert_true(balint_person_until(&evening->people[BEN], balint_person_sees_gone, clara->seat));
    expect_untouched(evening);
    assert_true(balint_person_resume(clara)); /* a seat is kept, whatever its program did */
}

static void too_frequent_messages_are_not_read(void **state)
{
    struct evening *evening = *state;
    struct balint_test_person *clara = &evening->people[CLARA];
    evening_gather(evening, 3);
    /* Room for an ICE burst: 400 at once are all right (limits.h), less what coming in has taken. */
    int rights = BALINT_RATE_BURST - 20;
    for (int i = 0; i < rights; i++)
        assert_true(balint_ws_send(clara->ws, "{\"type\":\"ping\",\"sent\":1}"));
    struct balint_message message;
    int64_t deadline = balint_test_ms() + BALINT_TEST_MS;
    while (clara->count[BALINT_MSG_PONG] < rights && balint_test_ms() < deadline)
        assert_true(balint_person_listen(clara, &message, 5000));
    assert_int_equal(clara->count[BALINT_MSG_PONG], rights);
    assert_int_equal(clara->error.code[0], '\0');
    for (int i = 0; i < 300; i++)
        balint_ws_send(clara->ws, "{\"type\":\"ping\",\"sent\":1}");
    assert_true(balint_person_until(clara, balint_person_was_told_bye, 0));
    assert_string_equal(clara->error.code, "too-fast");
    assert_string_equal(clara->bye.code, "abuse");
    assert_true(balint_person_until(&evening->people[BEN], balint_person_sees_gone, clara->seat));
    expect_untouched(evening);
}

/* Clara stops reading; the others go on talking; she is dropped, they are not, and she may come back. */
static void who_does_not_read_is_dropped(void **state)
{
    struct evening *evening = *state;
    struct balint_test_person *anna = &evening->people[ANNA], *clara = &evening->people[CLARA];
    struct balint_serverproc narrow = evening->server;
    narrow.to.receive_bytes = 4096;
    evening_gather(evening, 2);
    clara->server = &narrow;
    assert_true(balint_person_join(clara));
    assert_true(balint_person_until(anna, balint_person_sees_lobby, 1));
    assert_true(balint_person_admit_all(anna));
    assert_true(balint_person_until(clara, balint_person_is_admitted, 0));

    /* Ben is another leader and does not read either: his states are as short as hers from here on. */
    evening_lead_to(evening, "case");
    int changes = 0;
    char *log = NULL;
    while (changes < 2000 && (log == NULL || strstr(log, " slow conn=") == NULL)) {
        assert_true(balint_person_act(anna, BALINT_MSG_MUTE, BALINT_NOBODY, ++changes % 2));
        free(log);
        log = balint_serverproc_read_log(&evening->server);
        if (changes > 300)
            usleep(17000); /* not faster than anybody may */
    }
    assert_non_null(strstr(log, " slow conn="));
    free(log);
    assert_true(balint_person_until(anna, balint_person_sees_gone, clara->seat));
    assert_true(balint_person_ended(clara)); /* broken off: what the kernel still held is gone too */
    assert_true(balint_person_resume(clara));
    assert_int_equal(balint_state_seat_of(&clara->state, anna->seat)->muted, changes % 2);
    char *metrics = balint_http_get(&evening->server.to, "/metrics");
    assert_non_null(strstr(metrics, "\nbalint_closed_slow_total 1\n"));
    free(metrics);
}

static void a_first_message_is_waited_for_five_seconds(void **state)
{
    struct evening *evening = *state;
    struct balint_ws *mute = balint_ws_open(&evening->server.to, NULL);
    struct balint_ws *half = balint_ws_open(&evening->server.to, NULL);
    struct balint_test_person knocked;
    int64_t start = balint_test_ms();
    /* One that says nothing at all, not even HTTP, and one that never ends its request. */
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)evening->server.port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int raw[2];
    for (int i = 0; i < 2; i++) {
        raw[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        assert_int_equal(connect(raw[i], (struct sockaddr *)&address, sizeof address), 0);
    }
    assert_int_equal(send(raw[1], "GET /ws HTTP/1.1\r\nHost: x\r\n", 27, MSG_NOSIGNAL), 27);
    assert_true(mute != NULL && half != NULL);
    balint_person_init(&knocked, &evening->server, &evening->group, &evening->invitations[CLARA]);
    assert_true(balint_person_open(&knocked));
    assert_true(balint_person_knock(&knocked));
    assert_true(balint_ws_send_frame(half, false, 1, "{\"type\":", 8, 8));

    struct balint_message message;
    assert_true(balint_test_next(mute, &message, BALINT_TEST_MS));
    assert_int_equal(message.type, BALINT_MSG_BYE);
    assert_string_equal(message.bye.code, "late");
    assert_true(balint_ws_wait_end(mute, BALINT_TEST_MS));
    assert_true(balint_ws_wait_end(half, BALINT_TEST_MS));
    assert_true(balint_person_until(&knocked, balint_person_was_told_bye, 0));
    assert_string_equal(knocked.bye.code, "late");
    for (int i = 0; i < 2; i++) {
        struct pollfd wait = {.fd = raw[i], .events = POLLIN};
        char byte;
        assert_int_equal(poll(&wait, 1, BALINT_TEST_MS), 1);
        assert_true(recv(raw[i], &byte, 1, 0) <= 0);
        close(raw[i]);
    }
    int64_t took = balint_test_ms() - start;
    assert_true(took >= 4500 && took < 12000);
    balint_ws_close(mute);
    balint_ws_close(half);
    balint_person_finish(&knocked);
}

static void a_silent_connection_is_given_up(void **state)
{
    struct evening *evening = *state;
    struct balint_test_person *anna = &evening->people[ANNA], *ben = &evening->people[BEN];
    struct balint_message ping = {.type = BALINT_MSG_PING};
    evening_gather(evening, 2);
    int64_t start = balint_test_ms();
    while (!balint_person_sees_gone(anna, ben->seat) && balint_test_ms() < start + BALINT_TEST_MS) {
        assert_true(balint_person_ask(anna, &ping)); /* who speaks is not given up */
        usleep(50000);
    }
    int64_t took = balint_test_ms() - start;
    assert_true(took >= 1200 && took < 10000);
    assert_true(balint_person_ended(ben));
    assert_true(balint_person_resume(ben));
}

static void an_address_has_so_many_connections(void **state)
{
    struct evening *evening = *state;
    struct balint_ws *open[40] = {NULL};
    int status = 101, count = 0;
    while (count < 40 && (open[count] = balint_ws_open(&evening->server.to, &status)) != NULL)
        count++;
    assert_int_equal(count, 12);
    assert_int_equal(status, 503);
    char *answer = balint_http_get(&evening->server.to, "/healthz");
    assert_non_null(answer);
    assert_non_null(strstr(answer, "503"));
    assert_non_null(strstr(answer, "Too many connections from your address"));
    free(answer);
    balint_ws_close(open[0]);
    int64_t deadline = balint_test_ms() + BALINT_TEST_MS;
    while ((open[0] = balint_ws_open(&evening->server.to, &status)) == NULL && balint_test_ms() < deadline)
        usleep(10000);
    assert_non_null(open[0]);
    for (int i = 0; i < count; i++)
        balint_ws_close(open[i]);
}

#define TEST(name, begin_) cmocka_unit_test_setup_teardown(name, begin_, end)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(wrong_messages_are_answered_by_name, begin),
        TEST(oversized_messages_are_not_read, begin),
        TEST(what_is_no_text_ends_the_connection, begin),
        TEST(too_many_wrong_messages_end_the_connection, begin),
        TEST(too_frequent_messages_are_not_read, begin),
        TEST(who_does_not_read_is_dropped, begin_tight),
        TEST(a_first_message_is_waited_for_five_seconds, begin),
        TEST(a_silent_connection_is_given_up, begin_impatient),
        TEST(an_address_has_so_many_connections, begin_tight),
    };
    alarm(240);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
