/* tiles.h - moves the compositor's pads to the tiles of a plan. Main thread.
 */
#ifndef BALINT_CLIENT_TILES_H
#define BALINT_CLIENT_TILES_H

#include "client/plan.h"
#include "client/remotes.h"

/* `self` is the pad of the picture of seat `you`. Pads that have no place in the plan show nothing. */
void balint_tiles_show(const struct balint_plan *plan, int you, struct balint_remotes *remotes, GstPad *self);

#endif
