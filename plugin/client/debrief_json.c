/* debrief_json.c - the debrief as a file's text; its fields are in debrief.h. */
#include <jansson.h>
#include <math.h>

#include "client/debrief.h"

static json_t *minutes(int64_t ms)
{
    return json_real(round((double)ms / 6000.0) / 10.0);
}

static json_t *share(double of)
{
    return json_real(round(of * 100.0) / 100.0);
}

/* Of what was measured; null where nothing was. */
static json_t *part(int64_t ms, int64_t measured_ms)
{
    return measured_ms > 0 ? share((double)ms / (double)measured_ms) : json_null();
}

static json_t *write_phases(const struct balint_debrief *debrief)
{
    const struct balint_format *format = &debrief->format;
    json_t *list = json_array();
    for (int i = 0; i < debrief->after.visit_count; i++) {
        const struct balint_after_visit *visit = &debrief->after.visits[i];
        if (visit->phase < 0 || visit->phase >= format->count)
            continue;
        json_t *item = json_pack("{s:s, s:s, s:o}", "phase", format->phases[visit->phase].id, "title",
                                 format->phases[visit->phase].title, "minutes",
                                 minutes(visit->end_ms - visit->start_ms));
        if (visit->case_number >= 0)
            json_object_set_new(item, "case", json_integer(visit->case_number + 1));
        json_array_append_new(list, item);
    }
    return list;
}

static json_t *write_case(const struct balint_after_case *of, int number)
{
    json_t *members = json_array();
    for (int i = 0; i < of->member_count; i++)
        json_array_append_new(members, json_pack("{s:o, s:o}", "share", share(of->shares[i]), "minutes",
                                                 minutes(of->spoken_ms[i])));
    return json_pack(
        "{s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:i, s:o, s:i, s:i, s:i}", "case", number,
        "discussion_minutes", minutes(of->discussion_ms), "read_minutes", minutes(of->measured_ms),
        "silence_share", part(of->silence_ms, of->measured_ms), "silence_longest_s",
        of->measured_ms > 0 ? json_integer((of->longest_ms + 500) / 1000) : json_null(), "overlap_share",
        part(of->overlap_ms, of->measured_ms), "leaders_share", share(of->leaders_share), "leaders_minutes",
        minutes(of->leaders_ms), "leaders_turns", of->leaders_turns, "turns", of->turns, "members", members,
        "not_heard", of->unheard, "no_reading", of->unread, "shared", of->shared);
}

char *balint_debrief_json(const struct balint_debrief *debrief)
{
    const struct balint_after *after = &debrief->after;
    json_t *cases = json_array();
    for (int i = 0; i < after->case_count; i++)
        if (after->cases[i].discussion_ms > 0 || after->cases[i].members_ms > 0)
            json_array_append_new(cases, write_case(&after->cases[i], i + 1));
    json_t *root = json_pack("{s:i, s:s, s:s, s:o, s:o}", "schema", 1, "kind", "balint-debrief", "date",
                             debrief->date, "phases", write_phases(debrief), "cases", cases);
    char *text = root != NULL ? json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(6)) : NULL;
    json_decref(root);
    return text;
}
