/* link_receive.c - what arrives on a link: decoded, gated, measured, and shown as a pad of the call.
 *
 * Why the caps decide and not the transceiver: no SSRC is signalled, so webrtcbin cannot know which m-line a
 * stream belongs to; the payload type can, and the caps come from it. One stream of a kind counts, further
 * ones are left unlinked: nobody can make us decode more.
 *
 * Threads: balint_call_link_on_pad and the probes in webrtcbin's streaming threads.
 */
#include "call/link_private.h"

#include <string.h>

static gint gates_of(const struct balint_inlet *inlet)
{
    return g_atomic_int_get(&inlet->link->gates);
}

/* Is there a pad of the call that leads anywhere? Pushing where nothing is linked would stop the stream for
 * good. */
static gboolean leads_somewhere(struct balint_inlet *inlet)
{
    GstPad *exposed = g_atomic_pointer_get(&inlet->exposed);
    return exposed && gst_pad_is_linked(exposed);
}

/* Sound: goes on as silence when it may not be heard, so that a mixer's time does not stumble. */
static GstPadProbeReturn on_sound(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
    struct balint_inlet *inlet = data;
    GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER(info);
    gboolean heard = (gates_of(inlet) & GATE_HEARS) != 0;
    GstMapInfo map;
    (void)pad;
    if (!leads_somewhere(inlet))
        return GST_PAD_PROBE_DROP;
    if (gst_buffer_map(buffer, &map, GST_MAP_READ)) {
        balint_meters_sound(inlet->link->config.meters, inlet->link->config.seat, (const gint16 *)map.data,
                            map.size / sizeof(gint16), 48000, heard);
        gst_buffer_unmap(buffer, &map);
    }
    if (heard)
        return GST_PAD_PROBE_OK;
    GstBuffer *silent = gst_buffer_new_allocate(NULL, gst_buffer_get_size(buffer), NULL);
    gst_buffer_memset(silent, 0, 0, gst_buffer_get_size(buffer));
    gst_buffer_copy_into(silent, buffer, GST_BUFFER_COPY_FLAGS | GST_BUFFER_COPY_TIMESTAMPS, 0, (gsize)-1);
    gst_buffer_unref(buffer);
    info->data = silent;
    return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn on_picture(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
    struct balint_inlet *inlet = data;
    (void)pad;
    (void)info;
    if (!(gates_of(inlet) & GATE_SEES) || !leads_somewhere(inlet))
        return GST_PAD_PROBE_DROP;
    balint_meters_picture(inlet->link->config.meters, inlet->link->config.seat);
    return GST_PAD_PROBE_OK;
}

/* EOS of one stream (the other side closed its DTLS) must not end the mixer it leads to; the watchdog and
 * signalling say what becomes of the person. */
static GstPadProbeReturn on_event(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
    (void)pad;
    (void)data;
    return GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_EOS ? GST_PAD_PROBE_DROP
                                                                           : GST_PAD_PROBE_OK;
}

/* "Each link ends in a playout buffer of its own": between decoder and pad is its place. */
static const char *const chains[BALINT_MEDIA] = {
    "rtpopusdepay ! opusdec plc=true use-inband-fec=true ! audioconvert ! audioresample ! capsfilter "
    "caps=audio/x-raw,format=S16LE,rate=48000,channels=1,layout=interleaved",
    "rtpvp8depay request-keyframe=true wait-for-keyframe=true ! vp8dec ! capsfilter "
    "caps=video/x-raw,format=I420",
};

static gboolean build(struct balint_inlet *inlet)
{
    inlet->bin = gst_parse_bin_from_description(chains[inlet->media], TRUE, NULL);
    if (!inlet->bin)
        return FALSE;
    GstPad *pad = gst_element_get_static_pad(inlet->bin, "src");
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, inlet->media == BALINT_SOUND ? on_sound : on_picture,
                      inlet, NULL);
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_event, inlet, NULL);
    gst_object_unref(pad);
    return TRUE;
}

/* OPUS or VP8, else -1. */
static int media_of(GstPad *pad)
{
    int media = -1;
    GstCaps *caps = gst_pad_get_current_caps(pad);
    const char *name =
        caps ? gst_structure_get_string(gst_caps_get_structure(caps, 0), "encoding-name") : NULL;
    if (name)
        media = strcmp(name, "OPUS") == 0 ? BALINT_SOUND : strcmp(name, "VP8") == 0 ? BALINT_PICTURES : -1;
    gst_clear_caps(&caps);
    return media;
}

static void tell_arrived(struct balint_call_link *link, void *data)
{
    link->config.events->arrived(link->config.user, link, GPOINTER_TO_INT(data));
}

void balint_call_link_on_pad(GstElement *webrtc, GstPad *pad, gpointer data)
{
    struct balint_call_link *link = data;
    int media = GST_PAD_IS_SRC(pad) ? media_of(pad) : -1;
    (void)webrtc;
    if (media < 0)
        return;
    struct balint_inlet *inlet = &link->inlets[media];
    gboolean built = FALSE;
    g_mutex_lock(&link->lock);
    if (!link->dead && !inlet->bin) {
        inlet->link = link;
        inlet->media = media;
        built = build(inlet);
        if (built) {
            GstPad *sink = gst_element_get_static_pad(inlet->bin, "sink");
            gst_bin_add(GST_BIN(link->bin), inlet->bin);
            gst_element_sync_state_with_parent(inlet->bin);
            gst_pad_link(pad, sink);
            gst_object_unref(sink);
        }
    }
    g_mutex_unlock(&link->lock);
    if (built)
        balint_call_link_post(link, tell_arrived, GINT_TO_POINTER(media), NULL);
}

/* From the outside in, and every pad active before the next is connected: an event that meets a pad which is
 * not active yet comes back through the ghost pads as an error, and ends the stream of the whole link. */
void balint_call_link_expose(struct balint_call_link *link, int media, const char *name)
{
    struct balint_inlet *inlet = &link->inlets[media];
    GstElement *call = GST_ELEMENT(link->config.bin);
    GstPadTemplate *template =
        gst_element_get_pad_template(call, media == BALINT_SOUND ? "audio_%u" : "video_%u");
    GstPad *pad = gst_ghost_pad_new_no_target_from_template(name, template);
    inlet->kept = gst_object_ref(pad);
    gst_pad_set_active(pad, TRUE);
    gst_element_add_pad(call, pad); /* whoever listens links it now */

    GstPad *middle = gst_ghost_pad_new_no_target(media == BALINT_SOUND ? "sound" : "pictures", GST_PAD_SRC);
    gst_pad_set_active(middle, TRUE);
    gst_element_add_pad(link->bin, middle);
    gst_ghost_pad_set_target(GST_GHOST_PAD(pad), middle);

    GstPad *source = gst_element_get_static_pad(inlet->bin, "src");
    gst_ghost_pad_set_target(GST_GHOST_PAD(middle), source);
    gst_object_unref(source);
    g_atomic_pointer_set(&inlet->exposed, inlet->kept);
}
