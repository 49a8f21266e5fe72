/* negotiation.c - see negotiation.h. */
#include "call/negotiation.h"

#include <string.h>

#define SECOND INT64_C(1000000)

const struct balint_patience balint_patience = {
    .answer_us = 5 * SECOND,
    .connect_us = 10 * SECOND,
    .silent_us = 5 * SECOND,
    .gone_us = 10 * SECOND,
    .alive_us = 4 * SECOND,
    .again_us = {SECOND / 4, SECOND, 2 * SECOND, 4 * SECOND, 8 * SECOND, 15 * SECOND},
};

const char *balint_link_state_name(enum balint_link_state state)
{
    static const char *const names[BALINT_LINK_STATES] = {
        "none", "offering", "opening", "open", "lost", "fingerprint-mismatch", "not-proven"};
    return (unsigned)state < BALINT_LINK_STATES ? names[state] : "?";
}

enum balint_link_state balint_link_state_shown(const struct balint_peer *peer)
{
    bool under_way = peer->state == BALINT_LINK_OFFERING || peer->state == BALINT_LINK_OPENING;
    if (under_way && peer->unproven >= BALINT_CROSSINGS)
        return BALINT_LINK_UNPROVEN;
    return under_way && peer->was_open ? BALINT_LINK_LOST : peer->state;
}

int64_t balint_link_generation_shown(const struct balint_peer *peer)
{
    return peer->highest - peer->base;
}

void balint_negotiation_init(struct balint_negotiation *negotiation)
{
    memset(negotiation, 0, sizeof *negotiation);
    negotiation->seat = BALINT_NOBODY;
}

bool balint_negotiation_next(struct balint_negotiation *negotiation, struct balint_link_action *action)
{
    if (negotiation->count == 0)
        return false;
    *action = negotiation->actions[negotiation->first];
    negotiation->first = (negotiation->first + 1) % BALINT_NEGOTIATION_ACTIONS;
    negotiation->count--;
    return true;
}

/* The queue holds what 16 people can cause in one event many times over; were it ever full, the oldest link
 * would be remade by its timer. */
static void act(struct balint_negotiation *n, enum balint_link_do what, int seat, int64_t generation,
                enum balint_link_event event)
{
    if (n->count == BALINT_NEGOTIATION_ACTIONS)
        return;
    int at = (n->first + n->count++) % BALINT_NEGOTIATION_ACTIONS;
    n->actions[at] = (struct balint_link_action){what, seat, generation, event};
}

static void enter(struct balint_negotiation *n, int seat, enum balint_link_state state, int64_t now_us)
{
    struct balint_peer *peer = &n->peers[seat];
    bool changed = peer->state != state;
    peer->state = state;
    peer->since_us = now_us;
    if (changed)
        act(n, BALINT_DO_TELL, seat, peer->generation, 0);
}

static void drop_previous(struct balint_negotiation *n, int seat)
{
    struct balint_peer *peer = &n->peers[seat];
    if (peer->previous)
        act(n, BALINT_DO_DROP, seat, peer->previous, 0);
    peer->previous = 0;
}

static void drop_all(struct balint_negotiation *n, int seat)
{
    drop_previous(n, seat);
    if (n->peers[seat].generation)
        act(n, BALINT_DO_DROP, seat, n->peers[seat].generation, 0);
    n->peers[seat].generation = 0;
}

/* Ends everything with a person, but remembers which process it was and how far its generations went: should
 * it come back (admitted again), the other side may still remember, too. */
static void forget(struct balint_negotiation *n, int seat)
{
    struct balint_peer *peer = &n->peers[seat];
    drop_all(n, seat);
    bool told = peer->state != BALINT_LINK_NONE;
    *peer = (struct balint_peer){.view = peer->view, .base = peer->base, .highest = peer->highest};
    if (told)
        act(n, BALINT_DO_TELL, seat, 0, 0);
}

bool balint_negotiation_alive(const struct balint_negotiation *n, int64_t now_us)
{
    return n->heard_us != 0 && now_us - n->heard_us <= balint_patience.alive_us;
}

bool balint_negotiation_offers(const struct balint_negotiation *n, int seat)
{
    enum balint_look_side look = n->peers[seat].view.look;
    return look == BALINT_LOOKS || (look == BALINT_LOOK_NONE && n->seat < seat);
}

static bool offers(const struct balint_negotiation *n, int seat)
{
    return balint_negotiation_offers(n, seat);
}

/* Another process sits there. The offerer never uses a number twice, neither for the next process on that
 * seat nor in its own next one: a description that is still on its way between two that are gone names no
 * link. */
static void renew(struct balint_negotiation *n, int seat, enum balint_look_side look)
{
    struct balint_peer *peer = &n->peers[seat];
    int64_t least = (int64_t)n->epoch * BALINT_GENERATIONS, highest = peer->highest;
    forget(n, seat);
    memset(peer, 0, sizeof *peer);
    peer->view.look = look;
    if (offers(n, seat))
        peer->base = peer->highest = highest > least ? highest : least;
}

/* The next generation takes the place of the present one, which stays until the new one is open. Only one
 * that was open is worth keeping so long. */
static void replace(struct balint_negotiation *n, int seat, int64_t generation, int64_t now_us)
{
    struct balint_peer *peer = &n->peers[seat];
    drop_previous(n, seat);
    if (peer->generation && (peer->state == BALINT_LINK_OPEN || peer->state == BALINT_LINK_LOST))
        peer->previous = peer->generation;
    else if (peer->generation)
        act(n, BALINT_DO_DROP, seat, peer->generation, 0);
    peer->generation = generation;
    peer->highest = generation;
    peer->made_us = now_us;
    peer->attempts++;
    peer->candidates = 0;
}

static int64_t wait_us(const struct balint_peer *peer)
{
    int steps = sizeof balint_patience.again_us / sizeof *balint_patience.again_us;
    int step = peer->attempts - 1 < steps ? peer->attempts - 1 : steps - 1;
    return balint_patience.again_us[step < 0 ? 0 : step];
}

/* Makes, or asks for, the next generation if signalling works, the other is there, and it is time. */
static void make(struct balint_negotiation *n, int seat, int64_t now_us)
{
    struct balint_peer *peer = &n->peers[seat];
    if (!peer->here || !peer->view.connected || peer->state == BALINT_LINK_FORGED ||
        !balint_negotiation_alive(n, now_us))
        return;
    if (peer->attempts && now_us - peer->made_us < wait_us(peer))
        return;
    if (offers(n, seat)) {
        replace(n, seat, peer->highest + 1, now_us);
        act(n, BALINT_DO_OFFER, seat, peer->generation, 0);
        enter(n, seat, BALINT_LINK_OFFERING, now_us);
    } else if (peer->highest) {
        /* The first offer comes by itself. */
        peer->attempts++;
        peer->made_us = now_us;
        act(n, BALINT_DO_SEND, seat, peer->highest, BALINT_LINK_REMAKE);
    }
}

void balint_negotiation_welcome(struct balint_negotiation *n, int seat, uint32_t epoch, int64_t now_us)
{
    bool other = n->seat != seat || n->epoch != epoch;
    n->seat = seat;
    n->epoch = epoch;
    for (int i = 0; i < BALINT_SEATS && other; i++)
        renew(n, i, BALINT_LOOK_NONE);
    balint_negotiation_heard(n, now_us);
}

void balint_negotiation_heard(struct balint_negotiation *n, int64_t now_us)
{
    if (!balint_negotiation_alive(n, now_us))
        n->alive_since_us = now_us;
    n->heard_us = now_us;
}

void balint_negotiation_down(struct balint_negotiation *n)
{
    n->heard_us = 0;
}

static bool same_process(const struct balint_peer_view *a, const struct balint_peer_view *b)
{
    return a->epoch == b->epoch && a->look == b->look && strcmp(a->member, b->member) == 0;
}

static void person(struct balint_negotiation *n, const struct balint_peer_view *view, int64_t now_us)
{
    struct balint_peer *peer = &n->peers[view->seat];
    if (!same_process(view, &peer->view))
        renew(n, view->seat, view->look);
    bool came = !peer->here || (view->connected && !peer->view.connected);
    peer->here = true;
    peer->view = *view;
    bool none = peer->state == BALINT_LINK_NONE || peer->state == BALINT_LINK_LOST ||
                peer->state == BALINT_LINK_UNPROVEN;
    if (came && none) {
        peer->attempts = 0;
        make(n, view->seat, now_us);
    }
}

void balint_negotiation_people(struct balint_negotiation *n, const struct balint_peer_view *people, int count,
                               int64_t now_us)
{
    const struct balint_peer_view *views[BALINT_SEATS] = {0};
    for (int i = 0; i < count && n->seat != BALINT_NOBODY; i++)
        if (people[i].seat >= 0 && people[i].seat < BALINT_SEATS && people[i].seat != n->seat)
            views[people[i].seat] = &people[i];
    for (int seat = 0; seat < BALINT_SEATS; seat++)
        if (views[seat])
            person(n, views[seat], now_us);
        else if (n->peers[seat].here)
            forget(n, seat);
}

static bool is_seat(const struct balint_negotiation *n, int seat)
{
    return seat >= 0 && seat < BALINT_SEATS && seat != n->seat && n->peers[seat].here;
}

bool balint_negotiation_offer(struct balint_negotiation *n, int seat, int64_t generation, int64_t now_us)
{
    if (!is_seat(n, seat) || offers(n, seat) || generation <= n->peers[seat].highest ||
        n->peers[seat].state == BALINT_LINK_FORGED)
        return false;
    if (n->peers[seat].highest == 0)
        n->peers[seat].base = generation - 1;
    replace(n, seat, generation, now_us);
    act(n, BALINT_DO_ANSWER, seat, generation, 0);
    enter(n, seat, BALINT_LINK_OPENING, now_us);
    return true;
}

bool balint_negotiation_answer(struct balint_negotiation *n, int seat, int64_t generation, int64_t now_us)
{
    if (!is_seat(n, seat) || n->peers[seat].state != BALINT_LINK_OFFERING ||
        n->peers[seat].generation != generation)
        return false;
    act(n, BALINT_DO_ACCEPT, seat, generation, 0);
    enter(n, seat, BALINT_LINK_OPENING, now_us);
    return true;
}

bool balint_negotiation_candidate(struct balint_negotiation *n, int seat, int64_t generation)
{
    if (!is_seat(n, seat) || generation == 0 || n->peers[seat].generation != generation ||
        n->peers[seat].candidates >= BALINT_CANDIDATES)
        return false;
    n->peers[seat].candidates++;
    act(n, BALINT_DO_CANDIDATE, seat, generation, 0);
    return true;
}

/* This link is over. The next one is made at once if it is our turn and time, else by the timer. */
static void lose(struct balint_negotiation *n, int seat, int64_t now_us)
{
    enter(n, seat, BALINT_LINK_LOST, now_us);
    make(n, seat, now_us);
}

static void end_forged(struct balint_negotiation *n, int seat, int64_t now_us)
{
    enter(n, seat, BALINT_LINK_FORGED, now_us);
    drop_all(n, seat);
}

/* What came, or what we sent, was not signed as it must be. The first may have crossed a change of process.
 */
static void doubt(struct balint_negotiation *n, int seat, int64_t now_us)
{
    struct balint_peer *peer = &n->peers[seat];
    if (++peer->unproven >= BALINT_CROSSINGS) {
        peer->unproven = BALINT_CROSSINGS;
        drop_all(n, seat);
        enter(n, seat, BALINT_LINK_UNPROVEN, now_us);
    } else if (peer->state == BALINT_LINK_OFFERING) {
        lose(n, seat, now_us);
    }
}

bool balint_negotiation_link(struct balint_negotiation *n, int seat, int64_t generation,
                             enum balint_link_event event, int64_t now_us)
{
    if (!is_seat(n, seat) || generation == 0)
        return false;
    struct balint_peer *peer = &n->peers[seat];
    /* Who asks for the next one may have missed the present offer altogether; one that was asked for while
     * it is on its way is not asked for again. */
    if (event == BALINT_LINK_REMAKE ? generation > peer->highest : generation != peer->generation)
        return false;
    switch (event) {
    case BALINT_LINK_REMAKE:
        if (!offers(n, seat) || generation < peer->generation)
            return false;
        if (peer->state == BALINT_LINK_OPEN || peer->state == BALINT_LINK_LOST)
            lose(n, seat, now_us);
        return true;
    case BALINT_LINK_MISMATCH:
        end_forged(n, seat, now_us);
        return true;
    case BALINT_LINK_UNSIGNED:
        if (peer->state == BALINT_LINK_OFFERING || peer->state == BALINT_LINK_OPENING)
            doubt(n, seat, now_us);
        return true;
    case BALINT_LINK_CLOSED:
        drop_all(n, seat);
        enter(n, seat, BALINT_LINK_NONE, now_us);
        return true;
    default:
        return false;
    }
}

/* Is this about the link that counts? */
static struct balint_peer *present(struct balint_negotiation *n, int seat, int64_t generation)
{
    if (!is_seat(n, seat) || generation == 0 || n->peers[seat].generation != generation)
        return NULL;
    return &n->peers[seat];
}

void balint_negotiation_open(struct balint_negotiation *n, int seat, int64_t generation, int64_t now_us)
{
    struct balint_peer *peer = present(n, seat, generation);
    if (!peer || peer->state == BALINT_LINK_FORGED)
        return;
    peer->media_us = now_us;
    peer->was_open = true;
    peer->unproven = 0;
    enter(n, seat, BALINT_LINK_OPEN, now_us);
    drop_previous(n, seat);
}

void balint_negotiation_failed(struct balint_negotiation *n, int seat, int64_t generation, int64_t now_us)
{
    struct balint_peer *peer = present(n, seat, generation);
    if (peer && peer->state != BALINT_LINK_LOST && peer->state != BALINT_LINK_FORGED)
        lose(n, seat, now_us);
}

void balint_negotiation_forged(struct balint_negotiation *n, int seat, int64_t generation, int64_t now_us)
{
    if (!present(n, seat, generation))
        return;
    act(n, BALINT_DO_SEND, seat, generation, BALINT_LINK_MISMATCH);
    end_forged(n, seat, now_us);
}

void balint_negotiation_unproven(struct balint_negotiation *n, int seat, int64_t generation, int64_t now_us)
{
    struct balint_peer *peer = is_seat(n, seat) ? &n->peers[seat] : NULL;
    if (!peer || generation <= 0 || peer->state == BALINT_LINK_OPEN || peer->state == BALINT_LINK_FORGED)
        return;
    act(n, BALINT_DO_SEND, seat, generation, BALINT_LINK_UNSIGNED);
    doubt(n, seat, now_us);
}

void balint_negotiation_media(struct balint_negotiation *n, int seat, int64_t generation, int64_t media_us,
                              int64_t now_us)
{
    struct balint_peer *peer = present(n, seat, generation);
    if (!peer || media_us <= peer->media_us)
        return;
    peer->media_us = media_us;
    if (peer->state == BALINT_LINK_LOST)
        enter(n, seat, BALINT_LINK_OPEN, now_us); /* it came back by itself */
    if (peer->state == BALINT_LINK_OPEN)
        peer->attempts = 0;
}

/* Silent for too long, counted from when signalling worked again: both may have been cut by the same thing.
 */
static bool is_silent(const struct balint_negotiation *n, const struct balint_peer *peer, int64_t now_us)
{
    int64_t since = peer->media_us > n->alive_since_us ? peer->media_us : n->alive_since_us;
    return now_us - since >= balint_patience.silent_us;
}

static void tick_peer(struct balint_negotiation *n, int seat, int64_t now_us)
{
    struct balint_peer *peer = &n->peers[seat];
    int64_t in_state = now_us - peer->since_us;
    switch (peer->state) {
    case BALINT_LINK_NONE:
        if (offers(n, seat))
            make(n, seat, now_us);
        break;
    case BALINT_LINK_OFFERING:
        if (in_state >= balint_patience.answer_us)
            lose(n, seat, now_us);
        break;
    case BALINT_LINK_OPENING:
        if (in_state >= balint_patience.connect_us)
            lose(n, seat, now_us);
        break;
    case BALINT_LINK_OPEN:
        if (is_silent(n, peer, now_us))
            lose(n, seat, now_us);
        break;
    case BALINT_LINK_UNPROVEN:
        if (offers(n, seat))
            make(n, seat, now_us);
        break;
    case BALINT_LINK_LOST:
        if (!peer->view.connected && in_state >= balint_patience.gone_us)
            drop_all(n, seat);
        else
            make(n, seat, now_us);
        break;
    default:
        break;
    }
}

void balint_negotiation_tick(struct balint_negotiation *n, int64_t now_us)
{
    if (!balint_negotiation_alive(n, now_us))
        return;
    for (int seat = 0; seat < BALINT_SEATS; seat++)
        if (n->peers[seat].here)
            tick_peer(n, seat, now_us);
}
