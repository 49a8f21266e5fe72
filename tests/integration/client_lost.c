/* client_lost.c - a person whose line to the server is lost: told calmly, with the help line, on the terminal
 * and in the window, while the talk goes on; and told when it is back.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cairo.h>
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

/* How much of a picture of the window has the colour of a note's box, as layout.c and paint.c make it over
 * black: 0x131d23, of which a twentieth is let through. */
static long noted(const char *name)
{
    char path[600];
    long count = 0;
    snprintf(path, sizeof path, "%s/%s", world_path(&world, "pictures"), name);
    cairo_surface_t *picture = cairo_image_surface_create_from_png(path);
    assert_int_equal(cairo_surface_status(picture), CAIRO_STATUS_SUCCESS);
    for (int y = 0; y < cairo_image_surface_get_height(picture); y++) {
        const unsigned char *row =
            cairo_image_surface_get_data(picture) + (ptrdiff_t)y * cairo_image_surface_get_stride(picture);
        for (int x = 0; x < cairo_image_surface_get_width(picture); x++, row += 4) /* B, G, R */
            count += abs(row[0] - 0x21) <= 8 && abs(row[1] - 0x1c) <= 8 && abs(row[2] - 0x12) <= 8;
    }
    cairo_surface_destroy(picture);
    return count;
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
    assert_true(demo_process_tell(&leader->process, "phase next")); /* keeps a picture of the first phase */
    world_go_on(&world, 3000);                                      /* the links are there */
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
    world_go_on(&world, 2000); /* for one picture more: the sentence stays for as long as the line is lost */
    assert_true(demo_process_tell(&leader->process, "leave"));
    assert_int_equal(world_over(&world, leader), 0);
    long before = noted("01-gathering.png"), lost = noted("end.png");
    print_message("as a note is coloured: %ld pixels before, %ld when the line is lost\n", before, lost);
    assert_true(lost > before + 20000);
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_lost_line_is_said_and_taken_back)};
    return cmocka_run_group_tests_name("client-lost", tests, NULL, NULL);
}
