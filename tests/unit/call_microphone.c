/* call_microphone.c - the microphone's latch over every short sequence of what can happen to it.
 *
 * The rule, from DESIGN.md ("The floor is decided once …") and BALINT.md ("an invitation opens no
 * microphone"): a state may close a microphone, a closed one opens only by its owner's key. Joining is the
 * first key.
 */
#include "call/microphone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define SECOND  INT64_C(1000000)
#define HEARD   ((struct balint_floor){.heard = true})
#define UNHEARD ((struct balint_floor){.heard = false})
#define APART   ((struct balint_floor){.heard = true, .apart = true})

enum event {
    STATE_HEARD,
    STATE_UNHEARD,
    STATE_APART, /* in the after-room */
    STATE_LOBBY,
    ANSWER_HEARD,   /* the state that answers the newest key */
    ANSWER_UNHEARD, /* likewise */
    KEY_OPEN,
    KEY_OFFLINE, /* could not be sent */
    KEY_CLOSE,
    KEY_ROOM, /* into the after-room … */
    KEY_OUT,  /* … and out of it */
    REFUSED,  /* the newest key's request */
    LATER,    /* six seconds pass */
    EVENTS,
};

/* What an onlooker knows: enough to say whether an opening was the owner's doing. */
struct onlooker {
    bool heard;     /* by the last state */
    bool ever_in;   /* a state showed us admitted */
    bool key;       /* a key to open, or joining, and none to close since */
    int64_t asked;  /* the newest key's request, while its answer may still open */
    int64_t at_us;  /* when it was pressed */
    bool answers;   /* this event answers it, in time */
    bool apart;     /* by the last state */
    bool put_out;   /* of the after-room by this event, without the own key */
    int64_t out_us; /* the key to come out was pressed then, 0: not */
};

static void watch(struct onlooker *o, enum event event, int64_t *now_us, int64_t *id, int64_t *re)
{
    *re = 0;
    o->answers = false;
    o->put_out = false;
    switch (event) {
    case ANSWER_HEARD:
    case ANSWER_UNHEARD:
        *re = o->asked;
        o->answers = o->asked != 0 && *now_us - o->at_us <= BALINT_KEY_WAITS_US;
        o->asked = 0;
        break;
    case KEY_OPEN:
        o->asked = ++*id;
        o->at_us = *now_us;
        o->key = true;
        break;
    case KEY_OFFLINE:
        o->asked = 0;
        o->key = true;
        break;
    case KEY_CLOSE:
        o->asked = 0;
        o->key = false;
        break;
    case REFUSED:
        *re = o->asked;
        o->asked = 0;
        break;
    case KEY_ROOM:
        o->out_us = 0;
        break;
    case KEY_OUT:
        o->out_us = *now_us;
        break;
    case LATER:
        *now_us += 6 * SECOND;
        break;
    default:
        break;
    }
    if (event > ANSWER_UNHEARD)
        return; /* no state */
    o->put_out =
        o->apart && event != STATE_APART && (o->out_us == 0 || *now_us - o->out_us > BALINT_KEY_WAITS_US);
    o->out_us = event == STATE_APART ? o->out_us : 0;
    o->apart = event == STATE_APART;
}

static void apply(struct balint_microphone *m, enum event event, int64_t now_us, int64_t id, int64_t re)
{
    switch (event) {
    case STATE_HEARD:
    case ANSWER_HEARD:
        balint_microphone_state(m, true, HEARD, re, now_us);
        break;
    case STATE_UNHEARD:
    case ANSWER_UNHEARD:
        balint_microphone_state(m, true, UNHEARD, re, now_us);
        break;
    case STATE_APART:
        balint_microphone_state(m, true, APART, re, now_us);
        break;
    case STATE_LOBBY:
        balint_microphone_state(m, false, UNHEARD, re, now_us);
        break;
    case KEY_OPEN:
        balint_microphone_open(m, id, now_us);
        break;
    case KEY_OFFLINE:
        balint_microphone_open(m, 0, now_us);
        break;
    case KEY_CLOSE:
        balint_microphone_close(m);
        break;
    case KEY_ROOM:
    case KEY_OUT:
        balint_microphone_room(m, event == KEY_ROOM, now_us);
        break;
    case REFUSED:
        balint_microphone_refused(m, re);
        break;
    default:
        break;
    }
}

static void check(const struct onlooker *before, const struct onlooker *after, enum event event, bool was,
                  bool is)
{
    if (is)
        assert_true(after->heard); /* the floor of the last state */
    if (after->put_out)
        assert_false(is); /* what is said to few is not carried on to all */
    if (event == KEY_CLOSE)
        assert_false(is);
    if (was || !is)
        return;
    /* It opened: by the owner's key on the spot, by the answer to it, or by the key of joining. */
    bool on_the_spot = event == KEY_OPEN || event == KEY_OFFLINE;
    bool joined = !before->ever_in && before->key;
    assert_true(on_the_spot || after->answers || joined);
    assert_true(after->key);
}

static void walk(struct balint_microphone m, struct onlooker o, int64_t now_us, int64_t id, int depth)
{
    for (int event = 0; event < EVENTS; event++) {
        struct balint_microphone next = m;
        struct onlooker seen = o;
        int64_t later_us = now_us, next_id = id, re;
        watch(&seen, event, &later_us, &next_id, &re);
        if (event == STATE_HEARD || event == ANSWER_HEARD || event == STATE_APART)
            seen.heard = true;
        if (event == STATE_UNHEARD || event == ANSWER_UNHEARD || event == STATE_LOBBY)
            seen.heard = false;
        apply(&next, event, later_us, next_id, re);
        check(&o, &seen, event, balint_microphone_is_open(&m), balint_microphone_is_open(&next));
        if (event <= ANSWER_UNHEARD && event != STATE_LOBBY)
            seen.ever_in = true;
        if (depth > 1)
            walk(next, seen, later_us, next_id, depth - 1);
    }
}

static void every_sequence(void **state)
{
    struct balint_microphone m;
    (void)state;
    balint_microphone_join(&m);
    assert_false(balint_microphone_is_open(&m));
    walk(m, (struct onlooker){.key = true}, 100 * SECOND, 10, 7);
}

static void joining_waits_in_the_lobby(void **state)
{
    struct balint_microphone m;
    (void)state;
    balint_microphone_join(&m);
    balint_microphone_state(&m, false, UNHEARD, 0, SECOND);
    balint_microphone_state(&m, false, UNHEARD, 0, 3600 * SECOND);
    assert_false(balint_microphone_is_open(&m));
    balint_microphone_state(&m, true, HEARD, 0, 3601 * SECOND);
    assert_true(balint_microphone_is_open(&m));
}

static void stepped_back_and_invited(void **state)
{
    struct balint_microphone m;
    (void)state;
    balint_microphone_join(&m);
    balint_microphone_state(&m, true, HEARD, 0, SECOND);
    balint_microphone_state(&m, true, UNHEARD, 0, 2 * SECOND); /* stepped back */
    balint_microphone_state(&m, true, UNHEARD, 0, 3 * SECOND); /* invited */
    assert_false(balint_microphone_is_open(&m));
    balint_microphone_state(&m, true, HEARD, 0, 4 * SECOND); /* back in the circle by somebody else's doing */
    assert_false(balint_microphone_is_open(&m));
    balint_microphone_open(&m, 7, 5 * SECOND);
    assert_true(balint_microphone_is_open(&m));
}

static void a_key_that_was_refused_opens_nothing_later(void **state)
{
    struct balint_microphone m;
    (void)state;
    balint_microphone_join(&m);
    balint_microphone_state(&m, true, HEARD, 0, SECOND);
    balint_microphone_state(&m, true, UNHEARD, 0, 2 * SECOND); /* muted for cause */
    balint_microphone_open(&m, 7, 3 * SECOND);
    balint_microphone_refused(&m, 7);
    balint_microphone_state(&m, true, HEARD, 7, 4 * SECOND);
    assert_false(balint_microphone_is_open(&m));
}

static void mute_and_unmute_faster_than_the_server(void **state)
{
    struct balint_microphone m;
    (void)state;
    balint_microphone_join(&m);
    balint_microphone_state(&m, true, HEARD, 0, SECOND);
    balint_microphone_close(&m); /* request 8 */
    assert_false(balint_microphone_is_open(&m));
    balint_microphone_open(&m, 9, SECOND + 1000);
    balint_microphone_state(&m, true, UNHEARD, 8, SECOND + 2000);
    assert_false(balint_microphone_is_open(&m));
    balint_microphone_state(&m, true, HEARD, 9, SECOND + 3000);
    assert_true(balint_microphone_is_open(&m));
}

/* A leader who looks at the door hears who came to be heard, as long as that person's own key has not closed
 * it; it is said of nobody who is in, and of nobody who was. */
static void a_look_hears_who_came_to_be_heard(void **state)
{
    struct balint_microphone m;
    (void)state;
    balint_microphone_join(&m);
    assert_true(balint_microphone_joins(&m));
    balint_microphone_state(&m, false, HEARD, 0, SECOND);
    assert_true(balint_microphone_joins(&m));
    assert_false(balint_microphone_is_open(&m));
    balint_microphone_close(&m);
    assert_false(balint_microphone_joins(&m));
    balint_microphone_join(&m);
    balint_microphone_state(&m, true, UNHEARD, 0, SECOND);
    assert_false(balint_microphone_joins(&m));
    balint_microphone_state(&m, false, HEARD, 0, SECOND);
    assert_false(balint_microphone_joins(&m));
}

/* The after-room ends because the server says so: who was heard there is not heard by all. */
static void out_of_the_after_room_unasked(void **state)
{
    struct balint_microphone m;
    (void)state;
    balint_microphone_join(&m);
    balint_microphone_state(&m, true, HEARD, 0, SECOND);
    balint_microphone_room(&m, true, SECOND);
    assert_false(balint_microphone_state(&m, true, APART, 0, 2 * SECOND));
    assert_true(balint_microphone_is_open(&m));
    assert_true(balint_microphone_state(&m, true, HEARD, 0, 3 * SECOND));
    assert_false(balint_microphone_is_open(&m));
    assert_true(balint_microphone_holds(&m));
    assert_false(balint_microphone_state(&m, true, HEARD, 0, 4 * SECOND)); /* said once */
    balint_microphone_open(&m, 8, 5 * SECOND);
    assert_true(balint_microphone_is_open(&m));
    assert_false(balint_microphone_holds(&m));
}

static void out_of_the_after_room_by_the_own_key(void **state)
{
    struct balint_microphone m;
    (void)state;
    balint_microphone_join(&m);
    balint_microphone_state(&m, true, APART, 0, SECOND);
    balint_microphone_room(&m, false, 2 * SECOND);
    balint_microphone_state(&m, true, APART, 0, 2 * SECOND); /* was on its way */
    assert_false(balint_microphone_state(&m, true, HEARD, 8, 3 * SECOND));
    assert_true(balint_microphone_is_open(&m));
    /* the key spoke for that time alone */
    balint_microphone_state(&m, true, APART, 0, 4 * SECOND);
    assert_true(balint_microphone_state(&m, true, HEARD, 0, 4 * SECOND));
    assert_false(balint_microphone_is_open(&m));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sequence),
        cmocka_unit_test(joining_waits_in_the_lobby),
        cmocka_unit_test(stepped_back_and_invited),
        cmocka_unit_test(a_key_that_was_refused_opens_nothing_later),
        cmocka_unit_test(mute_and_unmute_faster_than_the_server),
        cmocka_unit_test(out_of_the_after_room_unasked),
        cmocka_unit_test(out_of_the_after_room_by_the_own_key),
        cmocka_unit_test(a_look_hears_who_came_to_be_heard),
    };
    return cmocka_run_group_tests_name("call_microphone", tests, NULL, NULL);
}
