/* send.c - see send.h. */
#include "call/send.h"

#include <gst/video/video.h>
#include <string.h>

#define FRAME_MS       20 /* of Opus */
#define PICTURE_QUEUE  2  /* pictures that may wait for the encoder; older ones are dropped */
#define KEY_FRAMES_MAX 300
#define EXPECTED_LOSS  10 /* per cent: makes opusenc write in-band FEC at all */

/* The same buffer, silent: same length, times and flags. */
static GstBuffer *silence(GstBuffer *buffer)
{
    gsize size = gst_buffer_get_size(buffer);
    GstBuffer *silent = gst_buffer_new_allocate(NULL, size, NULL);
    gst_buffer_memset(silent, 0, 0, size);
    gst_buffer_copy_into(silent, buffer, GST_BUFFER_COPY_FLAGS | GST_BUFFER_COPY_TIMESTAMPS, 0, (gsize)-1);
    gst_buffer_unref(buffer);
    return silent;
}

static gboolean silence_one(GstBuffer **buffer, guint index, gpointer data)
{
    (void)index;
    (void)data;
    *buffer = silence(*buffer);
    return TRUE;
}

static GstPadProbeReturn on_sound(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
    struct balint_send *send = data;
    (void)pad;
    if (g_atomic_int_get(&send->open))
        return GST_PAD_PROBE_OK;
    if (info->type & GST_PAD_PROBE_TYPE_BUFFER) {
        info->data = silence(GST_PAD_PROBE_INFO_BUFFER(info));
    } else {
        GstBufferList *list = gst_buffer_list_make_writable(GST_PAD_PROBE_INFO_BUFFER_LIST(info));
        gst_buffer_list_foreach(list, silence_one, NULL);
        info->data = list;
    }
    return GST_PAD_PROBE_OK;
}

/* The end of a file is not the end of the call: passed on, EOS would close every link's DTLS. The bin says it
 * has ended once both inputs have. */
static GstPadProbeReturn on_event(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
    struct balint_send *send = data;
    if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_STREAM_START)
        g_atomic_int_set(&send->ended[strcmp(GST_PAD_NAME(pad), "video") == 0], 0);
    if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) != GST_EVENT_EOS)
        return GST_PAD_PROBE_OK;
    GstElement *bin = gst_pad_get_parent_element(pad);
    g_atomic_int_set(&send->ended[strcmp(GST_PAD_NAME(pad), "video") == 0], 1);
    gboolean all = bin != NULL;
    for (GList *each = bin ? GST_ELEMENT(bin)->sinkpads : NULL; each; each = each->next)
        if (gst_pad_is_linked(each->data))
            all &= g_atomic_int_get(&send->ended[strcmp(GST_PAD_NAME(each->data), "video") == 0]) != 0;
    if (all)
        gst_element_post_message(bin, gst_message_new_eos(GST_OBJECT(bin)));
    g_clear_object(&bin);
    return GST_PAD_PROBE_DROP;
}

static void add_pad(struct balint_send *send, GstBin *bin, const char *name, GstElement *first)
{
    GstPadTemplate *template = gst_element_get_pad_template(GST_ELEMENT(bin), name);
    GstPad *target = gst_element_get_static_pad(first, "sink");
    GstPad *ghost = gst_ghost_pad_new_from_template(name, target, template);
    gst_pad_add_probe(ghost, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_event, send, NULL);
    gst_element_add_pad(GST_ELEMENT(bin), ghost);
    gst_object_unref(target);
}

static void add_audio(struct balint_send *send, GstBin *bin)
{
    gst_util_set_object_arg(G_OBJECT(send->opus), "bitrate-type", "cbr");
    gst_util_set_object_arg(G_OBJECT(send->opus), "audio-type", "voice");
    g_object_set(send->opus, "frame-size", FRAME_MS, "dtx", FALSE, "inband-fec", TRUE,
                 "packet-loss-percentage", EXPECTED_LOSS, NULL);
    g_object_set(send->audio_tee, "allow-not-linked", TRUE, NULL);
    gst_bin_add_many(bin, send->opus, send->audio_tee, NULL);
    gst_element_link(send->opus, send->audio_tee);
    GstPad *pad = gst_element_get_static_pad(send->opus, "sink");
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_sound, send, NULL);
    gst_object_unref(pad);
    add_pad(send, bin, "audio", send->opus);
}

static void add_video(struct balint_send *send, GstBin *bin, GstElement *queue)
{
    gst_util_set_object_arg(G_OBJECT(queue), "leaky", "downstream");
    g_object_set(queue, "max-size-buffers", PICTURE_QUEUE, "max-size-bytes", 0, "max-size-time",
                 G_GUINT64_CONSTANT(0), NULL);
    gst_util_set_object_arg(G_OBJECT(send->vp8), "end-usage", "cbr");
    gst_util_set_object_arg(G_OBJECT(send->vp8), "error-resilient", "default");
    g_object_set(send->vp8, "deadline", G_GINT64_CONSTANT(1), "cpu-used", 8, "lag-in-frames", 0, "threads", 1,
                 "keyframe-max-dist", KEY_FRAMES_MAX, "buffer-size", 1000, "buffer-initial-size", 500,
                 "buffer-optimal-size", 600, "max-quantizer", 56, NULL);
    g_object_set(send->video_tee, "allow-not-linked", TRUE, NULL);
    gst_bin_add_many(bin, queue, send->vp8, send->video_tee, NULL);
    gst_element_link_many(queue, send->vp8, send->video_tee, NULL);
    add_pad(send, bin, "video", queue);
}

gboolean balint_send_init(struct balint_send *send, GstBin *bin, const char **why)
{
    memset(send, 0, sizeof *send);
    send->opus = gst_element_factory_make("opusenc", "audio-encoder");
    send->vp8 = gst_element_factory_make("vp8enc", "video-encoder");
    send->audio_tee = gst_element_factory_make("tee", "audio-tee");
    send->video_tee = gst_element_factory_make("tee", "video-tee");
    GstElement *queue = gst_element_factory_make("queue", "video-queue");
    if (send->opus && send->vp8 && send->audio_tee && send->video_tee && queue) {
        add_audio(send, bin);
        add_video(send, bin, queue);
        return TRUE;
    }
    *why = send->vp8 ? "The element opusenc is missing: install gstreamer1.0-plugins-base."
                     : "The element vp8enc is missing: install gstreamer1.0-plugins-good.";
    g_clear_object(&send->opus);
    g_clear_object(&send->vp8);
    g_clear_object(&send->audio_tee);
    g_clear_object(&send->video_tee);
    g_clear_object(&queue);
    return FALSE;
}

void balint_send_open(struct balint_send *send, gboolean open)
{
    g_atomic_int_set(&send->open, open);
}

void balint_send_key_frame(struct balint_send *send)
{
    GstPad *pad = gst_element_get_static_pad(send->vp8, "src");
    gst_pad_send_event(pad, gst_video_event_new_upstream_force_key_unit(GST_CLOCK_TIME_NONE, TRUE, 0));
    gst_object_unref(pad);
}

void balint_send_bitrates(struct balint_send *send, guint audio, guint video)
{
    if (send->opus)
        g_object_set(send->opus, "bitrate", (gint)audio, NULL);
    if (send->vp8)
        g_object_set(send->vp8, "target-bitrate", (gint)video, NULL);
}
