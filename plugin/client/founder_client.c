/* founder_client.c - a founder's conversation with the server, see founder_client.h. */
#include "client/founder_client.h"
#include "identity/identity.h"

#include <libsoup/soup.h>
#include <string.h>

#define CONNECT_S 10
#define ANSWER_S  10
#define NONCE_ID  1
#define ASK_ID    2

/* One conversation. All on the calling thread, in its own main context. */
struct talk {
    const struct balint_server_address *server;
    GMainContext *context;
    SoupSession *session;
    SoupWebsocketConnection *socket;
    GCancellable *cancel;
    GError *error;                 /* of connecting */
    bool connected_called, closed; /* what has happened so far */
    bool late;                     /* the deadline passed */
    bool garbled;                  /* what came is no message of ours */
    bool answered;
    struct balint_message answer;
    struct balint_asked *asked;
};

static bool none(struct talk *talk, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool none(struct talk *talk, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(talk->asked->why, sizeof talk->asked->why, format, args);
    va_end(args);
    talk->asked->answer = BALINT_ANSWER_NONE;
    return false;
}

static gboolean on_deadline(gpointer data)
{
    struct talk *talk = data;
    talk->late = true;
    g_cancellable_cancel(talk->cancel);
    return G_SOURCE_REMOVE;
}

/* Turns the loop until `*flag`, the end of the connection, or `seconds` have passed. */
static void turn_until(struct talk *talk, const bool *flag, unsigned seconds)
{
    GSource *deadline = g_timeout_source_new_seconds(seconds);
    talk->late = false;
    g_source_set_callback(deadline, on_deadline, talk, NULL);
    g_source_attach(deadline, talk->context);
    while (!*flag && !talk->closed && !talk->late)
        g_main_context_iteration(talk->context, TRUE);
    g_source_destroy(deadline);
    g_source_unref(deadline);
}

static void on_connected(GObject *session, GAsyncResult *result, gpointer data)
{
    struct talk *talk = data;
    talk->socket = soup_session_websocket_connect_finish(SOUP_SESSION(session), result, &talk->error);
    talk->connected_called = true;
}

static void on_message(SoupWebsocketConnection *socket, SoupWebsocketDataType type, GBytes *bytes,
                       gpointer data)
{
    struct talk *talk = data;
    struct balint_error error;
    gsize length = 0;
    const char *text = g_bytes_get_data(bytes, &length);
    (void)socket;
    if (talk->answered || talk->garbled)
        return;
    if (type == SOUP_WEBSOCKET_DATA_TEXT &&
        balint_decode(text, length, BALINT_TO_CLIENT, &talk->answer, &error))
        talk->answered = true;
    else
        talk->garbled = talk->closed = true;
}

static void on_closed(SoupWebsocketConnection *socket, gpointer data)
{
    struct talk *talk = data;
    (void)socket;
    talk->closed = true;
}

/* Why there is no WebSocket, in a person's words. */
static bool explain(struct talk *talk)
{
    const char *server = talk->server->server;
    if (talk->late)
        return none(talk, "%s does not answer. Check the address, and that balint-server runs there.",
                    server);
    if (g_error_matches(talk->error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
        return none(talk, "Nothing listens at %s. Start balint-server there, or correct --server.", server);
    if (talk->error->domain == G_RESOLVER_ERROR)
        return none(talk, "There is no host %s. Correct --server.", server);
    if (g_error_matches(talk->error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
        return none(talk, "The certificate of %s is not trusted. If it is your own server's, say --ca FILE.",
                    server);
    if (talk->error->domain == G_TLS_ERROR)
        return none(talk, "%s does not speak TLS. Correct --server, or give balint-server --cert and --key.",
                    server);
    if (g_error_matches(talk->error, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE) ||
        g_error_matches(talk->error, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE))
        return none(talk, "%s cannot be reached from here. Check the network, or correct --server.", server);
    return none(talk, "%s is no balint-server. Correct --server.", server);
}

static bool use_ca(struct talk *talk)
{
    GError *error = NULL;
    if (talk->server->ca == NULL)
        return true;
    char *path = g_canonicalize_filename(talk->server->ca, NULL); /* it takes no other */
    GTlsDatabase *database = g_tls_file_database_new(path, &error);
    /* A file without a certificate makes an empty database; asking for its list would need more than this. */
    GList *list = database == NULL ? NULL : g_tls_certificate_list_new_from_file(path, NULL);
    g_free(path);
    bool ok = list != NULL;
    if (ok)
        soup_session_set_tls_database(talk->session, database);
    g_list_free_full(list, g_object_unref);
    g_clear_object(&database);
    g_clear_error(&error);
    return ok ? true
              : none(talk, "%s holds no certificate that can be read. Give --ca a PEM file.",
                     talk->server->ca);
}

static bool open_talk(struct talk *talk)
{
    char *address = g_strdup_printf("%s://%s/ws", talk->server->tls ? "https" : "http", talk->server->server);
    char *protocols[] = {(char *)"balint.1", NULL};
    SoupMessage *request = soup_message_new(SOUP_METHOD_GET, address);
    g_free(address);
    if (request == NULL)
        return none(talk, "%s is no address. Write --server HOST:PORT.", talk->server->server);
    talk->session = soup_session_new();
    if (!talk->server->tls) /* this machine itself: no proxy is asked */
        soup_session_set_proxy_resolver(talk->session, NULL);
    bool ok = use_ca(talk);
    if (ok) {
        soup_session_websocket_connect_async(talk->session, request, NULL, protocols, G_PRIORITY_DEFAULT,
                                             talk->cancel, on_connected, talk);
        turn_until(talk, &talk->connected_called, CONNECT_S);
        bool late = talk->late;
        while (!talk->connected_called) /* cancelled: its callback still comes */
            g_main_context_iteration(talk->context, TRUE);
        talk->late = late;
        ok = talk->socket != NULL || explain(talk);
    }
    g_object_unref(request);
    if (!ok)
        return false;
    const char *chosen = soup_websocket_connection_get_protocol(talk->socket);
    if (chosen == NULL || strcmp(chosen, protocols[0]) != 0)
        return none(talk, "%s is no balint-server of this version. Correct --server, or update both.",
                    talk->server->server);
    soup_websocket_connection_set_max_incoming_payload_size(talk->socket, BALINT_STATE_SIZE);
    g_signal_connect(talk->socket, "message", G_CALLBACK(on_message), talk);
    g_signal_connect(talk->socket, "closed", G_CALLBACK(on_closed), talk);
    return true;
}

/* Is an error of this code a judgement of the request, which will be the same tomorrow? Only then may a key
 * be forgotten: an error that says "not now" may come after the disk took the key. */
static bool for_good(const char *code)
{
    static const char *const codes[] = {"wrong-code", "wrong-signature", "wrong-certificate",
                                        "expired-certificate", "serial-taken"};
    for (size_t i = 0; i < G_N_ELEMENTS(codes); i++)
        if (strcmp(code, codes[i]) == 0)
            return true;
    return false;
}

/* Sends a request and waits for the answer of type `expected`, which is then in talk->answer. */
static bool ask(struct talk *talk, const struct balint_message *request, enum balint_type expected)
{
    char *text = balint_encode(request, BALINT_TO_SERVER, NULL);
    if (text == NULL)
        return none(talk, "This request does not fit the protocol. Use a shorter name.");
    talk->answered = false;
    talk->asked->sent = request->id == ASK_ID;
    soup_websocket_connection_send_text(talk->socket, text);
    free(text);
    turn_until(talk, &talk->answered, ANSWER_S);
    if (!talk->answered)
        return talk->garbled
                   ? none(talk, "%s is no balint-server of this version. Correct --server, or update both.",
                          talk->server->server)
                   : none(talk, "%s gave no answer. Try again; if it goes on, look at the server's log.",
                          talk->server->server);
    if (talk->answer.type == BALINT_MSG_ERROR || talk->answer.type == BALINT_MSG_BYE) {
        bool error = talk->answer.type == BALINT_MSG_ERROR;
        g_strlcpy(talk->asked->code, error ? talk->answer.error.code : talk->answer.bye.code,
                  sizeof talk->asked->code);
        g_strlcpy(talk->asked->why, error ? talk->answer.error.text : talk->answer.bye.text,
                  sizeof talk->asked->why);
        bool judged = error && talk->answer.re == request->id && for_good(talk->asked->code);
        talk->asked->answer = judged ? BALINT_ANSWER_REFUSED : BALINT_ANSWER_NONE;
        return false;
    }
    if (talk->answer.type != expected || talk->answer.re != request->id)
        return none(talk, "%s answered something else. Update balint-server and this program.",
                    talk->server->server);
    return true;
}

/* Signs the bytes over the challenge's nonce; `length` 0: they did not fit. */
static bool sign(struct talk *talk, const struct balint_key *root, const uint8_t *bytes, size_t length,
                 struct balint_signature_bytes *signature)
{
    signature->length = sizeof signature->data;
    if (length == 0 || !balint_sign(root, bytes, length, signature->data))
        return none(talk, "This request cannot be signed. Use a shorter name.");
    return true;
}

/* Connects and asks for a nonce, which is copied to `nonce`. */
static bool begin(struct talk *talk, const struct balint_server_address *server, struct balint_asked *asked,
                  uint8_t nonce[BALINT_NONCE_SIZE])
{
    const struct balint_message request = {.type = BALINT_MSG_NONCE, .id = NONCE_ID};
    memset(talk, 0, sizeof *talk);
    memset(asked, 0, sizeof *asked);
    talk->server = server;
    talk->asked = asked;
    talk->context = g_main_context_new();
    talk->cancel = g_cancellable_new();
    g_main_context_push_thread_default(talk->context);
    if (!open_talk(talk) || !ask(talk, &request, BALINT_MSG_CHALLENGE))
        return false;
    memcpy(nonce, talk->answer.challenge.nonce.data, BALINT_NONCE_SIZE);
    return true;
}

static void end(struct talk *talk)
{
    if (talk->socket != NULL) {
        g_signal_handlers_disconnect_by_data(talk->socket, talk);
        if (soup_websocket_connection_get_state(talk->socket) == SOUP_WEBSOCKET_STATE_OPEN)
            soup_websocket_connection_close(talk->socket, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
        g_object_unref(talk->socket);
    }
    if (talk->session != NULL) {
        soup_session_abort(talk->session);
        g_object_unref(talk->session);
    }
    g_object_unref(talk->cancel);
    g_clear_error(&talk->error);
    while (g_main_context_iteration(talk->context, FALSE))
        ;
    g_main_context_pop_thread_default(talk->context);
    g_main_context_unref(talk->context);
}

void balint_ask_found(const struct balint_server_address *server, const char *group, const char *code,
                      const struct balint_key *root, struct balint_asked *asked)
{
    struct talk talk;
    struct balint_message request = {.type = BALINT_MSG_FOUND, .id = ASK_ID};
    uint8_t nonce[BALINT_NONCE_SIZE], bytes[512];
    g_strlcpy(request.found.group, group, sizeof request.found.group);
    g_strlcpy(request.found.code, code, sizeof request.found.code);
    request.found.root.length = sizeof request.found.root.data;
    memcpy(request.found.root.data, root->public_half, sizeof request.found.root.data);
    if (begin(&talk, server, asked, nonce)) {
        size_t length = balint_found_bytes(nonce, group, code, root->public_half, bytes, sizeof bytes);
        if (sign(&talk, root, bytes, length, &request.found.signature))
            ask(&talk, &request, BALINT_MSG_DONE);
    }
    end(&talk);
}

void balint_ask_mint(const struct balint_server_address *server, const char *group,
                     const struct balint_certificate_bytes *certificates, int count,
                     const struct balint_key *root, struct balint_token_bytes *tokens,
                     struct balint_asked *asked)
{
    struct talk talk;
    struct balint_message request = {.type = BALINT_MSG_MINT, .id = ASK_ID};
    struct balint_part parts[BALINT_MINT_MAX];
    uint8_t nonce[BALINT_NONCE_SIZE];
    static uint8_t bytes[BALINT_REQUEST_SIZE];
    g_strlcpy(request.mint.group, group, sizeof request.mint.group);
    request.mint.certificate_count = count;
    for (int i = 0; i < count; i++) {
        request.mint.certificates[i] = certificates[i];
        parts[i].bytes = certificates[i].data;
        parts[i].length = certificates[i].length;
    }
    if (begin(&talk, server, asked, nonce)) {
        size_t length = balint_mint_bytes(nonce, group, parts, count, bytes, sizeof bytes);
        if (sign(&talk, root, bytes, length, &request.mint.signature) &&
            ask(&talk, &request, BALINT_MSG_TOKENS)) {
            if (talk.answer.tokens.token_count == count)
                memcpy(tokens, talk.answer.tokens.tokens, (size_t)count * sizeof *tokens);
            else
                none(&talk, "%s answered something else. Update balint-server and this program.",
                     server->server);
        }
    }
    end(&talk);
}

void balint_ask_revoke(const struct balint_server_address *server, const char *group, const char *member,
                       uint64_t serial, const struct balint_key *root, struct balint_asked *asked)
{
    struct talk talk;
    struct balint_message request = {.type = BALINT_MSG_REVOKE, .id = ASK_ID};
    uint8_t nonce[BALINT_NONCE_SIZE], bytes[512];
    g_strlcpy(request.revoke.group, group, sizeof request.revoke.group);
    g_strlcpy(request.revoke.member, member, sizeof request.revoke.member);
    request.revoke.serial = (int64_t)serial;
    if (begin(&talk, server, asked, nonce)) {
        size_t length = balint_revoke_bytes(nonce, group, member, serial, bytes, sizeof bytes);
        if (sign(&talk, root, bytes, length, &request.revoke.signature))
            ask(&talk, &request, BALINT_MSG_DONE);
    }
    end(&talk);
}
