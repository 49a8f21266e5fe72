/* microphone.h - is this microphone open? A latch: a state may close it, only its owner's key opens it.
 *
 * Why a latch of our own, when the server computes the floor: a server (or somebody in its place) that lies
 * may silence a person, but must never be able to open a microphone that its owner believes closed. So what
 * is sent is sound only while the last state allows it AND the owner's key opened it since the last closing.
 * A key speaks for the request that it caused: it opens when that request is answered by a state that allows,
 * and is forgotten when the answer refuses or does not come. Joining is the first key, and waits in the
 * lobby. Pure; one owner. Times are microseconds of any steady clock.
 */
#ifndef BALINT_CALL_MICROPHONE_H
#define BALINT_CALL_MICROPHONE_H

#include "session/session.h"

#define BALINT_KEY_WAITS_US 5000000 /* a key whose request was not answered for so long is forgotten */

struct balint_microphone {
    bool allowed;         /* the floor of the last state lets this person be heard */
    bool latched;         /* the owner's key opened it since the last closing */
    bool joining;         /* not admitted yet: the key of joining is kept */
    int64_t asked;        /* request of the key that waits for its answer, 0 = none */
    int64_t until_us;     /* and how long it waits */
    bool apart;           /* in the after-room */
    int64_t comes_out_us; /* so long the own key to come out of there speaks for it */
};

/* A client process that joins: closed until the first state allows. */
void balint_microphone_join(struct balint_microphone *microphone);

/* A state arrived. `floor`: of its recipient, by the recipient's own computation; `re`: the request it
 * answers, 0 = none. True: it closed an open microphone by ending the after-room, which the owner did not ask
 * for: what is said to few is not carried on to all. */
bool balint_microphone_state(struct balint_microphone *microphone, bool admitted, struct balint_floor floor,
                             int64_t re, int64_t now_us);

/* The owner's key to go into the after-room, or to come out: who comes out by it stays heard, by others. */
void balint_microphone_room(struct balint_microphone *microphone, bool in, int64_t now_us);

/* The owner's key to be heard (unmute, back from away, return…), sent as `request`; 0: it could not be
 * sent. */
void balint_microphone_open(struct balint_microphone *microphone, int64_t request, int64_t now_us);

/* The owner's key to be silent (mute, away…): closes on the spot, whatever the server says later. */
void balint_microphone_close(struct balint_microphone *microphone);

/* The server refused a request, or did it without anything having changed. */
void balint_microphone_refused(struct balint_microphone *microphone, int64_t re);

/* In the lobby: did its owner come to be heard, and has not closed it? Who shows a leader's pass hears it. */
bool balint_microphone_joins(const struct balint_microphone *microphone);

/* Does the last state let its owner be heard, and the latch does not? */
bool balint_microphone_holds(const struct balint_microphone *microphone);

/* Is what is sent the microphone's sound? */
bool balint_microphone_is_open(const struct balint_microphone *microphone);

#endif
