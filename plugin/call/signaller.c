/* signaller.c - see signaller.h. */
#include "call/signaller.h"

#include <libsoup/soup.h>
#include <string.h>

/* When to try again, and for how long. */
static const struct {
    guint again_ms[7];     /* the last repeats */
    guint first_tries;     /* sockets to try before anybody was ever seated */
    guint misses;          /* pings without an answer before a second socket resumes */
    guint connect_ms;      /* from the try to a seat on one socket */
    guint jitter_per_cent; /* so that a restarted server is not stormed */
} retry = {{100, 250, 500, 1000, 2000, 3000, 5000}, 3, 2, 8000, 30};

enum stage { CONNECTING, KNOCKING, GREETING, RESUMING, SEATED };

/* One socket. `second` ones live beside the line until one of both is welcomed. */
struct socket {
    struct balint_signaller *signaller;
    SoupWebsocketConnection *connection;
    GCancellable *cancel;
    enum stage stage;
    gint64 since_us;
    guint misses;
    gboolean waiting; /* a ping is out */
};

struct balint_signaller {
    char *server, *group, *ca_file;
    bool tls;
    const struct balint_signaller_events *events;
    void *user;
    GMainContext *context;
    SoupSession *session;
    struct socket *line, *second;
    GSource *beat, *again;
    guint tries;
    bool ever_seated, over;
    struct balint_resume_bytes secret; /* length 0: none */
};

static void open_socket(struct balint_signaller *signaller, struct socket **place);
static void lost(struct balint_signaller *signaller, struct socket *socket, const char *code,
                 const char *text);

static GSource *after(struct balint_signaller *signaller, guint ms, GSourceFunc function)
{
    GSource *source = g_timeout_source_new(ms);
    g_source_set_callback(source, function, signaller, NULL);
    g_source_attach(source, signaller->context);
    return source;
}

static void clear_source(GSource **source)
{
    if (*source) {
        g_source_destroy(*source);
        g_source_unref(*source);
    }
    *source = NULL;
}

static void close_socket(struct socket **place)
{
    struct socket *socket = *place;
    *place = NULL;
    if (!socket)
        return;
    g_cancellable_cancel(socket->cancel);
    if (socket->connection) {
        g_signal_handlers_disconnect_by_data(socket->connection, socket);
        if (soup_websocket_connection_get_state(socket->connection) == SOUP_WEBSOCKET_STATE_OPEN)
            soup_websocket_connection_close(socket->connection, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
        g_object_unref(socket->connection);
        socket->connection = NULL;
    }
    socket->signaller = NULL;
    /* A connect under way still holds the struct; its callback frees it. */
    if (socket->stage != CONNECTING) {
        g_object_unref(socket->cancel);
        g_free(socket);
    }
}

static void give_up(struct balint_signaller *signaller, const char *code, const char *text)
{
    if (signaller->over)
        return;
    signaller->over = true;
    clear_source(&signaller->beat);
    clear_source(&signaller->again);
    close_socket(&signaller->second);
    close_socket(&signaller->line);
    signaller->events->over(signaller->user, code, text);
}

static bool send_on(struct socket *socket, const struct balint_message *message)
{
    if (!socket || !socket->connection ||
        soup_websocket_connection_get_state(socket->connection) != SOUP_WEBSOCKET_STATE_OPEN)
        return false;
    char *text = balint_encode(message, BALINT_TO_SERVER, NULL);
    if (!text)
        return false;
    soup_websocket_connection_send_text(socket->connection, text);
    free(text);
    return true;
}

static void first_message(struct socket *socket)
{
    struct balint_signaller *signaller = socket->signaller;
    struct balint_message message = {.id = 1};
    if (signaller->secret.length) {
        socket->stage = RESUMING;
        message.type = BALINT_MSG_RESUME;
        g_strlcpy(message.resume.group, signaller->group, sizeof message.resume.group);
        message.resume.secret = signaller->secret;
    } else {
        socket->stage = KNOCKING;
        message.type = BALINT_MSG_KNOCK;
        signaller->events->knock(signaller->user, &message.knock);
    }
    send_on(socket, &message);
}

static void greet(struct socket *socket, const struct balint_door *door)
{
    struct balint_signaller *signaller = socket->signaller;
    struct balint_message message = {.type = BALINT_MSG_HELLO, .id = 2};
    const char *why = "";
    if (!signaller->events->hello(signaller->user, door, &message.hello, &why)) {
        give_up(signaller, "wrong", why);
        return;
    }
    socket->stage = GREETING;
    send_on(socket, &message);
}

/* This socket is the line now; the other one, older or slower, is not needed. */
static void seated(struct socket *socket, const struct balint_welcome *welcome)
{
    struct balint_signaller *signaller = socket->signaller;
    if (signaller->second == socket) {
        signaller->second = NULL;
        close_socket(&signaller->line);
        signaller->line = socket;
    } else {
        close_socket(&signaller->second);
    }
    socket->stage = SEATED;
    socket->misses = 0;
    socket->waiting = FALSE;
    signaller->secret = welcome->secret;
    signaller->ever_seated = true;
    signaller->tries = 0;
}

static bool is_one_of(const char *code, const char *const *codes)
{
    while (*codes && strcmp(code, *codes) != 0)
        codes++;
    return *codes != NULL;
}

static void farewell(struct socket *socket, const struct balint_message *message)
{
    static const char *const final[] = {"removed", "revoked", "revoked-link", "expired-link", "ended",
                                        "left",    NULL};
    struct balint_signaller *signaller = socket->signaller;
    if (socket != signaller->line)
        return; /* the older socket is told that the newer one took its seat */
    if (message->type == BALINT_MSG_DISPLACED)
        give_up(signaller, "displaced", message->bye.text);
    else if (is_one_of(message->bye.code, final))
        give_up(signaller, message->bye.code, message->bye.text);
    else
        lost(signaller, socket, NULL, NULL); /* shutdown, too-slow, silent… */
}

/* An error before a seat: a secret that is none any more means knocking again; what may pass is tried again,
 * with the secret where there is one; anything else is the end, or for who has been seated a knock. */
static void refused(struct socket *socket, const struct balint_error *error)
{
    static const char *const passing[] = {"stale-join", "late", "unavailable", "too-fast", "server", NULL};
    struct balint_signaller *signaller = socket->signaller;
    bool passes = is_one_of(error->code, passing);
    if (socket->stage == RESUMING) {
        if (!passes)
            signaller->secret.length = 0;
        lost(signaller, socket, NULL, NULL);
    } else if (passes) {
        lost(signaller, socket, error->code, error->text);
    } else {
        give_up(signaller, error->code, error->text);
    }
}

static void take(struct socket *socket, const struct balint_message *message)
{
    struct balint_signaller *signaller = socket->signaller;
    switch (message->type) {
    case BALINT_MSG_DOOR:
        if (socket->stage == KNOCKING)
            greet(socket, &message->door);
        return;
    case BALINT_MSG_WELCOME:
        if (socket->stage != GREETING && socket->stage != RESUMING)
            return;
        seated(socket, &message->welcome);
        break;
    case BALINT_MSG_DISPLACED:
    case BALINT_MSG_BYE:
        farewell(socket, message);
        return;
    case BALINT_MSG_ERROR:
        if (socket->stage != SEATED) {
            refused(socket, &message->error);
            return;
        }
        break;
    case BALINT_MSG_PONG:
        socket->misses = 0;
        socket->waiting = FALSE;
        if (socket == signaller->line && signaller->second && signaller->second->stage == CONNECTING)
            close_socket(&signaller->second); /* it was only slow */
        break;
    default:
        break;
    }
    if (socket == signaller->line && socket->stage == SEATED)
        signaller->events->message(signaller->user, message);
}

static void on_message(SoupWebsocketConnection *connection, gint type, GBytes *bytes, gpointer data)
{
    struct socket *socket = data;
    gsize length;
    const char *text = g_bytes_get_data(bytes, &length);
    /* Too large for the stack of a callback that is entered again. */
    g_autofree struct balint_message *message = g_new(struct balint_message, 1);
    struct balint_error error;
    (void)connection;
    if (type != SOUP_WEBSOCKET_DATA_TEXT || !balint_decode(text, length, BALINT_TO_CLIENT, message, &error)) {
        if (!socket->signaller->ever_seated)
            give_up(socket->signaller, "not-a-server",
                    "What answers there is no balint-server of this version: check the address.");
        return; /* of a server that we know: newer than we are, it may say more */
    }
    take(socket, message);
}

static void on_closed(SoupWebsocketConnection *connection, gpointer data)
{
    struct socket *socket = data;
    (void)connection;
    lost(socket->signaller, socket, "unreachable",
         "The server closed the connection at the door: try again, or check the address.");
}

static void adopt(struct socket *socket, SoupWebsocketConnection *connection)
{
    socket->connection = connection;
    socket->since_us = g_get_monotonic_time();
    soup_websocket_connection_set_max_incoming_payload_size(connection, BALINT_STATE_SIZE);
    g_signal_connect(connection, "message", G_CALLBACK(on_message), socket);
    g_signal_connect(connection, "closed", G_CALLBACK(on_closed), socket);
    first_message(socket);
}

static bool is_no_server(const GError *error)
{
    return g_error_matches(error, SOUP_WEBSOCKET_ERROR, SOUP_WEBSOCKET_ERROR_NOT_WEBSOCKET) ||
           g_error_matches(error, SOUP_WEBSOCKET_ERROR, SOUP_WEBSOCKET_ERROR_BAD_HANDSHAKE) ||
           g_error_matches(error, SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_PARSING);
}

static void on_connected(GObject *session, GAsyncResult *result, gpointer data)
{
    struct socket *socket = data;
    g_autoptr(GError) error = NULL;
    SoupWebsocketConnection *connection =
        soup_session_websocket_connect_finish(SOUP_SESSION(session), result, &error);
    struct balint_signaller *signaller = socket->signaller;
    if (!signaller) { /* closed in the meantime */
        g_clear_object(&connection);
        g_object_unref(socket->cancel);
        g_free(socket);
    } else if (connection) {
        adopt(socket, connection);
    } else if (!signaller->ever_seated && is_no_server(error)) {
        socket->stage = KNOCKING;
        give_up(signaller, "not-a-server", "What answers there is no balint-server: check the address.");
    } else {
        socket->stage = KNOCKING;
        bool tls = error->domain == G_TLS_ERROR;
        lost(signaller, socket, tls ? "certificate" : "unreachable",
             tls ? "The server's certificate is not trusted: check the address, or give its authority with "
                   "--ca."
                 : "The server cannot be reached: check the address and your line.");
    }
}

static void open_socket(struct balint_signaller *signaller, struct socket **place)
{
    static char *protocols[] = {(char *)"balint.1", NULL};
    g_autofree char *uri = g_strdup_printf("%s://%s/ws", signaller->tls ? "wss" : "ws", signaller->server);
    SoupMessage *message = soup_message_new(SOUP_METHOD_GET, uri);
    if (!message) {
        give_up(signaller, "address", "This is no server's address: give HOST:PORT.");
        return;
    }
    struct socket *socket = g_new0(struct socket, 1);
    socket->signaller = signaller;
    socket->cancel = g_cancellable_new();
    socket->stage = CONNECTING;
    socket->since_us = g_get_monotonic_time();
    *place = socket;
    soup_session_websocket_connect_async(signaller->session, message, NULL, protocols, G_PRIORITY_DEFAULT,
                                         socket->cancel, on_connected, socket);
    g_object_unref(message);
}

static gboolean on_again(gpointer data)
{
    struct balint_signaller *signaller = data;
    clear_source(&signaller->again);
    if (!signaller->line)
        open_socket(signaller, &signaller->line);
    return G_SOURCE_REMOVE;
}

static void try_again(struct balint_signaller *signaller)
{
    if (signaller->again)
        return;
    guint last = G_N_ELEMENTS(retry.again_ms) - 1;
    guint ms = retry.again_ms[MIN(signaller->tries, last)];
    ms += (guint)g_random_int_range(0, (gint32)(1 + ms * retry.jitter_per_cent / 100));
    signaller->tries++;
    signaller->again = after(signaller, ms, on_again);
}

/* A socket is gone, or good for nothing. `code`, `text`: what to say should this be the end. */
static void lost(struct balint_signaller *signaller, struct socket *socket, const char *code,
                 const char *text)
{
    if (socket == signaller->second) {
        close_socket(&signaller->second);
        return; /* the next miss opens another one */
    }
    bool was_seated = socket->stage == SEATED;
    close_socket(&signaller->line);
    if (was_seated)
        signaller->events->down(signaller->user);
    if (signaller->over)
        return;
    if (signaller->second) {
        signaller->line = g_steal_pointer(&signaller->second);
    } else if (!signaller->ever_seated && code && signaller->tries + 1 >= retry.first_tries) {
        give_up(signaller, code, text);
    } else {
        try_again(signaller);
    }
}

static void ping(struct balint_signaller *signaller)
{
    struct socket *line = signaller->line;
    struct balint_message message = {.type = BALINT_MSG_PING, .ping = {g_get_monotonic_time()}};
    if (line->waiting)
        line->misses++;
    if (line->misses >= retry.misses && !signaller->second)
        open_socket(signaller, &signaller->second);
    line->waiting = TRUE;
    send_on(line, &message);
}

/* A socket on which nobody comes to an end is as good as lost. */
static bool is_stuck(const struct socket *socket)
{
    return socket && socket->stage != SEATED &&
           g_get_monotonic_time() - socket->since_us > (gint64)retry.connect_ms * 1000;
}

static gboolean on_beat(gpointer data)
{
    struct balint_signaller *signaller = data;
    if (is_stuck(signaller->second))
        close_socket(&signaller->second);
    if (is_stuck(signaller->line))
        lost(signaller, signaller->line, "unreachable",
             "The server does not answer: check the address and your line.");
    if (signaller->line && signaller->line->stage == SEATED)
        ping(signaller);
    return G_SOURCE_CONTINUE;
}

struct balint_signaller *balint_signaller_new(const char *server, bool tls, const char *ca_file,
                                              const char *group, const struct balint_signaller_events *events,
                                              void *user)
{
    struct balint_signaller *signaller = g_new0(struct balint_signaller, 1);
    signaller->server = g_strdup(server);
    signaller->tls = tls;
    signaller->ca_file = g_strdup(ca_file);
    signaller->group = g_strdup(group);
    signaller->events = events;
    signaller->user = user;
    signaller->context = g_main_context_ref_thread_default();
    return signaller;
}

/* GTlsFileDatabase takes a path only from the root on, and a file without a certificate for an empty one. */
static bool trust_file(struct balint_signaller *signaller, char **why)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_canonicalize_filename(signaller->ca_file, NULL);
    GList *certificates = g_tls_certificate_list_new_from_file(path, &error);
    GTlsDatabase *database = certificates ? g_tls_file_database_new(path, &error) : NULL;
    g_list_free_full(certificates, g_object_unref);
    if (!database) {
        *why = g_strdup_printf("%s holds no certificate that can be read: give --ca (ca-file) a PEM file.",
                               signaller->ca_file);
        return false;
    }
    soup_session_set_tls_database(signaller->session, database);
    g_object_unref(database);
    return true;
}

bool balint_signaller_start(struct balint_signaller *signaller, char **why)
{
    signaller->session = soup_session_new_with_options("timeout", 0, "idle-timeout", 0, NULL);
    if (signaller->ca_file && !trust_file(signaller, why))
        return false;
    signaller->beat = after(signaller, BALINT_PING_MS, on_beat);
    open_socket(signaller, &signaller->line);
    return true;
}

bool balint_signaller_send(struct balint_signaller *signaller, const struct balint_message *message)
{
    return signaller->line && signaller->line->stage == SEATED && send_on(signaller->line, message);
}

static gboolean on_patience(gpointer data)
{
    *(bool *)data = true;
    return G_SOURCE_REMOVE;
}

/* Lets what was sent last (a `leave`) and the closing handshake out, for a moment. */
static void linger(struct balint_signaller *signaller, SoupWebsocketConnection *connection)
{
    bool late = false;
    GSource *source = g_timeout_source_new(300);
    g_source_set_callback(source, on_patience, &late, NULL);
    g_source_attach(source, signaller->context);
    while (!late && soup_websocket_connection_get_state(connection) != SOUP_WEBSOCKET_STATE_CLOSED)
        g_main_context_iteration(signaller->context, TRUE);
    g_source_destroy(source);
    g_source_unref(source);
}

void balint_signaller_free(struct balint_signaller *signaller)
{
    if (!signaller)
        return;
    signaller->over = true;
    clear_source(&signaller->beat);
    clear_source(&signaller->again);
    SoupWebsocketConnection *last = NULL;
    if (signaller->line && signaller->line->connection)
        last = g_object_ref(signaller->line->connection);
    close_socket(&signaller->second);
    close_socket(&signaller->line);
    if (last)
        linger(signaller, last);
    g_clear_object(&last);
    if (signaller->session)
        soup_session_abort(signaller->session);
    /* Cancelled connects still have to come back: they hold structs of ours. */
    while (g_main_context_iteration(signaller->context, FALSE))
        continue;
    g_clear_object(&signaller->session);
    g_main_context_unref(signaller->context);
    g_free(signaller->server);
    g_free(signaller->group);
    g_free(signaller->ca_file);
    g_free(signaller);
}
