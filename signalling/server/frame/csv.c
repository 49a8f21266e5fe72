/* csv.c - one cell of a CSV file, see csv.h. */
#include "server/frame/csv.h"

#include <stdbool.h>
#include <string.h>

void balint_csv_cell(const char *text, char *cell)
{
    bool quoted = strpbrk(text, "\",\r\n") != NULL || text[0] == ' ' || text[0] == '\t';
    if (quoted)
        *cell++ = '"';
    if (text[0] != '\0' && strchr("=+-@\t\r", text[strspn(text, " ")]) != NULL &&
        text[strspn(text, " ")] != '\0')
        *cell++ = '\'';
    for (; *text != '\0'; text++) {
        if (*text == '"')
            *cell++ = '"';
        *cell++ = *text;
    }
    if (quoted)
        *cell++ = '"';
    *cell = '\0';
}
