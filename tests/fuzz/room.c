/* room.c - fuzz target: the saved text of a room, with the session in it.
 *
 * What is loaded saves itself as the same text, and lets its people come back and leave again.
 */
#include "fuzz/saved.h"
#include "room/parts.h"

#define NOW_US INT64_C(1790000100000000) /* in the evening of the corpus */
#define BOOT   "0123456789abcdef"

static bool no_dice(uint8_t *bytes, size_t length)
{
    memset(bytes, 6, length);
    return true;
}

static void deliver(struct balint_room *room, int64_t now_us)
{
    struct balint_outgoing out;
    balint_room_publish(room, now_us);
    while (balint_room_outgoing(room, &out))
        free(out.text);
}

static void come_back(struct balint_room *room)
{
    static struct balint_hello hello;
    struct balint_certificate certificate;
    int64_t now_us = NOW_US;
    for (int seat = 0; seat < BALINT_SEATS; seat++) {
        const struct balint_station *station = &room->stations[seat];
        balint_conn conn = (balint_conn)seat + 1;
        if (!balint_certificate_read(&certificate, station->certificate.data, station->certificate.length,
                                     NULL))
            continue;
        hello.certificate = station->certificate;
        hello.device = station->device;
        hello.join = station->join;
        balint_room_hello(room, conn, &certificate, &hello, 1, now_us);
        deliver(room, now_us);
    }
    for (balint_conn conn = 1; conn <= BALINT_SEATS; conn++)
        for (int type = BALINT_MSG_PRESENT; type <= BALINT_MSG_LEAVE; type++) {
            struct balint_message message = {.type = (enum balint_type)type, .id = type};
            message.act.value = 1;
            if (balint_room_seat(room, conn) != BALINT_NOBODY)
                balint_room_message(room, conn, &message, now_us);
            now_us += 500000;
            balint_room_tick(room, now_us);
            deliver(room, now_us);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *why = NULL;
    char *text = fuzz_checksums(data, size);
    struct balint_room *room = balint_room_load(text, BOOT, no_dice, NOW_US, &why);
    free(text);
    if (!room) {
        REQUIRE(why && why[0]);
        return 0;
    }
    char *saved = balint_room_save(room);
    REQUIRE(saved);
    struct balint_room *again = balint_room_load(saved, BOOT, no_dice, NOW_US, &why);
    REQUIRE(again);
    char *twice = balint_room_save(again);
    REQUIRE(twice && strcmp(saved, twice) == 0);
    come_back(again);
    free(saved);
    free(twice);
    balint_room_free(room);
    balint_room_free(again);
    return 0;
}
