/* ws.h - the protocol balint.1 on a WebSocket: pieces to messages, messages to whom they are for.
 *
 * Called by libwebsockets on the loop's thread.
 */
#ifndef BALINT_WS_H
#define BALINT_WS_H

#include <libwebsockets.h>

#define BALINT_SUBPROTOCOL "balint.1"

int balint_ws_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                       size_t length);

#endif
