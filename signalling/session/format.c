/* format.c - formats as data: those that are shipped, and which phase of a format may follow which.
 *
 * The table is made of the files of formats/ when the program is built (formats.cmake), so that what is
 * shipped, what `balint-server format show` prints and what a group starts its own from are one thing. Titles
 * and guidance are what people read on the ribbon; they describe and never command. Lengths are those of
 * BALINT.md ("The evening"). Pure; any thread.
 */
#include "session/session.h"

#include <string.h>

static const struct balint_format formats[] = {
#include "formats.inc"
};
#define COUNT ((int)(sizeof formats / sizeof *formats))
_Static_assert(COUNT == BALINT_SHIPPED, "session.h says how many there are");

const struct balint_format *balint_format_shipped(int index)
{
    return index >= 0 && index < COUNT ? &formats[index] : NULL;
}

const struct balint_format *balint_format_find(const char *id)
{
    for (int i = 0; i < COUNT; i++)
        if (strcmp(formats[i].id, id) == 0)
            return &formats[i];
    return NULL;
}

const struct balint_format *balint_session_choice(const struct balint_session *session, int index)
{
    bool own = index == BALINT_SHIPPED && session->own.count > 0;
    return own ? &session->own : balint_format_shipped(index);
}

/* ---- edges */

static bool leads_next(const struct balint_format *format, int from, int to)
{
    (void)format;
    return to == from + 1;
}

static bool leads_back(const struct balint_format *format, int from, int to)
{
    (void)format;
    return to == from - 1;
}

static bool leads_round(const struct balint_format *format, int from, int to)
{
    return format->phases[from].loops >> to & 1;
}

/* The evening can end at any moment, and cuts nobody off: people go on talking in the last phase. */
static bool leads_out(const struct balint_format *format, int from, int to)
{
    return to == format->count - 1 && to != from;
}

/* The legal edges. Where two lead to the same phase it is the first of them. */
static const struct {
    const char *name;
    bool (*leads)(const struct balint_format *format, int from, int to);
} edges[] = {
    {"next", leads_next},
    {"previous", leads_back},
    {"loop", leads_round},
    {"end", leads_out},
};

const char *balint_format_edge_name(const struct balint_format *format, int from, int to)
{
    if (from < 0 || from >= format->count || to < 0 || to >= format->count)
        return NULL;
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++)
        if (edges[i].leads(format, from, to))
            return edges[i].name;
    return NULL;
}

bool balint_format_edge(const struct balint_format *format, int from, int to)
{
    return balint_format_edge_name(format, from, to) != NULL;
}

bool balint_format_discussion(const struct balint_format *format, int phase)
{
    return phase >= 0 && phase < format->count &&
           (format->phases[phase].presenter != BALINT_IN_CIRCLE ||
            format->phases[phase].part == BALINT_PART_DISCUSSION);
}
