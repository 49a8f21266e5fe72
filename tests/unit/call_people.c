/* call_people.c - see call_people.h. */
#include "call_people.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct balint_key root, other_root;

void make_person(struct person *person, const char *member, enum balint_role role,
                 const struct balint_key *signer)
{
    memset(person, 0, sizeof *person);
    assert_true(balint_key_make(&person->key) && balint_key_make(&person->device));
    strcpy(person->certificate.group, "circle");
    strcpy(person->certificate.member, member);
    strcpy(person->certificate.name, member);
    person->certificate.role = role;
    person->certificate.serial = 3;
    person->certificate.from_s = NOW - 100;
    person->certificate.until_s = NOW + 100000;
    memcpy(person->certificate.key, person->key.public_half, BALINT_KEY_SIZE);
    person->bytes.length =
        (uint16_t)balint_certificate_make(&person->certificate, signer, person->bytes.data);
    assert_true(person->bytes.length > 0);
    memset(person->session, 7, sizeof person->session);
}

void make_self(struct balint_self *self, const struct person *person)
{
    memset(self, 0, sizeof *self);
    strcpy(self->link.group, "circle");
    memcpy(self->link.root, root.public_half, BALINT_KEY_SIZE);
    self->person = person->key;
    self->device = person->device;
    self->met = true;
    self->certificate = person->certificate;
    memcpy(self->certificate_bytes, person->bytes.data, person->bytes.length);
    self->certificate_length = person->bytes.length;
    self->device_bytes.length =
        (uint16_t)balint_device_make(self->device.public_half, &self->person, self->device_bytes.data);
    memset(self->session, 7, sizeof self->session);
}

struct balint_person message_of(const struct person *person, int seat, int64_t epoch)
{
    struct balint_person message = {.seat = seat, .epoch = epoch, .certificate = person->bytes};
    struct balint_join_record join = {0};
    uint8_t secret[BALINT_KEY_SIZE];
    memcpy(join.session, person->session, sizeof join.session);
    assert_true(balint_hash(person->bytes.data, person->bytes.length, join.certificate_hash));
    assert_true(balint_exchange_make(secret, join.exchange));
    message.device.length =
        (uint16_t)balint_device_make(person->device.public_half, &person->key, message.device.data);
    message.join.length = (uint16_t)balint_join_make(&join, &person->device, message.join.data);
    assert_true(message.device.length > 0 && message.join.length > 0);
    return message;
}

struct balint_roster_entry entry_of(const struct person *person)
{
    struct balint_roster_entry entry = {.role = person->certificate.role,
                                        .serial = person->certificate.serial};
    strcpy(entry.member, person->certificate.member);
    memcpy(entry.device, person->device.public_half, BALINT_KEY_SIZE);
    return entry;
}
