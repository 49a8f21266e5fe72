/* call_look.c - a leader looks at who is at the door with a device that was never met: one link, one way.
 *
 * Both ends rest on a pass: the leader's device signs the joins of both processes, so that the look is for
 * these two and nobody else; the guest believes a leader by certificate, and a deputy by the grant that comes
 * along, since it has no roster yet. Who
 * looks sends nothing; who is looked at lets nothing through (balint_call_links_gate, on both sides). A look
 * ends after a minute, when the guest is let in (then the ordinary link is made), and with either process.
 * The call's thread.
 */
#include "call/call.h"
#include "call/look.h"

#include <string.h>

#define GST_CAT_DEFAULT balint_call_debug
#define PASS_LASTS_S    (2 * BALINT_LOOK_S) /* a minute for clocks that differ */

static bool lasts(const struct balint_call *call, int seat)
{
    return call->looks[seat].until_us > g_get_monotonic_time();
}

/* Does that look lead to the process it was meant for, in the session that we joined? */
static bool fits(const struct balint_call *call, int seat, const struct balint_known *known)
{
    return known && known->known && lasts(call, seat) &&
           balint_same(known->who.join_hash, call->looks[seat].join_hash, BALINT_HASH_SIZE) &&
           memcmp(known->who.join.session, call->own->self.session, BALINT_SESSION_SIZE) == 0;
}

/* The other end of a look, and which end is ours; NULL. */
static const struct balint_known *other_end(const struct balint_call *call, int seat,
                                            enum balint_look_side *side)
{
    const struct balint_known *known = NULL;
    if (call->state.admitted)
        known = balint_call_at_door(call, seat);
    else if (call->looks[seat].side == BALINT_LOOKED_AT)
        known = &call->book.seats[seat];
    *side = call->state.admitted ? BALINT_LOOKS : BALINT_LOOKED_AT;
    return fits(call, seat, known) ? known : NULL;
}

int balint_call_looks(const struct balint_call *call, struct balint_peer_view *people, int count)
{
    for (int seat = 0; seat < BALINT_SEATS && count < BALINT_SEATS; seat++) {
        enum balint_look_side side;
        const struct balint_known *known = other_end(call, seat, &side);
        if (!known)
            continue;
        people[count] =
            (struct balint_peer_view){.seat = seat, .epoch = known->epoch, .connected = true, .look = side};
        g_strlcpy(people[count++].member, known->who.certificate.member, sizeof people->member);
    }
    return count;
}

bool balint_call_looked_at(const struct balint_call *call)
{
    enum balint_look_side side;
    for (int seat = 0; seat < BALINT_SEATS; seat++)
        if (other_end(call, seat, &side) && side == BALINT_LOOKED_AT)
            return true;
    return false;
}

const struct balint_identified *balint_call_who(const struct balint_call *call, int seat)
{
    enum balint_look_side side;
    const struct balint_identified *who = balint_book_who(&call->book, &call->state, seat);
    const struct balint_known *known =
        !who && seat >= 0 && seat < BALINT_SEATS ? other_end(call, seat, &side) : NULL;
    return known ? &known->who : who;
}

static void begin(struct balint_call *call, int seat, const struct balint_identified *who,
                  enum balint_look_side side)
{
    call->looks[seat].side = side;
    call->looks[seat].until_us = g_get_monotonic_time() + BALINT_LOOK_S * G_TIME_SPAN_SECOND;
    memcpy(call->looks[seat].join_hash, who->join_hash, BALINT_HASH_SIZE);
    balint_call_meet(call);
    balint_call_gate(call);
    balint_call_links_run(call);
}

void balint_call_look(struct balint_call *call, int seat)
{
    struct balint_message message = {.type = BALINT_MSG_PASS, .id = balint_call_id(call)};
    const struct balint_known *known = balint_call_at_door(call, seat);
    if (!known)
        return;
    struct balint_pass pass = {.expires_s = g_get_real_time() / G_USEC_PER_SEC + PASS_LASTS_S};
    memcpy(pass.leader, call->own->self.join_hash, sizeof pass.leader);
    memcpy(pass.guest, known->who.join_hash, sizeof pass.guest);
    message.pass.seat = seat;
    message.pass.pass.length =
        (uint16_t)balint_pass_make(&pass, &call->own->self.device, message.pass.pass.data);
    if (!balint_is_leader(call->own->self.certificate.role)) {
        message.pass.grant.length = call->book.roster.grant_length;
        memcpy(message.pass.grant.data, call->book.roster.grant, call->book.roster.grant_length);
    }
    if (message.pass.pass.length > 0 && balint_call_send(call, &message))
        begin(call, seat, &known->who, BALINT_LOOKS);
}

void balint_call_take_pass(struct balint_call *call, const struct balint_pass_message *message)
{
    struct balint_pass pass;
    int seat = message->seat;
    if (call->state.admitted || seat < 0 || seat >= BALINT_SEATS)
        return;
    const struct balint_identified *who = &call->book.seats[seat].who;
    struct balint_call_look *look = &call->looks[seat];
    bool again = balint_same(look->join_hash, who->join_hash, BALINT_HASH_SIZE);
    enum balint_trust trust = balint_look_judge(&call->book, seat, message, again ? look->expires_s : 0,
                                                g_get_real_time() / G_USEC_PER_SEC, &pass);
    if (trust != BALINT_TRUST_OK) {
        GST_INFO_OBJECT(call->bin, "pass not taken: %s", balint_trust_name(trust));
        return;
    }
    look->expires_s = pass.expires_s;
    begin(call, seat, who, BALINT_LOOKED_AT);
    g_signal_emit(call->bin, balint_call_signals[BALINT_SIGNAL_LOOKED_AT], 0, who->certificate.name);
}

void balint_call_look_tick(struct balint_call *call)
{
    bool ended = false;
    for (int seat = 0; seat < BALINT_SEATS; seat++) {
        enum balint_look_side side;
        if (call->looks[seat].until_us == 0 || other_end(call, seat, &side))
            continue;
        call->looks[seat].until_us = 0;
        ended = true;
    }
    if (!ended)
        return;
    balint_call_meet(call);
    balint_call_gate(call);
    balint_call_links_run(call);
    if (!call->state.admitted)
        g_signal_emit(call->bin, balint_call_signals[BALINT_SIGNAL_LOOKED_AT], 0, "");
}
