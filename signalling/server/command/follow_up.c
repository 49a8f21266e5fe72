/* follow_up.c - `follow-up add`, `list`, `done`: whose case is to be looked at again, and on which evening.
 * There is no field for anything else. */
#include "server/command/commands.h"
#include "server/frame/people.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Is an evening planned on that day? A follow-up may be due on another day, or have been; then it is said. */
static bool note_day(struct balint_call *call, const char *day)
{
    struct balint_series *all;
    int count;
    bool planned = false;
    if (!balint_dates_list(call->store, call->words[0], &all, &count, call->why))
        return false;
    for (int i = 0; i < count; i++)
        for (int j = 0; j < all[i].count; j++)
            planned =
                planned || (!all[i].dates[j].cancelled && strncmp(all[i].dates[j].begins, day, 10) == 0);
    if (count > 0 && !planned)
        balint_call_note("No evening is planned on %s.", day);
    char last_day[11]; /* an evening that is on yet, anywhere: it may have begun the day before in UTC */
    balint_day_of(call->now_s - 86400, last_day);
    if (strcmp(day, last_day) < 0)
        balint_call_note("%s lies in the past: the follow-up counts as due since then.", day);
    free(all);
    return true;
}

bool balint_follow_up_plan(struct balint_call *call)
{
    const char *who = balint_call_option(call, "who"), *day = balint_call_option(call, "on");
    struct balint_local local = {0};
    char member[BALINT_ID_SIZE];
    if (who == NULL)
        return balint_call_refuse(call, "Say whose case: --who MEMBER, a name or a member id.");
    if (day == NULL)
        return balint_call_refuse(call, "Say on which evening: --on 2027-06-30.");
    if (!balint_call_day(call, "on", &local))
        return false;
    if (!balint_member_find(call->store, call->words[0], who, member, call->why) || !note_day(call, day) ||
        !balint_follow_up_add(call->store, call->words[0], member, day, call->why))
        return false;
    return !call->json || balint_call_print(call, json_pack("{ss, ss}", "member", member, "due", day));
}

struct telling {
    struct balint_call *call;
    json_t *rows;
    bool failed;
};

static void tell(int64_t number, const char *member, const char *due, void *context)
{
    struct telling *telling = context;
    struct balint_call *call = telling->call;
    char name[BALINT_NAME_SIZE];
    if (!balint_member_name(call->store, call->words[0], member, name, call->why))
        telling->failed = true;
    else if (telling->rows != NULL)
        json_array_append_new(telling->rows, json_pack("{sI, ss, ss, ss}", "number", (json_int_t)number,
                                                       "member", member, "name", name, "due", due));
    else
        printf("%" PRId64 "\t%s\t%s\n", number, due, name);
}

bool balint_follow_up_list(struct balint_call *call)
{
    struct telling telling = {.call = call, .rows = call->json ? json_array() : NULL};
    if (balint_follow_ups(call->store, call->words[0], NULL, tell, &telling, call->why) && !telling.failed)
        return !call->json || balint_call_print(call, telling.rows);
    json_decref(telling.rows);
    return false;
}

bool balint_follow_up_end(struct balint_call *call)
{
    char *end;
    errno = 0;
    long number = strtol(call->words[1], &end, 10);
    if (errno != 0 || *end != '\0' || end == call->words[1])
        return balint_call_refuse(
            call,
            "\"%.40s\" is no number. A follow-up is named by its number; `balint-server follow-up list` "
            "shows it.",
            call->words[1]);
    return balint_follow_up_done(call->store, call->words[0], number, call->why) &&
           (!call->json || balint_call_print(call, json_pack("{sI}", "done", (json_int_t)number)));
}
