/* series.c - the dates of a series, see series.h. Days by H. Hinnant's days_from_civil. */
#include "server/frame/series.h"

#include <stdio.h>
#include <string.h>

int64_t balint_local_days(const struct balint_local *local)
{
    int64_t year = local->year - (local->month <= 2);
    int64_t era = year / 400, of_era = year - era * 400;
    int64_t of_year = (153 * (local->month + (local->month > 2 ? -3 : 9)) + 2) / 5 + local->day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int64_t balint_local_minutes(const struct balint_local *local)
{
    return balint_local_days(local) * 1440 + local->hour * 60 + local->minute;
}

struct balint_local balint_local_of_minutes(int64_t minutes)
{
    int64_t days = minutes / 1440, rest = minutes % 1440;
    if (rest < 0) {
        days--;
        rest += 1440;
    }
    days += 719468;
    int64_t era = days / 146097, of_era = days - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
    struct balint_local local = {.year = (int)(year + era * 400),
                                 .month = (int)(month < 10 ? month + 3 : month - 9),
                                 .day = (int)(of_year - (153 * month + 2) / 5 + 1),
                                 .hour = (int)(rest / 60),
                                 .minute = (int)(rest % 60)};
    local.year += local.month <= 2;
    return local;
}

int balint_local_weekday(const struct balint_local *local)
{
    return (int)((balint_local_days(local) + 4) % 7); /* 1970-01-01 was a Thursday */
}

const char *balint_weekday_name(int weekday)
{
    static const char *const names[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                        "Thursday", "Friday", "Saturday"};
    return weekday >= 0 && weekday < 7 ? names[weekday] : "?";
}

/* ---- text */
/* `count` digits, or -1. */
static int digits(const char *text, int count)
{
    int number = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        number = number * 10 + text[i] - '0';
    }
    return number;
}

bool balint_local_read(struct balint_local *local, const char *text, bool day_only)
{
    size_t length = strlen(text);
    if ((length != 16 && (!day_only || length != 10)) || text[4] != '-' || text[7] != '-' ||
        (length == 16 && (text[10] != 'T' || text[13] != ':')))
        return false;
    struct balint_local read = {.year = digits(text, 4),
                                .month = digits(text + 5, 2),
                                .day = digits(text + 8, 2),
                                .hour = length == 16 ? digits(text + 11, 2) : -1,
                                .minute = length == 16 ? digits(text + 14, 2) : 0};
    if (read.year < 1970 || read.year > 2199 || read.month < 1 || read.month > 12 || read.day < 1 ||
        read.day > 31 || read.minute < 0 || read.minute > 59 || read.hour > 23 ||
        (length == 16 && read.hour < 0))
        return false;
    struct balint_local again = balint_local_of_minutes(balint_local_days(&read) * 1440);
    if (again.day != read.day) /* 30 February comes back as another day */
        return false;
    *local = read;
    return true;
}

void balint_local_write(const struct balint_local *local, char text[BALINT_LOCAL_SIZE])
{
    char whole[80]; /* ints could be longer than these are */
    snprintf(whole, sizeof whole, "%04d-%02d-%02dT%02d:%02d", local->year, local->month, local->day,
             local->hour, local->minute);
    memcpy(text, whole, BALINT_LOCAL_SIZE - 1);
    text[BALINT_LOCAL_SIZE - 1] = '\0';
}

static const char *const everies[BALINT_EVERIES] = {"once", "week", "2-weeks", "month"};

const char *balint_every_name(enum balint_every every)
{
    return (int)every >= 0 && every < BALINT_EVERIES ? everies[every] : "?";
}

bool balint_every_read(enum balint_every *every, const char *name)
{
    for (int i = 0; i < BALINT_EVERIES; i++)
        if (strcmp(everies[i], name) == 0) {
            *every = (enum balint_every)i;
            return true;
        }
    return false;
}

/* ---- series */
int balint_local_nth(const struct balint_local *local)
{
    return local->day >= 29 ? -1 : (local->day - 1) / 7 + 1;
}

/* The `nth` such weekday of the month that is `months` after that of `first`, at the same time of day. */
static struct balint_local in_month(const struct balint_local *first, int months, int nth)
{
    struct balint_local date = *first, next = *first;
    int month = first->month - 1 + months;
    date.year = first->year + month / 12;
    date.month = month % 12 + 1;
    date.day = 1;
    next.year = first->year + (month + 1) / 12;
    next.month = (month + 1) % 12 + 1;
    next.day = 1;
    int weekday = balint_local_weekday(first);
    if (nth > 0) {
        date.day = 1 + (weekday - balint_local_weekday(&date) + 7) % 7 + 7 * (nth - 1);
        return date;
    }
    struct balint_local last = balint_local_of_minutes(balint_local_minutes(&next) - 1440);
    last.day -= (balint_local_weekday(&last) - weekday + 7) % 7;
    return last;
}

int balint_series_dates(const struct balint_local *first, enum balint_every every, int count,
                        const struct balint_local *until, struct balint_local dates[BALINT_DATES_MAX])
{
    static const int days[BALINT_EVERIES] = {[BALINT_EVERY_WEEK] = 7, [BALINT_EVERY_TWO_WEEKS] = 14};
    int made = 0, most = every == BALINT_ONCE ? 1 : count < BALINT_DATES_MAX ? count : BALINT_DATES_MAX;
    for (; made < most; made++) {
        struct balint_local date =
            every == BALINT_EVERY_MONTH
                ? in_month(first, made, balint_local_nth(first))
                : balint_local_of_minutes(balint_local_minutes(first) + INT64_C(1440) * days[every] * made);
        if (until != NULL && balint_local_days(&date) > balint_local_days(until))
            break;
        dates[made] = date;
    }
    return made;
}
