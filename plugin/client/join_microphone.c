/* join_microphone.c - devices that are not there: those that were never found, and a microphone that is
 * pulled out while the group talks, and the next one.
 *
 * A sound server ends the stream of a device that vanishes, and GStreamer calls that an error. Nobody is to
 * lose the session by it: the dead source is taken out, and until one gives sound again the one that was
 * chosen and the system's own choice are tried by turns. What is still on the bus from a source that was
 * taken out says nothing new. Main thread, but for the two probes.
 */
#include "client/join.h"

#define TRY_MS 1000 /* between two tries */

void balint_join_missing(struct balint_joined *join)
{
    static const char *const told[2][2] = {
        {NULL, "No microphone was found: who observes needs none."},
        {"No camera was found: the others see a plain picture in your place.",
         "No camera was found: the others see a plain picture in your place. No microphone was found: who "
         "observes needs none."},
    };
    const char *text = told[join->options.no_camera][join->options.no_microphone];
    if (text != NULL)
        balint_join_say(join, text);
}

static gboolean on_sound(gpointer user_data)
{
    struct balint_joined *join = user_data;
    if (!join->microphone_gone)
        return G_SOURCE_REMOVE;
    join->microphone_gone = false;
    balint_join_say(join, "Your microphone is back.");
    return G_SOURCE_REMOVE;
}

/* The source's streaming thread: its first sound. */
static GstPadProbeReturn on_first(GstPad *pad, GstPadProbeInfo *info, gpointer join)
{
    (void)pad;
    (void)info;
    g_idle_add(on_sound, join);
    return GST_PAD_PROBE_REMOVE;
}

static void take_out(struct balint_joined *join)
{
    struct balint_pipeline *p = &join->pipeline;
    gst_element_set_state(p->microphone, GST_STATE_NULL);
    gst_bin_remove(GST_BIN(p->pipeline), p->microphone);
    p->microphone = NULL;
    /* Who spoke does so no longer: the meter closes what is open. It goes no further than that. */
    GstPad *pad = gst_element_get_static_pad(p->hears, "sink");
    gst_pad_send_event(pad, gst_event_new_eos());
    gst_object_unref(pad);
}

static void put_in(struct balint_joined *join)
{
    struct balint_pipeline *p = &join->pipeline;
    struct balint_options options = join->options;
    if (join->microphone_tries++ % 2 == 1)
        options.audio_source = NULL; /* the system's own choice */
    p->microphone = balint_sound_source(&options, NULL, join->why);
    if (p->microphone == NULL)
        return;
    gst_bin_add(GST_BIN(p->pipeline), p->microphone);
    GstPad *pad = gst_element_get_static_pad(p->microphone, "src");
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, on_first, join, NULL);
    gst_object_unref(pad);
    if (!gst_element_link(p->microphone, p->hears) || !gst_element_sync_state_with_parent(p->microphone))
        take_out(join);
}

static gboolean on_try(gpointer user_data)
{
    struct balint_joined *join = user_data;
    if (!join->microphone_gone || join->leaving) {
        join->microphone_try = 0;
        return G_SOURCE_REMOVE;
    }
    if (join->pipeline.microphone == NULL)
        put_in(join);
    return G_SOURCE_CONTINUE;
}

/* Automatic sources warn when they find nothing, and then stand in with a source of nothing. */
void balint_join_microphone_warning(struct balint_joined *join, GstObject *source)
{
    GstElement *microphone = join->pipeline.microphone;
    if (join->microphone_gone && microphone != NULL &&
        gst_object_has_as_ancestor(source, GST_OBJECT(microphone)))
        take_out(join);
}

bool balint_join_microphone_error(struct balint_joined *join, GstObject *source)
{
    struct balint_pipeline *p = &join->pipeline;
    if (join->file != NULL || !balint_reporter_listened(join->reporter))
        return false; /* there never was one: that is told, and ends the program */
    if (!gst_object_has_as_ancestor(source, GST_OBJECT(p->pipeline)))
        return true;
    if (p->microphone == NULL || !gst_object_has_as_ancestor(source, GST_OBJECT(p->microphone)))
        return false;
    take_out(join);
    if (!join->microphone_gone)
        balint_join_say(join, "Your microphone is gone: connect one, and it is used at once.");
    join->microphone_gone = true;
    if (join->microphone_try == 0)
        join->microphone_try = g_timeout_add(TRY_MS, on_try, join);
    return true;
}
