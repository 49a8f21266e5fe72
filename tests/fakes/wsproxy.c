/* wsproxy.c - see wsproxy.h. */
#include "fakes/wsproxy.h"

#include <libsoup/soup.h>
#include <string.h>

/* One client and its connection to the server. */
struct pair {
    struct balint_wsproxy *proxy;
    SoupWebsocketConnection *client, *server;
    GPtrArray *waiting; /* texts of the client before the server's side is there */
    gboolean frozen;
};

struct balint_wsproxy {
    char *server, *address;
    balint_rewrite_fn rewrite;
    void *user;
    GThread *thread;
    GMainContext *context;
    GMainLoop *loop;
    SoupServer *listener;
    SoupSession *session;
    GPtrArray *pairs; /* of struct pair; all until the end */
    gint connections; /* atomic */
};

static void send_text(SoupWebsocketConnection *to, const char *text)
{
    if (text[0] && soup_websocket_connection_get_state(to) == SOUP_WEBSOCKET_STATE_OPEN)
        soup_websocket_connection_send_text(to, text);
}

static void pass(struct pair *pair, SoupWebsocketConnection *to, const char *text, gboolean from_client)
{
    struct balint_wsproxy *proxy = pair->proxy;
    if (pair->frozen)
        return;
    g_autofree char *other = proxy->rewrite ? proxy->rewrite(text, from_client, proxy->user) : NULL;
    send_text(to, other ? other : text);
}

static void on_client_message(SoupWebsocketConnection *client, gint type, GBytes *bytes, gpointer data)
{
    struct pair *pair = data;
    g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    (void)client;
    (void)type;
    if (pair->server)
        pass(pair, pair->server, text, TRUE);
    else
        g_ptr_array_add(pair->waiting, g_steal_pointer(&text));
}

static void on_server_message(SoupWebsocketConnection *server, gint type, GBytes *bytes, gpointer data)
{
    struct pair *pair = data;
    g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    (void)server;
    (void)type;
    pass(pair, pair->client, text, FALSE);
}

static void on_closed(SoupWebsocketConnection *side, gpointer data)
{
    struct pair *pair = data;
    SoupWebsocketConnection *other = side == pair->client ? pair->server : pair->client;
    if (!pair->frozen && other && soup_websocket_connection_get_state(other) == SOUP_WEBSOCKET_STATE_OPEN)
        soup_websocket_connection_close(other, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
}

static void on_connected(GObject *session, GAsyncResult *result, gpointer data)
{
    struct pair *pair = data;
    pair->server = soup_session_websocket_connect_finish(SOUP_SESSION(session), result, NULL);
    if (!pair->server) {
        soup_websocket_connection_close(pair->client, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
        return;
    }
    g_signal_connect(pair->server, "message", G_CALLBACK(on_server_message), pair);
    g_signal_connect(pair->server, "closed", G_CALLBACK(on_closed), pair);
    for (guint i = 0; i < pair->waiting->len; i++)
        pass(pair, pair->server, g_ptr_array_index(pair->waiting, i), TRUE);
    g_ptr_array_set_size(pair->waiting, 0);
}

static void on_client(SoupServer *listener, SoupServerMessage *request, const char *path,
                      SoupWebsocketConnection *client, gpointer data)
{
    static char *protocols[] = {(char *)"balint.1", NULL};
    struct balint_wsproxy *proxy = data;
    struct pair *pair = g_new0(struct pair, 1);
    g_autofree char *uri = g_strdup_printf("ws://%s/ws", proxy->server);
    (void)listener;
    (void)request;
    (void)path;
    pair->proxy = proxy;
    pair->client = g_object_ref(client);
    pair->waiting = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(proxy->pairs, pair);
    g_atomic_int_inc(&proxy->connections);
    g_signal_connect(client, "message", G_CALLBACK(on_client_message), pair);
    g_signal_connect(client, "closed", G_CALLBACK(on_closed), pair);
    SoupMessage *message = soup_message_new(SOUP_METHOD_GET, uri);
    soup_session_websocket_connect_async(proxy->session, message, NULL, protocols, G_PRIORITY_DEFAULT, NULL,
                                         on_connected, pair);
    g_object_unref(message);
}

static void free_pair(gpointer data)
{
    struct pair *pair = data;
    SoupWebsocketConnection *sides[] = {pair->client, pair->server};
    for (int i = 0; i < 2; i++)
        if (sides[i]) {
            g_signal_handlers_disconnect_by_data(sides[i], pair);
            g_object_unref(sides[i]);
        }
    g_ptr_array_unref(pair->waiting);
    g_free(pair);
}

static gpointer run(gpointer data)
{
    struct balint_wsproxy *proxy = data;
    g_main_context_push_thread_default(proxy->context);
    g_main_loop_run(proxy->loop);
    soup_server_disconnect(proxy->listener);
    soup_session_abort(proxy->session);
    while (g_main_context_iteration(proxy->context, FALSE))
        continue;
    g_ptr_array_unref(proxy->pairs);
    g_object_unref(proxy->listener);
    g_object_unref(proxy->session);
    g_main_context_pop_thread_default(proxy->context);
    return NULL;
}

struct balint_wsproxy *balint_wsproxy_new(const char *server, balint_rewrite_fn rewrite, void *user)
{
    static char *protocols[] = {(char *)"balint.1", NULL};
    struct balint_wsproxy *proxy = g_new0(struct balint_wsproxy, 1);
    proxy->server = g_strdup(server);
    proxy->rewrite = rewrite;
    proxy->user = user;
    proxy->pairs = g_ptr_array_new_with_free_func(free_pair);
    proxy->context = g_main_context_new();
    proxy->loop = g_main_loop_new(proxy->context, FALSE);
    g_main_context_push_thread_default(proxy->context);
    proxy->listener = soup_server_new(NULL, NULL);
    proxy->session = soup_session_new();
    soup_server_add_websocket_handler(proxy->listener, "/ws", NULL, protocols, on_client, proxy, NULL);
    if (!soup_server_listen_local(proxy->listener, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL))
        g_error("the proxy cannot listen");
    GSList *uris = soup_server_get_uris(proxy->listener);
    proxy->address = g_strdup_printf("127.0.0.1:%d", g_uri_get_port(uris->data));
    g_slist_free_full(uris, (GDestroyNotify)g_uri_unref);
    g_main_context_pop_thread_default(proxy->context);
    proxy->thread = g_thread_new("wsproxy", run, proxy);
    return proxy;
}

const char *balint_wsproxy_address(const struct balint_wsproxy *proxy)
{
    return proxy->address;
}

struct injection {
    struct balint_wsproxy *proxy;
    char *text;
    gboolean to_client;
};

static gboolean on_inject(gpointer data)
{
    struct injection *injection = data;
    GPtrArray *pairs = injection->proxy->pairs;
    struct pair *pair = pairs->len ? g_ptr_array_index(pairs, pairs->len - 1) : NULL;
    SoupWebsocketConnection *to = !pair ? NULL : injection->to_client ? pair->client : pair->server;
    if (to)
        send_text(to, injection->text);
    return G_SOURCE_REMOVE;
}

static void free_injection(gpointer data)
{
    struct injection *injection = data;
    g_free(injection->text);
    g_free(injection);
}

void balint_wsproxy_inject(struct balint_wsproxy *proxy, const char *text, gboolean to_client)
{
    struct injection *injection = g_new(struct injection, 1);
    *injection = (struct injection){proxy, g_strdup(text), to_client};
    /* As a source, also from the proxy's own thread: what is being passed on goes first. */
    GSource *source = g_idle_source_new();
    g_source_set_priority(source, G_PRIORITY_DEFAULT);
    g_source_set_callback(source, on_inject, injection, free_injection);
    g_source_attach(source, proxy->context);
    g_source_unref(source);
}

static gboolean on_freeze(gpointer data)
{
    struct balint_wsproxy *proxy = data;
    for (guint i = 0; i < proxy->pairs->len; i++)
        ((struct pair *)g_ptr_array_index(proxy->pairs, i))->frozen = TRUE;
    return G_SOURCE_REMOVE;
}

void balint_wsproxy_freeze(struct balint_wsproxy *proxy)
{
    g_main_context_invoke(proxy->context, on_freeze, proxy);
}

int balint_wsproxy_connections(struct balint_wsproxy *proxy)
{
    return g_atomic_int_get(&proxy->connections);
}

static gboolean on_quit(gpointer loop)
{
    g_main_loop_quit(loop);
    return G_SOURCE_REMOVE;
}

void balint_wsproxy_free(struct balint_wsproxy *proxy)
{
    GSource *quit = g_idle_source_new();
    g_source_set_callback(quit, on_quit, proxy->loop, NULL);
    g_source_attach(quit, proxy->context);
    g_source_unref(quit);
    g_thread_join(proxy->thread);
    g_main_loop_unref(proxy->loop);
    g_main_context_unref(proxy->context);
    g_free(proxy->server);
    g_free(proxy->address);
    g_free(proxy);
}
