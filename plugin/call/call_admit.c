/* call_admit.c - a leader's program writes the next roster: who was asked for, and itself to begin with.
 *
 * Wishes are for devices, not for seats (wishes.h). One `admit` at a time: it is judged against the newest
 * roster, and the loser of two builds anew on the other's. The call's thread.
 */
#include "call/call.h"

#define TRIES 20 /* rosters that lost in a row before the wish is given up */

static void want(struct balint_call *call, uint32_t seats)
{
    balint_wishes_add(&call->wishes, &call->book, &call->state, seats);
}

void balint_call_admit(struct balint_call *call, int seat)
{
    if (balint_wishes_waits(&call->state, seat) && !balint_call_at_door(call, seat))
        g_signal_emit(call->bin, balint_call_signals[BALINT_SIGNAL_REFUSED], 0, "unproven",
                      "This person's program does not prove who they are: ask them to leave and come again, "
                      "and the server's operator if that does not help.");
    want(call, 1u << seat);
    call->admit_tries = 0;
    balint_call_admit_next(call);
}

void balint_call_admit_all(struct balint_call *call)
{
    want(call, balint_call_acquainted(call));
    call->admit_tries = 0;
    balint_call_admit_next(call);
}

static uint32_t due(struct balint_call *call)
{
    g_mutex_lock(&call->lock);
    bool everyone = call->settings.admit_everyone;
    g_mutex_unlock(&call->lock);
    if (everyone)
        want(call, (1u << BALINT_SEATS) - 1);
    return balint_wishes_due(&call->wishes, &call->book, &call->state);
}

void balint_call_admit_next(struct balint_call *call)
{
    struct balint_message message = {.type = BALINT_MSG_ADMIT};
    uint32_t seats = due(call);
    if (call->admitting || (!seats && !call->begins) || call->admit_tries >= TRIES)
        return;
    message.admit.roster.length = (uint16_t)balint_book_successor(
        &call->book, seats, g_get_real_time() / G_USEC_PER_SEC, message.admit.roster.data);
    if (message.admit.roster.length == 0)
        return; /* it would say nothing new */
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
