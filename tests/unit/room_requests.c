/* room_requests.c - requests as they travel: who may ask, the answer each gets, and evenings that lose
 * people. */
#include "room_support.h"

static const struct {
    enum balint_type type;
    bool leaders, members, observers; /* may ask it at all */
} requests[] = {
    {BALINT_MSG_PRESENT, true, false, false},     {BALINT_MSG_VOLUNTEER, true, true, false},
    {BALINT_MSG_AGREE, true, true, false},        {BALINT_MSG_PHASE, true, false, false},
    {BALINT_MSG_FORMAT, true, false, false},      {BALINT_MSG_STEP_BACK, true, false, false},
    {BALINT_MSG_INVITE_BACK, true, false, false}, {BALINT_MSG_MUTE_FOR_CAUSE, true, false, false},
    {BALINT_MSG_LEAD, true, false, false},        {BALINT_MSG_ROUND, true, false, false},
    {BALINT_MSG_END_AT, true, false, false},      {BALINT_MSG_SHARED, true, true, false},
    {BALINT_MSG_AFTER_ROOM, true, false, true},   {BALINT_MSG_TURN, true, true, false},
    {BALINT_MSG_RETURN, true, true, false},       {BALINT_MSG_ASK_RETURN, true, true, false},
    {BALINT_MSG_HAND, true, true, false},         {BALINT_MSG_MUTE, true, true, true},
    {BALINT_MSG_AWAY, true, true, true},          {BALINT_MSG_SIT_OUT, true, true, true},
};

static void each_role_may_ask_what_belongs_to_it(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    const struct {
        struct program *who;
        int role; /* 0 leader, 1 member, 2 observer, 3 lobby */
    } people[] = {{c.leader, 0}, {c.co_leader, 0}, {c.anna, 1}, {c.watcher, 2}, {c.door, 3}};
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
        for (int p = 0; p < 5; p++) {
            const bool may[] = {requests[i].leaders, requests[i].members, requests[i].observers, false};
            struct balint_session before = *balint_room_session(c.room.room);
            forget_all(&c.room);
            if (may[people[p].role])
                continue;
            assert_false(act(people[p].who, requests[i].type, BALINT_NOBODY, 1, 31));
            ERROR_IS(people[p].who, people[p].role == 3 ? "not-admitted" : "not-yours");
            assert_int_equal(find_got(people[p].who, BALINT_MSG_ERROR)->message.re, 31);
            assert_memory_equal(balint_room_session(c.room.room), &before, sizeof before);
            assert_int_equal(count_got(c.bert, BALINT_MSGS), 0);
        }
    circle_close(&c);
}

static void what_no_seat_may_send_is_refused(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    for (int type = 0; type < BALINT_MSGS; type++) {
        if (type >= BALINT_MSG_JOIN && type <= BALINT_MSG_REPORT)
            continue;
        struct balint_message message = {.type = (enum balint_type)type, .id = 4};
        forget_all(&c.room);
        assert_false(say(c.leader, &message));
        ERROR_IS(c.leader, "not-yours");
        assert_false(say(c.door, &message));
        ERROR_IS(c.door, "not-yours");
        assert_int_equal(count_got(c.anna, BALINT_MSGS), 0);
    }
    /* And a socket without a seat nothing at all. */
    struct program *nobody = program_new(&c.room, "nobody", BALINT_LEADER, 90);
    nobody->conn = ++c.room.conns;
    assert_false(act(nobody, BALINT_MSG_PHASE, BALINT_NOBODY, 1, 4));
    ERROR_IS(nobody, "no-seat");
    circle_close(&c);
}

static bool choose(struct program *by, const char *format, int64_t id)
{
    struct balint_message message = {.type = BALINT_MSG_FORMAT, .id = id};
    strcpy(message.choice.format, format);
    return say(by, &message);
}

/* A leader chooses by its id while people arrive; the group sees the format, and leaders alone what else
 * there was.
 */
static void a_leader_chooses_the_format(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    assert_int_equal(c.leader->state.choice_count, BALINT_SHIPPED);
    forget_all(&c.room);
    assert_true(choose(c.leader, "two-cases", 7));
    assert_int_equal(c.leader->inbox->message.re, 7);
    assert_string_equal(c.leader->state.format.id, "two-cases");
    assert_int_equal(c.anna->state.format.count, 14);
    assert_int_equal(c.anna->state.choice_count, 0);
    forget_all(&c.room);
    choose(c.leader, "waltz", 8);
    ERROR_IS(c.leader, "no-such-format");
    assert_string_equal(last_error(c.leader)->field, "format");
    choose(c.anna, "short", 9);
    ERROR_IS(c.anna, "not-yours");
    assert_true(act(c.leader, BALINT_MSG_PHASE, BALINT_NOBODY, 1, 10));
    assert_int_equal(c.leader->state.choice_count, 0);
    forget_all(&c.room);
    choose(c.leader, "short", 11);
    ERROR_IS(c.leader, "too-late");
    assert_string_equal(c.leader->state.format.id, "two-cases");
    circle_close(&c);
}

/* A request is answered once: by the state it led to, by `done`, or by an error. */
static void every_request_gets_one_answer(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    static const struct {
        enum balint_type type, answer;
        int seat, value;
        const char *code, *field;
    } script[] = {
        {BALINT_MSG_INVITE_BACK, BALINT_MSG_ERROR, -1, 0, "no-step-back", ""},
        {BALINT_MSG_PRESENT, BALINT_MSG_ERROR, 5, 0, "no-such-seat", "seat"}, /* the observer */
        {BALINT_MSG_PRESENT, BALINT_MSG_ERROR, 6, 0, "no-such-seat", "seat"}, /* the lobby */
        {BALINT_MSG_AGREE, BALINT_MSG_ERROR, -1, 1, "not-asked", ""},
        {BALINT_MSG_VOLUNTEER, BALINT_MSG_STATE, -1, 1, "", ""},
        {BALINT_MSG_VOLUNTEER, BALINT_MSG_DONE, -1, 1, "", ""},
        {BALINT_MSG_VOLUNTEER, BALINT_MSG_STATE, -1, 0, "", ""},
        {BALINT_MSG_PRESENT, BALINT_MSG_STATE, 2, 0, "", ""}, /* who volunteered */
        {BALINT_MSG_PRESENT, BALINT_MSG_DONE, 2, 0, "", ""},  /* again: nothing changed */
        {BALINT_MSG_PHASE, BALINT_MSG_ERROR, -1, 2, "illegal-edge", "phase"},
        {BALINT_MSG_PHASE, BALINT_MSG_ERROR, -1, 9, "no-such-phase", "phase"},
        {BALINT_MSG_PHASE, BALINT_MSG_DONE, -1, 0, "", ""},
        {BALINT_MSG_PHASE, BALINT_MSG_STATE, -1, 1, "", ""},
        {BALINT_MSG_STEP_BACK, BALINT_MSG_STATE, -1, 0, "", ""},
        {BALINT_MSG_INVITE_BACK, BALINT_MSG_STATE, -1, 0, "", ""},
        {BALINT_MSG_INVITE_BACK, BALINT_MSG_DONE, -1, 0, "", ""},
        {BALINT_MSG_RETURN, BALINT_MSG_ERROR, -1, 1, "not-yours", ""},
        {BALINT_MSG_LEAD, BALINT_MSG_ERROR, 2, 0, "no-such-seat", "seat"},
        {BALINT_MSG_LEAD, BALINT_MSG_STATE, 1, 0, "", ""},
        {BALINT_MSG_HAND, BALINT_MSG_STATE, -1, 1, "", ""},
        {BALINT_MSG_HAND, BALINT_MSG_DONE, -1, 1, "", ""},
        {BALINT_MSG_HAND, BALINT_MSG_ERROR, 3, 1, "not-yours", ""},
        {BALINT_MSG_MUTE_FOR_CAUSE, BALINT_MSG_STATE, 0, 1, "", ""},
        {BALINT_MSG_MUTE, BALINT_MSG_ERROR, -1, 0, "muted-for-cause", "on"},
        {BALINT_MSG_AWAY, BALINT_MSG_ERROR, -1, 2, "bad-value", ""},
    };
    act(c.anna, BALINT_MSG_VOLUNTEER, BALINT_NOBODY, 1, 1);
    for (int i = 0; i < (int)(sizeof script / sizeof *script); i++) {
        forget_all(&c.room);
        act(c.leader, script[i].type, script[i].seat, script[i].value, 100 + i);
        assert_int_equal(count_got(c.leader, BALINT_MSGS), 1);
        assert_int_equal(c.leader->inbox->message.type, script[i].answer);
        assert_int_equal(c.leader->inbox->message.re, 100 + i);
        if (script[i].answer == BALINT_MSG_ERROR) {
            ERROR_IS(c.leader, script[i].code);
            assert_string_equal(last_error(c.leader)->field, script[i].field);
            assert_in_range(strlen(last_error(c.leader)->text), 10, 256);
        }
        /* The others are told the change, and nothing of the request. */
        assert_int_equal(count_got(c.bert, BALINT_MSGS), script[i].answer == BALINT_MSG_STATE);
        if (c.bert->inbox != NULL)
            assert_int_equal(c.bert->inbox->message.re, 0);
    }
    /* Without an id nobody waits for an answer. */
    forget_all(&c.room);
    act(c.leader, BALINT_MSG_HAND, BALINT_NOBODY, 1, 0);
    assert_int_equal(count_got(c.leader, BALINT_MSGS), 0);
    circle_close(&c);
}

/* Several requests before one publication: the state answers the last, `done` the others; in order. */
static void requests_that_arrive_together_are_all_answered(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    const int count = 40; /* more than the room remembers */
    for (int i = 1; i <= count; i++) {
        struct balint_message message = {
            .type = BALINT_MSG_HAND, .id = i, .act = {.seat = BALINT_NOBODY, .value = i % 2 == 0}};
        assert_true(balint_room_message(c.room.room, c.anna->conn, &message, c.room.now_us));
    }
    deliver(&c.room);
    int next = 1;
    for (const struct got *got = c.anna->inbox; got != NULL; got = got->next, next++) {
        assert_int_equal(got->message.type, next == count ? BALINT_MSG_STATE : BALINT_MSG_DONE);
        assert_int_equal(got->message.re, next);
    }
    assert_int_equal(next, count + 1);
    assert_int_equal(count_got(c.bert, BALINT_MSG_STATE), 1);
    circle_close(&c);
}

/* What can happen to anybody whose last state was a moment old is not held against the sender. */
static void only_mistakes_count_as_mistakes(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    assert_true(
        act(c.leader, BALINT_MSG_PHASE, BALINT_NOBODY, 5, 1)); /* illegal edge: the other leader moved */
    assert_true(act(c.leader, BALINT_MSG_PRESENT, 6, 0, 1));   /* has just left */
    assert_true(act(c.leader, BALINT_MSG_INVITE_BACK, BALINT_NOBODY, 0, 1));
    assert_true(act(c.anna, BALINT_MSG_RETURN, BALINT_NOBODY, 1, 1));
    begin_a_case(c.leader, c.anna);
    assert_true(act(c.leader, BALINT_MSG_STEP_BACK, BALINT_NOBODY, 1, 1));
    assert_true(act(c.anna, BALINT_MSG_RETURN, BALINT_NOBODY, 0, 1)); /* hold to return */
    ERROR_IS(c.anna, "hold-to-return");
    assert_false(act(c.anna, BALINT_MSG_PHASE, BALINT_NOBODY, 1, 1));
    assert_false(act(c.leader, BALINT_MSG_PHASE, BALINT_NOBODY, 77, 1));
    assert_false(act(c.leader, BALINT_MSG_STEP_BACK, BALINT_NOBODY, 7, 1));
    circle_close(&c);
}

static void a_ping_is_answered_with_the_clock(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    c.room.now_us = START_US + 61234567;
    struct program *all[] = {c.leader, c.watcher, c.door};
    for (int i = 0; i < 3; i++) {
        struct balint_message ping = {.type = BALINT_MSG_PING, .id = 2, .ping = {.sent = 987654321}};
        assert_true(say(all[i], &ping));
        const struct got *pong = find_got(all[i], BALINT_MSG_PONG);
        assert_int_equal(pong->message.pong.sent, 987654321);
        assert_int_equal(pong->message.pong.clock_ms, 61234);
        assert_int_equal(pong->message.re, 2);
        assert_int_equal(count_got(all[i], BALINT_MSGS), 1);
    }
    assert_int_equal(count_got(c.anna, BALINT_MSGS), 0);
    assert_int_equal(balint_room_clock_ms(c.room.room, c.room.now_us), 61234);
    /* The clock of the server stood still, or went back: the session's does not. */
    assert_int_equal(balint_room_clock_ms(c.room.room, START_US), 61234);
    c.room.now_us = START_US + 5;
    struct balint_message late = {.type = BALINT_MSG_PING, .id = 3};
    assert_true(say(c.anna, &late));
    assert_int_equal(find_got(c.anna, BALINT_MSG_PONG)->message.pong.clock_ms, 61234);
    circle_close(&c);
}

/* All leaders are lost in the discussion: the session stays as it is, the presenter returns by a plain key,
 * nobody is admitted. */
static void all_leaders_gone(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    begin_a_case(c.leader, c.anna);
    for (int phase = 1; phase <= 5; phase++)
        assert_true(act(c.leader, BALINT_MSG_PHASE, BALINT_NOBODY, phase, 2));
    assert_true(act(c.anna, BALINT_MSG_RETURN, BALINT_NOBODY, 0, 3));
    ERROR_IS(c.anna, "hold-to-return");
    lose(c.leader);
    lose(c.co_leader);
    pass_seconds(&c.room, 60);
    assert_false(c.anna->state.led);
    assert_true(c.anna->state.stepped_back && !c.anna->state.invited);
    assert_int_equal(c.anna->state.phase, 5);
    assert_int_equal(c.anna->state.leads, c.leader->state.you); /* the label stays */
    assert_false(balint_state_i_hear(&c.bert->state, c.anna->state.you));
    assert_false(admit_one(c.bert, c.door));
    assert_true(act(c.anna, BALINT_MSG_RETURN, BALINT_NOBODY, 0, 4));
    assert_false(c.bert->state.stepped_back);
    assert_true(balint_state_i_hear(&c.bert->state, c.anna->state.you));
    /* The co-leader comes back first, and leads. */
    assert_true(say_resume(c.co_leader, &c.co_leader->welcome.secret));
    pass_seconds(&c.room, 1);
    assert_int_equal(c.bert->state.leads, c.co_leader->state.you);
    assert_true(c.bert->state.led);
    assert_true(say_resume(c.leader, &c.leader->welcome.secret));
    pass_seconds(&c.room, 30);
    assert_int_equal(c.bert->state.leads, c.co_leader->state.you); /* and never flaps back */
    circle_close(&c);
}

static void the_lead_moves_after_ten_seconds_and_all_are_told(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    lose(c.leader);
    pass_seconds(&c.room, 9);
    assert_int_equal(c.anna->state.leads, c.leader->state.you);
    forget_all(&c.room);
    pass_seconds(&c.room, 2);
    assert_int_equal(c.anna->state.leads, c.co_leader->state.you);
    assert_int_equal(count_got(c.anna, BALINT_MSG_STATE), 1);
    circle_close(&c);
}

/* Who publishes too often sends nothing more. */
static void nothing_is_published_twice(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    for (int i = 0; i < 5; i++) {
        c.room.now_us += SECOND;
        deliver(&c.room);
        balint_room_tick(c.room.room, c.room.now_us);
    }
    struct program *all[] = {c.leader, c.co_leader, c.anna, c.bert, c.carl, c.watcher, c.door};
    for (int i = 0; i < 7; i++)
        assert_int_equal(count_got(all[i], BALINT_MSGS), 0);
    circle_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_role_may_ask_what_belongs_to_it),
        cmocka_unit_test(what_no_seat_may_send_is_refused),
        cmocka_unit_test(a_leader_chooses_the_format),
        cmocka_unit_test(every_request_gets_one_answer),
        cmocka_unit_test(requests_that_arrive_together_are_all_answered),
        cmocka_unit_test(only_mistakes_count_as_mistakes),
        cmocka_unit_test(a_ping_is_answered_with_the_clock),
        cmocka_unit_test(all_leaders_gone),
        cmocka_unit_test(the_lead_moves_after_ten_seconds_and_all_are_told),
        cmocka_unit_test(nothing_is_published_twice),
    };
    return cmocka_run_group_tests_name("room-requests", tests, NULL, NULL);
}
