/* watch.c - see watch.h. */
#include "call/watch.h"

#include "session/ledger.h"

#include <string.h>

#define SLOT_US (INT64_C(1000) * BALINT_SLOT_MS)

void balint_watch_roster(struct balint_watch *watch, const uint8_t hash[BALINT_HASH_SIZE], int64_t now_us)
{
    memset(watch, 0, sizeof *watch);
    memcpy(watch->newest, hash, sizeof watch->newest);
    watch->since_us = now_us;
}

bool balint_watch_report(struct balint_watch *watch, int seat, const uint8_t tag[BALINT_ROSTER_TAG],
                         int64_t now_us)
{
    if (seat < 0 || seat >= BALINT_SEATS)
        return false;
    if (balint_same(tag, watch->newest, sizeof watch->newest))
        watch->strange[seat] = 0;
    else if (now_us - watch->since_us >= SLOT_US && watch->strange[seat] < 3)
        return ++watch->strange[seat] == 2;
    return false;
}
