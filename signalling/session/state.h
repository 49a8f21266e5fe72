/* state.h - what one person may see of a session: the content of the wire's `state` message.
 *
 * The server makes one per recipient; every client is a function of the last one it got. What a person may
 * not see is not in it: the filter is one pure function, tested by reading what members receive.
 */
#ifndef BALINT_STATE_H
#define BALINT_STATE_H

#include "session/evening.h"

struct balint_state_seat {
    int seat;
    char member[BALINT_ID_SIZE];
    char name[BALINT_NAME_SIZE];
    enum balint_role role; /* for show; what a client trusts is the roster */
    bool connected;
    uint32_t epoch;
    bool muted;
    bool muted_for_cause;
    bool away;        /* to everybody but leaders and that person also when sitting out */
    bool sitting_out; /* leaders and that person alone */
    bool after_room;  /* heard and seen by those who are there alone, and hears and sees them alone */
    bool heard; /* the floor, as the server computes it; a client denies when its own computation does */
    enum balint_seen seen;
    bool dimmed;
    bool shared;     /* several people at this microphone */
    bool volunteers; /* has a case for this group */
    int turn;        /* place in the round: 1 = it is this person's turn; 0: does not wait */
    bool had_turn;   /* in this round */
    int64_t hand_ms; /* session clock, 0 = down */
    int64_t lost_ms; /* since when not connected, 0 = connected */
};

/* A format that may be chosen. */
struct balint_state_choice {
    char id[BALINT_ID_SIZE];
    char title[BALINT_NAME_SIZE];
};

/* A stay in a phase that is over. */
struct balint_state_stay {
    int phase;
    int presenter; /* seat that presented when it ended, or BALINT_NOBODY */
    int64_t since_ms;
};

/* Times are milliseconds of the session's clock (see PROTOCOL.md); -1 = nobody for seats. */
struct balint_state {
    char boot[17];   /* the server process: 16 hex digits */
    uint32_t number; /* rises by one per state sent to this recipient since its welcome */
    int64_t clock_ms;
    char session[2 * BALINT_SESSION_SIZE + 1]; /* hex; zeros until the first leader came */
    char group[BALINT_NAME_SIZE];
    char help[BALINT_TEXT_SIZE]; /* who helps when the call fails; in the lobby too */
    int you;                     /* own seat */
    bool admitted;               /* false: in the lobby; then everything below is empty but `led` */
    bool led;                    /* a leader is admitted and connected */
    bool hears;                  /* false: sitting out, or in the lobby */
    uint32_t roster;             /* epoch of the newest roster */
    struct balint_format format;
    int choice_count; /* leaders alone, while a format may be chosen: in the first phase */
    struct balint_state_choice choices[BALINT_CHOICES];
    int phase;
    int64_t phase_since_ms;
    int past_count; /* leaders alone: the stays before this one, oldest first */
    struct balint_state_stay past[BALINT_STAYS];
    int leads;
    int presenter;
    int proposed; /* who is asked to present: leaders and that person alone */
    bool stepped_back;
    bool invited;
    bool asked; /* leaders and the presenter alone */
    enum balint_place place;
    bool round; /* one after the other: see `turn` of the seats */
    int seat_count;
    struct balint_state_seat seats[BALINT_SEATS]; /* who is admitted, by seat number */
    int64_t ends_ms;                              /* leaders alone: when the evening ends, 0: nobody said */
    bool locked;                                  /* leaders alone: nobody new comes into the lobby */
    bool unsaved;                                 /* leaders alone: the server cannot write its records */
    int follow_up_count;                          /* leaders alone, while a case is looked for */
    struct balint_follow_up follow_ups[BALINT_FOLLOW_UPS];
    int lobby_count;
    struct balint_state_seat lobby[BALINT_SEATS]; /* leaders alone: who is at the door */
};

/* What the person on seat `to` may see of the session. `boot`, `number`, `clock_ms`, `help`, `roster`,
 * `locked`, `unsaved` and `follow_ups` are the caller's to fill. Pure. */
void balint_state_of(const struct balint_session *session, int to, struct balint_state *state);

/* The floor between `you` and a seat as a client must apply it: its own computation from the flags AND the
 * server's word. Role: `role` from the roster when the caller has one. */
struct balint_floor balint_state_floor(const struct balint_state *state, int seat);
/* Same two questions as balint_may_hear/balint_may_see, asked of a state by its recipient. */
bool balint_state_i_hear(const struct balint_state *state, int from);
bool balint_state_i_see(const struct balint_state *state, int from);
/* NULL when nobody admitted sits there. */
const struct balint_state_seat *balint_state_seat_of(const struct balint_state *state, int seat);

#endif
