/* retreat.h - is this person away, or sitting out? A latch: a state may begin it, only its owner's key ends
 * it.
 *
 * What microphone.h is for the voice, this is for camera and ears. Whoever is away believes to be unseen, and
 * whoever sits out asked not to hear; a server (or somebody in its place) that lies must not be able to undo
 * either. So the own key begins it here and now, a state that says so begins it as well, and from then on the
 * own key alone ends it: also where a case has ended, since that is a server's word like any other. A key to
 * come back speaks for the request that it caused: states that were on their way when it was pressed say
 * nothing against it. A process that is new begins with what the server says. Pure; one owner. Times are
 * microseconds of any steady clock.
 */
#ifndef BALINT_CALL_RETREAT_H
#define BALINT_CALL_RETREAT_H

#include "session/state.h"

#define BALINT_RETREAT_WAITS_US 5000000 /* a request that was not answered for so long waits no more */

enum balint_retreat_kind { BALINT_RETREAT_AWAY, BALINT_RETREAT_OUT, BALINT_RETREATS };

struct balint_retreat {
    struct {
        bool kept;        /* begun, and not ended by the own key */
        bool told;        /* the last state says so */
        bool contradicts; /* kept against a state's word, which the owner was told */
        int64_t asked;    /* the newest key's request, while it waits for its answer; 0 = none */
        int64_t until_us; /* and how long it waits */
    } kinds[BALINT_RETREATS];
};

/* A new process: nothing is begun. */
void balint_retreat_init(struct balint_retreat *retreat);

/* The owner's key, sent as `request`. Coming back from away also ends a sitting out whose case is over as the
 * owner was told: one key then. */
void balint_retreat_key(struct balint_retreat *retreat, enum balint_retreat_kind kind, bool on,
                        int64_t request, int64_t now_us);

/* The server refused a request or did it without anything having changed, or it could not be sent. */
void balint_retreat_answered(struct balint_retreat *retreat, int64_t re);

/* A state as it came, which answers request `re` (0 = none). Returns a bit for each kind that it would end
 * without the owner's key: to be told to the owner, once. */
unsigned balint_retreat_state(struct balint_retreat *retreat, const struct balint_state *state, int64_t re,
                              int64_t now_us);

/* Puts it into the own seat of a state, which is then what this program follows. */
void balint_retreat_apply(const struct balint_retreat *retreat, struct balint_state *state);

#endif
