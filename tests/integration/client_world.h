/* client_world.h - a server of its own, links, and `balint` processes, for tests of the program itself.
 *
 * Everything is real and on loopback; each test has a world with a folder of its own. Waiting is for
 * conditions, with a deadline. One thread.
 */
#ifndef BALINT_TEST_CLIENT_WORLD_H
#define BALINT_TEST_CLIENT_WORLD_H

#include <jansson.h>

#include "demo/process.h"

#define WORLD_PROGRAMS 20
#define WORLD_LINK     1024
#define WORLD_WAIT_MS  30000

struct program {
    struct demo_process process;
    char said[8192]; /* everything, line by line */
    int lines;
    int seat; /* of "ready seat=N", -1 before */
    bool waiting;
};
struct world {
    char folder[256];
    char address[128];
    struct demo_process server;
    int count;
    struct program programs[WORLD_PROGRAMS];
};

void world_begin(struct world *world);
/* The server again, at the same address, once it was ended or killed. */
void world_restart(struct world *world);
void world_end(struct world *world);
/* A test in a world of its own, under a watchdog; `world`: a `struct world *`. */
#define WORLD_TEST(function, world)                                                                          \
    cmocka_unit_test_prestate_setup_teardown(function, world_set_up, world_tear_down, world)
int world_set_up(void **world);
int world_tear_down(void **world);

/* Makes a link with `balint invite`; `more` are further words of its command line, NULL-terminated, or NULL.
 */
void world_invite(struct world *world, const char *role, const char *name, const char *const more[],
                  char link[WORLD_LINK]);
/* Runs `balint` with these words (NULL-terminated) to its end and returns its exit status. `said` may be
 * NULL. */
int world_run(struct world *world, const char *const words[], const char *input, char said[8192]);

/* Starts `balint join -` with a test's sound and picture, and these words more; writes the link to it. */
struct program *world_join(struct world *world, const char *link, const char *const more[]);
/* Starts `balint` with exactly these words. */
struct program *world_start(struct world *world, const char *const words[], const char *input);
/* Waits for a condition of a program; fails the test when it does not come. */
void world_ready(struct world *world, struct program *program);
void world_waiting(struct world *world, struct program *program);
void world_says(struct world *world, struct program *program, const char *text);
/* Waits for its end and returns the exit status; 128 + signal when it was killed. */
int world_over(struct world *world, struct program *program);
/* Lets everything run on for so long. */
void world_go_on(struct world *world, int ms);
/* A path in the world's folder; the next call overwrites it after eight. */
const char *world_path(const struct world *world, const char *name);
json_t *world_report(const struct world *world, const char *name);

#endif
