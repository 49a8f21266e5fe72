/* resend.h - speech told once more: a leader's program that lacks spans asks for them, and gets them.
 *
 * Totals are cumulative and need none of this, except where one holds the talk of two cases (unplaced.c).
 * Spans are not: a record carries the last ten, and a leader's program that was started again, or was cut off
 * for long, knows how much was said but not when; "the last ten minutes", silence and overlap want to know
 * when. So a client keeps its spans, and a leader's program keeps what stretches of whose time it knows
 * (struct balint_recall) and asks for the newest of those it does not: the process itself, or, where that is
 * gone, another leader's program.
 *
 * An answer says all that was spoken in [from, to), so that "nothing" is said as well; what nobody answers
 * stays unknown. Answers go from the newest back. Times are session-clock milliseconds, half-open. Pure; one
 * owner.
 */
#ifndef BALINT_RESEND_H
#define BALINT_RESEND_H

#include "session/ledger.h"

#define BALINT_RESEND_SIZE       216  /* bytes; fits BALINT_ENVELOPE_BODY */
#define BALINT_RESEND_SPANS      20   /* in one answer */
#define BALINT_RESEND_SETTLED_MS 2000 /* what is younger may still change: a meter decides late */

/* A question, or one answer to it. */
struct balint_resend {
    bool answer;
    char member[BALINT_ID_SIZE]; /* whose … */
    uint32_t epoch;              /* … and of which client process */
    int64_t from_ms, to_ms;      /* to > from */
    int span_count;              /* answers: everything spoken in this time, oldest first */
    struct balint_talk_span spans[BALINT_RESEND_SPANS];
};
void balint_resend_write(const struct balint_resend *resend, uint8_t bytes[BALINT_RESEND_SIZE]);
bool balint_resend_read(struct balint_resend *resend, const uint8_t *bytes, size_t length);

/* Makes the next answer to a question out of the `count` spans that are known, in any order, and cuts the
 * question down to what is left of it. False: nothing is left. */
bool balint_resend_next(struct balint_resend *question, const struct balint_talk_span *spans, int count,
                        struct balint_resend *answer);

/* ---- a leader's program: what it knows of whose time */
#define BALINT_RECALL_PROCESSES 40
#define BALINT_RECALL_KNOWN     8 /* stretches of one process' time; more are forgotten, and asked for again */
#define BALINT_RECALL_WAIT_MS   10000 /* without an answer it is asked again, then ever more seldom … */
#define BALINT_RECALL_DOUBLINGS 5     /* … as often as this twice as seldom */

struct balint_recall_process {
    char member[BALINT_ID_SIZE]; /* empty: free */
    uint32_t epoch;
    int64_t clock_ms; /* of its newest record */
    int known_count;
    struct balint_talk_span known[BALINT_RECALL_KNOWN]; /* oldest first, apart from each other */
    int64_t asked_ms;                                   /* when last asked or answered; -1 never */
    int tries;                                          /* questions without an answer */
};
struct balint_recall {
    struct balint_recall_process processes[BALINT_RECALL_PROCESSES];
};
void balint_recall_init(struct balint_recall *recall);
/* A record came, by itself or (`piece`: without spans) by another leader's ledger. */
void balint_recall_record(struct balint_recall *recall, const char *member, uint32_t epoch,
                          const struct balint_talk *talk, bool piece);
/* An answer came. */
void balint_recall_answer(struct balint_recall *recall, const struct balint_resend *answer, int64_t now_ms);
/* The next question to the person on `seat`: of that process' own time, or to a leader's program of the time
 * of somebody's process that is gone. It counts as asked. False: nothing is lacking
 * there, or an answer is still awaited. */
bool balint_recall_ask(struct balint_recall *recall, const struct balint_state *state, int seat,
                       int64_t now_ms, struct balint_resend *question);
/* May the person on `seat` ask this, or answer it? Leaders ask; one's own process, and a leader's program of
 * a process that is gone, answer. */
bool balint_recall_may(const struct balint_state *state, int seat, const struct balint_resend *resend);
/* How much of the settled time of the processes that are here is not known. */
int64_t balint_recall_lacks_ms(const struct balint_recall *recall, const struct balint_state *state);

/* ---- a leader's ledger, asked by another leader's program (recollect.c) */
/* What is known of when a member spoke in `question`, newest first and at most `size` spans; the question is
 * cut down to the time of which that is all. Returns how many; -1: nothing is known. */
int balint_ledger_recollect(const struct balint_ledger *ledger, struct balint_resend *question,
                            struct balint_talk_span *spans, int size);

#endif
