/* room_forward.c - links and reports: what passes between whom, and that nothing passes the lobby's door. */
#include "room_support.h"

static const enum balint_type passing[] = {BALINT_MSG_OFFER, BALINT_MSG_ANSWER, BALINT_MSG_CANDIDATE,
                                           BALINT_MSG_LINK, BALINT_MSG_REPORT};
#define PASSING 5

static struct balint_message make_message(enum balint_type type, int to)
{
    struct balint_message message = {.type = type};
    switch (type) {
    case BALINT_MSG_OFFER:
    case BALINT_MSG_ANSWER:
        message.sdp.seat = to;
        message.sdp.generation = 3;
        strcpy(message.sdp.ufrag, "abcd");
        strcpy(message.sdp.pwd, "abcdefghijklmnopqrstuvwx");
        strcpy(message.sdp.setup, type == BALINT_MSG_OFFER ? "actpass" : "active");
        for (int i = 0; i < 32; i++)
            memcpy(message.sdp.fingerprint + 3 * i, i < 31 ? "A7:" : "A7", i < 31 ? 3 : 2);
        message.sdp.opus.payload = 96;
        message.sdp.vp8.payload = 97;
        message.sdp.signature.length = BALINT_SIGNATURE_SIZE;
        break;
    case BALINT_MSG_CANDIDATE:
        message.candidate =
            (struct balint_candidate){.seat = to, .generation = 3, .component = 1, .priority = 5, .port = 9};
        strcpy(message.candidate.foundation, "1");
        strcpy(message.candidate.protocol, "udp");
        strcpy(message.candidate.address, "192.0.2.1");
        strcpy(message.candidate.kind, "host");
        break;
    case BALINT_MSG_LINK:
        message.link = (struct balint_link_message){.seat = to, .generation = 3, .event = BALINT_LINK_REMAKE};
        break;
    default:
        message.report.seat = to;
        message.report.envelope.length = BALINT_ENVELOPE_SIZE;
        memset(message.report.envelope.data, 0xee, BALINT_ENVELOPE_SIZE);
        break;
    }
    return message;
}

static int seat_in(const struct balint_message *message)
{
    switch (message->type) {
    case BALINT_MSG_OFFER:
    case BALINT_MSG_ANSWER:
        return message->sdp.seat;
    case BALINT_MSG_CANDIDATE:
        return message->candidate.seat;
    case BALINT_MSG_LINK:
        return message->link.seat;
    default:
        return message->report.seat;
    }
}

/* Every message from everybody to every seat: passed to that one person alone, or refused. */
static void everything_from_everybody_to_everybody(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    struct program *phone = program_again(&c.room, c.bert, 70); /* at the door as well */
    struct program *leader_at_door = program_new(&c.room, "late", BALINT_LEADER, 71);
    assert_true(say_hello(phone, NULL));
    assert_true(say_hello(leader_at_door, NULL));
    lose(c.carl);
    struct program *all[] = {c.leader, c.co_leader, c.anna,         c.bert, c.watcher,
                             c.door,   phone,       leader_at_door, c.carl};
    for (int i = 0; i < PASSING; i++)
        for (int from = 0; from < 8; from++)
            for (int to = 0; to < BALINT_SEATS; to++) {
                struct balint_message message = make_message(passing[i], to);
                struct program *receiver = NULL;
                for (int k = 0; k < 9; k++)
                    if (all[k]->welcome.seat == to)
                        receiver = all[k];
                bool inside = from < 5;
                bool there = receiver != NULL && receiver->state.admitted && receiver->conn != 0;
                bool to_self = receiver == all[from];
                bool leader = receiver == c.leader || receiver == c.co_leader || all[from] == c.leader ||
                              all[from] == c.co_leader;
                bool passes = inside && there && !to_self && (passing[i] != BALINT_MSG_REPORT || leader);

                forget_all(&c.room);
                say(all[from], &message);
                for (int k = 0; k < 8; k++) {
                    const struct got *got = find_got(all[k], passing[i]);
                    assert_int_equal(got != NULL, passes && all[k] == receiver);
                    if (got != NULL)
                        assert_int_equal(seat_in(&got->message), all[from]->welcome.seat);
                    if (all[k] != receiver && all[k] != all[from])
                        assert_int_equal(count_got(all[k], BALINT_MSGS), 0);
                }
                if (!passes)
                    ERROR_IS(all[from], !inside   ? "not-admitted"
                                        : to_self ? "no-such-seat"
                                        : !there  ? "not-here"
                                                  : "not-yours");
                else
                    assert_int_equal(count_got(all[from], BALINT_MSGS), 0);
            }
    circle_close(&c);
}

/* Nobody finds out by trying who is at the door: a free seat, the lobby and a lost person answer the same. */
static void the_lobby_cannot_be_felt(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    lose(c.carl);
    char *answer[3];
    const int seats[] = {c.door->welcome.seat, c.carl->welcome.seat, 15};
    for (int i = 0; i < 3; i++) {
        struct balint_message message = make_message(BALINT_MSG_OFFER, seats[i]);
        message.id = 5;
        forget_all(&c.room);
        assert_true(say(c.anna, &message));
        assert_int_equal(count_got(c.anna, BALINT_MSGS), 1);
        answer[i] = strdup(c.anna->inbox->text);
    }
    assert_string_equal(answer[0], answer[1]);
    assert_string_equal(answer[0], answer[2]);
    for (int i = 0; i < 3; i++)
        free(answer[i]);
    circle_close(&c);
}

static void the_content_is_passed_as_it_is(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    for (int i = 0; i < PASSING; i++) {
        struct balint_message message = make_message(passing[i], c.leader->state.you);
        forget_all(&c.room);
        message.id = 12;
        assert_true(say(c.anna, &message));
        struct balint_message want = make_message(passing[i], c.anna->state.you);
        const struct got *got = find_got(c.leader, passing[i]);
        assert_int_equal(got->message.id, 0); /* the sender's own affair */
        assert_int_equal(got->message.re, 0);
        assert_memory_equal(&got->message.sdp, &want.sdp, sizeof want.sdp);
        assert_int_equal(find_got(c.anna, BALINT_MSG_DONE)->message.re, 12);
    }
    circle_close(&c);
}

static void observers_links_and_reports_pass(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    struct balint_message report = make_message(BALINT_MSG_REPORT, c.leader->state.you);
    assert_true(say(c.watcher, &report));
    assert_int_equal(count_got(c.leader, BALINT_MSG_REPORT), 1);
    struct balint_message offer = make_message(BALINT_MSG_OFFER, c.anna->state.you);
    assert_true(say(c.watcher, &offer));
    assert_int_equal(count_got(c.anna, BALINT_MSG_OFFER), 1);
    /* Leaders' cover goes to everybody; a report of one member to another is a mistake of the program. */
    report = make_message(BALINT_MSG_REPORT, c.bert->state.you);
    assert_true(say(c.leader, &report));
    assert_int_equal(count_got(c.bert, BALINT_MSG_REPORT), 1);
    assert_false(say(c.anna, &report));
    ERROR_IS(c.anna, "not-yours");
    circle_close(&c);
}

/* Whoever was at the door before there was a session joins anew, and may be in before that join is on the
 * disk and told: what is signed by it does not come before it. */
static void nothing_overtakes_its_senders_join(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    struct balint_message join = {.type = BALINT_MSG_JOIN};
    join.join.join.length = (uint16_t)balint_join_write(&c.anna->join, join.join.join.data);
    forget_all(&c.room);
    assert_true(balint_room_message(c.room.room, c.anna->conn, &join, c.room.now_us));
    for (int i = 0; i < PASSING; i++) {
        struct balint_message message = make_message(passing[i], c.leader->state.you);
        assert_true(balint_room_message(c.room.room, c.anna->conn, &message, c.room.now_us));
    }
    struct balint_outgoing out;
    assert_false(balint_room_outgoing(c.room.room, &out)); /* as long as the commit lasts */
    deliver(&c.room);
    const struct got *got = c.leader->inbox;
    assert_int_equal(got->message.type, BALINT_MSG_PERSON);
    for (int i = 0; i < PASSING; i++) {
        got = got->next;
        assert_non_null(got);
        assert_int_equal(got->message.type, passing[i]);
    }
    assert_null(got->next);

    /* Once it is told, nothing waits for anything. */
    struct balint_message offer = make_message(BALINT_MSG_OFFER, c.leader->state.you);
    assert_true(balint_room_message(c.room.room, c.anna->conn, &offer, c.room.now_us));
    assert_true(balint_room_outgoing(c.room.room, &out));
    free(out.text);
    circle_close(&c);
}

/* Nothing waits for somebody who is gone. */
static void what_waited_for_who_is_gone_is_dropped(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    struct balint_message join = {.type = BALINT_MSG_JOIN};
    struct balint_message offer = make_message(BALINT_MSG_OFFER, c.leader->state.you);
    join.join.join.length = (uint16_t)balint_join_write(&c.anna->join, join.join.join.data);
    assert_true(balint_room_message(c.room.room, c.anna->conn, &join, c.room.now_us));
    assert_true(balint_room_message(c.room.room, c.anna->conn, &offer, c.room.now_us));
    lose(c.leader); /* delivers; and nothing may be for a socket that is gone */
    assert_int_equal(count_got(c.leader, BALINT_MSG_OFFER), 0);
    circle_close(&c);
}

static void send_candidates(struct program *from, int to, int64_t generation, int count)
{
    struct balint_message message = make_message(BALINT_MSG_CANDIDATE, to);
    message.candidate.generation = generation;
    for (int i = 0; i < count; i++)
        assert_true(say(from, &message)); /* never the link's or the sender's end */
}

static void more_than_a_hundred_candidates_are_left_out(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    int bert = c.bert->state.you;
    send_candidates(c.anna, bert, 1, 100);
    assert_int_equal(count_got(c.bert, BALINT_MSG_CANDIDATE), 100);
    assert_null(last_error(c.anna));
    send_candidates(c.anna, bert, 1, 50);
    assert_int_equal(count_got(c.bert, BALINT_MSG_CANDIDATE), 100);
    ERROR_IS(c.anna, "too-many-candidates");
    assert_int_equal(count_got(c.anna, BALINT_MSG_ERROR), 1); /* said once */
    /* The other side, another person, the next generation have their own hundred. */
    send_candidates(c.bert, c.anna->state.you, 1, 100);
    assert_int_equal(count_got(c.anna, BALINT_MSG_CANDIDATE), 100);
    send_candidates(c.anna, c.carl->state.you, 1, 100);
    assert_int_equal(count_got(c.carl, BALINT_MSG_CANDIDATE), 100);
    send_candidates(c.anna, bert, 2, 101);
    assert_int_equal(count_got(c.bert, BALINT_MSG_CANDIDATE), 200);
    /* Going back to an older generation opens no new hundred. */
    send_candidates(c.anna, bert, 1, 10);
    assert_int_equal(count_got(c.bert, BALINT_MSG_CANDIDATE), 200);
    /* A new process begins its links anew; a resumed one does not. */
    lose(c.bert);
    assert_true(say_resume(c.bert, &c.bert->welcome.secret));
    send_candidates(c.anna, bert, 2, 1);
    assert_int_equal(count_got(c.bert, BALINT_MSG_CANDIDATE), 200);
    lose(c.bert);
    assert_true(say_hello(c.bert, NULL));
    send_candidates(c.anna, bert, 1, 101);
    assert_int_equal(count_got(c.bert, BALINT_MSG_CANDIDATE), 300);
    circle_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_from_everybody_to_everybody),
        cmocka_unit_test(the_lobby_cannot_be_felt),
        cmocka_unit_test(the_content_is_passed_as_it_is),
        cmocka_unit_test(observers_links_and_reports_pass),
        cmocka_unit_test(nothing_overtakes_its_senders_join),
        cmocka_unit_test(what_waited_for_who_is_gone_is_dropped),
        cmocka_unit_test(more_than_a_hundred_candidates_are_left_out),
    };
    return cmocka_run_group_tests_name("room-forward", tests, NULL, NULL);
}
