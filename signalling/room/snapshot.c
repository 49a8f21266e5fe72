/* snapshot.c - a room as text: what outlives the server's process.
 *
 * Two parts, each with its own checksum: the room's records, then the session as session/ writes it. Sockets
 * and what was sent to them are not among it: everybody comes back by a new socket and is told everything.
 * Pure; any thread.
 */
#include "room/parts.h"
#include "session/saved.h"

#include <stdlib.h>
#include <string.h>

#define VERSION      2
#define COUNT(table) (sizeof(table) / sizeof *(table))
/* A seat is at most 2 × (512 + 256 + 256 + 3 × 32) digits and twelve lines; the roster 8 kB. */
#define ROOM_SIZE 65536

/* What is saved of a room, and of the station on each taken seat. */
struct saved_room {
    uint8_t root[BALINT_KEY_SIZE];
    int64_t created_us, seen_us;
    struct balint_roster_bytes roster;
    bool locked;
};
struct saved_seat {
    struct balint_certificate_bytes certificate;
    struct balint_device_bytes device;
    struct balint_join_bytes join;
    int64_t serial;
    uint8_t secret[BALINT_HASH_SIZE], previous[BALINT_HASH_SIZE];
    bool has_secret, has_previous, left;
};

#define ROOM(kind, member, min, max) BALINT_SAVED(kind, struct saved_room, member, min, max)
#define SEAT(kind, member, min, max) BALINT_SAVED(kind, struct saved_seat, member, min, max)

static const struct balint_saved_field room_fields[] = {
    ROOM(HEX, root, 0, 0),
    ROOM(I64, created_us, INT64_MIN, INT64_MAX),
    ROOM(I64, seen_us, 0, INT64_MAX),
    ROOM(BYTES, roster, 0, 0),
    ROOM(BOOL, locked, 0, 0),
};

static const struct balint_saved_field seat_fields[] = {
    SEAT(BYTES, certificate, 0, 0),          SEAT(BYTES, device, 0, 0),    SEAT(BYTES, join, 0, 0),
    SEAT(I64, serial, INT64_MIN, INT64_MAX), SEAT(BOOL, has_secret, 0, 0), SEAT(HEX, secret, 0, 0),
    SEAT(BOOL, has_previous, 0, 0),          SEAT(HEX, previous, 0, 0),    SEAT(BOOL, left, 0, 0),
};

static void write_seats(struct balint_saved_writer *writer, const struct balint_room *room)
{
    int taken = 0;
    for (int i = 0; i < BALINT_SEATS; i++)
        taken += room->session.seats[i].taken;
    balint_saved_write_number(writer, "seats", taken);
    for (int i = 0; i < BALINT_SEATS; i++) {
        const struct balint_station *here = &room->stations[i];
        if (!room->session.seats[i].taken)
            continue;
        struct saved_seat saved = {
            .certificate = here->certificate,
            .device = here->device,
            .join = here->join,
            .serial = (int64_t)here->serial,
            .has_secret = here->has_secret,
            .has_previous = here->has_previous,
            .left = here->left,
        };
        memcpy(saved.secret, here->secret, sizeof saved.secret);
        memcpy(saved.previous, here->previous, sizeof saved.previous);
        balint_saved_write_number(writer, "seat", i);
        balint_saved_write_fields(writer, seat_fields, COUNT(seat_fields), &saved);
    }
}

char *balint_room_save(struct balint_room *room)
{
    struct balint_saved_writer writer;
    struct saved_room saved = {.created_us = room->created_us,
                               .seen_us = room->seen_us,
                               .roster = room->roster_bytes,
                               .locked = room->locked};
    char *text = malloc(ROOM_SIZE + BALINT_SNAPSHOT_SIZE);
    if (text == NULL)
        return NULL;
    memcpy(saved.root, room->root, sizeof saved.root);
    balint_saved_begin(&writer, text, ROOM_SIZE);
    balint_saved_write_number(&writer, "balint-room", VERSION);
    balint_saved_write_fields(&writer, room_fields, COUNT(room_fields), &saved);
    write_seats(&writer, room);
    size_t length = balint_saved_write_end(&writer);
    if (length == 0 || balint_snapshot_write(&room->session, text + length, BALINT_SNAPSHOT_SIZE) == 0) {
        free(text);
        return NULL;
    }
    room->dirty = false;
    return text;
}

/* ---- reading */

static bool load_seat(struct balint_room *room, int seat, const struct saved_seat *saved)
{
    struct balint_station *here = &room->stations[seat];
    struct balint_certificate certificate;
    struct balint_device device;
    if (!balint_device_read(&device, saved->device.data, saved->device.length) ||
        !balint_certificate_read(&certificate, saved->certificate.data, saved->certificate.length, NULL))
        return false;
    here->role = certificate.role;
    memcpy(here->device_key, device.key, sizeof here->device_key);
    here->certificate = saved->certificate;
    here->device = saved->device;
    here->join = saved->join;
    here->serial = (uint64_t)saved->serial;
    here->has_secret = saved->has_secret;
    here->has_previous = saved->has_previous;
    memcpy(here->secret, saved->secret, sizeof here->secret);
    memcpy(here->previous, saved->previous, sizeof here->previous);
    here->version = ++room->versions;
    here->left = saved->left;
    return true;
}

static bool load_room(struct balint_room *room, struct balint_saved_reader *reader)
{
    struct saved_room saved;
    int64_t taken, seat = -1;
    memset(&saved, 0, sizeof saved);
    if (!balint_saved_read_fields(reader, room_fields, COUNT(room_fields), &saved) ||
        !balint_saved_read_number(reader, "seats", 0, BALINT_SEATS, &taken) ||
        saved.seen_us < saved.created_us)
        return false;
    memcpy(room->root, saved.root, sizeof room->root);
    room->created_us = saved.created_us;
    room->seen_us = saved.seen_us;
    room->roster_bytes = saved.roster;
    room->locked = saved.locked;
    if (saved.roster.length != 0 &&
        !balint_roster_read(&room->roster, saved.roster.data, saved.roster.length))
        return false;
    for (; taken > 0; taken--) {
        struct saved_seat saved_seat;
        memset(&saved_seat, 0, sizeof saved_seat);
        if (!balint_saved_read_number(reader, "seat", seat + 1, BALINT_SEATS - 1, &seat) ||
            !balint_saved_read_fields(reader, seat_fields, COUNT(seat_fields), &saved_seat) ||
            !load_seat(room, (int)seat, &saved_seat))
            return false;
    }
    return balint_saved_read_end(reader);
}

/* The records and the session tell of the same people. */
static bool agree(const struct balint_room *room)
{
    for (int i = 0; i < BALINT_SEATS; i++) {
        const struct balint_seat *person = &room->session.seats[i];
        if (person->taken != (room->stations[i].version != 0))
            return false;
        if (person->taken && person->admitted && balint_roster_find(&room->roster, person->member) == NULL)
            return false;
    }
    return true;
}

struct balint_room *balint_room_load(const char *text, const char *boot, balint_random_fn random,
                                     int64_t now_us, const char **why)
{
    struct balint_saved_reader reader;
    const char *reason = "There is no memory left to load the saved room.";
    int64_t version;
    struct balint_room *room = calloc(1, sizeof *room);
    if (room == NULL)
        goto failed;
    balint_saved_open(&reader, text);
    reason = "This is no saved room of this version.";
    if (!balint_saved_read_number(&reader, "balint-room", VERSION, VERSION, &version))
        goto failed;
    reason = "The saved room is damaged or not whole.";
    if (!load_room(room, &reader))
        goto failed;
    /* A clock that was set back must not set the session back. */
    if (now_us < room->seen_us)
        room->created_us -= room->seen_us - now_us;
    room->seen_us = now_us;
    if (!balint_snapshot_read(&room->session, reader.at, now_us - room->created_us, &reason))
        goto failed;
    reason = "The saved room and its session tell of different people.";
    if (!agree(room))
        goto failed;
    memcpy(room->boot, boot, strnlen(boot, sizeof room->boot - 1));
    room->random = random;
    balint_room_evening(room, balint_evening_shipped());
    room->changed = true;
    return room;
failed:
    balint_room_free(room);
    if (why != NULL)
        *why = reason;
    return NULL;
}
