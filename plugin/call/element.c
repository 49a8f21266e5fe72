/* element.c - the element `balintcall`: properties, signals, pads and states around the engine (call.h).
 *
 * What the properties and signals say here is what gst-inspect-1.0 prints: it is the manual.
 */
#include "call/element.h"
#include "call/manual.h"
#include "call/warm.h"

#include <string.h>

GST_DEBUG_CATEGORY(balint_call_debug);
#define GST_CAT_DEFAULT balint_call_debug

G_DEFINE_TYPE(BalintCall, balint_call, GST_TYPE_BIN)

enum {
    PROP_0,
    PROP_INVITATION,
    PROP_DEVICE,
    PROP_SERVER,
    PROP_CA_FILE,
    PROP_KNOWN_DEVICES,
    PROP_NO_MICROPHONE,
    PROP_LATENCY,
    PROP_AUDIO_BITRATE,
    PROP_VIDEO_BITRATE,
    PROP_SEAT,
    PROP_STATE,
    PROP_DOOR,
    PROP_CRIB,
    PROP_PHASE,
    PROP_STEPPED_BACK,
    PROP_MICROPHONE_OPEN,
    PROP_LINE_UP,
    PROP_LINK_REPORT,
    PROP_ADMIT_EVERYONE,
    PROP_UNGATED_SEND,
    PROP_UNGATED_RECEIVE,
};

#define SOUND_CAPS "audio/x-raw,format=S16LE,rate=48000,channels=1,layout=interleaved"
static GstStaticPadTemplate audio_sink =
    GST_STATIC_PAD_TEMPLATE("audio", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS(SOUND_CAPS));
static GstStaticPadTemplate video_sink = GST_STATIC_PAD_TEMPLATE("video", GST_PAD_SINK, GST_PAD_ALWAYS,
                                                                 GST_STATIC_CAPS("video/x-raw,format=I420"));
static GstStaticPadTemplate audio_source =
    GST_STATIC_PAD_TEMPLATE("audio_%u", GST_PAD_SRC, GST_PAD_SOMETIMES, GST_STATIC_CAPS(SOUND_CAPS));
static GstStaticPadTemplate video_source = GST_STATIC_PAD_TEMPLATE(
    "video_%u", GST_PAD_SRC, GST_PAD_SOMETIMES, GST_STATIC_CAPS("video/x-raw,format=I420"));

/* ---- properties */

static void set_text(char **place, const GValue *value)
{
    if (*place)
        balint_wipe(*place, strlen(*place));
    g_free(*place);
    *place = g_value_dup_string(value);
}

static void set_device(BalintCall *self, const char *text)
{
    struct balint_call_settings *settings = &self->call->settings;
    settings->has_device = text && balint_unbase64(text, strlen(text), settings->device,
                                                   sizeof settings->device) == BALINT_SEED_SIZE;
    if (text && !settings->has_device)
        GST_WARNING_OBJECT(self, "device is no key of 32 bytes in base64url: this process makes its own");
}

static void balint_call_set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    BalintCall *self = BALINT_CALL(object);
    struct balint_call_settings *settings = &self->call->settings;
    g_mutex_lock(&self->call->lock);
    switch (id) {
    case PROP_INVITATION:
        set_text(&settings->invitation, value);
        break;
    case PROP_DEVICE:
        set_device(self, g_value_get_string(value));
        break;
    case PROP_SERVER:
        set_text(&settings->server, value);
        break;
    case PROP_CA_FILE:
        set_text(&settings->ca_file, value);
        break;
    case PROP_KNOWN_DEVICES:
        set_text(&settings->known_devices, value);
        break;
    case PROP_NO_MICROPHONE:
        settings->no_microphone = g_value_get_boolean(value);
        break;
    case PROP_LATENCY:
        settings->latency_ms = g_value_get_uint(value);
        break;
    case PROP_AUDIO_BITRATE:
        settings->audio_bitrate = g_value_get_uint(value);
        break;
    case PROP_VIDEO_BITRATE:
        settings->video_bitrate = g_value_get_uint(value);
        break;
#ifdef BALINT_TESTING
    case PROP_ADMIT_EVERYONE:
        settings->admit_everyone = g_value_get_boolean(value);
        break;
    case PROP_UNGATED_SEND:
        settings->ungated_send = g_value_get_boolean(value);
        break;
    case PROP_UNGATED_RECEIVE:
        settings->ungated_receive = g_value_get_boolean(value);
        break;
#endif
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
    guint audio = settings->audio_bitrate, video = settings->video_bitrate;
    g_mutex_unlock(&self->call->lock);
    if (id == PROP_AUDIO_BITRATE || id == PROP_VIDEO_BITRATE)
        balint_send_bitrates(&self->call->send, audio, video);
}

static void balint_call_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    struct balint_call *call = BALINT_CALL(object)->call;
    if (id == PROP_LINK_REPORT) {
        g_value_take_boxed(value, balint_call_report(call));
        return;
    }
    g_mutex_lock(&call->lock);
    switch (id) {
    case PROP_SERVER:
        g_value_set_string(value, call->settings.server);
        break;
    case PROP_CA_FILE:
        g_value_set_string(value, call->settings.ca_file);
        break;
    case PROP_LATENCY:
        g_value_set_uint(value, call->settings.latency_ms);
        break;
    case PROP_AUDIO_BITRATE:
        g_value_set_uint(value, call->settings.audio_bitrate);
        break;
    case PROP_VIDEO_BITRATE:
        g_value_set_uint(value, call->settings.video_bitrate);
        break;
    case PROP_SEAT:
        g_value_set_int(value, call->shown.seat);
        break;
    case PROP_STATE:
        g_value_set_string(value, call->shown.state);
        break;
    case PROP_DOOR:
        g_value_set_string(value, call->shown.door);
        break;
    case PROP_CRIB:
        g_value_set_string(value, call->shown.crib);
        break;
    case PROP_PHASE:
        g_value_set_string(value, call->shown.phase);
        break;
    case PROP_STEPPED_BACK:
        g_value_set_boolean(value, call->shown.stepped_back);
        break;
    case PROP_MICROPHONE_OPEN:
        g_value_set_boolean(value, g_atomic_int_get(&call->send.open));
        break;
    case PROP_LINE_UP:
        g_value_set_boolean(value, call->shown.line_up);
        break;
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
    g_mutex_unlock(&call->lock);
}

/* ---- the bin */

static GstStateChangeReturn start(BalintCall *self)
{
    char *why = NULL;
    if (self->missing) {
        GST_ELEMENT_ERROR(self, CORE, MISSING_PLUGIN, ("%s", self->missing), (NULL));
        return GST_STATE_CHANGE_FAILURE;
    }
    if (!balint_call_engine_start(self->call, &why)) {
        GST_ELEMENT_ERROR(self, RESOURCE, SETTINGS, ("%s", why), (NULL));
        g_free(why);
        return GST_STATE_CHANGE_FAILURE;
    }
    return GST_STATE_CHANGE_SUCCESS;
}

static GstStateChangeReturn balint_call_change_state(GstElement *element, GstStateChange transition)
{
    BalintCall *self = BALINT_CALL(element);
    if (transition == GST_STATE_CHANGE_NULL_TO_READY)
        balint_warm_up(); /* while devices open */
    if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
        balint_call_engine_stop(self->call); /* links go down in their own order, before the bin's */
    if (transition == GST_STATE_CHANGE_PLAYING_TO_PAUSED)
        g_atomic_int_set(&self->call->playing, 0);

    GstStateChangeReturn result =
        GST_ELEMENT_CLASS(balint_call_parent_class)->change_state(element, transition);
    if (result == GST_STATE_CHANGE_FAILURE)
        return result;
    switch (transition) {
    case GST_STATE_CHANGE_READY_TO_PAUSED:
        if (start(self) == GST_STATE_CHANGE_FAILURE) {
            GST_ELEMENT_CLASS(balint_call_parent_class)
                ->change_state(element, GST_STATE_CHANGE_PAUSED_TO_READY);
            return GST_STATE_CHANGE_FAILURE;
        }
        return GST_STATE_CHANGE_NO_PREROLL; /* live: nothing waits for people who may never come */
    case GST_STATE_CHANGE_PAUSED_TO_PLAYING:
        g_atomic_int_set(&self->call->playing, 1);
        return result;
    case GST_STATE_CHANGE_PLAYING_TO_PAUSED:
        return GST_STATE_CHANGE_NO_PREROLL;
    case GST_STATE_CHANGE_READY_TO_NULL:
        balint_warm_up_finish();
        return result;
    default:
        return result;
    }
}

/* A dying or failing link is the link's affair, never the pipeline's. */
static void balint_call_handle_message(GstBin *bin, GstMessage *message)
{
    if (balint_call_link_takes(bin, message))
        gst_message_unref(message);
    else
        GST_BIN_CLASS(balint_call_parent_class)->handle_message(bin, message);
}

static void balint_call_finalize(GObject *object)
{
    balint_call_engine_finish(BALINT_CALL(object)->call);
    g_free(BALINT_CALL(object)->call);
    G_OBJECT_CLASS(balint_call_parent_class)->finalize(object);
}

static void balint_call_init(BalintCall *self)
{
    struct balint_call *call = self->call = g_new0(struct balint_call, 1);
    balint_call_engine_init(call, GST_BIN(self));
    gst_bin_set_suppressed_flags(GST_BIN(self), GST_ELEMENT_FLAG_SOURCE | GST_ELEMENT_FLAG_SINK);
    GST_OBJECT_FLAG_SET(self, GST_ELEMENT_FLAG_SINK);
    if (balint_send_init(&call->send, GST_BIN(self), &self->missing))
        balint_send_bitrates(&call->send, call->settings.audio_bitrate, call->settings.video_bitrate);
}

/* ---- the manual */

#define READABLE (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)
#define WRITABLE (G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS)
#define SETTABLE (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS)

static void add_settings(GObjectClass *class)
{
    g_object_class_install_property(
        class, PROP_INVITATION,
        g_param_spec_string(
            "invitation", "Invitation",
            "Your link, https://HOST/join/GROUP#…: who has it is you, so it can be set and never "
            "read. Needed before PAUSED.",
            NULL, WRITABLE));
    g_object_class_install_property(
        class, PROP_DEVICE,
        g_param_spec_string(
            "device", "Device key",
            "32 secret bytes in base64url that stay the same on this device: who comes back with "
            "them need not be admitted again. Made for this process alone when not set.",
            NULL, WRITABLE));
    g_object_class_install_property(
        class, PROP_SERVER,
        g_param_spec_string("server", "Server", "HOST:PORT to connect to instead of the invitation's host",
                            NULL, SETTABLE));
    g_object_class_install_property(
        class, PROP_CA_FILE,
        g_param_spec_string("ca-file", "CA file",
                            "PEM file of the authorities to trust for the server instead of the system's",
                            NULL, SETTABLE));
    g_object_class_install_property(
        class, PROP_KNOWN_DEVICES,
        g_param_spec_string("known-devices", "Known devices",
                            "Leaders: who came with which device on earlier evenings, a line \"MEMBER KEY\" "
                            "(public key in base64url) for each, as devices-met gave them: admit-all lets in "
                            "these alone. Needed before PAUSED.",
                            NULL, WRITABLE));
    g_object_class_install_property(class, PROP_NO_MICROPHONE,
                                    g_param_spec_boolean("no-microphone", "No microphone",
                                                         "What comes in as sound is only silence: who is no "
                                                         "observer is not seated, and closed says so",
                                                         FALSE, WRITABLE));
    g_object_class_install_property(class, PROP_LATENCY,
                                    g_param_spec_uint("latency", "Latency",
                                                      "Jitter buffer of each link made from now on, in ms", 0,
                                                      2000, 40, SETTABLE));
    g_object_class_install_property(
        class, PROP_AUDIO_BITRATE,
        g_param_spec_uint(
            "audio-bitrate", "Audio bit rate",
            "Of Opus, in bit/s, constant: 20 ms frames, silence as large as speech. In-band error "
            "correction needs 20000.",
            6000, 128000, 24000, SETTABLE));
    g_object_class_install_property(
        class, PROP_VIDEO_BITRATE,
        g_param_spec_uint("video-bitrate", "Video bit rate",
                          "Of VP8, in bit/s, whatever size and frame rate come in", 20000, 5000000, 150000,
                          SETTABLE));
}

static void add_readings(GObjectClass *class)
{
    g_object_class_install_property(class, PROP_SEAT,
                                    g_param_spec_int("seat", "Seat", "Own seat; -1 before there is one", -1,
                                                     BALINT_SEATS - 1, -1, READABLE));
    g_object_class_install_property(
        class, PROP_STATE,
        g_param_spec_string("state", "State",
                            "The last `state` message, JSON as in PROTOCOL.md, as this "
                            "element follows it: with the roles of the roster, names "
                            "as signed (or marked as not proven), and away, "
                            "sitting_out and muted of the own seat until the own act "
                            "ends them",
                            NULL, READABLE));
    g_object_class_install_property(
        class, PROP_DOOR,
        g_param_spec_string(
            "door", "Door",
            "Leaders: who is at the door, JSON: a list of {\"seat\", \"standing\"}, where "
            "standing is known (from an earlier evening, with this device), new, other-device "
            "(this person was here with another one) or unproven (nothing says that it is "
            "this person; cannot be let in)",
            NULL, READABLE));
    g_object_class_install_property(
        class, PROP_CRIB,
        g_param_spec_string("crib", "Crib",
                            "Leaders: the group's cards, a line each: questions that a leader may ask aloud",
                            NULL, READABLE));
    g_object_class_install_property(
        class, PROP_PHASE,
        g_param_spec_string("phase", "Phase", "Id of the present phase; empty in the lobby", "", READABLE));
    g_object_class_install_property(class, PROP_STEPPED_BACK,
                                    g_param_spec_boolean("stepped-back", "Stepped back",
                                                         "The presenter has stepped back", FALSE, READABLE));
    g_object_class_install_property(
        class, PROP_MICROPHONE_OPEN,
        g_param_spec_boolean("microphone-open", "Microphone open",
                             "Sound is sent, not silence: the floor allows it and the own key opened it",
                             FALSE, READABLE));
    g_object_class_install_property(
        class, PROP_LINE_UP,
        g_param_spec_boolean("line-up", "Line up",
                             "The server is heard. False: its line is lost and is being won back; links "
                             "to people go on, and nothing can be asked",
                             FALSE, READABLE));
    g_object_class_install_property(
        class, PROP_LINK_REPORT,
        g_param_spec_boxed(
            "link-report", "Link report",
            "balint-link-report with remotes: for each other person seat, member, name, state "
            "(none, offering, opening, open, lost, fingerprint-mismatch), generation, "
            "first-sound-ms and first-picture-ms since own admission (-1: not yet), by-phase: id, "
            "sound-ms (over -60 dBFS, let through), frames, dropped-ms (over -60 dBFS, kept away)",
            GST_TYPE_STRUCTURE, READABLE));
#ifdef BALINT_TESTING
    g_object_class_install_property(class, PROP_ADMIT_EVERYONE,
                                    g_param_spec_boolean("admit-everyone", "Admit everyone",
                                                         "As a leader, admit who knocks (testing builds)",
                                                         FALSE, WRITABLE));
    g_object_class_install_property(
        class, PROP_UNGATED_SEND,
        g_param_spec_boolean("ungated-send", "Ungated send",
                             "Send sound and pictures whatever the floor says (testing builds)", FALSE,
                             WRITABLE));
    g_object_class_install_property(class, PROP_UNGATED_RECEIVE,
                                    g_param_spec_boolean("ungated-receive", "Ungated receive",
                                                         "Let through whatever arrives (testing builds)",
                                                         FALSE, WRITABLE));
#endif
}

static void balint_call_class_init(BalintCallClass *class)
{
    GObjectClass *object = G_OBJECT_CLASS(class);
    GstElementClass *element = GST_ELEMENT_CLASS(class);
    GST_DEBUG_CATEGORY_INIT(balint_call_debug, "balintcall", 0, "the call of an online Balint group");
    object->set_property = balint_call_set_property;
    object->get_property = balint_call_get_property;
    object->finalize = balint_call_finalize;
    element->change_state = balint_call_change_state;
    GST_BIN_CLASS(class)->handle_message = balint_call_handle_message;
    add_settings(object);
    add_readings(object);
    balint_call_add_signals(class);
    balint_call_add_actions(object);
    gst_element_class_add_static_pad_template(element, &audio_sink);
    gst_element_class_add_static_pad_template(element, &video_sink);
    gst_element_class_add_static_pad_template(element, &audio_source);
    gst_element_class_add_static_pad_template(element, &video_source);
    gst_element_class_set_static_metadata(element, "Balint group call", "Filter/Network/Audio/Video",
                                          balint_call_manual, "Balint Circle");
}
