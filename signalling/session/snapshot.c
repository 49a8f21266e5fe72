/* snapshot.c - a whole session as text, so that a restarted server returns to the same state.
 *
 * The tables below say what is saved; `connected` is not among it, because no socket outlives its process.
 * What is read is judged as a whole before any of it counts: a session that could not have been is refused.
 * Pure; any thread.
 */
#include "session/saved.h"
#include "session/session.h"

#include <string.h>

#define VERSION                         3
#define OLDEST                          1 /* that is still read: a session under way survives an upgrade */
#define COUNT(table)                    (sizeof(table) / sizeof *(table))
#define SESSION(kind, member, min, max) BALINT_SAVED(kind, struct balint_session, member, min, max)
#define PHASE(kind, member, min, max)   BALINT_SAVED(kind, struct balint_phase, member, min, max)
#define SEAT(kind, member, min, max)    BALINT_SAVED(kind, struct balint_seat, member, min, max)

static const struct balint_saved_field session_fields[] = {
    SESSION(HEX, id, 0, 0),
    SESSION(TEXT, group, 0, 0),
    SESSION(TEXT, format.id, 0, 0),
    SESSION(TEXT, format.title, 0, 0),
    SESSION(INT, format.count, 1, BALINT_PHASES),
    SESSION(INT, phase, 0, BALINT_PHASES - 1),
    SESSION(I64, phase_since_us, 0, INT64_MAX),
    SESSION(INT, leads, BALINT_NOBODY, BALINT_SEATS - 1),
    SESSION(INT, presenter, BALINT_NOBODY, BALINT_SEATS - 1),
    SESSION(BOOL, stepped_back, 0, 0),
    SESSION(BOOL, invited, 0, 0),
    SESSION(BOOL, asked, 0, 0),
    SESSION(INT, place, 0, BALINT_PLACES - 1),
    SESSION(U32, freed_epoch, 0, 0),
};

/* Since version 2; before, nobody was asked. */
static const struct balint_saved_field session_fields_2[] = {
    SESSION(INT, proposed, BALINT_NOBODY, BALINT_SEATS - 1),
    SESSION(I64, ends_us, 0, INT64_MAX),
    SESSION(BOOL, round.on, 0, 0),
    SESSION(INT, round.count, 0, BALINT_SEATS),
    SESSION(U32, round.had, 0, 0),
};

/* The group's own format, since version 2. */
static const struct balint_saved_field own_fields[] = {
    SESSION(TEXT, own.id, 0, 0),
    SESSION(TEXT, own.title, 0, 0),
};

static const struct balint_saved_field phase_fields[] = {
    PHASE(TEXT, id, 0, 0),
    PHASE(TEXT, title, 0, 0),
    PHASE(TEXT, guidance, 0, 0),
    PHASE(INT, minutes, 0, BALINT_MINUTES_MAX),
    PHASE(INT, turn, 0, BALINT_TURNS - 1),
    PHASE(INT, presenter, 0, BALINT_PLACES - 1),
    PHASE(U32, loops, 0, 0),
};

/* Since version 2; before, there was the format `classic` alone. */
static const struct balint_saved_field phase_fields_2[] = {
    PHASE(INT, part, 0, BALINT_PARTS - 1),
};

#define STAY(kind, member, min, max) BALINT_SAVED(kind, struct balint_stay, member, min, max)
/* Since version 3. */
static const struct balint_saved_field stay_fields[] = {
    STAY(INT, phase, 0, BALINT_PHASES - 1),
    STAY(INT, presenter, BALINT_NOBODY, BALINT_SEATS - 1),
    STAY(I64, since_us, 0, INT64_MAX),
};

static const struct balint_saved_field seat_fields[] = {
    SEAT(TEXT, member, 0, 0),          SEAT(TEXT, name, 0, 0),           SEAT(INT, role, 0, BALINT_ROLES - 1),
    SEAT(BOOL, admitted, 0, 0),        SEAT(U32, epoch, 0, 0),           SEAT(BOOL, muted, 0, 0),
    SEAT(BOOL, muted_for_cause, 0, 0), SEAT(BOOL, away, 0, 0),           SEAT(BOOL, sitting_out, 0, 0),
    SEAT(I64, hand_us, 0, INT64_MAX),  SEAT(I64, lost_us, 0, INT64_MAX),
};

/* Since version 2; before, these were not there. */
static const struct balint_saved_field seat_fields_2[] = {
    SEAT(BOOL, volunteers, 0, 0),
    SEAT(BOOL, after_room, 0, 0),
    SEAT(BOOL, shared, 0, 0),
};

static void write_phases(struct balint_saved_writer *writer, const struct balint_format *format)
{
    for (int i = 0; i < format->count; i++) {
        balint_saved_write_number(writer, "phase", i);
        balint_saved_write_fields(writer, phase_fields, COUNT(phase_fields), &format->phases[i]);
        balint_saved_write_fields(writer, phase_fields_2, COUNT(phase_fields_2), &format->phases[i]);
    }
}

size_t balint_snapshot_write(const struct balint_session *session, char *text, size_t size)
{
    struct balint_saved_writer writer;
    balint_saved_begin(&writer, text, size);
    balint_saved_write_number(&writer, "balint-session", VERSION);
    balint_saved_write_fields(&writer, session_fields, COUNT(session_fields), session);
    balint_saved_write_fields(&writer, session_fields_2, COUNT(session_fields_2), session);
    for (int i = 0; i < session->round.count; i++)
        balint_saved_write_number(&writer, "row", session->round.row[i]);
    balint_saved_write_number(&writer, "past", session->past_count);
    for (int i = 0; i < session->past_count; i++)
        balint_saved_write_fields(&writer, stay_fields, COUNT(stay_fields), &session->past[i]);
    write_phases(&writer, &session->format);
    balint_saved_write_number(&writer, "own", session->own.count);
    if (session->own.count > 0) {
        balint_saved_write_fields(&writer, own_fields, COUNT(own_fields), session);
        write_phases(&writer, &session->own);
    }
    int taken = 0;
    for (int i = 0; i < BALINT_SEATS; i++)
        taken += session->seats[i].taken;
    balint_saved_write_number(&writer, "seats", taken);
    for (int i = 0; i < BALINT_SEATS; i++) {
        if (!session->seats[i].taken)
            continue;
        balint_saved_write_number(&writer, "seat", i);
        balint_saved_write_fields(&writer, seat_fields, COUNT(seat_fields), &session->seats[i]);
        balint_saved_write_fields(&writer, seat_fields_2, COUNT(seat_fields_2), &session->seats[i]);
    }
    return balint_saved_write_end(&writer);
}

static bool read_phases(struct balint_saved_reader *reader, struct balint_format *format, int64_t version)
{
    const struct balint_format *classic = balint_format_find("classic");
    for (int i = 0; i < format->count; i++) {
        struct balint_phase *phase = &format->phases[i];
        int64_t index;
        if (!balint_saved_read_number(reader, "phase", i, i, &index) ||
            !balint_saved_read_fields(reader, phase_fields, COUNT(phase_fields), phase) ||
            (version >= 2 && !balint_saved_read_fields(reader, phase_fields_2, COUNT(phase_fields_2), phase)))
            return false;
        if (version < 2 && i < classic->count)
            phase->part = classic->phases[i].part;
    }
    return true;
}

static bool read_own(struct balint_saved_reader *reader, struct balint_session *session, int64_t version)
{
    int64_t count = 0;
    if (version < 2)
        return true;
    if (!balint_saved_read_number(reader, "own", 0, BALINT_PHASES, &count))
        return false;
    session->own.count = (int)count;
    return count == 0 || (balint_saved_read_fields(reader, own_fields, COUNT(own_fields), session) &&
                          read_phases(reader, &session->own, version));
}

static bool read_past(struct balint_saved_reader *reader, struct balint_session *session)
{
    int64_t count = 0;
    if (!balint_saved_read_number(reader, "past", 0, BALINT_STAYS, &count))
        return false;
    for (; session->past_count < count; session->past_count++)
        if (!balint_saved_read_fields(reader, stay_fields, COUNT(stay_fields),
                                      &session->past[session->past_count]))
            return false;
    return true;
}

static bool read_session(struct balint_saved_reader *reader, struct balint_session *session, int64_t version)
{
    session->proposed = BALINT_NOBODY;
    if (!balint_saved_read_fields(reader, session_fields, COUNT(session_fields), session) ||
        (version >= 2 &&
         !balint_saved_read_fields(reader, session_fields_2, COUNT(session_fields_2), session)))
        return false;
    for (int i = 0; i < session->round.count; i++) {
        int64_t seat;
        if (!balint_saved_read_number(reader, "row", 0, BALINT_SEATS - 1, &seat))
            return false;
        session->round.row[i] = (int)seat;
    }
    return version < 3 || read_past(reader, session);
}

static bool read_seat(struct balint_saved_reader *reader, struct balint_seat *person, int64_t version)
{
    person->taken = true;
    return balint_saved_read_fields(reader, seat_fields, COUNT(seat_fields), person) &&
           (version < 2 || balint_saved_read_fields(reader, seat_fields_2, COUNT(seat_fields_2), person));
}

static bool read_seats(struct balint_saved_reader *reader, struct balint_session *session, int64_t version)
{
    int64_t taken, seat = -1;
    if (!balint_saved_read_number(reader, "seats", 0, BALINT_SEATS, &taken))
        return false;
    for (; taken > 0; taken--) {
        if (!balint_saved_read_number(reader, "seat", seat + 1, BALINT_SEATS - 1, &seat) ||
            !read_seat(reader, &session->seats[seat], version))
            return false;
    }
    return true;
}

static bool sound_format(const struct balint_format *format)
{
    for (int i = 0; i < format->count; i++) {
        if (format->phases[i].id[0] == 0 || format->phases[i].loops >> format->count != 0)
            return false;
        for (int j = 0; j < i; j++)
            if (strcmp(format->phases[i].id, format->phases[j].id) == 0)
                return false;
    }
    return true;
}

static bool sound_seats(const struct balint_session *session)
{
    for (int i = 0; i < BALINT_SEATS; i++) {
        const struct balint_seat *person = &session->seats[i];
        if (!person->taken)
            continue;
        if (person->member[0] == 0)
            return false;
        if (person->after_room && (!person->admitted || !balint_after_room_for(person->role) ||
                                   session->phase != session->format.count - 1))
            return false;
        for (int j = 0; j < i; j++) /* once inside, and once at the door with another device */
            if (session->seats[j].taken && session->seats[j].admitted == person->admitted &&
                strcmp(session->seats[j].member, person->member) == 0)
                return false;
    }
    return true;
}

/* Who is asked, or offered, is somebody who may present and does not do so yet. */
static bool sound_offers(const struct balint_session *session)
{
    for (int i = 0; i < BALINT_SEATS; i++) {
        const struct balint_seat *person = &session->seats[i];
        bool may = person->taken && person->admitted && person->role != BALINT_OBSERVER &&
                   !person->sitting_out && session->presenter != i;
        if ((person->volunteers || session->proposed == i) && !may)
            return false;
    }
    return true;
}

/* Each waits once, for a turn not had yet. */
static bool sound_round(const struct balint_session *session)
{
    const struct balint_round *round = &session->round;
    uint32_t seen = round->had;
    if (!round->on)
        return round->count == 0 && round->had == 0;
    for (int i = 0; i < round->count; i++) {
        const struct balint_seat *person = &session->seats[round->row[i]];
        if (!person->taken || !person->admitted || person->role == BALINT_OBSERVER ||
            seen >> round->row[i] & 1)
            return false;
        seen |= 1u << round->row[i];
    }
    for (int i = 0; i < BALINT_SEATS; i++)
        if (round->had >> i & 1 && !session->seats[i].taken)
            return false;
    return round->had >> BALINT_SEATS == 0;
}

/* Everybody's place in the session is one that requests could have led to. */
static bool sound_case(const struct balint_session *session)
{
    if (session->presenter != BALINT_NOBODY) {
        const struct balint_seat *presenter = &session->seats[session->presenter];
        if (!presenter->taken || !presenter->admitted || presenter->role == BALINT_OBSERVER ||
            presenter->sitting_out)
            return false;
    }
    if (session->stepped_back &&
        (session->presenter == BALINT_NOBODY || (session->invited && session->asked)))
        return false;
    if (!session->stepped_back && (session->invited || session->asked))
        return false;
    return session->stepped_back == (session->place != BALINT_IN_CIRCLE);
}

/* Stays in phases of the format, one after the other. */
static bool sound_past(const struct balint_session *session)
{
    for (int i = 0; i < session->past_count; i++) {
        const struct balint_stay *stay = &session->past[i];
        bool last = i + 1 == session->past_count;
        if (stay->phase >= session->format.count ||
            stay->since_us > (last ? session->phase_since_us : stay[1].since_us) ||
            (stay->presenter != BALINT_NOBODY && !session->seats[stay->presenter].taken))
            return false;
    }
    return true;
}

static bool sound(const struct balint_session *session)
{
    if (session->leads != BALINT_NOBODY) {
        const struct balint_seat *leads = &session->seats[session->leads];
        if (!leads->taken || !leads->admitted || !balint_is_leader(leads->role))
            return false;
    }
    return session->phase < session->format.count && sound_format(&session->format) &&
           sound_format(&session->own) && sound_seats(session) && sound_case(session) &&
           sound_offers(session) && sound_round(session) && sound_past(session);
}

static bool refuse(const char **why, const char *sentence)
{
    if (why != NULL)
        *why = sentence;
    return false;
}

bool balint_snapshot_read(struct balint_session *session, const char *text, int64_t now_us, const char **why)
{
    struct balint_session read;
    struct balint_saved_reader reader;
    int64_t version;

    memset(&read, 0, sizeof read);
    balint_saved_open(&reader, text);
    if (!balint_saved_read_number(&reader, "balint-session", OLDEST, VERSION, &version))
        return refuse(why, "This is no saved session of this version.");
    if (!read_session(&reader, &read, version) || !read_phases(&reader, &read.format, version) ||
        !read_own(&reader, &read, version) || !read_seats(&reader, &read, version) ||
        !balint_saved_read_end(&reader) || *reader.at != 0)
        return refuse(why, "The saved session is damaged or not whole.");
    if (!sound(&read))
        return refuse(why, "The saved session contradicts itself.");
    for (int i = 0; i < BALINT_SEATS; i++)
        if (read.seats[i].taken && read.seats[i].lost_us == 0)
            read.seats[i].lost_us = now_us > 0 ? now_us : 1;
    memcpy(session, &read, sizeof read);
    return true;
}
