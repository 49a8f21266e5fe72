/* series.h - the dates of a series, as people write them: local time, no zone, no clock.
 *
 * Every date is a date and a time of day in the group's own zone, because that is what was agreed: 19:30
 * stays 19:30 when clocks change. What instant it is comes from zone.h. Proleptic Gregorian calendar, years
 * 1970 to 2199. Pure; any thread.
 */
#ifndef BALINT_SERIES_H
#define BALINT_SERIES_H

#include <stdbool.h>
#include <stdint.h>

#define BALINT_DATES_MAX  120 /* of a series: more than two years of weekly evenings */
#define BALINT_LOCAL_SIZE 17  /* 2026-12-03T19:30 with the final NUL */

struct balint_local {
    int year, month, day; /* 1-12, 1-31 */
    int hour, minute;
};

/* "2026-12-03T19:30", or with `day_only` allowed "2026-12-03" (then hour is -1). False: it is neither, or
 * there is no such day. */
bool balint_local_read(struct balint_local *local, const char *text, bool day_only);
void balint_local_write(const struct balint_local *local, char text[BALINT_LOCAL_SIZE]);
/* Days since 1970-01-01, and minutes since then. */
int64_t balint_local_days(const struct balint_local *local);
int64_t balint_local_minutes(const struct balint_local *local);
struct balint_local balint_local_of_minutes(int64_t minutes);
int balint_local_weekday(const struct balint_local *local); /* 0 Sunday … 6 Saturday */
const char *balint_weekday_name(int weekday);

enum balint_every {
    BALINT_ONCE,
    BALINT_EVERY_WEEK,
    BALINT_EVERY_TWO_WEEKS,
    BALINT_EVERY_MONTH, /* the same weekday of the month: the first Thursday, say */
    BALINT_EVERIES,
};
const char *balint_every_name(enum balint_every every); /* once, week, 2-weeks, month */
bool balint_every_read(enum balint_every *every, const char *name);

/* Which weekday of its month a date is: 1..4 the first to the fourth, -1 the last. A date from the 29th on
 * means the last, since not every month has a fifth. */
int balint_local_nth(const struct balint_local *local);

/* The dates of a series: at most `count`, none after the day `until` (NULL: no end). Returns how many. */
int balint_series_dates(const struct balint_local *first, enum balint_every every, int count,
                        const struct balint_local *until, struct balint_local dates[BALINT_DATES_MAX]);

#endif
