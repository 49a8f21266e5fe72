/* group_set.c - `group set`: the help line and the leaders' cards of a group. */
#include "protocol/fields.h"
#include "server/command/commands.h"
#include "server/frame/frame.h"

#include <errno.h>
#include <string.h>

#define CRIB_LINES 12
#define CRIB_SIZE  (CRIB_LINES * BALINT_TEXT_SIZE + 1)

static bool is_line(const char *text)
{
    return strlen(text) < BALINT_TEXT_SIZE && balint_chars_fit(BALINT_CHARS_TEXT, text, strlen(text));
}

/* Reads the lines of a file into one text, each ended by \n; empty ones and blanks at the ends are left out.
 */
static bool read_crib(struct balint_call *call, const char *path, char crib[CRIB_SIZE])
{
    char line[1024];
    FILE *in = fopen(path, "re");
    bool ok = true;
    int number = 0, count = 0;
    if (path[0] == '\0')
        path = "\"\"";
    if (in == NULL)
        return balint_call_refuse(call, "%s cannot be read (%s). Check the path of --crib.", path,
                                  strerror(errno));
    crib[0] = '\0';
    while (ok && fgets(line, sizeof line, in) != NULL) {
        size_t length = strlen(line);
        number++;
        while (length > 0 && strchr(" \t\r\n", line[length - 1]) != NULL)
            line[--length] = '\0';
        const char *start = line;
        if (number == 1 &&
            strncmp(start, "\xef\xbb\xbf", 3) == 0) /* a byte order mark, as Windows writes it */
            start += 3;
        start += strspn(start, " \t");
        if (*start == '\0')
            continue;
        if (!is_line(start))
            ok = balint_call_refuse(call, "%s:%d: a card is one line of at most %d bytes of UTF-8.", path,
                                    number, BALINT_TEXT_SIZE - 1);
        else if (++count > CRIB_LINES)
            ok = balint_call_refuse(call, "%s:%d: a crib has at most %d cards. Leave some out.", path, number,
                                    CRIB_LINES);
        else
            strcat(strcat(crib, start), "\n");
    }
    if (ok && ferror(in))
        ok = balint_call_refuse(call, "%s cannot be read (%s). Check the path of --crib.", path,
                                strerror(errno));
    fclose(in);
    return ok;
}

bool balint_group_set(struct balint_call *call)
{
    char crib[CRIB_SIZE];
    const char *help_line = balint_call_option(call, "help-line"), *file = balint_call_option(call, "crib");
    const char *group = call->words[0];
    if (help_line == NULL && file == NULL)
        return balint_call_refuse(call, "Say what to set: --help-line TEXT or --crib FILE.");
    if (help_line != NULL && !is_line(help_line))
        return balint_call_refuse(call,
                                  "A help line is one line of at most %d bytes of UTF-8, all to be seen. "
                                  "This one has %zu: \"%.40s\".",
                                  BALINT_TEXT_SIZE - 1, strlen(help_line), help_line);
    if ((file != NULL && !read_crib(call, file, crib)) ||
        (help_line != NULL &&
         !balint_setting_set(call->store, group, BALINT_SETTING_HELP_LINE, help_line, call->why)) ||
        (file != NULL && !balint_setting_set(call->store, group, BALINT_SETTING_CRIB, crib, call->why)))
        return false;
    return !call->json || balint_group_show(call);
}
