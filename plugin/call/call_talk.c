/* call_talk.c - the sealed envelopes and their slots: talk records to leaders, leaders' cover to everybody.
 *
 * In every slot one envelope leaves for each leader who is here, and leaders send one to everybody, with
 * nothing in it unless there is something to say: size and rhythm tell the server nothing. Behind the talk
 * record stands the beginning of the hash of the newest roster (watch.h). The call's thread but for
 * balint_call_send_talk.
 */
#include "call/call.h"

#include "session/resend.h"

#include <string.h>

#define GST_CAT_DEFAULT balint_call_debug

_Static_assert(BALINT_WORD_SIZE == BALINT_ENVELOPE_BODY, "a word fills its envelope");
_Static_assert(BALINT_RESEND_SIZE == BALINT_ENVELOPE_BODY, "spans fill their envelope");
_Static_assert(BALINT_TALK_SIZE + BALINT_ROSTER_TAG == BALINT_ENVELOPE_BODY, "a report fills its envelope");

/* The channel to the person on a seat, made when that process is first met; NULL: there is none. */
static struct balint_channel *channel_to(struct balint_call *call, int seat)
{
    const struct balint_identified *other = balint_book_who(&call->book, &call->state, seat);
    struct balint_own *own = call->own;
    if (!other)
        return NULL;
    for (int i = 0; i < own->channel_count; i++)
        if (balint_channel_is(&own->channels[i], own->self.join_hash, other->join_hash))
            return &own->channels[i];
    if (own->channel_count == BALINT_CHANNELS) {
        GST_WARNING_OBJECT(call->bin, "too many others in one session: no reports to seat %d", seat);
        return NULL;
    }
    struct balint_channel *channel = &own->channels[own->channel_count];
    if (!balint_channel_make(channel, own->self.exchange_private, other->join.exchange,
                             call->book.roster.session, own->self.join_hash, other->join_hash))
        return NULL;
    own->channel_count++;
    return channel;
}

static bool leads(const struct balint_call *call)
{
    const struct balint_state_seat *own = balint_state_seat_of(&call->state, call->state.you);
    return own && balint_is_leader(own->role);
}

static bool seal_to(struct balint_call *call, int seat, enum balint_envelope_kind kind, const uint8_t *body)
{
    struct balint_message message = {.type = BALINT_MSG_REPORT};
    struct balint_channel *channel = channel_to(call, seat);
    message.report.seat = seat;
    message.report.envelope.length = BALINT_ENVELOPE_SIZE;
    return channel &&
           balint_channel_seal(channel, call->negotiation.epoch, kind, body, message.report.envelope.data) &&
           balint_call_send(call, &message);
}

/* Takes what waits for this seat. A leader's questions go to anybody, spans to leaders alone. */
static bool take_spans(struct balint_call *call, int seat, bool leader, uint8_t body[BALINT_ENVELOPE_BODY])
{
    struct balint_resend resend;
    g_mutex_lock(&call->lock);
    bool waits = call->spans.waits[seat];
    call->spans.waits[seat] = false;
    if (waits)
        memcpy(body, call->spans.bodies[seat], BALINT_ENVELOPE_BODY);
    balint_wipe(call->spans.bodies[seat], BALINT_ENVELOPE_BODY);
    g_mutex_unlock(&call->lock);
    return waits && balint_resend_read(&resend, body, BALINT_ENVELOPE_BODY) &&
           (resend.answer ? leader : leads(call));
}

/* What stands in the place of a leader's talk record, or of cover. */
static enum balint_envelope_kind other_for(struct balint_call *call, int seat, bool leader, bool piece,
                                           uint8_t body[BALINT_ENVELOPE_BODY])
{
    enum balint_envelope_kind kind;
    if (balint_post_next(&call->own->post, &call->state, seat, g_get_monotonic_time(), &kind, body))
        return kind;
    if (take_spans(call, seat, leader, body))
        return BALINT_ENVELOPE_RESEND;
    if (!leader || !piece)
        return BALINT_ENVELOPE_NOTHING;
    memcpy(body, call->piece, BALINT_ENVELOPE_BODY);
    return BALINT_ENVELOPE_LEDGER;
}

static void send_to(struct balint_call *call, int seat, bool leader, bool piece, const uint8_t *report)
{
    uint8_t body[BALINT_ENVELOPE_BODY] = {0};
    enum balint_envelope_kind kind = BALINT_ENVELOPE_NOTHING;
    if (!leader || !call->untold[seat])
        kind = other_for(call, seat, leader, piece, body);
    call->untold[seat] = kind != BALINT_ENVELOPE_NOTHING;
    if (leader && kind == BALINT_ENVELOPE_NOTHING)
        seal_to(call, seat, BALINT_ENVELOPE_TALK, report);
    else
        seal_to(call, seat, kind, body);
    balint_wipe(body, sizeof body);
}

/* One slot: one envelope for each. Leaders get the talk record, and in every second slot at most what else
 * there is for them; the others get leaders' cover. */
static void send_envelopes(struct balint_call *call, void *data)
{
    uint8_t report[BALINT_ENVELOPE_BODY];
    bool piece = call->piece_waits && leads(call);
    memcpy(report, data, BALINT_TALK_SIZE);
    memcpy(report + BALINT_TALK_SIZE, call->book.hash, BALINT_ROSTER_TAG);
    call->piece_waits = false;
    for (int i = 0; call->state.admitted && i < call->state.seat_count; i++) {
        const struct balint_state_seat *seat = &call->state.seats[i];
        bool leader = balint_is_leader(seat->role);
        if (seat->seat != call->state.you && seat->connected && (leader || leads(call)))
            send_to(call, seat->seat, leader, piece, report);
    }
    balint_wipe(report, sizeof report);
}

static void wipe_talk(gpointer data)
{
    balint_wipe(data, BALINT_TALK_SIZE);
    g_free(data);
}

static void wipe_piece(gpointer data)
{
    balint_wipe(data, BALINT_ENVELOPE_BODY);
    g_free(data);
}

void balint_call_send_talk(struct balint_call *call, GBytes *body)
{
    gsize length;
    gconstpointer bytes = g_bytes_get_data(body, &length);
    if (length == BALINT_TALK_SIZE)
        balint_call_post(call, send_envelopes, g_memdup2(bytes, length), wipe_talk);
}

static void keep_piece(struct balint_call *call, void *piece)
{
    memcpy(call->piece, piece, sizeof call->piece);
    call->piece_waits = true;
}

void balint_call_send_ledger(struct balint_call *call, GBytes *piece)
{
    gsize length;
    gconstpointer bytes = g_bytes_get_data(piece, &length);
    if (length == sizeof call->piece)
        balint_call_post(call, keep_piece, g_memdup2(bytes, length), wipe_piece);
}

gboolean balint_call_send_spans(struct balint_call *call, int seat, GBytes *body)
{
    gsize length;
    gconstpointer bytes = g_bytes_get_data(body, &length);
    if (length != BALINT_ENVELOPE_BODY || seat < 0 || seat >= BALINT_SEATS)
        return FALSE;
    g_mutex_lock(&call->lock);
    gboolean room = !call->spans.waits[seat];
    if (room)
        memcpy(call->spans.bodies[seat], bytes, length);
    call->spans.waits[seat] = true;
    g_mutex_unlock(&call->lock);
    return room;
}

static void compare_rosters(struct balint_call *call, int seat, const uint8_t *tag)
{
    if (leads(call) && balint_watch_report(&call->watch, seat, tag, g_get_monotonic_time()))
        g_signal_emit(call->bin, balint_call_signals[BALINT_SIGNAL_REFUSED], 0, "roster-alarm",
                      balint_trust_text(BALINT_TRUST_ALARM));
}

/* Leaders ask, and nobody else is told when anybody spoke. */
static void take_resend(struct balint_call *call, int seat, const uint8_t *bytes)
{
    struct balint_resend resend;
    if (!balint_resend_read(&resend, bytes, BALINT_RESEND_SIZE) ||
        !balint_recall_may(&call->state, seat, &resend) || (resend.answer && !leads(call)))
        return;
    GBytes *body = g_bytes_new(bytes, BALINT_RESEND_SIZE);
    g_signal_emit(call->bin, balint_call_signals[BALINT_SIGNAL_SPANS], 0, seat, body);
    g_bytes_unref(body);
}

void balint_call_take_report(struct balint_call *call, const struct balint_report *report)
{
    struct balint_envelope envelope;
    const struct balint_state_seat *seat = balint_state_seat_of(&call->state, report->seat);
    struct balint_channel *channel = seat ? channel_to(call, report->seat) : NULL;
    if (!channel ||
        !balint_channel_open(channel, &envelope, report->envelope.data, report->envelope.length) ||
        envelope.epoch != seat->epoch) {
        GST_INFO_OBJECT(call->bin, "an envelope from seat %d could not be opened", report->seat);
        return;
    }
    if (envelope.kind == BALINT_ENVELOPE_TALK) {
        compare_rosters(call, report->seat, envelope.body + BALINT_TALK_SIZE);
        GBytes *body = g_bytes_new(envelope.body, BALINT_TALK_SIZE);
        g_signal_emit(call->bin, balint_call_signals[BALINT_SIGNAL_TALK], 0, seat->member, (guint)seat->epoch,
                      body);
        g_bytes_unref(body);
    }
    /* Nobody's counts are believed but their own, and what leaders hand each other. */
    if (envelope.kind == BALINT_ENVELOPE_LEDGER && leads(call) && balint_is_leader(seat->role)) {
        GBytes *piece = g_bytes_new(envelope.body, sizeof envelope.body);
        g_signal_emit(call->bin, balint_call_signals[BALINT_SIGNAL_LEDGER], 0, piece);
        g_bytes_unref(piece);
    }
    if (envelope.kind == BALINT_ENVELOPE_QUIET || envelope.kind == BALINT_ENVELOPE_WORD ||
        envelope.kind == BALINT_ENVELOPE_ANSWER)
        balint_call_take_word(call, report->seat, &envelope);
    if (envelope.kind == BALINT_ENVELOPE_RESEND)
        take_resend(call, report->seat, envelope.body);
    balint_wipe(&envelope, sizeof envelope);
}
