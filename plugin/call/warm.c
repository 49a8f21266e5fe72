/* warm.c - see warm.h. */
#include "call/warm.h"

#include <gst/gst.h>

static const char *const parts[] = {
    "webrtcbin", "nicesrc",      "nicesink",    "rtpbin",    "rtpjitterbuffer",
    "srtpdec",   "srtpenc",      "dtlssrtpdec", "opusdec",   "vp8dec",
    "queue",     "rtpopusdepay", "rtpvp8depay", "rtpvp8pay", "rtpopuspay",
};

static GMutex lock;
static GCond done;
static enum { COLD, WARMING, WARM } state; /* under `lock` */

static gpointer warm(gpointer unused)
{
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        GstElementFactory *factory = gst_element_factory_find(parts[i]);
        GstPluginFeature *loaded = factory ? gst_plugin_feature_load(GST_PLUGIN_FEATURE(factory)) : NULL;
        gst_clear_object(&loaded);
        gst_clear_object(&factory);
    }
    GstElement *dtls = gst_element_factory_make("dtlsdec", NULL);
    if (dtls)
        gst_object_unref(gst_object_ref_sink(dtls));
    g_mutex_lock(&lock);
    state = WARM;
    g_cond_broadcast(&done);
    g_mutex_unlock(&lock);
    return unused;
}

void balint_warm_up(void)
{
    g_mutex_lock(&lock);
    if (state == COLD) {
        state = WARMING;
        g_thread_unref(g_thread_new("balint-warm", warm, NULL));
    }
    g_mutex_unlock(&lock);
}

void balint_warm_up_finish(void)
{
    g_mutex_lock(&lock);
    while (state == WARMING)
        g_cond_wait(&done, &lock);
    g_mutex_unlock(&lock);
}
