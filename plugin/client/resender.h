/* resender.h - spans told again: the questions that were put to this program, and those that it has itself.
 *
 * Between the record of one's own speech (talkbook.h), a leader's ledger, and the slots in which envelopes
 * leave. One thing waits for each seat; when it may leave, the call says. Pure; one owner.
 */
#ifndef BALINT_CLIENT_RESENDER_H
#define BALINT_CLIENT_RESENDER_H

#include "client/talkbook.h"
#include "session/resend.h"

struct balint_resender {
    struct balint_state state; /* the newest; roles as it has them */
    struct balint_recall recall;
    struct balint_resend questions[BALINT_SEATS]; /* what is left of each; to_ms 0: none */
    bool waits[BALINT_SEATS];
    uint8_t bodies[BALINT_SEATS][BALINT_RESEND_SIZE]; /* what waits */
};

void balint_resender_init(struct balint_resender *resender);
void balint_resender_state(struct balint_resender *resender, const struct balint_state *state);
/* From the person on `seat`. A question is answered in later slots; an answer goes into the ledger (NULL: no
 * leader's program). What that person may not say, and what is no such body, is dropped. */
void balint_resender_take(struct balint_resender *resender, struct balint_ledger *ledger, int seat,
                          const uint8_t *body, size_t length, int64_t now_ms);
/* What is to leave for `seat` next; it waits until balint_resender_sent. NULL: nothing. */
const uint8_t *balint_resender_next(struct balint_resender *resender, const struct balint_ledger *ledger,
                                    const struct balint_talkbook *book, int seat, int64_t now_ms);
void balint_resender_sent(struct balint_resender *resender, int seat);

#endif
