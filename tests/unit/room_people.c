/* room_people.c - who is told what: read from the text that travels to each of them. */
#include "room_support.h"

/* Does any text that came to this person contain these words? */
static bool reads(const struct program *program, const char *words)
{
    for (const struct got *got = program->inbox; got != NULL; got = got->next)
        if (strstr(got->text, words) != NULL)
            return true;
    return false;
}

#define NOT_LEADERS(c)                                                                                       \
    {                                                                                                        \
        (c).anna, (c).bert, (c).carl, (c).watcher, (c).door                                                  \
    }

/* Everything that leaders alone may know happens; nothing at all arrives at the others. */
static void what_concerns_leaders_alone_reaches_nobody_else(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    begin_a_case(c.leader, c.anna);
    assert_true(act(c.leader, BALINT_MSG_STEP_BACK, BALINT_NOBODY, BALINT_ASIDE, 0));
    assert_true(act(c.carl, BALINT_MSG_AWAY, BALINT_NOBODY, 1, 0));
    struct program *others[] = NOT_LEADERS(c);
    uint32_t numbers[5];
    for (int i = 0; i < 5; i++)
        numbers[i] = others[i]->state.number;
    forget_all(&c.room);

    /* Somebody comes to the door, goes, comes back, and leaves. */
    struct program *gerd = program_new(&c.room, "gerd-at-the-door", BALINT_MEMBER, 70);
    assert_true(say_hello(gerd, NULL));
    lose(gerd);
    assert_true(say_resume(gerd, &gerd->welcome.secret));
    /* The phone of somebody who is in. */
    struct program *phone = program_again(&c.room, c.bert, 71);
    assert_true(say_hello(phone, NULL));
    /* A request that does not change what others see: each answered, to the one who asked. */
    assert_true(act(c.leader, BALINT_MSG_MUTE, BALINT_NOBODY, 0, 5));
    assert_int_equal(find_got(c.leader, BALINT_MSG_DONE)->message.re, 5);
    /* Who is away sits out: leaders and that person are told. */
    assert_true(act(c.carl, BALINT_MSG_SIT_OUT, BALINT_NOBODY, 1, 6));
    assert_int_equal(find_got(c.carl, BALINT_MSG_STATE)->message.re, 6);
    assert_true(balint_state_seat_of(&c.leader->state, c.carl->state.you)->sitting_out);
    /* The presenter asks to return. */
    assert_true(act(c.anna, BALINT_MSG_ASK_RETURN, BALINT_NOBODY, 1, 7));
    assert_true(c.leader->state.asked && c.co_leader->state.asked && c.anna->state.asked);
    struct balint_message leave = {.type = BALINT_MSG_LEAVE};
    say(gerd, &leave);
    pass_seconds(&c.room, 30);

    assert_true(count_got(c.co_leader, BALINT_MSG_STATE) >= 5);
    for (int i = 0; i < 5; i++) {
        int own = others[i] == c.anna || others[i] == c.carl; /* one state for the own request */
        assert_int_equal(count_got(others[i], BALINT_MSGS), own);
        assert_int_equal(others[i]->state.number, numbers[i] + (uint32_t)own);
    }
    circle_close(&c);
}

/* The same, over a whole case, word by word. */
static void no_word_of_it_is_in_what_others_get(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    struct program *gerd = program_new(&c.room, "gerd-at-the-door", BALINT_MEMBER, 70);
    assert_true(say_hello(gerd, NULL));
    begin_a_case(c.leader, c.anna);
    assert_true(act(c.carl, BALINT_MSG_SIT_OUT, BALINT_NOBODY, 1, 1));
    for (int phase = 1; phase < 9; phase++) {
        assert_true(act(c.leader, BALINT_MSG_PHASE, BALINT_NOBODY, phase, 1));
        act(c.anna, BALINT_MSG_ASK_RETURN, BALINT_NOBODY, phase % 2, 1);
        act(c.bert, BALINT_MSG_HAND, BALINT_NOBODY, phase % 2, 1);
        lose(c.bert);
        assert_true(say_resume(c.bert, &c.bert->welcome.secret));
        lose(c.watcher);
        assert_true(say_hello(c.watcher, NULL));
    }
    assert_true(reads(c.leader, "gerd-at-the-door") && reads(c.leader, "\"lobby\"") &&
                reads(c.leader, "\"sitting_out\":true") && reads(c.leader, "\"asked\":true"));
    struct program *others[] = NOT_LEADERS(c);
    for (int i = 0; i < 5; i++) {
        assert_false(reads(others[i], "gerd"));
        assert_false(reads(others[i], "fritz") && others[i] != c.door);
        assert_false(reads(others[i], "\"lobby\":[{"));
        assert_int_equal(reads(others[i], "\"sitting_out\":true"), others[i] == c.carl);
        assert_int_equal(reads(others[i], "\"asked\":true"), others[i] == c.anna);
        assert_false(reads(others[i], "\"report\""));
        for (const struct got *got = others[i]->inbox; got != NULL; got = got->next)
            if (got->message.type == BALINT_MSG_PERSON)
                assert_true(got->message.person.seat != gerd->welcome.seat &&
                            got->message.person.seat != c.door->welcome.seat);
    }
    circle_close(&c);
}

/* Who waits gets a welcome, a lobby state and what concerns the own socket; nothing of the others. */
static void who_waits_learns_nothing(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    struct program *gerd =
        program_new(&c.room, "gerd", BALINT_LEADER, 70); /* a leader, too, while one is here */
    assert_true(say_hello(gerd, NULL));
    begin_a_case(c.leader, c.anna);
    for (int phase = 1; phase < 9; phase++)
        assert_true(act(c.leader, BALINT_MSG_PHASE, BALINT_NOBODY, phase, 1));
    lose(c.anna);
    struct program *helga = program_new(&c.room, "helga", BALINT_MEMBER, 72);
    assert_true(say_hello(helga, NULL));
    assert_true(admit_one(c.leader, helga));
    assert_int_equal(count_got(gerd, BALINT_MSGS), 2);
    assert_int_equal(count_got(gerd, BALINT_MSG_WELCOME), 1);
    assert_int_equal(count_got(gerd, BALINT_MSG_STATE), 1);
    assert_int_equal(count_got(c.door, BALINT_MSGS), 0);
    const char *const words[] = {"anna", "bert", "leader", "discussion", "Discussion", "member", "classic"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_false(reads(gerd, words[i]));
    assert_int_equal(gerd->state.roster, 0);
    circle_close(&c);
}

static void a_newcomer_is_told_of_everybody_before_the_state(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    assert_true(admit_one(c.leader, c.door));
    /* To everybody else the newcomer comes before the state that shows the seat. */
    struct program *others[] = {c.leader, c.co_leader, c.anna, c.bert, c.carl, c.watcher};
    for (int i = 0; i < 6; i++) {
        bool person = false;
        for (const struct got *got = others[i]->inbox; got != NULL; got = got->next) {
            person = person || (got->message.type == BALINT_MSG_PERSON &&
                                got->message.person.seat == c.door->state.you);
            if (got->message.type == BALINT_MSG_STATE &&
                balint_state_seat_of(&got->message.state, c.door->state.you) != NULL)
                assert_true(person || i < 2); /* leaders have had it since the knock */
        }
        assert_memory_equal(&others[i]->people[c.door->state.you].certificate, &c.door->hello.certificate,
                            sizeof c.door->hello.certificate);
    }
    /* And the newcomer is told of each. */
    assert_int_equal(count_got(c.door, BALINT_MSG_PERSON), 7);
    assert_int_equal(count_got(c.door, BALINT_MSG_ROSTER), 1);
    assert_int_equal(c.door->last->message.type, BALINT_MSG_STATE);
    for (int i = 0; i < 6; i++) {
        const struct balint_person *person = &c.door->people[others[i]->state.you];
        assert_memory_equal(&person->device, &others[i]->hello.device, sizeof person->device);
        assert_memory_equal(&person->join, &others[i]->hello.join, sizeof person->join);
        assert_int_equal(person->epoch, others[i]->welcome.epoch);
    }
    /* Nobody is told twice. */
    forget_all(&c.room);
    act(c.bert, BALINT_MSG_HAND, BALINT_NOBODY, 1, 1);
    lose(c.carl);
    assert_true(say_resume(c.carl, &c.carl->welcome.secret));
    assert_int_equal(count_got(c.anna, BALINT_MSG_PERSON), 0);
    assert_int_equal(count_got(c.anna, BALINT_MSG_ROSTER), 0);
    /* A new process is a new person record, with its epoch. */
    lose(c.carl);
    assert_true(say_hello(c.carl, NULL));
    assert_int_equal(count_got(c.anna, BALINT_MSG_PERSON), 1);
    assert_int_equal(c.anna->people[c.carl->state.you].epoch, 2);
    circle_close(&c);
}

static void a_removed_leader_is_told_nothing_more(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    struct program *rest[] = {c.leader, c.anna, c.bert, c.carl, c.watcher};
    struct balint_roster roster;
    make_roster(&c.room, &roster, rest, 5);
    assert_true(send_roster(c.leader, &roster, 1));
    assert_true(c.co_leader->closed);
    forget_all(&c.room);
    assert_true(say_hello(c.co_leader, NULL));
    assert_false(c.co_leader->state.admitted);
    assert_int_equal(count_got(c.co_leader, BALINT_MSGS), 2);
    circle_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_concerns_leaders_alone_reaches_nobody_else),
        cmocka_unit_test(no_word_of_it_is_in_what_others_get),
        cmocka_unit_test(who_waits_learns_nothing),
        cmocka_unit_test(a_newcomer_is_told_of_everybody_before_the_state),
        cmocka_unit_test(a_removed_leader_is_told_nothing_more),
    };
    return cmocka_run_group_tests_name("room-people", tests, NULL, NULL);
}
