/* look.h - who is at the door, for leaders; and for who is at the door: does a pass let a leader look at us?
 *
 * Pure; one owner. `now_s`: Unix seconds.
 */
#ifndef BALINT_CALL_LOOK_H
#define BALINT_CALL_LOOK_H

#include "call/book.h"

/* Who waits on that seat, as proven and as the state names them: the name that a leader reads at the door
 * must be the one that ROOT signed. NULL: nobody, or nothing proves who it is. */
const struct balint_known *balint_look_at_door(const struct balint_book *book,
                                               const struct balint_state *state, int seat);

/* The pass that came for us from `seat`. The person there must be proven, a leader by ROOT's certificate or
 * deputy by a leader's grant, and in the session that we joined; the pass theirs, for this process of ours,
 * in its time, and newer than the `newest` that was taken from that join (expiry in Unix seconds, 0: none):
 * an older one is a replay. Fills `pass` when it answers OK. */
enum balint_trust balint_look_judge(const struct balint_book *book, int seat,
                                    const struct balint_pass_message *message, int64_t newest, int64_t now_s,
                                    struct balint_pass *pass);

#endif
