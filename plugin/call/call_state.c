/* call_state.c - a client is a function of the last state, of what its owner's keys closed, and of whom it
 * believes: what a `state`, `person` or `roster` changes.
 *
 * Order within one state: first what it takes away (microphone, gates), then what it gives (links, signals).
 * The call's thread.
 */
#include "call/call.h"

#include <stdlib.h>
#include <string.h>

#define GST_CAT_DEFAULT balint_call_debug

static bool read_session(const char *hex, uint8_t id[BALINT_SESSION_SIZE])
{
    for (int i = 0; i < BALINT_SESSION_SIZE; i++) {
        int high = g_ascii_xdigit_value(hex[2 * i]);
        int low = high < 0 ? -1 : g_ascii_xdigit_value(hex[2 * i + 1]);
        if (low < 0)
            return false;
        id[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static gint64 now_s(void)
{
    return g_get_real_time() / G_USEC_PER_SEC;
}

static struct balint_floor own_floor(const struct balint_call *call)
{
    return balint_state_floor(&call->state, call->state.you);
}

/* The server says that something is over which the own key alone ends; or has ended the after-room. */
static void tell_kept(struct balint_call *call, const char *what)
{
    GST_WARNING_OBJECT(call->bin, "%s: ended by the server, not by the own key", what);
    g_signal_emit(call->bin, balint_call_signals[BALINT_SIGNAL_KEPT], 0, what);
}

/* What the own keys say beside the last state, and the microphone that both allow. True: an open one was
 * closed with the after-room. */
static bool follow_keys(struct balint_call *call, int64_t re)
{
    g_mutex_lock(&call->lock);
    balint_retreat_apply(&call->retreat, &call->state);
    bool ended = balint_microphone_state(&call->microphone, call->state.admitted, own_floor(call), re,
                                         g_get_monotonic_time());
    g_mutex_unlock(&call->lock);
    return ended;
}

/* A new roster may let people in, and out, and change what they are. */
static void follow(struct balint_call *call, enum balint_trust trust)
{
    if (trust == BALINT_TRUST_OK) {
        call->admit_tries = 0;
        balint_watch_roster(&call->watch, call->book.hash, g_get_monotonic_time());
        balint_call_remember(call);
        balint_call_meet(call);
        bool ended = follow_keys(call, 0);
        balint_call_gate(call);
        if (ended)
            tell_kept(call, "after-room");
        balint_call_admit_next(call);
    } else if (balint_trust_alarms(trust)) {
        g_signal_emit(call->bin, balint_call_signals[BALINT_SIGNAL_REFUSED], 0, "roster-alarm",
                      balint_trust_text(trust));
    } else {
        GST_INFO_OBJECT(call->bin, "roster not taken: %s", balint_trust_name(trust));
    }
}

/* Whoever came before the session had an id joins again once it has one. */
static void join_session(struct balint_call *call)
{
    struct balint_message message = {.type = BALINT_MSG_JOIN};
    uint8_t id[BALINT_SESSION_SIZE];
    if (!read_session(call->state.session, id) || !balint_self_join(&call->own->self, id, &message.join.join))
        return;
    balint_call_send(call, &message);
    follow(call, balint_book_waiting(&call->book, now_s()));
}

void balint_call_gate(struct balint_call *call)
{
    g_mutex_lock(&call->lock);
    if (call->over)
        balint_microphone_close(&call->microphone);
    bool open = balint_microphone_is_open(&call->microphone) || call->settings.ungated_send ||
                (balint_microphone_joins(&call->microphone) && balint_call_looked_at(call));
    /* Under the lock, so that a key that closes cannot be overtaken. */
    balint_send_open(&call->send, open);
    g_mutex_unlock(&call->lock);
    balint_call_links_gate(call);
}

void balint_call_meet(struct balint_call *call)
{
    struct balint_peer_view people[BALINT_SEATS];
    balint_book_roles(&call->book, &call->state);
    int count = balint_book_people(&call->book, &call->state, people);
    count = balint_call_looks(call, people, count);
    balint_negotiation_people(&call->negotiation, people, count, g_get_monotonic_time());
}

/* Copies what properties show; says what changed. */
struct changes {
    bool phase, stepped_back, invited, ready;
};

static void show_remotes(struct balint_call *call, const struct balint_state *state)
{
    bool here[BALINT_SEATS] = {false};
    for (int i = 0; i < state->seat_count; i++) {
        const struct balint_state_seat *seat = &state->seats[i];
        if (seat->seat < 0 || seat->seat >= BALINT_SEATS || seat->seat == state->you)
            continue;
        struct balint_call_remote *remote = &call->shown.remotes[seat->seat];
        if (strcmp(remote->member, seat->member) != 0)
            balint_meters_reset(&call->meters, seat->seat);
        memcpy(remote->member, seat->member, sizeof remote->member);
        memcpy(remote->name, seat->name, sizeof remote->name);
        here[seat->seat] = true;
    }
    for (int i = 0; i < BALINT_SEATS; i++)
        call->shown.remotes[i].here = here[i];
}

/* The last state as this program follows it: roles and names as they were signed, and the own keys. The
 * caller frees it. */
static struct balint_message *followed(struct balint_call *call)
{
    struct balint_message *message = g_new0(struct balint_message, 1);
    message->type = BALINT_MSG_STATE;
    message->re = call->answers;
    message->state = call->state;
    balint_book_names(&call->book, &message->state);
    g_mutex_lock(&call->lock);
    bool holds = balint_microphone_holds(&call->microphone);
    g_mutex_unlock(&call->lock);
    for (int i = 0; holds && i < message->state.seat_count; i++)
        if (message->state.seats[i].seat == message->state.you)
            message->state.seats[i].muted = true;
    return message;
}

/* Takes the text of a state over. False: that one is shown already, or there is no memory for it. */
static bool show_text(struct balint_call *call, const struct balint_message *message)
{
    char *text = balint_encode(message, BALINT_TO_CLIENT, NULL);
    g_mutex_lock(&call->lock);
    bool news = text && g_strcmp0(call->shown.state, text) != 0;
    if (!text)
        GST_WARNING_OBJECT(call->bin, "no memory for a state's text: the one before stays");
    if (news) {
        g_free(call->shown.state);
        call->shown.state = g_strdup(text);
    }
    g_mutex_unlock(&call->lock);
    free(text);
    return news;
}

static void emit_state(struct balint_call *call)
{
    if (call->shown.state)
        g_signal_emit(call->bin, balint_call_signals[BALINT_SIGNAL_STATE_CHANGED], 0, call->shown.state);
}

/* The server said nothing new of the session, but a key was pressed, or more is known of whom to believe. */
static void show_again(struct balint_call *call)
{
    if (call->state.boot[0] == '\0')
        return; /* it has said nothing at all yet */
    struct balint_message *message = followed(call);
    if (show_text(call, message))
        emit_state(call);
    g_free(message);
}

void balint_call_follow_own(struct balint_call *call)
{
    follow_keys(call, 0);
    balint_call_gate(call);
    show_again(call);
}

static struct changes show(struct balint_call *call)
{
    struct balint_message *message = followed(call);
    const struct balint_state *state = &message->state;
    struct balint_call_shown *shown = &call->shown;
    const char *phase =
        state->admitted && state->phase < state->format.count ? state->format.phases[state->phase].id : "";
    g_mutex_lock(&call->lock);
    bool invited = state->admitted && state->invited && state->presenter == state->you;
    struct changes changes = {
        .phase = strcmp(shown->phase, phase) != 0,
        .stepped_back = shown->stepped_back != state->stepped_back,
        .invited = invited && !shown->invited,
        .ready = state->admitted && !call->ready,
    };
    g_strlcpy(shown->phase, phase, sizeof shown->phase);
    shown->stepped_back = state->stepped_back;
    shown->invited = invited;
    shown->admitted = state->admitted;
    shown->format = state->format;
    shown->choice_count = state->choice_count;
    memcpy(shown->choices, state->choices, sizeof shown->choices);
    show_remotes(call, state);
    g_mutex_unlock(&call->lock);
    show_text(call, message);
    g_free(message);
    return changes;
}

static void tell(struct balint_call *call, const struct changes *changes)
{
    if (changes->ready) {
        call->ready = true;
        if (g_atomic_int_get(&call->playing))
            balint_meters_start(&call->meters);
        g_signal_emit(call->bin, balint_call_signals[BALINT_SIGNAL_READY], 0, call->state.you);
    }
    emit_state(call);
    if (changes->phase)
        g_signal_emit(call->bin, balint_call_signals[BALINT_SIGNAL_PHASE_CHANGED], 0, call->shown.phase);
    if (changes->stepped_back)
        g_signal_emit(call->bin, balint_call_signals[BALINT_SIGNAL_STEPPED_BACK], 0,
                      (gboolean)call->state.stepped_back);
    if (changes->invited)
        g_signal_emit(call->bin, balint_call_signals[BALINT_SIGNAL_INVITED_BACK], 0);
}

void balint_call_take_state(struct balint_call *call, const struct balint_message *message)
{
    call->state = message->state;
    call->answers = message->re;
    g_mutex_lock(&call->lock);
    unsigned against =
        balint_retreat_state(&call->retreat, &call->state, message->re, g_get_monotonic_time());
    g_mutex_unlock(&call->lock);
    balint_book_roles(&call->book, &call->state);
    if (message->re == call->admitting)
        call->admitting = 0;
    join_session(call);
    bool ended = follow_keys(call, message->re);
    balint_call_gate(call);
    balint_meters_phase(&call->meters, call->state.phase);
    struct changes changes = show(call);
    balint_call_meet(call);
    call->begins = balint_book_must_begin(&call->book, &call->state);
    balint_call_admit_next(call);
    balint_call_show_door(call);
    tell(call, &changes);
    if (against & 1u << BALINT_RETREAT_AWAY)
        tell_kept(call, "away");
    if (against & 1u << BALINT_RETREAT_OUT)
        tell_kept(call, "sit-out");
    if (ended)
        tell_kept(call, "after-room");
    balint_call_words_state(call);
}

void balint_call_take_person(struct balint_call *call, const struct balint_person *person)
{
    enum balint_trust trust = balint_book_person(&call->book, person, now_s());
    if (trust != BALINT_TRUST_OK)
        GST_INFO_OBJECT(call->bin, "seat %d not believed: %s", person->seat, balint_trust_name(trust));
    follow(call, balint_book_waiting(&call->book, now_s()));
    balint_call_meet(call); /* a join that came late is followed by no state */
    balint_call_admit_next(call);
    show_again(call);
}

void balint_call_take_roster(struct balint_call *call, const struct balint_roster_message *roster)
{
    follow(call, balint_book_roster(&call->book, roster->roster.data, roster->roster.length, now_s()));
    show_again(call);
}
