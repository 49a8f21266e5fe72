/* commands.h - the subcommands' own functions, a small file each; what they do stands in table.c. */
#ifndef BALINT_COMMANDS_H
#define BALINT_COMMANDS_H

#include "identity/identity.h"
#include "server/command.h"

bool balint_group_add(struct balint_call *call);
bool balint_group_renew(struct balint_call *call);
bool balint_group_list(struct balint_call *call);
bool balint_group_remove(struct balint_call *call);
bool balint_group_show(struct balint_call *call);
bool balint_group_set(struct balint_call *call);
bool balint_group_format(struct balint_call *call);
bool balint_formats_list(struct balint_call *call);
bool balint_formats_show(struct balint_call *call);
bool balint_formats_check(struct balint_call *call);
bool balint_dates_plan(struct balint_call *call);
bool balint_dates_show(struct balint_call *call);
bool balint_dates_move(struct balint_call *call);
bool balint_dates_cancel(struct balint_call *call);
bool balint_dates_ics(struct balint_call *call);
bool balint_members_list(struct balint_call *call);
bool balint_follow_up_plan(struct balint_call *call);
bool balint_follow_up_list(struct balint_call *call);
bool balint_follow_up_end(struct balint_call *call);
bool balint_attendance_tell(struct balint_call *call);
bool balint_person_export(struct balint_call *call);
bool balint_person_erase(struct balint_call *call);
bool balint_purge_now(struct balint_call *call);

/* Reads a day of an option that was given. False with `why`. */
struct balint_local;
bool balint_call_day(struct balint_call *call, const char *option, struct balint_local *day);
/* An instant's day in UTC. */
void balint_day_of(int64_t instant_s, char day[11]);
/* An invitation, without token or key. */
json_t *balint_invitation_json(const char *member, const struct balint_certificate *certificate,
                               bool revoked);

#endif
