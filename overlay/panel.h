/* panel.h - what the parts of the leaders' panel share: panel.c, the whole, and panel_rows.c, one row a
 * member.
 *
 * Inside overlay/ only.
 */
#ifndef BALINT_PANEL_H
#define BALINT_PANEL_H

#include "build.h"

/* Lengths of the panel in this frame. */
struct panel {
    struct balint_build *build;
    int x, width; /* of what stands inside */
    int y;        /* where the next line comes */
    int text;     /* letter size of a line */
    int row;      /* height of a member's row */
    bool two;     /* rows have a second line */
    bool strip;   /* folded: names and bars */
    double full;  /* the share that a full bar is */
};

static inline int scaled(const struct panel *panel, double length)
{
    return balint_scaled(&panel->build->frame, length);
}

/* A part of the panel's width, 0..1. */
static inline struct balint_rect at(const struct panel *panel, double from, double to, int y, int height)
{
    int x = panel->x + (int)(panel->width * from + 0.5);
    return (struct balint_rect){x, y, panel->x + (int)(panel->width * to + 0.5) - x, height};
}

static inline int line_height(const struct panel *panel)
{
    return panel->text * 3 / 2;
}

/* Chooses the height of rows and their letters so that `count` of them take at most `room`. */
void balint_panel_fit(struct panel *panel, int count, int room);
/* Adds a member's row and moves on. */
void balint_panel_member(struct panel *panel, const struct balint_balance_row *row);

#endif
