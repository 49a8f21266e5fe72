/* client_begin.c - who comes and finds no server, or a locked door, is told whom to call: the help line of an
 * earlier evening.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <glib.h>

#include "client_world.h"

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define HEADLESS                                                                                             \
    "join", "-", "--video-test", "--no-audio-out", "--audio-source", "audiotestsrc is-live=true",            \
        "--window", "none"
#define NUMBER "Maria, +36 1 234 5678"
#define HELP   " Help: " NUMBER "\n"

static struct world world;

static void set_help_line(const char *text)
{
    char command[1200];
    snprintf(command, sizeof command, "'%s/bin/balint-server' group set G --help-line '%s' --data '%s'",
             BALINT_BUILD_DIR, text, world_path(&world, "data"));
    assert_int_equal(system(command), 0);
}

/* An evening on which this device was in the lobby. */
static void visit(const char *link)
{
    struct program *program = world_start(&world, WORDS(HEADLESS), link);
    world_waiting(&world, program);
    demo_process_signal(&program->process, SIGTERM);
    world_over(&world, program);
}

/* The help lines that are kept: how many, readable by their owner alone; the path of one in `path`. */
static int kept(char path[1024])
{
    GDir *folder = g_dir_open(world_path(&world, "home/devices"), 0, NULL);
    int count = 0;
    assert_non_null(folder);
    for (const char *name; (name = g_dir_read_name(folder)) != NULL;) {
        struct stat info;
        if (!g_str_has_suffix(name, ".help"))
            continue;
        snprintf(path, 1024, "%s/%s", world_path(&world, "home/devices"), name);
        assert_int_equal(stat(path, &info), 0);
        assert_int_equal(info.st_mode & 077, 0);
        count++;
    }
    g_dir_close(folder);
    return count;
}

static void ends(const char *link, const char *expected)
{
    char said[8192];
    assert_int_equal(world_run(&world, WORDS(HEADLESS), link, said), 1);
    if (strcmp(strchr(said, ':') + 2, expected) != 0)
        fail_msg("it said: %s", said);
}

static void test_no_server_and_whom_to_call(void **state)
{
    (void)state;
    char max[WORLD_LINK], path[1024], none[1024];
    world_invite(&world, "leader", "Lea", NULL, path);
    world_invite(&world, "member", "Max", NULL, max);
    set_help_line(NUMBER);
    visit(max);
    assert_int_equal(kept(path), 1);
    demo_process_signal(&world.server, SIGKILL);
    ends(max, "The server cannot be reached: check the address and your line." HELP);

    /* What is no line of ours is not shown, and goes. */
    static const char *const damaged[] = {"\x1b[2J+36", "two\nlines", "\xff\xfe"};
    for (size_t i = 0; i <= sizeof damaged / sizeof *damaged; i++) {
        char *text = i < sizeof damaged / sizeof *damaged ? g_strdup(damaged[i]) : g_strnfill(121, '1');
        assert_true(g_file_set_contents(path, text, -1, NULL));
        ends(max, "The server cannot be reached: check the address and your line.\n");
        assert_int_equal(kept(none), 0);
        g_free(text);
    }
    /* Nor does what is no file of ours hold anybody up. */
    for (int i = 0; i < 2; i++) {
        assert_int_equal(i == 0 ? mkfifo(path, 0600) : symlink("/dev/null", path), 0);
        ends(max, "The server cannot be reached: check the address and your line.\n");
        assert_int_equal(kept(none), 0);
    }

    demo_process_close(&world.server);
    world_restart(&world);
    visit(max);
    assert_int_equal(kept(path), 1);
    /* A help line that was taken away is forgotten. */
    set_help_line("");
    demo_process_signal(&world.server, SIGKILL);
    demo_process_close(&world.server);
    world_restart(&world);
    visit(max);
    assert_int_equal(kept(none), 0);
}

static void test_a_locked_door_and_whom_to_call(void **state)
{
    (void)state;
    char lea[WORLD_LINK], max[WORLD_LINK];
    world_invite(&world, "leader", "Lea", NULL, lea);
    world_invite(&world, "member", "Max", NULL, max);
    set_help_line(NUMBER);
    visit(max);
    struct program *leader = world_join(&world, lea, WORDS("--do", "-", "--report", world_path(&world, "r")));
    world_ready(&world, leader);
    demo_process_tell(&leader->process, "lock");
    world_go_on(&world, 1000);
    ends(max, "The door of this session is locked: please ask the leader to open it." HELP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(test_no_server_and_whom_to_call, &world),
        WORLD_TEST(test_a_locked_door_and_whom_to_call, &world),
    };
    return cmocka_run_group_tests_name("client-begin", tests, NULL, NULL);
}
