/* identity.h - what the fuzz targets of identity/ share: a key that is the same in every run.
 *
 * A fuzzer finds no signature. So each target reads any bytes, and demands that what is read writes itself
 * again as the same bytes; then it signs (or seals) the same content with a key of its own, so that what lies
 * behind the signature is reached as well.
 */
#ifndef BALINT_FUZZ_IDENTITY_H
#define BALINT_FUZZ_IDENTITY_H

#include "identity/identity.h"

#include "fuzz/require.h"

static inline const struct balint_key *fuzz_key(void)
{
    static struct balint_key key;
    static bool made;
    if (!made) {
        const uint8_t seed[BALINT_SEED_SIZE] = {42};
        REQUIRE(balint_key_from_seed(&key, seed));
        made = true;
    }
    return &key;
}

/* The same bytes with their last field, a signature, made by fuzz_key(). False: no room for one. */
static inline bool fuzz_sign(const uint8_t *data, size_t size, uint8_t *bytes)
{
    if (size < 2 + BALINT_SIGNATURE_SIZE)
        return false;
    memcpy(bytes, data, size);
    return balint_sign(fuzz_key(), bytes, size - 2 - BALINT_SIGNATURE_SIZE,
                       bytes + size - BALINT_SIGNATURE_SIZE);
}

#endif
