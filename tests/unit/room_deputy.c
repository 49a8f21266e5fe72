/* room_deputy.c - a member who is deputy for the evening: named by a leader's roster, with every power of
 * one, until a roster comes without the grant. */
#include "room_support.h"

static const uint8_t session_bytes[BALINT_SESSION_SIZE] = {[0 ... BALINT_SESSION_SIZE - 1] = SESSION_BYTE};

static bool some_random(uint8_t *bytes, size_t length)
{
    static uint8_t next = 1;
    memset(bytes, next++, length);
    return true;
}

/* The newest roster as this program has it. */
static void read_newest(const struct program *program, struct balint_roster *roster)
{
    assert_true(balint_roster_read(roster, program->roster.roster.data, program->roster.roster.length));
}

/* Its successor by `maker`, with the same entries. */
static void successor(struct program *maker, struct balint_roster *roster)
{
    struct balint_roster newest;
    read_newest(maker, &newest);
    make_roster(maker->in, roster, &maker, 1);
    roster->count = newest.count;
    memcpy(roster->entries, newest.entries, sizeof roster->entries);
    roster->grant_length = newest.grant_length;
    memcpy(roster->grant, newest.grant, newest.grant_length);
}

static struct balint_roster_entry *entry_of(struct balint_roster *roster, const struct program *who)
{
    for (int i = 0; i < roster->count; i++)
        if (strcmp(roster->entries[i].member, who->certificate.member) == 0)
            return &roster->entries[i];
    fail();
    return NULL;
}

/* `granter`, with a certificate of this role under `root`, makes `deputy` deputy in that roster. */
static void grant(struct balint_roster *roster, const struct program *granter, enum balint_role role,
                  const struct balint_key *root, const struct program *deputy)
{
    struct balint_key person;
    struct balint_certificate certificate = granter->certificate;
    struct balint_grant made = {.epoch = roster->epoch, .expires_s = roster->expires_s};
    uint8_t bytes[BALINT_GRANT_SIZE], of_person[BALINT_CERTIFICATE_SIZE], of_device[BALINT_DEVICE_SIZE];
    const uint8_t seed[BALINT_SEED_SIZE] = {77};
    assert_true(balint_key_from_seed(&person, seed));
    memcpy(certificate.key, person.public_half, sizeof certificate.key);
    certificate.role = role;
    memcpy(made.session, roster->session, sizeof made.session);
    memcpy(made.member, deputy->certificate.member, sizeof made.member);
    memcpy(made.granter, certificate.member, sizeof made.granter);
    memcpy(made.device, deputy->device_key.public_half, sizeof made.device);
    const struct balint_part part = {bytes, balint_grant_make(&made, &granter->device_key, bytes)};
    const struct balint_part first = {of_person, balint_certificate_make(&certificate, root, of_person)};
    const struct balint_part second = {
        of_device, balint_device_make(granter->device_key.public_half, &person, of_device)};
    roster->grant_length = (uint16_t)balint_granting_write(&part, &first, &second, roster->grant);
    assert_true(roster->grant_length > 0);
    entry_of(roster, deputy)->role = BALINT_CO_LEADER;
}

/* The leader's program names Anna. */
static void name_anna(struct circle *c)
{
    struct balint_roster roster;
    circle_open(c);
    successor(c->leader, &roster);
    grant(&roster, c->leader, BALINT_LEADER, &c->room.root, c->anna);
    assert_true(send_roster(c->leader, &roster, 50));
}

static void take_back(struct circle *c)
{
    struct balint_roster roster;
    successor(c->leader, &roster);
    roster.grant_length = 0;
    entry_of(&roster, c->anna)->role = BALINT_MEMBER;
    assert_true(send_roster(c->leader, &roster, 51));
}

static enum balint_role role_of(const struct program *seen_by, const struct program *who)
{
    const struct balint_state_seat *seat = balint_state_seat_of(&seen_by->state, who->welcome.seat);
    assert_non_null(seat);
    return seat->role;
}

/* What Anna's own program makes: the newest roster, the grant with it, and who is at the door. */
static bool anna_admits(struct circle *c, struct program *who)
{
    struct balint_roster roster, theirs;
    successor(c->anna, &roster);
    make_roster(&c->room, &theirs, &who, 1);
    roster.entries[roster.count++] = theirs.entries[0];
    return send_roster(c->anna, &roster, 52);
}

static void a_deputy_holds_every_power_of_a_leader(void **state)
{
    (void)state;
    struct circle c;
    name_anna(&c);
    assert_int_equal(role_of(c.anna, c.anna), BALINT_CO_LEADER);
    assert_int_equal(role_of(c.bert, c.anna), BALINT_CO_LEADER);
    assert_int_equal(balint_room_invited_as(c.room.room, c.anna->welcome.seat), BALINT_MEMBER);
    assert_int_equal(c.anna->state.lobby_count, 1); /* who is at the door, by name and records */
    assert_string_equal(c.anna->people[c.door->welcome.seat].certificate.length ? "known" : "", "known");
    lose(c.leader);
    lose(c.co_leader);
    deliver(&c.room);
    assert_true(c.bert->state.led);
    assert_true(act(c.anna, BALINT_MSG_PRESENT, c.bert->state.you, 0, 1));
    assert_true(act(c.anna, BALINT_MSG_PHASE, BALINT_NOBODY, 1, 2));
    assert_int_equal(c.bert->state.phase, 1);
    assert_true(act(c.anna, BALINT_MSG_LOCK, BALINT_NOBODY, 1, 3));
    assert_true(anna_admits(&c, c.door));
    assert_true(c.door->state.admitted);
    /* The lead moves to her by itself, as to any leader. */
    pass_seconds(&c.room, 11);
    assert_int_equal(c.bert->state.leads, c.anna->welcome.seat);
    circle_close(&c);
}

static void a_deputy_stays_one_over_a_restart_and_on_the_same_device_alone(void **state)
{
    (void)state;
    struct circle c;
    const char *why = NULL;
    name_anna(&c);
    char *text = balint_room_save(c.room.room);
    balint_room_free(c.room.room);
    c.room.room = balint_room_load(text, "fedcba9876543210", some_random, c.room.now_us, &why);
    assert_non_null(c.room.room);
    free(text);
    for (int i = 0; i < c.room.count; i++)
        c.room.programs[i]->conn = 0;
    assert_true(say_resume(c.anna, &c.anna->welcome.secret));
    assert_int_equal(role_of(c.anna, c.anna), BALINT_CO_LEADER);
    /* What her certificate says is known as well: it is what she goes back to, and attends as. */
    assert_int_equal(balint_room_invited_as(c.room.room, c.anna->welcome.seat), BALINT_MEMBER);
    struct balint_roster roster;
    assert_true(say_resume(c.leader, &c.leader->welcome.secret));
    take_back(&c);
    assert_int_equal(role_of(c.anna, c.anna), BALINT_MEMBER);
    successor(c.leader, &roster);
    grant(&roster, c.leader, BALINT_LEADER, &c.room.root, c.anna);
    assert_true(send_roster(c.leader, &roster, 56));
    lose(c.anna);
    struct program *again = program_again(&c.room, c.anna, 3); /* a new process on her device */
    assert_memory_equal(again->device.key, c.anna->device.key, BALINT_KEY_SIZE);
    assert_true(say_hello(again, session_bytes));
    assert_true(again->state.admitted);
    assert_int_equal(role_of(again, again), BALINT_CO_LEADER);
    struct program *tablet = program_again(&c.room, c.anna, 90);
    assert_true(say_hello(tablet, session_bytes));
    assert_false(tablet->state.admitted);
    assert_int_equal(again->state.lobby_count, 2);
    for (int i = 0; i < 2; i++)
        assert_int_equal(again->state.lobby[i].role, BALINT_MEMBER);
    circle_close(&c);
}

static void a_grant_that_was_taken_back_is_worth_nothing(void **state)
{
    (void)state;
    struct circle c;
    struct balint_roster with, roster;
    name_anna(&c);
    read_newest(c.anna, &with);
    assert_true(act(c.leader, BALINT_MSG_LEAD, c.anna->state.you, 0, 1));
    take_back(&c);
    assert_int_equal(role_of(c.anna, c.anna), BALINT_MEMBER);
    assert_int_equal(role_of(c.bert, c.anna), BALINT_MEMBER);
    assert_int_not_equal(c.bert->state.leads, c.anna->welcome.seat); /* nor does she lead */
    assert_int_equal(c.anna->state.lobby_count, 0);
    assert_false(act(c.anna, BALINT_MSG_PHASE, BALINT_NOBODY, 1, 2));
    ERROR_IS(c.anna, "not-yours");
    successor(c.anna, &roster);
    roster.grant_length = with.grant_length;
    memcpy(roster.grant, with.grant, with.grant_length);
    entry_of(&roster, c.anna)->role = BALINT_CO_LEADER;
    assert_false(send_roster(c.anna, &roster, 53));
    ERROR_IS(c.anna, "not-yours");
    /* Not even in a leader's hands. */
    memcpy(roster.signer, c.co_leader->certificate.member, sizeof roster.signer);
    assert_false(send_roster(c.co_leader, &roster, 54));
    ERROR_IS(c.co_leader, "bad-roster");
    /* A new one is another thing. */
    successor(c.co_leader, &roster);
    grant(&roster, c.co_leader, BALINT_CO_LEADER, &c.room.root, c.anna);
    assert_true(send_roster(c.co_leader, &roster, 55));
    assert_int_equal(role_of(c.anna, c.anna), BALINT_CO_LEADER);
    circle_close(&c);
}

static void nobody_becomes_deputy_without_a_leaders_grant(void **state)
{
    (void)state;
    struct circle c;
    struct balint_roster roster;
    struct balint_key other;
    const uint8_t seed[BALINT_SEED_SIZE] = {5};
    circle_open(&c);
    assert_true(balint_key_from_seed(&other, seed));
    /* She signs herself in. */
    successor(c.anna, &roster);
    grant(&roster, c.anna, BALINT_MEMBER, &c.room.root, c.anna);
    assert_false(send_roster(c.anna, &roster, 50));
    ERROR_IS(c.anna, "not-yours");
    /* A leader's program does, with a member's grant, another ROOT's, another member's, or none. */
    memcpy(roster.signer, c.leader->certificate.member, sizeof roster.signer);
    assert_false(send_roster(c.leader, &roster, 51));
    ERROR_IS(c.leader, "bad-roster");
    grant(&roster, c.leader, BALINT_LEADER, &other, c.anna);
    assert_false(send_roster(c.leader, &roster, 52));
    ERROR_IS(c.leader, "bad-roster");
    grant(&roster, c.leader, BALINT_LEADER, &c.room.root, c.anna);
    entry_of(&roster, c.bert)->role = BALINT_CO_LEADER;
    assert_true(send_roster(c.leader, &roster, 53));
    ERROR_IS(c.leader, "stale-roster"); /* Bert is none */
    roster.grant_length = 0;
    entry_of(&roster, c.bert)->role = BALINT_MEMBER;
    assert_true(send_roster(c.leader, &roster, 54));
    ERROR_IS(c.leader, "stale-roster");
    successor(c.leader, &roster);
    grant(&roster, c.leader, BALINT_LEADER, &c.room.root, c.watcher); /* an observer listens only */
    assert_true(send_roster(c.leader, &roster, 55));
    ERROR_IS(c.leader, "stale-roster");
    assert_int_equal(role_of(c.bert, c.anna), BALINT_MEMBER);
    assert_int_equal(role_of(c.bert, c.watcher), BALINT_OBSERVER);
    circle_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_deputy_holds_every_power_of_a_leader),
        cmocka_unit_test(a_deputy_stays_one_over_a_restart_and_on_the_same_device_alone),
        cmocka_unit_test(a_grant_that_was_taken_back_is_worth_nothing),
        cmocka_unit_test(nobody_becomes_deputy_without_a_leaders_grant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
