/* signaller.h - the call's WebSocket: gets a seat, keeps it, and says when it cannot.
 *
 * A seat is worth more than a socket. The first socket knocks, hears from the door whose token it holds and
 * says hello; every later one resumes with the secret that the last welcome gave. A ping every 3 s; after two
 * misses a second socket resumes in parallel, since TCP itself takes as long again as the outage lasted
 * (FINDINGS.md). Whichever is welcomed first is the line. How often to try again is one table (signaller.c).
 *
 * Thread: everything here, callbacks included, in the thread whose thread-default main context was current
 * when it was made.
 */
#ifndef BALINT_CALL_SIGNALLER_H
#define BALINT_CALL_SIGNALLER_H

#include "protocol/messages.h"

#include <glib.h>

struct balint_signaller;

struct balint_signaller_events {
    /* What the first message says, and the answer to the door. False: `why` says what is wrong. */
    void (*knock)(void *user, struct balint_knock *knock);
    bool (*hello)(void *user, const struct balint_door *door, struct balint_hello *hello, const char **why);
    /* A message for a seated client, `welcome` included. */
    void (*message)(void *user, const struct balint_message *message);
    /* The line is gone; it is being won back. */
    void (*down)(void *user);
    /* It is over and nothing is tried any more. */
    void (*over)(void *user, const char *code, const char *text);
};

/* `server`: host[:port]. `ca_file`: PEM of authorities to trust instead of the system's, or NULL. */
struct balint_signaller *balint_signaller_new(const char *server, bool tls, const char *ca_file,
                                              const char *group, const struct balint_signaller_events *events,
                                              void *user);
/* Starts; NULL ca_file or a readable one. False points `why` at one sentence. */
bool balint_signaller_start(struct balint_signaller *signaller, char **why);
/* Sends with `message->id` as it is. False: there is no line just now. */
bool balint_signaller_send(struct balint_signaller *signaller, const struct balint_message *message);
/* Closes; callbacks are not called any more. */
void balint_signaller_free(struct balint_signaller *signaller); /* NULL is legal */

#endif
