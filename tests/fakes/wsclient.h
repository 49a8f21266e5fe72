/* wsclient.h - a small blocking WebSocket client (RFC 6455) for tests, on a bare socket, with TLS if wanted.
 *
 * Why not a library: tests need what libraries prevent: frames that are wrong, messages in pieces, a reader
 * who stops reading, a connection that breaks off. Every wait has a deadline. One thread a client.
 */
#ifndef BALINT_FAKE_WSCLIENT_H
#define BALINT_FAKE_WSCLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct balint_ws; /* opaque */

/* Zeros are good: no TLS, /ws, subprotocol balint.1, no Origin. */
struct balint_ws_options {
    const char *host; /* NULL: 127.0.0.1; numeric */
    int port;
    bool tls;
    const char *ca_file;  /* with tls: the certificate must be this one's; NULL: any */
    const char *path;     /* NULL: /ws */
    const char *protocol; /* NULL: balint.1; "": no subprotocol */
    const char *origin;   /* NULL: none */
    const char *headers;  /* further lines, each with \r\n; NULL: none */
    int receive_bytes;    /* SO_RCVBUF; 0: the system's */
    const char *from;     /* own address, numeric (all of 127.0.0.0/8 is this machine); NULL: the system's */
};
/* Connects and upgrades. NULL when that failed; `status` (may be NULL) is then the HTTP status, 0 without
 * one. */
struct balint_ws *balint_ws_open(const struct balint_ws_options *options, int *status);

bool balint_ws_send(struct balint_ws *ws, const char *text);
bool balint_ws_send_bytes(struct balint_ws *ws, const char *text, size_t length); /* one text message */
/* One raw frame: opcode 0 continuation, 1 text, 2 binary, 8 close, 9 ping; `length` is what its head says,
 * `sent` bytes of it follow. */
bool balint_ws_send_frame(struct balint_ws *ws, bool final, int opcode, const char *bytes, uint64_t length,
                          size_t sent);

/* The next text message, to be freed with free(), or NULL: none came in time, or the connection has ended. */
char *balint_ws_next(struct balint_ws *ws, int timeout_ms);
/* Has the other end closed? Only what was read so far counts. */
bool balint_ws_ended(const struct balint_ws *ws);
/* Reads on and throws away until the other end has closed; false: it did not in time. */
bool balint_ws_wait_end(struct balint_ws *ws, int timeout_ms);
int balint_ws_close_code(const struct balint_ws *ws);   /* of its close frame; 0: there was none */
const char *balint_ws_head(const struct balint_ws *ws); /* status line and headers of the upgrade */

void balint_ws_close(struct balint_ws *ws); /* close frame, end, free; NULL is legal */
void balint_ws_drop(struct balint_ws *ws);  /* breaks off (RST) and frees; NULL is legal */

/* A plain HTTP request, as it stands ("GET / HTTP/1.1\r\n…\r\n\r\n"); the whole answer with a final NUL, to
 * be freed, or NULL. Uses host, port, tls and ca_file. */
char *balint_http(const struct balint_ws_options *options, const char *request);
/* GET of a path. */
char *balint_http_get(const struct balint_ws_options *options, const char *path);

/* Milliseconds of a clock that only rises. */
int64_t balint_test_ms(void);

#endif
