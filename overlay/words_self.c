/* words_self.c - what a person's own screen says to that person. See words.h. */
#include "words_parts.h"

static const struct {
    const char *headline, *detail;
} selves[] = {
    [BALINT_SELF_PLAIN] = {"", ""},
    [BALINT_SELF_LOBBY] = {"You are at the door", "A leader will let you in."},
    [BALINT_SELF_SITTING_OUT] = {"You are sitting out this case",
                                 "You hear and see nothing, and nobody hears or sees you.\n"
                                 "When the case ends it is said here; o brings you back earlier."},
    [BALINT_SELF_ASKED] = {"The leaders ask you to present.", "y agrees, N declines: both are fine."},
    [BALINT_SELF_LISTENING] = {balint_words_listen,
                               "To return, hold r for two seconds; k asks the leaders to invite you back."},
    [BALINT_SELF_INVITED] = {"You are invited back.",
                             "Press r when you are ready; your microphone opens with your key. "
                             "Until then nobody hears you."},
    [BALINT_SELF_MUTED_FOR_CAUSE] = {"A leader has muted you.",
                                     "Once a leader lifts it, m opens your microphone."},
    [BALINT_SELF_AWAY] = {"You are away.",
                          "You hear everything; nobody hears or sees you. v brings you back."},
    [BALINT_SELF_AFTER_ROOM] = {"You are in the after-room.",
                                "Only who is here hears and sees you; z brings you back."},
    [BALINT_SELF_MUTED] = {"You are muted.", "Nobody hears you; m opens your microphone."},
    [BALINT_SELF_OBSERVER] = {"You observe.", "You hear and see everything; nobody hears you."},
};

static enum balint_self self_of(const struct balint_view *view)
{
    const struct balint_state *state = view->state;
    const struct balint_state_seat *own = balint_view_seat(state, view->seat);
    if (!state->admitted)
        return BALINT_SELF_LOBBY;
    if (own == NULL)
        return BALINT_SELF_PLAIN;
    if (own->sitting_out)
        return BALINT_SELF_SITTING_OUT;
    if (state->stepped_back && state->presenter == view->seat)
        return state->invited ? BALINT_SELF_INVITED : BALINT_SELF_LISTENING;
    if (state->proposed == view->seat)
        return BALINT_SELF_ASKED;
    if (own->muted_for_cause)
        return BALINT_SELF_MUTED_FOR_CAUSE;
    if (own->away)
        return BALINT_SELF_AWAY;
    if (own->after_room)
        return BALINT_SELF_AFTER_ROOM;
    if (own->role == BALINT_OBSERVER)
        return BALINT_SELF_OBSERVER;
    return own->muted ? BALINT_SELF_MUTED : BALINT_SELF_PLAIN;
}

/* Who sees a presenter who stepped back meanwhile. */
static const char *watched_by(const struct balint_view *view)
{
    if (balint_view_seat(view->state, view->seat)->away)
        return "You are away, so nobody sees you. ";
    return view->state->place == BALINT_LEADERS_ONLY ? "Only the leaders see you. "
                                                     : "The group sees you dimmed. ";
}

enum balint_self balint_words_self(const struct balint_view *view, char *headline, size_t headline_size,
                                   char *detail, size_t detail_size)
{
    const struct balint_state *state = view->state;
    enum balint_self self = self_of(view);
    balint_words_copy(headline, headline_size, selves[self].headline);
    balint_words_copy(detail, detail_size, selves[self].detail);
    if (self == BALINT_SELF_LOBBY) {
        if (state->group[0] != '\0') {
            balint_words_add(headline, headline_size, " of ");
            balint_words_add(headline, headline_size, state->group);
        }
        if (!state->led)
            balint_words_copy(detail, detail_size, "No leader is here yet. A leader will let you in.");
        if (state->help[0] != '\0') {
            balint_words_add(detail, detail_size, "\nHelp: ");
            balint_words_add(detail, detail_size, state->help);
        }
        balint_words_add(detail, detail_size,
                         "\nUntil then you hear and see nobody. A leader who looks who is there sees and "
                         "hears you; it is said here.");
    } else if (self == BALINT_SELF_SITTING_OUT && balint_words_over(state)) {
        balint_words_copy(detail, detail_size,
                          "The evening's work is done; some may still talk of the case.\n"
                          "You hear and see nothing, and nobody hears or sees you,\n"
                          "until o brings you back.");
    } else if (self == BALINT_SELF_AFTER_ROOM && balint_view_seat(state, view->seat)->muted) {
        balint_words_copy(detail, detail_size,
                          "Here too you are muted; m opens your microphone, z brings you back.");
    } else if (self == BALINT_SELF_LISTENING && !state->led) {
        balint_words_copy(detail, detail_size, "No leader is here: press r to return whenever you wish.");
    } else if (self == BALINT_SELF_LISTENING && state->asked) {
        balint_words_copy(
            detail, detail_size,
            "The leaders see that you ask to return. To return at once, hold r for two seconds.");
    }
    if (self == BALINT_SELF_LISTENING || self == BALINT_SELF_INVITED) {
        char rest[320];
        balint_words_copy(rest, sizeof rest, detail);
        balint_words_copy(detail, detail_size, watched_by(view));
        balint_words_add(detail, detail_size, rest);
    }
    return self;
}

void balint_words_own_quiet(const struct balint_view *view, enum balint_self self, char *headline,
                            size_t headline_size, char *detail, size_t detail_size)
{
    if (view->said == NULL || view->said->own == BALINT_QUIET_NONE || balint_view_leads(view) ||
        self == BALINT_SELF_LOBBY || self == BALINT_SELF_SITTING_OUT)
        return;
    const char *told = view->said->own == BALINT_QUIET_TAKEN
                           ? "The leaders alone know that this is too close."
                       : view->state->led ? "Your quiet signal is on its way to the leaders."
                                          : "No leader is here yet to see your quiet signal.";
    if (headline[0] == '\0') {
        balint_words_copy(headline, headline_size, told);
        balint_words_copy(detail, detail_size, "u takes it back.");
        return;
    }
    /* What a listening presenter may do stays; elsewhere the second sentence can be spared for this one. */
    char rest[480] = "";
    if (self == BALINT_SELF_LISTENING || self == BALINT_SELF_INVITED)
        balint_words_copy(rest, sizeof rest, detail);
    balint_words_copy(detail, detail_size, told);
    balint_words_join(detail, detail_size, " ", rest);
}
