/* ledger.c - the leaders' sum of what every client reports of its own speech: the balance.
 *
 * Why visits: reports carry cumulative totals per *phase*, but a phase can be entered several times and an
 * evening can hold two cases. So the ledger notes every stay in a phase (a visit, from the states) and books
 * what a total grew by to the visits of that phase that lie between the two reports. The balance shown is
 * that of the present case: what was said about the first presenter's patient says nothing about the
 * second's. Where it is not known which of two cases it was said in, it is booked to neither (unplaced.c).
 *
 * When it was said is times.c's: "the last ten minutes", silence and overlap need it. Times are session-clock
 * milliseconds. Pure; one owner.
 */
#include "session/ledger_parts.h"

#include <stdlib.h>
#include <string.h>

struct balint_ledger *balint_ledger_new(void)
{
    return calloc(1, sizeof(struct balint_ledger));
}

void balint_ledger_free(struct balint_ledger *ledger)
{
    free(ledger);
}

/* ---- phases and cases */

static void open_visit(struct balint_ledger *ledger, int phase, int64_t start_ms)
{
    if (ledger->visit_count > 0)
        ledger->visits[ledger->visit_count - 1].end_ms = start_ms;
    if (ledger->visit_count == BALINT_LEDGER_VISITS) { /* the oldest of sixty is long over */
        memmove(ledger->visits, ledger->visits + 1, (BALINT_LEDGER_VISITS - 1) * sizeof *ledger->visits);
        for (int i = 0; i < BALINT_LEDGER_MEMBERS; i++) {
            struct count *of = ledger->members[i].visits;
            memmove(of, of + 1, (BALINT_LEDGER_VISITS - 1) * sizeof *of);
            of[BALINT_LEDGER_VISITS - 1] = (struct count){0, 0};
        }
        ledger->visit_count--;
    }
    ledger->visits[ledger->visit_count++] =
        (struct visit){phase, ledger->current.number, start_ms, INT64_MAX};
}

static bool had_discussion(const struct balint_ledger *ledger)
{
    for (int i = 0; i < ledger->visit_count; i++)
        if (balint_ledger_counts(ledger, &ledger->visits[i]))
            return true;
    return false;
}

/* Does this state begin another case by its phase? As the session has it: not by going back to where the same
 * one began. */
static bool asks_for_a_case(const struct balint_state *before, const struct balint_state *state)
{
    return before->admitted && state->phase >= 0 && state->phase < state->format.count &&
           state->format.phases[state->phase].part == BALINT_PART_CASE && before->phase != state->phase &&
           before->phase != state->phase + 1;
}

/* A case is one presenter's, and the next one begins where the group asks for it, if not before. Nobody in
 * between ends none: the group still looks at the last one. Until there was a discussion another presenter is
 * another for the same case. */
static bool case_changed(struct balint_ledger *ledger, const struct balint_state *state)
{
    const struct balint_state_seat *seat = balint_state_seat_of(state, state->presenter);
    struct ledger_case *current = &ledger->current;
    bool asked = asks_for_a_case(&ledger->state, state);
    bool named = seat != NULL && strcmp(seat->member, current->presenter) != 0;
    bool another = (asked || (named && current->presenter[0] != '\0')) && had_discussion(ledger);

    if (another) {
        current->number++;
        ledger->presenters[current->number % BALINT_LEDGER_CASES][0] = '\0';
    }
    if (seat != NULL) {
        memcpy(current->presenter, seat->member, sizeof seat->member);
        memcpy(ledger->presenters[current->number % BALINT_LEDGER_CASES], seat->member, sizeof seat->member);
    }
    return another;
}

/* The stays that this ledger has seen no state of: a leader's program that was started again, or was cut off
 * for a while, counts on. Somebody named to present in one of them begins a case at that stay's beginning. */
static void recall_stays(struct balint_ledger *ledger, const struct balint_state *state)
{
    struct balint_state then = *state;
    int64_t seen_ms = ledger->visit_count > 0 ? ledger->visits[ledger->visit_count - 1].start_ms : -1;
    for (int i = 0; i < state->past_count && i < BALINT_STAYS; i++) {
        if (state->past[i].since_ms <= seen_ms)
            continue;
        then.phase = state->past[i].phase;
        then.presenter = state->past[i].presenter;
        case_changed(ledger, &then);
        ledger->state = then;
        open_visit(ledger, then.phase, state->past[i].since_ms);
    }
}

void balint_ledger_state(struct balint_ledger *ledger, const struct balint_state *state)
{
    if (!state->admitted)
        return;
    /* A group's next session starts from nothing; the id is zeros only until the first leader chose it. */
    if (ledger->state.admitted && strcmp(ledger->state.session, state->session) != 0 &&
        strspn(ledger->state.session, "0") != strlen(ledger->state.session))
        memset(ledger, 0, sizeof *ledger);

    bool first = !ledger->state.admitted;
    if (first && state->past_count == BALINT_STAYS)
        ledger->forgotten_ms = state->past[0].since_ms;
    recall_stays(ledger, state);
    struct visit *last = ledger->visit_count > 0 ? &ledger->visits[ledger->visit_count - 1] : NULL;
    bool changed = case_changed(ledger, state);
    ledger->state = *state;
    if (last == NULL || last->phase != state->phase || state->phase_since_ms > last->start_ms)
        open_visit(ledger, state->phase, state->phase_since_ms);
    else if (changed)
        open_visit(ledger, state->phase, state->clock_ms);
    balint_ledger_presence(ledger, first);
}

/* ---- reports */

/* The process of this epoch, made if it is new. NULL: so old that it is closed. */
static struct process *find_process(struct member *member, uint32_t epoch)
{
    struct process *place = NULL;

    for (int i = 0; i < BALINT_LEDGER_EPOCHS; i++)
        if (member->processes[i].used && member->processes[i].epoch == epoch)
            return &member->processes[i];
    for (int i = 0; i < BALINT_LEDGER_EPOCHS; i++) {
        struct process *process = &member->processes[i];
        if (!process->used || place == NULL || (place->used && process->epoch < place->epoch))
            place = process;
        if (!place->used)
            break;
    }
    if (place->used && epoch < place->epoch)
        return NULL; /* older than all that are told apart */
    memset(place, 0, sizeof *place);
    place->used = true;
    place->epoch = epoch;
    place->clock_ms = -1;
    return place;
}

/* The visit of `phase` that began last before `ms`; else the first there is (clocks differ a little); else
 * none. */
static int latest_visit(const struct balint_ledger *ledger, int phase, int64_t ms)
{
    int first = -1, latest = -1;

    for (int i = 0; i < ledger->visit_count; i++) {
        if (ledger->visits[i].phase != phase)
            continue;
        if (first < 0)
            first = i;
        if (ledger->visits[i].start_ms < ms)
            latest = i;
    }
    return latest >= 0 ? latest : first;
}

/* Books `ms` and `turns` that a phase's totals grew by between two reports: to the visits of that phase in
 * between, by their length; the turns to the last of them. */
static void book(struct balint_ledger *ledger, struct member *member, int phase, int64_t ms, int turns,
                 int64_t from_ms, int64_t to_ms)
{
    int last = latest_visit(ledger, phase, to_ms);
    int64_t length = 0, rest = ms;

    if (last < 0) {
        member->early[phase].ms += ms;
        member->early[phase].turns += turns;
        return;
    }
    for (int i = 0; i <= last; i++)
        if (ledger->visits[i].phase == phase)
            length +=
                balint_ledger_overlap(ledger->visits[i].start_ms, ledger->visits[i].end_ms, from_ms, to_ms);
    for (int i = 0; i < last && length > 0; i++) {
        if (ledger->visits[i].phase != phase)
            continue;
        int64_t part =
            balint_ledger_overlap(ledger->visits[i].start_ms, ledger->visits[i].end_ms, from_ms, to_ms);
        int64_t share = (int64_t)((double)ms * (double)part / (double)length);
        member->visits[i].ms += share;
        rest -= share;
    }
    member->visits[last].ms += rest;
    member->visits[last].turns += turns;
}

/* Reports that go back, or whose totals fall, are not of this process's later life. */
static bool rises(const struct process *process, const struct balint_talk *talk)
{
    if (talk->clock_ms <= process->clock_ms)
        return false;
    for (int i = 0; i < BALINT_PHASES; i++)
        if (talk->total_ms[i] < process->total_ms[i] || talk->turns[i] < process->turns[i])
            return false;
    return true;
}

bool balint_ledger_take(struct balint_ledger *ledger, const char *member_id, uint32_t epoch,
                        const struct balint_talk *talk)
{
    struct member *member = talk->clock_ms >= 0 ? balint_ledger_place(ledger, member_id) : NULL;
    if (member == NULL)
        return false;
    struct process *process = find_process(member, epoch);
    if (process == NULL || !rises(process, talk))
        return false;

    /* A new process has counted since it started: at the earliest when the one before fell silent. */
    int64_t from_ms = process->clock_ms >= 0              ? process->clock_ms
                      : member->clock_ms < talk->clock_ms ? member->clock_ms
                                                          : 0;
    int64_t grown_ms = 0;
    for (int i = 0; i < BALINT_PHASES; i++) {
        int64_t ms = (int64_t)talk->total_ms[i] - process->total_ms[i];
        int turns = talk->turns[i] - process->turns[i];
        member->all_ms += ms;
        if (ms > 0 && !balint_ledger_may_place(ledger, i, from_ms, talk->clock_ms)) {
            balint_ledger_leave_unplaced(member, i, ms, turns, from_ms, talk->clock_ms);
            continue;
        }
        if (ms > 0 || turns > 0)
            book(ledger, member, i, ms, turns, from_ms, talk->clock_ms);
        if (balint_ledger_is_discussion(ledger, i))
            grown_ms += ms;
    }
    balint_ledger_times(ledger, member, process, talk, grown_ms, from_ms);
    balint_ledger_settle(ledger, member);
    if (talk->speaking && talk->clock_ms > member->heard_ms)
        member->heard_ms = talk->clock_ms;
    process->clock_ms = talk->clock_ms;
    memcpy(process->total_ms, talk->total_ms, sizeof process->total_ms);
    memcpy(process->turns, talk->turns, sizeof process->turns);
    if (talk->clock_ms >= member->clock_ms) {
        member->clock_ms = talk->clock_ms;
        member->shared = talk->shared;
    }
    member->reported = true;
    return true;
}
