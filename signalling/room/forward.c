/* forward.c - what people's programs tell each other through the room: links, and reports to leaders.
 *
 * Nothing of a link reaches or leaves a person who is not admitted, but between a leader and who that leader
 * looks at, for as long as the look lasts. The sender's seat is written by the room,
 * never taken from the message. Envelopes are passed on unread. Whether something may pass is judged when it
 * comes. A join reaches others only once it is
 * committed, and nothing that was signed or sealed by it may overtake it on the way: the receiver would take
 * it for a forgery. Pure; one owner.
 */
#include "room/parts.h"

#include <string.h>

/* Where each message has its seat: the receiver's on the way in, the sender's on the way out. */
static int *seat_of(struct balint_message *message)
{
    switch (message->type) {
    case BALINT_MSG_OFFER:
    case BALINT_MSG_ANSWER:
        return &message->sdp.seat;
    case BALINT_MSG_CANDIDATE:
        return &message->candidate.seat;
    case BALINT_MSG_LINK:
        return &message->link.seat;
    case BALINT_MSG_REPORT:
        return &message->report.seat;
    default:
        return NULL;
    }
}

/* The session clock, as of the message at hand. */
static int64_t clock_of(const struct balint_room *room)
{
    return room->seen_us - room->created_us;
}

/* Does the leader on one of these seats look at who waits on the other? */
static bool look_lasts(const struct balint_room *room, int leader, int guest)
{
    return room->looks_us[leader][guest] > clock_of(room) && balint_room_inside(room, leader) &&
           balint_is_leader(room->session.seats[leader].role) && !balint_room_inside(room, guest);
}

static bool are_looking(const struct balint_room *room, int a, int b)
{
    return look_lasts(room, a, b) || look_lasts(room, b, a);
}

/* Counts a candidate. Beyond the limit of its link and side: -1 for the first, -2 for every further one. */
static int count_candidate(struct balint_tally *tally, int64_t generation)
{
    if (generation > tally->generation) {
        tally->generation = generation;
        tally->count = 0;
    }
    if (tally->count < BALINT_CANDIDATES) {
        tally->count++;
        return 0;
    }
    return tally->count++ == BALINT_CANDIDATES ? -1 : -2;
}

void balint_room_forget_links(struct balint_room *room, int seat)
{
    for (int other = 0; other < BALINT_SEATS; other++) {
        memset(&room->tallies[seat][other], 0, sizeof room->tallies[seat][other]);
        memset(&room->tallies[other][seat], 0, sizeof room->tallies[other][seat]);
        room->looks_us[seat][other] = room->looks_us[other][seat] = 0;
    }
}

/* May the message go there? Answers an error if not. Free seats, the lobby and lost people look the same from
 * here, so that nobody finds out by trying who is at the door. */
static bool reachable(struct balint_room *room, int seat, const struct balint_message *message, int to,
                      bool *mistake)
{
    balint_conn conn = room->stations[seat].conn;
    const struct balint_seat *receiver = to >= 0 && to < BALINT_SEATS ? &room->session.seats[to] : NULL;
    bool other = receiver != NULL && to != seat;
    bool looking = other && message->type != BALINT_MSG_REPORT && are_looking(room, seat, to);
    if (!balint_room_inside(room, seat) && !looking) {
        *mistake = !other || room->looks_us[to][seat] == 0; /* what crossed the end of a look is none */
        return balint_room_refuse(room, conn, message->id, "not-admitted", "",
                                  balint_result_text(BALINT_NOT_ADMITTED));
    }
    *mistake = !other;
    if (*mistake)
        return balint_room_refuse(room, conn, message->id, "no-such-seat", "to",
                                  "A link goes to another person's seat.");
    if ((!receiver->admitted && !looking) || room->stations[to].conn == 0)
        return balint_room_refuse(room, conn, message->id, "not-here", "to",
                                  "This person is not here at the moment: wait for the next state.");
    *mistake = message->type == BALINT_MSG_REPORT && !balint_is_leader(receiver->role) &&
               !balint_is_leader(room->session.seats[seat].role);
    if (*mistake)
        return balint_room_refuse(room, conn, message->id, "not-yours", "to",
                                  "Reports go to leaders, or come from them.");
    return true;
}

/* Has the receiver been told of the sender's newest join, or is it told by the look's own pass? */
static bool knows(const struct balint_room *room, int receiver, int sender)
{
    return room->stations[receiver].person_sent[sender] == room->stations[sender].version ||
           are_looking(room, sender, receiver);
}

bool balint_room_forward(struct balint_room *room, int seat, const struct balint_message *message)
{
    struct balint_message copy = *message;
    balint_conn conn = room->stations[seat].conn;
    int *place = seat_of(&copy);
    if (place == NULL)
        return balint_room_refuse(room, conn, message->id, "not-yours", "",
                                  "This is nothing that can be asked here: please update your program.");

    int to = *place;
    bool mistake;
    if (!reachable(room, seat, message, to, &mistake))
        return !mistake;
    if (message->type == BALINT_MSG_CANDIDATE) {
        int excess = count_candidate(&room->tallies[seat][to], message->candidate.generation);
        if (excess == -1)
            balint_room_refuse(room, conn, message->id, "too-many-candidates", "",
                               "This link has sent all the candidates it may: the others are left out.");
        if (excess != 0)
            return true;
    }
    *place = seat;
    copy.id = 0;
    copy.re = 0;
    if (knows(room, to, seat))
        balint_room_send(room, room->stations[to].conn, &copy, false);
    else
        balint_room_send_behind(room, room->stations[to].conn, &copy);
    balint_room_answer(room, seat, message->id);
    return true;
}

/* The pass as its guest will judge it: by this leader's device, over the joins of both. */
static enum balint_trust judge(const struct balint_room *room, int leader, int guest,
                               const struct balint_pass_bytes *bytes, int64_t now_s)
{
    const struct balint_join_bytes *own = &room->stations[leader].join, *join = &room->stations[guest].join;
    struct balint_pass pass;
    uint8_t leader_hash[BALINT_HASH_SIZE], guest_hash[BALINT_HASH_SIZE];
    if (!balint_hash(own->data, own->length, leader_hash) ||
        !balint_hash(join->data, join->length, guest_hash))
        return BALINT_TRUST_FORM;
    return balint_pass_verify(&pass, bytes->data, bytes->length, room->stations[leader].device_key,
                              leader_hash, guest_hash, now_s);
}

bool balint_room_pass(struct balint_room *room, int seat, const struct balint_message *message,
                      int64_t now_us)
{
    balint_conn conn = room->stations[seat].conn;
    int to = message->pass.seat;
    if (to < 0 || to >= BALINT_SEATS || !room->session.seats[to].taken || balint_room_inside(room, to) ||
        room->stations[to].conn == 0) {
        balint_room_refuse(room, conn, message->id, "not-here", "to",
                           "This person is not at the door any more: wait for the next state.");
        return true;
    }
    if (judge(room, seat, to, &message->pass.pass, now_us / 1000000) != BALINT_TRUST_OK) {
        balint_room_refuse(
            room, conn, message->id, "bad-pass", "pass",
            "This look could not begin: try again, and see that this computer's clock is right.");
        return true;
    }
    struct balint_message copy = {.type = BALINT_MSG_PASS, .pass = message->pass};
    room->looks_us[seat][to] = balint_room_clock(room, now_us) + BALINT_LOOK_S * INT64_C(1000000);
    copy.pass.seat = seat;
    balint_room_send_person(room, room->stations[to].conn, seat);
    balint_room_send(room, room->stations[to].conn, &copy, false);
    balint_room_answer(room, seat, message->id);
    return true;
}
