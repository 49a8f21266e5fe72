/* window.c - turns keys into lines of commands. */
#include "client/window.h"

#include <glib-unix.h>
#include <gst/video/navigation.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "client/entry.h"
#include "client/hold.h"

#define TICK_MS 50
#define ASK_MS  15000 /* a key that waits for another forgets it after so long */

struct balint_window {
    balint_line_fn do_line;
    balint_asks_fn asks;
    balint_answers_fn answers;
    balint_types_fn types;
    void *user_data;
    GstPad *pad;
    gulong probe;
    struct balint_hold hold; /* the return key, main thread */
    guint ticking;
    const struct balint_key_row *waiting; /* for the key of a person or a phase */
    int64_t waiting_ms;
    const struct balint_key_row *typing; /* a word is being typed after this key … */
    int typing_seat;                     /* … to this person, BALINT_NOBODY: nobody in particular */
    struct balint_entry entry;
    bool terminal;
    struct termios before;
    guint input;
};

struct key_event {
    struct balint_window *window;
    bool pressed;
    char key[20];
};

static int64_t now_ms(void)
{
    return g_get_monotonic_time() / 1000;
}

static void begin_typing(struct balint_window *window, const struct balint_key_row *row, int seat)
{
    window->typing = row;
    window->typing_seat = seat;
    balint_entry_begin(&window->entry);
    window->types(row, seat, "", window->user_data);
}

static void end_typing(struct balint_window *window)
{
    window->types(window->typing, window->typing_seat, NULL, window->user_data);
    window->typing = NULL;
    memset(window->entry.text, 0, sizeof window->entry.text);
}

/* Something was typed. */
static void on_typed(struct balint_window *window, enum balint_typed typed)
{
    char line[BALINT_LINE_SIZE];
    const char *name = window->typing->line;
    switch (typed) {
    case BALINT_TYPED_MORE:
    case BALINT_TYPED_FULL:
        window->types(window->typing, window->typing_seat, window->entry.text, window->user_data);
        break;
    case BALINT_TYPED_ESCAPE:
        end_typing(window);
        break;
    case BALINT_TYPED_ENTER:
        if (window->typing_seat == BALINT_NOBODY)
            snprintf(line, sizeof line, "%s %s", name, window->entry.text);
        else
            snprintf(line, sizeof line, "%s %d %s", name, window->typing_seat, window->entry.text);
        end_typing(window);
        window->do_line(line, window->user_data);
        memset(line, 0, sizeof line);
        break;
    }
}

/* The second key after a key that asks. */
static bool take_answer(struct balint_window *window, char key)
{
    if (window->waiting == NULL)
        return false;
    const struct balint_key_row *row = window->waiting;
    char line[BALINT_LINE_SIZE];
    int seat;
    window->waiting = NULL;
    if (now_ms() - window->waiting_ms > ASK_MS || !window->answers(row, key, line, &seat, window->user_data))
        return false;
    if (seat != BALINT_NOBODY && balint_key_types(row))
        begin_typing(window, row, seat);
    else if (line[0] != '\0')
        window->do_line(line, window->user_data);
    return true;
}

static void on_key(struct balint_window *window, char key)
{
    if (window->typing != NULL) {
        on_typed(window, balint_entry_byte(&window->entry, key));
        return;
    }
    if (take_answer(window, key))
        return;
    const struct balint_key_row *row = balint_key_find(key);
    if (row == NULL)
        return;
    if (!row->asks && balint_key_types(row)) {
        begin_typing(window, row, BALINT_NOBODY);
        return;
    }
    if (!row->asks) {
        window->do_line(row->line, window->user_data);
        return;
    }
    window->waiting = window->asks(row, window->user_data) ? row : NULL;
    window->waiting_ms = now_ms();
}

static gboolean on_tick(gpointer user_data)
{
    struct balint_window *window = user_data;
    switch (balint_hold_tick(&window->hold, now_ms())) {
    case BALINT_HELD_SHORT:
        window->do_line("return", window->user_data);
        break;
    case BALINT_HELD_LONG:
        window->do_line("return hold", window->user_data);
        break;
    case BALINT_HELD_NOTHING:
        break;
    }
    if (window->hold.down)
        return G_SOURCE_CONTINUE;
    window->ticking = 0;
    return G_SOURCE_REMOVE;
}

static gboolean on_key_event(gpointer user_data)
{
    struct key_event *event = user_data;
    struct balint_window *window = event->window;
    const char *name = event->key;
    if (g_str_has_prefix(name, "Shift_"))
        window->entry.shift = event->pressed;
    if (window->typing != NULL) {
        on_typed(window, balint_entry_key(&window->entry, name, event->pressed));
    } else if (strcmp(name, "r") == 0) {
        if (event->pressed)
            balint_hold_press(&window->hold, now_ms());
        else
            balint_hold_release(&window->hold, now_ms());
        if (window->ticking == 0 && window->hold.down)
            window->ticking = g_timeout_add(TICK_MS, on_tick, window);
    } else if (event->pressed && strlen(name) == 1) {
        on_key(window, window->entry.shift ? g_ascii_toupper(name[0]) : name[0]);
    }
    return G_SOURCE_REMOVE;
}

/* The sink's thread. */
static GstPadProbeReturn on_navigation(GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
    (void)pad;
    GstEvent *event = GST_PAD_PROBE_INFO_EVENT(info);
    if (GST_EVENT_TYPE(event) != GST_EVENT_NAVIGATION)
        return GST_PAD_PROBE_OK;
    GstNavigationEventType type = gst_navigation_event_get_type(event);
    const char *key = NULL;
    if ((type == GST_NAVIGATION_EVENT_KEY_PRESS || type == GST_NAVIGATION_EVENT_KEY_RELEASE) &&
        gst_navigation_event_parse_key_event(event, &key) && key != NULL && strlen(key) < 20) {
        struct key_event *copy = g_new0(struct key_event, 1);
        copy->window = user_data;
        copy->pressed = type == GST_NAVIGATION_EVENT_KEY_PRESS;
        g_strlcpy(copy->key, key, sizeof copy->key);
        g_main_context_invoke_full(NULL, G_PRIORITY_DEFAULT, on_key_event, copy, g_free);
    }
    /* Nobody upstream wants it: what goes on would reach the compositor and the others' pictures. */
    return GST_PAD_PROBE_DROP;
}

static gboolean on_terminal(gint fd, GIOCondition condition, gpointer user_data)
{
    (void)condition;
    struct balint_window *window = user_data;
    char keys[32];
    ssize_t got = read(fd, keys, sizeof keys);
    if (got <= 0) {
        window->input = 0;
        return G_SOURCE_REMOVE;
    }
    if (keys[0] == '\033' && (got > 1 || window->typing == NULL)) /* arrows and the like are several bytes */
        return G_SOURCE_CONTINUE;
    for (ssize_t i = 0; i < got; i++)
        on_key(window, keys[i]);
    return G_SOURCE_CONTINUE;
}

struct balint_window *balint_window_new(balint_line_fn do_line, balint_asks_fn asks,
                                        balint_answers_fn answers, balint_types_fn types, void *user_data)
{
    struct balint_window *window = g_new0(struct balint_window, 1);
    window->do_line = do_line;
    window->asks = asks;
    window->answers = answers;
    window->types = types;
    window->user_data = user_data;
    return window;
}

void balint_window_free(struct balint_window *window)
{
    if (window == NULL)
        return;
    if (window->pad != NULL)
        gst_pad_remove_probe(window->pad, window->probe);
    gst_clear_object(&window->pad);
    if (window->ticking != 0)
        g_source_remove(window->ticking);
    if (window->input != 0)
        g_source_remove(window->input);
    if (window->terminal)
        tcsetattr(STDIN_FILENO, TCSANOW, &window->before);
    g_free(window);
}

void balint_window_watch(struct balint_window *window, GstPad *pad)
{
    window->pad = gst_object_ref(pad);
    window->probe = gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, on_navigation, window, NULL);
}

void balint_window_terminal(struct balint_window *window)
{
    if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &window->before) != 0)
        return;
    struct termios keys = window->before;
    keys.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    if (tcsetattr(STDIN_FILENO, TCSANOW, &keys) != 0)
        return;
    window->terminal = true;
    window->input = g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP, on_terminal, window);
}
