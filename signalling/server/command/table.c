/* table.c - the subcommands, in the order in which help lists them. */
#include "server/command/commands.h"

const struct balint_command balint_commands[] = {
    {"group add", "GROUP", "", "makes room for a group, prints the code that founds it once", .makes = true,
     .run = balint_group_add},
    {"group list", "", "", "the groups, and how many invitations they have", .run = balint_group_list},
    {"group show", "GROUP", "", "what is set for a group", .run = balint_group_show},
    {"group set", "GROUP", "help-line crib", "sets it", .run = balint_group_set},
    {"group remove", "GROUP", "", "ends a group, its links, and its session", .run = balint_group_remove},
};
const int balint_command_count = (int)(sizeof balint_commands / sizeof balint_commands[0]);
