/* wavfile.c - decodes a file beside the call and fills a live source's buffers with it. */
#include "client/wavfile.h"

#include <gst/app/gstappsink.h>
#include <string.h>

#define CAPS     "audio/x-raw,format=S16LE,layout=interleaved,rate=48000,channels=1"
#define OPEN_NS  (5 * GST_SECOND)
#define AHEAD    64  /* decoded buffers kept ready */
#define SAMPLES  960 /* 20 ms: one Opus frame */
#define PATIENCE (200 * GST_MSECOND)

struct balint_wavfile {
    GstElement *decoder; /* a pipeline of its own */
    GstAppSink *decoded;
    GstElement *source;
    gint started; /* atomic */
    GMutex lock;  /* first_ns */
    GstClockTime first_ns;
    GstSample *sample; /* the source's thread: what is being read, … */
    gsize used;        /* … and how far, bytes */
    bool over;
};

/* Waits until the decoder has its first sound, or has failed. */
static bool open_file(struct balint_wavfile *file, const char *path, char why[BALINT_OPTION_WHY])
{
    gst_element_set_state(file->decoder, GST_STATE_PLAYING);
    GstBus *bus = gst_element_get_bus(file->decoder);
    GstMessage *message = gst_bus_timed_pop_filtered(
        bus, OPEN_NS, GST_MESSAGE_ERROR | GST_MESSAGE_ASYNC_DONE | GST_MESSAGE_EOS);
    bool ok = message != NULL && GST_MESSAGE_TYPE(message) != GST_MESSAGE_ERROR;
    if (!ok)
        g_snprintf(why, BALINT_OPTION_WHY, "%.120s: no sound could be read from it: give a WAV file", path);
    g_clear_pointer(&message, gst_message_unref);
    gst_object_unref(bus);
    return ok;
}

struct balint_wavfile *balint_wavfile_new(const char *path, char why[BALINT_OPTION_WHY])
{
    struct balint_wavfile *file = g_new0(struct balint_wavfile, 1);
    file->first_ns = GST_CLOCK_TIME_NONE;
    g_mutex_init(&file->lock);
    file->decoder = gst_parse_launch("filesrc name=file ! decodebin ! audioconvert ! audioresample ! " CAPS
                                     " ! appsink name=decoded sync=false",
                                     NULL);
    if (file->decoder == NULL) {
        g_snprintf(why, BALINT_OPTION_WHY, "GStreamer's base plugins are missing: install them");
        balint_wavfile_free(file);
        return NULL;
    }
    GstElement *source = gst_bin_get_by_name(GST_BIN(file->decoder), "file");
    g_object_set(source, "location", path, NULL);
    gst_object_unref(source);
    file->decoded = GST_APP_SINK(gst_bin_get_by_name(GST_BIN(file->decoder), "decoded"));
    gst_app_sink_set_max_buffers(file->decoded, AHEAD);
    if (!open_file(file, path, why)) {
        balint_wavfile_free(file);
        return NULL;
    }
    return file;
}

void balint_wavfile_free(struct balint_wavfile *file)
{
    if (file == NULL)
        return;
    if (file->decoder != NULL)
        gst_element_set_state(file->decoder, GST_STATE_NULL);
    g_clear_pointer(&file->sample, gst_sample_unref);
    gst_clear_object(&file->decoded);
    gst_clear_object(&file->decoder);
    g_mutex_clear(&file->lock);
    g_free(file);
}

/* Fills `size` bytes from the file, silence behind its end. The source's thread. */
static void fill(struct balint_wavfile *file, guint8 *data, gsize size)
{
    while (size > 0 && !file->over) {
        if (file->sample == NULL) {
            file->sample = gst_app_sink_try_pull_sample(file->decoded, PATIENCE);
            file->used = 0;
            if (file->sample == NULL) {
                file->over = true;
                break;
            }
        }
        GstBuffer *buffer = gst_sample_get_buffer(file->sample);
        gsize got = gst_buffer_extract(buffer, file->used, data, size);
        data += got;
        size -= got;
        file->used += got;
        if (got == 0 || file->used >= gst_buffer_get_size(buffer))
            g_clear_pointer(&file->sample, gst_sample_unref);
    }
    memset(data, 0, size);
}

static GstPadProbeReturn on_buffer(GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
    (void)pad;
    struct balint_wavfile *file = user_data;
    if (!g_atomic_int_get(&file->started))
        return GST_PAD_PROBE_OK;
    GstBuffer *buffer = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
    GST_PAD_PROBE_INFO_DATA(info) = buffer;
    g_mutex_lock(&file->lock);
    if (file->first_ns == GST_CLOCK_TIME_NONE)
        file->first_ns = GST_BUFFER_PTS(buffer);
    g_mutex_unlock(&file->lock);
    GstMapInfo map;
    if (gst_buffer_map(buffer, &map, GST_MAP_WRITE)) {
        fill(file, map.data, map.size);
        gst_buffer_unmap(buffer, &map);
        GST_BUFFER_FLAG_UNSET(buffer, GST_BUFFER_FLAG_GAP);
    }
    return GST_PAD_PROBE_OK;
}

GstElement *balint_wavfile_element(struct balint_wavfile *file)
{
    GError *error = NULL;
    file->source = gst_parse_bin_from_description(
        "audiotestsrc name=pace is-live=true wave=silence ! capsfilter caps=\"" CAPS "\"", TRUE, &error);
    g_clear_error(&error);
    if (file->source == NULL)
        return NULL;
    GstElement *pace = gst_bin_get_by_name(GST_BIN(file->source), "pace");
    g_object_set(pace, "samplesperbuffer", SAMPLES, NULL);
    gst_object_unref(pace);
    GstPad *pad = gst_element_get_static_pad(file->source, "src");
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, on_buffer, file, NULL);
    gst_object_unref(pad);
    return file->source;
}

void balint_wavfile_start(struct balint_wavfile *file)
{
    g_atomic_int_set(&file->started, 1);
}

GstClockTime balint_wavfile_started(struct balint_wavfile *file)
{
    g_mutex_lock(&file->lock);
    GstClockTime first_ns = file->first_ns;
    g_mutex_unlock(&file->lock);
    return first_ns;
}
