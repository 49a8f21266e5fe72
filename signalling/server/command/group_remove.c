/* group_remove.c - `group remove`: a group with everything that is kept about it. */
#include "server/command/commands.h"

bool balint_group_remove(struct balint_call *call)
{
    if (!balint_store_remove(call->store, call->words[0], call->why))
        return false;
    return !call->json || balint_call_print(call, json_pack("{ss}", "removed", call->words[0]));
}
