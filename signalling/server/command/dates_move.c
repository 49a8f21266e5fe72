/* dates_move.c - `dates move`: another date for one evening; one that was cancelled takes place again, and
 * that is said. */
#include "server/command/dates.h"

#include <stdlib.h>
#include <string.h>

/* The new date; without a time of day it keeps the old one's. */
static bool read_new(struct balint_call *call, const struct balint_date *date, struct balint_local *local)
{
    struct balint_local old = {0};
    const char *text = call->words[2];
    if (!balint_local_read(local, text, true))
        return balint_call_refuse(call, "\"%.40s\" is no date. Write 2026-12-03, or 2026-12-03T19:30.", text);
    if (local->hour < 0 && balint_local_read(&old, date->begins, false)) {
        local->hour = old.hour;
        local->minute = old.minute;
    }
    return true;
}

bool balint_dates_move(struct balint_call *call)
{
    struct balint_found_date found;
    struct balint_local local = {0};
    char begins[BALINT_LOCAL_SIZE] = "";
    if (!balint_find_date(call, call->words[1], false, &found))
        return false;
    bool ok = read_new(call, found.date, &local);
    if (ok) {
        balint_local_write(&local, begins);
        if (!found.date->cancelled && strcmp(found.date->begins, begins) == 0)
            ok = balint_call_refuse(call, "The evening is at %s already.", begins);
        ok = ok && balint_time_free(call, found.all, found.count, found.date, found.series, &local) &&
             balint_time_ok(call, found.series->zone, &local);
    }
    if (ok) {
        bool again = found.date->cancelled;
        strcpy(found.date->begins, begins);
        found.date->cancelled = false;
        if (again)
            balint_call_note(
                "This evening was cancelled. It takes place again: send the new calendar file round.");
        if (balint_time_past(call, found.series, found.date))
            balint_call_note("%s lies in the past.", begins);
        ok = balint_dates_change(call->store, found.series, call->now_s, call->why);
    }
    if (ok && call->json)
        ok = balint_call_print(call, balint_date_json(found.series, found.date));
    free(found.all);
    return ok;
}
