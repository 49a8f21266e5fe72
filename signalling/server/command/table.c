/* table.c - the subcommands, in the order in which help lists them. */
#include "server/command/commands.h"

const struct balint_command balint_commands[] = {
    {"group add", "GROUP", "", "makes room for a group, prints the code that founds it once", .makes = true,
     .run = balint_group_add},
    {"group list", "", "", "the groups, and how many invitations they have", .run = balint_group_list},
    {"group show", "GROUP", "", "what is set for a group", .run = balint_group_show},
    {"group set", "GROUP", "help-line crib", "sets it", .run = balint_group_set},
    {"group remove", "GROUP", "", "ends a group, its links, and its session", .run = balint_group_remove},
    {"dates add", "GROUP", "first zone every count until minutes", "plans a series of evenings",
     "A time is that of the zone, before and after clocks change. --every month keeps the weekday: a first "
     "evening\n"
     "on the first Thursday of a month makes every first Thursday; one from the 29th on, the last of its "
     "kind.\n",
     .run = balint_dates_plan},
    {"dates list", "GROUP", "", "the evenings", .run = balint_dates_show},
    {"dates move", "GROUP DATE NEWDATE", "",
     "another date (2026-12-03, or with T19:30) for one evening; a cancelled one takes place again",
     .run = balint_dates_move},
    {"dates cancel", "GROUP DATE", "onwards", "an evening does not take place", .run = balint_dates_cancel},
    {"dates ics", "GROUP", "series cancelled out", "a series as a calendar file to send round",
     "It holds the group's name and the dates, no person, no case, no link. After each change make it again "
     "and\n"
     "send it: a calendar replaces what it had. A series that is cancelled whole becomes a cancellation.\n",
     .run = balint_dates_ics},
};
const int balint_command_count = (int)(sizeof balint_commands / sizeof balint_commands[0]);
