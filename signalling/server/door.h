/* door.h - who may come in: knock, hello, resume.
 *
 * A token is the server's own word about a certificate (identity.h): it opens the door for this group, this
 * certificate and these times, unless it was revoked. What is behind the door (a lobby, a seat, a role) is
 * the room's business. Whoever is refused is told in one sentence what to do. The loop's thread.
 */
#ifndef BALINT_DOOR_H
#define BALINT_DOOR_H

#include "server/peer.h"

void balint_door_knock(struct balint_peer *peer, const struct balint_message *message);
void balint_door_hello(struct balint_peer *peer, const struct balint_message *message);
void balint_door_resume(struct balint_peer *peer, const struct balint_message *message);

#endif
