/* primitives.h - the keyed functions of RFC 2104, RFC 5869 and RFC 7748 as identity/ uses them.
 *
 * Internal to identity/ and its tests, which check them with the RFCs' vectors. Pure; any thread.
 */
#ifndef BALINT_PRIMITIVES_H
#define BALINT_PRIMITIVES_H

#include "identity/identity.h"

/* HMAC-SHA256 (RFC 2104, RFC 4231). */
bool balint_hmac(const uint8_t *key, size_t key_length, const uint8_t *bytes, size_t length,
                 uint8_t mac[BALINT_HASH_SIZE]);
/* HKDF-SHA256 (RFC 5869): `length` bytes of key material, at most 255 × 32. A salt or info of no bytes is
 * legal. */
bool balint_hkdf(const uint8_t *ikm, size_t ikm_length, const uint8_t *salt, size_t salt_length,
                 const uint8_t *info, size_t info_length, uint8_t *out, size_t length);

/* The X25519 secret of two halves (RFC 7748 §6.1). The caller wipes it. */
bool balint_exchange_agree(const uint8_t private_half[BALINT_KEY_SIZE],
                           const uint8_t other_public_half[BALINT_KEY_SIZE], uint8_t secret[BALINT_KEY_SIZE]);
/* The key of the direction sender → receiver (hashes of their joins). False: the secret is all zeros. */
bool balint_exchange_key(const uint8_t secret[BALINT_KEY_SIZE], const uint8_t session[BALINT_SESSION_SIZE],
                         const uint8_t sender[BALINT_HASH_SIZE], const uint8_t receiver[BALINT_HASH_SIZE],
                         uint8_t key[BALINT_KEY_SIZE]);

#endif
