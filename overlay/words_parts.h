/* words_parts.h - what the files that hold the words share. Pure; any thread. */
#ifndef BALINT_WORDS_PARTS_H
#define BALINT_WORDS_PARTS_H

#include "words.h"

#define BALINT_MINUTE_MS 60000

/* Adds `from`, and before it `between` when something stands there already. */
void balint_words_join(char *text, size_t size, const char *between, const char *from);
/* "minute" or "minutes" */
const char *balint_words_minutes(int64_t minutes);
/* Is the work done, and with it every case? */
bool balint_words_over(const struct balint_state *state);
/* Was the case discussed, and is it neither told again nor listened to? */
bool balint_words_case_told(const struct balint_state *state);

#endif
