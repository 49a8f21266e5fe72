/* people.c - people for tests, see people.h. */
#include "fakes/people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void balint_person_init(struct balint_test_person *person, const struct balint_serverproc *server,
                        const struct balint_test_group *group,
                        const struct balint_test_invitation *invitation)
{
    memset(person, 0, sizeof *person);
    person->server = server;
    person->group = group;
    person->invitation = invitation;
    person->seat = BALINT_NOBODY;
    if (!balint_key_make(&person->device) || !balint_random(person->exchange, sizeof person->exchange))
        abort();
}

void balint_person_finish(struct balint_test_person *person)
{
    balint_ws_close(person->ws);
    person->ws = NULL;
}

void balint_person_drop(struct balint_test_person *person)
{
    balint_ws_drop(person->ws);
    person->ws = NULL;
}

bool balint_person_open(struct balint_test_person *person)
{
    balint_person_finish(person);
    person->ws = balint_ws_open(&person->server->to, NULL);
    return person->ws != NULL;
}

/* Keeps what a message tells. */
static void take_in(struct balint_test_person *person, const struct balint_message *message)
{
    person->count[message->type]++;
    switch (message->type) {
    case BALINT_MSG_DOOR:
        person->door = message->door;
        if (message->door.session.length == BALINT_SESSION_SIZE)
            memcpy(person->session, message->door.session.data, BALINT_SESSION_SIZE);
        break;
    case BALINT_MSG_WELCOME:
        person->seat = message->welcome.seat;
        person->epoch = message->welcome.epoch;
        person->secret = message->welcome.secret;
        memcpy(person->boot, message->welcome.boot, sizeof person->boot);
        break;
    case BALINT_MSG_STATE:
        person->state = message->state;
        person->has_state = true;
        break;
    case BALINT_MSG_PERSON:
        person->persons[message->person.seat] = message->person;
        person->known[message->person.seat] = true;
        break;
    case BALINT_MSG_CRIB:
        person->crib = message->crib;
        break;
    case BALINT_MSG_ROSTER:
        person->roster = message->roster.roster;
        break;
    case BALINT_MSG_ERROR:
        person->error = message->error;
        break;
    case BALINT_MSG_DISPLACED:
        person->displaced = true;
        break;
    case BALINT_MSG_BYE:
        person->bye = message->bye;
        break;
    default:
        break;
    }
}

bool balint_person_listen(struct balint_test_person *person, struct balint_message *message, int timeout_ms)
{
    if (person->ws == NULL || !balint_test_next(person->ws, message, timeout_ms))
        return false;
    take_in(person, message);
    return true;
}

bool balint_person_until(struct balint_test_person *person, balint_person_is is, int64_t argument)
{
    struct balint_message message;
    int64_t deadline = balint_test_ms() + BALINT_TEST_MS;
    while (!is(person, argument)) {
        int64_t left = deadline - balint_test_ms();
        if (left <= 0 || !balint_person_listen(person, &message, (int)left))
            return is(person, argument);
    }
    return true;
}

bool balint_person_ended(struct balint_test_person *person)
{
    struct balint_message message;
    int64_t deadline = balint_test_ms() + BALINT_TEST_MS;
    while (!balint_ws_ended(person->ws) && balint_test_ms() < deadline)
        balint_person_listen(person, &message, (int)(deadline - balint_test_ms()));
    return balint_ws_ended(person->ws);
}

bool balint_person_ask(struct balint_test_person *person, struct balint_message *request)
{
    struct balint_message message;
    int64_t deadline = balint_test_ms() + BALINT_TEST_MS;
    request->id = ++person->last_id;
    memset(&person->error, 0, sizeof person->error);
    if (person->ws == NULL || !balint_test_send(person->ws, request))
        return false;
    while (balint_test_ms() < deadline) {
        if (!balint_person_listen(person, &message, (int)(deadline - balint_test_ms())))
            return false;
        if (message.re == request->id)
            return message.type != BALINT_MSG_ERROR;
    }
    return false;
}

bool balint_person_act(struct balint_test_person *person, enum balint_type type, int seat, int value)
{
    struct balint_message request = {.type = type, .act = {.seat = seat, .value = value}};
    return balint_person_ask(person, &request);
}

/* ---- coming in */
bool balint_person_knock(struct balint_test_person *person)
{
    struct balint_message request = {.type = BALINT_MSG_KNOCK};
    memcpy(request.knock.group, person->group->name, sizeof request.knock.group);
    request.knock.token = person->invitation->token;
    return balint_person_ask(person, &request);
}

static bool make_hello(struct balint_test_person *person, struct balint_message *request)
{
    static const uint8_t none[BALINT_SESSION_SIZE];
    const struct balint_test_invitation *invitation = person->invitation;
    struct balint_device device = {0};
    struct balint_join_record join = {0};
    if (balint_is_leader(invitation->role) && memcmp(person->session, none, sizeof none) == 0 &&
        !balint_random(person->session, sizeof person->session))
        return false;
    memcpy(device.key, person->device.public_half, sizeof device.key);
    memcpy(join.session, person->session, sizeof join.session);
    memcpy(join.nonce, person->door.nonce.data, sizeof join.nonce);
    memcpy(join.exchange, person->exchange, sizeof join.exchange);
    if (!balint_hash(invitation->bytes.data, invitation->bytes.length, join.certificate_hash))
        return false;
    memset(request, 0, sizeof *request);
    request->type = BALINT_MSG_HELLO;
    request->hello.certificate = invitation->bytes;
    request->hello.device.length = (uint16_t)balint_device_write(&device, request->hello.device.data);
    request->hello.join.length = (uint16_t)balint_join_write(&join, request->hello.join.data);
    return true;
}

bool balint_person_hello(struct balint_test_person *person)
{
    struct balint_message request;
    return make_hello(person, &request) && balint_person_ask(person, &request);
}

bool balint_person_send_hello(struct balint_test_person *person)
{
    struct balint_message request;
    return make_hello(person, &request) && balint_test_send(person->ws, &request);
}

static bool has_state(const struct balint_test_person *person, int64_t unused)
{
    (void)unused;
    return person->has_state;
}

bool balint_person_join(struct balint_test_person *person)
{
    person->has_state = false;
    return balint_person_open(person) && balint_person_knock(person) && balint_person_hello(person) &&
           balint_person_until(person, has_state, 0);
}

bool balint_person_resume(struct balint_test_person *person)
{
    struct balint_message request = {.type = BALINT_MSG_RESUME};
    memcpy(request.resume.group, person->group->name, sizeof request.resume.group);
    request.resume.secret = person->secret;
    person->has_state = false;
    return balint_person_open(person) && balint_person_ask(person, &request) &&
           balint_person_until(person, has_state, 0);
}

/* ---- rosters */
static void add_entry(struct balint_roster *roster, const char *member, enum balint_role role,
                      const uint8_t device[BALINT_KEY_SIZE], uint64_t serial)
{
    struct balint_roster_entry *entry = NULL;
    for (int i = 0; i < roster->count; i++)
        if (strcmp(roster->entries[i].member, member) == 0)
            entry = &roster->entries[i];
    if (entry == NULL && roster->count < BALINT_SEATS)
        entry = &roster->entries[roster->count++];
    if (entry == NULL)
        return;
    snprintf(entry->member, sizeof entry->member, "%s", member);
    entry->role = role;
    memcpy(entry->device, device, sizeof entry->device);
    entry->serial = serial;
}

bool balint_person_make_roster(const struct balint_test_person *leader, struct balint_roster *roster)
{
    const struct balint_test_invitation *own = leader->invitation;
    memset(roster, 0, sizeof *roster);
    if (leader->roster.length > 0 &&
        (!balint_roster_read(roster, leader->roster.data, leader->roster.length) ||
         !balint_hash(leader->roster.data, leader->roster.length, roster->previous)))
        return false;
    memcpy(roster->root, leader->group->root.public_half, sizeof roster->root);
    memcpy(roster->session, leader->session, sizeof roster->session);
    roster->expires_s = (int64_t)time(NULL) + 3600;
    roster->epoch++;
    snprintf(roster->signer, sizeof roster->signer, "%s", own->member);
    add_entry(roster, own->member, own->role, leader->device.public_half, own->certificate.serial);
    for (int i = 0; i < leader->state.lobby_count; i++) {
        const struct balint_person *person = &leader->persons[leader->state.lobby[i].seat];
        struct balint_certificate certificate;
        struct balint_device device;
        if (!leader->known[leader->state.lobby[i].seat] ||
            !balint_certificate_read(&certificate, person->certificate.data, person->certificate.length,
                                     leader->group->root.public_half) ||
            !balint_device_read(&device, person->device.data, person->device.length))
            return false;
        add_entry(roster, certificate.member, certificate.role, device.key, certificate.serial);
    }
    return true;
}

bool balint_person_send_roster(struct balint_test_person *leader, const struct balint_roster *roster)
{
    struct balint_message request = {.type = BALINT_MSG_ADMIT};
    request.admit.roster.length = (uint16_t)balint_roster_write(roster, request.admit.roster.data);
    return request.admit.roster.length > 0 && balint_person_ask(leader, &request);
}

static bool has_roster_of_state(const struct balint_test_person *person, int64_t unused)
{
    struct balint_roster roster;
    (void)unused;
    return person->state.roster == 0 ||
           (person->roster.length > 0 &&
            balint_roster_read(&roster, person->roster.data, person->roster.length) &&
            roster.epoch == person->state.roster);
}

bool balint_person_admit_all(struct balint_test_person *leader)
{
    struct balint_roster roster;
    return balint_person_until(leader, has_roster_of_state, 0) &&
           balint_person_make_roster(leader, &roster) && balint_person_send_roster(leader, &roster) &&
           balint_person_until(leader, has_roster_of_state, 0);
}

/* ---- conditions */
bool balint_person_is_admitted(const struct balint_test_person *person, int64_t unused)
{
    (void)unused;
    return person->has_state && person->state.admitted;
}

bool balint_person_in_phase(const struct balint_test_person *person, int64_t phase)
{
    return person->has_state && person->state.phase == phase;
}

bool balint_person_sees_seats(const struct balint_test_person *person, int64_t count)
{
    return person->has_state && person->state.seat_count == count;
}

bool balint_person_sees_lobby(const struct balint_test_person *person, int64_t at_least)
{
    return person->has_state && person->state.lobby_count >= at_least;
}

bool balint_person_sees_gone(const struct balint_test_person *person, int64_t seat)
{
    const struct balint_state_seat *seen =
        person->has_state ? balint_state_seat_of(&person->state, (int)seat) : NULL;
    return seen != NULL && !seen->connected;
}

bool balint_person_is_displaced(const struct balint_test_person *person, int64_t unused)
{
    (void)unused;
    return person->displaced;
}

bool balint_person_was_told_bye(const struct balint_test_person *person, int64_t unused)
{
    (void)unused;
    return person->bye.code[0] != '\0';
}

int balint_person_phase(const struct balint_test_person *person, const char *id)
{
    for (int i = 0; i < person->state.format.count; i++)
        if (strcmp(person->state.format.phases[i].id, id) == 0)
            return i;
    return -1;
}
