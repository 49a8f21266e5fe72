/* book.h - whom a client believes: certificates that ROOT signed, and the newest roster.
 *
 * The server says who sits where; who that is and whether they are in, certificates and rosters say. A link
 * is opened only to who stands in the newest roster with the device and a certificate that were checked here,
 * and roles come from there, never from a `state`. A leader's program also writes the next roster here. Pure;
 * one owner. `now_s`: Unix seconds.
 */
#ifndef BALINT_CALL_BOOK_H
#define BALINT_CALL_BOOK_H

#include "call/negotiation.h"
#include "call/self.h"

struct balint_known {
    bool known;
    uint32_t epoch;
    struct balint_identified who;
    struct balint_certificate_bytes certificate; /* as they came: what a roster's signer is judged by */
    struct balint_device_bytes device;
};

struct balint_book {
    const struct balint_self *self;
    struct balint_known seats[BALINT_SEATS];
    bool have_roster;
    struct balint_roster roster;
    uint8_t hash[BALINT_HASH_SIZE];             /* of the roster's bytes */
    struct balint_roster_bytes waiting;         /* one that could not be judged yet; length 0: none */
    char removed[BALINT_SEATS][BALINT_ID_SIZE]; /* whom a roster of this session left out; "": a free place */
};

void balint_book_init(struct balint_book *book, const struct balint_self *self);

/* A `person` message: certificate, device and join are verified. Otherwise than OK nothing is opened to that
 * seat. */
enum balint_trust balint_book_person(struct balint_book *book, const struct balint_person *person,
                                     int64_t now_s);

/* A `roster` message. OK: it is the newest now. One whose signer has not been met (MEMBER), or of a session
 * that was not joined yet (SESSION), is kept, and judged again by balint_book_waiting once more is known. */
enum balint_trust balint_book_roster(struct balint_book *book, const uint8_t *bytes, size_t length,
                                     int64_t now_s);
enum balint_trust balint_book_waiting(struct balint_book *book, int64_t now_s);

/* Was this member in an earlier roster of this session, and is in the newest no more? */
bool balint_book_removed(const struct balint_book *book, const char *member);

/* Puts the roster's roles into a state (whoever is not in it is no leader), so that the floor computed from
 * it does not rest on the server's word. */
void balint_book_roles(const struct balint_book *book, struct balint_state *state);

/* Puts the names that ROOT signed into a state that is shown, also of who is at the door; who is shown as in,
 * and of whom nothing proves who it is, is marked in the name. */
void balint_book_names(const struct balint_book *book, struct balint_state *state);

/* The others a link may lead to. Returns how many; `people` has BALINT_SEATS places. */
int balint_book_people(const struct balint_book *book, const struct balint_state *state,
                       struct balint_peer_view *people);

/* Who sits there, verified and in the newest roster of the session we joined, whom the last state names;
 * NULL. */
const struct balint_identified *balint_book_who(const struct balint_book *book,
                                                const struct balint_state *state, int seat);

/* Does this person lead: by certificate, or as the deputy whose grant the newest roster carries? */
bool balint_book_leads(const struct balint_book *book);

/* May this process write rosters, and does it have to for itself? A leader not admitted yet, while no leader
 * is connected, admits itself. */
bool balint_book_must_begin(const struct balint_book *book, const struct balint_state *state);

/* Writes the roster that follows the newest one and also names the people on `seats` (a bit each; those whose
 * certificate is not known yet are left out) and this process. Returns its length, 0 when it would say
 * nothing new or does not fit. */
size_t balint_book_successor(const struct balint_book *book, uint32_t seats, int64_t now_s,
                             uint8_t bytes[BALINT_ROSTER_SIZE]);

/* Writes the roster in which a member is deputy (in another's place, if there is one) or is it no longer.
 * Returns its length; 0 with a sentence in `why` when it cannot be, and with NULL when it is so already. */
size_t balint_book_deputy(const struct balint_book *book, const char *member, bool on, int64_t now_s,
                          uint8_t bytes[BALINT_ROSTER_SIZE], const char **why);
/* The roster that follows the newest one without that member. 0 when it does not name them, or they are this
 * process' own person. */
size_t balint_book_without(const struct balint_book *book, const char *member, int64_t now_s,
                           uint8_t bytes[BALINT_ROSTER_SIZE]);

#endif
