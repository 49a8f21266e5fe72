/* plan.c - from a state to tiles. Pure. */
#include "client/plan.h"

#include <string.h>

static bool is_at_door(const struct balint_state *state, int seat)
{
    for (int i = 0; state->admitted && i < state->lobby_count; i++)
        if (state->lobby[i].seat == seat)
            return true;
    return false;
}

void balint_plan_make(struct balint_plan *plan, const struct balint_state *state, bool hide_self, bool folded,
                      int looked, int width, int height)
{
    struct balint_rect rects[BALINT_SEATS];
    memset(plan, 0, sizeof *plan);
    for (int i = 0; state->admitted && i < state->seat_count && i < BALINT_SEATS; i++)
        if (!(hide_self && state->seats[i].seat == state->you))
            plan->tiles[plan->count++].seat = state->seats[i].seat;
    bool door = is_at_door(state, looked) && plan->count < BALINT_SEATS;
    if (door)
        plan->tiles[plan->count++].seat = looked;
    unsigned room = balint_tiles_fold(balint_tiles_room(state, BALINT_NOBODY), folded);
    plan->count = balint_tiles_place(width, height, plan->count, room, rects);
    for (int i = 0; i < plan->count; i++) {
        int seat = plan->tiles[i].seat;
        plan->tiles[i].rect = rects[i];
        plan->seen[i] = seat == state->you || balint_state_i_see(state, seat) || (door && seat == looked);
    }
}

const char *balint_plan_muted(const struct balint_state *state)
{
    const struct balint_state_seat *self = balint_state_seat_of(state, state->you);
    bool listens = state->stepped_back && state->presenter == state->you;
    bool matters = state->admitted && self != NULL && (self->muted || self->muted_for_cause) && !listens &&
                   !self->away && !self->sitting_out && (self->role != BALINT_OBSERVER || self->after_room);
    return matters ? "You are muted and speaking." : "";
}
