/* format.h - inside command/: a file that is to be a format. */
#ifndef BALINT_COMMAND_FORMAT_H
#define BALINT_COMMAND_FORMAT_H

#include "protocol/format.h"
#include "server/command.h"

/* Reads the file at `path`. Of a file that is no format every mistake is printed, as text or as JSON, and
 * `why` says how many there are. False with `why`. */
bool balint_call_format(struct balint_call *call, const char *path, struct balint_format *format);

#endif
