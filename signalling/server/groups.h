/* groups.h - the rooms in memory, one a group, and the rule by which what they say leaves the server.
 *
 * A room is loaded from its snapshot, or made, when somebody first comes to the door. Whatever changes a room
 * is committed before it is told: messages that a change has produced are held until the snapshot is on the
 * disk, and only then the states are made and sent. So no client ever knows what a restart would forget;
 * above all no roster, whose epoch must not be given twice. What changes nothing (offers, candidates,
 * reports, pongs, errors) leaves at once, but for what its receiver could not judge before the next states.
 * If the disk fails, the evening goes on: it is told all the same, the log and /healthz say so, and the
 * commit is tried again. The loop's thread.
 */
#ifndef BALINT_GROUPS_H
#define BALINT_GROUPS_H

#include "server/peer.h"

/* The group of that name, its room ready. BALINT_NOT_STORED: no such group, or it is not founded. The pointer
 * is good until control returns to the loop, or as long as a peer has entered. */
enum balint_stored balint_group_open(struct balint_server *server, const char *name,
                                     struct balint_group **group);
const uint8_t *balint_group_root(const struct balint_group *group);
struct balint_room *balint_group_room(struct balint_group *group);
unsigned balint_group_number(const struct balint_group *group); /* for the log */

/* A peer belongs to a group from its knock on; leaving it tells the room. Both may be called at any time. */
void balint_group_enter(struct balint_group *group, struct balint_peer *peer);
void balint_group_leave(struct balint_peer *peer);

/* What a peer of a group does. False: it was refused, an `error` is on its way. */
bool balint_group_hello(struct balint_peer *peer, const struct balint_hello *hello, int64_t re);
bool balint_group_resume(struct balint_peer *peer, const struct balint_resume *resume, int64_t re);
bool balint_group_message(struct balint_peer *peer, const struct balint_message *message);

/* A member's invitations below `serial` have ended. */
void balint_groups_revoke(struct balint_server *server, const char *name, const char *member,
                          uint64_t serial);
/* A group has a ROOT: whoever is there by an older one has no part in it any more. */
void balint_groups_renewed(struct balint_server *server, const char *name);
/* Time passed. Groups removed from the database end, sessions that are over are forgotten. */
void balint_groups_tick(struct balint_server *server);
/* The end of a turn of the loop: commits what changed, publishes what is committed. */
void balint_groups_settle(struct balint_server *server);
/* Submits the last snapshots. */
void balint_groups_save(struct balint_server *server);
void balint_groups_finish(struct balint_server *server);
/* Fills the metrics that are counted in rooms. */
void balint_groups_measure(struct balint_server *server);

#endif
