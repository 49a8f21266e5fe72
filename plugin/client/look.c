/* look.c - see look.h. */
#include "client/look.h"

#include <stdio.h>
#include <string.h>

const char *balint_look_refused(const struct balint_state *state)
{
    const struct balint_state_seat *self = balint_state_seat_of(state, state->you);
    if (!state->admitted || self == NULL)
        return state->led ? "you are at the door yourself: a leader will let you in"
                          : "you are at the door yourself: no leader has come in yet";
    return balint_is_leader(self->role) ? NULL : "leaders look at who is at the door";
}

int balint_look_find(const struct balint_state *state, const char *word, char why[BALINT_WHY_SIZE])
{
    char unused[BALINT_WHY_SIZE];
    int at = balint_person_find(state->lobby, state->lobby_count, word, why);
    int in = at < 0 ? balint_person_find(state->seats, state->seat_count, word, unused) : -1;
    if (in >= 0)
        snprintf(why, BALINT_WHY_SIZE, "%s is let in already: look is for who is at the door",
                 state->seats[in].name);
    return at;
}

bool balint_look_first(const struct balint_doorway *door, int seat)
{
    return seat >= 0 && seat < BALINT_SEATS &&
           (door->standing[seat] == BALINT_DOOR_NEW || door->standing[seat] == BALINT_DOOR_OTHER_DEVICE);
}

const char *balint_look_words(const struct balint_doorway *door, int seat)
{
    switch (seat >= 0 && seat < BALINT_SEATS ? door->standing[seat] : BALINT_DOOR_UNSAID) {
    case BALINT_DOOR_NEW:
        return "has a new device";
    case BALINT_DOOR_OTHER_DEVICE:
        return "has another device than before";
    case BALINT_DOOR_UNPROVEN:
        return "does not prove who they are, and cannot be let in";
    default:
        return "";
    }
}

static bool same(const struct balint_state_seat *a, const struct balint_state_seat *b)
{
    return a->seat == b->seat && a->epoch == b->epoch && strcmp(a->member, b->member) == 0;
}

static bool is_there(const struct balint_look *look, const struct balint_state *state)
{
    for (int i = 0; i < state->lobby_count; i++)
        if (same(&state->lobby[i], &look->person))
            return true;
    return false;
}

static void begin(struct balint_look *look, const struct balint_state_seat *person, int64_t now_us)
{
    look->looking = true;
    look->person = *person;
    look->since_us = now_us;
}

/* Begins with the first new one that is not `except` (NULL: nobody). */
static bool begin_next(struct balint_look *look, const struct balint_state *state,
                       const struct balint_doorway *door, int64_t now_us,
                       const struct balint_state_seat *except)
{
    for (int i = 0; i < state->lobby_count; i++) {
        const struct balint_state_seat *person = &state->lobby[i];
        if (!balint_look_first(door, person->seat) || (except && same(person, except)))
            continue;
        begin(look, person, now_us);
        return true;
    }
    return false;
}

void balint_look_state(struct balint_look *look, const struct balint_state *state)
{
    look->looking = look->looking && is_there(look, state);
}

bool balint_look_at(struct balint_look *look, const struct balint_state_seat *person,
                    const struct balint_doorway *door, int64_t now_us)
{
    if (person->seat < 0 || person->seat >= BALINT_SEATS ||
        door->standing[person->seat] == BALINT_DOOR_UNPROVEN)
        return false;
    begin(look, person, now_us);
    return true;
}

enum balint_look_step balint_look_next(struct balint_look *look, const struct balint_state *state,
                                       const struct balint_doorway *door, int64_t now_us,
                                       struct balint_state_seat *admitted)
{
    balint_look_state(look, state);
    if (!look->looking)
        return begin_next(look, state, door, now_us, NULL) ? BALINT_LOOK_BEGINS : BALINT_LOOK_NOBODY;
    if (now_us - look->since_us < BALINT_LOOK_US)
        return BALINT_LOOK_TOO_SOON;
    *admitted = look->person;
    look->looking = false;
    return begin_next(look, state, door, now_us, admitted) ? BALINT_LOOK_GOES_ON : BALINT_LOOK_ENDS;
}
