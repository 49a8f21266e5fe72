/* overlay_view.h - an evening to look at: state, balance and view that the overlay's tests begin with. */
#ifndef OVERLAY_VIEW_H
#define OVERLAY_VIEW_H

#include <string.h>

#include "layout.h"
#include "words.h"

enum {
    ANNA,
    GABOR,
    DORA,
    BELA,
    CSILLA,
    OLGA,
    PEOPLE
}; /* leader, co-leader, presenter, member, member, observer */

struct evening {
    struct balint_state state;
    struct balint_balance balance;
    struct balint_view view;
    struct balint_list list;
};

static const char *const people[PEOPLE] = {"Anna", "Gábor", "Dóra", "Béla", "Csilla", "Olga"};

static inline struct balint_balance_row *evening_row(struct evening *evening, int at, int seat, double share)
{
    struct balint_balance_row *row = &evening->balance.rows[at];
    *row = (struct balint_balance_row){.seat = seat,
                                       .role = evening->state.seats[seat].role,
                                       .share = share,
                                       .recent_share = share,
                                       .heard_yet = share > 0,
                                       .turns = 4,
                                       .spoken_ms = (int64_t)(share * 600000),
                                       .since_heard_ms = 190000};
    strcpy(row->name, evening->state.seats[seat].name);
    return row;
}

/* The discussion of Dóra's case, five minutes in; Dóra stepped back and aside. */
static inline void evening_begin(struct evening *evening)
{
    memset(evening, 0, sizeof *evening);
    struct balint_state *state = &evening->state;
    state->admitted = state->led = state->hears = true;
    strcpy(state->group, "Monday group");
    state->format = *balint_format_find("classic");
    for (state->phase = 0; strcmp(state->format.phases[state->phase].id, "discussion") != 0; state->phase++)
        ;
    state->phase_since_ms = 1000000;
    state->clock_ms = 1000000 + 5 * 60000 + 20000;
    state->presenter = DORA;
    state->proposed = BALINT_NOBODY;
    state->stepped_back = true;
    state->place = BALINT_ASIDE;
    state->seat_count = PEOPLE;
    for (int i = 0; i < PEOPLE; i++) {
        struct balint_state_seat *seat = &state->seats[i];
        *seat = (struct balint_state_seat){.seat = i,
                                           .role = BALINT_MEMBER,
                                           .connected = true,
                                           .epoch = 1,
                                           .heard = i != DORA && i != OLGA,
                                           .seen = BALINT_SEEN_BY_ALL,
                                           .dimmed = i == DORA};
        strcpy(seat->name, people[i]);
    }
    state->seats[ANNA].role = BALINT_LEADER;
    state->seats[GABOR].role = BALINT_CO_LEADER;
    state->seats[OLGA].role = BALINT_OBSERVER;

    evening->balance.discussion_ms = 320000;
    evening->balance.leaders_share = 0.18;
    evening->balance.member_count = 2;
    evening->balance.leader_count = 2;
    evening->balance.other_count = 1;
    evening_row(evening, 0, BELA, 0.66);
    evening_row(evening, 1, CSILLA, 0.34);
    evening_row(evening, 2, ANNA, 0)->spoken_ms = 120000;
    evening_row(evening, 3, GABOR, 0)->spoken_ms = 20000;
    evening_row(evening, 4, DORA, 0)->presenter = true;
}

/* What the person on `seat` sees, at width × height. */
static inline void evening_look(struct evening *evening, int seat, int width, int height)
{
    struct balint_rect rects[BALINT_SEATS];
    struct balint_view *view = &evening->view;
    const struct balint_state *state = &evening->state;
    unsigned room = balint_tiles_fold(balint_tiles_room(state, seat), view->folded);
    int count = balint_tiles_place(width, height, state->seat_count, room, rects);
    enum balint_line lines[BALINT_SEATS];
    for (int i = 0; i < BALINT_SEATS; i++)
        lines[i] = view->tiles[i].line;
    *view = (struct balint_view){.state = state,
                                 .seat = seat,
                                 .now_ms = state->clock_ms,
                                 .came_ms = view->came_ms,
                                 .width = width,
                                 .height = height,
                                 .tile_count = count,
                                 .balance = &evening->balance,
                                 .door = view->door,
                                 .note = view->note,
                                 .folded = view->folded};
    for (int i = 0; i < count; i++)
        view->tiles[i] =
            (struct balint_tile){.seat = state->seats[i].seat, .rect = rects[i], .line = lines[i]};
    balint_layout(view, &evening->list);
}

/* The largest screen there is: sixteen people, names and guidance as long as they may be. */
static inline void evening_fill(struct evening *evening)
{
    static const char long_name[] = "Dr. Maximiliane Freifrau von Hohenstaufen-Wittelsbach, Üb";
    struct balint_state *state = &evening->state;
    state->seat_count = BALINT_SEATS;
    for (int i = PEOPLE; i < BALINT_SEATS; i++) {
        state->seats[i] = state->seats[BELA];
        state->seats[i].seat = i;
        state->seats[i].hand_ms = 7;
    }
    for (int i = 0; i < BALINT_SEATS; i++)
        strcpy(state->seats[i].name, long_name);
    struct balint_phase *phase = &state->format.phases[state->phase];
    memset(phase->guidance, 'm', sizeof phase->guidance - 1);
    phase->guidance[sizeof phase->guidance - 1] = '\0';
    struct balint_balance *balance = &evening->balance;
    balance->member_count = 0;
    for (int i = BELA; i < BALINT_SEATS; i++)
        if (i != OLGA)
            evening_row(evening, balance->member_count++, i, i % 3 == 0 ? 0 : 0.1);
    balance->leader_count = 2;
    evening_row(evening, balance->member_count, ANNA, 0);
    evening_row(evening, balance->member_count + 1, GABOR, 0);
    balance->other_count = 1;
    evening_row(evening, balance->member_count + 2, DORA, 0)->presenter = true;
    state->asked = true;
}

/* The item whose text is `text`, or holds it with `part`; NULL when there is none. */
static inline const struct balint_item *evening_find(const struct evening *evening, const char *text,
                                                     bool part)
{
    for (int i = 0; i < evening->list.item_count; i++) {
        const struct balint_item *item = &evening->list.items[i];
        const char *has = balint_item_text(&evening->list, item);
        if (item->kind == BALINT_TEXT && (part ? strstr(has, text) != NULL : strcmp(has, text) == 0))
            return item;
    }
    return NULL;
}

static inline bool evening_says(const struct evening *evening, const char *text)
{
    return evening_find(evening, text, true) != NULL;
}

static inline const struct balint_group *evening_group(const struct evening *evening, enum balint_group_id id)
{
    for (int i = 0; i < evening->list.group_count; i++)
        if (evening->list.groups[i].id == id)
            return &evening->list.groups[i];
    return NULL;
}

static inline int evening_count(const struct evening *evening, enum balint_style style)
{
    int count = 0;
    for (int i = 0; i < evening->list.item_count; i++)
        count += evening->list.items[i].style == style;
    return count;
}

#endif
