/* http.h - plain HTTP: the page, health, metrics, and the door to the WebSocket.
 *
 * Every answer carries the same security headers and ends its connection. Called by libwebsockets on the
 * loop's thread; sockets begin and end here, whatever they become.
 */
#ifndef BALINT_HTTP_H
#define BALINT_HTTP_H

#include <libwebsockets.h>
#include <stdbool.h>

/* The headers of every answer; to be given to the vhost, for answers that libwebsockets makes by itself. */
const struct lws_protocol_vhost_options *balint_http_headers(bool tls);

int balint_http_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                         size_t length);

/* Files of signalling/web/, compiled in. */
extern const unsigned char balint_web_index[], balint_web_style[];
extern const size_t balint_web_index_size, balint_web_style_size;

#endif
