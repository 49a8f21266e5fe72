/* outbox.c - what has to be sent: messages as they arise, and states when what a person may see has changed.
 *
 * A state is made for one recipient and compared with the last one that recipient got; if nothing in it
 * changed, nothing is sent, and the recipient's number does not rise: a number that rose for somebody else's
 * sake would tell members that something went on among the leaders. Records of people and the roster follow
 * the same rule by their versions. What somebody's program passes on to others waits behind the newest record
 * of that somebody, by which the others judge it. Pure; one owner.
 */
#include "room/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the queue */

/* Makes place for one more; false without memory. */
static bool grow(struct balint_outbox *outbox)
{
    if (outbox->count < outbox->size)
        return true;
    size_t size = outbox->size == 0 ? 16 : outbox->size * 2;
    struct balint_outgoing *items = calloc(size, sizeof *items);
    if (items == NULL)
        return false;
    for (size_t i = 0; outbox->size != 0 && i < outbox->count; i++)
        items[i] = outbox->items[(outbox->first + i) % outbox->size];
    free(outbox->items);
    outbox->items = items;
    outbox->size = size;
    outbox->first = 0;
    return true;
}

void balint_outbox_finish(struct balint_outbox *outbox)
{
    for (size_t i = 0; i < outbox->count; i++)
        free(outbox->items[(outbox->first + i) % outbox->size].text);
    free(outbox->items);
    *outbox = (struct balint_outbox){0};
}

/* The oldest; false: there is none. */
static bool take(struct balint_outbox *outbox, struct balint_outgoing *out)
{
    if (outbox->count == 0)
        return false;
    *out = outbox->items[outbox->first];
    outbox->first = (outbox->first + 1) % outbox->size;
    outbox->count--;
    return true;
}

static void put(struct balint_outbox *outbox, const struct balint_outgoing *out)
{
    outbox->items[(outbox->first + outbox->count++) % outbox->size] = *out;
}

bool balint_room_outgoing(struct balint_room *room, struct balint_outgoing *out)
{
    return take(&room->outbox, out);
}

static void encode_into(struct balint_outbox *outbox, balint_conn conn, const struct balint_message *message,
                        bool close)
{
    struct balint_outgoing out = {.conn = conn, .close = close};
    if (conn == 0 || !grow(outbox))
        return;
    out.text = balint_encode(message, BALINT_TO_CLIENT, &out.length);
    /* A client that misses a message cannot go on; it comes back and is told everything. */
    if (out.text == NULL)
        out.close = true;
    put(outbox, &out);
}

void balint_room_send(struct balint_room *room, balint_conn conn, const struct balint_message *message,
                      bool close)
{
    encode_into(&room->outbox, conn, message, close);
}

void balint_room_send_behind(struct balint_room *room, balint_conn conn, const struct balint_message *message)
{
    encode_into(&room->behind, conn, message, false);
}

/* What waited behind the publication; whoever is gone meanwhile gets nothing. */
static void let_follow(struct balint_room *room)
{
    struct balint_outgoing out;
    while (take(&room->behind, &out)) {
        if (balint_room_seat(room, out.conn) != BALINT_NOBODY && grow(&room->outbox))
            put(&room->outbox, &out);
        else
            free(out.text);
    }
}

bool balint_room_refuse(struct balint_room *room, balint_conn conn, int64_t re, const char *code,
                        const char *field, const char *text)
{
    struct balint_message message = {.type = BALINT_MSG_ERROR, .re = re};
    snprintf(message.error.code, sizeof message.error.code, "%s", code);
    snprintf(message.error.field, sizeof message.error.field, "%s", field);
    snprintf(message.error.text, sizeof message.error.text, "%s", text);
    balint_room_send(room, conn, &message, false);
    return false;
}

void balint_room_end(struct balint_room *room, balint_conn conn, enum balint_type type, int64_t re,
                     const char *code, const char *text)
{
    struct balint_message message = {.type = type, .re = re};
    snprintf(message.bye.code, sizeof message.bye.code, "%s", code);
    snprintf(message.bye.text, sizeof message.bye.text, "%s", text);
    balint_room_send(room, conn, &message, true);
}

static void send_done(struct balint_room *room, balint_conn conn, int64_t re)
{
    struct balint_message message = {.type = BALINT_MSG_DONE, .re = re};
    balint_room_send(room, conn, &message, false);
}

void balint_room_answer(struct balint_room *room, int seat, int64_t re)
{
    struct balint_station *station = &room->stations[seat];
    if (re == 0)
        return;
    room->changed = true;
    if (station->answer_count == BALINT_ANSWERS) {
        send_done(room, station->conn, station->answers[0]);
        station->answer_count--;
        memmove(station->answers, station->answers + 1,
                (size_t)station->answer_count * sizeof *station->answers);
    }
    station->answers[station->answer_count++] = re;
}

/* ---- what each may see */

void balint_room_send_person(struct balint_room *room, balint_conn to, int seat)
{
    const struct balint_station *person = &room->stations[seat];
    struct balint_message message = {.type = BALINT_MSG_PERSON};
    message.person.seat = seat;
    message.person.epoch = room->session.seats[seat].epoch;
    message.person.certificate = person->certificate;
    message.person.device = person->device;
    message.person.join = person->join;
    balint_room_send(room, to, &message, false);
}

/* Records of the people whom this recipient may know of: everybody admitted; for leaders who is at the door.
 * A leader who may open the evening judges the newest roster by them. */
static void send_people(struct balint_room *room, int to)
{
    struct balint_station *recipient = &room->stations[to];
    bool leader = balint_is_leader(room->session.seats[to].role);
    if (!balint_room_inside(room, to) && !balint_room_opens(room, to))
        return;
    for (int seat = 0; seat < BALINT_SEATS; seat++) {
        const struct balint_station *person = &room->stations[seat];
        if (person->version == 0 || person->version == recipient->person_sent[seat] ||
            (!room->session.seats[seat].admitted && !leader))
            continue;
        recipient->person_sent[seat] = person->version;
        balint_room_send_person(room, recipient->conn, seat);
    }
}

/* The newest roster: for who is in, and for a leader who may open the evening and has to make its successor.
 */
static void send_roster(struct balint_room *room, int to)
{
    struct balint_station *recipient = &room->stations[to];
    struct balint_message message = {.type = BALINT_MSG_ROSTER};
    if (room->roster.epoch == recipient->roster_sent ||
        (!balint_room_inside(room, to) && !balint_room_opens(room, to)))
        return;
    recipient->roster_sent = room->roster.epoch;
    message.roster.roster = room->roster_bytes;
    balint_room_send(room, recipient->conn, &message, false);
}

/* The cards, to leaders who are in. */
static void send_crib(struct balint_room *room, int to)
{
    struct balint_station *recipient = &room->stations[to];
    struct balint_message message = {.type = BALINT_MSG_CRIB};
    if (room->crib == recipient->crib_sent || !balint_room_inside(room, to) ||
        !balint_is_leader(room->session.seats[to].role))
        return;
    recipient->crib_sent = room->crib;
    message.crib.count = room->evening.card_count;
    memcpy(message.crib.cards, room->evening.cards, sizeof message.crib.cards);
    balint_room_send(room, recipient->conn, &message, false);
}

/* What leaders alone are told, beside what the session knows. */
static void add_for_leaders(const struct balint_room *room, struct balint_state *state)
{
    const struct balint_session *session = &room->session;
    const struct balint_evening *evening = &room->evening;
    state->locked = room->locked;
    state->unsaved = room->unsaved;
    if (session->format.phases[session->phase].part != BALINT_PART_CASE)
        return;
    state->follow_up_count = evening->follow_up_count;
    memcpy(state->follow_ups, evening->follow_ups, sizeof state->follow_ups);
}

static void send_state(struct balint_room *room, int to, int64_t clock_us)
{
    struct balint_station *recipient = &room->stations[to];
    struct balint_message message = {.type = BALINT_MSG_STATE};
    uint8_t content[BALINT_HASH_SIZE];
    int answers = recipient->answer_count;

    recipient->answer_count = 0;
    /* Compared is everything but number and clock, which are still zero here. */
    balint_state_of(&room->session, to, &message.state);
    memcpy(message.state.boot, room->boot, sizeof message.state.boot);
    memcpy(message.state.help, room->evening.help, sizeof message.state.help);
    if (message.state.admitted && balint_is_leader(room->session.seats[to].role))
        add_for_leaders(room, &message.state);
    if (balint_room_inside(room, to) || balint_room_opens(room, to))
        message.state.roster = room->roster.epoch;
    bool hashed = balint_hash((const uint8_t *)&message.state, sizeof message.state, content);
    bool same = hashed && recipient->was_sent && balint_same(content, recipient->sent, sizeof content);
    for (int i = 0; i < answers - !same; i++)
        send_done(room, recipient->conn, recipient->answers[i]);
    if (same)
        return;
    recipient->was_sent = hashed;
    memcpy(recipient->sent, content, sizeof content);
    message.state.number = ++recipient->number;
    message.state.clock_ms = clock_us / 1000;
    message.re = answers > 0 ? recipient->answers[answers - 1] : 0;
    balint_room_send(room, recipient->conn, &message, false);
}

static void publish_changes(struct balint_room *room, int64_t clock_us)
{
    for (int seat = 0; seat < BALINT_SEATS; seat++) {
        if (room->stations[seat].conn == 0)
            continue;
        send_people(room, seat);
        send_roster(room, seat);
        send_crib(room, seat);
        send_state(room, seat, clock_us);
    }
}

void balint_room_publish(struct balint_room *room, int64_t now_us)
{
    int64_t clock_us = balint_room_clock(room, now_us);
    if (room->changed) {
        room->changed = false;
        publish_changes(room, clock_us);
    }
    let_follow(room);
}
