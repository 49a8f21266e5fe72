/* refusal.h - for how long a refusal is true.
 *
 * A sentence such as "A leader has muted you" stays on the screen for some seconds. It speaks of something in
 * the state; when that changes, the sentence may be wrong, and goes at once. Pure; any thread.
 */
#ifndef BALINT_CLIENT_REFUSAL_H
#define BALINT_CLIENT_REFUSAL_H

#include "session/state.h"

/* Did what a refusal speaks of change between two states? `code`: the wire's ("muted-for-cause"); of one that
 * speaks of nothing in a state, or is not known: false. */
bool balint_refusal_over(const char *code, const struct balint_state *before, const struct balint_state *now);

#endif
