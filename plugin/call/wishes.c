/* wishes.c - see wishes.h. */
#include "call/wishes.h"

#include <string.h>

bool balint_wishes_waits(const struct balint_state *state, int seat)
{
    for (int i = 0; i < state->lobby_count; i++)
        if (state->lobby[i].seat == seat)
            return true;
    return false;
}

void balint_wishes_add(struct balint_wishes *wishes, const struct balint_book *book,
                       const struct balint_state *state, uint32_t seats)
{
    for (int seat = 0; seat < BALINT_SEATS; seat++) {
        const struct balint_known *known = seats & 1u << seat ? balint_look_at_door(book, state, seat) : NULL;
        if (!known)
            continue;
        wishes->seats |= 1u << seat;
        memcpy(wishes->devices[seat], known->who.device, sizeof wishes->devices[seat]);
    }
}

uint32_t balint_wishes_due(struct balint_wishes *wishes, const struct balint_book *book,
                           const struct balint_state *state)
{
    uint32_t seats = 0;
    for (int seat = 0; seat < BALINT_SEATS; seat++) {
        const struct balint_known *known = &book->seats[seat];
        bool same =
            known->known && balint_same(known->who.device, wishes->devices[seat], sizeof known->who.device);
        if (!balint_wishes_waits(state, seat) || !same)
            wishes->seats &= ~(1u << seat);
        else if (wishes->seats & 1u << seat && balint_look_at_door(book, state, seat))
            seats |= 1u << seat;
    }
    return seats;
}
