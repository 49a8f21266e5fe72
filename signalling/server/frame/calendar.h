/* calendar.h - a series as iCalendar (RFC 5545) text that can be sent round, through libical.
 *
 * It holds the group's name, the dates, and nothing else: no case, no person, no link, no token, no place,
 * because calendars are shared, synchronised and shown in waiting rooms. One VEVENT repeats by the rule of
 * the series, in its zone (with the zone's rules as VTIMEZONE), so that 19:30 stays 19:30; an evening that
 * was moved is a VEVENT with its RECURRENCE-ID, one that was cancelled an EXDATE. UID stays as long as the
 * series; SEQUENCE rises with each change, so that a calendar that takes the file again replaces what it had.
 * As an invitation (RFC 5546) it is METHOD:REQUEST; a cancellation, of the whole series or one evening,
 * METHOD:CANCEL. The group itself stands for organizer and attendees: the server knows no address of anybody.
 * Any thread.
 */
#ifndef BALINT_CALENDAR_H
#define BALINT_CALENDAR_H

#include "server/frame/frame.h"

/* The text, to be freed with free(); NULL without memory. `cancelled`: the cancellation of that one evening
 * alone, for calendars that take changes one by one; NULL: the whole series as it is. */
char *balint_calendar(const char *group, const struct balint_series *series,
                      const struct balint_date *cancelled);
/* All series of a group in one file, as METHOD:PUBLISH, which asks nobody: an invitation may hold one UID
 * alone. A series of which every evening is cancelled is in it as cancelled. */
char *balint_calendar_all(const char *group, const struct balint_series *series, int count);

#endif
