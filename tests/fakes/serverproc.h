/* serverproc.h - a real balint-server process for tests: port 0, a data folder of its own, killed and
 * restarted.
 *
 * The program is bin/balint-server of the build folder, or $BALINT_SERVER. It dies with the test. Every wait
 * has a deadline; what goes wrong ends the test program with a line that says what.
 */
#ifndef BALINT_FAKE_SERVERPROC_H
#define BALINT_FAKE_SERVERPROC_H

#include "fakes/wsclient.h"

#include <sys/types.h>

struct balint_serverproc {
    pid_t pid;        /* 0: not running */
    char folder[64];  /* temporary; holds `data`, the log, and what a test puts there */
    char data[80];    /* the data folder */
    char log[80];     /* file with all its stderr, restarts included */
    char address[80]; /* HOST:PORT as it said */
    int port;
    struct balint_ws_options to; /* ready for balint_ws_open and balint_http_get */
};

/* Makes the folders; nothing runs yet. */
void balint_serverproc_init(struct balint_serverproc *server);
/* Starts it on 127.0.0.1 with further arguments (NULL-terminated, may be NULL), waits for `listening`. The
 * second start takes the same port and data. Returns false when it ended instead; its exit status is then in
 * `*status` (may be NULL). */
bool balint_serverproc_start(struct balint_serverproc *server, const char *const *arguments, int *status);
void balint_serverproc_kill(struct balint_serverproc *server);   /* -9 */
int balint_serverproc_stop(struct balint_serverproc *server);    /* SIGTERM; returns its exit status */
void balint_serverproc_finish(struct balint_serverproc *server); /* stops, removes the folders */

/* All it wrote to stderr so far, to be freed. */
char *balint_serverproc_read_log(const struct balint_serverproc *server);
/* Waits until its log holds `text`. */
bool balint_serverproc_wait_log(const struct balint_serverproc *server, const char *text, int timeout_ms);
/* Runs balint-server with arguments (NULL-terminated) to its end. Returns its exit status, stdout and stderr
 * in `out` (final NUL). */
int balint_serverproc_run(const char *const *arguments, char *out, size_t size);

#endif
