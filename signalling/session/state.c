/* state.c - what one person may see of a session, and what a client makes of what it was sent.
 *
 * The filter is here: what a person may not know is not in the state at all. Members are not told who sits
 * out, who is asked to present, who asked to return, who stands at the door, which formats may be chosen, nor
 * when the evening ends, nor how long its phases lasted; who is at the door is told nothing but that a leader
 * is here. What the session does not know (the lock, the help line, follow-ups) its caller fills in, by the
 * same rule. Pure; any thread.
 */
#include "session/state.h"

#include <string.h>

/* Whole milliseconds of a time of which 0 means "not": never rounded down to it. */
static int64_t mark_ms(int64_t us)
{
    return us != 0 && us < 1000 ? 1 : us / 1000;
}

static void hex(char *text, const uint8_t *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < length; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    text[2 * length] = 0;
}

static void fill_seat(const struct balint_session *session, int seat, int to, struct balint_state_seat *out)
{
    const struct balint_seat *person = &session->seats[seat];
    bool leader = balint_is_leader(session->seats[to].role);
    struct balint_floor floor = balint_floor_of(balint_standing_of(session, seat));
    bool meet = balint_floors_meet(floor, balint_floor_of(balint_standing_of(session, to)));

    out->seat = seat;
    memcpy(out->member, person->member, sizeof out->member);
    memcpy(out->name, person->name, sizeof out->name);
    out->role = person->role;
    out->connected = person->connected;
    out->epoch = person->epoch;
    out->muted = person->muted;
    out->muted_for_cause = person->muted_for_cause;
    out->away = person->away || (person->sitting_out && !leader && seat != to);
    out->sitting_out = person->sitting_out && (leader || seat == to);
    out->after_room = person->after_room;
    out->heard = floor.heard && meet;
    out->seen = meet ? floor.seen : BALINT_SEEN_BY_NOBODY;
    out->dimmed = floor.dimmed && meet && !leader;
    out->turn = balint_round_place(session, seat);
    out->had_turn = session->round.had >> seat & 1;
    out->shared = person->shared;
    out->volunteers = person->volunteers;
    out->hand_ms = mark_ms(person->hand_us);
    out->lost_ms = mark_ms(person->lost_us);
}

static void fill_seats(const struct balint_session *session, int to, struct balint_state *state)
{
    bool leader = balint_is_leader(session->seats[to].role);
    for (int seat = 0; seat < BALINT_SEATS; seat++) {
        if (!session->seats[seat].taken)
            continue;
        if (session->seats[seat].admitted)
            fill_seat(session, seat, to, &state->seats[state->seat_count++]);
        else if (leader)
            fill_seat(session, seat, to, &state->lobby[state->lobby_count++]);
    }
}

static void fill_choices(const struct balint_session *session, struct balint_state *state)
{
    const struct balint_format *choice;
    while ((choice = balint_session_choice(session, state->choice_count)) != NULL) {
        struct balint_state_choice *out = &state->choices[state->choice_count++];
        memcpy(out->id, choice->id, sizeof out->id);
        memcpy(out->title, choice->title, sizeof out->title);
    }
}

static void fill_past(const struct balint_session *session, struct balint_state *state)
{
    for (int i = 0; i < session->past_count; i++) {
        struct balint_state_stay *stay = &state->past[state->past_count++];
        stay->phase = session->past[i].phase;
        stay->presenter = session->past[i].presenter;
        stay->since_ms = session->past[i].since_us / 1000;
    }
}

void balint_state_of(const struct balint_session *session, int to, struct balint_state *state)
{
    /* Every byte is set: two states are compared whole to see whether anything changed. */
    memset(state, 0, sizeof *state);
    hex(state->session, session->id, sizeof session->id);
    memcpy(state->group, session->group, sizeof state->group);
    state->you = to;
    state->led = balint_session_led(session);
    state->leads = BALINT_NOBODY;
    state->presenter = BALINT_NOBODY;
    state->proposed = BALINT_NOBODY;
    if (to < 0 || to >= BALINT_SEATS || !session->seats[to].taken || !session->seats[to].admitted)
        return;

    state->admitted = true;
    state->hears = balint_floor_of(balint_standing_of(session, to)).hears;
    memcpy(&state->format, &session->format, sizeof state->format);
    if (session->phase == 0 && balint_is_leader(session->seats[to].role))
        fill_choices(session, state);
    state->phase = session->phase;
    state->phase_since_ms = session->phase_since_us / 1000;
    state->leads = session->leads;
    state->presenter = session->presenter;
    if (balint_is_leader(session->seats[to].role) || session->proposed == to)
        state->proposed = session->proposed;
    if (balint_is_leader(session->seats[to].role))
        fill_past(session, state);
    if (balint_is_leader(session->seats[to].role))
        state->ends_ms = mark_ms(session->ends_us);
    state->stepped_back = session->stepped_back;
    state->invited = session->invited;
    state->asked = session->asked && (balint_is_leader(session->seats[to].role) || session->presenter == to);
    state->place = session->place;
    state->round = session->round.on;
    fill_seats(session, to, state);
}

/* ---- the client's side */

const struct balint_state_seat *balint_state_seat_of(const struct balint_state *state, int seat)
{
    for (int i = 0; i < state->seat_count; i++)
        if (state->seats[i].seat == seat)
            return &state->seats[i];
    return NULL;
}

static bool i_lead(const struct balint_state *state)
{
    const struct balint_state_seat *own = balint_state_seat_of(state, state->you);
    return own != NULL && balint_is_leader(own->role);
}

struct balint_floor balint_state_floor(const struct balint_state *state, int seat)
{
    struct balint_floor floor = {
        .heard = false, .seen = BALINT_SEEN_BY_NOBODY, .dimmed = false, .hears = false};
    const struct balint_state_seat *person = balint_state_seat_of(state, seat);
    if (!state->admitted || person == NULL)
        return floor;

    struct balint_standing standing = {
        .admitted = true,
        .observer = person->role == BALINT_OBSERVER,
        .muted = person->muted,
        .muted_for_cause = person->muted_for_cause,
        .away = person->away,
        .sitting_out = person->sitting_out,
        /* Whatever a server says, a member is not in it. */
        .after_room = person->after_room && balint_after_room_for(person->role),
        .stepped_back = state->stepped_back && state->presenter == seat,
        .place = state->place,
    };
    floor = balint_floor_of(standing);
    /* Either word is enough to close, neither alone to open. */
    floor.heard = floor.heard && person->heard;
    if (person->seen < floor.seen)
        floor.seen = person->seen;
    floor.dimmed = (floor.dimmed || person->dimmed) && floor.seen == BALINT_SEEN_BY_ALL && !i_lead(state);
    if (seat == state->you)
        floor.hears = floor.hears && state->hears;
    return floor;
}

bool balint_state_i_hear(const struct balint_state *state, int from)
{
    struct balint_floor own = balint_state_floor(state, state->you), other = balint_state_floor(state, from);
    return from != state->you && own.hears && other.heard && balint_floors_meet(own, other);
}

bool balint_state_i_see(const struct balint_state *state, int from)
{
    struct balint_floor own = balint_state_floor(state, state->you), other = balint_state_floor(state, from);
    if (from == state->you || !own.hears || !balint_floors_meet(own, other))
        return false;
    enum balint_seen seen = other.seen;
    return seen == BALINT_SEEN_BY_ALL || (seen == BALINT_SEEN_BY_LEADERS && i_lead(state));
}
