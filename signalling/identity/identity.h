/* identity.h - invitations, certificates, rosters and the other records of "What is said here stays here".
 *
 * Bytes and `now` in, bytes out; OpenSSL EVP only; no file, socket or clock. Every signed record is a
 * sequence of length-prefixed fields (16-bit big-endian length, bytes) whose first field is its label
 * ("balint1 certificate"), so that no signature over one kind of record can be taken for another. Integers
 * are big-endian. The layouts are written down in PROTOCOL.md. Pure; any thread.
 */
#ifndef BALINT_IDENTITY_H
#define BALINT_IDENTITY_H

#include "protocol/limits.h"
#include "session/session.h"

#define BALINT_SEED_SIZE 32

/* ---- keys: Ed25519 */
struct balint_key {
    uint8_t seed[BALINT_SEED_SIZE];       /* secret half */
    uint8_t public_half[BALINT_KEY_SIZE]; /* derived from it */
};
bool balint_random(uint8_t *bytes, size_t length); /* false: the system has no randomness */
bool balint_key_make(struct balint_key *key);      /* new random pair */
bool balint_key_from_seed(struct balint_key *key, const uint8_t seed[BALINT_SEED_SIZE]);
/* The person's key of an invitation: HKDF-SHA256(ikm SEED, salt ROOT, info "balint1 person") → Ed25519 seed.
 */
bool balint_key_of_person(struct balint_key *key, const uint8_t seed[BALINT_SEED_SIZE],
                          const uint8_t root[BALINT_KEY_SIZE]);
bool balint_sign(const struct balint_key *key, const uint8_t *bytes, size_t length,
                 uint8_t signature[BALINT_SIGNATURE_SIZE]);
bool balint_verify(const uint8_t public_half[BALINT_KEY_SIZE], const uint8_t *bytes, size_t length,
                   const uint8_t *signature, size_t signature_length);
bool balint_hash(const uint8_t *bytes, size_t length, uint8_t hash[BALINT_HASH_SIZE]); /* SHA-256 */
void balint_wipe(void *bytes, size_t length);
bool balint_same(const void *a, const void *b, size_t length); /* in constant time */

/* ---- ids and names, as they stand in every record */
bool balint_id_ok(const char *id);     /* 1..32 of a-z 0-9 - _ */
bool balint_name_ok(const char *name); /* 1..64 bytes of UTF-8 without control characters */

/* ---- text: base64url without padding (RFC 4648 §5), strict */
/* Writes the text with final NUL; `size` must be at least BALINT_BASE64_SIZE(length). */
#define BALINT_BASE64_SIZE(length) (((length)*4 + 2) / 3 + 1)
void balint_base64(const uint8_t *bytes, size_t length, char *text);
/* Returns the number of bytes, or -1: not base64url, not canonical, or more than `cap`. */
int balint_unbase64(const char *text, size_t length, uint8_t *bytes, size_t cap);

/* ---- invitation link: https://host[:port]/join/GROUP#1.TOKEN.SEED.ROOT */
struct balint_link {
    char server[256]; /* host[:port] */
    bool tls;         /* https; http is accepted for loopback hosts only */
    char group[BALINT_NAME_SIZE];
    uint16_t token_length;
    uint8_t token[BALINT_TOKEN_SIZE];
    uint8_t seed[BALINT_SEED_SIZE];
    uint8_t root[BALINT_KEY_SIZE];
};
#define BALINT_LINK_SIZE 768
/* Both return false and point `why` at one sentence that says what is wrong and what to do. */
bool balint_link_parse(struct balint_link *link, const char *text, const char **why);
bool balint_link_write(const struct balint_link *link, char *text, size_t size);

/* `server` is host[:port]; the same rules as in a link: https, or http and a loopback host. `why` may be
 * NULL. */
bool balint_server_ok(const char *server, bool tls, const char **why);
/* A group's name as it stands in a link's path, percent-encoded (RFC 3986 §2.1), and back. */
#define BALINT_GROUP_TEXT_SIZE (3 * BALINT_NAME_SIZE)
bool balint_group_ok(const char *group); /* a name, neither "." nor ".." */
void balint_group_encode(const char *group, char text[BALINT_GROUP_TEXT_SIZE]);
bool balint_group_decode(const char *text, size_t length, char group[BALINT_NAME_SIZE]);

/* ---- certificate: ROOT says who this is */
struct balint_certificate {
    char group[BALINT_NAME_SIZE];
    char member[BALINT_ID_SIZE];
    char name[BALINT_NAME_SIZE];
    enum balint_role role;
    uint64_t serial;              /* rises with every renewal of this member */
    int64_t from_s, until_s;      /* Unix seconds */
    uint8_t key[BALINT_KEY_SIZE]; /* the person's public half */
};
/* Signed records are returned as their bytes, signature as the last field. Length, or 0 on failure. */
size_t balint_certificate_make(const struct balint_certificate *certificate, const struct balint_key *root,
                               uint8_t bytes[BALINT_CERTIFICATE_SIZE]);
/* Reads and verifies against `root` (NULL: reads only; for showing, never for trusting). Times are the
 * caller's to compare. */
bool balint_certificate_read(struct balint_certificate *certificate, const uint8_t *bytes, size_t length,
                             const uint8_t root[BALINT_KEY_SIZE]);

/* ---- token: the server's HMAC-SHA256 under its own key: the door */
struct balint_token {
    char member[BALINT_ID_SIZE];
    uint64_t serial;
    int64_t from_s, until_s;
};
/* HMAC over label, group, member, serial, times and the certificate's hash. */
size_t balint_token_make(const struct balint_token *token, const char *group,
                         const uint8_t certificate_hash[BALINT_HASH_SIZE],
                         const uint8_t door_key[BALINT_KEY_SIZE], uint8_t bytes[BALINT_TOKEN_SIZE]);
/* The member and times a token speaks of, unverified: to find the certificate it must be checked with. */
bool balint_token_peek(struct balint_token *token, const uint8_t *bytes, size_t length);
bool balint_token_verify(const uint8_t *bytes, size_t length, const char *group,
                         const uint8_t certificate_hash[BALINT_HASH_SIZE],
                         const uint8_t door_key[BALINT_KEY_SIZE]);

/* ---- what a founder signs for the server: found, mint, revoke */
#define BALINT_REQUEST_SIZE 16384
struct balint_part {
    const void *bytes;
    size_t length;
};
/* The bytes to be signed: label, nonce, then the parts in order. Length, or 0 when it does not fit. */
size_t balint_request_bytes(const char *label, const uint8_t nonce[BALINT_NONCE_SIZE],
                            const struct balint_part *parts, int count, uint8_t *bytes, size_t size);
/* The three requests themselves, the same on both sides. A serial is 8 bytes big-endian. */
#define BALINT_LABEL_FOUND  "balint1 found"
#define BALINT_LABEL_MINT   "balint1 mint"
#define BALINT_LABEL_REVOKE "balint1 revoke"
size_t balint_found_bytes(const uint8_t nonce[BALINT_NONCE_SIZE], const char *group, const char *code,
                          const uint8_t root[BALINT_KEY_SIZE], uint8_t *bytes, size_t size);
size_t balint_mint_bytes(const uint8_t nonce[BALINT_NONCE_SIZE], const char *group,
                         const struct balint_part *certificates, int count, uint8_t *bytes, size_t size);
size_t balint_revoke_bytes(const uint8_t nonce[BALINT_NONCE_SIZE], const char *group, const char *member,
                           uint64_t serial, uint8_t *bytes, size_t size);

/* ---- device, join: final fields; `signature` stays empty until identities sign them */
struct balint_device {
    uint8_t key[BALINT_KEY_SIZE];
    uint8_t signature_length; /* 0 or BALINT_SIGNATURE_SIZE */
    uint8_t signature[BALINT_SIGNATURE_SIZE];
};
size_t balint_device_write(const struct balint_device *device, uint8_t bytes[BALINT_DEVICE_SIZE]);
bool balint_device_read(struct balint_device *device, const uint8_t *bytes, size_t length);

struct balint_join_record {
    uint8_t session[BALINT_SESSION_SIZE]; /* zeros: not known yet */
    uint8_t certificate_hash[BALINT_HASH_SIZE];
    uint8_t nonce[BALINT_NONCE_SIZE];  /* the door's */
    uint8_t exchange[BALINT_KEY_SIZE]; /* X25519 public half of this process */
    uint8_t signature_length;
    uint8_t signature[BALINT_SIGNATURE_SIZE];
};
size_t balint_join_write(const struct balint_join_record *join, uint8_t bytes[BALINT_JOIN_SIZE]);
bool balint_join_read(struct balint_join_record *join, const uint8_t *bytes, size_t length);

/* ---- roster: who is in, in which role; made by a leader's program */
struct balint_roster_entry {
    char member[BALINT_ID_SIZE];
    enum balint_role role;
    uint8_t device[BALINT_KEY_SIZE]; /* device key */
    uint64_t serial;                 /* lowest valid serial */
};
struct balint_roster {
    uint8_t root[BALINT_KEY_SIZE];
    uint8_t session[BALINT_SESSION_SIZE];
    int64_t expires_s;                  /* Unix seconds, at most 12 h ahead */
    uint32_t epoch;                     /* from 1, rising by one */
    uint8_t previous[BALINT_HASH_SIZE]; /* hash of the previous roster's bytes; zeros at epoch 1 */
    int count;
    struct balint_roster_entry entries[BALINT_SEATS];
    char signer[BALINT_ID_SIZE]; /* member id of the leader whose program made it */
    uint16_t grant_length;       /* a deputy's grant, empty until issue of deputies */
    uint8_t grant[512];
    uint8_t signature_length;
    uint8_t signature[BALINT_SIGNATURE_SIZE];
};
size_t balint_roster_write(const struct balint_roster *roster, uint8_t bytes[BALINT_ROSTER_SIZE]);
bool balint_roster_read(struct balint_roster *roster, const uint8_t *bytes, size_t length);
/* Entry of a member, or NULL. */
const struct balint_roster_entry *balint_roster_find(const struct balint_roster *roster, const char *member);

/* ---- envelope: 256 bytes; until it is sealed, the body stands open and the tag is zeros */
enum balint_envelope_kind { BALINT_ENVELOPE_NOTHING, BALINT_ENVELOPE_TALK };
#define BALINT_ENVELOPE_BODY 216
struct balint_envelope {
    uint64_t sequence; /* strictly rising per sender and receiver */
    uint32_t epoch;    /* the sender's client epoch */
    enum balint_envelope_kind kind;
    uint8_t body[BALINT_ENVELOPE_BODY];
};
void balint_envelope_write(const struct balint_envelope *envelope, uint8_t bytes[BALINT_ENVELOPE_SIZE]);
bool balint_envelope_read(struct balint_envelope *envelope, const uint8_t *bytes, size_t length);

#endif
