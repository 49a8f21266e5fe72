/* listen.c - the listening socket and the way in, see listen.h. */
#include "server/listen.h"
#include "server/groups.h"
#include "server/log.h"

#include <errno.h>
#include <inttypes.h>
#include <libwebsockets.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG    512
#define A_TURN     64     /* sockets accepted in one turn of the loop */
#define SEND_BYTES 131072 /* what the kernel keeps for one client beside our own queue */

/* "HOST:PORT" or "[IPV6]:PORT" into its parts. */
static bool split(const char *listen, char host[256], char port[8])
{
    const char *colon = strrchr(listen, ':');
    size_t length = colon != NULL ? (size_t)(colon - listen) : 0;
    if (length == 0 || length >= 256 || strlen(colon + 1) >= 8 || colon[1] == '\0' ||
        colon[1 + strspn(colon + 1, "0123456789")] != '\0' || strtol(colon + 1, NULL, 10) > 65535)
        return false;
    strcpy(port, colon + 1);
    if (listen[0] == '[' && listen[length - 1] == ']' && length > 2) {
        listen++;
        length -= 2;
    } else if (memchr(listen, ':', length) != NULL) {
        return false; /* an IPv6 address without its brackets */
    }
    memcpy(host, listen, length);
    host[length] = '\0';
    return true;
}

static int open_socket(const struct addrinfo *info)
{
    int listener = socket(info->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1, off = 0;
    if (listener < 0)
        return -1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on); /* after a restart */
    if (info->ai_family == AF_INET6)
        setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off); /* [::] is IPv4 as well */
    if (bind(listener, info->ai_addr, info->ai_addrlen) == 0 && listen(listener, BACKLOG) == 0)
        return listener;
    int error = errno;
    close(listener);
    errno = error;
    return -1;
}

static bool name_socket(struct balint_server *server)
{
    struct sockaddr_storage address = {0};
    socklen_t size = sizeof address;
    char host[64], port[8];
    if (getsockname(server->listener, (struct sockaddr *)&address, &size) != 0 ||
        getnameinfo((struct sockaddr *)&address, size, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return false;
    snprintf(server->address, sizeof server->address, address.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s",
             host, port);
    return true;
}

bool balint_listen_open(struct balint_server *server, char why[BALINT_WHY_SIZE])
{
    const char *where = server->config.listen;
    char host[256], port[8];
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE},
                    *info;
    if (!split(where, host, port)) {
        snprintf(why, BALINT_WHY_SIZE,
                 "%s is no HOST:PORT to listen on. Write it like 127.0.0.1:8470 or [::]:443.", where);
        return false;
    }
    int result = getaddrinfo(host, port, &hints, &info);
    if (result != 0) {
        snprintf(why, BALINT_WHY_SIZE, "%s is not an address of this machine (%s). Check --listen.", where,
                 gai_strerror(result));
        return false;
    }
    bool ok = false;
    if (server->tls == NULL && !balint_is_loopback(info->ai_addr))
        snprintf(
            why, BALINT_WHY_SIZE,
            "%s can be reached from outside, which needs encryption: give --cert and --key, or listen on "
            "127.0.0.1.",
            where);
    else if ((server->listener = open_socket(info)) >= 0)
        ok = name_socket(server);
    else if (errno == EADDRINUSE)
        snprintf(why, BALINT_WHY_SIZE,
                 "%s is in use by another program. Stop that one, or choose another --listen.", where);
    else
        snprintf(why, BALINT_WHY_SIZE, "%s cannot be listened on (%s). Choose another --listen.", where,
                 strerror(errno));
    freeaddrinfo(info);
    return ok;
}

static void adopt(struct balint_server *server, int file, const struct sockaddr *address)
{
    uint8_t key[BALINT_ADDRESS_SIZE];
    int on = 1, bytes = SEND_BYTES;
    balint_address_of(address, key);
    enum balint_entry entry =
        balint_entry_of(balint_peer_count(server, key), server->config.connections_per_address);
    server->metrics.value[entry == BALINT_ENTER ? BALINT_METRIC_ACCEPTED : BALINT_METRIC_CROWDED]++;
    struct balint_peer *peer = entry != BALINT_ENTER_NOT ? balint_peer_new(server, address) : NULL;
    if (peer == NULL) {
        close(file);
        return;
    }
    peer->crowded = entry == BALINT_ENTER_CROWDED;
    if (peer->crowded)
        balint_log("crowded conn=%" PRIu64, peer->conn);
    setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(file, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
    lws_adopt_desc_t how = {.vh = server->vhost,
                            .type = LWS_ADOPT_SOCKET | LWS_ADOPT_HTTP | LWS_ADOPT_ALLOW_SSL,
                            .fd = {.sockfd = file},
                            .opaque = peer};
    balint_conn conn = peer->conn;
    struct lws *wsi = lws_adopt_descriptor_vhost_via_info(&how);
    /* It may be gone already, and the peer with it, or not. */
    peer = balint_peer_find(server, conn);
    if (wsi == NULL)
        balint_peer_free(peer);
    else if (peer != NULL)
        peer->wsi = wsi;
}

static void accept_some(struct ev_loop *loop, ev_io *watcher, int events)
{
    struct balint_server *server = watcher->data;
    (void)events;
    for (int i = 0; i < A_TURN; i++) {
        struct sockaddr_storage address;
        socklen_t size = sizeof address;
        int file = accept4(watcher->fd, (struct sockaddr *)&address, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (file >= 0) {
            adopt(server, file, (struct sockaddr *)&address);
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            /* No descriptors left: the socket would stay readable and the loop spin. The tick tries again. */
            balint_log("accept-paused: %s", strerror(errno));
            ev_io_stop(loop, watcher);
            return;
        } else if (errno != EINTR && errno != ECONNABORTED) {
            return; /* EAGAIN: that were all */
        }
    }
}

void balint_listen_start(struct balint_server *server)
{
    if (server->listener < 0 || ev_is_active(&server->accept))
        return;
    ev_io_init(&server->accept, accept_some, server->listener, EV_READ);
    server->accept.data = server;
    ev_io_start(server->loop, &server->accept);
}

void balint_listen_stop(struct balint_server *server)
{
    if (server->listener < 0)
        return;
    ev_io_stop(server->loop, &server->accept);
    close(server->listener);
    server->listener = -1;
}

bool balint_listen_url_ok(const struct balint_config *config, char why[BALINT_WHY_SIZE])
{
    const char *wrong = "";
    bool tls = strncmp(config->url, "https://", 8) == 0;
    if (config->url[0] == '\0' || balint_server_ok(config->url + (tls ? 8 : 7), tls, &wrong))
        return true;
    snprintf(why, BALINT_WHY_SIZE, "--url: %s", wrong);
    return false;
}

void balint_listen_url(const struct balint_server *server, char *url, size_t size)
{
    const char *at = server->address, *scheme = server->tls != NULL ? "https" : "http";
    char name[256];
    if (server->config.url[0] != '\0')
        snprintf(url, size, "%s", server->config.url);
    else if ((strncmp(at, "0.0.0.0:", 8) == 0 || strncmp(at, "[::]:", 5) == 0) &&
             gethostname(name, sizeof name) == 0)
        snprintf(url, size, "%s://%.*s%s", scheme, (int)sizeof name, name, strrchr(at, ':'));
    else
        snprintf(url, size, "%s://%s", scheme, at);
}
