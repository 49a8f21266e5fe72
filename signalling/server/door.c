/* door.c - who may come in, see door.h. */
#include "server/door.h"
#include "server/groups.h"
#include "server/log.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Tells why and closes. `field` may be "". */
static void refuse(struct balint_peer *peer, int64_t re, const char *code, const char *field,
                   const char *text)
{
    struct balint_server *server = peer->server;
    int delay_ms =
        peer->trying ? balint_tries_wrong(&server->tries, peer->try_key, balint_server_now(server)) : 0;
    server->metrics.value[BALINT_METRIC_KNOCKS_REFUSED]++;
    server->metrics.value[BALINT_METRIC_KNOCKS_SLOWED] += delay_ms > 0;
    if (delay_ms > 0) {
        balint_peer_error_later(peer, delay_ms, re, code, field, text);
        return;
    }
    balint_peer_error(peer, re, code, field, text);
    balint_peer_close(peer);
}

static void wrong_link(struct balint_peer *peer, int64_t re)
{
    refuse(peer, re, "wrong-link", "token",
           "This link does not open this door. Copy it again as one piece, or ask the leader for a new one.");
}

static void unavailable(struct balint_peer *peer, int64_t re)
{
    peer->trying = false; /* nobody's fault but ours */
    refuse(peer, re, "unavailable", "", "The server cannot read its records now. Try again in a minute.");
}

/* A stranger does not learn here whether there is a group of that name. */
static bool group_found(struct balint_peer *peer, int64_t re, enum balint_stored stored)
{
    if (stored == BALINT_NOT_STORED)
        wrong_link(peer, re);
    else if (stored == BALINT_STORE_FAILED)
        unavailable(peer, re);
    return stored == BALINT_STORED;
}

/* "3 September 2026, 18:00 UTC": a date that a person can act on. */
static void sentence(char *text, size_t size, const char *before, int64_t time_s, const char *after)
{
    char date[64];
    time_t time = (time_t)time_s;
    struct tm utc;
    if (gmtime_r(&time, &utc) == NULL || strftime(date, sizeof date, "%-d %B %Y, %H:%M UTC", &utc) == 0)
        strcpy(date, "another time");
    snprintf(text, size, "%s %s. %s", before, date, after);
}

/* Is the invitation neither revoked nor outside its times? Refuses otherwise. */
static bool is_current(struct balint_peer *peer, int64_t re, bool revoked, int64_t from_s, int64_t until_s)
{
    int64_t now_s = balint_server_now_s(peer->server);
    char text[sizeof((struct balint_error *)0)->text];
    if (revoked) {
        refuse(peer, re, "revoked-link", "token",
               "This invitation has been taken back. Look for a newer link, or ask the leader.");
    } else if (now_s < from_s) {
        sentence(text, sizeof text, "This link opens on", from_s,
                 "Come back then, or ask the leader for another.");
        refuse(peer, re, "not-yet-valid", "token", text);
    } else if (now_s >= until_s) {
        sentence(text, sizeof text, "This link ended on", until_s, "Ask the leader for a new one.");
        refuse(peer, re, "expired-link", "token", text);
    } else {
        return true;
    }
    return false;
}

/* Finds the certificate a token was made for, and checks the one against the other. Refuses otherwise. */
static bool check_token(struct balint_peer *peer, const struct balint_message *message,
                        const struct balint_store_group *group, struct balint_visit *visit)
{
    const struct balint_knock *knock = &message->knock;
    struct balint_token token;
    uint8_t hash[BALINT_HASH_SIZE];
    bool revoked = false;
    if (!balint_token_peek(&token, knock->token.data, knock->token.length)) {
        wrong_link(peer, message->id);
        return false;
    }
    enum balint_stored stored = balint_store_invitation(peer->server->store, knock->group, token.member,
                                                        token.serial, &visit->bytes, &revoked);
    if (stored == BALINT_STORE_FAILED) {
        unavailable(peer, message->id);
        return false;
    }
    if (stored == BALINT_NOT_STORED || !balint_hash(visit->bytes.data, visit->bytes.length, hash) ||
        !balint_token_verify(knock->token.data, knock->token.length, knock->group, hash,
                             peer->server->door_key) ||
        !balint_certificate_read(&visit->certificate, visit->bytes.data, visit->bytes.length, group->root)) {
        wrong_link(peer, message->id);
        return false;
    }
    return is_current(peer, message->id, revoked, token.from_s, token.until_s);
}

/* Which try is it? Of this address, at this group, with the link that the token says it is of: so whoever
 * changes a byte of it tries the same link again. What is no token at all counts as it stands. */
static void begin_try(struct balint_peer *peer, const struct balint_knock *knock)
{
    uint8_t bytes[BALINT_ADDRESS_SIZE + BALINT_NAME_SIZE + BALINT_TOKEN_SIZE] = {0}, *at = bytes;
    struct balint_token token;
    at = mempcpy(at, peer->address, sizeof peer->address);
    memcpy(at, knock->group, strlen(knock->group));
    at += BALINT_NAME_SIZE;
    if (balint_token_peek(&token, knock->token.data, knock->token.length)) {
        at = mempcpy(at, &token.serial, sizeof token.serial);
        memcpy(at, token.member, strnlen(token.member, sizeof token.member));
    } else {
        memcpy(at, knock->token.data, knock->token.length);
    }
    peer->trying = balint_hash(bytes, sizeof bytes, peer->try_key);
}

void balint_door_knock(struct balint_peer *peer, const struct balint_message *message)
{
    struct balint_server *server = peer->server;
    struct balint_group *group;
    struct balint_store_group about;
    struct balint_visit visit = {0};
    server->metrics.value[BALINT_METRIC_KNOCKS]++;
    begin_try(peer, &message->knock);
    if (balint_store_group(server->store, message->knock.group, &about) == BALINT_STORE_FAILED) {
        unavailable(peer, message->id);
        return;
    }
    /* For a group that is not there no invitation is found, as for one that is there and a wrong token: the
     * same answer after the same work. The room is opened only for who holds a link to it. */
    if (!check_token(peer, message, &about, &visit) ||
        !group_found(peer, message->id, balint_group_open(server, message->knock.group, &group)))
        return;
    peer->trying = false;
    balint_tries_right(&server->tries, peer->try_key);
    free(peer->visit);
    peer->visit = malloc(sizeof *peer->visit);
    if (peer->visit == NULL || !balint_random(visit.nonce, sizeof visit.nonce)) {
        unavailable(peer, message->id);
        return;
    }
    *peer->visit = visit;
    balint_group_enter(group, peer);
    balint_log("knock conn=%" PRIu64 " room=%u", peer->conn, balint_group_number(group));
    struct balint_message door = {.type = BALINT_MSG_DOOR, .re = message->id};
    static const uint8_t none[BALINT_SESSION_SIZE];
    const struct balint_session *session = balint_room_session(balint_group_room(group));
    door.door.certificate = visit.bytes;
    if (memcmp(session->id, none, sizeof none) != 0) {
        memcpy(door.door.session.data, session->id, sizeof session->id);
        door.door.session.length = sizeof session->id;
    }
    memcpy(door.door.nonce.data, visit.nonce, sizeof visit.nonce);
    door.door.nonce.length = sizeof visit.nonce;
    memcpy(door.door.root.data, balint_group_root(group), BALINT_KEY_SIZE);
    door.door.root.length = BALINT_KEY_SIZE;
    balint_peer_message(peer, &door);
}

/* Does the hello fit the knock: the same certificate, a join over the nonce that was given out? */
static bool hello_fits(struct balint_peer *peer, const struct balint_message *message)
{
    const struct balint_hello *hello = &message->hello;
    const struct balint_visit *visit = peer->visit;
    struct balint_device device;
    struct balint_join_record join;
    uint8_t hash[BALINT_HASH_SIZE];
    const char *field = NULL;
    if (hello->certificate.length != visit->bytes.length ||
        memcmp(hello->certificate.data, visit->bytes.data, visit->bytes.length) != 0)
        field = "certificate";
    else if (!balint_device_read(&device, hello->device.data, hello->device.length))
        field = "device";
    else if (!balint_join_read(&join, hello->join.data, hello->join.length) ||
             !balint_hash(visit->bytes.data, visit->bytes.length, hash) ||
             memcmp(join.certificate_hash, hash, sizeof hash) != 0 ||
             memcmp(join.nonce, visit->nonce, sizeof visit->nonce) != 0)
        field = "join";
    if (field == NULL)
        return true;
    refuse(peer, message->id, "wrong-hello", field,
           "This does not fit the knock before it. Open the link again; if it happens again, update the "
           "program.");
    return false;
}

void balint_door_hello(struct balint_peer *peer, const struct balint_message *message)
{
    const struct balint_visit *visit = peer->visit;
    struct balint_certificate_bytes bytes;
    bool revoked = false;
    peer->trying = false;
    if (visit == NULL) {
        balint_peer_error(peer, message->id, "knock-first", "",
                          "Knock with the link's token before saying hello.");
        balint_peer_abuse(peer);
        return;
    }
    if (!hello_fits(peer, message))
        return;
    /* Once more: it may have been taken back, or the group removed, since the knock. */
    enum balint_stored stored =
        balint_store_invitation(peer->server->store, visit->certificate.group, visit->certificate.member,
                                visit->certificate.serial, &bytes, &revoked);
    if (stored == BALINT_STORE_FAILED) {
        unavailable(peer, message->id);
        return;
    }
    if (stored == BALINT_NOT_STORED) {
        wrong_link(peer, message->id);
        return;
    }
    if (!is_current(peer, message->id, revoked, visit->certificate.from_s, visit->certificate.until_s))
        return;
    if (!balint_group_hello(peer, &message->hello, message->id))
        balint_peer_close(peer);
    free(peer->visit); /* a nonce is good for one hello */
    peer->visit = NULL;
}

void balint_door_resume(struct balint_peer *peer, const struct balint_message *message)
{
    struct balint_group *group;
    peer->trying = false;
    /* It leaves the door it has knocked at: a hello would come to a room that it is not in any more. */
    free(peer->visit);
    peer->visit = NULL;
    enum balint_stored stored = balint_group_open(peer->server, message->resume.group, &group);
    if (stored == BALINT_NOT_STORED) { /* the same as where there is one, and it knows no such secret */
        balint_peer_error(peer, message->id, "unknown-secret", "secret", BALINT_UNKNOWN_SECRET);
        balint_peer_abuse(peer);
        return;
    }
    if (stored == BALINT_STORE_FAILED) {
        unavailable(peer, message->id);
        return;
    }
    balint_group_enter(group, peer);
    if (!balint_group_resume(peer, &message->resume, message->id)) {
        /* The socket stays: the client may knock on it. */
        balint_group_leave(peer);
        balint_peer_abuse(peer);
    }
}
