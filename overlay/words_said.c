/* words_said.c - words that travelled sealed: quiet signals, the leaders' line, a private answer. See
 * words.h. */
#include "words_parts.h"

bool balint_words_quiet(const struct balint_view *view, int n, char *text, size_t size)
{
    text[0] = '\0';
    for (int i = 0; view->said != NULL && i < view->state->seat_count && i < BALINT_SEATS; i++) {
        const struct balint_state_seat *seat = &view->state->seats[i];
        if (seat->seat < 0 || seat->seat >= BALINT_SEATS || !(view->said->quiet >> seat->seat & 1) || n-- > 0)
            continue;
        balint_words_copy(text, size, seat->name);
        balint_words_add(text, size, ": this is too close");
        return true;
    }
    return false;
}

bool balint_words_line(const struct balint_view *view, int n, char *text, size_t size)
{
    text[0] = '\0';
    if (view->said == NULL || n < 0 || n >= view->said->line_count || n >= BALINT_SAID_LINE)
        return false;
    balint_words_copy(text, size, view->said->line[n].name);
    balint_words_add(text, size, " to the leaders: ");
    balint_words_add(text, size, view->said->line[n].text);
    return true;
}

bool balint_words_answer(const struct balint_view *view, char *text, size_t size)
{
    text[0] = '\0';
    if (view->said == NULL || view->said->answer.text[0] == '\0')
        return false;
    balint_words_copy(text, size, view->said->answer.name);
    balint_words_add(text, size, ", to you alone: ");
    balint_words_add(text, size, view->said->answer.text);
    return true;
}
