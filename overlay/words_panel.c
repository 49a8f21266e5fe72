/* words_panel.c - the leaders' panel: who is at the door, who was heard, what is left of the evening. See
 * words.h. */
#include "words_parts.h"

#include <stdio.h>

static const char *const standings[BALINT_DOOR_STANDINGS] = {
    [BALINT_DOOR_NEW] = "New device, look first (w): ",
    [BALINT_DOOR_OTHER_DEVICE] = "Other device, look first (w): ",
    [BALINT_DOOR_UNPROVEN] = "Not proven: ",
};

/* What is told of somebody at the door; NULL: nothing but the name. */
static const char *standing_of(const struct balint_doorway *door, int seat)
{
    return door != NULL && seat >= 0 && seat < BALINT_SEATS ? standings[door->standing[seat]] : NULL;
}

static bool can_wait(const struct balint_doorway *door, int seat)
{
    return door != NULL && seat >= 0 && seat < BALINT_SEATS && door->standing[seat] == BALINT_DOOR_LATER;
}

void balint_words_left(const struct balint_state *state, int64_t now_ms, char *text, size_t size)
{
    int64_t minutes = (state->ends_ms - now_ms + BALINT_MINUTE_MS / 2) / BALINT_MINUTE_MS;
    text[0] = '\0';
    if (state->ends_ms <= 0)
        return;
    if (minutes >= 1)
        snprintf(text, size, "About %d %s left of the evening", (int)minutes, balint_words_minutes(minutes));
    else
        snprintf(text, size, "The evening's time is over");
}

void balint_words_door(const struct balint_state *state, const struct balint_doorway *door, char *text,
                       size_t size)
{
    char names[BALINT_SEATS * (BALINT_NAME_SIZE + 2)] = "";
    text[0] = '\0';
    if (state->locked)
        balint_words_copy(text, size, "The door is locked.");
    if (state->lobby_count <= 0)
        return;
    int later = 0;
    for (int i = 0; i < state->lobby_count && i < BALINT_SEATS; i++)
        later += can_wait(door, state->lobby[i].seat);
    if (later > 0) {
        balint_words_join(text, size, " ",
                          "Somebody at the door can wait until this phase ends; W shows who.");
        return;
    }
    for (int i = 0; i < state->lobby_count && i < BALINT_SEATS; i++)
        if (standing_of(door, state->lobby[i].seat) == NULL)
            balint_words_join(names, sizeof names, names[0] == '\0' ? "" : ", ", state->lobby[i].name);
    if (names[0] == '\0') /* each has a line of their own */
        return;
    char head[32];
    snprintf(head, sizeof head,
             state->lobby_count > 1 ? "At the door, %d:" : "At the door:", state->lobby_count);
    balint_words_join(text, size, " ", head);
    balint_words_join(text, size, " ", names);
}

bool balint_words_door_line(const struct balint_state *state, const struct balint_doorway *door, int n,
                            char *text, size_t size)
{
    text[0] = '\0';
    for (int i = 0; i < state->lobby_count && i < BALINT_SEATS; i++) {
        const char *told = standing_of(door, state->lobby[i].seat);
        if (told == NULL || n-- > 0)
            continue;
        balint_words_copy(text, size, told);
        balint_words_add(text, size, state->lobby[i].name);
        return true;
    }
    return false;
}

void balint_words_unheard(const struct balint_balance *balance, char *text, size_t size)
{
    text[0] = '\0';
    for (int i = 0; i < balance->member_count && i < BALINT_SEATS; i++) {
        const struct balint_balance_row *row = &balance->rows[i];
        if (row->heard_yet || row->reading != BALINT_READING)
            continue;
        balint_words_join(text, size, ", ", text[0] == '\0' ? "Not heard yet: " : "");
        balint_words_add(text, size, row->name);
    }
}

void balint_words_each_leader(const struct balint_balance *balance, char *text, size_t size)
{
    text[0] = '\0';
    for (int i = 0; i < balance->leader_count && balance->member_count + i < BALINT_SEATS; i++) {
        const struct balint_balance_row *row = &balance->rows[balance->member_count + i];
        char spoken[32];
        balint_words_spoken(row->spoken_ms, spoken, sizeof spoken);
        balint_words_join(text, size, ", ", row->name);
        balint_words_add(text, size, " ");
        balint_words_add(text, size,
                         row->reading == BALINT_READING      ? spoken
                         : row->reading == BALINT_NO_READING ? balint_words_no_reading
                                                             : balint_words_away);
    }
}

void balint_words_presenter(const struct balint_state *state, const struct balint_balance *balance,
                            char *text, size_t size)
{
    int first = balance->member_count + balance->leader_count;
    text[0] = '\0';
    for (int i = first; i < first + balance->other_count && i < BALINT_SEATS && !balint_words_over(state);
         i++) {
        const struct balint_balance_row *row = &balance->rows[i];
        if (!row->presenter)
            continue;
        bool now = row->seat == state->presenter && !balint_words_case_told(state);
        balint_words_copy(text, size, row->name);
        balint_words_add(text, size,
                         !now                  ? " presented"
                         : state->stepped_back ? " presents, and listens"
                                               : " presents");
        return;
    }
}

void balint_words_asked(const struct balint_state *state, char *text, size_t size)
{
    const struct balint_state_seat *presents = balint_view_seat(state, state->presenter);
    text[0] = '\0';
    if (!state->asked || presents == NULL)
        return;
    balint_words_copy(text, size, presents->name);
    balint_words_add(text, size, " asks to return");
}
