/* ledger_evening.h - a circle and its reports, told to a ledger: what the ledger's tests begin with. */
#ifndef LEDGER_EVENING_H
#define LEDGER_EVENING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "session/ledger.h"

enum { STORY, QUESTIONS, DISCUSSION, RETURN_, PHASE_COUNT };
enum { ANNA, CO, PETER, MARIA, JAN, ELSE_, OBSERVER, PEOPLE };

#define MINUTE 60000

static struct balint_ledger *ledger;
static struct balint_state state;
static struct balint_balance balance;
static struct balint_talk talks[PEOPLE];
static const char *const members[PEOPLE] = {"anna", "co", "peter", "maria", "jan", "else", "olga"};

static inline void add_phase(const char *id, enum balint_place place)
{
    struct balint_phase *phase = &state.format.phases[state.format.count++];
    snprintf(phase->id, sizeof phase->id, "%s", id);
    phase->presenter = place;
}

static inline int setup(void **unused)
{
    (void)unused;
    static const enum balint_role roles[PEOPLE] = {BALINT_LEADER,  BALINT_CO_LEADER, BALINT_MEMBER,
                                                   BALINT_MEMBER,  BALINT_MEMBER,    BALINT_MEMBER,
                                                   BALINT_OBSERVER};
    ledger = balint_ledger_new();
    memset(&state, 0, sizeof state);
    snprintf(state.session, sizeof state.session, "00112233445566778899aabbccddeeff");
    add_phase("presentation", BALINT_IN_CIRCLE);
    add_phase("questions", BALINT_IN_CIRCLE);
    add_phase("discussion", BALINT_ASIDE);
    add_phase("return", BALINT_IN_CIRCLE);
    state.admitted = state.led = true;
    state.presenter = BALINT_NOBODY;
    state.seat_count = PEOPLE;
    for (int i = 0; i < PEOPLE; i++) {
        struct balint_state_seat *seat = &state.seats[i];
        seat->seat = i;
        snprintf(seat->member, sizeof seat->member, "%s", members[i]);
        snprintf(seat->name, sizeof seat->name, "Dr %s", members[i]);
        seat->role = roles[i];
        seat->connected = true;
        seat->heard = roles[i] != BALINT_OBSERVER; /* as the server says of who is not muted */
        seat->seen = BALINT_SEEN_BY_ALL;
        seat->epoch = 1;
        balint_talk_init(&talks[i]);
    }
    return ledger == NULL;
}

static inline int teardown(void **unused)
{
    (void)unused;
    balint_ledger_free(ledger);
    return 0;
}

static inline void enter(int phase, int64_t ms)
{
    state.phase = phase;
    state.phase_since_ms = state.clock_ms = ms;
    state.stepped_back = state.presenter >= 0 && state.format.phases[phase].presenter != BALINT_IN_CIRCLE;
    balint_ledger_state(ledger, &state);
}

static inline void present(int seat, int64_t ms)
{
    state.presenter = seat;
    state.clock_ms = ms;
    balint_ledger_state(ledger, &state);
}

static inline void say(int who, int64_t start_ms, int64_t end_ms)
{
    balint_talk_add(&talks[who], state.phase, (struct balint_talk_span){start_ms, end_ms}, false);
}

static inline bool report(int who, uint32_t epoch, int64_t clock_ms)
{
    talks[who].clock_ms = clock_ms;
    return balint_ledger_take(ledger, members[who], epoch, &talks[who]);
}

static inline void report_all(int64_t clock_ms)
{
    for (int i = 0; i < PEOPLE; i++)
        assert_true(report(i, 1, clock_ms));
}

static inline const struct balint_balance_row *row(int who, int64_t now_ms)
{
    balint_ledger_balance(ledger, now_ms, &balance);
    for (int i = 0; i < balance.member_count + balance.leader_count + balance.other_count; i++)
        if (balance.rows[i].seat == who)
            return &balance.rows[i];
    return NULL;
}

/* Equal to a thousandth. */
#define assert_share(is, ought) assert_true((is) > (ought)-0.0005 && (is) < (ought) + 0.0005)

/* Peter tells his story for five minutes, then sits back while the others talk for ten. */
static inline void a_case(void)
{
    enter(STORY, 0);
    present(PETER, 1000);
    say(PETER, 2000, 5 * MINUTE);
    say(ANNA, 5 * MINUTE, 5 * MINUTE + 5000);
    enter(DISCUSSION, 6 * MINUTE);
    say(MARIA, 6 * MINUTE, 9 * MINUTE);
    say(JAN, 9 * MINUTE, 10 * MINUTE);
    say(ANNA, 10 * MINUTE, 11 * MINUTE);
    report_all(16 * MINUTE);
}

#define LEDGER_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
