/* snapshot.h - PNG files of one's own window: what stood on the screen, for tests and for the README.
 *
 * The last picture is kept by reference as it passes, so that the moment a phase ends its screen can still be
 * written; converting and writing happen on a thread of their own. Main thread.
 */
#ifndef BALINT_CLIENT_SNAPSHOT_H
#define BALINT_CLIENT_SNAPSHOT_H

#include <gst/gst.h>
#include <stdbool.h>

#include "client/options.h"

struct balint_snapshots; /* opaque */

/* Into `directory`, made if it is not there. NULL with `why` when it cannot be written to. */
struct balint_snapshots *balint_snapshots_new(const char *directory, char why[BALINT_OPTION_WHY]);
/* Waits for what is being written. NULL is legal. */
void balint_snapshots_free(struct balint_snapshots *snapshots);
/* Watches the pictures of a pad. Once. */
void balint_snapshots_watch(struct balint_snapshots *snapshots, GstPad *pad);
/* Writes the last picture as NN-name.png, numbered from 01 (`numbered`), or as name.png. `name` is an id of a
 * phase or a word of ours. NULL snapshots, or no picture yet: nothing. */
void balint_snapshots_take(struct balint_snapshots *snapshots, const char *name, bool numbered);

#endif
