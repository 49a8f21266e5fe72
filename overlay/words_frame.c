/* words_frame.c - words about the frame of the call and not about what is said in it: a lost line to the
 * server, and who helps then. See words.h.
 */
#include "words.h"

#include <string.h>

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
