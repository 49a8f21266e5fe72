/* paint.h - the items of one group drawn with cairo and pango into premultiplied ARGB.
 *
 * Why apart: it is the only place that knows fonts, and it decides nothing. Shaping a text costs more than
 * drawing it, so shaped texts are kept and used again. Not pure (fonts come from fontconfig); one owner, any
 * one thread at a time.
 */
#ifndef BALINT_PAINT_H
#define BALINT_PAINT_H

#include <cairo.h>

#include "layout.h"

struct balint_paint; /* opaque */
struct balint_paint *balint_paint_create(void);
void balint_paint_destroy(struct balint_paint *paint); /* NULL is legal */

/* Draws the items of a group that touch `dirty` (pixels of the frame) into `surface`, an ARGB32 image whose
 * left upper corner is the group's. What was in that part before is gone. */
void balint_paint_group(struct balint_paint *paint, const struct balint_list *list,
                        const struct balint_group *group, struct balint_rect dirty, cairo_surface_t *surface);

#endif
