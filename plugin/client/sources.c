/* sources.c - makes sources and sinks from the options, and tries the devices. */
#include "client/sources.h"

#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#define SOUND  "audio/x-raw,format=S16LE,layout=interleaved,rate=48000,channels=1"
#define TRY_NS (4 * GST_SECOND)

static void say(char why[BALINT_OPTION_WHY], const char *what, const char *advice)
{
    g_snprintf(why, BALINT_OPTION_WHY, "%s: %s", what, advice);
}

/* A bin with one src or sink pad from a description. */
static GstElement *make(const char *description, const char *what, char why[BALINT_OPTION_WHY])
{
    GError *error = NULL;
    GstElement *bin =
        gst_parse_bin_from_description_full(description, TRUE, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &error);
    if (bin == NULL) {
        g_snprintf(why, BALINT_OPTION_WHY,
                   "%s: GStreamer says \"%.100s\": correct the fragment, or install its plugin", what,
                   error != NULL ? error->message : "no such element");
        g_clear_error(&error);
    }
    return bin;
}

/* Does a source give anything within a few seconds? */
static bool source_gives(const char *factory)
{
    GstElement *pipeline = gst_pipeline_new(NULL);
    GstElement *source = gst_element_factory_make(factory, NULL);
    GstElement *sink = gst_element_factory_make("fakesink", NULL);
    bool gives = false;
    if (source != NULL && sink != NULL) {
        gst_bin_add_many(GST_BIN(pipeline), source, sink, NULL);
        g_object_set(sink, "num-buffers", 1, NULL);
        gst_element_link(source, sink);
        GstBus *bus = gst_element_get_bus(pipeline);
        gst_element_set_state(pipeline, GST_STATE_PLAYING);
        /* Automatic sources warn when they find nothing, and then stand in with a source of nothing. */
        GstMessage *message = gst_bus_timed_pop_filtered(
            bus, TRY_NS, GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_WARNING);
        gives = message != NULL && GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS;
        g_clear_pointer(&message, gst_message_unref);
        gst_object_unref(bus);
    }
    gst_element_set_state(pipeline, GST_STATE_NULL);
    gst_object_unref(pipeline);
    return gives;
}

/* Does an automatic sink find anything but the one that swallows all? */
static bool sink_found(const char *factory)
{
    GstElement *sink = gst_element_factory_make(factory, NULL);
    if (sink == NULL)
        return false;
    gst_object_ref_sink(sink);
    bool found = gst_element_set_state(sink, GST_STATE_READY) != GST_STATE_CHANGE_FAILURE;
    GstIterator *iterator = gst_bin_iterate_sinks(GST_BIN(sink));
    GValue item = G_VALUE_INIT;
    if (gst_iterator_next(iterator, &item) == GST_ITERATOR_OK) {
        GstElementFactory *made = gst_element_get_factory(g_value_get_object(&item));
        found = found && made != NULL && g_strcmp0(GST_OBJECT_NAME(made), "fakesink") != 0;
        g_value_unset(&item);
    } else {
        found = false;
    }
    gst_iterator_free(iterator);
    gst_element_set_state(sink, GST_STATE_NULL);
    gst_object_unref(sink);
    return found;
}

/* A window needs a display server. Debian's DirectFB, which GStreamer tries last, ends the whole program
 * where it finds none, so it is not tried at all. */
static bool window_found(void)
{
    GstPluginFeature *direct = gst_registry_lookup_feature(gst_registry_get(), "dfbvideosink");
    if (direct != NULL)
        gst_plugin_feature_set_rank(direct, GST_RANK_NONE);
    gst_clear_object(&direct);
    return (g_getenv("DISPLAY") != NULL || g_getenv("WAYLAND_DISPLAY") != NULL) &&
           sink_found("autovideosink");
}

static bool try_devices(struct balint_options *options, char why[BALINT_OPTION_WHY])
{
    bool microphone = options->audio_file == NULL && options->audio_source == NULL;
    bool camera = !options->video_test && options->video_source == NULL;
    options->no_microphone = microphone && !source_gives("autoaudiosrc");
    options->no_camera = camera && !source_gives("autovideosrc");
    if (!options->no_audio_out && options->audio_sink == NULL && !sink_found("autoaudiosink"))
        say(why, "no loudspeaker was found", "connect one, or give --no-audio-out or --audio-sink FRAGMENT");
    else if (options->window == NULL && !window_found())
        say(why, "no display for the window was found",
            "start it in a graphical session, or give --window none");
    else
        return true;
    return false;
}

/* The libraries of sound cards write pages about a card that is not there; one line of ours says it. */
bool balint_devices_try(struct balint_options *options, char why[BALINT_OPTION_WHY])
{
    int before = dup(STDERR_FILENO), nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (before >= 0 && nothing >= 0)
        dup2(nothing, STDERR_FILENO);
    bool there = try_devices(options, why);
    if (before >= 0) {
        dup2(before, STDERR_FILENO);
        close(before);
    }
    if (nothing >= 0)
        close(nothing);
    return there;
}

GstElement *balint_sound_source(const struct balint_options *options, struct balint_wavfile *file,
                                char why[BALINT_OPTION_WHY])
{
    if (file != NULL) {
        GstElement *source = balint_wavfile_element(file);
        if (source == NULL)
            say(why, "--audio-file", "GStreamer's base plugins are missing: install them");
        return source;
    }
    const char *device = options->no_microphone ? "audiotestsrc is-live=true wave=silence" : "autoaudiosrc";
    char *description = g_strdup_printf("%s ! audioconvert ! audioresample ! capsfilter caps=\"" SOUND "\"",
                                        options->audio_source != NULL ? options->audio_source : device);
    GstElement *source = make(description, "--audio-source", why);
    g_free(description);
    return source;
}

GstElement *balint_picture_source(const struct balint_options *options, char why[BALINT_OPTION_WHY])
{
    char *caps =
        g_strdup_printf("video/x-raw,format=I420,width=%d,height=%d,framerate=%d/1,pixel-aspect-ratio=1/1",
                        options->width, options->height, options->fps);
    /* A ball that moves over one colour: almost nothing to draw, and little to encode. A grey that never
     * changes is next to nothing, and is not the black of a tile whose picture does not come. */
    const char *made = options->video_test  ? "name=picture pattern=ball motion=wavy"
                       : options->no_camera ? "pattern=solid-color foreground-color=0xff5a666b"
                                            : NULL;
    char *description =
        made != NULL
            ? g_strdup_printf("videotestsrc is-live=true %s ! capsfilter caps=\"%s\"", made, caps)
            : g_strdup_printf(
                  "%s ! videoconvert ! videoscale add-borders=true ! videorate ! capsfilter caps=\"%s\"",
                  options->video_source != NULL ? options->video_source : "autovideosrc", caps);
    GstElement *source = make(description, "--video-source", why);
    g_free(description);
    g_free(caps);
    return source;
}

/* ARGB of a hue (degrees) at a saturation and value of 0..1. */
static guint rgb(double hue, double saturation, double value)
{
    double channel[3];
    for (int i = 0; i < 3; i++) {
        double k = fmod((i == 0 ? 5.0 : i == 1 ? 3.0 : 1.0) + hue / 60.0, 6.0);
        double low = fmin(fmin(k, 4.0 - k), 1.0);
        channel[i] = value - value * saturation * fmax(low, 0.0);
    }
    return 0xff000000u | (guint)(channel[0] * 255) << 16 | (guint)(channel[1] * 255) << 8 |
           (guint)(channel[2] * 255);
}

void balint_picture_colour(GstElement *source, int seat)
{
    GstElement *picture = gst_bin_get_by_name(GST_BIN(source), "picture");
    if (picture == NULL)
        return;
    double hue = fmod(seat * 137.5, 360.0); /* the golden angle: neighbours never look alike */
    g_object_set(picture, "background-color", rgb(hue, 0.45, 0.45), "foreground-color", rgb(hue, 0.25, 0.95),
                 NULL);
    gst_object_unref(picture);
}

GstElement *balint_sound_probe(char why[BALINT_OPTION_WHY])
{
    return make("audioconvert ! audioresample ! webrtcechoprobe name=balintprobe ! "
                "errorignore ignore-notlinked=true convert-to=ok",
                "--audio-sink", why);
}

bool balint_loudspeaker_found(void)
{
    return sink_found("autoaudiosink");
}

GstElement *balint_sound_sink(const struct balint_options *options, char why[BALINT_OPTION_WHY])
{
    /* A dead device may hold its thread for ever: not the mixer's. */
    char *description =
        g_strdup_printf("queue leaky=downstream max-size-buffers=20 max-size-bytes=0 max-size-time=0 ! "
                        "audioconvert ! audioresample ! %s",
                        options->audio_sink != NULL ? options->audio_sink : "autoaudiosink");
    GstElement *sink = make(description, "--audio-sink", why);
    g_free(description);
    return sink;
}

GstElement *balint_window_sink(const struct balint_options *options, char why[BALINT_OPTION_WHY])
{
    if (g_strcmp0(options->window, "none") == 0) {
        if (options->snapshot == NULL)
            return NULL;
        return make("fakesink sync=false enable-last-sample=false", "--window", why);
    }
    char *description =
        g_strdup_printf("videoconvert ! %s", options->window != NULL ? options->window : "autovideosink");
    GstElement *sink = make(description, "--window", why);
    g_free(description);
    return sink;
}
