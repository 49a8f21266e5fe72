/* times.c - when each member spoke, as far as readings say, and when a reading was owed.
 *
 * Why so careful: silence is known only where everybody who could be heard is known to have said nothing, and
 * a report that was lost looks exactly like silence until the next one comes. A talk record lists the newest
 * ten spans of its process, so from the first of them on it tells everything; one that explains all its
 * totals tells everything since its process began. Where totals grew by what no span explains, somebody spoke
 * at an unknown time.
 *
 * A line that is lost may carry sound for a while after the server has given it up, since media outlives
 * signalling: a reading is owed so much longer. Pure; one owner.
 */
#include "session/ledger_parts.h"

#include <string.h>

#define OUTLIVES_MS 30000 /* a link without signs of life is given up within seconds; generous */

/* ---- who is here */

static const struct balint_state_seat *seat_of(const struct balint_state *state, const char *id)
{
    for (int i = 0; i < state->seat_count && i < BALINT_SEATS; i++)
        if (strcmp(state->seats[i].member, id) == 0)
            return &state->seats[i];
    return NULL;
}

struct member *balint_ledger_place(struct balint_ledger *ledger, const char *id)
{
    struct member *place = (struct member *)balint_ledger_member(ledger, id);
    size_t length = strlen(id);

    if (place != NULL)
        return place;
    if (length == 0 || length >= BALINT_ID_SIZE)
        return NULL;
    for (int i = 0; i < BALINT_LEDGER_MEMBERS; i++) {
        struct member *member = &ledger->members[i];
        if (member->id[0] == '\0') {
            place = member;
            break;
        }
        /* that of the longest gone who has no seat any more */
        if (seat_of(&ledger->state, member->id) == NULL &&
            (place == NULL || member->clock_ms < place->clock_ms))
            place = member;
    }
    if (place == NULL)
        return NULL;
    memset(place, 0, sizeof *place);
    memcpy(place->id, id, length);
    place->heard_ms = -1;
    return place;
}

/* Goes on from `now_ms`, or ends, for somebody whose line is lost only after a while. */
static void go_on(struct balint_stretch *set, int *count, bool is_so, const struct balint_state_seat *seat,
                  int64_t now_ms)
{
    int64_t end_ms = seat != NULL && !seat->connected ? seat->lost_ms + OUTLIVES_MS : INT64_MAX;

    balint_stretches_end(set, count, is_so && end_ms < INT64_MAX ? end_ms : now_ms);
    if (is_so)
        balint_stretches_add(set, count, BALINT_LEDGER_MARKS, BALINT_STRETCHES_JOIN, now_ms, end_ms);
}

void balint_ledger_presence(struct balint_ledger *ledger, bool first)
{
    const struct balint_state *state = &ledger->state;
    int64_t now_ms = first ? 0 : state->clock_ms; /* what was before us is owed, too */

    for (int i = 0; i < state->seat_count && i < BALINT_SEATS; i++) {
        const struct balint_state_seat *seat = &state->seats[i];
        struct member *member = balint_ledger_place(ledger, seat->member);
        if (member == NULL)
            continue;
        member->role = seat->role;
        if (member->epoch != seat->epoch) {
            member->epoch = seat->epoch;
            member->epoch_ms = first && seat->seat != state->you ? INT64_MAX : state->clock_ms;
        }
    }
    for (int i = 0; i < BALINT_LEDGER_MEMBERS; i++) {
        struct member *member = &ledger->members[i];
        const struct balint_state_seat *seat = seat_of(state, member->id);
        bool here = member->id[0] != '\0' && seat != NULL && seat->role != BALINT_OBSERVER && !seat->away &&
                    !seat->sitting_out;
        go_on(member->here, &member->here_count, here, seat, now_ms);
        go_on(member->owed, &member->owed_count, here && balint_state_floor(state, seat->seat).heard, seat,
              now_ms);
    }
}

/* ---- what a record says */

/* The earliest from which this record tells everything; its own clock when it tells nothing. */
static int64_t known_from(const struct member *member, const struct process *process, uint32_t epoch,
                          const struct balint_talk *talk)
{
    int64_t from_ms = talk->span_count > 0 ? talk->spans[0].start_ms : talk->clock_ms, total_ms = 0,
            grown_ms = 0;

    for (int i = 0; i < BALINT_PHASES; i++) {
        total_ms += talk->total_ms[i];
        grown_ms += (int64_t)talk->total_ms[i] - process->total_ms[i];
    }
    for (int i = 0; i < talk->span_count; i++)
        total_ms -= talk->spans[i].end_ms - talk->spans[i].start_ms;
    if (talk->span_count < BALINT_TALK_SPANS && total_ms <= BALINT_LEDGER_ROUNDING_MS) {
        int64_t began_ms = epoch == 1               ? 0 /* nobody's before it */
                           : epoch == member->epoch ? member->epoch_ms
                                                    : INT64_MAX;
        from_ms = began_ms < from_ms ? began_ms : from_ms;
    }
    if (process->clock_ms >= 0 && process->clock_ms < from_ms && grown_ms == 0)
        from_ms = process->clock_ms;
    return from_ms;
}

static void add_loose(struct member *member, struct piece piece)
{
    if (piece.ms <= 0 || piece.end_ms <= piece.start_ms)
        return;
    if (member->loose_count == BALINT_LEDGER_LOOSE) { /* the two oldest become one, a little less exact */
        struct piece *p = member->loose;
        p[0].ms += p[1].ms;
        p[0].start_ms = p[0].start_ms < p[1].start_ms ? p[0].start_ms : p[1].start_ms;
        p[0].end_ms = p[0].end_ms > p[1].end_ms ? p[0].end_ms : p[1].end_ms;
        memmove(p + 1, p + 2, (BALINT_LEDGER_LOOSE - 2) * sizeof *p);
        member->loose_count--;
    }
    member->loose[member->loose_count++] = piece;
}

static void drop_old_loose(struct member *member)
{
    int kept = 0;
    for (int i = 0; i < member->loose_count; i++)
        if (member->loose[i].end_ms > member->clock_ms - BALINT_LEDGER_RECENT_MS)
            member->loose[kept++] = member->loose[i];
    member->loose_count = kept;
}

static int64_t spoken_in_discussion(const struct balint_ledger *ledger, const struct member *member,
                                    int64_t start_ms, int64_t end_ms)
{
    int64_t sum = 0;
    for (int i = ledger->visit_count - 1; i >= 0; i--) {
        const struct visit *visit = &ledger->visits[i];
        int64_t start = visit->start_ms > start_ms ? visit->start_ms : start_ms;
        int64_t end = visit->end_ms < end_ms ? visit->end_ms : end_ms;
        if (balint_ledger_counts(ledger, visit) && end > start)
            sum += balint_stretches_within(member->spoken, member->spoken_count, start, end);
    }
    return sum;
}

void balint_ledger_times(struct balint_ledger *ledger, struct member *member, const struct process *process,
                         const struct balint_talk *talk, int64_t grown_ms, int64_t from_ms)
{
    int64_t first_ms = talk->clock_ms; /* of what is new */
    int64_t oldest_ms = talk->span_count > 0 ? talk->spans[0].start_ms : talk->clock_ms;
    int64_t before_ms = spoken_in_discussion(ledger, member, oldest_ms, talk->clock_ms);

    for (int i = talk->span_count - 1; i >= 0; i--) {
        int64_t start = talk->spans[i].start_ms, end = talk->spans[i].end_ms;
        if (end > member->heard_ms)
            member->heard_ms = end;
        if (end > from_ms && (start > from_ms ? start : from_ms) < first_ms)
            first_ms = start > from_ms ? start : from_ms;
        balint_stretches_add(member->spoken, &member->spoken_count, BALINT_LEDGER_SPANS,
                             BALINT_STRETCHES_JOIN, start, end);
    }
    int64_t new_ms = spoken_in_discussion(ledger, member, oldest_ms, talk->clock_ms) - before_ms;
    /* What no span explains was said before the first of them, since the last report. */
    int64_t hole_ms = balint_ledger_in_discussion(ledger, from_ms, first_ms), unknown_ms = grown_ms - new_ms;
    add_loose(member, (struct piece){from_ms, first_ms, unknown_ms < hole_ms ? unknown_ms : hole_ms});

    int64_t known_ms = known_from(member, process, process->epoch, talk);
    balint_stretches_add(member->known, &member->known_count, BALINT_LEDGER_MARKS, BALINT_STRETCHES_DROP,
                         known_ms, talk->clock_ms);
    if (known_ms > from_ms &&
        unknown_ms > BALINT_LEDGER_ROUNDING_MS) /* whoever was taken to be gone did speak */
        balint_stretches_add(member->owed, &member->owed_count, BALINT_LEDGER_MARKS, BALINT_STRETCHES_JOIN,
                             from_ms, known_ms);
    drop_old_loose(member);
}

int64_t balint_ledger_lately(const struct balint_ledger *ledger, const struct member *member,
                             int64_t start_ms, int64_t end_ms)
{
    int64_t sum = spoken_in_discussion(ledger, member, start_ms, end_ms);

    for (int i = 0; i < member->loose_count; i++) {
        const struct piece *piece = &member->loose[i];
        int64_t start = piece->start_ms > start_ms ? piece->start_ms : start_ms;
        int64_t part =
            balint_ledger_in_discussion(ledger, start, piece->end_ms < end_ms ? piece->end_ms : end_ms);
        int64_t all = balint_ledger_in_discussion(ledger, piece->start_ms, piece->end_ms);
        if (all > 0)
            sum += (int64_t)((double)piece->ms * (double)part / (double)all);
    }
    return sum;
}

bool balint_ledger_take_spans(struct balint_ledger *ledger, const char *member_id,
                              const struct balint_talk_span *spans, int count, int64_t from_ms,
                              int64_t until_ms)
{
    struct member *member = (struct member *)balint_ledger_member(ledger, member_id);

    if (member == NULL || from_ms < 0 || until_ms <= from_ms)
        return false;
    for (int i = 0; i < count; i++)
        if (spans[i].start_ms < from_ms || spans[i].end_ms > until_ms || spans[i].end_ms <= spans[i].start_ms)
            return false;
    int64_t before_ms = spoken_in_discussion(ledger, member, from_ms, until_ms);
    for (int i = 0; i < count; i++) {
        balint_stretches_add(member->spoken, &member->spoken_count, BALINT_LEDGER_SPANS,
                             BALINT_STRETCHES_JOIN, spans[i].start_ms, spans[i].end_ms);
        if (spans[i].end_ms > member->heard_ms)
            member->heard_ms = spans[i].end_ms;
    }
    balint_stretches_add(member->known, &member->known_count, BALINT_LEDGER_MARKS, BALINT_STRETCHES_DROP,
                         from_ms, until_ms);
    balint_ledger_told(ledger, member, from_ms, until_ms,
                       spoken_in_discussion(ledger, member, from_ms, until_ms) - before_ms);
    balint_ledger_settle(ledger, member);
    return true;
}
