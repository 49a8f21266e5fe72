/* calendar.c - a series as iCalendar text, see calendar.h. */
#include "server/frame/calendar.h"

#include <libical/ical.h>
#include <stdlib.h>
#include <string.h>

static icaltimetype time_of(const char *text)
{
    struct balint_local local = {0};
    icaltimetype time = icaltime_null_time();
    if (!balint_local_read(&local, text, false))
        return time;
    time.year = local.year;
    time.month = local.month;
    time.day = local.day;
    time.hour = local.hour;
    time.minute = local.minute;
    time.is_date = 0;
    return time;
}

/* A property with a local time in the series' zone. */
static void add_time(icalcomponent *event, icalproperty *property, const char *zone)
{
    icalproperty_add_parameter(property, icalparameter_new_tzid(zone));
    icalcomponent_add_property(event, property);
}

/* The group stands for organizer and attendees (RFC 5546 wants both), by the series' own URN. */
static void add_group(icalcomponent *event, const char *group, const char *uid)
{
    char urn[64];
    snprintf(urn, sizeof urn, "urn:uuid:%s", uid);
    icalproperty *organizer = icalproperty_new_organizer(urn), *attendee = icalproperty_new_attendee(urn);
    icalproperty_add_parameter(organizer, icalparameter_new_cn(group));
    icalproperty_add_parameter(attendee, icalparameter_new_cutype(ICAL_CUTYPE_GROUP));
    icalproperty_add_parameter(attendee, icalparameter_new_cn(group));
    icalproperty_add_parameter(attendee, icalparameter_new_rsvp(ICAL_RSVP_FALSE));
    icalcomponent_add_property(event, organizer);
    icalcomponent_add_property(event, attendee);
}

/* An evening that begins at a local time; the caller's to add to. */
static icalcomponent *new_event(const char *group, const struct balint_series *series, const char *begins,
                                bool cancelled)
{
    char summary[BALINT_NAME_SIZE + 16];
    icaltimetype stamp =
        icaltime_from_timet_with_zone((time_t)series->changed_s, 0, icaltimezone_get_utc_timezone());
    icalcomponent *event = icalcomponent_new(ICAL_VEVENT_COMPONENT);
    snprintf(summary, sizeof summary, "Balint group %s", group);
    icalcomponent_add_property(event, icalproperty_new_uid(series->uid));
    icalcomponent_add_property(event, icalproperty_new_dtstamp(stamp));
    icalcomponent_add_property(event, icalproperty_new_sequence(series->sequence));
    add_time(event, icalproperty_new_dtstart(time_of(begins)), series->zone);
    icalcomponent_add_property(event,
                               icalproperty_new_duration(icaldurationtype_from_int(series->minutes * 60)));
    icalcomponent_add_property(event, icalproperty_new_summary(summary));
    icalcomponent_add_property(
        event, icalproperty_new_status(cancelled ? ICAL_STATUS_CANCELLED : ICAL_STATUS_CONFIRMED));
    icalcomponent_add_property(event, icalproperty_new_class(ICAL_CLASS_PRIVATE));
    add_group(event, group, series->uid);
    return event;
}

/* RFC 5545 3.3.10. A monthly series is on the same weekday of the month, never on the same number of a day.
 */
static void add_rule(icalcomponent *event, const struct balint_series *series)
{
    static const char *const days[] = {"SU", "MO", "TU", "WE", "TH", "FR", "SA"};
    struct balint_local first = {0};
    char rule[96];
    if (series->count < 2 || !balint_local_read(&first, series->dates[0].planned, false))
        return;
    if (series->every == BALINT_EVERY_MONTH)
        snprintf(rule, sizeof rule, "FREQ=MONTHLY;COUNT=%d;BYDAY=%d%s", series->count,
                 balint_local_nth(&first), days[balint_local_weekday(&first)]);
    else
        snprintf(rule, sizeof rule, "FREQ=WEEKLY;COUNT=%d;INTERVAL=%d", series->count,
                 series->every == BALINT_EVERY_TWO_WEEKS ? 2 : 1);
    icalcomponent_add_property(event, icalproperty_new_rrule(icalrecurrencetype_from_string(rule)));
}

static bool is_moved(const struct balint_date *date)
{
    return strcmp(date->planned, date->begins) != 0;
}

static void add_series(icalcomponent *calendar, const char *group, const struct balint_series *series)
{
    bool single = series->count == 1;
    icalcomponent *all =
        new_event(group, series, single ? series->dates[0].begins : series->dates[0].planned, false);
    add_rule(all, series);
    for (int i = 0; i < series->count; i++)
        if (series->dates[i].cancelled)
            add_time(all, icalproperty_new_exdate(time_of(series->dates[i].planned)), series->zone);
    icalcomponent_add_component(calendar, all);
    for (int i = 0; i < series->count && !single; i++) {
        const struct balint_date *date = &series->dates[i];
        if (date->cancelled || !is_moved(date))
            continue;
        icalcomponent *one = new_event(group, series, date->begins, false);
        add_time(one, icalproperty_new_recurrenceid(time_of(date->planned)), series->zone);
        icalcomponent_add_component(calendar, one);
    }
}

/* A zone's rules, from a year before a first evening on. */
static icalcomponent *zone_of(const char *name, const char *first)
{
    icaltimezone *zone = icaltimezone_get_builtin_timezone(name);
    icalcomponent *rules = zone != NULL ? icaltimezone_get_component(zone) : NULL;
    if (rules == NULL || (rules = icalcomponent_new_clone(rules)) == NULL)
        return NULL;
    icaltimetype from = time_of(first), until = icaltime_null_time();
    from.year--;
    from.zone = icaltimezone_get_utc_timezone();
    icaltimezone_truncate_vtimezone(rules, from, until, 0);
    icalproperty *id = icalcomponent_get_first_property(rules, ICAL_TZID_PROPERTY);
    if (id != NULL)
        icalproperty_set_tzid(id, name); /* libical's own has a prefix */
    return rules;
}

/* The rules of the series' zones, each zone once. */
static void add_zones(icalcomponent *calendar, const struct balint_series *series, int count)
{
    for (int i = 0; i < count; i++) {
        const char *first = series[i].dates[0].planned;
        bool told = false;
        for (int j = 0; j < count; j++) {
            if (strcmp(series[j].zone, series[i].zone) != 0)
                continue;
            told = told || j < i;
            if (strcmp(series[j].dates[0].planned, first) < 0)
                first = series[j].dates[0].planned;
        }
        icalcomponent *rules = told ? NULL : zone_of(series[i].zone, first);
        if (rules != NULL)
            icalcomponent_add_component(calendar, rules);
    }
}

static icalcomponent *new_calendar(icalproperty_method method)
{
    return icalcomponent_vanew(
        ICAL_VCALENDAR_COMPONENT, icalproperty_new_version("2.0"),
        icalproperty_new_prodid("-//Balint Circle//balint-server " PACKAGE_VERSION "//EN"),
        icalproperty_new_method(method), (void *)0);
}

/* Frees it. NULL without memory. */
static char *text_of(icalcomponent *calendar)
{
    char *text = icalcomponent_as_ical_string_r(calendar), *copy = text != NULL ? strdup(text) : NULL;
    icalmemory_free_buffer(text);
    icalcomponent_free(calendar);
    return copy;
}

static bool is_over(const struct balint_series *series)
{
    for (int i = 0; i < series->count; i++)
        if (!series->dates[i].cancelled)
            return false;
    return true;
}

char *balint_calendar(const char *group, const struct balint_series *series,
                      const struct balint_date *cancelled)
{
    bool cancels = cancelled != NULL || is_over(series);
    icalcomponent *calendar = new_calendar(cancels ? ICAL_METHOD_CANCEL : ICAL_METHOD_REQUEST);
    add_zones(calendar, series, 1);
    if (cancelled != NULL && series->count > 1) {
        icalcomponent *one = new_event(group, series, cancelled->begins, true);
        add_time(one, icalproperty_new_recurrenceid(time_of(cancelled->planned)), series->zone);
        icalcomponent_add_component(calendar, one);
    } else if (cancels) { /* all of it: the UID alone says what */
        icalcomponent_add_component(calendar, new_event(group, series, series->dates[0].begins, true));
    } else {
        add_series(calendar, group, series);
    }
    return text_of(calendar);
}

char *balint_calendar_all(const char *group, const struct balint_series *series, int count)
{
    icalcomponent *calendar = new_calendar(ICAL_METHOD_PUBLISH);
    add_zones(calendar, series, count);
    for (int i = 0; i < count; i++)
        if (is_over(&series[i]))
            icalcomponent_add_component(calendar,
                                        new_event(group, &series[i], series[i].dates[0].begins, true));
        else
            add_series(calendar, group, &series[i]);
    for (icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
         event != NULL; event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
        icalproperty *attendee = icalcomponent_get_first_property(event, ICAL_ATTENDEE_PROPERTY);
        icalcomponent_remove_property(event, attendee);
        icalproperty_free(attendee);
    }
    return text_of(calendar);
}
