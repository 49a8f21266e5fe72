/* actions.c - the action signals of `balintcall`: what an application asks for, handed on to the engine.
 *
 * Any thread: the engine takes each under its lock, or on its own thread.
 */
#include "call/element.h"

static gboolean action_act(BalintCall *self, const char *name, int seat, int value)
{
    return balint_call_act(self->call, name, seat, value);
}

static gboolean action_step_back(BalintCall *self)
{
    return balint_call_act(self->call, "step-back", BALINT_NOBODY, 0);
}

static gboolean action_invite_back(BalintCall *self)
{
    return balint_call_act(self->call, "invite-back", BALINT_NOBODY, 0);
}

static gboolean action_return(BalintCall *self, gboolean held)
{
    return balint_call_act(self->call, "return", BALINT_NOBODY, held ? 1 : 0);
}

static gboolean action_next_phase(BalintCall *self)
{
    return balint_call_turn_phase(self->call, 1);
}

static gboolean action_previous_phase(BalintCall *self)
{
    return balint_call_turn_phase(self->call, -1);
}

static void admit_seat(struct balint_call *call, void *data)
{
    balint_call_admit(call, GPOINTER_TO_INT(data));
}

static void admit_all(struct balint_call *call, void *data)
{
    (void)data;
    balint_call_admit_all(call);
}

static gboolean action_admit(BalintCall *self, int seat)
{
    if (seat < 0 || seat >= BALINT_SEATS)
        return FALSE;
    balint_call_post(self->call, admit_seat, GINT_TO_POINTER(seat), NULL);
    return TRUE;
}

static void look_at(struct balint_call *call, void *data)
{
    balint_call_look(call, GPOINTER_TO_INT(data));
}

static gboolean action_look(BalintCall *self, int seat)
{
    if (seat < 0 || seat >= BALINT_SEATS)
        return FALSE;
    balint_call_post(self->call, look_at, GINT_TO_POINTER(seat), NULL);
    return TRUE;
}

static gboolean action_admit_all(BalintCall *self)
{
    balint_call_post(self->call, admit_all, NULL, NULL);
    return TRUE;
}

static void action_send_talk(BalintCall *self, GBytes *body)
{
    balint_call_send_talk(self->call, body);
}

static void action_send_ledger(BalintCall *self, GBytes *piece)
{
    balint_call_send_ledger(self->call, piece);
}

static gboolean action_say(BalintCall *self, const char *name, int seat, const char *text)
{
    return balint_call_say(self->call, name, seat, text);
}

static gboolean action_send_spans(BalintCall *self, int seat, GBytes *body)
{
    return balint_call_send_spans(self->call, seat, body);
}

static void add_action(GObjectClass *class, const char *name, GCallback handler, GType result, guint count,
                       GType first, GType second, GType third)
{
    g_signal_new_class_handler(name, G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION, handler,
                               NULL, NULL, NULL, result, count, first, second, third);
}

void balint_call_add_actions(GObjectClass *class)
{
    const GType none = G_TYPE_NONE, yes = G_TYPE_BOOLEAN;
    add_action(class, "act", G_CALLBACK(action_act), yes, 3, G_TYPE_STRING, G_TYPE_INT, G_TYPE_INT);
    add_action(class, "step-back", G_CALLBACK(action_step_back), yes, 0, none, none, none);
    add_action(class, "invite-back", G_CALLBACK(action_invite_back), yes, 0, none, none, none);
    add_action(class, "return", G_CALLBACK(action_return), yes, 1, G_TYPE_BOOLEAN, none, none);
    add_action(class, "next-phase", G_CALLBACK(action_next_phase), yes, 0, none, none, none);
    add_action(class, "previous-phase", G_CALLBACK(action_previous_phase), yes, 0, none, none, none);
    add_action(class, "admit", G_CALLBACK(action_admit), yes, 1, G_TYPE_INT, none, none);
    add_action(class, "look", G_CALLBACK(action_look), yes, 1, G_TYPE_INT, none, none);
    add_action(class, "admit-all", G_CALLBACK(action_admit_all), yes, 0, none, none, none);
    add_action(class, "say", G_CALLBACK(action_say), yes, 3, G_TYPE_STRING, G_TYPE_INT, G_TYPE_STRING);
    add_action(class, "send-talk", G_CALLBACK(action_send_talk), none, 1, G_TYPE_BYTES, none, none);
    add_action(class, "send-ledger", G_CALLBACK(action_send_ledger), none, 1, G_TYPE_BYTES, none, none);
    add_action(class, "send-spans", G_CALLBACK(action_send_spans), yes, 2, G_TYPE_INT, G_TYPE_BYTES, none);
}
