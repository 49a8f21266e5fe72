/* dates_ics.c - `dates ics`: a series as a file for calendars. */
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

bool balint_dates_ics(struct balint_call *call)
{
    const char *cancelled = balint_call_option(call, "cancelled");
    struct balint_found_date found = {0};
    struct balint_series *series = NULL;
    if (cancelled != NULL ? !balint_find_date(call, cancelled, &found)
                          : !balint_find_series(call, &found.all, &series))
        return false;
    if (cancelled != NULL)
        series = found.series; /* the one that --series names, if it is given */
    char *text = NULL;
    bool ok =
        cancelled == NULL || found.date->cancelled ||
        balint_call_refuse(call, "The evening at %s is not cancelled. First `balint-server dates cancel` it.",
                           found.date->begins);
    if (ok) {
        text = balint_calendar(call->words[0], series, found.date);
        ok = text != NULL ? write_out(call, text) : balint_call_refuse(call, "There is no memory left.");
    }
    free(text);
    free(found.all);
    return ok;
}
