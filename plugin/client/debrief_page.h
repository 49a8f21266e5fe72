/* debrief_page.h - a sheet as one page of paper (A4, PDF), drawn with cairo into memory.
 *
 * Dark on white, since it may be printed. Any thread.
 */
#ifndef BALINT_CLIENT_DEBRIEF_PAGE_H
#define BALINT_CLIENT_DEBRIEF_PAGE_H

#include <glib.h>

#include "sheet.h" /* overlay/ */

/* The bytes of a PDF; NULL when cairo could not make them. */
GByteArray *balint_debrief_page(const struct balint_sheet *sheet);

#endif
