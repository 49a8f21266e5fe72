/* dates.c - what the commands about dates have in common, see dates.h. */
#include "server/command/dates.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Is `date` the one that is asked for, by its day or by day and time? */
static bool fits(const struct balint_date *date, const struct balint_local *asked)
{
    char text[BALINT_LOCAL_SIZE];
    balint_local_write(asked, text);
    return strncmp(date->begins, text, asked->hour < 0 ? 10 : BALINT_LOCAL_SIZE) == 0;
}

/* How many evenings fit, of one series alone unless `only` is NULL; the last of them in `found`. Several that
 * were cancelled at one time of one series are one: they differ in nothing that a group knows of. */
static int count_fitting(struct balint_found_date *found, const struct balint_series *only,
                         const struct balint_local *asked, bool cancelled)
{
    int fitting = 0;
    for (int i = 0; i < found->count; i++)
        for (int j = 0; j < found->all[i].count; j++) {
            struct balint_series *series = &found->all[i];
            struct balint_date *date = &series->dates[j];
            if ((only != NULL && only != series) || date->cancelled != cancelled || !fits(date, asked))
                continue;
            fitting += found->series != series || strcmp(found->date->begins, date->begins) != 0;
            found->series = series;
            found->date = date;
        }
    return fitting;
}

/* The group's series, and the one among them that --series names: NULL when it is not given. To be freed:
 * *all. False with `why`. */
static bool list_series(struct balint_call *call, struct balint_series **all, int *count,
                        struct balint_series **named)
{
    int number = 0;
    *named = NULL;
    if (!balint_call_number(call, "series", 1, 1 << 30, &number) ||
        !balint_dates_list(call->store, call->words[0], all, count, call->why))
        return false;
    for (int i = 0; i < *count; i++)
        if (number == (*all)[i].number)
            *named = &(*all)[i];
    if (number == 0 || *named != NULL)
        return true;
    free(*all);
    *all = NULL;
    return balint_call_refuse(call, "This group has no series %d. `balint-server dates list` shows them.",
                              number);
}

/* Several fit what was written: what to write besides. */
static bool refuse_several(struct balint_call *call, const struct balint_found_date *found, const char *text,
                           int fitting, const struct balint_local *asked)
{
    bool same = true; /* do all of them begin when the last one does? */
    for (int i = 0; i < found->count; i++)
        for (int j = 0; j < found->all[i].count; j++) {
            const struct balint_date *date = &found->all[i].dates[j];
            if (date->cancelled == found->date->cancelled && fits(date, asked) &&
                strcmp(date->begins, found->date->begins) != 0)
                same = false;
        }
    if (!same)
        return balint_call_refuse(call,
                                  "There are %d evenings on %s. Write the time as well: %s, say; "
                                  "`balint-server dates list` shows them.",
                                  fitting, text, found->date->begins);
    return balint_call_refuse(call,
                              "There are %d evenings at %s. Say of which series: --series %" PRId64
                              ", say; `balint-server dates list` shows them.",
                              fitting, found->date->begins, found->series->number);
}

bool balint_find_date(struct balint_call *call, const char *text, bool cancelled,
                      struct balint_found_date *found)
{
    struct balint_local asked = {0};
    struct balint_series *only;
    char in[40] = "";
    memset(found, 0, sizeof *found);
    if (!balint_local_read(&asked, text, true))
        return balint_call_refuse(call, "\"%.40s\" is no date. Write 2026-12-03, or 2026-12-03T19:30.", text);
    if (!list_series(call, &found->all, &found->count, &only))
        return false;
    int fitting = count_fitting(found, only, &asked, cancelled);
    if (fitting == 0)
        fitting = count_fitting(found, only, &asked, !cancelled);
    if (fitting == 1)
        return true;
    if (only != NULL)
        snprintf(in, sizeof in, " in series %" PRId64, only->number);
    if (fitting > 1)
        refuse_several(call, found, text, fitting, &asked);
    else
        balint_call_refuse(call, "There is no evening on %s%s. `balint-server dates list` shows them.", text,
                           in);
    free(found->all);
    found->all = NULL;
    return false;
}

bool balint_find_series(struct balint_call *call, struct balint_series **all, int *count,
                        struct balint_series **named)
{
    return list_series(call, all, count, named) &&
           (*count > 0 ||
            balint_call_refuse(call, "This group has no dates. Plan some with `balint-server dates add`."));
}

bool balint_time_ok(struct balint_call *call, const char *zone, const struct balint_local *local)
{
    int64_t instant;
    char text[BALINT_LOCAL_SIZE], later[BALINT_LOCAL_SIZE];
    balint_local_write(local, text);
    switch (balint_zone_instant(zone, local, &instant)) {
    case BALINT_TIMES_ONCE:
        return true;
    case BALINT_TIMES_TWICE:
        balint_call_note("%s comes twice in %s, because clocks go back: the first time is meant.", text,
                         zone);
        return true;
    default:
        break;
    }
    struct balint_local after = balint_zone_local(zone, instant, NULL);
    balint_local_write(&after, later);
    return balint_call_refuse(
        call, "%s does not exist in %s: clocks go forward over it. Choose another time, %s say.", text, zone,
        later + 11);
}

bool balint_time_free(struct balint_call *call, const struct balint_series *all, int count,
                      const struct balint_date *but, const struct balint_series *series,
                      const struct balint_local *local)
{
    int64_t begins_s, other_s;
    char text[BALINT_LOCAL_SIZE];
    balint_zone_instant(series->zone, local, &begins_s);
    for (int i = 0; i < count; i++)
        for (int j = 0; j < all[i].count; j++) {
            const struct balint_date *date = &all[i].dates[j];
            if (date == but || !balint_date_near(&all[i], date, begins_s, &other_s) ||
                other_s + all[i].minutes * INT64_C(60) <= begins_s ||
                begins_s + series->minutes * INT64_C(60) <= other_s)
                continue;
            balint_local_write(local, text);
            return balint_call_refuse(call,
                                      "There is an evening at %s in %s already, of %d minutes: %s in %s "
                                      "overlaps it. Choose another time.",
                                      date->begins, all[i].zone, all[i].minutes, text, series->zone);
        }
    return true;
}

bool balint_time_past(const struct balint_call *call, const struct balint_series *series,
                      const struct balint_date *date)
{
    return balint_date_instant(series, date) + series->minutes * INT64_C(60) < call->now_s;
}

json_t *balint_date_json(const struct balint_series *series, const struct balint_date *date)
{
    char utc[32] = "";
    time_t time = (time_t)balint_date_instant(series, date);
    struct tm broken;
    if (gmtime_r(&time, &broken) != NULL)
        strftime(utc, sizeof utc, "%Y-%m-%dT%H:%M:%SZ", &broken);
    return json_pack("{sI, ss, ss, ss, ss, si, sb, sb}", "series", (json_int_t)series->number, "begins",
                     date->begins, "planned", date->planned, "zone", series->zone, "utc", utc, "minutes",
                     series->minutes, "moved", strcmp(date->begins, date->planned) != 0, "cancelled",
                     date->cancelled);
}

bool balint_call_day(struct balint_call *call, const char *option, struct balint_local *day)
{
    const char *text = balint_call_option(call, option);
    return (balint_local_read(day, text, true) && day->hour < 0) ||
           balint_call_refuse(call, "\"%.40s\" is no day: write --%s 2027-06-30.", text, option);
}
