/* envelope.c - fuzz target: envelopes, open, sealed by nobody, and sealed with any content. */
#include "identity/envelope.h"
#include "fuzz/identity.h"

static void channels(struct balint_channel *near, struct balint_channel *far)
{
    static const uint8_t first[BALINT_KEY_SIZE] = {8}, second[BALINT_KEY_SIZE] = {16},
                         session[BALINT_SESSION_SIZE] = {3};
    static struct balint_channel made[2];
    uint8_t near_half[BALINT_KEY_SIZE], far_half[BALINT_KEY_SIZE];
    if (made[0].sent == 0) {
        REQUIRE(balint_exchange_public(first, near_half) && balint_exchange_public(second, far_half));
        REQUIRE(balint_channel_make(&made[0], first, far_half, session, near_half, far_half));
        REQUIRE(balint_channel_make(&made[1], second, near_half, session, far_half, near_half));
        made[0].sent = 1;
    }
    *near = made[0];
    *far = made[1];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct balint_channel near, far;
    struct balint_envelope envelope, opened;
    uint8_t bytes[BALINT_ENVELOPE_SIZE];
    channels(&near, &far);
    REQUIRE(!balint_channel_open(&far, &opened, data, size)); /* nobody sealed it */
    REQUIRE(far.seen == 0);
    if (balint_envelope_read(&envelope, data, size)) {
        balint_envelope_write(&envelope, bytes);
        REQUIRE(memcmp(bytes, data, sizeof bytes) == 0);
    }
    if (size != BALINT_ENVELOPE_SIZE || !balint_envelope_decode(&envelope, data, BALINT_ENVELOPE_KINDS))
        return 0;
    REQUIRE(balint_channel_seal(&near, envelope.epoch, envelope.kind, envelope.body, bytes));
    REQUIRE(balint_channel_open(&far, &opened, bytes, sizeof bytes));
    REQUIRE(opened.kind == envelope.kind && opened.epoch == envelope.epoch);
    REQUIRE(memcmp(opened.body, envelope.body, sizeof opened.body) == 0);
    REQUIRE(!balint_channel_open(&far, &opened, bytes, sizeof bytes));
    return 0;
}
