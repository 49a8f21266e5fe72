/* identity_damage.c - every bit of what is signed, every cut, and one record's signature for another's:
 * refused.
 */
#include "identity/record.h"
#include "unit/identity_evening.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct evening evening;
static struct evening_person *const people = evening.people;

typedef bool (*believe)(const uint8_t *bytes, size_t length);

static bool believe_device(const uint8_t *bytes, size_t length)
{
    struct balint_device device;
    return balint_device_verify(&device, bytes, length, people[ANNA].person.public_half);
}

static bool believe_join(const uint8_t *bytes, size_t length)
{
    struct balint_join_record join;
    return balint_join_verify(&join, bytes, length, people[ANNA].device.public_half);
}

static bool believe_grant(const uint8_t *bytes, size_t length)
{
    struct balint_grant grant;
    return balint_grant_verify(&grant, bytes, length, people[ANNA].device.public_half);
}

static bool believe_pass(const uint8_t *bytes, size_t length)
{
    struct balint_pass pass;
    return balint_pass_verify(&pass, bytes, length, people[ANNA].device.public_half, people[ANNA].join_hash,
                              people[BEN].join_hash, evening.now_s) == BALINT_TRUST_OK;
}

static bool believe_roster(const uint8_t *bytes, size_t length)
{
    const struct balint_roster_view view = evening_view(&evening, ANNA);
    struct balint_roster roster;
    return balint_roster_verify(&roster, NULL, bytes, length, &view) == BALINT_TRUST_OK;
}

/* In memory of exactly that length, so that AddressSanitizer sees a byte too far. */
static bool exactly(believe believes, const uint8_t *bytes, size_t length)
{
    uint8_t *exact = malloc(length == 0 ? 1 : length);
    assert_non_null(exact);
    memcpy(exact, bytes, length);
    bool believed = believes(exact, length);
    free(exact);
    return believed;
}

static void every_byte(believe believes, const uint8_t *record, size_t length)
{
    uint8_t bytes[BALINT_ROSTER_SIZE + 1] = {0};
    memcpy(bytes, record, length);
    assert_true(exactly(believes, bytes, length));
    for (size_t part = 0; part < length; part++)
        assert_false(exactly(believes, bytes, part));
    assert_false(exactly(believes, bytes, length + 1));
    for (size_t bit = 0; bit < 8 * length; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_false(exactly(believes, bytes, length));
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

static void test_every_byte(void **state)
{
    uint8_t bytes[BALINT_ROSTER_SIZE] = {0};
    (void)state;
    every_byte(believe_device, people[ANNA].device_bytes, people[ANNA].device_part.length);
    every_byte(believe_join, people[ANNA].join_bytes, people[ANNA].join_part.length);
    json_t *grant = json_object_get(evening.fixture, "grant"),
           *pass = json_object_get(evening.fixture, "pass");
    every_byte(believe_grant, bytes, evening_bytes(grant, "bytes", bytes, sizeof bytes));
    every_byte(believe_pass, bytes, evening_bytes(pass, "bytes", bytes, sizeof bytes));
    every_byte(believe_roster, bytes, evening_roster(&evening, 0, bytes));
}

/* A signature over one kind of record opens no other: the same key, the other label. */
static void test_labels(void **state)
{
    static const char *const labels[] = {"balint1 device",      "balint1 join",   "balint1 roster",
                                         "balint1 grant",       "balint1 pass",   "balint1 link",
                                         "balint1 certificate", "balint1 device "};
    const struct evening_person *anna = &people[ANNA];
    (void)state;
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        uint8_t bytes[BALINT_DEVICE_SIZE];
        struct balint_record_out writer;
        balint_record_begin(&writer, bytes, sizeof bytes);
        balint_record_put_text(&writer, labels[i]);
        balint_record_put(&writer, anna->device.public_half, 32);
        balint_record_sign(&writer, &anna->person);
        assert_int_equal(believe_device(bytes, balint_record_end(&writer)), i == 0);
    }
}

static int open_evening(void **state)
{
    (void)state;
    evening_open(&evening);
    return 0;
}

static int close_evening(void **state)
{
    (void)state;
    evening_close(&evening);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_byte), cmocka_unit_test(test_labels)};
    return cmocka_run_group_tests(tests, open_evening, close_evening);
}
