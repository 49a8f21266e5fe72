/* pieces.c - a ledger told to another leader, one client process at a time.
 *
 * Layout (bytes): version 1 · member 32, padded with zeros · epoch 4 · the first 108 of a talk record
 * (talk.c: version to turns, without spans) · zeros. Numbers are big-endian. What is unused is zero and is
 * checked. Pure; one owner.
 */
#include "session/bytes.h"
#include "session/ledger_parts.h"

#include <string.h>

enum {
    VERSION = 1,
    AT_MEMBER = 1,
    AT_EPOCH = AT_MEMBER + 32,
    AT_TALK = AT_EPOCH + 4,
    TALK = 108, /* of a talk record, up to its spans */
    AT_END = AT_TALK + TALK,
};
_Static_assert(AT_END <= BALINT_LEDGER_PIECE, "a piece fits its envelope");
_Static_assert(BALINT_ID_SIZE == 33, "a member's id fits its field");

/* Does this process still tell its own count? */
static bool reports(const struct balint_ledger *ledger, const struct member *member,
                    const struct process *process)
{
    for (int i = 0; i < ledger->state.seat_count; i++) {
        const struct balint_state_seat *seat = &ledger->state.seats[i];
        if (strcmp(seat->member, member->id) == 0)
            return seat->connected && seat->epoch == process->epoch;
    }
    return false;
}

static void write_piece(const struct member *member, const struct process *process,
                        uint8_t piece[BALINT_LEDGER_PIECE])
{
    struct balint_talk talk;
    uint8_t record[BALINT_TALK_SIZE];
    balint_talk_init(&talk);
    talk.clock_ms = process->clock_ms;
    memcpy(talk.total_ms, process->total_ms, sizeof talk.total_ms);
    memcpy(talk.turns, process->turns, sizeof talk.turns);
    balint_talk_write(&talk, record);
    memset(piece, 0, BALINT_LEDGER_PIECE);
    piece[0] = VERSION;
    memcpy(piece + AT_MEMBER, member->id, strlen(member->id));
    balint_put(piece + AT_EPOCH, process->epoch, 4);
    memcpy(piece + AT_TALK, record, TALK);
}

bool balint_ledger_piece(const struct balint_ledger *ledger, int *cursor, uint8_t piece[BALINT_LEDGER_PIECE])
{
    for (; *cursor >= 0 && *cursor < BALINT_LEDGER_MEMBERS * BALINT_LEDGER_EPOCHS; ++*cursor) {
        const struct member *member = &ledger->members[*cursor / BALINT_LEDGER_EPOCHS];
        const struct process *process = &member->processes[*cursor % BALINT_LEDGER_EPOCHS];
        if (member->id[0] == '\0' || !process->used || process->clock_ms < 0 ||
            reports(ledger, member, process))
            continue;
        write_piece(member, process, piece);
        ++*cursor;
        return true;
    }
    *cursor = 0;
    return false;
}

bool balint_ledger_read_piece(const uint8_t *piece, size_t length, char member[BALINT_ID_SIZE],
                              uint32_t *epoch, struct balint_talk *talk)
{
    uint8_t record[BALINT_TALK_SIZE] = {0};
    if (length != BALINT_LEDGER_PIECE || piece[0] != VERSION)
        return false;
    memset(member, 0, BALINT_ID_SIZE);
    memcpy(member, piece + AT_MEMBER, BALINT_ID_SIZE - 1);
    memcpy(record, piece + AT_TALK, TALK);
    *epoch = (uint32_t)balint_get(piece + AT_EPOCH, 4);
    size_t name = strlen(member);
    return name > 0 && balint_is_zero(piece + AT_MEMBER + name, BALINT_ID_SIZE - 1 - name) &&
           balint_is_zero(piece + AT_END, BALINT_LEDGER_PIECE - AT_END) &&
           balint_talk_read(talk, record, sizeof record) && talk->span_count == 0;
}

bool balint_ledger_take_piece(struct balint_ledger *ledger, const uint8_t *piece, size_t length)
{
    char member[BALINT_ID_SIZE];
    struct balint_talk talk;
    uint32_t epoch;
    return balint_ledger_read_piece(piece, length, member, &epoch, &talk) &&
           balint_ledger_take(ledger, member, epoch, &talk);
}
