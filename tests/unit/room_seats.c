/* room_seats.c - seats through outages: resume, newer sockets, another device, a full group, leaving. */
#include "room_support.h"

static void a_seat_in_the_discussion(struct circle *c)
{
    circle_open(c);
    begin_a_case(c->leader, c->anna);
    for (int phase = 1; phase <= 5; phase++)
        assert_true(act(c->leader, BALINT_MSG_PHASE, BALINT_NOBODY, phase, 2));
    assert_true(c->anna->state.stepped_back);
    forget_all(&c->room);
}

static void a_lost_socket_resumes_with_everything(void **state)
{
    (void)state;
    struct circle c;
    a_seat_in_the_discussion(&c);
    struct balint_welcome before = c.anna->welcome;
    uint32_t number = c.anna->state.number;
    assert_true(act(c.anna, BALINT_MSG_ASK_RETURN, BALINT_NOBODY, 1, 7));
    lose(c.anna);
    assert_false(balint_state_seat_of(&c.bert->state, before.seat)->connected);
    assert_int_not_equal(balint_state_seat_of(&c.bert->state, before.seat)->lost_ms, 0);
    assert_int_equal(c.bert->state.presenter, before.seat);
    assert_true(c.bert->state.stepped_back);

    pass_seconds(&c.room, 300);
    forget_all(&c.room);
    assert_true(say_resume(c.anna, &before.secret));
    assert_int_equal(c.anna->welcome.seat, before.seat);
    assert_int_equal(c.anna->welcome.epoch, before.epoch); /* the same process */
    assert_string_equal(c.anna->welcome.boot, ROOM_BOOT);
    assert_memory_not_equal(&c.anna->welcome.secret, &before.secret, sizeof before.secret);
    assert_true(c.anna->state.admitted && c.anna->state.stepped_back && c.anna->state.asked);
    assert_int_equal(c.anna->state.presenter, before.seat);
    assert_int_equal(balint_state_seat_of(&c.anna->state, before.seat)->role, BALINT_MEMBER);
    assert_false(balint_state_i_hear(&c.bert->state, before.seat));
    assert_true(c.anna->state.number > number); /* never falls within a boot */
    assert_true(balint_state_seat_of(&c.bert->state, before.seat)->connected);
    /* Told everything anew: the others, the roster, the state; in this order. */
    assert_int_equal(count_got(c.anna, BALINT_MSG_PERSON), 6);
    assert_int_equal(count_got(c.anna, BALINT_MSG_ROSTER), 1);
    assert_int_equal(count_got(c.anna, BALINT_MSG_STATE), 1);
    assert_int_equal(c.anna->inbox->message.type, BALINT_MSG_WELCOME);
    assert_int_equal(c.anna->inbox->message.re, 3);
    assert_int_equal(c.anna->last->message.type, BALINT_MSG_STATE);
    circle_close(&c);
}

/* The first state after a welcome is 1; then each is one more than the last. */
static void numbers_rise_by_one(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    struct program *late = program_new(&c.room, "late", BALINT_MEMBER, 30);
    assert_true(say_hello(late, NULL));
    assert_int_equal(late->state.number, 1);
    assert_true(admit_one(c.leader, late));
    assert_int_equal(late->state.number, 2);
    for (int i = 0; i < 20; i++) {
        act(c.bert, BALINT_MSG_HAND, BALINT_NOBODY, (i + 1) % 2, 9);
        assert_int_equal(late->state.number, 3 + i);
    }
    circle_close(&c);
}

static void the_previous_secret_is_good_until_the_new_one_was_used(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    struct balint_resume_bytes first = c.bert->welcome.secret, second, third, fourth;
    lose(c.bert);
    assert_true(say_resume(c.bert, &first));
    second = c.bert->welcome.secret;
    lose(c.bert); /* the welcome was lost with the line: the program still knows the first */
    assert_true(say_resume(c.bert, &first));
    third = c.bert->welcome.secret;
    lose(c.bert);
    assert_false(say_resume(c.bert, &second)); /* never used, replaced */
    ERROR_IS(c.bert, "unknown-secret");
    assert_true(say_resume(c.bert, &third));
    fourth = c.bert->welcome.secret;
    lose(c.bert);
    assert_false(say_resume(c.bert, &first)); /* the new one was used */
    ERROR_IS(c.bert, "unknown-secret");
    assert_true(say_resume(c.bert, &third));
    lose(c.bert);
    assert_false(say_resume(c.bert, &fourth));
    /* No secret at all, and a made-up one. */
    struct balint_resume_bytes made_up = {.length = BALINT_RESUME_SIZE}, empty = {.length = 0};
    assert_false(say_resume(c.bert, &made_up));
    assert_false(say_resume(c.bert, &empty));
    circle_close(&c);
}

static void secrets_are_bound_to_seat_and_process(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    struct balint_resume_bytes berts = c.bert->welcome.secret;
    int seat = c.bert->welcome.seat;
    lose(c.bert);
    struct program *again = program_again(&c.room, c.bert, 4); /* the program was started anew */
    assert_true(say_hello(again, NULL));
    assert_int_equal(again->welcome.seat, seat);
    assert_true(again->state.admitted);
    assert_false(say_resume(c.bert, &berts)); /* the old one still runs somewhere: it is told, and ends */
    assert_true(c.bert->closed);
    assert_string_equal(c.bert->bye, "displaced");
    assert_false(again->closed);
    berts.data[0] ^= 1;
    assert_false(say_resume(c.bert, &berts));
    ERROR_IS(c.bert, "unknown-secret");
    circle_close(&c);
}

static void a_second_socket_displaces_the_first(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    balint_conn old = c.bert->conn;
    struct balint_resume_bytes secret = c.bert->welcome.secret;
    struct program *parallel = program_again(&c.room, c.bert, 4);
    assert_true(say_resume(parallel, &secret)); /* before the first is known to be lost */
    assert_true(c.bert->closed);
    assert_string_equal(c.bert->bye, "displaced");
    assert_int_equal(count_got(c.bert, BALINT_MSG_DISPLACED), 1);
    assert_int_equal(parallel->welcome.epoch, c.bert->welcome.epoch);
    assert_true(balint_state_seat_of(&c.anna->state, parallel->welcome.seat)->connected);
    /* The end of the old socket, told later, disconnects nobody. */
    forget_all(&c.room);
    balint_room_closed(c.room.room, old, c.room.now_us);
    balint_room_closed(c.room.room, 0, c.room.now_us);
    balint_room_closed(c.room.room, 123456, c.room.now_us);
    deliver(&c.room);
    assert_int_equal(count_got(c.anna, BALINT_MSGS), 0);
    assert_true(act(parallel, BALINT_MSG_HAND, BALINT_NOBODY, 1, 4));

    /* A new process on the same device, while the old one still runs. */
    struct program *newer = program_again(&c.room, c.bert, 4);
    assert_true(say_hello(newer, NULL));
    assert_true(parallel->closed);
    assert_string_equal(parallel->bye, "displaced");
    assert_true(newer->state.admitted);
    assert_int_equal(newer->welcome.epoch, parallel->welcome.epoch + 1);
    assert_int_not_equal(balint_state_seat_of(&newer->state, newer->state.you)->hand_ms, 0); /* flags stay */
    circle_close(&c);
}

/* The phone: it waits in the lobby until a leader has let it in; until then the old device stays. */
static void another_device_waits_for_a_leader(void **state)
{
    (void)state;
    struct circle c;
    a_seat_in_the_discussion(&c);
    int seat = c.anna->welcome.seat;
    uint32_t epoch = (uint32_t)c.anna->welcome.epoch, number = c.bert->state.number;
    struct program *phone = program_again(&c.room, c.anna, 33);
    assert_true(say_hello(phone, NULL));
    assert_false(phone->state.admitted);
    assert_false(c.anna->closed);
    assert_true(act(c.anna, BALINT_MSG_MUTE, BALINT_NOBODY, 1, 1));
    assert_true(act(c.anna, BALINT_MSG_MUTE, BALINT_NOBODY, 0, 1));
    assert_int_equal(c.bert->state.number, number + 2); /* the mute; nothing of the phone */
    /* Leaders see it at the door, and have its records. */
    assert_int_equal(c.leader->state.lobby_count, 2);
    int waiting = phone->welcome.seat;
    assert_int_not_equal(waiting, seat);
    assert_memory_equal(&c.leader->people[waiting].device, &phone->hello.device, sizeof phone->hello.device);
    assert_memory_equal(&c.leader->people[seat].device, &c.anna->hello.device, sizeof c.anna->hello.device);

    forget_all(&c.room);
    assert_true(admit_one(c.leader, phone));
    assert_true(c.anna->closed);
    assert_string_equal(c.anna->bye, "displaced");
    assert_true(phone->closed); /* its program comes back by itself */
    assert_string_equal(phone->bye, "moved");
    assert_true(say_resume(phone, &phone->welcome.secret));
    assert_int_equal(phone->welcome.seat, seat);
    assert_int_equal(phone->welcome.epoch, epoch + 1);
    assert_true(phone->state.admitted && phone->state.stepped_back);
    assert_int_equal(phone->state.presenter, seat);
    assert_null(balint_state_seat_of(&c.bert->state, waiting));
    assert_memory_equal(&c.bert->people[seat].device, &phone->hello.device, sizeof phone->hello.device);
    assert_int_equal(c.bert->people[seat].epoch, epoch + 1);
    /* Should what it was told have been lost, it is told again: it must not come back and take over in its
     * turn. */
    forget_all(&c.room);
    assert_false(say_resume(c.anna, &c.anna->welcome.secret));
    assert_true(c.anna->closed);
    assert_int_equal(count_got(c.anna, BALINT_MSG_DISPLACED), 1);
    /* Now the phone is what comes back by itself, and the computer waits. */
    lose(phone);
    assert_true(say_hello(phone, NULL));
    assert_true(phone->state.admitted);
    assert_true(say_hello(c.anna, NULL));
    assert_false(c.anna->state.admitted);
    assert_false(phone->closed);
    circle_close(&c);
}

static void a_lone_leaders_phone_opens_when_the_computer_is_gone(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    lose(c.co_leader);
    struct program *phone = program_again(&c.room, c.leader, 34);
    assert_true(say_hello(phone, NULL));
    assert_false(phone->state.admitted);
    assert_null(find_got(phone, BALINT_MSG_ROSTER));
    assert_true(admit_one(phone, phone)); /* no: a leader is here, on the computer */
    ERROR_IS(phone, "not-admitted");
    lose(c.leader);
    assert_non_null(find_got(phone, BALINT_MSG_ROSTER));
    assert_true(admit_one(phone, phone));
    assert_string_equal(phone->bye, "moved");
    assert_true(say_resume(phone, &phone->welcome.secret));
    assert_true(phone->state.admitted && phone->state.led);
    assert_int_equal(phone->welcome.seat, c.leader->welcome.seat);
    assert_int_equal(phone->state.leads, phone->welcome.seat);
    circle_close(&c);
}

static void the_group_is_full(void **state)
{
    (void)state;
    struct circle c;
    struct program *more[BALINT_SEATS];
    circle_open(&c); /* seven seats */
    for (int i = 7; i < BALINT_SEATS; i++) {
        char name[32];
        snprintf(name, sizeof name, "m%d", i);
        more[i] = program_new(&c.room, name, BALINT_MEMBER, (uint8_t)(40 + i));
        assert_true(say_hello(more[i], NULL));
    }
    struct program *late = program_new(&c.room, "late", BALINT_MEMBER, 99);
    struct balint_session before = *balint_room_session(c.room.room);
    forget_all(&c.room);
    assert_false(say_hello(late, NULL));
    ERROR_IS(late, "full");
    assert_int_equal(find_got(late, BALINT_MSG_ERROR)->message.re, 2);
    assert_memory_equal(balint_room_session(c.room.room), &before, sizeof before);
    assert_int_equal(count_got(c.leader, BALINT_MSGS), 0);
    /* A chair of somebody who was in is kept, through any outage … */
    lose(c.bert);
    assert_false(say_hello(late, NULL));
    ERROR_IS(late, "full");
    /* … that of somebody who was never admitted and has gone is not: the one who has been gone longest goes.
     */
    lose(more[9]);
    c.room.now_us += SECOND;
    lose(more[12]);
    assert_true(say_hello(late, NULL));
    assert_int_equal(late->welcome.seat, more[9]->welcome.seat);
    assert_true(late->welcome.epoch > more[9]->welcome.epoch); /* no (seat, epoch) twice */
    assert_false(say_resume(more[9], &more[9]->welcome.secret));
    assert_true(say_resume(more[12], &more[12]->welcome.secret));
    assert_true(say_resume(c.bert, &c.bert->welcome.secret));
    assert_true(c.bert->state.admitted);
    circle_close(&c);
}

static void leaving(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    struct balint_message leave = {.type = BALINT_MSG_LEAVE, .id = 77};
    int at_door = c.door->welcome.seat, bert = c.bert->welcome.seat;
    assert_true(say(c.door, &leave));
    assert_true(c.door->closed);
    assert_string_equal(c.door->bye, "left");
    assert_int_equal(find_got(c.door, BALINT_MSG_BYE)->message.re, 77);
    assert_false(balint_room_session(c.room.room)->seats[at_door].taken);
    assert_true(say(c.bert, &leave));
    assert_string_equal(c.bert->bye, "left");
    assert_true(balint_room_session(c.room.room)->seats[bert].taken);
    assert_false(balint_state_seat_of(&c.anna->state, bert)->connected);
    assert_true(say_hello(c.bert, NULL)); /* by mistake: back by the roster */
    assert_true(c.bert->state.admitted);
    assert_int_equal(c.bert->welcome.seat, bert);

    struct program *all[] = {c.leader, c.co_leader, c.anna, c.bert, c.carl, c.watcher};
    for (int i = 0; i < 6; i++) {
        assert_false(balint_room_over(c.room.room, c.room.now_us));
        if (i == 2)
            lose(all[i]); /* no `leave`: may come back */
        else
            say(all[i], &leave);
    }
    assert_false(balint_room_over(c.room.room, c.room.now_us));
    assert_true(say_resume(c.anna, &c.anna->welcome.secret));
    say(c.anna, &leave);
    assert_true(balint_room_over(c.room.room, c.room.now_us));
    circle_close(&c);
}

static void an_evening_ends_after_twelve_hours(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    lose(c.carl);
    c.room.now_us += INT64_C(12) * 3600 * SECOND - 2 * SECOND;
    pass_seconds(&c.room, 1);
    assert_false(c.leader->closed);
    assert_false(balint_room_over(c.room.room, c.room.now_us));
    pass_seconds(&c.room, 1);
    assert_true(c.leader->closed && c.anna->closed && c.door->closed);
    assert_string_equal(c.anna->bye, "ended");
    assert_true(balint_room_over(c.room.room, c.room.now_us));
    circle_close(&c);
}

static void an_empty_room_is_over(void **state)
{
    (void)state;
    struct room room;
    room_open(&room);
    assert_true(balint_room_over(room.room, room.now_us));
    struct program *anna = program_new(&room, "anna", BALINT_MEMBER, 1);
    assert_true(say_hello(anna, NULL));
    assert_false(balint_room_over(room.room, room.now_us));
    lose(anna);
    assert_true(balint_room_over(room.room, room.now_us));
    room_close(&room);
}

static void revoked_people_go(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    struct program *phone = program_again(&c.room, c.bert, 50);
    phone->certificate.serial = 9;
    phone->hello.certificate.length =
        (uint16_t)balint_certificate_make(&phone->certificate, &c.room.root, phone->hello.certificate.data);
    assert_true(say_hello(phone, NULL));
    balint_room_revoke(c.room.room, "bert", 5, c.room.now_us); /* below this serial: nobody */
    balint_room_revoke(c.room.room, "nobody", 99, c.room.now_us);
    deliver(&c.room);
    assert_false(c.bert->closed || phone->closed);
    balint_room_revoke(c.room.room, "bert", 9, c.room.now_us);
    deliver(&c.room);
    assert_string_equal(c.bert->bye, "revoked");
    assert_false(phone->closed); /* the renewed invitation is good */
    assert_true(admit_one(c.leader, phone));
    assert_true(phone->state.admitted);
    balint_room_revoke(c.room.room, "bert", UINT64_MAX, c.room.now_us);
    deliver(&c.room);
    assert_string_equal(phone->bye, "revoked");
    circle_close(&c);
}

static void a_hello_that_does_not_fit_takes_no_seat(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    struct balint_session before = *balint_room_session(c.room.room);
    for (int wrong = 0; wrong < 4; wrong++) {
        struct program *p = program_new(&c.room, "new", BALINT_MEMBER, 60);
        struct balint_join_record join = {.nonce = {1}};
        memcpy(join.session, before.id, sizeof join.session);
        balint_hash(p->hello.certificate.data, p->hello.certificate.length, join.certificate_hash);
        if (wrong == 0)
            join.certificate_hash[0] ^= 1;
        if (wrong == 1)
            join.session[0] ^= 1;
        p->hello.join.length = (uint16_t)balint_join_write(&join, p->hello.join.data);
        if (wrong == 2)
            p->hello.join.length--;
        if (wrong == 3)
            p->hello.device.data[0] ^= 1;
        p->conn = ++c.room.conns;
        assert_false(balint_room_hello(c.room.room, p->conn, &p->certificate, &p->hello, 6, c.room.now_us));
        deliver(&c.room);
        ERROR_IS(p, wrong == 1 ? "stale-join" : "bad-join");
        assert_memory_equal(balint_room_session(c.room.room), &before, sizeof before);
    }
    /* One socket, one seat. */
    assert_false(
        balint_room_hello(c.room.room, c.anna->conn, &c.anna->certificate, &c.anna->hello, 6, c.room.now_us));
    struct balint_resume resume = {.group = "tuesday", .secret = c.bert->welcome.secret};
    assert_false(balint_room_resume(c.room.room, c.anna->conn, &resume, 6, c.room.now_us));
    deliver(&c.room);
    assert_int_equal(count_got(c.anna, BALINT_MSG_ERROR), 2);
    assert_false(c.bert->closed);
    circle_close(&c);
}

static bool no_random(uint8_t *bytes, size_t length)
{
    (void)bytes;
    (void)length;
    return false;
}

static void without_randomness_nobody_is_seated(void **state)
{
    (void)state;
    struct room room;
    room_open(&room);
    struct program *leader = program_new(&room, "leader", BALINT_LEADER, 1);
    balint_room_free(room.room);
    room.room = balint_room_new("tuesday", room.root.public_half, balint_format_find("classic"), ROOM_BOOT,
                                no_random, room.now_us);
    assert_false(say_hello(leader, NULL));
    ERROR_IS(leader, "server");
    assert_int_equal(balint_session_find(balint_room_session(room.room), "leader"), BALINT_NOBODY);
    room_close(&room);
}

static void the_server_leaves(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    balint_room_bye(c.room.room, "shutdown", "The server restarts.");
    deliver(&c.room);
    struct program *all[] = {c.leader, c.co_leader, c.anna, c.bert, c.carl, c.watcher, c.door};
    for (int i = 0; i < 7; i++) {
        assert_true(all[i]->closed);
        assert_string_equal(all[i]->bye, "shutdown");
        assert_int_equal(count_got(all[i], BALINT_MSGS), 1);
    }
    assert_false(balint_room_over(c.room.room, c.room.now_us)); /* they will be back */
    balint_room_free(NULL);
    circle_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lost_socket_resumes_with_everything),
        cmocka_unit_test(numbers_rise_by_one),
        cmocka_unit_test(the_previous_secret_is_good_until_the_new_one_was_used),
        cmocka_unit_test(secrets_are_bound_to_seat_and_process),
        cmocka_unit_test(a_second_socket_displaces_the_first),
        cmocka_unit_test(another_device_waits_for_a_leader),
        cmocka_unit_test(a_lone_leaders_phone_opens_when_the_computer_is_gone),
        cmocka_unit_test(the_group_is_full),
        cmocka_unit_test(leaving),
        cmocka_unit_test(an_evening_ends_after_twelve_hours),
        cmocka_unit_test(an_empty_room_is_over),
        cmocka_unit_test(revoked_people_go),
        cmocka_unit_test(a_hello_that_does_not_fit_takes_no_seat),
        cmocka_unit_test(without_randomness_nobody_is_seated),
        cmocka_unit_test(the_server_leaves),
    };
    return cmocka_run_group_tests_name("room-seats", tests, NULL, NULL);
}
