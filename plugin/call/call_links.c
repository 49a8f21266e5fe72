/* call_links.c - between negotiation, which decides, and the links, which do. The call's thread. */
#include "call/call.h"

#include "call/candidate.h"
#include "call/sdp.h"

#include <string.h>

#define GST_CAT_DEFAULT balint_call_debug

static gint64 now_us(void)
{
    return g_get_monotonic_time();
}

/* ---- what is signed (identity/records.h): both joins, the side and both fingerprints */

static struct balint_link_ends ends_of(const struct balint_call *call, const struct balint_identified *other,
                                       enum balint_side side, bool ours)
{
    const uint8_t *own = call->own->self.join_hash;
    return (struct balint_link_ends){
        .session = other->join.session, /* is ours: balint_call_who saw to it */
        .answer = side == BALINT_ANSWER,
        .sender = ours ? own : other->join_hash,
        .receiver = ours ? other->join_hash : own,
    };
}

/* Is this description by the person on that seat, for this process, and about the offer it answers? */
static bool is_proven(struct balint_call *call, const struct balint_sdp *sdp, enum balint_side side)
{
    const struct balint_identified *other = balint_call_who(call, sdp->seat);
    if (!other)
        return false;
    struct balint_link_ends ends = ends_of(call, other, side, false);
    if (side == BALINT_ANSWER)
        ends.offered = call->offered[sdp->seat];
    return balint_sdp_verify(sdp, &ends, other->device);
}

/* ---- what a link says */

static void on_described(void *user, struct balint_call_link *link, const struct balint_sdp *sdp)
{
    struct balint_message message = {.sdp = *sdp};
    struct balint_call *call = user;
    int seat = balint_call_link_seat(link);
    enum balint_side side =
        balint_negotiation_offers(&call->negotiation, seat) ? BALINT_OFFER : BALINT_ANSWER;
    const struct balint_identified *other = balint_call_who(call, seat);
    if (!other)
        return; /* who is not in any more */
    struct balint_link_ends ends = ends_of(call, other, side, true);
    if (side == BALINT_ANSWER)
        ends.offered = call->offered[seat];
    else
        memcpy(call->offered[seat], sdp->fingerprint, sizeof call->offered[seat]);
    if (!balint_sdp_sign(&message.sdp, &ends, &call->own->self.device)) {
        balint_negotiation_failed(&call->negotiation, seat, balint_call_link_generation(link), now_us());
        return;
    }
    GST_INFO_OBJECT(call->bin, "link to seat %d described", seat);
    message.type = side == BALINT_OFFER ? BALINT_MSG_OFFER : BALINT_MSG_ANSWER;
    balint_call_send(call, &message);
}

static void on_candidate(void *user, struct balint_call_link *link, const struct balint_candidate *candidate)
{
    struct balint_message message = {.type = BALINT_MSG_CANDIDATE, .candidate = *candidate};
    (void)link;
    balint_call_send(user, &message);
}

static void on_open(void *user, struct balint_call_link *link)
{
    struct balint_call *call = user;
    balint_negotiation_open(&call->negotiation, balint_call_link_seat(link),
                            balint_call_link_generation(link), now_us());
    balint_call_links_run(call);
    balint_call_links_gate(call);
}

static void on_failed(void *user, struct balint_call_link *link)
{
    struct balint_call *call = user;
    balint_negotiation_failed(&call->negotiation, balint_call_link_seat(link),
                              balint_call_link_generation(link), now_us());
    balint_call_links_run(call);
}

static void on_forged(void *user, struct balint_call_link *link)
{
    struct balint_call *call = user;
    balint_negotiation_forged(&call->negotiation, balint_call_link_seat(link),
                              balint_call_link_generation(link), now_us());
    balint_call_links_run(call);
}

static struct balint_call_link **place_of(struct balint_call *call, int seat, int64_t generation)
{
    for (int i = 0; i < 2; i++)
        if (call->links[seat][i] && balint_call_link_generation(call->links[seat][i]) == generation)
            return &call->links[seat][i];
    return NULL;
}

static void end_link(struct balint_call_link **place)
{
    struct balint_call_link *link = *place;
    *place = NULL;
    balint_call_link_end(link);
}

/* The pad of a seat has one name for ever: the generation that shows it takes it from the one before. */
static void on_arrived(void *user, struct balint_call_link *link, int media)
{
    struct balint_call *call = user;
    int seat = balint_call_link_seat(link);
    GST_INFO_OBJECT(call->bin, "%s of seat %d arrived", media == BALINT_SOUND ? "sound" : "pictures", seat);
    if (call->negotiation.peers[seat].view.look == BALINT_LOOKED_AT)
        return; /* whoever looks at us is neither heard nor seen */
    for (int i = 0; i < 2; i++) {
        struct balint_call_link *other = call->links[seat][i];
        if (other && other != link && balint_call_link_generation(other) < balint_call_link_generation(link))
            end_link(&call->links[seat][i]);
        else if (other && other != link)
            return; /* an old one is late */
    }
    g_autofree char *name = g_strdup_printf(media == BALINT_SOUND ? "audio_%d" : "video_%d", seat);
    balint_call_link_expose(link, media, name);
}

static const struct balint_call_link_events link_events = {
    .described = on_described,
    .candidate = on_candidate,
    .open = on_open,
    .failed = on_failed,
    .forged = on_forged,
    .arrived = on_arrived,
};

/* ---- what negotiation decides */

static struct balint_call_link *make(struct balint_call *call, int seat, int64_t generation,
                                     const struct balint_sdp *offer)
{
    struct balint_call_link **place = &call->links[seat][call->links[seat][0] ? 1 : 0];
    if (*place) /* negotiation keeps two at most; a third would be its error */
        end_link(place);
    g_mutex_lock(&call->lock);
    struct balint_call_link_config config = {
        .seat = seat,
        .generation = generation,
        .offers = !offer,
        .latency_ms = call->settings.latency_ms,
        .payloads = {offer ? offer->opus.payload : BALINT_OPUS_PAYLOAD,
                     offer ? offer->vp8.payload : BALINT_VP8_PAYLOAD},
        .bin = call->bin,
        .context = call->context,
        .send = &call->send,
        .meters = &call->meters,
        .events = &link_events,
        .user = call,
        .ungated = call->settings.ungated_receive,
    };
    g_mutex_unlock(&call->lock);
    *place = balint_call_link_new(&config);
    return *place;
}

static void tell(struct balint_call *call, int seat)
{
    const struct balint_peer *peer = &call->negotiation.peers[seat];
    GST_INFO_OBJECT(call->bin, "link to seat %d, generation %" G_GINT64_FORMAT ": %s", seat,
                    (gint64)peer->generation, balint_link_state_name(peer->state));
    enum balint_link_state shown = balint_link_state_shown(peer);
    g_mutex_lock(&call->lock);
    bool changed = call->shown.remotes[seat].link != shown;
    call->shown.remotes[seat].link = shown;
    call->shown.remotes[seat].generation = balint_link_generation_shown(peer);
    g_mutex_unlock(&call->lock);
    if (changed)
        g_signal_emit(call->bin, balint_call_signals[BALINT_SIGNAL_LINK_CHANGED], 0, seat,
                      balint_link_state_name(shown));
}

static void carry_out(struct balint_call *call, const struct balint_link_action *action)
{
    struct balint_call_link **place = place_of(call, action->seat, action->generation);
    struct balint_call_link *made;
    struct balint_message message = {.type = BALINT_MSG_LINK,
                                     .link = {action->seat, action->generation, action->event}};
    GST_LOG_OBJECT(call->bin, "seat %d, generation %" G_GINT64_FORMAT ": action %d", action->seat,
                   (gint64)action->generation, action->what);
    switch (action->what) {
    case BALINT_DO_OFFER:
        if (!make(call, action->seat, action->generation, NULL))
            balint_negotiation_failed(&call->negotiation, action->seat, action->generation, now_us());
        break;
    case BALINT_DO_ANSWER:
        made = make(call, action->seat, action->generation, call->described);
        if (made)
            balint_call_link_describe(made, call->described);
        else
            balint_negotiation_failed(&call->negotiation, action->seat, action->generation, now_us());
        break;
    case BALINT_DO_ACCEPT:
        if (place)
            balint_call_link_describe(*place, call->described);
        break;
    case BALINT_DO_CANDIDATE:
        if (place)
            balint_call_link_candidate(*place, call->candidate);
        break;
    case BALINT_DO_DROP:
        if (place)
            end_link(place);
        break;
    case BALINT_DO_SEND:
        balint_call_send(call, &message);
        break;
    case BALINT_DO_TELL:
        tell(call, action->seat);
        break;
    }
}

void balint_call_links_run(struct balint_call *call)
{
    struct balint_link_action action;
    bool any = false;
    while (balint_negotiation_next(&call->negotiation, &action)) {
        carry_out(call, &action);
        any = true;
    }
    if (any)
        balint_call_links_gate(call);
}

/* ---- messages of others */

/* An offer or answer: its meaning is checked before webrtcbin sees it, its signature before anything comes of
 * it. */
static void take_description(struct balint_call *call, const struct balint_sdp *sdp, enum balint_side side)
{
    struct balint_negotiation *negotiation = &call->negotiation;
    if (sdp->seat < 0 || sdp->seat >= BALINT_SEATS || !balint_sdp_valid(sdp, side, NULL))
        return;
    if (!is_proven(call, sdp, side)) {
        GST_WARNING_OBJECT(call->bin, "a description from seat %d is not signed as it must be", sdp->seat);
        balint_negotiation_unproven(negotiation, sdp->seat, sdp->generation, now_us());
        return;
    }
    call->described = sdp;
    if (side == BALINT_ANSWER) {
        balint_negotiation_answer(negotiation, sdp->seat, sdp->generation, now_us());
    } else if (balint_negotiation_offer(negotiation, sdp->seat, sdp->generation, now_us())) {
        memcpy(call->offered[sdp->seat], sdp->fingerprint, sizeof call->offered[sdp->seat]);
    }
}

/* `call->described` and `candidate` are valid while the actions run. */
void balint_call_link_message(struct balint_call *call, const struct balint_message *message)
{
    struct balint_negotiation *negotiation = &call->negotiation;
    const struct balint_candidate *candidate = &message->candidate;
    switch (message->type) {
    case BALINT_MSG_OFFER:
        take_description(call, &message->sdp, BALINT_OFFER);
        break;
    case BALINT_MSG_ANSWER:
        take_description(call, &message->sdp, BALINT_ANSWER);
        break;
    case BALINT_MSG_CANDIDATE:
        call->candidate = candidate;
        if (balint_candidate_usable(candidate))
            balint_negotiation_candidate(negotiation, candidate->seat, candidate->generation);
        break;
    default:
        balint_negotiation_link(negotiation, message->link.seat, message->link.generation,
                                message->link.event, now_us());
        break;
    }
    balint_call_links_run(call);
    call->described = NULL;
    call->candidate = NULL;
}

/* ---- time and floor */

void balint_call_links_tick(struct balint_call *call)
{
    for (int seat = 0; seat < BALINT_SEATS; seat++)
        for (int i = 0; i < 2; i++) {
            struct balint_call_link *link = call->links[seat][i];
            if (link)
                balint_negotiation_media(&call->negotiation, seat, balint_call_link_generation(link),
                                         balint_call_link_media_us(link), now_us());
        }
    balint_negotiation_tick(&call->negotiation, now_us());
    balint_call_links_run(call);
}

/* Is that person on our side of the after-room's door? The sound that our one encoder makes for those who are
 * goes to nobody else. */
static bool meets_us(const struct balint_call *call, int seat)
{
    return balint_floors_meet(balint_state_floor(&call->state, call->state.you),
                              balint_state_floor(&call->state, seat));
}

/* May the person on `seat` see us? The floor's answer, with the roster's roles. */
static bool sees_us(const struct balint_call *call, int seat)
{
    struct balint_floor floor = balint_state_floor(&call->state, call->state.you);
    const struct balint_state_seat *other = balint_state_seat_of(&call->state, seat);
    return other && meets_us(call, seat) &&
           (floor.seen == BALINT_SEEN_BY_ALL ||
            (floor.seen == BALINT_SEEN_BY_LEADERS && balint_is_leader(other->role)));
}

void balint_call_links_gate(struct balint_call *call)
{
    g_mutex_lock(&call->lock);
    bool ungated = call->settings.ungated_send;
    g_mutex_unlock(&call->lock);
    for (int seat = 0; seat < BALINT_SEATS; seat++) {
        struct balint_gates gates = {
            .silent = !meets_us(call, seat) && !ungated,
            .pictures = sees_us(call, seat) || ungated,
            .hears = balint_state_i_hear(&call->state, seat),
            .sees = balint_state_i_see(&call->state, seat),
        };
        enum balint_look_side look = call->negotiation.peers[seat].view.look;
        if (look == BALINT_LOOKS)
            gates =
                (struct balint_gates){.silent = !ungated, .pictures = ungated, .hears = true, .sees = true};
        else if (look == BALINT_LOOKED_AT)
            gates = (struct balint_gates){.pictures = true};
        for (int i = 0; i < 2; i++)
            if (call->links[seat][i])
                balint_call_link_gates(call->links[seat][i], gates);
    }
}

void balint_call_links_end(struct balint_call *call)
{
    for (int seat = 0; seat < BALINT_SEATS; seat++)
        for (int i = 0; i < 2; i++)
            if (call->links[seat][i])
                end_link(&call->links[seat][i]);
    balint_negotiation_init(&call->negotiation);
    g_mutex_lock(&call->lock);
    for (int seat = 0; seat < BALINT_SEATS; seat++)
        call->shown.remotes[seat].link = BALINT_LINK_NONE;
    g_mutex_unlock(&call->lock);
}
