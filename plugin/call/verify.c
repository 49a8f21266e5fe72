/* verify.c - see verify.h. */
#include "call/verify.h"

#include "call/sdp.h"
#include "identity/identity.h"

#include <string.h>

enum verdict { PENDING, MATCHED, MISMATCHED };

struct balint_verify {
    gint verdict; /* atomic */
    GMutex lock;  /* guards what follows */
    gboolean expected;
    guint8 fingerprint[BALINT_HASH_SIZE];
    balint_verified_fn verified;
    void *user;
    gboolean told;

    gint64 media_us; /* under `lock` */
    GstElement *webrtc;
    gulong added;
    GPtrArray *watched; /* dtlsdec elements whose peer-pem we listen to */
};

/* RFC 7983: what a datagram on the link's socket is, by its first byte. */
static gboolean is_dtls(guint8 first)
{
    return first >= 20 && first <= 63;
}

static gboolean is_media(guint8 first)
{
    return first >= 128 && first <= 191;
}

/* May this datagram pass? `arriving`: remember when media came. */
static gboolean may_pass(struct balint_verify *verify, GstBuffer *buffer, gboolean arriving)
{
    guint8 first = 0;
    gst_buffer_extract(buffer, 0, &first, 1);
    enum verdict verdict = (enum verdict)g_atomic_int_get(&verify->verdict);
    if (verdict == MISMATCHED)
        return FALSE;
    if (verdict == PENDING)
        return is_dtls(first);
    if (arriving && is_media(first)) {
        g_mutex_lock(&verify->lock);
        verify->media_us = g_get_monotonic_time();
        g_mutex_unlock(&verify->lock);
    }
    return TRUE;
}

struct filter {
    struct balint_verify *verify;
    gboolean arriving;
};

static gboolean filter_one(GstBuffer **buffer, guint index, gpointer data)
{
    struct filter *filter = data;
    (void)index;
    if (!may_pass(filter->verify, *buffer, filter->arriving))
        gst_clear_buffer(buffer); /* taken out of the list */
    return TRUE;
}

static GstPadProbeReturn filter_pad(struct balint_verify *verify, GstPadProbeInfo *info, gboolean arriving)
{
    if (info->type & GST_PAD_PROBE_TYPE_BUFFER)
        return may_pass(verify, GST_PAD_PROBE_INFO_BUFFER(info), arriving) ? GST_PAD_PROBE_OK
                                                                           : GST_PAD_PROBE_DROP;
    GstBufferList *list = gst_buffer_list_make_writable(GST_PAD_PROBE_INFO_BUFFER_LIST(info));
    struct filter filter = {verify, arriving};
    gst_buffer_list_foreach(list, filter_one, &filter);
    info->data = list;
    return gst_buffer_list_length(list) ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

static GstPadProbeReturn on_leaving(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
    (void)pad;
    return filter_pad(data, info, FALSE);
}

static GstPadProbeReturn on_arriving(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
    (void)pad;
    return filter_pad(data, info, TRUE);
}

/* SHA-256 of the DER inside a PEM certificate (RFC 8122 §5). */
static gboolean hash_of_pem(const char *pem, guint8 hash[BALINT_HASH_SIZE])
{
    static const char begin[] = "-----BEGIN CERTIFICATE-----", end[] = "-----END CERTIFICATE-----";
    const char *from = pem ? strstr(pem, begin) : NULL;
    const char *to = from ? strstr(from, end) : NULL;
    if (!to)
        return FALSE;
    from += sizeof begin - 1;
    g_autofree char *base64 = g_strndup(from, (gsize)(to - from));
    gsize length = 0;
    g_autofree guchar *der = g_base64_decode(base64, &length);
    return length > 0 && balint_hash(der, length, hash);
}

/* Within the handshake, before it goes on: the verdict is there before any later packet. */
static void on_peer_pem(GObject *dtlsdec, GParamSpec *spec, gpointer data)
{
    struct balint_verify *verify = data;
    g_autofree char *pem = NULL;
    guint8 hash[BALINT_HASH_SIZE];
    (void)spec;
    g_object_get(dtlsdec, "peer-pem", &pem, NULL);
    gboolean hashed = hash_of_pem(pem, hash);

    g_mutex_lock(&verify->lock);
    gboolean matched = hashed && verify->expected && balint_same(hash, verify->fingerprint, sizeof hash) &&
                       g_atomic_int_get(&verify->verdict) != MISMATCHED;
    g_atomic_int_set(&verify->verdict, matched ? MATCHED : MISMATCHED);
    if (verify->verified && (!verify->told || !matched))
        verify->verified(verify->user, matched);
    verify->told = TRUE;
    g_mutex_unlock(&verify->lock);
}

static void watch_pad(GstElement *element, const char *name, GstPadProbeCallback probe,
                      struct balint_verify *verify)
{
    GstPad *pad = gst_element_get_static_pad(element, name);
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, probe, verify, NULL);
    gst_object_unref(pad);
}

/* webrtcbin makes its transports late, in its own thread; each is caught before it is linked to anything. */
static void on_element(GstBin *webrtc, GstBin *parent, GstElement *element, gpointer data)
{
    struct balint_verify *verify = data;
    GstElementFactory *factory = gst_element_get_factory(element);
    const char *name = factory ? GST_OBJECT_NAME(factory) : "";
    (void)webrtc;
    (void)parent;
    if (strcmp(name, "nicesink") == 0) {
        watch_pad(element, "sink", on_leaving, verify);
    } else if (strcmp(name, "nicesrc") == 0) {
        watch_pad(element, "src", on_arriving, verify);
    } else if (strcmp(name, "dtlsdec") == 0) {
        g_mutex_lock(&verify->lock);
        g_ptr_array_add(verify->watched, gst_object_ref(element));
        g_mutex_unlock(&verify->lock);
        g_signal_connect(element, "notify::peer-pem", G_CALLBACK(on_peer_pem), verify);
    }
}

struct balint_verify *balint_verify_new(GstElement *webrtc, balint_verified_fn verified, void *user)
{
    struct balint_verify *verify = g_new0(struct balint_verify, 1);
    g_mutex_init(&verify->lock);
    verify->verified = verified;
    verify->user = user;
    verify->webrtc = gst_object_ref(webrtc);
    verify->watched = g_ptr_array_new_with_free_func(gst_object_unref);
    verify->added = g_signal_connect(webrtc, "deep-element-added", G_CALLBACK(on_element), verify);
    return verify;
}

void balint_verify_expect(struct balint_verify *verify, const char *fingerprint)
{
    g_mutex_lock(&verify->lock);
    verify->expected = balint_fingerprint_read(fingerprint, verify->fingerprint);
    g_mutex_unlock(&verify->lock);
}

void balint_verify_stop(struct balint_verify *verify)
{
    g_mutex_lock(&verify->lock);
    verify->verified = NULL;
    g_mutex_unlock(&verify->lock);
}

void balint_verify_free(struct balint_verify *verify)
{
    if (!verify)
        return;
    g_signal_handler_disconnect(verify->webrtc, verify->added);
    for (guint i = 0; i < verify->watched->len; i++)
        g_signal_handlers_disconnect_by_data(g_ptr_array_index(verify->watched, i), verify);
    g_ptr_array_unref(verify->watched);
    gst_object_unref(verify->webrtc);
    g_mutex_clear(&verify->lock);
    g_free(verify);
}

gboolean balint_verify_matched(struct balint_verify *verify)
{
    return g_atomic_int_get(&verify->verdict) == MATCHED;
}

gint64 balint_verify_media_us(struct balint_verify *verify)
{
    g_mutex_lock(&verify->lock);
    gint64 at = verify->media_us;
    g_mutex_unlock(&verify->lock);
    return at;
}
