/* client_words.c - a quiet signal, an answer, the leaders' line and a removal between whole `balint`
 * programs, by the lines of --do; and none of the words in what the programs print or keep.
 */
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

enum { ANNA, GABOR, CLARA, DORA, PEOPLE };
static const char *const names[PEOPLE] = {"Anna", "Gabor", "Clara", "Dora"};
static const char *const roles[PEOPLE] = {"leader", "co-leader", "member", "member"};
static const char *const reports[PEOPLE] = {"anna.json", "gabor.json", "clara.json", "dora.json"};
#define ANSWER   "Wir-gehen-gleich-weiter"
#define LINE     "Danach-die-Rueckkehr"
#define FAREWELL "Bis-morgen-am-Telefon"
#define READ_MS  3000
#define SLOTS_MS 9000 /* for a word to come, and to be acknowledged, on a busy machine */

static struct world world;
static struct program *programs[PEOPLE];

static void start(int i)
{
    char link[WORLD_LINK];
    /* Dora has a window, in which she can read the word to her. */
    const char *more[] = {"--do",
                          "-",
                          "--report",
                          world_path(&world, reports[i]),
                          "--window",
                          i == DORA ? "fakesink sync=true" : "none",
                          i == ANNA ? "--admit-everyone" : NULL,
                          NULL};
    world_invite(&world, roles[i], names[i], NULL, link);
    programs[i] = world_join(&world, link, more);
    world_ready(&world, programs[i]);
}

static void say(int i, const char *line)
{
    assert_true(demo_process_tell(&programs[i]->process, line));
}

static int events(const char *report, const char *what)
{
    json_t *root = world_report(&world, report), *event;
    size_t at;
    int count = 0;
    json_array_foreach(json_object_get(root, "events"), at, event) count +=
        strcmp(json_string_value(json_object_get(event, "what")), what) == 0;
    json_decref(root);
    return count;
}

static void words_from_program_to_program(void **state)
{
    char command[800];
    (void)state;
    world_begin(&world);
    for (int i = 0; i < PEOPLE; i++)
        start(i);
    say(CLARA, "quiet on");
    world_go_on(&world, SLOTS_MS);
    say(ANNA, "answer Clara " ANSWER);
    say(GABOR, "line " LINE);
    world_go_on(&world, SLOTS_MS);
    world_says(&world, programs[ANNA], "Clara has your word");
    say(DORA, "line hello");
    world_says(&world, programs[DORA], "The line is the leaders'");
    say(CLARA, "answer Anna hello");
    world_says(&world, programs[CLARA], "Only leaders answer");
    say(ANNA, "remove Dora " FAREWELL);
    world_says(&world, programs[DORA], "A leader has ended your part");
    world_go_on(&world, READ_MS);
    if (programs[DORA]->process.over) /* the word stays to be read, until she leaves */
        fail_msg("she could not read the word; her program said: %s", programs[DORA]->said);
    say(DORA, "leave");
    world_over(&world, programs[DORA]);
    for (int i = CLARA; i >= ANNA; i--) {
        say(i, "leave");
        assert_int_equal(world_over(&world, programs[i]), 0);
    }
    assert_int_equal(events(reports[ANNA], "quiet"), 1);
    assert_int_equal(events(reports[GABOR], "quiet"), 1);
    assert_int_equal(events(reports[ANNA], "quiet-over"), 1); /* answered */
    assert_int_equal(events(reports[GABOR], "quiet-over"), 1);
    assert_int_equal(events(reports[CLARA], "answered"), 1);
    assert_int_equal(events(reports[ANNA], "line"), 1);
    assert_int_equal(events(reports[DORA], "answered"), 1);
    assert_int_equal(
        events(reports[DORA], "quiet") + events(reports[DORA], "line") + events(reports[CLARA], "line"), 0);
    /* The folder has the server's data and log, everybody's reports and all that was printed. */
    snprintf(command, sizeof command, "grep -r -q -e " ANSWER " -e " LINE " -e " FAREWELL " '%s'",
             world.folder);
    assert_int_not_equal(system(command), 0);
    for (int i = 0; i < PEOPLE; i++)
        assert_null(strstr(programs[i]->said, ANSWER));
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(words_from_program_to_program)};
    alarm(170);
    return cmocka_run_group_tests_name("client_words", tests, NULL, NULL);
}
