/* element.c - balintoverlay: a thin shell of properties and caps around source, layout and screen.
 *
 * Each frame: has something changed, or has a second passed? Then the list is made anew and what differs is
 * drawn (screen.c). Then the planes are blended into the frame where it is; or, where downstream said in its
 * answer to the ALLOCATION query that it draws overlays itself, they are attached to the frame and no sample
 * is touched.
 *
 * Threads: properties come from any thread and go into `source`, which has a lock; everything else belongs to
 * the streaming thread, or to the state changes that happen while it is stopped. `redraws` and `ask` are
 * atomic.
 */
#include "element.h"

#include <gst/video/gstvideometa.h>
#include <gst/video/video-overlay-composition.h>

#include "screen.h"
#include "source.h"

GST_DEBUG_CATEGORY_STATIC(balint_overlay_debug);
#define GST_CAT_DEFAULT balint_overlay_debug

struct _BalintOverlay {
    GstVideoFilter parent;
    struct balint_source *source;
    gint redraws;                   /* atomic */
    gint ask;                       /* atomic: whether downstream draws overlays itself is not known */
    char refused[BALINT_INPUT_WHY]; /* a property that was wrong before the element started; object lock */
    /* the streaming thread's */
    struct balint_screen *screen;
    struct balint_source_now now;
    guint states;            /* the last state that was drawn */
    GstClockTime state_time; /* running time at which it was first drawn */
    gint64 drawn_second;     /* session clock of the last list */
    gint64 polled_us;        /* monotonic: when the files were last looked at */
    gboolean attach;
    GstVideoOverlayComposition *composition;
};

G_DEFINE_TYPE(BalintOverlay, balint_overlay, GST_TYPE_VIDEO_FILTER)

enum {
    PROP_STATE = 1,
    PROP_STATE_FILE,
    PROP_BALANCE,
    PROP_BALANCE_FILE,
    PROP_TILES,
    PROP_DOOR,
    PROP_SAID,
    PROP_SHEET,
    PROP_SEAT,
    PROP_NOW_US,
    PROP_NOTE,
    PROP_FOLDED,
    PROP_REDRAWS,
};

#define CAPS                                                                                                 \
    "video/x-raw, format = (string) I420, width = (int) [1, 16384], height = (int) [1, 16384], "             \
    "framerate = (fraction) [0, max]"

static GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS(CAPS));
static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS(CAPS));

/* -- properties
 * ---------------------------------------------------------------------------------------------- */

/* A wrong text: told at once when running, else when the element starts. What was shown stays. */
static void refuse(BalintOverlay *self, const char *why)
{
    GST_OBJECT_LOCK(self);
    gboolean running = GST_STATE(self) > GST_STATE_READY;
    if (!running)
        g_strlcpy(self->refused, why, sizeof self->refused);
    GST_OBJECT_UNLOCK(self);
    if (running)
        GST_ELEMENT_WARNING(self, STREAM, DECODE, ("%s", why), (NULL));
}

static void set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    BalintOverlay *self = BALINT_OVERLAY(object);
    char why[BALINT_INPUT_WHY];
    switch (id) {
    case PROP_STATE:
    case PROP_BALANCE:
    case PROP_TILES:
    case PROP_SAID:
    case PROP_SHEET:
    case PROP_DOOR: {
        enum balint_source_text which = id == PROP_STATE     ? BALINT_SOURCE_STATE
                                        : id == PROP_BALANCE ? BALINT_SOURCE_BALANCE
                                        : id == PROP_TILES   ? BALINT_SOURCE_TILES
                                        : id == PROP_SAID    ? BALINT_SOURCE_SAID
                                        : id == PROP_SHEET   ? BALINT_SOURCE_SHEET
                                                             : BALINT_SOURCE_DOOR;
        if (!balint_source_set(self->source, which, g_value_get_string(value), why))
            refuse(self, why);
        break;
    }
    case PROP_STATE_FILE:
        balint_source_set_file(self->source, BALINT_SOURCE_STATE, g_value_get_string(value));
        break;
    case PROP_BALANCE_FILE:
        balint_source_set_file(self->source, BALINT_SOURCE_BALANCE, g_value_get_string(value));
        break;
    case PROP_SEAT:
        balint_source_set_seat(self->source, g_value_get_int(value));
        break;
    case PROP_NOW_US:
        balint_source_set_now(self->source, g_value_get_int64(value));
        break;
    case PROP_NOTE:
        balint_source_set_note(self->source, g_value_get_string(value));
        break;
    case PROP_FOLDED:
        balint_source_set_folded(self->source, g_value_get_boolean(value));
        break;
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
}

static void get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    BalintOverlay *self = BALINT_OVERLAY(object);
    switch (id) {
    case PROP_STATE_FILE:
        g_value_take_string(value, balint_source_dup_file(self->source, BALINT_SOURCE_STATE));
        break;
    case PROP_BALANCE_FILE:
        g_value_take_string(value, balint_source_dup_file(self->source, BALINT_SOURCE_BALANCE));
        break;
    case PROP_SEAT:
        g_value_set_int(value, balint_source_seat(self->source));
        break;
    case PROP_NOW_US:
        g_value_set_int64(value, balint_source_now_us(self->source));
        break;
    case PROP_FOLDED:
        g_value_set_boolean(value, balint_source_folded(self->source));
        break;
    case PROP_REDRAWS:
        g_value_set_uint(value, (guint)g_atomic_int_get(&self->redraws));
        break;
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
}

/* -- starting, stopping, negotiating
 * ------------------------------------------------------------------------- */

static gboolean start(GstBaseTransform *base)
{
    BalintOverlay *self = BALINT_OVERLAY(base);
    char why[BALINT_INPUT_WHY] = "";
    GST_OBJECT_LOCK(self);
    g_strlcpy(why, self->refused, sizeof why);
    self->refused[0] = '\0';
    GST_OBJECT_UNLOCK(self);
    if (why[0] != '\0' || !balint_source_poll(self->source, why) || !balint_source_check(self->source, why)) {
        GST_ELEMENT_ERROR(self, RESOURCE, SETTINGS, ("%s", why), (NULL));
        return FALSE;
    }
    self->screen = balint_screen_create();
    self->now.change = 0;
    self->states = 0;
    self->polled_us = g_get_monotonic_time();
    g_atomic_int_set(&self->redraws, 0);
    return self->screen != NULL;
}

static gboolean stop(GstBaseTransform *base)
{
    BalintOverlay *self = BALINT_OVERLAY(base);
    g_clear_pointer(&self->composition, gst_video_overlay_composition_unref);
    g_clear_pointer(&self->screen, balint_screen_destroy);
    return TRUE;
}

static gboolean set_info(GstVideoFilter *filter, GstCaps *in_caps G_GNUC_UNUSED, GstVideoInfo *in,
                         GstCaps *out_caps G_GNUC_UNUSED, GstVideoInfo *out G_GNUC_UNUSED)
{
    BalintOverlay *self = BALINT_OVERLAY(filter);
    struct balint_matrix matrix;
    gdouble kr = 0.2126, kb = 0.0722;
    gst_video_color_matrix_get_Kr_Kb(in->colorimetry.matrix, &kr, &kb); /* unknown ones keep BT.709 */
    balint_matrix_init(&matrix, kr, kb, in->colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255);
    balint_screen_reset(self->screen, &matrix);
    g_atomic_int_set(&self->ask, 1);
    g_clear_pointer(&self->composition, gst_video_overlay_composition_unref);
    self->now.change = 0; /* draw at the next frame */
    return TRUE;
}

static gboolean src_event(GstBaseTransform *base, GstEvent *event)
{
    if (GST_EVENT_TYPE(event) == GST_EVENT_RECONFIGURE)
        g_atomic_int_set(&BALINT_OVERLAY(base)->ask, 1);
    return GST_BASE_TRANSFORM_CLASS(balint_overlay_parent_class)->src_event(base, event);
}

/* Asks whether downstream draws overlays itself. GstBaseTransform asks nothing for a filter that works in
 * place. */
static void ask_downstream(BalintOverlay *self)
{
    GstPad *pad = GST_BASE_TRANSFORM_SRC_PAD(self);
    GstCaps *caps = gst_pad_get_current_caps(pad);
    GstQuery *query = gst_query_new_allocation(caps, FALSE);
    self->attach = gst_pad_peer_query(pad, query) &&
                   gst_query_find_allocation_meta(query, GST_VIDEO_OVERLAY_COMPOSITION_META_API_TYPE, NULL);
    self->now.change = 0; /* what was composed, or not, for the other way */
    GST_DEBUG_OBJECT(self, "overlays are %s", self->attach ? "attached" : "blended");
    gst_query_unref(query);
    gst_clear_caps(&caps);
}

/* -- drawing
 * --------------------------------------------------------------------------------------------------- */

/* The session's clock at a frame, in microseconds. */
static gint64 clock_of(BalintOverlay *self, GstClockTime time)
{
    if (self->states != self->now.states) {
        self->states = self->now.states;
        self->state_time = time;
    }
    if (self->now.now_us >= 0)
        return self->now.now_us;
    gint64 since =
        GST_CLOCK_TIME_IS_VALID(time) && GST_CLOCK_TIME_IS_VALID(self->state_time) && time > self->state_time
            ? (gint64)((time - self->state_time) / GST_USECOND)
            : 0;
    return self->now.state.clock_ms * 1000 + since;
}

/* Fills the view; places of the tiles are the overlay's own where none were given. */
static void view_of(BalintOverlay *self, gint64 clock_us, struct balint_view *view)
{
    const struct balint_source_now *now = &self->now;
    const GstVideoInfo *info = &GST_VIDEO_FILTER(self)->in_info;
    *view = (struct balint_view){.state = &now->state,
                                 .seat = now->seat == BALINT_NOBODY ? now->state.you : now->seat,
                                 .now_ms = clock_us / 1000,
                                 .came_ms = now->came_ms,
                                 .width = GST_VIDEO_INFO_WIDTH(info),
                                 .height = GST_VIDEO_INFO_HEIGHT(info),
                                 .balance = now->has_balance ? &now->balance : NULL,
                                 .door = &now->door,
                                 .said = &now->said,
                                 .note = now->note,
                                 .folded = now->folded,
                                 .sheet = now->has_sheet ? &now->sheet : NULL};
    if (now->tile_count >= 0) {
        view->tile_count = now->tile_count;
        memcpy(view->tiles, now->tiles, sizeof view->tiles);
        return;
    }
    struct balint_rect rects[BALINT_SEATS];
    unsigned room = balint_tiles_fold(balint_tiles_room(&now->state, view->seat), now->folded);
    view->tile_count = balint_tiles_place(view->width, view->height, now->state.seat_count, room, rects);
    for (int i = 0; i < view->tile_count; i++)
        view->tiles[i] = (struct balint_tile){.seat = now->state.seats[i].seat, .rect = rects[i]};
}

/* The drawings as rectangles that others blend. */
static void compose(BalintOverlay *self)
{
    struct balint_rect rect;
    cairo_surface_t *surface;
    for (int i = 0; balint_screen_part(self->screen, i, &rect, &surface); i++) {
        gsize stride = (gsize)cairo_image_surface_get_stride(surface), size = stride * (gsize)rect.h;
        GstBuffer *pixels = gst_buffer_new_memdup(cairo_image_surface_get_data(surface), size);
        gsize offsets[GST_VIDEO_MAX_PLANES] = {0};
        gint strides[GST_VIDEO_MAX_PLANES] = {(gint)stride};
        gst_buffer_add_video_meta_full(pixels, GST_VIDEO_FRAME_FLAG_NONE,
                                       GST_VIDEO_OVERLAY_COMPOSITION_FORMAT_RGB, (guint)rect.w, (guint)rect.h,
                                       1, offsets, strides);
        GstVideoOverlayRectangle *rectangle =
            gst_video_overlay_rectangle_new_raw(pixels, rect.x, rect.y, (guint)rect.w, (guint)rect.h,
                                                GST_VIDEO_OVERLAY_FORMAT_FLAG_PREMULTIPLIED_ALPHA);
        if (self->composition == NULL)
            self->composition = gst_video_overlay_composition_new(rectangle);
        else
            gst_video_overlay_composition_add_rectangle(self->composition, rectangle);
        gst_video_overlay_rectangle_unref(rectangle);
        gst_buffer_unref(pixels);
    }
}

/* Gives the drawings to who blends them downstream, after those of others. */
static void attach(BalintOverlay *self, GstBuffer *buffer)
{
    GstVideoOverlayCompositionMeta *meta = gst_buffer_get_video_overlay_composition_meta(buffer);
    if (self->composition == NULL)
        return;
    if (meta == NULL) {
        gst_buffer_add_video_overlay_composition_meta(buffer, self->composition);
        return;
    }
    GstVideoOverlayComposition *both = gst_video_overlay_composition_copy(meta->overlay);
    for (guint i = 0; i < gst_video_overlay_composition_n_rectangles(self->composition); i++)
        gst_video_overlay_composition_add_rectangle(
            both, gst_video_overlay_composition_get_rectangle(self->composition, i));
    gst_video_overlay_composition_unref(meta->overlay);
    meta->overlay = both;
}

static void look_at_files(BalintOverlay *self)
{
    char why[BALINT_INPUT_WHY];
    gint64 monotonic = g_get_monotonic_time();
    if (monotonic - self->polled_us < G_USEC_PER_SEC)
        return;
    self->polled_us = monotonic;
    if (!balint_source_poll(self->source, why) || !balint_source_check(self->source, why))
        GST_ELEMENT_WARNING(self, STREAM, DECODE, ("%s", why), (NULL));
}

/* Draws what this frame asks for. Lists follow the minute, so once a second is often enough to ask. */
static void refresh(BalintOverlay *self, GstClockTime time)
{
    gboolean newer = balint_source_take(self->source, &self->now);
    gint64 clock_us = clock_of(self, time);
    if (!newer && clock_us / G_USEC_PER_SEC == self->drawn_second)
        return;
    self->drawn_second = clock_us / G_USEC_PER_SEC;
    gboolean changed;
    if (self->now.has_state) {
        struct balint_view view;
        view_of(self, clock_us, &view);
        changed = balint_screen_update(self->screen, &view);
    } else {
        changed = balint_screen_clear(self->screen);
    }
    if (changed) {
        g_atomic_int_inc(&self->redraws);
        g_clear_pointer(&self->composition, gst_video_overlay_composition_unref);
        GST_LOG_OBJECT(self, "drawn anew");
    }
    if (self->attach && self->composition == NULL)
        compose(self);
}

static GstFlowReturn transform_frame_ip(GstVideoFilter *filter, GstVideoFrame *frame)
{
    BalintOverlay *self = BALINT_OVERLAY(filter);
    GstClockTime time = gst_segment_to_running_time(&GST_BASE_TRANSFORM(filter)->segment, GST_FORMAT_TIME,
                                                    GST_BUFFER_PTS(frame->buffer));
    if (g_atomic_int_compare_and_exchange(&self->ask, 1, 0))
        ask_downstream(self);
    look_at_files(self);
    refresh(self, time);
    if (self->attach) {
        attach(self, frame->buffer);
        return GST_FLOW_OK;
    }
    struct balint_picture picture = {.width = GST_VIDEO_FRAME_WIDTH(frame),
                                     .height = GST_VIDEO_FRAME_HEIGHT(frame)};
    for (guint i = 0; i < 3; i++) {
        picture.data[i] = GST_VIDEO_FRAME_PLANE_DATA(frame, i);
        picture.stride[i] = GST_VIDEO_FRAME_PLANE_STRIDE(frame, i);
    }
    balint_screen_blend(self->screen, &picture);
    return GST_FLOW_OK;
}

/* -- the type
 * --------------------------------------------------------------------------------------------------- */

static void finalize(GObject *object)
{
    BalintOverlay *self = BALINT_OVERLAY(object);
    balint_source_destroy(self->source);
    G_OBJECT_CLASS(balint_overlay_parent_class)->finalize(object);
}

static void add_text(GObjectClass *class, guint id, const char *name, const char *nick, const char *blurb,
                     GParamFlags flags)
{
    g_object_class_install_property(
        class, id,
        g_param_spec_string(name, nick, blurb, NULL,
                            flags | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING));
}

static void add_properties(GObjectClass *class)
{
    /* what holds names is write-only: readable properties end in dumps of pipelines */
    add_text(
        class, PROP_STATE, "state", "State",
        "The session as one person may see it: a `state` message of the wire, JSON (signalling/PROTOCOL.md); "
        "empty: nothing is drawn",
        G_PARAM_WRITABLE);
    add_text(class, PROP_STATE_FILE, "state-file", "State file",
             "File that holds a `state` message; looked at once a second, read again when it changed",
             G_PARAM_READWRITE);
    add_text(
        class, PROP_BALANCE, "balance", "Balance",
        "Who spoke how long, JSON (overlay/input.h); shown when the person on `seat` is a leader, else never",
        G_PARAM_WRITABLE);
    add_text(class, PROP_BALANCE_FILE, "balance-file", "Balance file",
             "File that holds a balance, as state-file", G_PARAM_READWRITE);
    add_text(class, PROP_DOOR, "door", "Door",
             "Leaders: what this program knows of who is at the door, JSON: [{\"seat\": 5, \"standing\": "
             "\"new\"}, …]; "
             "standing is known, new, other-device or unproven",
             G_PARAM_WRITABLE);
    add_text(
        class, PROP_TILES, "tiles", "Tiles",
        "Where the pictures are: JSON list of {\"seat\", \"x\", \"y\", \"w\", \"h\", \"line\", "
        "\"no_camera\"}, line "
        "being unknown, none (no sound yet), sound (arriving) or lost; empty: everybody's, placed by the "
        "overlay itself",
        G_PARAM_WRITABLE);
    add_text(
        class, PROP_SAID, "said", "Said",
        "Words that travelled sealed, JSON as in overlay/input.h: quiet signals and the leaders' line, shown "
        "to leaders alone; the own signal, and a leader's private word to this person",
        G_PARAM_WRITABLE);
    add_text(class, PROP_SHEET, "sheet", "Sheet",
             "Leaders: rows of words and bars over the pictures, as the debrief, JSON (overlay/input.h); "
             "empty: none",
             G_PARAM_WRITABLE);
    add_text(
        class, PROP_NOTE, "note", "Note",
        "A few lines over the picture; lines of a key, a tab and what it does stand in a grid, in which an "
        "empty line begins another column; empty: none",
        G_PARAM_WRITABLE);
    g_object_class_install_property(
        class, PROP_FOLDED,
        g_param_spec_boolean(
            "folded", "Folded",
            "Leaders: the panel is a strip of names and bars, and the pictures have the rest", FALSE,
            G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING));
    g_object_class_install_property(
        class, PROP_SEAT,
        g_param_spec_int("seat", "Seat", "Whose screen it is; -1: the person the state is for (its `you`)",
                         BALINT_NOBODY, BALINT_SEATS - 1, BALINT_NOBODY,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING));
    g_object_class_install_property(
        class, PROP_NOW_US,
        g_param_spec_int64(
            "now-us", "Now",
            "Session clock in microseconds, standing still until set again; -1: the state's clock, going "
            "on with the running time",
            -1, G_MAXINT64, -1, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING));
    g_object_class_install_property(
        class, PROP_REDRAWS,
        g_param_spec_uint("redraws", "Redraws", "Frames since the start for which something was drawn anew",
                          0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void balint_overlay_class_init(BalintOverlayClass *class)
{
    GstElementClass *element = GST_ELEMENT_CLASS(class);
    GstBaseTransformClass *base = GST_BASE_TRANSFORM_CLASS(class);
    GST_DEBUG_CATEGORY_INIT(balint_overlay_debug, "balintoverlay", 0, "screen of a Balint session");
    G_OBJECT_CLASS(class)->set_property = set_property;
    G_OBJECT_CLASS(class)->get_property = get_property;
    G_OBJECT_CLASS(class)->finalize = finalize;
    add_properties(G_OBJECT_CLASS(class));
    gst_element_class_add_static_pad_template(element, &sink_template);
    gst_element_class_add_static_pad_template(element, &src_template);
    gst_element_class_set_static_metadata(
        element, "Screen of a Balint session", "Filter/Editor/Video",
        "Draws phase, names, states and, for leaders, the balance over I420 video, in place. Draws anew only "
        "what "
        "changed. Try, in the source tree: gst-launch-1.0 videotestsrc pattern=solid-color "
        "foreground-color=0xff60707a ! "
        "video/x-raw,format=I420,width=1280,height=720 ! balintoverlay state-file=overlay/example/state.json "
        "balance-file=overlay/example/balance.json ! videoconvert ! autovideosink",
        "Balint Circle");
    base->start = start;
    base->stop = stop;
    base->src_event = src_event;
    GST_VIDEO_FILTER_CLASS(class)->set_info = set_info;
    GST_VIDEO_FILTER_CLASS(class)->transform_frame_ip = transform_frame_ip;
}

static void balint_overlay_init(BalintOverlay *self)
{
    self->source = balint_source_create();
    self->drawn_second = -1;
}
