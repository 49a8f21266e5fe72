/* join.c - fuzz target: join records. */
#include "fuzz/identity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct balint_join_record join;
    uint8_t bytes[BALINT_JOIN_SIZE];
    if (!balint_join_read(&join, data, size))
        return 0;
    REQUIRE(balint_join_write(&join, bytes) == size && memcmp(bytes, data, size) == 0);
    REQUIRE(!balint_join_verify(&join, data, size, fuzz_key()->public_half) ||
            join.signature_length == BALINT_SIGNATURE_SIZE);
    if (join.signature_length == BALINT_SIGNATURE_SIZE && fuzz_sign(data, size, bytes))
        REQUIRE(balint_join_verify(&join, bytes, size, fuzz_key()->public_half));
    return 0;
}
