/* plan.h - whose tile is where, whose picture may be composed, and who is to know of a mute. Pure.
 *
 * Where the tiles are, the overlay's layout says (balint_tiles_place): it draws the plates there. What a
 * person may not see is not composed, whatever still comes: the call's gate is one guard, this is the second.
 */
#ifndef BALINT_CLIENT_PLAN_H
#define BALINT_CLIENT_PLAN_H

#include "layout.h" /* overlay/ */

struct balint_plan {
    int count;
    struct balint_tile tiles[BALINT_SEATS]; /* lines unknown */
    bool seen[BALINT_SEATS];                /* of each tile: its picture is composed */
};

/* The window of a state's recipient; with `hide_self` without the own tile; `folded`: the
 * leaders' panel is a strip. Empty in the lobby. `looked`: the
 * seat at the door that a leader looks at, which gets the last tile; BALINT_NOBODY: none. */
void balint_plan_make(struct balint_plan *plan, const struct balint_state *state, bool hide_self, bool folded,
                      int looked, int width, int height);

/* What who is muted is told on speaking. "": nothing, to who is not muted, was asked to listen, or chose not
 * to be heard at all; an observer is told in the after-room, where observers are heard. */
const char *balint_plan_muted(const struct balint_state *state);

#endif
