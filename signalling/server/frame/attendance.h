/* attendance.h - who attended a session how long: from admission to leaving or loss, connected time alone.
 *
 * For CPD: minutes per person per session. It is fed with the session as it is and the time; what it counted
 * is written away now and then, as totals that only rise, so that writing one twice, or again after a
 * restart, counts nothing twice. A server that is killed loses what was counted since the last writing. Who
 * sits out or is away is connected and counts: what would not count would tell on them. Pure; one owner.
 * Times in microseconds of the server's clock (Unix time, which never jumps within a boot).
 */
#ifndef BALINT_ATTENDANCE_H
#define BALINT_ATTENDANCE_H

#include "session/session.h"

#define BALINT_ATTENDANTS          64 /* of one session, those who went home included */
#define BALINT_ATTENDANCE_WRITE_US INT64_C(5000000)

struct balint_attendant {
    char member[BALINT_ID_SIZE];
    char name[BALINT_NAME_SIZE];
    enum balint_role role;
    int64_t came_s;     /* Unix: first admitted and connected */
    int64_t counted_us; /* so far */
    int64_t since_us;   /* here, and counted up to then; 0: not here */
    bool unwritten;
};
struct balint_attendance {
    uint8_t session[BALINT_SESSION_SIZE]; /* that of the first who was counted */
    int count;
    struct balint_attendant people[BALINT_ATTENDANTS];
    int64_t written_us;
};

/* Somebody of whom a total was written before this process began. False: there is no room. */
bool balint_attendance_restore(struct balint_attendance *attendance, const struct balint_attendant *person);

/* The session is like this now: call at each change, and at least once a second. `roles`: by seat, what
 * people were invited as; a deputy's evening is a member's to the body that grants credits. */
void balint_attendance_see(struct balint_attendance *attendance, const struct balint_session *session,
                           const enum balint_role roles[BALINT_SEATS], int64_t now_us);

/* Is it time to write, with something to be written? Every 5 s of the clock, for all groups at once: one
 * commit. */
bool balint_attendance_due(const struct balint_attendance *attendance, int64_t now_us);
/* Copies what is to be written; it counts as written then. Returns how many. */
int balint_attendance_take(struct balint_attendance *attendance, int64_t now_us,
                           struct balint_attendant taken[BALINT_ATTENDANTS]);
/* It could not be written: all of it is to be written again. */
void balint_attendance_again(struct balint_attendance *attendance);

#endif
