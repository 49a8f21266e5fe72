/* ledger_parts.h - what a ledger holds: shared by ledger.c, which fills it, and balance.c, which reads it.
 * Not for others. Times are session-clock milliseconds.
 */
#ifndef BALINT_LEDGER_PARTS_H
#define BALINT_LEDGER_PARTS_H

#include "session/ledger.h"

#define BALINT_LEDGER_VISITS    64
#define BALINT_LEDGER_EPOCHS    6 /* client processes of one person whose late reports are still told apart */
#define BALINT_LEDGER_MEMBERS   20 /* more than seats: somebody removed makes place */
#define BALINT_LEDGER_PIECES    448
#define BALINT_LEDGER_RECENT_MS (10 * 60 * 1000)

/* One stay in one phase, [start, end). */
struct visit {
    int phase;
    int case_number;
    int64_t start_ms, end_ms; /* end INT64_MAX: we are in it */
};

/* `ms` of speech somewhere in [start, end); exact where ms is the whole of it. */
struct piece {
    int64_t start_ms, end_ms;
    int64_t ms;
};

/* The last report of one client process. */
struct process {
    bool used;
    uint32_t epoch;
    int64_t clock_ms;
    int64_t covered_ms; /* its spans up to here are in pieces */
    uint32_t total_ms[BALINT_PHASES];
    uint16_t turns[BALINT_PHASES];
};

struct count {
    int64_t ms;
    int turns;
};

struct member {
    char id[BALINT_ID_SIZE]; /* empty: free */
    struct process processes[BALINT_LEDGER_EPOCHS];
    int64_t clock_ms; /* of the newest report */
    int64_t heard_ms; /* when last heard, -1 never */
    int64_t all_ms;   /* in every phase of the evening */
    bool shared;      /* as the newest process says */
    struct count visits[BALINT_LEDGER_VISITS];
    struct count early[BALINT_PHASES]; /* in visits before the first state we were given */
    int piece_count;
    struct piece pieces[BALINT_LEDGER_PIECES];
};

struct ledger_case {
    int number;
    char presenter[BALINT_ID_SIZE]; /* empty: nobody named yet */
};

struct balint_ledger {
    struct balint_state state; /* the newest; admitted=false: none yet */
    struct ledger_case current;
    int visit_count;
    struct visit visits[BALINT_LEDGER_VISITS];
    struct member members[BALINT_LEDGER_MEMBERS];
};

/* How long two stretches [start, end) have in common. */
int64_t balint_ledger_overlap(int64_t a_start, int64_t a_end, int64_t b_start, int64_t b_end);
/* Is a phase of the format one of discussion? */
bool balint_ledger_is_discussion(const struct balint_ledger *ledger, int phase);
/* Does a visit belong to the discussion of the present case? */
bool balint_ledger_counts(const struct balint_ledger *ledger, const struct visit *visit);
/* How much of [start, end) is discussion of the present case. */
int64_t balint_ledger_in_discussion(const struct balint_ledger *ledger, int64_t start_ms, int64_t end_ms);
/* Does the presenter leave the circle in any phase of this format? */
bool balint_ledger_steps_back(const struct balint_format *format);
/* NULL: nothing was reported of that member. */
const struct member *balint_ledger_member(const struct balint_ledger *ledger, const char *id);

#endif
