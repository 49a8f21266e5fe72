/* element.c - balintvoice: listens to the sound that passes, and says who speaks when.
 *
 * A thin shell around the pure meter: the sound goes through untouched and at once; a copy, brought to the
 * meter's rate, is measured. Times are running times.
 */
#include "voice/element.h"

#include <gst/audio/audio.h>
#include <string.h>

GST_DEBUG_CATEGORY_STATIC(balint_voice_debug);
#define GST_CAT_DEFAULT balint_voice_debug

#define FRAME_NS  (BALINT_METER_FRAME_MS * GST_MSECOND)
#define JITTER_NS (40 * (gint64)GST_MSECOND)  /* a timestamp off by less is jitter: ignored */
#define JUMP_NS   (300 * (gint64)GST_MSECOND) /* off by more: another stretch of time */

enum { PROP_0, PROP_MUTED, PROP_SPEAKING, PROP_SPEECH_NS };

#define CAPS                                                                                                 \
    "audio/x-raw, format = (string) { S16LE, F32LE }, layout = (string) interleaved, "                       \
    "rate = (int) [ 8000, 48000 ], channels = (int) [ 1, 2 ]"
static GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS(CAPS));
static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS(CAPS));

G_DEFINE_TYPE(BalintVoice, balint_voice, GST_TYPE_ELEMENT)

/* ---- what is told */

static guint64 time_of(const BalintVoice *voice, gint64 frame)
{
    gint64 ns = voice->base_ns + (frame - voice->base_frame) * (gint64)FRAME_NS;
    return ns > 0 ? (guint64)ns : 0;
}

static void tell_spans(BalintVoice *voice)
{
    struct balint_span span;

    while (balint_meter_span(voice->meter, &span)) {
        guint64 start = time_of(voice, span.start), end = time_of(voice, span.end);
        g_mutex_lock(&voice->lock);
        voice->speech_ns += end - start;
        g_mutex_unlock(&voice->lock);
        voice->last_end_ns = end;
        gst_element_post_message(
            GST_ELEMENT(voice),
            gst_message_new_element(GST_OBJECT(voice),
                                    gst_structure_new("balint-voice-span", "start-ns", G_TYPE_UINT64, start,
                                                      "end-ns", G_TYPE_UINT64, end, NULL)));
    }
}

/* A span is told before the speech that follows it. */
static void tell_state(BalintVoice *voice)
{
    gint64 since = balint_meter_since(voice->meter);

    if (since == voice->told_since)
        return;
    voice->told_since = since;
    gboolean speaking = since >= 0;
    g_mutex_lock(&voice->lock);
    voice->speaking = speaking;
    g_mutex_unlock(&voice->lock);
    guint64 at = speaking ? time_of(voice, since) : voice->last_end_ns;
    gst_element_post_message(
        GST_ELEMENT(voice),
        gst_message_new_element(GST_OBJECT(voice),
                                gst_structure_new("balint-voice-state", "speaking", G_TYPE_BOOLEAN, speaking,
                                                  "since-ns", G_TYPE_UINT64, at, NULL)));
}

static void break_here(BalintVoice *voice)
{
    balint_meter_break(voice->meter);
    tell_spans(voice);
    tell_state(voice);
}

/* ---- what is heard */

static void hear(BalintVoice *voice, const float *frame)
{
    float far[BALINT_METER_FRAME];
    gint64 number = voice->meter->origin + voice->meter->frames;

    balint_meter_frame(voice->meter, frame, balint_voice_far_at(voice, (gint64)time_of(voice, number), far));
    tell_spans(voice);
    tell_state(voice);
}

/* Measures what is left, and begins a new stretch with the next buffer. */
static void finish_stretch(BalintVoice *voice)
{
    if (!voice->started)
        return;
    while (balint_resample_drain(voice->resample))
        hear(voice, voice->resample->frame);
    break_here(voice);
    voice->started = FALSE;
}

static void start_stretch(BalintVoice *voice, gint64 at_ns)
{
    balint_resample_init(voice->resample, voice->resample->rate, voice->resample->channels);
    voice->base_ns = at_ns;
    voice->base_frame = voice->meter->origin + voice->meter->frames;
    voice->started = TRUE;
}

/* Compares a buffer's time with what the samples so far say. */
static void follow_time(BalintVoice *voice, GstBuffer *buffer)
{
    GstClockTime at = GST_BUFFER_PTS(buffer);

    if (GST_CLOCK_TIME_IS_VALID(at) && voice->segment.format == GST_FORMAT_TIME)
        at = gst_segment_to_running_time(&voice->segment, GST_FORMAT_TIME, at);
    if (!GST_CLOCK_TIME_IS_VALID(at)) { /* before the segment, or no times at all: samples count */
        if (!voice->started)
            start_stretch(voice, 0);
        return;
    }
    gint64 came_ns = (gint64)gst_util_uint64_scale((guint64)voice->resample->in, GST_SECOND,
                                                   (guint64)voice->resample->rate);
    gint64 off_ns = voice->started ? (gint64)at - voice->base_ns - came_ns : 0;
    if (voice->started && (off_ns > JUMP_NS || off_ns < -JUMP_NS)) {
        GST_INFO_OBJECT(voice, "time jumped by %" G_GINT64_FORMAT " ns", off_ns);
        finish_stretch(voice);
    }
    if (!voice->started)
        start_stretch(voice, (gint64)at);
    else if (off_ns > JITTER_NS || off_ns < -JITTER_NS)
        voice->base_ns += off_ns; /* clocks drift apart over an evening */
}

static void listen_to(BalintVoice *voice, const guint8 *data, gsize count)
{
    gsize at = 0;

    for (bool ready = true; at < count || ready;) {
        at += balint_resample_take(voice->resample, data + at * (gsize)voice->frame_size, count - at,
                                   voice->floating, &ready);
        if (ready)
            hear(voice, voice->resample->frame);
    }
}

/* Muted: time goes on, nothing is heard. */
static void listen_to_nothing(BalintVoice *voice, gsize count)
{
    static const float silence[960];
    int channels = voice->resample->channels;
    gsize at = 0;

    for (bool ready = true; at < count || ready;) {
        gsize part = MIN(count - at, G_N_ELEMENTS(silence) / (gsize)channels);
        at += balint_resample_take(voice->resample, silence, part, true, &ready);
        if (ready)
            hear(voice, voice->resample->frame);
    }
}

static void find_live(BalintVoice *voice)
{
    GstQuery *query = gst_query_new_latency();
    gboolean live = FALSE;

    if (gst_pad_peer_query(voice->sink, query))
        gst_query_parse_latency(query, &live, NULL, NULL);
    gst_query_unref(query);
    g_mutex_lock(&voice->lock);
    voice->live = live;
    g_cond_broadcast(&voice->moved);
    g_mutex_unlock(&voice->lock);
    voice->live_known = TRUE;
}

static GstFlowReturn sink_chain(GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
    BalintVoice *voice = BALINT_VOICE(parent);
    GstMapInfo map;

    (void)pad;
    if (!voice->known) {
        gst_buffer_unref(buffer);
        return GST_FLOW_NOT_NEGOTIATED;
    }
    if (!voice->live_known)
        find_live(voice);
    g_mutex_lock(&voice->lock);
    gboolean muted = voice->muted;
    g_mutex_unlock(&voice->lock);

    follow_time(voice, buffer);
    if (muted && !voice->was_muted)
        break_here(voice);
    voice->was_muted = muted;
    if (gst_buffer_map(buffer, &map, GST_MAP_READ)) {
        gsize count = map.size / (gsize)voice->frame_size;
        if (muted)
            listen_to_nothing(voice, count);
        else
            listen_to(voice, map.data, count);
        gst_buffer_unmap(buffer, &map);
    }
    return gst_pad_push(voice->src, buffer);
}

static gboolean take_caps(BalintVoice *voice, GstEvent *event)
{
    GstAudioInfo info;
    GstCaps *caps;

    gst_event_parse_caps(event, &caps);
    finish_stretch(voice);
    voice->known = gst_audio_info_from_caps(&info, caps) &&
                   balint_resample_init(voice->resample, info.rate, info.channels);
    if (!voice->known)
        return FALSE;
    voice->floating = GST_AUDIO_INFO_FORMAT(&info) == GST_AUDIO_FORMAT_F32LE;
    voice->frame_size = GST_AUDIO_INFO_BPF(&info);
    return TRUE;
}

static void set_near_over(BalintVoice *voice, gboolean over)
{
    g_mutex_lock(&voice->lock);
    voice->near_over = over;
    g_cond_broadcast(&voice->moved);
    g_mutex_unlock(&voice->lock);
}

static gboolean sink_event(GstPad *pad, GstObject *parent, GstEvent *event)
{
    BalintVoice *voice = BALINT_VOICE(parent);

    switch (GST_EVENT_TYPE(event)) {
    case GST_EVENT_CAPS:
        if (!take_caps(voice, event)) {
            gst_event_unref(event);
            return FALSE;
        }
        break;
    case GST_EVENT_SEGMENT:
        gst_event_copy_segment(event, &voice->segment);
        break;
    case GST_EVENT_STREAM_START:
        set_near_over(voice, FALSE);
        break;
    case GST_EVENT_EOS:
        finish_stretch(voice);
        set_near_over(voice, TRUE);
        break;
    case GST_EVENT_FLUSH_STOP:
        finish_stretch(voice);
        gst_segment_init(&voice->segment, GST_FORMAT_TIME);
        set_near_over(voice, FALSE);
        break;
    default:
        break;
    }
    return gst_pad_event_default(pad, parent, event);
}

/* ---- the element */

static void start(BalintVoice *voice)
{
    gst_segment_init(&voice->segment, GST_FORMAT_TIME);
    balint_meter_init(voice->meter);
    voice->known = voice->started = voice->was_muted = voice->live_known = FALSE;
    voice->told_since = -1;
    voice->last_end_ns = 0;
    g_mutex_lock(&voice->lock);
    voice->stopping = voice->near_over = voice->live = voice->speaking = FALSE;
    voice->far_eos = voice->far_stalled = FALSE;
    voice->speech_ns = 0;
    if (voice->far != NULL)
        balint_far_clear(voice->far);
    g_mutex_unlock(&voice->lock);
}

static GstStateChangeReturn change_state(GstElement *element, GstStateChange change)
{
    BalintVoice *voice = BALINT_VOICE(element);

    if (change == GST_STATE_CHANGE_READY_TO_PAUSED) {
        start(voice);
    } else if (change == GST_STATE_CHANGE_PAUSED_TO_READY) {
        g_mutex_lock(&voice->lock);
        voice->stopping = TRUE;
        g_cond_broadcast(&voice->moved);
        g_mutex_unlock(&voice->lock);
    }
    return GST_ELEMENT_CLASS(balint_voice_parent_class)->change_state(element, change);
}

static void set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    BalintVoice *voice = BALINT_VOICE(object);

    if (id != PROP_MUTED) {
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
        return;
    }
    g_mutex_lock(&voice->lock);
    voice->muted = g_value_get_boolean(value);
    g_mutex_unlock(&voice->lock);
}

static void get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    BalintVoice *voice = BALINT_VOICE(object);

    g_mutex_lock(&voice->lock);
    switch (id) {
    case PROP_MUTED:
        g_value_set_boolean(value, voice->muted);
        break;
    case PROP_SPEAKING:
        g_value_set_boolean(value, voice->speaking);
        break;
    case PROP_SPEECH_NS:
        g_value_set_uint64(value, voice->speech_ns);
        break;
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
        break;
    }
    g_mutex_unlock(&voice->lock);
}

static void finalize(GObject *object)
{
    BalintVoice *voice = BALINT_VOICE(object);

    g_free(voice->far);
    g_free(voice->resample);
    g_free(voice->meter);
    g_cond_clear(&voice->moved);
    g_mutex_clear(&voice->lock);
    G_OBJECT_CLASS(balint_voice_parent_class)->finalize(object);
}

static void balint_voice_class_init(BalintVoiceClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS(class);
    GstElementClass *element_class = GST_ELEMENT_CLASS(class);

    GST_DEBUG_CATEGORY_INIT(balint_voice_debug, "balintvoice", 0, "is this person speaking");
    object_class->set_property = set_property;
    object_class->get_property = get_property;
    object_class->finalize = finalize;
    element_class->change_state = change_state;
    element_class->request_new_pad = balint_voice_request_far;
    element_class->release_pad = balint_voice_release_far;
    g_object_class_install_property(
        object_class, PROP_MUTED,
        g_param_spec_boolean("muted", "Muted",
                             "The microphone is muted: nothing counts, and an open span ends at once", FALSE,
                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING));
    g_object_class_install_property(object_class, PROP_SPEAKING,
                                    g_param_spec_boolean("speaking", "Speaking", "Somebody is speaking now",
                                                         FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
    g_object_class_install_property(
        object_class, PROP_SPEECH_NS,
        g_param_spec_uint64("speech-ns", "Speech", "Sum of all finished spans, in nanoseconds", 0,
                            G_MAXUINT64, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
    gst_element_class_add_static_pad_template(element_class, &sink_template);
    gst_element_class_add_static_pad_template(element_class, &src_template);
    gst_element_class_add_static_pad_template(element_class, &balint_voice_far_template);
    gst_element_class_set_static_metadata(
        element_class, "Is this person speaking?", "Filter/Analyzer/Audio",
        "Passes sound through untouched and posts an element message 'balint-voice-span' (start-ns, end-ns: "
        "running time, dated back to the onset) for every stretch of speech, and 'balint-voice-state' "
        "(speaking, since-ns) at every change. Gaps under 300 ms are joined, spans under 60 ms dropped. The "
        "request pad 'far' takes what the loudspeaker plays, so that others who leak into the microphone do "
        "not count; it is aligned by running time. Try: gst-launch-1.0 -m filesrc location=F.wav ! wavparse "
        "! "
        "audioconvert ! audioresample ! balintvoice ! fakesink",
        "Balint Circle");
}

static void balint_voice_init(BalintVoice *voice)
{
    g_mutex_init(&voice->lock);
    g_cond_init(&voice->moved);
    voice->sink = gst_pad_new_from_static_template(&sink_template, "sink");
    gst_pad_set_chain_function(voice->sink, sink_chain);
    gst_pad_set_event_function(voice->sink, sink_event);
    GST_PAD_SET_PROXY_CAPS(voice->sink);
    GST_PAD_SET_PROXY_ALLOCATION(voice->sink);
    gst_element_add_pad(GST_ELEMENT(voice), voice->sink);
    voice->src = gst_pad_new_from_static_template(&src_template, "src");
    GST_PAD_SET_PROXY_CAPS(voice->src);
    gst_element_add_pad(GST_ELEMENT(voice), voice->src);
    voice->meter = g_new0(struct balint_meter, 1);
    voice->resample = g_new0(struct balint_resample, 1);
    balint_meter_init(voice->meter);
}
