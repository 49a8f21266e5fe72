/* parts.h - inside room/: what a room is made of, and what its files ask of each other.
 *
 * Beside each seat of the session stands a station: the one client process that sits there now, its records,
 * its resume secrets, its socket, and what was sent to it. A person who comes with another device than the
 * roster names has a second seat in the lobby meanwhile.
 *
 * Pure; the room's one owner.
 */
#ifndef BALINT_ROOM_PARTS_H
#define BALINT_ROOM_PARTS_H

#include "room/room.h"

#define BALINT_ANSWERS 16 /* requests of one client between two publications that wait for their answer */

struct balint_station {
    balint_conn conn;      /* 0: no socket */
    uint64_t serial;       /* of the certificate */
    enum balint_role role; /* of the certificate; the seat's is that of the roster, for the evening */
    struct balint_certificate_bytes certificate;
    struct balint_device_bytes device;
    struct balint_join_bytes join;
    uint8_t device_key[BALINT_KEY_SIZE];
    bool has_secret, has_previous;
    uint8_t secret[BALINT_HASH_SIZE];   /* hash of the resume secret that was given out last */
    uint8_t previous[BALINT_HASH_SIZE]; /* of the one before; valid until the last one was used */
    bool has_gone;
    uint8_t gone[BALINT_HASH_SIZE]; /* of the process whose seat a newer one took over: to tell it so again */
    bool left;                      /* said `leave`, and has not come back */
    uint64_t version; /* of certificate, device, join and epoch: rises when they change; 0: free seat */

    /* What this client has been sent. */
    uint32_t number; /* of its last state */
    bool was_sent;   /* `sent` is the hash of that state's content */
    uint8_t sent[BALINT_HASH_SIZE];
    uint32_t roster_sent;               /* epoch */
    uint32_t crib_sent;                 /* version of the leaders' cards; 0: none */
    uint64_t person_sent[BALINT_SEATS]; /* version of each seat's records */
    int answer_count;                   /* requests done that no message has answered yet */
    int64_t answers[BALINT_ANSWERS];
};

/* Candidates of one side of a pair's link. */
struct balint_tally {
    int64_t generation;
    int count;
};

struct balint_outbox {
    struct balint_outgoing *items; /* ring */
    size_t size, first, count;
};

struct balint_room {
    char boot[17];
    uint8_t root[BALINT_KEY_SIZE];
    balint_random_fn random;
    int64_t created_us; /* server clock at session clock 0 */
    int64_t seen_us;    /* the latest `now_us`: the session clock never goes back, even over a restart */
    struct balint_session session;
    struct balint_roster_bytes roster_bytes;                 /* the newest; length 0: none yet */
    struct balint_roster roster;                             /* the same, read; epoch 0: none yet */
    struct balint_station stations[BALINT_SEATS];            /* by seat */
    struct balint_tally tallies[BALINT_SEATS][BALINT_SEATS]; /* [from][to] */
    int64_t looks_us[BALINT_SEATS][BALINT_SEATS]; /* [leader][guest]: the look lasts until then; 0: none */
    struct balint_evening evening;
    uint32_t crib;     /* version of the leaders' cards, from 1 */
    uint64_t versions; /* last station version given out */
    bool locked;       /* nobody new comes into the lobby */
    bool ended;        /* everybody was told that the evening is over */
    bool unsaved;      /* what was to be saved could not be written */
    bool dirty;        /* differs from what was saved */
    bool changed;      /* somebody may have something to be sent */
    struct balint_outbox outbox;
    struct balint_outbox behind; /* leaves after what is published next */
};

/* ---- room.c */
/* The session clock in microseconds; keeps `seen_us`. */
int64_t balint_room_clock(struct balint_room *room, int64_t now_us);
/* Something that is saved or shown changed. */
void balint_room_touch(struct balint_room *room);
/* The seat of a connection, or BALINT_NOBODY. */
int balint_room_seat(const struct balint_room *room, balint_conn conn);
bool balint_room_inside(const struct balint_room *room, int seat); /* admitted */
/* May this person act as a leader who opens the evening: in the lobby, and no leader is here? */
bool balint_room_opens(const struct balint_room *room, int seat);

/* ---- seats.c */
/* Takes a person off a seat: tells the socket why, frees the seat. */
void balint_room_remove(struct balint_room *room, int seat, const char *code, const char *text,
                        int64_t clock_us);
/* Another device of the same person, which waits on a seat of its own, takes over the seat of the one that is
 * in. The older device is told so; the newer one's program resumes, and finds itself on that seat. */
void balint_room_take_over(struct balint_room *room, int waiting, int seat, int64_t clock_us);
/* A seated person sends another join. */
bool balint_room_join(struct balint_room *room, int seat, const struct balint_message *message);

/* ---- admission.c */
bool balint_room_admit(struct balint_room *room, int seat, const struct balint_message *message,
                       int64_t now_us);
/* The entry by which the newest roster lets a person in with this certificate and device; NULL. */
const struct balint_roster_entry *balint_room_in_roster(const struct balint_room *room,
                                                        const struct balint_certificate *certificate,
                                                        const uint8_t device[BALINT_KEY_SIZE],
                                                        int64_t now_us);

/* ---- forward.c */
bool balint_room_forward(struct balint_room *room, int seat, const struct balint_message *message);
/* A leader looks at who is at the door: from now on the two may make a link, for BALINT_LOOK_S. */
bool balint_room_pass(struct balint_room *room, int seat, const struct balint_message *message,
                      int64_t now_us);
/* A new client process sits on a seat: its links count from the beginning. */
void balint_room_forget_links(struct balint_room *room, int seat);

/* ---- outbox.c */
/* The records of who sits on `seat`. */
void balint_room_send_person(struct balint_room *room, balint_conn to, int seat);
/* Encodes and queues a message; `close`: the connection ends after it. */
void balint_room_send(struct balint_room *room, balint_conn conn, const struct balint_message *message,
                      bool close);
/* Queues a message that must not come before what this connection is told of its sender next. */
void balint_room_send_behind(struct balint_room *room, balint_conn conn,
                             const struct balint_message *message);
/* Queues an error. Returns false, so that a handler can end with it. */
bool balint_room_refuse(struct balint_room *room, balint_conn conn, int64_t re, const char *code,
                        const char *field, const char *text);
/* `bye` or `displaced`, and the connection ends. */
void balint_room_end(struct balint_room *room, balint_conn conn, enum balint_type type, int64_t re,
                     const char *code, const char *text);
/* A request of a seat is done: the next state carries its id, or a `done` does. */
void balint_room_answer(struct balint_room *room, int seat, int64_t re);
void balint_outbox_finish(struct balint_outbox *outbox);

#endif
