/* room_look.c - a leader's look at who is at the door: who may link with whom meanwhile, and for how long. */
#include "room_support.h"

static void hash_of(const struct program *program, uint8_t hash[BALINT_HASH_SIZE])
{
    assert_true(balint_hash(program->hello.join.data, program->hello.join.length, hash));
}

/* A pass from `leader` to `guest`, signed by the device of `signer`, that lasts so many seconds. */
static struct balint_message pass_of(const struct program *leader, const struct program *guest,
                                     const struct program *signer, int seconds)
{
    struct balint_message message = {.type = BALINT_MSG_PASS, .id = 8};
    struct balint_pass pass = {.expires_s = leader->in->now_us / 1000000 + seconds};
    hash_of(leader, pass.leader);
    hash_of(guest, pass.guest);
    message.pass.seat = guest->welcome.seat;
    message.pass.pass.length = (uint16_t)balint_pass_make(&pass, &signer->device_key, message.pass.pass.data);
    assert_int_not_equal(message.pass.pass.length, 0);
    return message;
}

static struct balint_message link_to(const struct program *to)
{
    return (struct balint_message){.type = BALINT_MSG_LINK,
                                   .link = {to->welcome.seat, 3, BALINT_LINK_REMAKE}};
}

static bool passes(struct program *from, struct program *to)
{
    struct balint_message message = link_to(to);
    forget_all(from->in);
    say(from, &message);
    return count_got(to, BALINT_MSG_LINK) == 1;
}

static bool looks(struct program *leader, struct program *guest)
{
    struct balint_message message = pass_of(leader, guest, leader, 100);
    forget_all(leader->in);
    assert_true(say(leader, &message));
    return count_got(guest, BALINT_MSG_PASS) == 1;
}

static void only_the_two_may_link(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    struct program *other = program_new(&c.room, "other", BALINT_MEMBER, 70);
    assert_true(say_hello(other, NULL));
    struct program *all[] = {c.leader, c.co_leader, c.anna, c.bert, c.carl, c.watcher, c.door, other};
    assert_true(looks(c.co_leader, c.door));
    /* The guest is told who looks, by records, before the pass: and nothing else. */
    assert_int_equal(count_got(c.door, BALINT_MSGS), 2);
    assert_int_equal(c.door->inbox->message.type, BALINT_MSG_PERSON);
    assert_int_equal(c.door->inbox->message.person.seat, c.co_leader->welcome.seat);
    assert_memory_equal(&c.door->inbox->message.person.join, &c.co_leader->hello.join,
                        sizeof c.co_leader->hello.join);
    assert_int_equal(find_got(c.door, BALINT_MSG_PASS)->message.pass.seat, c.co_leader->welcome.seat);
    assert_int_equal(find_got(c.co_leader, BALINT_MSG_DONE)->message.re, 8);
    for (int from = 0; from < 8; from++)
        for (int to = 0; to < 8; to++) {
            bool pair = (all[from] == c.co_leader && all[to] == c.door) ||
                        (all[from] == c.door && all[to] == c.co_leader);
            if (from != to)
                assert_int_equal(passes(all[from], all[to]), pair || (from < 6 && to < 6));
        }
    /* Links alone: nothing else leaves the lobby. */
    struct balint_message report = {.type = BALINT_MSG_REPORT};
    report.report.seat = c.co_leader->welcome.seat;
    report.report.envelope.length = BALINT_ENVELOPE_SIZE;
    forget_all(&c.room);
    say(c.door, &report);
    assert_int_equal(count_got(c.co_leader, BALINT_MSG_REPORT), 0);
    report.report.seat = c.door->welcome.seat;
    say(c.co_leader, &report);
    assert_int_equal(count_got(c.door, BALINT_MSG_REPORT), 0);
    circle_close(&c);
}

static void a_look_lasts_a_minute(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    assert_true(looks(c.leader, c.door));
    pass_seconds(&c.room, BALINT_LOOK_S - 1);
    assert_true(passes(c.leader, c.door));
    assert_true(passes(c.door, c.leader));
    pass_seconds(&c.room, 1);
    assert_false(passes(c.leader, c.door));
    assert_false(passes(c.door, c.leader));
    ERROR_IS(c.door, "not-admitted");
    struct balint_message late = link_to(c.leader);
    assert_true(say(c.door, &late)); /* what crossed the end of the look is nobody's mistake */
    late = link_to(c.anna);
    assert_false(say(c.door, &late));
    assert_true(looks(c.leader, c.door)); /* and it may begin again */
    assert_true(passes(c.door, c.leader));
    circle_close(&c);
}

static void a_pass_that_does_not_fit_opens_nothing(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    struct program *other = program_new(&c.room, "other", BALINT_MEMBER, 70);
    assert_true(say_hello(other, NULL));
    struct balint_message wrong[] = {
        pass_of(c.leader, other, c.leader, 100),     /* for another guest */
        pass_of(c.co_leader, c.door, c.leader, 100), /* of another leader's join */
        pass_of(c.leader, c.door, c.anna, 100),      /* by another device */
        pass_of(c.leader, c.door, c.leader, 0),      /* over */
        pass_of(c.leader, c.door, c.leader, BALINT_PASS_LASTS_S + BALINT_SKEW_S + 1),
        pass_of(c.leader, c.door, c.leader, 100), /* damaged below */
    };
    wrong[5].pass.pass.data[20] ^= 1;
    for (int i = 0; i < 6; i++) {
        forget_all(&c.room);
        wrong[i].pass.seat = c.door->welcome.seat;
        assert_true(say(c.leader, &wrong[i]));
        ERROR_IS(c.leader, "bad-pass");
        assert_int_equal(count_got(c.door, BALINT_MSGS), 0);
        assert_false(passes(c.leader, c.door));
        assert_false(passes(c.door, c.leader));
    }
    circle_close(&c);
}

static void who_may_look_and_at_whom(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    struct program *leader_at_door = program_new(&c.room, "late", BALINT_LEADER, 71);
    assert_true(say_hello(leader_at_door, NULL));
    struct program *no_leaders[] = {c.anna, c.watcher, leader_at_door};
    for (int i = 0; i < 3; i++) {
        struct balint_message message = pass_of(no_leaders[i], c.door, no_leaders[i], 100);
        forget_all(&c.room);
        assert_false(say(no_leaders[i], &message));
        assert_int_equal(count_got(c.door, BALINT_MSGS), 0);
        assert_false(passes(c.door, no_leaders[i]));
    }
    struct balint_message message = pass_of(c.leader, c.anna, c.leader, 100); /* who is in */
    assert_true(say(c.leader, &message));
    ERROR_IS(c.leader, "not-here");
    message.pass.seat = 15; /* nobody */
    assert_true(say(c.leader, &message));
    ERROR_IS(c.leader, "not-here");
    circle_close(&c);
}

/* The look is for two processes: another one on either seat begins without it. */
static void another_process_is_not_looked_at(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    assert_true(looks(c.leader, c.door));
    struct program *again = program_again(&c.room, c.door, 80);
    lose(c.door);
    assert_true(say_hello(again, NULL));
    if (again->welcome.seat == c.door->welcome.seat)
        assert_false(passes(again, c.leader));
    assert_false(passes(c.leader, again));
    circle_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_two_may_link),
        cmocka_unit_test(a_look_lasts_a_minute),
        cmocka_unit_test(a_pass_that_does_not_fit_opens_nothing),
        cmocka_unit_test(who_may_look_and_at_whom),
        cmocka_unit_test(another_process_is_not_looked_at),
    };
    return cmocka_run_group_tests_name("room_look", tests, NULL, NULL);
}
