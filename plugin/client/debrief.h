/* debrief.h - the leaders' look back at the end: phases, minutes, distribution, silence; without names.
 *
 * Made of session/after.h, which holds no name, seat or id, so that none can be on it. Members stand in the
 * order of their shares. It is shown to leaders, and written only when a leader asks for it (debrief_keep.h).
 *
 * The file's schema, `"schema": 1`; minutes have one decimal, shares (0 to 1) two:
 *
 *   kind       "balint-debrief"
 *   date       of the evening, YYYY-MM-DD
 *   phases[]   each stay in a phase: phase (its id in the format), title, case (from 1; absent for a case
 * before those told apart), minutes cases[]    case (from 1), discussion_minutes, and of the discussion:
 *     read_minutes      with a reading of everybody who could be heard; the next three are of this part, and
 * null without any silence_share, silence_longest_s (whole seconds), overlap_share leaders_share     the
 * leaders' talk beside all talk; leaders_minutes, leaders_turns turns             the members', together
 *     members[]         share, minutes: the largest first
 *     not_heard         how many members were not heard although there is a reading
 *     no_reading        how many have none
 *     shared            how many seats had several people at one microphone
 */
#ifndef BALINT_CLIENT_DEBRIEF_H
#define BALINT_CLIENT_DEBRIEF_H

#include "session/after.h"
#include "sheet.h" /* overlay/ */

struct balint_debrief {
    char date[11]; /* YYYY-MM-DD */
    struct balint_format format;
    struct balint_after after;
};

/* Is it the time to look back: the corridor, or the phase before it? */
bool balint_debrief_time(const struct balint_state *state);
/* The rows to be shown; `foot` the last line, NULL or "": none. */
void balint_debrief_sheet(const struct balint_debrief *debrief, const char *foot, struct balint_sheet *sheet);
/* The file's text, to be freed with free(); NULL without memory (debrief_json.c). */
char *balint_debrief_json(const struct balint_debrief *debrief);

#endif
