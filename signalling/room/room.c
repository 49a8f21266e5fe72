/* room.c - a group's room: makes it, feeds it messages and time, and says when it is over.
 *
 * Every message passes one gate: the wire's table says who may send it, then the session or one of the other
 * files does it. Whatever is refused is answered by an `error` that says what to do; what was refused only
 * because two people acted at the same time does not count as the sender's mistake. Pure; one owner.
 */
#include "room/parts.h"

#include <stdlib.h>
#include <string.h>

/* An evening has an end, also when a program was left running (rosters last no longer either). */
#define EVENING_US (INT64_C(12) * 3600 * 1000000)

struct balint_room *balint_room_new(const char *group, const uint8_t root[BALINT_KEY_SIZE],
                                    const struct balint_format *format, const char *boot,
                                    balint_random_fn random, int64_t now_us)
{
    struct balint_room *room = calloc(1, sizeof *room);
    if (room == NULL)
        return NULL;
    memcpy(room->boot, boot, strnlen(boot, sizeof room->boot - 1));
    memcpy(room->root, root, sizeof room->root);
    room->random = random;
    balint_room_evening(room, balint_evening_shipped());
    room->created_us = room->seen_us = now_us;
    balint_session_init(&room->session, group, format, 0);
    room->dirty = true;
    return room;
}

void balint_room_free(struct balint_room *room)
{
    if (room == NULL)
        return;
    balint_outbox_finish(&room->outbox);
    balint_outbox_finish(&room->behind);
    balint_wipe(room, sizeof *room);
    free(room);
}

void balint_room_evening(struct balint_room *room, const struct balint_evening *evening)
{
    room->evening = *evening;
    room->crib++;
    if (evening->ends_us != 0) {
        int64_t ends_us = evening->ends_us - room->created_us;
        room->session.ends_us = ends_us > 0 ? ends_us : 1;
    }
    balint_room_touch(room);
}

int64_t balint_room_clock(struct balint_room *room, int64_t now_us)
{
    if (now_us > room->seen_us)
        room->seen_us = now_us;
    return room->seen_us - room->created_us;
}

enum balint_role balint_room_invited_as(const struct balint_room *room, int seat)
{
    return room->stations[seat].role;
}

const uint8_t *balint_room_root(const struct balint_room *room)
{
    return room->root;
}

int64_t balint_room_clock_ms(const struct balint_room *room, int64_t now_us)
{
    return ((now_us > room->seen_us ? now_us : room->seen_us) - room->created_us) / 1000;
}

const struct balint_session *balint_room_session(const struct balint_room *room)
{
    return &room->session;
}

bool balint_room_dirty(const struct balint_room *room)
{
    return room->dirty;
}

void balint_room_unsaved(struct balint_room *room, bool unsaved)
{
    room->changed =
        room->changed || room->unsaved != unsaved; /* not dirty: there would be no end of saving */
    room->unsaved = unsaved;
}

void balint_room_touch(struct balint_room *room)
{
    room->dirty = true;
    room->changed = true;
}

int balint_room_seat(const struct balint_room *room, balint_conn conn)
{
    for (int seat = 0; conn != 0 && seat < BALINT_SEATS; seat++)
        if (room->stations[seat].conn == conn)
            return seat;
    return BALINT_NOBODY;
}

bool balint_room_inside(const struct balint_room *room, int seat)
{
    return room->session.seats[seat].admitted;
}

bool balint_room_opens(const struct balint_room *room, int seat)
{
    return !balint_room_inside(room, seat) && balint_is_leader(room->session.seats[seat].role) &&
           !balint_session_led(&room->session);
}

/* ---- messages */

/* Who sends, as a bit of the table's `from`. */
static unsigned standing_of(const struct balint_room *room, int seat)
{
    static const unsigned bits[BALINT_ROLES] = {
        [BALINT_LEADER] = BALINT_FROM_LEADER,
        [BALINT_CO_LEADER] = BALINT_FROM_LEADER,
        [BALINT_MEMBER] = BALINT_FROM_MEMBER,
        [BALINT_OBSERVER] = BALINT_FROM_OBSERVER,
    };
    return balint_room_inside(room, seat) ? bits[room->session.seats[seat].role] : BALINT_FROM_LOBBY;
}

/* The message types that are requests of the session. */
static const struct {
    enum balint_type type;
    enum balint_action action;
} acts[] = {
    {BALINT_MSG_PRESENT, BALINT_PRESENT},
    {BALINT_MSG_VOLUNTEER, BALINT_VOLUNTEER},
    {BALINT_MSG_AGREE, BALINT_AGREE},
    {BALINT_MSG_PHASE, BALINT_PHASE},
    {BALINT_MSG_STEP_BACK, BALINT_STEP_BACK},
    {BALINT_MSG_INVITE_BACK, BALINT_INVITE_BACK},
    {BALINT_MSG_RETURN, BALINT_RETURN},
    {BALINT_MSG_ASK_RETURN, BALINT_ASK_RETURN},
    {BALINT_MSG_HAND, BALINT_HAND},
    {BALINT_MSG_MUTE, BALINT_MUTE},
    {BALINT_MSG_MUTE_FOR_CAUSE, BALINT_MUTE_FOR_CAUSE},
    {BALINT_MSG_AWAY, BALINT_AWAY},
    {BALINT_MSG_SIT_OUT, BALINT_SIT_OUT},
    {BALINT_MSG_SHARED, BALINT_SHARED},
    {BALINT_MSG_END_AT, BALINT_END_AT},
    {BALINT_MSG_AFTER_ROOM, BALINT_AFTER_ROOM},
    {BALINT_MSG_TURN, BALINT_TURN},
    {BALINT_MSG_ROUND, BALINT_ROUND},
    {BALINT_MSG_LEAD, BALINT_LEAD},
};

/* What each refusal is about on the wire, and whether it is the sender's own mistake: the rest can happen to
 * anybody whose last state was a moment old. */
static const struct {
    const char *field;
    bool mistake;
} refusals[BALINT_RESULTS] = {
    [BALINT_NOT_ADMITTED] = {"", true},       [BALINT_NOT_YOURS] = {"", true},
    [BALINT_NO_SUCH_SEAT] = {"seat", false},  [BALINT_NO_SUCH_PHASE] = {"phase", true},
    [BALINT_ILLEGAL_EDGE] = {"phase", false}, [BALINT_NO_PRESENTER] = {"", false},
    [BALINT_NO_STEP_BACK] = {"", false},      [BALINT_HOLD_TO_RETURN] = {"held", false},
    [BALINT_BAD_VALUE] = {"", true},          [BALINT_STILL_MUTED] = {"on", false},
    [BALINT_NOT_ASKED] = {"", false},         [BALINT_NOT_YET] = {"", false},
    [BALINT_NO_ROUND] = {"", false},          [BALINT_NO_SUCH_FORMAT] = {"format", false},
    [BALINT_TOO_LATE] = {"format", false},    [BALINT_COME_BACK] = {"", false},
    [BALINT_WORK_DONE] = {"", false},
};

static bool ask(struct balint_room *room, int seat, int64_t re, const struct balint_request *request,
                int64_t clock_us)
{
    enum balint_result result = balint_session_request(&room->session, seat, request, clock_us);
    if (result == BALINT_OK) {
        balint_room_touch(room);
        balint_room_answer(room, seat, re);
        return true;
    }
    balint_room_refuse(room, room->stations[seat].conn, re, balint_result_name(result),
                       refusals[result].field, balint_result_text(result));
    return !refusals[result].mistake;
}

static bool act(struct balint_room *room, int seat, const struct balint_message *message,
                enum balint_action action, int64_t clock_us)
{
    struct balint_request request = {
        .action = action, .seat = message->act.seat, .value = message->act.value};
    return ask(room, seat, message->id, &request, clock_us);
}

/* The session knows formats by their place. */
static bool choose(struct balint_room *room, int seat, const struct balint_message *message, int64_t clock_us)
{
    struct balint_request request = {.action = BALINT_FORMAT, .seat = BALINT_NOBODY};
    const struct balint_format *choice;
    while ((choice = balint_session_choice(&room->session, request.value)) != NULL &&
           strcmp(choice->id, message->choice.format) != 0)
        request.value++;
    return ask(room, seat, message->id, &request, clock_us);
}

/* A socket is gone; the seat stays. */
static void hang_up(struct balint_room *room, int seat, int64_t clock_us)
{
    room->stations[seat].conn = 0;
    balint_session_disconnect(&room->session, seat, clock_us);
    balint_room_touch(room);
}

static void leave(struct balint_room *room, int seat, int64_t re, int64_t clock_us)
{
    balint_session_leave(&room->session, seat, clock_us);
    balint_room_end(room, room->stations[seat].conn, BALINT_MSG_BYE, re, "left",
                    "You have left the session.");
    hang_up(room, seat, clock_us);
    if (balint_room_inside(room, seat)) /* whoever leaves by mistake comes back by the roster */
        room->stations[seat].left = true;
    else
        balint_room_remove(room, seat, "left", "", clock_us);
}

static void pong(struct balint_room *room, int seat, const struct balint_message *message, int64_t clock_us)
{
    struct balint_message answer = {.type = BALINT_MSG_PONG, .re = message->id};
    answer.pong.sent = message->ping.sent;
    answer.pong.clock_ms = clock_us / 1000;
    balint_room_send(room, room->stations[seat].conn, &answer, false);
}

bool balint_room_message(struct balint_room *room, balint_conn conn, const struct balint_message *message,
                         int64_t now_us)
{
    int64_t clock_us = balint_room_clock(room, now_us);
    int seat = balint_room_seat(room, conn);
    if (seat == BALINT_NOBODY)
        return balint_room_refuse(room, conn, message->id, "no-seat", "", "Please say hello first.");

    unsigned allowed = balint_message_from(message->type), standing = standing_of(room, seat);
    if ((allowed & standing) == 0) {
        bool waits = standing == BALINT_FROM_LOBBY && (allowed & BALINT_FROM_ADMITTED) != 0;
        enum balint_result result = waits ? BALINT_NOT_ADMITTED : BALINT_NOT_YOURS;
        return balint_room_refuse(room, conn, message->id, balint_result_name(result), "",
                                  balint_result_text(result));
    }
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (acts[i].type == message->type)
            return act(room, seat, message, acts[i].action, clock_us);

    switch (message->type) {
    case BALINT_MSG_JOIN:
        return balint_room_join(room, seat, message);
    case BALINT_MSG_ADMIT:
        return balint_room_admit(room, seat, message, now_us);
    case BALINT_MSG_FORMAT:
        return choose(room, seat, message, clock_us);
    case BALINT_MSG_LOCK:
        room->locked = message->act.value != 0;
        balint_room_touch(room);
        balint_room_answer(room, seat, message->id);
        return true;
    case BALINT_MSG_PASS:
        return balint_room_pass(room, seat, message, now_us);
    case BALINT_MSG_LEAVE:
        leave(room, seat, message->id, clock_us);
        return true;
    case BALINT_MSG_PING:
        pong(room, seat, message, clock_us);
        return true;
    default:
        return balint_room_forward(room, seat, message);
    }
}

/* ---- sockets and time */

void balint_room_closed(struct balint_room *room, balint_conn conn, int64_t now_us)
{
    int64_t clock_us = balint_room_clock(room, now_us);
    int seat = balint_room_seat(room, conn);
    if (seat != BALINT_NOBODY)
        hang_up(room, seat, clock_us);
}

void balint_room_bye(struct balint_room *room, const char *code, const char *text)
{
    for (int seat = 0; seat < BALINT_SEATS; seat++) {
        if (room->stations[seat].conn == 0)
            continue;
        balint_room_end(room, room->stations[seat].conn, BALINT_MSG_BYE, 0, code, text);
        hang_up(room, seat, room->seen_us - room->created_us);
    }
}

void balint_room_tick(struct balint_room *room, int64_t now_us)
{
    int64_t clock_us = balint_room_clock(room, now_us);
    if (balint_session_tick(&room->session, clock_us))
        balint_room_touch(room);
    if (clock_us >= EVENING_US && !room->ended) {
        room->ended = true;
        balint_room_bye(room, "ended", "This evening is over: please open your link again for the next one.");
    }
}

bool balint_room_over(const struct balint_room *room, int64_t now_us)
{
    bool all_left = true;
    for (int seat = 0; seat < BALINT_SEATS; seat++) {
        if (room->stations[seat].conn != 0)
            return false;
        if (room->session.seats[seat].admitted && !room->stations[seat].left)
            all_left = false;
    }
    return all_left || balint_room_clock_ms(room, now_us) >= EVENING_US / 1000;
}
