/* room_support.h - a room without a server, and programs of people that talk to it as over a socket: what
 * they get is decoded from the text that would have travelled.
 */
#ifndef BALINT_TEST_ROOM_SUPPORT_H
#define BALINT_TEST_ROOM_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "room/room.h"

#include <cmocka.h>

#define SECOND    INT64_C(1000000)
#define START_US  (INT64_C(1790000000) * SECOND) /* a Unix time of the server */
#define PROGRAMS  48
#define ROOM_BOOT "0123456789abcdef"

struct got {
    struct balint_message message;
    char *text;
    struct got *next;
};

/* One client process. */
struct program {
    struct room *in;
    balint_conn conn; /* 0: no socket */
    char name[BALINT_NAME_SIZE];
    struct balint_certificate certificate;
    struct balint_hello hello;
    struct balint_key device_key;
    struct balint_device device;
    struct balint_join_record join;
    struct got *inbox, *last; /* oldest first */
    bool closed;              /* the room ended the connection */
    char bye[33];             /* and why */
    /* The newest of what came. */
    struct balint_welcome welcome;
    struct balint_state state;
    bool has_state;
    struct balint_roster_message roster;
    struct balint_person people[BALINT_SEATS];
};

struct room {
    struct balint_room *room;
    struct balint_key root;
    int64_t now_us;
    balint_conn conns;
    int count;
    struct program *programs[PROGRAMS];
};

/* A room that nobody has come to. */
void room_open(struct room *room);
void room_close(struct room *room);

/* A person's program: certificate signed by ROOT, a device of its own. `device`: 0..255, the same number is
 * the same device. */
struct program *program_new(struct room *room, const char *name, enum balint_role role, uint8_t device);
/* The same person on another device, or the same device once more. */
struct program *program_again(struct room *room, const struct program *of, uint8_t device);

/* Says hello on a new socket; true when welcomed. `session`: the join's, NULL: the room's. */
bool say_hello(struct program *program, const uint8_t *session);
bool say_resume(struct program *program, const struct balint_resume_bytes *secret);
/* The socket is gone. */
void lose(struct program *program);
/* Sends one message, publishes, and takes everything out of the outbox. False: the sender's own mistake. */
bool say(struct program *program, const struct balint_message *message);
bool act(struct program *program, enum balint_type type, int seat, int value, int64_t id);
/* Publishes and delivers what there is. */
void deliver(struct room *room);
/* A person volunteers, and the leader says yes. */
void begin_a_case(struct program *leader, struct program *presenter);
void pass_seconds(struct room *room, int seconds);

/* The roster that names the given programs, the successor of the newest; signed, so to say, by the first. */
void make_roster(struct room *room, struct balint_roster *roster, struct program *const *programs, int count);
bool send_roster(struct program *program, const struct balint_roster *roster, int64_t id);
/* `leader` admits the programs beside everybody who is in already. */
bool admit(struct program *leader, struct program *const *programs, int count);
bool admit_one(struct program *leader, struct program *program);

/* What came since the last forget(): the newest of a type, how many, or NULL. */
const struct got *find_got(const struct program *program, enum balint_type type);
int count_got(const struct program *program, enum balint_type type);
const struct balint_error *last_error(const struct program *program);
void forget(struct program *program);
void forget_all(struct room *room);

/* A leader, a co-leader, three members and an observer, admitted, and somebody at the door. */
struct circle {
    struct room room;
    struct program *leader, *co_leader, *anna, *bert, *carl, *watcher, *door;
};
void circle_open(struct circle *circle);
void circle_close(struct circle *circle);
#define SESSION_BYTE 0x5e /* every byte of the circle's session id */

#define ERROR_IS(program, wanted)                                                                            \
    do {                                                                                                     \
        assert_non_null(last_error(program));                                                                \
        assert_string_equal(last_error(program)->code, wanted);                                              \
    } while (0)

#endif
