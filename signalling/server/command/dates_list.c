/* dates_list.c - `dates list`: the evenings of a group. */
#include "server/command/dates.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void print(const struct balint_series *series, const struct balint_date *date)
{
    struct balint_local local = {0};
    int64_t instant;
    balint_local_read(&local, date->begins, false);
    printf("%s\t%s\t%s\t%d min\tseries %" PRId64 "%s%s%s%s\n", date->begins,
           balint_weekday_name(balint_local_weekday(&local)), series->zone, series->minutes, series->number,
           date->cancelled ? "\tcancelled" : "",
           strcmp(date->begins, date->planned) != 0 ? "\tmoved from " : "",
           strcmp(date->begins, date->planned) != 0 ? date->planned : "",
           balint_zone_instant(series->zone, &local, &instant) == BALINT_TIMES_NEVER
               ? "\tdoes not exist any more: move it"
               : "");
}

bool balint_dates_show(struct balint_call *call)
{
    struct balint_series *all;
    int count;
    if (!balint_dates_list(call->store, call->words[0], &all, &count, call->why))
        return false;
    json_t *dates = json_array();
    for (int i = 0; i < count; i++)
        for (int j = 0; j < all[i].count; j++)
            if (call->json)
                json_array_append_new(dates, balint_date_json(&all[i], &all[i].dates[j]));
            else
                print(&all[i], &all[i].dates[j]);
    free(all);
    if (call->json)
        return balint_call_print(call, dates);
    json_decref(dates);
    return true;
}
