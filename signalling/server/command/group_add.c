/* group_add.c - `group add`: a group that waits to be founded, and the one-use code for it; `group renew`: a
 * code for a founded one, whose key was lost or stolen. */
#include "server/command/commands.h"

#include <string.h>

/* Four groups of five from 32 letters and digits that are not taken for one another: 100 bits. */
#define CODE_SIZE 24
static bool make_code(char code[CODE_SIZE])
{
    static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
    uint8_t random[20];
    if (!balint_random(random, sizeof random))
        return false;
    char *at = code;
    for (size_t i = 0; i < sizeof random; i++) {
        if (i > 0 && i % 5 == 0)
            *at++ = '-';
        *at++ = letters[random[i] % 32];
    }
    *at = '\0';
    return true;
}

static bool give_code(struct balint_call *call, bool renew)
{
    char code[CODE_SIZE];
    uint8_t hash[BALINT_HASH_SIZE];
    const char *group = call->words[0];
    if (!make_code(code) || !balint_hash((const uint8_t *)code, strlen(code), hash))
        return balint_call_refuse(call, "This system gives no random numbers, so no code can be made.");
    if (!(renew ? balint_store_renew(call->store, group, hash, call->why)
                : balint_store_add(call->store, group, hash, call->now_s, call->why)))
        return false;
    if (call->json)
        return balint_call_print(call, json_pack("{ss, ss}", "group", group, "code", code));
    puts(code);
    return true;
}

bool balint_group_add(struct balint_call *call)
{
    return give_code(call, false);
}

bool balint_group_renew(struct balint_call *call)
{
    return give_code(call, true);
}
