/* dates_add.c - `dates add`: a series of evenings. */
#include "server/command/dates.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The zone of --zone. */
static bool read_zone(struct balint_call *call, char zone[64])
{
    const char *text = balint_call_option(call, "zone");
    if (text == NULL)
        return balint_call_refuse(call, "Say in which zone: --zone Europe/Berlin.");
    const char *name = strcmp(text, "UTC") == 0 ? "Etc/UTC" : text;
    if (strlen(name) >= 64 || !balint_zone_named(name))
        return balint_call_refuse(
            call, "\"%.40s\" is no zone. Write an area and a place: --zone Europe/Berlin; or --zone UTC.",
            text);
    if (!balint_zone_ok(name))
        return balint_call_refuse(
            call, "The system's tzdata has no zone \"%.40s\". Write one as it does: --zone Europe/Berlin.",
            text);
    strcpy(zone, name);
    return true;
}

/* Reads the options into a series without dates, its first date, its count and its end. */
static bool read_options(struct balint_call *call, struct balint_series *series, struct balint_local *first,
                         int *count, struct balint_local *until)
{
    const char *begins = balint_call_option(call, "first"), *every = balint_call_option(call, "every"),
               *end = balint_call_option(call, "until");
    series->minutes = 90;
    *count = 0;
    if (begins == NULL)
        return balint_call_refuse(call, "Say when the first evening begins: --first 2026-12-03T19:30.");
    if (!balint_local_read(first, begins, false))
        return balint_call_refuse(
            call,
            "\"%.40s\" is no day with a time. Say when the first evening begins: --first 2026-12-03T19:30.",
            begins);
    if (!read_zone(call, series->zone))
        return false;
    if (every != NULL && !balint_every_read(&series->every, every))
        return balint_call_refuse(call, "--every is once, week, 2-weeks or month, not \"%.40s\".", every);
    if (end != NULL && !balint_call_day(call, "until", until))
        return false;
    if (!balint_call_number(call, "minutes", 15, 360, &series->minutes) ||
        !balint_call_number(call, "count", 1, BALINT_DATES_MAX, count))
        return false;
    if (*count > 0 && end != NULL)
        return balint_call_refuse(call, "Give --count or --until, not both.");
    if (*count == 0 && end == NULL && series->every != BALINT_ONCE)
        return balint_call_refuse(call,
                                  "Say how long the series goes on: --count 20, or --until 2027-06-30.");
    if (*count > 1 && series->every == BALINT_ONCE)
        return balint_call_refuse(call, "More than one evening needs --every week, 2-weeks or month.");
    return true;
}

/* Fills in the dates. */
static bool plan(struct balint_call *call, struct balint_series *series, const struct balint_local *first,
                 int count, const struct balint_local *until)
{
    struct balint_local dates[BALINT_DATES_MAX];
    struct balint_series *others;
    int other_count;
    bool ends = count == 0 && series->every != BALINT_ONCE;
    series->count = balint_series_dates(first, series->every, count > 0 ? count : BALINT_DATES_MAX,
                                        ends ? until : NULL, dates);
    if (series->count == 0)
        return balint_call_refuse(call,
                                  "The series ends on %s, before it begins, at %s. Choose a later --until.",
                                  balint_call_option(call, "until"), balint_call_option(call, "first"));
    if (ends && series->count == BALINT_DATES_MAX)
        balint_call_note("A series has at most %d evenings: this one ends before that day.",
                         BALINT_DATES_MAX);
    if (!balint_dates_list(call->store, call->words[0], &others, &other_count, call->why))
        return false;
    bool ok = true;
    for (int i = 0; ok && i < series->count; i++) {
        balint_local_write(&dates[i], series->dates[i].planned);
        strcpy(series->dates[i].begins, series->dates[i].planned);
        ok = balint_time_ok(call, series->zone, &dates[i]) &&
             balint_time_free(call, others, other_count, NULL, series, &dates[i]);
    }
    free(others);
    return ok;
}

/* Somebody may have mistyped a year. */
static void note_past(const struct balint_call *call, const struct balint_series *series)
{
    int past = 0;
    for (int i = 0; i < series->count; i++)
        past += balint_time_past(call, series, &series->dates[i]);
    if (past == series->count)
        balint_call_note(
            "All of it lies in the past: was another year meant? `balint-server dates cancel` takes it "
            "back.");
    else if (past > 0)
        balint_call_note("%d of these evenings %s in the past already.", past, past == 1 ? "lies" : "lie");
}

bool balint_dates_plan(struct balint_call *call)
{
    static struct balint_series series;
    struct balint_local first = {0}, until = {0};
    int count;
    if (!read_options(call, &series, &first, &count, &until) || !plan(call, &series, &first, count, &until) ||
        !balint_dates_add(call->store, call->words[0], &series, call->now_s, call->why))
        return false;
    note_past(call, &series);
    if (call->json) {
        json_t *dates = json_array();
        for (int i = 0; i < series.count; i++)
            json_array_append_new(dates, balint_date_json(&series, &series.dates[i]));
        return balint_call_print(call,
                                 json_pack("{sI, so}", "series", (json_int_t)series.number, "dates", dates));
    }
    static const char *const nth[] = {"last", "", "first", "second", "third", "fourth"};
    printf("series %" PRId64 ": %d evening%s, %s to %s", series.number, series.count,
           series.count == 1 ? "" : "s", series.dates[0].begins, series.dates[series.count - 1].begins);
    if (series.every == BALINT_EVERY_MONTH)
        printf(", every %s %s of a month", nth[balint_local_nth(&first) + 1],
               balint_weekday_name(balint_local_weekday(&first)));
    puts("");
    return true;
}
