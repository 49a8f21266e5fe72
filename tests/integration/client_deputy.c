/* client_deputy.c - the leader names a deputy and is gone: the deputy looks at the door, lets somebody in and
 * turns the phase; and what is taken back is over. Real processes over a real server. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "client_world.h"

static struct world world;

static struct program *join(const char *role, const char *name, const char *report)
{
    char link[WORLD_LINK];
    world_invite(&world, role, name, NULL, link);
    const char *const words[] = {"--do", "-", "--report", world_path(&world, report), NULL};
    return world_join(&world, link, words);
}

static void tell(struct program *program, const char *line)
{
    assert_true(demo_process_tell(&program->process, line));
}

static struct program *admitted(struct program *leader, const char *name, const char *report)
{
    char line[64];
    struct program *program = join("member", name, report);
    world_waiting(&world, program);
    snprintf(line, sizeof line, "at the door: %s has a new device", name);
    world_says(&world, leader, line);
    snprintf(line, sizeof line, "admit %s", name);
    tell(leader, line);
    world_ready(&world, program);
    return program;
}

static json_int_t sound_of(const json_t *report, const char *name)
{
    json_t *remotes = json_object_get(report, "remotes"), *remote, *row;
    const char *phase;
    size_t index;
    json_int_t sound = 0;
    json_array_foreach(remotes, index, remote)
    {
        if (strcmp(json_string_value(json_object_get(remote, "name")), name) != 0)
            continue;
        json_object_foreach(json_object_get(remote, "by_phase"), phase, row)
        {
            sound += json_integer_value(json_object_get(row, "sound_ms"));
        }
    }
    return sound;
}

static const char *reading_of(const json_t *balance, const char *name)
{
    json_t *row;
    size_t index;
    json_array_foreach(json_object_get(balance, "rows"), index, row)
    {
        if (strcmp(json_string_value(json_object_get(row, "name")), name) == 0)
            return json_string_value(json_object_get(row, "reading"));
    }
    fail_msg("%s is not in the balance", name);
    return NULL;
}

#define REPORTS_MS 5000 /* two slots, and some */

static void a_deputy_goes_on_when_the_leader_is_gone(void **state)
{
    (void)state;
    struct program *leader = join("leader", "Lea", "lea.json");
    world_ready(&world, leader);
    struct program *deputy = admitted(leader, "Max", "max.json");
    struct program *member = admitted(leader, "Ida", "ida.json");
    tell(member, "phase next"); /* a member's key */
    tell(member, "look");
    world_says(&world, member, "leaders look at who is at the door");
    tell(leader, "deputy Max");
    world_says(&world, deputy, "you are deputy: this evening you lead with the leader");
    demo_process_signal(&leader->process, SIGKILL);
    assert_int_equal(world_over(&world, leader), 128 + SIGKILL);

    struct program *late = join("member", "Nora", "nora.json");
    world_says(&world, deputy, "at the door: Nora has a new device: look first");
    tell(deputy, "look");
    world_says(&world, late, "Max looks who is at the door: Max sees and hears you");
    world_go_on(&world, 1200); /* a second press at once is a slip */
    tell(deputy, "look");
    world_ready(&world, late);
    tell(deputy, "phase next");
    world_go_on(&world, REPORTS_MS);
    tell(late, "leave");
    assert_int_equal(world_over(&world, late), 0);
    tell(member, "leave");
    assert_int_equal(world_over(&world, member), 0);
    tell(deputy, "leave");
    assert_int_equal(world_over(&world, deputy), 0);

    json_t *of_late = world_report(&world, "nora.json"), *of_deputy = world_report(&world, "max.json");
    json_t *phases = json_object_get(of_late, "phases");
    assert_int_equal(json_array_size(phases), 2);
    assert_string_equal(json_string_value(json_object_get(json_array_get(phases, 1), "id")), "check-in");
    assert_true(sound_of(of_late, "Max") > 500);
    assert_true(sound_of(of_late, "Ida") > 500);
    assert_true(sound_of(of_deputy, "Nora") > 500);
    json_t *self = json_object_get(of_deputy, "self");
    assert_string_equal(json_string_value(json_object_get(self, "role")), "co-leader");
    /* Reports came to the deputy, who stands with the leaders in the balance. */
    json_t *balance = json_object_get(of_deputy, "balance");
    assert_int_equal(json_integer_value(json_object_get(balance, "leader_count")), 2);
    assert_string_equal(reading_of(balance, "Nora"), "reading");
    assert_string_equal(reading_of(balance, "Ida"), "reading");
    assert_string_equal(reading_of(balance, "Lea"), "none");
    json_decref(of_late);
    json_decref(of_deputy);
}

static void what_is_taken_back_is_over(void **state)
{
    (void)state;
    struct program *leader = join("leader", "Lea", "lea.json");
    world_ready(&world, leader);
    struct program *deputy = admitted(leader, "Max", "max.json");
    tell(deputy, "deputy Lea");
    world_says(&world, deputy, "A deputy is named by who leads by invitation");
    tell(leader, "deputy Lea");
    world_says(&world, leader, "This person leads by invitation already");
    tell(leader, "deputy Max on");
    world_says(&world, deputy, "you are deputy: this evening you lead with the leader");
    tell(leader, "deputy Max off");
    world_says(&world, deputy, "you are deputy no longer");
    struct program *late = join("member", "Nora", "nora.json");
    world_says(&world, leader, "at the door: Nora");
    assert_null(strstr(deputy->said, "at the door"));
    tell(deputy, "look");
    world_says(&world, deputy, "leaders look at who is at the door");
    tell(late, "leave");
    assert_int_equal(world_over(&world, late), 0);
    tell(deputy, "leave");
    assert_int_equal(world_over(&world, deputy), 0);
    tell(leader, "leave");
    assert_int_equal(world_over(&world, leader), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_deputy_goes_on_when_the_leader_is_gone, &world),
        WORLD_TEST(what_is_taken_back_is_over, &world),
    };
    return cmocka_run_group_tests_name("client_deputy", tests, NULL, NULL);
}
