/* screen.h - what is drawn of a view, kept from frame to frame: one surface and its planes for each group.
 *
 * Compares the items of the new list with those of the last one and draws only what differs: a share that
 * changed costs its own few pixels and not the panel. One owner, any one thread at a time.
 */
#ifndef BALINT_SCREEN_H
#define BALINT_SCREEN_H

#include <cairo.h>

#include "layout.h"
#include "planes.h"

struct balint_screen;                                     /* opaque */
struct balint_screen *balint_screen_create(void);         /* NULL without memory */
void balint_screen_destroy(struct balint_screen *screen); /* NULL is legal */

/* Everything is drawn anew at the next update, with these colours (another size, another standard). */
void balint_screen_reset(struct balint_screen *screen, const struct balint_matrix *matrix);

/* Draws what changed. Returns true when anything did. */
bool balint_screen_update(struct balint_screen *screen, const struct balint_view *view);

/* Takes everything off. Returns true when there was something. */
bool balint_screen_clear(struct balint_screen *screen);

/* Blends all of it into a picture of the view's size. */
void balint_screen_blend(const struct balint_screen *screen, const struct balint_picture *picture);

/* The drawings one by one, in the order of painting, for who does not blend here: premultiplied ARGB32.
 * Returns false after the last. The surface is the screen's and changes at the next update. */
bool balint_screen_part(const struct balint_screen *screen, int index, struct balint_rect *rect,
                        cairo_surface_t **surface);

#endif
