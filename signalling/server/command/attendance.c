/* attendance.c - `attendance`: who attended how many minutes, for CPD. */
#include "server/command/commands.h"
#include "server/frame/csv.h"
#include "server/frame/evening.h"
#include "server/frame/zone.h"

#include <stdlib.h>
#include <string.h>

struct report {
    struct balint_series *series; /* by whose zones days are told */
    int count;
    int64_t began_s; /* of the session told last, and the zone of its day */
    const char *zone;
    const char *from, *until;
    bool csv;
    json_t *rows;
};

#define SESSION_SIZE 26 /* 2026-12-03T19:31:07+01:00 with the final NUL */

/* What a session is known by: when its first person came, on the clocks of its zone. Its first ten bytes are
 * its day. */
static void name_session(const char *zone, int64_t began_s, char name[SESSION_SIZE])
{
    int offset_s;
    char text[BALINT_LOCAL_SIZE];
    struct balint_local local = balint_zone_local(zone, began_s, &offset_s);
    int seconds = (int)((began_s + offset_s) % 60), offset = abs(offset_s) / 60;
    balint_local_write(&local, text);
    snprintf(name, SESSION_SIZE, "%s:%02u%c%02u:%02u", text, (unsigned)seconds % 60, offset_s < 0 ? '-' : '+',
             (unsigned)offset / 60 % 24, (unsigned)offset % 60);
}

static void tell(int64_t began_s, const struct balint_attendant *person, void *context)
{
    struct report *report = context;
    char session[SESSION_SIZE], day[11], name[BALINT_CELL_SIZE(BALINT_NAME_SIZE)],
        member[BALINT_CELL_SIZE(BALINT_ID_SIZE)];
    const char *role = balint_role_name(person->role);
    int minutes = (int)((person->counted_us + 30000000) / 60000000);
    if (report->zone == NULL || report->began_s != began_s)
        report->zone = balint_planned_zone(report->series, report->count, began_s);
    report->began_s = began_s;
    name_session(report->zone, began_s, session);
    snprintf(day, sizeof day, "%.10s", session);
    if ((report->from != NULL && strcmp(day, report->from) < 0) ||
        (report->until != NULL && strcmp(day, report->until) > 0))
        return;
    if (report->rows != NULL) {
        json_array_append_new(report->rows, json_pack("{ss, ss, ss, ss, si, ss}", "date", day, "member",
                                                      person->member, "name", person->name, "role", role,
                                                      "minutes", minutes, "session", session));
    } else if (report->csv) {
        balint_csv_cell(person->name, name);
        balint_csv_cell(person->member, member);
        printf("%s,%s,%s,%d,%s,%s\r\n", day, name, role, minutes, member, session);
    } else {
        printf("%s\t%s\t%s\t%d min\t%s\t%s\n", day, person->name, role, minutes, person->member, session);
    }
}

static bool read_day(struct balint_call *call, const char *option, const char **day)
{
    struct balint_local local = {0};
    *day = balint_call_option(call, option);
    return *day == NULL || balint_call_day(call, option, &local);
}

bool balint_attendance_tell(struct balint_call *call)
{
    struct report report = {.csv = balint_call_option(call, "csv") != NULL};
    if (!read_day(call, "from", &report.from) || !read_day(call, "until", &report.until))
        return false;
    if (report.from != NULL && report.until != NULL && strcmp(report.from, report.until) > 0)
        return balint_call_refuse(call, "--from %s is after --until %s. Change them over.", report.from,
                                  report.until);
    if (report.csv && call->json)
        return balint_call_refuse(call, "Give --csv or --json, not both.");
    if (!balint_dates_list(call->store, call->words[0], &report.series, &report.count, call->why))
        return false;
    report.rows = call->json ? json_array() : NULL;
    if (report.csv)
        fputs("date,name,role,minutes,member,session\r\n", stdout);
    bool ok = balint_attendance_each(call->store, call->words[0], NULL, tell, &report, call->why);
    free(report.series);
    if (ok && call->json)
        return balint_call_print(call, report.rows);
    json_decref(report.rows);
    return ok;
}
