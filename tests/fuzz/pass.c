/* pass.c - fuzz target: passes for a look at the door. */
#include "fuzz/identity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct balint_pass pass;
    uint8_t bytes[BALINT_PASS_SIZE], again[BALINT_PASS_SIZE];
    const uint8_t *key = fuzz_key()->public_half, leader[BALINT_HASH_SIZE] = {1},
                  guest[BALINT_HASH_SIZE] = {2};
    if (balint_pass_verify(&pass, data, size, key, leader, guest, 1000) == BALINT_TRUST_FORM)
        return 0;
    /* Well formed: then it is a pass between the two joins that stand in it, once we have signed it. */
    const size_t first = 2 + sizeof "balint1 pass" - 1 + 2, second = first + BALINT_HASH_SIZE + 2;
    REQUIRE(size <= sizeof bytes && fuzz_sign(data, size, bytes));
    enum balint_trust trust =
        balint_pass_verify(&pass, bytes, size, key, bytes + first, bytes + second, 1000);
    REQUIRE(trust == BALINT_TRUST_OK || trust == BALINT_TRUST_EXPIRED || trust == BALINT_TRUST_TOO_LONG);
    if (trust == BALINT_TRUST_OK)
        REQUIRE(balint_pass_make(&pass, fuzz_key(), again) == size && memcmp(again, bytes, size) == 0);
    return 0;
}
