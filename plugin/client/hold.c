/* hold.c - tells a pressed from a held key. Pure. */
#include "client/hold.h"

#include "client/commands.h" /* BALINT_HOLD_MS */

void balint_hold_press(struct balint_hold *hold, int64_t now_ms)
{
    if (!hold->down)
        *hold = (struct balint_hold){.down = true, .since_ms = now_ms};
    hold->released_ms = -1;
}

void balint_hold_release(struct balint_hold *hold, int64_t now_ms)
{
    if (hold->down)
        hold->released_ms = now_ms;
}

enum balint_held balint_hold_tick(struct balint_hold *hold, int64_t now_ms)
{
    if (!hold->down)
        return BALINT_HELD_NOTHING;
    int64_t until = hold->released_ms >= 0 ? hold->released_ms : now_ms;
    bool is_long = until - hold->since_ms >= BALINT_HOLD_MS;
    bool gone = hold->released_ms >= 0 && now_ms - hold->released_ms >= BALINT_HOLD_REPEAT_MS;
    bool said = hold->done;
    if (gone)
        hold->down = false;
    if (said)
        return BALINT_HELD_NOTHING;
    if (is_long) {
        hold->done = true;
        return BALINT_HELD_LONG;
    }
    return gone ? BALINT_HELD_SHORT : BALINT_HELD_NOTHING;
}
