/* words_frame.c - words about the frame of the call and not about what is said in it: a lost line to the
 * server, and who helps then. See words.h.
 */
#include "words.h"

void balint_words_lost(const struct balint_state *state, int others, int heard, char *text, size_t size)
{
    bool talks = state->admitted && state->hears;
    balint_words_copy(text, size,
                      talks && heard > 0    ? "Your line to the server is lost; the talk may go on."
                      : talks && others > 0 ? "You are not connected: nobody's sound arrives."
                                            : "Your line to the server is lost.");
    balint_words_add(text, size, " Trying again.");
    if (state->help[0] != '\0') {
        balint_words_add(text, size, "\nHelp: ");
        balint_words_add(text, size, state->help);
    }
}
