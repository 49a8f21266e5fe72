/* token.c - fuzz target: the door's tokens. */
#include "fuzz/identity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t hash[BALINT_HASH_SIZE] = {1}, door[BALINT_KEY_SIZE] = {2};
    struct balint_token token;
    uint8_t bytes[BALINT_TOKEN_SIZE];
    bool verified = balint_token_verify(data, size, "Tuesday", hash, door);
    if (!balint_token_peek(&token, data, size)) {
        REQUIRE(!verified);
        return 0;
    }
    REQUIRE(balint_token_make(&token, "Tuesday", hash, door, bytes) == size);
    REQUIRE(memcmp(bytes, data, size - BALINT_HASH_SIZE) == 0);
    REQUIRE(verified == (memcmp(bytes, data, size) == 0));
    REQUIRE(balint_token_verify(bytes, size, "Tuesday", hash, door));
    return 0;
}
