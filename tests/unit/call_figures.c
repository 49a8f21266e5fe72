/* call_figures.c - who makes a link when: the figures of call/negotiation.h, one by one. */
#include "call_onlooker.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void open_link(struct end *e)
{
    apply(e, PEOPLE);
    apply(e, e->n.seat < OTHER ? ANSWER : OFFER_NEXT);
    apply(e, OPENED);
    apply(e, MEDIA);
    assert_int_equal(e->n.peers[OTHER].state, BALINT_LINK_OPEN);
}

static void a_dead_peer_is_noticed_within_ten_seconds(void **state)
{
    (void)state;
    for (int seat = 4; seat <= 6; seat += 2)
        for (int connected = 0; connected < 2; connected++) {
            struct end e = fresh(seat);
            open_link(&e);
            int64_t since_us = e.now_us;
            apply(&e, connected ? PEOPLE : PEOPLE_LOST);
            while (e.n.peers[OTHER].state == BALINT_LINK_OPEN) {
                e.now_us += SECOND / 5;
                hear(&e);
                balint_negotiation_tick(&e.n, e.now_us);
                run_actions(&e);
                assert_true(e.now_us - since_us < 10 * SECOND);
            }
            assert_true(e.now_us - since_us >= 5 * SECOND);
            /* Made anew only while the other is there to answer. */
            assert_int_equal(balint_link_generation_shown(&e.n.peers[OTHER]),
                             seat < OTHER && connected ? 2 : 1);
        }
}

static void an_outage_of_all_does_not_touch_the_link(void **state)
{
    (void)state;
    struct end e = fresh(4);
    open_link(&e);
    for (int i = 0; i < 600; i++) /* two minutes of nothing: neither media nor signalling */
        apply(&e, TICK);
    assert_int_equal(e.n.peers[OTHER].state, BALINT_LINK_OPEN);
    /* Signalling is back a moment before media: the link gets its five seconds. */
    apply(&e, PEOPLE);
    for (int i = 0; i < 20; i++) {
        apply(&e, TICK);
        hear(&e);
        assert_int_equal(e.n.peers[OTHER].state, BALINT_LINK_OPEN);
    }
    apply(&e, MEDIA);
    assert_int_equal(balint_link_generation_shown(&e.n.peers[OTHER]), 1);
}

static void candidates_are_counted(void **state)
{
    (void)state;
    struct end e = fresh(4);
    apply(&e, PEOPLE);
    int64_t made = e.made;
    for (int i = 0; i < BALINT_CANDIDATES; i++)
        assert_true(balint_negotiation_candidate(&e.n, OTHER, made));
    assert_false(balint_negotiation_candidate(&e.n, OTHER, made));
    run_actions(&e);
    assert_false(balint_negotiation_candidate(&e.n, OTHER, made + 1));
    assert_false(balint_negotiation_candidate(&e.n, BALINT_SEATS, made));
    assert_false(balint_negotiation_candidate(&e.n, -1, made));
    assert_false(balint_negotiation_candidate(&e.n, 4, made)); /* ourselves */
}

static int64_t offered(struct balint_negotiation *n)
{
    struct balint_link_action action;
    int64_t generation = 0;
    while (balint_negotiation_next(n, &action))
        if (action.what == BALINT_DO_OFFER)
            generation = action.generation;
    return generation;
}

/* PROTOCOL.md, Links: a description between two processes one of which is gone names no link of the next one.
 */
static void no_number_is_used_twice(void **state)
{
    struct balint_negotiation n;
    struct balint_peer_view other = {.seat = OTHER, .member = "other", .epoch = 1, .connected = true};
    int64_t seen[4], now_us = SECOND;
    (void)state;
    balint_negotiation_init(&n);
    for (int process = 0; process < 4; process++) {
        if (process == 2) /* our own next one; before, the other's next one */
            balint_negotiation_init(&n);
        if (process % 2 == 0)
            balint_negotiation_welcome(&n, 0, 1 + (uint32_t)process / 2, now_us);
        other.epoch = 1 + (uint32_t)process;
        balint_negotiation_people(&n, &other, 1, now_us);
        seen[process] = offered(&n);
        assert_true(seen[process] > 0);
        assert_int_equal(balint_link_generation_shown(&n.peers[OTHER]), 1);
        for (int earlier = 0; earlier < process; earlier++) {
            assert_true(seen[process] > seen[earlier]);
            assert_false(balint_negotiation_answer(&n, OTHER, seen[earlier], now_us));
            assert_false(balint_negotiation_candidate(&n, OTHER, seen[earlier]));
            assert_false(balint_negotiation_link(&n, OTHER, seen[earlier], BALINT_LINK_MISMATCH, now_us));
        }
        assert_true(balint_negotiation_answer(&n, OTHER, seen[process], now_us));
        balint_negotiation_failed(&n, OTHER, seen[process], now_us + SECOND);
        offered(&n);
        assert_int_equal(balint_link_generation_shown(&n.peers[OTHER]), 2);
    }
    /* The one who answers counts from the first offer that came. */
    balint_negotiation_init(&n);
    balint_negotiation_welcome(&n, OTHER + 1, 1, now_us);
    balint_negotiation_people(&n, &other, 1, now_us);
    assert_true(balint_negotiation_offer(&n, OTHER, seen[3], now_us));
    assert_int_equal(balint_link_generation_shown(&n.peers[OTHER]), 1);
}

/* One such description may have crossed a change of process: the next is made at once. Two are told, shown,
 * and tried again; an open link is not touched by what is not signed. */
static void what_is_not_signed_opens_nothing(void **state)
{
    struct balint_link_action action;
    (void)state;
    for (int told = 0; told < 2; told++) { /* found out here, or told by the other */
        struct end e = fresh(4);
        apply(&e, PEOPLE);
        for (int i = 1; i <= 2; i++) {
            int64_t generation = e.n.peers[OTHER].generation;
            assert_int_equal(e.n.peers[OTHER].state, BALINT_LINK_OFFERING);
            if (told)
                assert_true(balint_negotiation_link(&e.n, OTHER, generation, BALINT_LINK_UNSIGNED, e.now_us));
            else
                balint_negotiation_unproven(&e.n, OTHER, generation, e.now_us);
            bool sent = false;
            while (balint_negotiation_next(&e.n, &action)) {
                sent |= action.what == BALINT_DO_SEND && action.event == BALINT_LINK_UNSIGNED &&
                        action.generation == generation;
                take_action(&e, &action);
            }
            assert_int_equal(sent, !told);
            if (i == 1) { /* a quarter of a second later */
                e.now_us += SECOND / 2;
                hear(&e);
                apply(&e, TICK);
            }
        }
        assert_int_equal(balint_link_state_shown(&e.n.peers[OTHER]), BALINT_LINK_UNPROVEN);
        assert_int_equal(e.count, 0);
        for (int i = 0; i < 100 && e.n.peers[OTHER].state == BALINT_LINK_UNPROVEN; i++) {
            hear(&e);
            apply(&e, TICK);
        }
        assert_int_equal(e.n.peers[OTHER].state, BALINT_LINK_OFFERING); /* tried again … */
        assert_int_equal(balint_link_state_shown(&e.n.peers[OTHER]),
                         BALINT_LINK_UNPROVEN); /* … and said so */
        apply(&e, ANSWER);
        apply(&e, OPENED);
        assert_int_equal(balint_link_state_shown(&e.n.peers[OTHER]), BALINT_LINK_OPEN);
        apply(&e, UNPROVEN);
        assert_int_equal(e.n.peers[OTHER].state, BALINT_LINK_OPEN);
    }
}

static void generations_are_not_made_in_a_storm(void **state)
{
    (void)state;
    struct end e = fresh(4);
    apply(&e, PEOPLE);
    for (int i = 0; i < 5 * 60; i++) { /* a minute in which every link fails at once */
        apply(&e, FAILED);
        hear(&e);
        apply(&e, TICK);
    }
    assert_in_range(balint_link_generation_shown(&e.n.peers[OTHER]), 6, 11);
}

static void names(void **state)
{
    (void)state;
    assert_string_equal(balint_link_state_name(BALINT_LINK_FORGED), "fingerprint-mismatch");
    assert_string_equal(balint_link_state_name(BALINT_LINK_OPEN), "open");
    assert_string_equal(balint_link_state_name(BALINT_LINK_UNPROVEN), "not-proven");
    assert_string_equal(balint_link_state_name(BALINT_LINK_STATES), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dead_peer_is_noticed_within_ten_seconds),
        cmocka_unit_test(an_outage_of_all_does_not_touch_the_link),
        cmocka_unit_test(candidates_are_counted),
        cmocka_unit_test(no_number_is_used_twice),
        cmocka_unit_test(what_is_not_signed_opens_nothing),
        cmocka_unit_test(generations_are_not_made_in_a_storm),
        cmocka_unit_test(names),
    };
    return cmocka_run_group_tests_name("call_figures", tests, NULL, NULL);
}
