/* caller.c - see caller.h. */
#include "fakes/caller.h"

#include "call/balintcall.h"

#include <stdio.h>
#include <string.h>

static gboolean plugin_init(GstPlugin *plugin)
{
    return gst_element_register(plugin, "balintcall", GST_RANK_NONE, BALINT_TYPE_CALL);
}

void balint_caller_setup(int *argc, char ***argv)
{
    gst_init(argc, argv);
    gst_plugin_register_static(GST_VERSION_MAJOR, GST_VERSION_MINOR, "balint-test", "balintcall for tests",
                               plugin_init, "0", "LGPL", "balint", "balint",
                               "https://balint-circle.invalid/");
}

/* ---- ears */

struct ear {
    struct balint_caller *caller;
    int seat;
};

static gboolean is_loud(const gint16 *samples, gsize count)
{
    double sum = 0;
    for (gsize i = 0; i < count; i++)
        sum += (double)samples[i] * samples[i];
    return count && sum / (double)count > 32.768 * 32.768; /* -60 dBFS */
}

/* How far in the future a buffer is to be played; the pipeline's clock is the system's. */
static gint64 ahead_us(struct balint_caller *caller, GstBuffer *buffer, gint64 now)
{
    if (!GST_BUFFER_PTS_IS_VALID(buffer))
        return 0;
    return (gint64)((gst_element_get_base_time(caller->pipeline) + GST_BUFFER_PTS(buffer)) / 1000) - now;
}

static GstPadProbeReturn on_sound(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
    struct ear *ear = data;
    GstMapInfo map;
    gint64 now = g_get_monotonic_time(), ahead = ahead_us(ear->caller, GST_PAD_PROBE_INFO_BUFFER(info), now);
    (void)pad;
    if (!gst_buffer_map(GST_PAD_PROBE_INFO_BUFFER(info), &map, GST_MAP_READ))
        return GST_PAD_PROBE_OK;
    gsize count = map.size / 2;
    gboolean loud = is_loud((const gint16 *)map.data, count);
    gst_buffer_unmap(GST_PAD_PROBE_INFO_BUFFER(info), &map);
    g_mutex_lock(&ear->caller->lock);
    struct balint_caller_ear *heard = &ear->caller->ears[ear->seat];
    heard->samples += (gint64)count;
    heard->loud_samples += loud ? (gint64)count : 0;
    if (heard->last_us)
        heard->longest_us = MAX(heard->longest_us, now - heard->last_us);
    heard->last_us = now;
    heard->ahead_us = MAX(heard->ahead_us, ahead);
    g_mutex_unlock(&ear->caller->lock);
    return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn on_picture(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
    struct ear *ear = data;
    (void)pad;
    (void)info;
    g_mutex_lock(&ear->caller->lock);
    ear->caller->ears[ear->seat].pictures++;
    g_mutex_unlock(&ear->caller->lock);
    return GST_PAD_PROBE_OK;
}

static void on_pad_added(GstElement *call, GstPad *pad, struct balint_caller *caller)
{
    const char *name = GST_PAD_NAME(pad);
    (void)call;
    if (!GST_PAD_IS_SRC(pad))
        return;
    struct ear *ear = g_new(struct ear, 1);
    *ear = (struct ear){caller, atoi(strchr(name, '_') + 1)};
    GstElement *sink = gst_element_factory_make("fakesink", NULL);
    g_object_set(sink, "sync", FALSE, "async", FALSE, NULL);
    gst_bin_add(GST_BIN(caller->pipeline), sink);
    gst_element_sync_state_with_parent(sink);
    GstPad *target = gst_element_get_static_pad(sink, "sink");
    gst_pad_add_probe(target, GST_PAD_PROBE_TYPE_BUFFER, name[0] == 'a' ? on_sound : on_picture, ear, g_free);
    gst_pad_link(pad, target);
    gst_object_unref(target);
    g_object_set_data(G_OBJECT(pad), "sink", sink);
    g_mutex_lock(&caller->lock);
    caller->ears[ear->seat].pads++;
    caller->ears[ear->seat].pads_ever++;
    g_mutex_unlock(&caller->lock);
}

static void on_pad_removed(GstElement *call, GstPad *pad, struct balint_caller *caller)
{
    GstElement *sink = g_object_get_data(G_OBJECT(pad), "sink");
    (void)call;
    if (!sink)
        return;
    gst_element_set_state(sink, GST_STATE_NULL);
    gst_bin_remove(GST_BIN(caller->pipeline), sink);
    g_mutex_lock(&caller->lock);
    caller->ears[atoi(strchr(GST_PAD_NAME(pad), '_') + 1)].pads--;
    g_mutex_unlock(&caller->lock);
}

/* ---- the wire */

static void add(struct balint_caller_wire *wire, guint8 first, guint8 second, gboolean sent)
{
    bool control = second >= 192 && second <= 223; /* RFC 5761, 4 */
    if (first >= 128 && first <= 191) {
        *(sent ? &wire->sent_srtp : &wire->received_srtp) += 1;
        *(sent ? &wire->sent_media : &wire->received_media) += !control;
    } else if (first >= 20 && first <= 63)
        *(sent ? &wire->sent_dtls : &wire->received_dtls) += 1;
}

static void count(const struct ear *ear, GstBuffer *buffer, gboolean sent)
{
    guint8 bytes[2] = {0, 0};
    gst_buffer_extract(buffer, 0, bytes, sizeof bytes);
    g_mutex_lock(&ear->caller->lock);
    add(&ear->caller->wire, bytes[0], bytes[1], sent);
    if (ear->seat >= 0)
        add(&ear->caller->wires[ear->seat], bytes[0], bytes[1], sent);
    g_mutex_unlock(&ear->caller->lock);
}

static GstPadProbeReturn count_pad(GstPadProbeInfo *info, const struct ear *ear, gboolean sent)
{
    if (info->type & GST_PAD_PROBE_TYPE_BUFFER) {
        count(ear, GST_PAD_PROBE_INFO_BUFFER(info), sent);
    } else {
        GstBufferList *list = GST_PAD_PROBE_INFO_BUFFER_LIST(info);
        for (guint i = 0; i < gst_buffer_list_length(list); i++)
            count(ear, gst_buffer_list_get(list, i), sent);
    }
    return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn on_sent(GstPad *pad, GstPadProbeInfo *info, gpointer ear)
{
    (void)pad;
    return count_pad(info, ear, TRUE);
}

static GstPadProbeReturn on_received(GstPad *pad, GstPadProbeInfo *info, gpointer ear)
{
    (void)pad;
    return count_pad(info, ear, FALSE);
}

/* The seat that a link leads to: its bin's name says it. -1: the link is being taken down just now, and its
 * transport comes too late to carry anything. */
static int seat_of(GstElement *element)
{
    int seat = -1;
    GstObject *parent = gst_object_get_parent(GST_OBJECT(element));
    while (parent && sscanf(GST_OBJECT_NAME(parent), "link-%d-", &seat) != 1) {
        GstObject *next = gst_object_get_parent(parent);
        gst_object_unref(parent);
        parent = next;
    }
    g_clear_object(&parent);
    return seat;
}

/* This handler sits on the pipeline, the element's own on its webrtcbin: that one runs first, so that its
 * probes come first and only what they let through is counted as sent. */
static void on_element(GstBin *pipeline, GstBin *parent, GstElement *element, struct balint_caller *caller)
{
    GstElementFactory *factory = gst_element_get_factory(element);
    const char *name = factory ? GST_OBJECT_NAME(factory) : "";
    gboolean sink = strcmp(name, "nicesink") == 0;
    (void)pipeline;
    (void)parent;
    if (!sink && strcmp(name, "nicesrc") != 0)
        return;
    struct ear *ear = g_new(struct ear, 1);
    *ear = (struct ear){caller, seat_of(element)};
    GstPad *pad = gst_element_get_static_pad(element, sink ? "sink" : "src");
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST,
                      sink ? on_sent : on_received, ear, g_free);
    gst_object_unref(pad);
}

/* ---- signals */

static void on_ready(GstElement *call, int seat, struct balint_caller *caller)
{
    (void)call;
    g_mutex_lock(&caller->lock);
    caller->seat = seat;
    g_mutex_unlock(&caller->lock);
}

static void on_displaced(GstElement *call, struct balint_caller *caller)
{
    (void)call;
    g_mutex_lock(&caller->lock);
    caller->displaced++;
    g_mutex_unlock(&caller->lock);
}

static void on_closed(GstElement *call, const char *code, const char *text, struct balint_caller *caller)
{
    (void)call;
    (void)text;
    g_mutex_lock(&caller->lock);
    g_strlcpy(caller->closed, code, sizeof caller->closed);
    g_mutex_unlock(&caller->lock);
}

static void on_refused(GstElement *call, const char *code, const char *text, struct balint_caller *caller)
{
    (void)call;
    (void)text;
    g_mutex_lock(&caller->lock);
    g_strlcpy(caller->refused, code, sizeof caller->refused);
    g_mutex_unlock(&caller->lock);
}

static void on_link(GstElement *call, int seat, const char *state, struct balint_caller *caller)
{
    (void)call;
    g_mutex_lock(&caller->lock);
    g_strlcpy(caller->links[seat], state, sizeof caller->links[seat]);
    caller->links_lost[seat] += strcmp(state, "lost") == 0;
    g_mutex_unlock(&caller->lock);
}

/* ---- the person */

static int picture_width = 320, picture_height = 180, pictures_a_second = 15;

void balint_caller_pictures_a_second(int count)
{
    pictures_a_second = count;
}

void balint_caller_picture(int width, int height)
{
    picture_width = width;
    picture_height = height;
}

struct balint_caller *balint_caller_new(const char *link, const char *server, int hertz, const char *device)
{
    g_autofree char *text =
        g_strdup_printf("balintcall name=call "
                        "audiotestsrc is-live=true wave=sine volume=0.3 freq=%d samplesperbuffer=960 ! "
                        "audio/x-raw,format=S16LE,rate=48000,channels=1 ! call.audio "
                        "videotestsrc is-live=true pattern=ball ! "
                        "video/x-raw,format=I420,width=%d,height=%d,framerate=%d/1 ! "
                        "call.video",
                        hertz, picture_width, picture_height, pictures_a_second);
    struct balint_caller *caller = g_new0(struct balint_caller, 1);
    g_mutex_init(&caller->lock);
    caller->seat = BALINT_NOBODY;
    caller->pipeline = gst_parse_launch(text, NULL);
    caller->call = gst_bin_get_by_name(GST_BIN(caller->pipeline), "call");
    g_object_set(caller->call, "invitation", link, "server", server, "device", device, NULL);
    g_signal_connect(caller->call, "pad-added", G_CALLBACK(on_pad_added), caller);
    g_signal_connect(caller->call, "pad-removed", G_CALLBACK(on_pad_removed), caller);
    g_signal_connect(caller->call, "ready", G_CALLBACK(on_ready), caller);
    g_signal_connect(caller->call, "displaced", G_CALLBACK(on_displaced), caller);
    g_signal_connect(caller->call, "closed", G_CALLBACK(on_closed), caller);
    g_signal_connect(caller->call, "refused", G_CALLBACK(on_refused), caller);
    g_signal_connect(caller->call, "link-changed", G_CALLBACK(on_link), caller);
    g_signal_connect(caller->pipeline, "deep-element-added", G_CALLBACK(on_element), caller);
    return caller;
}

void balint_caller_start(struct balint_caller *caller)
{
    gst_element_set_state(caller->pipeline, GST_STATE_PLAYING);
}

void balint_caller_free(struct balint_caller *caller)
{
    if (!caller)
        return;
    gst_element_set_state(caller->pipeline, GST_STATE_NULL);
    gst_object_unref(caller->call);
    gst_object_unref(caller->pipeline);
    g_mutex_clear(&caller->lock);
    g_free(caller);
}

struct balint_caller_ear balint_caller_ear(struct balint_caller *caller, int seat)
{
    g_mutex_lock(&caller->lock);
    struct balint_caller_ear ear = caller->ears[seat];
    g_mutex_unlock(&caller->lock);
    return ear;
}

struct balint_caller_wire balint_caller_wire(struct balint_caller *caller)
{
    g_mutex_lock(&caller->lock);
    struct balint_caller_wire wire = caller->wire;
    g_mutex_unlock(&caller->lock);
    return wire;
}

struct balint_caller_wire balint_caller_wire_of(struct balint_caller *caller, int seat)
{
    g_mutex_lock(&caller->lock);
    struct balint_caller_wire wire = caller->wires[seat];
    g_mutex_unlock(&caller->lock);
    return wire;
}

gboolean balint_caller_link_is(struct balint_caller *caller, int seat, const char *state)
{
    g_mutex_lock(&caller->lock);
    gboolean is = strcmp(caller->links[seat], state) == 0;
    g_mutex_unlock(&caller->lock);
    return is;
}

gint64 balint_caller_generation(struct balint_caller *caller, int seat)
{
    GstStructure *report = NULL;
    gint64 generation = 0;
    g_object_get(caller->call, "link-report", &report, NULL);
    const GValue *remotes = gst_structure_get_value(report, "remotes");
    for (guint i = 0; i < gst_value_array_get_size(remotes); i++) {
        const GstStructure *remote = gst_value_get_structure(gst_value_array_get_value(remotes, i));
        int at = -1;
        if (gst_structure_get_int(remote, "seat", &at) && at == seat)
            gst_structure_get_int64(remote, "generation", &generation);
    }
    gst_structure_free(report);
    return generation;
}

/* Errors of the bus are counted, and printed for whoever looks for the cause. */
static void read_bus(struct balint_caller *caller)
{
    GstBus *bus = gst_element_get_bus(caller->pipeline);
    for (GstMessage *message; (message = gst_bus_pop(bus)) != NULL; gst_message_unref(message)) {
        if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_LATENCY)
            gst_bin_recalculate_latency(GST_BIN(caller->pipeline));
        if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_ERROR)
            continue;
        g_autoptr(GError) error = NULL;
        gst_message_parse_error(message, &error, NULL);
        g_printerr("bus error from %s: %s\n", GST_MESSAGE_SRC_NAME(message), error->message);
        caller->bus_errors++;
    }
    gst_object_unref(bus);
}

gboolean balint_caller_until(struct balint_caller *caller, balint_caller_is is, int argument, int timeout_ms)
{
    gint64 until = g_get_monotonic_time() + timeout_ms * G_GINT64_CONSTANT(1000);
    for (;;) {
        read_bus(caller);
        if (is(caller, argument))
            return TRUE;
        if (g_get_monotonic_time() > until)
            return FALSE;
        g_usleep(5000);
    }
}

gboolean balint_caller_is_ready(struct balint_caller *caller, int unused)
{
    (void)unused;
    g_mutex_lock(&caller->lock);
    gboolean ready = caller->seat >= 0;
    g_mutex_unlock(&caller->lock);
    return ready;
}

gboolean balint_caller_hears(struct balint_caller *caller, int seat)
{
    return balint_caller_ear(caller, seat).loud_samples >= 48000;
}

gboolean balint_caller_sees(struct balint_caller *caller, int seat)
{
    return balint_caller_ear(caller, seat).pictures >= 10;
}

void balint_caller_clear(struct balint_caller *caller)
{
    g_mutex_lock(&caller->lock);
    for (int seat = 0; seat < BALINT_SEATS; seat++) {
        struct balint_caller_ear *ear = &caller->ears[seat];
        *ear = (struct balint_caller_ear){.pads = ear->pads, .pads_ever = ear->pads_ever};
    }
    g_mutex_unlock(&caller->lock);
}

gboolean balint_caller_act(struct balint_caller *caller, const char *name, int seat, int value)
{
    gboolean done = FALSE;
    g_signal_emit_by_name(caller->call, "act", name, seat, value, &done);
    return done;
}

gboolean balint_caller_is_back(struct balint_caller *caller, int wanted)
{
    gboolean back;
    g_object_get(caller->call, "stepped-back", &back, NULL);
    return back == (wanted != 0);
}

gboolean balint_caller_is_open(struct balint_caller *caller, int wanted)
{
    gboolean open;
    g_object_get(caller->call, "microphone-open", &open, NULL);
    return open == (wanted != 0);
}

gboolean balint_caller_presents(struct balint_caller *caller, int seat)
{
    char wanted[32];
    char *state = NULL;
    snprintf(wanted, sizeof wanted, "\"presenter\":%d,", seat);
    g_object_get(caller->call, "state", &state, NULL);
    gboolean presents = state != NULL && strstr(state, wanted) != NULL;
    g_free(state);
    return presents;
}

gboolean balint_caller_tell_a_case(struct balint_caller *leader, struct balint_caller *presenter, int seat)
{
    return balint_caller_act(presenter, "volunteer", BALINT_NOBODY, 1) &&
           balint_caller_act(leader, "present", seat, 0) &&
           balint_caller_until(leader, balint_caller_presents, seat, 10000);
}

static gboolean half_a_second(struct balint_caller *caller, int seat)
{
    return balint_caller_ear(caller, seat).samples >= 24000;
}

static gboolean two_seconds(struct balint_caller *caller, int seat)
{
    return balint_caller_ear(caller, seat).samples >= 2 * 48000;
}

gint64 balint_caller_loud_of(struct balint_caller *caller, int seat, int timeout_ms)
{
    balint_caller_clear(caller);
    if (!balint_caller_until(caller, half_a_second, seat, timeout_ms))
        return -1;
    balint_caller_clear(caller);
    if (!balint_caller_until(caller, two_seconds, seat, timeout_ms))
        return -1;
    return balint_caller_ear(caller, seat).loud_samples;
}
