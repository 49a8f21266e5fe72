/* join.c - a device's key, a client process's join, and the bytes that a founder signs.
 *
 * Layouts (fields, see record.h):
 * device: label "balint1 device", key (32), signature (0 or 64, by the person's key over all before it).
 * join: label "balint1 join", session (16), SHA-256 of the certificate (32), the door's nonce (32), X25519
 * public half (32), signature (0 or 64, by the device's key over all before it).
 * request: label "balint1 found", "balint1 mint" or "balint1 revoke", the challenge's nonce (32), then the
 * request's own fields. Pure; any thread.
 */
#include "identity/identity.h"
#include "identity/record.h"

#include <string.h>

static const char device_label[] = "balint1 device", join_label[] = "balint1 join";

size_t balint_device_write(const struct balint_device *device, uint8_t bytes[BALINT_DEVICE_SIZE])
{
    struct balint_record_out writer;
    balint_record_begin(&writer, bytes, BALINT_DEVICE_SIZE);
    balint_record_put_text(&writer, device_label);
    balint_record_put(&writer, device->key, sizeof device->key);
    balint_record_put_signature(&writer, device->signature, device->signature_length);
    return balint_record_end(&writer);
}

size_t balint_device_make(const uint8_t device[BALINT_KEY_SIZE], const struct balint_key *person,
                          uint8_t bytes[BALINT_DEVICE_SIZE])
{
    struct balint_record_out writer;
    balint_record_begin(&writer, bytes, BALINT_DEVICE_SIZE);
    balint_record_put_text(&writer, device_label);
    balint_record_put(&writer, device, BALINT_KEY_SIZE);
    balint_record_sign(&writer, person);
    return balint_record_end(&writer);
}

bool balint_device_read(struct balint_device *device, const uint8_t *bytes, size_t length)
{
    struct balint_device read = {0};
    struct balint_record_in reader;
    balint_record_open(&reader, bytes, length, device_label);
    balint_record_get(&reader, read.key, sizeof read.key);
    read.signature_length = balint_record_get_signature(&reader, read.signature);
    if (!balint_record_whole(&reader))
        return false;
    *device = read;
    return true;
}

/* Whole, and signed by `key` over everything before the signature, which is the last field. */
static bool is_signed(const uint8_t *bytes, size_t length, const uint8_t *signature, size_t signature_length,
                      const uint8_t key[BALINT_KEY_SIZE])
{
    return balint_verify(key, bytes, length - 2 - signature_length, signature, signature_length);
}

bool balint_device_verify(struct balint_device *device, const uint8_t *bytes, size_t length,
                          const uint8_t person[BALINT_KEY_SIZE])
{
    struct balint_device read;
    if (!balint_device_read(&read, bytes, length) ||
        !is_signed(bytes, length, read.signature, read.signature_length, person))
        return false;
    *device = read;
    return true;
}

static void put_join(struct balint_record_out *writer, const struct balint_join_record *join,
                     uint8_t bytes[BALINT_JOIN_SIZE])
{
    balint_record_begin(writer, bytes, BALINT_JOIN_SIZE);
    balint_record_put_text(writer, join_label);
    balint_record_put(writer, join->session, sizeof join->session);
    balint_record_put(writer, join->certificate_hash, sizeof join->certificate_hash);
    balint_record_put(writer, join->nonce, sizeof join->nonce);
    balint_record_put(writer, join->exchange, sizeof join->exchange);
}

size_t balint_join_make(const struct balint_join_record *join, const struct balint_key *device,
                        uint8_t bytes[BALINT_JOIN_SIZE])
{
    struct balint_record_out writer;
    put_join(&writer, join, bytes);
    balint_record_sign(&writer, device);
    return balint_record_end(&writer);
}

size_t balint_join_write(const struct balint_join_record *join, uint8_t bytes[BALINT_JOIN_SIZE])
{
    struct balint_record_out writer;
    put_join(&writer, join, bytes);
    balint_record_put_signature(&writer, join->signature, join->signature_length);
    return balint_record_end(&writer);
}

bool balint_join_read(struct balint_join_record *join, const uint8_t *bytes, size_t length)
{
    struct balint_join_record read = {0};
    struct balint_record_in reader;
    balint_record_open(&reader, bytes, length, join_label);
    balint_record_get(&reader, read.session, sizeof read.session);
    balint_record_get(&reader, read.certificate_hash, sizeof read.certificate_hash);
    balint_record_get(&reader, read.nonce, sizeof read.nonce);
    balint_record_get(&reader, read.exchange, sizeof read.exchange);
    read.signature_length = balint_record_get_signature(&reader, read.signature);
    if (!balint_record_whole(&reader))
        return false;
    *join = read;
    return true;
}

bool balint_join_verify(struct balint_join_record *join, const uint8_t *bytes, size_t length,
                        const uint8_t device[BALINT_KEY_SIZE])
{
    struct balint_join_record read;
    if (!balint_join_read(&read, bytes, length) ||
        !is_signed(bytes, length, read.signature, read.signature_length, device))
        return false;
    *join = read;
    return true;
}

size_t balint_request_bytes(const char *label, const uint8_t nonce[BALINT_NONCE_SIZE],
                            const struct balint_part *parts, int count, uint8_t *bytes, size_t size)
{
    struct balint_record_out writer;
    balint_record_begin(&writer, bytes, size);
    balint_record_put_text(&writer, label);
    balint_record_put(&writer, nonce, BALINT_NONCE_SIZE);
    for (int i = 0; i < count; i++)
        balint_record_put(&writer, parts[i].bytes, parts[i].length);
    return balint_record_end(&writer);
}

size_t balint_found_bytes(const uint8_t nonce[BALINT_NONCE_SIZE], const char *group, const char *code,
                          const uint8_t root[BALINT_KEY_SIZE], uint8_t *bytes, size_t size)
{
    const struct balint_part parts[] = {
        {group, strlen(group)}, {code, strlen(code)}, {root, BALINT_KEY_SIZE}};
    return balint_request_bytes(BALINT_LABEL_FOUND, nonce, parts, 3, bytes, size);
}

size_t balint_mint_bytes(const uint8_t nonce[BALINT_NONCE_SIZE], const char *group,
                         const struct balint_part *certificates, int count, uint8_t *bytes, size_t size)
{
    struct balint_part parts[1 + BALINT_MINT_MAX] = {{group, strlen(group)}};
    if (count < 0 || count > BALINT_MINT_MAX)
        return 0;
    for (int i = 0; i < count; i++)
        parts[1 + i] = certificates[i];
    return balint_request_bytes(BALINT_LABEL_MINT, nonce, parts, 1 + count, bytes, size);
}

size_t balint_revoke_bytes(const uint8_t nonce[BALINT_NONCE_SIZE], const char *group, const char *member,
                           uint64_t serial, uint8_t *bytes, size_t size)
{
    uint8_t number[8];
    balint_put_be(number, serial, sizeof number);
    const struct balint_part parts[] = {
        {group, strlen(group)}, {member, strlen(member)}, {number, sizeof number}};
    return balint_request_bytes(BALINT_LABEL_REVOKE, nonce, parts, 3, bytes, size);
}
