/* room_frame.c - what a group keeps between its evenings, as the room tells it: the help line to everybody,
 * the cards, follow-ups and the evening's end to leaders alone.
 */
#include "room_support.h"

static bool reads(const struct program *program, const char *words)
{
    for (const struct got *got = program->inbox; got != NULL; got = got->next)
        if (strstr(got->text, words) != NULL)
            return true;
    return false;
}

static void give(struct circle *c, const char *help, const char *card, int64_t ends_us)
{
    struct balint_evening evening = {.card_count = 1, .ends_us = ends_us};
    strcpy(evening.help, help);
    strcpy(evening.cards[0].text, card);
    balint_room_evening(c->room.room, &evening);
    deliver(&c->room);
}

#define OTHERS(c)                                                                                            \
    {                                                                                                        \
        (c).anna, (c).bert, (c).carl, (c).watcher, (c).door                                                  \
    }

/* The shipped cards go to leaders once they are in; new ones whenever they change; nothing at all to others.
 */
static void the_crib_is_the_leaders_alone(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    struct program *others[] = OTHERS(c);
    for (int i = 0; i < 5; i++) /* circle_open keeps what came to the last person */
        assert_int_equal(count_got(others[i], BALINT_MSG_CRIB), 0);
    forget_all(&c.room);
    give(&c, "", "What does the silence say?", 0);
    assert_int_equal(count_got(c.leader, BALINT_MSG_CRIB), 1);
    assert_string_equal(find_got(c.co_leader, BALINT_MSG_CRIB)->message.crib.cards[0].text,
                        "What does the silence say?");
    for (int i = 0; i < 5; i++)
        assert_int_equal(count_got(others[i], BALINT_MSGS), 0);
    /* A new process of a leader is told again, one of a member never. */
    forget_all(&c.room);
    lose(c.leader);
    assert_true(say_resume(c.leader, &c.leader->welcome.secret));
    lose(c.anna);
    assert_true(say_hello(c.anna, NULL));
    assert_int_equal(count_got(c.leader, BALINT_MSG_CRIB), 1);
    assert_int_equal(count_got(c.anna, BALINT_MSG_CRIB), 0);
    /* A leader at the door, too, waits without. */
    struct program *gerd = program_new(&c.room, "gerd", BALINT_LEADER, 70);
    assert_true(say_hello(gerd, NULL));
    assert_int_equal(count_got(gerd, BALINT_MSG_CRIB), 0);
    for (int i = 0; i < 5; i++)
        assert_false(reads(others[i], "silence"));
    circle_close(&c);
}

static void the_end_is_told_to_leaders_alone(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    struct program *others[] = OTHERS(c);
    forget_all(&c.room);
    assert_true(act(c.co_leader, BALINT_MSG_END_AT, BALINT_NOBODY, 90, 1));
    int64_t clock_ms = balint_room_clock_ms(c.room.room, c.room.now_us);
    assert_int_equal(c.leader->state.ends_ms, clock_ms + 90 * 60000);
    give(&c, "", "A card", c.room.now_us + 60 * 60 * SECOND);
    assert_int_equal(c.leader->state.ends_ms, clock_ms + 60 * 60000);
    give(&c, "", "A card", 0); /* as after a restart: what leaders said stays */
    assert_int_equal(c.leader->state.ends_ms, clock_ms + 60 * 60000);
    assert_true(act(c.leader, BALINT_MSG_END_AT, BALINT_NOBODY, 0, 1));
    assert_int_equal(c.co_leader->state.ends_ms, 0);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(count_got(others[i], BALINT_MSGS), 0);
        assert_int_equal(others[i]->state.ends_ms, 0);
    }
    assert_false(act(c.anna, BALINT_MSG_END_AT, BALINT_NOBODY, 5, 1));
    ERROR_IS(c.anna, "not-yours");
    assert_false(act(c.leader, BALINT_MSG_END_AT, BALINT_NOBODY, BALINT_END_MINUTES + 1, 1));
    circle_close(&c);
}

static void give_follow_ups(struct circle *c, int count)
{
    struct balint_evening evening = {.follow_up_count = count};
    for (int i = 0; i < count; i++)
        evening.follow_ups[i] = (struct balint_follow_up){"Quirin Zahl", "2026-12-03"};
    balint_room_evening(c->room.room, &evening);
    deliver(&c->room);
}

/* "Who has a case? Someone volunteers; or a follow-up of an earlier case": told then, to who leads. */
static void follow_ups_are_told_to_leaders_while_a_case_is_looked_for(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    struct program *others[] = OTHERS(c);
    give_follow_ups(&c, 2);
    int last = c.leader->state.format.count - 1, seen = 0;
    for (int phase = 0; phase <= last; phase++) {
        if (phase > 0)
            assert_true(act(c.leader, BALINT_MSG_PHASE, BALINT_NOBODY, phase, 1));
        bool looks = strcmp(c.leader->state.format.phases[phase].id, "case") == 0;
        assert_int_equal(c.leader->state.follow_up_count, looks ? 2 : 0);
        assert_int_equal(c.co_leader->state.follow_up_count, looks ? 2 : 0);
        for (int i = 0; i < 5; i++)
            assert_int_equal(others[i]->state.follow_up_count, 0);
        seen += looks;
        if (!looks)
            continue;
        assert_string_equal(c.leader->state.follow_ups[1].name, "Quirin Zahl");
        assert_string_equal(c.leader->state.follow_ups[1].due, "2026-12-03");
        /* More of them, then none: leaders are told; to the others nothing comes at all. */
        forget_all(&c.room);
        give_follow_ups(&c, BALINT_FOLLOW_UPS);
        assert_int_equal(c.co_leader->state.follow_up_count, BALINT_FOLLOW_UPS);
        give_follow_ups(&c, 0);
        assert_int_equal(c.leader->state.follow_up_count, 0);
        for (int i = 0; i < 5; i++)
            assert_int_equal(count_got(others[i], BALINT_MSGS), 0);
        give_follow_ups(&c, 2);
    }
    assert_int_equal(seen, 1);
    for (int i = 0; i < 5; i++)
        assert_false(reads(others[i], "Quirin") || reads(others[i], "follow_up"));
    char *text = balint_room_save(c.room.room);
    assert_non_null(text);
    assert_null(strstr(text, "Quirin")); /* it is read anew after a restart */
    free(text);
    circle_close(&c);
}

/* Told once, taken back once, and neither is something to be saved. */
static void leaders_alone_are_told_that_nothing_is_written(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    struct program *others[] = OTHERS(c);
    free(balint_room_save(c.room.room));
    forget_all(&c.room);
    for (int unsaved = 1; unsaved >= 0; unsaved--) {
        for (int i = 0; i < 3; i++) {
            balint_room_unsaved(c.room.room, unsaved != 0);
            deliver(&c.room);
        }
        assert_int_equal(c.leader->state.unsaved, unsaved);
        assert_int_equal(c.co_leader->state.unsaved, unsaved);
    }
    assert_int_equal(count_got(c.leader, BALINT_MSG_STATE), 2);
    assert_false(balint_room_dirty(c.room.room));
    for (int i = 0; i < 5; i++)
        assert_int_equal(count_got(others[i], BALINT_MSGS), 0);
    circle_close(&c);
}

static void the_help_line_is_for_everybody_and_the_lobby(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    give(&c, "Call Maria: +36 1 234 5678", "A card", 0);
    struct program *all[] = {c.leader, c.co_leader, c.anna, c.bert, c.carl, c.watcher, c.door};
    for (int i = 0; i < 7; i++)
        assert_string_equal(all[i]->state.help, "Call Maria: +36 1 234 5678");
    circle_close(&c);
}

/* The end survives a restart; help line and cards are given to the room anew. */
static void a_restart_keeps_the_end(void **state)
{
    (void)state;
    struct circle c;
    const char *why = NULL;
    circle_open(&c);
    assert_true(act(c.leader, BALINT_MSG_END_AT, BALINT_NOBODY, 45, 1));
    int64_t ends_ms = c.leader->state.ends_ms;
    char *text = balint_room_save(c.room.room);
    assert_non_null(text);
    struct balint_room *again = balint_room_load(text, ROOM_BOOT, NULL, c.room.now_us + 3 * SECOND, &why);
    assert_non_null(again);
    assert_int_equal(balint_room_session(again)->ends_us / 1000, ends_ms);
    assert_null(strstr(text, "atmosphere")); /* no card, no line of the group's lies in the snapshot */
    free(text);
    balint_room_free(again);
    circle_close(&c);
}

/* All that concerns leaders alone, in one evening: nothing arrives at anybody else. */
static void nothing_arrives_when_only_leaders_things_change(void **state)
{
    (void)state;
    struct circle c;
    circle_open(&c);
    struct program *others[] = OTHERS(c);
    forget_all(&c.room);
    assert_true(act(c.leader, BALINT_MSG_END_AT, BALINT_NOBODY, 30, 1));
    assert_true(act(c.leader, BALINT_MSG_PRESENT, c.co_leader->state.you, 0, 1)); /* asked */
    assert_int_equal(c.leader->state.proposed, c.co_leader->state.you);
    assert_true(
        act(c.co_leader, BALINT_MSG_AGREE, BALINT_NOBODY, 0, 1)); /* and declined, without an audience */
    assert_true(act(c.leader, BALINT_MSG_LOCK, BALINT_NOBODY, 1, 1));
    give(&c, "", "Another card", 0);
    pass_seconds(&c.room, 70);
    for (int i = 0; i < 5; i++)
        assert_int_equal(count_got(others[i], BALINT_MSGS), 0);
    /* Who is asked is told, and nobody else. */
    assert_true(act(c.leader, BALINT_MSG_PRESENT, c.bert->state.you, 0, 1));
    assert_int_equal(c.bert->state.proposed, c.bert->state.you);
    assert_int_equal(count_got(c.anna, BALINT_MSGS) + count_got(c.carl, BALINT_MSGS) +
                         count_got(c.watcher, BALINT_MSGS) + count_got(c.door, BALINT_MSGS),
                     0);
    circle_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_crib_is_the_leaders_alone),
        cmocka_unit_test(the_end_is_told_to_leaders_alone),
        cmocka_unit_test(follow_ups_are_told_to_leaders_while_a_case_is_looked_for),
        cmocka_unit_test(leaders_alone_are_told_that_nothing_is_written),
        cmocka_unit_test(the_help_line_is_for_everybody_and_the_lobby),
        cmocka_unit_test(a_restart_keeps_the_end),
        cmocka_unit_test(nothing_arrives_when_only_leaders_things_change),
    };
    return cmocka_run_group_tests_name("room-frame", tests, NULL, NULL);
}
