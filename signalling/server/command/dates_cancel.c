/* dates_cancel.c - `dates cancel`: one evening does not take place, or none of its series from it on. */
#include "server/command/dates.h"

#include <stdlib.h>
#include <string.h>

bool balint_dates_cancel(struct balint_call *call)
{
    struct balint_found_date found;
    bool onwards = balint_call_option(call, "onwards") != NULL;
    if (!balint_find_date(call, call->words[1], false, &found))
        return false;
    bool ok = !found.date->cancelled ||
              balint_call_refuse(call, "The evening at %s is cancelled already.", found.date->begins);
    if (ok) {
        json_t *cancelled = json_array();
        for (int i = 0; i < found.series->count; i++) {
            struct balint_date *date = &found.series->dates[i];
            if (date != found.date &&
                (!onwards || date->cancelled || strcmp(date->begins, found.date->begins) < 0))
                continue;
            date->cancelled = true;
            json_array_append_new(cancelled, balint_date_json(found.series, date));
        }
        ok = balint_dates_change(call->store, found.series, call->now_s, call->why);
        if (ok && call->json)
            ok = balint_call_print(call, cancelled);
        else
            json_decref(cancelled);
    }
    free(found.all);
    return ok;
}
