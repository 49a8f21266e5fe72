/* csv.h - one cell of a CSV file (RFC 4180), harmless to who opens it in a spreadsheet.
 *
 * A spreadsheet takes a cell that begins with = + - @ (full-width ones too), a tab or a return for a formula
 * and computes it; a name can begin with any of them. Such a cell gets an apostrophe before it, which
 * spreadsheets do not show. One that is set to split lines at semicolons or tabs takes no notice of the
 * quotes of a cell in mid-line: what follows one of these is treated as a cell's beginning as well. Pure; any
 * thread.
 */
#ifndef BALINT_CSV_H
#define BALINT_CSV_H

#include <stddef.h>

/* Of a text of `length` bytes, the cell is at most so long, with the final NUL. */
#define BALINT_CELL_SIZE(length) (2 * (length) + 4)
/* Writes the cell of `text`, quoted where it must be. */
void balint_csv_cell(const char *text, char *cell);

#endif
