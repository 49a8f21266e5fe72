/* key.c - the primitives: Ed25519, SHA-256, HMAC, HKDF and randomness, each a short walk through OpenSSL EVP.
 *
 * Why EVP alone: nothing here is cryptography of our own, only calls of a library that others review.
 * Secrets are wiped where they are no longer needed. Pure but for randomness; any thread.
 */
#include "identity/identity.h"
#include "identity/primitives.h"

#include <limits.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <string.h>

bool balint_random(uint8_t *bytes, size_t length)
{
    return length <= INT_MAX && RAND_priv_bytes(bytes, (int)length) == 1;
}

bool balint_key_make(struct balint_key *key)
{
    uint8_t seed[BALINT_SEED_SIZE];
    bool ok = balint_random(seed, sizeof seed) && balint_key_from_seed(key, seed);
    balint_wipe(seed, sizeof seed);
    return ok;
}

/* RFC 8032 §5.1.5: the public half of a seed. */
bool balint_key_from_seed(struct balint_key *key, const uint8_t seed[BALINT_SEED_SIZE])
{
    uint8_t public_half[BALINT_KEY_SIZE];
    size_t length = sizeof public_half;
    EVP_PKEY *pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, BALINT_SEED_SIZE);
    bool ok = pkey != NULL && EVP_PKEY_get_raw_public_key(pkey, public_half, &length) == 1 &&
              length == sizeof public_half;
    EVP_PKEY_free(pkey);
    if (ok) {
        memmove(key->seed, seed, BALINT_SEED_SIZE);
        memcpy(key->public_half, public_half, sizeof public_half);
    }
    return ok;
}

bool balint_key_of_person(struct balint_key *key, const uint8_t seed[BALINT_SEED_SIZE],
                          const uint8_t root[BALINT_KEY_SIZE])
{
    static const char info[] = "balint1 person";
    uint8_t derived[BALINT_SEED_SIZE];
    bool ok = balint_hkdf(seed, BALINT_SEED_SIZE, root, BALINT_KEY_SIZE, (const uint8_t *)info,
                          sizeof info - 1, derived, sizeof derived) &&
              balint_key_from_seed(key, derived);
    balint_wipe(derived, sizeof derived);
    return ok;
}

bool balint_sign(const struct balint_key *key, const uint8_t *bytes, size_t length,
                 uint8_t signature[BALINT_SIGNATURE_SIZE])
{
    size_t made = BALINT_SIGNATURE_SIZE;
    EVP_PKEY *pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, key->seed, sizeof key->seed);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool ok = pkey != NULL && context != NULL && EVP_DigestSignInit(context, NULL, NULL, NULL, pkey) == 1 &&
              EVP_DigestSign(context, signature, &made, bytes, length) == 1 && made == BALINT_SIGNATURE_SIZE;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(pkey);
    return ok;
}

bool balint_verify(const uint8_t public_half[BALINT_KEY_SIZE], const uint8_t *bytes, size_t length,
                   const uint8_t *signature, size_t signature_length)
{
    if (signature_length != BALINT_SIGNATURE_SIZE)
        return false;
    EVP_PKEY *pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public_half, BALINT_KEY_SIZE);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool ok = pkey != NULL && context != NULL && EVP_DigestVerifyInit(context, NULL, NULL, NULL, pkey) == 1 &&
              EVP_DigestVerify(context, signature, signature_length, bytes, length) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(pkey);
    return ok;
}

bool balint_hash(const uint8_t *bytes, size_t length, uint8_t hash[BALINT_HASH_SIZE])
{
    return EVP_Q_digest(NULL, "SHA256", NULL, bytes, length, hash, NULL) == 1;
}

bool balint_hmac(const uint8_t *key, size_t key_length, const uint8_t *bytes, size_t length,
                 uint8_t mac[BALINT_HASH_SIZE])
{
    OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)"SHA256", 0),
                           OSSL_PARAM_construct_end()};
    size_t made = 0;
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *context = hmac == NULL ? NULL : EVP_MAC_CTX_new(hmac);
    bool ok = context != NULL && EVP_MAC_init(context, key, key_length, params) == 1 &&
              EVP_MAC_update(context, bytes, length) == 1 &&
              EVP_MAC_final(context, mac, &made, BALINT_HASH_SIZE) == 1 && made == BALINT_HASH_SIZE;
    EVP_MAC_CTX_free(context);
    EVP_MAC_free(hmac);
    return ok;
}

bool balint_hkdf(const uint8_t *ikm, size_t ikm_length, const uint8_t *salt, size_t salt_length,
                 const uint8_t *info, size_t info_length, uint8_t *out, size_t length)
{
    /* A parameter of no bytes still needs an address. */
    static const uint8_t none[1];
    const uint8_t *salt_at = salt_length == 0 ? none : salt, *info_at = info_length == 0 ? none : info;
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)"SHA256", 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)ikm, ikm_length),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, (void *)salt_at, salt_length),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)info_at, info_length),
        OSSL_PARAM_construct_end(),
    };
    EVP_KDF *hkdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_KDF_CTX *context = hkdf == NULL ? NULL : EVP_KDF_CTX_new(hkdf);
    bool ok = context != NULL && EVP_KDF_derive(context, out, length, params) == 1;
    EVP_KDF_CTX_free(context);
    EVP_KDF_free(hkdf);
    return ok;
}

bool balint_same(const void *a, const void *b, size_t length)
{
    return CRYPTO_memcmp(a, b, length) == 0;
}
