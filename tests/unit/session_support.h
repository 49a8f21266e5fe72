/* session_support.h - sessions for tests: people with short names, requests in one line, repeatable chance.
 */
#ifndef BALINT_TEST_SESSION_SUPPORT_H
#define BALINT_TEST_SESSION_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "session/session.h"
#include "session/state.h"

#include <cmocka.h>

#define SECOND INT64_C(1000000)
/* Seats of session_of_six(). */
enum { LEADER, CO_LEADER, ANNA, BERT, CARL, WATCHER, PEOPLE };

static inline int add_person(struct balint_session *session, const char *member, enum balint_role role)
{
    int seat = balint_session_seat(session, member, member, role);
    assert_int_not_equal(seat, BALINT_NOBODY);
    balint_session_connect(session, seat, true, SECOND);
    balint_session_admit(session, seat, SECOND);
    return seat;
}

/* A leader, a co-leader, three members and an observer, all here, in the first phase. */
static inline void session_of_six(struct balint_session *session)
{
    balint_session_init(session, "tuesday", balint_format_find("classic"), 0);
    assert_int_equal(add_person(session, "leader", BALINT_LEADER), LEADER);
    assert_int_equal(add_person(session, "co-leader", BALINT_CO_LEADER), CO_LEADER);
    assert_int_equal(add_person(session, "anna", BALINT_MEMBER), ANNA);
    assert_int_equal(add_person(session, "bert", BALINT_MEMBER), BERT);
    assert_int_equal(add_person(session, "carl", BALINT_MEMBER), CARL);
    assert_int_equal(add_person(session, "watcher", BALINT_OBSERVER), WATCHER);
}

static inline enum balint_result ask(struct balint_session *session, int by, enum balint_action action,
                                     int seat, int value)
{
    struct balint_request request = {.action = action, .seat = seat, .value = value};
    return balint_session_request(session, by, &request, 100 * SECOND);
}

#define ALLOWED(...)         assert_int_equal(ask(__VA_ARGS__), BALINT_OK)
#define REFUSED(result, ...) assert_int_equal(ask(__VA_ARGS__), result)

/* A person volunteers, and a leader says yes. */
static inline void tell_a_case(struct balint_session *session, int leader, int presenter)
{
    ALLOWED(session, presenter, BALINT_VOLUNTEER, BALINT_NOBODY, 1);
    ALLOWED(session, leader, BALINT_PRESENT, presenter, 0);
    assert_int_equal(session->presenter, presenter);
}

static inline int phase_index(const struct balint_session *session, const char *id)
{
    for (int i = 0; i < session->format.count; i++)
        if (strcmp(session->format.phases[i].id, id) == 0)
            return i;
    return -1;
}

/* The leader walks there, edge by edge. */
static inline void walk_to(struct balint_session *session, const char *id)
{
    int to = phase_index(session, id);
    assert_int_not_equal(to, -1);
    while (session->phase != to)
        ALLOWED(session, LEADER, BALINT_PHASE, BALINT_NOBODY,
                session->phase + (session->phase < to ? 1 : -1));
}

/* xorshift64* (Vigna 2016): the same evening every time. */
struct chance {
    uint64_t state;
};

static inline uint32_t chance_next(struct chance *chance, uint32_t below)
{
    chance->state ^= chance->state >> 12;
    chance->state ^= chance->state << 25;
    chance->state ^= chance->state >> 27;
    return (uint32_t)((chance->state * UINT64_C(2685821657736338717)) >> 33) % below;
}

#endif
