/* zone.c - what instant a local time is, see zone.h.
 *
 * Only libical's offset of an instant is used: what it makes of local times that occur twice or never is not
 * what RFC 5545 says.
 */
#include "server/frame/zone.h"

#include <libical/ical.h>
#include <string.h>

#define DAY_S INT64_C(86400)

/* A name of an area and a place, below the folder of the system's zones: libical opens the file of a name
 * that it does not know, so that one must not lead out of there. */
static bool is_below(const char *zone)
{
    return strchr(zone, '/') != NULL && zone[0] != '/' && strchr(zone, '.') == NULL;
}

static icaltimezone *find(const char *zone)
{
    icaltimezone *found = is_below(zone) ? icaltimezone_get_builtin_timezone(zone) : NULL;
    return found != NULL && icaltimezone_get_component(found) != NULL ? found : NULL;
}

bool balint_zone_named(const char *zone)
{
    return is_below(zone) && strncmp(zone, "posix/", 6) != 0 && strncmp(zone, "right/", 6) != 0;
}

bool balint_zone_ok(const char *zone)
{
    return balint_zone_named(zone) && find(zone) != NULL;
}

static int offset_of(icaltimezone *zone, int64_t instant_s)
{
    int is_daylight;
    icaltimetype utc = icaltime_from_timet_with_zone((time_t)instant_s, 0, icaltimezone_get_utc_timezone());
    return icaltimezone_get_utc_offset_of_utc_time(zone, &utc, &is_daylight);
}

enum balint_times balint_zone_instant(const char *name, const struct balint_local *local, int64_t *instant_s)
{
    icaltimezone *zone = find(name);
    int64_t as_utc = balint_local_minutes(local) * 60;
    if (zone == NULL) { /* it was one when it was stored: the system's data have lost it */
        *instant_s = as_utc;
        return BALINT_TIMES_NEVER;
    }
    /* No zone is more than 15 hours off, and none changes its clocks twice within two days. */
    int before = offset_of(zone, as_utc - DAY_S), after = offset_of(zone, as_utc + DAY_S);
    bool is_before = offset_of(zone, as_utc - before) == before;
    bool is_after = offset_of(zone, as_utc - after) == after;
    *instant_s = as_utc - (is_before || !is_after ? before : after);
    if (!is_before && !is_after)
        return BALINT_TIMES_NEVER;
    return is_before && is_after && before != after ? BALINT_TIMES_TWICE : BALINT_TIMES_ONCE;
}

struct balint_local balint_zone_local(const char *name, int64_t instant_s, int *offset_s)
{
    icaltimezone *zone = find(name);
    int offset = zone != NULL ? offset_of(zone, instant_s) : 0;
    int64_t local_s = instant_s + offset;
    if (offset_s != NULL)
        *offset_s = offset;
    return balint_local_of_minutes((local_s - (local_s % 60 + 60) % 60) / 60);
}
