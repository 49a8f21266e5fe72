/* attendance.c - who attended how long, see attendance.h. */
#include "server/frame/attendance.h"

#include <string.h>

static struct balint_attendant *find(struct balint_attendance *attendance, const char *member)
{
    for (int i = 0; i < attendance->count; i++)
        if (strcmp(attendance->people[i].member, member) == 0)
            return &attendance->people[i];
    return NULL;
}

bool balint_attendance_restore(struct balint_attendance *attendance, const struct balint_attendant *person)
{
    if (attendance->count == BALINT_ATTENDANTS)
        return false;
    struct balint_attendant *restored = &attendance->people[attendance->count++];
    *restored = *person;
    restored->since_us = 0;
    restored->unwritten = false;
    return true;
}

/* The seat's person, new when not seen before; NULL: there is no room. */
static struct balint_attendant *person_of(struct balint_attendance *attendance,
                                          const struct balint_session *session,
                                          const struct balint_seat *seat, int64_t now_us)
{
    struct balint_attendant *person = find(attendance, seat->member);
    if (person == NULL && attendance->count < BALINT_ATTENDANTS) {
        if (attendance->count == 0)
            memcpy(attendance->session, session->id, sizeof attendance->session);
        person = &attendance->people[attendance->count++];
        *person = (struct balint_attendant){.came_s = now_us / 1000000, .unwritten = true};
        memcpy(person->member, seat->member, sizeof person->member);
    }
    return person;
}

void balint_attendance_see(struct balint_attendance *attendance, const struct balint_session *session,
                           const enum balint_role roles[BALINT_SEATS], int64_t now_us)
{
    bool here[BALINT_ATTENDANTS] = {false};
    for (int i = 0; i < BALINT_SEATS; i++) {
        const struct balint_seat *seat = &session->seats[i];
        if (!seat->taken || !seat->admitted || !seat->connected)
            continue;
        struct balint_attendant *person = person_of(attendance, session, seat, now_us);
        if (person == NULL)
            continue;
        here[person - attendance->people] = true; /* once, on however many seats */
        memcpy(person->name, seat->name, sizeof person->name);
        person->role = roles[i];
    }
    for (int i = 0; i < attendance->count; i++) {
        struct balint_attendant *person = &attendance->people[i];
        if (person->since_us != 0 && now_us > person->since_us) {
            person->counted_us += now_us - person->since_us;
            person->unwritten = true;
        }
        person->since_us = here[i] ? now_us : 0;
    }
}

bool balint_attendance_due(const struct balint_attendance *attendance, int64_t now_us)
{
    if (now_us / BALINT_ATTENDANCE_WRITE_US == attendance->written_us / BALINT_ATTENDANCE_WRITE_US)
        return false;
    for (int i = 0; i < attendance->count; i++)
        if (attendance->people[i].unwritten)
            return true;
    return false;
}

int balint_attendance_take(struct balint_attendance *attendance, int64_t now_us,
                           struct balint_attendant taken[BALINT_ATTENDANTS])
{
    int count = 0;
    for (int i = 0; i < attendance->count; i++) {
        struct balint_attendant *person = &attendance->people[i];
        if (!person->unwritten)
            continue;
        person->unwritten = false;
        taken[count++] = *person;
    }
    attendance->written_us = now_us;
    return count;
}

void balint_attendance_again(struct balint_attendance *attendance)
{
    for (int i = 0; i < attendance->count; i++)
        attendance->people[i].unwritten = true;
}
