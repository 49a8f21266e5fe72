/* call_report.c - `link-report`: how this client is linked to every other person, and what it let through. */
#include "call/call.h"

static void put(GstStructure *into, const char *field, GValue *list)
{
    gst_structure_take_value(into, field, list);
}

static void append(GValue *list, GstStructure *structure)
{
    GValue value = G_VALUE_INIT;
    g_value_init(&value, GST_TYPE_STRUCTURE);
    g_value_take_boxed(&value, structure);
    gst_value_array_append_and_take_value(list, &value);
}

static GstStructure *report_phase(const struct balint_phase_meter *meter, const char *id)
{
    return gst_structure_new("phase", "id", G_TYPE_STRING, id, "sound-ms", G_TYPE_INT64,
                             meter->sound_us / 1000, "frames", G_TYPE_UINT64, meter->frames, "dropped-ms",
                             G_TYPE_INT64, meter->dropped_us / 1000, NULL);
}

static GstStructure *report_remote(struct balint_call *call, int seat)
{
    const struct balint_call_remote *remote = &call->shown.remotes[seat];
    struct balint_meter meter = balint_meters_get(&call->meters, seat);
    GstStructure *structure = gst_structure_new(
        "remote", "seat", G_TYPE_INT, seat, "member", G_TYPE_STRING, remote->member, "name", G_TYPE_STRING,
        remote->name, "state", G_TYPE_STRING, balint_link_state_name(remote->link), "generation",
        G_TYPE_INT64, (gint64)remote->generation, "first-sound-ms", G_TYPE_INT64, meter.first_sound_ms,
        "first-picture-ms", G_TYPE_INT64, meter.first_picture_ms, NULL);
    GValue phases = G_VALUE_INIT;
    g_value_init(&phases, GST_TYPE_ARRAY);
    for (int i = 0; i < call->shown.format.count; i++)
        append(&phases, report_phase(&meter.phases[i], call->shown.format.phases[i].id));
    put(structure, "by-phase", &phases);
    return structure;
}

GstStructure *balint_call_report(struct balint_call *call)
{
    GstStructure *report = gst_structure_new_empty("balint-link-report");
    GValue remotes = G_VALUE_INIT;
    g_value_init(&remotes, GST_TYPE_ARRAY);
    g_mutex_lock(&call->lock);
    for (int seat = 0; seat < BALINT_SEATS; seat++)
        if (call->shown.remotes[seat].member[0])
            append(&remotes, report_remote(call, seat));
    g_mutex_unlock(&call->lock);
    put(report, "remotes", &remotes);
    return report;
}
