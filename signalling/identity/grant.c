/* grant.c - a deputy's grant, and a leader's pass for a look at the door.
 *
 * Layouts (fields, see record.h):
 * grant: label "balint1 grant", session (16), member, device (32), epoch (4, from 1), expires (8, Unix
 * seconds), the granter's member id, signature (64, by the granter's device over all before it).
 * granting, not signed by itself: the grant, the granter's certificate, the granter's device, each a field.
 * It travels inside a roster, because who comes later never met a granter who has left. pass: label "balint1
 * pass", SHA-256 of the leader's join (32), of the guest's (32), expires (8), signature (64, by the leader's
 * device). Pure; any thread.
 */
#include "identity/identity.h"
#include "identity/record.h"

#include <string.h>

static const char grant_label[] = "balint1 grant", pass_label[] = "balint1 pass";

size_t balint_grant_make(const struct balint_grant *grant, const struct balint_key *device,
                         uint8_t bytes[BALINT_GRANT_SIZE])
{
    struct balint_record_out writer;
    balint_record_begin(&writer, bytes, BALINT_GRANT_SIZE);
    balint_record_put_text(&writer, grant_label);
    balint_record_put(&writer, grant->session, sizeof grant->session);
    balint_record_put_id(&writer, grant->member);
    balint_record_put(&writer, grant->device, sizeof grant->device);
    balint_record_put_number(&writer, grant->epoch, 4);
    writer.failed |= grant->epoch == 0;
    balint_record_put_time(&writer, grant->expires_s);
    balint_record_put_id(&writer, grant->granter);
    balint_record_sign(&writer, device);
    return balint_record_end(&writer);
}

bool balint_grant_verify(struct balint_grant *grant, const uint8_t *bytes, size_t length,
                         const uint8_t device[BALINT_KEY_SIZE])
{
    struct balint_grant read = {0};
    struct balint_record_in reader;
    balint_record_open(&reader, bytes, length, grant_label);
    balint_record_get(&reader, read.session, sizeof read.session);
    balint_record_get_id(&reader, read.member, sizeof read.member);
    balint_record_get(&reader, read.device, sizeof read.device);
    read.epoch = (uint32_t)balint_record_get_number(&reader, 4);
    read.expires_s = balint_record_get_time(&reader);
    balint_record_get_id(&reader, read.granter, sizeof read.granter);
    if (!balint_record_signed(&reader, device) || read.epoch == 0)
        return false;
    *grant = read;
    return true;
}

bool balint_roster_role_ok(const struct balint_roster *roster, const struct balint_roster_entry *entry,
                           enum balint_role certified)
{
    uint8_t bytes[BALINT_GRANT_SIZE];
    struct balint_record_in reader;
    struct balint_grant grant;
    if (entry->role == certified)
        return true;
    balint_record_open(&reader, roster->grant, roster->grant_length, NULL);
    size_t length = balint_record_get_upto(&reader, bytes, sizeof bytes);
    return certified == BALINT_MEMBER && entry->role == BALINT_CO_LEADER &&
           balint_grant_verify(&grant, bytes, length, NULL) && strcmp(grant.member, entry->member) == 0 &&
           balint_same(grant.device, entry->device, sizeof grant.device);
}

size_t balint_granting_write(const struct balint_part *grant, const struct balint_part *certificate,
                             const struct balint_part *device, uint8_t bytes[BALINT_GRANTING_SIZE])
{
    struct balint_record_out writer;
    balint_record_begin(&writer, bytes, BALINT_GRANTING_SIZE);
    balint_record_put(&writer, grant->bytes, grant->length);
    balint_record_put(&writer, certificate->bytes, certificate->length);
    balint_record_put(&writer, device->bytes, device->length);
    return balint_record_end(&writer);
}

size_t balint_pass_make(const struct balint_pass *pass, const struct balint_key *device,
                        uint8_t bytes[BALINT_PASS_SIZE])
{
    struct balint_record_out writer;
    balint_record_begin(&writer, bytes, BALINT_PASS_SIZE);
    balint_record_put_text(&writer, pass_label);
    balint_record_put(&writer, pass->leader, sizeof pass->leader);
    balint_record_put(&writer, pass->guest, sizeof pass->guest);
    balint_record_put_time(&writer, pass->expires_s);
    balint_record_sign(&writer, device);
    return balint_record_end(&writer);
}

enum balint_trust balint_pass_verify(struct balint_pass *pass, const uint8_t *bytes, size_t length,
                                     const uint8_t device[BALINT_KEY_SIZE],
                                     const uint8_t leader[BALINT_HASH_SIZE],
                                     const uint8_t guest[BALINT_HASH_SIZE], int64_t now_s)
{
    struct balint_pass read;
    struct balint_record_in reader;
    balint_record_open(&reader, bytes, length, pass_label);
    balint_record_get(&reader, read.leader, sizeof read.leader);
    balint_record_get(&reader, read.guest, sizeof read.guest);
    read.expires_s = balint_record_get_time(&reader);
    struct balint_record_in last = reader;
    if (!balint_record_signed(&reader, NULL))
        return BALINT_TRUST_FORM;
    if (!balint_record_signed(&last, device))
        return BALINT_TRUST_SIGNATURE;
    if (!balint_same(read.leader, leader, BALINT_HASH_SIZE) ||
        !balint_same(read.guest, guest, BALINT_HASH_SIZE))
        return BALINT_TRUST_JOIN;
    if (read.expires_s <= now_s)
        return BALINT_TRUST_EXPIRED;
    if (read.expires_s > now_s + BALINT_PASS_LASTS_S + BALINT_SKEW_S)
        return BALINT_TRUST_TOO_LONG;
    *pass = read;
    return BALINT_TRUST_OK;
}
