/* exchange.c - X25519 between two client processes, and the two keys that come of it.
 *
 * RFC 7748 §6.1: a public half of small order makes an all-zero secret, the same for everybody; it is refused
 * by the library and once more here, since another library behind EVP need not do so. The keys: HKDF-SHA256
 * (RFC 5869), salt the session, info the fields (record.h) "balint1 envelope", SHA-256 of the sender's join,
 * of the receiver's; so each direction has a key of its own, and each pair of joins. Pure but for randomness;
 * any thread.
 */
#include "identity/identity.h"
#include "identity/primitives.h"
#include "identity/record.h"

#include <openssl/evp.h>
#include <string.h>

bool balint_exchange_public(const uint8_t private_half[BALINT_KEY_SIZE], uint8_t public_half[BALINT_KEY_SIZE])
{
    size_t length = BALINT_KEY_SIZE;
    EVP_PKEY *pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, private_half, BALINT_KEY_SIZE);
    bool ok = pkey != NULL && EVP_PKEY_get_raw_public_key(pkey, public_half, &length) == 1 &&
              length == BALINT_KEY_SIZE;
    EVP_PKEY_free(pkey);
    return ok;
}

bool balint_exchange_make(uint8_t private_half[BALINT_KEY_SIZE], uint8_t public_half[BALINT_KEY_SIZE])
{
    bool ok =
        balint_random(private_half, BALINT_KEY_SIZE) && balint_exchange_public(private_half, public_half);
    if (!ok)
        balint_wipe(private_half, BALINT_KEY_SIZE);
    return ok;
}

bool balint_exchange_agree(const uint8_t private_half[BALINT_KEY_SIZE],
                           const uint8_t other_public_half[BALINT_KEY_SIZE], uint8_t secret[BALINT_KEY_SIZE])
{
    size_t length = BALINT_KEY_SIZE;
    EVP_PKEY *own = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, private_half, BALINT_KEY_SIZE);
    EVP_PKEY *other = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, other_public_half, BALINT_KEY_SIZE);
    EVP_PKEY_CTX *context = own == NULL ? NULL : EVP_PKEY_CTX_new(own, NULL);
    bool ok = other != NULL && context != NULL && EVP_PKEY_derive_init(context) == 1 &&
              EVP_PKEY_derive_set_peer(context, other) == 1 &&
              EVP_PKEY_derive(context, secret, &length) == 1 && length == BALINT_KEY_SIZE;
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(other);
    EVP_PKEY_free(own);
    return ok;
}

bool balint_exchange_key(const uint8_t secret[BALINT_KEY_SIZE], const uint8_t session[BALINT_SESSION_SIZE],
                         const uint8_t sender[BALINT_HASH_SIZE], const uint8_t receiver[BALINT_HASH_SIZE],
                         uint8_t key[BALINT_KEY_SIZE])
{
    static const uint8_t zeros[BALINT_KEY_SIZE];
    uint8_t info[128];
    struct balint_record_out writer;
    if (balint_same(secret, zeros, sizeof zeros))
        return false;
    balint_record_begin(&writer, info, sizeof info);
    balint_record_put_text(&writer, "balint1 envelope");
    balint_record_put(&writer, sender, BALINT_HASH_SIZE);
    balint_record_put(&writer, receiver, BALINT_HASH_SIZE);
    size_t length = balint_record_end(&writer);
    return length > 0 && balint_hkdf(secret, BALINT_KEY_SIZE, session, BALINT_SESSION_SIZE, info, length, key,
                                     BALINT_KEY_SIZE);
}
