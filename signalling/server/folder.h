/* folder.h - the data folder: made, held by one server, with the door's key and the address in it.
 *
 * DATA/lock is held (flock) as long as a server runs, so that two never serve one database. DATA/door.key is
 * the key of the tokens: who reads it can make links that the door takes, so a file that others may read is
 * refused and not mended. DATA/address holds the URL at which the server listens, for programs on the same
 * machine.
 */
#ifndef BALINT_FOLDER_H
#define BALINT_FOLDER_H

#include "identity/identity.h"
#include "server/config.h"

/* Makes the folder (mode 0700) when it is not there. False with `why`. */
bool balint_folder_make(const char *data, char why[BALINT_WHY_SIZE]);

/* Holds the folder until the file is closed or the process ends. A descriptor, or -1 with `why`. */
int balint_folder_hold(const char *data, char why[BALINT_WHY_SIZE]);

/* Reads the door's key, makes it (mode 0600) at the first start. False with `why`: wrong mode, owner or size.
 */
bool balint_folder_key(const char *data, uint8_t key[BALINT_KEY_SIZE], char why[BALINT_WHY_SIZE]);

/* Writes DATA/address (mode 0644), whole or not at all; NULL removes it. False with `why`. */
bool balint_folder_address(const char *data, const char *url, char why[BALINT_WHY_SIZE]);

#endif
