/* look.h - who is new at the door, one after the other: a look first, then the same key lets that person in.
 *
 * On a first evening all are new: the key looks at the first; each further press lets in who was looked at
 * and looks at the next. A press that comes at once after the last (a key that is held, a second thought of
 * the finger) lets nobody in. Pure; one owner.
 */
#ifndef BALINT_CLIENT_LOOK_H
#define BALINT_CLIENT_LOOK_H

#include "client/commands.h"
#include "layout.h" /* overlay/ */

#define BALINT_LOOK_US 1000000 /* a look is at least so long */

struct balint_look {
    bool looking;
    struct balint_state_seat person; /* as the state named them when the look began */
    int64_t since_us;
};
enum balint_look_step {
    BALINT_LOOK_NOBODY,  /* nobody is new at the door */
    BALINT_LOOK_BEGINS,  /* at `look->person` */
    BALINT_LOOK_ENDS,    /* `admitted` is to be let in; nobody else is new */
    BALINT_LOOK_GOES_ON, /* `admitted` is to be let in; `look->person` is the next */
    BALINT_LOOK_TOO_SOON,
};

/* The key was pressed. `admitted` is filled by ENDS and GOES_ON. */
enum balint_look_step balint_look_next(struct balint_look *look, const struct balint_state *state,
                                       const struct balint_doorway *door, int64_t now_us,
                                       struct balint_state_seat *admitted);
/* A look at this person of the lobby, asked for by name. False: nothing proves who it is. */
bool balint_look_at(struct balint_look *look, const struct balint_state_seat *person,
                    const struct balint_doorway *door, int64_t now_us);
/* A state came: who left, or sits there with another program now, is looked at no more. */
void balint_look_state(struct balint_look *look, const struct balint_state *state);

/* Why this person cannot look at the door, in one sentence; NULL: a leader who is in can. */
const char *balint_look_refused(const struct balint_state *state);
/* Who of the lobby is meant by a word, as balint_person_find(); -1 with one sentence in `why`, also when that
 * person was let in a moment ago. */
int balint_look_find(const struct balint_state *state, const char *word, char why[BALINT_WHY_SIZE]);

/* Is this person at the door to be looked at first? */
bool balint_look_first(const struct balint_doorway *door, int seat);
/* What is said of such a person: "has a new device", "has another device than before", …; "" of a known one.
 */
const char *balint_look_words(const struct balint_doorway *door, int seat);

#endif
