/* room_support.c - see room_support.h. */
#include "room_support.h"

/* Repeatable, and never the same twice. */
static bool counted_random(uint8_t *bytes, size_t length)
{
    static uint64_t state = UINT64_C(0x853c49e6748fea9b);
    for (size_t i = 0; i < length; i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        bytes[i] = (uint8_t)(state >> 56);
    }
    return true;
}

void room_open(struct room *room)
{
    uint8_t seed[BALINT_SEED_SIZE];
    memset(room, 0, sizeof *room);
    memset(seed, 7, sizeof seed);
    assert_true(balint_key_from_seed(&room->root, seed));
    room->now_us = START_US;
    room->room = balint_room_new("tuesday", room->root.public_half, balint_format_find("classic"), ROOM_BOOT,
                                 counted_random, room->now_us);
    assert_non_null(room->room);
}

void room_close(struct room *room)
{
    balint_room_free(room->room);
    for (int i = 0; i < room->count; i++) {
        forget(room->programs[i]);
        free(room->programs[i]);
    }
}

static struct program *add_program(struct room *room)
{
    struct program *program = calloc(1, sizeof *program);
    assert_non_null(program);
    assert_true(room->count < PROGRAMS);
    room->programs[room->count++] = program;
    program->in = room;
    return program;
}

static void set_device(struct program *program, uint8_t device)
{
    memset(&program->device, 0, sizeof program->device);
    uint8_t seed[BALINT_SEED_SIZE] = {device};
    assert_true(balint_key_from_seed(&program->device_key, seed));
    memcpy(program->device.key, program->device_key.public_half, sizeof program->device.key);
    program->hello.device.length =
        (uint16_t)balint_device_write(&program->device, program->hello.device.data);
    assert_int_not_equal(program->hello.device.length, 0);
}

static void set_certificate(struct program *program)
{
    struct balint_certificate_bytes *bytes = &program->hello.certificate;
    bytes->length = (uint16_t)balint_certificate_make(&program->certificate, &program->in->root, bytes->data);
    assert_int_not_equal(bytes->length, 0);
}

struct program *program_new(struct room *room, const char *name, enum balint_role role, uint8_t device)
{
    struct program *program = add_program(room);
    struct balint_certificate *certificate = &program->certificate;
    snprintf(program->name, sizeof program->name, "%s", name);
    snprintf(certificate->group, sizeof certificate->group, "tuesday");
    snprintf(certificate->member, sizeof certificate->member, "%s", name);
    snprintf(certificate->name, sizeof certificate->name, "Dr %s", name);
    certificate->role = role;
    certificate->serial = 5;
    certificate->from_s = 1;
    certificate->until_s = INT64_C(4000000000);
    set_certificate(program);
    set_device(program, device);
    return program;
}

struct program *program_again(struct room *room, const struct program *of, uint8_t device)
{
    struct program *program = add_program(room);
    memcpy(program->name, of->name, sizeof program->name);
    program->certificate = of->certificate;
    set_certificate(program);
    set_device(program, device);
    return program;
}

/* ---- what comes */

static void keep(struct program *program, struct got *got)
{
    const struct balint_message *message = &got->message;
    if (program->last == NULL)
        program->inbox = got;
    else
        program->last->next = got;
    program->last = got;
    switch (message->type) {
    case BALINT_MSG_WELCOME:
        program->welcome = message->welcome;
        break;
    case BALINT_MSG_STATE:
        program->state = message->state;
        program->has_state = true;
        break;
    case BALINT_MSG_ROSTER:
        program->roster = message->roster;
        break;
    case BALINT_MSG_PERSON:
        program->people[message->person.seat] = message->person;
        break;
    case BALINT_MSG_BYE:
    case BALINT_MSG_DISPLACED:
        memcpy(program->bye, message->bye.code, sizeof program->bye);
        break;
    default:
        break;
    }
}

void deliver(struct room *room)
{
    struct balint_outgoing out;
    balint_room_publish(room->room, room->now_us);
    while (balint_room_outgoing(room->room, &out)) {
        struct balint_error error;
        struct program *to = NULL;
        struct got *got = calloc(1, sizeof *got);
        assert_non_null(got);
        assert_non_null(out.text); /* every message of the room can be sent */
        assert_int_equal(strlen(out.text), out.length);
        if (!balint_decode(out.text, out.length, BALINT_TO_CLIENT, &got->message, &error))
            fail_msg("the room sends what nobody can read: %s %s: %s", error.field, error.text, out.text);
        got->text = out.text;
        for (int i = 0; i < room->count; i++)
            if (room->programs[i]->conn == out.conn)
                to = room->programs[i];
        assert_non_null(to); /* nothing is sent to a socket that is gone */
        keep(to, got);
        if (out.close) {
            to->closed = true;
            to->conn = 0;
        }
    }
    assert_false(balint_room_outgoing(room->room, &out));
}

void forget(struct program *program)
{
    while (program->inbox != NULL) {
        struct got *got = program->inbox;
        program->inbox = got->next;
        free(got->text);
        free(got);
    }
    program->last = NULL;
}

void forget_all(struct room *room)
{
    for (int i = 0; i < room->count; i++)
        forget(room->programs[i]);
}

const struct got *find_got(const struct program *program, enum balint_type type)
{
    const struct got *found = NULL;
    for (const struct got *got = program->inbox; got != NULL; got = got->next)
        if (got->message.type == type)
            found = got;
    return found;
}

int count_got(const struct program *program, enum balint_type type)
{
    int count = 0;
    for (const struct got *got = program->inbox; got != NULL; got = got->next)
        count += got->message.type == type || type == BALINT_MSGS;
    return count;
}

const struct balint_error *last_error(const struct program *program)
{
    const struct got *got = find_got(program, BALINT_MSG_ERROR);
    return got == NULL ? NULL : &got->message.error;
}

/* ---- what goes */

bool say_hello(struct program *program, const uint8_t *session)
{
    struct room *room = program->in;
    memset(&program->join, 0, sizeof program->join);
    memcpy(program->join.session, session != NULL ? session : balint_room_session(room->room)->id,
           BALINT_SESSION_SIZE);
    assert_true(balint_hash(program->hello.certificate.data, program->hello.certificate.length,
                            program->join.certificate_hash));
    counted_random(program->join.nonce, sizeof program->join.nonce);
    program->hello.join.length = (uint16_t)balint_join_write(&program->join, program->hello.join.data);
    program->conn = ++room->conns;
    program->closed = false;
    bool welcomed =
        balint_room_hello(room->room, program->conn, &program->certificate, &program->hello, 2, room->now_us);
    deliver(room);
    return welcomed;
}

bool say_resume(struct program *program, const struct balint_resume_bytes *secret)
{
    struct balint_resume resume = {.group = "tuesday", .secret = *secret};
    program->conn = ++program->in->conns;
    program->closed = false;
    bool welcomed = balint_room_resume(program->in->room, program->conn, &resume, 3, program->in->now_us);
    deliver(program->in);
    return welcomed;
}

void lose(struct program *program)
{
    balint_room_closed(program->in->room, program->conn, program->in->now_us);
    program->conn = 0;
    deliver(program->in);
}

bool say(struct program *program, const struct balint_message *message)
{
    bool fine = balint_room_message(program->in->room, program->conn, message, program->in->now_us);
    deliver(program->in);
    return fine;
}

bool act(struct program *program, enum balint_type type, int seat, int value, int64_t id)
{
    struct balint_message message = {.type = type, .id = id, .act = {.seat = seat, .value = value}};
    return say(program, &message);
}

void begin_a_case(struct program *leader, struct program *presenter)
{
    assert_true(act(presenter, BALINT_MSG_VOLUNTEER, BALINT_NOBODY, 1, 1));
    assert_true(act(leader, BALINT_MSG_PRESENT, presenter->state.you, 0, 1));
    assert_int_equal(leader->state.presenter, presenter->state.you);
}

void pass_seconds(struct room *room, int seconds)
{
    for (int i = 0; i < seconds; i++) {
        room->now_us += SECOND;
        balint_room_tick(room->room, room->now_us);
        deliver(room);
    }
}

/* ---- rosters */

static void put_entry(struct balint_roster *roster, const struct program *program)
{
    struct balint_roster_entry entry = {.role = program->certificate.role,
                                        .serial = program->certificate.serial};
    memcpy(entry.member, program->certificate.member, sizeof entry.member);
    memcpy(entry.device, program->device.key, sizeof entry.device);
    for (int i = 0; i < roster->count; i++)
        if (strcmp(roster->entries[i].member, entry.member) == 0) {
            roster->entries[i] = entry;
            return;
        }
    roster->entries[roster->count++] = entry;
}

void make_roster(struct room *room, struct balint_roster *roster, struct program *const *programs, int count)
{
    const struct program *maker = programs[0];
    memset(roster, 0, sizeof *roster);
    roster->epoch = 1;
    if (maker->roster.roster.length != 0) {
        struct balint_roster newest;
        assert_true(balint_roster_read(&newest, maker->roster.roster.data, maker->roster.roster.length));
        assert_true(balint_hash(maker->roster.roster.data, maker->roster.roster.length, roster->previous));
        roster->epoch = newest.epoch + 1;
    }
    memcpy(roster->root, room->root.public_half, sizeof roster->root);
    memcpy(roster->session, balint_room_session(room->room)->id, sizeof roster->session);
    roster->expires_s = room->now_us / SECOND + 6 * 3600;
    memcpy(roster->signer, maker->certificate.member, sizeof roster->signer);
    for (int i = 0; i < count; i++)
        put_entry(roster, programs[i]);
}

bool send_roster(struct program *program, const struct balint_roster *roster, int64_t id)
{
    struct balint_message message = {.type = BALINT_MSG_ADMIT, .id = id};
    message.admit.roster.length = (uint16_t)balint_roster_write(roster, message.admit.roster.data);
    assert_int_not_equal(message.admit.roster.length, 0);
    return say(program, &message);
}

bool admit(struct program *leader, struct program *const *programs, int count)
{
    struct balint_roster roster;
    make_roster(leader->in, &roster, &leader, 1);
    if (leader->roster.roster.length != 0) {
        struct balint_roster newest;
        assert_true(balint_roster_read(&newest, leader->roster.roster.data, leader->roster.roster.length));
        roster.count = newest.count;
        memcpy(roster.entries, newest.entries, sizeof roster.entries);
        put_entry(&roster, leader);
    }
    for (int i = 0; i < count; i++)
        put_entry(&roster, programs[i]);
    return send_roster(leader, &roster, 40);
}

bool admit_one(struct program *leader, struct program *program)
{
    return admit(leader, &program, 1);
}

/* ---- a circle */

void circle_open(struct circle *circle)
{
    struct room *room = &circle->room;
    uint8_t session[BALINT_SESSION_SIZE];
    memset(session, SESSION_BYTE, sizeof session);
    room_open(room);
    circle->leader = program_new(room, "leader", BALINT_LEADER, 1);
    circle->co_leader = program_new(room, "coleader", BALINT_CO_LEADER, 2);
    circle->anna = program_new(room, "anna", BALINT_MEMBER, 3);
    circle->bert = program_new(room, "bert", BALINT_MEMBER, 4);
    circle->carl = program_new(room, "carl", BALINT_MEMBER, 5);
    circle->watcher = program_new(room, "watcher", BALINT_OBSERVER, 6);
    circle->door = program_new(room, "fritz", BALINT_MEMBER, 7);
    assert_true(say_hello(circle->leader, session));
    assert_true(admit(circle->leader, NULL, 0));
    struct program *others[] = {circle->co_leader, circle->anna, circle->bert, circle->carl, circle->watcher};
    for (int i = 0; i < 5; i++)
        assert_true(say_hello(others[i], NULL));
    assert_true(admit(circle->leader, others, 5));
    assert_true(say_hello(circle->door, NULL));
    for (int i = 0; i < 5; i++)
        assert_true(others[i]->state.admitted);
    assert_false(circle->door->state.admitted);
    forget_all(room);
}

void circle_close(struct circle *circle)
{
    room_close(&circle->room);
}
