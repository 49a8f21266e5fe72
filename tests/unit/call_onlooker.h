/* call_onlooker.h - one end's negotiation with one other, and an onlooker who keeps the links it was told to
 * make: what may never be told fails the test on the spot.
 */
#ifndef BALINT_TEST_CALL_ONLOOKER_H
#define BALINT_TEST_CALL_ONLOOKER_H

#include "call/negotiation.h"

#define SECOND INT64_C(1000000)
#define OTHER  5 /* the seat of the other */

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

/* An end at this seat that was welcomed and has met nobody. */
struct end fresh(int seat);
/* Lets something happen to it, and takes what it says is to be done. */
void apply(struct end *e, enum event event);
/* The pieces of apply(). */
void take_action(struct end *e, const struct balint_link_action *action);
void run_actions(struct end *e);
void hear(struct end *e);

/* Does it hear the server? */
bool is_alive(const struct end *e);
/* Is there a link of this generation? */
bool is_live(const struct end *e, int64_t generation);

#endif
