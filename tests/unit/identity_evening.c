/* identity_evening.c - see identity_evening.h. */
#include "unit/identity_evening.h"
#include "unit/identity_bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

const char *evening_text(json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    assert_non_null(text);
    return text;
}

size_t evening_bytes(json_t *object, const char *key, uint8_t *bytes, size_t cap)
{
    const char *hex = evening_text(object, key);
    assert_true(strlen(hex) / 2 <= cap);
    return balint_unhex(hex, bytes);
}

uint64_t evening_number(json_t *object, const char *key)
{
    char *end;
    uint64_t value = strtoull(evening_text(object, key), &end, 10);
    assert_int_equal(*end, '\0');
    return value;
}

enum balint_role evening_role(json_t *object)
{
    static const char *const names[BALINT_ROLES] = {"leader", "co-leader", "member", "observer"};
    for (int i = 0; i < BALINT_ROLES; i++)
        if (strcmp(evening_text(object, "role"), names[i]) == 0)
            return (enum balint_role)i;
    fail();
    return BALINT_ROLES;
}

int evening_who(const char *member)
{
    static const char *const names[PEOPLE] = {"anna", "carla", "ben"};
    for (int i = 0; i < PEOPLE; i++)
        if (strcmp(names[i], member) == 0)
            return i;
    fail();
    return PEOPLE;
}

static void read_person(struct evening_person *person, json_t *row)
{
    uint8_t seed[32];
    size_t length = evening_bytes(row, "certificate", person->certificate_bytes, BALINT_CERTIFICATE_SIZE);
    person->certificate_part = (struct balint_part){person->certificate_bytes, length};
    length = evening_bytes(row, "device", person->device_bytes, BALINT_DEVICE_SIZE);
    person->device_part = (struct balint_part){person->device_bytes, length};
    length = evening_bytes(row, "join", person->join_bytes, BALINT_JOIN_SIZE);
    person->join_part = (struct balint_part){person->join_bytes, length};
    evening_bytes(row, "person_seed", seed, 32);
    assert_true(balint_key_from_seed(&person->person, seed));
    evening_bytes(row, "device_seed", seed, 32);
    assert_true(balint_key_from_seed(&person->device, seed));
    evening_bytes(row, "exchange_seed", person->exchange_seed, 32);
    evening_bytes(row, "join_hash", person->join_hash, 32);
    assert_true(balint_certificate_read(&person->certificate, person->certificate_bytes,
                                        person->certificate_part.length, NULL));
    assert_true(balint_join_read(&person->join, person->join_bytes, person->join_part.length));
}

void evening_open(struct evening *evening)
{
    json_error_t error;
    uint8_t seed[32];
    memset(evening, 0, sizeof *evening);
    evening->fixture = json_load_file(BALINT_SOURCE_DIR "/tests/fixtures/identity.json", 0, &error);
    assert_non_null(evening->fixture);
    json_t *of = json_object_get(evening->fixture, "evening"), *people = json_object_get(of, "people");
    evening_bytes(of, "root_seed", seed, 32);
    assert_true(balint_key_from_seed(&evening->root, seed));
    strcpy(evening->group, evening_text(of, "group"));
    evening_bytes(of, "session", evening->session, sizeof evening->session);
    evening->now_s = (int64_t)evening_number(of, "now");
    assert_int_equal(json_array_size(people), PEOPLE);
    for (int i = 0; i < PEOPLE; i++)
        read_person(&evening->people[i], json_array_get(people, (size_t)i));
}

void evening_close(struct evening *evening)
{
    json_decref(evening->fixture);
}

size_t evening_roster(const struct evening *evening, size_t index, uint8_t bytes[BALINT_ROSTER_SIZE])
{
    json_t *row = json_array_get(json_object_get(evening->fixture, "signed_rosters"), index);
    return evening_bytes(row, "bytes", bytes, BALINT_ROSTER_SIZE);
}

struct balint_roster evening_read_roster(const struct evening *evening, size_t index)
{
    struct balint_roster roster;
    uint8_t bytes[BALINT_ROSTER_SIZE];
    size_t length = evening_roster(evening, index, bytes);
    assert_true(balint_roster_read(&roster, bytes, length));
    return roster;
}

enum balint_trust evening_judge(const struct evening *evening, const struct balint_roster *roster, int who,
                                const struct balint_roster_view *view)
{
    struct balint_roster read;
    uint8_t bytes[BALINT_ROSTER_SIZE];
    size_t length = balint_roster_make(roster, &evening->people[who].device, bytes);
    assert_true(length > 0);
    return balint_roster_verify(&read, NULL, bytes, length, view);
}

struct balint_roster_view evening_view(const struct evening *evening, int who)
{
    return (struct balint_roster_view){.root = evening->root.public_half,
                                       .group = evening->group,
                                       .now_s = evening->now_s,
                                       .certificate = evening->people[who].certificate_part,
                                       .device = evening->people[who].device_part};
}
