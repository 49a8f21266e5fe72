/* listen.h - the listening socket and the way in: address, port, and what is accepted.
 *
 * Ours and not libwebsockets', so that a port in use is one clear line, port 0 is known, an address has a
 * limit, and a socket is refused before anything is allocated for it. The loop's thread.
 */
#ifndef BALINT_LISTEN_H
#define BALINT_LISTEN_H

#include "server/server.h"

/* Opens server->listener on config.listen and fills server->address with HOST:PORT. Anything but loopback
 * needs TLS. False with `why`. */
bool balint_listen_open(struct balint_server *server, char why[BALINT_WHY_SIZE]);
/* Accepts from now on. */
void balint_listen_start(struct balint_server *server);
/* Stops, closes the socket. */
void balint_listen_stop(struct balint_server *server);
/* Can config.url stand in an invitation? False with `why`. */
bool balint_listen_url_ok(const struct balint_config *config, char why[BALINT_WHY_SIZE]);
/* As people reach it: config.url, or from the address; https with TLS. */
void balint_listen_url(const struct balint_server *server, char *url, size_t size);

#endif
