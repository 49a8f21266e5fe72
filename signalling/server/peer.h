/* peer.h - one connection: who it is, what was received of a message, what waits to be sent.
 *
 * A peer begins when a socket is accepted and ends when libwebsockets destroys it; whoever wants to speak to
 * it later keeps its number, never its address. The loop's thread.
 */
#ifndef BALINT_PEER_H
#define BALINT_PEER_H

#include "room/room.h"
#include "server/guard.h"
#include "server/server.h"

struct lws;

/* What the door found out about somebody who knocked. */
struct balint_visit {
    struct balint_certificate certificate;
    struct balint_certificate_bytes bytes;
    uint8_t nonce[BALINT_NONCE_SIZE];
};

struct balint_peer {
    balint_conn conn;
    struct balint_server *server;
    struct lws *wsi;
    uint8_t address[BALINT_ADDRESS_SIZE];
    int64_t opened_us, heard_us;
    bool crowded;   /* over the limit of its address */
    bool websocket; /* upgraded */
    bool settled;   /* has said who it is: a seat, or a founder */
    bool seated;    /* `group`'s room knows it */
    bool closing;   /* nothing more is read from it; closed once the queue is sent */
    bool doomed;    /* closed without another word */
    int64_t closing_us;
    int64_t noise_us; /* when it last sent something while closing; 0: never */
    struct balint_message
        *late;       /* an error that has to wait; nothing is read meanwhile, it closes after that */
    int64_t late_us; /* until then */
    bool trying;     /* what is refused now is a wrong try at the door … */
    uint8_t try_key[BALINT_TRIES_KEY]; /* … counted here */
    struct balint_bucket bucket;
    struct balint_abuse abuse;

    char *text; /* a message received so far, BALINT_MESSAGE_SIZE bytes; NULL between messages */
    size_t length;
    size_t skipped; /* bytes of an oversized message thrown away so far */
    bool skipping;

    struct balint_outbound *queue, **queue_end;
    size_t queued; /* bytes */

    struct balint_group *group; /* counted there; NULL before the door */
    struct balint_visit *visit; /* between knock and hello */
    bool challenged;
    uint8_t nonce[BALINT_NONCE_SIZE]; /* of the challenge */

    struct balint_peer *next, *previous, *next_in_bucket;
};

struct sockaddr;
struct balint_peer *balint_peer_new(struct balint_server *server,
                                    const struct sockaddr *address); /* or NULL */
void balint_peer_free(struct balint_peer *peer);
struct balint_peer *balint_peer_find(struct balint_server *server, balint_conn conn); /* NULL: gone */
/* How many others are there of an address? */
int balint_peer_count(const struct balint_server *server, const uint8_t address[BALINT_ADDRESS_SIZE]);

/* Queues a text. Who does not drain the queue is doomed. */
void balint_peer_send(struct balint_peer *peer, const char *text, size_t length);
void balint_peer_message(struct balint_peer *peer, const struct balint_message *message);
void balint_peer_error(struct balint_peer *peer, int64_t re, const char *code, const char *field,
                       const char *text);
/* The same in `delay_ms`, and closes. */
void balint_peer_error_later(struct balint_peer *peer, int delay_ms, int64_t re, const char *code,
                             const char *field, const char *text);
/* Says `bye` and closes once that is sent. */
void balint_peer_bye(struct balint_peer *peer, const char *code, const char *text);
void balint_peer_close(struct balint_peer *peer); /* once the queue is sent */
void balint_peer_kill(struct balint_peer *peer);  /* now, unsent */
/* Counts a mistake of the peer's own making; too many close it. */
void balint_peer_abuse(struct balint_peer *peer);
/* The socket takes more: sends what it takes. False: all is sent and it is to be closed. */
bool balint_peer_writable(struct balint_peer *peer);
/* Time passed: late, silent and stuck peers go. */
void balint_peers_tick(struct balint_server *server);

#endif
