/* identity_trust.c - every reason for which a person, a roster or a pass is not believed, each reached.
 *
 * The people and three good rosters come from tests/fixtures/identity.json; what is wrong is made here,
 * signed with the right keys wherever the signature is not the point.
 */
#include "unit/identity_evening.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HOUR 3600

static struct evening evening;
static struct evening_person *const people = evening.people;
static bool reached[BALINT_TRUSTS]; /* reasons that were answered somewhere below */

static enum balint_trust note(enum balint_trust trust)
{
    assert_in_range(trust, 0, BALINT_TRUSTS - 1);
    reached[trust] = true;
    return trust;
}

/* ---- a person */

static enum balint_trust met(const struct balint_part *certificate, const struct balint_part *device,
                             const struct balint_part *join, int64_t now_s)
{
    struct balint_identified person;
    return note(balint_person_verify(&person, certificate, device, join, evening.root.public_half,
                                     evening.group, now_s));
}

/* Anna's certificate with another content, signed by `root`; the rest is hers. */
static enum balint_trust with_certificate(const struct balint_certificate *certificate,
                                          const struct balint_key *root)
{
    uint8_t bytes[BALINT_CERTIFICATE_SIZE];
    const struct balint_part part = {bytes, balint_certificate_make(certificate, root, bytes)};
    assert_true(part.length > 0);
    return met(&part, &people[ANNA].device_part, NULL, evening.now_s);
}

static void test_person(void **state)
{
    const struct evening_person *anna = &people[ANNA], *ben = &people[BEN];
    struct balint_certificate c = anna->certificate;
    uint8_t bytes[BALINT_JOIN_SIZE];
    (void)state;
    assert_int_equal(with_certificate(&c, &evening.root), BALINT_TRUST_OK);
    assert_int_equal(with_certificate(&c, &anna->person), BALINT_TRUST_CERTIFICATE);
    strcpy(c.group, "Wednesday");
    assert_int_equal(with_certificate(&c, &evening.root), BALINT_TRUST_GROUP);
    c = anna->certificate;
    c.from_s = evening.now_s + 1;
    assert_int_equal(with_certificate(&c, &evening.root), BALINT_TRUST_TIME);
    c.from_s = evening.now_s;
    assert_int_equal(with_certificate(&c, &evening.root), BALINT_TRUST_OK);
    c.from_s = 1;
    c.until_s = evening.now_s;
    assert_int_equal(with_certificate(&c, &evening.root), BALINT_TRUST_OK);
    c.until_s = evening.now_s - 1;
    assert_int_equal(with_certificate(&c, &evening.root), BALINT_TRUST_TIME);
    const struct balint_part none = {bytes, 0};
    assert_int_equal(met(&none, &anna->device_part, &anna->join_part, evening.now_s), BALINT_TRUST_FORM);
    assert_int_equal(met(&anna->certificate_part, &none, &anna->join_part, evening.now_s), BALINT_TRUST_FORM);
    assert_int_equal(met(&anna->certificate_part, &anna->device_part, &none, evening.now_s),
                     BALINT_TRUST_FORM);
    /* Another's device, another's join. */
    assert_int_equal(met(&anna->certificate_part, &ben->device_part, &ben->join_part, evening.now_s),
                     BALINT_TRUST_DEVICE);
    assert_int_equal(met(&anna->certificate_part, &anna->device_part, &ben->join_part, evening.now_s),
                     BALINT_TRUST_JOIN);
    /* Her own device signs a join over another certificate. */
    const struct balint_part foreign = {bytes, balint_join_make(&ben->join, &anna->device, bytes)};
    assert_int_equal(met(&anna->certificate_part, &anna->device_part, &foreign, evening.now_s),
                     BALINT_TRUST_JOIN);
    /* Not signed at all. */
    struct balint_device device = {0};
    memcpy(device.key, anna->device.public_half, 32);
    struct balint_part open = {bytes, balint_device_write(&device, bytes)};
    assert_int_equal(met(&anna->certificate_part, &open, NULL, evening.now_s), BALINT_TRUST_DEVICE);
    struct balint_join_record join = anna->join;
    join.signature_length = 0;
    open.length = balint_join_write(&join, bytes);
    assert_int_equal(met(&anna->certificate_part, &anna->device_part, &open, evening.now_s),
                     BALINT_TRUST_JOIN);
}

/* ---- a roster */

static struct balint_roster roster_of(size_t index)
{
    return evening_read_roster(&evening, index);
}

static enum balint_trust judged(const struct balint_roster *roster, int who,
                                const struct balint_roster_view *view)
{
    return note(evening_judge(&evening, roster, who, view));
}

static void test_roster(void **state)
{
    struct balint_roster_view view = evening_view(&evening, ANNA);
    struct balint_roster r = roster_of(0);
    (void)state;
    assert_int_equal(judged(&r, ANNA, &view), BALINT_TRUST_OK);
    assert_int_equal(note(balint_roster_verify(&r, NULL, (const uint8_t *)"", 0, &view)), BALINT_TRUST_FORM);
    r.root[0] ^= 1;
    assert_int_equal(judged(&r, ANNA, &view), BALINT_TRUST_ROOT);
    r = roster_of(0);
    r.expires_s = evening.now_s;
    assert_int_equal(judged(&r, ANNA, &view), BALINT_TRUST_EXPIRED);
    r.expires_s = evening.now_s + 1;
    assert_int_equal(judged(&r, ANNA, &view), BALINT_TRUST_OK);
    r.expires_s = evening.now_s + 12 * HOUR + BALINT_SKEW_S;
    assert_int_equal(judged(&r, ANNA, &view), BALINT_TRUST_OK);
    r.expires_s++;
    assert_int_equal(judged(&r, ANNA, &view), BALINT_TRUST_TOO_LONG);
    /* Signed with another's device, or not at all. */
    r = roster_of(0);
    assert_int_equal(judged(&r, BEN, &view), BALINT_TRUST_SIGNATURE);
    uint8_t bytes[BALINT_ROSTER_SIZE];
    r.signature_length = 0;
    size_t length = balint_roster_write(&r, bytes);
    assert_int_equal(note(balint_roster_verify(&r, NULL, bytes, length, &view)), BALINT_TRUST_SIGNATURE);
    /* Shown with another's certificate; that person does not stand in it, or otherwise. */
    r = roster_of(1);
    assert_int_equal(judged(&r, CARLA, &view), BALINT_TRUST_MEMBER);
    r = roster_of(0);
    strcpy(r.entries[0].member, "nobody");
    assert_int_equal(judged(&r, ANNA, &view), BALINT_TRUST_LISTED);
    r = roster_of(0);
    r.entries[0].device[0] ^= 1;
    assert_int_equal(judged(&r, ANNA, &view), BALINT_TRUST_LISTED);
    r = roster_of(0);
    r.entries[0].serial = people[ANNA].certificate.serial + 1;
    assert_int_equal(judged(&r, ANNA, &view), BALINT_TRUST_LISTED);
    r = roster_of(0);
    r.entries[0].role = BALINT_CO_LEADER;
    assert_int_equal(judged(&r, ANNA, &view), BALINT_TRUST_LISTED);
    r = roster_of(0);
    r.epoch = 1;
    r.previous[0] = 1;
    assert_int_equal(judged(&r, ANNA, &view), BALINT_TRUST_FORM);
    /* The signer's own records are judged as a person's are. */
    r = roster_of(0);
    view.now_s = people[ANNA].certificate.until_s + 1;
    r.expires_s = view.now_s + 1;
    assert_int_equal(judged(&r, ANNA, &view), BALINT_TRUST_TIME);
    view = evening_view(&evening, ANNA);
    view.device = people[BEN].device_part;
    r = roster_of(0);
    assert_int_equal(judged(&r, ANNA, &view), BALINT_TRUST_DEVICE);
}

/* A member signs: with every appearance of a leader, but for the certificate. */
static void test_member_signs(void **state)
{
    struct balint_roster_view view = evening_view(&evening, BEN);
    struct balint_roster r = roster_of(2);
    (void)state;
    assert_int_equal(judged(&r, BEN, &view), BALINT_TRUST_OK); /* by the grant */
    r.grant_length = 0;
    assert_int_equal(judged(&r, BEN, &view), BALINT_TRUST_ROLE);
    r = roster_of(2);
    for (int i = 0; i < r.count; i++)
        if (strcmp(r.entries[i].member, "ben") == 0)
            r.entries[i].role = BALINT_LEADER;
    assert_int_equal(judged(&r, BEN, &view), BALINT_TRUST_LISTED);
}

static void test_first_roster(void **state)
{
    struct balint_roster_view view = evening_view(&evening, ANNA);
    struct balint_roster r = roster_of(0);
    (void)state;
    view.member = "anna";
    view.own_device = people[ANNA].device.public_half;
    assert_int_equal(judged(&r, ANNA, &view), BALINT_TRUST_OK);
    view.own_device = people[BEN].device.public_half;
    assert_int_equal(judged(&r, ANNA, &view), BALINT_TRUST_NOT_NAMED);
    view.member = "ben";
    assert_int_equal(judged(&r, ANNA, &view), BALINT_TRUST_NOT_NAMED);
}

static void test_successor(void **state)
{
    struct balint_roster newest = roster_of(1), r;
    struct balint_roster_view view = evening_view(&evening, ANNA);
    uint8_t bytes[BALINT_ROSTER_SIZE], hash[BALINT_HASH_SIZE];
    (void)state;
    size_t length = evening_roster(&evening, 1, bytes);
    assert_true(balint_hash(bytes, length, hash));
    view.newest = &newest;
    view.newest_hash = hash;
    assert_int_equal(note(balint_roster_verify(&r, NULL, bytes, length, &view)), BALINT_TRUST_SAME);
    r = newest;
    memset(r.signer, 0, sizeof r.signer);
    strcpy(r.signer, "anna");
    r.epoch = 3;
    memcpy(r.previous, hash, sizeof hash);
    assert_int_equal(judged(&r, ANNA, &view), BALINT_TRUST_OK);
    r.previous[31] ^= 1;
    assert_int_equal(judged(&r, ANNA, &view), BALINT_TRUST_PREVIOUS);
    assert_true(balint_trust_alarms(BALINT_TRUST_PREVIOUS));
    r.epoch = 4; /* one was missed: what it follows is not known here */
    assert_int_equal(judged(&r, ANNA, &view), BALINT_TRUST_OK);
    r.epoch = 2;
    assert_int_equal(judged(&r, ANNA, &view), BALINT_TRUST_ALARM);
    assert_int_equal(judged(&r, BEN, &view), BALINT_TRUST_SIGNATURE); /* anybody could say so */
    assert_true(balint_trust_alarms(BALINT_TRUST_ALARM));
    assert_false(balint_trust_alarms(BALINT_TRUST_STALE));
    r.epoch = 1;
    memset(r.previous, 0, sizeof r.previous);
    assert_int_equal(judged(&r, ANNA, &view), BALINT_TRUST_STALE);
    r.epoch = 3;
    memcpy(r.previous, hash, sizeof hash);
    r.session[0] ^= 1;
    assert_int_equal(judged(&r, ANNA, &view), BALINT_TRUST_SESSION);
}

/* A certificate that was taken back signs and grants nothing, whatever the new roster says of it. */
static void test_revoked(void **state)
{
    struct balint_roster newest = roster_of(1), r = roster_of(2);
    struct balint_roster_view view = evening_view(&evening, BEN);
    (void)state;
    r.entries[r.count] = newest.entries[0]; /* anna, who made ben deputy */
    assert_string_equal(r.entries[r.count++].member, "anna");
    assert_int_equal(judged(&r, BEN, &view), BALINT_TRUST_OK);
    r.entries[2].serial++;
    assert_int_equal(judged(&r, BEN, &view), BALINT_TRUST_GRANT);
    r = roster_of(2);
    view.newest = &newest;
    view.newest_hash = r.previous;
    assert_int_equal(judged(&r, BEN, &view), BALINT_TRUST_OK);
    newest.entries[0].serial++;
    assert_int_equal(judged(&r, BEN, &view), BALINT_TRUST_GRANT);
    struct balint_roster by_carla = roster_of(1);
    by_carla.epoch = 3;
    memcpy(by_carla.previous, r.previous, sizeof by_carla.previous);
    struct balint_roster_view carla = evening_view(&evening, CARLA);
    carla.newest = &newest;
    carla.newest_hash = r.previous;
    assert_int_equal(judged(&by_carla, CARLA, &carla), BALINT_TRUST_OK);
    newest.entries[1].serial++;
    assert_int_equal(judged(&by_carla, CARLA, &carla), BALINT_TRUST_LISTED);
    view.newest = NULL;
    view.now_s += 6 * HOUR; /* the roster lasts for twelve, the grant in it for six */
    assert_int_equal(judged(&r, BEN, &view), BALINT_TRUST_GRANT_OVER);
}

/* ---- a pass */

static enum balint_trust passed(const struct balint_pass *pass, const struct balint_key *device)
{
    struct balint_pass read;
    uint8_t bytes[BALINT_PASS_SIZE];
    size_t length = balint_pass_make(pass, device, bytes);
    assert_true(length > 0);
    return note(balint_pass_verify(&read, bytes, length, people[ANNA].device.public_half,
                                   people[ANNA].join_hash, people[BEN].join_hash, evening.now_s));
}

static void test_pass(void **state)
{
    struct balint_pass pass = {.expires_s = evening.now_s + 600}, p;
    const struct balint_key *device = &people[ANNA].device;
    (void)state;
    memcpy(pass.leader, people[ANNA].join_hash, 32);
    memcpy(pass.guest, people[BEN].join_hash, 32);
    assert_int_equal(passed(&pass, device), BALINT_TRUST_OK);
    assert_int_equal(passed(&pass, &people[BEN].device), BALINT_TRUST_SIGNATURE);
    p = pass;
    memcpy(p.guest, people[CARLA].join_hash, 32);
    assert_int_equal(passed(&p, device), BALINT_TRUST_JOIN);
    p = pass;
    memcpy(p.leader, people[CARLA].join_hash, 32);
    assert_int_equal(passed(&p, device), BALINT_TRUST_JOIN);
    p = pass;
    memcpy(p.leader, pass.guest, 32); /* the other way round */
    memcpy(p.guest, pass.leader, 32);
    assert_int_equal(passed(&p, device), BALINT_TRUST_JOIN);
    p = pass;
    p.expires_s = evening.now_s;
    assert_int_equal(passed(&p, device), BALINT_TRUST_EXPIRED);
    p.expires_s = evening.now_s + BALINT_PASS_LASTS_S + BALINT_SKEW_S + 1;
    assert_int_equal(passed(&p, device), BALINT_TRUST_TOO_LONG);
    p.expires_s--;
    assert_int_equal(passed(&p, device), BALINT_TRUST_OK);
    p.expires_s = -1;
    uint8_t bytes[BALINT_PASS_SIZE];
    assert_int_equal(balint_pass_make(&p, device, bytes), 0);
}

/* Each reason was met above, has its own word, and a sentence of one line that ends as sentences do. */
static void test_reasons(void **state)
{
    (void)state;
    for (int i = 0; i < BALINT_TRUSTS; i++) {
        const char *text = balint_trust_text((enum balint_trust)i), *name = balint_trust_name(i);
        if (!reached[i])
            fail_msg("no test reaches the reason %s", name);
        assert_true(balint_id_ok(name));
        assert_true(strlen(text) > 10 && strlen(text) < 257 && text[strlen(text) - 1] == '.');
        assert_null(strchr(text, '\n'));
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(name, balint_trust_name((enum balint_trust)j));
            assert_string_not_equal(text, balint_trust_text((enum balint_trust)j));
        }
    }
    assert_non_null(balint_trust_text(BALINT_TRUSTS));
    assert_non_null(balint_trust_name((enum balint_trust) - 1));
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
        cmocka_unit_test(test_person),       cmocka_unit_test(test_roster),
        cmocka_unit_test(test_member_signs), cmocka_unit_test(test_first_roster),
        cmocka_unit_test(test_successor),    cmocka_unit_test(test_revoked),
        cmocka_unit_test(test_pass),         cmocka_unit_test(test_reasons),
    };
    return cmocka_run_group_tests(tests, open_evening, close_evening);
}
