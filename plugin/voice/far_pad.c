/* far_pad.c - the pad `far` of balintvoice: what the loudspeaker plays.
 *
 * The microphone must never wait for the loudspeaker in a call, and must wait for it when files are measured
 * faster than real time, or the result would hang on which thread runs first. So both sides wait for each
 * other, within bounds, where the pipeline is not live; and never where it is.
 */
#include "voice/element.h"

#include <gst/audio/audio.h>
#include <string.h>

#define WAIT_US (5 * G_TIME_SPAN_SECOND)

GstStaticPadTemplate balint_voice_far_template =
    GST_STATIC_PAD_TEMPLATE("far", GST_PAD_SINK, GST_PAD_REQUEST,
                            GST_STATIC_CAPS("audio/x-raw, format = (string) { S16LE, F32LE }, "
                                            "layout = (string) interleaved, rate = (int) [ 8000, 48000 ], "
                                            "channels = (int) [ 1, 2 ]"));

/* Waits for the other side to move. False: it did not for long, or all is stopping. With the lock held. */
static gboolean wait_moved(BalintVoice *voice)
{
    if (voice->stopping || voice->far_flushing)
        return FALSE;
    return g_cond_wait_until(&voice->moved, &voice->lock, g_get_monotonic_time() + WAIT_US) ||
           GST_STATE(voice) != GST_STATE_PLAYING; /* a pipeline may stand paused for as long as it likes */
}

/* Puts a buffer's samples into `far`, waiting for room when not live. With the lock held. */
static void put_samples(BalintVoice *voice, const guint8 *data, gsize count, gint64 at_ns)
{
    struct balint_far *far = voice->far;
    gsize size = (far->floating ? 4 : 2) * (gsize)far->resample.channels, taken = 0;
    int rate = far->resample.rate;

    while (taken < count) {
        while (balint_far_full(far) && !voice->live && !voice->near_over && wait_moved(voice))
            ;
        voice->far_stalled = FALSE;
        if (balint_far_full(far))
            balint_far_drop(far); /* live, or nobody listens */
        taken += balint_far_put(far, data + taken * size, count - taken,
                                at_ns + (gint64)gst_util_uint64_scale(taken, GST_SECOND, (guint64)rate));
        g_cond_broadcast(&voice->moved);
    }
}

static GstFlowReturn far_chain(GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
    BalintVoice *voice = BALINT_VOICE(parent);
    GstClockTime at = GST_BUFFER_PTS(buffer);
    GstFlowReturn result = GST_FLOW_OK;
    GstMapInfo map;

    g_mutex_lock(&voice->lock);
    if (voice->far_pad != pad || voice->far_flushing || voice->stopping) {
        result = GST_FLOW_FLUSHING;
    } else if (!voice->far->known) {
        result = GST_FLOW_NOT_NEGOTIATED;
    } else if (gst_buffer_map(buffer, &map, GST_MAP_READ)) {
        gsize size = (voice->far->floating ? 4 : 2) * (gsize)voice->far->resample.channels;
        if (GST_CLOCK_TIME_IS_VALID(at) && voice->far_segment.format == GST_FORMAT_TIME)
            at = gst_segment_to_running_time(&voice->far_segment, GST_FORMAT_TIME, at);
        gint64 at_ns = GST_CLOCK_TIME_IS_VALID(at) ? (gint64)at : MAX(voice->far->input_end_ns, 0);
        put_samples(voice, map.data, map.size / size, at_ns);
        gst_buffer_unmap(buffer, &map);
    }
    g_mutex_unlock(&voice->lock);
    gst_buffer_unref(buffer);
    return result;
}

static gboolean take_caps(BalintVoice *voice, GstEvent *event)
{
    GstAudioInfo info;
    GstCaps *caps;

    gst_event_parse_caps(event, &caps);
    return gst_audio_info_from_caps(&info, caps) &&
           balint_far_format(voice->far, info.rate, info.channels,
                             GST_AUDIO_INFO_FORMAT(&info) == GST_AUDIO_FORMAT_F32LE);
}

/* Nothing of the far end goes on to the source pad. */
static gboolean far_event(GstPad *pad, GstObject *parent, GstEvent *event)
{
    BalintVoice *voice = BALINT_VOICE(parent);
    gboolean result = TRUE;

    g_mutex_lock(&voice->lock);
    if (voice->far_pad == pad) {
        switch (GST_EVENT_TYPE(event)) {
        case GST_EVENT_CAPS:
            result = take_caps(voice, event);
            break;
        case GST_EVENT_SEGMENT:
            gst_event_copy_segment(event, &voice->far_segment);
            break;
        case GST_EVENT_STREAM_START:
            voice->far_eos = FALSE;
            break;
        case GST_EVENT_EOS:
            voice->far_eos = TRUE;
            break;
        case GST_EVENT_FLUSH_START:
            voice->far_flushing = TRUE;
            break;
        case GST_EVENT_FLUSH_STOP:
            voice->far_flushing = voice->far_eos = FALSE;
            balint_far_clear(voice->far);
            gst_segment_init(&voice->far_segment, GST_FORMAT_TIME);
            break;
        default:
            break;
        }
        g_cond_broadcast(&voice->moved);
    }
    g_mutex_unlock(&voice->lock);
    gst_event_unref(event);
    return result;
}

GstPad *balint_voice_request_far(GstElement *element, GstPadTemplate *template, const gchar *name,
                                 const GstCaps *caps)
{
    BalintVoice *voice = BALINT_VOICE(element);
    GstPad *pad;

    (void)name;
    (void)caps;
    g_mutex_lock(&voice->lock);
    if (voice->far_pad != NULL) {
        g_mutex_unlock(&voice->lock);
        return NULL; /* one loudspeaker */
    }
    pad = gst_pad_new_from_template(template, "far");
    gst_pad_set_chain_function(pad, far_chain);
    gst_pad_set_event_function(pad, far_event);
    voice->far = g_new0(struct balint_far, 1);
    balint_far_clear(voice->far);
    gst_segment_init(&voice->far_segment, GST_FORMAT_TIME);
    voice->far_eos = voice->far_flushing = FALSE;
    voice->far_pad = pad;
    g_mutex_unlock(&voice->lock);
    gst_pad_set_active(pad, TRUE);
    gst_element_add_pad(element, pad);
    return pad;
}

void balint_voice_release_far(GstElement *element, GstPad *pad)
{
    BalintVoice *voice = BALINT_VOICE(element);

    g_mutex_lock(&voice->lock);
    voice->far_flushing = TRUE;
    g_cond_broadcast(&voice->moved);
    g_mutex_unlock(&voice->lock);
    gst_pad_set_active(pad, FALSE); /* waits for its thread to leave */
    g_mutex_lock(&voice->lock);
    voice->far_pad = NULL;
    g_clear_pointer(&voice->far, g_free);
    g_mutex_unlock(&voice->lock);
    gst_element_remove_pad(element, pad);
}

const float *balint_voice_far_at(BalintVoice *voice, gint64 at_ns, float *frame)
{
    const float *found;
    gboolean linked;

    g_mutex_lock(&voice->lock);
    linked = voice->far_pad != NULL && gst_pad_is_linked(voice->far_pad);
    if (linked) {
        while (!voice->live && !voice->far_eos && !voice->far_stalled && voice->far != NULL &&
               !balint_far_reaches(voice->far, at_ns))
            voice->far_stalled = !wait_moved(voice);
        found = voice->far != NULL ? balint_far_get(voice->far, at_ns) : NULL;
        if (found != NULL)
            memcpy(frame, found, BALINT_METER_FRAME * sizeof *frame);
        else
            memset(frame, 0, BALINT_METER_FRAME * sizeof *frame);
        g_cond_broadcast(&voice->moved);
    }
    g_mutex_unlock(&voice->lock);
    return linked ? frame : NULL;
}
