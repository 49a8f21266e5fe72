/* leader.h - a real balint-server, and a leader who runs the tool's verbs as processes against it.
 *
 * A test program is both: run with a verb as its first word it is the tool (the same functions that the
 * balint program calls), else the test. So it needs no window and runs under the sanitizers. Every child dies
 * by an alarm at the latest. One thread.
 */
#ifndef BALINT_TEST_LEADER_H
#define BALINT_TEST_LEADER_H

#include "fakes/serverproc.h"
#include "identity/identity.h"
#include "protocol/messages.h"

#include <stdio.h>
#include <sys/resource.h>

struct CMUnitTest;

extern struct balint_serverproc leader_server;
extern char leader_home[96];
extern char leader_out[65536], leader_err[8192]; /* of the last run */
extern rlim_t leader_disk;                       /* a child may write files of so many bytes; 0: any */

/* For a test's set-up and tear-down. */
int leader_begin(void **state);
int leader_end(void **state);

/* Runs the tool with words up to a NULL; fills leader_out and leader_err, returns the exit status. */
int leader_run(const char *verb, ...);
/* In a child: becomes the tool. */
void leader_exec(const char *const argv[], FILE *out, FILE *err);
/* Reads, from its beginning, a file that a child wrote, and closes it. */
void leader_slurp(FILE *in, char *text, size_t size);
/* It failed with one line in which `word` stands, and printed no link. */
void leader_said(int status, const char *word);
/* Is there such a file under groups/? */
bool leader_kept(const char *path);

/* `balint-server group add`. */
void leader_group_add(const char *group, char code[BALINT_ID_SIZE]);
/* Founds a group of this server; its leader's link is printed. */
void leader_founds(const char *group);
struct balint_link leader_parsed(const char *text);
/* Knocks with a link; fills the answer. */
void leader_knock(const struct balint_link *link, struct balint_message *answer);
/* The link opens the server's door, and what is behind it fits what it was made for. */
struct balint_certificate leader_opens(const char *text);

/* A verb, or the tests. */
int leader_main(int argc, char **argv, const struct CMUnitTest *tests, size_t count);

#endif
