/* asks.c - see asks.h. */
#include "client/asks.h"

#include <stdio.h>
#include <string.h>

bool balint_asks_phase(const struct balint_key_row *row)
{
    return strcmp(row->line, "phase") == 0;
}

/* Only who has a hand up can be helped to lower it. */
static bool asks_hand(const struct balint_key_row *row)
{
    return strcmp(row->line, "hand off") == 0;
}

/* The `n`th phase, from 0, that may follow the present one; -1: there are not so many. */
static int phase_after(const struct balint_state *state, int n)
{
    for (int to = 0; to < state->format.count; to++)
        if (balint_format_edge(&state->format, state->phase, to) && n-- == 0)
            return to;
    return -1;
}

/* What kind of step it is, where its title does not tell. */
static const char *step_words(const struct balint_state *state, int to)
{
    const char *edge = balint_format_edge_name(&state->format, state->phase, to);
    return strcmp(edge, "next") == 0       ? ", next"
           : strcmp(edge, "previous") == 0 ? ", back"
           : strcmp(edge, "end") == 0      ? ", the evening ends for all"
                                           : "";
}

static int ask_phases(const struct balint_state *state, struct balint_ask asks[BALINT_SEATS])
{
    int count = 0;
    for (int to; count < BALINT_SEATS && (to = phase_after(state, count)) >= 0; count++) {
        asks[count].key = balint_key_of_seat(count);
        asks[count].seat = BALINT_NOBODY;
        snprintf(asks[count].text, sizeof asks[count].text, "%s%s", state->format.phases[to].title,
                 step_words(state, to));
    }
    return count;
}

/* Can it be asked of that person at all? Neither an observer presents a case nor who sits one out; nobody
 * writes to, takes out, mutes or makes a deputy of the own person; the lead is passed among leaders. */
static bool can_be_asked(const struct balint_key_row *row, const struct balint_state *state,
                         const struct balint_state_seat *seat)
{
    if (asks_hand(row))
        return seat->hand_ms != 0;
    if (strcmp(row->line, "present") == 0)
        return seat->role != BALINT_OBSERVER && !seat->sitting_out;
    if (strcmp(row->line, "lead") == 0)
        return balint_is_leader(seat->role);
    return seat->seat != state->you;
}

static void add_ask(struct balint_ask *ask, const struct balint_state_seat *seat, const char *words)
{
    ask->key = balint_key_of_seat(seat->seat);
    ask->seat = seat->seat;
    snprintf(ask->text, sizeof ask->text, "%s%s", seat->name, words);
}

int balint_asks(const struct balint_key_row *row, const struct balint_state *state,
                struct balint_ask asks[BALINT_SEATS])
{
    if (balint_asks_phase(row))
        return ask_phases(state, asks);
    bool lobby = strcmp(row->line, "admit") == 0;
    const struct balint_state_seat *seats = lobby ? state->lobby : state->seats;
    int count = 0, all = lobby ? state->lobby_count : state->seat_count;
    bool cases = strcmp(row->line, "present") == 0;
    for (int i = 0; i < all && cases; i++) /* whose own wish it is comes first */
        if (seats[i].volunteers && can_be_asked(row, state, &seats[i]))
            add_ask(&asks[count++], &seats[i], ", has a case");
    for (int i = 0; i < all; i++)
        if (can_be_asked(row, state, &seats[i]) && !(cases && seats[i].volunteers))
            add_ask(&asks[count++], &seats[i], "");
    return count;
}

const char *balint_asks_nothing(const struct balint_key_row *row)
{
    return asks_hand(row) ? "nobody has a hand up" : "nobody is there";
}

void balint_asked_note(struct balint_asked *asked, const struct balint_state *state)
{
    asked->phase = state->phase;
    memcpy(asked->format, state->format.id, sizeof asked->format);
}

bool balint_asked_stale(const struct balint_key_row *row, const struct balint_asked *asked,
                        const struct balint_state *state)
{
    return balint_asks_phase(row) &&
           (asked->phase != state->phase || strcmp(asked->format, state->format.id) != 0);
}

bool balint_answer(const struct balint_key_row *row, const struct balint_state *state, char key,
                   char line[BALINT_LINE_SIZE], int *seat)
{
    int number = balint_seat_of_key(key);
    line[0] = '\0';
    *seat = BALINT_NOBODY;
    if (number == BALINT_NOBODY && key != '0')
        return false;
    if (balint_asks_phase(row)) {
        int to = key == '0' ? -1 : phase_after(state, number);
        if (to < 0 && key >= 'a') /* there are not so many: it is that letter's own key */
            return false;
        if (to >= 0)
            snprintf(line, BALINT_LINE_SIZE, "phase %s", state->format.phases[to].id);
    } else if (key != '0') {
        *seat = number;
        snprintf(line, BALINT_LINE_SIZE, "%s %d", row->line, number);
    } else if (strcmp(row->line, "present") == 0) {
        snprintf(line, BALINT_LINE_SIZE, "present nobody");
    }
    return true;
}
