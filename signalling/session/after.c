/* after.c - silence, overlap, distribution, phases: see after.h for what they are. Pure. */
#include "session/after.h"

#include "session/ledger_parts.h"

#include <string.h>

_Static_assert(BALINT_AFTER_VISITS >= BALINT_LEDGER_VISITS, "all visits fit");

/* ---- silence and overlap: one walk through time with everybody's sets beside each other */

struct voice {
    struct balint_stretches_walk spoken, known, owed;
};
struct walk {
    int count;
    struct voice voices[BALINT_LEDGER_MEMBERS];
};

static void begin_walk(struct walk *walk, const struct balint_ledger *ledger)
{
    walk->count = 0;
    for (int i = 0; i < BALINT_LEDGER_MEMBERS; i++) {
        const struct member *member = &ledger->members[i];
        if (member->id[0] == '\0' || member->role == BALINT_OBSERVER)
            continue;
        walk->voices[walk->count++] = (struct voice){{member->spoken, member->spoken_count, 0},
                                                     {member->known, member->known_count, 0},
                                                     {member->owed, member->owed_count, 0}};
    }
}

/* How many speak at `ms`; -1: of somebody it is not known. Lowers `*next_ms` to when that may change. */
static int speakers(struct walk *walk, int64_t ms, int64_t *next_ms)
{
    int speaking = 0;
    bool blind = false;

    for (int i = 0; i < walk->count; i++) {
        struct voice *voice = &walk->voices[i];
        bool speaks = balint_stretches_at(&voice->spoken, ms, next_ms);
        bool known = balint_stretches_at(&voice->known, ms, next_ms);
        bool owed = balint_stretches_at(&voice->owed, ms, next_ms);
        speaking += speaks;
        blind = blind || (owed && !known && !speaks);
    }
    return blind ? -1 : speaking;
}

static void measure(struct walk *walk, int64_t start_ms, int64_t end_ms, struct balint_after_case *of)
{
    int64_t silent_since_ms = -1;

    for (int64_t ms = start_ms, next_ms = end_ms; ms < end_ms; ms = next_ms, next_ms = end_ms) {
        int speaking = speakers(walk, ms, &next_ms);
        if (speaking != 0) {
            silent_since_ms = -1;
        } else {
            if (silent_since_ms < 0)
                silent_since_ms = ms;
            of->silence_ms += next_ms - ms;
            if (next_ms - silent_since_ms > of->longest_ms)
                of->longest_ms = next_ms - silent_since_ms;
        }
        of->measured_ms += speaking >= 0 ? next_ms - ms : 0;
        of->overlap_ms += speaking >= 2 ? next_ms - ms : 0;
    }
}

/* ---- who spoke how much */

static bool in_case(const struct balint_ledger *ledger, const struct visit *visit, int number)
{
    return visit->case_number == number && balint_ledger_is_discussion(ledger, visit->phase);
}

/* Of [start, end) of a set, how much is discussion of this case. */
static int64_t in_set(const struct balint_ledger *ledger, const struct balint_stretch *set, int count,
                      int number, int64_t now_ms)
{
    int64_t sum = 0;

    for (int i = 0; i < ledger->visit_count; i++) {
        const struct visit *visit = &ledger->visits[i];
        if (in_case(ledger, visit, number))
            sum += balint_stretches_within(set, count, visit->start_ms,
                                           visit->end_ms < now_ms ? visit->end_ms : now_ms);
    }
    return sum;
}

/* The largest first, so that the order says nothing of who sits where. */
static void insert(struct balint_after_case *of, int64_t ms)
{
    int at = of->member_count;

    if (at == BALINT_SEATS)
        return;
    for (; at > 0 && of->spoken_ms[at - 1] < ms; at--)
        of->spoken_ms[at] = of->spoken_ms[at - 1];
    of->spoken_ms[at] = ms;
    of->member_count++;
}

static void add_member(const struct balint_ledger *ledger, const struct member *member, int number,
                       int64_t now_ms, struct balint_after_case *of)
{
    struct count spoken = balint_ledger_spoken(ledger, member, number);
    bool unsure = balint_ledger_unsure(ledger, member, number);
    const char *presenter = ledger->presenters[number % BALINT_LEDGER_CASES];

    if (balint_is_leader(member->role)) {
        of->leaders_ms += spoken.ms;
        of->leaders_turns += spoken.turns;
        return;
    }
    bool presents = strcmp(member->id, presenter) == 0 && balint_ledger_steps_back(&ledger->state.format);
    bool here = spoken.ms > 0 || in_set(ledger, member->here, member->here_count, number, now_ms) > 0;
    of->presenter_ms += presents ? spoken.ms : 0;
    if (member->role == BALINT_OBSERVER || presents || !here)
        return;
    if (unsure)
        spoken = (struct count){0, 0};
    insert(of, spoken.ms);
    of->members_ms += spoken.ms;
    of->turns += spoken.turns;
    of->shared += member->shared;
    if (spoken.turns == 0 && spoken.ms < BALINT_TURN_MS) {
        bool read = !unsure && in_set(ledger, member->known, member->known_count, number, now_ms) > 0;
        of->unheard += read;
        of->unread += !read;
    }
}

static void fill_case(const struct balint_ledger *ledger, int number, int64_t now_ms,
                      struct balint_after_case *of)
{
    struct walk walk;

    begin_walk(&walk, ledger);
    for (int i = 0; i < ledger->visit_count; i++) {
        const struct visit *visit = &ledger->visits[i];
        int64_t end_ms = visit->end_ms < now_ms ? visit->end_ms : now_ms;
        if (!in_case(ledger, visit, number) || end_ms <= visit->start_ms)
            continue;
        of->discussion_ms += end_ms - visit->start_ms;
        measure(&walk, visit->start_ms, end_ms, of);
    }
    for (int i = 0; i < BALINT_LEDGER_MEMBERS; i++)
        if (ledger->members[i].id[0] != '\0')
            add_member(ledger, &ledger->members[i], number, now_ms, of);
    for (int i = 0; i < of->member_count && of->members_ms > 0; i++)
        of->shares[i] = (double)of->spoken_ms[i] / (double)of->members_ms;
    int64_t all_ms = of->members_ms + of->leaders_ms + of->presenter_ms;
    of->leaders_share = all_ms > 0 ? (double)of->leaders_ms / (double)all_ms : 0;
}

void balint_ledger_after(const struct balint_ledger *ledger, int64_t now_ms, struct balint_after *after)
{
    memset(after, 0, sizeof *after);
    if (!ledger->state.admitted)
        return;
    int first = ledger->current.number - (BALINT_LEDGER_CASES - 1);
    first = first < 0 ? 0 : first;
    for (int number = first; number <= ledger->current.number; number++)
        fill_case(ledger, number, now_ms, &after->cases[after->case_count++]);
    for (int i = 0; i < ledger->visit_count; i++) {
        const struct visit *visit = &ledger->visits[i];
        if (visit->end_ms <= visit->start_ms)
            continue; /* nobody was there: a key pressed twice */
        int64_t end_ms = visit->end_ms < now_ms ? visit->end_ms : now_ms;
        after->visits[after->visit_count++] = (struct balint_after_visit){
            visit->phase, visit->case_number < first ? -1 : visit->case_number - first, visit->start_ms,
            end_ms > visit->start_ms ? end_ms : visit->start_ms};
    }
}
