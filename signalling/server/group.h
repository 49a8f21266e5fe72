/* group.h - inside groups.c and commit.c: one group, its room, and what waits to be told. The loop's thread.
 */
#ifndef BALINT_GROUP_H
#define BALINT_GROUP_H

#include "server/frame/evening.h"
#include "server/groups.h"

struct balint_held; /* a message that waits for the commit of the change that made it */

struct balint_group {
    struct balint_server *server;
    char name[BALINT_NAME_SIZE];
    unsigned number;
    uint8_t root[BALINT_KEY_SIZE];
    struct balint_room *room;
    int peers;    /* entered and not gone */
    bool touched; /* something happened in this turn of the loop: it is in the server's list */
    bool saving;  /* a snapshot is with the writer */
    bool unsaved; /* the last commit failed */
    bool kept;    /* the database has, or will have, a snapshot */
    bool gone;    /* removed from the database: nothing more is kept */
    struct balint_attendance attendance;
    bool attending;                /* some of it is with the writer */
    struct balint_evening evening; /* as the database had it … */
    int64_t planned_us;            /* … when it was looked at last */
    struct balint_held *held, **held_end;
    uint64_t last_held; /* number of the newest */
    uint64_t covered;   /* the snapshot with the writer covers those up to this number */
    struct balint_group *next, *next_touched;
};

/* The group of that name in memory, or NULL. */
struct balint_group *balint_group_find(struct balint_server *server, const char *name);

/* ---- commit.c */
/* Takes what the room has to say: at once, or held when it tells of something not yet committed. */
void balint_group_collect(struct balint_group *group, bool at_once);
/* Delivers all that is held. */
void balint_group_release(struct balint_group *group);
/* Submits a snapshot. */
void balint_group_save(struct balint_group *group);
/* It is going: it must not be in the list of this turn any more. */
void balint_group_untouch(struct balint_group *group);

/* ---- attend.c */
/* Counts attendance up to now, and hands it to the writer when it is time, or the last one. */
void balint_group_attend(struct balint_group *group, bool last);
/* What was counted before this process began. False: the records cannot be read. */
bool balint_group_attended(struct balint_group *group);

/* ---- plan.c */
/* Tells the room help line, cards and planned end. `resumed`: it comes from a snapshot, and keeps its end. */
void balint_group_plan(struct balint_group *group, bool resumed);
/* The database changed: the same, if it is another one, at most every 10 s. */
void balint_group_replan(struct balint_group *group);

#endif
