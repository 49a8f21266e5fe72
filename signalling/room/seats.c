/* seats.c - who sits where: hello, resume, and one person with two devices.
 *
 * A seat is a person's for the evening. The newest process of the device that the roster names takes it over
 * at once; another device of the same person waits in the lobby until a leader's roster names it. Resume
 * secrets are kept as hashes, so that a copied database opens no seat. Pure; one owner.
 */
#include "room/parts.h"

#include <string.h>

static const char taken_over[] = "This session goes on in another window or on another device.";

/* ---- joins */

static bool all_zero(const uint8_t *bytes, size_t length)
{
    uint8_t any = 0;
    for (size_t i = 0; i < length; i++)
        any |= bytes[i];
    return any == 0;
}

static bool has_session(const struct balint_room *room)
{
    return !all_zero(room->session.id, sizeof room->session.id);
}

/* Reads a join and compares it with the certificate it came with. */
static bool read_join(const struct balint_join_bytes *bytes,
                      const struct balint_certificate_bytes *certificate, struct balint_join_record *join)
{
    uint8_t hash[BALINT_HASH_SIZE];
    return balint_join_read(join, bytes->data, bytes->length) &&
           balint_hash(certificate->data, certificate->length, hash) &&
           balint_same(hash, join->certificate_hash, sizeof hash);
}

/* The first leader's program chooses the session's id. */
static void choose_session(struct balint_room *room, enum balint_role role,
                           const struct balint_join_record *join)
{
    if (has_session(room) || !balint_is_leader(role) || all_zero(join->session, sizeof join->session))
        return;
    memcpy(room->session.id, join->session, sizeof room->session.id);
    balint_room_touch(room);
}

bool balint_room_join(struct balint_room *room, int seat, const struct balint_message *message)
{
    struct balint_station *station = &room->stations[seat];
    struct balint_join_record join, old;
    if (!read_join(&message->join.join, &station->certificate, &join) ||
        !balint_join_read(&old, station->join.data, station->join.length) ||
        !balint_same(join.nonce, old.nonce, sizeof join.nonce))
        return balint_room_refuse(room, station->conn, message->id, "bad-join", "join",
                                  "This join does not belong to this invitation and program: please update "
                                  "your program.");
    choose_session(room, room->session.seats[seat].role, &join);
    if (!has_session(room) || !balint_same(join.session, room->session.id, sizeof join.session)) {
        balint_room_refuse(room, station->conn, message->id, "stale-join", "join",
                           "This join names another session: take the id from the newest state.");
        return true;
    }
    station->join = message->join.join;
    station->version = ++room->versions;
    balint_room_touch(room);
    balint_room_answer(room, seat, message->id);
    return true;
}

/* ---- sockets */

/* An older socket of a seat is told that a newer one took over. */
static void displace(struct balint_room *room, struct balint_station *station)
{
    if (station->conn != 0)
        balint_room_end(room, station->conn, BALINT_MSG_DISPLACED, 0, "displaced", taken_over);
    station->conn = 0;
}

/* `newer` takes the place of the process on a seat. Should that one's last word be lost with its socket, it
 * comes back with its secret, and must not take over in its turn. */
static void succeed(struct balint_room *room, int seat, const struct balint_station *newer)
{
    struct balint_station *station = &room->stations[seat];
    struct balint_station older = *station;
    displace(room, &older);
    *station = *newer;
    station->version = ++room->versions;
    station->has_gone = older.has_secret;
    memcpy(station->gone, older.secret, sizeof station->gone);
}

static bool is_gone(const struct balint_room *room, const uint8_t hash[BALINT_HASH_SIZE])
{
    bool gone = false;
    for (int seat = 0; seat < BALINT_SEATS; seat++)
        gone |= room->stations[seat].has_gone &&
                balint_same(room->stations[seat].gone, hash, sizeof room->stations[seat].gone);
    return gone;
}

/* Nothing was sent over this socket yet. Numbers go on: for one process they never fall. */
static void forget_sent(struct balint_station *station)
{
    station->was_sent = false;
    station->roster_sent = 0;
    station->crib_sent = 0;
    station->answer_count = 0;
    memset(station->person_sent, 0, sizeof station->person_sent);
}

/* A new resume secret and its hash. False, with an error sent, when the system has no randomness: asked
 * before anything else happens, so that nothing is half done. */
struct secret {
    struct balint_resume_bytes bytes;
    uint8_t hash[BALINT_HASH_SIZE];
};

static bool make_secret(struct balint_room *room, balint_conn conn, int64_t re, struct secret *secret)
{
    secret->bytes.length = BALINT_RESUME_SIZE;
    if (room->random(secret->bytes.data, BALINT_RESUME_SIZE) &&
        balint_hash(secret->bytes.data, BALINT_RESUME_SIZE, secret->hash))
        return true;
    return balint_room_refuse(room, conn, re, "server", "",
                              "The server has no randomness at the moment: please try again.");
}

/* Gives out the seat and the new secret, which is forgotten here. */
static void welcome(struct balint_room *room, int seat, balint_conn conn, int64_t re, struct secret *secret)
{
    struct balint_station *station = &room->stations[seat];
    struct balint_message message = {.type = BALINT_MSG_WELCOME, .re = re};
    memcpy(station->secret, secret->hash, sizeof station->secret);
    station->has_secret = true;
    station->left = false;
    station->conn = conn;
    forget_sent(station);
    memcpy(message.welcome.boot, room->boot, sizeof message.welcome.boot);
    message.welcome.seat = seat;
    message.welcome.secret = secret->bytes;
    message.welcome.epoch = room->session.seats[seat].epoch;
    balint_room_send(room, conn, &message, false);
    balint_wipe(&message.welcome.secret, sizeof message.welcome.secret);
    balint_wipe(secret, sizeof *secret);
    balint_room_touch(room);
}

/* ---- hello */

/* A station as a hello describes it, not yet anywhere. */
static bool make_station(const struct balint_certificate *certificate, const struct balint_hello *hello,
                         struct balint_station *station, struct balint_join_record *join)
{
    struct balint_device device;
    memset(station, 0, sizeof *station);
    if (!balint_device_read(&device, hello->device.data, hello->device.length) ||
        !read_join(&hello->join, &hello->certificate, join))
        return false;
    station->serial = certificate->serial;
    station->role = certificate->role;
    station->certificate = hello->certificate;
    station->device = hello->device;
    station->join = hello->join;
    memcpy(station->device_key, device.key, sizeof station->device_key);
    return true;
}

/* The seat of somebody who was never admitted and is gone, longest first; BALINT_NOBODY. */
static int abandoned(const struct balint_session *session)
{
    int found = BALINT_NOBODY;
    for (int seat = 0; seat < BALINT_SEATS; seat++)
        if (!session->seats[seat].admitted && !session->seats[seat].connected &&
            (found == BALINT_NOBODY || session->seats[seat].lost_us < session->seats[found].lost_us))
            found = seat;
    return found;
}

/* Where this person sits: who is listed on the seat kept for the evening, others in the lobby. */
static int find_seat(struct balint_room *room, const struct balint_certificate *who, bool listed,
                     int64_t clock_us)
{
    struct balint_session *session = &room->session;
    int seat = balint_session_find(session, who->member);
    if (listed && seat != BALINT_NOBODY && session->seats[seat].admitted)
        return seat;
    seat = balint_session_wait(session, who->member, who->name, who->role);
    if (seat != BALINT_NOBODY)
        return seat;
    int gone = abandoned(session);
    if (gone == BALINT_NOBODY)
        return BALINT_NOBODY;
    balint_room_remove(room, gone, "removed", "", clock_us);
    return balint_session_wait(session, who->member, who->name, who->role);
}

/* Somebody has to be able to: a leader may come to a locked door as long as no leader is inside. */
static bool may_unlock(const struct balint_room *room, enum balint_role role)
{
    return balint_is_leader(role) && !balint_session_led(&room->session);
}

bool balint_room_hello(struct balint_room *room, balint_conn conn,
                       const struct balint_certificate *certificate, const struct balint_hello *hello,
                       int64_t re, int64_t now_us)
{
    struct balint_station station;
    struct balint_join_record join;
    struct secret secret;
    int64_t clock_us = balint_room_clock(room, now_us);

    if (balint_room_seat(room, conn) != BALINT_NOBODY)
        return balint_room_refuse(room, conn, re, "not-yours", "", "This socket has a seat already.");
    if (!make_station(certificate, hello, &station, &join))
        return balint_room_refuse(room, conn, re, "bad-join", "join",
                                  "The join or device does not fit the invitation: please update your "
                                  "program.");
    choose_session(room, certificate->role, &join);
    /* Two leaders may have chosen at the same time: the later one joins again with the id in the state. */
    if (!balint_is_leader(certificate->role) && !all_zero(join.session, sizeof join.session) &&
        !balint_same(join.session, room->session.id, sizeof join.session))
        return balint_room_refuse(room, conn, re, "stale-join", "join",
                                  "The session has changed meanwhile: please open your link again.");
    const struct balint_roster_entry *listed =
        balint_room_in_roster(room, certificate, station.device_key, now_us);
    if (room->locked && listed == NULL && !may_unlock(room, certificate->role))
        return balint_room_refuse(room, conn, re, "locked", "",
                                  "The door of this session is locked: please ask the leader to open it.");
    if (!make_secret(room, conn, re, &secret))
        return false;
    int seat = find_seat(room, certificate, listed != NULL, clock_us);
    if (seat == BALINT_NOBODY)
        return balint_room_refuse(room, conn, re, "full", "",
                                  "All 16 seats of this group are taken: please ask the leader.");

    succeed(room, seat, &station);
    balint_session_rename(&room->session, seat, certificate->name,
                          listed != NULL ? listed->role : certificate->role);
    balint_session_connect(&room->session, seat, true, clock_us);
    balint_room_forget_links(room, seat);
    if (listed != NULL)
        balint_session_admit(&room->session, seat, clock_us);
    welcome(room, seat, conn, re, &secret);
    return true;
}

void balint_room_take_over(struct balint_room *room, int waiting, int seat, int64_t clock_us)
{
    static const char come_back[] = "A leader has let this device in: your program comes back by itself.";
    struct balint_station newer = room->stations[waiting];
    struct balint_seat person = room->session.seats[waiting];
    if (newer.conn != 0)
        balint_room_end(room, newer.conn, BALINT_MSG_BYE, 0, "moved", come_back);
    newer.conn = 0;
    room->stations[waiting].conn = 0;
    balint_room_remove(room, waiting, "moved", "", clock_us);

    succeed(room, seat, &newer);
    balint_session_rename(&room->session, seat, person.name, person.role);
    balint_session_connect(&room->session, seat, true, clock_us);
    balint_session_disconnect(&room->session, seat, clock_us);
    balint_room_forget_links(room, seat);
    balint_room_touch(room);
}

/* ---- resume */

/* Whose secret is it? Every one is compared, whatever was found. */
static int seat_of_secret(const struct balint_room *room, const uint8_t hash[BALINT_HASH_SIZE])
{
    int found = BALINT_NOBODY;
    for (int seat = 0; seat < BALINT_SEATS; seat++) {
        const struct balint_station *station = &room->stations[seat];
        bool newest = station->has_secret && balint_same(hash, station->secret, BALINT_HASH_SIZE);
        bool before = station->has_previous && balint_same(hash, station->previous, BALINT_HASH_SIZE);
        if (newest || before)
            found = seat;
    }
    return found;
}

bool balint_room_resume(struct balint_room *room, balint_conn conn, const struct balint_resume *resume,
                        int64_t re, int64_t now_us)
{
    uint8_t hash[BALINT_HASH_SIZE] = {0};
    struct secret secret;
    int64_t clock_us = balint_room_clock(room, now_us);
    if (balint_room_seat(room, conn) != BALINT_NOBODY)
        return balint_room_refuse(room, conn, re, "not-yours", "", "This socket has a seat already.");
    int seat = BALINT_NOBODY;
    if (balint_hash(resume->secret.data, resume->secret.length, hash))
        seat = seat_of_secret(room, hash);
    if (seat == BALINT_NOBODY && is_gone(room, hash)) {
        balint_room_end(room, conn, BALINT_MSG_DISPLACED, 0, "displaced", taken_over);
        return false;
    }
    if (seat == BALINT_NOBODY)
        return balint_room_refuse(room, conn, re, "unknown-secret", "secret", BALINT_UNKNOWN_SECRET);
    if (!make_secret(room, conn, re, &secret))
        return false;
    displace(room, &room->stations[seat]);
    /* The secret that came stays valid until the next one was used: its welcome may get lost. */
    memcpy(room->stations[seat].previous, hash, sizeof hash);
    room->stations[seat].has_previous = true;
    balint_session_connect(&room->session, seat, false, clock_us);
    welcome(room, seat, conn, re, &secret);
    return true;
}

/* ---- leaving for good */

void balint_room_remove(struct balint_room *room, int seat, const char *code, const char *text,
                        int64_t clock_us)
{
    if (room->stations[seat].conn != 0)
        balint_room_end(room, room->stations[seat].conn, BALINT_MSG_BYE, 0, code, text);
    balint_session_free(&room->session, seat, clock_us);
    balint_wipe(&room->stations[seat], sizeof room->stations[seat]);
    balint_room_forget_links(room, seat);
    balint_room_touch(room);
}

void balint_room_revoke(struct balint_room *room, const char *member, uint64_t serial, int64_t now_us)
{
    int64_t clock_us = balint_room_clock(room, now_us);
    for (int seat = 0; seat < BALINT_SEATS; seat++)
        if (room->session.seats[seat].taken && strcmp(room->session.seats[seat].member, member) == 0 &&
            room->stations[seat].serial < serial)
            balint_room_remove(room, seat, "revoked",
                               "This invitation has been revoked: please ask the leader for a new one.",
                               clock_us);
}
