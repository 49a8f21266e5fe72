/* actions.c - commands to the call's action signal. */
#include "client/actions.h"

#include <stdio.h>
#include <string.h>

/* Is this on, off, or the other of what it is now? */
static int wanted(enum balint_switch way, bool now)
{
    return way == BALINT_ON || (way == BALINT_TOGGLE && !now);
}

/* Asks the call. */
static bool act(GstElement *call, const char *name, int seat, int value, char why[BALINT_WHY_SIZE])
{
    gboolean sent = FALSE;
    g_signal_emit_by_name(call, "act", name, seat, value, &sent);
    if (!sent)
        snprintf(why, BALINT_WHY_SIZE, "%s: there is no connection just now: try again in a moment", name);
    return sent;
}

static bool admit(GstElement *call, const struct balint_state *state, const struct balint_command *command,
                  char why[BALINT_WHY_SIZE])
{
    gboolean sent = FALSE;
    if (command->all) {
        g_signal_emit_by_name(call, "admit-all", &sent);
        return sent;
    }
    int at = balint_person_find(state->lobby, state->lobby_count, command->text, why);
    if (at < 0)
        return false;
    g_signal_emit_by_name(call, "admit", state->lobby[at].seat, &sent);
    return sent;
}

/* A word in a sealed envelope. */
static bool say(GstElement *call, const char *name, int seat, const char *word, char why[BALINT_WHY_SIZE])
{
    gboolean sent = FALSE;
    g_signal_emit_by_name(call, "say", name, seat, word, &sent);
    if (!sent)
        snprintf(why, BALINT_WHY_SIZE, "%s: there is no call: try again in a moment", name);
    return sent;
}

/* What is asked of a person who is here. */
static bool act_on(GstElement *call, const struct balint_state *state, const struct balint_command *command,
                   char why[BALINT_WHY_SIZE])
{
    int at = balint_person_find(state->seats, state->seat_count, command->text, why);
    if (at < 0)
        return false;
    const struct balint_state_seat *seat = &state->seats[at];
    switch (command->verb) {
    case BALINT_DO_PRESENT:
        return act(call, "present", seat->seat, 0, why);
    case BALINT_DO_LEAD:
        return act(call, "lead", seat->seat, 0, why);
    case BALINT_DO_HAND:
        return act(call, "hand", seat->seat, 0, why);
    case BALINT_DO_DEPUTY:
        return act(call, "deputy", seat->seat, wanted(command->way, balint_is_leader(seat->role)), why);
    case BALINT_DO_ANSWER:
        return say(call, "answer", seat->seat, command->word, why);
    case BALINT_DO_REMOVE:
        return say(call, "remove", seat->seat, command->word, why);
    default:
        return act(call, "mute-for-cause", seat->seat, wanted(command->way, seat->muted_for_cause), why);
    }
}

/* Without a word: the next one's turn, or another round when nobody waits. */
static int round_word(const struct balint_state *state, int word)
{
    if (word < BALINT_ROUND_WORDS)
        return word;
    for (int i = 0; i < state->seat_count; i++)
        if (state->seats[i].turn > 0)
            return BALINT_ROUND_NEXT;
    return BALINT_ROUND_BEGIN;
}

bool balint_action_do(GstElement *call, const struct balint_state *state,
                      const struct balint_command *command, char why[BALINT_WHY_SIZE])
{
    const struct balint_state_seat *self = balint_state_seat_of(state, state->you);
    int phase, choice;
    if (!state->admitted || self == NULL) {
        snprintf(why, BALINT_WHY_SIZE,
                 state->led ? "you are in the lobby: a leader will let you in"
                            : "you are in the lobby: no leader has come in yet");
        return false;
    }
    switch (command->verb) {
    case BALINT_DO_ADMIT:
        return admit(call, state, command, why);
    case BALINT_DO_PRESENT:
        if (command->all)
            return act(call, "present", BALINT_NOBODY, 0, why);
        return act_on(call, state, command, why);
    case BALINT_DO_VOLUNTEER:
        return act(call, "volunteer", BALINT_NOBODY, wanted(command->way, self->volunteers), why);
    case BALINT_DO_AGREE:
        return act(call, "agree", BALINT_NOBODY, 1, why);
    case BALINT_DO_DECLINE:
        return act(call, "agree", BALINT_NOBODY, 0, why);
    case BALINT_DO_DONE:
        return act(call, "turn", BALINT_NOBODY, 0, why);
    case BALINT_DO_ROUND:
        return act(call, "round", BALINT_NOBODY, round_word(state, command->round), why);
    case BALINT_DO_LEAD:
    case BALINT_DO_DEPUTY:
    case BALINT_DO_ANSWER:
    case BALINT_DO_REMOVE:
    case BALINT_DO_MUTE_FOR_CAUSE:
        return act_on(call, state, command, why);
    case BALINT_DO_PHASE:
        phase = balint_phase_find(&state->format, state->phase, command->text, why);
        return phase >= 0 && act(call, "phase", BALINT_NOBODY, phase, why);
    case BALINT_DO_FORMAT:
        choice = balint_choice_find(state, command->text, why);
        return choice >= 0 && act(call, "format", BALINT_NOBODY, choice, why);
    case BALINT_DO_STEP_BACK:
        /* without a word the session knows where */
        return act(call, "step-back", BALINT_NOBODY, (int)command->place, why);
    case BALINT_DO_INVITE_BACK:
        return act(call, "invite-back", BALINT_NOBODY, 0, why);
    case BALINT_DO_RETURN:
        return act(call, "return", BALINT_NOBODY, command->held, why);
    case BALINT_DO_ASK_RETURN:
        return act(call, "ask-return", BALINT_NOBODY, wanted(command->way, state->asked), why);
    case BALINT_DO_HAND:
        if (command->text[0] != '\0')
            return act_on(call, state, command, why);
        return act(call, "hand", BALINT_NOBODY, wanted(command->way, self->hand_ms != 0), why);
    case BALINT_DO_MUTE:
        return act(call, "mute", BALINT_NOBODY, wanted(command->way, self->muted), why);
    case BALINT_DO_AWAY:
        return act(call, "away", BALINT_NOBODY, wanted(command->way, self->away), why);
    case BALINT_DO_SHARED:
        return act(call, "shared", BALINT_NOBODY, wanted(command->way, self->shared), why);
    case BALINT_DO_END_AT:
        return act(call, "end-at", BALINT_NOBODY, command->minutes, why);
    case BALINT_DO_AFTER_ROOM:
        return act(call, "after-room", BALINT_NOBODY, wanted(command->way, self->after_room), why);
    case BALINT_DO_SIT_OUT:
        return act(call, "sit-out", BALINT_NOBODY, wanted(command->way, self->sitting_out), why);
    case BALINT_DO_LOCK:
        return act(call, "lock", BALINT_NOBODY, wanted(command->way, state->locked), why);
    case BALINT_DO_LINE:
        return say(call, "line", BALINT_NOBODY, command->word, why);
    case BALINT_DO_QUIET:
        return say(call, command->way == BALINT_OFF ? "quiet-off" : "quiet", BALINT_NOBODY, NULL, why);
    case BALINT_DO_LOOK:
    case BALINT_DO_CRIB:
    case BALINT_DO_LATER:
    case BALINT_DO_HIDE_SELF:
    case BALINT_DO_PANEL:
    case BALINT_DO_DEBRIEF:
    case BALINT_DO_HELP:
    case BALINT_DO_LEAVE:
    case BALINT_VERBS:
        break;
    }
    snprintf(why, BALINT_WHY_SIZE, "this cannot be asked of the session");
    return false;
}
