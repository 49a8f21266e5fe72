/* plan.c - from a state to tiles. Pure. */
#include "client/plan.h"

#include <string.h>

void balint_plan_make(struct balint_plan *plan, const struct balint_state *state, bool hide_self, int width,
                      int height)
{
    struct balint_rect rects[BALINT_SEATS];
    memset(plan, 0, sizeof *plan);
    for (int i = 0; state->admitted && i < state->seat_count && i < BALINT_SEATS; i++)
        if (!(hide_self && state->seats[i].seat == state->you))
            plan->tiles[plan->count++].seat = state->seats[i].seat;
    plan->count =
        balint_tiles_place(width, height, plan->count, balint_tiles_room(state, BALINT_NOBODY), rects);
    for (int i = 0; i < plan->count; i++) {
        int seat = plan->tiles[i].seat;
        plan->tiles[i].rect = rects[i];
        plan->seen[i] = seat == state->you || balint_state_i_see(state, seat);
    }
}
