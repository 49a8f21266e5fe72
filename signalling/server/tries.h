/* tries.h - wrong tries at the door, counted for a link and an address together.
 *
 * A district's practices may share one address, and a link may be tried from anywhere: so neither is slowed
 * alone, only the two together. Kept are hashes of both, in memory, in a table of fixed size: who floods it
 * makes it forget, no more. What a try is, the door says. Pure: `now_us` in, a delay out. One owner.
 */
#ifndef BALINT_TRIES_H
#define BALINT_TRIES_H

#include "server/guard.h"

#define BALINT_TRIES_SETS   512 /* a power of two, at most 65536 */
#define BALINT_TRIES_WAYS   4
#define BALINT_TRIES_FREE   5    /* so many are answered at once: somebody copies a link by hand */
#define BALINT_TRIES_MS     250  /* the next one waits so long, each further one twice as long … */
#define BALINT_TRIES_MAX_MS 4000 /* … up to this: less than a client waits for its answer */
#define BALINT_TRIES_KEEP_S 600  /* forgotten after so long without a wrong try */
#define BALINT_TRIES_KEY    32   /* bytes of a key: a hash, in which any byte is as good as another */

struct balint_try {
    uint8_t key[BALINT_TRIES_KEY];
    int64_t last_us; /* when it was wrong last */
    int count;       /* wrong ones; 0: a free place */
};
/* All zeros is a fresh one. */
struct balint_tries {
    struct balint_try sets[BALINT_TRIES_SETS][BALINT_TRIES_WAYS];
};

/* Counts a wrong try. Returns for how many ms its answer has to wait, 0..BALINT_TRIES_MAX_MS. */
int balint_tries_wrong(struct balint_tries *tries, const uint8_t key[BALINT_TRIES_KEY], int64_t now_us);
/* It was the right one: begins anew. */
void balint_tries_right(struct balint_tries *tries, const uint8_t key[BALINT_TRIES_KEY]);

#endif
