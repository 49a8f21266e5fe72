/* commit.c - the rule by which what rooms say leaves the server, see groups.h: first committed, then told. */
#include "server/group.h"
#include "server/log.h"

#include <stdlib.h>

struct balint_held {
    struct balint_outgoing outgoing;
    uint64_t number;
    struct balint_held *next;
};

static void deliver(struct balint_group *group, struct balint_outgoing *outgoing)
{
    struct balint_peer *peer = balint_peer_find(group->server, outgoing->conn);
    if (peer != NULL) {
        if (outgoing->text != NULL) /* NULL: the room had no memory for it, and closes */
            balint_peer_send(peer, outgoing->text, outgoing->length);
        if (outgoing->close)
            balint_peer_close(peer);
    }
    free(outgoing->text);
}

static void hold(struct balint_group *group, const struct balint_outgoing *outgoing)
{
    struct balint_held *held = malloc(sizeof *held);
    if (held == NULL) { /* told early rather than never */
        struct balint_outgoing now = *outgoing;
        deliver(group, &now);
        return;
    }
    held->outgoing = *outgoing;
    held->number = ++group->last_held;
    held->next = NULL;
    *group->held_end = held;
    group->held_end = &held->next;
}

/* Delivers what is held, up to a number. */
static void release(struct balint_group *group, uint64_t last)
{
    while (group->held != NULL && group->held->number <= last) {
        struct balint_held *first = group->held;
        group->held = first->next;
        if (group->held == NULL)
            group->held_end = &group->held;
        deliver(group, &first->outgoing);
        free(first);
    }
}

void balint_group_release(struct balint_group *group)
{
    release(group, group->last_held);
}

static void touch(struct balint_group *group)
{
    if (group->touched)
        return;
    group->touched = true;
    group->next_touched = group->server->touched;
    group->server->touched = group;
}

void balint_group_collect(struct balint_group *group, bool at_once)
{
    struct balint_outgoing outgoing;
    bool wait = !at_once && balint_room_dirty(group->room);
    while (balint_room_outgoing(group->room, &outgoing)) {
        if (wait)
            hold(group, &outgoing);
        else
            deliver(group, &outgoing);
    }
    touch(group);
}

static void publish(struct balint_group *group)
{
    struct balint_outgoing outgoing;
    balint_room_publish(group->room, balint_server_now(group->server));
    while (balint_room_outgoing(group->room, &outgoing))
        deliver(group, &outgoing);
}

/* The last commit failed, or did not: leaders are told at the next publication. */
static void note_unsaved(struct balint_group *group, bool unsaved)
{
    group->unsaved = unsaved;
    balint_room_unsaved(group->room, unsaved);
}

static void saved(struct balint_job *job, void *context)
{
    struct balint_server *server = context;
    struct balint_group *group = balint_group_find(server, job->group);
    if (group == NULL || !group->saving || group->number != job->conn)
        return;
    group->saving = false;
    note_unsaved(group, job->result == BALINT_WRITE_FAILED);
    release(group, group->covered);
    if (balint_room_dirty(group->room) && !group->unsaved) {
        touch(group); /* it changed again meanwhile: that has to be committed first */
        return;
    }
    balint_group_release(group);
    publish(group);
}

void balint_group_save(struct balint_group *group)
{
    struct balint_job *job = balint_job_new(BALINT_JOB_SNAPSHOT, group->name);
    char *text = job != NULL ? balint_room_save(group->room) : NULL;
    if (text == NULL) {
        balint_log("no-memory room=%u", group->number);
        balint_job_free(job);
        note_unsaved(group, true);
        balint_group_release(group);
        publish(group);
        return;
    }
    job->text = text;
    job->now_s = balint_server_now_s(group->server);
    job->conn = group->number;
    job->finish = saved;
    group->saving = group->kept = true;
    group->covered = group->last_held;
    balint_writer_submit(group->server->writer, job);
}

static void settle(struct balint_group *group)
{
    balint_group_attend(group, false);
    if (group->saving)
        return; /* `saved` comes back to it */
    if (group->gone) {
        balint_group_release(group);
        publish(group);
    } else if (balint_room_dirty(group->room) || group->unsaved) {
        balint_group_save(group);
    } else {
        publish(group);
    }
}

void balint_groups_settle(struct balint_server *server)
{
    while (server->touched != NULL) {
        struct balint_group *group = server->touched;
        server->touched = group->next_touched;
        group->touched = false;
        settle(group);
    }
}

void balint_group_untouch(struct balint_group *group)
{
    if (!group->touched)
        return;
    struct balint_group **at = &group->server->touched;
    while (*at != group)
        at = &(*at)->next_touched;
    *at = group->next_touched;
    group->touched = false;
}
