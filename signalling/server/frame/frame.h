/* frame.h - the frame in the database: what a group needs between its evenings, and nothing of what is said
 * in them.
 *
 * Settings, dates, members, follow-ups, attendance; read and written by the subcommands, and a little of it
 * read by the running server. Each area is a file beside this one. A connection of store.h is what they work
 * on: one thread each.
 */
#ifndef BALINT_FRAME_H
#define BALINT_FRAME_H

#include "server/frame/attendance.h"
#include "server/frame/series.h"
#include "server/store.h"

/* ---- settings.c: per group, by name */
#define BALINT_SETTING_HELP_LINE "help-line"
#define BALINT_SETTING_CRIB      "crib"   /* lines, each ended by \n */
#define BALINT_SETTING_FORMAT    "format" /* the id of a shipped format, or the file of the group's own */
/* The value, to be freed; NULL unless BALINT_STORED. */
enum balint_stored balint_setting(struct balint_store *store, const char *group, const char *name,
                                  char **value);
/* "" takes it away. False with `why`. */
bool balint_setting_set(struct balint_store *store, const char *group, const char *name, const char *value,
                        char why[BALINT_WHY_SIZE]);

/* ---- dates.c: series of evenings */
struct balint_date {
    char planned[BALINT_LOCAL_SIZE]; /* as the series has it: what a calendar knows the evening by */
    char begins[BALINT_LOCAL_SIZE];  /* as it is now; another one when it was moved */
    bool cancelled;
};
struct balint_series {
    int64_t number;
    char uid[37]; /* of the calendar's event */
    char zone[64];
    enum balint_every every;
    int minutes;  /* of an evening */
    int sequence; /* how often it was changed */
    int64_t changed_s;
    int count;
    struct balint_date dates[BALINT_DATES_MAX]; /* by `planned` */
};
/* Stores a new series; sets number, uid, sequence and changed_s. False with `why`. */
bool balint_dates_add(struct balint_store *store, const char *group, struct balint_series *series,
                      int64_t now_s, char why[BALINT_WHY_SIZE]);
/* All series of a group, oldest first, to be freed with free(); NULL and 0 when there is none. False with
 * `why`.
 */
bool balint_dates_list(struct balint_store *store, const char *group, struct balint_series **series,
                       int *count, char why[BALINT_WHY_SIZE]);
/* Stores the dates of a series as they are now, as its next change. False with `why`: somebody else changed
 * it meanwhile, say. */
bool balint_dates_change(struct balint_store *store, struct balint_series *series, int64_t now_s,
                         char why[BALINT_WHY_SIZE]);

/* ---- attended.c: minutes per person and session; written by the writer (BALINT_JOB_ATTEND) */
/* Fills in whom the database knows of attendance->session. */
enum balint_stored balint_attendance_load(struct balint_store *store, const char *group,
                                          struct balint_attendance *attendance);
/* Calls `each` for every person and session of a group, or of one member (NULL: all), oldest first; `began_s`
 * is when the session's first person was admitted. False with `why`. */
typedef void (*balint_attended_each)(int64_t began_s, const struct balint_attendant *person, void *context);
bool balint_attendance_each(struct balint_store *store, const char *group, const char *member,
                            balint_attended_each each, void *context, char why[BALINT_WHY_SIZE]);

/* ---- formats.c */
/* The format that a group's sessions begin with. Not stored (and `format` as it was): none was chosen, or its
 * file is one of another version and wrong for this. */
enum balint_stored balint_group_choice(struct balint_store *store, const char *group,
                                       struct balint_format *format);

#endif
