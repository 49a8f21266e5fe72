/* call_admit.c - a leader's program writes the next roster: who was asked for, and itself to begin with.
 *
 * One `admit` at a time: it is judged against the newest roster, and the loser of two builds anew on the
 * other's. The call's thread.
 */
#include "call/call.h"

#define TRIES 20 /* rosters that lost in a row before the wish is given up */

/* Is there still somebody at the door on that seat? */
static bool is_waiting(const struct balint_call *call, int seat)
{
    for (int i = 0; i < call->state.lobby_count; i++)
        if (call->state.lobby[i].seat == seat)
            return true;
    return false;
}

void balint_call_admit(struct balint_call *call, uint32_t seats)
{
    call->wanted |= seats;
    call->admit_tries = 0;
    balint_call_admit_next(call);
}

void balint_call_admit_next(struct balint_call *call)
{
    struct balint_message message = {.type = BALINT_MSG_ADMIT};
    for (int seat = 0; seat < BALINT_SEATS; seat++)
        if (!is_waiting(call, seat))
            call->wanted &= ~(1u << seat);
    if (call->admitting || (!call->wanted && !call->begins) || call->admit_tries >= TRIES)
        return;
    message.admit.roster.length = (uint16_t)balint_book_successor(
        &call->book, call->wanted, g_get_real_time() / G_USEC_PER_SEC, message.admit.roster.data);
    if (message.admit.roster.length == 0)
        return; /* their certificates have not come yet */
    message.id = balint_call_id(call);
    if (balint_call_send(call, &message)) {
        call->admitting = message.id;
        call->admit_tries++;
    }
}

bool balint_call_admit_refused(struct balint_call *call, int64_t re, const char *why)
{
    if (re == 0 || re != call->admitting)
        return false;
    call->admitting = 0; /* the newest roster is on its way, or the next tick tries again */
    if (why && call->admit_tries >= TRIES) {
        g_autofree char *text = g_strdup_printf(
            call->begins ? "This session could not be opened: %s" : "Nobody could be admitted: %s", why);
        g_signal_emit(call->bin, balint_call_signals[BALINT_SIGNAL_REFUSED], 0, "roster-refused", text);
    }
    return true;
}
