/* call_hostile_people.c - a server that brings people in: nobody is linked to but whom a leader's roster
 * names.
 *
 * The server shows somebody on a seat, hands out records of that person, and rosters that name them, each
 * wrong in one thing. The last of them is right in all: then everybody does offer a link, so that each lie
 * failed by what was wrong in it and by nothing else.
 */
#include "fakes/hostile.h"
#include "session/ledger.h"

#include <string.h>
#include <time.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { ANN, BEN, CLEO, PEOPLE };
#define EVES      12
#define FIRST_EVE (BALINT_SEATS - EVES) /* the seats that they are shown on */
#define LOOK_MS   600                   /* an offer comes at once, or with the next tick */

/* Somebody whom the server brings in. */
struct eve {
    struct balint_key device;
    struct balint_certificate certificate;
    struct balint_person person;
    bool shown;
};

struct world {
    struct balint_hostile hostile;
    struct balint_message states[PEOPLE]; /* the last to each */
    struct balint_roster_bytes roster;    /* the newest true one */
    struct eve eves[EVES];
    int sent[BALINT_SEATS];            /* messages for a seat */
    int reports[PEOPLE][BALINT_SEATS]; /* from, to */
    bool cleo_leads;                   /* as states say */
};

/* ---- what the server shows */

static void add_eves(const struct world *world, struct balint_state *state)
{
    for (int i = 0; state->admitted && i < EVES; i++) {
        const struct eve *eve = &world->eves[i];
        if (!eve->shown)
            continue;
        struct balint_state_seat *seat = &state->seats[state->seat_count++];
        *seat = (struct balint_state_seat){.seat = eve->person.seat,
                                           .role = eve->certificate.role,
                                           .connected = true,
                                           .epoch = (uint32_t)eve->person.epoch,
                                           .heard = true,
                                           .seen = BALINT_SEEN_BY_ALL};
        strcpy(seat->member, eve->certificate.member);
        strcpy(seat->name, eve->certificate.name);
    }
    for (int i = 0; world->cleo_leads && i < state->seat_count; i++)
        if (state->seats[i].seat == CLEO)
            state->seats[i].role = BALINT_LEADER;
}

static enum balint_lie lie(struct balint_hostile *hostile, int who, bool from_client,
                           struct balint_message *message)
{
    struct world *world = hostile->user;
    if (!from_client && message->type == BALINT_MSG_STATE) {
        world->states[who] = *message;
        add_eves(world, &message->state);
        return BALINT_CHANGED;
    }
    if (!from_client && message->type == BALINT_MSG_ROSTER)
        world->roster = message->roster.roster;
    bool addressed = message->type == BALINT_MSG_OFFER || message->type == BALINT_MSG_ANSWER ||
                     message->type == BALINT_MSG_CANDIDATE || message->type == BALINT_MSG_LINK ||
                     message->type == BALINT_MSG_REPORT;
    if (!from_client || !addressed)
        return BALINT_PASS;
    world->sent[message->link.seat]++;
    world->reports[who][message->link.seat] += message->type == BALINT_MSG_REPORT;
    return message->link.seat < FIRST_EVE ? BALINT_PASS : BALINT_DROP;
}

/* A state to everybody, as it is now. */
static void show(struct world *world)
{
    for (int i = 0; i < PEOPLE; i++) {
        g_mutex_lock(&world->hostile.lock);
        struct balint_message state = world->states[i];
        add_eves(world, &state.state);
        g_mutex_unlock(&world->hostile.lock);
        state.re = 0;
        balint_hostile_tell(&world->hostile, i, &state);
    }
}

static void tell_all(struct world *world, const struct balint_message *message)
{
    for (int i = 0; i < PEOPLE; i++)
        balint_hostile_tell(&world->hostile, i, message);
}

/* ---- records */

static struct balint_key device_of(const struct world *world, int who)
{
    struct balint_key key;
    uint8_t seed[BALINT_SEED_SIZE];
    const char *text = world->hostile.circle.devices[who];
    assert_int_equal(balint_unbase64(text, strlen(text), seed, sizeof seed), sizeof seed);
    assert_true(balint_key_from_seed(&key, seed));
    return key;
}

static struct balint_roster newest(struct world *world)
{
    struct balint_roster roster;
    g_mutex_lock(&world->hostile.lock);
    struct balint_roster_bytes bytes = world->roster;
    g_mutex_unlock(&world->hostile.lock);
    assert_true(balint_roster_read(&roster, bytes.data, bytes.length));
    assert_true(balint_hash(bytes.data, bytes.length, roster.previous));
    roster.epoch++;
    return roster;
}

/* Device and join of a client process that holds `certificate` and the person's key. */
static void write_person(struct world *world, struct eve *eve, const struct balint_key *person)
{
    struct balint_join_record join = {0};
    uint8_t private_half[BALINT_KEY_SIZE];
    memcpy(join.session, newest(world).session, sizeof join.session);
    assert_true(
        balint_hash(eve->person.certificate.data, eve->person.certificate.length, join.certificate_hash));
    assert_true(balint_random(join.nonce, sizeof join.nonce));
    assert_true(balint_exchange_make(private_half, join.exchange));
    assert_true(balint_key_make(&eve->device));
    eve->person.device.length =
        (uint16_t)balint_device_make(eve->device.public_half, person, eve->person.device.data);
    eve->person.join.length = (uint16_t)balint_join_make(&join, &eve->device, eve->person.join.data);
    assert_true(eve->person.device.length > 0 && eve->person.join.length > 0);
}

/* Somebody with a certificate of `root`. */
static struct eve *make_eve(struct world *world, int number, enum balint_role role,
                            const struct balint_key *root)
{
    struct eve *eve = &world->eves[number];
    struct balint_key person;
    struct balint_certificate *certificate = &eve->certificate;
    memset(eve, 0, sizeof *eve);
    *certificate = (struct balint_certificate){.name = "Eve", .role = role, .serial = 1};
    certificate->from_s = time(NULL) - 60;
    certificate->until_s = time(NULL) + 3600;
    strcpy(certificate->group, world->hostile.circle.group.name);
    snprintf(certificate->member, sizeof certificate->member, "eve-%d", number);
    assert_true(balint_key_make(&person));
    memcpy(certificate->key, person.public_half, sizeof certificate->key);
    eve->person.seat = FIRST_EVE + number;
    eve->person.epoch = 1;
    eve->person.certificate.length =
        (uint16_t)balint_certificate_make(certificate, root, eve->person.certificate.data);
    assert_true(eve->person.certificate.length > 0);
    write_person(world, eve, &person);
    return eve;
}

/* Whoever copied Ben's link, on a device of their own. */
static struct eve *make_thief(struct world *world, int number)
{
    struct eve *eve = &world->eves[number];
    const struct balint_test_invitation *ben = &world->hostile.circle.invitations[BEN];
    memset(eve, 0, sizeof *eve);
    eve->certificate = ben->certificate;
    eve->person.seat = FIRST_EVE + number;
    eve->person.epoch = 2;
    eve->person.certificate = ben->bytes;
    write_person(world, eve, &ben->key);
    return eve;
}

static void add_entry(struct balint_roster *roster, const struct eve *eve)
{
    struct balint_roster_entry *entry = &roster->entries[roster->count++];
    *entry = (struct balint_roster_entry){.role = eve->certificate.role, .serial = eve->certificate.serial};
    strcpy(entry->member, eve->certificate.member);
    memcpy(entry->device, eve->device.public_half, sizeof entry->device);
}

/* The server hands this roster to everybody. */
static void hand_out(struct world *world, struct balint_roster *roster, const char *signer,
                     const struct balint_key *device)
{
    struct balint_message message = {.type = BALINT_MSG_ROSTER};
    memset(roster->signer, 0, sizeof roster->signer);
    strcpy(roster->signer, signer);
    message.roster.roster.length = (uint16_t)balint_roster_make(roster, device, message.roster.roster.data);
    assert_true(message.roster.roster.length > 0);
    tell_all(world, &message);
}

static void bring_in(struct world *world, struct eve *eve)
{
    struct balint_message message = {.type = BALINT_MSG_PERSON, .person = eve->person};
    tell_all(world, &message);
    g_mutex_lock(&world->hostile.lock);
    eve->shown = true;
    g_mutex_unlock(&world->hostile.lock);
    show(world);
}

static int sent_to(struct world *world, const struct eve *eve)
{
    g_mutex_lock(&world->hostile.lock);
    int sent = world->sent[eve->person.seat];
    g_mutex_unlock(&world->hostile.lock);
    return sent;
}

/* Nobody says anything to her, links to her, or is frightened. */
static void is_left_out(struct world *world, struct eve *eve)
{
    bring_in(world, eve);
    balint_hostile_pass(&world->hostile, LOOK_MS);
    assert_int_equal(sent_to(world, eve), 0);
    for (int i = 0; i < PEOPLE; i++) {
        struct balint_caller *caller = world->hostile.callers[i];
        struct balint_caller_wire wire = balint_caller_wire_of(caller, eve->person.seat);
        assert_int_equal(wire.sent_srtp + wire.received_srtp + wire.sent_dtls + wire.received_dtls, 0);
        assert_int_equal(balint_caller_ear(caller, eve->person.seat).pads_ever, 0);
        assert_true(balint_caller_link_is(caller, eve->person.seat, ""));
        assert_string_equal(caller->refused, "");
    }
}

static struct world *begin(uint32_t ungated)
{
    struct world *world = g_new0(struct world, 1); /* after a failed assertion the proxies live on */
    balint_hostile_begin(&world->hostile, PEOPLE, 1, lie, world);
    world->hostile.ungated = ungated;
    balint_hostile_gather(&world->hostile);
    for (int a = 0; a < PEOPLE; a++)
        for (int b = a + 1; b < PEOPLE; b++)
            assert_true(balint_hostile_untouched(&world->hostile, a, b));
    return world;
}

static void end(struct world *world)
{
    for (int i = 0; i < PEOPLE; i++)
        balint_caller_clear(world->hostile.callers[i]);
    for (int a = 0; a < PEOPLE; a++)
        for (int b = a + 1; b < PEOPLE; b++)
            assert_true(balint_hostile_untouched(&world->hostile, a, b));
    assert_int_equal(world->hostile.unreadable, 0);
    balint_hostile_end(&world->hostile);
    g_free(world);
}

/* ---- tests */

static void lies_with_another_root(struct world *world)
{
    struct balint_key root, ann = device_of(world, ANN);
    const char *leader = world->hostile.circle.invitations[ANN].member;
    assert_true(balint_key_make(&root));
    struct eve *eve = make_eve(world, 1, BALINT_LEADER, &root);
    struct balint_roster roster = newest(world);
    add_entry(&roster, eve);
    hand_out(world, &roster, eve->certificate.member, &eve->device); /* a leader who was invented */
    is_left_out(world, eve);
    hand_out(world, &roster, leader, &eve->device); /* she signs as Ann */
    is_left_out(world, eve);
    eve = make_eve(world, 2, BALINT_LEADER, &root);
    roster = newest(world);
    memcpy(roster.root, root.public_half, sizeof roster.root); /* of her own group */
    add_entry(&roster, eve);
    hand_out(world, &roster, eve->certificate.member, &eve->device);
    is_left_out(world, eve);
    hand_out(world, &roster, leader, &ann);
    is_left_out(world, eve);
}

static void lies_signed_by_a_member(struct world *world)
{
    struct balint_key ben = device_of(world, BEN);
    const char *member = world->hostile.circle.invitations[BEN].member;
    struct eve *eve = make_eve(world, 3, BALINT_MEMBER, &world->hostile.circle.group.root);
    struct balint_roster roster = newest(world);
    add_entry(&roster, eve);
    hand_out(world, &roster, member, &ben);
    is_left_out(world, eve);
    for (int i = 0; i < roster.count; i++) /* he makes himself a leader */
        if (strcmp(roster.entries[i].member, member) == 0)
            roster.entries[i].role = BALINT_CO_LEADER;
    hand_out(world, &roster, member, &ben);
    is_left_out(world, eve);
}

/* A roster of Ben's with a grant for himself, by `granter`, whose records go along. */
static void hand_out_granted(struct world *world, struct eve *eve, const char *granter,
                             const struct balint_key *by, const struct balint_part *certificate,
                             const struct balint_part *device)
{
    struct balint_key ben = device_of(world, BEN);
    const char *member = world->hostile.circle.invitations[BEN].member;
    struct balint_roster roster = newest(world);
    struct balint_grant grant = {.epoch = roster.epoch, .expires_s = time(NULL) + 3600};
    uint8_t bytes[BALINT_GRANT_SIZE];
    add_entry(&roster, eve);
    for (int i = 0; i < roster.count; i++)
        if (strcmp(roster.entries[i].member, member) == 0)
            roster.entries[i].role = BALINT_CO_LEADER;
    memcpy(grant.session, roster.session, sizeof grant.session);
    memcpy(grant.device, ben.public_half, sizeof grant.device);
    strcpy(grant.member, member);
    strcpy(grant.granter, granter);
    const struct balint_part made = {bytes, balint_grant_make(&grant, by, bytes)};
    roster.grant_length = (uint16_t)balint_granting_write(&made, certificate, device, roster.grant);
    assert_true(made.length > 0 && roster.grant_length > 0);
    hand_out(world, &roster, member, &ben);
}

/* Ben, and the server with him, make him deputy: by himself, by a leader of another ROOT, in Ann's name. */
static void lies_of_a_deputy(struct world *world)
{
    const struct balint_test_invitation *invitation = world->hostile.circle.invitations;
    struct balint_key ben = device_of(world, BEN), other;
    uint8_t device[BALINT_DEVICE_SIZE];
    struct eve *eve = make_eve(world, 8, BALINT_MEMBER, &world->hostile.circle.group.root);
    const struct balint_part of_ben = {invitation[BEN].bytes.data, invitation[BEN].bytes.length};
    const struct balint_part bens = {device,
                                     balint_device_make(ben.public_half, &invitation[BEN].key, device)};
    hand_out_granted(world, eve, invitation[BEN].member, &ben, &of_ben, &bens);
    is_left_out(world, eve);
    const struct balint_part of_ann = {invitation[ANN].bytes.data, invitation[ANN].bytes.length};
    hand_out_granted(world, eve, invitation[ANN].member, &ben, &of_ann, &bens);
    is_left_out(world, eve);
    assert_true(balint_key_make(&other));
    const struct eve *leader = make_eve(world, 9, BALINT_LEADER, &other);
    const struct balint_part of_leader = {leader->person.certificate.data, leader->person.certificate.length};
    const struct balint_part leaders = {leader->person.device.data, leader->person.device.length};
    hand_out_granted(world, eve, leader->certificate.member, &leader->device, &of_leader, &leaders);
    is_left_out(world, eve);
}

static void lies_of_another_time(struct world *world)
{
    struct balint_key ann = device_of(world, ANN);
    const char *leader = world->hostile.circle.invitations[ANN].member;
    struct eve *eve = make_eve(world, 4, BALINT_MEMBER, &world->hostile.circle.group.root);
    struct balint_roster roster = newest(world);
    add_entry(&roster, eve);
    roster.expires_s = time(NULL) - 1;
    hand_out(world, &roster, leader, &ann);
    is_left_out(world, eve);
    eve = make_eve(world, 5, BALINT_MEMBER, &world->hostile.circle.group.root);
    roster = newest(world);
    add_entry(&roster, eve);
    roster.session[0] ^= 1;
    hand_out(world, &roster, leader, &ann);
    is_left_out(world, eve);
}

static void nobody_is_in_by_the_servers_word(void **state)
{
    struct world *world = begin(0);
    (void)state;
    const struct balint_key *group = &world->hostile.circle.group.root;
    struct balint_key ann = device_of(world, ANN);
    /* Truly invited, but let in by nobody. */
    is_left_out(world, make_eve(world, 0, BALINT_MEMBER, group));
    lies_with_another_root(world);
    lies_signed_by_a_member(world);
    lies_of_a_deputy(world);
    lies_of_another_time(world);
    /* A copy of Ben's link, on another device. */
    is_left_out(world, make_thief(world, 6));
    /* What is right in everything is believed. */
    struct eve *eve = make_eve(world, 7, BALINT_MEMBER, group);
    struct balint_roster roster = newest(world);
    add_entry(&roster, eve);
    hand_out(world, &roster, world->hostile.circle.invitations[ANN].member, &ann);
    bring_in(world, eve);
    int64_t until = balint_test_ms() + BALINT_CIRCLE_MS;
    while (sent_to(world, eve) < PEOPLE && balint_test_ms() < until)
        balint_hostile_pass(&world->hostile, 20);
    assert_true(sent_to(world, eve) >= PEOPLE);
    end(world);
}

static int reports(struct world *world, int from, int to)
{
    g_mutex_lock(&world->hostile.lock);
    int count = world->reports[from][to];
    g_mutex_unlock(&world->hostile.lock);
    return count;
}

/* States say that Cleo leads: nobody reports to her, and a presenter whom leaders alone see stays unseen, by
 * his own program: hers drops nothing. */
static void nobody_leads_by_the_servers_word(void **state)
{
    struct world *world = begin(1u << CLEO);
    static const uint8_t silence[BALINT_TALK_SIZE] = {1};
    (void)state;
    struct balint_caller *ann = world->hostile.callers[ANN], *cleo = world->hostile.callers[CLEO];
    g_mutex_lock(&world->hostile.lock);
    world->cleo_leads = true;
    g_mutex_unlock(&world->hostile.lock);
    assert_true(balint_caller_tell_a_case(ann, world->hostile.callers[BEN], BEN));
    assert_true(balint_caller_act(ann, "step-back", -1, BALINT_LEADERS_ONLY));
    for (int i = 0; i < PEOPLE; i++)
        assert_true(
            balint_caller_until(world->hostile.callers[i], balint_caller_is_back, TRUE, BALINT_CIRCLE_MS));
    GBytes *body = g_bytes_new(silence, sizeof silence);
    g_signal_emit_by_name(world->hostile.callers[BEN]->call, "send-talk", body);
    g_signal_emit_by_name(cleo->call, "send-talk", body);
    g_bytes_unref(body);
    balint_hostile_pass(&world->hostile, LOOK_MS);
    assert_int_equal(reports(world, BEN, ANN), 1); /* it did leave */
    assert_int_equal(reports(world, BEN, CLEO), 0);
    assert_int_equal(reports(world, CLEO, BEN), 0);
    assert_int_equal(balint_caller_loud_of(cleo, BEN, BALINT_CIRCLE_MS), 0);
    assert_int_equal(balint_caller_ear(cleo, BEN).pictures, 0);
    balint_caller_clear(ann);
    assert_true(balint_caller_until(ann, balint_caller_sees, BEN, BALINT_CIRCLE_MS));
    balint_hostile_end(&world->hostile);
    g_free(world);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_is_in_by_the_servers_word),
        cmocka_unit_test(nobody_leads_by_the_servers_word),
    };
    balint_caller_setup(&argc, &argv);
    return cmocka_run_group_tests_name("call_hostile_people", tests, NULL, NULL);
}
