/* attendance.c - `attendance`: who attended how many minutes, for CPD. */
#include "server/command/commands.h"
#include "server/frame/csv.h"
#include "server/frame/frame.h"
#include "server/frame/zone.h"

#include <stdlib.h>
#include <string.h>

struct report {
    char zone[64]; /* whose days are told; "": UTC */
    const char *from, *until;
    bool csv;
    json_t *rows;
};

/* The zone of the newest series; a group that plans no dates has days of UTC. */
static bool find_zone(struct balint_call *call, char zone[64])
{
    struct balint_series *all;
    int count;
    if (!balint_dates_list(call->store, call->words[0], &all, &count, call->why))
        return false;
    zone[0] = '\0';
    if (count > 0)
        strcpy(zone, all[count - 1].zone);
    free(all);
    return true;
}

static void tell(int64_t began_s, const struct balint_attendant *person, void *context)
{
    struct report *report = context;
    struct balint_local local = balint_zone_local(report->zone, began_s, NULL);
    char text[BALINT_LOCAL_SIZE], day[11], name[BALINT_CELL_SIZE(BALINT_NAME_SIZE)];
    const char *role = balint_role_name(person->role);
    int minutes = (int)((person->counted_us + 30000000) / 60000000);
    balint_local_write(&local, text);
    snprintf(day, sizeof day, "%.10s", text);
    if ((report->from != NULL && strcmp(day, report->from) < 0) ||
        (report->until != NULL && strcmp(day, report->until) > 0))
        return;
    if (report->rows != NULL) {
        json_array_append_new(report->rows,
                              json_pack("{ss, ss, ss, ss, si}", "date", day, "member", person->member, "name",
                                        person->name, "role", role, "minutes", minutes));
    } else if (report->csv) {
        balint_csv_cell(person->name, name);
        printf("%s,%s,%s,%d\r\n", day, name, role, minutes);
    } else {
        printf("%s\t%s\t%s\t%d min\n", day, person->name, role, minutes);
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
    if (!read_day(call, "from", &report.from) || !read_day(call, "until", &report.until) ||
        !find_zone(call, report.zone))
        return false;
    if (report.from != NULL && report.until != NULL && strcmp(report.from, report.until) > 0)
        return balint_call_refuse(call, "--from %s is after --until %s. Change them over.", report.from,
                                  report.until);
    if (report.csv && call->json)
        return balint_call_refuse(call, "Give --csv or --json, not both.");
    report.rows = call->json ? json_array() : NULL;
    if (report.csv)
        fputs("date,name,role,minutes\r\n", stdout);
    if (!balint_attendance_each(call->store, call->words[0], NULL, tell, &report, call->why)) {
        json_decref(report.rows);
        return false;
    }
    return !call->json || balint_call_print(call, report.rows);
}
