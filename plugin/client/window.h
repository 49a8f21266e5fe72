/* window.h - keys: from the window, and from the terminal the program was started in; and words typed there.
 *
 * Any GStreamer sink can be the window; those that know a keyboard send navigation events upstream, which are
 * caught on the pad before it. A terminal knows no held keys: there, a capital R is a held r.
 * Keys arrive on the main thread.
 */
#ifndef BALINT_CLIENT_WINDOW_H
#define BALINT_CLIENT_WINDOW_H

#include <gst/gst.h>
#include <stdbool.h>

#include "client/commands.h"

struct balint_window; /* opaque */

/* A whole line, as a script would have it ("phase next", "present 3"). */
typedef void (*balint_line_fn)(const char *line, void *user_data);
/* A key asks for a person or a phase: show what can be meant, and by which key. False: nothing can. */
typedef bool (*balint_asks_fn)(const struct balint_key_row *row, void *user_data);
/* The second key: as balint_answer(). */
typedef bool (*balint_answers_fn)(const struct balint_key_row *row, char key, char line[BALINT_LINE_SIZE],
                                  int *seat, void *user_data);

/* A word is being typed after a key: show it. `seat`: who it is for, BALINT_NOBODY: nobody in particular;
 * `text` NULL: no more. */
typedef void (*balint_types_fn)(const struct balint_key_row *row, int seat, const char *text,
                                void *user_data);

struct balint_window *balint_window_new(balint_line_fn do_line, balint_asks_fn asks,
                                        balint_answers_fn answers, balint_types_fn types, void *user_data);
void balint_window_free(struct balint_window *window); /* gives the terminal back; NULL is legal */
/* Takes keys from the sink behind this source pad. */
void balint_window_watch(struct balint_window *window, GstPad *pad);
/* Takes keys from the standard input, if it is a terminal. */
void balint_window_terminal(struct balint_window *window);

#endif
