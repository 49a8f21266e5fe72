/* erase.c - `erase`: everything that is stored about one person, gone. */
#include "server/command/commands.h"
#include "server/frame/people.h"

bool balint_person_erase(struct balint_call *call)
{
    char member[BALINT_ID_SIZE];
    return balint_member_find(call->store, call->words[0], call->words[1], member, call->why) &&
           balint_member_erase(call->store, call->words[0], member, call->now_s, call->why) &&
           (!call->json || balint_call_print(call, json_pack("{ss}", "erased", member)));
}
