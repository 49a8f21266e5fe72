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

/* How many evenings fit; the last of them in `found`. */
static int count_fitting(struct balint_found_date *found, const struct balint_local *asked, bool cancelled)
{
    int fitting = 0;
    for (int i = 0; i < found->count; i++)
        for (int j = 0; j < found->all[i].count; j++)
            if (found->all[i].dates[j].cancelled == cancelled && fits(&found->all[i].dates[j], asked)) {
                found->series = &found->all[i];
                found->date = &found->all[i].dates[j];
                fitting++;
            }
    return fitting;
}

bool balint_find_date(struct balint_call *call, const char *text, struct balint_found_date *found)
{
    struct balint_local asked = {0};
    memset(found, 0, sizeof *found);
    if (!balint_local_read(&asked, text, true))
        return balint_call_refuse(call, "\"%.40s\" is no date. Write 2026-12-03, or 2026-12-03T19:30.", text);
    if (!balint_dates_list(call->store, call->words[0], &found->all, &found->count, call->why))
        return false;
    int fitting = count_fitting(found, &asked, false);
    if (fitting == 0)
        fitting = count_fitting(found, &asked, true);
    if (fitting == 1)
        return true;
    free(found->all);
    found->all = NULL;
    if (fitting > 1)
        return balint_call_refuse(call, "There are %d evenings on %s. Write the time as well: %.10sT19:30.",
                                  fitting, text, text);
    return balint_call_refuse(call, "There is no evening on %s. `balint-server dates list` shows them.",
                              text);
}

bool balint_find_series(struct balint_call *call, struct balint_series **all, struct balint_series **series)
{
    int count, number = 0;
    if (!balint_call_number(call, "series", 1, 1 << 30, &number) ||
        !balint_dates_list(call->store, call->words[0], all, &count, call->why))
        return false;
    *series = NULL;
    for (int i = 0; i < count; i++)
        if (number == (*all)[i].number || (number == 0 && count == 1))
            *series = &(*all)[i];
    if (*series != NULL)
        return true;
    free(*all);
    *all = NULL;
    if (count == 0)
        return balint_call_refuse(call, "This group has no dates. Plan some with `balint-server dates add`.");
    if (number == 0)
        return balint_call_refuse(call,
                                  "This group has %d series, and a calendar file holds one. Say which with "
                                  "--series; `balint-server dates list` shows their numbers.",
                                  count);
    return balint_call_refuse(call, "This group has no series %d. `balint-server dates list` shows them.",
                              number);
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
                      const struct balint_date *but, const struct balint_local *local)
{
    for (int i = 0; i < count; i++)
        for (int j = 0; j < all[i].count; j++) {
            const struct balint_date *date = &all[i].dates[j];
            if (date != but && !date->cancelled && fits(date, local))
                return balint_call_refuse(call, "There is an evening at %s already. Choose another time.",
                                          date->begins);
        }
    return true;
}

bool balint_time_past(const struct balint_call *call, const struct balint_series *series, const char *begins)
{
    struct balint_local local = {0};
    int64_t instant_s = 0;
    if (!balint_local_read(&local, begins, false))
        return false;
    balint_zone_instant(series->zone, &local, &instant_s);
    return instant_s + series->minutes * INT64_C(60) < call->now_s;
}

json_t *balint_date_json(const struct balint_series *series, const struct balint_date *date)
{
    struct balint_local local = {0};
    int64_t instant = 0;
    char utc[32] = "";
    if (balint_local_read(&local, date->begins, false))
        balint_zone_instant(series->zone, &local, &instant);
    time_t time = (time_t)instant;
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
