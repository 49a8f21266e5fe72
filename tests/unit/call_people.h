/* call_people.h - people with certificates, devices and joins, for the tests of whom a client believes. */
#ifndef BALINT_TEST_CALL_PEOPLE_H
#define BALINT_TEST_CALL_PEOPLE_H

#include "call/book.h"

#define NOW 1700000000

struct person {
    struct balint_certificate certificate;
    struct balint_certificate_bytes bytes;
    struct balint_key key, device;
    uint8_t session[BALINT_SESSION_SIZE]; /* of the join */
};

extern struct balint_key root, other_root; /* made by each test */

/* A person of the group "circle", with a device and a certificate signed by `signer`. */
void make_person(struct person *person, const char *member, enum balint_role role,
                 const struct balint_key *signer);
/* That person's own client process. */
void make_self(struct balint_self *self, const struct person *person);
/* As the server tells of that person. */
struct balint_person message_of(const struct person *person, int seat, int64_t epoch);
struct balint_roster_entry entry_of(const struct person *person);

#endif
