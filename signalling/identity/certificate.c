/* certificate.c - ROOT says who this is: group, member, name, role, serial, times and the person's key.
 *
 * Layout (fields, see record.h): label "balint1 certificate", group, member, name, role (1 byte), serial
 * (8), from (8, Unix seconds), until (8), key (32), signature (64, Ed25519 by ROOT over all bytes before the
 * signature's field). Pure; any thread.
 */
#include "identity/identity.h"
#include "identity/record.h"

static const char label[] = "balint1 certificate";

static bool fits(const struct balint_certificate *certificate)
{
    return (unsigned)certificate->role < BALINT_ROLES && certificate->serial > 0 &&
           certificate->from_s >= 0 && certificate->from_s < certificate->until_s;
}

size_t balint_certificate_make(const struct balint_certificate *certificate, const struct balint_key *root,
                               uint8_t bytes[BALINT_CERTIFICATE_SIZE])
{
    struct balint_record_out writer;
    if (!fits(certificate))
        return 0;
    balint_record_begin(&writer, bytes, BALINT_CERTIFICATE_SIZE);
    balint_record_put_text(&writer, label);
    balint_record_put_name(&writer, certificate->group);
    balint_record_put_id(&writer, certificate->member);
    balint_record_put_name(&writer, certificate->name);
    balint_record_put_number(&writer, certificate->role, 1);
    balint_record_put_number(&writer, certificate->serial, 8);
    balint_record_put_time(&writer, certificate->from_s);
    balint_record_put_time(&writer, certificate->until_s);
    balint_record_put(&writer, certificate->key, sizeof certificate->key);
    balint_record_sign(&writer, root);
    return balint_record_end(&writer);
}

bool balint_certificate_read(struct balint_certificate *certificate, const uint8_t *bytes, size_t length,
                             const uint8_t root[BALINT_KEY_SIZE])
{
    struct balint_certificate read = {0};
    struct balint_record_in reader;
    if (length > BALINT_CERTIFICATE_SIZE)
        return false;
    balint_record_open(&reader, bytes, length, label);
    balint_record_get_name(&reader, read.group, sizeof read.group);
    balint_record_get_id(&reader, read.member, sizeof read.member);
    balint_record_get_name(&reader, read.name, sizeof read.name);
    read.role = (enum balint_role)balint_record_get_number(&reader, 1);
    read.serial = balint_record_get_number(&reader, 8);
    read.from_s = balint_record_get_time(&reader);
    read.until_s = balint_record_get_time(&reader);
    balint_record_get(&reader, read.key, sizeof read.key);
    if (!balint_record_signed(&reader, root) || !fits(&read))
        return false;
    *certificate = read;
    return true;
}
