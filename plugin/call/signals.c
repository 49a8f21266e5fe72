/* signals.c - the signals of balintcall; what they mean is in balintcall.h and manual.h. */
#include "call/call.h"

guint balint_call_signals[BALINT_CALL_SIGNALS];

static void add_signal(gpointer class, enum balint_call_signal signal, const char *name, guint count,
                       GType first, GType second, GType third)
{
    balint_call_signals[signal] = g_signal_new(name, G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL,
                                               NULL, NULL, G_TYPE_NONE, count, first, second, third);
}

void balint_call_add_signals(gpointer class)
{
    const GType none = G_TYPE_NONE, text = G_TYPE_STRING;
    add_signal(class, BALINT_SIGNAL_STATE_CHANGED, "state-changed", 1, text, none, none);
    add_signal(class, BALINT_SIGNAL_PHASE_CHANGED, "phase-changed", 1, text, none, none);
    add_signal(class, BALINT_SIGNAL_STEPPED_BACK, "stepped-back", 1, G_TYPE_BOOLEAN, none, none);
    add_signal(class, BALINT_SIGNAL_INVITED_BACK, "invited-back", 0, none, none, none);
    add_signal(class, BALINT_SIGNAL_DISPLACED, "displaced", 0, none, none, none);
    add_signal(class, BALINT_SIGNAL_REFUSED, "refused", 2, text, text, none);
    add_signal(class, BALINT_SIGNAL_CLOSED, "closed", 2, text, text, none);
    add_signal(class, BALINT_SIGNAL_READY, "ready", 1, G_TYPE_INT, none, none);
    add_signal(class, BALINT_SIGNAL_LINK_CHANGED, "link-changed", 2, G_TYPE_INT, text, none);
    add_signal(class, BALINT_SIGNAL_TALK, "talk", 3, text, G_TYPE_UINT, G_TYPE_BYTES);
    add_signal(class, BALINT_SIGNAL_LEDGER, "ledger", 1, G_TYPE_BYTES, none, none);
    add_signal(class, BALINT_SIGNAL_SPANS, "spans", 2, G_TYPE_INT, G_TYPE_BYTES, none);
    add_signal(class, BALINT_SIGNAL_QUIET, "quiet-changed", 2, G_TYPE_INT, G_TYPE_BOOLEAN, none);
    add_signal(class, BALINT_SIGNAL_QUIET_TOLD, "quiet-told", 1, G_TYPE_INT, none, none);
    add_signal(class, BALINT_SIGNAL_ANSWERED, "answered", 2, G_TYPE_INT, text, none);
    add_signal(class, BALINT_SIGNAL_LINE, "line-word", 2, G_TYPE_INT, text, none);
    add_signal(class, BALINT_SIGNAL_WORD_TOLD, "word-told", 2, G_TYPE_INT, G_TYPE_BOOLEAN, none);
    add_signal(class, BALINT_SIGNAL_DOOR, "door-changed", 1, text, none, none);
    add_signal(class, BALINT_SIGNAL_DEVICES, "devices-met", 1, text, none, none);
    add_signal(class, BALINT_SIGNAL_LOOKED_AT, "looked-at", 1, text, none, none);
    add_signal(class, BALINT_SIGNAL_LINE_CHANGED, "line-changed", 1, G_TYPE_BOOLEAN, none, none);
    add_signal(class, BALINT_SIGNAL_KEPT, "kept", 1, text, none, none);
}
