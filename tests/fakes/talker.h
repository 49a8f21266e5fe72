/* talker.h - people of a real call who report as `balint join` does (client/reporter.h), each a process of
 * its own.
 *
 * What they say is invented: a short span in every second, so that a record's ten spans do not reach back far
 * and the truth is known. The program is the test itself, as with callerproc.h, whose functions start and end
 * them; a command more is known, "hush", and "balance", which balint_talker_ask asks.
 */
#ifndef BALINT_FAKE_TALKER_H
#define BALINT_FAKE_TALKER_H

#include "fakes/callerproc.h"
#include "session/ledger.h"

#define BALINT_TALKERS        4
#define BALINT_TALKER_SPAN_MS 400
extern const char *const balint_talkers[BALINT_TALKERS]; /* as the circle calls them */

/* In main(), before anything else: never returns when this process is to be such a person. */
void balint_talker_main(int argc, char **argv);

/* Starts person `i` and waits until that person is in, on seat `i`. `leads`: lets everybody in. What goes
 * wrong ends the test program. */
void balint_talker_start(struct balint_callerproc *process, struct balint_circle *circle, int i, bool leads);
/* Has a leader enter phase 1, 2 … `last`. */
void balint_talker_phases(struct balint_callerproc *leader, int last);

struct balint_talker_spoken {
    int recent_ms, spoken_ms, all_ms; /* as in struct balint_balance_row */
};
struct balint_talker_figures {
    int said;                 /* the person's own spans in this process */
    int lacks_ms, longest_ms; /* of whose times it lacks; between two records of one person: leaders */
    int discussion_ms, measured_ms;
    struct balint_talker_spoken people[BALINT_TALKERS];
};
void balint_talker_ask(struct balint_callerproc *process, struct balint_talker_figures *figures);
void balint_talker_pass(int ms); /* lets the evening go on */

#endif
