/* client_door.c - two evenings at the door: who was let in on the first comes in by `admit all` on the
 * second; a device that was never let in does not. Real processes over a real server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>

#include <cmocka.h>

#include "client_world.h"

static struct world world;

#define WORDS(...)                                                                                           \
    (const char *const[])                                                                                    \
    {                                                                                                        \
        __VA_ARGS__, NULL                                                                                    \
    }

static struct program *lead(const char *link)
{
    struct program *leader = world_join(&world, link, WORDS("--do", "-"));
    world_ready(&world, leader);
    return leader;
}

static void tell(struct program *program, const char *line)
{
    assert_true(demo_process_tell(&program->process, line));
}

/* Where the leader's program keeps whom it let in: the one file in known/; `alone`: nothing half written is
 * beside it. */
static char *known_path(bool alone)
{
    GDir *dir = g_dir_open(world_path(&world, "home/known"), 0, NULL);
    char *path = NULL;
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        if (!alone && g_str_has_suffix(name, ".new"))
            continue;
        assert_null(path);
        path = g_build_filename(world_path(&world, "home/known"), name, NULL);
    }
    if (dir != NULL)
        g_dir_close(dir);
    return path;
}

static char *known_text(void)
{
    char *path = known_path(false), *text = NULL;
    assert_true(path == NULL || g_file_get_contents(path, &text, NULL, NULL));
    g_free(path);
    return text;
}

static void leave_all(struct program **people, int count)
{
    for (int i = 0; i < count; i++)
        tell(people[i], "leave");
    for (int i = 0; i < count; i++)
        assert_int_equal(world_over(&world, people[i]), 0);
}

static void wait_known(int lines)
{
    for (int tries = 0; tries < 300; tries++) {
        char *text = known_text();
        int count = 0;
        for (const char *at = text; at != NULL && *at != '\0'; at++)
            count += *at == '\n';
        g_free(text);
        if (count == lines)
            return;
        world_go_on(&world, 100);
    }
    fail_msg("there are not %d devices in the file", lines);
}

static void a_device_of_the_first_evening_is_known_on_the_second(void **state)
{
    (void)state;
    char lea[WORLD_LINK], max[WORLD_LINK], nora[WORLD_LINK];
    world_invite(&world, "leader", "Lea", NULL, lea);
    world_invite(&world, "member", "Max", NULL, max);
    world_invite(&world, "member", "Nora", NULL, nora);

    /* The first evening: Max is new, `admit all` leaves him out, the key lets him in at the second press. */
    struct program *leader = lead(lea);
    struct program *member = world_join(&world, max, WORDS("--do", "-"));
    world_says(&world, leader, "at the door: Max has a new device: look first");
    tell(leader, "admit all");
    world_says(&world, leader, "1 at the door is new: w looks at the next");
    world_waiting(&world, member);
    assert_int_equal(member->seat, -1);
    tell(leader, "look");
    world_says(&world, leader, "Is it Max? w lets Max in");
    world_says(&world, member, "Lea looks who is at the door: Lea sees and hears you");
    tell(leader, "look"); /* at once: too soon */
    world_go_on(&world, 1200);
    assert_int_equal(member->seat, -1);
    tell(leader, "look");
    world_ready(&world, member);
    wait_known(2);
    leave_all((struct program *[]){member, leader}, 2);

    struct stat info;
    char *path = known_path(true);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0600);
    g_free(path);

    /* The second one: both are at the door before the leader comes. */
    member = world_join(&world, max, WORDS("--do", "-"));
    world_waiting(&world, member);
    struct program *other = world_join(&world, nora, WORDS("--do", "-"));
    world_waiting(&world, other);
    leader = lead(lea);
    world_says(&world, leader, "at the door: Nora has a new device");
    assert_null(strstr(leader->said, "Max has"));
    tell(leader, "admit all");
    world_ready(&world, member);
    world_says(&world, leader, "1 at the door is new");
    world_go_on(&world, 1000);
    assert_int_equal(other->seat, -1);
    tell(leader, "admit Nora"); /* by name she comes in */
    world_ready(&world, other);
    wait_known(3);
    leave_all((struct program *[]){member, other, leader}, 3);

    /* The third: Nora's machine was lost, her link is opened on another one. */
    assert_int_equal(setenv("BALINT_HOME", world_path(&world, "elsewhere"), 1), 0);
    other = world_join(&world, nora, WORDS("--do", "-"));
    world_waiting(&world, other);
    assert_int_equal(setenv("BALINT_HOME", world_path(&world, "home"), 1), 0);
    leader = lead(lea);
    world_says(&world, leader, "at the door: Nora has another device than before: look first");
    tell(leader, "admit all");
    world_says(&world, leader, "1 at the door is new");
    world_go_on(&world, 1000);
    assert_int_equal(other->seat, -1);
    leave_all((struct program *[]){other, leader}, 2);
}

/* Nothing that a person could mend is written over, and the evening goes on. */
static void a_damaged_file_stays_as_it_is(void **state)
{
    (void)state;
    char lea[WORLD_LINK];
    world_invite(&world, "leader", "Lea", NULL, lea);
    struct program *leader = lead(lea);
    wait_known(1);
    leave_all(&leader, 1);
    char *path = known_path(true), *text = known_text();
    char *damaged = g_strconcat("this was somebody\n", NULL);
    assert_true(g_file_set_contents(path, damaged, -1, NULL));
    leader = lead(lea);
    world_says(&world, leader, "line 1 of ");
    world_says(&world, leader, "is damaged: mend it or take it out");
    leave_all(&leader, 1);
    char *now = known_text();
    assert_string_equal(now, damaged);
    g_free(now);

    /* A folder that cannot be written is said as well; what was there stays. */
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    leader = lead(lea);
    world_says(&world, leader, "cannot be written");
    leave_all(&leader, 1);
    assert_int_equal(rmdir(path), 0);
    g_free(damaged);
    g_free(path);
    g_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_device_of_the_first_evening_is_known_on_the_second, &world),
        WORLD_TEST(a_damaged_file_stays_as_it_is, &world),
    };
    return cmocka_run_group_tests_name("client_door", tests, NULL, NULL);
}
