/* call_book.c - whom a client believes: certificates of another ROOT, rosters of every wrong kind, and the
 * roster that a leader's program writes next.
 *
 * The rules are DESIGN.md's, "Identity": a first roster must be unexpired and name the own device; from then
 * on only higher epochs of that session; the same epoch with another hash is an alarm; links only to who is
 * in it.
 */
#include "call_people.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct person ann, ben, cleo, dora; /* Ann and Dora lead */
static struct balint_self self;
static struct balint_book book;
static struct balint_roster first;

static int begin(void **state)
{
    (void)state;
    assert_true(balint_key_make(&root) && balint_key_make(&other_root));
    make_person(&ann, "ann", BALINT_LEADER, &root);
    make_person(&ben, "ben", BALINT_MEMBER, &root);
    make_person(&cleo, "cleo", BALINT_MEMBER, &root);
    make_person(&dora, "dora", BALINT_CO_LEADER, &root);
    make_self(&self, &ann);
    balint_book_init(&book, &self);
    memset(&first, 0, sizeof first);
    memcpy(first.root, root.public_half, BALINT_KEY_SIZE);
    memset(first.session, 7, sizeof first.session);
    first.expires_s = NOW + 3600;
    first.epoch = 5;
    strcpy(first.signer, "ann");
    first.entries[first.count++] = entry_of(&ann);
    first.entries[first.count++] = entry_of(&ben);
    return 0;
}

/* As its signer's device signed it: Ann's, unless it says otherwise. */
static enum balint_trust take_by(const struct balint_roster *roster, const struct balint_key *device)
{
    uint8_t bytes[BALINT_ROSTER_SIZE];
    size_t length = balint_roster_make(roster, device, bytes);
    assert_true(length > 0);
    return balint_book_roster(&book, bytes, length, NOW);
}

static enum balint_trust take(const struct balint_roster *roster)
{
    return take_by(roster, &ann.device);
}

/* The successor of what the book holds. */
static struct balint_roster after(struct balint_roster roster)
{
    roster.epoch = book.roster.epoch + 1;
    memcpy(roster.previous, book.hash, sizeof roster.previous);
    return roster;
}

static void people_are_believed_by_what_they_signed(void **state)
{
    struct balint_person message = message_of(&ben, 1, 1);
    struct person forged, stranger;
    (void)state;
    assert_int_equal(balint_book_person(&book, &message, NOW), BALINT_TRUST_OK);
    assert_int_equal(balint_book_person(&book, &message, NOW + 100001), BALINT_TRUST_TIME);
    assert_false(book.seats[1].known); /* and the one before is forgotten */
    make_person(&forged, "ben", BALINT_LEADER, &other_root);
    message = message_of(&forged, 1, 2);
    assert_int_equal(balint_book_person(&book, &message, NOW), BALINT_TRUST_CERTIFICATE);
    make_person(&stranger, "dora", BALINT_MEMBER, &root);
    strcpy(stranger.certificate.group, "another");
    stranger.bytes.length =
        (uint16_t)balint_certificate_make(&stranger.certificate, &root, stranger.bytes.data);
    message = message_of(&stranger, 2, 1);
    assert_int_equal(balint_book_person(&book, &message, NOW), BALINT_TRUST_GROUP);
    message = message_of(&ben, BALINT_SEATS, 1);
    assert_int_equal(balint_book_person(&book, &message, NOW), BALINT_TRUST_FORM);
    /* A server that has everybody's certificate, and puts a device of its own behind Ben's. */
    stranger = ben;
    assert_true(balint_key_make(&stranger.key) && balint_key_make(&stranger.device));
    message = message_of(&stranger, 1, 1);
    assert_int_equal(balint_book_person(&book, &message, NOW), BALINT_TRUST_DEVICE);
    /* Or Ben's own device, and a join of its own. */
    struct balint_person good = message_of(&ben, 1, 1);
    good.join = message.join;
    assert_int_equal(balint_book_person(&book, &good, NOW), BALINT_TRUST_JOIN);
}

static void a_first_roster(void **state)
{
    struct balint_roster roster = first;
    (void)state;
    roster.expires_s = NOW - 1;
    assert_int_equal(take(&roster), BALINT_TRUST_EXPIRED);
    roster = first;
    memcpy(roster.root, other_root.public_half, BALINT_KEY_SIZE);
    assert_int_equal(take(&roster), BALINT_TRUST_ROOT);
    assert_int_equal(balint_book_roster(&book, (const uint8_t *)"x", 1, NOW), BALINT_TRUST_FORM);
    roster = first;
    assert_int_equal(take_by(&roster, &ben.device), BALINT_TRUST_SIGNATURE);
    strcpy(roster.signer, "ben"); /* a member */
    struct balint_person message = message_of(&ben, 1, 1);
    assert_int_equal(balint_book_person(&book, &message, NOW), BALINT_TRUST_OK);
    assert_int_equal(take_by(&roster, &ben.device), BALINT_TRUST_ROLE);
    assert_false(book.have_roster);
    assert_int_equal(take(&first), BALINT_TRUST_OK);
}

static void a_first_roster_names_this_device(void **state)
{
    struct balint_roster roster = first;
    struct balint_person message = message_of(&ann, 0, 1);
    (void)state;
    make_self(&self, &ben);
    memcpy(roster.entries[1].device, cleo.device.public_half, BALINT_KEY_SIZE);
    assert_int_equal(take(&roster), BALINT_TRUST_MEMBER); /* Ann was not met yet: kept … */
    assert_int_equal(balint_book_person(&book, &message, NOW), BALINT_TRUST_OK);
    assert_int_equal(balint_book_waiting(&book, NOW), BALINT_TRUST_NOT_NAMED); /* … and judged now */
    assert_int_equal(balint_book_waiting(&book, NOW), BALINT_TRUST_SAME);      /* once */
    assert_false(book.have_roster);
    assert_int_equal(take(&first), BALINT_TRUST_OK);
}

static void later_rosters(void **state)
{
    struct balint_roster roster = first;
    (void)state;
    assert_int_equal(take(&first), BALINT_TRUST_OK);
    assert_int_equal(take(&first), BALINT_TRUST_SAME); /* the very same */
    roster.epoch = 4;
    assert_int_equal(take(&roster), BALINT_TRUST_STALE);
    roster = first;
    roster.entries[roster.count++] = entry_of(&cleo);
    assert_int_equal(take(&roster), BALINT_TRUST_ALARM); /* the same epoch, and something else */
    roster.epoch = 6;
    assert_int_equal(take(&roster), BALINT_TRUST_PREVIOUS); /* the next one, of another line */
    roster = after(roster);
    assert_int_equal(take(&roster), BALINT_TRUST_OK);
    roster.epoch = 9; /* some were missed */
    assert_int_equal(take(&roster), BALINT_TRUST_OK);
    /* Another session's roster waits until that session is joined. */
    memset(roster.session, 8, sizeof roster.session);
    roster.epoch = 1;
    memset(roster.previous, 0, sizeof roster.previous);
    assert_int_equal(take(&roster), BALINT_TRUST_SESSION);
    assert_int_equal(book.roster.epoch, 9);
    memset(self.session, 8, sizeof self.session);
    assert_int_equal(balint_book_waiting(&book, NOW), BALINT_TRUST_OK);
    assert_int_equal(book.roster.epoch, 1);
}

static struct balint_state state_of(void)
{
    struct balint_state state = {.you = 0, .admitted = true, .seat_count = 3};
    const struct person *people[] = {&ann, &ben, &cleo};
    for (int i = 0; i < 3; i++) {
        state.seats[i] = (struct balint_state_seat){.seat = i, .connected = true, .epoch = 1, .heard = true};
        strcpy(state.seats[i].member, people[i]->certificate.member);
        strcpy(state.seats[i].name, people[i]->certificate.name);
        state.seats[i].role = people[i]->certificate.role;
    }
    return state;
}

static void know_everybody(void)
{
    const struct person *people[] = {&ann, &ben, &cleo};
    for (int i = 0; i < 3; i++) {
        struct balint_person message = message_of(people[i], i, 1);
        assert_int_equal(balint_book_person(&book, &message, NOW), BALINT_TRUST_OK);
    }
}

/* How many links lead out, after one thing was changed? */
static int links(struct balint_state state)
{
    struct balint_peer_view people[BALINT_SEATS];
    return balint_book_people(&book, &state, people);
}

static void links_lead_only_to_who_is_in(void **unused)
{
    struct balint_peer_view people[BALINT_SEATS];
    struct balint_state state = state_of();
    (void)unused;
    know_everybody();
    assert_int_equal(links(state), 0); /* no roster yet */
    assert_int_equal(take(&first), BALINT_TRUST_OK);
    assert_int_equal(balint_book_people(&book, &state, people), 1);
    assert_int_equal(people[0].seat, 1); /* ben; cleo is not in the roster, whatever the state says */
    state.admitted = false;
    assert_int_equal(links(state), 0);
    state = state_of();
    state.seats[1].epoch = 2; /* another process than the one whose device we know */
    assert_int_equal(links(state), 0);
    state = state_of();
    strcpy(state.seats[1].member, "cleo"); /* the state puts another name on the seat */
    assert_int_equal(links(state), 0);

    struct person again;
    struct balint_person message;
    make_person(&again, "ben", BALINT_MEMBER, &root); /* another device than the roster's */
    message = message_of(&again, 1, 1);
    assert_int_equal(balint_book_person(&book, &message, NOW), BALINT_TRUST_OK);
    assert_int_equal(links(state_of()), 0);
    message = message_of(&ben, 1, 1);
    memset(ben.session, 8, sizeof ben.session); /* of another session */
    message = message_of(&ben, 1, 1);
    assert_int_equal(balint_book_person(&book, &message, NOW), BALINT_TRUST_OK);
    assert_int_equal(links(state_of()), 0);
    memset(ben.session, 7, sizeof ben.session);
    make_person(&again, "ben", BALINT_LEADER, &root); /* another role than the roster's */
    again.device = ben.device;
    message = message_of(&again, 1, 1);
    assert_int_equal(balint_book_person(&book, &message, NOW), BALINT_TRUST_OK);
    assert_int_equal(links(state_of()), 0);
    struct balint_roster roster = after(first); /* a renewed invitation: the old serial ends */
    roster.entries[1].serial = 4;
    message = message_of(&ben, 1, 1);
    assert_int_equal(balint_book_person(&book, &message, NOW), BALINT_TRUST_OK);
    assert_int_equal(links(state_of()), 1);
    assert_int_equal(take(&roster), BALINT_TRUST_OK);
    assert_int_equal(links(state_of()), 0);
    roster = after(first); /* and none when we ourselves are not in it any more */
    strcpy(roster.signer, "dora");
    roster.entries[0] = entry_of(&dora);
    message = message_of(&dora, 3, 1);
    assert_int_equal(balint_book_person(&book, &message, NOW), BALINT_TRUST_OK);
    assert_int_equal(take_by(&roster, &dora.device), BALINT_TRUST_OK);
    assert_int_equal(links(state_of()), 0);
}

/* A leader who comes back with another device, when no leader is here, goes on with the session there is: the
 * roster opens nothing, since it does not name that device, but the next one is built on it. */
static void a_leader_with_a_new_device_builds_on_the_roster(void **unused)
{
    uint8_t bytes[BALINT_ROSTER_SIZE], hash[BALINT_HASH_SIZE];
    struct balint_roster roster = first;
    (void)unused;
    struct person before = ann; /* the older device, which signed it */
    assert_true(balint_key_make(&before.device));
    struct balint_person message = message_of(&before, 5, 1);
    assert_int_equal(balint_book_person(&book, &message, NOW), BALINT_TRUST_OK);
    memcpy(roster.entries[0].device, before.device.public_half, BALINT_KEY_SIZE);
    size_t length = balint_roster_make(&roster, &before.device, bytes);
    assert_true(balint_hash(bytes, length, hash));
    assert_int_equal(take_by(&roster, &before.device), BALINT_TRUST_OK);
    know_everybody();
    assert_int_equal(links(state_of()), 0);
    length = balint_book_successor(&book, 0, NOW, bytes);
    assert_true(balint_roster_read(&roster, bytes, length));
    assert_int_equal(roster.epoch, 6);
    assert_int_equal(roster.count, 2);
    assert_memory_equal(roster.previous, hash, BALINT_HASH_SIZE);
    assert_memory_equal(balint_roster_find(&roster, "ann")->device, self.device.public_half, BALINT_KEY_SIZE);
}

static void roles_come_from_the_roster(void **unused)
{
    struct balint_state state = state_of();
    (void)unused;
    assert_int_equal(take(&first), BALINT_TRUST_OK);
    state.seats[0].role = BALINT_OBSERVER;
    state.seats[1].role = BALINT_LEADER; /* the server's word */
    state.seats[2].role = BALINT_LEADER; /* not in the roster */
    balint_book_roles(&book, &state);
    assert_int_equal(state.seats[0].role, BALINT_LEADER);
    assert_int_equal(state.seats[1].role, BALINT_MEMBER);
    assert_int_equal(state.seats[2].role, BALINT_MEMBER);
}

static void the_next_roster(void **unused)
{
    uint8_t bytes[BALINT_ROSTER_SIZE];
    struct balint_roster roster;
    (void)unused;
    /* The first of a session: itself, epoch 1, twelve hours at most. */
    size_t length = balint_book_successor(&book, 0, NOW, bytes);
    assert_true(balint_roster_read(&roster, bytes, length));
    assert_int_equal(roster.epoch, 1);
    assert_int_equal(roster.count, 1);
    assert_string_equal(roster.entries[0].member, "ann");
    assert_string_equal(roster.signer, "ann");
    assert_in_range(roster.expires_s, NOW + 1, NOW + 12 * 3600);
    assert_memory_equal(roster.previous, (uint8_t[BALINT_HASH_SIZE]){0}, BALINT_HASH_SIZE);
    assert_memory_equal(roster.session, self.session, BALINT_SESSION_SIZE);

    /* The successor: the newest one's hash and people, and who was asked for and is known. */
    uint8_t hash[BALINT_HASH_SIZE];
    length = balint_roster_make(&first, &ann.device, bytes);
    assert_true(balint_hash(bytes, length, hash));
    assert_int_equal(take(&first), BALINT_TRUST_OK);
    assert_int_equal(balint_book_successor(&book, 1u << 2, NOW, bytes), 0); /* not known yet */
    know_everybody();
    length = balint_book_successor(&book, 1u << 2 | 1u << 9, NOW, bytes);
    assert_true(balint_roster_read(&roster, bytes, length));
    assert_int_equal(roster.epoch, 6);
    assert_int_equal(roster.count, 3);
    assert_int_equal(roster.expires_s, first.expires_s);
    assert_memory_equal(roster.previous, hash, BALINT_HASH_SIZE);
    assert_non_null(balint_roster_find(&roster, "cleo"));
    assert_int_equal(balint_book_successor(&book, 1u << 1, NOW, bytes), 0); /* nothing new */

    /* Somebody who is in, at the door with another device: the entry is renewed. */
    struct person phone;
    make_person(&phone, "ben", BALINT_MEMBER, &root);
    struct balint_person message = message_of(&phone, 1, 2);
    assert_int_equal(balint_book_person(&book, &message, NOW), BALINT_TRUST_OK);
    length = balint_book_successor(&book, 1u << 1, NOW, bytes);
    assert_true(balint_roster_read(&roster, bytes, length));
    assert_int_equal(roster.count, 2);
    assert_memory_equal(balint_roster_find(&roster, "ben")->device, phone.device.public_half,
                        BALINT_KEY_SIZE);
}

static void who_begins(void **unused)
{
    struct balint_state state = {.you = 0};
    (void)unused;
    assert_true(balint_book_must_begin(&book, &state));
    state.led = true; /* a leader waits like anybody while another one is here */
    assert_false(balint_book_must_begin(&book, &state));
    state.led = false;
    state.admitted = true;
    assert_false(balint_book_must_begin(&book, &state));
    make_self(&self, &ben);
    state.admitted = false;
    assert_false(balint_book_must_begin(&book, &state));
}

static void the_door(void **unused)
{
    struct balint_door door = {.certificate = ann.bytes, .nonce = {.length = BALINT_NONCE_SIZE}};
    struct balint_hello hello;
    struct balint_join_record join;
    struct balint_join_bytes bytes;
    struct person forged;
    const char *why = NULL;
    (void)unused;
    assert_true(balint_self_hello(&self, &door, NOW, &hello, &why)); /* a leader chooses the session */
    assert_true(balint_join_read(&join, hello.join.data, hello.join.length));
    assert_memory_not_equal(join.session, (uint8_t[BALINT_SESSION_SIZE]){0}, BALINT_SESSION_SIZE);
    assert_false(balint_self_hello(&self, &door, NOW + 100001, &hello, &why));
    assert_non_null(strstr(why, "expired"));
    door.certificate = ben.bytes; /* somebody else's */
    assert_false(balint_self_hello(&self, &door, NOW, &hello, &why));
    make_person(&forged, "ann", BALINT_LEADER, &other_root);
    door.certificate = forged.bytes;
    assert_false(balint_self_hello(&self, &door, NOW, &hello, &why));
    make_self(&self, &ben);
    door.certificate = ben.bytes; /* a member waits for the id, and joins again with it */
    assert_true(balint_self_hello(&self, &door, NOW, &hello, &why));
    assert_true(balint_join_read(&join, hello.join.data, hello.join.length));
    assert_memory_equal(join.session, (uint8_t[BALINT_SESSION_SIZE]){0}, BALINT_SESSION_SIZE);
    uint8_t id[BALINT_SESSION_SIZE] = {9};
    assert_false(balint_self_join(&self, (uint8_t[BALINT_SESSION_SIZE]){0}, &bytes));
    assert_true(balint_self_join(&self, id, &bytes));
    assert_true(balint_join_read(&join, bytes.data, bytes.length));
    assert_memory_equal(join.session, id, sizeof id);
    assert_false(balint_self_join(&self, id, &bytes)); /* once */
}

/* A server that leads a process to another session for a moment, and back: the rosters of the first are not
 * remembered any more, and an older one would put somebody in again who was removed. */
static void no_session_is_joined_twice(void **unused)
{
    struct balint_door door = {.certificate = ann.bytes,
                               .nonce = {.length = BALINT_NONCE_SIZE},
                               .session = {.length = BALINT_SESSION_SIZE}};
    struct balint_hello hello;
    struct balint_join_bytes bytes;
    struct balint_roster with_ben = first;
    const char *why = NULL;
    uint8_t other[BALINT_SESSION_SIZE] = {9};
    (void)unused;
    assert_int_equal(take(&with_ben), BALINT_TRUST_OK);
    struct balint_roster without = after(first);
    without.count = 1;
    assert_int_equal(take(&without), BALINT_TRUST_OK);
    assert_int_equal(take(&with_ben), BALINT_TRUST_STALE);
    assert_true(balint_self_join(&self, other, &bytes));
    assert_false(balint_self_join(&self, first.session, &bytes));
    assert_int_equal(take(&with_ben), BALINT_TRUST_SESSION);
    /* By the door neither. */
    memcpy(door.session.data, first.session, sizeof first.session);
    assert_false(balint_self_hello(&self, &door, NOW, &hello, &why));
    assert_non_null(strstr(why, "session"));
    assert_int_equal(take(&with_ben), BALINT_TRUST_SESSION);
    memcpy(door.session.data, other, sizeof other);
    assert_true(balint_self_hello(&self, &door, NOW, &hello, &why));
}

/* Whoever a leader takes out is let in by name alone: `admit all` is for acquaintances. */
static void who_was_removed_is_known_as_such(void **unused)
{
    (void)unused;
    assert_int_equal(take(&first), BALINT_TRUST_OK);
    assert_false(balint_book_removed(&book, "ben"));
    struct balint_roster without = after(first);
    without.count = 1;
    assert_int_equal(take(&without), BALINT_TRUST_OK);
    assert_true(balint_book_removed(&book, "ben"));
    assert_false(balint_book_removed(&book, "ann") || balint_book_removed(&book, "cleo"));
    assert_false(balint_book_removed(&book, ""));
    struct balint_roster again = after(first);
    assert_int_equal(take(&again), BALINT_TRUST_OK);
    assert_false(balint_book_removed(&book, "ben"));
}

/* "answer Ben", "deputy Ben": whom a leader means is not the server's to choose. */
static void nobody_is_in_by_another_name(void **unused)
{
    struct balint_person message = message_of(&ben, 1, 1);
    struct balint_state state = {.admitted = true, .seat_count = 2};
    (void)unused;
    assert_int_equal(take(&first), BALINT_TRUST_OK);
    assert_int_equal(balint_book_person(&book, &message, NOW), BALINT_TRUST_OK);
    strcpy(state.seats[0].member, "ann");
    state.seats[1].seat = 1;
    state.seats[1].epoch = 1;
    strcpy(state.seats[1].member, "ben");
    strcpy(state.seats[1].name, ben.certificate.name);
    assert_non_null(balint_book_who(&book, &state, 1));
    strcpy(state.seats[1].name, "cleo");
    assert_null(balint_book_who(&book, &state, 1));
}

/* What is shown is the name that ROOT signed; a name of which nothing is proven bears a mark. */
static void names_are_shown_as_they_were_signed(void **unused)
{
    struct balint_person message = message_of(&ben, 1, 1);
    struct balint_state state = {.admitted = true, .seat_count = 3, .lobby_count = 2};
    (void)unused;
    assert_int_equal(balint_book_person(&book, &message, NOW), BALINT_TRUST_OK);
    message = message_of(&cleo, 3, 1);
    assert_int_equal(balint_book_person(&book, &message, NOW), BALINT_TRUST_OK);
    for (int i = 0; i < 3; i++)
        state.seats[i].seat = i;
    strcpy(state.seats[0].member, "ann");
    strcpy(state.seats[0].name, "The leader");
    strcpy(state.seats[1].member, "ben");
    strcpy(state.seats[1].name, "Dora");
    strcpy(state.seats[2].member, "dora");
    memset(state.seats[2].name, 'x', 51);
    strcpy(state.seats[2].name + 51, "ő"); /* two bytes, of which the first alone would leave room */
    state.lobby[0].seat = 3;
    strcpy(state.lobby[0].member, "cleo");
    strcpy(state.lobby[0].name, "Dora");
    state.lobby[1].seat = 4;
    strcpy(state.lobby[1].name, "Somebody");
    balint_book_names(&book, &state);
    assert_string_equal(state.seats[0].name, ann.certificate.name);
    assert_string_equal(state.seats[1].name, ben.certificate.name);
    assert_string_equal(state.seats[2].name + 51, " (not proven)");
    assert_string_equal(state.lobby[0].name, cleo.certificate.name);
    assert_string_equal(state.lobby[1].name, "Somebody"); /* its standing says it (call_door.c) */

    /* by a record of somebody else nothing is proven */
    strcpy(state.seats[1].member, "cleo");
    strcpy(state.seats[1].name, "Cleo");
    balint_book_names(&book, &state);
    assert_string_equal(state.seats[1].name, "Cleo (not proven)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(people_are_believed_by_what_they_signed, begin),
        cmocka_unit_test_setup(a_first_roster, begin),
        cmocka_unit_test_setup(no_session_is_joined_twice, begin),
        cmocka_unit_test_setup(nobody_is_in_by_another_name, begin),
        cmocka_unit_test_setup(names_are_shown_as_they_were_signed, begin),
        cmocka_unit_test_setup(who_was_removed_is_known_as_such, begin),
        cmocka_unit_test_setup(a_first_roster_names_this_device, begin),
        cmocka_unit_test_setup(later_rosters, begin),
        cmocka_unit_test_setup(links_lead_only_to_who_is_in, begin),
        cmocka_unit_test_setup(a_leader_with_a_new_device_builds_on_the_roster, begin),
        cmocka_unit_test_setup(roles_come_from_the_roster, begin),
        cmocka_unit_test_setup(the_next_roster, begin),
        cmocka_unit_test_setup(who_begins, begin),
        cmocka_unit_test_setup(the_door, begin),
    };
    return cmocka_run_group_tests_name("call_book", tests, NULL, NULL);
}
