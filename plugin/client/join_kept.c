/* join_kept.c - what the own key began and the server says is over: what the person is told of it.
 *
 * The call keeps camera, microphone and ears closed until the own key, since a server may lie
 * (call/retreat.h, call/microphone.h). An honest one ends a case and the after-room as well: so this is no
 * alarm, but says what is so now and which key changes it. Who sits out hears nothing, and looks at the
 * screen now and then: that sentence stays. Main thread.
 */
#include "client/join.h"

static const char case_over[] =
    "The case is over, as the server says. v brings you back; until then you hear "
    "and see nothing.";

void balint_join_kept(struct balint_joined *join, const char *what)
{
    const struct balint_state_seat *self = balint_state_seat_of(&join->state, join->state.you);
    bool observes = self != NULL && self->role == BALINT_OBSERVER;
    if (g_strcmp0(what, "sit-out") == 0) {
        join->case_over = true;
        balint_join_say(join, case_over);
    } else if (g_strcmp0(what, "away") == 0) {
        balint_join_say(join, "The server says that you are back, but no key of yours did it: nobody sees or "
                              "hears you until v brings you back.");
    } else {
        balint_join_say(join, observes ? "The after-room was ended, not by your key: nobody hears you."
                                       : "The after-room was ended, not by your key: your microphone is "
                                         "closed, and m opens it to all.");
    }
}

const char *balint_join_case_over(struct balint_joined *join)
{
    const struct balint_state_seat *self = balint_state_seat_of(&join->state, join->state.you);
    if (self == NULL || !self->sitting_out)
        join->case_over = false;
    return join->case_over ? case_over : "";
}
