/* negotiation.h - who offers a link to whom, in which generation, and when it is made anew.
 *
 * A link is made once and thrown away: no renegotiation, no ICE restart. So all there is to decide, for each
 * other person, is when to make the next generation and when to drop one. The lower seat offers, always: no
 * glare. Whoever does not offer asks the one who does (`link` remake). A person's next client process
 * (another member or epoch on the seat) ends all links of the last one. While the WebSocket itself is silent
 * nothing is made and nothing dropped: media often outlives signalling.
 *
 * Pure: events in, actions out of a queue; `now_us` is any steady clock. One owner (the call's thread).
 */
#ifndef BALINT_CALL_NEGOTIATION_H
#define BALINT_CALL_NEGOTIATION_H

#include "protocol/messages.h"

/* Every waiting time in one place. */
struct balint_patience {
    int64_t answer_us;   /* from the offer to the answer */
    int64_t connect_us;  /* from the answer to media that may pass */
    int64_t silent_us;   /* without a packet of media or its control, while signalling works */
    int64_t gone_us;     /* a lost link to somebody who is not connected either is kept so long */
    int64_t alive_us;    /* signalling works when something arrived within this */
    int64_t again_us[6]; /* between one generation and the next; the last repeats */
};
extern const struct balint_patience balint_patience;

enum balint_link_state {
    BALINT_LINK_NONE,     /* no link: not admitted, not here yet, or waiting to be offered one */
    BALINT_LINK_OFFERING, /* ours; the answer is awaited */
    BALINT_LINK_OPENING,  /* both descriptions are there: ICE and DTLS are under way */
    BALINT_LINK_OPEN,     /* certificate checked, media may pass */
    BALINT_LINK_LOST,     /* was open; nothing arrives, or it failed: made anew as soon as that is possible */
    BALINT_LINK_FORGED,   /* the certificate is not the one that was signalled: ended until the other's next
                             client process */
    BALINT_LINK_UNPROVEN, /* what came for it is not signed by that person for this process: tried again,
                             opened only once it is */
    BALINT_LINK_STATES,
};
const char *
balint_link_state_name(enum balint_link_state state); /* "fingerprint-mismatch" for FORGED, "not-proven" */
struct balint_peer;
/* What a person is shown: a link that was open and is being made anew is lost until it is open again. */
enum balint_link_state balint_link_state_shown(const struct balint_peer *peer);

/* How many links to this process were made, 0 = none yet. */
int64_t balint_link_generation_shown(const struct balint_peer *peer);

/* What an epoch has room for: the numbers of the next process on a seat begin above. */
#define BALINT_GENERATIONS 65536

/* A look at who is at the door goes one way, and the one who looks offers. */
enum balint_look_side {
    BALINT_LOOK_NONE, /* an ordinary link */
    BALINT_LOOKS,     /* we look */
    BALINT_LOOKED_AT, /* we are looked at */
};

/* Another person as the last state and the newest roster know them. */
struct balint_peer_view {
    int seat;
    char member[BALINT_ID_SIZE];
    uint32_t epoch;
    bool connected; /* their signalling */
    enum balint_look_side look;
};

struct balint_peer {
    bool here; /* in the newest roster, and so are we */
    struct balint_peer_view view;
    enum balint_link_state state;
    int64_t generation; /* of the link that counts; 0 = none yet */
    int64_t previous;   /* still there until this one is open; 0 = none */
    int64_t base;       /* generations of this process count from here */
    int64_t highest;    /* the highest generation seen of this process, or of earlier ones on this seat */
    int64_t since_us;   /* when this state was entered */
    int64_t media_us;   /* when a packet of media last arrived */
    int64_t made_us;    /* when the last generation was made, or asked for */
    bool was_open;      /* a link to this process was open once */
    int attempts;       /* generations since one was open */
    int candidates;     /* taken from the other side for this generation */
    int unproven;       /* descriptions since one was open that were not signed as they must be */
};

enum balint_link_do {
    BALINT_DO_OFFER,     /* make the link `generation` and offer it */
    BALINT_DO_ANSWER,    /* make the link `generation` for the offer just given, and answer it */
    BALINT_DO_ACCEPT,    /* give the answer to the link */
    BALINT_DO_CANDIDATE, /* give the candidate to the link */
    BALINT_DO_DROP,      /* tear the link `generation` down */
    BALINT_DO_SEND,      /* send a `link` message with `event` */
    BALINT_DO_TELL,      /* the state of that person's link changed: show it */
};
struct balint_link_action {
    enum balint_link_do what;
    int seat;
    int64_t generation;
    enum balint_link_event event; /* of BALINT_DO_SEND */
};

#define BALINT_NEGOTIATION_ACTIONS 256
struct balint_negotiation {
    int seat; /* own; BALINT_NOBODY before the welcome */
    uint32_t epoch;
    int64_t heard_us; /* when signalling last brought anything; 0 = it is down */
    int64_t alive_since_us;
    struct balint_peer peers[BALINT_SEATS];
    struct balint_link_action actions[BALINT_NEGOTIATION_ACTIONS];
    int first, count; /* of the queue */
};

void balint_negotiation_init(struct balint_negotiation *negotiation);

/* Takes the next action. Call until false after each event: an event gives at most a few per person. */
bool balint_negotiation_next(struct balint_negotiation *negotiation, struct balint_link_action *action);

/* ---- signalling */
/* We were given a seat. Another seat or epoch than before: nobody knows our links any more, all are dropped.
 */
void balint_negotiation_welcome(struct balint_negotiation *negotiation, int seat, uint32_t epoch,
                                int64_t now_us);
/* Anything arrived over the WebSocket (a pong too) … */
void balint_negotiation_heard(struct balint_negotiation *negotiation, int64_t now_us);
/* … or it closed. */
void balint_negotiation_down(struct balint_negotiation *negotiation);
/* Everybody a link may lead to: `count` others, in the newest roster together with us. Who is missing is
 * dropped. */
void balint_negotiation_people(struct balint_negotiation *negotiation, const struct balint_peer_view *people,
                               int count, int64_t now_us);

/* Messages of another person, decoded and valid. They return false for one that has no place (another
 * generation, a person without a link, too many candidates): it is to be ignored. */
bool balint_negotiation_offer(struct balint_negotiation *negotiation, int seat, int64_t generation,
                              int64_t now_us);
bool balint_negotiation_answer(struct balint_negotiation *negotiation, int seat, int64_t generation,
                               int64_t now_us);
/* One whose signature does not fit. A single one may have crossed a change of process; a second is told to
 * both. */
#define BALINT_CROSSINGS 2
void balint_negotiation_unproven(struct balint_negotiation *negotiation, int seat, int64_t generation,
                                 int64_t now_us);
bool balint_negotiation_candidate(struct balint_negotiation *negotiation, int seat, int64_t generation);
bool balint_negotiation_link(struct balint_negotiation *negotiation, int seat, int64_t generation,
                             enum balint_link_event event, int64_t now_us);

/* ---- the links themselves. Another generation than the present one is ignored. */
void balint_negotiation_open(struct balint_negotiation *negotiation, int seat, int64_t generation,
                             int64_t now_us);
void balint_negotiation_failed(struct balint_negotiation *negotiation, int seat, int64_t generation,
                               int64_t now_us);
void balint_negotiation_forged(struct balint_negotiation *negotiation, int seat, int64_t generation,
                               int64_t now_us);
/* A packet of media last arrived at `media_us`. */
void balint_negotiation_media(struct balint_negotiation *negotiation, int seat, int64_t generation,
                              int64_t media_us, int64_t now_us);

/* Time passed; call a few times a second. */
void balint_negotiation_tick(struct balint_negotiation *negotiation, int64_t now_us);

/* Is it we who offer the link to that seat? */
bool balint_negotiation_offers(const struct balint_negotiation *negotiation, int seat);

/* Does signalling work? */
bool balint_negotiation_alive(const struct balint_negotiation *negotiation, int64_t now_us);

#endif
