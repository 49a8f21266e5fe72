/* room_admission.c - rosters: who opens the evening, who admits, who is removed, and what is refused. */
#include "room_support.h"

static const uint8_t chosen[BALINT_SESSION_SIZE] = {9, 8, 7, 6, 5, 4, 3, 2, 1};
static const uint8_t none[BALINT_SESSION_SIZE];

static void the_first_leader_opens_the_evening(void **state)
{
    (void)state;
    struct room room;
    room_open(&room);
    struct program *anna = program_new(&room, "anna", BALINT_MEMBER, 3);
    struct program *leader = program_new(&room, "leader", BALINT_LEADER, 1);

    assert_true(say_hello(anna, NULL));
    assert_false(anna->state.admitted || anna->state.led);
    assert_string_equal(anna->state.session, "00000000000000000000000000000000");
    assert_true(say_hello(leader, chosen));
    assert_string_equal(leader->state.session, "09080706050403020100000000000000");
    assert_string_equal(anna->state.session, leader->state.session); /* who waits is told the id */
    assert_false(leader->state.admitted);
    assert_int_equal(leader->state.lobby_count, 0); /* not yet */

    forget_all(&room);
    assert_true(admit(leader, NULL, 0));
    assert_true(leader->state.admitted && leader->state.led);
    assert_int_equal(leader->state.roster, 1);
    assert_int_equal(leader->state.leads, leader->state.you);
    assert_int_equal(leader->state.lobby_count, 1);
    assert_int_equal(find_got(leader, BALINT_MSG_STATE)->message.re, 40);
    assert_true(anna->state.led && !anna->state.admitted);
    assert_int_equal(anna->state.roster, 0);

    assert_true(admit_one(leader, anna));
    assert_true(anna->state.admitted);
    assert_int_equal(anna->state.roster, 2);
    assert_int_equal(count_got(anna, BALINT_MSG_ROSTER), 1);
    assert_int_equal(count_got(anna, BALINT_MSG_PERSON), 2);
    room_close(&room);
}

/* A member whose join was made before there was a session joins again. */
static void a_join_without_session_is_made_good(void **state)
{
    (void)state;
    struct room room;
    room_open(&room);
    struct program *anna = program_new(&room, "anna", BALINT_MEMBER, 3);
    struct program *leader = program_new(&room, "leader", BALINT_LEADER, 1);
    assert_true(say_hello(anna, none));
    assert_true(say_hello(leader, chosen));
    assert_true(admit_one(leader, anna));
    forget_all(&room);

    struct balint_message join = {.type = BALINT_MSG_JOIN, .id = 8};
    memcpy(anna->join.session, chosen, sizeof chosen);
    join.join.join.length = (uint16_t)balint_join_write(&anna->join, join.join.join.data);
    assert_true(say(anna, &join));
    assert_null(last_error(anna));
    assert_int_equal(find_got(anna, BALINT_MSG_DONE)->message.re, 8);
    const struct got *person = find_got(leader, BALINT_MSG_PERSON);
    assert_non_null(person);
    assert_int_equal(person->message.person.seat, anna->state.you);
    assert_memory_equal(&person->message.person.join, &join.join.join, sizeof join.join.join);

    /* Another session, another nonce, another certificate: refused. */
    forget_all(&room);
    anna->join.session[0] ^= 1;
    join.join.join.length = (uint16_t)balint_join_write(&anna->join, join.join.join.data);
    assert_true(say(anna, &join));
    ERROR_IS(anna, "stale-join");
    anna->join.session[0] ^= 1;
    anna->join.nonce[0] ^= 1;
    join.join.join.length = (uint16_t)balint_join_write(&anna->join, join.join.join.data);
    assert_false(say(anna, &join));
    ERROR_IS(anna, "bad-join");
    anna->join.nonce[0] ^= 1;
    anna->join.certificate_hash[0] ^= 1;
    join.join.join.length = (uint16_t)balint_join_write(&anna->join, join.join.join.data);
    assert_false(say(anna, &join));
    ERROR_IS(anna, "bad-join");
    assert_int_equal(count_got(leader, BALINT_MSGS), 0);
    room_close(&room);
}

static void nobody_but_a_leader_chooses_the_session(void **state)
{
    (void)state;
    struct room room;
    room_open(&room);
    struct program *anna = program_new(&room, "anna", BALINT_MEMBER, 3);
    assert_false(say_hello(anna, chosen));
    ERROR_IS(anna, "stale-join");
    assert_memory_equal(balint_room_session(room.room)->id, none, sizeof none);
    /* Two leaders chose at the same time: the first one's counts, the second is told it. */
    struct program *leader = program_new(&room, "leader", BALINT_LEADER, 1);
    struct program *second = program_new(&room, "second", BALINT_CO_LEADER, 2);
    uint8_t other[BALINT_SESSION_SIZE] = {1};
    assert_true(say_hello(leader, chosen));
    assert_true(say_hello(second, other));
    assert_memory_equal(balint_room_session(room.room)->id, chosen, sizeof chosen);
    assert_string_equal(second->state.session, "09080706050403020100000000000000");
    room_close(&room);
}

static void two_leaders_race(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    struct program *gerd = program_new(&c.room, "gerd", BALINT_MEMBER, 8);
    assert_true(say_hello(gerd, NULL));
    forget_all(&c.room);

    /* Both build on the same newest roster. */
    struct balint_roster by_leader, by_co_leader, newest;
    assert_true(balint_roster_read(&newest, c.leader->roster.roster.data, c.leader->roster.roster.length));
    struct program *first[] = {c.leader, c.co_leader, c.anna, c.bert, c.carl, c.watcher, c.door};
    struct program *second[] = {c.co_leader, c.leader, c.anna, c.bert, c.carl, c.watcher, gerd};
    make_roster(&c.room, &by_leader, first, 7);
    make_roster(&c.room, &by_co_leader, second, 7);
    assert_true(send_roster(c.leader, &by_leader, 50));
    assert_true(c.door->state.admitted);
    assert_true(send_roster(c.co_leader, &by_co_leader, 51)); /* nobody's mistake */
    ERROR_IS(c.co_leader, "stale-roster");
    assert_string_equal(last_error(c.co_leader)->field, "roster");
    assert_int_equal(find_got(c.co_leader, BALINT_MSG_ERROR)->message.re, 51);
    assert_false(gerd->state.admitted);
    assert_true(c.door->state.admitted);                            /* the first one's work stands */
    assert_int_equal(count_got(c.co_leader, BALINT_MSG_ROSTER), 2); /* the newest comes again, to be sure */

    /* Rebuilt on the newest, which came. */
    assert_true(admit_one(c.co_leader, gerd));
    assert_true(gerd->state.admitted && c.door->state.admitted);
    assert_int_equal(gerd->state.roster, newest.epoch + 2);
    circle_close(&c);
}

static void two_leaders_open_at_the_same_time(void **state)
{
    (void)state;
    struct room room;
    room_open(&room);
    struct program *leader = program_new(&room, "leader", BALINT_LEADER, 1);
    struct program *second = program_new(&room, "second", BALINT_LEADER, 2);
    assert_true(say_hello(leader, chosen));
    assert_true(say_hello(second, chosen));
    struct balint_roster one, two;
    make_roster(&room, &one, &leader, 1);
    make_roster(&room, &two, &second, 1);
    assert_true(send_roster(leader, &one, 1));
    assert_true(send_roster(second, &two, 1));
    ERROR_IS(second, "not-admitted");
    assert_false(second->state.admitted);
    assert_true(second->state.led);
    assert_true(admit_one(leader, second));
    assert_true(second->state.admitted);
    room_close(&room);
}

static void only_leaders_admit(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    struct program *late = program_new(&c.room, "late", BALINT_LEADER, 9);
    assert_true(say_hello(late, NULL));
    forget_all(&c.room);
    struct program *const who[] = {c.anna, c.watcher, c.door, late};
    const char *const codes[] = {"not-yours", "not-yours", "not-admitted", "not-admitted"};
    const bool mistakes[] = {true, true, true, false};
    for (int i = 0; i < 4; i++) {
        who[i]->roster = c.leader->roster; /* even with the newest roster in hand */
        assert_int_equal(admit_one(who[i], c.door), !mistakes[i]);
        ERROR_IS(who[i], codes[i]);
        assert_false(c.door->state.admitted);
        assert_int_equal(count_got(c.leader, BALINT_MSGS), 0);
    }
    /* No leader here any more: a leader's certificate opens, a member's does not. */
    lose(c.leader);
    lose(c.co_leader);
    assert_false(admit_one(c.door, c.door));
    assert_false(c.door->state.admitted);
    assert_true(find_got(late, BALINT_MSG_ROSTER) != NULL); /* to build its successor */
    assert_true(admit_one(late, c.door));
    assert_true(late->state.admitted && c.door->state.admitted);
    assert_true(c.anna->state.led);
    circle_close(&c);
}

/* Every way a good roster of the circle can be wrong. The first eleven are its maker's mistake, the others
 * can happen to anybody who builds on what was true a moment ago. */
#define WAYS     19
#define MISTAKES 11

static void spoil(struct balint_roster *roster, int way, int64_t now_s)
{
    struct balint_roster_entry *maker = &roster->entries[0], *newcomer = &roster->entries[6];
    switch (way) {
    case 0:
        roster->root[3] ^= 1;
        break;
    case 1:
        roster->session[3] ^= 1;
        break;
    case 2:
        roster->expires_s = now_s;
        break;
    case 3:
        roster->expires_s = now_s - 3600;
        break;
    case 4:
        roster->expires_s = now_s + 13 * 3600;
        break;
    case 5: /* signed by another leader, by a member */
        strcpy(roster->signer, "coleader");
        break;
    case 6:
        strcpy(roster->signer, "anna");
        break;
    case 7: /* without its maker, or its maker a member, with another device, with too old an invitation */
        *maker = *newcomer;
        roster->count = 6;
        break;
    case 8:
        maker->role = BALINT_MEMBER;
        break;
    case 9:
        maker->device[0] ^= 1;
        break;
    case 10:
        maker->serial = 6;
        break;
    case 11:
        roster->epoch++;
        break;
    case 12:
        roster->epoch--;
        break;
    case 13:
        roster->epoch = 1;
        memset(roster->previous, 0, sizeof roster->previous);
        break;
    case 14:
        roster->previous[31] ^= 1;
        break;
    case 15: /* a role that is not the certificate's */
        roster->entries[2].role = BALINT_LEADER;
        break;
    case 16: /* a device that nobody came with */
        newcomer->device[0] ^= 1;
        break;
    case 17: /* a person without a seat */
        strcpy(newcomer->member, "stranger");
        break;
    default: /* a serial above the certificate's */
        newcomer->serial = 6;
        break;
    }
}

static void wrong_rosters_are_refused(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    struct program *all[] = {c.leader, c.co_leader, c.anna, c.bert, c.carl, c.watcher, c.door};
    struct balint_roster good, wrong;
    int64_t now_s = c.room.now_us / SECOND;
    make_roster(&c.room, &good, all, 7);
    for (int way = 0; way < WAYS; way++) {
        struct balint_session before = *balint_room_session(c.room.room);
        wrong = good;
        spoil(&wrong, way, now_s);
        forget_all(&c.room);
        assert_int_equal(send_roster(c.leader, &wrong, 60 + way), way >= MISTAKES);
        ERROR_IS(c.leader, way < MISTAKES ? "bad-roster" : "stale-roster");
        assert_string_equal(last_error(c.leader)->field, "roster");
        assert_int_equal(find_got(c.leader, BALINT_MSG_ERROR)->message.re, 60 + way);
        assert_memory_equal(balint_room_session(c.room.room), &before, sizeof before);
        assert_int_equal(count_got(c.anna, BALINT_MSGS), 0);
        assert_int_equal(count_got(c.door, BALINT_MSGS), 0);
    }
    struct balint_message rubbish = {.type = BALINT_MSG_ADMIT, .id = 3};
    rubbish.admit.roster.length = 100;
    assert_false(say(c.leader, &rubbish));
    ERROR_IS(c.leader, "bad-roster");
    /* The longest expiry by a clock that is a little ahead, and nothing else wrong. */
    good.expires_s = now_s + 12 * 3600 + 60;
    assert_true(send_roster(c.leader, &good, 99));
    assert_true(c.door->state.admitted);
    circle_close(&c);
}

static void who_is_not_in_it_any_more_is_removed(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    struct program *rest[] = {c.leader, c.co_leader, c.anna, c.carl, c.watcher};
    struct balint_roster roster;
    begin_a_case(c.leader, c.bert);
    int bert = c.bert->state.you;
    make_roster(&c.room, &roster, rest, 5);
    assert_true(send_roster(c.leader, &roster, 5));
    assert_true(c.bert->closed);
    assert_string_equal(c.bert->bye, "removed");
    assert_int_equal(c.anna->state.presenter, BALINT_NOBODY);
    assert_null(balint_state_seat_of(&c.anna->state, bert));
    assert_int_equal(c.door->state.admitted, false);

    /* The secret of the old seat is worth nothing; the invitation leads to the lobby again. */
    assert_false(say_resume(c.bert, &c.bert->welcome.secret));
    ERROR_IS(c.bert, "unknown-secret");
    assert_true(say_hello(c.bert, NULL));
    assert_false(c.bert->state.admitted);
    assert_true(admit_one(c.co_leader, c.bert));
    assert_true(c.bert->state.admitted);
    circle_close(&c);
}

static void a_leader_can_be_removed_but_not_the_one_who_signs(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    struct program *rest[] = {c.co_leader, c.anna, c.bert, c.carl, c.watcher};
    struct balint_roster roster;
    make_roster(&c.room, &roster, rest, 5);
    assert_true(send_roster(c.co_leader, &roster, 5));
    assert_true(c.leader->closed);
    assert_string_equal(c.leader->bye, "removed");
    assert_int_equal(c.anna->state.leads, c.co_leader->state.you);
    circle_close(&c);
}

static void who_is_in_the_roster_comes_back_by_it(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    int seat = c.anna->state.you;
    uint32_t epoch = (uint32_t)c.anna->welcome.epoch;
    lose(c.leader);
    lose(c.co_leader); /* nobody is here to admit */
    lose(c.anna);
    struct program *again = program_again(&c.room, c.anna, 3);
    assert_true(say_hello(again, NULL));
    assert_true(again->state.admitted);
    assert_int_equal(again->welcome.seat, seat);
    assert_int_equal(again->welcome.epoch, epoch + 1);
    assert_false(again->state.led);
    /* A run-out roster admits nobody. */
    lose(again);
    c.room.now_us += INT64_C(6) * 3600 * SECOND;
    assert_true(say_hello(again, NULL));
    assert_false(again->state.admitted);
    circle_close(&c);
}

/* The same device with an invitation to another role is let in by a leader, not by the old roster. */
static void another_role_waits(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    struct program *promoted = program_again(&c.room, c.bert, 4);
    promoted->certificate.role = BALINT_CO_LEADER;
    promoted->hello.certificate.length = (uint16_t)balint_certificate_make(
        &promoted->certificate, &c.room.root, promoted->hello.certificate.data);
    lose(c.bert);
    assert_true(say_hello(promoted, NULL));
    assert_false(promoted->state.admitted);
    assert_int_equal(balint_state_seat_of(&c.anna->state, c.bert->welcome.seat)->role, BALINT_MEMBER);
    assert_true(admit_one(c.leader, promoted));
    assert_true(say_resume(promoted, &promoted->welcome.secret));
    assert_int_equal(promoted->welcome.seat, c.bert->welcome.seat);
    assert_int_equal(balint_state_seat_of(&c.anna->state, c.bert->welcome.seat)->role, BALINT_CO_LEADER);
    circle_close(&c);
}

/* A person without a seat may stay in the roster as before: their absence must not keep leaders from
 * admitting. */
static void an_entry_without_a_person_may_be_carried_on(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    balint_room_revoke(c.room.room, "bert", 6, c.room.now_us);
    deliver(&c.room);
    assert_true(c.bert->closed);
    assert_string_equal(c.bert->bye, "revoked");
    assert_int_equal(balint_session_find(balint_room_session(c.room.room), "bert"), BALINT_NOBODY);
    assert_true(admit_one(c.leader, c.door)); /* admit() carries all entries on */
    assert_true(c.door->state.admitted);
    /* But only as it was. */
    struct balint_roster roster, newest;
    assert_true(balint_roster_read(&newest, c.leader->roster.roster.data, c.leader->roster.roster.length));
    make_roster(&c.room, &roster, &c.leader, 1);
    roster.count = newest.count;
    memcpy(roster.entries, newest.entries, sizeof newest.entries);
    for (int i = 0; i < roster.count; i++)
        if (strcmp(roster.entries[i].member, "bert") == 0)
            roster.entries[i].role = BALINT_CO_LEADER;
    assert_true(send_roster(c.leader, &roster, 9));
    ERROR_IS(c.leader, "stale-roster");
    circle_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_leader_opens_the_evening),
        cmocka_unit_test(a_join_without_session_is_made_good),
        cmocka_unit_test(nobody_but_a_leader_chooses_the_session),
        cmocka_unit_test(two_leaders_race),
        cmocka_unit_test(two_leaders_open_at_the_same_time),
        cmocka_unit_test(only_leaders_admit),
        cmocka_unit_test(wrong_rosters_are_refused),
        cmocka_unit_test(who_is_not_in_it_any_more_is_removed),
        cmocka_unit_test(a_leader_can_be_removed_but_not_the_one_who_signs),
        cmocka_unit_test(who_is_in_the_roster_comes_back_by_it),
        cmocka_unit_test(another_role_waits),
        cmocka_unit_test(an_entry_without_a_person_may_be_carried_on),
    };
    return cmocka_run_group_tests_name("room-admission", tests, NULL, NULL);
}
