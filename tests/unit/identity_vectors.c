/* identity_vectors.c - every record against tests/fixtures/identity.json, which another implementation made.
 */
#include "identity/identity.h"
#include "unit/identity_bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>

static json_t *fixture;
static size_t index_;
static json_t *row;

#define each(key) json_array_foreach(json_object_get(fixture, key), index_, row)

static const char *text_of(json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    assert_non_null(text);
    return text;
}

static size_t bytes_of(json_t *object, const char *key, uint8_t *bytes, size_t cap)
{
    const char *hex = text_of(object, key);
    assert_true(strlen(hex) / 2 <= cap);
    return balint_unhex(hex, bytes);
}

/* Integers of up to 64 bits stand in the fixture as text: JSON readers lose the largest. */
static uint64_t number_of(json_t *object, const char *key)
{
    char *end;
    uint64_t value = strtoull(text_of(object, key), &end, 10);
    assert_int_equal(*end, '\0');
    return value;
}

static enum balint_role role_of(json_t *object)
{
    static const char *const names[BALINT_ROLES] = {"leader", "co-leader", "member", "observer"};
    for (int i = 0; i < BALINT_ROLES; i++)
        if (strcmp(text_of(object, "role"), names[i]) == 0)
            return (enum balint_role)i;
    fail();
    return BALINT_ROLES;
}

static void test_people(void **state)
{
    (void)state;
    each("people")
    {
        struct balint_key key;
        uint8_t seed[32], root[32], expected[32];
        bytes_of(row, "seed", seed, 32);
        bytes_of(row, "root", root, 32);
        assert_true(balint_key_of_person(&key, seed, root));
        bytes_of(row, "person_seed", expected, 32);
        assert_memory_equal(key.seed, expected, 32);
        bytes_of(row, "public", expected, 32);
        assert_memory_equal(key.public_half, expected, 32);
    }
    assert_int_equal(index_, 3);
}

static void test_certificates(void **state)
{
    (void)state;
    each("certificates")
    {
        struct balint_certificate c = {0}, read;
        struct balint_key root;
        uint8_t seed[32], expected[BALINT_CERTIFICATE_SIZE], bytes[BALINT_CERTIFICATE_SIZE];
        bytes_of(row, "root_seed", seed, 32);
        assert_true(balint_key_from_seed(&root, seed));
        strcpy(c.group, text_of(row, "group"));
        strcpy(c.member, text_of(row, "member"));
        strcpy(c.name, text_of(row, "name"));
        c.role = role_of(row);
        c.serial = number_of(row, "serial");
        c.from_s = (int64_t)number_of(row, "from");
        c.until_s = (int64_t)number_of(row, "until");
        bytes_of(row, "key", c.key, 32);
        size_t length = bytes_of(row, "bytes", expected, sizeof expected);
        assert_int_equal(balint_certificate_make(&c, &root, bytes), length);
        assert_memory_equal(bytes, expected, length);
        memset(&read, 0x55, sizeof read);
        assert_true(balint_certificate_read(&read, expected, length, root.public_half));
        assert_memory_equal(&read, &c, sizeof c);
    }
    assert_int_equal(index_, 3);
}

static void test_tokens(void **state)
{
    (void)state;
    each("tokens")
    {
        struct balint_token t = {0}, read;
        uint8_t door[32], hash[32], expected[BALINT_TOKEN_SIZE], bytes[BALINT_TOKEN_SIZE];
        bytes_of(row, "door_key", door, 32);
        bytes_of(row, "certificate_hash", hash, 32);
        strcpy(t.member, text_of(row, "member"));
        t.serial = number_of(row, "serial");
        t.from_s = (int64_t)number_of(row, "from");
        t.until_s = (int64_t)number_of(row, "until");
        size_t length = bytes_of(row, "bytes", expected, sizeof expected);
        assert_int_equal(balint_token_make(&t, text_of(row, "group"), hash, door, bytes), length);
        assert_memory_equal(bytes, expected, length);
        memset(&read, 0x55, sizeof read);
        assert_true(balint_token_peek(&read, expected, length));
        assert_memory_equal(&read, &t, sizeof t);
        assert_true(balint_token_verify(expected, length, text_of(row, "group"), hash, door));
    }
    assert_int_equal(index_, 3);
}

static void test_rosters(void **state)
{
    (void)state;
    each("rosters")
    {
        static struct balint_roster r, read;
        uint8_t expected[BALINT_ROSTER_SIZE], bytes[BALINT_ROSTER_SIZE];
        json_t *entries = json_object_get(row, "entries");
        memset(&r, 0, sizeof r);
        bytes_of(row, "root", r.root, 32);
        bytes_of(row, "session", r.session, 16);
        r.expires_s = (int64_t)number_of(row, "expires");
        r.epoch = (uint32_t)number_of(row, "epoch");
        bytes_of(row, "previous", r.previous, 32);
        r.count = (int)json_array_size(entries);
        for (int i = 0; i < r.count; i++) {
            json_t *entry = json_array_get(entries, (size_t)i);
            strcpy(r.entries[i].member, text_of(entry, "member"));
            r.entries[i].role = role_of(entry);
            bytes_of(entry, "device", r.entries[i].device, 32);
            r.entries[i].serial = number_of(entry, "serial");
        }
        strcpy(r.signer, text_of(row, "signer"));
        r.grant_length = (uint16_t)bytes_of(row, "grant", r.grant, sizeof r.grant);
        r.signature_length = (uint8_t)bytes_of(row, "signature", r.signature, 64);
        size_t length = bytes_of(row, "bytes", expected, sizeof expected);
        assert_int_equal(balint_roster_write(&r, bytes), length);
        assert_memory_equal(bytes, expected, length);
        memset(&read, 0x55, sizeof read);
        assert_true(balint_roster_read(&read, expected, length));
        assert_memory_equal(&read, &r, sizeof r);
        assert_ptr_equal(balint_roster_find(&read, "member-00"), &read.entries[0]);
        assert_null(balint_roster_find(&read, "member-99"));
    }
    assert_int_equal(index_, 2);
}

static void test_devices_and_joins(void **state)
{
    (void)state;
    uint8_t expected[256], bytes[256];
    each("devices")
    {
        struct balint_device d = {0}, read;
        bytes_of(row, "key", d.key, 32);
        d.signature_length = (uint8_t)bytes_of(row, "signature", d.signature, 64);
        size_t length = bytes_of(row, "bytes", expected, sizeof expected);
        assert_int_equal(balint_device_write(&d, bytes), length);
        assert_memory_equal(bytes, expected, length);
        memset(&read, 0x55, sizeof read);
        assert_true(balint_device_read(&read, expected, length));
        assert_memory_equal(&read, &d, sizeof d);
    }
    assert_int_equal(index_, 2);
    each("joins")
    {
        struct balint_join_record j = {0}, read;
        bytes_of(row, "session", j.session, 16);
        bytes_of(row, "certificate_hash", j.certificate_hash, 32);
        bytes_of(row, "nonce", j.nonce, 32);
        bytes_of(row, "exchange", j.exchange, 32);
        j.signature_length = (uint8_t)bytes_of(row, "signature", j.signature, 64);
        size_t length = bytes_of(row, "bytes", expected, sizeof expected);
        assert_int_equal(balint_join_write(&j, bytes), length);
        assert_memory_equal(bytes, expected, length);
        memset(&read, 0x55, sizeof read);
        assert_true(balint_join_read(&read, expected, length));
        assert_memory_equal(&read, &j, sizeof j);
    }
    assert_int_equal(index_, 2);
}

static void test_envelopes(void **state)
{
    (void)state;
    each("envelopes")
    {
        struct balint_envelope e = {0}, read;
        uint8_t expected[BALINT_ENVELOPE_SIZE], bytes[BALINT_ENVELOPE_SIZE];
        e.epoch = (uint32_t)number_of(row, "epoch");
        e.sequence = number_of(row, "sequence");
        e.kind = (enum balint_envelope_kind)number_of(row, "kind");
        bytes_of(row, "body", e.body, sizeof e.body);
        assert_int_equal(bytes_of(row, "bytes", expected, sizeof expected), BALINT_ENVELOPE_SIZE);
        balint_envelope_write(&e, bytes);
        assert_memory_equal(bytes, expected, sizeof bytes);
        memset(&read, 0, sizeof read);
        assert_true(balint_envelope_read(&read, expected, sizeof expected));
        assert_memory_equal(&read, &e, sizeof e);
    }
    assert_int_equal(index_, 2);
}

static void test_links(void **state)
{
    (void)state;
    each("links")
    {
        struct balint_link link = {0}, read;
        char text[BALINT_LINK_SIZE];
        const char *why = NULL;
        strcpy(link.server, text_of(row, "server"));
        link.tls = json_is_true(json_object_get(row, "tls"));
        strcpy(link.group, text_of(row, "group"));
        link.token_length = (uint16_t)bytes_of(row, "token", link.token, sizeof link.token);
        bytes_of(row, "seed", link.seed, 32);
        bytes_of(row, "root", link.root, 32);
        assert_true(balint_link_write(&link, text, sizeof text));
        assert_string_equal(text, text_of(row, "text"));
        memset(&read, 0x55, sizeof read);
        assert_true(balint_link_parse(&read, text, &why));
        assert_memory_equal(&read, &link, sizeof link);
        assert_false(balint_link_write(&link, text, strlen(text_of(row, "text"))));
    }
    assert_int_equal(index_, 3);
}

static void test_requests(void **state)
{
    static uint8_t expected[BALINT_REQUEST_SIZE], bytes[BALINT_REQUEST_SIZE];
    uint8_t nonce[32], root[32], signature[64], certificates[2][BALINT_CERTIFICATE_SIZE];
    struct balint_part parts[2];
    json_t *requests = json_object_get(fixture, "requests");
    (void)state;
    bytes_of(requests, "nonce", nonce, 32);
    bytes_of(requests, "root", root, 32);
    size_t length = bytes_of(requests, "found", expected, sizeof expected);
    assert_int_equal(
        balint_found_bytes(nonce, "Tuesday", text_of(requests, "code"), root, bytes, sizeof bytes), length);
    assert_memory_equal(bytes, expected, length);
    bytes_of(requests, "found_signature", signature, 64);
    assert_true(balint_verify(root, bytes, length, signature, 64));
    assert_int_equal(balint_found_bytes(nonce, "Tuesday", text_of(requests, "code"), root, bytes, length - 1),
                     0);
    for (size_t i = 0; i < 2; i++) {
        json_t *certificate = json_array_get(json_object_get(fixture, "certificates"), i);
        parts[i].bytes = certificates[i];
        parts[i].length = bytes_of(certificate, "bytes", certificates[i], BALINT_CERTIFICATE_SIZE);
    }
    length = bytes_of(requests, "mint", expected, sizeof expected);
    assert_int_equal(balint_mint_bytes(nonce, "Tuesday", parts, 2, bytes, sizeof bytes), length);
    assert_memory_equal(bytes, expected, length);
    assert_int_equal(balint_mint_bytes(nonce, "Tuesday", parts, BALINT_MINT_MAX + 1, bytes, sizeof bytes), 0);
    length = bytes_of(requests, "revoke", expected, sizeof expected);
    assert_int_equal(balint_revoke_bytes(nonce, "Tuesday", "k3v9x0q2m7ab",
                                         number_of(requests, "revoke_serial"), bytes, sizeof bytes),
                     length);
    assert_memory_equal(bytes, expected, length);
}

static int load(void **state)
{
    json_error_t error;
    (void)state;
    fixture = json_load_file(BALINT_SOURCE_DIR "/tests/fixtures/identity.json", 0, &error);
    if (fixture == NULL)
        fprintf(stderr, "identity.json:%d: %s\n", error.line, error.text);
    return fixture == NULL ? -1 : 0;
}

static int unload(void **state)
{
    (void)state;
    json_decref(fixture);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_people),    cmocka_unit_test(test_certificates),
        cmocka_unit_test(test_tokens),    cmocka_unit_test(test_rosters),
        cmocka_unit_test(test_links),     cmocka_unit_test(test_devices_and_joins),
        cmocka_unit_test(test_envelopes), cmocka_unit_test(test_requests),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
