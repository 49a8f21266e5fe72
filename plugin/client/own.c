/* own.c - see own.h. */
#include "client/own.h"

#include <string.h>

#include "words.h" /* overlay/ */

/* "" when the terminal says nothing of this place. */
static void line_of(const struct balint_state *state, char *text, size_t size)
{
    struct balint_view view = {.state = state, .seat = state->you};
    char headline[BALINT_NAME_SIZE + 160], detail[BALINT_OWN_LINE];
    enum balint_self self = balint_words_self(&view, headline, sizeof headline, detail, sizeof detail);
    text[0] = '\0';
    if (self != BALINT_SELF_ASKED && self != BALINT_SELF_LISTENING && self != BALINT_SELF_INVITED &&
        self != BALINT_SELF_MUTED_FOR_CAUSE)
        return;
    balint_words_copy(text, size, headline);
    balint_words_add(text, size, " ");
    balint_words_add(text, size, detail);
}

bool balint_own_line(const struct balint_state *before, const struct balint_state *now, char *text,
                     size_t size)
{
    char said[BALINT_OWN_LINE] = "";
    if (before != NULL)
        line_of(before, said, sizeof said);
    line_of(now, text, size);
    return text[0] != '\0' && strcmp(text, said) != 0;
}
