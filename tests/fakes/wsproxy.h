/* wsproxy.h - somebody in the middle of a WebSocket: passes messages on, changes them, or falls silent.
 *
 * A thread of its own with its own main context. What a client sends is passed on to the server and back,
 * each client over a connection of its own.
 */
#ifndef BALINT_FAKE_WSPROXY_H
#define BALINT_FAKE_WSPROXY_H

#include <glib.h>

struct balint_wsproxy; /* opaque */

/* What happens to a message: return a new text (freed with g_free) to send instead, an empty one to drop it,
 * or NULL to let it be. Called on the proxy's thread. */
typedef char *(*balint_rewrite_fn)(const char *text, gboolean from_client, void *user);

/* `server`: HOST:PORT to pass on to. */
struct balint_wsproxy *balint_wsproxy_new(const char *server, balint_rewrite_fn rewrite, void *user);
const char *balint_wsproxy_address(const struct balint_wsproxy *proxy); /* HOST:PORT of its own */
/* Sends a text of one's own over the newest connection, to the client or to the server; lost when there is
 * none. Any thread; in order with others of the same thread. */
void balint_wsproxy_inject(struct balint_wsproxy *proxy, const char *text, gboolean to_client);
/* From now on the connections that there are carry nothing either way, and stay open; new ones work. */
void balint_wsproxy_freeze(struct balint_wsproxy *proxy);
/* Connections made so far. */
int balint_wsproxy_connections(struct balint_wsproxy *proxy);
void balint_wsproxy_free(struct balint_wsproxy *proxy);

#endif
