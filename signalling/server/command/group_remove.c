/* group_remove.c - `group remove`: a group with everything that is kept about it, to the last byte. */
#include "server/command/commands.h"
#include "server/frame/keep.h"
#include "server/frame/sql.h"

bool balint_group_remove(struct balint_call *call)
{
    if (!balint_store_remove(call->store, call->words[0], call->why))
        return false;
    if (!balint_scrub(balint_store_db(call->store)))
        balint_call_note(
            "It is removed, but the file could not be written anew: run `balint-server purge` later.");
    return !call->json || balint_call_print(call, json_pack("{ss}", "removed", call->words[0]));
}
