/* talkbook.h - one's own speaking time: speech as the meter finds it, split into what counts and where.
 *
 * The meter hears a muted microphone too (so that "you are muted and speaking" can be shown), and knows no
 * phases. Here its spans are cut: only what was spoken while the microphone was really open counts, and each
 * part goes to the phase it fell into. Long speech is counted while it lasts: what is more than
 * BALINT_TALK_MARGIN_MS old is committed, because the meter decides late, by 0.7 s where a neighbour's words
 * are to be told from one's own, and back-dates an end by its gap. A beginning it dates back further than
 * that, as it understands more: then the book adds what lies before.
 *
 * All times are milliseconds of the session clock, and calls come in any order of lateness up to a few
 * seconds, because spans are told after they ended. Pure; one owner.
 */
#ifndef BALINT_CLIENT_TALKBOOK_H
#define BALINT_CLIENT_TALKBOOK_H

#include "session/ledger.h"

#define BALINT_TALK_MARGIN_MS  1100
#define BALINT_TALKBOOK_MARKS  256  /* changes of phase or microphone that are remembered */
#define BALINT_TALKBOOK_COUNTS 4096 /* counted stretches kept, to be told again (session/resend.h) */

struct balint_talk_mark {
    int64_t at_ms;
    int phase; /* BALINT_NOBODY: not known yet, nothing counts */
    bool open; /* the microphone */
};
struct balint_talk_count {
    int64_t start_ms, end_ms;
    int phase;
};
struct balint_talkbook {
    struct balint_talk talk; /* what a report carries */
    int mark_count;
    struct balint_talk_mark marks[BALINT_TALKBOOK_MARKS]; /* oldest first; the last one holds on */
    int64_t closed_ms;                                    /* where the speech before the present one ended */
    int64_t begun_ms;                                     /* the present one is committed from here … */
    int64_t done_ms;                                      /* … up to here */
    int64_t joined_ms; /* end of the last counted stretch: what goes on from there is no new turn */
    int count_count;
    struct balint_talk_count counts[BALINT_TALKBOOK_COUNTS];
};

void balint_talkbook_init(struct balint_talkbook *book);
/* The phase, or the microphone, is so since `at_ms`. */
void balint_talkbook_phase(struct balint_talkbook *book, int64_t at_ms, int phase);
void balint_talkbook_open(struct balint_talkbook *book, int64_t at_ms, bool open);
/* Speaking since `start_ms`, still so at `now_ms`. */
void balint_talkbook_speaking(struct balint_talkbook *book, int64_t start_ms, int64_t now_ms);
/* A finished span. */
void balint_talkbook_span(struct balint_talkbook *book, int64_t start_ms, int64_t end_ms);
/* The record of this moment, to be written into an envelope. */
const struct balint_talk *balint_talkbook_record(struct balint_talkbook *book, int64_t now_ms, bool speaking);
/* The stretches that counted and lie in [from, to), the newest first, at most `size`. Returns how many. */
int balint_talkbook_spans(const struct balint_talkbook *book, int64_t from_ms, int64_t to_ms,
                          struct balint_talk_span *spans, int size);

#endif
