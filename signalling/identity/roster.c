/* roster.c - who is in and in which role, as a leader's program writes it down.
 *
 * Layout (fields, see record.h): label "balint1 roster", root (32), session (16), expires (8, Unix seconds),
 * epoch (4, from 1), hash of the previous roster's bytes (32, zeros at epoch 1), count of entries (1), for
 * each entry member, role (1), device (32), serial (8); then signer, grant (0 to 512), signature (0 or 64, by
 * the signer's device over all bytes before the signature's field). Successor and signer are judged by who
 * uses it. Pure; any thread.
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

size_t balint_roster_write(const struct balint_roster *roster, uint8_t bytes[BALINT_ROSTER_SIZE])
{
    struct balint_record_out writer;
    if (!fits(roster) || roster->grant_length > sizeof roster->grant)
        return 0;
    balint_record_begin(&writer, bytes, BALINT_ROSTER_SIZE);
    balint_record_put_text(&writer, label);
    balint_record_put(&writer, roster->root, sizeof roster->root);
    balint_record_put(&writer, roster->session, sizeof roster->session);
    balint_record_put_time(&writer, roster->expires_s);
    balint_record_put_number(&writer, roster->epoch, 4);
    balint_record_put(&writer, roster->previous, sizeof roster->previous);
    balint_record_put_number(&writer, (uint64_t)roster->count, 1);
    for (int i = 0; i < roster->count; i++) {
        const struct balint_roster_entry *entry = &roster->entries[i];
        balint_record_put_id(&writer, entry->member);
        balint_record_put_number(&writer, entry->role, 1);
        balint_record_put(&writer, entry->device, sizeof entry->device);
        balint_record_put_number(&writer, entry->serial, 8);
    }
    balint_record_put_id(&writer, roster->signer);
    balint_record_put(&writer, roster->grant, roster->grant_length);
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
