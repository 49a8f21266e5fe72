/* primitives.h - the two keyed functions of RFC 2104 and RFC 5869 as identity/ uses them, over SHA-256.
 *
 * Internal to identity/ and its tests, which check them with the RFCs' vectors. Pure; any thread.
 */
#ifndef BALINT_PRIMITIVES_H
#define BALINT_PRIMITIVES_H

#include "protocol/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* HMAC-SHA256 (RFC 2104, RFC 4231). */
bool balint_hmac(const uint8_t *key, size_t key_length, const uint8_t *bytes, size_t length,
                 uint8_t mac[BALINT_HASH_SIZE]);
/* HKDF-SHA256 (RFC 5869): `length` bytes of key material, at most 255 × 32. A salt or info of no bytes is
 * legal. */
bool balint_hkdf(const uint8_t *ikm, size_t ikm_length, const uint8_t *salt, size_t salt_length,
                 const uint8_t *info, size_t info_length, uint8_t *out, size_t length);

#endif
