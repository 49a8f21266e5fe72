/* secret_file.h - files that hold a secret: a group's key, a link, a passphrase.
 *
 * What others may read is secret no more, so such a file is refused rather than used: whoever made it hears
 * of it before it is relied upon. The mode is that of the file that was opened, not of a name. Any thread.
 */
#ifndef BALINT_CLIENT_SECRET_FILE_H
#define BALINT_CLIENT_SECRET_FILE_H

#include "client/why.h"

/* Opens a file for reading that is our own and nobody else's to read: a plain one, or a pipe (a shell's
 * <(…)). -1 with `why`; errno is ENOENT when there is none. */
int balint_secret_open(const char *path, char why[BALINT_WHY]);
/* The same in a folder of our own, where only a plain file under its own name is what we put there. */
int balint_secret_open_own(const char *path, char why[BALINT_WHY]);

/* The first line, read byte by byte so that what follows stays in the file; without its end (LF or CR LF).
 * False when it does not fit in `size` with its NUL, or cannot be read; then nothing of it is left in `line`.
 */
bool balint_secret_line(int fd, char *line, size_t size);

/* Writes a new file `fresh`, 0600, and when it is safe on the disk gives it the name `path`: whole or not at
 * all. With `replace`, over what has that name. False with errno; then `fresh` is gone. */
bool balint_secret_write(const char *path, const char *fresh, const char *text, size_t length, bool replace);

#endif
