/* links.c - reads the call's `link-report`. */
#include "client/links.h"

static void read_phases(const GstStructure *remote, struct balint_link_view *link)
{
    const GValue *list = gst_structure_get_value(remote, "by-phase");
    if (list == NULL || !GST_VALUE_HOLDS_ARRAY(list))
        return;
    for (guint i = 0; i < gst_value_array_get_size(list) && i < BALINT_PHASES; i++) {
        const GstStructure *phase = gst_value_get_structure(gst_value_array_get_value(list, i));
        gint64 dropped_ms = 0;
        if (phase != NULL && gst_structure_get_int64(phase, "dropped-ms", &dropped_ms))
            link->dropped_ms[i] = dropped_ms;
    }
}

static void read_remote(const GstStructure *remote, struct balint_link_view links[BALINT_SEATS])
{
    int seat = BALINT_NOBODY;
    gint64 generation = 0, sound_ms = -1, picture_ms = -1;
    if (!gst_structure_get_int(remote, "seat", &seat) || seat < 0 || seat >= BALINT_SEATS)
        return;
    struct balint_link_view *link = &links[seat];
    const char *state = gst_structure_get_string(remote, "state");
    gst_structure_get_int64(remote, "generation", &generation);
    gst_structure_get_int64(remote, "first-sound-ms", &sound_ms);
    gst_structure_get_int64(remote, "first-picture-ms", &picture_ms);
    link->known = true;
    g_strlcpy(link->state, state != NULL ? state : "none", sizeof link->state);
    link->generation = generation;
    link->first_sound_ms = sound_ms;
    link->first_picture_ms = picture_ms;
    read_phases(remote, link);
}

void balint_links_read(GstElement *call, struct balint_link_view links[BALINT_SEATS])
{
    GstStructure *report = NULL;
    for (int seat = 0; seat < BALINT_SEATS; seat++)
        links[seat] =
            (struct balint_link_view){.state = "none", .first_sound_ms = -1, .first_picture_ms = -1};
    g_object_get(call, "link-report", &report, NULL);
    const GValue *list = report != NULL ? gst_structure_get_value(report, "remotes") : NULL;
    if (list != NULL && GST_VALUE_HOLDS_ARRAY(list))
        for (guint i = 0; i < gst_value_array_get_size(list); i++)
            read_remote(gst_value_get_structure(gst_value_array_get_value(list, i)), links);
    g_clear_pointer(&report, gst_structure_free);
}
