/* identity.h - invitations, certificates, rosters and the other records of "What is said here stays here".
 *
 * Bytes and `now` in, bytes out; OpenSSL EVP only; no file, socket or clock. Every signed record is a
 * sequence of length-prefixed fields (16-bit big-endian length, bytes) whose first field is its label
 * ("balint1 certificate"), so that no signature over one kind of record can be taken for another. Integers
 * are big-endian. The layouts are written down in PROTOCOL.md. Pure; any thread.
 *
 * Here: keys, ids, text, invitation links, certificates, tokens, a founder's requests. What is signed in an
 * evening is in records.h, what is sealed and where secrets live in sealing.h; this header includes both.
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
bool balint_id_ok(const char *id);       /* 1..32 of a-z 0-9 - _ */
bool balint_name_ok(const char *name);   /* 1..64 bytes of UTF-8, every character balint_character_ok */
bool balint_name_trim(const char *name); /* UTF-8 without blanks of any width at its ends */

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

#include "identity/records.h"
#include "identity/sealing.h"

#endif
