/* members_list.c - `members list`: who is invited, in which role, from when until when. */
#include "server/command/commands.h"
#include "server/frame/people.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

void balint_day_of(int64_t instant_s, char day[11])
{
    time_t time = (time_t)instant_s;
    struct tm utc;
    if (gmtime_r(&time, &utc) == NULL || strftime(day, 11, "%Y-%m-%d", &utc) == 0)
        strcpy(day, "?");
}

json_t *balint_invitation_json(const char *member, const struct balint_certificate *certificate, bool revoked)
{
    char from[11], until[11];
    balint_day_of(certificate->from_s, from);
    balint_day_of(certificate->until_s, until);
    return json_pack("{ss, ss, ss, sI, ss, ss, sb}", "member", member, "name", certificate->name, "role",
                     balint_role_name(certificate->role), "serial", (json_int_t)certificate->serial, "from",
                     from, "until", until, "revoked", revoked);
}

static void print(const char *member, const struct balint_certificate *certificate, bool revoked,
                  void *context)
{
    char from[11], until[11];
    (void)context;
    balint_day_of(certificate->from_s, from);
    balint_day_of(certificate->until_s, until);
    printf("%s\t%s\t%s\tinvitation %" PRIu64 "\t%s to %s%s\n", certificate->name,
           balint_role_name(certificate->role), member, certificate->serial, from, until,
           revoked ? "\ttaken back" : "");
}

static void take(const char *member, const struct balint_certificate *certificate, bool revoked,
                 void *context)
{
    json_array_append_new(context, balint_invitation_json(member, certificate, revoked));
}

bool balint_members_list(struct balint_call *call)
{
    if (!call->json)
        return balint_invited(call->store, call->words[0], NULL, print, NULL, call->why);
    json_t *all = json_array();
    if (balint_invited(call->store, call->words[0], NULL, take, all, call->why))
        return balint_call_print(call, all);
    json_decref(all);
    return false;
}
