/* call_negotiation.c - who makes a link when: every sequence of five events, and long random ones.
 *
 * The rules are DESIGN.md's ("A link is one webrtcbin, made once, thrown away"): a fixed offerer, rising
 * generations, nothing touched while signalling is silent, a forged link ends.
 */
#include "call/negotiation.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define SECOND INT64_C(1000000)

/* ---- one end, and an onlooker who keeps the links it was told to make */

#define OTHER 5

struct end {
    struct balint_negotiation n;
    int64_t now_us;
    int64_t live[4]; /* generations of links to OTHER */
    int count;
    int64_t made; /* the highest generation made */
    uint32_t epoch;
    bool here, connected, forged;
    int64_t heard_us; /* when signalling last brought anything; 0: down */
};

static bool is_alive(const struct end *e)
{
    return e->heard_us && e->now_us - e->heard_us <= balint_patience.alive_us;
}

static bool is_live(const struct end *e, int64_t generation)
{
    for (int i = 0; i < e->count; i++)
        if (e->live[i] == generation)
            return true;
    return false;
}

static void take_action(struct end *e, const struct balint_link_action *action)
{
    bool offers = e->n.seat < OTHER;
    assert_int_equal(action->seat, OTHER);
    switch (action->what) {
    case BALINT_DO_OFFER:
    case BALINT_DO_ANSWER:
        assert_int_equal(action->what == BALINT_DO_OFFER, offers); /* the lower seat offers, always */
        assert_true(is_alive(e));                                  /* nothing is made in silence */
        assert_true(e->here);
        assert_false(e->forged);
        if (action->what == BALINT_DO_OFFER)
            assert_true(e->connected);
        assert_true(action->generation > e->made); /* generations rise */
        e->made = action->generation;
        assert_true(e->count < 2); /* the one that counts, and the one before it */
        e->live[e->count++] = action->generation;
        break;
    case BALINT_DO_ACCEPT:
    case BALINT_DO_CANDIDATE:
        assert_true(is_live(e, action->generation));
        break;
    case BALINT_DO_DROP:
        assert_true(is_live(e, action->generation));
        for (int i = 0; i < e->count; i++)
            if (e->live[i] == action->generation) {
                e->live[i] = e->live[--e->count];
                break;
            }
        break;
    case BALINT_DO_SEND:
        if (action->event == BALINT_LINK_REMAKE) {
            assert_false(offers);
            assert_true(is_alive(e) && e->connected);
        }
        break;
    case BALINT_DO_TELL:
        break;
    }
}

enum event {
    PEOPLE,      /* the other is here, connected */
    PEOPLE_LOST, /* here, not connected */
    PEOPLE_NEW,  /* here with the next client process */
    PEOPLE_GONE, /* not in the roster */
    OFFER_NEXT,
    OFFER_SAME,
    ANSWER,
    CANDIDATE,
    LINK_REMAKE,
    LINK_MISMATCH,
    LINK_CLOSED,
    LINK_UNSIGNED,
    UNPROVEN, /* an offer or answer whose signature does not fit */
    OPENED,
    FAILED,
    FORGED,
    MEDIA,
    SILENCE, /* six seconds in which signalling works */
    DOWN,
    DEAF, /* six seconds in which nothing arrives, though the socket is open */
    TICK,
    WELCOME_NEW, /* we are another process to the server */
    EVENTS,
};

static void run_actions(struct end *e)
{
    struct balint_link_action action;
    while (balint_negotiation_next(&e->n, &action))
        take_action(e, &action);
}

static void tell_people(struct end *e)
{
    struct balint_peer_view view = {.seat = OTHER, .epoch = e->epoch, .connected = e->connected};
    strcpy(view.member, "other");
    e->heard_us = e->now_us;
    balint_negotiation_heard(&e->n, e->now_us);
    balint_negotiation_people(&e->n, &view, e->here ? 1 : 0, e->now_us);
}

static void hear(struct end *e)
{
    e->heard_us = e->now_us;
    balint_negotiation_heard(&e->n, e->now_us);
}

static void new_process(struct end *e)
{
    e->made = 0;
    e->forged = false;
}

static void apply_people(struct end *e, enum event event)
{
    e->here = event != PEOPLE_GONE;
    e->connected = event == PEOPLE || event == PEOPLE_NEW;
    if (event == PEOPLE_NEW) {
        e->epoch++;
        new_process(e);
    }
    if (event == PEOPLE_GONE)
        e->forged = false;
    tell_people(e);
}

static void apply(struct end *e, enum event event)
{
    int64_t generation = e->n.peers[OTHER].generation;
    int64_t highest = e->n.peers[OTHER].highest;
    switch (event) {
    case PEOPLE:
    case PEOPLE_LOST:
    case PEOPLE_NEW:
    case PEOPLE_GONE:
        apply_people(e, event);
        break;
    case OFFER_NEXT:
    case OFFER_SAME:
        hear(e);
        balint_negotiation_offer(&e->n, OTHER, highest + (event == OFFER_NEXT), e->now_us);
        break;
    case ANSWER:
        hear(e);
        balint_negotiation_answer(&e->n, OTHER, generation, e->now_us);
        break;
    case CANDIDATE:
        hear(e);
        balint_negotiation_candidate(&e->n, OTHER, generation);
        break;
    case LINK_REMAKE:
    case LINK_MISMATCH:
    case LINK_CLOSED:
    case LINK_UNSIGNED:
        hear(e);
        if (balint_negotiation_link(&e->n, OTHER, generation, (enum balint_link_event)(event - LINK_REMAKE),
                                    e->now_us) &&
            event == LINK_MISMATCH)
            e->forged = true;
        break;
    case UNPROVEN:
        balint_negotiation_unproven(&e->n, OTHER, generation ? generation : highest + 1, e->now_us);
        break;
    case OPENED:
        if (is_live(e, generation))
            balint_negotiation_open(&e->n, OTHER, generation, e->now_us);
        break;
    case FAILED:
        if (is_live(e, generation))
            balint_negotiation_failed(&e->n, OTHER, generation, e->now_us);
        break;
    case FORGED:
        if (is_live(e, generation)) {
            balint_negotiation_forged(&e->n, OTHER, generation, e->now_us);
            e->forged = true;
        }
        break;
    case MEDIA:
        e->now_us += 1000;
        balint_negotiation_media(&e->n, OTHER, generation, e->now_us, e->now_us);
        break;
    case SILENCE:
        for (int i = 0; i < 6; i++) {
            e->now_us += SECOND;
            hear(e);
            balint_negotiation_tick(&e->n, e->now_us);
            run_actions(e);
        }
        break;
    case DOWN:
        e->heard_us = 0;
        balint_negotiation_down(&e->n);
        break;
    case DEAF:
        e->now_us += 6 * SECOND;
        balint_negotiation_tick(&e->n, e->now_us);
        break;
    case TICK:
        e->now_us += SECOND / 5;
        balint_negotiation_tick(&e->n, e->now_us);
        break;
    case WELCOME_NEW:
        hear(e);
        new_process(e);
        e->here = false;
        balint_negotiation_welcome(&e->n, e->n.seat, e->n.epoch + 1, e->now_us);
        break;
    default:
        break;
    }
    run_actions(e);
}

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

static struct end fresh(int seat)
{
    struct end e = {.now_us = 1000 * SECOND, .epoch = 1};
    balint_negotiation_init(&e.n);
    balint_negotiation_welcome(&e.n, seat, 1, e.now_us);
    e.heard_us = e.now_us;
    run_actions(&e);
    return e;
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

/* ---- figures of the header, one by one */

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
        cmocka_unit_test(every_sequence),
        cmocka_unit_test(long_sequences),
        cmocka_unit_test(a_dead_peer_is_noticed_within_ten_seconds),
        cmocka_unit_test(an_outage_of_all_does_not_touch_the_link),
        cmocka_unit_test(candidates_are_counted),
        cmocka_unit_test(no_number_is_used_twice),
        cmocka_unit_test(what_is_not_signed_opens_nothing),
        cmocka_unit_test(generations_are_not_made_in_a_storm),
        cmocka_unit_test(names),
    };
    return cmocka_run_group_tests_name("call_negotiation", tests, NULL, NULL);
}
