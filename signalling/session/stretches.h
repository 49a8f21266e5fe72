/* stretches.h - sets of times: stretches [start, end) of a clock, sorted and apart from each other.
 *
 * When somebody spoke, when we know that, when somebody was here: each is such a set, told in pieces, in any
 * order and more than once, and only united. That is why repeated, late and overlapping reports change
 * nothing. A set is an array of the caller's, its count beside it. Milliseconds. Pure.
 */
#ifndef BALINT_STRETCHES_H
#define BALINT_STRETCHES_H

#include <stdbool.h>
#include <stdint.h>

/* Half-open; end INT64_MAX: goes on. */
struct balint_stretch {
    int64_t start_ms, end_ms;
};

/* What is left out when a set has no room for one more. */
enum balint_stretches_full {
    BALINT_STRETCHES_JOIN, /* the shortest gap: the set grows a little */
    BALINT_STRETCHES_DROP, /* the shortest stretch: the set shrinks a little */
};

/* Unites the set with [start, end); nothing when that is empty. `room` (at least 2) is the array's length. */
void balint_stretches_add(struct balint_stretch *set, int *count, int room, enum balint_stretches_full full,
                          int64_t start_ms, int64_t end_ms);
/* Ends what goes on, at `end_ms`; what would be empty then is gone. */
void balint_stretches_end(struct balint_stretch *set, int *count, int64_t end_ms);
/* How much of [start, end) is in the set. */
int64_t balint_stretches_within(const struct balint_stretch *set, int count, int64_t start_ms,
                                int64_t end_ms);

/* Goes through a set with a time that never falls. */
struct balint_stretches_walk {
    const struct balint_stretch *set;
    int count, at;
};
/* Is `ms` in the set? Lowers `*next_ms` to when that changes, if it is sooner. */
bool balint_stretches_at(struct balint_stretches_walk *walk, int64_t ms, int64_t *next_ms);

#endif
