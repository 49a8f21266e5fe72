/* reporter.h - one's own talk record on its way to the leaders, and the leaders' sum of everybody's.
 *
 * From admission to leaving one envelope goes out in every slot of two seconds, speaking or not, so that its
 * rhythm says nothing. A leader's program also books its own record and keeps the ledger.
 * Main thread.
 */
#ifndef BALINT_CLIENT_REPORTER_H
#define BALINT_CLIENT_REPORTER_H

#include <gst/gst.h>
#include <stdbool.h>

#include "client/clock.h"
#include "client/talkbook.h"
#include "session/after.h"

struct balint_reporter; /* opaque */

/* `clock` is the caller's and outlives this. */
struct balint_reporter *balint_reporter_new(GstElement *call, const struct balint_clock *clock);
void balint_reporter_free(struct balint_reporter *reporter); /* NULL is legal */

/* The newest state. Starts the slots at admission. */
void balint_reporter_state(struct balint_reporter *reporter, const struct balint_state *state);
/* Sound, and not silence, is sent since `since_us` (monotonic). */
void balint_reporter_microphone(struct balint_reporter *reporter, bool open, int64_t since_us);
/* Follows how far the voice element has listened; without it, speech is taken to last until now. Once. */
void balint_reporter_watch(struct balint_reporter *reporter, GstElement *voice);
/* A message of the voice element ("balint-voice-span", "balint-voice-state"); others are left alone.
 * `base_us`: monotonic time of the pipeline's running time 0. */
void balint_reporter_voice(struct balint_reporter *reporter, const GstStructure *message, int64_t base_us);
/* A leader's program: a record of somebody else. `body` BALINT_TALK_SIZE bytes; a wrong one is dropped. */
void balint_reporter_take(struct balint_reporter *reporter, const char *member, uint32_t epoch, GBytes *body);
/* Leaders: a piece of another leader's ledger. */
void balint_reporter_take_ledger(struct balint_reporter *reporter, GBytes *piece);
/* From that seat: a leader's question for spans, or spans told again. */
void balint_reporter_take_spans(struct balint_reporter *reporter, int seat, GBytes *body);
/* No slot goes out any more. */
void balint_reporter_stop(struct balint_reporter *reporter);

const struct balint_talkbook *balint_reporter_book(const struct balint_reporter *reporter);
/* The balance of this moment; false for who is no leader. */
bool balint_reporter_balance(const struct balint_reporter *reporter, struct balint_balance *balance);
/* Leaders: how much of the time of who is here nobody has told when they spoke; 0: all is known. */
int64_t balint_reporter_lacks_ms(const struct balint_reporter *reporter);
/* The same of the whole evening, for looking back. */
bool balint_reporter_after(const struct balint_reporter *reporter, struct balint_after *after);
/* Has the voice element ever heard anything of a source, silence too? */
bool balint_reporter_listened(const struct balint_reporter *reporter);
/* Is this person speaking (whether or not anybody hears)? */
bool balint_reporter_speaking(const struct balint_reporter *reporter);

#endif
