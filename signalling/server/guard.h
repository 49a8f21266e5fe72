/* guard.h - what keeps one client from harming the others: rate, abuse, patience, queue, address.
 *
 * Pure: numbers and `now_us` (any monotonic microseconds) in, verdicts out, so that every limit is tested
 * without a socket. The limits' values are in protocol/limits.h. One owner each; no shared state.
 */
#ifndef BALINT_GUARD_H
#define BALINT_GUARD_H

#include "protocol/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sockaddr;

/* Messages a second of one client: a leaky bucket in its form with one number, the generic cell rate
 * algorithm (ITU-T I.371, Annex A). All zeros is a fresh one. */
struct balint_bucket {
    int64_t due_us; /* when the next message would come at exactly `rate` */
};
/* May a message come now? Takes its place if so. `rate` a second, after a `burst` at once; both from 1. */
bool balint_bucket_take(struct balint_bucket *bucket, int rate, int burst, int64_t now_us);
/* The burst that belongs to a rate, in the proportion of limits.h. */
int balint_burst_of(int rate);

/* Errors of the sender's own making. All zeros is a fresh one. */
struct balint_abuse {
    int64_t at_us[BALINT_ABUSE]; /* the last ones, a ring */
    int next;
    int count; /* up to BALINT_ABUSE */
};
/* Counts one; true when it was the BALINT_ABUSE-th within BALINT_ABUSE_MS: the socket is to be closed. */
bool balint_abuse_add(struct balint_abuse *abuse, int64_t now_us);

/* How long a socket is waited for. */
enum balint_patience {
    BALINT_WAIT,
    BALINT_LATE,   /* no complete first message in BALINT_HELLO_MS */
    BALINT_SILENT, /* nothing heard for `silent_ms` */
};
/* `settled`: has a seat, or made a founder's request. `heard_us`: when anything last came from it. */
enum balint_patience balint_patience_of(bool settled, int64_t opened_us, int64_t heard_us, int silent_ms,
                                        int64_t now_us);

/* Does a message of `length` bytes still fit behind `queued` ones? A single message always fits an empty
 * queue.
 */
bool balint_queue_fits(size_t queued, size_t length, size_t cap);

/* What counts as one address: all of an IPv4 address, the first 64 bits of an IPv6 one (RFC 6177: one
 * customer); IPv4 written as IPv6 is IPv4. Another family gives zeros. */
#define BALINT_ADDRESS_SIZE 16
void balint_address_of(const struct sockaddr *address, uint8_t key[BALINT_ADDRESS_SIZE]);
bool balint_is_loopback(const struct sockaddr *address);

/* What a new connection from an address with `others` open ones gets. */
enum balint_entry {
    BALINT_ENTER,
    BALINT_ENTER_CROWDED, /* over the limit: an answer that says so, nothing else */
    BALINT_ENTER_NOT,     /* far over it: closed unanswered */
};
enum balint_entry balint_entry_of(int others, int limit);

#endif
