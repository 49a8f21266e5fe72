/* own.h - what the terminal says of the own place when it changes: that is the window's band, once.
 *
 * Who sits at a terminal sees no band. What others brought about, or wait for, is said there: being asked to
 * present, listening after the step-back (and who sees one meanwhile), the invitation back, a mute for cause.
 * Pure; any thread.
 */
#ifndef BALINT_CLIENT_OWN_H
#define BALINT_CLIENT_OWN_H

#include "layout.h" /* overlay/ */

#define BALINT_OWN_LINE 512

/* Writes the line into `size` bytes at `text`; false when there is nothing to say, or it was said by the
 * state before (`before`: NULL when there was none). */
bool balint_own_line(const struct balint_state *before, const struct balint_state *now, char *text,
                     size_t size);

#endif
