/* identity_records.c - strict readers: every truncation, every flipped bit, every field out of its range.
 *
 * Signed records must be refused whatever was changed. Records that are not signed yet must be refused, or be
 * read as another record with exactly those bytes: two forms of one record do not exist.
 */
#include "identity/identity.h"
#include "identity/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define GROUP "Tuesday"

static struct balint_key root;
static uint8_t door[BALINT_KEY_SIZE] = {7}, hash[BALINT_HASH_SIZE] = {9};

static const struct balint_certificate anna = {.group = GROUP,
                                               .member = "k3v9x0q2m7ab",
                                               .name = "Anna",
                                               .role = BALINT_MEMBER,
                                               .serial = 1,
                                               .from_s = 10,
                                               .until_s = 20,
                                               .key = {1}};

static struct balint_roster two_people(void)
{
    struct balint_roster roster = {.root = {1},
                                   .session = {2},
                                   .expires_s = 1000,
                                   .epoch = 3,
                                   .previous = {4},
                                   .count = 2,
                                   .signer = "anna"};
    roster.entries[0] =
        (struct balint_roster_entry){.member = "anna", .role = BALINT_LEADER, .device = {5}, .serial = 1};
    roster.entries[1] =
        (struct balint_roster_entry){.member = "ben", .role = BALINT_MEMBER, .device = {6}, .serial = 2};
    return roster;
}

/* A reader of some record: 0 refused; else the length of what it writes again into `back`. */
typedef size_t (*read_write)(const uint8_t *bytes, size_t length, uint8_t back[BALINT_ROSTER_SIZE]);

static size_t again_certificate(const uint8_t *bytes, size_t length, uint8_t *back)
{
    struct balint_certificate c;
    (void)back;
    return balint_certificate_read(&c, bytes, length, root.public_half) ? length + 1 : 0;
}

static size_t again_device(const uint8_t *bytes, size_t length, uint8_t *back)
{
    struct balint_device d;
    return balint_device_read(&d, bytes, length) ? balint_device_write(&d, back) : 0;
}

static size_t again_join(const uint8_t *bytes, size_t length, uint8_t *back)
{
    struct balint_join_record j;
    return balint_join_read(&j, bytes, length) ? balint_join_write(&j, back) : 0;
}

static size_t again_roster(const uint8_t *bytes, size_t length, uint8_t *back)
{
    static struct balint_roster r;
    return balint_roster_read(&r, bytes, length) ? balint_roster_write(&r, back) : 0;
}

static size_t again_envelope(const uint8_t *bytes, size_t length, uint8_t *back)
{
    struct balint_envelope e;
    if (!balint_envelope_read(&e, bytes, length))
        return 0;
    balint_envelope_write(&e, back);
    return BALINT_ENVELOPE_SIZE;
}

static size_t again_token(const uint8_t *bytes, size_t length, uint8_t *back)
{
    struct balint_token t;
    if (!balint_token_peek(&t, bytes, length))
        return 0;
    size_t made = balint_token_make(&t, GROUP, hash, door, back);
    memcpy(back + made - 32, bytes + length - 32, 32); /* the MAC is judged in test_token */
    return made;
}

/* Copies into memory of exactly that length, so that AddressSanitizer sees a byte too far. */
static size_t judge(read_write again, const uint8_t *bytes, size_t length, uint8_t *back)
{
    uint8_t *exact = malloc(length == 0 ? 1 : length);
    assert_non_null(exact);
    memcpy(exact, bytes, length);
    size_t made = again(exact, length, back);
    free(exact);
    return made;
}

/* Every truncation and one byte more: refused. Every bit flipped: refused or another record. */
static void damage(read_write again, const uint8_t *bytes, size_t length, bool always_refused)
{
    uint8_t copy[BALINT_ROSTER_SIZE + 1] = {0}, back[BALINT_ROSTER_SIZE];
    memcpy(copy, bytes, length);
    for (size_t part = 0; part < length; part++)
        assert_int_equal(judge(again, copy, part, back), 0);
    assert_int_equal(judge(again, copy, length + 1, back), 0);
    for (size_t bit = 0; bit < 8 * length; bit++) {
        copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
        size_t made = judge(again, copy, length, back);
        if (made != 0) {
            assert_false(always_refused);
            assert_int_equal(made, length);
            assert_memory_equal(back, copy, length);
        }
        copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

static void test_certificate_damaged(void **state)
{
    uint8_t bytes[BALINT_CERTIFICATE_SIZE];
    struct balint_certificate read;
    (void)state;
    size_t length = balint_certificate_make(&anna, &root, bytes);
    assert_true(length > 0);
    assert_true(balint_certificate_read(&read, bytes, length, root.public_half));
    damage(again_certificate, bytes, length, true);
    /* Another group's ROOT signed it: that one is not ours. */
    struct balint_key other;
    assert_true(balint_key_make(&other));
    length = balint_certificate_make(&anna, &other, bytes);
    assert_false(balint_certificate_read(&read, bytes, length, root.public_half));
    assert_true(balint_certificate_read(&read, bytes, length, NULL));
}

static void certificate_refused(const struct balint_certificate *certificate)
{
    uint8_t bytes[BALINT_CERTIFICATE_SIZE];
    assert_int_equal(balint_certificate_make(certificate, &root, bytes), 0);
}

static void test_certificate_ranges(void **state)
{
    static const char *const names[] = {"",
                                        "a\nb",
                                        "\x7f",
                                        "\xc2\x80",
                                        "\xff",
                                        "\xc0\x80",
                                        "\xe2\x80\xae",
                                        "\xe2\x81\xa6",
                                        "\xe2\x80\xa8",
                                        "\xf4\x90\x80\x80",
                                        "\xed\xbf\xbf",
                                        "a\xc3",
                                        "\x1b[2J",
                                        "Ann\xe2\x80\x8b", /* zero width: she looks like Ann */
                                        "An\xe2\x80\x8dn",
                                        "An\xe2\x81\xa0n",
                                        ("\xef\xbb\xbf"
                                         "Ann"),
                                        "An\xc2\xadn",
                                        "\xe3\x85\xa4",
                                        "Ann\xf3\xa0\x81\xa1"};
    static const char *const ids[] = {"", "A", "a b", "a.b", "\xc3\xa4", "a/b"};
    struct balint_certificate c;
    uint8_t bytes[BALINT_CERTIFICATE_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        c = anna;
        strcpy(c.name, names[i]);
        certificate_refused(&c);
        c = anna;
        strcpy(c.group, names[i]);
        certificate_refused(&c);
    }
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        c = anna;
        memset(c.member, 0, sizeof c.member);
        strcpy(c.member, ids[i]);
        certificate_refused(&c);
    }
    c = anna;
    memset(c.name, 'n', sizeof c.name); /* no NUL */
    certificate_refused(&c);
    c = anna;
    memset(c.member, 'n', sizeof c.member);
    certificate_refused(&c);
    c = anna;
    c.role = BALINT_ROLES;
    certificate_refused(&c);
    c.role = (enum balint_role) - 1;
    certificate_refused(&c);
    c = anna;
    c.serial = 0;
    certificate_refused(&c);
    c = anna;
    c.until_s = c.from_s;
    certificate_refused(&c);
    c.from_s = -1;
    certificate_refused(&c);
    c = anna;
    strcpy(c.name, "\xf0\x9f\xa9\xba Zo\xc3\xab"); /* a stethoscope is a name like any other */
    assert_true(balint_certificate_make(&c, &root, bytes) > 0);
}

/* A certificate signed by ROOT itself, but with a field that no writer here would make. */
static bool signed_but(int field, const void *value, size_t value_length)
{
    static const uint8_t role[] = {2}, number[8] = {0, 0, 0, 0, 0, 0, 0, 5},
                         later[8] = {0, 0, 0, 0, 0, 0, 0, 9};
    const struct balint_part parts[] = {{"balint1 certificate", 19},
                                        {GROUP, 7},
                                        {"anna", 4},
                                        {"Anna", 4},
                                        {role, 1},
                                        {number, 8},
                                        {number, 8},
                                        {later, 8},
                                        {hash, 32}};
    uint8_t bytes[1024], signature[BALINT_SIGNATURE_SIZE];
    struct balint_record_out writer;
    struct balint_certificate read;
    balint_record_begin(&writer, bytes, sizeof bytes);
    for (int i = 0; i < 9; i++)
        if (i == field)
            balint_record_put(&writer, value, value_length);
        else
            balint_record_put(&writer, parts[i].bytes, parts[i].length);
    assert_true(balint_sign(&root, bytes, writer.length, signature));
    balint_record_put(&writer, signature, sizeof signature);
    assert_false(writer.failed);
    return balint_certificate_read(&read, bytes, writer.length, root.public_half);
}

static void test_certificate_signed_nonsense(void **state)
{
    static const uint8_t high[8] = {0x80};
    char letters[65];
    (void)state;
    memset(letters, 'a', sizeof letters);
    assert_true(signed_but(-1, NULL, 0));
    assert_true(signed_but(1, letters, 64));
    assert_false(signed_but(0, "balint1 roster", 14));
    assert_false(signed_but(0, "balint1 certificate\0", 20));
    assert_false(signed_but(0, "", 0));
    assert_false(signed_but(1, letters, 65));
    assert_false(signed_but(1, "a\0b", 3));
    assert_false(signed_but(2, letters, 33));
    assert_false(signed_but(2, "anna\0", 5));
    assert_false(signed_but(2, "Anna", 4));
    assert_false(signed_but(3, "", 0));
    assert_false(signed_but(3, "\xe2\x80", 2));
    assert_false(signed_but(4, "\x04", 1));
    assert_false(signed_but(4, "\0\2", 2));
    assert_false(signed_but(5, "\0\0\0\0\0\0\0\0", 8));
    assert_false(signed_but(5, "\5", 1));
    assert_false(signed_but(6, "\0\0\0\0\0\0\0\x9", 8)); /* from == until */
    assert_false(signed_but(6, high, 8));
    assert_false(signed_but(7, high, 8));
    assert_false(signed_but(8, hash, 31));
}

static void test_token(void **state)
{
    const struct balint_token token = {.member = "k3v9x0q2m7ab", .serial = 3, .from_s = 10, .until_s = 20};
    uint8_t bytes[BALINT_TOKEN_SIZE], other[32] = {8}, none[32] = {0};
    (void)state;
    size_t length = balint_token_make(&token, GROUP, hash, door, bytes);
    assert_int_equal(length, 1 + 12 + 24 + 32);
    assert_true(balint_token_verify(bytes, length, GROUP, hash, door));
    assert_false(balint_token_verify(bytes, length, "Wednesday", hash, door));
    assert_false(balint_token_verify(bytes, length, "", hash, door));
    assert_false(balint_token_verify(bytes, length, GROUP, other, door));
    assert_false(balint_token_verify(bytes, length, GROUP, hash, none));
    damage(again_token, bytes, length, false);
    for (size_t bit = 0; bit < 8 * length; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_false(balint_token_verify(bytes, length, GROUP, hash, door));
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    struct balint_token t = token;
    t.until_s = t.from_s;
    assert_int_equal(balint_token_make(&t, GROUP, hash, door, bytes), 0);
    t = token;
    t.serial = 0;
    assert_int_equal(balint_token_make(&t, GROUP, hash, door, bytes), 0);
    t = token;
    t.from_s = -1;
    assert_int_equal(balint_token_make(&t, GROUP, hash, door, bytes), 0);
    t = token;
    t.member[0] = 'K';
    assert_int_equal(balint_token_make(&t, GROUP, hash, door, bytes), 0);
    t = token;
    memset(t.member, 'm', BALINT_ID_SIZE - 1); /* the longest id fits */
    length = balint_token_make(&t, GROUP, hash, door, bytes);
    assert_true(length > 0 && length <= BALINT_TOKEN_SIZE);
    assert_true(balint_token_verify(bytes, length, GROUP, hash, door));
}

static void test_device_and_join(void **state)
{
    struct balint_device device = {.key = {1}};
    struct balint_join_record join = {.certificate_hash = {2}, .nonce = {3}, .exchange = {4}};
    uint8_t bytes[BALINT_JOIN_SIZE];
    (void)state;
    for (int i = 0; i < 2; i++) {
        size_t length = balint_device_write(&device, bytes);
        assert_true(length > 0 && length <= BALINT_DEVICE_SIZE);
        damage(again_device, bytes, length, false);
        length = balint_join_write(&join, bytes);
        assert_true(length > 0 && length <= BALINT_JOIN_SIZE);
        damage(again_join, bytes, length, false);
        device.signature_length = join.signature_length = BALINT_SIGNATURE_SIZE;
    }
    device.signature_length = join.signature_length = BALINT_SIGNATURE_SIZE - 1;
    assert_int_equal(balint_device_write(&device, bytes), 0);
    assert_int_equal(balint_join_write(&join, bytes), 0);
}

static void test_roster_damaged(void **state)
{
    struct balint_roster roster = two_people();
    uint8_t bytes[BALINT_ROSTER_SIZE];
    (void)state;
    size_t length = balint_roster_write(&roster, bytes);
    assert_true(length > 0);
    damage(again_roster, bytes, length, false);
    roster.signature_length = BALINT_SIGNATURE_SIZE;
    roster.grant_length = 3;
    length = balint_roster_write(&roster, bytes);
    assert_true(length > 0);
    damage(again_roster, bytes, length, false);
}

static void roster_refused(const struct balint_roster *roster)
{
    static uint8_t bytes[BALINT_ROSTER_SIZE];
    assert_int_equal(balint_roster_write(roster, bytes), 0);
}

static void test_roster_ranges(void **state)
{
    struct balint_roster r = two_people();
    uint8_t bytes[BALINT_ROSTER_SIZE];
    (void)state;
    strcpy(r.entries[1].member, "anna"); /* one person, two seats */
    roster_refused(&r);
    r = two_people();
    r.entries[1].role = BALINT_ROLES;
    roster_refused(&r);
    r = two_people();
    r.entries[0].serial = 0;
    roster_refused(&r);
    r = two_people();
    r.entries[0].member[0] = '\0';
    roster_refused(&r);
    r = two_people();
    r.count = BALINT_SEATS + 1;
    roster_refused(&r);
    r.count = -1;
    roster_refused(&r);
    r = two_people();
    r.epoch = 0;
    roster_refused(&r);
    r = two_people();
    r.expires_s = -1;
    roster_refused(&r);
    r = two_people();
    r.signer[0] = '\0';
    roster_refused(&r);
    r = two_people();
    r.grant_length = sizeof r.grant + 1;
    roster_refused(&r);
    r = two_people();
    r.signature_length = 1;
    roster_refused(&r);
    /* The longest fits. */
    r = two_people();
    r.count = BALINT_SEATS;
    r.grant_length = sizeof r.grant;
    r.signature_length = BALINT_SIGNATURE_SIZE;
    for (int i = 0; i < BALINT_SEATS; i++) {
        memset(r.entries[i].member, 'a' + i, BALINT_ID_SIZE - 1);
        r.entries[i].serial = UINT64_MAX;
    }
    memset(r.signer, 's', BALINT_ID_SIZE - 1);
    assert_true(balint_roster_write(&r, bytes) > 0);
}

/* The same nonsense, written past the writer's own judgement: the reader refuses it by itself. */
static void test_roster_read_refuses(void **state)
{
    struct balint_roster r = two_people(), read;
    uint8_t good[BALINT_ROSTER_SIZE], bytes[BALINT_ROSTER_SIZE];
    (void)state;
    strcpy(r.entries[1].member, "bnna");
    size_t length = balint_roster_write(&r, good);
    memcpy(bytes, good, length);
    uint8_t *second = memmem(bytes, length, "bnna", 4);
    assert_non_null(second);
    *second = 'a';
    assert_false(balint_roster_read(&read, bytes, length)); /* "anna" twice */
    *second = 'c';
    assert_true(balint_roster_read(&read, bytes, length));
    second[6] = BALINT_ROLES;
    assert_false(balint_roster_read(&read, bytes, length));
    memcpy(bytes, good, length);
    /* label 2+14, root 34, session 18, expires 10: the epoch's field stands at 78, the count's at 118. */
    memset(bytes + 80, 0, 4);
    assert_false(balint_roster_read(&read, bytes, length));
    memcpy(bytes, good, length);
    assert_int_equal(bytes[120], 2);
    for (int count = 0; count < 256; count++) {
        bytes[120] = (uint8_t)count;
        assert_int_equal(balint_roster_read(&read, bytes, length), count == 2);
    }
}

static void test_envelope(void **state)
{
    struct balint_envelope envelope = {.sequence = 1,
                                       .epoch = 1,
                                       .kind = BALINT_ENVELOPE_TALK,
                                       .body = {1, 2, 3}},
                           read;
    uint8_t bytes[BALINT_ENVELOPE_SIZE];
    (void)state;
    balint_envelope_write(&envelope, bytes);
    damage(again_envelope, bytes, sizeof bytes, false);
    bytes[0] = 2; /* version */
    assert_false(balint_envelope_read(&read, bytes, sizeof bytes));
    bytes[0] = 1;
    bytes[16] = BALINT_ENVELOPE_TALK + 1;
    assert_false(balint_envelope_read(&read, bytes, sizeof bytes));
    bytes[16] = BALINT_ENVELOPE_TALK;
    bytes[255] = 1; /* a tag, and nothing was sealed */
    assert_false(balint_envelope_read(&read, bytes, sizeof bytes));
}

/* Length prefixes that point behind the record, and random bytes: refused, nothing read outside. */
static void test_hostile_lengths(void **state)
{
    static const read_write readers[] = {again_certificate, again_device,   again_join,
                                         again_roster,      again_envelope, again_token};
    struct balint_roster roster = two_people();
    uint8_t bytes[BALINT_ROSTER_SIZE], back[BALINT_ROSTER_SIZE];
    uint32_t random = 1;
    (void)state;
    size_t length = balint_roster_write(&roster, bytes);
    for (size_t at = 0; at + 1 < length; at++) {
        uint8_t kept[2] = {bytes[at], bytes[at + 1]};
        bytes[at] = bytes[at + 1] = 0xff;
        judge(again_roster, bytes, length, back);
        memcpy(bytes + at, kept, 2);
    }
    for (int round = 0; round < 20000; round++) {
        length = round % 300;
        for (size_t i = 0; i < length; i++) {
            random = random * 1664525u + 1013904223u;
            bytes[i] = i % 2 == 0 && round % 2 == 0 ? 0 : (uint8_t)(random >> 24);
        }
        assert_int_equal(judge(readers[round % 6], bytes, length, back), 0);
    }
}

static int make_root(void **state)
{
    (void)state;
    return balint_key_from_seed(&root, (const uint8_t[BALINT_SEED_SIZE]){42}) ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_certificate_damaged),
        cmocka_unit_test(test_certificate_ranges),
        cmocka_unit_test(test_certificate_signed_nonsense),
        cmocka_unit_test(test_token),
        cmocka_unit_test(test_device_and_join),
        cmocka_unit_test(test_roster_damaged),
        cmocka_unit_test(test_roster_ranges),
        cmocka_unit_test(test_roster_read_refuses),
        cmocka_unit_test(test_envelope),
        cmocka_unit_test(test_hostile_lengths),
    };
    return cmocka_run_group_tests(tests, make_root, NULL);
}
