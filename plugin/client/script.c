/* script.c - reads commands and runs them when they are due. */
#include "client/script.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct due {
    struct balint_script *script;
    struct balint_command command;
};

struct balint_script {
    balint_do_fn do_it;
    balint_wrong_fn wrong;
    void *user_data;
    int count;
    struct balint_script_line *lines;
    bool started;
    GList *timers;   /* source ids */
    guint input;     /* watch of the standard input, 0 = none */
    int number;      /* of the last line read from it */
    GString *partly; /* what came of the next one */
};

static bool add(struct balint_script *script, const struct balint_script_line *line)
{
    if (script->count == BALINT_SCRIPT_MAX)
        return false;
    script->lines = g_renew(struct balint_script_line, script->lines, (gsize)script->count + 1);
    script->lines[script->count++] = *line;
    return true;
}

static bool read_file(struct balint_script *script, const char *path, char why[BALINT_WHY_SIZE])
{
    char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL,
                             NULL)) { /* GLib's sentence has quotes that a terminal may lack */
        const char *reason = access(path, R_OK) != 0                 ? strerror(errno)
                             : g_file_test(path, G_FILE_TEST_IS_DIR) ? strerror(EISDIR)
                                                                     : strerror(EIO);
        snprintf(why, BALINT_WHY_SIZE, "--do: %.140s cannot be read (%.60s): give another file", path,
                 reason);
        return false;
    }
    char **lines = g_strsplit(text, "\n", -1);
    bool ok = true;
    for (int i = 0; lines[i] != NULL && ok; i++) {
        struct balint_script_line line;
        switch (balint_script_read(lines[i], i + 1, true, &line, why)) {
        case BALINT_SCRIPT_EMPTY:
            break;
        case BALINT_SCRIPT_COMMAND:
            ok = add(script, &line);
            if (!ok)
                snprintf(why, BALINT_WHY_SIZE, "--do: more than %d lines: make it shorter",
                         BALINT_SCRIPT_MAX);
            break;
        case BALINT_SCRIPT_WRONG:
            ok = false;
            break;
        }
    }
    g_strfreev(lines);
    g_free(text);
    return ok;
}

static gboolean on_due(gpointer user_data)
{
    struct due *due = user_data;
    due->script->do_it(&due->command, due->script->user_data);
    due->script->timers =
        g_list_remove(due->script->timers, GUINT_TO_POINTER(g_source_get_id(g_main_current_source())));
    return G_SOURCE_REMOVE;
}

static void schedule(struct balint_script *script, const struct balint_script_line *line)
{
    struct due *due = g_new0(struct due, 1);
    due->script = script;
    due->command = line->command;
    guint id = g_timeout_add_full(G_PRIORITY_DEFAULT, (guint)(line->seconds * 1000.0), on_due, due, g_free);
    script->timers = g_list_prepend(script->timers, GUINT_TO_POINTER(id));
}

static void on_line(struct balint_script *script, const char *text)
{
    struct balint_script_line line;
    char why[BALINT_WHY_SIZE];
    switch (balint_script_read(text, ++script->number, false, &line, why)) {
    case BALINT_SCRIPT_EMPTY:
        break;
    case BALINT_SCRIPT_WRONG:
        script->wrong(why, script->user_data);
        break;
    case BALINT_SCRIPT_COMMAND:
        if (!script->started && line.command.verb != BALINT_DO_LEAVE && line.command.verb != BALINT_DO_HELP)
            add(script, &line);
        else if (line.seconds > 0)
            schedule(script, &line);
        else
            script->do_it(&line.command, script->user_data);
        break;
    }
}

static gboolean on_input(gint fd, GIOCondition condition, gpointer user_data)
{
    (void)condition;
    struct balint_script *script = user_data;
    char bytes[512];
    ssize_t got = read(fd, bytes, sizeof bytes);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return G_SOURCE_CONTINUE;
    if (got <= 0) {
        script->input = 0;
        return G_SOURCE_REMOVE;
    }
    for (ssize_t i = 0; i < got; i++) {
        if (bytes[i] != '\n') {
            if (bytes[i] != '\0' && script->partly->len < BALINT_LINE_SIZE)
                g_string_append_c(script->partly, bytes[i]);
            continue;
        }
        char *text = g_strndup(script->partly->str, script->partly->len);
        g_string_truncate(script->partly, 0);
        on_line(script, text);
        g_free(text);
    }
    return G_SOURCE_CONTINUE;
}

struct balint_script *balint_script_open(const char *path, balint_do_fn do_it, balint_wrong_fn wrong,
                                         void *user_data, char why[BALINT_WHY_SIZE])
{
    struct balint_script *script = g_new0(struct balint_script, 1);
    script->do_it = do_it;
    script->wrong = wrong;
    script->user_data = user_data;
    script->partly = g_string_new(NULL);
    if (strcmp(path, "-") == 0) {
        script->input = g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, on_input, script);
    } else if (!read_file(script, path, why)) {
        balint_script_free(script);
        return NULL;
    }
    return script;
}

void balint_script_free(struct balint_script *script)
{
    if (script == NULL)
        return;
    if (script->input != 0)
        g_source_remove(script->input);
    for (GList *at = script->timers; at != NULL; at = at->next)
        g_source_remove(GPOINTER_TO_UINT(at->data));
    g_list_free(script->timers);
    g_string_free(script->partly, TRUE);
    g_free(script->lines);
    g_free(script);
}

void balint_script_start(struct balint_script *script)
{
    if (script == NULL || script->started)
        return;
    script->started = true;
    for (int i = 0; i < script->count; i++)
        schedule(script, &script->lines[i]);
}
