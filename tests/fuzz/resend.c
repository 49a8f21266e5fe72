/* resend.c - fuzz target: questions for spans, and spans told again, as a leader's program takes them. */
#include "client/resender.h"
#include "fuzz/require.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct balint_resender resender; /* large */
    static struct balint_talkbook book;
    struct balint_ledger *ledger = balint_ledger_new();
    struct balint_state state = {.admitted = true, .you = 0, .seat_count = 3};
    struct balint_resend read;
    REQUIRE(ledger);
    balint_resender_init(&resender);
    balint_talkbook_init(&book);
    for (int i = 0; i < 3; i++) {
        state.seats[i].seat = i;
        state.seats[i].connected = true;
        state.seats[i].role = i < 2 ? BALINT_LEADER : BALINT_MEMBER;
        state.seats[i].member[0] = (char)('a' + i);
    }
    balint_ledger_state(ledger, &state);
    balint_resender_state(&resender, &state);
    for (; size > BALINT_RESEND_SIZE; data += 1 + BALINT_RESEND_SIZE, size -= 1 + BALINT_RESEND_SIZE) {
        uint8_t again[BALINT_RESEND_SIZE];
        if (balint_resend_read(&read, data + 1, BALINT_RESEND_SIZE)) {
            balint_resend_write(&read, again);
            REQUIRE(memcmp(again, data + 1, sizeof again) == 0); /* one encoding of each */
        }
        balint_resender_take(&resender, ledger, data[0] % 4, data + 1, BALINT_RESEND_SIZE, 100000);
        const uint8_t *body = balint_resender_next(&resender, ledger, &book, data[0] % 4, 200000);
        REQUIRE(!body || balint_resend_read(&read, body, BALINT_RESEND_SIZE));
        if (body)
            balint_resender_sent(&resender, data[0] % 4);
    }
    struct balint_balance balance;
    balint_ledger_balance(ledger, 100000, &balance);
    balint_ledger_free(ledger);
    return 0;
}
