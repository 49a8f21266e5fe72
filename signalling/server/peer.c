/* peer.c - one connection, see peer.h.
 *
 * Why a queue of our own: libwebsockets may be written to only when the socket takes more, and it would keep
 * without bound what it cannot send. Here one cap holds, and who stays behind it loses the connection, not
 * the group its server: a client resumes.
 */
#include "server/peer.h"
#include "server/groups.h"
#include "server/log.h"

#include <inttypes.h>
#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define CLOSING_US 3000000 /* for the last words and the close frame */
#define QUIET_US   200000  /* nothing came for so long: nothing more is on its way */

struct balint_outbound {
    struct balint_outbound *next;
    size_t length;
    unsigned char bytes[]; /* LWS_PRE bytes for the frame's head, then the text */
};

static struct balint_peer **bucket_of(struct balint_server *server, balint_conn conn)
{
    return &server->peer_buckets[conn % BALINT_PEER_BUCKETS];
}

struct balint_peer *balint_peer_new(struct balint_server *server, const struct sockaddr *address)
{
    struct balint_peer *peer = calloc(1, sizeof *peer);
    if (peer == NULL)
        return NULL;
    peer->conn = ++server->last_conn;
    peer->server = server;
    peer->opened_us = peer->heard_us = balint_server_now(server);
    peer->queue_end = &peer->queue;
    balint_address_of(address, peer->address);
    struct balint_peer **bucket = bucket_of(server, peer->conn);
    peer->next_in_bucket = *bucket;
    *bucket = peer;
    peer->next = server->peers;
    if (server->peers != NULL)
        server->peers->previous = peer;
    server->peers = peer;
    server->peer_count++;
    return peer;
}

static void clear_queue(struct balint_peer *peer)
{
    while (peer->queue != NULL) {
        struct balint_outbound *first = peer->queue;
        peer->queue = first->next;
        free(first);
    }
    peer->queue_end = &peer->queue;
    peer->queued = 0;
}

void balint_peer_free(struct balint_peer *peer)
{
    if (peer == NULL)
        return;
    struct balint_server *server = peer->server;
    struct balint_peer **at = bucket_of(server, peer->conn);
    while (*at != peer)
        at = &(*at)->next_in_bucket;
    *at = peer->next_in_bucket;
    if (peer->previous != NULL)
        peer->previous->next = peer->next;
    else
        server->peers = peer->next;
    if (peer->next != NULL)
        peer->next->previous = peer->previous;
    server->peer_count--;
    balint_group_leave(peer);
    clear_queue(peer);
    free(peer->text);
    free(peer->visit);
    free(peer->late);
    free(peer);
}

struct balint_peer *balint_peer_find(struct balint_server *server, balint_conn conn)
{
    struct balint_peer *peer = *bucket_of(server, conn);
    while (peer != NULL && peer->conn != conn)
        peer = peer->next_in_bucket;
    return peer;
}

int balint_peer_count(const struct balint_server *server, const uint8_t address[BALINT_ADDRESS_SIZE])
{
    int count = 0;
    for (const struct balint_peer *peer = server->peers; peer != NULL; peer = peer->next)
        count += memcmp(peer->address, address, BALINT_ADDRESS_SIZE) == 0;
    return count;
}

void balint_peer_kill(struct balint_peer *peer)
{
    clear_queue(peer);
    peer->doomed = peer->closing = true;
    if (peer->wsi == NULL)
        return;
    /* What the kernel still holds for somebody who does not read is thrown away as well. */
    struct linger now = {.l_onoff = 1, .l_linger = 0};
    setsockopt(lws_get_socket_fd(peer->wsi), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    /* An expired time-out is libwebsockets' way to close without asking the other end; its timers run only
     * after an event, hence the second line. */
    lws_set_timeout(peer->wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
    lws_cancel_service(peer->server->lws);
}

void balint_peer_close(struct balint_peer *peer)
{
    if (peer->closing)
        return;
    peer->closing = true;
    peer->closing_us = balint_server_now(peer->server);
    lws_callback_on_writable(peer->wsi);
}

void balint_peer_send(struct balint_peer *peer, const char *text, size_t length)
{
    if (peer->closing)
        return;
    if (!balint_queue_fits(peer->queued, length, (size_t)peer->server->config.queue_bytes)) {
        balint_log("slow conn=%" PRIu64 " queued=%zu", peer->conn, peer->queued);
        peer->server->metrics.value[BALINT_METRIC_CLOSED_SLOW]++;
        balint_peer_kill(peer);
        return;
    }
    struct balint_outbound *outbound = malloc(sizeof *outbound + LWS_PRE + length);
    if (outbound == NULL) {
        balint_log("no-memory conn=%" PRIu64, peer->conn);
        balint_peer_kill(peer); /* a gap in what it is told would be worse */
        return;
    }
    outbound->next = NULL;
    outbound->length = length;
    memcpy(outbound->bytes + LWS_PRE, text, length);
    *peer->queue_end = outbound;
    peer->queue_end = &outbound->next;
    peer->queued += length;
    lws_callback_on_writable(peer->wsi);
}

void balint_peer_message(struct balint_peer *peer, const struct balint_message *message)
{
    size_t length;
    char *text = balint_encode(message, BALINT_TO_CLIENT, &length);
    if (text == NULL) {
        balint_log("cannot-encode conn=%" PRIu64 " message=%s", peer->conn,
                   balint_message_name(message->type));
        return;
    }
    balint_peer_send(peer, text, length);
    free(text);
}

static void make_error(struct balint_peer *peer, struct balint_message *message, int64_t re, const char *code,
                       const char *field, const char *text)
{
    message->type = BALINT_MSG_ERROR;
    message->re = re;
    snprintf(message->error.code, sizeof message->error.code, "%s", code);
    snprintf(message->error.field, sizeof message->error.field, "%s", field);
    snprintf(message->error.text, sizeof message->error.text, "%s", text);
    peer->server->metrics.value[BALINT_METRIC_ERRORS]++;
    balint_log("error conn=%" PRIu64 " code=%s", peer->conn, code);
}

void balint_peer_error(struct balint_peer *peer, int64_t re, const char *code, const char *field,
                       const char *text)
{
    struct balint_message message = {0};
    make_error(peer, &message, re, code, field, text);
    balint_peer_message(peer, &message);
}

void balint_peer_error_later(struct balint_peer *peer, int delay_ms, int64_t re, const char *code,
                             const char *field, const char *text)
{
    peer->late = peer->late != NULL ? peer->late : calloc(1, sizeof *peer->late);
    if (peer->late == NULL) {
        balint_peer_kill(peer);
        return;
    }
    make_error(peer, peer->late, re, code, field, text);
    peer->late_us = balint_server_now(peer->server) + (int64_t)delay_ms * 1000;
}

void balint_peer_bye(struct balint_peer *peer, const char *code, const char *text)
{
    struct balint_message message = {.type = BALINT_MSG_BYE};
    snprintf(message.bye.code, sizeof message.bye.code, "%s", code);
    snprintf(message.bye.text, sizeof message.bye.text, "%s", text);
    balint_peer_message(peer, &message);
    balint_peer_close(peer);
}

void balint_peer_abuse(struct balint_peer *peer)
{
    struct balint_server *server = peer->server;
    if (peer->closing || !balint_abuse_add(&peer->abuse, balint_server_now(server)))
        return;
    balint_log("abuse conn=%" PRIu64, peer->conn);
    server->metrics.value[BALINT_METRIC_CLOSED_ABUSE]++;
    balint_peer_bye(peer, "abuse",
                    "This program has sent too many wrong messages. Update it and join again.");
}

/* May the socket be closed, now that all is sent? What is unread then would make TCP reset the connection,
 * and the last words be lost on their way: who is still sending is heard out, unread. */
static bool may_close(struct balint_peer *peer)
{
    int unread = 0;
    int64_t now_us = balint_server_now(peer->server);
    if (ioctl(lws_get_socket_fd(peer->wsi), FIONREAD, &unread) == 0 && unread > 0)
        peer->noise_us = now_us;
    return peer->noise_us == 0 || now_us - peer->noise_us > QUIET_US;
}

bool balint_peer_writable(struct balint_peer *peer)
{
    struct balint_server *server = peer->server;
    while (peer->queue != NULL && !peer->doomed && !lws_send_pipe_choked(peer->wsi)) {
        struct balint_outbound *first = peer->queue;
        peer->queue = first->next;
        if (peer->queue == NULL)
            peer->queue_end = &peer->queue;
        peer->queued -= first->length;
        server->metrics.value[BALINT_METRIC_MESSAGES_OUT]++;
        server->metrics.value[BALINT_METRIC_BYTES_OUT] += first->length;
        int sent = lws_write(peer->wsi, first->bytes + LWS_PRE, first->length, LWS_WRITE_TEXT);
        free(first);
        if (sent < 0)
            return false;
    }
    if (peer->queue != NULL && !peer->doomed)
        lws_callback_on_writable(peer->wsi);
    return peer->queue != NULL || !peer->closing || !may_close(peer);
}

static void check(struct balint_peer *peer, int64_t now_us)
{
    struct balint_server *server = peer->server;
    if (peer->closing) {
        if (peer->doomed || now_us - peer->closing_us > CLOSING_US)
            balint_peer_kill(peer);
        else
            lws_callback_on_writable(peer->wsi);
        return;
    }
    if (peer->late != NULL) {
        if (now_us >= peer->late_us) {
            balint_peer_message(peer, peer->late);
            balint_peer_close(peer);
        }
        return;
    }
    switch (balint_patience_of(peer->settled, peer->opened_us, peer->heard_us, server->config.silent_ms,
                               now_us)) {
    case BALINT_WAIT:
        return;
    case BALINT_LATE:
        balint_log("late conn=%" PRIu64, peer->conn);
        server->metrics.value[BALINT_METRIC_CLOSED_LATE]++;
        if (peer->websocket)
            balint_peer_bye(peer, "late", "The server waited for a first message in vain. Join again.");
        else
            balint_peer_kill(peer);
        return;
    case BALINT_SILENT:
        balint_log("silent conn=%" PRIu64, peer->conn);
        server->metrics.value[BALINT_METRIC_CLOSED_SILENT]++;
        balint_peer_kill(peer);
        return;
    }
}

void balint_peers_tick(struct balint_server *server)
{
    int64_t now_us = balint_server_now(server);
    /* Nothing in `check` frees a peer: libwebsockets closes it after an event of its own. */
    for (struct balint_peer *peer = server->peers; peer != NULL; peer = peer->next)
        check(peer, now_us);
}
