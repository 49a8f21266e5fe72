/* csv.c - one cell of a CSV file, see csv.h. */
#include "server/frame/csv.h"

#include <stdbool.h>
#include <string.h>

/* Would a spreadsheet compute a cell that begins so? */
static bool is_formula(const char *text)
{
    static const char *const wide[] = {"\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};
    text += strspn(text, " ");
    bool found = *text != '\0' && strchr("=+-@\t\r", *text) != NULL;
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
        found = found || strncmp(text, wide[i], strlen(wide[i])) == 0;
    return found;
}

void balint_csv_cell(const char *text, char *cell)
{
    bool quoted = strpbrk(text, "\",;\t\r\n") != NULL || text[0] == ' ';
    bool begins = true; /* a cell, to whoever splits at more than commas */
    if (quoted)
        *cell++ = '"';
    for (; *text != '\0'; text++) {
        if (begins && is_formula(text))
            *cell++ = '\'';
        begins = strchr(";\t\r\n", *text) != NULL;
        if (*text == '"')
            *cell++ = '"';
        *cell++ = *text;
    }
    if (quoted)
        *cell++ = '"';
    *cell = '\0';
}
