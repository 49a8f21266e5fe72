/* channel.c - envelopes sealed between two joins: AES-256-GCM (NIST SP 800-38D), one key for each direction.
 *
 * Layout of an envelope: envelope.c. The first 16 bytes are associated data, the next 224 (kind, zeros, body)
 * are sealed, the last 16 the tag. The nonce is 4 zero bytes and the sequence: each direction has a key of
 * its own, the sealer counts by itself from 1 and the opener takes rising numbers alone, so no nonce is used
 * twice and no envelope opens twice. Pure; any thread, one owner of a channel.
 */
#include "identity/envelope.h"
#include "identity/identity.h"
#include "identity/primitives.h"
#include "identity/record.h"

#include <openssl/evp.h>
#include <string.h>

#define NONCE_SIZE 12
#define TAG_SIZE   16

bool balint_channel_make(struct balint_channel *channel, const uint8_t private_half[BALINT_KEY_SIZE],
                         const uint8_t other_public_half[BALINT_KEY_SIZE],
                         const uint8_t session[BALINT_SESSION_SIZE], const uint8_t own_join[BALINT_HASH_SIZE],
                         const uint8_t other_join[BALINT_HASH_SIZE])
{
    uint8_t secret[BALINT_KEY_SIZE];
    memset(channel, 0, sizeof *channel);
    if (balint_same(own_join, other_join, BALINT_HASH_SIZE))
        return false;
    memcpy(channel->own_join, own_join, BALINT_HASH_SIZE);
    memcpy(channel->other_join, other_join, BALINT_HASH_SIZE);
    bool ok = balint_exchange_agree(private_half, other_public_half, secret) &&
              balint_exchange_key(secret, session, own_join, other_join, channel->seal_key) &&
              balint_exchange_key(secret, session, other_join, own_join, channel->open_key);
    balint_wipe(secret, sizeof secret);
    if (!ok)
        balint_wipe(channel, sizeof *channel);
    return ok;
}

bool balint_channel_is(const struct balint_channel *channel, const uint8_t own_join[BALINT_HASH_SIZE],
                       const uint8_t other_join[BALINT_HASH_SIZE])
{
    return balint_same(channel->own_join, own_join, BALINT_HASH_SIZE) &&
           balint_same(channel->other_join, other_join, BALINT_HASH_SIZE);
}

/* Seals `bytes` in place, or opens `from` into `bytes`; header and tag stay where they are. */
static bool crypt(bool seal, const uint8_t key[BALINT_KEY_SIZE], const uint8_t *from, uint8_t *bytes)
{
    uint8_t nonce[NONCE_SIZE] = {0};
    int made = 0, rest = 0, sealed = BALINT_ENVELOPE_TAG_AT - BALINT_ENVELOPE_KIND_AT;
    memcpy(nonce + NONCE_SIZE - 8, from + BALINT_ENVELOPE_SEQUENCE_AT, 8);
    EVP_CIPHER *gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    bool ok =
        gcm != NULL && context != NULL && EVP_CipherInit_ex2(context, gcm, key, nonce, seal, NULL) == 1 &&
        (seal || EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, TAG_SIZE,
                                     (void *)(from + BALINT_ENVELOPE_TAG_AT)) == 1) &&
        EVP_CipherUpdate(context, NULL, &made, from, BALINT_ENVELOPE_KIND_AT) == 1 &&
        EVP_CipherUpdate(context, bytes + BALINT_ENVELOPE_KIND_AT, &made, from + BALINT_ENVELOPE_KIND_AT,
                         sealed) == 1 &&
        EVP_CipherFinal_ex(context, bytes + BALINT_ENVELOPE_KIND_AT + made, &rest) == 1 &&
        made + rest == sealed &&
        (!seal ||
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, TAG_SIZE, bytes + BALINT_ENVELOPE_TAG_AT) == 1);
    EVP_CIPHER_CTX_free(context);
    EVP_CIPHER_free(gcm);
    return ok;
}

bool balint_channel_seal(struct balint_channel *channel, uint32_t epoch, enum balint_envelope_kind kind,
                         const uint8_t body[BALINT_ENVELOPE_BODY], uint8_t bytes[BALINT_ENVELOPE_SIZE])
{
    struct balint_envelope envelope = {.epoch = epoch, .kind = kind};
    uint8_t open[BALINT_ENVELOPE_SIZE];
    if ((unsigned)kind >= BALINT_ENVELOPE_KINDS || channel->sent == UINT64_MAX)
        return false;
    envelope.sequence = ++channel->sent; /* spent, whatever happens next */
    memcpy(envelope.body, body, sizeof envelope.body);
    balint_envelope_write(&envelope, open);
    bool ok = crypt(true, channel->seal_key, open, open);
    if (ok)
        memcpy(bytes, open, sizeof open);
    balint_wipe(open, sizeof open);
    balint_wipe(&envelope, sizeof envelope);
    return ok;
}

bool balint_channel_open(struct balint_channel *channel, struct balint_envelope *envelope,
                         const uint8_t *bytes, size_t length)
{
    uint8_t open[BALINT_ENVELOPE_SIZE] = {0};
    struct balint_envelope read = {0};
    if (length != BALINT_ENVELOPE_SIZE)
        return false;
    uint64_t sequence = balint_get_be(bytes + BALINT_ENVELOPE_SEQUENCE_AT, 8);
    if (sequence <= channel->seen)
        return false;
    memcpy(open, bytes, BALINT_ENVELOPE_KIND_AT); /* the header; the tag's place stays zeros */
    bool ok = crypt(false, channel->open_key, bytes, open) &&
              balint_envelope_decode(&read, open, BALINT_ENVELOPE_KINDS);
    if (ok) {
        channel->seen = sequence;
        *envelope = read;
    }
    balint_wipe(open, sizeof open);
    balint_wipe(&read, sizeof read);
    return ok;
}
