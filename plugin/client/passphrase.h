/* passphrase.h - asks for a passphrase, unseen, or reads it from a file.
 *
 * Whatever ends the asking (Ctrl-C, Ctrl-Z, a closed terminal), the terminal shows again what is typed. Main
 * thread, and no other that takes signals.
 */
#ifndef BALINT_CLIENT_PASSPHRASE_H
#define BALINT_CLIENT_PASSPHRASE_H

#include "client/why.h"

#define BALINT_PASSPHRASE 256 /* bytes, with its NUL */

/* `file`: whose first line it is, and which others must not be able to read; "-" for the standard input; NULL
 * for the terminal. There `of` says what it is for ("Passphrase of the file"), and with `fresh` it is asked
 * twice: nobody can see a slip. At least 8 bytes. False with `why`; then `text` is wiped. */
bool balint_passphrase_read(const char *file, const char *of, bool fresh, char text[BALINT_PASSPHRASE],
                            char why[BALINT_WHY]);

#endif
