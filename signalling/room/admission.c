/* admission.c - who is in: judges the rosters that leaders' programs make, and does what they say.
 *
 * A roster is taken only as the successor of the newest, so that two leaders who admit at the same time do
 * not undo each other: the second is told, rebuilds and retries. Who is in it is admitted, who was admitted
 * and is not in it is removed. With no leader here a leader's own certificate is enough to open the evening.
 * Roles are those of the certificates, but for one: the member whose grant the roster carries is deputy, and
 * has the role of a co-leader until a roster comes without it.
 *
 * Pure; one owner.
 */
#include "room/parts.h"

#include <string.h>

#define ROSTER_S  (INT64_C(12) * 3600) /* a roster lasts no longer */
#define SKEW_S    300                  /* how far a leader's clock may be ahead of the server's */
#define SECOND_US 1000000

static bool bad(struct balint_room *room, int seat, const struct balint_message *message, const char *code,
                const char *text)
{
    return balint_room_refuse(room, room->stations[seat].conn, message->id, code, "roster", text);
}

/* Does an entry speak of the person on this seat, with the device and invitation that sit there? */
static bool fits(const struct balint_room *room, const struct balint_roster *roster,
                 const struct balint_roster_entry *entry, int seat)
{
    const struct balint_seat *person = &room->session.seats[seat];
    const struct balint_station *station = &room->stations[seat];
    return person->taken && strcmp(person->member, entry->member) == 0 &&
           balint_roster_role_ok(roster, entry, station->role) && entry->serial <= station->serial &&
           balint_same(entry->device, station->device_key, sizeof entry->device);
}

/* The seat an entry speaks of, where admitted or in the lobby; BALINT_NOBODY. */
static int seat_of(const struct balint_room *room, const struct balint_roster *roster,
                   const struct balint_roster_entry *entry, bool admitted)
{
    for (int seat = 0; seat < BALINT_SEATS; seat++)
        if (balint_room_inside(room, seat) == admitted && fits(room, roster, entry, seat))
            return seat;
    return BALINT_NOBODY;
}

const struct balint_roster_entry *balint_room_in_roster(const struct balint_room *room,
                                                        const struct balint_certificate *certificate,
                                                        const uint8_t device[BALINT_KEY_SIZE], int64_t now_us)
{
    const struct balint_roster_entry *entry = balint_roster_find(&room->roster, certificate->member);
    bool in = entry != NULL && balint_roster_role_ok(&room->roster, entry, certificate->role) &&
              entry->serial <= certificate->serial &&
              balint_same(entry->device, device, sizeof entry->device) &&
              room->roster.expires_s > now_us / SECOND_US;
    return in ? entry : NULL;
}

/* Nobody sits there any more: the entry may stay as it was in the newest roster, and says nothing new but
 * that a deputy is none any more. */
static bool carried_over(const struct balint_room *room, const struct balint_roster_entry *entry)
{
    const struct balint_roster_entry *old = balint_roster_find(&room->roster, entry->member);
    return balint_session_find(&room->session, entry->member) == BALINT_NOBODY && old != NULL &&
           balint_roster_role_ok(&room->roster, old, entry->role) && old->serial <= entry->serial &&
           balint_same(old->device, entry->device, sizeof old->device);
}

static bool entries_fit(const struct balint_room *room, const struct balint_roster *roster)
{
    for (int i = 0; i < roster->count; i++) {
        const struct balint_roster_entry *entry = &roster->entries[i];
        if (seat_of(room, roster, entry, true) == BALINT_NOBODY &&
            seat_of(room, roster, entry, false) == BALINT_NOBODY && !carried_over(room, entry))
            return false;
    }
    return true;
}

static bool succeeds(const struct balint_room *room, const struct balint_roster *roster)
{
    uint8_t hash[BALINT_HASH_SIZE] = {0};
    if (room->roster.epoch != 0 && !balint_hash(room->roster_bytes.data, room->roster_bytes.length, hash))
        return false;
    return roster->epoch == room->roster.epoch + 1 && balint_same(roster->previous, hash, sizeof hash);
}

/* The sender must come out of it as a leader: so nobody can leave the group without one. */
static bool names_sender(const struct balint_room *room, const struct balint_roster *roster, int seat)
{
    const char *member = room->session.seats[seat].member;
    const struct balint_roster_entry *own = balint_roster_find(roster, member);
    return strcmp(roster->signer, member) == 0 && own != NULL && balint_is_leader(own->role) &&
           fits(room, roster, own, seat);
}

/* Whoever is deputy is so by a leader's grant, which nobody has taken back. */
static bool deputy_ok(const struct balint_room *room, const struct balint_roster *roster, int64_t now_s)
{
    const struct balint_roster_view view = {.root = room->root,
                                            .group = room->session.group,
                                            .now_s = now_s,
                                            .newest = room->roster.epoch != 0 ? &room->roster : NULL};
    return roster->grant_length == 0 || balint_roster_deputy(roster, &view) == BALINT_TRUST_OK;
}

/* Who is deputy has the powers from now on; who is it no longer has them no longer. */
static void follow_roles(struct balint_room *room, const struct balint_roster *roster)
{
    for (int seat = 0; seat < BALINT_SEATS; seat++) {
        const struct balint_seat *person = &room->session.seats[seat];
        const struct balint_roster_entry *entry =
            balint_room_inside(room, seat) ? balint_roster_find(roster, person->member) : NULL;
        char name[BALINT_NAME_SIZE];
        if (entry == NULL || entry->role == person->role || !fits(room, roster, entry, seat))
            continue;
        memcpy(name, person->name, sizeof name);
        balint_session_rename(&room->session, seat, name, entry->role);
    }
}

/* Admits, removes and takes over as the roster says. */
static void follow(struct balint_room *room, const struct balint_roster *roster, int64_t clock_us)
{
    for (int seat = 0; seat < BALINT_SEATS; seat++)
        if (balint_room_inside(room, seat) &&
            balint_roster_find(roster, room->session.seats[seat].member) == NULL)
            balint_room_remove(room, seat, "removed",
                               "A leader has ended your part in this session: please ask the leader.",
                               clock_us);
    for (int i = 0; i < roster->count; i++) {
        const struct balint_roster_entry *entry = &roster->entries[i];
        int waiting = seat_of(room, roster, entry, false);
        if (waiting == BALINT_NOBODY || seat_of(room, roster, entry, true) != BALINT_NOBODY)
            continue;
        int older = balint_session_find(&room->session, entry->member);
        if (older != waiting)
            balint_room_take_over(room, waiting, older, clock_us);
        else
            balint_session_admit(&room->session, waiting, clock_us);
    }
    follow_roles(room, roster);
}

/* What is wrong with a roster, whoever sends it; NULL: nothing. `code` says which error it is. */
static const char *objection(const struct balint_room *room, const struct balint_roster *roster, int seat,
                             int64_t now_s, const char **code)
{
    *code = "bad-roster";
    if (!balint_same(roster->root, room->root, sizeof roster->root))
        return "This roster belongs to another group.";
    *code = "stale-roster";
    if (!succeeds(room, roster))
        return "Somebody else admitted at the same time: build on the newest roster and try again.";
    *code = "bad-roster";
    if (!balint_same(roster->session, room->session.id, sizeof roster->session))
        return "This roster belongs to another session.";
    if (roster->expires_s <= now_s || roster->expires_s > now_s + ROSTER_S + SKEW_S)
        return "This roster has run out or lasts too long: please set this computer's clock.";
    if (!names_sender(room, roster, seat))
        return "A roster is made by a leader, and names that leader as one.";
    if (!deputy_ok(room, roster, now_s))
        return "A deputy is named by a leader, and this roster's is not: please ask a leader.";
    *code = "stale-roster";
    if (!entries_fit(room, roster))
        return "The roster names somebody who is not here, or with another role or device: build it anew.";
    return NULL;
}

bool balint_room_admit(struct balint_room *room, int seat, const struct balint_message *message,
                       int64_t now_us)
{
    struct balint_roster roster;
    const struct balint_roster_bytes *bytes = &message->admit.roster;
    balint_conn conn = room->stations[seat].conn;

    if (!balint_room_inside(room, seat) && !balint_room_opens(room, seat)) {
        bool leader = balint_is_leader(room->session.seats[seat].role);
        balint_room_refuse(room, conn, message->id, "not-admitted", "",
                           leader ? "A leader is here: please wait in the lobby to be admitted."
                                  : balint_result_text(BALINT_NOT_ADMITTED));
        return leader; /* two leaders came at the same time */
    }
    if (!balint_roster_read(&roster, bytes->data, bytes->length))
        return bad(room, seat, message, "bad-roster", "This is no roster: please update your program.");
    const char *code;
    const char *why = objection(room, &roster, seat, now_us / SECOND_US, &code);
    if (why != NULL) {
        bad(room, seat, message, code, why);
        if (strcmp(code, "stale-roster") != 0)
            return false;
        room->stations[seat].roster_sent = 0; /* the newest one comes again, should it have been lost */
        room->changed = true;
        return true;
    }
    follow(room, &roster, balint_room_clock(room, now_us));
    room->roster = roster;
    room->roster_bytes = *bytes;
    balint_room_touch(room);
    seat = balint_room_seat(room, conn);
    if (seat != BALINT_NOBODY) /* a leader whose other device took over comes back on the older seat */
        balint_room_answer(room, seat, message->id);
    return true;
}
