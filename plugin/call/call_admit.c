/* call_admit.c - a leader's program writes the next roster: who was asked for, and itself to begin with.
 *
 * A wish is for a device and not for a seat: should somebody else sit there by the time the roster is
 * written, nobody is let in. One `admit` at a time: it is judged against the newest roster, and the loser of
 * two builds anew on the other's. The call's thread.
 */
#include "call/call.h"

#include <string.h>

#define TRIES 20 /* rosters that lost in a row before the wish is given up */

/* Is there still somebody at the door on that seat? */
static bool is_waiting(const struct balint_call *call, int seat)
{
    for (int i = 0; i < call->state.lobby_count; i++)
        if (call->state.lobby[i].seat == seat)
            return true;
    return false;
}

static void want(struct balint_call *call, uint32_t seats)
{
    for (int seat = 0; seat < BALINT_SEATS; seat++) {
        const struct balint_known *known = seats & 1u << seat ? balint_call_at_door(call, seat) : NULL;
        if (!known)
            continue;
        call->wanted |= 1u << seat;
        memcpy(call->wanted_devices[seat], known->who.device, sizeof call->wanted_devices[seat]);
    }
}

void balint_call_admit(struct balint_call *call, int seat)
{
    if (is_waiting(call, seat) && !balint_call_at_door(call, seat))
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

/* Drops wishes for who is gone; gives those that can be written now. */
static uint32_t due(struct balint_call *call)
{
    uint32_t seats = 0;
    g_mutex_lock(&call->lock);
    bool everyone = call->settings.admit_everyone;
    g_mutex_unlock(&call->lock);
    if (everyone)
        want(call, (1u << BALINT_SEATS) - 1);
    for (int seat = 0; seat < BALINT_SEATS; seat++) {
        const struct balint_known *known = &call->book.seats[seat];
        bool same = known->known &&
                    balint_same(known->who.device, call->wanted_devices[seat], sizeof known->who.device);
        if (!is_waiting(call, seat) || !same)
            call->wanted &= ~(1u << seat);
        else if (call->wanted & 1u << seat && balint_call_at_door(call, seat))
            seats |= 1u << seat;
    }
    return seats;
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
