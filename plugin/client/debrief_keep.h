/* debrief_keep.h - the debrief on the leader's own disk: NAME.json and NAME.pdf, because the leader said so.
 *
 * Readable by its owner alone, and never over a file that is there. Both are written or none. Main thread.
 */
#ifndef BALINT_CLIENT_DEBRIEF_KEEP_H
#define BALINT_CLIENT_DEBRIEF_KEEP_H

#include "client/debrief.h"
#include "client/why.h"

/* `file` with or without .json or .pdf; "~/" is the home folder. True: `why` says what was written where;
 * false: why not. */
bool balint_debrief_keep(const struct balint_debrief *debrief, const char *file, char why[BALINT_WHY]);

#endif
