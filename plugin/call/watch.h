/* watch.h - do all see the same roster? Every report names the one its sender holds; leaders' programs
 * compare.
 *
 * A server that keeps a removal from somebody, or shows two rosters that two leaders signed, is noticed by
 * the second report that still names another one. A roster on its way is not: whoever is a slot behind has
 * not had the time. Pure; one owner.
 */
#ifndef BALINT_CALL_WATCH_H
#define BALINT_CALL_WATCH_H

#include "identity/identity.h"
#include "session/session.h"

/* The beginning of a roster's SHA-256, as a report carries it behind the talk record (PROTOCOL.md, Reports).
 */
#define BALINT_ROSTER_TAG 28

struct balint_watch {
    uint8_t newest[BALINT_ROSTER_TAG];
    int64_t since_us;          /* when that was taken */
    int strange[BALINT_SEATS]; /* reports in a row that named another one */
};

/* The newest roster is now the one with this hash. */
void balint_watch_roster(struct balint_watch *watch, const uint8_t hash[BALINT_HASH_SIZE], int64_t now_us);

/* A report of the person on `seat`. True: that person has been shown another roster than we have (told once,
 * until the two agree again). */
bool balint_watch_report(struct balint_watch *watch, int seat, const uint8_t tag[BALINT_ROSTER_TAG],
                         int64_t now_us);

#endif
