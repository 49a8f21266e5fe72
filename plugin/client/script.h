/* script.h - commands from a file at their times, or from the standard input at once.
 *
 * A file is read whole before anything is joined, so that a wrong line in its middle is said at the start.
 * Main thread.
 */
#ifndef BALINT_CLIENT_SCRIPT_H
#define BALINT_CLIENT_SCRIPT_H

#include "client/commands.h"

struct balint_script; /* opaque */

/* `do_it` gets each command when it is due; `wrong` a line of the standard input that is none. */
typedef void (*balint_do_fn)(const struct balint_command *command, void *user_data);
typedef void (*balint_wrong_fn)(const char *why, void *user_data);

/* `path` "-": the standard input. NULL with one sentence in `why`, naming the line. */
struct balint_script *balint_script_open(const char *path, balint_do_fn do_it, balint_wrong_fn wrong,
                                         void *user_data, char why[BALINT_WHY_SIZE]);
void balint_script_free(struct balint_script *script); /* NULL is legal */
/* The person was admitted: the lines' seconds count from now. Lines of the standard input that came before
 * are done now. */
void balint_script_start(struct balint_script *script);

#endif
