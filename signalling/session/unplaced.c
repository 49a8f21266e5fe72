/* unplaced.c - speech of which a ledger does not know in which case it was said, until times tell.
 *
 * Totals are per phase, and where a group tells two cases in the same phases, one total holds both. Whoever
 * was there all the time has a report between the cases; a program that was started again, or was cut off for
 * long, has not. What was said in the first case must not look like the second's, so it is counted in
 * neither, and both are without a reading, until the spans that are told again (resend.h) account for all of
 * it. Session-clock milliseconds. Pure; one owner.
 */
#include "session/ledger_parts.h"

static bool reaches(const struct visit *visit, int phase, int64_t from_ms, int64_t to_ms)
{
    return visit->phase == phase && balint_ledger_overlap(visit->start_ms, visit->end_ms, from_ms, to_ms) > 0;
}

bool balint_ledger_may_place(const struct balint_ledger *ledger, int phase, int64_t from_ms, int64_t to_ms)
{
    int number = -1;

    /* Between two reports without a gap it matters little, and in other phases no case is told apart. */
    if (!balint_ledger_is_discussion(ledger, phase) || to_ms - from_ms <= BALINT_STALE_MS)
        return true;
    if (from_ms < ledger->forgotten_ms)
        return false;
    for (int i = 0; i < ledger->visit_count; i++) {
        if (!reaches(&ledger->visits[i], phase, from_ms, to_ms))
            continue;
        if (number >= 0 && ledger->visits[i].case_number != number)
            return false;
        number = ledger->visits[i].case_number;
    }
    return true;
}

void balint_ledger_leave_unplaced(struct member *member, int phase, int64_t ms, int turns, int64_t from_ms,
                                  int64_t to_ms)
{
    struct unplaced *unplaced = &member->unplaced[phase];
    bool some = unplaced->sum.ms > 0;

    unplaced->from_ms = some && unplaced->from_ms < from_ms ? unplaced->from_ms : from_ms;
    unplaced->to_ms = some && unplaced->to_ms > to_ms ? unplaced->to_ms : to_ms;
    unplaced->sum.ms += ms;
    unplaced->sum.turns += turns;
}

/* What spans say of a visit beyond what is booked to it. A stretch is a turn where it has lasted long enough
 * for one (talk.c). */
static struct count beyond(const struct member *member, const struct visit *visit, const struct count *booked)
{
    int64_t ms =
        balint_stretches_within(member->spoken, member->spoken_count, visit->start_ms, visit->end_ms);
    int turns = 0;

    for (int i = 0; i < member->spoken_count; i++) {
        int64_t turn_ms = member->spoken[i].start_ms + BALINT_TURN_MS;
        turns += turn_ms <= member->spoken[i].end_ms && turn_ms > visit->start_ms && turn_ms <= visit->end_ms;
    }
    return (struct count){ms > booked->ms ? ms - booked->ms : 0,
                          turns > booked->turns ? turns - booked->turns : 0};
}

static void settle(const struct balint_ledger *ledger, struct member *member, int phase)
{
    struct unplaced *unplaced = &member->unplaced[phase];
    struct count more[BALINT_LEDGER_VISITS] = {{0, 0}};
    int64_t sum_ms = 0;
    int most = 0;

    for (int i = 0; i < ledger->visit_count; i++) {
        if (!reaches(&ledger->visits[i], phase, unplaced->from_ms, unplaced->to_ms))
            continue;
        more[i] = beyond(member, &ledger->visits[i], &member->visits[i]);
        sum_ms += more[i].ms;
        most = more[i].ms >= more[most].ms ? i : most;
    }
    int64_t rest_ms = unplaced->sum.ms - sum_ms;
    if (rest_ms > BALINT_LEDGER_ROUNDING_MS || rest_ms < -BALINT_LEDGER_ROUNDING_MS ||
        sum_ms * 2 < unplaced->sum.ms || sum_ms > unplaced->sum.ms * 2)
        return; /* times of something else than this total's */
    more[most].ms += rest_ms;
    for (int i = 0; i < ledger->visit_count; i++) {
        int turns = more[i].turns < unplaced->sum.turns ? more[i].turns : unplaced->sum.turns;
        member->visits[i].ms += more[i].ms;
        member->visits[i].turns += turns;
        unplaced->sum.turns -= turns;
    }
    member->visits[most].turns += unplaced->sum.turns;
    unplaced->sum = (struct count){0, 0};
}

void balint_ledger_settle(const struct balint_ledger *ledger, struct member *member)
{
    for (int i = 0; i < BALINT_PHASES; i++)
        if (member->unplaced[i].sum.ms > 0)
            settle(ledger, member, i);
}

bool balint_ledger_unsure(const struct balint_ledger *ledger, const struct member *member, int number)
{
    for (int i = 0; i < ledger->visit_count; i++) {
        const struct visit *visit = &ledger->visits[i];
        if (visit->case_number != number || visit->phase < 0 || visit->phase >= BALINT_PHASES)
            continue;
        const struct unplaced *unplaced = &member->unplaced[visit->phase];
        if (unplaced->sum.ms > 0 && reaches(visit, visit->phase, unplaced->from_ms, unplaced->to_ms))
            return true;
    }
    return false;
}
