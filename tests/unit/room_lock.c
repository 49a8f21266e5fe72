/* room_lock.c - the locked door: who is kept out, who comes back, who is told, and that it cannot stay shut
 * for everybody. */
#include "room_support.h"

static const uint8_t session_bytes[BALINT_SESSION_SIZE] = {[0 ... BALINT_SESSION_SIZE - 1] = SESSION_BYTE};

static bool lock(struct program *program, int on)
{
    return act(program, BALINT_MSG_LOCK, BALINT_NOBODY, on, 60);
}

static void nobody_new_comes_into_a_locked_lobby(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    assert_true(lock(c.leader, 1));
    forget_all(&c.room);
    static const enum balint_role roles[] = {BALINT_MEMBER, BALINT_OBSERVER, BALINT_CO_LEADER, BALINT_LEADER};
    for (int i = 0; i < 4; i++) {
        struct program *late = program_new(&c.room, "late", roles[i], (uint8_t)(20 + i));
        assert_false(say_hello(late, session_bytes));
        ERROR_IS(late, "locked");
        assert_int_equal(count_got(late, BALINT_MSG_WELCOME), 0);
    }
    /* Another device of somebody who is in is somebody to be looked at, too. */
    struct program *tablet = program_again(&c.room, c.anna, 30);
    assert_false(say_hello(tablet, session_bytes));
    ERROR_IS(tablet, "locked");
    assert_int_equal(count_got(c.leader, BALINT_MSGS), 0); /* nobody was disturbed */
    assert_int_equal(count_got(c.anna, BALINT_MSGS), 0);
    assert_true(c.anna->conn != 0 && c.anna->state.admitted);

    assert_true(lock(c.co_leader, 0)); /* any leader's key */
    struct program *late = program_new(&c.room, "late", BALINT_MEMBER, 20);
    assert_true(say_hello(late, session_bytes));
    assert_false(late->state.admitted);
    circle_close(&c);
}

static void who_is_in_the_roster_comes_back(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    assert_true(lock(c.leader, 1));
    struct balint_resume_bytes secret = c.bert->welcome.secret;
    lose(c.bert);
    assert_true(say_resume(c.bert, &secret));
    assert_true(c.bert->state.admitted);
    lose(c.anna);
    struct program *again = program_again(&c.room, c.anna, 3); /* a new process on her device */
    assert_memory_equal(again->device.key, c.anna->device.key, BALINT_KEY_SIZE);
    assert_true(say_hello(again, session_bytes));
    assert_true(again->state.admitted);
    /* Who stood in the lobby before stays there, may resume, and may be let in. */
    secret = c.door->welcome.secret;
    lose(c.door);
    assert_true(say_resume(c.door, &secret));
    assert_true(admit_one(c.leader, c.door));
    assert_true(c.door->state.admitted);
    circle_close(&c);
}

static void leaders_alone_lock_and_are_told(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    struct program *const others[] = {c.anna, c.watcher, c.door};
    const char *const codes[] = {"not-yours", "not-yours", "not-admitted"};
    for (int i = 0; i < 3; i++) {
        assert_false(lock(others[i], 1));
        ERROR_IS(others[i], codes[i]);
        assert_false(c.leader->state.locked);
    }
    forget_all(&c.room);
    assert_true(lock(c.leader, 1));
    assert_true(c.leader->state.locked && c.co_leader->state.locked);
    assert_int_equal(find_got(c.leader, BALINT_MSG_STATE)->message.re, 60);
    for (int i = 0; i < 3; i++) {
        assert_false(others[i]->state.locked);
        assert_int_equal(count_got(others[i], BALINT_MSGS), 0); /* not even that something happened */
    }
    forget_all(&c.room);
    assert_true(lock(c.leader, 1)); /* once more changes nothing */
    assert_int_equal(find_got(c.leader, BALINT_MSG_DONE)->message.re, 60);
    assert_int_equal(count_got(c.co_leader, BALINT_MSGS), 0);
    assert_true(lock(c.leader, 0));
    assert_false(c.leader->state.locked || c.co_leader->state.locked);
    circle_close(&c);
}

/* Leaders gone, and their devices too: a leader with another one can come to the lobby, open and unlock. */
static void a_locked_door_is_opened_by_a_leader_from_outside(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    assert_true(lock(c.leader, 1));
    lose(c.leader);
    assert_true(c.anna->state.led); /* the co-leader is here */
    struct program *spare = program_again(&c.room, c.leader, 40);
    assert_false(say_hello(spare, session_bytes));
    ERROR_IS(spare, "locked");
    lose(c.co_leader);
    struct program *member = program_new(&c.room, "late", BALINT_MEMBER, 41);
    assert_false(say_hello(member, session_bytes));
    ERROR_IS(member, "locked");
    spare = program_again(&c.room, c.leader, 40);
    assert_true(say_hello(spare, session_bytes));
    assert_false(spare->state.admitted || spare->state.locked); /* not told before being in */
    circle_close(&c);
}

static void a_restart_leaves_it_locked(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    for (int on = 1; on >= 0; on--) {
        assert_true(lock(c.leader, on));
        assert_int_equal(c.leader->state.locked, on);
        assert_true(balint_room_dirty(c.room.room));
        char *text = balint_room_save(c.room.room);
        assert_non_null(text);
        const char *why = "";
        struct balint_room *fresh = balint_room_load(text, ROOM_BOOT, balint_random, c.room.now_us, &why);
        free(text);
        assert_non_null(fresh);
        balint_room_free(c.room.room);
        c.room.room = fresh;
        struct balint_resume_bytes secret = c.leader->welcome.secret;
        assert_true(say_resume(c.leader, &secret));
        assert_int_equal(c.leader->state.locked, on);
        struct program *late = program_new(&c.room, on ? "late" : "later", BALINT_MEMBER, 50);
        assert_int_equal(say_hello(late, session_bytes), !on);
    }
    circle_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_new_comes_into_a_locked_lobby),
        cmocka_unit_test(who_is_in_the_roster_comes_back),
        cmocka_unit_test(leaders_alone_lock_and_are_told),
        cmocka_unit_test(a_locked_door_is_opened_by_a_leader_from_outside),
        cmocka_unit_test(a_restart_leaves_it_locked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
