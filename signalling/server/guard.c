/* guard.c - rate, abuse, patience, queue and address of one client, see guard.h. Pure. */
#include "server/guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

bool balint_bucket_take(struct balint_bucket *bucket, int rate, int burst, int64_t now_us)
{
    int64_t step = 1000000 / rate;
    int64_t ahead = bucket->due_us - now_us; /* how far the sender is ahead of its rate */
    if (ahead > step * (burst - 1))
        return false;
    bucket->due_us = (ahead > 0 ? bucket->due_us : now_us) + step;
    return true;
}

int balint_burst_of(int rate)
{
    int64_t burst = ((int64_t)rate * BALINT_RATE_BURST + BALINT_RATE_PER_S - 1) / BALINT_RATE_PER_S;
    return burst > INT32_MAX ? INT32_MAX : (int)burst;
}

bool balint_abuse_add(struct balint_abuse *abuse, int64_t now_us)
{
    abuse->at_us[abuse->next] = now_us;
    abuse->next = (abuse->next + 1) % BALINT_ABUSE;
    if (abuse->count < BALINT_ABUSE)
        abuse->count++;
    if (abuse->count < BALINT_ABUSE)
        return false;
    int64_t oldest = abuse->at_us[abuse->next]; /* the ring is full: the next place holds the first of them */
    return now_us - oldest < (int64_t)BALINT_ABUSE_MS * 1000;
}

enum balint_patience balint_patience_of(bool settled, int64_t opened_us, int64_t heard_us, int silent_ms,
                                        int64_t now_us)
{
    if (!settled)
        return now_us - opened_us >= (int64_t)BALINT_HELLO_MS * 1000 ? BALINT_LATE : BALINT_WAIT;
    return now_us - heard_us >= (int64_t)silent_ms * 1000 ? BALINT_SILENT : BALINT_WAIT;
}

bool balint_queue_fits(size_t queued, size_t length, size_t cap)
{
    return queued == 0 || (queued <= cap && length <= cap - queued);
}

void balint_address_of(const struct sockaddr *address, uint8_t key[BALINT_ADDRESS_SIZE])
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff}; /* ::ffff:a.b.c.d */
    memset(key, 0, BALINT_ADDRESS_SIZE);
    if (address->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, address, sizeof in);
        memcpy(key, mapped, sizeof mapped);
        memcpy(key + sizeof mapped, &in.sin_addr, 4);
    } else if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, address, sizeof in6);
        bool four = IN6_IS_ADDR_V4MAPPED(&in6.sin6_addr);
        memcpy(key, &in6.sin6_addr, four ? 16 : 8);
    }
}

bool balint_is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, address, sizeof in);
        return ntohl(in.sin_addr.s_addr) >> 24 == 127;
    }
    if (address->sa_family != AF_INET6)
        return false;
    struct sockaddr_in6 in6;
    memcpy(&in6, address, sizeof in6);
    return IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr) ||
           (IN6_IS_ADDR_V4MAPPED(&in6.sin6_addr) && in6.sin6_addr.s6_addr[12] == 127);
}

enum balint_entry balint_entry_of(int others, int limit)
{
    if (others < limit)
        return BALINT_ENTER;
    return others / 2 < limit ? BALINT_ENTER_CROWDED : BALINT_ENTER_NOT;
}
