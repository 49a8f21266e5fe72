/* keep.h - how long the database keeps what is over, and the deleting of it.
 *
 * An invitation that has ended is kept for a while, so that who comes with it is told so; a revocation as
 * long as there is an invitation that it ends; a snapshot for a day, since a session lasts 12 hours at most;
 * attendance, dates and follow-ups for longer than a year, so that a year of further education can be
 * accounted for. Any thread, with a connection of its own.
 */
#ifndef BALINT_KEEP_H
#define BALINT_KEEP_H

#include <stdbool.h>
#include <stdint.h>

#define BALINT_ATTENDANCE_DAYS 400
#define BALINT_TECHNICAL_DAYS  30
#define BALINT_KEEP_SNAPSHOT_S (INT64_C(24) * 3600)

struct balint_keep {
    int attendance_days; /* attendance, dates, follow-ups */
    int technical_days;  /* invitations that have ended */
};

struct sqlite3;
/* Deletes what has been kept long enough at `now_s`; `deleted` (may be NULL) is how many rows. False: the
 * database failed, see sqlite3_errmsg. Best within a transaction of the caller's. */
bool balint_purge(struct sqlite3 *db, int64_t now_s, const struct balint_keep *keep, int *deleted);
/* Writes the whole file anew and empties the write-ahead log, so that no byte of what was deleted is left in
 * either. False: somebody else was reading all the time, or the disk is full. */
bool balint_scrub(struct sqlite3 *db);

#endif
