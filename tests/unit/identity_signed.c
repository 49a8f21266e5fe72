/* identity_signed.c - what is signed and sealed in an evening, against tests/fixtures/identity.json, which
 * another implementation made: ours makes the same bytes, and believes the other's.
 */
#include "identity/envelope.h"
#include "identity/primitives.h"
#include "protocol/messages.h"
#include "unit/identity_evening.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct evening evening;
static struct evening_person *const people = evening.people;

static json_t *part(const char *key)
{
    json_t *found = json_object_get(evening.fixture, key);
    assert_non_null(found);
    return found;
}

static void test_people(void **state)
{
    json_t *rows = json_object_get(part("evening"), "people");
    (void)state;
    for (int i = 0; i < PEOPLE; i++) {
        struct evening_person *p = &people[i];
        json_t *row = json_array_get(rows, (size_t)i);
        struct balint_key key;
        struct balint_device device;
        struct balint_join_record join;
        struct balint_identified met;
        uint8_t bytes[BALINT_CERTIFICATE_SIZE], seed[32], public_half[32];
        evening_bytes(row, "seed", seed, 32);
        assert_true(balint_key_of_person(&key, seed, evening.root.public_half));
        assert_memory_equal(&key, &p->person, sizeof key);
        evening_bytes(row, "exchange", seed, 32);
        assert_true(balint_exchange_public(p->exchange_seed, public_half));
        assert_memory_equal(public_half, seed, 32);
        /* Made here: byte for byte the same. */
        size_t length = balint_device_make(p->device.public_half, &p->person, bytes);
        assert_int_equal(length, p->device_part.length);
        assert_memory_equal(bytes, p->device_bytes, length);
        length = balint_join_make(&p->join, &p->device, bytes);
        assert_int_equal(length, p->join_part.length);
        assert_memory_equal(bytes, p->join_bytes, length);
        /* Made there: believed. */
        assert_true(
            balint_device_verify(&device, p->device_bytes, p->device_part.length, p->person.public_half));
        assert_memory_equal(device.key, p->device.public_half, 32);
        assert_true(balint_join_verify(&join, p->join_bytes, p->join_part.length, p->device.public_half));
        assert_memory_equal(join.session, evening.session, sizeof join.session);
        assert_int_equal(balint_person_verify(&met, &p->certificate_part, &p->device_part, &p->join_part,
                                              evening.root.public_half, evening.group, evening.now_s),
                         BALINT_TRUST_OK);
        assert_memory_equal(met.join_hash, p->join_hash, 32);
        assert_memory_equal(met.device, p->device.public_half, 32);
        assert_string_equal(met.certificate.member, p->certificate.member);
    }
}

static void test_grant(void **state)
{
    json_t *row = part("grant");
    struct balint_grant grant = {.expires_s = (int64_t)evening_number(row, "expires"),
                                 .epoch = (uint32_t)evening_number(row, "epoch")},
                        read;
    uint8_t expected[BALINT_GRANTING_SIZE], bytes[BALINT_GRANTING_SIZE], made[BALINT_GRANT_SIZE];
    (void)state;
    memcpy(grant.session, evening.session, sizeof grant.session);
    strcpy(grant.member, evening_text(row, "member"));
    strcpy(grant.granter, evening_text(row, "granter"));
    memcpy(grant.device, people[BEN].device.public_half, sizeof grant.device);
    size_t length = evening_bytes(row, "bytes", expected, sizeof expected);
    assert_int_equal(balint_grant_make(&grant, &people[ANNA].device, made), length);
    assert_memory_equal(made, expected, length);
    assert_true(balint_grant_verify(&read, expected, length, people[ANNA].device.public_half));
    assert_memory_equal(&read, &grant, sizeof read);
    const struct balint_part granted = {made, length};
    length = evening_bytes(row, "granting", expected, sizeof expected);
    assert_int_equal(
        balint_granting_write(&granted, &people[ANNA].certificate_part, &people[ANNA].device_part, bytes),
        length);
    assert_memory_equal(bytes, expected, length);
}

static void test_rosters(void **state)
{
    struct balint_roster newest;
    uint8_t newest_hash[32];
    size_t index;
    json_t *row;
    (void)state;
    json_array_foreach(part("signed_rosters"), index, row)
    {
        struct balint_roster roster = {.expires_s = (int64_t)evening_number(row, "expires"),
                                       .epoch = (uint32_t)evening_number(row, "epoch")},
                             read;
        uint8_t expected[BALINT_ROSTER_SIZE], bytes[BALINT_ROSTER_SIZE], hash[32], expected_hash[32];
        json_t *entries = json_object_get(row, "entries");
        int signer = evening_who(evening_text(row, "signer"));
        memcpy(roster.root, evening.root.public_half, 32);
        memcpy(roster.session, evening.session, sizeof roster.session);
        evening_bytes(row, "previous", roster.previous, 32);
        strcpy(roster.signer, evening_text(row, "signer"));
        roster.grant_length = (uint16_t)evening_bytes(row, "grant", roster.grant, sizeof roster.grant);
        roster.count = (int)json_array_size(entries);
        for (int i = 0; i < roster.count; i++) {
            json_t *entry = json_array_get(entries, (size_t)i);
            const struct evening_person *p = &people[evening_who(evening_text(entry, "member"))];
            strcpy(roster.entries[i].member, evening_text(entry, "member"));
            roster.entries[i].role = evening_role(entry);
            roster.entries[i].serial = p->certificate.serial;
            memcpy(roster.entries[i].device, p->device.public_half, 32);
        }
        size_t length = evening_bytes(row, "bytes", expected, sizeof expected);
        assert_int_equal(balint_roster_make(&roster, &people[signer].device, bytes), length);
        assert_memory_equal(bytes, expected, length);
        struct balint_roster_view view = evening_view(&evening, signer);
        if (index > 0) {
            view.newest = &newest;
            view.newest_hash = newest_hash;
        }
        assert_int_equal(balint_roster_verify(&read, hash, expected, length, &view), BALINT_TRUST_OK);
        evening_bytes(row, "hash", expected_hash, 32);
        assert_memory_equal(hash, expected_hash, 32);
        assert_string_equal(read.signer, roster.signer);
        newest = read;
        memcpy(newest_hash, hash, sizeof hash);
    }
    assert_int_equal(index, 3);
}

static void read_codec(struct balint_codec *codec, json_t *row)
{
    codec->payload = (int)evening_number(row, "payload");
    strcpy(codec->params, evening_text(row, "params"));
}

static void test_links(void **state)
{
    size_t index;
    json_t *row;
    (void)state;
    json_array_foreach(part("signed_links"), index, row)
    {
        struct balint_sdp sdp = {.seat = 3, .generation = (int64_t)evening_number(row, "generation")};
        uint8_t expected[64];
        const struct evening_person *from = &people[evening_who(evening_text(row, "from"))];
        const struct evening_person *to = &people[evening_who(evening_text(row, "to"))];
        bool answer = strcmp(evening_text(row, "side"), "answer") == 0;
        const struct balint_link_ends ends = {.session = evening.session,
                                              .answer = answer,
                                              .sender = from->join_hash,
                                              .receiver = to->join_hash,
                                              .offered = answer ? evening_text(row, "offered") : NULL};
        strcpy(sdp.ufrag, evening_text(row, "ufrag"));
        strcpy(sdp.pwd, evening_text(row, "pwd"));
        strcpy(sdp.fingerprint, evening_text(row, "fingerprint"));
        strcpy(sdp.setup, evening_text(row, "setup"));
        read_codec(&sdp.opus, json_object_get(row, "opus"));
        read_codec(&sdp.vp8, json_object_get(row, "vp8"));
        assert_true(balint_sdp_sign(&sdp, &ends, &from->device));
        assert_int_equal(evening_bytes(row, "signature", expected, 64), 64);
        assert_int_equal(sdp.signature.length, 64);
        assert_memory_equal(sdp.signature.data, expected, 64);
        sdp.seat = 9; /* the server writes it anew */
        assert_true(balint_sdp_verify(&sdp, &ends, from->device.public_half));
    }
    assert_int_equal(index, 2);
}

static void test_envelopes(void **state)
{
    size_t index;
    json_t *row;
    (void)state;
    json_array_foreach(part("sealed_envelopes"), index, row)
    {
        const struct evening_person *from = &people[evening_who(evening_text(row, "from"))];
        const struct evening_person *to = &people[evening_who(evening_text(row, "to"))];
        struct balint_channel seal, open;
        struct balint_envelope read;
        uint8_t expected[256], bytes[256], body[256];
        assert_true(balint_exchange_agree(from->exchange_seed, to->join.exchange, bytes));
        evening_bytes(row, "secret", expected, 32);
        assert_memory_equal(bytes, expected, 32);
        assert_true(balint_channel_make(&seal, from->exchange_seed, to->join.exchange, evening.session,
                                        from->join_hash, to->join_hash));
        assert_true(balint_channel_make(&open, to->exchange_seed, from->join.exchange, evening.session,
                                        to->join_hash, from->join_hash));
        evening_bytes(row, "key", expected, 32);
        assert_memory_equal(seal.seal_key, expected, 32);
        assert_memory_equal(open.open_key, expected, 32);
        assert_int_equal(evening_bytes(row, "body", body, sizeof body), BALINT_ENVELOPE_BODY);
        assert_int_equal(evening_bytes(row, "bytes", expected, sizeof expected), BALINT_ENVELOPE_SIZE);
        seal.sent = evening_number(row, "sequence") - 1;
        enum balint_envelope_kind kind = (enum balint_envelope_kind)evening_number(row, "kind");
        assert_true(balint_channel_seal(&seal, (uint32_t)evening_number(row, "epoch"), kind, body, bytes));
        assert_memory_equal(bytes, expected, sizeof bytes);
        assert_true(balint_channel_open(&open, &read, expected, sizeof expected));
        assert_int_equal(read.kind, kind);
        assert_int_equal(read.sequence, evening_number(row, "sequence"));
        assert_int_equal(read.epoch, evening_number(row, "epoch"));
        assert_memory_equal(read.body, body, sizeof read.body);
    }
    assert_int_equal(index, 3);
}

static void test_pass(void **state)
{
    json_t *row = part("pass");
    const struct evening_person *leader = &people[ANNA], *guest = &people[BEN];
    struct balint_pass pass = {.expires_s = (int64_t)evening_number(row, "expires")}, read;
    uint8_t expected[BALINT_PASS_SIZE], bytes[BALINT_PASS_SIZE];
    (void)state;
    memcpy(pass.leader, leader->join_hash, 32);
    memcpy(pass.guest, guest->join_hash, 32);
    size_t length = evening_bytes(row, "bytes", expected, sizeof expected);
    assert_int_equal(balint_pass_make(&pass, &leader->device, bytes), length);
    assert_memory_equal(bytes, expected, length);
    assert_int_equal(balint_pass_verify(&read, expected, length, leader->device.public_half,
                                        leader->join_hash, guest->join_hash, evening.now_s),
                     BALINT_TRUST_OK);
    assert_memory_equal(&read, &pass, sizeof pass);
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
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_people), cmocka_unit_test(test_grant),     cmocka_unit_test(test_rosters),
        cmocka_unit_test(test_links),  cmocka_unit_test(test_envelopes), cmocka_unit_test(test_pass),
    };
    return cmocka_run_group_tests(tests, open_evening, close_evening);
}
