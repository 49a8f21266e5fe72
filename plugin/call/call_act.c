/* call_act.c - what this person asks of the session.
 *
 * A key that closes the microphone closes it here and now, before anything is sent; one that opens it waits
 * for the state that allows (microphone.h). balint_call_act and the like: any thread. The rest: the call's.
 */
#include "call/call.h"

#include <string.h>

/* Does this request say "I want to be heard", or "I do not"? */
enum voice { NO_VOICE, OPENS, CLOSES };

static enum voice voice_of(enum balint_type type, int value)
{
    switch (type) {
    case BALINT_MSG_RETURN:
        return OPENS;
    case BALINT_MSG_AFTER_ROOM: /* where observers speak; coming out says nothing of the microphone */
        return value ? OPENS : NO_VOICE;
    case BALINT_MSG_MUTE:
    case BALINT_MSG_AWAY:
    case BALINT_MSG_SIT_OUT:
        return value ? CLOSES : OPENS;
    case BALINT_MSG_LEAVE:
        return CLOSES;
    default:
        return NO_VOICE;
    }
}

/* Which of camera and ears does it speak of? BALINT_RETREATS: of none. */
static enum balint_retreat_kind retreat_of(enum balint_type type)
{
    return type == BALINT_MSG_AWAY      ? BALINT_RETREAT_AWAY
           : type == BALINT_MSG_SIT_OUT ? BALINT_RETREAT_OUT
                                        : BALINT_RETREATS;
}

/* The requests of a session, by the wire's name; BALINT_MSGS: none of that name. */
static enum balint_type type_of(const char *name)
{
    for (int type = BALINT_MSG_PRESENT; type <= BALINT_MSG_LEAVE; type++)
        if (strcmp(balint_message_name((enum balint_type)type), name) == 0)
            return (enum balint_type)type;
    return BALINT_MSGS;
}

/* What was asked in an outage is not kept for later: by then another phase may be on. Who leaves is gone
 * anyway. */
static void send_request(struct balint_call *call, void *data)
{
    const struct balint_message *message = data;
    balint_call_follow_own(call);
    if (balint_call_send(call, message) || call->over || message->type == BALINT_MSG_LEAVE)
        return;
    g_mutex_lock(&call->lock);
    balint_microphone_refused(&call->microphone, message->id);
    balint_retreat_answered(&call->retreat, message->id);
    g_mutex_unlock(&call->lock);
    g_signal_emit(call->bin, balint_call_signals[BALINT_SIGNAL_REFUSED], 0, "line-down",
                  "The line is down: try again when it is back.");
}

/* No message of its own: a roster says it. */
struct deputy {
    int seat;
    bool on;
};

static void name_deputy(struct balint_call *call, void *data)
{
    const struct deputy *deputy = data;
    balint_call_deputy(call, deputy->seat, deputy->on);
}

static gboolean act_deputy(struct balint_call *call, int seat, int value)
{
    struct deputy *deputy = g_new0(struct deputy, 1);
    *deputy = (struct deputy){seat, value != 0};
    g_mutex_lock(&call->lock);
    gboolean running = call->context != NULL;
    g_mutex_unlock(&call->lock);
    balint_call_post(call, name_deputy, deputy, g_free);
    return running;
}

/* Fills what the message says. False: nothing of that place can be chosen. */
static bool fill(struct balint_call *call, struct balint_message *message, int seat, int value)
{
    if (message->type != BALINT_MSG_FORMAT) {
        message->act.seat = seat;
        message->act.value = value;
        return true;
    }
    g_mutex_lock(&call->lock);
    bool there = value >= 0 && value < call->shown.choice_count;
    if (there)
        memcpy(message->choice.format, call->shown.choices[value].id, sizeof message->choice.format);
    g_mutex_unlock(&call->lock);
    return there;
}

/* What a key means here, before the server knows of it; under `lock`. */
static void take_key(struct balint_call *call, enum balint_type type, int value, int64_t id)
{
    gint64 now_us = g_get_monotonic_time();
    enum voice voice = voice_of(type, value);
    if (voice == CLOSES) {
        balint_microphone_close(&call->microphone);
        balint_send_open(&call->send, call->settings.ungated_send);
    } else if (voice == OPENS && call->context != NULL) {
        balint_microphone_open(&call->microphone, id, now_us);
    }
    if (type == BALINT_MSG_AFTER_ROOM)
        balint_microphone_room(&call->microphone, value != 0, now_us);
    if (retreat_of(type) != BALINT_RETREATS)
        balint_retreat_key(&call->retreat, retreat_of(type), value != 0, id, now_us);
}

gboolean balint_call_act(struct balint_call *call, const char *name, int seat, int value)
{
    if (name && strcmp(name, "deputy") == 0)
        return act_deputy(call, seat, value);
    enum balint_type type = name ? type_of(name) : BALINT_MSGS;
    if (type == BALINT_MSGS)
        return FALSE;
    struct balint_message *message = g_new0(struct balint_message, 1);
    message->type = type;
    message->id = balint_call_id(call);
    if (!fill(call, message, seat, value)) {
        g_free(message);
        return FALSE;
    }

    g_mutex_lock(&call->lock);
    gboolean running = call->context != NULL;
    take_key(call, type, value, message->id);
    g_mutex_unlock(&call->lock);
    balint_call_post(call, send_request, message, g_free);
    return running;
}

gboolean balint_call_turn_phase(struct balint_call *call, int by)
{
    g_mutex_lock(&call->lock);
    int to = -1;
    for (int i = 0; i < call->shown.format.count; i++)
        if (call->shown.admitted && strcmp(call->shown.format.phases[i].id, call->shown.phase) == 0)
            to = i + by;
    gboolean there = to >= 0 && to < call->shown.format.count;
    g_mutex_unlock(&call->lock);
    return there && balint_call_act(call, "phase", BALINT_NOBODY, to);
}
