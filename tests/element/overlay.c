/* overlay.c - balintoverlay in a harness: what it draws where, how often, and what it says to bad input. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <glib/gstdio.h>
#include <gst/check/gstharness.h>
#include <gst/video/gstvideometa.h>
#include <gst/video/video-overlay-composition.h>
#include <stdlib.h>

#include "element.h"
#include "input.h"
#include "protocol/messages.h"
#include "unit/overlay_view.h"

#define GREY 120

static struct evening evening;

/* The evening as its recipient gets it, on the wire. */
static char *state_text(int you)
{
    struct balint_message *message = calloc(1, sizeof *message);
    message->type = BALINT_MSG_STATE;
    message->state = evening.state;
    message->state.you = you;
    strcpy(message->state.boot, "0123456789abcdef");
    strcpy(message->state.session, "00112233445566778899aabbccddeeff");
    for (int i = 0; i < PEOPLE; i++)
        g_snprintf(message->state.seats[i].member, BALINT_ID_SIZE, "member-%d", i);
    char *text = balint_encode(message, BALINT_TO_CLIENT, NULL);
    assert_non_null(text);
    free(message);
    return text;
}

static char *example(const char *name)
{
    char *path = g_build_filename(BALINT_SOURCE_DIR, "overlay", "example", name, NULL), *text = NULL;
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_free(path);
    return text;
}

static GstHarness *harness(int width, int height)
{
    GstHarness *h = gst_harness_new("balintoverlay");
    char *caps = g_strdup_printf("video/x-raw,format=I420,width=%d,height=%d,framerate=30/1", width, height);
    gst_harness_set_src_caps_str(h, caps);
    g_free(caps);
    return h;
}

static void show(GstHarness *h, int you)
{
    char *text = state_text(you);
    g_object_set(h->element, "state", text, NULL);
    free(text);
}

/* One grey frame through the element; the frame that comes out. */
static GstBuffer *push(GstHarness *h, int width, int height, int number)
{
    GstVideoInfo info;
    gst_video_info_set_format(&info, GST_VIDEO_FORMAT_I420, (guint)width, (guint)height);
    GstBuffer *buffer = gst_buffer_new_allocate(NULL, info.size, NULL);
    gst_buffer_memset(buffer, 0, GREY, info.size);
    GST_BUFFER_PTS(buffer) = gst_util_uint64_scale((guint64)number, GST_SECOND, 30);
    assert_int_equal(gst_harness_push(h, buffer), GST_FLOW_OK);
    return gst_harness_pull(h);
}

static guint redraws(GstHarness *h)
{
    guint count;
    g_object_get(h->element, "redraws", &count, NULL);
    return count;
}

/* Takes a frame apart into packed luma; counts what is not grey, chroma included. */
static int painted(GstBuffer *buffer, int width, int height, uint8_t *luma)
{
    GstVideoInfo info;
    GstVideoFrame frame;
    int count = 0;
    gst_video_info_set_format(&info, GST_VIDEO_FORMAT_I420, (guint)width, (guint)height);
    assert_true(gst_video_frame_map(&frame, &info, buffer, GST_MAP_READ));
    for (guint p = 0; p < 3; p++) {
        for (int y = 0; y < GST_VIDEO_FRAME_COMP_HEIGHT(&frame, p); y++) {
            const uint8_t *row =
                (uint8_t *)GST_VIDEO_FRAME_COMP_DATA(&frame, p) + y * GST_VIDEO_FRAME_COMP_STRIDE(&frame, p);
            for (int x = 0; x < GST_VIDEO_FRAME_COMP_WIDTH(&frame, p); x++)
                count += row[x] != GREY;
            if (p == 0 && luma != NULL)
                memcpy(luma + y * width, row, (size_t)width);
        }
    }
    gst_video_frame_unmap(&frame);
    gst_buffer_unref(buffer);
    return count;
}

/* -- drawing
 * ---------------------------------------------------------------------------------------------------------
 */

/* Ribbon, panel and plates are really in the picture, and nothing outside the rectangles of the list is. */
static void check_inside(int width, int height, int seat)
{
    uint8_t *luma = malloc((size_t)width * (size_t)height);
    GstHarness *h = harness(width, height);
    evening_begin(&evening);
    show(h, seat);
    char *balance = balint_balance_json(&evening.balance);
    g_object_set(h->element, "balance", balance, "tiles", "[]", NULL);
    free(balance);
    painted(push(h, width, height, 0), width, height, luma);
    evening_look(&evening, seat, width, height);
    evening.view.tile_count = 0;
    balint_layout(&evening.view, &evening.list);
    int inside = 0;
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            bool covered = false;
            for (int i = 0; i < evening.list.group_count && !covered; i++) {
                struct balint_rect rect = evening.list.groups[i].rect;
                covered = x >= rect.x && y >= rect.y && x < rect.x + rect.w && y < rect.y + rect.h;
            }
            if (!covered)
                assert_int_equal(luma[y * width + x], GREY);
            inside += luma[y * width + x] != GREY;
        }
    }
    int ribbon = evening_group(&evening, BALINT_GROUP_RIBBON)->rect.h;
    assert_true(inside >= width * ribbon * 9 / 10);
    if (seat == ANNA)
        assert_true(inside > width * height / 8);
    gst_harness_teardown(h);
    free(luma);
}

static void test_inside(void **unused)
{
    (void)unused;
    check_inside(1280, 720, ANNA);
    check_inside(1280, 720, BELA);
    check_inside(1920, 1080, DORA);
}

/* Odd sizes, and sizes too small for words. */
static void test_sizes(void **unused)
{
    (void)unused;
    static const int sizes[][2] = {{641, 361}, {639, 481}, {321, 241}, {161, 121},
                                   {160, 120}, {17, 3},    {1, 1}};
    evening_begin(&evening);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        GstHarness *h = harness(sizes[i][0], sizes[i][1]);
        show(h, DORA);
        int count = painted(push(h, sizes[i][0], sizes[i][1], 0), sizes[i][0], sizes[i][1], NULL);
        assert_int_equal(count > 0, sizes[i][0] >= 160 && sizes[i][1] >= 120);
        gst_harness_teardown(h);
    }
}

/* Without a state nothing is touched. The size changes in mid-stream: what is drawn fits the new one. */
static void test_new_size(void **unused)
{
    (void)unused;
    GstHarness *h = harness(1280, 720);
    evening_begin(&evening);
    assert_int_equal(painted(push(h, 1280, 720, 0), 1280, 720, NULL), 0);
    assert_int_equal(redraws(h), 0);
    show(h, ANNA);
    assert_true(painted(push(h, 1280, 720, 0), 1280, 720, NULL) > 0);
    gst_harness_set_src_caps_str(h, "video/x-raw,format=I420,width=321,height=241,framerate=30/1");
    assert_true(painted(push(h, 321, 241, 1), 321, 241, NULL) > 0);
    assert_int_equal(redraws(h), 2);
    gst_harness_teardown(h);
}

static void test_caps(void **unused)
{
    (void)unused;
    GstHarness *h = gst_harness_new("balintoverlay");
    GstPad *pad = gst_element_get_static_pad(h->element, "sink");
    static const struct {
        const char *caps;
        gboolean taken;
    } all[] = {{"video/x-raw,format=I420,width=640,height=360,framerate=30/1", TRUE},
               {"video/x-raw,format=I420,width=640,height=360,framerate=0/1", TRUE},
               {"video/x-raw,format=NV12,width=640,height=360,framerate=30/1", FALSE},
               {"video/x-raw,format=RGB,width=640,height=360,framerate=30/1", FALSE},
               {"video/x-raw(memory:GLMemory),format=I420,width=640,height=360,framerate=30/1", FALSE},
               {"audio/x-raw", FALSE}};
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        GstCaps *caps = gst_caps_from_string(all[i].caps);
        assert_int_equal(gst_pad_query_accept_caps(pad, caps), all[i].taken);
        gst_caps_unref(caps);
    }
    gst_object_unref(pad);
    gst_harness_teardown(h);
}

/* -- how often
 * ------------------------------------------------------------------------------------------------------- */

/* 40 s remain of the minute in which the evening begins: one drawing, then one a minute; and one more when
 * the first minute of who came in is over, which is told who sees the balance. */
static void test_redraws(void **unused)
{
    (void)unused;
    GstHarness *h = harness(320, 240);
    evening_begin(&evening);
    show(h, BELA);
    for (int i = 0; i < 30 * 40; i++)
        gst_buffer_unref(push(h, 320, 240, i));
    assert_int_equal(redraws(h), 1);
    for (int i = 30 * 40; i < 30 * 59; i++)
        gst_buffer_unref(push(h, 320, 240, i));
    assert_int_equal(redraws(h), 2);
    for (int i = 30 * 59; i < 30 * 99; i++)
        gst_buffer_unref(push(h, 320, 240, i));
    assert_int_equal(redraws(h), 3);
    for (int i = 30 * 99; i < 30 * 101; i++)
        gst_buffer_unref(push(h, 320, 240, i));
    assert_int_equal(redraws(h), 4);
    gst_harness_teardown(h);
}

/* The same again is nothing new; what is seen is. A clock that is given stands still. */
static void test_redraws_on_change(void **unused)
{
    (void)unused;
    GstHarness *h = harness(640, 360);
    evening_begin(&evening);
    g_object_set(h->element, "now-us", evening.state.clock_ms * G_GINT64_CONSTANT(1000), NULL);
    show(h, BELA);
    gst_buffer_unref(push(h, 640, 360, 0));
    assert_int_equal(redraws(h), 1);
    show(h, BELA);
    gst_buffer_unref(push(h, 640, 360, 1));
    evening.state.number = 99; /* not seen */
    show(h, BELA);
    gst_buffer_unref(push(h, 640, 360, 10000));
    assert_int_equal(redraws(h), 1);
    evening.state.seats[CSILLA].muted = true;
    show(h, BELA);
    gst_buffer_unref(push(h, 640, 360, 10001));
    assert_int_equal(redraws(h), 2);
    g_object_set(h->element, "now-us", (evening.state.clock_ms + 60000) * G_GINT64_CONSTANT(1000), NULL);
    gst_buffer_unref(push(h, 640, 360, 10002));
    assert_int_equal(redraws(h), 3);
    g_object_set(h->element, "note", "h  these keys", NULL);
    gst_buffer_unref(push(h, 640, 360, 10003));
    assert_int_equal(redraws(h), 4);
    g_object_set(h->element, "state", "", "note", "", NULL); /* all of it off */
    assert_int_equal(painted(push(h, 640, 360, 10004), 640, 360, NULL), 0);
    assert_int_equal(redraws(h), 5);
    gst_harness_teardown(h);
}

/* A member's picture is the same to the last pixel, with the leaders' balance handed in or not. */
static void test_member_without_balance(void **unused)
{
    (void)unused;
    enum { WIDTH = 1280, HEIGHT = 720 };
    uint8_t *with = malloc(WIDTH * HEIGHT), *without = malloc(WIDTH * HEIGHT);
    evening_begin(&evening);
    for (int seat = DORA; seat < PEOPLE; seat++) {
        char *balance = example("balance.json");
        GstHarness *h = harness(WIDTH, HEIGHT);
        show(h, seat);
        painted(push(h, WIDTH, HEIGHT, 0), WIDTH, HEIGHT, without);
        g_object_set(h->element, "balance", balance, NULL);
        painted(push(h, WIDTH, HEIGHT, 1), WIDTH, HEIGHT, with);
        assert_memory_equal(with, without, WIDTH * HEIGHT);
        assert_int_equal(redraws(h), 1);
        gst_harness_teardown(h);
        g_free(balance);
    }
    free(with);
    free(without);
}

/* -- who draws
 * -------------------------------------------------------------------------------------------------------- */

/* Downstream that draws overlays itself gets them with the frame, which stays as it was. */
static void test_meta(void **unused)
{
    (void)unused;
    GstHarness *h = gst_harness_new("balintoverlay");
    evening_begin(&evening);
    gst_harness_add_propose_allocation_meta(h, GST_VIDEO_OVERLAY_COMPOSITION_META_API_TYPE, NULL);
    gst_harness_set_src_caps_str(h, "video/x-raw,format=I420,width=1280,height=720,framerate=30/1");
    show(h, ANNA);
    GstBuffer *buffer = push(h, 1280, 720, 0);
    GstVideoOverlayCompositionMeta *meta = gst_buffer_get_video_overlay_composition_meta(buffer);
    assert_non_null(meta);
    evening_look(&evening, ANNA, 1280, 720);
    guint rectangles = gst_video_overlay_composition_n_rectangles(meta->overlay);
    assert_true(rectangles >= 3 && rectangles <= (guint)evening.list.group_count);
    gint x, y;
    guint width, height;
    GstVideoOverlayRectangle *ribbon = gst_video_overlay_composition_get_rectangle(meta->overlay, 0);
    assert_true(gst_video_overlay_rectangle_get_render_rectangle(ribbon, &x, &y, &width, &height));
    assert_int_equal(x, 0);
    assert_int_equal(y, 0);
    assert_int_equal(width, 1280);
    assert_int_equal(height, 56);
    guint sequence = gst_video_overlay_composition_get_seqnum(meta->overlay);
    assert_int_equal(painted(buffer, 1280, 720, NULL), 0);
    buffer =
        push(h, 1280, 720, 1); /* unchanged: the same composition, so that downstream need not upload again */
    meta = gst_buffer_get_video_overlay_composition_meta(buffer);
    assert_int_equal(gst_video_overlay_composition_get_seqnum(meta->overlay), sequence);
    gst_buffer_unref(buffer);
    evening.state.phase++;
    show(h, ANNA);
    buffer = push(h, 1280, 720, 2);
    meta = gst_buffer_get_video_overlay_composition_meta(buffer);
    assert_int_not_equal(gst_video_overlay_composition_get_seqnum(meta->overlay), sequence);
    gst_buffer_unref(buffer);
    gst_harness_teardown(h);
}

/* -- input
 * -------------------------------------------------------------------------------------------------------------
 */

/* The message the element posts when it is started with these properties. */
static char *start_error(const char *property, const char *value, int seat)
{
    GstElement *element = gst_element_factory_make("balintoverlay", NULL);
    GstBus *bus = gst_bus_new();
    char *said = NULL;
    gst_element_set_bus(element, bus);
    g_object_set(element, property, value, "seat", seat, NULL);
    GstStateChangeReturn result = gst_element_set_state(element, GST_STATE_PAUSED);
    GstMessage *message = gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR);
    assert_int_equal(result == GST_STATE_CHANGE_FAILURE, message != NULL);
    if (message != NULL) {
        GError *error = NULL;
        gst_message_parse_error(message, &error, NULL);
        said = g_strdup(error->message);
        assert_null(strchr(said, '\n'));
        g_error_free(error);
        gst_message_unref(message);
    }
    gst_element_set_state(element, GST_STATE_NULL);
    gst_element_set_bus(element, NULL);
    gst_object_unref(bus);
    gst_object_unref(element);
    return said;
}

static void assert_start(const char *property, const char *value, int seat, const char *expected)
{
    char *said = start_error(property, value, seat);
    if (expected == NULL)
        assert_null(said);
    else
        assert_true(said != NULL && strstr(said, expected) != NULL);
    g_free(said);
}

static void test_bad_input(void **unused)
{
    (void)unused;
    char *good = g_build_filename(BALINT_SOURCE_DIR, "overlay", "example", "state.json", NULL);
    char *other = g_build_filename(BALINT_SOURCE_DIR, "overlay", "example", "balance.json", NULL);
    assert_start("state-file", good, BALINT_NOBODY, NULL);
    assert_start("state-file", good, 3, NULL);
    assert_start("state-file", good, 9,
                 "Nobody sits on seat 9 in this state; give one of its seats (0, 1, 2, 3");
    assert_start("state-file", "/nowhere/state.json", BALINT_NOBODY, "cannot be read (No such file");
    assert_start("state-file", BALINT_SOURCE_DIR, BALINT_NOBODY, "cannot be read");
    assert_start("state-file", other, BALINT_NOBODY, "type");
    assert_start("balance-file", good, BALINT_NOBODY, "unknown field");
    assert_start("balance-file", other, BALINT_NOBODY, NULL);
    assert_start("state", "{", BALINT_NOBODY, "The property \"state\" was not taken");
    assert_start("tiles", "{}", BALINT_NOBODY, "The property \"tiles\" was not taken");
    assert_start("balance", "[]", BALINT_NOBODY, "The property \"balance\" was not taken");
    g_free(good);
    g_free(other);
}

/* A wrong text while it runs: a warning, and what was shown stays. */
static void test_bad_input_while_running(void **unused)
{
    (void)unused;
    enum { WIDTH = 640, HEIGHT = 360 };
    uint8_t *before = malloc(WIDTH * HEIGHT), *after = malloc(WIDTH * HEIGHT);
    GstHarness *h = harness(WIDTH, HEIGHT);
    GstBus *bus = gst_bus_new();
    gst_element_set_bus(h->element, bus);
    evening_begin(&evening);
    show(h, BELA);
    painted(push(h, WIDTH, HEIGHT, 0), WIDTH, HEIGHT, before);
    g_object_set(h->element, "state", "{\"type\":\"state\"}", NULL);
    painted(push(h, WIDTH, HEIGHT, 1), WIDTH, HEIGHT, after);
    assert_memory_equal(before, after, WIDTH * HEIGHT);
    GstMessage *message = gst_bus_pop_filtered(bus, GST_MESSAGE_WARNING | GST_MESSAGE_ERROR);
    assert_non_null(message);
    assert_int_equal(GST_MESSAGE_TYPE(message), GST_MESSAGE_WARNING);
    gst_message_unref(message);
    gst_element_set_bus(h->element, NULL);
    gst_object_unref(bus);
    gst_harness_teardown(h);
    free(before);
    free(after);
}

/* A file that changes is read again; a broken version is told once, and what was shown stays. */
static void test_file_changes(void **unused)
{
    (void)unused;
    char *path = NULL, *text;
    int fd = g_file_open_tmp("overlay-XXXXXX.json", &path, NULL), number = 0;
    assert_true(fd >= 0);
    g_close(fd, NULL);
    evening_begin(&evening);
    text = state_text(BELA);
    assert_true(g_file_set_contents(path, text, -1, NULL));
    free(text);
    GstHarness *h = harness(640, 360);
    GstBus *bus = gst_bus_new();
    gst_element_set_bus(h->element, bus);
    g_object_set(h->element, "state-file", path, "now-us", G_GINT64_CONSTANT(1320000000), NULL);
    gint64 deadline = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;
    while (redraws(h) < 1 && g_get_monotonic_time() < deadline)
        gst_buffer_unref(push(h, 640, 360, number++));
    assert_int_equal(redraws(h), 1);
    evening.state.seats[CSILLA].muted = true;
    text = state_text(BELA);
    assert_true(g_file_set_contents(path, text, -1, NULL));
    free(text);
    while (redraws(h) < 2 && g_get_monotonic_time() < deadline)
        gst_buffer_unref(push(h, 640, 360, number++));
    assert_int_equal(redraws(h), 2);
    assert_true(g_file_set_contents(path, "half a st", -1, NULL));
    GstMessage *message = NULL;
    while (message == NULL && g_get_monotonic_time() < deadline) {
        gst_buffer_unref(push(h, 640, 360, number++));
        message = gst_bus_pop_filtered(bus, GST_MESSAGE_WARNING);
    }
    assert_non_null(message);
    gst_message_unref(message);
    assert_true(painted(push(h, 640, 360, number), 640, 360, NULL) > 0);
    assert_int_equal(redraws(h), 2);
    gst_element_set_bus(h->element, NULL);
    gst_object_unref(bus);
    gst_harness_teardown(h);
    g_unlink(path);
    g_free(path);
}

/* What holds names cannot be read back, so that it is in no dump of a pipeline. */
static void test_write_only(void **unused)
{
    (void)unused;
    static const char *const names[] = {"state", "balance", "tiles", "note"};
    GstElement *element = gst_element_factory_make("balintoverlay", NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        const GParamSpec *spec = g_object_class_find_property(G_OBJECT_GET_CLASS(element), names[i]);
        assert_int_equal(spec->flags & G_PARAM_READABLE, 0);
    }
    gst_object_unref(element);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_inside),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_new_size),
        cmocka_unit_test(test_caps),
        cmocka_unit_test(test_redraws),
        cmocka_unit_test(test_redraws_on_change),
        cmocka_unit_test(test_member_without_balance),
        cmocka_unit_test(test_meta),
        cmocka_unit_test(test_bad_input),
        cmocka_unit_test(test_bad_input_while_running),
        cmocka_unit_test(test_file_changes),
        cmocka_unit_test(test_write_only),
    };
    gst_init(&argc, &argv);
    gst_element_register(NULL, "balintoverlay", GST_RANK_NONE, BALINT_TYPE_OVERLAY);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
