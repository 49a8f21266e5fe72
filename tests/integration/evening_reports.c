/* evening_reports.c - see evening_reports.h. */
#include "evening_reports.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const json_t *remote_of(const json_t *report, const char *name)
{
    json_t *remote;
    size_t index;
    json_array_foreach(json_object_get(report, "remotes"), index, remote)
    {
        if (strcmp(json_string_value(json_object_get(remote, "name")), name) == 0)
            return remote;
    }
    fail_msg("%s never met %s", evening_self(report, "name"), name);
    return NULL;
}

int64_t evening_sum(const json_t *report, const char *name, const char *what, evening_phases phases)
{
    const json_t *by_phase = json_object_get(remote_of(report, name), "by_phase");
    int64_t sum = 0;
    for (int i = 0; phases[i] != NULL; i++) {
        const json_t *row = json_object_get(by_phase, phases[i]);
        if (row == NULL)
            fail_msg("there is no phase %s in the report of %s", phases[i], evening_self(report, "name"));
        sum += json_integer_value(json_object_get(row, what));
    }
    return sum;
}

static bool is(const json_t *event, const char *what)
{
    return strcmp(json_string_value(json_object_get(event, "what")), what) == 0;
}

int64_t evening_event(const json_t *report, const char *what, int seat, int nth)
{
    json_t *event;
    size_t index;
    json_array_foreach(json_object_get(report, "events"), index, event)
    {
        const json_t *whose = json_object_get(event, "seat");
        if (is(event, what) && whose != NULL && json_integer_value(whose) == seat && nth-- == 0)
            return json_integer_value(json_object_get(event, "at_ms"));
    }
    return -1;
}

int evening_last(const json_t *report, const char *what)
{
    json_t *event;
    size_t index;
    int seat = -1;
    json_array_foreach(json_object_get(report, "events"), index, event)
    {
        if (is(event, what) && json_object_get(event, "seat") != NULL)
            seat = (int)json_integer_value(json_object_get(event, "seat"));
    }
    return seat;
}

int64_t evening_length(const json_t *report, const char *phase)
{
    json_t *stay;
    size_t index;
    int64_t length = 0;
    json_array_foreach(json_object_get(report, "phases"), index, stay)
    {
        if (strcmp(json_string_value(json_object_get(stay, "id")), phase) == 0)
            length += json_integer_value(json_object_get(stay, "end_ms")) -
                      json_integer_value(json_object_get(stay, "start_ms"));
    }
    return length;
}

const char *evening_self(const json_t *report, const char *field)
{
    return json_string_value(json_object_get(json_object_get(report, "self"), field));
}
