/* forward.c - what people's programs tell each other through the room: links, and reports to leaders.
 *
 * Nothing of a link reaches or leaves a person who is not admitted. The sender's seat is written by the room,
 * never taken from the message. Envelopes are passed on unread. Pure; one owner.
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
    }
}

/* May the message go there? Answers an error if not. Free seats, the lobby and lost people look the same from
 * here, so that nobody finds out by trying who is at the door. */
static bool reachable(struct balint_room *room, int seat, const struct balint_message *message, int to,
                      bool *mistake)
{
    balint_conn conn = room->stations[seat].conn;
    const struct balint_seat *receiver = to >= 0 && to < BALINT_SEATS ? &room->session.seats[to] : NULL;
    *mistake = receiver == NULL || to == seat;
    if (*mistake)
        return balint_room_refuse(room, conn, message->id, "no-such-seat", "to",
                                  "A link goes to another person's seat.");
    if (!receiver->admitted || room->stations[to].conn == 0)
        return balint_room_refuse(room, conn, message->id, "not-here", "to",
                                  "This person is not here at the moment: wait for the next state.");
    *mistake = message->type == BALINT_MSG_REPORT && !balint_is_leader(receiver->role) &&
               !balint_is_leader(room->session.seats[seat].role);
    if (*mistake)
        return balint_room_refuse(room, conn, message->id, "not-yours", "to",
                                  "Reports go to leaders, or come from them.");
    return true;
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
    balint_room_send(room, room->stations[to].conn, &copy, false);
    balint_room_answer(room, seat, message->id);
    return true;
}
