/* people.h - people for tests: founds a group, mints invitations, joins, admits, acts, over real sockets.
 *
 * What a client's program does, small and blocking, with the project's own protocol/ and identity/ and
 * nothing of the client. Every wait has a deadline (BALINT_TEST_MS). One thread.
 */
#ifndef BALINT_FAKE_PEOPLE_H
#define BALINT_FAKE_PEOPLE_H

#include "fakes/serverproc.h"
#include "identity/identity.h"
#include "protocol/messages.h"

#define BALINT_TEST_MS 30000 /* sanitizers on a busy machine */

/* ---- founders */
struct balint_test_group {
    char name[BALINT_NAME_SIZE];
    struct balint_key root;
    uint64_t serial; /* last one given out */
};
/* `balint-server group add` and `found`. */
bool balint_test_found(const struct balint_serverproc *server, struct balint_test_group *group,
                       const char *name);

/* The code of `balint-server group add` or `group renew`; and `found` with the group's ROOT and a code. */
bool balint_test_code(const struct balint_serverproc *server, const char *verb, const char *group,
                      char code[BALINT_ID_SIZE]);
bool balint_test_register(const struct balint_serverproc *server, const struct balint_test_group *group,
                          const char *code);

struct balint_test_invitation {
    const char *name; /* fill these: */
    enum balint_role role;
    int64_t from_s, until_s;               /* 0: a minute ago, in an hour */
    char member[BALINT_ID_SIZE];           /* "": made from the serial */
    struct balint_certificate certificate; /* made: */
    struct balint_certificate_bytes bytes;
    struct balint_token_bytes token;
    uint8_t seed[BALINT_SEED_SIZE];
    struct balint_key key;
};
/* At most BALINT_MINT_MAX at once. */
bool balint_test_mint(const struct balint_serverproc *server, struct balint_test_group *group,
                      struct balint_test_invitation *invitations, int count);
bool balint_test_revoke(const struct balint_serverproc *server, const struct balint_test_group *group,
                        const char *member, uint64_t below);
/* The invitation as a link. */
bool balint_test_link(const struct balint_serverproc *server, const struct balint_test_group *group,
                      const struct balint_test_invitation *invitation, char text[BALINT_LINK_SIZE]);

/* Sends a message and waits for the one whose `re` is its id; others are thrown away. */
bool balint_test_ask(struct balint_ws *ws, const struct balint_message *request,
                     struct balint_message *answer);
bool balint_test_send(struct balint_ws *ws, const struct balint_message *message);
/* The next message of the server; false: none in time, or the end. */
bool balint_test_next(struct balint_ws *ws, struct balint_message *message, int timeout_ms);

/* ---- people */
struct balint_test_person {
    const struct balint_serverproc *server;
    const struct balint_test_group *group;
    const struct balint_test_invitation *invitation;
    struct balint_ws *ws;
    struct balint_key device;
    uint8_t exchange[BALINT_KEY_SIZE];
    uint8_t session[BALINT_SESSION_SIZE];
    int64_t last_id;
    struct balint_door door;
    int seat;
    int64_t epoch;
    struct balint_resume_bytes secret;
    char boot[17];
    bool has_state;
    struct balint_state state;         /* the newest */
    struct balint_roster_bytes roster; /* the newest; length 0: none */
    struct balint_crib crib;           /* the newest cards */
    bool known[BALINT_SEATS];          /* persons[i] is filled */
    struct balint_person persons[BALINT_SEATS];
    bool displaced;
    struct balint_error error; /* the last one; code "" when there was none */
    struct balint_bye bye;     /* the same */
    int count[BALINT_MSGS];    /* messages of each type received */
};
/* A new client process on a device of its own; not connected. */
void balint_person_init(struct balint_test_person *person, const struct balint_serverproc *server,
                        const struct balint_test_group *group,
                        const struct balint_test_invitation *invitation);
void balint_person_finish(struct balint_test_person *person); /* closes */

bool balint_person_open(struct balint_test_person *person);
bool balint_person_knock(struct balint_test_person *person); /* false: refused, see `error` */
bool balint_person_hello(struct balint_test_person *person);
bool balint_person_send_hello(
    struct balint_test_person *person); /* the same without waiting for the answer */
/* The three above, and the first state. A leader chooses the session's id when there is none. */
bool balint_person_join(struct balint_test_person *person);
/* A new socket that resumes, and the first state; the old one should be gone. */
bool balint_person_resume(struct balint_test_person *person);
void balint_person_drop(struct balint_test_person *person); /* breaks off */

/* Takes in one message of the server. False: none in time, or the end. */
bool balint_person_listen(struct balint_test_person *person, struct balint_message *message, int timeout_ms);
/* Takes in messages until `is` says so (also at once). */
typedef bool (*balint_person_is)(const struct balint_test_person *person, int64_t argument);
bool balint_person_until(struct balint_test_person *person, balint_person_is is, int64_t argument);
/* Until the server has closed the socket. */
bool balint_person_ended(struct balint_test_person *person);

/* Asks and waits for the state or `done` that answers. False: refused, see `error`. */
bool balint_person_ask(struct balint_test_person *person, struct balint_message *request);
bool balint_person_act(struct balint_test_person *person, enum balint_type type, int seat, int value);
/* A leader admits everybody at the door, and itself when nobody leads yet. */
bool balint_person_admit_all(struct balint_test_person *leader);
/* The roster that would follow the newest, naming those of it, the leader, and everybody in the lobby. */
bool balint_person_make_roster(const struct balint_test_person *leader, struct balint_roster *roster);
bool balint_person_send_roster(struct balint_test_person *leader, const struct balint_roster *roster);

/* Conditions for balint_person_until. */
bool balint_person_is_admitted(const struct balint_test_person *person, int64_t unused);
bool balint_person_in_phase(const struct balint_test_person *person, int64_t phase);
bool balint_person_sees_seats(const struct balint_test_person *person, int64_t count);
bool balint_person_sees_lobby(const struct balint_test_person *person, int64_t at_least);
bool balint_person_sees_gone(const struct balint_test_person *person, int64_t seat); /* not connected */
bool balint_person_is_displaced(const struct balint_test_person *person, int64_t unused);
bool balint_person_was_told_bye(const struct balint_test_person *person, int64_t unused);

/* The index of a phase by its id in the newest state, or -1. */
int balint_person_phase(const struct balint_test_person *person, const char *id);

#endif
