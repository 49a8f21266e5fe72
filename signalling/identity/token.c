/* token.c - the door of the server: an HMAC under its own key over who may knock, and when.
 *
 * Layout, no fields, for a link is typed and printed: 1 byte length of the member's id, the id, serial (8),
 * from (8, Unix seconds), until (8), MAC (32). The MAC is HMAC-SHA256 under the server's door key over the
 * fields (record.h) label "balint1 token", group, member, serial, from, until, SHA-256 of the certificate's
 * bytes; so a token opens nothing for another group or another certificate. Pure; any thread.
 */
#include "identity/identity.h"
#include "identity/primitives.h"
#include "identity/record.h"

#include <string.h>

#define TIMES_SIZE 24 /* serial, from, until */

static bool fits(const struct balint_token *token)
{
    return balint_id_ok(token->member) && token->serial > 0 && token->from_s >= 0 &&
           token->from_s < token->until_s;
}

static bool mac_of(const struct balint_token *token, const char *group,
                   const uint8_t certificate_hash[BALINT_HASH_SIZE], const uint8_t door_key[BALINT_KEY_SIZE],
                   uint8_t mac[BALINT_HASH_SIZE])
{
    uint8_t bytes[256];
    struct balint_record_out writer;
    balint_record_begin(&writer, bytes, sizeof bytes);
    balint_record_put_text(&writer, "balint1 token");
    balint_record_put_name(&writer, group);
    balint_record_put_id(&writer, token->member);
    balint_record_put_number(&writer, token->serial, 8);
    balint_record_put_time(&writer, token->from_s);
    balint_record_put_time(&writer, token->until_s);
    balint_record_put(&writer, certificate_hash, BALINT_HASH_SIZE);
    size_t length = balint_record_end(&writer);
    return length > 0 && balint_hmac(door_key, BALINT_KEY_SIZE, bytes, length, mac);
}

size_t balint_token_make(const struct balint_token *token, const char *group,
                         const uint8_t certificate_hash[BALINT_HASH_SIZE],
                         const uint8_t door_key[BALINT_KEY_SIZE], uint8_t bytes[BALINT_TOKEN_SIZE])
{
    uint8_t mac[BALINT_HASH_SIZE];
    if (!fits(token) || !mac_of(token, group, certificate_hash, door_key, mac))
        return 0;
    size_t member = strlen(token->member);
    bytes[0] = (uint8_t)member;
    memcpy(bytes + 1, token->member, member);
    uint8_t *at = bytes + 1 + member;
    balint_put_be(at, token->serial, 8);
    balint_put_be(at + 8, (uint64_t)token->from_s, 8);
    balint_put_be(at + 16, (uint64_t)token->until_s, 8);
    memcpy(at + TIMES_SIZE, mac, sizeof mac);
    return 1 + member + TIMES_SIZE + sizeof mac;
}

bool balint_token_peek(struct balint_token *token, const uint8_t *bytes, size_t length)
{
    struct balint_token read = {0};
    if (length < 1 || bytes[0] >= sizeof read.member)
        return false;
    size_t member = bytes[0];
    if (length != 1 + member + TIMES_SIZE + BALINT_HASH_SIZE)
        return false;
    memcpy(read.member, bytes + 1, member);
    const uint8_t *at = bytes + 1 + member;
    uint64_t from = balint_get_be(at + 8, 8), until = balint_get_be(at + 16, 8);
    if (strlen(read.member) != member || from > INT64_MAX || until > INT64_MAX)
        return false;
    read.serial = balint_get_be(at, 8);
    read.from_s = (int64_t)from;
    read.until_s = (int64_t)until;
    if (!fits(&read))
        return false;
    *token = read;
    return true;
}

bool balint_token_verify(const uint8_t *bytes, size_t length, const char *group,
                         const uint8_t certificate_hash[BALINT_HASH_SIZE],
                         const uint8_t door_key[BALINT_KEY_SIZE])
{
    struct balint_token token;
    uint8_t mac[BALINT_HASH_SIZE];
    if (!balint_token_peek(&token, bytes, length) || !mac_of(&token, group, certificate_hash, door_key, mac))
        return false;
    bool same = balint_same(mac, bytes + length - sizeof mac, sizeof mac);
    balint_wipe(mac, sizeof mac); /* the right one, whatever was shown */
    return same;
}
