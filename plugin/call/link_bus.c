/* link_bus.c - which messages on the call's bus are a link's own: an error of a link is told to the link,
 * never to the pipeline that goes on. Any thread.
 */
#include "call/link_private.h"

#define GST_CAT_DEFAULT balint_call_debug

static gpointer dup_link(gpointer link, gpointer data)
{
    (void)data;
    return link ? balint_call_link_ref(link) : NULL;
}

static struct balint_call_link *link_of(GstBin *call, GstObject *source)
{
    struct balint_call_link *link = NULL;
    GstObject *each = source ? gst_object_ref(source) : NULL;
    while (each && each != GST_OBJECT(call) && !link) {
        GstObject *parent = gst_object_get_parent(each);
        link = g_object_dup_data(G_OBJECT(each), "balint-link", dup_link, NULL);
        gst_object_unref(each);
        each = parent;
    }
    g_clear_object(&each);
    return link;
}

gboolean balint_call_link_takes(GstBin *bin, GstMessage *message)
{
    /* What says something of the link alone; latency, clocks and asynchronous states are the bin's to handle.
     */
    const GstMessageType own = GST_MESSAGE_ERROR | GST_MESSAGE_WARNING | GST_MESSAGE_INFO | GST_MESSAGE_EOS |
                               GST_MESSAGE_STREAM_START | GST_MESSAGE_STATE_CHANGED | GST_MESSAGE_TAG |
                               GST_MESSAGE_QOS | GST_MESSAGE_ELEMENT;
    GstMessageType type = GST_MESSAGE_TYPE(message);
    if (!(type & own))
        return FALSE;
    struct balint_call_link *link = link_of(bin, GST_MESSAGE_SRC(message));
    if (!link)
        return FALSE;
    if (type == GST_MESSAGE_ERROR) {
        g_autoptr(GError) error = NULL;
        g_autofree char *detail = NULL;
        gst_message_parse_error(message, &error, &detail);
        GST_WARNING_OBJECT(bin, "a link failed: %s: %s", GST_MESSAGE_SRC_NAME(message), detail);
        balint_call_link_tell_failed(link);
    }
    balint_call_link_unref(link);
    return TRUE;
}
