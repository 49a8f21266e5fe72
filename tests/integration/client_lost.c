/* client_lost.c - a person whose line to the server is lost: told calmly, with the help line, while the talk
 * goes on; and told when it is back.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client_world.h"

static struct world world;

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define LOST       "balint: Your line to the server is lost; the talk may go on. Trying again."
#define ALONE      "balint: You are not connected: nobody's sound arrives. Trying again."
#define HELP       "Help: Maria, +36 1 234 5678"
#define BACK       "balint: Your line to the server is back."

static void set_help_line(void)
{
    char command[1200];
    snprintf(command, sizeof command,
             "'%s/bin/balint-server' group set G --help-line 'Maria, +36 1 234 5678' --data '%s'",
             BALINT_BUILD_DIR, world_path(&world, "data"));
    assert_int_equal(system(command), 0);
}

static void test_a_lost_line_is_said_and_taken_back(void **state)
{
    (void)state;
    char lea[WORLD_LINK], max[WORLD_LINK], address[128];
    alarm(170);
    world_begin(&world);
    world_invite(&world, "leader", "Lea", NULL, lea);
    world_invite(&world, "member", "Max", NULL, max);
    set_help_line();
    struct program *leader = world_join(
        &world, lea, WORDS("--admit-everyone", "--do", "-", "--snapshot", world_path(&world, "pictures")));
    world_ready(&world, leader);
    struct program *member = world_join(&world, max, NULL);
    world_ready(&world, member);
    world_go_on(&world, 3000); /* the links are there */
    assert_null(strstr(leader->said, "line to the server"));

    demo_process_signal(&world.server, SIGKILL);
    world_says(&world, leader, LOST "\n" HELP);
    world_says(&world, member, LOST "\n" HELP);
    assert_null(strstr(leader->said, ALONE));
    demo_process_close(&world.server);

    memcpy(address, world.address, sizeof address);
    world_restart(&world);
    assert_string_equal(world.address, address);
    world_says(&world, leader, BACK);
    world_says(&world, member, BACK);

    /* And all is lost: the server, and the only other one. */
    demo_process_signal(&member->process, SIGKILL);
    demo_process_signal(&world.server, SIGKILL);
    world_says(&world, leader, ALONE "\n" HELP);
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_lost_line_is_said_and_taken_back)};
    return cmocka_run_group_tests_name("client-lost", tests, NULL, NULL);
}
