/* remotes.c - takes in, counts and takes down the pads of the others. */
#include "client/remotes.h"

#include <gst/audio/audio.h>
#include <stdio.h>

#include "client/soundmeter.h"

/* One pad of the call and what stands behind it. */
struct inlet {
    struct balint_remotes *remotes;
    int seat;
    bool sound;
    GstPad *pad; /* the call's */
    gulong probe;
    GstElement *queue;
    GstElement *swallow;            /* where nothing is played or shown */
    GstPad *mixed;                  /* the mixer's or compositor's request pad */
    struct balint_soundmeter meter; /* the pad's streaming thread alone */
};

struct balint_remotes {
    GstElement *pipeline, *call, *mixer, *compositor;
    gulong added, removed; /* handlers */
    gint phase;            /* atomic */
    GMutex lock;           /* everything below */
    struct balint_heard heard[BALINT_SEATS];
    GList *inlets;
};

static GstPadProbeReturn on_sound(GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
    (void)pad;
    struct inlet *inlet = user_data;
    struct balint_remotes *remotes = inlet->remotes;
    if (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) {
        GstEvent *event = GST_PAD_PROBE_INFO_EVENT(info);
        GstCaps *caps;
        GstAudioInfo audio;
        if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS)
            return GST_PAD_PROBE_OK;
        gst_event_parse_caps(event, &caps);
        if (gst_audio_info_from_caps(&audio, caps) && GST_AUDIO_INFO_FORMAT(&audio) == GST_AUDIO_FORMAT_S16)
            balint_soundmeter_init(&inlet->meter, GST_AUDIO_INFO_RATE(&audio),
                                   GST_AUDIO_INFO_CHANNELS(&audio));
        return GST_PAD_PROBE_OK;
    }
    GstMapInfo map;
    GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER(info);
    int phase = g_atomic_int_get(&remotes->phase), sound_ms = 0;
    if (inlet->meter.channels > 0 && gst_buffer_map(buffer, &map, GST_MAP_READ)) {
        gsize frame = sizeof(int16_t) * (gsize)inlet->meter.channels;
        sound_ms =
            balint_soundmeter_feed(&inlet->meter, (const int16_t *)(const void *)map.data, map.size / frame);
        gst_buffer_unmap(buffer, &map);
    }
    int64_t now_us = g_get_monotonic_time();
    g_mutex_lock(&remotes->lock);
    struct balint_heard *heard = &remotes->heard[inlet->seat];
    heard->sound_ms[phase] += sound_ms;
    heard->last_sound_us = now_us;
    if (heard->first_sound_us == 0)
        heard->first_sound_us = now_us;
    g_mutex_unlock(&remotes->lock);
    return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn on_picture(GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
    (void)pad;
    (void)info;
    struct inlet *inlet = user_data;
    struct balint_remotes *remotes = inlet->remotes;
    int phase = g_atomic_int_get(&remotes->phase);
    int64_t now_us = g_get_monotonic_time();
    g_mutex_lock(&remotes->lock);
    struct balint_heard *heard = &remotes->heard[inlet->seat];
    heard->frames[phase]++;
    if (heard->first_picture_us == 0)
        heard->first_picture_us = now_us;
    g_mutex_unlock(&remotes->lock);
    return GST_PAD_PROBE_OK;
}

/* Links the queue on to where it is played or shown, or to where it is swallowed. */
static bool lead_on(struct inlet *inlet)
{
    GstElement *where = inlet->sound ? inlet->remotes->mixer : inlet->remotes->compositor;
    GstPad *out = gst_element_get_static_pad(inlet->queue, "src");
    bool ok;
    if (where != NULL) {
        inlet->mixed = gst_element_request_pad_simple(where, "sink_%u");
        ok = inlet->mixed != NULL && gst_pad_link(out, inlet->mixed) == GST_PAD_LINK_OK;
        if (ok && !inlet->sound) /* nothing is shown until the tiles have given it its place */
            g_object_set(inlet->mixed, "alpha", 0.0, "width", 2, "height", 2, NULL);
    } else {
        inlet->swallow = gst_element_factory_make("fakesink", NULL);
        g_object_set(inlet->swallow, "sync", FALSE, "async", FALSE, "enable-last-sample", FALSE, NULL);
        gst_bin_add(GST_BIN(inlet->remotes->pipeline), inlet->swallow);
        gst_element_sync_state_with_parent(inlet->swallow);
        ok = gst_element_link(inlet->queue, inlet->swallow);
    }
    gst_object_unref(out);
    return ok;
}

/* The call's thread. */
static void on_pad_added(GstElement *call, GstPad *pad, gpointer user_data)
{
    (void)call;
    struct balint_remotes *remotes = user_data;
    int seat;
    char name[8], end;
    if (sscanf(GST_PAD_NAME(pad), "%5[a-z]_%d%c", name, &seat, &end) != 2 || seat < 0 ||
        seat >= BALINT_SEATS || !GST_PAD_IS_SRC(pad))
        return;
    struct inlet *inlet = g_new0(struct inlet, 1);
    inlet->remotes = remotes;
    inlet->seat = seat;
    inlet->sound = g_str_equal(name, "audio");
    inlet->pad = gst_object_ref(pad);
    inlet->probe =
        gst_pad_add_probe(pad,
                          inlet->sound ? GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM
                                       : GST_PAD_PROBE_TYPE_BUFFER,
                          inlet->sound ? on_sound : on_picture, inlet, NULL);
    inlet->queue = gst_element_factory_make("queue", NULL);
    /* Who falls behind loses the oldest: a call is now. */
    g_object_set(inlet->queue, "leaky", 2, "max-size-bytes", 0, "max-size-buffers", inlet->sound ? 0 : 3,
                 "max-size-time", inlet->sound ? (guint64)400 * GST_MSECOND : (guint64)0, NULL);
    gst_bin_add(GST_BIN(remotes->pipeline), inlet->queue);
    bool ok = lead_on(inlet);
    gst_element_sync_state_with_parent(inlet->queue);
    GstPad *in = gst_element_get_static_pad(inlet->queue, "sink");
    ok = gst_pad_link(pad, in) == GST_PAD_LINK_OK && ok;
    gst_object_unref(in);
    if (!ok)
        GST_ELEMENT_WARNING(remotes->pipeline, CORE, PAD, (NULL), ("a pad of the call could not be linked"));
    g_mutex_lock(&remotes->lock);
    remotes->inlets = g_list_prepend(remotes->inlets, inlet);
    g_mutex_unlock(&remotes->lock);
}

/* Main thread: nothing flows through the inlet any more. */
static gboolean take_down(gpointer user_data)
{
    struct inlet *inlet = user_data;
    struct balint_remotes *remotes = inlet->remotes;
    GstElement *where = inlet->sound ? remotes->mixer : remotes->compositor;
    gst_pad_remove_probe(inlet->pad, inlet->probe);
    /* The mixer's pad first: a queue that waits for it could not be stopped. */
    if (inlet->mixed != NULL) {
        gst_element_release_request_pad(where, inlet->mixed);
        gst_object_unref(inlet->mixed);
    }
    gst_element_set_locked_state(inlet->queue, TRUE);
    gst_element_set_state(inlet->queue, GST_STATE_NULL);
    gst_bin_remove(GST_BIN(remotes->pipeline), inlet->queue);
    if (inlet->swallow != NULL) {
        gst_element_set_locked_state(inlet->swallow, TRUE);
        gst_element_set_state(inlet->swallow, GST_STATE_NULL);
        gst_bin_remove(GST_BIN(remotes->pipeline), inlet->swallow);
    }
    gst_object_unref(inlet->pad);
    g_free(inlet);
    return G_SOURCE_REMOVE;
}

/* The call's thread. */
static void on_pad_removed(GstElement *call, GstPad *pad, gpointer user_data)
{
    (void)call;
    struct balint_remotes *remotes = user_data;
    struct inlet *gone = NULL;
    g_mutex_lock(&remotes->lock);
    for (GList *at = remotes->inlets; at != NULL && gone == NULL; at = at->next)
        if (((struct inlet *)at->data)->pad == pad)
            gone = at->data;
    remotes->inlets = g_list_remove(remotes->inlets, gone);
    g_mutex_unlock(&remotes->lock);
    if (gone != NULL)
        g_idle_add(take_down, gone);
}

struct balint_remotes *balint_remotes_new(GstElement *pipeline, GstElement *call, GstElement *mixer,
                                          GstElement *compositor)
{
    struct balint_remotes *remotes = g_new0(struct balint_remotes, 1);
    remotes->pipeline = pipeline;
    remotes->call = gst_object_ref(call);
    remotes->mixer = mixer;
    remotes->compositor = compositor;
    g_mutex_init(&remotes->lock);
    remotes->added = g_signal_connect(call, "pad-added", G_CALLBACK(on_pad_added), remotes);
    remotes->removed = g_signal_connect(call, "pad-removed", G_CALLBACK(on_pad_removed), remotes);
    return remotes;
}

void balint_remotes_free(struct balint_remotes *remotes)
{
    if (remotes == NULL)
        return;
    g_signal_handler_disconnect(remotes->call, remotes->added);
    g_signal_handler_disconnect(remotes->call, remotes->removed);
    for (GList *at = remotes->inlets; at != NULL; at = at->next)
        take_down(at->data);
    g_list_free(remotes->inlets);
    gst_object_unref(remotes->call);
    g_mutex_clear(&remotes->lock);
    g_free(remotes);
}

void balint_remotes_phase(struct balint_remotes *remotes, int phase)
{
    if (phase >= 0 && phase < BALINT_PHASES)
        g_atomic_int_set(&remotes->phase, phase);
}

struct balint_heard balint_remotes_heard(struct balint_remotes *remotes, int seat)
{
    g_mutex_lock(&remotes->lock);
    struct balint_heard heard = remotes->heard[seat];
    g_mutex_unlock(&remotes->lock);
    return heard;
}

GstPad *balint_remotes_picture(struct balint_remotes *remotes, int seat)
{
    GstPad *found = NULL;
    g_mutex_lock(&remotes->lock);
    for (GList *at = remotes->inlets; at != NULL && found == NULL; at = at->next) {
        struct inlet *inlet = at->data;
        if (inlet->seat == seat && !inlet->sound && inlet->mixed != NULL)
            found = gst_object_ref(inlet->mixed);
    }
    g_mutex_unlock(&remotes->lock);
    return found;
}
