/* evening.h - what an evening begins with, out of the database: help line, cards, follow-ups, and the end as
 * planned.
 *
 * One thread a connection.
 */
#ifndef BALINT_FRAME_EVENING_H
#define BALINT_FRAME_EVENING_H

#include "server/frame/frame.h"
#include "session/evening.h"

/* When a date begins, Unix seconds. */
int64_t balint_date_instant(const struct balint_series *series, const struct balint_date *date);
/* The same for one that takes place within two days of `now_s`. False: it is cancelled, or further off. */
bool balint_date_near(const struct balint_series *series, const struct balint_date *date, int64_t now_s,
                      int64_t *begins_s);

/* When the evening ends that is on at `now_s`, or begins within the next 12 hours: Unix seconds; 0: none is
 * planned. Of several the one that ends first. */
int64_t balint_planned_end(const struct balint_series *series, int count, int64_t now_s);

/* The day of the evening that is on at `now_s`, or begins or has begun within 12 hours, as its calendar has
 * it; where none is planned, the day in UTC. */
void balint_planned_day(const struct balint_series *series, int count, int64_t now_s,
                        char day[BALINT_DAY_SIZE]);

/* The zone of the evening that is planned nearest to `now_s`; where none takes place that of the oldest
 * series;
 * "" without any: UTC. It belongs to `series`. */
const char *balint_planned_zone(const struct balint_series *series, int count, int64_t now_s);

/* Fills in what is set for a group; the shipped cards where it has none of its own. BALINT_STORED, or
 * BALINT_STORE_FAILED and `evening` is the shipped one. */
enum balint_stored balint_evening_load(struct balint_store *store, const char *group, int64_t now_s,
                                       struct balint_evening *evening);

#endif
