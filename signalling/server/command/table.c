/* table.c - the subcommands, in the order in which help lists them. */
#include "server/command/commands.h"

const struct balint_command balint_commands[] = {
    {"group add", "GROUP", "", "makes room for a group, prints the code that founds it once", .makes = true,
     .run = balint_group_add},
    {"group renew", "GROUP", "", "prints the code by which its leader gives it a new key, once",
     "For a key that was lost or stolen: `balint invite --new-root --found CODE`. Once that is done all "
     "older links "
     "end.\n",
     .run = balint_group_renew},
    {"group list", "", "", "the groups, and how many invitations they have", .run = balint_group_list},
    {"group show", "GROUP", "", "what is set for a group", .run = balint_group_show},
    {"group set", "GROUP", "help-line crib",
     "sets the help line that people are shown, and the leaders' cards", .run = balint_group_set},
    {"group format", "GROUP ID|FILE", "", "with which format the group's sessions begin",
     "A shipped one (format list), or a file of the group's own (format check). It counts from the next "
     "session on; in\n"
     "its first phase the leaders may choose another for the evening.",
     .run = balint_group_format},
    {"format list", "", "", "the shipped formats of an evening", .bare = true, .run = balint_formats_list},
    {"format show", "ID", "", "one of them as JSON, a start for an own one", .bare = true,
     .run = balint_formats_show},
    {"format check", "FILE", "", "explains every mistake in a format", .bare = true,
     .run = balint_formats_check},
    {"group remove", "GROUP", "", "ends a group, its links, and its session", .run = balint_group_remove},
    {"dates add", "GROUP", "first zone every count until minutes", "plans a series of evenings",
     "A time is that of the zone, before and after clocks change.\n"
     "--every month keeps the weekday: a first evening on the first Thursday of a month makes every\n"
     "first Thursday; one from the 29th on, the last of its kind.\n",
     .run = balint_dates_plan},
    {"dates list", "GROUP", "", "the evenings", .run = balint_dates_show},
    {"dates move", "GROUP DATE NEWDATE", "series", "another date for one evening",
     "A date is 2026-12-03, or 2026-12-03T19:30, as dates list shows it. A cancelled evening takes place "
     "again.\n"
     "Where evenings of two series were at one time, --series says which is meant.\n",
     .run = balint_dates_move},
    {"dates cancel", "GROUP DATE", "series onwards", "an evening does not take place",
     .run = balint_dates_cancel},
    {"dates ics", "GROUP", "series cancelled out", "the evenings as a calendar file to send round",
     "It holds the group's name and the dates, no person, no case, no link. After each change make it\n"
     "again and send it: a calendar replaces what it had. A series that is cancelled whole becomes a\n"
     "cancellation. Of several series all are in it, unless --series says which.\n",
     .run = balint_dates_ics},
    {"members list", "GROUP", "", "who is invited, and from when until when", .run = balint_members_list},
    {"follow-up add", "GROUP", "who on", "a case is to be looked at again: whose, and on which evening",
     .run = balint_follow_up_plan},
    {"follow-up list", "GROUP", "", "what is due", .run = balint_follow_up_list},
    {"follow-up done", "GROUP NUMBER", "", "it was looked at: nothing is kept of it",
     .run = balint_follow_up_end},
    {"attendance", "GROUP", "from until csv", "who attended how many minutes",
     "Counted from admission to leaving, connected time alone, each session for itself. A name may be\n"
     "that of two people: each has a member id besides; and a session is named by when its first person "
     "came.\n"
     "Times are of the zone of the evening that is planned nearest, else of the group's oldest dates, else "
     "UTC.\n",
     .run = balint_attendance_tell},
    {"export", "GROUP MEMBER", "", "everything that is stored about one person, as JSON",
     "MEMBER is a name, or a member id from members list.\n", .run = balint_person_export},
    {"erase", "GROUP MEMBER", "", "deletes everything that is stored about one person",
     "The links end with it. Refused while the person is in a session. Who runs the server has to see to\n"
     "the backups.\n",
     .run = balint_person_erase},
    {"purge", "", "", "deletes what has been kept long enough, as a running server does once a day",
     "How long that is: --attendance-days and --technical-days, or the same in the file of --config.\n",
     .run = balint_purge_now},
};
const int balint_command_count = (int)(sizeof balint_commands / sizeof balint_commands[0]);
