/* sheet.h - a sheet of rows: headings, lines and bars in up to three columns, over the middle of a leader's
 * screen or on paper.
 *
 * Why as data: what stands on it is written once, for the screen and for the page that a leader may keep, and
 * a test can ask that no name is among it. Pure; any thread.
 */
#ifndef BALINT_SHEET_H
#define BALINT_SHEET_H

#include "layout.h"

#define BALINT_SHEET_ROWS    96
#define BALINT_SHEET_COLUMNS 3

enum balint_sheet_kind {
    BALINT_SHEET_TITLE, /* across all columns, above everything */
    BALINT_SHEET_HEAD,
    BALINT_SHEET_LINE,
    BALINT_SHEET_SOFT,
    BALINT_SHEET_BAR,  /* `fill`, and `right` behind it */
    BALINT_SHEET_FOOT, /* across all columns, below everything */
    BALINT_SHEET_KINDS,
};

struct balint_sheet_row {
    enum balint_sheet_kind kind;
    int column; /* 0 to 2 */
    double fill;
    char left[120], right[48]; /* UTF-8; beside each other */
};
struct balint_sheet {
    int count;
    struct balint_sheet_row rows[BALINT_SHEET_ROWS];
};

/* Adds a row; texts that are too long are cut, and a full sheet takes no more. */
void balint_sheet_add(struct balint_sheet *sheet, enum balint_sheet_kind kind, int column, const char *left,
                      const char *right, double fill);

/* The sheet as a page of its own: items of one group that fill width × height. */
void balint_sheet_page(const struct balint_sheet *sheet, int width, int height, struct balint_list *list);

#endif
