/* voice_detectors.c - see voice_detectors.h. */
#include "bench/voice_detectors.h"

#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <stdlib.h>
#include <string.h>

#include "bench/voice_circle.h"
#include "voice/meter.h"

const char *detector_name(enum detector detector)
{
    static const char *const names[DETECTORS] = {"balintvoice", "webrtcdsp", "level > -50 dBov"};
    return names[detector];
}

static void to_float(const int16_t *in, float *out)
{
    for (int i = 0; i < CIRCLE_FRAME; i++)
        out[i] = (float)in[i] / 32768.0f;
}

static void take_spans(struct balint_meter *meter, bool *speech)
{
    struct balint_span span;
    while (balint_meter_span(meter, &span))
        for (int64_t i = span.start; i < span.end; i++)
            speech[i] = true;
}

static void detect_meter(const int16_t *mic, const int16_t *far, int frames, bool *speech)
{
    struct balint_meter *meter = malloc(sizeof *meter);
    float near_frame[CIRCLE_FRAME], far_frame[CIRCLE_FRAME];

    balint_meter_init(meter);
    for (int f = 0; f < frames; f++) {
        to_float(mic + (size_t)f * CIRCLE_FRAME, near_frame);
        if (far != NULL)
            to_float(far + (size_t)f * CIRCLE_FRAME, far_frame);
        balint_meter_frame(meter, near_frame, far != NULL ? far_frame : NULL);
        take_spans(meter, speech);
    }
    balint_meter_break(meter);
    take_spans(meter, speech);
    free(meter);
}

/* RFC 6464's measure of a frame. */
static void detect_level(const int16_t *mic, int frames, bool *speech)
{
    for (int f = 0; f < frames; f++) {
        double energy = 0;
        for (int i = 0; i < CIRCLE_FRAME; i++) {
            double x = mic[f * CIRCLE_FRAME + i] / 32768.0;
            energy += x * x;
        }
        speech[f] = energy / CIRCLE_FRAME > 1e-5;
    }
}

struct listener {
    bool *speech;
    int frames, from; /* speech since, or -1 */
};

static void fill(struct listener *listener, int until)
{
    for (int i = listener->from; listener->from >= 0 && i < until && i < listener->frames; i++)
        listener->speech[i] = true;
}

static GstBusSyncReply on_message(GstBus *bus, GstMessage *message, gpointer user_data)
{
    struct listener *listener = user_data;
    const GstStructure *structure = gst_message_get_structure(message);
    guint64 at = 0;
    gboolean voice = FALSE;

    (void)bus;
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ELEMENT &&
        gst_structure_has_name(structure, "voice-activity") &&
        gst_structure_get_uint64(structure, "stream-time", &at) &&
        gst_structure_get_boolean(structure, "stream-has-voice", &voice)) {
        int frame = (int)(at / (10 * GST_MSECOND));
        if (!voice)
            fill(listener, frame);
        listener->from = voice ? frame : -1;
    }
    return GST_BUS_PASS;
}

/* As the best of its settings do: least likelihood asked, noise suppressed first. */
static void detect_webrtcdsp(const int16_t *mic, int frames, bool *speech)
{
    struct listener listener = {speech, frames, -1};
    GError *error = NULL;
    GstElement *pipeline = gst_parse_launch(
        "appsrc name=in format=time caps=audio/x-raw,format=S16LE,rate=16000,channels=1,layout=interleaved ! "
        "webrtcdsp echo-cancel=false gain-control=false noise-suppression=true noise-suppression-level=high "
        "voice-detection=true voice-detection-likelihood=very-low ! fakesink sync=false",
        &error);

    if (pipeline == NULL || error != NULL) {
        g_clear_error(&error);
        g_clear_object(&pipeline);
        return;
    }
    GstBus *bus = gst_element_get_bus(pipeline);
    GstElement *in = gst_bin_get_by_name(GST_BIN(pipeline), "in");
    gst_bus_set_sync_handler(bus, on_message, &listener, NULL);
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    for (int f = 0; f < frames; f += 100) {
        size_t count = (size_t)(frames - f < 100 ? frames - f : 100) * CIRCLE_FRAME;
        GstBuffer *buffer = gst_buffer_new_memdup(mic + (size_t)f * CIRCLE_FRAME, count * sizeof *mic);
        GST_BUFFER_PTS(buffer) = (GstClockTime)f * 10 * GST_MSECOND;
        GST_BUFFER_DURATION(buffer) = gst_util_uint64_scale(count, GST_SECOND, CIRCLE_RATE);
        gst_app_src_push_buffer(GST_APP_SRC(in), buffer);
    }
    gst_app_src_end_of_stream(GST_APP_SRC(in));
    gst_clear_message(&(GstMessage *){
        gst_bus_timed_pop_filtered(bus, 60 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR)});
    gst_element_set_state(pipeline, GST_STATE_NULL);
    fill(&listener, frames);
    gst_object_unref(in);
    gst_object_unref(bus);
    gst_object_unref(pipeline);
}

void detect(enum detector detector, const int16_t *mic, const int16_t *far, int frames, bool *speech)
{
    memset(speech, 0, (size_t)frames * sizeof *speech);
    if (detector == DETECT_METER)
        detect_meter(mic, far, frames, speech);
    else if (detector == DETECT_WEBRTCDSP)
        detect_webrtcdsp(mic, frames, speech);
    else
        detect_level(mic, frames, speech);
    tidy(speech, frames);
}
