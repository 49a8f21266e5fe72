/* tries.c - wrong tries at the door, see tries.h. Pure. */
#include "server/tries.h"

#include <string.h>

static struct balint_try *set_of(struct balint_tries *tries, const uint8_t key[BALINT_TRIES_KEY])
{
    return tries->sets[(key[0] << 8 | key[1]) % BALINT_TRIES_SETS];
}

static struct balint_try *find(struct balint_tries *tries, const uint8_t key[BALINT_TRIES_KEY])
{
    struct balint_try *set = set_of(tries, key);
    for (int i = 0; i < BALINT_TRIES_WAYS; i++)
        if (set[i].count > 0 && memcmp(set[i].key, key, BALINT_TRIES_KEY) == 0)
            return &set[i];
    return NULL;
}

/* A free place, or that of the one whose last try is longest ago. */
static struct balint_try *place(struct balint_tries *tries, const uint8_t key[BALINT_TRIES_KEY])
{
    struct balint_try *set = set_of(tries, key), *oldest = set;
    for (int i = 0; i < BALINT_TRIES_WAYS; i++) {
        if (set[i].count == 0)
            return &set[i];
        if (set[i].last_us < oldest->last_us)
            oldest = &set[i];
    }
    return oldest;
}

static int delay_of(int count)
{
    int delay = BALINT_TRIES_MS;
    if (count <= BALINT_TRIES_FREE)
        return 0;
    for (int i = BALINT_TRIES_FREE + 1; i < count && delay < BALINT_TRIES_MAX_MS; i++)
        delay *= 2;
    return delay < BALINT_TRIES_MAX_MS ? delay : BALINT_TRIES_MAX_MS;
}

int balint_tries_wrong(struct balint_tries *tries, const uint8_t key[BALINT_TRIES_KEY], int64_t now_us)
{
    struct balint_try *at = find(tries, key);
    if (at == NULL) {
        at = place(tries, key);
        memcpy(at->key, key, BALINT_TRIES_KEY);
        at->count = 0;
    } else if (now_us - at->last_us >= (int64_t)BALINT_TRIES_KEEP_S * 1000000) {
        at->count = 0;
    }
    at->last_us = now_us;
    if (at->count < INT32_MAX)
        at->count++;
    return delay_of(at->count);
}

void balint_tries_right(struct balint_tries *tries, const uint8_t key[BALINT_TRIES_KEY])
{
    struct balint_try *at = find(tries, key);
    if (at != NULL)
        memset(at, 0, sizeof *at);
}
