/* talk.c - fuzz target: talk records, and what a leader's ledger makes of them. */
#include "fuzz/require.h"
#include "session/ledger.h"

/* A leader and the member who reports, in the longest discussion there is. */
static void discussion(struct balint_state *state)
{
    memset(state, 0, sizeof *state);
    state->admitted = true;
    state->format = *balint_format_find("classic");
    state->phase = 5;
    state->leads = 0;
    state->presenter = BALINT_NOBODY;
    state->seat_count = 2;
    for (int i = 0; i < 2; i++) {
        struct balint_state_seat *seat = &state->seats[i];
        snprintf(seat->member, sizeof seat->member, i == 0 ? "leader" : "anna");
        seat->seat = i;
        seat->epoch = 1;
        seat->connected = true;
        seat->role = i == 0 ? BALINT_LEADER : BALINT_MEMBER;
    }
}

static void sane(const struct balint_ledger *ledger, int64_t now_ms)
{
    struct balint_balance balance;
    double sum = 0;
    balint_ledger_balance(ledger, now_ms, &balance);
    for (int i = 0; i < balance.member_count; i++) {
        REQUIRE(balance.rows[i].share >= 0 && balance.rows[i].share <= 1);
        REQUIRE(balance.rows[i].spoken_ms >= 0 && balance.rows[i].spoken_all_ms >= 0);
        sum += balance.rows[i].share;
    }
    REQUIRE(sum >= 0 && sum <= 1.000001);
    REQUIRE(balance.leaders_share >= 0 && balance.leaders_share <= 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct balint_talk talk;
    struct balint_state state;
    uint8_t bytes[BALINT_TALK_SIZE];
    struct balint_ledger *ledger = balint_ledger_new();
    REQUIRE(ledger);
    discussion(&state);
    balint_ledger_state(ledger, &state);
    /* One record after the other, as a client's reports; a shorter rest is none. */
    for (; size > 0; data += size < BALINT_TALK_SIZE ? size : BALINT_TALK_SIZE,
                     size -= size < BALINT_TALK_SIZE ? size : BALINT_TALK_SIZE) {
        size_t length = size < BALINT_TALK_SIZE ? size : BALINT_TALK_SIZE;
        if (!balint_talk_read(&talk, data, length))
            continue;
        balint_talk_write(&talk, bytes);
        REQUIRE(memcmp(bytes, data, sizeof bytes) == 0);
        state.clock_ms = talk.clock_ms;
        balint_ledger_state(ledger, &state);
        balint_ledger_take(ledger, "anna", 1, &talk);
        sane(ledger, talk.clock_ms);
    }
    balint_ledger_free(ledger);
    return 0;
}
