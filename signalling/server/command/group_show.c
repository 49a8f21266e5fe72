/* group_show.c - `group show`: what is set for a group. */
#include "server/command/commands.h"
#include "server/frame/frame.h"

#include <stdlib.h>
#include <string.h>

static json_t *lines_of(const char *text)
{
    json_t *lines = json_array();
    while (text != NULL && *text != '\0') {
        size_t length = strcspn(text, "\n");
        json_array_append_new(lines, json_stringn(text, length));
        text += length + (text[length] == '\n');
    }
    return lines;
}

static void print(const char *format, const char *help_line, const char *crib)
{
    printf("format\t%s\n", format);
    printf("help line\t%s\n", help_line != NULL ? help_line : "none: group set GROUP --help-line TEXT");
    if (crib == NULL)
        puts("card\tthose of the program: group set GROUP --crib FILE");
    while (crib != NULL && *crib != '\0') {
        size_t length = strcspn(crib, "\n");
        printf("card\t%.*s\n", (int)length, crib);
        crib += length + (crib[length] == '\n');
    }
}

bool balint_group_show(struct balint_call *call)
{
    const char *name = call->words[0];
    struct balint_store_group group;
    struct balint_format format = *balint_format_find("classic"); /* of a group that has chosen none */
    char *help_line = NULL, *crib = NULL;
    bool ok =
        balint_store_group(call->store, name, &group) != BALINT_STORE_FAILED &&
        balint_group_choice(call->store, name, &format) != BALINT_STORE_FAILED &&
        balint_setting(call->store, name, BALINT_SETTING_HELP_LINE, &help_line) != BALINT_STORE_FAILED &&
        balint_setting(call->store, name, BALINT_SETTING_CRIB, &crib) != BALINT_STORE_FAILED;
    if (!ok)
        balint_store_cannot(call->store, call->why);
    else if (call->json)
        ok = balint_call_print(call, json_pack("{ss, sb, ss, ss?, so}", "group", name, "founded",
                                               group.founded, "format", format.id, "help_line", help_line,
                                               "crib", lines_of(crib)));
    else
        print(format.id, help_line, crib);
    free(help_line);
    free(crib);
    return ok;
}
