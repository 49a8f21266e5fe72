/* words_frame.c - words about the frame of the call and not about what is said in it: what a phase is
 * for, and who sees the balance; a lost line to the server, who helps then, follow-ups that are due, a server
 * that cannot write. See words.h.
 */
#include "words.h"

#include <stdio.h>
#include <string.h>

#define NEW_MS 60000 /* somebody who came in is told so long */

/* In the first phase all are, whatever the format's own words; later only who has just come. */
static bool at_the_start(const struct balint_view *view)
{
    int64_t since_ms = view->now_ms - view->came_ms;
    return view->state->admitted &&
           (view->state->phase == 0 || (view->came_ms > 0 && since_ms >= 0 && since_ms < NEW_MS));
}

void balint_words_guidance(const struct balint_view *view, char *text, size_t size)
{
    const struct balint_format *format = &view->state->format;
    char round[2 * BALINT_NAME_SIZE + 96];
    balint_words_copy(text, size, at_the_start(view) ? balint_words_measured : "");
    balint_words_round(view, round, sizeof round);
    if (round[0] == '\0' && view->state->phase >= 0 && view->state->phase < format->count)
        balint_words_copy(round, sizeof round, format->phases[view->state->phase].guidance);
    if (text[0] != '\0' && round[0] != '\0')
        balint_words_add(text, size, " ");
    balint_words_add(text, size, round);
}

void balint_words_lost(const struct balint_state *state, int others, int heard, char *text, size_t size)
{
    const char *what = "Your line to the server is lost.";
    if (state->admitted && state->hears && heard > 0)
        what = "Your line to the server is lost; the talk may go on.";
    else if (state->admitted && state->hears && others > 0)
        what = "You are not connected: nobody's sound arrives.";
    balint_words_copy(text, size, what);
    balint_words_add(text, size, " Trying again.");
    if (strlen(state->help) > 0) {
        balint_words_add(text, size, "\nHelp: ");
        balint_words_add(text, size, state->help);
    }
}

/* "2026-12-03" as "3 Dec"; what is no day as it is. */
static void write_day(const char *due, char *text, size_t size)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int year = 0, month = 0, day = 0, end = 0;
    if (sscanf(due, "%4d-%2d-%2d%n", &year, &month, &day, &end) == 3 && due[end] == '\0' && month >= 1 &&
        month <= 12)
        snprintf(text, size, "%d %s", day, months[month - 1]);
    else
        balint_words_copy(text, size, due);
}

void balint_words_follow_ups(const struct balint_state *state, char *text, size_t size)
{
    text[0] = '\0';
    for (int i = 0; i < state->follow_up_count && i < BALINT_FOLLOW_UPS; i++) {
        char day[16];
        write_day(state->follow_ups[i].due, day, sizeof day);
        balint_words_add(text, size,
                         i > 0                        ? ", "
                         : state->follow_up_count > 1 ? "Follow-ups are due: "
                                                      : "A follow-up is due: ");
        balint_words_add(text, size, state->follow_ups[i].name);
        balint_words_add(text, size, " (");
        balint_words_add(text, size, day);
        balint_words_add(text, size, ")");
    }
}

void balint_words_unsaved(const struct balint_state *state, char *text, size_t size)
{
    balint_words_copy(text, size,
                      state->unsaved
                          ? "The server cannot write to its disk. The session goes on; tell who runs "
                            "the server."
                          : "");
}

void balint_words_own_devices(const struct balint_tile *tile, char *text, size_t size)
{
    if (!tile->no_camera)
        return;
    balint_words_add(text, size, text[0] != '\0' ? ", " : "");
    balint_words_add(text, size, "no camera");
}
