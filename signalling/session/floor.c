/* floor.c - who may be heard and seen: BALINT.md's table, and nothing else.
 *
 * Each row of the table but the after-room's only ever takes something away, so the rows are applied one
 * after the other and their order does not matter. The after-room's lets observers be heard, and sets apart
 * whom it is about: who is in it and who is not neither hear nor see each other. Guidance of a phase is no
 * row: it silences nobody. Pure; any thread.
 */
#include "session/session.h"

#include <string.h>

static void lower(enum balint_seen *seen, enum balint_seen to)
{
    if (*seen > to)
        *seen = to;
}

struct balint_floor balint_floor_of(struct balint_standing standing)
{
    struct balint_floor floor = {.heard = true, .seen = BALINT_SEEN_BY_ALL, .dimmed = false, .hears = true};

    floor.apart = standing.after_room;
    /* In the after-room observers speak. */
    if ((standing.observer && !standing.after_room) || standing.muted || standing.muted_for_cause)
        floor.heard = false;
    if (standing.stepped_back) {
        floor.heard = false;
        if (standing.place == BALINT_LEADERS_ONLY)
            lower(&floor.seen, BALINT_SEEN_BY_LEADERS);
        else
            floor.dimmed = true;
    }
    if (standing.away) {
        floor.heard = false;
        lower(&floor.seen, BALINT_SEEN_BY_NOBODY);
    }
    if (standing.sitting_out || !standing.admitted) {
        floor.heard = false;
        lower(&floor.seen, BALINT_SEEN_BY_NOBODY);
        floor.hears = false;
    }
    floor.dimmed = floor.dimmed && floor.seen == BALINT_SEEN_BY_ALL;
    return floor;
}

bool balint_floors_meet(struct balint_floor a, struct balint_floor b)
{
    return a.apart == b.apart;
}

bool balint_after_room_for(enum balint_role role)
{
    return balint_is_leader(role) || role == BALINT_OBSERVER;
}

struct balint_standing balint_standing_of(const struct balint_session *session, int seat)
{
    struct balint_standing standing;
    memset(&standing, 0, sizeof standing);
    if (seat < 0 || seat >= BALINT_SEATS || !session->seats[seat].taken)
        return standing;

    const struct balint_seat *person = &session->seats[seat];
    standing.admitted = person->admitted;
    standing.observer = person->role == BALINT_OBSERVER;
    standing.muted = person->muted;
    standing.muted_for_cause = person->muted_for_cause;
    standing.after_room = person->after_room;
    standing.away = person->away;
    standing.sitting_out = person->sitting_out;
    standing.stepped_back = session->stepped_back && session->presenter == seat;
    standing.place = standing.stepped_back ? session->place : BALINT_IN_CIRCLE;
    return standing;
}

static bool two_people(const struct balint_session *session, int from, int to)
{
    return from != to && from >= 0 && from < BALINT_SEATS && to >= 0 && to < BALINT_SEATS &&
           session->seats[from].taken && session->seats[to].taken;
}

bool balint_may_hear(const struct balint_session *session, int from, int to)
{
    if (!two_people(session, from, to))
        return false;
    struct balint_floor speaker = balint_floor_of(balint_standing_of(session, from));
    struct balint_floor listener = balint_floor_of(balint_standing_of(session, to));
    return speaker.heard && listener.hears && balint_floors_meet(speaker, listener);
}

bool balint_may_see(const struct balint_session *session, int from, int to)
{
    if (!two_people(session, from, to))
        return false;
    struct balint_floor floor = balint_floor_of(balint_standing_of(session, from));
    struct balint_floor viewer = balint_floor_of(balint_standing_of(session, to));
    if (!viewer.hears || !balint_floors_meet(floor, viewer))
        return false;
    enum balint_seen seen = floor.seen;
    return seen == BALINT_SEEN_BY_ALL ||
           (seen == BALINT_SEEN_BY_LEADERS && balint_is_leader(session->seats[to].role));
}
