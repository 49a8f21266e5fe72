/* stretches.c - see stretches.h. */
#include "session/stretches.h"

#include <string.h>

static void remove_at(struct balint_stretch *set, int *count, int at)
{
    memmove(set + at, set + at + 1, (size_t)(*count - at - 1) * sizeof *set);
    --*count;
}

static void make_room(struct balint_stretch *set, int *count, enum balint_stretches_full full)
{
    int best = 0;

    if (full == BALINT_STRETCHES_DROP) {
        for (int i = 1; i < *count; i++)
            if (set[i].end_ms - set[i].start_ms < set[best].end_ms - set[best].start_ms)
                best = i;
        remove_at(set, count, best);
        return;
    }
    for (int i = 1; i + 1 < *count; i++)
        if (set[i + 1].start_ms - set[i].end_ms < set[best + 1].start_ms - set[best].end_ms)
            best = i;
    set[best].end_ms = set[best + 1].end_ms;
    remove_at(set, count, best + 1);
}

void balint_stretches_add(struct balint_stretch *set, int *count, int room, enum balint_stretches_full full,
                          int64_t start_ms, int64_t end_ms)
{
    if (end_ms <= start_ms)
        return;
    int first = *count; /* of those that it touches; most are told in order, so from the end */
    while (first > 0 && set[first - 1].end_ms >= start_ms)
        first--;
    int after = first;
    while (after < *count && set[after].start_ms <= end_ms)
        after++;
    if (after == first) { /* touches none */
        memmove(set + first + 1, set + first, (size_t)(*count - first) * sizeof *set);
        set[first] = (struct balint_stretch){start_ms, end_ms};
        if (++*count == room)
            make_room(set, count, full);
        return;
    }
    if (set[first].start_ms > start_ms)
        set[first].start_ms = start_ms;
    if (set[after - 1].end_ms > end_ms)
        end_ms = set[after - 1].end_ms;
    set[first].end_ms = end_ms;
    memmove(set + first + 1, set + after, (size_t)(*count - after) * sizeof *set);
    *count -= after - first - 1;
}

void balint_stretches_end(struct balint_stretch *set, int *count, int64_t end_ms)
{
    struct balint_stretch *last = set + *count - 1;

    if (*count == 0 || last->end_ms != INT64_MAX)
        return;
    last->end_ms = end_ms;
    if (last->end_ms <= last->start_ms)
        --*count;
}

int64_t balint_stretches_within(const struct balint_stretch *set, int count, int64_t start_ms, int64_t end_ms)
{
    int64_t sum = 0;

    for (int i = count - 1; i >= 0 && set[i].end_ms > start_ms; i--) {
        int64_t start = set[i].start_ms > start_ms ? set[i].start_ms : start_ms;
        int64_t end = set[i].end_ms < end_ms ? set[i].end_ms : end_ms;
        sum += end > start ? end - start : 0;
    }
    return sum;
}

bool balint_stretches_at(struct balint_stretches_walk *walk, int64_t ms, int64_t *next_ms)
{
    while (walk->at < walk->count && walk->set[walk->at].end_ms <= ms)
        walk->at++;
    if (walk->at == walk->count)
        return false;
    const struct balint_stretch *stretch = &walk->set[walk->at];
    bool in = stretch->start_ms <= ms;
    int64_t change = in ? stretch->end_ms : stretch->start_ms;
    if (change < *next_ms)
        *next_ms = change;
    return in;
}
