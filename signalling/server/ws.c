/* ws.c - the protocol balint.1 on a WebSocket, see ws.h.
 *
 * libwebsockets hands a message over in pieces of its own choosing; they are put together here, up to the
 * limit and no further.
 */
#include "server/ws.h"
#include "server/door.h"
#include "server/founder.h"
#include "server/groups.h"
#include "server/http.h"
#include "server/log.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SKIP_MAX (64 * BALINT_MESSAGE_SIZE) /* of an oversized message; who sends more does not listen */

/* Messages of somebody without a seat. The others need one. */
static void stranger(struct balint_peer *peer, const struct balint_message *message)
{
    switch (message->type) {
    case BALINT_MSG_KNOCK:
        balint_door_knock(peer, message);
        break;
    case BALINT_MSG_HELLO:
        balint_door_hello(peer, message);
        break;
    case BALINT_MSG_RESUME:
        balint_door_resume(peer, message);
        break;
    case BALINT_MSG_NONCE:
        balint_founder_nonce(peer, message);
        break;
    case BALINT_MSG_FOUND:
        balint_founder_found(peer, message);
        break;
    case BALINT_MSG_MINT:
        balint_founder_mint(peer, message);
        break;
    case BALINT_MSG_REVOKE:
        balint_founder_revoke(peer, message);
        break;
    default:
        balint_peer_error(peer, message->id, "no-seat", "", "Take a seat first: knock, then say hello.");
        balint_peer_abuse(peer);
    }
}

static void seated(struct balint_peer *peer, const struct balint_message *message)
{
    unsigned from = balint_message_from(message->type);
    bool ok = true;
    if ((from & BALINT_FROM_SEATED) != 0) {
        ok = balint_group_message(peer, message);
    } else {
        balint_peer_error(peer, message->id, "has-seat", "",
                          "You have a seat already. Open another connection.");
        ok = false;
    }
    if (!ok)
        balint_peer_abuse(peer);
}

static void received(struct balint_peer *peer, const char *text, size_t length)
{
    struct balint_server *server = peer->server;
    struct balint_message message;
    struct balint_error error;
    int64_t now_us = balint_server_now(server);
    int rate = server->config.rate;
    if (peer->late != NULL) /* it waits for its answer, and is not heard meanwhile */
        return;
    server->metrics.value[BALINT_METRIC_MESSAGES_IN]++;
    server->metrics.value[BALINT_METRIC_BYTES_IN] += length;
    if (!balint_bucket_take(&peer->bucket, rate, balint_burst_of(rate), now_us)) {
        server->metrics.value[BALINT_METRIC_TOO_FAST]++;
        balint_peer_error(peer, 0, "too-fast", "",
                          "Messages come too fast; this one was not read. Send fewer.");
        balint_peer_abuse(peer);
        return;
    }
    if (!balint_decode(text, length, BALINT_TO_SERVER, &message, &error)) {
        balint_peer_error(peer, message.id, error.code, error.field, error.text);
        balint_peer_abuse(peer);
        return;
    }
    if (peer->seated)
        seated(peer, &message);
    else
        stranger(peer, &message);
}

/* One piece more of a message too long: thrown away. */
static void skip(struct balint_peer *peer, size_t length, bool last)
{
    if (!peer->skipping) {
        balint_peer_error(peer, 0, "too-large", "",
                          "The message is longer than 16384 bytes and was not read.");
        balint_peer_abuse(peer);
    }
    peer->skipping = !last;
    peer->skipped = last ? 0 : peer->skipped + length;
    free(peer->text);
    peer->text = NULL;
    peer->length = 0;
    if (peer->skipped > SKIP_MAX)
        balint_peer_bye(peer, "abuse", "This program sends far too long messages. Update it and join again.");
}

/* A piece of a message. Returns false without memory. */
static bool piece(struct balint_peer *peer, const char *bytes, size_t length, bool last)
{
    peer->heard_us = balint_server_now(peer->server);
    if (peer->skipping || length > BALINT_MESSAGE_SIZE - peer->length) {
        skip(peer, length, last);
        return true;
    }
    if (last && peer->text == NULL) { /* the usual case: all in one */
        received(peer, bytes, length);
        return true;
    }
    if (peer->text == NULL)
        peer->text = malloc(BALINT_MESSAGE_SIZE);
    if (peer->text == NULL)
        return false;
    if (length > 0)
        memcpy(peer->text + peer->length, bytes, length);
    peer->length += length;
    if (last) {
        char *text = peer->text;
        size_t whole = peer->length;
        peer->text = NULL;
        peer->length = 0;
        received(peer, text, whole);
        free(text);
    }
    return true;
}

int balint_ws_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
    struct balint_peer *peer;
    switch (reason) {
    case LWS_CALLBACK_ESTABLISHED:
        peer = lws_get_opaque_user_data(wsi);
        if (peer == NULL)
            return -1;
        peer->wsi = wsi;
        peer->websocket = true;
        peer->server->metrics.value[BALINT_METRIC_UPGRADES]++;
        balint_log("open conn=%" PRIu64, peer->conn);
        return 0;
    case LWS_CALLBACK_RECEIVE:
        peer = lws_get_opaque_user_data(wsi);
        if (peer == NULL || peer->doomed)
            return -1;
        if (peer->closing) {
            peer->noise_us = balint_server_now(peer->server);
            return 0;
        }
        if (lws_frame_is_binary(wsi)) {
            balint_peer_bye(peer, "abuse",
                            "This server speaks text, as PROTOCOL.md says. Update the program.");
            return 0;
        }
        return piece(peer, in, length, lws_is_final_fragment(wsi) && lws_remaining_packet_payload(wsi) == 0)
                   ? 0
                   : -1;
    case LWS_CALLBACK_RECEIVE_PONG:
        peer = lws_get_opaque_user_data(wsi);
        if (peer != NULL)
            peer->heard_us = balint_server_now(peer->server);
        return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        peer = lws_get_opaque_user_data(wsi);
        if (peer == NULL || peer->doomed)
            return -1;
        if (balint_peer_writable(peer))
            return 0;
        lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL, NULL, 0);
        return -1;
    case LWS_CALLBACK_ADD_HEADERS:
        return balint_http_callback(wsi, reason, user, in, length);
    default:
        return 0;
    }
}
