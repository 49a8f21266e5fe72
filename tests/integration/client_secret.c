/* client_secret.c - a link enters `balint join` and does not come out again: not in the list of processes,
 * the environment, the logs, or what is printed. Real processes over a real server.
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
#include <unistd.h>

#include <cmocka.h>

#include "client_world.h"
#include "fakes/leak.h"

static struct world world;
static char lea[WORLD_LINK], max[WORLD_LINK];

static int begin(void **state)
{
    (void)state;
    alarm(170);
    world_begin(&world);
    world_invite(&world, "leader", "Lea", NULL, lea);
    world_invite(&world, "member", "Max", NULL, max);
    return 0;
}

static int end(void **state)
{
    (void)state;
    world_end(&world);
    alarm(0);
    return 0;
}

#define WORDS(...)                                                                                           \
    (const char *const[])                                                                                    \
    {                                                                                                        \
        __VA_ARGS__, NULL                                                                                    \
    }
#define MEDIA                                                                                                \
    "--video-test", "--no-audio-out", "--window", "none", "--audio-source", "audiotestsrc is-live=true"

/* A file with a link, of that mode. */
static const char *link_file(const char *text, mode_t mode)
{
    const char *path = world_path(&world, "link");
    unlink(path);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
    return path;
}

static char *whole(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail_msg("%s is not there", path);
    char *bytes = NULL;
    size_t room = 0;
    *length = 0;
    for (size_t got = 1; got > 0; *length += got) {
        if (*length == room)
            bytes = realloc(bytes, room = 2 * room + 65536);
        assert_non_null(bytes);
        got = fread(bytes + *length, 1, room - *length, file);
    }
    fclose(file);
    return bytes;
}

/* Nothing of either link is in it, and `word` is: the right thing was looked at. */
static void clean(const char *what, const char *bytes, size_t length, const char *word)
{
    const char *links[] = {lea, max};
    bool has = false;
    for (size_t i = 0; i + strlen(word) <= length && !has; i++)
        has = memcmp(bytes + i, word, strlen(word)) == 0;
    if (!has)
        fail_msg("%s: no \"%s\" in it", what, word);
    for (size_t i = 0; i < 2; i++) {
        const char *leak = balint_leak(bytes, length, links[i]);
        if (leak != NULL)
            fail_msg("%s shows %s", what, leak);
    }
}

static void clean_file(const char *path, const char *word)
{
    size_t length;
    char *bytes = whole(path, &length);
    clean(path, bytes, length, word);
    free(bytes);
}

/* Max in the lobby, by each of the ways that a link comes in. */
static struct program *knocks(int way)
{
    static const char *const rest[] = {MEDIA, NULL};
    const char *words[16] = {"join"};
    int count = 1;
    if (way == 0)
        words[count++] = max;
    if (way == 1)
        words[count++] = "-";
    if (way == 2) {
        words[count++] = "--link-file";
        words[count++] = link_file(max, 0600);
    }
    for (int i = 0; rest[i] != NULL; i++)
        words[count++] = rest[i];
    struct program *program = world_start(&world, words, way == 1 ? max : NULL);
    world_waiting(&world, program);
    return program;
}

static void test_no_link_in_the_list_of_processes(void **state)
{
    (void)state;
    for (int way = 0; way < 3; way++) {
        char path[64];
        snprintf(path, sizeof path, "/proc/%d/cmdline", (int)knocks(way)->process.pid);
        clean_file(path, "--video-test");
    }
}

static void test_no_link_in_the_environment(void **state)
{
    (void)state;
    for (int way = 0; way < 3; way++) {
        char path[64];
        snprintf(path, sizeof path, "/proc/%d/environ", (int)knocks(way)->process.pid);
        clean_file(path, "BALINT_HOME=");
    }
}

/* A whole evening of two, with the screen, at the highest level of our own categories. */
static void test_no_link_in_the_logs(void **state)
{
    static const char *const log_names[] = {"lea.log", "max.log"};
    (void)state;
    setenv("GST_DEBUG", "balintcall:9,balintvoice:9,balintoverlay:9", 1);
    setenv("GST_DEBUG_FILE", world_path(&world, log_names[0]), 1);
    struct program *leader =
        world_join(&world, lea, WORDS("--admit-everyone", "--window", "fakesink", "--do", "-"));
    world_ready(&world, leader);
    setenv("GST_DEBUG_FILE", world_path(&world, log_names[1]), 1);
    struct program *member = world_join(&world, max, WORDS("--window", "fakesink"));
    unsetenv("GST_DEBUG");
    unsetenv("GST_DEBUG_FILE");
    world_ready(&world, member);
    demo_process_tell(&leader->process, "phase next");
    world_go_on(&world, 2000); /* links come up, pictures are drawn, people are heard */
    demo_process_signal(&member->process, SIGTERM);
    assert_int_equal(world_over(&world, member), 0);
    demo_process_tell(&leader->process, "leave");
    assert_int_equal(world_over(&world, leader), 0);
    for (int i = 0; i < 2; i++) {
        clean_file(world_path(&world, log_names[i]), " balintcall ");
        clean_file(world_path(&world, log_names[i]), "link to seat");
        clean_file(world_path(&world, log_names[i]), " balintoverlay ");
    }
}

/* A link in the wrong place, a damaged one, one that opens nothing, and one that does: what is printed, on
 * both streams, and the report. */
static void test_no_link_is_printed(void **state)
{
    char said[8192], bad[WORLD_LINK];
    (void)state;
    assert_int_equal(world_run(&world, WORDS(lea), NULL, said), 2);
    clean("a link as a verb", said, strlen(said), "balint join -");
    assert_int_equal(world_run(&world, WORDS("join", lea, max), NULL, said), 2);
    clean("two links", said, strlen(said), "one link is enough");
    assert_int_equal(world_run(&world, WORDS("join", lea, "--link-file", max), NULL, said), 2);
    clean("a link and a file", said, strlen(said), "choose one");
    strcpy(bad, max);
    bad[strlen(bad) - 1] = '!';
    assert_int_equal(world_run(&world, WORDS("join", bad, MEDIA), NULL, said), 1);
    clean("a damaged link", said, strlen(said), "link");
    assert_int_equal(world_run(&world, WORDS("join", "-", MEDIA), bad, said), 1);
    clean("a damaged link by the standard input", said, strlen(said), "link");
    assert_int_equal(world_run(&world, WORDS("join", "--link-file", link_file(bad, 0600), MEDIA), NULL, said),
                     1);
    clean("a damaged link in a file", said, strlen(said), "link");
    assert_int_equal(world_run(&world, WORDS("join", "-", MEDIA, "--server", "127.0.0.1:1"), max, said), 1);
    clean("a server that is not there", said, strlen(said), "reached");
    struct program *leader =
        world_join(&world, lea, WORDS("--do", "-", "--report", world_path(&world, "lea.json")));
    world_ready(&world, leader);
    demo_process_tell(&leader->process, "leave");
    assert_int_equal(world_over(&world, leader), 0);
    clean("a good link", leader->said, strlen(leader->said), "ready seat");
    clean_file(world_path(&world, "lea.json"), "phases");
}

static void refused(const char *path, const char *word)
{
    char said[8192];
    assert_int_equal(world_run(&world, WORDS("join", "--link-file", path, MEDIA), NULL, said), 1);
    const char *newline = strchr(said, '\n');
    if (strstr(said, word) == NULL || newline == NULL || newline[1] != '\0')
        fail_msg("no \"%s\" in: %s", word, said);
    assert_null(balint_leak(said, strlen(said), max));
}

/* What others can read is not used; of what they cannot, the first line is. */
static void test_a_file_with_the_link(void **state)
{
    static const mode_t wide[] = {0640, 0604, 0620, 0602, 0644, 0666, 0777};
    char text[WORLD_LINK + 32];
    (void)state;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        refused(link_file(max, wide[i]), "chmod 600");
    refused("/nonexistent", "/nonexistent cannot be read");
    refused(world.folder, "not a file");
    refused(link_file("", 0600), "no link");
    refused(link_file("\n", 0600), "no link");
    snprintf(text, sizeof text, "\n%s\n", max);
    refused(link_file(text, 0600), "no link"); /* the second line */
    snprintf(text, sizeof text, "%s\r\nfrom Lea\n", max);
    struct program *member =
        world_start(&world, WORDS("join", "--link-file", link_file(text, 0400), MEDIA), NULL);
    world_waiting(&world, member);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_no_link_in_the_list_of_processes, begin, end),
        cmocka_unit_test_setup_teardown(test_no_link_in_the_environment, begin, end),
        cmocka_unit_test_setup_teardown(test_no_link_in_the_logs, begin, end),
        cmocka_unit_test_setup_teardown(test_no_link_is_printed, begin, end),
        cmocka_unit_test_setup_teardown(test_a_file_with_the_link, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
