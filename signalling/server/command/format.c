/* format.c - `format list`, `format show` and `format check`: the order of an evening as a file.
 *
 * They need no data folder: who writes a format tries it anywhere. Every mistake is told, not the first
 * alone.
 */
#include "server/command/format.h"
#include "server/command/commands.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int minutes_of(const struct balint_format *format)
{
    int minutes = 0;
    for (int i = 0; i < format->count; i++)
        minutes += format->phases[i].minutes;
    return minutes;
}

bool balint_formats_list(struct balint_call *call)
{
    json_t *list = json_array();
    for (int i = 0; i < BALINT_SHIPPED; i++) {
        const struct balint_format *format = balint_format_shipped(i);
        if (!call->json)
            printf("%s\t%s, phases: %d, minutes: %d\n", format->id, format->title, format->count,
                   minutes_of(format));
        json_array_append_new(list, json_pack("{ss, ss, si, si}", "id", format->id, "title", format->title,
                                              "phases", format->count, "minutes", minutes_of(format)));
    }
    if (call->json)
        return balint_call_print(call, list);
    json_decref(list);
    return true;
}

bool balint_formats_show(struct balint_call *call)
{
    const struct balint_format *format = balint_format_find(call->words[0]);
    if (format == NULL)
        return balint_call_refuse(
            call, "There is no shipped format \"%s\". `balint-server format list` shows them.",
            call->words[0]);
    char *text = balint_format_write(format);
    bool ok = text != NULL && fputs(text, stdout) >= 0;
    free(text);
    return ok || balint_call_refuse(call, "There is no memory left, or nobody takes the answer.");
}

/* ---- a file */
static void take_mistake(const char *path, const char *said, void *context)
{
    json_array_append_new(context, json_pack("{ss, ss}", "path", path, "text", said));
}

static void print_mistakes(const json_t *mistakes)
{
    for (size_t i = 0; i < json_array_size(mistakes); i++) {
        const json_t *mistake = json_array_get(mistakes, i);
        const char *path = json_string_value(json_object_get(mistake, "path"));
        printf("%s%s%s\n", path, path[0] != '\0' ? ": " : "",
               json_string_value(json_object_get(mistake, "text")));
    }
}

/* One byte more than a format may have, so that its reader sees that there are too many. */
static bool read_file(struct balint_call *call, const char *path, char text[BALINT_FORMAT_SIZE + 1],
                      size_t *length)
{
    FILE *in = fopen(path, "re");
    *length = in != NULL ? fread(text, 1, BALINT_FORMAT_SIZE + 1, in) : 0;
    bool ok = in != NULL && !ferror(in);
    if (path[0] == '\0')
        path = "\"\"";
    if (!ok)
        balint_call_refuse(call, "%s cannot be read (%s). Check its path.", path, strerror(errno));
    if (in != NULL)
        fclose(in);
    return ok;
}

bool balint_call_format(struct balint_call *call, const char *path, struct balint_format *format)
{
    static char text[BALINT_FORMAT_SIZE + 1];
    size_t length;
    if (!read_file(call, path, text, &length))
        return false;
    json_t *told = json_array();
    size_t mark =
        length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0; /* RFC 8259, 8.1: may be ignored */
    int mistakes = balint_format_read(text + mark, length - mark, format, take_mistake, told);
    if (mistakes == 0) {
        json_decref(told);
        return true;
    }
    if (!call->json)
        print_mistakes(told);
    else if (!balint_call_print(call,
                                json_pack("{ss, sb, sO}", "file", path, "right", false, "mistakes", told))) {
        json_decref(told);
        return false;
    }
    json_decref(told);
    fflush(stdout); /* before what is said of them all */
    return balint_call_refuse(call, "%s has %d %s. Mend %s, and check it again.", path, mistakes,
                              mistakes == 1 ? "mistake" : "mistakes", mistakes == 1 ? "it" : "them");
}

bool balint_formats_check(struct balint_call *call)
{
    struct balint_format format;
    const char *path = call->words[0];
    if (!balint_call_format(call, path, &format))
        return false;
    if (call->json)
        return balint_call_print(
            call, json_pack("{ss, sb, ss, s[]}", "file", path, "right", true, "id", format.id, "mistakes"));
    printf("%s is right: %s, phases: %d, minutes: %d\n", path, format.title, format.count,
           minutes_of(&format));
    return true;
}
