/* ledger.h - who spoke how long: the talk record a client sends, and the leaders' sum of all of them.
 *
 * A client meters its own microphone and sends, in every 2 s slot, *cumulative* totals per phase and its last
 * spans: a lost report costs nothing once the next one arrives. A leader's ledger keys by (member, client
 * epoch) and sums over epochs, because a restarted client counts from zero. Times are session-clock
 * milliseconds. Pure; one owner.
 */
#ifndef BALINT_LEDGER_H
#define BALINT_LEDGER_H

#include "session/state.h"

#define BALINT_TALK_SPANS   10
#define BALINT_TALK_SIZE    188 /* bytes of an encoded talk record; fits an envelope */
#define BALINT_SLOT_MS      2000
#define BALINT_TURN_MS      1000  /* a span shorter than this ("mm") is no turn; its time counts */
#define BALINT_STALE_MS     10000 /* no record for so long: no reading */
#define BALINT_LEDGER_CASES 8     /* of an evening, told apart afterwards */

/* One client's own count, and what it sends of it. */
struct balint_talk_span {
    int64_t start_ms, end_ms; /* half-open, end > start */
};
struct balint_talk {
    int64_t clock_ms;                 /* when this was true */
    uint32_t total_ms[BALINT_PHASES]; /* spoken in each phase of the format, all visits together */
    uint16_t turns[BALINT_PHASES];
    bool shared; /* several people at this microphone */
    bool speaking;
    int span_count; /* the newest spans, oldest first */
    struct balint_talk_span spans[BALINT_TALK_SPANS];
};
void balint_talk_init(struct balint_talk *talk);
/* Adds a finished stretch of speech that fell into `phase` (a caller splits a span at a phase change;
 * `continues` says this is the later half, no new turn). */
void balint_talk_add(struct balint_talk *talk, int phase, struct balint_talk_span span, bool continues);
void balint_talk_write(const struct balint_talk *talk, uint8_t bytes[BALINT_TALK_SIZE]);
bool balint_talk_read(struct balint_talk *talk, const uint8_t *bytes, size_t length);

/* The leaders' side. */
struct balint_ledger; /* opaque; about 900 kB */
struct balint_ledger *balint_ledger_new(void);
void balint_ledger_free(struct balint_ledger *ledger); /* NULL is legal */
/* The newest state: names, roles, phases, who presented in which phase. Call on every state. */
void balint_ledger_state(struct balint_ledger *ledger, const struct balint_state *state);
/* A record of a member's client. Old ones (clock_ms not rising within an epoch) are ignored: returns false.
 */
bool balint_ledger_take(struct balint_ledger *ledger, const char *member, uint32_t epoch,
                        const struct balint_talk *talk);

/* When a member spoke in [from, until), told afterwards: all of it, so that what is in no span is known to be
 * silence. Changes no total, only what is known of when. False: not heard of that member yet, or not such
 * spans. */
bool balint_ledger_take_spans(struct balint_ledger *ledger, const char *member,
                              const struct balint_talk_span *spans, int count, int64_t from_ms,
                              int64_t until_ms);

/* What another leader's program may have missed: the counts of client processes that report no more, a piece
 * each. Writes the next one from `*cursor` (0 at first) and moves it on; false, and back to 0, after the
 * last. A program that was started again has the living from their own cumulative reports, and the others
 * from these within a minute or so. */
#define BALINT_LEDGER_PIECE 216 /* bytes; fits BALINT_ENVELOPE_BODY */
bool balint_ledger_piece(const struct balint_ledger *ledger, int *cursor, uint8_t piece[BALINT_LEDGER_PIECE]);
/* A piece of another leader's. False: not one, or nothing new in it. */
bool balint_ledger_take_piece(struct balint_ledger *ledger, const uint8_t *piece, size_t length);
/* Whose process it tells of, and its last count. False: it is none. */
bool balint_ledger_read_piece(const uint8_t *piece, size_t length, char member[BALINT_ID_SIZE],
                              uint32_t *epoch, struct balint_talk *talk);

/* What leaders are shown. Shares are of the discussion (phases in which the presenter is not in the circle),
 * among members who may speak in it: presenter, leaders and observers are not in the denominator; members who
 * have not spoken are, at zero. */
enum balint_reading { BALINT_READING, BALINT_NO_READING, BALINT_IS_AWAY };
struct balint_balance_row {
    int seat;
    char name[BALINT_NAME_SIZE];
    enum balint_role role;
    enum balint_reading reading;
    bool presenter; /* stepped-back presenter: shown, not in the shares */
    bool shared;
    bool heard_yet;         /* has spoken in the discussion */
    int64_t spoken_ms;      /* in the discussion */
    int64_t spoken_all_ms;  /* in every phase */
    int64_t recent_ms;      /* of the discussion, in the last ten minutes */
    int turns;              /* in the discussion */
    double share;           /* 0..1 of the members' discussion; 0 for those outside the denominator */
    double recent_share;    /* the same of the last ten minutes */
    int64_t since_heard_ms; /* since last heard in any phase; -1 never */
};
struct balint_balance {
    int64_t discussion_ms; /* length of the discussion so far */
    int member_count;      /* rows[0..member_count-1]: the denominator, then */
    int leader_count;      /* leaders, then */
    int other_count;       /* the presenter while stepped back */
    struct balint_balance_row rows[BALINT_SEATS];
    double leaders_share; /* the leaders' talk beside all talk of the discussion, 0..1: a line of its own */
};
void balint_ledger_balance(const struct balint_ledger *ledger, int64_t now_ms,
                           struct balint_balance *balance);

#endif
