/* call_admit.c - a leader's program writes the next roster: who was asked for, and itself to begin with.
 *
 * And who is deputy, and who is removed. Wishes are for devices, not for seats (wishes.h). One `admit` at a
 * time: it is judged against the newest roster, and the loser of two builds anew on the other's. The call's
 * thread.
 */
#include "call/call.h"

#include <string.h>

#define TRIES        20       /* rosters that lost in a row before the wish is given up */
#define LAST_WORD_US 12000000 /* for a word to somebody who is removed; some slots */

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

void balint_call_deputy(struct balint_call *call, int seat, bool on)
{
    const struct balint_state_seat *person = balint_state_seat_of(&call->state, seat);
    if (!person)
        return;
    g_strlcpy(call->deputy.member, person->member, sizeof call->deputy.member);
    call->deputy.on = on;
    call->admit_tries = 0;
    balint_call_admit_next(call);
}

/* The roster by which somebody becomes deputy, or is it no longer. The wish is over when that is so, or
 * cannot be. */
static size_t deputy_roster(struct balint_call *call, int64_t now_s, uint8_t bytes[BALINT_ROSTER_SIZE])
{
    const char *why = NULL;
    if (!*call->deputy.member)
        return 0;
    size_t length = balint_book_deputy(&call->book, call->deputy.member, call->deputy.on, now_s, bytes, &why);
    if (length > 0)
        return length;
    *call->deputy.member = '\0';
    if (why)
        g_signal_emit(call->bin, balint_call_signals[BALINT_SIGNAL_REFUSED], 0, "no-deputy", why);
    return 0;
}

static void refuse(struct balint_call *call, const char *code, const char *text)
{
    g_signal_emit(call->bin, balint_call_signals[BALINT_SIGNAL_REFUSED], 0, code, text);
}

void balint_call_remove(struct balint_call *call, int seat, const char *text)
{
    const struct balint_state_seat *own = balint_state_seat_of(&call->state, call->state.you);
    const struct balint_state_seat *person = balint_state_seat_of(&call->state, seat);
    uint32_t word_id = 0;
    if (!own || !balint_is_leader(own->role))
        refuse(call, "not-yours", "Only a leader can remove somebody.");
    else if (!person || person == own)
        refuse(call, "no-such-seat", "Nobody else sits there: name somebody who is shown.");
    else if (call->removal.member[0])
        refuse(call, "too-many-words", "Somebody else is being removed: try again in a moment.");
    else if (text && !(word_id = balint_post_answer(&call->own->post, &call->state, seat, text,
                                                    g_get_monotonic_time())))
        refuse(call, "too-many-words", "Too many words are under way: try again in a moment.");
    else {
        call->removal = (struct balint_call_removal){.word_id = word_id, .since_us = g_get_monotonic_time()};
        memcpy(call->removal.member, person->member, sizeof call->removal.member);
        call->admit_tries = 0;
        balint_call_admit_next(call);
    }
}

/* Is it time? Once the word was taken, or the person is not there to take it, or long enough after. */
static bool removes_now(struct balint_call *call)
{
    const struct balint_call_removal *removal = &call->removal;
    const struct balint_state_seat *person = NULL;
    for (int i = 0; i < call->state.seat_count; i++)
        if (strcmp(call->state.seats[i].member, removal->member) == 0)
            person = &call->state.seats[i];
    if (!removal->member[0])
        return false;
    return !person || !person->connected || !balint_post_is_under_way(&call->own->post, removal->word_id) ||
           g_get_monotonic_time() - removal->since_us > LAST_WORD_US;
}

static size_t removal_roster(struct balint_call *call, int64_t now_s, uint8_t bytes[BALINT_ROSTER_SIZE])
{
    if (!removes_now(call))
        return 0;
    size_t length = balint_book_without(&call->book, call->removal.member, now_s, bytes);
    if (length == 0) /* it names that person no more */
        memset(&call->removal, 0, sizeof call->removal);
    return length;
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
    struct balint_roster_bytes *roster = &message.admit.roster;
    int64_t now_s = g_get_real_time() / G_USEC_PER_SEC;
    uint32_t seats = due(call);
    if (call->admitting || call->admit_tries >= TRIES)
        return;
    if (seats || call->begins)
        roster->length = (uint16_t)balint_book_successor(&call->book, seats, now_s, roster->data);
    if (roster->length == 0)
        roster->length = (uint16_t)removal_roster(call, now_s, roster->data);
    if (roster->length == 0)
        roster->length = (uint16_t)deputy_roster(call, now_s, roster->data);
    if (roster->length == 0)
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
        g_autofree char *text = g_strdup_printf(call->begins ? "This session could not be opened: %s"
                                                : call->removal.member[0] ? "Nobody could be removed: %s"
                                                                          : "Nobody could be admitted: %s",
                                                why);
        memset(&call->removal, 0, sizeof call->removal);
        g_signal_emit(call->bin, balint_call_signals[BALINT_SIGNAL_REFUSED], 0, "roster-refused", text);
    }
    return true;
}
