/* wsclient.c - a small blocking WebSocket client for tests, see wsclient.h. */
#include "fakes/wsclient.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SEND_MS 5000
#define OPEN_MS 8000

struct balint_ws {
    int fd;
    SSL_CTX *context;
    SSL *ssl;
    char *in; /* received and not yet used */
    size_t length, cap;
    char *head;
    char *message; /* of a message in pieces */
    size_t message_length;
    bool ended;
    int close_code;
};

int64_t balint_test_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool wait_for(struct balint_ws *ws, short events, int64_t deadline)
{
    struct pollfd poll_fd = {.fd = ws->fd, .events = events};
    int64_t left = deadline - balint_test_ms();
    return left > 0 && poll(&poll_fd, 1, (int)left) > 0;
}

static bool write_all(struct balint_ws *ws, const void *bytes, size_t length)
{
    const char *at = bytes;
    int64_t deadline = balint_test_ms() + SEND_MS;
    while (length > 0) {
        ssize_t sent = ws->ssl != NULL ? SSL_write(ws->ssl, at, (int)length)
                                       : send(ws->fd, at, length, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0) {
            at += sent;
            length -= (size_t)sent;
        } else if (ws->ssl == NULL && errno != EAGAIN && errno != EINTR) {
            return false;
        } else if (!wait_for(ws, POLLOUT, deadline)) {
            return false;
        }
    }
    return true;
}

/* Reads what is there, waiting for it; false: nothing came in time, or the end. */
static bool read_some(struct balint_ws *ws, int64_t deadline)
{
    if (ws->ended)
        return false;
    if (ws->cap - ws->length < 4096) {
        ws->cap = 2 * ws->cap + 8192;
        ws->in = realloc(ws->in, ws->cap);
        if (ws->in == NULL)
            abort();
    }
    if ((ws->ssl == NULL || SSL_pending(ws->ssl) == 0) && !wait_for(ws, POLLIN, deadline))
        return false;
    ssize_t got;
    if (ws->ssl != NULL) {
        got = SSL_read(ws->ssl, ws->in + ws->length, (int)(ws->cap - ws->length));
        if (got <= 0 && SSL_get_error(ws->ssl, (int)got) == SSL_ERROR_WANT_READ)
            return true;
    } else {
        got = recv(ws->fd, ws->in + ws->length, ws->cap - ws->length, MSG_DONTWAIT);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            return true;
    }
    if (got <= 0) {
        ws->ended = true;
        return false;
    }
    ws->length += (size_t)got;
    return true;
}

static void release(struct balint_ws *ws)
{
    if (ws->ssl != NULL)
        SSL_free(ws->ssl);
    SSL_CTX_free(ws->context);
    if (ws->fd >= 0)
        close(ws->fd);
    free(ws->in);
    free(ws->head);
    free(ws->message);
    free(ws);
}

static bool start_tls(struct balint_ws *ws, const struct balint_ws_options *options)
{
    signal(SIGPIPE, SIG_IGN); /* OpenSSL writes without MSG_NOSIGNAL */
    ws->context = SSL_CTX_new(TLS_client_method());
    if (ws->context == NULL)
        return false;
    if (options->ca_file != NULL) {
        if (SSL_CTX_load_verify_locations(ws->context, options->ca_file, NULL) != 1)
            return false;
        SSL_CTX_set_verify(ws->context, SSL_VERIFY_PEER, NULL);
    }
    ws->ssl = SSL_new(ws->context);
    return ws->ssl != NULL && SSL_set_fd(ws->ssl, ws->fd) == 1 && SSL_connect(ws->ssl) == 1;
}

static struct balint_ws *connect_to(const struct balint_ws_options *options)
{
    struct balint_ws *ws = calloc(1, sizeof *ws);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options->port)};
    struct timeval limit = {.tv_sec = OPEN_MS / 1000};
    int on = 1;
    if (ws == NULL)
        abort();
    ws->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (options->receive_bytes > 0)
        setsockopt(ws->fd, SOL_SOCKET, SO_RCVBUF, &options->receive_bytes, sizeof options->receive_bytes);
    setsockopt(ws->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(ws->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    setsockopt(ws->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct sockaddr_in own = {.sin_family = AF_INET};
    if (options->from != NULL && (inet_pton(AF_INET, options->from, &own.sin_addr) != 1 ||
                                  bind(ws->fd, (struct sockaddr *)&own, sizeof own) != 0)) {
        release(ws);
        return NULL;
    }
    if (inet_pton(AF_INET, options->host != NULL ? options->host : "127.0.0.1", &address.sin_addr) == 1 &&
        connect(ws->fd, (struct sockaddr *)&address, sizeof address) == 0 &&
        (!options->tls || start_tls(ws, options)))
        return ws;
    release(ws);
    return NULL;
}

/* Reads until the empty line; moves status line and headers to ws->head. */
static bool read_head(struct balint_ws *ws, int64_t deadline)
{
    char *end;
    while (ws->length < 4 || (end = memmem(ws->in, ws->length, "\r\n\r\n", 4)) == NULL)
        if (!read_some(ws, deadline))
            return false;
    size_t length = (size_t)(end - ws->in) + 4;
    ws->head = strndup(ws->in, length);
    memmove(ws->in, ws->in + length, ws->length - length);
    ws->length -= length;
    return true;
}

struct balint_ws *balint_ws_open(const struct balint_ws_options *options, int *status)
{
    char request[2048];
    const char *protocol = options->protocol != NULL ? options->protocol : "balint.1";
    int unused;
    if (status == NULL)
        status = &unused;
    *status = 0;
    struct balint_ws *ws = connect_to(options);
    if (ws == NULL)
        return NULL;
    int length = snprintf(
        request, sizeof request,
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        "%s%s%s%s%s%s%s\r\n",
        options->path != NULL ? options->path : "/ws", options->port,
        protocol[0] != '\0' ? "Sec-WebSocket-Protocol: " : "", protocol, protocol[0] != '\0' ? "\r\n" : "",
        options->origin != NULL ? "Origin: " : "", options->origin != NULL ? options->origin : "",
        options->origin != NULL ? "\r\n" : "", options->headers != NULL ? options->headers : "");
    if (write_all(ws, request, (size_t)length) && read_head(ws, balint_test_ms() + OPEN_MS))
        *status = (int)strtol(ws->head + strcspn(ws->head, " "), NULL, 10);
    /* The accept value belongs to the key above: RFC 6455 1.3. */
    if (*status == 101 && strstr(ws->head, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") != NULL)
        return ws;
    release(ws);
    return NULL;
}

bool balint_ws_send_frame(struct balint_ws *ws, bool final, int opcode, const char *bytes, uint64_t length,
                          size_t sent)
{
    static const uint8_t mask[4] = {0x12, 0x9a, 0x5c, 0xe3};
    uint8_t *frame = malloc(14 + sent);
    size_t head = 2;
    if (frame == NULL)
        abort();
    frame[0] = (uint8_t)((final ? 0x80 : 0) | opcode);
    frame[1] = 0x80 | (uint8_t)(length < 126 ? length : length < 65536 ? 126 : 127);
    for (int i = length < 126 ? 0 : length < 65536 ? 2 : 8; i > 0; i--)
        frame[head++] = (uint8_t)(length >> (8 * (i - 1)));
    memcpy(frame + head, mask, 4);
    head += 4;
    for (size_t i = 0; i < sent; i++)
        frame[head + i] = (uint8_t)bytes[i] ^ mask[i % 4];
    bool ok = write_all(ws, frame, head + sent);
    free(frame);
    return ok;
}

bool balint_ws_send_bytes(struct balint_ws *ws, const char *text, size_t length)
{
    return balint_ws_send_frame(ws, true, 1, text, length, length);
}

bool balint_ws_send(struct balint_ws *ws, const char *text)
{
    return balint_ws_send_bytes(ws, text, strlen(text));
}

/* One whole frame from what was read, if there is one. */
static bool take_frame(struct balint_ws *ws, bool *final, int *opcode, char **bytes, size_t *length)
{
    const uint8_t *in = (const uint8_t *)ws->in;
    if (ws->length < 2)
        return false;
    uint64_t size = in[1] & 0x7f;
    size_t head = 2 + (size == 126 ? 2 : size == 127 ? 8 : 0);
    if (ws->length < head)
        return false;
    if (size >= 126) {
        size = 0;
        for (size_t i = 2; i < head; i++)
            size = size << 8 | in[i];
    }
    if (ws->length - head < size)
        return false;
    *final = (in[0] & 0x80) != 0;
    *opcode = in[0] & 0x0f;
    *length = (size_t)size;
    *bytes = malloc(*length + 1);
    if (*bytes == NULL)
        abort();
    memcpy(*bytes, ws->in + head, *length);
    (*bytes)[*length] = '\0';
    memmove(ws->in, ws->in + head + *length, ws->length - head - *length);
    ws->length -= head + *length;
    return true;
}

/* Does what a frame asks for; returns a whole text message or NULL. */
static char *use_frame(struct balint_ws *ws, bool final, int opcode, char *bytes, size_t length)
{
    char *message = NULL;
    if (opcode == 8) {
        ws->close_code = length >= 2 ? (uint8_t)bytes[0] << 8 | (uint8_t)bytes[1] : 1005;
        balint_ws_send_frame(ws, true, 8, bytes, length, length);
        ws->ended = true;
    } else if (opcode == 9) {
        balint_ws_send_frame(ws, true, 10, bytes, length, length);
    } else if (opcode <= 2) {
        ws->message = realloc(ws->message, ws->message_length + length + 1);
        if (ws->message == NULL)
            abort();
        memcpy(ws->message + ws->message_length, bytes, length + 1);
        ws->message_length += length;
        if (final) {
            message = ws->message;
            ws->message = NULL;
            ws->message_length = 0;
        }
    }
    free(bytes);
    return message;
}

char *balint_ws_next(struct balint_ws *ws, int timeout_ms)
{
    int64_t deadline = balint_test_ms() + timeout_ms;
    for (;;) {
        bool final;
        int opcode;
        char *bytes;
        size_t length;
        while (take_frame(ws, &final, &opcode, &bytes, &length)) {
            char *message = use_frame(ws, final, opcode, bytes, length);
            if (message != NULL)
                return message;
        }
        if (!read_some(ws, deadline) && (ws->ended || balint_test_ms() >= deadline))
            return NULL;
    }
}

bool balint_ws_ended(const struct balint_ws *ws)
{
    return ws->ended;
}

bool balint_ws_wait_end(struct balint_ws *ws, int timeout_ms)
{
    int64_t deadline = balint_test_ms() + timeout_ms;
    while (!ws->ended && balint_test_ms() < deadline)
        free(balint_ws_next(ws, (int)(deadline - balint_test_ms())));
    return ws->ended;
}

int balint_ws_close_code(const struct balint_ws *ws)
{
    return ws->close_code;
}

const char *balint_ws_head(const struct balint_ws *ws)
{
    return ws->head;
}

void balint_ws_close(struct balint_ws *ws)
{
    if (ws == NULL)
        return;
    if (!ws->ended)
        balint_ws_send_frame(ws, true, 8, "\x03\xe8", 2, 2); /* 1000: normal */
    release(ws);
}

void balint_ws_drop(struct balint_ws *ws)
{
    if (ws == NULL)
        return;
    struct linger now = {.l_onoff = 1, .l_linger = 0};
    setsockopt(ws->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    release(ws);
}

char *balint_http(const struct balint_ws_options *options, const char *request)
{
    struct balint_ws *ws = connect_to(options);
    char *answer = NULL;
    if (ws == NULL)
        return NULL;
    int64_t deadline = balint_test_ms() + OPEN_MS;
    if (write_all(ws, request, strlen(request))) {
        while (read_some(ws, deadline) || (!ws->ended && balint_test_ms() < deadline))
            ;
        if (ws->ended && ws->length > 0)
            answer = strndup(ws->in, ws->length);
    }
    release(ws);
    return answer;
}

char *balint_http_get(const struct balint_ws_options *options, const char *path)
{
    char request[512];
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", path, options->port);
    return balint_http(options, request);
}
