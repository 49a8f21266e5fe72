/* round.c - rounds: check-in, closing, or whenever leaders wish, one after the other, each about half a
 * minute.
 *
 * Guidance only: a round silences nobody and has no clock; it says whose turn it is and who comes next.
 * Passing and speaking are the same to it, so that nobody's passing is on record. Who is away, lost, sitting
 * out or observing is skipped, and comes at the end when back; so does who comes later. A line that fails for
 * a moment takes nobody's turn; who says that they leave is not waited for. Leaders take part; the round
 * comes to who leads last, from where it began.
 *
 * Pure; the session's one owner.
 */
#include "session/phase.h"

#include <string.h>

/* Who has been lost for so long is skipped. */
#define ROUND_GRACE_US 10000000

static bool takes_part(const struct balint_seat *person, int64_t now_us)
{
    return person->taken && person->admitted && person->role != BALINT_OBSERVER && !person->away &&
           !person->sitting_out && !person->after_room &&
           (person->connected || now_us - person->lost_us < ROUND_GRACE_US);
}

static bool waits(const struct balint_round *round, int seat)
{
    for (int i = 0; i < round->count; i++)
        if (round->row[i] == seat)
            return true;
    return false;
}

/* Takes the one at a place of the row out of it. */
static void take_out(struct balint_round *round, int at)
{
    round->count--;
    memmove(round->row + at, round->row + at + 1, (size_t)(round->count - at) * sizeof *round->row);
    round->row[round->count] = 0;
}

bool balint_round_update(struct balint_session *session, int64_t now_us)
{
    struct balint_round *round = &session->round;
    bool changed = false;
    if (!round->on)
        return false;
    for (int i = round->count - 1; i >= 0; i--)
        if (!takes_part(&session->seats[round->row[i]], now_us)) {
            take_out(round, i);
            changed = true;
        }
    /* From the seat after who leads, so that a round which begins is in this order. */
    int first = session->leads == BALINT_NOBODY ? 0 : session->leads + 1;
    for (int i = 0; i < BALINT_SEATS; i++) {
        int seat = (first + i) % BALINT_SEATS;
        if (session->seats[seat].connected && takes_part(&session->seats[seat], now_us) &&
            !waits(round, seat) && !(round->had >> seat & 1)) {
            round->row[round->count++] = seat;
            changed = true;
        }
    }
    return changed;
}

void balint_round_begin(struct balint_session *session, int64_t now_us)
{
    /* Two leaders who press the same key at the same time both get what they asked for. */
    if (session->round.on && session->round.count > 0)
        return;
    memset(&session->round, 0, sizeof session->round);
    session->round.on = true;
    balint_round_update(session, now_us);
}

void balint_round_end(struct balint_session *session)
{
    memset(&session->round, 0, sizeof session->round);
}

enum balint_result balint_round_over(struct balint_session *session, int seat)
{
    struct balint_round *round = &session->round;
    for (int i = 0; i < round->count; i++)
        if (round->row[i] == seat) {
            take_out(round, i);
            round->had |= 1u << seat;
            return BALINT_OK;
        }
    return BALINT_NO_ROUND;
}

enum balint_result balint_round_next(struct balint_session *session)
{
    return session->round.count == 0 ? BALINT_NO_ROUND : balint_round_over(session, session->round.row[0]);
}

void balint_round_leave(struct balint_session *session, int seat)
{
    for (int i = session->round.count - 1; i >= 0; i--)
        if (session->round.row[i] == seat)
            take_out(&session->round, i);
}

void balint_round_forget(struct balint_session *session, int seat)
{
    balint_round_leave(session, seat);
    session->round.had &= ~(1u << seat);
}

int balint_round_place(const struct balint_session *session, int seat)
{
    for (int i = 0; i < session->round.count; i++)
        if (session->round.row[i] == seat)
            return i + 1;
    return 0;
}
