/* identity_evening.h - the people of tests/fixtures/identity.json's "evening", made by another
 * implementation: anna leads, carla is co-leader, ben a member; with keys, certificates, devices and joins.
 */
#ifndef BALINT_IDENTITY_EVENING_H
#define BALINT_IDENTITY_EVENING_H

#include "identity/identity.h"

#include <jansson.h>

enum { ANNA, CARLA, BEN, PEOPLE };
struct evening_person {
    struct balint_certificate certificate;
    struct balint_key person, device;
    uint8_t exchange_seed[BALINT_KEY_SIZE];
    struct balint_join_record join;
    uint8_t join_hash[BALINT_HASH_SIZE];
    /* the records */
    uint8_t certificate_bytes[BALINT_CERTIFICATE_SIZE], device_bytes[BALINT_DEVICE_SIZE];
    uint8_t join_bytes[BALINT_JOIN_SIZE];
    struct balint_part certificate_part, device_part, join_part;
};
struct evening {
    json_t *fixture;
    struct balint_key root;
    char group[BALINT_NAME_SIZE];
    uint8_t session[BALINT_SESSION_SIZE];
    int64_t now_s;
    struct evening_person people[PEOPLE];
};

/* Fails the test when the fixture cannot be read or its keys do not come out as they stand in it. */
void evening_open(struct evening *evening);
void evening_close(struct evening *evening);
int evening_who(const char *member); /* ANNA … */

/* Of the fixture: hex, numbers as text, texts. Each fails the test when it is not there. */
const char *evening_text(json_t *object, const char *key);
size_t evening_bytes(json_t *object, const char *key, uint8_t *bytes, size_t cap);
uint64_t evening_number(json_t *object, const char *key);
enum balint_role evening_role(json_t *object);

/* The roster `index` of "signed_rosters", as bytes; returns their length. */
size_t evening_roster(const struct evening *evening, size_t index, uint8_t bytes[BALINT_ROSTER_SIZE]);
struct balint_roster evening_read_roster(const struct evening *evening, size_t index);
/* Signs a roster with the device of `who` and judges it as theirs. */
enum balint_trust evening_judge(const struct evening *evening, const struct balint_roster *roster, int who,
                                const struct balint_roster_view *view);
/* What `who` is judged by. Nothing known before, nobody in particular to be named. */
struct balint_roster_view evening_view(const struct evening *evening, int who);

#endif
