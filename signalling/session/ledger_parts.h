/* ledger_parts.h - what a ledger holds: shared by ledger.c and times.c, which fill it, and balance.c and
 * after.c, which read it. Not for others. Times are session-clock milliseconds.
 */
#ifndef BALINT_LEDGER_PARTS_H
#define BALINT_LEDGER_PARTS_H

#include "session/ledger.h"
#include "session/stretches.h"

#define BALINT_LEDGER_VISITS    64
#define BALINT_LEDGER_EPOCHS    6 /* client processes of one person whose late reports are still told apart */
#define BALINT_LEDGER_MEMBERS   20 /* more than seats: somebody removed makes place */
#define BALINT_LEDGER_RECENT_MS (10 * 60 * 1000)
#define BALINT_LEDGER_LOOSE     64
/* that totals and spans may differ by: less than the gap that the meter joins */
#define BALINT_LEDGER_ROUNDING_MS 250
#define BALINT_LEDGER_SPANS       2048 /* of one person; a lively evening of two hours needs half */
#define BALINT_LEDGER_MARKS       96

/* One stay in one phase, [start, end). */
struct visit {
    int phase;
    int case_number;
    int64_t start_ms, end_ms; /* end INT64_MAX: we are in it */
};

/* `ms` of speech somewhere in [start, end): no span said where. */
struct piece {
    int64_t start_ms, end_ms;
    int64_t ms;
};

/* The last report of one client process. */
struct process {
    bool used;
    uint32_t epoch;
    int64_t clock_ms;
    uint32_t total_ms[BALINT_PHASES];
    uint16_t turns[BALINT_PHASES];
};

struct count {
    int64_t ms;
    int turns;
};

/* Speech of a discussion that lies in one of several cases between two times. */
struct unplaced {
    struct count sum; /* zero: there is none, and the times say nothing */
    int64_t from_ms, to_ms;
};

struct member {
    char id[BALINT_ID_SIZE]; /* empty: free */
    enum balint_role role;   /* as the last state that named them said */
    struct process processes[BALINT_LEDGER_EPOCHS];
    bool reported;
    int64_t clock_ms; /* of the newest report */
    int64_t heard_ms; /* when last heard, -1 never */
    int64_t all_ms;   /* in every phase of the evening */
    bool shared;      /* as the newest process says */
    struct count visits[BALINT_LEDGER_VISITS];
    struct count early[BALINT_PHASES]; /* in visits before the first state we were given */
    struct unplaced unplaced[BALINT_PHASES];
    uint32_t epoch;   /* of the process that the last state named … */
    int64_t epoch_ms; /* … and since when it was there; INT64_MAX: longer than we */
    /* sets of times (stretches.h) */
    int spoken_count, known_count, here_count, owed_count, loose_count;
    struct balint_stretch spoken[BALINT_LEDGER_SPANS]; /* as spans say */
    struct balint_stretch known[BALINT_LEDGER_MARKS];  /* whatever was said then is in `spoken` */
    struct balint_stretch
        here[BALINT_LEDGER_MARKS]; /* in the circle: neither away, nor sitting out, nor gone */
    struct balint_stretch owed[BALINT_LEDGER_MARKS]; /* could be heard, so that a reading is owed */
    struct piece loose[BALINT_LEDGER_LOOSE]; /* what totals say beyond `spoken`; of the last ten minutes */
};

struct ledger_case {
    int number;
    char presenter[BALINT_ID_SIZE]; /* empty: nobody named yet */
};

struct balint_ledger {
    struct balint_state state; /* the newest; admitted=false: none yet */
    struct ledger_case current;
    char presenters[BALINT_LEDGER_CASES][BALINT_ID_SIZE]; /* of the last cases, by number modulo that */
    int visit_count;
    struct visit visits[BALINT_LEDGER_VISITS];
    int64_t forgotten_ms; /* nobody remembers the phases before: other than 0 only in a very long evening */
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
/* What a member said in the discussion of a case. */
struct count balint_ledger_spoken(const struct balint_ledger *ledger, const struct member *member,
                                  int number);
/* unplaced.c: is it known of which case's discussion a phase's talk within [from, to) is? */
bool balint_ledger_may_place(const struct balint_ledger *ledger, int phase, int64_t from_ms, int64_t to_ms);
/* Keeps what is not. */
void balint_ledger_leave_unplaced(struct member *member, int phase, int64_t ms, int turns, int64_t from_ms,
                                  int64_t to_ms);
/* Books it to the visits in which spans say that it was spoken, once they account for all of it. */
void balint_ledger_settle(const struct balint_ledger *ledger, struct member *member);
/* May some of what a member said belong to this case that is not counted in it? */
bool balint_ledger_unsure(const struct balint_ledger *ledger, const struct member *member, int number);
/* NULL: nothing is known of that member. */
const struct member *balint_ledger_member(const struct balint_ledger *ledger, const char *id);

/* times.c: what a state says of who is here and can be heard. `first`: the first one this ledger was given.
 */
void balint_ledger_presence(struct balint_ledger *ledger, bool first);
/* A place for a member, found or made; NULL: the table is full of people who have a seat. */
struct member *balint_ledger_place(struct balint_ledger *ledger, const char *id);
/* What a talk record says of when its member spoke. `process` as before the record; `grown_ms`: what the
 * totals of the discussion grew by since `from_ms`. */
void balint_ledger_times(struct balint_ledger *ledger, struct member *member, const struct process *process,
                         const struct balint_talk *talk, int64_t grown_ms, int64_t from_ms);
/* What the member said in the discussion, within [start, end), as far as times are known or can be guessed.
 */
int64_t balint_ledger_lately(const struct balint_ledger *ledger, const struct member *member,
                             int64_t start_ms, int64_t end_ms);
/* recollect.c: [from, to) is told now, and `told_ms` of its discussion were not known before: loose pieces
 * get shorter by both. */
void balint_ledger_told(const struct balint_ledger *ledger, struct member *member, int64_t from_ms,
                        int64_t to_ms, int64_t told_ms);

#endif
