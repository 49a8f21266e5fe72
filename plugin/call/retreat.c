/* retreat.c - see retreat.h. */
#include "call/retreat.h"

#include <string.h>

void balint_retreat_init(struct balint_retreat *retreat)
{
    memset(retreat, 0, sizeof *retreat);
}

void balint_retreat_key(struct balint_retreat *retreat, enum balint_retreat_kind kind, bool on,
                        int64_t request, int64_t now_us)
{
    retreat->kinds[kind].kept = on;
    retreat->kinds[kind].contradicts = false;
    retreat->kinds[kind].asked = request;
    retreat->kinds[kind].until_us = now_us + BALINT_RETREAT_WAITS_US;
    if (kind == BALINT_RETREAT_AWAY && !on && retreat->kinds[BALINT_RETREAT_OUT].contradicts)
        balint_retreat_key(retreat, BALINT_RETREAT_OUT, false, 0, now_us);
}

void balint_retreat_answered(struct balint_retreat *retreat, int64_t re)
{
    for (int i = 0; i < BALINT_RETREATS; i++)
        if (retreat->kinds[i].asked == re)
            retreat->kinds[i].asked = 0;
}

unsigned balint_retreat_state(struct balint_retreat *retreat, const struct balint_state *state, int64_t re,
                              int64_t now_us)
{
    const struct balint_state_seat *own = balint_state_seat_of(state, state->you);
    const bool told[BALINT_RETREATS] = {own != NULL && own->away, own != NULL && own->sitting_out};
    unsigned against = 0;
    balint_retreat_answered(retreat, re);
    for (int i = 0; i < BALINT_RETREATS; i++) {
        if (now_us > retreat->kinds[i].until_us)
            retreat->kinds[i].asked = 0;
        retreat->kinds[i].told = told[i];
        if (retreat->kinds[i].asked != 0 || own == NULL)
            continue;
        if (told[i]) {
            retreat->kinds[i].kept = true;
            retreat->kinds[i].contradicts = false;
        } else if (retreat->kinds[i].kept && !retreat->kinds[i].contradicts) {
            retreat->kinds[i].contradicts = true;
            against |= 1u << i;
        }
    }
    return against;
}

void balint_retreat_apply(const struct balint_retreat *retreat, struct balint_state *state)
{
    bool away = retreat->kinds[BALINT_RETREAT_AWAY].kept || retreat->kinds[BALINT_RETREAT_AWAY].told;
    bool out = retreat->kinds[BALINT_RETREAT_OUT].kept || retreat->kinds[BALINT_RETREAT_OUT].told;
    for (int i = 0; i < state->seat_count; i++) {
        if (state->seats[i].seat != state->you)
            continue;
        /* whoever sits out a case that is over is away until the own key */
        state->seats[i].away = away || retreat->kinds[BALINT_RETREAT_OUT].contradicts;
        state->seats[i].sitting_out = out;
    }
}
