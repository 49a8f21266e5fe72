/* snapshot.c - keeps the last picture and writes PNG files. */
#include "client/snapshot.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <gst/video/video.h>
#include <unistd.h>

struct balint_snapshots {
    char *directory;
    GMutex lock;
    GstBuffer *last; /* lock */
    GstPad *pad;
    gulong probe;
    int taken;
    GThreadPool *writers; /* one thread: encoding must not take a second core from the call */
};
struct job {
    GstSample *sample;
    char *path;
};

/* The pool's thread. */
static void write_png(gpointer data, gpointer user_data)
{
    (void)user_data;
    struct job *job = data;
    GError *error = NULL;
    GstCaps *caps = gst_caps_new_empty_simple("image/png");
    GstSample *png = gst_video_convert_sample(job->sample, caps, 10 * GST_SECOND, &error);
    GstMapInfo map;
    bool ok = png != NULL && gst_buffer_map(gst_sample_get_buffer(png), &map, GST_MAP_READ);
    if (ok) {
        ok = g_file_set_contents(job->path, (const char *)map.data, (gssize)map.size, &error);
        gst_buffer_unmap(gst_sample_get_buffer(png), &map);
    }
    if (!ok)
        g_printerr("balint: a picture of the window could not be written: %s\n",
                   error != NULL ? error->message : "no PNG encoder");
    g_clear_error(&error);
    g_clear_pointer(&png, gst_sample_unref);
    gst_caps_unref(caps);
    gst_sample_unref(job->sample);
    g_free(job->path);
    g_free(job);
}

/* Can that folder be written to, or be made? It is made with the first picture: who is not let in leaves
 * none. */
static bool can_be_made(const char *directory)
{
    g_autofree char *at = g_strdup(directory);
    while (!g_file_test(at, G_FILE_TEST_EXISTS)) {
        char *above = g_path_get_dirname(at);
        g_free(at);
        at = above;
    }
    g_autofree char *probe = g_build_filename(at, ".balint.XXXXXX", NULL);
    return g_mkdtemp(probe) != NULL && g_rmdir(probe) == 0;
}

struct balint_snapshots *balint_snapshots_new(const char *directory, char why[BALINT_OPTION_WHY])
{
    if (!can_be_made(directory)) {
        g_snprintf(why, BALINT_OPTION_WHY, "%.120s: %s: give a folder that can be written to", directory,
                   g_strerror(errno));
        return NULL;
    }
    struct balint_snapshots *snapshots = g_new0(struct balint_snapshots, 1);
    snapshots->directory = g_strdup(directory);
    g_mutex_init(&snapshots->lock);
    snapshots->writers = g_thread_pool_new(write_png, NULL, 1, FALSE, NULL);
    return snapshots;
}

void balint_snapshots_free(struct balint_snapshots *snapshots)
{
    if (snapshots == NULL)
        return;
    if (snapshots->pad != NULL)
        gst_pad_remove_probe(snapshots->pad, snapshots->probe);
    gst_clear_object(&snapshots->pad);
    g_thread_pool_free(snapshots->writers, FALSE, TRUE);
    gst_clear_buffer(&snapshots->last);
    g_mutex_clear(&snapshots->lock);
    g_free(snapshots->directory);
    g_free(snapshots);
}

/* The window's streaming thread. */
static GstPadProbeReturn on_picture(GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
    (void)pad;
    struct balint_snapshots *snapshots = user_data;
    g_mutex_lock(&snapshots->lock);
    gst_buffer_replace(&snapshots->last, GST_PAD_PROBE_INFO_BUFFER(info));
    g_mutex_unlock(&snapshots->lock);
    return GST_PAD_PROBE_OK;
}

void balint_snapshots_watch(struct balint_snapshots *snapshots, GstPad *pad)
{
    snapshots->pad = gst_object_ref(pad);
    snapshots->probe = gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, on_picture, snapshots, NULL);
}

void balint_snapshots_take(struct balint_snapshots *snapshots, const char *name, bool numbered)
{
    if (snapshots == NULL || snapshots->pad == NULL)
        return;
    GstCaps *caps = gst_pad_get_current_caps(snapshots->pad);
    g_mutex_lock(&snapshots->lock);
    GstBuffer *last = snapshots->last != NULL ? gst_buffer_ref(snapshots->last) : NULL;
    g_mutex_unlock(&snapshots->lock);
    if (last != NULL && caps != NULL && g_mkdir_with_parents(snapshots->directory, 0700) != 0) {
        g_printerr("balint: %s: %s: no picture of the window is kept\n", snapshots->directory,
                   g_strerror(errno));
    } else if (last != NULL && caps != NULL) {
        struct job *job = g_new0(struct job, 1);
        char *file = numbered ? g_strdup_printf("%02d-%s.png", ++snapshots->taken, name)
                              : g_strdup_printf("%s.png", name);
        job->path = g_build_filename(snapshots->directory, file, NULL);
        job->sample = gst_sample_new(last, caps, NULL, NULL);
        g_free(file);
        g_thread_pool_push(snapshots->writers, job, NULL);
    }
    gst_clear_buffer(&last);
    gst_clear_caps(&caps);
}
