/* session_evening.c - long evenings of chance: whatever people do, in whatever order, what BALINT.md promises
 * holds after every single event, and a restarted server goes on with the same session.
 */
#include "session_support.h"

#define EVENTS  250000
#define MEMBERS 20 /* people who know the group: more than it has seats */

static char snapshot[BALINT_SNAPSHOT_SIZE];

struct evening {
    struct balint_session session;
    struct chance chance;
    int64_t now_us;
    int formats;
    bool willing[BALINT_SEATS];  /* has volunteered, and not taken it back, since the last case began */
    bool sits_out[BALINT_SEATS]; /* by the own key, of the case that goes on or comes next */
    long snapshots, apart, turns, cases, step_backs, returns, opened, ended, went_back;
};

static void invent_format(struct evening *evening, struct balint_format *format)
{
    *format = *balint_format_shipped(evening->formats++ % BALINT_SHIPPED); /* each in its turn */
    for (int i = 0; i < format->count; i++) {
        if (chance_next(&evening->chance, 4) == 0)
            format->phases[i].loops = chance_next(&evening->chance, 1u << format->count);
        if (chance_next(&evening->chance, 4) == 0)
            format->phases[i].presenter = (enum balint_place)chance_next(&evening->chance, BALINT_PLACES);
    }
}

/* ---- what happens. Returns the seat whose own key it was, or BALINT_NOBODY. */

/* Mostly those who have something to say about the case. */
static int who_asks(struct evening *evening)
{
    const struct balint_session *session = &evening->session;
    int by = (int)chance_next(&evening->chance, BALINT_SEATS);
    uint32_t choice = chance_next(&evening->chance, 4);
    if (session->proposed != BALINT_NOBODY && chance_next(&evening->chance, 8) == 0)
        return session->proposed;
    if (choice == 0 && session->presenter != BALINT_NOBODY)
        return session->presenter;
    if (choice <= 2 && session->leads != BALINT_NOBODY)
        return session->leads;
    return by;
}

/* What ends a case: another presenter, none any more, or another case's beginning ("entered from an earlier
 * case, forwards or by a loop", FORMATS.md). Nothing else puts who sat out back into it. */
static void note_the_case(struct evening *evening, const struct balint_session *before)
{
    const struct balint_session *session = &evening->session;
    int from = before->phase, to = session->phase, last = session->format.count - 1;
    bool over = before->presenter != BALINT_NOBODY && session->presenter != before->presenter;
    for (int i = 0; to != from && to != from - 1 && i <= from; i++)
        over = over || (session->format.phases[to].part == BALINT_PART_CASE &&
                        session->format.phases[i].part == BALINT_PART_CASE);
    if (over)
        memset(evening->sits_out, 0, sizeof evening->sits_out);
    bool anybody = false;
    for (int seat = 0; seat < BALINT_SEATS; seat++)
        anybody = anybody || evening->sits_out[seat];
    bool on = anybody && session->presenter != BALINT_NOBODY;
    evening->ended += on && to == last && from != last;
    evening->went_back += on && to != last && from == last;
}

static int somebody_asks(struct evening *evening)
{
    struct balint_session *session = &evening->session;
    int by = who_asks(evening);
    struct balint_request request = {
        .action = (enum balint_action)chance_next(&evening->chance, BALINT_ACTIONS),
        .seat = (int)chance_next(&evening->chance, BALINT_SEATS + 2) - 1,
        .value = (int)chance_next(&evening->chance, 4) - 1,
    };
    if (by == session->proposed && chance_next(&evening->chance, 2)) {
        request.action = BALINT_AGREE;
        request.value = chance_next(&evening->chance, 4) != 0;
    }
    if (request.action == BALINT_PHASE && chance_next(&evening->chance, 4) != 0)
        request.value = session->phase + (int)chance_next(&evening->chance, 3) - 1;
    else if (request.action == BALINT_PHASE && chance_next(&evening->chance, 2))
        request.value = session->format.count - 1;
    else if (request.action == BALINT_PHASE)
        request.value = (int)chance_next(&evening->chance, 11) - 1;

    struct balint_session before = *session;
    bool own_word = request.action == BALINT_PRESENT && request.seat == by;
    enum balint_result result = balint_session_request(session, by, &request, evening->now_us);
    if (result != BALINT_OK)
        assert_memory_equal(session, &before, sizeof before);
    if (result == BALINT_OK && request.action == BALINT_VOLUNTEER)
        evening->willing[by] = request.value == 1;
    /* Nobody presents who did not say so. */
    if (session->presenter != before.presenter && session->presenter != BALINT_NOBODY) {
        bool agrees = (request.action == BALINT_AGREE || request.action == BALINT_VOLUNTEER) &&
                      request.value == 1 && session->presenter == by && before.proposed == by;
        assert_true(own_word || agrees || evening->willing[session->presenter]);
        memset(evening->willing, 0, sizeof evening->willing);
        evening->cases++;
    }
    if (session->phase != before.phase)
        assert_true(balint_format_edge(&before.format, before.phase, session->phase));
    if (result == BALINT_OK && request.action == BALINT_SIT_OUT)
        evening->sits_out[by] = request.value == 1;
    if (result == BALINT_OK)
        note_the_case(evening, &before);
    evening->step_backs += session->stepped_back && !before.stepped_back;
    evening->returns += !session->stepped_back && before.stepped_back && request.action == BALINT_RETURN;
    /* Only these of a person's own keys may open that person's microphone. */
    bool own_key = request.action == BALINT_AFTER_ROOM || request.action == BALINT_MUTE ||
                   request.action == BALINT_AWAY || request.action == BALINT_SIT_OUT ||
                   request.action == BALINT_RETURN;
    return own_key ? by : BALINT_NOBODY;
}

static int somebody_knocks(struct evening *evening)
{
    char id[16];
    int who = (int)chance_next(&evening->chance, MEMBERS);
    enum balint_role role = who < 2 ? BALINT_LEADER : who < 4 ? BALINT_CO_LEADER : BALINT_MEMBER;
    snprintf(id, sizeof id, "m%d", who);
    int seat = balint_session_seat(&evening->session, id, id, who > 16 ? BALINT_OBSERVER : role);
    if (seat != BALINT_NOBODY)
        balint_session_connect(&evening->session, seat, chance_next(&evening->chance, 2), evening->now_us);
    return BALINT_NOBODY;
}

static void somebody_is_removed(struct evening *evening, int seat)
{
    const struct balint_session before = evening->session;
    balint_session_free(&evening->session, seat, evening->now_us);
    evening->willing[seat] = evening->sits_out[seat] = false;
    note_the_case(evening, &before);
}

static int something_happens(struct evening *evening)
{
    struct balint_session *session = &evening->session;
    int seat = (int)chance_next(&evening->chance, BALINT_SEATS);
    bool taken = session->seats[seat].taken;
    evening->now_us += chance_next(&evening->chance, 3000000);
    switch (chance_next(&evening->chance, 24)) {
    case 0:
        return somebody_knocks(evening);
    case 1:
        if (taken)
            balint_session_admit(session, seat, evening->now_us);
        return seat; /* admission is the one thing that opens from outside: the lobby was never heard */
    case 2:
        balint_session_disconnect(session, seat, evening->now_us);
        return BALINT_NOBODY;
    case 3:
        if (taken)
            balint_session_connect(session, seat, chance_next(&evening->chance, 2), evening->now_us);
        return BALINT_NOBODY;
    case 4:
        if (chance_next(&evening->chance, 8) == 0)
            somebody_is_removed(evening, seat);
        return BALINT_NOBODY;
    case 5:
        balint_session_tick(session, evening->now_us);
        return BALINT_NOBODY;
    default:
        return somebody_asks(evening);
    }
}

/* ---- what must hold */

static void check_round(const struct evening *evening)
{
    const struct balint_round *round = &evening->session.round;
    uint32_t seen = round->had;
    for (int i = 0; i < round->count; i++) {
        const struct balint_seat *person = &evening->session.seats[round->row[i]];
        assert_true(round->on && person->taken && person->admitted && person->role != BALINT_OBSERVER);
        assert_false(person->away || person->sitting_out || seen >> round->row[i] & 1);
        seen |= 1u << round->row[i];
    }
    for (int seat = 0; round->on && seat < BALINT_SEATS; seat++) {
        const struct balint_seat *person = &evening->session.seats[seat];
        if (person->taken && person->admitted && person->connected && person->role != BALINT_OBSERVER &&
            !person->away && !person->sitting_out && !person->after_room)
            assert_true(seen >> seat & 1); /* nobody who is here is left out */
    }
}

/* Nobody outside the after-room hears or sees it, nor the other way round; it is there in the last phase
 * alone, and for leaders and observers. */
static void check_after_room(const struct balint_session *session)
{
    for (int from = 0; from < BALINT_SEATS; from++) {
        const struct balint_seat *person = &session->seats[from];
        if (!person->after_room)
            continue;
        assert_int_equal(session->phase, session->format.count - 1);
        assert_int_not_equal(person->role, BALINT_MEMBER);
        for (int to = 0; to < BALINT_SEATS; to++) {
            if (session->seats[to].after_room)
                continue;
            assert_false(balint_may_hear(session, from, to) || balint_may_see(session, from, to));
            assert_false(balint_may_hear(session, to, from) || balint_may_see(session, to, from));
        }
    }
}

static void check_case(const struct balint_session *session)
{
    for (int seat = 0; seat < BALINT_SEATS; seat++) {
        const struct balint_seat *person = &session->seats[seat];
        bool may = person->taken && person->admitted && person->role != BALINT_OBSERVER &&
                   !person->sitting_out && session->presenter != seat;
        assert_true(may || (!person->volunteers && session->proposed != seat));
    }
    if (session->presenter != BALINT_NOBODY) {
        const struct balint_seat *presenter = &session->seats[session->presenter];
        assert_true(presenter->taken && presenter->admitted && presenter->role != BALINT_OBSERVER);
        assert_false(presenter->sitting_out);
    } else {
        assert_false(session->stepped_back);
    }
    if (!session->stepped_back) {
        assert_false(session->invited || session->asked);
        assert_int_equal(session->place, BALINT_IN_CIRCLE);
        return;
    }
    assert_int_not_equal(session->place, BALINT_IN_CIRCLE);
    assert_false(session->invited && session->asked);
    for (int to = 0; to < BALINT_SEATS; to++)
        assert_false(balint_may_hear(session, session->presenter, to));
}

/* Who may know the patient hears and sees nothing of the case while it goes on, and least of all who tells
 * it. */
static void check_sitting_out(const struct evening *evening)
{
    for (int seat = 0; seat < BALINT_SEATS; seat++)
        for (int from = 0; evening->sits_out[seat] && from < BALINT_SEATS; from++)
            assert_false(balint_may_hear(&evening->session, from, seat) ||
                         balint_may_see(&evening->session, from, seat));
}

/* Nobody is locked in. */
static void check_return(const struct evening *evening)
{
    if (!evening->session.stepped_back)
        return;
    struct balint_session copy = evening->session;
    struct balint_request held = {.action = BALINT_RETURN, .seat = BALINT_NOBODY, .value = 1};
    assert_int_equal(balint_session_request(&copy, copy.presenter, &held, evening->now_us), BALINT_OK);
    assert_false(copy.stepped_back);

    copy = evening->session;
    for (int seat = 0; seat < BALINT_SEATS; seat++)
        if (balint_is_leader(copy.seats[seat].role))
            balint_session_disconnect(&copy, seat, evening->now_us);
    struct balint_request plain = {.action = BALINT_RETURN, .seat = BALINT_NOBODY, .value = 0};
    assert_int_equal(balint_session_request(&copy, copy.presenter, &plain, evening->now_us), BALINT_OK);
    assert_false(copy.stepped_back);
}

static void check_lead(const struct evening *evening)
{
    struct balint_session copy = evening->session;
    balint_session_tick(&copy, evening->now_us);
    if (copy.leads == BALINT_NOBODY) {
        assert_false(balint_session_led(&copy));
        return;
    }
    const struct balint_seat *leads = &copy.seats[copy.leads];
    assert_true(leads->taken && leads->admitted && balint_is_leader(leads->role));
    /* Here, or gone for less than ten seconds, or nobody else is here to lead. */
    assert_true(leads->connected || evening->now_us - leads->lost_us < 10 * SECOND ||
                !balint_session_led(&copy));
}

static void check_floor(const struct balint_session *session, const bool *heard_before, int own_key,
                        struct evening *evening)
{
    for (int seat = 0; seat < BALINT_SEATS; seat++) {
        const struct balint_seat *person = &session->seats[seat];
        struct balint_floor floor = balint_floor_of(balint_standing_of(session, seat));
        if ((person->role == BALINT_OBSERVER && !person->after_room) || !person->taken || !person->admitted ||
            person->sitting_out || person->away || person->muted || person->muted_for_cause)
            assert_false(floor.heard);
        if (floor.heard && !heard_before[seat]) {
            assert_int_equal(seat, own_key); /* nothing but the own key opens a microphone */
            evening->opened++;
        }
    }
}

static void check_clients(const struct balint_session *session)
{
    struct balint_state state;
    for (int to = 0; to < BALINT_SEATS; to++) {
        balint_state_of(session, to, &state);
        for (int from = 0; from < BALINT_SEATS; from++) {
            assert_int_equal(balint_state_i_hear(&state, from), balint_may_hear(session, from, to));
            assert_int_equal(balint_state_i_see(&state, from), balint_may_see(session, from, to));
        }
        if (state.admitted && balint_is_leader(session->seats[to].role))
            continue;
        assert_int_equal(state.lobby_count, 0);
        assert_int_equal(state.ends_ms + state.past_count, 0);
        assert_true(!state.asked || session->presenter == to);
        assert_true(state.proposed == BALINT_NOBODY || state.proposed == to);
        for (int i = 0; i < state.seat_count; i++)
            assert_true(!state.seats[i].sitting_out || state.seats[i].seat == to);
    }
}

/* The server dies and starts again. */
static void restart(struct evening *evening)
{
    struct balint_session restored, want = evening->session;
    assert_int_not_equal(balint_snapshot_write(&want, snapshot, sizeof snapshot), 0);
    evening->now_us += 5 * SECOND;
    memset(&restored, 0x55, sizeof restored);
    assert_true(balint_snapshot_read(&restored, snapshot, evening->now_us, NULL));
    for (int seat = 0; seat < BALINT_SEATS; seat++) {
        if (!want.seats[seat].taken)
            continue;
        if (want.seats[seat].lost_us == 0)
            want.seats[seat].lost_us = evening->now_us;
        want.seats[seat].connected = false;
    }
    assert_memory_equal(&restored, &want, sizeof want);
    evening->session = restored;
    evening->snapshots++;
    /* Most come back. */
    for (int seat = 0; seat < BALINT_SEATS; seat++)
        if (restored.seats[seat].taken && chance_next(&evening->chance, 8) != 0)
            balint_session_connect(&evening->session, seat, false, evening->now_us);
}

static void promises_hold_after_every_event(void **state)
{
    (void)state;
    struct evening evening = {.chance = {.state = UINT64_C(0x9e3779b97f4a7c15)}, .now_us = SECOND};
    for (long event = 0; event < EVENTS; event++) {
        bool heard[BALINT_SEATS];
        if (event % 5000 == 0) {
            struct balint_format format;
            invent_format(&evening, &format);
            balint_session_init(&evening.session, "tuesday", &format, evening.now_us);
            memset(evening.willing, 0, sizeof evening.willing);
            memset(evening.sits_out, 0, sizeof evening.sits_out);
        }
        for (int seat = 0; seat < BALINT_SEATS; seat++)
            heard[seat] = balint_floor_of(balint_standing_of(&evening.session, seat)).heard;
        int own_key = something_happens(&evening);
        check_case(&evening.session);
        check_sitting_out(&evening);
        check_return(&evening);
        check_round(&evening);
        check_after_room(&evening.session);
        for (int seat = 0; seat < BALINT_SEATS; seat++)
            evening.apart += evening.session.seats[seat].after_room;
        evening.turns += evening.session.round.count > 0;
        check_lead(&evening);
        check_floor(&evening.session, heard, own_key, &evening);
        if (event % 16 == 0)
            check_clients(&evening.session);
        if (event % 97 == 0) {
            restart(&evening);
            check_sitting_out(&evening);
        }
    }
    print_message("%d events: %ld cases, %ld step-backs, %ld returns, %ld microphones opened, %ld restarts\n",
                  EVENTS, evening.cases, evening.step_backs, evening.returns, evening.opened,
                  evening.snapshots);
    print_message("%ld times the evening ended in a case that somebody sat out, %ld times back into it\n",
                  evening.ended, evening.went_back);
    /* The chance has gone everywhere. */
    assert_true(evening.apart > 1000 && evening.turns > 1000 && evening.cases > 500 &&
                evening.step_backs > 500 && evening.returns > 100 && evening.opened > 1000 &&
                evening.ended > 100 && evening.went_back > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(promises_hold_after_every_event),
    };
    return cmocka_run_group_tests_name("session-evening", tests, NULL, NULL);
}
