/* messages.h - every message of the wire as a struct, and the one table that describes them all.
 *
 * Decoder, encoder, validator, PROTOCOL.md's tables and the fuzz dictionary come from that table
 * (messages.c): a message is added there and nowhere else. JSON ends in this folder.
 * Pure: no socket, no clock; any thread (no shared state).
 */
#ifndef BALINT_MESSAGES_H
#define BALINT_MESSAGES_H

#include "protocol/limits.h"
#include "session/evening.h"
#include "session/state.h"

enum balint_type {
    /* client → server, before a seat is taken */
    BALINT_MSG_KNOCK,  /* here is my token: what is behind this door? */
    BALINT_MSG_HELLO,  /* takes a seat: certificate, device, join */
    BALINT_MSG_RESUME, /* takes the seat back after a lost socket */
    BALINT_MSG_NONCE,  /* a founder asks for a nonce to sign over */
    BALINT_MSG_FOUND,  /* registers ROOT's public half with a one-use code */
    BALINT_MSG_MINT,   /* asks for tokens for certificates */
    BALINT_MSG_REVOKE, /* revokes a member's invitations */
    /* client → server, with a seat */
    BALINT_MSG_JOIN,  /* a new join, when the session's id became known or changed */
    BALINT_MSG_ADMIT, /* a roster made by a leader's program */
    BALINT_MSG_PRESENT,
    BALINT_MSG_VOLUNTEER,
    BALINT_MSG_AGREE,
    BALINT_MSG_PHASE,
    BALINT_MSG_FORMAT,
    BALINT_MSG_STEP_BACK,
    BALINT_MSG_INVITE_BACK,
    BALINT_MSG_RETURN,
    BALINT_MSG_ASK_RETURN,
    BALINT_MSG_HAND,
    BALINT_MSG_MUTE,
    BALINT_MSG_MUTE_FOR_CAUSE,
    BALINT_MSG_AWAY,
    BALINT_MSG_SIT_OUT,
    BALINT_MSG_SHARED,
    BALINT_MSG_END_AT,
    BALINT_MSG_AFTER_ROOM,
    BALINT_MSG_TURN,
    BALINT_MSG_ROUND,
    BALINT_MSG_LEAD,
    BALINT_MSG_LOCK, /* the door of this session: nobody new into the lobby */
    BALINT_MSG_LEAVE,
    BALINT_MSG_PING,
    /* both ways: `to` from the client, `from` from the server */
    BALINT_MSG_OFFER,
    BALINT_MSG_ANSWER,
    BALINT_MSG_CANDIDATE,
    BALINT_MSG_LINK,
    BALINT_MSG_PASS,
    BALINT_MSG_REPORT,
    /* server → client */
    BALINT_MSG_DOOR,
    BALINT_MSG_WELCOME,
    BALINT_MSG_STATE,
    BALINT_MSG_PERSON,
    BALINT_MSG_ROSTER,
    BALINT_MSG_CRIB, /* the leaders' cards */
    BALINT_MSG_CHALLENGE,
    BALINT_MSG_TOKENS,
    BALINT_MSG_DONE,
    BALINT_MSG_PONG,
    BALINT_MSG_ERROR,
    BALINT_MSG_DISPLACED,
    BALINT_MSG_BYE,
    BALINT_MSGS,
};

/* Bytes that travel as base64url without padding. The struct's name says its cap. */
#define BALINT_BYTES(name, cap)                                                                              \
    struct name {                                                                                            \
        uint16_t length;                                                                                     \
        uint8_t data[cap];                                                                                   \
    }
BALINT_BYTES(balint_certificate_bytes, BALINT_CERTIFICATE_SIZE);
BALINT_BYTES(balint_device_bytes, BALINT_DEVICE_SIZE);
BALINT_BYTES(balint_join_bytes, BALINT_JOIN_SIZE);
BALINT_BYTES(balint_token_bytes, BALINT_TOKEN_SIZE);
BALINT_BYTES(balint_roster_bytes, BALINT_ROSTER_SIZE);
BALINT_BYTES(balint_pass_bytes, BALINT_PASS_SIZE);
BALINT_BYTES(balint_granting_bytes, BALINT_GRANTING_SIZE);
BALINT_BYTES(balint_signature_bytes, BALINT_SIGNATURE_SIZE);
BALINT_BYTES(balint_resume_bytes, BALINT_RESUME_SIZE);
BALINT_BYTES(balint_envelope_bytes, BALINT_ENVELOPE_SIZE);
BALINT_BYTES(balint_key_bytes, BALINT_KEY_SIZE);
BALINT_BYTES(balint_nonce_bytes, BALINT_NONCE_SIZE);
BALINT_BYTES(balint_session_bytes, BALINT_SESSION_SIZE);

struct balint_knock {
    char group[BALINT_NAME_SIZE];
    struct balint_token_bytes token;
};
/* Follows `door` on the same socket. The token was checked at the knock. */
struct balint_hello {
    struct balint_certificate_bytes certificate;
    struct balint_device_bytes device;
    struct balint_join_bytes join;
};
struct balint_resume {
    char group[BALINT_NAME_SIZE];
    struct balint_resume_bytes secret;
};
struct balint_found {
    char group[BALINT_NAME_SIZE];
    char code[BALINT_ID_SIZE]; /* from `balint-server group add` */
    struct balint_key_bytes root;
    struct balint_signature_bytes signature; /* by ROOT, over label, nonce, group, code, root */
};
struct balint_mint {
    char group[BALINT_NAME_SIZE];
    int certificate_count;
    struct balint_certificate_bytes certificates[BALINT_MINT_MAX];
    struct balint_signature_bytes signature; /* by ROOT, over label, nonce, group, each certificate */
};
struct balint_revoke {
    char group[BALINT_NAME_SIZE];
    char member[BALINT_ID_SIZE];
    int64_t serial;                          /* certificates below this serial end */
    struct balint_signature_bytes signature; /* by ROOT, over label, nonce, group, member, serial */
};
struct balint_join {
    struct balint_join_bytes join;
};
struct balint_admit {
    struct balint_roster_bytes roster;
};
/* present, mute-for-cause, lead, hand: a seat; phase: its index; the rest on/off. Which of these fields a
 * message has, and their ranges, the table says; absent ones are BALINT_NOBODY / 0. */
struct balint_act {
    int seat;
    int value;
};
struct balint_choice {
    char format[BALINT_ID_SIZE];
};
struct balint_ping {
    int64_t sent; /* the client's own, comes back in the pong */
};
/* The fields of one side of a link; each end writes the other's SDP from them. */
struct balint_codec {
    int payload;      /* RTP payload type, 96..127 */
    char params[128]; /* the codec's fmtp parameters, k=v;k=v, [A-Za-z0-9=;-] */
};
struct balint_sdp {
    int seat;             /* `to` or `from` */
    int64_t generation;   /* of the link; the offerer raises it, across processes too */
    char ufrag[33];       /* 4..32, ice-char (RFC 8839) */
    char pwd[65];         /* 22..64, ice-char */
    char fingerprint[96]; /* sha-256, 32 upper-case hex pairs with colons */
    char setup[9];        /* actpass in an offer; active or passive in an answer */
    struct balint_codec opus;
    struct balint_codec vp8;
    struct balint_signature_bytes signature; /* by the sender's device */
};
struct balint_candidate {
    int seat;
    int64_t generation;
    int mline; /* 0 or 1 */
    char foundation[33];
    int component;    /* 1 or 2 */
    char protocol[4]; /* udp; tcp is carried and ignored by the receiver */
    int64_t priority; /* 1..2^32-1 */
    char address[65]; /* IPv4, IPv6 or a .local name, which receivers ignore */
    int port;
    char kind[6];             /* host, srflx, prflx, relay */
    char related_address[65]; /* optional: empty */
    int related_port;
};
/* What one side has to tell the other of a link. */
enum balint_link_event {
    BALINT_LINK_REMAKE,   /* to the fixed offerer: please make the next generation */
    BALINT_LINK_MISMATCH, /* the certificate does not fit the fingerprint: this link will not open */
    BALINT_LINK_CLOSED,
    BALINT_LINK_UNSIGNED, /* your descriptions are not signed by you for me: nothing is opened */
    BALINT_LINK_EVENTS,
};
struct balint_link_message {
    int seat;
    int64_t generation;
    enum balint_link_event event;
};
struct balint_pass_message {
    int seat; /* whom the leader looks at, from the client; the leader's, from the server */
    struct balint_pass_bytes pass;
    struct balint_granting_bytes grant; /* empty from a leader by certificate */
};
struct balint_report {
    int seat;                              /* a leader's, from the client; the sender's, from the server */
    struct balint_envelope_bytes envelope; /* always BALINT_ENVELOPE_SIZE */
};
struct balint_door {
    struct balint_certificate_bytes certificate;
    struct balint_session_bytes session; /* empty: the first leader's program chooses it */
    struct balint_nonce_bytes nonce;     /* goes into the join */
    struct balint_key_bytes root;        /* ROOT as the server knows it; the link's own counts */
};
struct balint_welcome {
    char boot[17];
    int seat;
    struct balint_resume_bytes
        secret; /* for the next resume; the previous one stays valid until this is used */
    int64_t epoch;
};
/* Certificate, device and join of a person, sent before the state that first shows that epoch. */
struct balint_person {
    int seat;
    int64_t epoch;
    struct balint_certificate_bytes certificate;
    struct balint_device_bytes device;
    struct balint_join_bytes join;
};
struct balint_roster_message {
    struct balint_roster_bytes roster;
};
struct balint_crib {
    int count;
    struct balint_card cards[BALINT_CARDS];
};
struct balint_challenge {
    struct balint_nonce_bytes nonce;
};
struct balint_tokens {
    int token_count;
    struct balint_token_bytes tokens[BALINT_MINT_MAX]; /* in the order of the certificates */
};
struct balint_pong {
    int64_t sent;
    int64_t clock_ms; /* session clock */
};
struct balint_error {
    char code[33];  /* "not-yours": stable, for programs */
    char field[65]; /* the field that was wrong, as a path ("opus.payload"); empty when none was */
    char text[257]; /* a sentence for the person: what is wrong and what to do */
};
struct balint_bye {
    char code[33]; /* shutdown, removed, revoked, ended, too-slow, abuse, … */
    char text[257];
};

struct balint_message {
    enum balint_type type;
    int64_t id; /* requests: chosen by the client, 1..2^31-1; 0 = none */
    int64_t re; /* answers, and the state that follows a request: its id; 0 = none */
    union {
        struct balint_knock knock;
        struct balint_hello hello;
        struct balint_resume resume;
        struct balint_found found;
        struct balint_mint mint;
        struct balint_revoke revoke;
        struct balint_join join;
        struct balint_admit admit;
        struct balint_act act;
        struct balint_choice choice;
        struct balint_ping ping;
        struct balint_sdp sdp;
        struct balint_candidate candidate;
        struct balint_link_message link;
        struct balint_pass_message pass;
        struct balint_report report;
        struct balint_door door;
        struct balint_welcome welcome;
        struct balint_state state;
        struct balint_person person;
        struct balint_roster_message roster;
        struct balint_crib crib;
        struct balint_challenge challenge;
        struct balint_tokens tokens;
        struct balint_pong pong;
        struct balint_error error;
        struct balint_bye bye; /* also displaced */
    };
};

/* Who sends a message: bits of a row's `from`. */
enum {
    BALINT_FROM_STRANGER = 1 << 0, /* a socket without a seat */
    BALINT_FROM_LOBBY = 1 << 1,
    BALINT_FROM_OBSERVER = 1 << 2,
    BALINT_FROM_MEMBER = 1 << 3,
    BALINT_FROM_LEADER = 1 << 4, /* leader and co-leader */
    BALINT_FROM_SERVER = 1 << 5,
};
#define BALINT_FROM_ADMITTED (BALINT_FROM_OBSERVER | BALINT_FROM_MEMBER | BALINT_FROM_LEADER)
#define BALINT_FROM_SEATED   (BALINT_FROM_LOBBY | BALINT_FROM_ADMITTED)

/* The wire's name ("step-back") and who may send it, from the table. `type` 0..BALINT_MSGS-1. */
const char *balint_message_name(enum balint_type type);
unsigned balint_message_from(enum balint_type type);

/* Which way a decoded message travelled: fields differ (`to` from a client, `from` from the server). */
enum balint_way { BALINT_TO_SERVER, BALINT_TO_CLIENT };

/* Decodes one text message of `length` bytes. Returns true and fills `message`, or returns false and fills
 * `error` (code, field, text; ready to be sent) with `error->field` naming what was wrong: malformed JSON,
 * unknown message, unknown, duplicate or missing key, wrong type, over a limit, bytes that are no UTF-8.
 * `message->id` is filled whenever the text had a readable one, so that the error can carry it as `re`, and
 * `message->type` whenever it was known (else BALINT_MSGS). Texts carry no control characters. A field that
 * was left out is 0, empty or false; a seat BALINT_NOBODY; `place` of a step back 0: as the format says. */
bool balint_decode(const char *text, size_t length, enum balint_way way, struct balint_message *message,
                   struct balint_error *error);

/* Encodes a message. Returns a string the caller frees with free(), its length in `length` (may be NULL), or
 * NULL when a field is outside its limits or there is no memory. The text is one line, at most
 * BALINT_MESSAGE_SIZE to the server, BALINT_STATE_SIZE to a client. `id` travels to the server only, `re` to
 * the client only. */
char *balint_encode(const struct balint_message *message, enum balint_way way, size_t *length);

/* Writes the tables of PROTOCOL.md (Markdown) / the fuzz dictionary, made from the table, to `out`. */
#include <stdio.h>
void balint_describe_messages(FILE *out);
void balint_describe_limits(FILE *out);
void balint_describe_floor(FILE *out);   /* who may be heard and seen */
void balint_describe_phases(FILE *out);  /* shipped formats and their legal edges */
void balint_describe_results(FILE *out); /* error codes and what they mean */
void balint_describe_dictionary(FILE *out);

#endif
