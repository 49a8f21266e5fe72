/* odd_server.c - what may answer at a port instead of a balint-server, see odd_server.h. */
#include "integration/odd_server.h"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void die(const char *what)
{
    perror(what);
    _exit(1);
}

static struct sockaddr_in loopback(int port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void put(int fd, const char *text)
{
    if (send(fd, text, strlen(text), MSG_NOSIGNAL) < 0)
        die("send");
}

/* Reads up to the empty line of a request. */
static void read_head(int fd, char *head, size_t size)
{
    size_t length = 0;
    while (length < size - 1 && strstr(head, "\r\n\r\n") == NULL) {
        ssize_t got = read(fd, head + length, 1);
        if (got <= 0)
            _exit(0);
        head[++length] = '\0';
    }
}

/* RFC 6455 §4.2.2. */
static void upgrade(int fd, const char *protocol)
{
    char head[4096] = "", key[128] = "", joined[256], accept[64], answer[512];
    uint8_t hash[20];
    read_head(fd, head, sizeof head);
    const char *at = strcasestr(head, "Sec-WebSocket-Key:");
    if (at == NULL || sscanf(at + 18, " %127s", key) != 1)
        _exit(1);
    snprintf(joined, sizeof joined, "%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);
    EVP_Q_digest(NULL, "SHA1", NULL, joined, strlen(joined), hash, NULL);
    EVP_EncodeBlock((unsigned char *)accept, hash, sizeof hash);
    snprintf(answer, sizeof answer,
             "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Accept: %s\r\n%s\r\n",
             accept, protocol);
    put(fd, answer);
}

/* Says a text of less than 126 bytes. */
static void say(int fd, const char *text)
{
    char head[] = {(char)0x81, (char)strlen(text), '\0'};
    put(fd, head);
    put(fd, text);
}

static void answer_once(int fd, const char *text)
{
    char block[4096];
    if (read(fd, block, sizeof block) <= 0)
        _exit(0);
    say(fd, text);
}

static void wait_end(int fd)
{
    char block[512];
    while (read(fd, block, sizeof block) > 0)
        ;
}

/* What becomes of the client's third write. */
enum third { LOST, SWALLOWED, ANSWERED };

/* The client's writes are the upgrade, the nonce's request and the request itself; each waits for an answer,
 * so that reads here are writes there. `instead`: said where an answer is swallowed, or NULL. */
static void stand_between(int client, int port, enum third third, const char *instead)
{
    char block[65536];
    int writes = 0;
    struct sockaddr_in to = loopback(port);
    int server = socket(AF_INET, SOCK_STREAM, 0);
    if (server < 0 || connect(server, (struct sockaddr *)&to, sizeof to) != 0)
        die("connect");
    struct pollfd both[] = {{.fd = client, .events = POLLIN}, {.fd = server, .events = POLLIN}};
    while (poll(both, 2, -1) > 0) {
        bool back = both[1].revents != 0;
        ssize_t got = read(back ? server : client, block, sizeof block);
        bool swallow = back && writes == 3 && third == SWALLOWED;
        if (got > 0 && swallow && instead != NULL) {
            say(client, instead);
            wait_end(client);
        }
        if (got <= 0 || swallow || (!back && ++writes == 3 && third == LOST))
            break;
        if (send(back ? client : server, block, (size_t)got, MSG_NOSIGNAL) != got)
            break;
    }
    close(server);
}

static void serve(int fd, enum balint_odd odd, int port)
{
    static const char ours[] = "Sec-WebSocket-Protocol: balint.1\r\n";
    static const char busy[] = "{\"type\":\"error\",\"re\":2,\"code\":\"unavailable\",\"text\":\"Not now.\"}";
    static const char bye[] = "{\"type\":\"bye\",\"code\":\"shutdown\",\"text\":\"The server ends.\"}";
    static int connections; /* that were served before */
    char head[4096] = "";
    switch (odd) {
    case BALINT_ODD_WEB:
        read_head(fd, head, sizeof head);
        put(fd, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        break;
    case BALINT_ODD_BANNER:
        put(fd, "SSH-2.0-server\r\n");
        read_head(fd, head, sizeof head);
        put(fd, "Invalid SSH identification string.\r\n");
        break;
    case BALINT_ODD_CLOSES:
        break;
    case BALINT_ODD_MUTE:
        wait_end(fd);
        break;
    case BALINT_ODD_WEBSOCKET:
        upgrade(fd, "");
        wait_end(fd);
        break;
    case BALINT_ODD_GARBLED:
        upgrade(fd, ours);
        answer_once(fd, "hello");
        wait_end(fd);
        break;
    case BALINT_ODD_OTHER:
        upgrade(fd, ours);
        answer_once(fd, "{\"type\":\"done\",\"re\":1}");
        wait_end(fd);
        break;
    case BALINT_ODD_STALE:
        upgrade(fd, ours);
        answer_once(
            fd,
            "{\"type\":\"challenge\",\"re\":9,\"nonce\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}");
        wait_end(fd);
        break;
    case BALINT_ODD_LEAVES:
        upgrade(fd, ours);
        if (read(fd, head, sizeof head) < 0)
            die("read");
        break;
    case BALINT_ODD_LOSES:
        stand_between(fd, port, LOST, NULL);
        break;
    case BALINT_ODD_SWALLOWS:
        stand_between(fd, port, SWALLOWED, NULL);
        break;
    case BALINT_ODD_BUSY:
        stand_between(fd, port, SWALLOWED, busy);
        break;
    case BALINT_ODD_ENDS:
    case BALINT_ODD_ENDS_2ND:
        stand_between(fd, port, odd == BALINT_ODD_ENDS || connections++ > 0 ? SWALLOWED : ANSWERED, bye);
        break;
    }
    shutdown(fd, SHUT_RDWR);
    close(fd);
}

void balint_odd_start(struct balint_odd_server *server, enum balint_odd odd, int port)
{
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, 8) != 0 || getsockname(listener, (struct sockaddr *)&address, &size) != 0)
        die("listen");
    snprintf(server->address, sizeof server->address, "127.0.0.1:%d", ntohs(address.sin_port));
    server->pid = fork();
    if (server->pid < 0)
        die("fork");
    if (server->pid > 0) {
        close(listener);
        return;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    alarm(60);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0)
            die("accept");
        serve(fd, odd, port);
    }
}

void balint_odd_stop(struct balint_odd_server *server)
{
    kill(server->pid, SIGKILL);
    waitpid(server->pid, NULL, 0);
    server->pid = 0;
}
