/* frame.h - the frame in the database: what a group needs between its evenings, and nothing of what is said
 * in them.
 *
 * Settings, dates, members, follow-ups, attendance; read and written by the subcommands, and a little of it
 * read by the running server. Each area is a file beside this one. A connection of store.h is what they work
 * on: one thread each.
 */
#ifndef BALINT_FRAME_H
#define BALINT_FRAME_H

#include "server/store.h"

/* ---- settings.c: per group, by name */
#define BALINT_SETTING_HELP_LINE "help-line"
#define BALINT_SETTING_CRIB      "crib" /* lines, each ended by \n */
/* The value, to be freed; NULL unless BALINT_STORED. */
enum balint_stored balint_setting(struct balint_store *store, const char *group, const char *name,
                                  char **value);
/* "" takes it away. False with `why`. */
bool balint_setting_set(struct balint_store *store, const char *group, const char *name, const char *value,
                        char why[BALINT_WHY_SIZE]);

#endif
