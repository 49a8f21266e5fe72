/* founder.h - requests of who holds ROOT: found a group, mint tokens, revoke a member.
 *
 * Each is signed by ROOT over a nonce that this server gave out for that one request (identity.h), so that it
 * can be neither made by the server's operator nor used again. Each is answered after its commit. The loop's
 * thread.
 */
#ifndef BALINT_FOUNDER_H
#define BALINT_FOUNDER_H

#include "server/peer.h"

void balint_founder_nonce(struct balint_peer *peer, const struct balint_message *message);
void balint_founder_found(struct balint_peer *peer, const struct balint_message *message);
void balint_founder_mint(struct balint_peer *peer, const struct balint_message *message);
void balint_founder_revoke(struct balint_peer *peer, const struct balint_message *message);

#endif
