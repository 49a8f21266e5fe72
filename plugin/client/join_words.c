/* join_words.c - quiet signals, private answers and the leaders' line, as this person is told of them.
 *
 * Nothing of them may get into a file: what a desktop starts has a file as its standard error. So a private
 * word is printed on a terminal alone, and the report has that there was one, never what it said.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/join.h"
#include "identity/identity.h"

#define ANSWER_US (2 * 60 * G_TIME_SPAN_SECOND) /* a private word stays so long */
#define LINE_US   (5 * 60 * G_TIME_SPAN_SECOND) /* the line, since its newest word */

static const char *name_of(const struct balint_joined *join, int seat)
{
    const struct balint_state_seat *person = balint_state_seat_of(&join->state, seat);
    return person != NULL ? person->name : "";
}

void balint_join_say_private(struct balint_joined *join, const char *text)
{
    if (isatty(STDERR_FILENO))
        g_printerr("balint: %s\n", text);
    balint_join_show(join);
}

static void put_word(struct balint_said_word *word, const char *name, const char *text)
{
    g_strlcpy(word->name, name, sizeof word->name);
    g_strlcpy(word->text, text, sizeof word->text);
}

static void add_to_line(struct balint_said *said, const char *name, const char *text)
{
    if (said->line_count == BALINT_SAID_LINE)
        memmove(said->line, said->line + 1, (size_t)--said->line_count * sizeof *said->line);
    put_word(&said->line[said->line_count++], name, text);
}

static void say_of(struct balint_joined *join, int seat, const char *between, const char *text)
{
    char whole[BALINT_NAME_SIZE + BALINT_SAID_TEXT + 40];
    snprintf(whole, sizeof whole, "%s%s%s", name_of(join, seat), between, text);
    balint_join_say_private(join, whole);
    balint_wipe(whole, sizeof whole);
}

static void take_quiet(struct balint_joined *join, const struct balint_telling *telling)
{
    uint32_t seat = telling->seat >= 0 && telling->seat < BALINT_SEATS ? 1u << telling->seat : 0;
    join->said.quiet = telling->open ? join->said.quiet | seat : join->said.quiet & ~seat;
    if (telling->open)
        say_of(join, telling->seat, ": ", "this is too close");
}

static void take_own(struct balint_joined *join, int state)
{
    bool over = state <= BALINT_QUIET_NONE || state >= BALINT_QUIETS;
    join->said.own = over ? BALINT_QUIET_NONE : (enum balint_own_quiet)state;
    if (state == BALINT_QUIET_TAKEN)
        balint_join_say_private(join, "the leaders alone know that this is too close");
}

static void take_reached(struct balint_joined *join, const struct balint_telling *telling)
{
    char text[BALINT_WHY_SIZE];
    snprintf(text, sizeof text, telling->open ? "%s has your word" : "Your word did not reach %s",
             name_of(join, telling->seat));
    balint_join_say(join, text);
}

void balint_join_word(struct balint_joined *join, const struct balint_telling *telling)
{
    int64_t now_us = g_get_monotonic_time();
    int64_t now_ms = join->clock.known ? balint_clock_at(&join->clock, telling->own_us) : 0;
    switch (telling->told) {
    case BALINT_TOLD_QUIET:
        balint_account_event(join->account, now_ms, telling->open ? "quiet" : "quiet-over", telling->seat);
        take_quiet(join, telling);
        break;
    case BALINT_TOLD_OWN_QUIET:
        take_own(join, telling->seat);
        break;
    case BALINT_TOLD_ANSWERED:
        balint_account_event(join->account, now_ms, "answered", telling->seat);
        put_word(&join->said.answer, name_of(join, telling->seat), telling->text);
        join->answer_until_us = now_us + ANSWER_US;
        say_of(join, telling->seat, ", to you alone: ", telling->text);
        break;
    case BALINT_TOLD_LINE:
        balint_account_event(join->account, now_ms, "line", telling->seat);
        add_to_line(&join->said, name_of(join, telling->seat), telling->text);
        join->line_until_us = now_us + LINE_US;
        say_of(join, telling->seat, " to the leaders: ", telling->text);
        break;
    case BALINT_TOLD_REACHED:
        balint_account_event(join->account, now_ms, telling->open ? "reached" : "not-reached", telling->seat);
        take_reached(join, telling);
        break;
    default:
        break;
    }
    balint_join_show(join);
}

void balint_join_words_tick(struct balint_joined *join)
{
    int64_t now_us = g_get_monotonic_time();
    if (now_us > join->answer_until_us)
        balint_wipe(&join->said.answer, sizeof join->said.answer);
    if (now_us > join->line_until_us) {
        balint_wipe(join->said.line, sizeof join->said.line);
        join->said.line_count = 0;
    }
}

void balint_join_words_forget(struct balint_joined *join)
{
    balint_wipe(&join->said, sizeof join->said);
    balint_wipe(join->asking, sizeof join->asking);
}
