/* after.h - the balance afterwards: what leaders look back on, of each case and of the evening.
 *
 * Silence is a stretch in which nobody speaks of those who can be heard, overlap one in which two or more do:
 * the usual terms of conversation analysis (M. Heldner, J. Edlund, "Pauses, gaps and overlaps in
 * conversations", Journal of Phonetics 38, 2010, 555-568: joint silence, overlap), without their division by
 * who spoke before. What the meter joins or drops (pauses under 300 ms, spans under 60 ms: DESIGN.md,
 * "Measured from outside") is not told apart here either. Leaders' words end a silence like anybody's; a
 * presenter who stepped back, observers and muted microphones do not.
 *
 * Both are known only where a reading is there of everybody who could be heard. What is said of them is of
 * that part (`measured_ms`) alone, and a silence ends where readings end: a lost report is never taken for
 * silence, and the rest is shown as no reading. Two people at one shared microphone are one voice: their
 * overlap with each other is not seen.
 *
 * No name, seat or id is in it: shares stand in their own order. Milliseconds of the session clock. Pure.
 */
#ifndef BALINT_AFTER_H
#define BALINT_AFTER_H

#include "session/ledger.h"

#define BALINT_AFTER_VISITS 64

/* One case's discussion, all its visits together. */
struct balint_after_case {
    int64_t discussion_ms; /* its length so far */
    int64_t measured_ms;   /* of it, with everybody's reading */
    int64_t silence_ms;    /* of the measured part, nobody speaks */
    int64_t longest_ms;    /* the longest silence; one ends with the visit */
    int64_t overlap_ms;    /* of the measured part, two or more speak */
    int64_t members_ms;    /* spoken by the members who are in the denominator */
    int64_t leaders_ms;    /* by leaders and co-leaders */
    int64_t presenter_ms;  /* by the presenter, where the format steps presenters back: after a return */
    double leaders_share;  /* the leaders' talk beside all talk of the discussion, 0..1 */
    int turns;             /* the members' */
    int leaders_turns;
    /* members who took part: not the presenter who steps back, leaders, observers, or who was away all the
     * time */
    int member_count;
    double shares[BALINT_SEATS];     /* 0..1 of members_ms, the largest first */
    int64_t spoken_ms[BALINT_SEATS]; /* beside them */
    int unheard;                     /* of them, not heard although there is a reading */
    int unread;                      /* of them, without any reading: their zero is none */
    int shared;                      /* of them, several people at one microphone */
};

/* One stay in a phase. */
struct balint_after_visit {
    int phase;
    int case_number; /* index into the cases; -1: of a case before those */
    int64_t start_ms, end_ms;
};

struct balint_after {
    int case_count; /* cases that had a discussion, or the one that goes on */
    struct balint_after_case cases[BALINT_LEDGER_CASES];
    int visit_count;
    struct balint_after_visit visits[BALINT_AFTER_VISITS];
};

/* As of `now_ms`. All zeros before the first state. */
void balint_ledger_after(const struct balint_ledger *ledger, int64_t now_ms, struct balint_after *after);

#endif
