/* http.c - the page, health, metrics, and the door to the WebSocket, see http.h. */
#include "server/http.h"
#include "server/groups.h"
#include "server/log.h"
#include "server/ws.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define HEAD_SIZE 2048
/* What a browser may do with our answers: show the page and its style sheet, nothing else. The first is for
 * answers over TLS alone. A list as libwebsockets wants it, for the errors that it answers by itself. */
#define NEXT(i, name, value)                                                                                 \
    {                                                                                                        \
        &security[i], NULL, name ":", value                                                                  \
    }
static const struct lws_protocol_vhost_options security[] = {
    NEXT(1, "Strict-Transport-Security", "max-age=31536000"),
    NEXT(2, "Content-Security-Policy",
         "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    NEXT(3, "X-Content-Type-Options", "nosniff"),
    NEXT(4, "Referrer-Policy", "no-referrer"),
    NEXT(5, "Cache-Control", "no-store"),
    NEXT(6, "X-Frame-Options", "DENY"),
    NEXT(7, "Permissions-Policy",
         "camera=(), microphone=(), display-capture=(), geolocation=(), payment=(), usb=()"),
    NEXT(8, "Cross-Origin-Opener-Policy", "same-origin"),
    NEXT(9, "Cross-Origin-Embedder-Policy", "require-corp"),
    {NULL, NULL, "Cross-Origin-Resource-Policy:", "same-origin"},
};

const struct lws_protocol_vhost_options *balint_http_headers(bool tls)
{
    return &security[tls ? 0 : 1];
}

/* The same as lines. Returns their length, `size` or more when they do not fit. */
static size_t write_headers(char *text, size_t size, bool tls)
{
    size_t length = 0;
    text[0] = '\0';
    for (const struct lws_protocol_vhost_options *at = balint_http_headers(tls); at != NULL && length < size;
         at = at->next)
        length += (size_t)snprintf(text + length, size - length, "%s %s\r\n", at->name, at->value);
    return length;
}

struct answer {
    const char *status; /* "200 OK" */
    const char *type;
    const char *more; /* further header lines, or "" */
    const void *body;
    size_t length;
};
#define TEXT_ANSWER(status_, more_, text_)                                                                   \
    &(const struct answer)                                                                                   \
    {                                                                                                        \
        status_, "text/plain; charset=utf-8", more_, text_, sizeof text_ - 1                                 \
    }

/* Sends a whole answer. Returns -1: the connection ends with it. */
static int answer(struct balint_peer *peer, const struct answer *what, bool head_only)
{
    size_t body = head_only ? 0 : what->length;
    unsigned char *bytes = malloc(LWS_PRE + HEAD_SIZE + body);
    if (bytes == NULL)
        return -1;
    char *head = (char *)bytes + LWS_PRE, lines[HEAD_SIZE];
    write_headers(lines, sizeof lines, peer->server->tls != NULL);
    int length =
        snprintf(head, HEAD_SIZE,
                 "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\nConnection: close\r\n%s%s\r\n",
                 what->status, what->type, what->length, lines, what->more);
    if (length < 0 || length >= HEAD_SIZE) {
        free(bytes);
        return -1;
    }
    memcpy(head + length, what->body, body);
    balint_log("http conn=%" PRIu64 " status=%.3s", peer->conn, what->status);
    peer->server->metrics.value[BALINT_METRIC_REQUESTS]++;
    /* What the socket does not take at once libwebsockets keeps, and sends before it closes. */
    lws_write(peer->wsi, bytes + LWS_PRE, (size_t)length + body, LWS_WRITE_HTTP_FINAL);
    free(bytes);
    return -1;
}

static int too_many(struct balint_peer *peer)
{
    return answer(
        peer,
        TEXT_ANSWER("503 Service Unavailable", "Retry-After: 30\r\n",
                    "Too many connections from your address are open. Close some, or ask who runs the "
                    "server to raise connections-per-address.\n"),
        false);
}

static int metrics(struct balint_peer *peer, bool head_only)
{
    struct balint_server *server = peer->server;
    char *text = malloc(BALINT_METRICS_SIZE);
    if (text == NULL)
        return -1;
    balint_groups_measure(server);
    uint64_t *value = server->metrics.value;
    value[BALINT_METRIC_CONNECTIONS] = (uint64_t)server->peer_count;
    value[BALINT_METRIC_UPTIME] = (uint64_t)((balint_server_now(server) - server->boot_us) / 1000000);
    value[BALINT_METRIC_QUEUED_BYTES] = 0;
    for (const struct balint_peer *at = server->peers; at != NULL; at = at->next)
        value[BALINT_METRIC_QUEUED_BYTES] += at->queued;
    size_t length = balint_metrics_write(&server->metrics, text);
    int result =
        answer(peer, &(struct answer){"200 OK", "text/plain; version=0.0.4; charset=utf-8", "", text, length},
               head_only);
    free(text);
    return result;
}

static int get(struct balint_peer *peer, const char *path, bool head_only)
{
    if (strcmp(path, "/") == 0 || strncmp(path, "/join/", 6) == 0)
        return answer(peer,
                      &(struct answer){"200 OK", "text/html; charset=utf-8", "", balint_web_index,
                                       balint_web_index_size},
                      head_only);
    if (strcmp(path, "/style.css") == 0)
        return answer(peer,
                      &(struct answer){"200 OK", "text/css; charset=utf-8", "", balint_web_style,
                                       balint_web_style_size},
                      head_only);
    if (strcmp(path, "/healthz") == 0)
        return answer(peer,
                      peer->server->store_failed
                          ? TEXT_ANSWER("503 Service Unavailable", "",
                                        "The database cannot be written. Look at the disk; sessions go on.\n")
                          : TEXT_ANSWER("200 OK", "", "ok\n"),
                      head_only);
    if (strcmp(path, "/metrics") == 0)
        return metrics(peer, head_only);
    if (strcmp(path, "/ws") == 0)
        return answer(peer,
                      TEXT_ANSWER("426 Upgrade Required", "Upgrade: websocket\r\n",
                                  "Here programs speak " BALINT_SUBPROTOCOL " over WebSocket.\n"),
                      head_only);
    return answer(peer, TEXT_ANSWER("404 Not Found", "", "There is nothing here.\n"), head_only);
}

static int request(struct balint_peer *peer)
{
    char *path;
    char text[512];
    int length;
    int method = lws_http_get_uri_and_method(peer->wsi, &path, &length);
    if (peer->crowded)
        return too_many(peer);
    if (method != LWSHUMETH_GET && method != LWSHUMETH_HEAD)
        return answer(
            peer, TEXT_ANSWER("405 Method Not Allowed", "Allow: GET, HEAD\r\n", "Only GET is answered.\n"),
            false);
    /* A longer path is none of ours, but for /join/, whose rest is not looked at. */
    snprintf(text, sizeof text, "%.*s", length, path);
    return get(peer, text, method == LWSHUMETH_HEAD);
}

/* ---- the door to the WebSocket */
static bool header(struct lws *wsi, enum lws_token_indexes token, char *text, size_t size)
{
    int length = lws_hdr_copy(wsi, text, (int)size, token);
    if (length < 0)
        text[0] = '\0';
    return length >= 0; /* 0: it is not there; negative: longer than anything we take */
}

/* Is `word` an element of a list, split by commas or blanks? */
static bool lists(const char *list, const char *word)
{
    size_t length = strlen(word);
    while (*list != '\0') {
        list += strspn(list, ", \t");
        size_t found = strcspn(list, ", \t");
        if (found == length && strncmp(list, word, length) == 0)
            return true;
        list += found;
    }
    return false;
}

/* No Origin: a program. An Origin: a page, which must be one of ours, or of a site that is allowed by name
 * (RFC 6455 10.2). */
static bool origin_fits(const struct balint_peer *peer, const char *origin, const char *host)
{
    const char *scheme = peer->server->tls != NULL ? "https://" : "http://";
    size_t length = strlen(scheme);
    return origin[0] == '\0' || lists(peer->server->config.allow_origin, origin) ||
           (host[0] != '\0' && strncasecmp(origin, scheme, length) == 0 &&
            strcasecmp(origin + length, host) == 0);
}

static int refuse(struct balint_peer *peer, const struct answer *what)
{
    peer->server->metrics.value[BALINT_METRIC_UPGRADES_REFUSED]++;
    return answer(peer, what, false);
}

/* 0: the WebSocket opens. Otherwise the request was answered, and -1. */
static int upgrade(struct balint_peer *peer)
{
    struct lws *wsi = peer->wsi;
    char to[32], path[8], host[300], origin[320], words[128], version[8];
    if (peer->crowded)
        return too_many(peer);
    if (!header(wsi, WSI_TOKEN_UPGRADE, to, sizeof to) || strcasecmp(to, "websocket") != 0)
        return refuse(peer, TEXT_ANSWER("400 Bad Request", "", "The only upgrade here is websocket.\n"));
    if (!header(wsi, WSI_TOKEN_GET_URI, path, sizeof path) || strcmp(path, "/ws") != 0)
        return refuse(peer, TEXT_ANSWER("404 Not Found", "", "The WebSocket is at /ws.\n"));
    if (!header(wsi, WSI_TOKEN_HOST, host, sizeof host) ||
        !header(wsi, WSI_TOKEN_ORIGIN, origin, sizeof origin) || !origin_fits(peer, origin, host))
        return refuse(peer, TEXT_ANSWER("403 Forbidden", "", "Pages of other sites are not let in.\n"));
    if (!header(wsi, WSI_TOKEN_VERSION, version, sizeof version) || strcmp(version, "13") != 0)
        return refuse(peer, TEXT_ANSWER("426 Upgrade Required", "Sec-WebSocket-Version: 13\r\n",
                                        "The WebSocket is that of RFC 6455, version 13.\n"));
    if (!header(wsi, WSI_TOKEN_PROTOCOL, words, sizeof words) || !lists(words, BALINT_SUBPROTOCOL))
        return refuse(peer, TEXT_ANSWER("400 Bad Request", "",
                                        "This server speaks " BALINT_SUBPROTOCOL
                                        " (Sec-WebSocket-Protocol). Update the program.\n"));
    return 0;
}

/* Adds the security headers to the one answer that libwebsockets writes itself: 101. */
static int add_headers(const struct balint_peer *peer, struct lws_process_html_args *args)
{
    size_t length = write_headers(args->p, (size_t)args->max_len, peer->server->tls != NULL);
    if (length >= (size_t)args->max_len)
        return -1;
    args->p += length;
    args->max_len -= (int)length;
    return 0;
}

static void ended(struct balint_peer *peer)
{
    if (peer->websocket)
        balint_log("close conn=%" PRIu64, peer->conn);
    balint_peer_free(peer);
}

int balint_http_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                         size_t length)
{
    (void)length;
    struct balint_peer *peer;
    switch (reason) {
    case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS: {
        struct balint_server *server = lws_context_user(lws_get_context(wsi));
        return balint_tls_apply(server->tls, user) ? 0 : 1;
    }
    case LWS_CALLBACK_HTTP:
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
    case LWS_CALLBACK_ADD_HEADERS:
    case LWS_CALLBACK_WSI_DESTROY:
        peer = lws_get_opaque_user_data(wsi);
        break;
    case LWS_CALLBACK_RAW_ADOPT: /* HTTP was given up: CONNECT, or what is no HTTP at all */
    case LWS_CALLBACK_RAW_RX:
    case LWS_CALLBACK_ESTABLISHED: /* a WebSocket of another subprotocol */
    case LWS_CALLBACK_HTTP_BODY:
        return -1;
    default:
        return 0;
    }
    if (peer == NULL)
        return reason == LWS_CALLBACK_WSI_DESTROY ? 0 : -1;
    peer->wsi = wsi;
    switch (reason) {
    case LWS_CALLBACK_HTTP:
        return request(peer);
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
        return upgrade(peer);
    case LWS_CALLBACK_ADD_HEADERS:
        return add_headers(peer, in);
    default:
        ended(peer);
        return 0;
    }
}
