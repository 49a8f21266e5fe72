/* clock.h - the session's clock as this program knows it.
 *
 * Every state carries the clock at the moment it was made; on its way it only gets older, so the largest
 * difference to the own clock seen so far is the nearest one. A server that started again counts on. Pure;
 * one owner.
 */
#ifndef BALINT_CLIENT_CLOCK_H
#define BALINT_CLIENT_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct balint_clock {
    bool known;
    int64_t offset_ms; /* session clock minus own monotonic clock */
};
/* A state with `clock_ms` came at `own_us` of the monotonic clock. */
static inline void balint_clock_note(struct balint_clock *clock, int64_t clock_ms, int64_t own_us)
{
    int64_t offset_ms = clock_ms - own_us / 1000;
    if (!clock->known || offset_ms > clock->offset_ms)
        clock->offset_ms = offset_ms;
    clock->known = true;
}
/* Session clock at `own_us`. */
static inline int64_t balint_clock_at(const struct balint_clock *clock, int64_t own_us)
{
    return own_us / 1000 + clock->offset_ms;
}

#endif
