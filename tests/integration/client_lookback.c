/* client_lookback.c - the debrief as leaders meet it: at the end, theirs alone, and on a disk only when they
 * say so; "a file of doctors' airtime by name does not exist". Real processes over a real server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "client_world.h"

static struct world world;

/* What a command of the shell prints: a number. */
static int count(const char *command)
{
    FILE *out = popen(command, "r");
    int number = -1;
    assert_non_null(out);
    assert_int_equal(fscanf(out, "%d", &number), 1);
    pclose(out);
    return number;
}

/* Files in the world's folder, without the programs' own logs and the server's data, which grow by
 * themselves. */
static int files(void)
{
    char command[1200];
    snprintf(command, sizeof command, "find '%s' -type f ! -name '*.log' ! -path '%s/data/*' | wc -l",
             world.folder, world.folder);
    return count(command);
}

static void assert_nobody_in(const char *path)
{
    static const char *const people[] = {"Qlea", "Qmax"};
    static const char *const reports[] = {"lea.json", "max.json"};
    for (int i = 0; i < 2; i++) {
        char command[1200];
        json_t *report = world_report(&world, reports[i]);
        const char *member = json_string_value(json_object_get(json_object_get(report, "self"), "member"));
        assert_non_null(member);
        assert_true(strlen(member) > 3);
        snprintf(command, sizeof command, "grep -aicE '%s|%s' '%s'", people[i], member, path);
        assert_int_equal(count(command), 0);
        json_decref(report);
    }
}

static void test_only_leaders_only_at_the_end_only_if_asked(void **state)
{
    (void)state;
    static const char *const phases[] = {"check-in",   "case",   "presentation", "questions",
                                         "discussion", "return", "closing",      "corridor"};
    char lea[WORLD_LINK], max[WORLD_LINK], line[600], kept[512];
    struct stat info;
    alarm(170);
    world_begin(&world);
    world_invite(&world, "leader", "Qlea", NULL, lea);
    world_invite(&world, "member", "Qmax", NULL, max);
    snprintf(kept, sizeof kept, "%s/an evening", world.folder);
    struct program *leader = world_join(&world, lea,
                                        (const char *const[]){"--admit-everyone", "--do", "-", "--report",
                                                              world_path(&world, "lea.json"), NULL});
    world_ready(&world, leader);
    struct program *member = world_join(
        &world, max, (const char *const[]){"--do", "-", "--report", world_path(&world, "max.json"), NULL});
    world_ready(&world, member);
    demo_process_tell(&leader->process, "debrief");
    world_says(&world, leader, "debrief: it is there when the work is done");
    for (size_t i = 0; i < sizeof phases / sizeof *phases; i++) {
        snprintf(line, sizeof line, "phase %s", phases[i]);
        demo_process_tell(&leader->process, line);
    }
    world_go_on(&world, 3000);
    int before = files();
    demo_process_tell(&leader->process, "debrief"); /* shown, and nothing is written */
    world_go_on(&world, 2500);
    assert_int_equal(files(), before);
    snprintf(line, sizeof line, "debrief keep %s", kept);
    demo_process_tell(&member->process, line);
    world_says(&world, member, "debrief: it is the leaders'");
    assert_int_equal(files(), before);
    demo_process_tell(&leader->process, line);
    world_says(&world, leader, "debrief: kept in ");
    assert_int_equal(files(), before + 2);
    demo_process_tell(&leader->process, line);
    world_says(&world, leader, "is there already and stays as it is");
    demo_process_tell(&member->process, "leave");
    demo_process_tell(&leader->process, "leave");
    assert_int_equal(world_over(&world, member), 0);
    assert_int_equal(world_over(&world, leader), 0);
    for (int i = 0; i < 2; i++) {
        snprintf(line, sizeof line, "%s.%s", kept, i == 0 ? "json" : "pdf");
        assert_int_equal(stat(line, &info), 0);
        assert_int_equal(info.st_mode & 0777, 0600);
        assert_nobody_in(line);
    }
    world_end(&world);
    alarm(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_leaders_only_at_the_end_only_if_asked),
    };
    return cmocka_run_group_tests_name("client_lookback", tests, NULL, NULL);
}
