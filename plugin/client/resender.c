/* resender.c - see resender.h. */
#include "client/resender.h"

#include <string.h>

#define SPANS 512 /* more than one answer holds */

void balint_resender_init(struct balint_resender *resender)
{
    memset(resender, 0, sizeof *resender);
    balint_recall_init(&resender->recall);
}

void balint_resender_state(struct balint_resender *resender, const struct balint_state *state)
{
    resender->state = *state;
}

static const struct balint_state_seat *self(const struct balint_resender *resender)
{
    return balint_state_seat_of(&resender->state, resender->state.you);
}

void balint_resender_take(struct balint_resender *resender, struct balint_ledger *ledger, int seat,
                          const uint8_t *body, size_t length, int64_t now_ms)
{
    struct balint_resend resend;
    if (seat < 0 || seat >= BALINT_SEATS || !balint_resend_read(&resend, body, length) ||
        !balint_recall_may(&resender->state, seat, &resend))
        return;
    if (!resend.answer) {
        resender->questions[seat] = resend;
    } else if (ledger != NULL) {
        balint_ledger_take_spans(ledger, resend.member, resend.spans, resend.span_count, resend.from_ms,
                                 resend.to_ms);
        balint_recall_answer(&resender->recall, &resend, now_ms);
    }
}

/* Of one's own time, or, in a leader's program, of somebody's whose process is gone. */
static bool answer(struct balint_resender *resender, const struct balint_ledger *ledger,
                   const struct balint_talkbook *book, int seat, int64_t now_ms, struct balint_resend *made)
{
    struct balint_resend *question = &resender->questions[seat];
    const struct balint_state_seat *own = self(resender);
    struct balint_talk_span spans[SPANS];
    int count = -1;
    if (question->to_ms == 0 || own == NULL)
        return false;
    if (question->to_ms > now_ms - BALINT_RESEND_SETTLED_MS)
        question->to_ms = now_ms - BALINT_RESEND_SETTLED_MS;
    if (strcmp(question->member, own->member) == 0 && question->epoch == own->epoch)
        count = balint_talkbook_spans(book, question->from_ms, question->to_ms, spans, SPANS);
    else if (ledger != NULL)
        count = balint_ledger_recollect(ledger, question, spans, SPANS);
    bool good = count >= 0 && balint_resend_next(question, spans, count, made);
    if (!good || question->from_ms >= question->to_ms)
        question->to_ms = 0;
    return good;
}

const uint8_t *balint_resender_next(struct balint_resender *resender, const struct balint_ledger *ledger,
                                    const struct balint_talkbook *book, int seat, int64_t now_ms)
{
    struct balint_resend made;
    const struct balint_state_seat *own = self(resender);
    if (seat < 0 || seat >= BALINT_SEATS || own == NULL)
        return NULL;
    if (!resender->waits[seat]) {
        bool asks = ledger != NULL && balint_is_leader(own->role) &&
                    balint_recall_ask(&resender->recall, &resender->state, seat, now_ms, &made);
        if (!asks && !answer(resender, ledger, book, seat, now_ms, &made))
            return NULL;
        balint_resend_write(&made, resender->bodies[seat]);
        resender->waits[seat] = true;
    }
    return resender->bodies[seat];
}

void balint_resender_sent(struct balint_resender *resender, int seat)
{
    if (seat >= 0 && seat < BALINT_SEATS)
        resender->waits[seat] = false;
}
