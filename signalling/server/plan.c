/* plan.c - tells a room what its group has set and planned: at its begin, and when an operator changes it. */
#include "server/frame/evening.h"
#include "server/group.h"

#include <string.h>

#define LOOK_US INT64_C(10000000)

static bool load(struct balint_group *group, struct balint_evening *evening)
{
    group->planned_us = balint_server_now(group->server);
    return balint_evening_load(group->server->store, group->name, balint_server_now_s(group->server),
                               evening) == BALINT_STORED;
}

void balint_group_plan(struct balint_group *group, bool resumed)
{
    struct balint_evening evening;
    if (!load(group, &evening)) /* the cards that are shipped will do: the evening begins */
        return;
    group->evening = evening;
    if (resumed)
        evening.ends_us = 0; /* its leaders may have set another end */
    balint_room_evening(group->room, &evening);
}

void balint_group_replan(struct balint_group *group)
{
    struct balint_evening evening, before = group->evening;
    int64_t now_us = balint_server_now(group->server);
    if (group->gone || now_us - group->planned_us < LOOK_US || !load(group, &evening) ||
        memcmp(&evening, &before, sizeof evening) == 0)
        return;
    group->evening = evening;
    /* An end that is over stays, although the next evening of the day is what is planned now. */
    if (evening.ends_us == before.ends_us || (before.ends_us != 0 && before.ends_us <= now_us))
        evening.ends_us = 0;
    balint_room_evening(group->room, &evening);
    balint_group_collect(group, false);
}
