/* identity_deputy.c - a member who is deputy for the evening: what a grant is worth, in whose hands, and how
 * it ends.
 *
 * The people and three good rosters come from tests/fixtures/identity.json: the third is by ben, a member,
 * with the grant that anna gave him. What is wrong is made here, signed with the right keys.
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

/* Puts a grant of this content into a roster, signed and vouched for by these. */
static void put_grant(struct balint_roster *roster, const struct balint_grant *grant, int signer,
                      int certificate, int device)
{
    uint8_t bytes[BALINT_GRANT_SIZE];
    const struct balint_part part = {bytes, balint_grant_make(grant, &people[signer].device, bytes)};
    assert_true(part.length > 0);
    roster->grant_length = (uint16_t)balint_granting_write(&part, &people[certificate].certificate_part,
                                                           &people[device].device_part, roster->grant);
    assert_true(roster->grant_length > 0);
}

/* Ben's roster with it. */
static enum balint_trust granted(const struct balint_grant *grant, int signer, int certificate, int device)
{
    struct balint_roster_view view = evening_view(&evening, BEN);
    struct balint_roster r = evening_read_roster(&evening, 2);
    put_grant(&r, grant, signer, certificate, device);
    return evening_judge(&evening, &r, BEN, &view);
}

static struct balint_grant good_grant(void)
{
    struct balint_grant grant = {
        .expires_s = evening.now_s + HOUR, .epoch = 3, .member = "ben", .granter = "anna", .session = {0}};
    memcpy(grant.session, evening.session, sizeof grant.session);
    memcpy(grant.device, people[BEN].device.public_half, sizeof grant.device);
    return grant;
}

static void test_grant(void **state)
{
    struct balint_grant g = good_grant();
    (void)state;
    assert_int_equal(granted(&g, ANNA, ANNA, ANNA), BALINT_TRUST_OK);
    assert_int_equal(granted(&g, CARLA, ANNA, ANNA), BALINT_TRUST_GRANT);
    assert_int_equal(granted(&g, ANNA, ANNA, CARLA), BALINT_TRUST_GRANT);
    assert_int_equal(granted(&g, CARLA, CARLA, CARLA), BALINT_TRUST_GRANT); /* names anna */
    strcpy(g.granter, "ben"); /* a member makes himself deputy */
    assert_int_equal(granted(&g, BEN, BEN, BEN), BALINT_TRUST_GRANT);
    g = good_grant();
    memset(g.granter, 0, sizeof g.granter);
    strcpy(g.granter, "carla");
    assert_int_equal(granted(&g, CARLA, CARLA, CARLA), BALINT_TRUST_OK);
    g = good_grant();
    strcpy(g.member, "bea");
    assert_int_equal(granted(&g, ANNA, ANNA, ANNA), BALINT_TRUST_GRANT);
    g = good_grant();
    g.session[3] ^= 1;
    assert_int_equal(granted(&g, ANNA, ANNA, ANNA), BALINT_TRUST_GRANT);
    g = good_grant();
    g.device[3] ^= 1;
    assert_int_equal(granted(&g, ANNA, ANNA, ANNA), BALINT_TRUST_GRANT);
    g = good_grant();
    g.expires_s = evening.now_s;
    assert_int_equal(granted(&g, ANNA, ANNA, ANNA), BALINT_TRUST_GRANT_OVER);
    g.expires_s = evening.now_s + 12 * HOUR + BALINT_SKEW_S + 1;
    assert_int_equal(granted(&g, ANNA, ANNA, ANNA), BALINT_TRUST_GRANT_OVER);
    g = good_grant();
    g.epoch = 4; /* from a later roster on */
    assert_int_equal(granted(&g, ANNA, ANNA, ANNA), BALINT_TRUST_GRANT);
    uint8_t bytes[BALINT_GRANT_SIZE];
    g.epoch = 0;
    assert_int_equal(balint_grant_make(&g, &people[ANNA].device, bytes), 0);
}

/* A leader's roster that names a deputy carries the grant, and one that names none carries none. */
static void test_leader_names_deputy(void **state)
{
    struct balint_roster_view view = evening_view(&evening, CARLA);
    struct balint_roster r = evening_read_roster(&evening, 1), deputy = evening_read_roster(&evening, 2);
    (void)state;
    struct balint_roster_entry *ben = &r.entries[2];
    assert_string_equal(ben->member, "ben");
    assert_false(balint_roster_role_ok(&deputy, &deputy.entries[1], BALINT_OBSERVER));
    assert_true(balint_roster_role_ok(&deputy, &deputy.entries[1], BALINT_MEMBER));
    assert_true(balint_roster_role_ok(&deputy, &deputy.entries[1], BALINT_CO_LEADER));
    assert_false(balint_roster_role_ok(&deputy, &deputy.entries[0], BALINT_MEMBER)); /* carla: another's */
    struct balint_roster_entry another = deputy.entries[1];
    strcpy(another.member, "bea"); /* with the deputy's device */
    assert_false(balint_roster_role_ok(&deputy, &another, BALINT_MEMBER));
    r.epoch = 3;
    ben->role = BALINT_CO_LEADER;
    assert_int_equal(evening_judge(&evening, &r, CARLA, &view), BALINT_TRUST_OK); /* a leader says so, but: */
    assert_false(balint_roster_role_ok(&r, ben, BALINT_MEMBER));
    r.grant_length = deputy.grant_length;
    memcpy(r.grant, deputy.grant, r.grant_length);
    assert_int_equal(evening_judge(&evening, &r, CARLA, &view), BALINT_TRUST_OK);
    assert_true(balint_roster_role_ok(&r, ben, BALINT_MEMBER));
    ben->device[0] ^= 1; /* on another device that member is none */
    assert_false(balint_roster_role_ok(&r, ben, BALINT_MEMBER));
    assert_int_equal(evening_judge(&evening, &r, CARLA, &view), BALINT_TRUST_GRANT);
    ben->device[0] ^= 1;
    ben->role = BALINT_MEMBER;
    assert_int_equal(evening_judge(&evening, &r, CARLA, &view), BALINT_TRUST_GRANT);
    ben->role = BALINT_CO_LEADER;
    r.epoch = 2; /* before it was given */
    assert_int_equal(evening_judge(&evening, &r, CARLA, &view), BALINT_TRUST_GRANT);
}

/* Somebody who is deputy by another's grant signs nothing. */
static void test_anothers_grant(void **state)
{
    struct balint_roster_view view = evening_view(&evening, BEN);
    struct balint_roster r = evening_read_roster(&evening, 2);
    struct balint_grant g = good_grant();
    (void)state;
    strcpy(r.entries[0].member, "bea"); /* the deputy; ben lists himself as co-leader */
    strcpy(g.member, "bea");
    memcpy(g.device, r.entries[0].device, sizeof g.device);
    put_grant(&r, &g, ANNA, ANNA, ANNA);
    assert_int_equal(evening_judge(&evening, &r, BEN, &view), BALINT_TRUST_GRANT);
}

/* The grant that was taken back is still in the deputy's hands. */
static void test_taken_back(void **state)
{
    struct balint_roster newest = evening_read_roster(&evening, 1), r = evening_read_roster(&evening, 2);
    struct balint_roster_view view = evening_view(&evening, BEN);
    static const uint8_t any[32];
    (void)state;
    view.newest = &newest;
    view.newest_hash = any;
    memset(r.previous, 0, sizeof r.previous);
    r.epoch = 7;
    newest.epoch = 2; /* what happened between was missed: the naming, or more */
    assert_int_equal(evening_judge(&evening, &r, BEN, &view), BALINT_TRUST_OK);
    newest.epoch = 6; /* none there: taken back */
    assert_int_equal(evening_judge(&evening, &r, BEN, &view), BALINT_TRUST_GRANT);
    newest.epoch = 3; /* never given in the roster for which it was made */
    assert_int_equal(evening_judge(&evening, &r, BEN, &view), BALINT_TRUST_GRANT);
    newest.epoch = 6;
    newest.grant_length = r.grant_length;
    memcpy(newest.grant, r.grant, r.grant_length);
    r.epoch = 8;
    assert_int_equal(evening_judge(&evening, &r, BEN, &view), BALINT_TRUST_OK);
    struct balint_grant later = good_grant();
    later.epoch = 5; /* another one is in force */
    put_grant(&newest, &later, ANNA, ANNA, ANNA);
    assert_int_equal(evening_judge(&evening, &r, BEN, &view), BALINT_TRUST_GRANT);
}

/* For who is at the door and has no roster. */
static void test_granting(void **state)
{
    struct balint_roster_view view = evening_view(&evening, BEN);
    struct balint_roster r = evening_read_roster(&evening, 2);
    const struct balint_part granting = {r.grant, r.grant_length};
    const uint8_t *device = people[BEN].device.public_half;
    uint8_t session[BALINT_SESSION_SIZE];
    (void)state;
    memcpy(session, evening.session, sizeof session);
    assert_int_equal(balint_granting_verify(&granting, "ben", device, session, &view), BALINT_TRUST_OK);
    assert_int_equal(balint_granting_verify(&granting, "bea", device, session, &view), BALINT_TRUST_GRANT);
    assert_int_equal(
        balint_granting_verify(&granting, "ben", people[ANNA].device.public_half, session, &view),
        BALINT_TRUST_GRANT);
    session[0] ^= 1;
    assert_int_equal(balint_granting_verify(&granting, "ben", device, session, &view), BALINT_TRUST_GRANT);
    session[0] ^= 1;
    view.now_s += 12 * HOUR;
    assert_int_equal(balint_granting_verify(&granting, "ben", device, session, &view),
                     BALINT_TRUST_GRANT_OVER);
    r.grant[r.grant_length - 1] ^= 1;
    view.now_s -= 12 * HOUR;
    assert_int_equal(balint_granting_verify(&granting, "ben", device, session, &view), BALINT_TRUST_GRANT);
}

/* Every cut and every changed byte of the grant inside, with the roster around it signed anew. */
static void test_grant_damaged(void **state)
{
    struct balint_roster_view view = evening_view(&evening, BEN);
    struct balint_roster r = evening_read_roster(&evening, 2);
    (void)state;
    for (size_t i = 0; i < r.grant_length; i++) {
        r.grant[i] ^= 1 << i % 8;
        assert_int_equal(evening_judge(&evening, &r, BEN, &view), BALINT_TRUST_GRANT);
        r.grant[i] ^= 1 << i % 8;
    }
    for (uint16_t whole = r.grant_length; --r.grant_length > 0;)
        if (r.grant_length % 7 == 0 || r.grant_length + 5 > whole)
            assert_int_equal(evening_judge(&evening, &r, BEN, &view), BALINT_TRUST_GRANT);
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
        cmocka_unit_test(test_grant),          cmocka_unit_test(test_leader_names_deputy),
        cmocka_unit_test(test_anothers_grant), cmocka_unit_test(test_taken_back),
        cmocka_unit_test(test_granting),       cmocka_unit_test(test_grant_damaged),
    };
    return cmocka_run_group_tests(tests, open_evening, close_evening);
}
