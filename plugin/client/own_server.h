/* own_server.h - where a group's server is, and a balint-server on this very machine.
 *
 * One thread; runs balint-server as a child and waits for it.
 */
#ifndef BALINT_CLIENT_OWN_SERVER_H
#define BALINT_CLIENT_OWN_SERVER_H

#include "client/founder_client.h"

/* A URL (https://host[:port], http:// for loopback) or HOST:PORT (http on loopback, https elsewhere). Fills
 * `server` and `tls`. False with `why`; `source` says where the text came from ("--server"). */
bool balint_address_read(struct balint_server_address *address, const char *text, const char *source,
                         char why[BALINT_WHY]);
/* As a URL, at most 8 bytes longer than `server`. */
void balint_address_write(const struct balint_server_address *address, char *text, size_t size);

/* The data folder of a server on this machine: `said`, or where balint-server puts it by itself. False when
 * that does not exist (with `why` when it was said). */
bool balint_own_data(const char *said, char data[PATH_MAX], char why[BALINT_WHY]);
/* The address that a running server left in its data folder. False with `why`. */
bool balint_own_address(const char *data, struct balint_server_address *address, char why[BALINT_WHY]);
/* Runs `balint-server group add`, the one beside this program or else in PATH; fills the one-use code. False
 * with its line in `why`. */
bool balint_own_group_add(const char *data, const char *group, char code[BALINT_ID_SIZE],
                          char why[BALINT_WHY]);

#endif
