/* dates_list.c - `dates list`: the evenings of a group, in the order in which they come. */
#include "server/command/dates.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct row {
    int64_t begins_s;
    const struct balint_series *series;
    const struct balint_date *date;
};

static int compare(const void *left, const void *right)
{
    const struct row *a = left, *b = right;
    if (a->begins_s != b->begins_s)
        return a->begins_s < b->begins_s ? -1 : 1;
    if (a->series != b->series)
        return a->series < b->series ? -1 : 1;
    return strcmp(a->date->planned, b->date->planned);
}

/* All evenings by the instants at which they begin, to be freed; NULL without memory. */
static struct row *in_order(const struct balint_series *all, int count, size_t *row_count)
{
    size_t capacity = 1;
    for (int i = 0; i < count; i++)
        capacity += (size_t)all[i].count;
    struct row *rows = calloc(capacity, sizeof *rows);
    *row_count = 0;
    for (int i = 0; rows != NULL && i < count; i++)
        for (int j = 0; j < all[i].count; j++)
            rows[(*row_count)++] = (struct row){.begins_s = balint_date_instant(&all[i], &all[i].dates[j]),
                                                .series = &all[i],
                                                .date = &all[i].dates[j]};
    if (rows != NULL)
        qsort(rows, *row_count, sizeof *rows, compare);
    return rows;
}

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
    size_t row_count;
    if (!balint_dates_list(call->store, call->words[0], &all, &count, call->why))
        return false;
    struct row *rows = in_order(all, count, &row_count);
    json_t *dates = call->json ? json_array() : NULL;
    bool ok = rows != NULL || balint_call_refuse(call, "There is no memory left.");
    for (size_t i = 0; rows != NULL && i < row_count; i++)
        if (call->json)
            json_array_append_new(dates, balint_date_json(rows[i].series, rows[i].date));
        else
            print(rows[i].series, rows[i].date);
    free(rows);
    free(all);
    if (ok && call->json)
        return balint_call_print(call, dates);
    json_decref(dates);
    return ok;
}
