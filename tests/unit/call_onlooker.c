/* call_onlooker.c - see call_onlooker.h. */
#include "call_onlooker.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

bool is_alive(const struct end *e)
{
    return e->heard_us && e->now_us - e->heard_us <= balint_patience.alive_us;
}

bool is_live(const struct end *e, int64_t generation)
{
    for (int i = 0; i < e->count; i++)
        if (e->live[i] == generation)
            return true;
    return false;
}

void take_action(struct end *e, const struct balint_link_action *action)
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

void run_actions(struct end *e)
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

void hear(struct end *e)
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

void apply(struct end *e, enum event event)
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

struct end fresh(int seat)
{
    struct end e = {.now_us = 1000 * SECOND, .epoch = 1};
    balint_negotiation_init(&e.n);
    balint_negotiation_welcome(&e.n, seat, 1, e.now_us);
    e.heard_us = e.now_us;
    run_actions(&e);
    return e;
}
