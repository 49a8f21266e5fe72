/* call_pass.c - who is at the door judges a leader's pass: every way in which it may not fit. */
#include "call/wishes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define NOW  1700000000
#define SEAT 4

/* The leader, as the guest meets him. */
struct leader {
    struct balint_certificate certificate;
    struct balint_key person, device;
    uint8_t session[BALINT_SESSION_SIZE];
    uint8_t join_hash[BALINT_HASH_SIZE];
};

static struct balint_key root;
static struct balint_self self; /* the guest */
static struct balint_book book;
static struct leader ann;
static struct balint_pass pass;
static struct balint_pass_message message;

static void make(struct leader *leader, enum balint_role role)
{
    memset(leader, 0, sizeof *leader);
    assert_true(balint_key_make(&leader->person) && balint_key_make(&leader->device));
    leader->certificate =
        (struct balint_certificate){.role = role, .serial = 1, .from_s = NOW - 10, .until_s = NOW + 10000};
    strcpy(leader->certificate.group, "circle");
    strcpy(leader->certificate.member, "ann");
    strcpy(leader->certificate.name, "Ann");
    memcpy(leader->certificate.key, leader->person.public_half, BALINT_KEY_SIZE);
    memset(leader->session, 7, sizeof leader->session);
}

/* The guest is told who sits there. */
static void meet(struct leader *leader)
{
    struct balint_person person = {.seat = SEAT, .epoch = 1};
    struct balint_join_record join = {0};
    memcpy(join.session, leader->session, sizeof join.session);
    person.certificate.length =
        (uint16_t)balint_certificate_make(&leader->certificate, &root, person.certificate.data);
    assert_true(balint_hash(person.certificate.data, person.certificate.length, join.certificate_hash));
    assert_true(balint_random(join.exchange, sizeof join.exchange));
    person.device.length =
        (uint16_t)balint_device_make(leader->device.public_half, &leader->person, person.device.data);
    person.join.length = (uint16_t)balint_join_make(&join, &leader->device, person.join.data);
    assert_true(balint_hash(person.join.data, person.join.length, leader->join_hash));
    assert_int_equal(balint_book_person(&book, &person, NOW), BALINT_TRUST_OK);
}

static void write_pass(const struct leader *leader, const struct balint_key *device, int64_t expires_s)
{
    struct balint_pass written = {.expires_s = expires_s};
    memcpy(written.leader, leader->join_hash, sizeof written.leader);
    memcpy(written.guest, self.join_hash, sizeof written.guest);
    message.pass.length = (uint16_t)balint_pass_make(&written, device, message.pass.data);
    assert_true(message.pass.length > 0);
}

static enum balint_trust judge(void)
{
    return balint_look_judge(&book, SEAT, &message, 0, NOW, &pass);
}

static int begin(void **state)
{
    (void)state;
    assert_true(balint_key_make(&root));
    memset(&self, 0, sizeof self);
    strcpy(self.link.group, "circle");
    memcpy(self.link.root, root.public_half, BALINT_KEY_SIZE);
    memset(self.session, 7, sizeof self.session);
    assert_true(balint_random(self.join_hash, sizeof self.join_hash));
    balint_book_init(&book, &self);
    make(&ann, BALINT_LEADER);
    meet(&ann);
    write_pass(&ann, &ann.device, NOW + 120);
    return 0;
}

/* A deputy's: the grant comes along, since who is at the door has no roster. */
static void a_deputys_pass_fits_with_the_grant(void **state)
{
    struct leader ben;
    struct balint_grant grant = {.epoch = 4, .expires_s = NOW + 3600};
    uint8_t granted[BALINT_GRANT_SIZE], device[BALINT_DEVICE_SIZE], certificate[BALINT_CERTIFICATE_SIZE];
    (void)state;
    struct leader granter = ann;
    make(&ben, BALINT_MEMBER);
    strcpy(ben.certificate.member, "ben");
    meet(&ben);
    write_pass(&ben, &ben.device, NOW + 120);
    assert_int_equal(judge(), BALINT_TRUST_ROLE);
    memcpy(grant.session, self.session, sizeof grant.session);
    strcpy(grant.member, ben.certificate.member);
    strcpy(grant.granter, granter.certificate.member);
    memcpy(grant.device, ben.device.public_half, sizeof grant.device);
    const struct balint_part part = {granted, balint_grant_make(&grant, &granter.device, granted)};
    const struct balint_part of_granter = {certificate,
                                           balint_certificate_make(&granter.certificate, &root, certificate)};
    const struct balint_part its_device = {
        device, balint_device_make(granter.device.public_half, &granter.person, device)};
    struct balint_granting_bytes *carried = &message.grant;
    carried->length = (uint16_t)balint_granting_write(&part, &of_granter, &its_device, carried->data);
    assert_true(carried->length > 0);
    assert_int_equal(judge(), BALINT_TRUST_OK);
    carried->data[carried->length - 1] ^= 1;
    assert_int_equal(judge(), BALINT_TRUST_GRANT);
    carried->data[carried->length - 1] ^= 1;
    make(&ben, BALINT_MEMBER); /* another device of that member */
    strcpy(ben.certificate.member, "ben");
    meet(&ben);
    write_pass(&ben, &ben.device, NOW + 120);
    assert_int_equal(judge(), BALINT_TRUST_GRANT);
    carried->length = 0;
}

static void a_leaders_pass_fits(void **state)
{
    (void)state;
    assert_int_equal(judge(), BALINT_TRUST_OK);
    assert_int_equal(pass.expires_s, NOW + 120);
    make(&ann, BALINT_CO_LEADER);
    meet(&ann);
    assert_int_equal(judge(), BALINT_TRUST_SIGNATURE); /* the one before was another's */
    write_pass(&ann, &ann.device, NOW + 120);
    assert_int_equal(judge(), BALINT_TRUST_OK);
}

static void of_nobody_else(void **state)
{
    (void)state;
    assert_int_equal(balint_look_judge(&book, SEAT + 1, &message, 0, NOW, &pass), BALINT_TRUST_MEMBER);
    assert_int_equal(balint_look_judge(&book, -1, &message, 0, NOW, &pass), BALINT_TRUST_MEMBER);
    assert_int_equal(balint_look_judge(&book, BALINT_SEATS, &message, 0, NOW, &pass), BALINT_TRUST_MEMBER);
    for (int role = BALINT_MEMBER; role <= BALINT_OBSERVER; role++) {
        make(&ann, (enum balint_role)role);
        meet(&ann);
        write_pass(&ann, &ann.device, NOW + 120);
        assert_int_equal(judge(), BALINT_TRUST_ROLE);
    }
}

static void another_device_signed(void **state)
{
    struct balint_key other;
    (void)state;
    assert_true(balint_key_make(&other));
    write_pass(&ann, &other, NOW + 120);
    assert_int_equal(judge(), BALINT_TRUST_SIGNATURE);
}

static void for_another_guest_or_process(void **state)
{
    (void)state;
    self.join_hash[0] ^= 1; /* the guest came anew */
    assert_int_equal(judge(), BALINT_TRUST_JOIN);
    self.join_hash[0] ^= 1;
    struct leader before = ann;
    meet(&ann); /* the leader came anew, with the same device */
    assert_memory_not_equal(before.join_hash, ann.join_hash, BALINT_HASH_SIZE);
    assert_int_equal(judge(), BALINT_TRUST_JOIN);
}

static void of_another_session(void **state)
{
    (void)state;
    memset(ann.session, 8, sizeof ann.session);
    meet(&ann);
    write_pass(&ann, &ann.device, NOW + 120);
    assert_int_equal(judge(), BALINT_TRUST_SESSION);
    memset(self.session, 0, sizeof self.session); /* none joined yet, and neither has the other */
    memset(ann.session, 0, sizeof ann.session);
    meet(&ann);
    write_pass(&ann, &ann.device, NOW + 120);
    assert_int_equal(judge(), BALINT_TRUST_SESSION);
}

static void out_of_its_time(void **state)
{
    (void)state;
    assert_int_equal(balint_look_judge(&book, SEAT, &message, 0, NOW + 119, &pass), BALINT_TRUST_OK);
    assert_int_equal(balint_look_judge(&book, SEAT, &message, 0, NOW + 120, &pass), BALINT_TRUST_EXPIRED);
    write_pass(&ann, &ann.device, NOW + 601 + 300); /* PROTOCOL.md: 10 minutes, and 5 for the clocks */
    assert_int_equal(judge(), BALINT_TRUST_TOO_LONG);
}

/* A server that keeps a pass may not make a second look of it. */
static void once_more(void **state)
{
    (void)state;
    assert_int_equal(balint_look_judge(&book, SEAT, &message, NOW + 120, NOW, &pass), BALINT_TRUST_STALE);
    assert_int_equal(balint_look_judge(&book, SEAT, &message, NOW + 119, NOW, &pass), BALINT_TRUST_OK);
}

static void damaged(void **state)
{
    (void)state;
    for (int i = 0; i < message.pass.length; i++) {
        message.pass.data[i] ^= 0x10;
        assert_int_not_equal(judge(), BALINT_TRUST_OK);
        message.pass.data[i] ^= 0x10;
    }
    message.pass.length--;
    assert_int_equal(judge(), BALINT_TRUST_FORM);
}

/* Who reads a name at the door reads what ROOT signed, of the process that waits there. */
static void the_name_at_the_door_is_the_signed_one(void **state)
{
    struct balint_state lobby = {.admitted = true, .lobby_count = 2};
    (void)state;
    lobby.lobby[0] = (struct balint_state_seat){.seat = SEAT + 1, .epoch = 1};
    lobby.lobby[1] = (struct balint_state_seat){.seat = SEAT, .epoch = 1};
    strcpy(lobby.lobby[1].member, "ann");
    strcpy(lobby.lobby[1].name, "Ann");
    assert_ptr_equal(balint_look_at_door(&book, &lobby, SEAT), &book.seats[SEAT]);
    assert_null(balint_look_at_door(&book, &lobby, SEAT + 1)); /* no records */
    assert_null(balint_look_at_door(&book, &lobby, SEAT + 2)); /* nobody */
    assert_null(balint_look_at_door(&book, &lobby, -1));
    struct balint_state false_name = lobby, false_member = lobby, false_epoch = lobby;
    strcpy(false_name.lobby[1].name, "Anna");
    assert_null(balint_look_at_door(&book, &false_name, SEAT));
    strcpy(false_member.lobby[1].member, "anna");
    assert_null(balint_look_at_door(&book, &false_member, SEAT));
    false_epoch.lobby[1].epoch = 2;
    assert_null(balint_look_at_door(&book, &false_epoch, SEAT));
}

/* Asked to let in Ann; by the time the roster is written the server shows another device on her seat. */
static void a_wish_is_for_a_device(void **state)
{
    struct balint_state lobby = {.admitted = true, .lobby_count = 1}, empty = {.admitted = true};
    struct balint_wishes wishes = {0};
    (void)state;
    lobby.lobby[0] = (struct balint_state_seat){.seat = SEAT, .epoch = 1};
    strcpy(lobby.lobby[0].member, "ann");
    strcpy(lobby.lobby[0].name, "Ann");
    assert_int_equal(balint_wishes_due(&wishes, &book, &lobby), 0);
    balint_wishes_add(&wishes, &book, &lobby, 1u << (SEAT + 1));
    assert_int_equal(balint_wishes_due(&wishes, &book, &lobby), 0);
    balint_wishes_add(&wishes, &book, &lobby, 0xffff);
    assert_int_equal(balint_wishes_due(&wishes, &book, &lobby), 1u << SEAT);
    lobby.lobby[0].epoch = 2; /* a state that her new records did not come with: it waits, and is kept */
    assert_int_equal(balint_wishes_due(&wishes, &book, &lobby), 0);
    lobby.lobby[0].epoch = 1;
    meet(&ann); /* the same device, another join */
    assert_int_equal(balint_wishes_due(&wishes, &book, &lobby), 1u << SEAT);
    make(&ann, BALINT_MEMBER); /* the same name, another device */
    meet(&ann);
    assert_int_equal(balint_wishes_due(&wishes, &book, &lobby), 0);
    assert_int_equal(wishes.seats, 0);
    balint_wishes_add(&wishes, &book, &lobby, 0xffff);
    assert_int_equal(balint_wishes_due(&wishes, &book, &empty), 0); /* gone */
    assert_int_equal(balint_wishes_due(&wishes, &book, &lobby), 0); /* and not asked for any more */
    strcpy(lobby.lobby[0].name, "Anna");
    balint_wishes_add(&wishes, &book, &lobby, 0xffff); /* not proven: no wish */
    assert_int_equal(wishes.seats, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_deputys_pass_fits_with_the_grant, begin),
        cmocka_unit_test_setup(a_leaders_pass_fits, begin),
        cmocka_unit_test_setup(of_nobody_else, begin),
        cmocka_unit_test_setup(another_device_signed, begin),
        cmocka_unit_test_setup(for_another_guest_or_process, begin),
        cmocka_unit_test_setup(of_another_session, begin),
        cmocka_unit_test_setup(out_of_its_time, begin),
        cmocka_unit_test_setup(once_more, begin),
        cmocka_unit_test_setup(damaged, begin),
        cmocka_unit_test_setup(the_name_at_the_door_is_the_signed_one, begin),
        cmocka_unit_test_setup(a_wish_is_for_a_device, begin),
    };
    return cmocka_run_group_tests_name("call_pass", tests, NULL, NULL);
}
