/* build.h - what the parts of the layout share: adding groups and items to a list, and the scale.
 *
 * Inside overlay/ only. A list that is full takes no more (it holds the largest screen, which a test asks);
 * nothing is ever written beyond it.
 */
#ifndef BALINT_BUILD_H
#define BALINT_BUILD_H

#include "words.h"

/* Lengths of a frame, in its pixels. */
struct balint_frame {
    int width, height;
    double scale; /* 1 at 1280×720 */
    int ribbon;   /* height of the ribbon */
    int band;     /* height of what is kept free below the tiles: hint, own state, listening band */
    int panel;    /* width of the leaders' panel or of its strip, 0 without */
    int gap;      /* between tiles, and around them */
};
/* Returns false when the frame is too small for anything. */
bool balint_frame_of(int width, int height, unsigned room, struct balint_frame *frame);
/* `length` of a 720-line frame in this one, at least 1. */
int balint_scaled(const struct balint_frame *frame, double length);

struct balint_build {
    const struct balint_view *view;
    struct balint_frame frame;
    struct balint_list *list;
    int said; /* height of what is said at the foot of the leaders' panel */
};
/* From here on items belong to this group; its rectangle becomes the hull of them. */
void balint_build_group(struct balint_build *build, enum balint_group_id id);
void balint_build_box(struct balint_build *build, enum balint_style style, struct balint_rect rect,
                      int radius);
void balint_build_bar(struct balint_build *build, enum balint_style style, struct balint_rect rect,
                      double fill);
/* A text of one line or more; the empty text adds nothing. */
void balint_build_text(struct balint_build *build, enum balint_style style, struct balint_rect rect, int size,
                       enum balint_align align, int lines, const char *text);
/* The next line of `*at`, which moves on, cut to `size`; NULL at the end. */
const char *balint_build_next_line(const char **at, char *line, size_t size);
/* Lines that a text of one or more takes in `room`, and how wide the widest is (may be NULL). On the generous
 * side: a tenth is for words that do not break where they should. */
int balint_build_lines(const char *text, int size, bool bold, int room, int *widest);
/* Cuts the groups' rectangles to the frame, makes their sides even, drops empty ones. */
void balint_build_close(struct balint_build *build);

/* The rows of a sheet, as large as they fit into `room`, with letters of at most `largest` (sheet.c). */
void balint_build_sheet(struct balint_build *build, const struct balint_sheet *sheet, struct balint_rect room,
                        int largest);
/* The leaders' panel (panel.c). */
void balint_build_panel(struct balint_build *build);
/* Words that travelled sealed (said.c); to leaders at the foot of the panel, which comes after. */
void balint_build_said(struct balint_build *build);
/* The note over everything; after a card, beneath which a sentence stands if it can (note.c). */
void balint_build_note(struct balint_build *build, const char *note);

#endif
