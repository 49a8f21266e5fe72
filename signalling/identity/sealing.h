/* sealing.h - secrets in memory, X25519 between two joins, and the envelopes sealed with what comes of it.
 *
 * One channel for each two joins, for as long as the process lives: the nonce is the sequence, so a channel
 * made anew for the same joins would use a nonce twice. Included by identity.h. Pure, but for the memory that
 * secrets ask of the system; any thread, one owner for each struct.
 */
#ifndef BALINT_SEALING_H
#define BALINT_SEALING_H

#include "identity/identity.h"

/* ---- secret: memory of its own pages, kept out of swap and core files, wiped when it is given back */
struct balint_secret {
    void *bytes; /* zeros at first */
    size_t size;
    bool locked; /* false: the system did not allow locking, it may reach swap */
};
/* False: no memory (or a size of 0). */
bool balint_secret_make(struct balint_secret *secret, size_t size);
/* Wipes and gives back; once more is legal. */
void balint_secret_free(struct balint_secret *secret);

/* ---- exchange: X25519 (RFC 7748) */
bool balint_exchange_make(uint8_t private_half[BALINT_KEY_SIZE], uint8_t public_half[BALINT_KEY_SIZE]);
bool balint_exchange_public(const uint8_t private_half[BALINT_KEY_SIZE],
                            uint8_t public_half[BALINT_KEY_SIZE]);

/* ---- envelope: 256 bytes; where it is not sealed, the body stands open and the tag is zeros */
enum balint_envelope_kind {
    BALINT_ENVELOPE_NOTHING,
    BALINT_ENVELOPE_TALK,   /* a talk record (session/ledger.h) */
    BALINT_ENVELOPE_QUIET,  /* a quiet signal to the leaders */
    BALINT_ENVELOPE_WORD,   /* a word on the leaders' line */
    BALINT_ENVELOPE_ANSWER, /* a private answer */
    BALINT_ENVELOPE_LEDGER, /* a piece of a leader's ledger */
    BALINT_ENVELOPE_RESEND, /* please send your spans again */
    BALINT_ENVELOPE_KINDS,
};
#define BALINT_ENVELOPE_BODY 216
struct balint_envelope {
    uint64_t sequence; /* strictly rising per sender and receiver */
    uint32_t epoch;    /* the sender's client epoch */
    enum balint_envelope_kind kind;
    uint8_t body[BALINT_ENVELOPE_BODY];
};
/* Unsealed: nothing and talk records alone; what is private has no open form. */
void balint_envelope_write(const struct balint_envelope *envelope, uint8_t bytes[BALINT_ENVELOPE_SIZE]);
bool balint_envelope_read(struct balint_envelope *envelope, const uint8_t *bytes, size_t length);

/* ---- channel: sealed envelopes between two joins. Holds keys: keep it in a balint_secret, never copy it. */
struct balint_channel {
    uint8_t own_join[BALINT_HASH_SIZE], other_join[BALINT_HASH_SIZE];
    uint8_t seal_key[BALINT_KEY_SIZE], open_key[BALINT_KEY_SIZE];
    uint64_t sent, seen; /* highest sequence sealed and opened */
};
/* Joins are SHA-256 of the joins' bytes. False: the two joins are one, or the other's public half makes an
 * all-zero secret (RFC 7748 §6.1). */
bool balint_channel_make(struct balint_channel *channel, const uint8_t private_half[BALINT_KEY_SIZE],
                         const uint8_t other_public_half[BALINT_KEY_SIZE],
                         const uint8_t session[BALINT_SESSION_SIZE], const uint8_t own_join[BALINT_HASH_SIZE],
                         const uint8_t other_join[BALINT_HASH_SIZE]);
/* Is this the channel of these two joins? Then it is kept, not made anew. */
bool balint_channel_is(const struct balint_channel *channel, const uint8_t own_join[BALINT_HASH_SIZE],
                       const uint8_t other_join[BALINT_HASH_SIZE]);
/* The next sequence is the channel's own, from 1. False: a kind that does not exist, or no sequence left. */
bool balint_channel_seal(struct balint_channel *channel, uint32_t epoch, enum balint_envelope_kind kind,
                         const uint8_t body[BALINT_ENVELOPE_BODY], uint8_t bytes[BALINT_ENVELOPE_SIZE]);
/* False, and nothing changed: not for us, not from the other, altered, or its sequence was passed already. */
bool balint_channel_open(struct balint_channel *channel, struct balint_envelope *envelope,
                         const uint8_t *bytes, size_t length);

#endif
