/* room.h - one group's room on the server: the session, who is connected to which seat, and what has to be
 * sent.
 *
 * Pure: the server feeds it decoded messages, connections and `now_us` (the server's clock: Unix time in
 * microseconds, monotonic within a boot), and takes what it has to send out of its outbox. It knows no
 * socket, file or JSON library. Tokens and certificates were verified by the caller (server/door.c); rosters
 * are judged here. One loop owns it.
 *
 * The session clock is `now_us` minus `created_us`: it goes on over a restart.
 */
#ifndef BALINT_ROOM_H
#define BALINT_ROOM_H

#include "identity/identity.h"
#include "protocol/messages.h"

/* A connection, numbered by the server, never reused within a boot. 0 = none. */
typedef uint64_t balint_conn;

struct balint_room; /* opaque */

/* Random bytes for resume secrets; false when the system has none. Injected so that tests are repeatable. */
typedef bool (*balint_random_fn)(uint8_t *bytes, size_t length);

/* `boot`: 16 hex digits of this server process. NULL without memory. */
struct balint_room *balint_room_new(const char *group, const uint8_t root[BALINT_KEY_SIZE],
                                    const struct balint_format *format, const char *boot,
                                    balint_random_fn random, int64_t now_us);
void balint_room_free(struct balint_room *room); /* NULL is legal */

/* What the group keeps between its evenings: at the session's begin, after a restart (the help line and the
 * cards are not saved with the room), and whenever it changes. An `ends_us` of 0 leaves the end as leaders
 * set it. A new room has the shipped one. */
void balint_room_evening(struct balint_room *room, const struct balint_evening *evening);

/* Snapshot of everything that outlives the process: session, newest roster, resume secrets (hashed), records
 * of the seats. Returned text is the caller's, freed with free(); NULL without memory. */
char *balint_room_save(struct balint_room *room);
/* A room as it was. NULL with `why` set (a static sentence) when the text is not a whole snapshot. */
struct balint_room *balint_room_load(const char *text, const char *boot, balint_random_fn random,
                                     int64_t now_us, const char **why);
/* Does the room differ from what was last saved? Cleared by balint_room_save. */
bool balint_room_dirty(const struct balint_room *room);
/* Could what was saved last not be written down? Told to leaders, until it can. It is no part of the room. */
void balint_room_unsaved(struct balint_room *room, bool unsaved);

/* A verified person says hello on a connection: takes or finds the seat, displaces an older connection of the
 * same person, answers `welcome`, `person`s, `roster`, `state`. Answers an `error` and returns false when the
 * group is full, the door is locked, or the join does not fit. `re` is the hello's id. */
bool balint_room_hello(struct balint_room *room, balint_conn conn,
                       const struct balint_certificate *certificate, const struct balint_hello *hello,
                       int64_t re, int64_t now_us);
/* What is said of a secret that is none of a room's. */
#define BALINT_UNKNOWN_SECRET "This seat cannot be resumed any more: please open your link again."
/* Resume by secret. False (with an `error` in the outbox) when the secret is none of this room's. */
bool balint_room_resume(struct balint_room *room, balint_conn conn, const struct balint_resume *resume,
                        int64_t re, int64_t now_us);
/* Any later message of a seated connection: does it, forwards it, or answers an `error`. Returns false when
 * the message was the sender's own mistake (counts as abuse). */
bool balint_room_message(struct balint_room *room, balint_conn conn, const struct balint_message *message,
                         int64_t now_us);
/* The socket is gone. Unknown connections are legal. */
void balint_room_closed(struct balint_room *room, balint_conn conn, int64_t now_us);
/* Removes a revoked member: `bye`, seat freed. */
void balint_room_revoke(struct balint_room *room, const char *member, uint64_t serial, int64_t now_us);
/* Time passed; call at least once a second. */
void balint_room_tick(struct balint_room *room, int64_t now_us);
/* The server is leaving: `bye` to everybody. */
void balint_room_bye(struct balint_room *room, const char *code, const char *text);
/* Is nobody connected, and the session over (all left, or 12 h old)? Then the server may drop it. */
bool balint_room_over(const struct balint_room *room, int64_t now_us);

const struct balint_session *balint_room_session(const struct balint_room *room); /* for tests and metrics */
/* The role that the certificate of who sits there has, whatever it is for the evening (a deputy's is member).
 */
enum balint_role balint_room_invited_as(const struct balint_room *room, int seat);
const uint8_t *balint_room_root(const struct balint_room *room); /* BALINT_KEY_SIZE bytes */
int64_t balint_room_clock_ms(const struct balint_room *room, int64_t now_us);

/* Calls that changed the session mark every recipient whose view changed; this makes the `person`, `roster`
 * and `state` messages (only for whom something visible changed), answers requests that changed nothing
 * visible with `done`, and puts them into the outbox behind what is there already. The server commits the
 * snapshot first, then calls it, so that no client knows what a restart would forget. */
void balint_room_publish(struct balint_room *room, int64_t now_us);

/* The outbox: what to send, in order. `text` is the caller's (free()); close: drop the connection once it was
 * sent. `text` NULL: it could not be made, the connection only ends (its client comes back and is told all).
 * Returns false when there is nothing more. */
struct balint_outgoing {
    balint_conn conn;
    char *text;
    size_t length;
    bool close;
};
bool balint_room_outgoing(struct balint_room *room, struct balint_outgoing *out);

#endif
