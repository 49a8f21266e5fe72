/* balance.c - what leaders are shown of a ledger: shares, minutes, turns, how long since last heard.
 *
 * The rules are BALINT.md's ("Balance"): the share is of the present case's discussion, members who have not
 * spoken are in it at zero, presenter, leaders and observers are not in it; a lost report is "no reading" and
 * not a zero. Pure; any thread that owns the ledger.
 */
#include "session/ledger_parts.h"

#include <string.h>

int64_t balint_ledger_overlap(int64_t a_start, int64_t a_end, int64_t b_start, int64_t b_end)
{
    int64_t start = a_start > b_start ? a_start : b_start;
    int64_t end = a_end < b_end ? a_end : b_end;
    return end > start ? end - start : 0;
}

/* ---- phases and cases */

/* Does the presenter leave the circle in any phase of this format? */
bool balint_ledger_steps_back(const struct balint_format *format)
{
    for (int i = 0; i < format->count; i++)
        if (format->phases[i].presenter != BALINT_IN_CIRCLE)
            return true;
    return false;
}

bool balint_ledger_is_discussion(const struct balint_ledger *ledger, int phase)
{
    return balint_format_discussion(&ledger->state.format, phase);
}

bool balint_ledger_counts(const struct balint_ledger *ledger, const struct visit *visit)
{
    return visit->case_number == ledger->current.number && balint_ledger_is_discussion(ledger, visit->phase);
}

/* How much of [start, end) is discussion of this case. */
int64_t balint_ledger_in_discussion(const struct balint_ledger *ledger, int64_t start_ms, int64_t end_ms)
{
    int64_t sum = 0;
    for (int i = 0; i < ledger->visit_count; i++)
        if (balint_ledger_counts(ledger, &ledger->visits[i]))
            sum +=
                balint_ledger_overlap(ledger->visits[i].start_ms, ledger->visits[i].end_ms, start_ms, end_ms);
    return sum;
}

const struct member *balint_ledger_member(const struct balint_ledger *ledger, const char *id)
{
    for (int i = 0; i < BALINT_LEDGER_MEMBERS; i++)
        if (ledger->members[i].id[0] != '\0' && strcmp(ledger->members[i].id, id) == 0)
            return &ledger->members[i];
    return NULL;
}

/* The phase in which the case of a phase begins; -1: before all cases. */
static int case_phase(const struct balint_format *format, int phase)
{
    while (phase >= 0 && format->phases[phase].part != BALINT_PART_CASE)
        phase--;
    return phase;
}

struct count balint_ledger_spoken(const struct balint_ledger *ledger, const struct member *member, int number)
{
    const struct balint_format *format = &ledger->state.format;
    struct count sum = {0, 0};
    int last = -1; /* phase of the case's last visit */

    for (int i = 0; i < ledger->visit_count; i++) {
        const struct visit *visit = &ledger->visits[i];
        if (visit->case_number != number || visit->phase < 0 || visit->phase >= format->count)
            continue;
        last = visit->phase;
        if (balint_ledger_is_discussion(ledger, visit->phase)) {
            sum.ms += member->visits[i].ms;
            sum.turns += member->visits[i].turns;
        }
    }
    /* What was before our first state is of this case where the format says so. */
    for (int i = 0; i < BALINT_PHASES && number == 0; i++)
        if (balint_ledger_is_discussion(ledger, i) && case_phase(format, i) == case_phase(format, last)) {
            sum.ms += member->early[i].ms;
            sum.turns += member->early[i].turns;
        }
    return sum;
}

/* ---- the balance */

static enum balint_reading reading_of(const struct balint_ledger *ledger,
                                      const struct balint_state_seat *seat, const struct member *member,
                                      int64_t now_ms)
{
    if (seat->away || seat->sitting_out)
        return BALINT_IS_AWAY;
    if (member == NULL || !member->reported || balint_ledger_unsure(ledger, member, ledger->current.number))
        return BALINT_NO_READING;
    int64_t age_ms = now_ms - member->clock_ms;
    return age_ms > BALINT_STALE_MS || age_ms < -BALINT_STALE_MS ? BALINT_NO_READING : BALINT_READING;
}

static void fill_row(const struct balint_ledger *ledger, const struct balint_state_seat *seat, int64_t now_ms,
                     struct balint_balance_row *row)
{
    const struct member *member = balint_ledger_member(ledger, seat->member);

    memset(row, 0, sizeof *row);
    row->seat = seat->seat;
    memcpy(row->name, seat->name, sizeof row->name);
    row->role = seat->role;
    row->reading = reading_of(ledger, seat, member, now_ms);
    row->since_heard_ms = -1;
    if (member == NULL)
        return;
    row->shared = member->shared;
    row->spoken_all_ms = member->all_ms;
    struct count spoken = balint_ledger_spoken(ledger, member, ledger->current.number);
    row->spoken_ms = spoken.ms;
    row->turns = spoken.turns;
    row->recent_ms = balint_ledger_lately(ledger, member, now_ms - BALINT_LEDGER_RECENT_MS, now_ms);
    row->heard_yet = row->turns > 0 || row->spoken_ms >= BALINT_TURN_MS; /* an "mm" is not being heard */
    if (member->heard_ms >= 0)
        row->since_heard_ms = now_ms > member->heard_ms ? now_ms - member->heard_ms : 0;
}

enum place_of { DENOMINATOR, LEADERS, OTHERS, NOWHERE };

static enum place_of place_of(const struct balint_ledger *ledger, const struct balint_state_seat *seat)
{
    const struct balint_state *state = &ledger->state;

    if (balint_is_leader(seat->role))
        return LEADERS;
    if (seat->role == BALINT_OBSERVER)
        return NOWHERE;
    /* A case's presenter is out for all of it, so that the others' shares do not jump at the return. One who
     * stays in the circle takes part as everybody does. */
    bool presents = strcmp(seat->member, ledger->current.presenter) == 0;
    bool out =
        balint_ledger_steps_back(&state->format) || (state->stepped_back && state->presenter == seat->seat);
    return presents && out ? OTHERS : DENOMINATOR;
}

void balint_ledger_balance(const struct balint_ledger *ledger, int64_t now_ms, struct balint_balance *balance)
{
    const struct balint_state *state = &ledger->state;
    int64_t members_ms = 0, recent_ms = 0, leaders_ms = 0, all_ms = 0;
    int count = 0;

    memset(balance, 0, sizeof *balance);
    balance->discussion_ms = balint_ledger_in_discussion(ledger, 0, now_ms);
    for (enum place_of place = DENOMINATOR; place < NOWHERE; place++) {
        int first = count;
        for (int i = 0; i < state->seat_count && i < BALINT_SEATS; i++) {
            if (place_of(ledger, &state->seats[i]) != place)
                continue;
            struct balint_balance_row *row = &balance->rows[count++];
            fill_row(ledger, &state->seats[i], now_ms, row);
            row->presenter = place == OTHERS;
            members_ms += place == DENOMINATOR ? row->spoken_ms : 0;
            recent_ms += place == DENOMINATOR ? row->recent_ms : 0;
            leaders_ms += place == LEADERS ? row->spoken_ms : 0;
            all_ms += row->spoken_ms;
        }
        *(place == DENOMINATOR ? &balance->member_count
          : place == LEADERS   ? &balance->leader_count
                               : &balance->other_count) = count - first;
    }
    for (int i = 0; i < balance->member_count; i++) {
        struct balint_balance_row *row = &balance->rows[i];
        row->share = members_ms > 0 ? (double)row->spoken_ms / (double)members_ms : 0;
        row->recent_share = recent_ms > 0 ? (double)row->recent_ms / (double)recent_ms : 0;
    }
    balance->leaders_share = all_ms > 0 ? (double)leaders_ms / (double)all_ms : 0;
}
