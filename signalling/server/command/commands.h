/* commands.h - the subcommands' own functions, each in a file of its own; what they do stands in table.c. */
#ifndef BALINT_COMMANDS_H
#define BALINT_COMMANDS_H

#include "server/command.h"

bool balint_group_add(struct balint_call *call);
bool balint_group_list(struct balint_call *call);
bool balint_group_remove(struct balint_call *call);
bool balint_group_show(struct balint_call *call);
bool balint_group_set(struct balint_call *call);
bool balint_dates_plan(struct balint_call *call);
bool balint_dates_show(struct balint_call *call);
bool balint_dates_move(struct balint_call *call);
bool balint_dates_cancel(struct balint_call *call);
bool balint_dates_ics(struct balint_call *call);

#endif
