/* dates.h - what the commands about dates have in common. */
#ifndef BALINT_COMMAND_DATES_H
#define BALINT_COMMAND_DATES_H

#include "server/command/commands.h"
#include "server/frame/evening.h"
#include "server/frame/zone.h"

/* The series of a group and a date among them that DATE (2026-12-03, or with T19:30 where there are two)
 * names: where it begins now, in the series that --series names if it is given. Cancelled ones count only
 * when no other fits. */
struct balint_found_date {
    struct balint_series *all; /* to be freed with free() */
    int count;
    struct balint_series *series; /* among them */
    struct balint_date *date;
};
bool balint_find_date(struct balint_call *call, const char *text, bool cancelled,
                      struct balint_found_date *found);
/* The group's series, one at least, and the one that --series names; NULL when it is not given. To be freed:
 * *all. False with `why`. */
bool balint_find_series(struct balint_call *call, struct balint_series **all, int *count,
                        struct balint_series **named);

/* Can an evening begin then? Notes on stderr when that time comes twice; false with `why` when it never does.
 */
bool balint_time_ok(struct balint_call *call, const char *zone, const struct balint_local *local);
/* Would an evening of `series` that begins then, in its zone, overlap one of the group that takes place,
 * `but` that one? Then false with `why`. */
bool balint_time_free(struct balint_call *call, const struct balint_series *all, int count,
                      const struct balint_date *but, const struct balint_series *series,
                      const struct balint_local *local);
/* Is an evening over? */
bool balint_time_past(const struct balint_call *call, const struct balint_series *series,
                      const struct balint_date *date);
/* An evening as JSON. */
json_t *balint_date_json(const struct balint_series *series, const struct balint_date *date);

#endif
