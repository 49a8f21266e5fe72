/* server_evening.h - an evening for the server's tests: one server, one group, invitations for everybody.
 *
 * Made once for a test program (cmocka group setup); each test takes its people from it, in a fresh session.
 */
#ifndef BALINT_SERVER_EVENING_H
#define BALINT_SERVER_EVENING_H

#include "fakes/people.h"

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { ANNA, BEN, CLARA, DORA, EMIL, FRED, INVITED }; /* leader, co-leader, three members, observer */

struct evening {
    struct balint_serverproc server;
    struct balint_test_group group;
    struct balint_test_invitation invitations[INVITED];
    struct balint_test_person people[INVITED];
};

/* A server with further arguments, a group of that name, and its invitations. */
static inline void evening_begin(struct evening *evening, const char *const *arguments)
{
    static const struct {
        const char *name;
        enum balint_role role;
    } invited[INVITED] = {
        [ANNA] = {"Anna Leitner", BALINT_LEADER}, [BEN] = {"Ben Zweig", BALINT_CO_LEADER},
        [CLARA] = {"Clara Moos", BALINT_MEMBER},  [DORA] = {"Dora Ring", BALINT_MEMBER},
        [EMIL] = {"Emil Tann", BALINT_MEMBER},    [FRED] = {"Fred Au\xc3\x9f", BALINT_OBSERVER},
    };
    memset(evening, 0, sizeof *evening);
    balint_serverproc_init(&evening->server);
    assert_true(balint_serverproc_start(&evening->server, arguments, NULL));
    assert_true(balint_test_found(&evening->server, &evening->group, "Mittwochskreis"));
    for (int i = 0; i < INVITED; i++) {
        evening->invitations[i].name = invited[i].name;
        evening->invitations[i].role = invited[i].role;
    }
    assert_true(balint_test_mint(&evening->server, &evening->group, evening->invitations, INVITED));
    for (int i = 0; i < INVITED; i++)
        balint_person_init(&evening->people[i], &evening->server, &evening->group, &evening->invitations[i]);
}

static inline void evening_end(struct evening *evening)
{
    for (int i = 0; i < INVITED; i++)
        balint_person_finish(&evening->people[i]);
    balint_serverproc_finish(&evening->server);
}

/* Everybody up to `count` joins in order; the leader admits them all. */
static inline void evening_gather(struct evening *evening, int count)
{
    for (int i = 0; i < count; i++) {
        assert_true(balint_person_join(&evening->people[i]));
        if (i > 0)
            assert_true(balint_person_until(&evening->people[ANNA], balint_person_sees_lobby, 1));
        assert_true(balint_person_admit_all(&evening->people[ANNA]));
        assert_true(balint_person_until(&evening->people[i], balint_person_is_admitted, 0));
    }
    for (int i = 0; i < count; i++)
        assert_true(balint_person_until(&evening->people[i], balint_person_sees_seats, count));
}

/* The leader leads from phase to phase, as far as that one. */
static inline void evening_lead_to(struct evening *evening, const char *phase)
{
    struct balint_test_person *anna = &evening->people[ANNA];
    int to = balint_person_phase(anna, phase);
    assert_true(to >= 0);
    while (anna->state.phase != to)
        assert_true(balint_person_act(anna, BALINT_MSG_PHASE, BALINT_NOBODY,
                                      anna->state.phase + (anna->state.phase < to ? 1 : -1)));
}

#endif
