/* overlay.c - what balintoverlay costs beside two textoverlay elements that show the same texts.
 *
 * Each measurement is a process of its own: videotestsrc ! I420 ! element(s) ! fakesink as fast as it goes,
 * thirty frames to a second of stream time, and once in each such second every text that can change does. CPU
 * time of the whole process, all threads, from the second second on, so that loading plugins and fonts is not
 * in it. A round runs all variants one after the other; what stands in the table is the median over the
 * rounds of the difference to the round's own bare pipeline. One run before counts the pixels that really
 * changed.
 *
 *   bench-overlay [--rounds N] [--frames N] [--strict]     --strict: exit 1 where the ratio is over a tenth
 */
#include <gst/gst.h>
#include <gst/video/video.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "element.h"
#include "input.h"

#define FPS 30

enum variant { BARE, TEXT, OVERLAY, PLATES, VARIANTS };
static const char *const variant_names[VARIANTS] = {"source alone", "two textoverlay", "balintoverlay",
                                                    "  the same, and 7 name plates"};

struct run {
    enum variant variant;
    int width, height, frames, frame;
    GstElement *elements[2];
    struct balint_state state;
    struct balint_balance balance;
    struct timespec from;
    guint8 *first; /* counting: the luma of the first frame */
    long changed, moved;
    gboolean count;
};

static void die(const char *what)
{
    fprintf(stderr, "bench-overlay: %s\n", what);
    exit(2);
}

/* -- what is shown
 * ------------------------------------------------------------------------------------------- */

static char *example(const char *name)
{
    char *path = g_build_filename(BALINT_SOURCE_DIR, "overlay", "example", name, NULL), *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        die("the example in overlay/example cannot be read");
    g_free(path);
    return text;
}

static void load_example(struct run *run)
{
    char why[BALINT_INPUT_WHY], *state = example("state.json"), *balance = example("balance.json");
    if (!balint_input_state(state, strlen(state), &run->state, why) ||
        !balint_input_balance(balance, strlen(balance), &run->balance, why))
        die(why);
    g_free(state);
    g_free(balance);
}

/* Everything moves: shares, minutes, turns, and the time on the ribbon. */
static void change(struct run *run, int second)
{
    run->balance.discussion_ms = 303000 + second * 60000;
    run->balance.leaders_share = (second % 10) / 20.0;
    for (int i = 0; i < run->balance.member_count; i++) {
        struct balint_balance_row *row = &run->balance.rows[i];
        row->heard_yet = i != 2;
        row->share = row->recent_share = i != 2 ? (20 + (second * (i + 3)) % 20) / 100.0 : 0;
        row->turns += i != 2;
        row->spoken_ms += i != 2 ? 60000 : 0;
        row->since_heard_ms = (second % 9) * 60000;
    }
}

/* The texts of a group, as the overlay shows them: what stands at one height is one line. */
static char *texts(const struct run *run, int second, enum balint_group_id id)
{
    static struct balint_list list;
    struct balint_view view = {.state = &run->state,
                               .seat = 0,
                               .width = run->width,
                               .height = run->height,
                               .now_ms = run->state.clock_ms + second % 20 * 60000,
                               .balance = &run->balance};
    GString *text = g_string_new(NULL);
    balint_layout(&view, &list);
    for (int g = 0; g < list.group_count; g++) {
        int line = -1;
        for (int i = list.groups[g].first;
             list.groups[g].id == id && i < list.groups[g].first + list.groups[g].count; i++) {
            const struct balint_item *item = &list.items[i];
            if (item->kind != BALINT_TEXT)
                continue;
            g_string_append(text, text->len == 0 ? "" : item->rect.y == line ? "   " : "\n");
            g_string_append(text, balint_item_text(&list, item));
            line = item->rect.y;
        }
    }
    return g_string_free(text, FALSE);
}

/* textoverlay takes markup. */
static void say(GstElement *element, char *text)
{
    char *escaped = g_markup_escape_text(text, -1);
    g_object_set(element, "text", escaped, NULL);
    g_free(escaped);
    g_free(text);
}

static void show(struct run *run, int second)
{
    change(run, second);
    if (run->variant == TEXT) {
        char *ribbon = texts(run, second, BALINT_GROUP_RIBBON),
             *panel = texts(run, second, BALINT_GROUP_PANEL);
        say(run->elements[0], ribbon);
        say(run->elements[1], panel);
    } else if (run->variant != BARE) {
        char *balance = balint_balance_json(&run->balance);
        g_object_set(run->elements[0], "balance", balance, "now-us",
                     (run->state.clock_ms + second % 20 * 60000) * G_GINT64_CONSTANT(1000), NULL);
        free(balance);
    }
}

/* -- one process --------------------------------------------------------------------------------------------
 */

static GstPadProbeReturn before(GstPad *pad G_GNUC_UNUSED, GstPadProbeInfo *info G_GNUC_UNUSED, gpointer data)
{
    struct run *run = data;
    if (run->frame % FPS == 0)
        show(run, run->frame / FPS);
    if (run->frame == FPS)
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &run->from);
    run->frame++;
    return GST_PAD_PROBE_OK;
}

/* The source is of one grey: what is not that grey was drawn. */
static GstPadProbeReturn after(GstPad *pad G_GNUC_UNUSED, GstPadProbeInfo *info, gpointer data)
{
    struct run *run = data;
    GstMapInfo map;
    size_t luma = (size_t)run->width * (size_t)run->height;
    if (run->frame != 1 && run->frame != FPS + 1)
        return GST_PAD_PROBE_OK;
    if (!gst_buffer_map(GST_PAD_PROBE_INFO_BUFFER(info), &map, GST_MAP_READ) || map.size < luma)
        die("a frame could not be read");
    if (run->first == NULL) {
        run->first = g_memdup2(map.data, luma);
        for (size_t i = 0; i < luma; i++)
            run->changed +=
                map.data[i] != map.data[luma - 1 - (size_t)run->width / 2]; /* bottom, in the middle */
    } else {
        for (size_t i = 0; i < luma; i++)
            run->moved += map.data[i] != run->first[i];
    }
    gst_buffer_unmap(GST_PAD_PROBE_INFO_BUFFER(info), &map);
    return GST_PAD_PROBE_OK;
}

static void probe(GstElement *pipeline, const char *name, GstPadProbeCallback function, struct run *run)
{
    GstElement *element = gst_bin_get_by_name(GST_BIN(pipeline), name);
    GstPad *pad = gst_element_get_static_pad(element, "sink");
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, function, run, NULL);
    gst_object_unref(pad);
    gst_object_unref(element);
}

static GstElement *build(struct run *run)
{
    /* letters as high as the overlay's; no shading, which would cost textoverlay more */
    int size = 17 * run->height / 720;
    char *elements =
        run->variant == BARE ? g_strdup("")
        : run->variant == TEXT
            ? g_strdup_printf(
                  "! textoverlay name=a font-desc=\"DejaVu Sans %dpx\" auto-resize=false draw-shadow=false "
                  "draw-outline=false valignment=top halignment=left line-alignment=left xpad=0 ypad=0 "
                  "! textoverlay name=b font-desc=\"DejaVu Sans %dpx\" auto-resize=false draw-shadow=false "
                  "draw-outline=false valignment=center halignment=right line-alignment=left ",
                  size, size)
            : g_strdup("! balintoverlay name=a ");
    char *description = g_strdup_printf(
        "videotestsrc num-buffers=%d pattern=solid-color foreground-color=0xff808080 ! "
        "video/x-raw,format=I420,width=%d,height=%d,framerate=%d/1 ! identity name=before silent=true %s "
        "! fakesink name=after sync=false enable-last-sample=false",
        run->frames, run->width, run->height, FPS, elements);
    GstElement *pipeline = gst_parse_launch(description, NULL);
    if (pipeline == NULL)
        die("the pipeline cannot be made; textoverlay is in gstreamer1.0-plugins-base");
    g_free(elements);
    g_free(description);
    run->elements[0] = gst_bin_get_by_name(GST_BIN(pipeline), "a");
    run->elements[1] = gst_bin_get_by_name(GST_BIN(pipeline), "b");
    return pipeline;
}

static double run_here(struct run *run)
{
    load_example(run);
    GstElement *pipeline = build(run);
    if (run->variant == OVERLAY || run->variant == PLATES) {
        char *state = example("state.json");
        g_object_set(run->elements[0], "state", state, NULL);
        if (run->variant == OVERLAY)
            g_object_set(run->elements[0], "tiles", "[]", NULL);
        g_free(state);
    }
    show(run, 0);
    probe(pipeline, "before", before, run);
    if (run->count)
        probe(pipeline, "after", after, run);
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    GstBus *bus = gst_element_get_bus(pipeline);
    GstMessage *message =
        gst_bus_timed_pop_filtered(bus, 300 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
    if (message == NULL || GST_MESSAGE_TYPE(message) != GST_MESSAGE_EOS)
        die("the pipeline failed");
    struct timespec to;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    gst_message_unref(message);
    gst_object_unref(bus);
    gst_element_set_state(pipeline, GST_STATE_NULL);
    gst_object_unref(pipeline);
    double spent =
        (double)(to.tv_sec - run->from.tv_sec) * 1e6 + (double)(to.tv_nsec - run->from.tv_nsec) / 1e3;
    return spent / (run->frames - FPS);
}

/* -- all of them
 * ---------------------------------------------------------------------------------------------- */

/* Runs this program once more for one measurement: microseconds a frame, and the pixels when they were
 * counted. */
static double run_child(const char *self, const struct run *run, long *changed, long *moved)
{
    char *command = g_strdup_printf("'%s' --one %d %d %d %d %d", self, (int)run->variant, run->width,
                                    run->height, run->frames, run->count);
    char *out = NULL;
    if (!g_spawn_command_line_sync(command, &out, NULL, NULL, NULL) || out == NULL)
        die("a measurement could not be started");
    char *end, *last;
    double spent = strtod(out, &end);
    *changed = strtol(end, &last, 10);
    *moved = strtol(last, &last, 10);
    if (end == out || *last != '\n')
        die("a measurement failed");
    g_free(out);
    g_free(command);
    return spent;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, ascending);
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

/* One size: all variants, paired. Returns the ratio of balintoverlay to two textoverlay. */
static double measure(const char *self, int width, int height, int frames, int rounds)
{
    double spent[VARIANTS][99], ratios[VARIANTS][99];
    long changed[VARIANTS] = {0}, moved[VARIANTS] = {0}, none;
    for (enum variant v = TEXT; v < VARIANTS; v++) {
        struct run run = {.variant = v, .width = width, .height = height, .frames = FPS + 2, .count = TRUE};
        run_child(self, &run, &changed[v], &moved[v]);
    }
    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < VARIANTS; i++) {
            enum variant v = (enum variant)(round % 2 == 0 ? i : VARIANTS - 1 - i);
            struct run run = {.variant = v, .width = width, .height = height, .frames = frames};
            spent[v][round] = run_child(self, &run, &none, &none);
        }
        for (int v = TEXT; v < VARIANTS; v++) {
            spent[v][round] -= spent[BARE][round];
            ratios[v][round] = spent[v][round] / spent[TEXT][round];
        }
    }
    printf("\n%d×%d, %d frames a second, one redraw a second, %d rounds of %d frames\n", width, height, FPS,
           rounds, frames);
    printf("%-30s %14s %22s %15s %15s\n", "", "µs CPU a frame", "of two textoverlay", "pixels drawn",
           "then changed");
    for (int v = BARE; v < VARIANTS; v++) {
        printf("%-30s %14.1f", variant_names[v], median(spent[v], rounds));
        if (v != BARE) {
            double middle = median(ratios[v], rounds); /* sorts: first and last are the extremes */
            printf("  %5.3f (%.3f to %.3f) %15ld %15ld", middle, ratios[v][0], ratios[v][rounds - 1],
                   changed[v], moved[v]);
        }
        printf("\n");
    }
    fflush(stdout);
    return median(ratios[OVERLAY], rounds);
}

static int number(const char *text)
{
    return (int)strtol(text, NULL, 10);
}

int main(int argc, char **argv)
{
    int rounds = 7, frames = 20 * FPS;
    gboolean strict = FALSE;
    gst_init(NULL, NULL);
    gst_element_register(NULL, "balintoverlay", GST_RANK_NONE, BALINT_TYPE_OVERLAY);
    if (argc == 7 && strcmp(argv[1], "--one") == 0) {
        struct run run = {.variant = (enum variant)number(argv[2]),
                          .width = number(argv[3]),
                          .height = number(argv[4]),
                          .frames = number(argv[5]),
                          .count = number(argv[6])};
        double spent = run_here(&run);
        printf("%.3f %ld %ld\n", spent, run.changed, run.moved);
        return 0;
    }
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--rounds") == 0 && i + 1 < argc)
            rounds = number(argv[++i]);
        else if (strcmp(argv[i], "--frames") == 0 && i + 1 < argc)
            frames = number(argv[++i]);
        else if (strcmp(argv[i], "--strict") == 0)
            strict = TRUE;
        else
            die("unknown option; bench-overlay [--rounds N] [--frames N] [--strict]");
    }
    rounds = CLAMP(rounds, 1, 99);
    frames = MAX(frames, 2 * FPS);
    char *self = g_file_read_link("/proc/self/exe", NULL);
    if (self == NULL)
        die("/proc is needed");
    double small = measure(self, 1280, 720, frames, rounds);
    double large = measure(self, 1920, 1080, frames, rounds);
    g_free(self);
    return strict && (small > 0.1 || large > 0.1);
}
