/* format.h - a format as a JSON file: read with every mistake explained, and written as it is shipped.
 *
 * What a file may say is signalling/session/FORMATS.md; the keys and their limits are those of the wire's
 * table (state_table.c), only that loops are ids here. A person wrote the file, so nothing stops at the first
 * mistake: each is told with its path and what to do. Pure; any thread.
 */
#ifndef BALINT_FORMAT_H
#define BALINT_FORMAT_H

#include "session/session.h"

#define BALINT_FORMAT_SIZE 32768 /* bytes of a file */
#define BALINT_FORMAT_PATH 128   /* bytes of a path ("phases[3].loops[1]"), with the final NUL */
#define BALINT_FORMAT_SAID 320   /* bytes of what is said of a mistake, with the final NUL */

/* Told once a mistake. `path` is empty for the file as a whole; both are plain text without control
 * characters. */
typedef void (*balint_format_told)(const char *path, const char *said, void *context);

/* Reads `length` bytes. Returns how many mistakes there are, each of which was told; 0: `format` is filled.
 */
int balint_format_read(const char *text, size_t length, struct balint_format *format, balint_format_told told,
                       void *context);

/* The file of a format, indented, with a final newline; what stands for itself is left out. To be freed with
 * free(); NULL without memory. */
char *balint_format_write(const struct balint_format *format);

#endif
