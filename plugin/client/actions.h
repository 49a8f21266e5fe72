/* actions.h - from a command to what the call is asked: finds people and phases in the newest state.
 *
 * Nothing is judged here: the server refuses what a person may not do, and its sentence is shown.
 * Main thread.
 */
#ifndef BALINT_CLIENT_ACTIONS_H
#define BALINT_CLIENT_ACTIONS_H

#include <gst/gst.h>

#include "client/commands.h"
#include "session/state.h"

/* Does a command that is the session's. False with one sentence in `why`: nobody of that name, no such phase,
 * not connected. hide-self, help and leave are the program's own, not the session's: false. */
bool balint_action_do(GstElement *call, const struct balint_state *state,
                      const struct balint_command *command, char why[BALINT_WHY_SIZE]);

#endif
