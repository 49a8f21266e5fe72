/* call_retreat.c - the latch of camera and ears over every short sequence of what can happen to it.
 *
 * The rule, from BALINT.md ("Who may be heard and seen": away is seen by nobody, sitting out hears nothing)
 * and DESIGN.md ("a state may close, a closed one opens only by its owner's key"): once begun, by the own key
 * or by what a state says of the own seat, both end by the own key alone, whatever states say.
 */
#include "call/retreat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define SECOND INT64_C(1000000)
#define YOU    3

/* The own seat as a state names it; the other one is what a lie would exchange it with. */
static struct balint_state state_of(bool away, bool out)
{
    struct balint_state state = {.you = YOU, .admitted = true, .hears = true, .seat_count = 2};
    state.seats[0] = (struct balint_state_seat){.seat = 1, .heard = true, .seen = BALINT_SEEN_BY_ALL};
    state.seats[1] = (struct balint_state_seat){.seat = YOU,
                                                .role = BALINT_MEMBER,
                                                .away = away,
                                                .sitting_out = out,
                                                .heard = true,
                                                .seen = BALINT_SEEN_BY_ALL};
    return state;
}

/* The floor that this program follows after a state that said so. */
static struct balint_floor floor_after(const struct balint_retreat *retreat, bool away, bool out)
{
    struct balint_state state = state_of(away, out);
    balint_retreat_apply(retreat, &state);
    assert_false(state.seats[0].away || state.seats[0].sitting_out); /* nobody else's */
    return balint_state_floor(&state, YOU);
}

static unsigned tell(struct balint_retreat *retreat, bool away, bool out, int64_t re, int64_t now_us)
{
    struct balint_state state = state_of(away, out);
    return balint_retreat_state(retreat, &state, re, now_us);
}

enum event {
    STATE_NOTHING,
    STATE_AWAY,
    STATE_OUT,
    STATE_BOTH,
    STATE_LOBBY,
    ANSWER_NOTHING, /* the same, as the answer to the newest key */
    ANSWER_AWAY,
    ANSWER_OUT,
    KEY_AWAY,
    KEY_BACK,
    KEY_OUT,
    KEY_IN,
    REFUSED, /* the newest key's request */
    LATER,   /* six seconds pass */
    EVENTS,
};

/* What an onlooker knows of one of the two. */
struct onlooker {
    bool begun;    /* by the own key, or by a state, and not ended by the own key */
    bool told;     /* by the last state */
    int64_t asked; /* the key whose answer is still awaited … */
    int64_t at_us; /* … pressed then */
};

struct world {
    struct balint_retreat retreat;
    struct onlooker away, out;
    bool over_told; /* the owner was told that the case is over, as the server says */
    int64_t now_us, id;
};

static bool awaits(const struct onlooker *o, const struct world *world)
{
    return o->asked != 0 && world->now_us - o->at_us <= BALINT_RETREAT_WAITS_US;
}

static void see_state(struct world *world, struct onlooker *o, bool word, int64_t re)
{
    if (re != 0 && re == o->asked)
        o->asked = 0;
    o->told = word;
    if (word && !awaits(o, world))
        o->begun = true;
}

static void take_state(struct world *world, bool away, bool out, bool answers)
{
    int64_t re = answers ? world->id : 0;
    see_state(world, &world->away, away, re);
    see_state(world, &world->out, out, re);
    unsigned against = tell(&world->retreat, away, out, re, world->now_us);
    if (against & 1u << BALINT_RETREAT_OUT)
        world->over_told = true;
    /* what is said to its owner is true: it is kept, and the state says otherwise */
    if (against & 1u << BALINT_RETREAT_AWAY)
        assert_true(world->away.begun && !away);
    if (against & 1u << BALINT_RETREAT_OUT)
        assert_true(world->out.begun && !out);
    if (out)
        world->over_told = false;
}

static void press(struct world *world, enum balint_retreat_kind kind, bool on)
{
    struct onlooker *o = kind == BALINT_RETREAT_AWAY ? &world->away : &world->out;
    *o = (struct onlooker){.begun = on, .told = o->told, .asked = ++world->id, .at_us = world->now_us};
    balint_retreat_key(&world->retreat, kind, on, world->id, world->now_us);
    if (kind == BALINT_RETREAT_AWAY && !on && world->over_told)
        world->out.begun = false;
    if (kind == BALINT_RETREAT_OUT || (kind == BALINT_RETREAT_AWAY && !on))
        world->over_told = false;
}

static void forget(struct world *world)
{
    if (world->away.asked == world->id)
        world->away.asked = 0;
    if (world->out.asked == world->id)
        world->out.asked = 0;
    balint_retreat_answered(&world->retreat, world->id);
}

static void apply(struct world *world, enum event event)
{
    struct balint_state lobby = {.you = YOU, .seat_count = 0};
    switch (event) {
    case STATE_NOTHING:
    case STATE_AWAY:
    case STATE_OUT:
    case STATE_BOTH:
        take_state(world, event == STATE_AWAY || event == STATE_BOTH,
                   event == STATE_OUT || event == STATE_BOTH, false);
        break;
    case ANSWER_NOTHING:
    case ANSWER_AWAY:
    case ANSWER_OUT:
        take_state(world, event == ANSWER_AWAY, event == ANSWER_OUT, true);
        break;
    case STATE_LOBBY: /* has no seats, and so says nothing of it */
        world->away.told = world->out.told = false;
        assert_int_equal(balint_retreat_state(&world->retreat, &lobby, 0, world->now_us), 0);
        break;
    case KEY_AWAY:
    case KEY_BACK:
        press(world, BALINT_RETREAT_AWAY, event == KEY_AWAY);
        break;
    case KEY_OUT:
    case KEY_IN:
        press(world, BALINT_RETREAT_OUT, event == KEY_OUT);
        break;
    case REFUSED:
        forget(world);
        break;
    default:
        world->now_us += 6 * SECOND;
        break;
    }
}

static void check(const struct world *world)
{
    /* whatever a state says of the own seat now */
    for (int word = 0; word < 4; word++) {
        struct balint_floor floor = floor_after(&world->retreat, word & 1, word & 2);
        bool away = world->away.begun || world->away.told, out = world->out.begun || world->out.told;
        assert_int_equal(floor.hears, !out);
        assert_int_equal(floor.heard, !away && !out);
        assert_int_equal(floor.seen, away || out ? BALINT_SEEN_BY_NOBODY : BALINT_SEEN_BY_ALL);
    }
}

static void walk(const struct world *world, int depth)
{
    for (int event = 0; event < EVENTS; event++) {
        struct world next = *world;
        apply(&next, event);
        check(&next);
        if (depth > 1)
            walk(&next, depth - 1);
    }
}

static void every_sequence(void **state)
{
    struct world world = {.now_us = 100 * SECOND, .id = 10};
    (void)state;
    balint_retreat_init(&world.retreat);
    check(&world);
    walk(&world, 5);
}

static void a_lie_shows_nobody_who_is_away(void **state)
{
    struct balint_retreat retreat;
    (void)state;
    balint_retreat_init(&retreat);
    balint_retreat_key(&retreat, BALINT_RETREAT_AWAY, true, 7, SECOND);
    assert_int_equal(floor_after(&retreat, false, false).seen, BALINT_SEEN_BY_NOBODY); /* at once */
    assert_int_equal(tell(&retreat, false, false, 0, SECOND), 0); /* was on its way: no lie */
    assert_int_equal(tell(&retreat, true, false, 7, SECOND), 0);
    assert_int_equal(tell(&retreat, false, false, 0, 2 * SECOND), 1u << BALINT_RETREAT_AWAY);
    assert_int_equal(tell(&retreat, false, false, 0, 3 * SECOND), 0); /* said once */
    assert_int_equal(floor_after(&retreat, false, false).seen, BALINT_SEEN_BY_NOBODY);
    assert_true(floor_after(&retreat, false, false).hears);
    balint_retreat_key(&retreat, BALINT_RETREAT_AWAY, false, 8, 4 * SECOND);
    assert_int_equal(floor_after(&retreat, false, false).seen, BALINT_SEEN_BY_ALL);
}

/* What a state told is kept like what a key did: a program that was started again begins with it. */
static void a_new_process_keeps_what_it_was_told(void **state)
{
    struct balint_retreat retreat;
    (void)state;
    balint_retreat_init(&retreat);
    tell(&retreat, true, false, 0, SECOND);
    assert_int_equal(tell(&retreat, false, false, 0, 2 * SECOND), 1u << BALINT_RETREAT_AWAY);
    assert_int_equal(floor_after(&retreat, false, false).seen, BALINT_SEEN_BY_NOBODY);
}

/* The case ends: the server says so, and the own key ends sitting out. One key, also where that person is
 * away by now. */
static void the_end_of_a_case_opens_no_ear(void **state)
{
    struct balint_retreat retreat;
    (void)state;
    for (int own = 0; own < 2; own++) {
        balint_retreat_init(&retreat);
        balint_retreat_key(&retreat, BALINT_RETREAT_OUT, true, 7, SECOND);
        tell(&retreat, false, true, 7, SECOND);
        assert_int_equal(tell(&retreat, true, false, 0, 2 * SECOND), 1u << BALINT_RETREAT_OUT);
        assert_false(floor_after(&retreat, true, false).hears);
        balint_retreat_key(&retreat, own ? BALINT_RETREAT_OUT : BALINT_RETREAT_AWAY, false, 8, 3 * SECOND);
        assert_true(floor_after(&retreat, true, false).hears);
        tell(&retreat, false, false, 8, 3 * SECOND);
        assert_int_equal(floor_after(&retreat, false, false).seen,
                         own ? BALINT_SEEN_BY_NOBODY : BALINT_SEEN_BY_ALL);
    }
}

/* Back from away while the case goes on: sitting out stays. */
static void coming_back_does_not_end_sitting_out(void **state)
{
    struct balint_retreat retreat;
    (void)state;
    balint_retreat_init(&retreat);
    balint_retreat_key(&retreat, BALINT_RETREAT_OUT, true, 7, SECOND);
    balint_retreat_key(&retreat, BALINT_RETREAT_AWAY, false, 8, SECOND); /* not answered yet */
    assert_false(floor_after(&retreat, false, false).hears);
    tell(&retreat, false, true, 7, SECOND);
    balint_retreat_key(&retreat, BALINT_RETREAT_AWAY, false, 9, SECOND);
    assert_false(floor_after(&retreat, false, false).hears);
}

/* While the case goes on one key brings back. */
static void sitting_in_again_is_one_key(void **state)
{
    struct balint_retreat retreat;
    (void)state;
    balint_retreat_init(&retreat);
    balint_retreat_key(&retreat, BALINT_RETREAT_OUT, true, 7, SECOND);
    tell(&retreat, false, true, 7, SECOND);
    balint_retreat_key(&retreat, BALINT_RETREAT_OUT, false, 8, 2 * SECOND);
    tell(&retreat, false, true, 0, 2 * SECOND); /* was on its way */
    assert_int_equal(tell(&retreat, false, false, 8, 2 * SECOND), 0);
    assert_true(floor_after(&retreat, false, false).hears);
    assert_int_equal(floor_after(&retreat, false, false).seen, BALINT_SEEN_BY_ALL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sequence),
        cmocka_unit_test(a_lie_shows_nobody_who_is_away),
        cmocka_unit_test(a_new_process_keeps_what_it_was_told),
        cmocka_unit_test(the_end_of_a_case_opens_no_ear),
        cmocka_unit_test(coming_back_does_not_end_sitting_out),
        cmocka_unit_test(sitting_in_again_is_one_key),
    };
    return cmocka_run_group_tests_name("call_retreat", tests, NULL, NULL);
}
