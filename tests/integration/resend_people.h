/* resend_people.h - the group of the tests of spans told again. */
#ifndef BALINT_TEST_RESEND_PEOPLE_H
#define BALINT_TEST_RESEND_PEOPLE_H

#include <string.h>

#include "client/resender.h"

enum { ANNA, DORA, BEN, CLEO, EMIL, PEOPLE }; /* Anna and Dora lead */
static const char *const members[PEOPLE] = {"anna", "dora", "ben", "cleo", "emil"};
#define MINUTE 60000

/* The discussion, as the person on seat `you` is told of it. */
static inline struct balint_state state_for(int you, const uint32_t epochs[PEOPLE], const bool here[PEOPLE])
{
    struct balint_state state = {.admitted = true, .led = true, .you = you, .seat_count = PEOPLE};
    strcpy(state.session, "00000000000000000000000000000001");
    state.format = *balint_format_find("classic");
    while (strcmp(state.format.phases[state.phase].id, "discussion") != 0)
        state.phase++;
    state.phase_since_ms = MINUTE;
    state.presenter = state.leads = BALINT_NOBODY;
    for (int i = 0; i < PEOPLE; i++) {
        state.seats[i] = (struct balint_state_seat){.seat = i,
                                                    .role = i == ANNA   ? BALINT_LEADER
                                                            : i == DORA ? BALINT_CO_LEADER
                                                                        : BALINT_MEMBER,
                                                    .connected = here[i],
                                                    .epoch = epochs[i]};
        strcpy(state.seats[i].member, members[i]);
        strcpy(state.seats[i].name, members[i]);
    }
    return state;
}

#endif
