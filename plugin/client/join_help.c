/* join_help.c - the group's help line, remembered for the evening on which the server does not answer.
 *
 * The help line comes with a state, and is needed most by who gets none. It lies beside the device's key
 * (device.h), mode 0600, as the newest state had it, written beside and renamed: one line of at most
 * BALINT_TEXT_SIZE - 1 bytes. What was put there by somebody else and is longer, no UTF-8 or no plain line,
 * is taken away unshown. Main thread.
 */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "client/device.h"
#include "client/join.h"

/* A line that a terminal and the window show as it is. */
static bool plain(const char *text)
{
    if (!g_utf8_validate(text, -1, NULL))
        return false;
    while (*text != '\0' && !g_unichar_iscntrl(g_utf8_get_char(text)))
        text = g_utf8_next_char(text);
    return *text == '\0';
}

void balint_join_help_read(struct balint_joined *join, const char *link)
{
    char *key = balint_device_path(link);
    join->help_path = key != NULL ? g_strconcat(key, ".help", NULL) : NULL;
    g_free(key);
    int file =
        join->help_path != NULL ? open(join->help_path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) : -1;
    if (file < 0) {
        if (join->help_path != NULL && errno != ENOENT)
            g_unlink(join->help_path); /* a link to somewhere else, say */
        return;
    }
    char text[BALINT_TEXT_SIZE + 1] = "";
    ssize_t got = read(file, text, sizeof text - 1);
    close(file);
    if (got > 0 && got < BALINT_TEXT_SIZE && strlen(text) == (size_t)got && plain(text))
        g_strlcpy(join->help_line, text, sizeof join->help_line);
    else
        g_unlink(join->help_path); /* the next state brings it anew */
}

void balint_join_help_keep(struct balint_joined *join)
{
    const char *help = join->state.help;
    if (join->help_path == NULL || strcmp(help, join->help_line) == 0)
        return;
    g_strlcpy(join->help_line, plain(help) ? help : "", sizeof join->help_line);
    bool kept = help[0] == '\0'
                    ? g_unlink(join->help_path) == 0 || errno == ENOENT
                    : plain(help) && g_file_set_contents_full(join->help_path, help, -1,
                                                              G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL);
    if (kept)
        return;
    g_unlink(join->help_path); /* none is better than one of before */
    g_printerr("balint: the help line cannot be kept on this device: note it down for the evening on which "
               "the server does not answer\n");
}

void balint_join_say_end(struct balint_joined *join, const char *text)
{
    char *whole = !join->known && join->help_line[0] != '\0'
                      ? g_strdup_printf("%s Help: %s", text, join->help_line)
                      : g_strdup(text);
    balint_join_say(join, whole);
    g_free(whole);
}

void balint_join_help_forget(struct balint_joined *join)
{
    g_clear_pointer(&join->help_path, g_free);
}
