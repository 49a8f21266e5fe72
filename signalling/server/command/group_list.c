/* group_list.c - `group list`: the groups by name. */
#include "server/command/commands.h"

static void print_group(const char *group, bool founded, int invitations, void *context)
{
    (void)context;
    if (founded)
        printf("%s\tfounded, invitations: %d\n", group, invitations);
    else
        printf("%s\twaits to be founded: balint invite --found CODE\n", group);
}

static void take_group(const char *group, bool founded, int invitations, void *context)
{
    json_array_append_new(
        context, json_pack("{ss, sb, si}", "group", group, "founded", founded, "invitations", invitations));
}

bool balint_group_list(struct balint_call *call)
{
    if (!call->json)
        return balint_store_list(call->store, print_group, NULL, call->why);
    json_t *groups = json_array();
    if (balint_store_list(call->store, take_group, groups, call->why))
        return balint_call_print(call, groups);
    json_decref(groups);
    return false;
}
