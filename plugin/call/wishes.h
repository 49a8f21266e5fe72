/* wishes.h - whom a leader asked to let in, until a roster says so.
 *
 * A wish is for a device and not for a seat: the server says who sits where, and should somebody else sit
 * there by the time the roster is written, nobody is let in. Pure; one owner.
 */
#ifndef BALINT_CALL_WISHES_H
#define BALINT_CALL_WISHES_H

#include "call/look.h"

struct balint_wishes {
    uint32_t seats; /* a bit each */
    uint8_t devices[BALINT_SEATS][BALINT_KEY_SIZE];
};

/* Asks for whoever waits on `seats` (a bit each) and is proven. */
void balint_wishes_add(struct balint_wishes *wishes, const struct balint_book *book,
                       const struct balint_state *state, uint32_t seats);
/* Drops wishes for who is gone or is another by now; returns the seats that a roster can name now. */
uint32_t balint_wishes_due(struct balint_wishes *wishes, const struct balint_book *book,
                           const struct balint_state *state);
/* Does anybody wait at the door on that seat, as the state says? */
bool balint_wishes_waits(const struct balint_state *state, int seat);

#endif
