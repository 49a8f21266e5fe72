/* command.h - the subcommands of balint-server: `group add`, `group list`, `group remove`.
 *
 * They work on the data folder, beside a running server too. One caller, no thread.
 */
#ifndef BALINT_COMMAND_H
#define BALINT_COMMAND_H

#include "server/config.h"

/* config->words[0] is "group". Returns the exit status; says itself what was wrong. */
int balint_command_group(const struct balint_config *config);

#endif
