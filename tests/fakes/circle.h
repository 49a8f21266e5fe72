/* circle.h - a group on a real balint-server, for tests of the call: the server, and a link for everybody.
 *
 * Person 0 is the leader, the others are members unless the test says so; seats are given in the order of
 * joining.
 */
#ifndef BALINT_FAKE_CIRCLE_H
#define BALINT_FAKE_CIRCLE_H

#include "fakes/caller.h"
#include "fakes/people.h"

#define BALINT_CIRCLE_PEOPLE 10
#define BALINT_CIRCLE_MS     30000 /* no wait of a healthy call is longer, on a busy machine with sanitizers */

struct balint_circle {
    struct balint_serverproc server;
    struct balint_test_group group;
    struct balint_test_invitation invitations[BALINT_CIRCLE_PEOPLE];
    char links[BALINT_CIRCLE_PEOPLE][BALINT_LINK_SIZE];
    char devices[BALINT_CIRCLE_PEOPLE][64]; /* a device key for each, base64url */
    int count;
};

/* Starts the server, founds, invites. What goes wrong ends the test program. */
void balint_circle_begin(struct balint_circle *circle, int count);
/* The same with `leaders` leaders, who come first. */
void balint_circle_begin_led(struct balint_circle *circle, int count, int leaders);
void balint_circle_end(struct balint_circle *circle);

/* Person `i` as a pipeline, started, with a tone of 300 + 100 i Hz; the leader admits everyone. `server` as
 * in balint_caller_new. */
struct balint_caller *balint_circle_caller(struct balint_circle *circle, int i, const char *server);
/* Everybody from 0 to `count` - 1, each ready, all hearing and seeing all. */
void balint_circle_gather(struct balint_circle *circle, struct balint_caller **callers, int count);
/* Do all hear (and see) all? Waits for it. */
void balint_circle_complete(struct balint_caller **callers, int count);

#endif
