/* callerproc.h - a caller (caller.h) in a process of its own, for tests that kill, stop or compare processes.
 *
 * The program is the test itself, run again with "--caller" as its first argument: main() hands over to
 * balint_callerproc_main. It dies with the test.
 */
#ifndef BALINT_FAKE_CALLERPROC_H
#define BALINT_FAKE_CALLERPROC_H

#include "fakes/circle.h"

#include <sys/types.h>

struct balint_callerproc {
    pid_t pid; /* 0: not running */
    int out;   /* what it prints */
    int in;    /* commands: "act NAME SEAT VALUE", "admit everyone" */
    char text[8192];
    size_t length;
};

/* In main(), before anything else: never returns when this process is to be a caller. */
void balint_callerproc_main(int argc, char **argv);

void balint_callerproc_start(struct balint_callerproc *process, struct balint_circle *circle, int i);
/* Waits for a whole line: "ready SEAT", "hears SEAT", "sees SEAT", "link SEAT STATE", "closed CODE". */
bool balint_callerproc_wait(struct balint_callerproc *process, const char *line, int timeout_ms);
void balint_callerproc_tell(struct balint_callerproc *process, const char *command);
void balint_callerproc_signal(struct balint_callerproc *process, int signal);
void balint_callerproc_end(struct balint_callerproc *process); /* kills with -9 if it still runs */

#endif
