/* roster.c - who is in and in which role, as a leader's program writes it down.
 *
 * Layout (fields, see record.h): label "balint1 roster", root (32), session (16), expires (8, Unix seconds),
 * epoch (4, from 1), hash of the previous roster's bytes (32, zeros at epoch 1), count of entries (1), for
 * each entry member, role (1), device (32), serial (8); then signer, grant (0 to 768: the deputy's, see
 * grant.c), signature (0 or 64, by the signer's device over all bytes before the signature's field). Signer
 * and successor are judged in trust.c. Pure; any thread.
 */
#include "identity/identity.h"
#include "identity/record.h"

#include <string.h>

static const char label[] = "balint1 roster";

static bool fits(const struct balint_roster *roster)
{
    if (roster->count < 0 || roster->count > BALINT_SEATS || roster->epoch == 0 || roster->expires_s < 0)
        return false;
    for (int i = 0; i < roster->count; i++) {
        if ((unsigned)roster->entries[i].role >= BALINT_ROLES || roster->entries[i].serial == 0)
            return false;
        for (int j = 0; j < i; j++) /* one person, one seat */
            if (strcmp(roster->entries[i].member, roster->entries[j].member) == 0)
                return false;
    }
    return true;
}

static void put(struct balint_record_out *into, const struct balint_roster *roster,
                uint8_t bytes[BALINT_ROSTER_SIZE])
{
    balint_record_begin(into, bytes, BALINT_ROSTER_SIZE);
    if (!fits(roster) || roster->grant_length > sizeof roster->grant) {
        into->failed = true;
        return;
    }
    balint_record_put_text(into, label);
    balint_record_put(into, roster->root, sizeof roster->root);
    balint_record_put(into, roster->session, sizeof roster->session);
    balint_record_put_time(into, roster->expires_s);
    balint_record_put_number(into, roster->epoch, 4);
    balint_record_put(into, roster->previous, sizeof roster->previous);
    balint_record_put_number(into, (uint64_t)roster->count, 1);
    for (int i = 0; i < roster->count; i++) {
        const struct balint_roster_entry *entry = &roster->entries[i];
        balint_record_put_id(into, entry->member);
        balint_record_put_number(into, entry->role, 1);
        balint_record_put(into, entry->device, sizeof entry->device);
        balint_record_put_number(into, entry->serial, 8);
    }
    balint_record_put_id(into, roster->signer);
    balint_record_put(into, roster->grant, roster->grant_length);
}

size_t balint_roster_make(const struct balint_roster *roster, const struct balint_key *device,
                          uint8_t bytes[BALINT_ROSTER_SIZE])
{
    struct balint_record_out writer;
    put(&writer, roster, bytes);
    balint_record_sign(&writer, device);
    return balint_record_end(&writer);
}

size_t balint_roster_write(const struct balint_roster *roster, uint8_t bytes[BALINT_ROSTER_SIZE])
{
    struct balint_record_out writer;
    put(&writer, roster, bytes);
    balint_record_put_signature(&writer, roster->signature, roster->signature_length);
    return balint_record_end(&writer);
}

bool balint_roster_read(struct balint_roster *roster, const uint8_t *bytes, size_t length)
{
    struct balint_roster read = {0};
    struct balint_record_in reader;
    if (length > BALINT_ROSTER_SIZE)
        return false;
    balint_record_open(&reader, bytes, length, label);
    balint_record_get(&reader, read.root, sizeof read.root);
    balint_record_get(&reader, read.session, sizeof read.session);
    read.expires_s = balint_record_get_time(&reader);
    read.epoch = (uint32_t)balint_record_get_number(&reader, 4);
    balint_record_get(&reader, read.previous, sizeof read.previous);
    read.count = (int)balint_record_get_number(&reader, 1);
    if (reader.failed || read.count > BALINT_SEATS)
        return false;
    for (int i = 0; i < read.count; i++) {
        struct balint_roster_entry *entry = &read.entries[i];
        balint_record_get_id(&reader, entry->member, sizeof entry->member);
        entry->role = (enum balint_role)balint_record_get_number(&reader, 1);
        balint_record_get(&reader, entry->device, sizeof entry->device);
        entry->serial = balint_record_get_number(&reader, 8);
    }
    balint_record_get_id(&reader, read.signer, sizeof read.signer);
    read.grant_length = (uint16_t)balint_record_get_upto(&reader, read.grant, sizeof read.grant);
    read.signature_length = balint_record_get_signature(&reader, read.signature);
    if (!balint_record_whole(&reader) || !fits(&read))
        return false;
    *roster = read;
    return true;
}

const struct balint_roster_entry *balint_roster_find(const struct balint_roster *roster, const char *member)
{
    for (int i = 0; i < roster->count; i++)
        if (strcmp(roster->entries[i].member, member) == 0)
            return &roster->entries[i];
    return NULL;
}
