/* store.h - what outlives the server: groups, invitations, revocations, snapshots, and the frame
 * (frame/frame.h), in one SQLite file.
 *
 * DATA/balint.db, WAL, synchronous NORMAL: a commit survives kill -9 of the server; a power cut may lose the
 * last ones, never the file's consistency. One connection a thread: this one reads (loop, or a subcommand,
 * which writes too); the server's commits go through the writer's thread (writer.h). The schema's version is
 * PRAGMA user_version; older ones are brought up at opening, newer ones refused.
 */
#ifndef BALINT_STORE_H
#define BALINT_STORE_H

#include "protocol/messages.h"
#include "server/config.h"

struct sqlite3;
struct balint_store; /* opaque */

/* Opens DATA/balint.db, makes it and its schema when needed; an empty one beside a door.key was in use and is
 * refused. NULL with one line in `why`. */
struct balint_store *balint_store_open(const char *data, char why[BALINT_WHY_SIZE]);
void balint_store_close(struct balint_store *store); /* NULL is legal */
/* Is the file whole? Reads all of it: for a server's start, so that it does not find out in mid-evening.
 * False with `why`. */
bool balint_store_sound(struct balint_store *store, char why[BALINT_WHY_SIZE]);
/* Has one been made there? True also when that cannot be seen (opening it then says why). Makes nothing. */
bool balint_store_is_there(const char *data);

enum balint_stored {
    BALINT_STORED,
    BALINT_NOT_STORED,
    BALINT_STORE_FAILED, /* the file cannot be read or written now */
};

struct balint_store_group {
    bool founded; /* ROOT is registered */
    uint8_t root[BALINT_KEY_SIZE];
};
enum balint_stored balint_store_group(struct balint_store *store, const char *name,
                                      struct balint_store_group *group);

/* The certificate an invitation was made for. `revoked`: its serial is below the member's lowest valid one.
 */
enum balint_stored balint_store_invitation(struct balint_store *store, const char *group, const char *member,
                                           uint64_t serial, struct balint_certificate_bytes *certificate,
                                           bool *revoked);

/* Below which serial a member's certificates are revoked; BALINT_NOT_STORED: none is. */
enum balint_stored balint_store_revoked(struct balint_store *store, const char *group, const char *member,
                                        uint64_t *below);
/* The room's snapshot, to be freed with free(); NULL unless BALINT_STORED. */
enum balint_stored balint_store_snapshot(struct balint_store *store, const char *group, char **text);

/* False, for returning: what the last call failed of, and what to do, in `why`. */
bool balint_store_cannot(struct balint_store *store, char why[BALINT_WHY_SIZE]);

/* A number that changes when another connection or process commits; -1 when it cannot be read. */
int64_t balint_store_changes(struct balint_store *store);

/* For the subcommands. A group not yet founded gets a new code; a founded one is refused. False with `why`.
 */
bool balint_store_add(struct balint_store *store, const char *group,
                      const uint8_t code_hash[BALINT_HASH_SIZE], int64_t now_s, char why[BALINT_WHY_SIZE]);
/* A code by which a founded group may be given a new ROOT. False with `why`. */
bool balint_store_renew(struct balint_store *store, const char *group,
                        const uint8_t code_hash[BALINT_HASH_SIZE], char why[BALINT_WHY_SIZE]);
/* With everything that belongs to it. */
bool balint_store_remove(struct balint_store *store, const char *group, char why[BALINT_WHY_SIZE]);
/* Calls `each` for every group by name. */
typedef void (*balint_store_each)(const char *group, bool founded, int invitations, void *context);
bool balint_store_list(struct balint_store *store, balint_store_each each, void *context,
                       char why[BALINT_WHY_SIZE]);

/* Opens the file for the writer's thread, schema present. NULL with `why`. */
struct sqlite3 *balint_store_connect(const char *data, char why[BALINT_WHY_SIZE]);

#endif
