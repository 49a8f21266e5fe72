/* look.h - does a pass let a leader look at us? Judged by who is at the door.
 *
 * Pure; one owner. `now_s`: Unix seconds.
 */
#ifndef BALINT_CALL_LOOK_H
#define BALINT_CALL_LOOK_H

#include "call/book.h"

/* The pass that came for us from `seat`. The person there must be proven, a leader by ROOT's certificate, and
 * in the session that we joined; the pass theirs, for this process of ours, in its time, and newer than the
 * `newest` that was taken from that join (expiry in Unix seconds, 0: none): an older one is a replay. Fills
 * `pass` when it answers OK. */
enum balint_trust balint_look_judge(const struct balint_book *book, int seat,
                                    const struct balint_pass_bytes *bytes, int64_t newest, int64_t now_s,
                                    struct balint_pass *pass);

#endif
