/* protocol_golden.c - hand-written messages, and what each of them says.
 *
 * The table is not asked here: the texts are the files that the fuzzer starts from
 * (tests/fuzz/corpus/decode), written by hand as PROTOCOL.md describes them, and the values stand below. Each
 * is encoded again to the very same text, so that the wire cannot change unnoticed.
 */
#include "protocol/messages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct balint_message m;

static size_t read_file(const char *name, char *text, size_t size)
{
    char path[512];
    snprintf(path, sizeof path, "%s/tests/fuzz/corpus/decode/%s.json", BALINT_SOURCE_DIR, name);
    FILE *file = fopen(path, "r");
    if (!file) {
        fail_msg("no %s", path);
    }
    size_t length = fread(text, 1, size - 1, file);
    fclose(file);
    while (length && text[length - 1] == '\n') {
        length--;
    }
    text[length] = '\0';
    return length;
}

/* Decodes a file into `m`, and encodes it again to the same text. */
static void take(const char *name, enum balint_way way, enum balint_type type)
{
    char text[BALINT_STATE_SIZE + 1];
    struct balint_error error;
    size_t length = read_file(name, text, sizeof text), again_length = 0;
    if (!balint_decode(text, length, way, &m, &error)) {
        fail_msg("%s: %s at %s: %s", name, error.code, error.field, error.text);
    }
    assert_int_equal(m.type, type);
    char *again = balint_encode(&m, way, &again_length);
    assert_non_null(again);
    assert_string_equal(again, text);
    assert_int_equal(again_length, length);
    free(again);
}

static void to_server(const char *name, enum balint_type type, int64_t id)
{
    take(name, BALINT_TO_SERVER, type);
    assert_int_equal(m.id, id);
    assert_int_equal(m.re, 0);
}

static void to_client(const char *name, enum balint_type type, int64_t re)
{
    take(name, BALINT_TO_CLIENT, type);
    assert_int_equal(m.re, re);
    assert_int_equal(m.id, 0);
}

/* `bytes` are count numbers rising from `first`. */
static void assert_rising(const uint8_t *bytes, size_t length, size_t count, uint8_t first)
{
    assert_int_equal(length, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(bytes[i], (uint8_t)(first + i));
    }
}
#define RISING(field, count, first) assert_rising((field).data, (field).length, count, first)
#define SAYS(field, text)                                                                                    \
    (assert_int_equal((field).length, sizeof(text) - 1),                                                     \
     assert_memory_equal((field).data, text, sizeof(text) - 1))

static void before_a_seat(void **state)
{
    (void)state;
    to_server("knock", BALINT_MSG_KNOCK, 1);
    assert_string_equal(m.knock.group, "Tuesday Circle, Łódź");
    SAYS(m.knock.token, "\xfb\xff\xbf door token");
    to_server("hello", BALINT_MSG_HELLO, 2);
    SAYS(m.hello.certificate, "certificate");
    SAYS(m.hello.device, "device");
    SAYS(m.hello.join, "join");
    to_server("resume", BALINT_MSG_RESUME, 1);
    assert_string_equal(m.resume.group, "tuesday");
    RISING(m.resume.secret, 32, 0);
    to_server("nonce", BALINT_MSG_NONCE, 1);
    to_server("found", BALINT_MSG_FOUND, 2);
    assert_string_equal(m.found.group, "tuesday");
    assert_string_equal(m.found.code, "7KQ2-M9XA");
    RISING(m.found.root, 32, 1);
    RISING(m.found.signature, 64, 2);
    to_server("mint", BALINT_MSG_MINT, 2);
    assert_int_equal(m.mint.certificate_count, 3);
    SAYS(m.mint.certificates[0], "one");
    SAYS(m.mint.certificates[2], "three");
    RISING(m.mint.signature, 64, 3);
    to_server("revoke", BALINT_MSG_REVOKE, 2);
    assert_string_equal(m.revoke.member, "m-0a1b");
    assert_int_equal(m.revoke.serial, 1700000000);
    RISING(m.revoke.signature, 64, 4);
}

static void asks(const char *name, enum balint_type type, int64_t id, int seat, int value)
{
    to_server(name, type, id);
    assert_int_equal(m.act.seat, seat);
    assert_int_equal(m.act.value, value);
}

/* What is not in the message is BALINT_NOBODY and 0. */
static void requests_of_a_session(void **state)
{
    (void)state;
    to_server("join", BALINT_MSG_JOIN, 3);
    SAYS(m.join.join, "a later join");
    to_server("admit", BALINT_MSG_ADMIT, 4);
    SAYS(m.admit.roster, "a roster");
    asks("present", BALINT_MSG_PRESENT, 5, 3, 0);
    asks("present-nobody", BALINT_MSG_PRESENT, 6, BALINT_NOBODY, 0);
    asks("volunteer", BALINT_MSG_VOLUNTEER, 20, BALINT_NOBODY, 1);
    asks("agree", BALINT_MSG_AGREE, 21, BALINT_NOBODY, 0);
    asks("phase", BALINT_MSG_PHASE, 7, BALINT_NOBODY, 5);
    asks("step-back", BALINT_MSG_STEP_BACK, 8, BALINT_NOBODY, BALINT_LEADERS_ONLY);
    asks("step-back-as-agreed", BALINT_MSG_STEP_BACK, 8, BALINT_NOBODY, 0);
    asks("invite-back", BALINT_MSG_INVITE_BACK, 9, BALINT_NOBODY, 0);
    asks("return", BALINT_MSG_RETURN, 10, BALINT_NOBODY, 1);
    asks("ask-return", BALINT_MSG_ASK_RETURN, 11, BALINT_NOBODY, 1);
    asks("hand", BALINT_MSG_HAND, 12, BALINT_NOBODY, 1);
    asks("hand-lowered", BALINT_MSG_HAND, 13, 15, 0);
    asks("mute", BALINT_MSG_MUTE, 14, BALINT_NOBODY, 1);
    asks("mute-for-cause", BALINT_MSG_MUTE_FOR_CAUSE, 15, 4, 1);
    asks("away", BALINT_MSG_AWAY, 16, BALINT_NOBODY, 1);
    asks("sit-out", BALINT_MSG_SIT_OUT, 17, BALINT_NOBODY, 0);
    asks("shared", BALINT_MSG_SHARED, 24, BALINT_NOBODY, 1);
    asks("end-at", BALINT_MSG_END_AT, 25, BALINT_NOBODY, 90);
    asks("after-room", BALINT_MSG_AFTER_ROOM, 26, BALINT_NOBODY, 1);
    asks("turn", BALINT_MSG_TURN, 22, BALINT_NOBODY, 0);
    asks("round", BALINT_MSG_ROUND, 23, BALINT_NOBODY, BALINT_ROUND_NEXT);
    asks("lead", BALINT_MSG_LEAD, 18, 1, 0);
    to_server("format", BALINT_MSG_FORMAT, 9);
    assert_string_equal(m.choice.format, "two-cases");
    asks("lock", BALINT_MSG_LOCK, 19, BALINT_NOBODY, 1);
    asks("leave", BALINT_MSG_LEAVE, 2147483647, BALINT_NOBODY, 0);
    to_server("ping", BALINT_MSG_PING, 0);
    assert_true(m.ping.sent == INT64_C(9007199254740991));
}

static void an_sdp(int seat, const char *setup)
{
    assert_int_equal(m.sdp.seat, seat);
    assert_int_equal(m.sdp.generation, 1);
    assert_string_equal(m.sdp.ufrag, "aB+/");
    assert_string_equal(m.sdp.pwd, "abcdefghijklmnopqrstuv");
    assert_int_equal(strlen(m.sdp.fingerprint), 95);
    assert_memory_equal(m.sdp.fingerprint, "00:08:10:18", 11);
    assert_string_equal(m.sdp.setup, setup);
    assert_int_equal(m.sdp.opus.payload, 96);
    assert_string_equal(m.sdp.opus.params, "minptime=10;useinbandfec=1;cbr=1");
    assert_int_equal(m.sdp.vp8.payload, 97);
    assert_string_equal(m.sdp.vp8.params, "");
    RISING(m.sdp.signature, 64, 5);
}

/* `to` from a client and `from` from the server are the same seat of the struct. */
static void links(void **state)
{
    (void)state;
    to_server("offer", BALINT_MSG_OFFER, 0);
    an_sdp(2, "actpass");
    to_client("offer-from", BALINT_MSG_OFFER, 0);
    an_sdp(2, "actpass");
    to_server("answer", BALINT_MSG_ANSWER, 0);
    an_sdp(2, "active");
    to_client("answer-from", BALINT_MSG_ANSWER, 0);
    an_sdp(2, "passive");
    to_server("candidate", BALINT_MSG_CANDIDATE, 0);
    assert_int_equal(m.candidate.seat, 0);
    assert_int_equal(m.candidate.generation, 2);
    assert_string_equal(m.candidate.foundation, "1");
    assert_int_equal(m.candidate.priority, 2122260223);
    assert_string_equal(m.candidate.address, "192.0.2.7");
    assert_int_equal(m.candidate.port, 50000);
    assert_string_equal(m.candidate.kind, "host");
    assert_string_equal(m.candidate.related_address, "");
    to_client("candidate-from", BALINT_MSG_CANDIDATE, 0);
    assert_int_equal(m.candidate.seat, 15);
    assert_int_equal(m.candidate.mline, 1);
    assert_int_equal(m.candidate.component, 2);
    assert_string_equal(m.candidate.protocol, "tcp");
    assert_int_equal(m.candidate.priority, INT64_C(4294967295));
    assert_string_equal(m.candidate.related_address, "10.0.0.1");
    assert_int_equal(m.candidate.related_port, 65535);
    to_server("link", BALINT_MSG_LINK, 0);
    assert_int_equal(m.link.generation, 2147483647);
    assert_int_equal(m.link.event, BALINT_LINK_REMAKE);
    to_client("link-from", BALINT_MSG_LINK, 0);
    assert_int_equal(m.link.seat, 3);
    assert_int_equal(m.link.event, BALINT_LINK_MISMATCH);
    to_server("pass", BALINT_MSG_PASS, 0);
    assert_int_equal(m.pass.seat, 5);
    RISING(m.pass.pass, 192, 0);
    to_client("pass-from", BALINT_MSG_PASS, 0);
    assert_int_equal(m.pass.seat, 0);
    RISING(m.pass.pass, 92, 9);
    assert_int_equal(m.pass.grant.length, 0);
    to_client("pass-deputy", BALINT_MSG_PASS, 0);
    RISING(m.pass.pass, 92, 9);
    RISING(m.pass.grant, 100, 3);
    to_server("report", BALINT_MSG_REPORT, 0);
    assert_int_equal(m.report.seat, 0);
    RISING(m.report.envelope, 256, 0);
    to_client("report-from", BALINT_MSG_REPORT, 0);
    assert_int_equal(m.report.seat, 7);
    RISING(m.report.envelope, 256, 9);
}

static void answers_of_the_server(void **state)
{
    (void)state;
    to_client("door", BALINT_MSG_DOOR, 1);
    RISING(m.door.session, 16, 0);
    RISING(m.door.nonce, 32, 6);
    RISING(m.door.root, 32, 1);
    to_client("door-first", BALINT_MSG_DOOR, 1);
    assert_int_equal(m.door.session.length, 0);
    to_client("welcome", BALINT_MSG_WELCOME, 2);
    assert_string_equal(m.welcome.boot, "0123456789abcdef");
    assert_int_equal(m.welcome.seat, 2);
    RISING(m.welcome.secret, 32, 7);
    assert_int_equal(m.welcome.epoch, 1);
    to_client("person", BALINT_MSG_PERSON, 0);
    assert_int_equal(m.person.seat, 2);
    assert_int_equal(m.person.epoch, INT64_C(4294967295));
    to_client("roster", BALINT_MSG_ROSTER, 0);
    SAYS(m.roster.roster, "a roster");
    to_client("crib", BALINT_MSG_CRIB, 0);
    assert_int_equal(m.crib.count, 2);
    assert_string_equal(m.crib.cards[1].text, "Mi van a \"csendben\"?");
    to_client("challenge", BALINT_MSG_CHALLENGE, 1);
    RISING(m.challenge.nonce, 32, 8);
    to_client("tokens", BALINT_MSG_TOKENS, 2);
    assert_int_equal(m.tokens.token_count, 2);
    SAYS(m.tokens.tokens[1], "second");
    to_client("done", BALINT_MSG_DONE, 2);
    to_client("pong", BALINT_MSG_PONG, 0);
    assert_int_equal(m.pong.clock_ms, 12345);
    to_client("error", BALINT_MSG_ERROR, 7);
    assert_string_equal(m.error.code, "illegal-edge");
    assert_string_equal(m.error.field, "phase");
    to_client("displaced", BALINT_MSG_DISPLACED, 0);
    assert_string_equal(m.bye.code, "displaced");
    to_client("bye", BALINT_MSG_BYE, 0);
    assert_string_equal(m.bye.code, "shutdown");
}

static void a_state_whole(void **state)
{
    (void)state;
    const struct balint_state *s = &m.state;
    to_client("state", BALINT_MSG_STATE, 7);
    assert_string_equal(s->boot, "0123456789abcdef");
    assert_int_equal(s->number, 12);
    assert_int_equal(s->clock_ms, 1834500);
    assert_string_equal(s->session, "000102030405060708090a0b0c0d0e0f");
    assert_true(s->admitted && s->led && s->hears);
    assert_int_equal(s->roster, 4);
    assert_int_equal(s->format.count, 3);
    assert_string_equal(s->format.phases[0].guidance, "The presenter tells the \"story\".");
    assert_int_equal(s->format.phases[0].minutes, 15);
    assert_int_equal(s->format.phases[0].turn, BALINT_TURN_PRESENTER);
    assert_int_equal(s->format.phases[0].part, BALINT_PART_CASE);
    assert_int_equal(s->format.phases[0].presenter, BALINT_IN_CIRCLE);
    assert_int_equal(s->format.phases[0].loops, 1 << 2);
    assert_int_equal(s->format.phases[1].turn, BALINT_TURN_ALL_BUT_PRESENTER);
    assert_int_equal(s->format.phases[1].presenter, BALINT_ASIDE);
    assert_int_equal(s->format.phases[1].part, BALINT_PART_PLAIN);
    assert_int_equal(s->format.phases[1].loops, 1 << 0);
    assert_int_equal(s->format.phases[2].loops, 0);
    assert_int_equal(s->format.phases[2].minutes, 0);
    assert_int_equal(s->format.phases[2].part, BALINT_PART_CORRIDOR);
    assert_int_equal(s->phase, 1);
    assert_int_equal(s->phase_since_ms, 1200000);
    assert_int_equal(s->past_count, 2);
    assert_int_equal(s->past[0].presenter, BALINT_NOBODY);
    assert_int_equal(s->past[1].phase, 2);
    assert_int_equal(s->past[1].since_ms, 600000);
    assert_int_equal(s->past[1].presenter, 2);
    assert_int_equal(s->leads, 0);
    assert_int_equal(s->presenter, 2);
    assert_int_equal(s->proposed, 1);
    assert_true(s->stepped_back && s->asked && !s->invited);
    assert_int_equal(s->place, BALINT_ASIDE);
    assert_int_equal(s->seat_count, 5);
    assert_int_equal(s->seats[1].role, BALINT_CO_LEADER);
    assert_false(s->seats[1].connected);
    assert_true(s->seats[1].volunteers && !s->seats[0].volunteers);
    assert_int_equal(s->seats[1].lost_ms, 1830000);
    assert_string_equal(s->help, "+36 1 234 5678");
    assert_int_equal(s->ends_ms, 5400000);
    assert_true(s->unsaved);
    assert_int_equal(s->follow_up_count, 2);
    assert_string_equal(s->follow_ups[1].name, "Dan");
    assert_string_equal(s->follow_ups[1].due, "2026-12-03");
    assert_true(s->seats[1].shared && !s->seats[2].shared);
    assert_true(s->seats[4].after_room && !s->seats[0].after_room);
    assert_true(s->round && s->seats[0].had_turn && !s->seats[1].had_turn);
    assert_int_equal(s->seats[1].turn, 2);
    assert_int_equal(s->seats[2].turn, 1);
    assert_int_equal(s->seats[0].turn, 0);
    assert_string_equal(s->seats[2].name, "Chloë \\ 陳");
    assert_true(s->seats[2].muted && s->seats[2].dimmed && !s->seats[2].heard);
    assert_int_equal(s->seats[2].hand_ms, 1);
    assert_int_equal(s->seats[3].seat, 4);
    assert_true(s->seats[3].muted_for_cause && s->seats[3].away && s->seats[3].sitting_out);
    assert_int_equal(s->seats[3].seen, BALINT_SEEN_BY_NOBODY);
    assert_int_equal(s->seats[4].role, BALINT_OBSERVER);
    assert_int_equal(s->seats[4].seen, BALINT_SEEN_BY_LEADERS);
    assert_int_equal(s->lobby_count, 1);
    assert_string_equal(s->lobby[0].member, "finn");
    to_client("state-lobby", BALINT_MSG_STATE, 0);
    assert_false(s->admitted || s->unsaved);
    assert_int_equal(s->format.count, 0);
    assert_int_equal(s->leads, BALINT_NOBODY);
    assert_int_equal(s->presenter, BALINT_NOBODY);
    assert_int_equal(s->proposed, BALINT_NOBODY);
    assert_int_equal(s->seat_count, 0);
}

/* Who may send what, as BALINT.md's roles say. */
static void who_may_send(void **state)
{
    (void)state;
    unsigned leaders = BALINT_FROM_LEADER, speakers = BALINT_FROM_LEADER | BALINT_FROM_MEMBER;
    static const enum balint_type for_leaders[] = {
        BALINT_MSG_PRESENT,     BALINT_MSG_PHASE,          BALINT_MSG_STEP_BACK,
        BALINT_MSG_INVITE_BACK, BALINT_MSG_MUTE_FOR_CAUSE, BALINT_MSG_LEAD,
        BALINT_MSG_ROUND,       BALINT_MSG_END_AT,         BALINT_MSG_FORMAT,
    };
    for (size_t i = 0; i < sizeof for_leaders / sizeof *for_leaders; i++) {
        assert_int_equal(balint_message_from(for_leaders[i]), leaders);
    }
    assert_int_equal(balint_message_from(BALINT_MSG_RETURN), speakers);
    assert_int_equal(balint_message_from(BALINT_MSG_HAND), speakers);
    assert_int_equal(balint_message_from(BALINT_MSG_VOLUNTEER), speakers);
    assert_int_equal(balint_message_from(BALINT_MSG_AGREE), speakers);
    assert_int_equal(balint_message_from(BALINT_MSG_TURN), speakers);
    assert_int_equal(balint_message_from(BALINT_MSG_SHARED), speakers);
    assert_int_equal(balint_message_from(BALINT_MSG_AFTER_ROOM), BALINT_FROM_LEADER | BALINT_FROM_OBSERVER);
    assert_int_equal(balint_message_from(BALINT_MSG_CRIB), BALINT_FROM_SERVER);
    assert_int_equal(balint_message_from(BALINT_MSG_AWAY), BALINT_FROM_ADMITTED);
    /* from the lobby under a pass: room-look */
    assert_int_equal(balint_message_from(BALINT_MSG_OFFER), BALINT_FROM_SEATED | BALINT_FROM_SERVER);
    assert_int_equal(balint_message_from(BALINT_MSG_PASS), BALINT_FROM_LEADER | BALINT_FROM_SERVER);
    assert_int_equal(balint_message_from(BALINT_MSG_REPORT), BALINT_FROM_ADMITTED | BALINT_FROM_SERVER);
    assert_int_equal(balint_message_from(BALINT_MSG_HELLO), BALINT_FROM_STRANGER);
    assert_int_equal(balint_message_from(BALINT_MSG_STATE), BALINT_FROM_SERVER);
    assert_int_equal(balint_message_from(BALINT_MSGS), 0);
    assert_string_equal(balint_message_name(BALINT_MSGS), "?");
    assert_string_equal(balint_message_name(BALINT_MSG_MUTE_FOR_CAUSE), "mute-for-cause");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_a_seat), cmocka_unit_test(requests_of_a_session),
        cmocka_unit_test(links),         cmocka_unit_test(answers_of_the_server),
        cmocka_unit_test(a_state_whole), cmocka_unit_test(who_may_send),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
