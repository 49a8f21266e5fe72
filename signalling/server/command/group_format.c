/* group_format.c - `group format`: with which format a group's sessions begin. */
#include "server/command/commands.h"
#include "server/command/format.h"
#include "server/frame/frame.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool balint_group_format(struct balint_call *call)
{
    const char *group = call->words[0], *word = call->words[1];
    const struct balint_format *shipped = balint_format_find(word);
    struct balint_format own;
    if (shipped == NULL && strchr(word, '/') == NULL && access(word, F_OK) != 0 && errno == ENOENT)
        return balint_call_refuse(
            call,
            "There is no shipped format \"%.40s\" and no such file here. `balint-server "
            "format list` shows the shipped ones.",
            word);
    if (shipped == NULL && !balint_call_format(call, word, &own))
        return false;
    /* A shipped one by its id, so that it is that of the program that runs then. */
    if (shipped == NULL)
        shipped = balint_format_find(own.id);
    const char *id = shipped != NULL ? shipped->id : own.id;
    char *text = shipped == NULL ? balint_format_write(&own) : NULL;
    if (shipped == NULL && text == NULL)
        return balint_call_refuse(call, "There is no memory left.");
    bool ok =
        balint_setting_set(call->store, group, BALINT_SETTING_FORMAT, text != NULL ? text : id, call->why);
    free(text);
    return ok &&
           (!call->json || balint_call_print(call, json_pack("{ss, ss}", "group", group, "format", id)));
}
