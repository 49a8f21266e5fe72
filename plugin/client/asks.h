/* asks.h - what a key asks for, and the line that comes of the answer: a person, or where the evening goes
 * next.
 *
 * Some keys wait for a second one. Each person has the key of the own seat; the phases that may follow are
 * counted from 1 in the format's order, by title, so that a leader goes along a loop without knowing its id.
 * Pure; any thread.
 */
#ifndef BALINT_CLIENT_ASKS_H
#define BALINT_CLIENT_ASKS_H

#include "client/commands.h"
#include "session/state.h"

struct balint_ask {
    char key;
    int seat; /* who is meant; BALINT_NOBODY: a phase */
    char text[BALINT_NAME_SIZE + 32];
};

/* What may be answered to a key that asks: who it can be asked of, whoever has a case first. Returns how
 * many. */
int balint_asks(const struct balint_key_row *row, const struct balint_state *state,
                struct balint_ask asks[BALINT_SEATS]);
/* What to say when there is nothing to answer. */
const char *balint_asks_nothing(const struct balint_key_row *row);
/* Does it ask for a phase? */
bool balint_asks_phase(const struct balint_key_row *row);

/* The steps as they were shown: numbers that are answered mean nothing else meanwhile. */
struct balint_asked {
    int phase;
    char format[BALINT_ID_SIZE];
};
void balint_asked_note(struct balint_asked *asked, const struct balint_state *state);
/* Did what was shown for a phase's key change since? False for every other key. */
bool balint_asked_stale(const struct balint_key_row *row, const struct balint_asked *asked,
                        const struct balint_state *state);

/* The line that a second key makes of the first one: "present 3", "present nobody", "phase case"; "" when it
 * means nothing here. `seat`: who is meant, or BALINT_NOBODY. False when the key is no answer at all. */
bool balint_answer(const struct balint_key_row *row, const struct balint_state *state, char key,
                   char line[BALINT_LINE_SIZE], int *seat);

#endif
