/* grant.c - fuzz target: grants. */
#include "fuzz/identity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct balint_grant grant, again;
    uint8_t bytes[BALINT_GRANT_SIZE], signed_bytes[BALINT_GRANT_SIZE];
    if (!balint_grant_verify(&grant, data, size, NULL))
        return 0;
    REQUIRE(size <= sizeof bytes && fuzz_sign(data, size, signed_bytes));
    REQUIRE(balint_grant_verify(&again, signed_bytes, size, fuzz_key()->public_half));
    REQUIRE(balint_grant_make(&grant, fuzz_key(), bytes) == size);
    REQUIRE(memcmp(bytes, signed_bytes, size) == 0);
    return 0;
}
