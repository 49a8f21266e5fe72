/* join_loudspeaker.c - a loudspeaker that vanishes while the group talks, and the next one.
 *
 * As with the microphone (join_microphone.c), a sound server ends the stream of a device that is gone, and
 * nobody is to lose the session by it. Before the loudspeaker stands an element that lets no error back to
 * the mixer (sources.c), so that the rest goes on in silence; the dead one is unlinked when nothing flows
 * through it, and until one holds out, the one that was chosen and the system's own choice are tried by
 * turns. Main thread, but for the probe.
 */
#include "client/join.h"

#define TRY_MS 1000 /* between two tries; who holds out so long is taken */

static void remove_sink(struct balint_pipeline *p, GstElement *sink)
{
    gst_element_set_locked_state(sink, TRUE);
    gst_element_set_state(sink, GST_STATE_NULL);
    gst_bin_remove(GST_BIN(p->pipeline), sink);
}

/* No state that the pipeline waits for: its other parts play on. The system's own choice makes its real sink,
 * a child of a child, when it becomes ready. */
static void never_wait(GstElement *sink)
{
    GstIterator *inside = gst_bin_iterate_recurse(GST_BIN(sink));
    GValue item = G_VALUE_INIT;
    while (gst_iterator_next(inside, &item) == GST_ITERATOR_OK) {
        GObject *element = g_value_get_object(&item);
        if (g_object_class_find_property(G_OBJECT_GET_CLASS(element), "async") != NULL)
            g_object_set(element, "async", FALSE, NULL);
        g_value_reset(&item);
    }
    g_value_unset(&item);
    gst_iterator_free(inside);
}

static void put_in(struct balint_joined *join)
{
    struct balint_pipeline *p = &join->pipeline;
    struct balint_options options = join->options;
    if (join->loudspeaker_tries++ % 2 == 1)
        options.audio_sink = NULL; /* the system's own choice … */
    if (options.audio_sink == NULL && !balint_loudspeaker_found())
        return; /* … which would be to swallow all */
    GstElement *sink = balint_sound_sink(&options, join->why);
    if (sink == NULL)
        return;
    gst_bin_add(GST_BIN(p->pipeline), sink);
    bool ready = gst_element_set_state(sink, GST_STATE_READY) != GST_STATE_CHANGE_FAILURE;
    never_wait(sink);
    if (ready && gst_element_sync_state_with_parent(sink) && gst_element_link(p->plays, sink))
        p->loudspeaker = sink;
    else
        remove_sink(p, sink);
}

static gboolean on_try(gpointer user_data)
{
    struct balint_joined *join = user_data;
    if (join->loudspeaker_going && !join->leaving)
        return G_SOURCE_CONTINUE;
    if (join->pipeline.loudspeaker == NULL && !join->leaving) {
        put_in(join);
        return G_SOURCE_CONTINUE;
    }
    join->loudspeaker_try = 0;
    if (!join->leaving)
        balint_join_say(join, "Your loudspeaker is back.");
    return G_SOURCE_REMOVE;
}

static gboolean on_unlinked(gpointer user_data)
{
    struct balint_joined *join = user_data;
    if (join->pipeline.pipeline == NULL)
        return G_SOURCE_REMOVE; /* all is over */
    remove_sink(&join->pipeline, join->pipeline.loudspeaker);
    join->pipeline.loudspeaker = NULL;
    join->loudspeaker_going = false;
    return G_SOURCE_REMOVE;
}

/* The streaming thread, or this one where nothing flows. */
static GstPadProbeReturn on_idle(GstPad *pad, GstPadProbeInfo *info, gpointer join)
{
    GstPad *peer = gst_pad_get_peer(pad);
    (void)info;
    if (peer != NULL)
        gst_pad_unlink(pad, peer);
    g_clear_object(&peer);
    g_idle_add(on_unlinked, join);
    return GST_PAD_PROBE_REMOVE;
}

bool balint_join_loudspeaker_error(struct balint_joined *join, GstObject *source)
{
    struct balint_pipeline *p = &join->pipeline;
    if (p->plays == NULL || join->playing_us == 0)
        return false; /* there never was one: that is told, and ends the program */
    if (!gst_object_has_as_ancestor(source, GST_OBJECT(p->pipeline)))
        return join->loudspeaker_try != 0; /* of one that was taken out */
    if (p->loudspeaker == NULL || !gst_object_has_as_ancestor(source, GST_OBJECT(p->loudspeaker)))
        return false;
    if (join->loudspeaker_going)
        return true;
    if (join->loudspeaker_try == 0) {
        balint_join_say(join, "No loudspeaker: connect one, and it is used at once.");
        join->loudspeaker_try = g_timeout_add(TRY_MS, on_try, join);
    }
    join->loudspeaker_going = true;
    GstPad *pad = gst_element_get_static_pad(p->plays, "src");
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_IDLE, on_idle, join, NULL);
    gst_object_unref(pad);
    return true;
}
