/* call_two_ends.c - two negotiations that talk to each other over a bad line: whatever happened, both come to
 * one open link.
 */
#include "call/negotiation.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define SECOND INT64_C(1000000)

static uint32_t chance(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

#define QUEUE 64
struct wire {
    struct {
        enum balint_link_do what; /* OFFER, ANSWER, or SEND */
        int64_t generation;
        enum balint_link_event event;
    } queue[QUEUE];
    int count;
};

struct party {
    struct balint_negotiation n;
    int seat;
    uint32_t epoch;
    bool up;           /* signalling */
    int64_t live[2];   /* links that are there */
    int64_t described; /* the newest generation with both descriptions */
    int64_t open;      /* and the newest that is open */
    struct wire in;
};

static void send_to(struct party *from, struct party *to, const struct balint_link_action *action,
                    enum balint_link_do what)
{
    if (!from->up || !to->up || to->in.count == QUEUE)
        return; /* lost, as the server would with "not-here" */
    to->in.queue[to->in.count].what = what;
    to->in.queue[to->in.count].generation = action->generation;
    to->in.queue[to->in.count++].event = action->event;
}

static void do_actions(struct party *p, struct party *other)
{
    struct balint_link_action action;
    while (balint_negotiation_next(&p->n, &action))
        switch (action.what) {
        case BALINT_DO_OFFER:
        case BALINT_DO_ANSWER:
            p->live[p->live[0] ? 1 : 0] = action.generation;
            if (action.what == BALINT_DO_ANSWER)
                p->described = action.generation;
            send_to(p, other, &action, action.what);
            break;
        case BALINT_DO_ACCEPT:
            p->described = action.generation;
            break;
        case BALINT_DO_DROP:
            for (int i = 0; i < 2; i++)
                if (p->live[i] == action.generation)
                    p->live[i] = 0;
            break;
        case BALINT_DO_SEND:
            send_to(p, other, &action, BALINT_DO_SEND);
            break;
        default:
            break;
        }
}

static void receive(struct party *p, int64_t now_us)
{
    if (!p->up || p->in.count == 0)
        return;
    int64_t generation = p->in.queue[0].generation;
    enum balint_link_do what = p->in.queue[0].what;
    enum balint_link_event event = p->in.queue[0].event;
    memmove(&p->in.queue[0], &p->in.queue[1], (size_t)--p->in.count * sizeof p->in.queue[0]);
    int other = p->seat == 1 ? 2 : 1;
    if (what == BALINT_DO_OFFER)
        balint_negotiation_offer(&p->n, other, generation, now_us);
    else if (what == BALINT_DO_ANSWER)
        balint_negotiation_answer(&p->n, other, generation, now_us);
    else
        balint_negotiation_link(&p->n, other, generation, event, now_us);
}

static void tell_state(struct party *p, const struct party *other, int64_t now_us)
{
    struct balint_peer_view view = {.seat = other->seat, .epoch = other->epoch, .connected = other->up};
    strcpy(view.member, "somebody");
    if (!p->up)
        return;
    balint_negotiation_heard(&p->n, now_us);
    balint_negotiation_people(&p->n, &view, 1, now_us);
}

static bool has_live(const struct party *p, int64_t generation)
{
    return generation && (p->live[0] == generation || p->live[1] == generation);
}

static void restart(struct party *p, int64_t now_us)
{
    p->epoch++;
    balint_negotiation_init(&p->n);
    balint_negotiation_welcome(&p->n, p->seat, p->epoch, now_us);
    p->live[0] = p->live[1] = p->described = p->open = 0;
    p->in.count = 0;
    p->up = true;
}

/* A link carries media once both ends have described it, unless this generation is one that is cut. */
static void carry(struct party *p, struct party *other, int64_t cut, int64_t now_us)
{
    int64_t generation = p->described;
    if (!has_live(p, generation) || other->described != generation || !has_live(other, generation) ||
        generation <= cut)
        return;
    int peer = other->seat;
    if (p->open != generation)
        balint_negotiation_open(&p->n, peer, generation, now_us);
    p->open = generation;
    balint_negotiation_media(&p->n, peer, generation, now_us, now_us);
}

static void two_ends_on_a_bad_line(void **state)
{
    (void)state;
    for (uint32_t run = 1; run <= 400; run++) {
        uint32_t seed = run;
        int64_t now_us = 1000 * SECOND, cut = 0;
        struct party a = {.seat = 1}, b = {.seat = 2};
        restart(&a, now_us);
        restart(&b, now_us);
        tell_state(&a, &b, now_us);
        tell_state(&b, &a, now_us);
        for (int step = 0; step < 10 * 120; step++) { /* two minutes in tenths */
            bool trouble = step < 10 * 60;
            struct party *p = chance(&seed) % 2 ? &a : &b, *other = p == &a ? &b : &a;
            now_us += SECOND / 10;
            if (trouble && chance(&seed) % 40 == 0) {
                p->up = !p->up;
                p->in.count = 0;
                if (!p->up)
                    balint_negotiation_down(&p->n);
                tell_state(p, other, now_us);
                tell_state(other, p, now_us);
            }
            if (trouble && chance(&seed) % 150 == 0) {
                restart(p, now_us);
                cut = 0;
                tell_state(p, other, now_us);
                tell_state(other, p, now_us);
            }
            if (trouble && chance(&seed) % 100 == 0)
                cut = a.described > b.described ? a.described : b.described;
            if (step == 10 * 60) {
                a.up = b.up = true;
                tell_state(&a, &b, now_us);
                tell_state(&b, &a, now_us);
            }
            for (struct party *each = &a; each; each = each == &a ? &b : NULL) {
                if (each->up && step % 30 == 0)
                    balint_negotiation_heard(&each->n, now_us);
                receive(each, now_us);
                do_actions(each, each == &a ? &b : &a);
                carry(each, each == &a ? &b : &a, cut, now_us);
                balint_negotiation_tick(&each->n, now_us);
                do_actions(each, each == &a ? &b : &a);
            }
        }
        assert_int_equal(a.n.peers[2].state, BALINT_LINK_OPEN);
        assert_int_equal(b.n.peers[1].state, BALINT_LINK_OPEN);
        assert_int_equal(a.n.peers[2].generation, b.n.peers[1].generation);
        assert_int_equal(a.live[0] != 0, !(a.live[1] != 0)); /* and the others are gone */
        assert_int_equal(b.live[0] != 0, !(b.live[1] != 0));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_ends_on_a_bad_line),
    };
    return cmocka_run_group_tests_name("call_two_ends", tests, NULL, NULL);
}
