/* dates_ics.c - `dates ics`: the evenings as a file for calendars. */
#include "server/command/dates.h"
#include "server/frame/calendar.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool write_out(struct balint_call *call, const char *text)
{
    const char *path = balint_call_option(call, "out");
    if (call->json)
        return balint_call_print(call, json_pack("{ss}", "ics", text));
    if (path == NULL)
        return fputs(text, stdout) >= 0 ||
               balint_call_refuse(call, "The answer cannot be written (%s).", strerror(errno));
    FILE *out = fopen(path, "we");
    bool ok = out != NULL && fputs(text, out) >= 0;
    if (out != NULL && fclose(out) != 0)
        ok = false;
    return ok || balint_call_refuse(call, "%s cannot be written (%s). Check the path of --out.", path,
                                    strerror(errno));
}

/* The cancellation of one evening. */
static bool make_cancellation(struct balint_call *call, const char *date, char **text)
{
    struct balint_found_date found;
    if (!balint_find_date(call, date, true, &found))
        return false;
    bool ok =
        found.date->cancelled ||
        balint_call_refuse(call, "The evening at %s is not cancelled. First `balint-server dates cancel` it.",
                           found.date->begins);
    if (ok)
        *text = balint_calendar(call->words[0], found.series, found.date);
    free(found.all);
    return ok;
}

/* One series, or all of them. */
static bool make_file(struct balint_call *call, char **text)
{
    struct balint_series *all, *named;
    int count;
    if (!balint_find_series(call, &all, &count, &named))
        return false;
    *text = named != NULL || count == 1 ? balint_calendar(call->words[0], named != NULL ? named : all, NULL)
                                        : balint_calendar_all(call->words[0], all, count);
    free(all);
    return true;
}

bool balint_dates_ics(struct balint_call *call)
{
    const char *cancelled = balint_call_option(call, "cancelled");
    char *text = NULL;
    if (!(cancelled != NULL ? make_cancellation(call, cancelled, &text) : make_file(call, &text)))
        return false;
    bool ok = text != NULL ? write_out(call, text) : balint_call_refuse(call, "There is no memory left.");
    free(text);
    return ok;
}
