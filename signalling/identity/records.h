/* records.h - what is signed in an evening: device, join, link, roster, grant, pass; and who may be believed.
 *
 * Bytes and `now` in, bytes out. A `_make` signs and returns the record's length (0: a field is out of its
 * range, or the library failed); a `_read` reads without believing anything; a `_verify` believes only what
 * the right key signed. `now_s` is Unix seconds. Included by identity.h. Pure; any thread.
 */
#ifndef BALINT_RECORDS_H
#define BALINT_RECORDS_H

#include "identity/identity.h"

#define BALINT_ROSTER_LASTS_S 43200 /* 12 h: a roster or a grant ends at most so far ahead */
#define BALINT_PASS_LASTS_S   600   /* 10 min: so long a look at the door may last */
#define BALINT_SKEW_S         300 /* two machines' clocks may differ by so much: forgiven at that far end alone */

/* ---- device: the person's key says that this device is that person's.
 * The person's key comes from SEED and ROOT, so the signature holds for one member of one group. */
struct balint_device {
    uint8_t key[BALINT_KEY_SIZE];
    uint8_t signature_length; /* 0 or BALINT_SIGNATURE_SIZE */
    uint8_t signature[BALINT_SIGNATURE_SIZE];
};
size_t balint_device_make(const uint8_t device[BALINT_KEY_SIZE], const struct balint_key *person,
                          uint8_t bytes[BALINT_DEVICE_SIZE]);
bool balint_device_verify(struct balint_device *device, const uint8_t *bytes, size_t length,
                          const uint8_t person[BALINT_KEY_SIZE]);
size_t balint_device_write(const struct balint_device *device, uint8_t bytes[BALINT_DEVICE_SIZE]);
bool balint_device_read(struct balint_device *device, const uint8_t *bytes, size_t length);

/* ---- join: a device's key says what this client process takes part with */
struct balint_join_record {
    uint8_t session[BALINT_SESSION_SIZE]; /* zeros: not known yet */
    uint8_t certificate_hash[BALINT_HASH_SIZE];
    uint8_t nonce[BALINT_NONCE_SIZE];  /* the door's */
    uint8_t exchange[BALINT_KEY_SIZE]; /* X25519 public half of this process */
    uint8_t signature_length;
    uint8_t signature[BALINT_SIGNATURE_SIZE];
};
/* The record's own signature is not looked at. */
size_t balint_join_make(const struct balint_join_record *join, const struct balint_key *device,
                        uint8_t bytes[BALINT_JOIN_SIZE]);
bool balint_join_verify(struct balint_join_record *join, const uint8_t *bytes, size_t length,
                        const uint8_t device[BALINT_KEY_SIZE]);
size_t balint_join_write(const struct balint_join_record *join, uint8_t bytes[BALINT_JOIN_SIZE]);
bool balint_join_read(struct balint_join_record *join, const uint8_t *bytes, size_t length);

/* ---- roster: who is in, in which role; made by a leader's program */
#define BALINT_GRANT_SIZE 256 /* bytes of a grant */
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
    char signer[BALINT_ID_SIZE];         /* member id of the leader whose program made it */
    uint16_t grant_length;               /* 0: there is no deputy */
    uint8_t grant[BALINT_GRANTING_SIZE]; /* the deputy's, as balint_granting_write made it */
    uint8_t signature_length;
    uint8_t signature[BALINT_SIGNATURE_SIZE];
};
/* Signed by the device of the signer; the record's own signature is not looked at. */
size_t balint_roster_make(const struct balint_roster *roster, const struct balint_key *device,
                          uint8_t bytes[BALINT_ROSTER_SIZE]);
size_t balint_roster_write(const struct balint_roster *roster, uint8_t bytes[BALINT_ROSTER_SIZE]);
bool balint_roster_read(struct balint_roster *roster, const uint8_t *bytes, size_t length);
/* Entry of a member, or NULL. */
const struct balint_roster_entry *balint_roster_find(const struct balint_roster *roster, const char *member);

/* ---- grant: a leader's device makes a member deputy for the session, on one device.
 * Every roster in which that member is deputy carries it, so that everybody can judge why an entry stands
 * above its certificate. The deputy is the only one for whom it does. */
struct balint_grant {
    uint8_t session[BALINT_SESSION_SIZE];
    char member[BALINT_ID_SIZE];
    uint8_t device[BALINT_KEY_SIZE];
    uint32_t epoch; /* of the first roster that carries it: who knows that one or a later one, and finds it
                       there no more, knows that it was taken back */
    int64_t expires_s;
    char granter[BALINT_ID_SIZE]; /* member id of the leader */
};
size_t balint_grant_make(const struct balint_grant *grant, const struct balint_key *device,
                         uint8_t bytes[BALINT_GRANT_SIZE]);
/* `device` is the granter's (NULL: reads only). */
bool balint_grant_verify(struct balint_grant *grant, const uint8_t *bytes, size_t length,
                         const uint8_t device[BALINT_KEY_SIZE]);
/* What such a roster carries, so that it can be judged by who never met the granter: the grant, the granter's
 * certificate and device records. Length, or 0 when it does not fit. */
size_t balint_granting_write(const struct balint_part *grant, const struct balint_part *certificate,
                             const struct balint_part *device, uint8_t bytes[BALINT_GRANTING_SIZE]);
/* May somebody with a certificate of the role `certified` stand in a roster as `entry` says? In the
 * certificate's own role; or a member as co-leader, when the roster carries the grant for that member and
 * device. What the grant is worth was judged with the roster. */
bool balint_roster_role_ok(const struct balint_roster *roster, const struct balint_roster_entry *entry,
                           enum balint_role certified);

/* ---- whom to believe: one list of reasons, each with a sentence for a person */
enum balint_trust {
    BALINT_TRUST_OK,
    BALINT_TRUST_FORM,        /* not such a record */
    BALINT_TRUST_CERTIFICATE, /* not signed by the group's ROOT */
    BALINT_TRUST_GROUP,       /* of another group */
    BALINT_TRUST_TIME,        /* certificate not valid yet, or no more */
    BALINT_TRUST_DEVICE,      /* device not signed by the certificate's person */
    BALINT_TRUST_JOIN,        /* join not signed by that device, or over another certificate */
    BALINT_TRUST_ROOT,        /* roster of another ROOT */
    BALINT_TRUST_SESSION,     /* of another session */
    BALINT_TRUST_EXPIRED,     /* its time is over */
    BALINT_TRUST_TOO_LONG,    /* ends too far ahead */
    BALINT_TRUST_MEMBER,      /* the certificate is not the signer's */
    BALINT_TRUST_LISTED,      /* the signer is not in the roster, or with another device, role, serial */
    BALINT_TRUST_ROLE,        /* neither a leader nor with a grant */
    BALINT_TRUST_GRANT,       /* the grant is not by a leader, not for this roster, or was taken back */
    BALINT_TRUST_GRANT_OVER,  /* the grant's time is over, or too long */
    BALINT_TRUST_SIGNATURE,   /* not signed by that device */
    BALINT_TRUST_NOT_NAMED,   /* a first roster that does not name this client's own device */
    BALINT_TRUST_STALE,       /* older than the newest one known */
    BALINT_TRUST_SAME,        /* the newest one once more: nothing is wrong, nothing is new */
    BALINT_TRUST_PREVIOUS,    /* the next one, but it follows another roster than ours: an alarm */
    BALINT_TRUST_ALARM,       /* the same epoch with other content: an alarm */
    BALINT_TRUSTS,
};
/* What is wrong and what to do, one line; of BALINT_TRUST_OK as well. */
const char *balint_trust_text(enum balint_trust trust);
/* A stable word for reports and tests: "not-named". */
const char *balint_trust_name(enum balint_trust trust);
/* Do two people see different rosters, both signed? */
bool balint_trust_alarms(enum balint_trust trust);

/* A person as met on the wire. */
struct balint_identified {
    struct balint_certificate certificate;
    uint8_t device[BALINT_KEY_SIZE];
    struct balint_join_record join;
    uint8_t join_hash[BALINT_HASH_SIZE]; /* SHA-256 of the join record's bytes */
};
/* Certificate under `root`, of `group`, valid at `now_s`; device signed by its person; join signed by that
 * device over that certificate. `join` NULL: a person without one (join and join_hash stay zeros). */
enum balint_trust balint_person_verify(struct balint_identified *person,
                                       const struct balint_part *certificate,
                                       const struct balint_part *device, const struct balint_part *join,
                                       const uint8_t root[BALINT_KEY_SIZE], const char *group, int64_t now_s);

/* What a client judges a roster by. */
struct balint_roster_view {
    const uint8_t *root; /* of the invitation */
    const char *group;
    int64_t now_s;
    struct balint_part certificate,
        device;                         /* records of the roster's signer (balint_roster_read tells whom) */
    const struct balint_roster *newest; /* NULL: this is the first */
    const uint8_t *newest_hash;         /* SHA-256 of its bytes */
    const char *member;                 /* a first roster must name this member … */
    const uint8_t *own_device;          /* … with this device; both NULL: nobody in particular */
};
/* Is the grant that a roster carries (grant_length > 0) by a leader of this group, for an entry of it, and
 * not taken back by the newest roster known? Of `view` root, group, now_s and newest are read. Answers OK,
 * GRANT or GRANT_OVER. */
enum balint_trust balint_roster_deputy(const struct balint_roster *roster,
                                       const struct balint_roster_view *view);
/* The same for who has no roster: is that a leader's grant for `member` with `device` in `session`? */
enum balint_trust balint_granting_verify(const struct balint_part *granting, const char *member,
                                         const uint8_t device[BALINT_KEY_SIZE],
                                         const uint8_t session[BALINT_SESSION_SIZE],
                                         const struct balint_roster_view *view);
/* Fills `roster` and `hash` (SHA-256 of the bytes; may be NULL) when it answers BALINT_TRUST_OK. */
enum balint_trust balint_roster_verify(struct balint_roster *roster, uint8_t hash[BALINT_HASH_SIZE],
                                       const uint8_t *bytes, size_t length,
                                       const struct balint_roster_view *view);

/* ---- link: an offer or answer is signed by the device of who sends it.
 * Both joins, the side and both fingerprints stand in what is signed (RFC 8844), so that no link can be
 * reflected, crossed or replayed. */
struct balint_sdp; /* protocol/messages.h */
struct balint_link_ends {
    const uint8_t *session;           /* BALINT_SESSION_SIZE bytes */
    bool answer;                      /* the side: false an offer, true an answer */
    const uint8_t *sender, *receiver; /* SHA-256 of their joins' bytes */
    const char *offered;              /* an answer's: the fingerprint in the offer it answers; else NULL */
};
/* Fills sdp->signature. False: a field is not as the protocol's table has it, or the ends do not fit the
 * side. sdp->seat is not signed: the server writes it anew on the way, and the joins say better who. */
bool balint_sdp_sign(struct balint_sdp *sdp, const struct balint_link_ends *ends,
                     const struct balint_key *device);
bool balint_sdp_verify(const struct balint_sdp *sdp, const struct balint_link_ends *ends,
                       const uint8_t device[BALINT_KEY_SIZE]);

/* ---- pass: a leader looks at a new device before letting it in */
struct balint_pass {
    uint8_t leader[BALINT_HASH_SIZE], guest[BALINT_HASH_SIZE]; /* hashes of their joins */
    int64_t expires_s;
};
size_t balint_pass_make(const struct balint_pass *pass, const struct balint_key *device,
                        uint8_t bytes[BALINT_PASS_SIZE]);
/* Is it a pass from exactly `leader` to exactly `guest` (hashes of their joins), by the leader's device, in
 * its time? Answers FORM, SIGNATURE, JOIN, EXPIRED or TOO_LONG when not. */
enum balint_trust balint_pass_verify(struct balint_pass *pass, const uint8_t *bytes, size_t length,
                                     const uint8_t device[BALINT_KEY_SIZE],
                                     const uint8_t leader[BALINT_HASH_SIZE],
                                     const uint8_t guest[BALINT_HASH_SIZE], int64_t now_s);

#endif
