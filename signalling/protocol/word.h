/* word.h - what stands in a sealed envelope that brings a word: a quiet signal, a private answer, the line.
 *
 * Three kinds of envelope share one body (identity/sealing.h: QUIET, ANSWER, WORD). A word is said again in
 * later slots until the other side says that it was taken, which the id is for. Pure; any thread.
 */
#ifndef BALINT_WORD_H
#define BALINT_WORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BALINT_WORD_SIZE 216 /* bytes; fits BALINT_ENVELOPE_BODY */
#define BALINT_WORD_TEXT 121 /* bytes of a text, UTF-8, with the final NUL */

enum balint_word_what {
    BALINT_WORD_TAKEN, /* the word with this id was taken here */
    BALINT_WORD_SAY,
    BALINT_WORD_BACK, /* quiet signals: it is taken back */
    BALINT_WORD_WHATS,
};
struct balint_word {
    enum balint_word_what what;
    uint32_t id;                 /* of the sender's process, from 1; of a word taken: the other's */
    char text[BALINT_WORD_TEXT]; /* BALINT_WORD_SAY: one line, "" for a quiet signal; else "" */
};
void balint_word_write(const struct balint_word *word, uint8_t bytes[BALINT_WORD_SIZE]);
bool balint_word_read(struct balint_word *word, const uint8_t *bytes, size_t length);

/* NULL: a text that can be said. Else one sentence: what is wrong with it and what to do. */
const char *balint_word_wrong(const char *text);

#endif
