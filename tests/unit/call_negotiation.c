/* call_negotiation.c - who makes a link when: every sequence of five events, and long random ones.
 *
 * The rules are DESIGN.md's ("A link is one webrtcbin, made once, thrown away"): a fixed offerer, rising
 * generations, nothing touched while signalling is silent, a forged link ends.
 */
#include "call_onlooker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void check(const struct end *e, const struct end *before, enum event event)
{
    const struct balint_peer *peer = &e->n.peers[OTHER];
    if (!e->here || peer->state == BALINT_LINK_FORGED || peer->state == BALINT_LINK_NONE)
        assert_int_equal(e->count, 0);
    if (peer->state == BALINT_LINK_OPEN || peer->state == BALINT_LINK_OPENING ||
        peer->state == BALINT_LINK_OFFERING)
        assert_true(is_live(e, peer->generation));
    if (e->forged && e->here)
        assert_int_equal(peer->state, BALINT_LINK_FORGED);
    /* In silence nothing is dropped, either: a forged one apart. */
    if (event == DEAF || (event == FAILED && !is_alive(e)) || (event == TICK && !is_alive(e)) ||
        event == DOWN)
        assert_int_equal(e->count, before->count);
    /* What was asked for is under way, or has its time. */
    if (event == SILENCE && e->here && e->connected && !e->forged && e->n.seat < OTHER)
        assert_true(peer->state != BALINT_LINK_NONE || e->now_us - peer->made_us < 16 * SECOND);
}

static void walk(const struct end *from, int depth)
{
    for (int event = 0; event < EVENTS; event++) {
        struct end e = *from;
        apply(&e, (enum event)event);
        check(&e, from, (enum event)event);
        if (depth > 1)
            walk(&e, depth - 1);
    }
}

static void every_sequence(void **state)
{
    (void)state;
    for (int seat = 4; seat <= 6; seat += 2) { /* below OTHER: offers; above: answers */
        struct end e = fresh(seat);
        apply(&e, PEOPLE);
        check(&e, &e, PEOPLE);
        walk(&e, 4);
        struct end lobby = fresh(seat);
        walk(&lobby, 3);
    }
}

static uint32_t chance(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void long_sequences(void **state)
{
    (void)state;
    for (uint32_t run = 1; run <= 4000; run++) {
        uint32_t seed = run;
        struct end e = fresh(run % 2 ? 4 : 6);
        for (int step = 0; step < 150; step++) {
            enum event event = chance(&seed) % EVENTS;
            struct end before = e;
            apply(&e, event);
            check(&e, &before, event);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sequence),
        cmocka_unit_test(long_sequences),
    };
    return cmocka_run_group_tests_name("call_negotiation", tests, NULL, NULL);
}
