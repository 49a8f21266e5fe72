/* join_keys.c - what a key, a line or a script does. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/actions.h"
#include "client/join.h"

bool balint_join_leads(const struct balint_joined *join)
{
    const struct balint_state_seat *self = balint_state_seat_of(&join->state, join->state.you);
    return join->known && join->state.admitted && self != NULL && balint_is_leader(self->role);
}

/* The leaders' panel: `on` is the whole one. */
static void fold(struct balint_joined *join, const struct balint_command *command)
{
    if (!balint_join_leads(join))
        balint_join_say(join, "panel: only leaders have one");
    else
        join->folded = command->way == BALINT_OFF || (command->way == BALINT_TOGGLE && !join->folded);
}

void balint_join_do(const struct balint_command *command, void *user_data)
{
    struct balint_joined *join = user_data;
    char why[BALINT_WHY_SIZE] = "";
    join->asking[0] = '\0';
    switch (command->verb) {
    case BALINT_DO_LEAVE:
        balint_join_leave(join, "left", 0);
        return;
    case BALINT_DO_HELP:
        join->help = !join->help;
        break;
    case BALINT_DO_HIDE_SELF:
        join->hide_self = command->way == BALINT_ON || (command->way == BALINT_TOGGLE && !join->hide_self);
        break;
    case BALINT_DO_PANEL:
        fold(join, command);
        break;
    case BALINT_DO_DEBRIEF:
        balint_join_debrief(join, command);
        break;
    case BALINT_DO_CRIB:
        join->crib = !join->crib;
        break;
    case BALINT_DO_LATER:
        balint_join_later(join, command->way == BALINT_ON || (command->way == BALINT_TOGGLE && !join->later));
        break;
    case BALINT_DO_LOOK:
        balint_join_look(join, command);
        break;
    case BALINT_DO_QUIET:
        if (command->way == BALINT_TOGGLE && join->said.own != BALINT_QUIET_NONE) {
            struct balint_command off = *command;
            off.way = BALINT_OFF;
            balint_join_do(&off, join);
            return;
        }
        /* fall through */
    default:
        if (!balint_action_do(join->pipeline.call, &join->state, command, why))
            balint_join_say(join, why);
        else if (command->verb == BALINT_DO_ADMIT && command->all)
            balint_join_admitted_all(join);
        break;
    }
    if (command->verb == BALINT_DO_HELP && join->help) {
        char help[BALINT_HELP_SIZE];
        balint_keys_help(balint_join_leads(join), help, sizeof help);
        fprintf(stderr, "%s\n", help);
    }
    balint_join_show(join);
}

void balint_join_line(const char *line, void *user_data)
{
    struct balint_command command;
    char why[BALINT_WHY_SIZE];
    if (balint_command_parse(line, &command, why))
        balint_join_do(&command, user_data);
    else
        balint_join_say(user_data, why);
}

bool balint_join_asks(const struct balint_key_row *row, void *user_data)
{
    struct balint_joined *join = user_data;
    struct balint_ask asks[BALINT_SEATS];
    bool lobby = strcmp(row->line, "admit") == 0;
    int count = balint_asks(row, &join->state, asks);
    size_t length = (size_t)snprintf(join->asking, sizeof join->asking, "%s:", row->text);
    for (int i = 0; i < count && length < sizeof join->asking; i++) {
        const char *words = lobby ? balint_look_words(&join->door, asks[i].seat) : "";
        length += (size_t)snprintf(join->asking + length, sizeof join->asking - length, "\n%c  %s%s%s",
                                   asks[i].key, asks[i].text, words[0] != '\0' ? " " : "", words);
    }
    fprintf(stderr, "%s\n", count > 0 ? join->asking : balint_asks_nothing(row));
    if (count == 0)
        join->asking[0] = '\0';
    balint_asked_note(&join->asked, &join->state);
    balint_join_show(join);
    return count > 0;
}

bool balint_join_answers(const struct balint_key_row *row, char key, char line[BALINT_LINE_SIZE], int *seat,
                         void *user_data)
{
    struct balint_joined *join = user_data;
    join->asking[0] = '\0';
    bool answers = balint_answer(row, &join->state, key, line, seat);
    /* Another leader was faster: the numbers that were shown mean other phases now. */
    if (answers && balint_asked_stale(row, &join->asked, &join->state)) {
        line[0] = '\0';
        balint_join_say(join, "the phase or the format is another one meanwhile: look again");
    }
    balint_join_show(join);
    return answers;
}

void balint_join_role(struct balint_joined *join, const struct balint_state *newer)
{
    const struct balint_state_seat *before = balint_state_seat_of(&join->state, join->state.you);
    const struct balint_state_seat *now = balint_state_seat_of(newer, newer->you);
    if (!join->ready || before == NULL || now == NULL ||
        balint_is_leader(before->role) == balint_is_leader(now->role))
        return;
    balint_join_say(join, balint_is_leader(now->role)
                              ? "you are deputy: this evening you lead with the leader. h shows the keys"
                              : "you are deputy no longer");
}

/* The word as it stands, at the terminal and in the window. */
void balint_join_types(const struct balint_key_row *row, int seat, const char *text, void *user_data)
{
    struct balint_joined *join = user_data;
    const struct balint_state_seat *person = balint_state_seat_of(&join->state, seat);
    memset(join->asking, 0, sizeof join->asking);
    if (text != NULL)
        snprintf(join->asking, sizeof join->asking, "%s%s%s\n%s_\nEnter says it, Esc does not.", row->text,
                 person != NULL ? ": " : "", person != NULL ? person->name : "", text);
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K%s%s", text != NULL ? "> " : "", text != NULL ? text : "");
    balint_join_show(join);
}

/* A line of the standard input that is no command: the session goes on, the exit status remembers. */
void balint_join_wrong(const char *why, void *user_data)
{
    struct balint_joined *join = user_data;
    join->status = 2;
    balint_join_say(join, why);
}
