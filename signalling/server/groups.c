/* groups.c - the rooms in memory, see groups.h. */
#include "server/frame/frame.h"
#include "server/group.h"
#include "server/log.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define FORMAT "classic" /* of a group that has chosen none */

static struct balint_group **bucket_of(struct balint_server *server, const char *name)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (; *name != '\0'; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619u;
    return &server->group_buckets[hash % BALINT_GROUP_BUCKETS];
}

struct balint_group *balint_group_find(struct balint_server *server, const char *name)
{
    struct balint_group *group = *bucket_of(server, name);
    while (group != NULL && (group->gone || strcmp(group->name, name) != 0))
        group = group->next;
    return group;
}

/* ---- rooms come and go */
static void group_free(struct balint_group *group)
{
    balint_group_release(group);
    balint_room_free(group->room);
    free(group);
}

static bool is_over(struct balint_group *group)
{
    return group->peers == 0 && balint_room_over(group->room, balint_server_now(group->server));
}

static void forget(struct balint_group *group)
{
    struct balint_job *job =
        group->kept && !group->gone ? balint_job_new(BALINT_JOB_SNAPSHOT, group->name) : NULL;
    balint_log("room-over room=%u", group->number);
    balint_group_attend(group, true);
    if (job != NULL)
        balint_writer_submit(group->server->writer, job);
    struct balint_group **at = bucket_of(group->server, group->name);
    while (*at != group)
        at = &(*at)->next;
    *at = group->next;
    balint_group_untouch(group);
    group_free(group);
}

/* Who was revoked while the room was not in memory, or just before the server died: its snapshot still has a
 * seat for them, and their resume secret. False: the records cannot be read. */
static bool revoke_again(struct balint_group *group)
{
    struct balint_server *server = group->server;
    const struct balint_session *session = balint_room_session(group->room);
    for (int seat = 0; seat < BALINT_SEATS; seat++) {
        char member[BALINT_ID_SIZE];
        uint64_t below = 0;
        if (!session->seats[seat].taken)
            continue;
        memcpy(member, session->seats[seat].member, sizeof member);
        enum balint_stored stored = balint_store_revoked(server->store, group->name, member, &below);
        if (stored == BALINT_STORE_FAILED)
            return false;
        if (stored == BALINT_STORED)
            balint_room_revoke(group->room, member, below, balint_server_now(server));
    }
    return true;
}

/* A snapshot that was on its way to the disk when the group was given another ROOT is nobody's any more. */
static bool is_ours(const struct balint_group *group, const struct balint_room *room)
{
    return memcmp(balint_room_root(room), group->root, sizeof group->root) == 0;
}

static struct balint_room *load(struct balint_group *group, const char *text)
{
    struct balint_server *server = group->server;
    int64_t now_us = balint_server_now(server);
    const char *why = "";
    struct balint_room *room =
        text != NULL ? balint_room_load(text, server->boot, balint_random, now_us, &why) : NULL;
    if (room != NULL && (!is_ours(group, room) || balint_room_over(room, now_us))) {
        balint_room_free(room);
        room = NULL;
    } else if (room != NULL) {
        balint_log("room-loaded room=%u", group->number);
        return room;
    } else if (text != NULL) {
        balint_log("room-unreadable room=%u: %s", group->number, why);
    }
    struct balint_format format = *balint_format_find(FORMAT);
    if (balint_group_choice(server->store, group->name, &format) == BALINT_STORE_FAILED)
        balint_log("format-unreadable room=%u", group->number);
    balint_log("room-made room=%u", group->number);
    return balint_room_new(group->name, group->root, &format, server->boot, balint_random, now_us);
}

enum balint_stored balint_group_open(struct balint_server *server, const char *name,
                                     struct balint_group **out)
{
    static const uint8_t no_session[BALINT_SESSION_SIZE];
    struct balint_store_group about;
    enum balint_stored stored = balint_store_group(server->store, name, &about);
    if (stored == BALINT_STORED && !about.founded)
        stored = BALINT_NOT_STORED;
    if (stored != BALINT_STORED)
        return stored;
    struct balint_group *group = balint_group_find(server, name);
    if (group != NULL && is_over(group) && !group->saving) {
        forget(group);
        group = NULL;
    }
    *out = group;
    if (group != NULL)
        return BALINT_STORED;
    char *text;
    if (balint_store_snapshot(server->store, name, &text) == BALINT_STORE_FAILED)
        return BALINT_STORE_FAILED;
    group = calloc(1, sizeof *group);
    if (group != NULL) {
        group->server = server;
        snprintf(group->name, sizeof group->name, "%s", name);
        memcpy(group->root, about.root, sizeof group->root);
        group->number = ++server->last_room;
        group->kept = text != NULL;
        group->held_end = &group->held;
        group->room = load(group, text);
    }
    free(text);
    if (group == NULL || group->room == NULL) {
        balint_log("no-memory");
        free(group);
        return BALINT_STORE_FAILED;
    }
    balint_group_plan(group,
                      memcmp(balint_room_session(group->room)->id, no_session, sizeof no_session) != 0);
    if (!revoke_again(group) || !balint_group_attended(group)) {
        group_free(group);
        return BALINT_STORE_FAILED;
    }
    struct balint_group **bucket = bucket_of(server, name);
    group->next = *bucket;
    *bucket = *out = group;
    return BALINT_STORED;
}

const uint8_t *balint_group_root(const struct balint_group *group)
{
    return group->root;
}

struct balint_room *balint_group_room(struct balint_group *group)
{
    return group->room;
}

unsigned balint_group_number(const struct balint_group *group)
{
    return group->number;
}

void balint_group_enter(struct balint_group *group, struct balint_peer *peer)
{
    if (peer->group == group)
        return;
    balint_group_leave(peer);
    peer->group = group;
    group->peers++;
}

void balint_group_leave(struct balint_peer *peer)
{
    struct balint_group *group = peer->group;
    if (group == NULL)
        return;
    peer->group = NULL;
    group->peers--;
    if (!peer->seated)
        return;
    peer->seated = false;
    balint_room_closed(group->room, peer->conn, balint_server_now(group->server));
    balint_group_collect(group, false);
}

/* ---- what peers do */
static bool seated(struct balint_peer *peer, bool ok, enum balint_metric metric)
{
    peer->seated = peer->settled = ok;
    peer->server->metrics.value[ok ? metric : BALINT_METRIC_ERRORS]++;
    if (ok)
        balint_log("seated conn=%" PRIu64 " room=%u", peer->conn, peer->group->number);
    balint_group_collect(peer->group, !ok); /* a refusal changes nothing */
    return ok;
}

bool balint_group_hello(struct balint_peer *peer, const struct balint_hello *hello, int64_t re)
{
    bool ok = balint_room_hello(peer->group->room, peer->conn, &peer->visit->certificate, hello, re,
                                balint_server_now(peer->server));
    return seated(peer, ok, BALINT_METRIC_HELLOS);
}

bool balint_group_resume(struct balint_peer *peer, const struct balint_resume *resume, int64_t re)
{
    bool ok = balint_room_resume(peer->group->room, peer->conn, resume, re, balint_server_now(peer->server));
    return seated(peer, ok, BALINT_METRIC_RESUMES);
}

/* Do these change nothing in a room, whatever they hold? */
static bool passes_through(enum balint_type type)
{
    return type == BALINT_MSG_PING || (type >= BALINT_MSG_OFFER && type <= BALINT_MSG_REPORT);
}

bool balint_group_message(struct balint_peer *peer, const struct balint_message *message)
{
    bool ok = balint_room_message(peer->group->room, peer->conn, message, balint_server_now(peer->server));
    peer->server->metrics.value[BALINT_METRIC_ERRORS] += !ok;
    balint_group_collect(peer->group, !ok || passes_through(message->type));
    return ok;
}

void balint_groups_revoke(struct balint_server *server, const char *name, const char *member, uint64_t serial)
{
    struct balint_group *group = balint_group_find(server, name);
    if (group == NULL)
        return;
    balint_room_revoke(group->room, member, serial, balint_server_now(server));
    balint_group_collect(group, false);
}

/* ---- all rooms; `each` may forget its group */
static void for_each(struct balint_server *server, void (*each)(struct balint_group *group))
{
    for (int i = 0; i < BALINT_GROUP_BUCKETS; i++) {
        struct balint_group *next;
        for (struct balint_group *group = server->group_buckets[i]; group != NULL; group = next) {
            next = group->next;
            each(group);
        }
    }
}

/* Somebody else wrote to the database: the group may be removed, have another ROOT, or other settings. */
static void check_changed(struct balint_group *group)
{
    struct balint_store_group about;
    enum balint_stored stored = balint_store_group(group->server->store, group->name, &about);
    bool there = stored == BALINT_STORED && about.founded;
    if (group->gone || stored == BALINT_STORE_FAILED)
        return;
    if (there && memcmp(about.root, group->root, sizeof group->root) == 0) {
        balint_group_replan(group);
        return;
    }
    balint_log("room-removed room=%u", group->number);
    group->gone = true;
    group->saving = false; /* whatever comes of it concerns nobody */
    if (there)
        balint_room_bye(
            group->room, "revoked",
            "The group has a new key, and all links of before have ended: please ask the leader for a "
            "new one.");
    else
        balint_room_bye(group->room, "removed", "This group was removed from the server. Ask the leader.");
    balint_group_release(group);
    balint_group_collect(group, true);
}

void balint_groups_renewed(struct balint_server *server, const char *name)
{
    struct balint_group *group = balint_group_find(server, name);
    if (group != NULL)
        check_changed(group);
}

static void tick(struct balint_group *group)
{
    if ((is_over(group) || (group->gone && group->peers == 0)) && !group->saving) {
        forget(group);
        return;
    }
    balint_room_tick(group->room, balint_server_now(group->server));
    balint_group_collect(group, false);
}

void balint_groups_tick(struct balint_server *server)
{
    int64_t changes = balint_store_changes(server->store);
    if (changes != server->changes)
        for_each(server, check_changed);
    server->changes = changes;
    for_each(server, tick);
}

static void save_last(struct balint_group *group)
{
    balint_group_attend(group, true);
    if (!group->gone && (balint_room_dirty(group->room) || group->unsaved))
        balint_group_save(group);
}

void balint_groups_save(struct balint_server *server)
{
    for_each(server, save_last);
}

void balint_groups_finish(struct balint_server *server)
{
    server->touched = NULL;
    for_each(server, group_free);
    memset(server->group_buckets, 0, sizeof server->group_buckets);
}

static void measure(struct balint_group *group)
{
    uint64_t *value = group->server->metrics.value;
    const struct balint_session *session = balint_room_session(group->room);
    value[BALINT_METRIC_ROOMS]++;
    for (int i = 0; i < BALINT_SEATS; i++)
        if (session->seats[i].taken && session->seats[i].connected)
            value[session->seats[i].admitted ? BALINT_METRIC_ADMITTED : BALINT_METRIC_LOBBY]++;
}

void balint_groups_measure(struct balint_server *server)
{
    uint64_t *value = server->metrics.value;
    value[BALINT_METRIC_ROOMS] = value[BALINT_METRIC_ADMITTED] = value[BALINT_METRIC_LOBBY] = 0;
    for_each(server, measure);
}
