/* pipeline.c - builds what pipeline.h draws. */
#include "client/pipeline.h"

#include <string.h>

#define MIX_LATENCY                                                                                          \
    (120 * GST_MSECOND) /* what may come later than sound that was sent now: jitter buffers, decoders */
#define SOUND "audio/x-raw,format=S16LE,layout=interleaved,rate=48000,channels=1"

#ifndef BALINT_PLUGIN_PATH
#define BALINT_PLUGIN_PATH "../lib/gstreamer-1.0" /* from the folder of the installed program */
#endif

bool balint_plugin_find(char why[BALINT_OPTION_WHY])
{
    static const char *const places[] = {"../lib", BALINT_PLUGIN_PATH};
    char *own = g_file_read_link("/proc/self/exe", NULL);
    char *folder = own != NULL ? g_path_get_dirname(own) : NULL;
    bool found = false;
    for (size_t i = 0; i <= sizeof places / sizeof *places && !found; i++) {
        GstElementFactory *factory = gst_element_factory_find("balintcall");
        found = factory != NULL;
        gst_clear_object(&factory);
        if (found || folder == NULL || i == sizeof places / sizeof *places)
            continue;
        char *path = g_build_filename(folder, places[i], NULL);
        gst_registry_scan_path(gst_registry_get(), path);
        g_free(path);
    }
    g_free(folder);
    g_free(own);
    if (!found)
        g_snprintf(
            why, BALINT_OPTION_WHY,
            "the plugin libgstbalint.so was not found: install it, or set GST_PLUGIN_PATH to its folder");
    return found;
}

/* Adds an element; a missing one is said in `why`. */
static GstElement *add(struct balint_pipeline *p, const char *factory, const char *name,
                       char why[BALINT_OPTION_WHY])
{
    GstElement *element = gst_element_factory_make(factory, name);
    if (element == NULL) {
        g_snprintf(why, BALINT_OPTION_WHY,
                   "GStreamer's element %s is missing: install its plugins (base, good and bad)", factory);
        return NULL;
    }
    gst_bin_add(GST_BIN(p->pipeline), element);
    return element;
}

/* An aggregator that goes on whatever comes and goes. */
static GstElement *add_live(struct balint_pipeline *p, const char *factory, char why[BALINT_OPTION_WHY])
{
    GstElementFactory *found = gst_element_factory_find(factory);
    GstElement *element =
        found != NULL ? gst_element_factory_create_full(found, "force-live", TRUE, "min-upstream-latency",
                                                        (guint64)MIX_LATENCY, NULL)
                      : NULL;
    gst_clear_object(&found);
    if (element == NULL) {
        g_snprintf(why, BALINT_OPTION_WHY, "GStreamer's element %s is missing: install its base plugins",
                   factory);
        return NULL;
    }
    gst_bin_add(GST_BIN(p->pipeline), element);
    return element;
}

/* A queue that never makes a live source wait. */
static GstElement *add_queue(struct balint_pipeline *p, guint buffers, char why[BALINT_OPTION_WHY])
{
    GstElement *queue = add(p, "queue", NULL, why);
    if (queue != NULL)
        g_object_set(queue, "leaky", 2, "max-size-buffers", buffers, "max-size-bytes", 0, "max-size-time",
                     (guint64)0, NULL);
    return queue;
}

static bool link_caps(GstElement *from, GstElement *to, const char *text)
{
    GstCaps *caps = gst_caps_from_string(text);
    bool ok = gst_element_link_filtered(from, to, caps);
    gst_caps_unref(caps);
    return ok;
}

static bool broken(char why[BALINT_OPTION_WHY], const char *what)
{
    g_snprintf(why, BALINT_OPTION_WHY, "%s cannot be connected: does the fragment give or take raw media?",
               what);
    return false;
}

/* call.audio_N … ! mixer ! tee ! loudspeaker, and tee ! voice.far. */
static bool build_sound_out(struct balint_pipeline *p, const struct balint_options *options,
                            char why[BALINT_OPTION_WHY])
{
    if (options->no_audio_out)
        return true;
    p->loudspeaker = balint_sound_sink(options, why);
    p->plays = p->loudspeaker != NULL ? balint_sound_probe(why) : NULL;
    if (p->loudspeaker != NULL)
        gst_bin_add(GST_BIN(p->pipeline), p->loudspeaker);
    if (p->plays == NULL)
        return false;
    gst_bin_add(GST_BIN(p->pipeline), p->plays);
    GstElement *silence = add(p, "audiotestsrc", NULL, why), *tee = add(p, "tee", NULL, why);
    GstElement *far = add_queue(p, 20, why);
    p->mixer = add_live(p, "audiomixer", why);
    if (silence == NULL || tee == NULL || far == NULL || p->mixer == NULL)
        return false;
    /* Somebody is always on the line, so that the mixer never waits for the first. */
    g_object_set(silence, "is-live", TRUE, "wave", 4 /* silence */, NULL);
    return (link_caps(silence, p->mixer, SOUND) && link_caps(p->mixer, tee, SOUND) &&
            gst_element_link_many(tee, p->plays, p->loudspeaker, NULL) && gst_element_link(tee, far) &&
            gst_element_link_pads(far, "src", p->voice, "far")) ||
           broken(why, "--audio-sink");
}

/* The end of a microphone is not the end of what is sent: another may follow. */
static GstPadProbeReturn on_event(GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
    (void)pad;
    (void)user_data;
    return GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_EOS ? GST_PAD_PROBE_DROP
                                                                           : GST_PAD_PROBE_OK;
}

static void keep_open(GstElement *voice)
{
    GstPad *pad = gst_element_get_static_pad(voice, "src");
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_event, NULL, NULL);
    gst_object_unref(pad);
}

/* microphone ! [webrtcdsp] ! voice ! call.audio. Only a loudspeaker makes an echo, and a file hears none. */
static bool build_sound_in(struct balint_pipeline *p, const struct balint_options *options,
                           struct balint_wavfile *file, char why[BALINT_OPTION_WHY])
{
    GstElement *source = balint_sound_source(options, file, why);
    if (source == NULL)
        return false;
    gst_bin_add(GST_BIN(p->pipeline), source);
    GstElement *cleaner = NULL;
    if (file == NULL) {
        cleaner = add(p, "webrtcdsp", NULL, why);
        if (cleaner == NULL)
            return false;
        /* What a person chose for a microphone is taken as it is, but for the echo. */
        gboolean own = options->audio_source == NULL;
        g_object_set(cleaner, "probe", "balintprobe", "echo-cancel", !options->no_audio_out,
                     "noise-suppression", own, "gain-control", own, "high-pass-filter", own, NULL);
    }
    p->microphone = source;
    p->hears = cleaner != NULL ? cleaner : p->voice;
    bool ok = (cleaner == NULL || gst_element_link(cleaner, p->voice)) && gst_element_link(source, p->hears);
    if (file == NULL)
        keep_open(p->voice);
    return (ok && gst_element_link_pads(p->voice, "src", p->call, "audio")) || broken(why, "--audio-source");
}

/* compositor ! overlay ! window. */
static bool build_window(struct balint_pipeline *p, const struct balint_options *options,
                         char why[BALINT_OPTION_WHY])
{
    p->window = balint_window_sink(options, why);
    if (p->window == NULL)
        return g_strcmp0(options->window, "none") == 0 && options->snapshot == NULL;
    gst_bin_add(GST_BIN(p->pipeline), p->window);
    p->compositor = add_live(p, "compositor", why);
    p->overlay = add(p, "balintoverlay", NULL, why);
    if (p->compositor == NULL || p->overlay == NULL)
        return false;
    g_object_set(p->compositor, "background", 1 /* black */, NULL);
    char *caps =
        g_strdup_printf("video/x-raw,format=I420,width=%d,height=%d,framerate=%d/1,pixel-aspect-ratio=1/1",
                        BALINT_WINDOW_WIDTH, BALINT_WINDOW_HEIGHT, BALINT_WINDOW_FPS);
    bool ok = link_caps(p->compositor, p->overlay, caps) && gst_element_link(p->overlay, p->window);
    g_free(caps);
    return ok || broken(why, "--window");
}

/* camera ! tee ! call.video, and tee ! own tile. */
static bool build_picture(struct balint_pipeline *p, const struct balint_options *options,
                          char why[BALINT_OPTION_WHY])
{
    p->picture = balint_picture_source(options, why);
    if (p->picture == NULL)
        return false;
    gst_bin_add(GST_BIN(p->pipeline), p->picture);
    GstElement *tee = add(p, "tee", NULL, why), *out = add_queue(p, 3, why);
    if (tee == NULL || out == NULL)
        return false;
    if (!gst_element_link_many(p->picture, tee, out, NULL) ||
        !gst_element_link_pads(out, "src", p->call, "video"))
        return broken(why, "--video-source");
    if (p->compositor == NULL)
        return true;
    GstElement *own = add_queue(p, 3, why);
    if (own == NULL || !gst_element_link(tee, own))
        return false;
    p->self = gst_element_request_pad_simple(p->compositor, "sink_%u");
    GstPad *pad = gst_element_get_static_pad(own, "src");
    bool ok = p->self != NULL && gst_pad_link(pad, p->self) == GST_PAD_LINK_OK;
    if (ok)
        g_object_set(p->self, "alpha", 0.0, NULL);
    gst_object_unref(pad);
    return ok || broken(why, "--video-source");
}

bool balint_pipeline_build(struct balint_pipeline *p, const struct balint_options *options,
                           struct balint_wavfile *file, char why[BALINT_OPTION_WHY])
{
    memset(p, 0, sizeof *p);
    p->pipeline = gst_pipeline_new("balint");
    /* The system's clock is what the session's clock is told apart from; devices follow it. */
    GstClock *clock = gst_system_clock_obtain();
    gst_pipeline_use_clock(GST_PIPELINE(p->pipeline), clock);
    gst_object_unref(clock);
    why[0] = '\0';
    p->call = add(p, "balintcall", "call", why);
    p->voice = p->call != NULL ? add(p, "balintvoice", "voice", why) : NULL;
    bool ok = p->voice != NULL && build_sound_out(p, options, why) && build_sound_in(p, options, file, why) &&
              build_window(p, options, why) && build_picture(p, options, why);
    if (!ok)
        balint_pipeline_finish(p);
    return ok;
}

void balint_pipeline_finish(struct balint_pipeline *p)
{
    if (p->pipeline == NULL)
        return;
    gst_element_set_state(p->pipeline, GST_STATE_NULL);
    gst_clear_object(&p->self);
    gst_clear_object(&p->pipeline);
}
