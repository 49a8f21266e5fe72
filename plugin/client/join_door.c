/* join_door.c - a leader at the door: who is new there, the look, and what is kept of whom was let in. */
#include <stdio.h>
#include <string.h>

#include "client/join.h"
#include "input.h" /* overlay/ */
#include "protocol/limits.h"

/* The window's panel: who is there, or only that somebody can wait. */
static void show_door(struct balint_joined *join)
{
    if (join->pipeline.overlay == NULL)
        return;
    GString *folded = g_string_new("");
    char *json = NULL;
    for (int seat = 0; seat < BALINT_SEATS; seat++)
        g_string_append_printf(folded, "%s{\"seat\":%d,\"standing\":\"later\"}", seat > 0 ? "," : "[", seat);
    g_string_append(folded, "]");
    g_object_get(join->pipeline.call, "door", &json, NULL);
    g_object_set(join->pipeline.overlay, "door", join->later ? folded->str : json, NULL);
    g_string_free(folded, TRUE);
    g_free(json);
}

void balint_join_door(struct balint_joined *join, const char *json)
{
    char why[BALINT_INPUT_WHY];
    if (!balint_input_door(json, strlen(json), &join->door, why))
        return;
    show_door(join);
}

void balint_join_later(struct balint_joined *join, bool later)
{
    join->later = later;
    show_door(join);
    if (!later)
        balint_join_door_state(join);
}

void balint_join_devices(struct balint_joined *join, const char *lines)
{
    char why[BALINT_WHY_SIZE];
    balint_known_add(&join->known_file, lines, why, sizeof why);
    if (why[0] != '\0')
        balint_join_say(join, why);
}

/* Each person who has to be looked at is said once, on the terminal: the window's panel has them all. */
void balint_join_door_state(struct balint_joined *join)
{
    const struct balint_state *state = &join->state;
    balint_look_state(&join->look, state);
    if (join->options.admit_everyone)
        return; /* nobody is asked */
    if (join->later)
        return; /* said when the phase is over */
    uint32_t there = 0;
    for (int i = 0; i < state->lobby_count; i++) {
        const struct balint_state_seat *person = &state->lobby[i];
        const char *words = balint_look_words(&join->door, person->seat);
        if (person->seat < 0 || person->seat >= BALINT_SEATS || words[0] == '\0')
            continue;
        there |= 1u << person->seat;
        if (join->announced & 1u << person->seat)
            continue;
        g_printerr("balint: at the door: %s %s%s\n", person->name, words,
                   balint_look_first(&join->door, person->seat) ? ": look first (key w)" : "");
    }
    join->announced = there;
}

/* Begins the look, and says what to do next. */
static void look(struct balint_joined *join, const char *before)
{
    gboolean sent = FALSE;
    char text[BALINT_WHY_SIZE];
    const struct balint_state_seat *person = &join->look.person;
    const char *words = balint_look_words(&join->door, person->seat);
    snprintf(text, sizeof text, "%sat the door: %s%s%s. Is it %s? w lets %s in", before, person->name,
             words[0] != '\0' ? " " : "", words, person->name, person->name);
    g_signal_emit_by_name(join->pipeline.call, "look", person->seat, &sent);
    balint_join_say(join, text);
}

int balint_join_looked(const struct balint_joined *join)
{
    bool lasts = join->look.looking &&
                 g_get_monotonic_time() - join->look.since_us < BALINT_LOOK_S * G_TIME_SPAN_SECOND;
    return lasts ? join->look.person.seat : BALINT_NOBODY;
}

void balint_join_looked_at(struct balint_joined *join, const char *leader)
{
    char text[BALINT_WHY_SIZE];
    if (join->ready)
        return;
    snprintf(text, sizeof text,
             "%s looks who is at the door: %s sees and hears you. You see and hear nobody yet", leader,
             leader);
    bool begins = leader[0] != '\0';
    balint_join_say(join, begins ? text : "nobody sees or hears you any more; a leader will let you in");
    if (begins) /* said for as long as it is so */
        join->notice_until_us = g_get_monotonic_time() + BALINT_LOOK_S * G_TIME_SPAN_SECOND;
}

static void let_in(struct balint_joined *join, const struct balint_state_seat *person)
{
    gboolean sent = FALSE;
    g_signal_emit_by_name(join->pipeline.call, "admit", person->seat, &sent);
}

static void look_at_next(struct balint_joined *join)
{
    struct balint_state_seat admitted;
    char before[BALINT_NAME_SIZE + 32];
    switch (balint_look_next(&join->look, &join->state, &join->door, g_get_monotonic_time(), &admitted)) {
    case BALINT_LOOK_NOBODY:
        balint_join_say(join, join->state.lobby_count > 0
                                  ? "nobody is new at the door: a lets in who is known"
                                  : "nobody is at the door");
        break;
    case BALINT_LOOK_BEGINS:
        look(join, "");
        break;
    case BALINT_LOOK_GOES_ON:
        let_in(join, &admitted);
        snprintf(before, sizeof before, "%s is let in; ", admitted.name);
        look(join, before);
        break;
    case BALINT_LOOK_ENDS:
        let_in(join, &admitted);
        break;
    case BALINT_LOOK_TOO_SOON:
        break;
    }
}

void balint_join_look(struct balint_joined *join, const struct balint_command *command)
{
    const struct balint_state *state = &join->state;
    char why[BALINT_WHY_SIZE];
    const char *refused = balint_look_refused(state);
    if (refused != NULL) {
        balint_join_say(join, refused);
        return;
    }
    if (command->text[0] == '\0') {
        look_at_next(join);
        return;
    }
    int at = balint_look_find(state, command->text, why);
    if (at < 0)
        balint_join_say(join, why);
    else if (balint_look_at(&join->look, &state->lobby[at], &join->door, g_get_monotonic_time()))
        look(join, "");
    else
        balint_join_say(join, "this person does not prove who they are, and cannot be let in");
}

void balint_join_admitted_all(struct balint_joined *join)
{
    char text[BALINT_WHY_SIZE];
    int new_ones = 0;
    for (int i = 0; i < join->state.lobby_count; i++)
        new_ones += balint_look_first(&join->door, join->state.lobby[i].seat);
    if (new_ones == 0)
        return;
    snprintf(
        text, sizeof text,
        "%d at the door %s new: w looks at the next, w again lets that person in and looks at the one after",
        new_ones, new_ones == 1 ? "is" : "are");
    balint_join_say(join, text);
}
