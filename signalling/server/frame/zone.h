/* zone.h - what instant a local time is, by the zone's rules in the system's tzdata, read through libical.
 *
 * Instants are Unix seconds. A zone is a name of the IANA data base ("Europe/Berlin"). libical keeps its
 * zones for the life of the process and has one lock around them: any thread.
 */
#ifndef BALINT_ZONE_H
#define BALINT_ZONE_H

#include "server/frame/series.h"

/* Is that how a zone is named: by area and place? Those below posix/ and right/, the same once more, are not
 * meant: calendar programs know no zone by them. */
bool balint_zone_named(const char *zone);
/* Is there such a zone, with rules? */
bool balint_zone_ok(const char *zone);

enum balint_times {
    BALINT_TIMES_ONCE,
    BALINT_TIMES_TWICE, /* clocks go back over it: the first one is meant, as RFC 5545 3.3.5 has it */
    BALINT_TIMES_NEVER, /* clocks go forward over it: read with the offset of before, RFC 5545 3.3.5 */
};
/* How often does it occur, and when? `zone` must be one. */
enum balint_times balint_zone_instant(const char *zone, const struct balint_local *local, int64_t *instant_s);
/* The local time of an instant; `offset_s` (may be NULL) is how far it is ahead of UTC. */
struct balint_local balint_zone_local(const char *zone, int64_t instant_s, int *offset_s);

#endif
