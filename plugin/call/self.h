/* self.h - who this client process is: its invitation, keys, certificate and join.
 *
 * The invitation is a secret: it comes in once and is wiped with the rest; nothing here is ever logged or
 * readable from outside. Whoever owns one keeps it in a balint_secret. Pure but for randomness; one owner.
 */
#ifndef BALINT_CALL_SELF_H
#define BALINT_CALL_SELF_H

#include "identity/identity.h"
#include "protocol/messages.h"

#define BALINT_LEFT_SESSIONS 16 /* a process that was led through more sessions joins none any more */

struct balint_self {
    struct balint_link link;
    struct balint_key person; /* of the invitation */
    struct balint_key device;
    struct balint_device_bytes device_bytes;   /* signed by the person's key */
    uint8_t exchange[BALINT_KEY_SIZE];         /* X25519 public half of this process … */
    uint8_t exchange_private[BALINT_KEY_SIZE]; /* … and the other */
    bool met;                                  /* the door told us who we are; what follows is valid */
    struct balint_certificate certificate;
    uint8_t certificate_bytes[BALINT_CERTIFICATE_SIZE];
    uint16_t certificate_length;
    uint8_t nonce[BALINT_NONCE_SIZE];
    uint8_t session[BALINT_SESSION_SIZE];                    /* the one joined; zeros until it is known */
    uint8_t left[BALINT_LEFT_SESSIONS][BALINT_SESSION_SIZE]; /* those before; none is joined again */
    int left_count;
    uint8_t join_hash[BALINT_HASH_SIZE]; /* SHA-256 of the join sent last */
};

/* Reads an invitation and makes this process's keys. `device_seed`: the device's own, or NULL to make one
 * that lives as long as this process. False points `why` at one sentence for the person. */
bool balint_self_open(struct balint_self *self, const char *invitation, const uint8_t *device_seed,
                      const char **why);
void balint_self_wipe(struct balint_self *self);

void balint_self_knock(const struct balint_self *self, struct balint_knock *knock);

/* The door's answer: verifies that the certificate is ours and ROOT's, and writes the hello. A leader who
 * finds no session chooses one. `now_s`: Unix seconds. False points `why` at one sentence. */
bool balint_self_hello(struct balint_self *self, const struct balint_door *door, int64_t now_s,
                       struct balint_hello *hello, const char **why);

/* The session's id became known: writes the new join. False when it is the one joined already, or one that
 * was left: only the rosters of the present session are remembered, so that a server that led there and back
 * could show an older roster again, with somebody in it who was removed. */
bool balint_self_join(struct balint_self *self, const uint8_t session[BALINT_SESSION_SIZE],
                      struct balint_join_bytes *join);

#endif
