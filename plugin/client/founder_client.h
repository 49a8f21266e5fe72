/* founder_client.h - a founder's conversation with the server: nonce, challenge, then found, mint or revoke.
 *
 * Every request is signed by ROOT over a fresh nonce of the server's, so that nobody can repeat one. One
 * request a connection: it is short, and whatever goes wrong leaves nothing behind. Blocks for at most about
 * 20 s; runs its own main context, so it may be called where another loop exists. One thread.
 */
#ifndef BALINT_FOUNDER_CLIENT_H
#define BALINT_FOUNDER_CLIENT_H

#include "client/why.h"
#include "protocol/messages.h"

struct balint_key;

struct balint_server_address {
    char server[256]; /* host[:port] */
    bool tls;
    const char *ca; /* PEM file to trust, or NULL: the system's */
};

enum balint_answer {
    BALINT_ANSWER_DONE,
    BALINT_ANSWER_REFUSED, /* the server judged this request and said no for good: nothing was kept there */
    BALINT_ANSWER_NONE, /* no server, no balint-server, no answer, or one that is no word on the request, such
                         * as "not now": what became of it is unknown */
};

/* The outcome of one request. */
struct balint_asked {
    enum balint_answer answer;
    bool sent;            /* the request itself left; before that, nothing can have been kept anywhere */
    char code[33];        /* of the server's error or goodbye, if one came */
    char why[BALINT_WHY]; /* one line, unless done */
};

/* Registers ROOT's public half with a code from `balint-server group add`. */
void balint_ask_found(const struct balint_server_address *server, const char *group, const char *code,
                      const struct balint_key *root, struct balint_asked *asked);
/* Tokens for `count` certificates (1..BALINT_MINT_MAX), in their order. */
void balint_ask_mint(const struct balint_server_address *server, const char *group,
                     const struct balint_certificate_bytes *certificates, int count,
                     const struct balint_key *root, struct balint_token_bytes *tokens,
                     struct balint_asked *asked);
/* Ends a member's certificates below `serial`. */
void balint_ask_revoke(const struct balint_server_address *server, const char *group, const char *member,
                       uint64_t serial, const struct balint_key *root, struct balint_asked *asked);

#endif
