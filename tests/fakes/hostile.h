/* hostile.h - a server that lies: somebody stands between each person of a circle and the real server.
 *
 * Every message is read on its way and may be kept, changed or sent to somebody else; messages of one's own
 * can be sent to anybody. So it is as a server that does what it likes, but need not keep order itself. Each
 * person has a proxy of their own (wsproxy.h), on a thread of its own; the hook is called under one lock.
 */
#ifndef BALINT_FAKE_HOSTILE_H
#define BALINT_FAKE_HOSTILE_H

#include "fakes/circle.h"
#include "fakes/wsproxy.h"

enum balint_lie { BALINT_PASS, BALINT_CHANGED, BALINT_DROP };

struct balint_hostile;
/* `message` came from person `who`, or goes to them. */
typedef enum balint_lie (*balint_hostile_fn)(struct balint_hostile *hostile, int who, bool from_client,
                                             struct balint_message *message);

struct balint_hostile_proxy {
    struct balint_hostile *hostile;
    int who;
    struct balint_wsproxy *proxy;
};

struct balint_hostile {
    struct balint_circle circle;
    struct balint_hostile_proxy proxies[BALINT_CIRCLE_PEOPLE];
    struct balint_caller *callers[BALINT_CIRCLE_PEOPLE];
    GMutex lock;
    balint_hostile_fn hook;                      /* under the lock */
    void *user;                                  /* the test's own */
    int seen[BALINT_CIRCLE_PEOPLE][BALINT_MSGS]; /* from each client, under the lock */
    uint32_t ungated;    /* whose own receive gates are off, a bit each; set before they join */
    GByteArray *carried; /* all that was said, under the lock; NULL: it is not kept */
    int unreadable;      /* messages that are none: a test's own error */
};

/* Starts server and proxies; nobody is there yet. */
void balint_hostile_begin(struct balint_hostile *hostile, int count, int leaders, balint_hostile_fn hook,
                          void *user);
/* Person `who` joins through their proxy; `admits`: lets everybody in. Waits until ready when `ready`. */
void balint_hostile_join(struct balint_hostile *hostile, int who, bool admits, bool ready);
/* Everybody joins in order, person 0 admits. */
void balint_hostile_gather(struct balint_hostile *hostile);
void balint_hostile_end(struct balint_hostile *hostile);

/* Sends a message to a client as the server, or to the server as that client. Any thread. */
void balint_hostile_tell(struct balint_hostile *hostile, int who, const struct balint_message *message);
void balint_hostile_say(struct balint_hostile *hostile, int who, const struct balint_message *message);

/* Lets time pass for as long; messages and media go on. */
void balint_hostile_pass(struct balint_hostile *hostile, int ms);
int balint_hostile_seen(struct balint_hostile *hostile, int who, enum balint_type type);

/* No packet of media either way between two people, nothing decoded, no pad; the state of the link at both
 * is `state` (NULL: there is none). Prints what is wrong. */
bool balint_hostile_kept_apart(struct balint_hostile *hostile, int a, int b, const char *state);
/* Waits until both hear and see each other, and says whether their link was never lost. */
bool balint_hostile_untouched(struct balint_hostile *hostile, int a, int b);

#endif
