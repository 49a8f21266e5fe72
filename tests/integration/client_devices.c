/* client_devices.c - who has no camera, and who observes without a microphone, takes part as well; a device
 * that somebody named, and a missing loudspeaker or window, is told in one line.
 *
 * Every element that could find a device is taken away, so that this is the same on every machine.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "client_world.h"

#define WORDS(...)    ((const char *const[]){__VA_ARGS__, NULL})
#define SOUND         "--audio-source", "audiotestsrc is-live=true"
#define HEADLESS      "--no-audio-out", "--window", "none"
#define NO_CAMERA     "No camera was found"
#define NO_MICROPHONE "o microphone was found"

static struct world world;

static int begin(void **state)
{
    (void)state;
    alarm(110);
    world_begin(&world);
    setenv("GST_PLUGIN_FEATURE_RANK",
           "alsasrc:NONE,pulsesrc:NONE,openalsrc:NONE,pipewiresrc:NONE,osssrc:NONE,oss4src:NONE,jackaudiosrc:"
           "NONE,"
           "alsasink:NONE,pulsesink:NONE,openalsink:NONE,pipewiresink:NONE,osssink:NONE,oss4sink:NONE,"
           "jackaudiosink:NONE,v4l2src:NONE,libcamerasrc:NONE",
           1);
    return 0;
}

static int end(void **state)
{
    (void)state;
    unsetenv("GST_PLUGIN_FEATURE_RANK");
    world_end(&world);
    alarm(0);
    return 0;
}

static void refused(const char *link, const char *const words[], const char *word)
{
    char said[8192];
    int status = world_run(&world, words, link, said);
    const char *newline = strchr(said, '\n');
    assert_int_equal(status, 1);
    if (newline == NULL || newline[1] != '\0')
        fail_msg("not one line: %s", said);
    if (strstr(said, word) == NULL)
        fail_msg("no \"%s\" in: %s", word, said);
}

/* How often a program said it. */
static int times(const struct program *program, const char *text)
{
    int count = 0;
    for (const char *at = program->said; (at = strstr(at, text)) != NULL; at += strlen(text))
        count++;
    return count;
}

/* What was received of the person on `seat`, while people gathered. */
static int64_t received(const char *report, int seat, const char *what)
{
    json_t *root = world_report(&world, report), *remote;
    size_t i;
    int64_t sum = 0;
    json_array_foreach(json_object_get(root, "remotes"), i, remote)
    {
        json_t *gathering = json_object_get(json_object_get(remote, "by_phase"), "gathering");
        if (json_integer_value(json_object_get(remote, "seat")) == seat)
            sum = json_integer_value(json_object_get(gathering, what));
    }
    json_decref(root);
    return sum;
}

static struct program *without_camera(const char *link, const char *report)
{
    return world_start(&world,
                       WORDS("join", "-", SOUND, HEADLESS, "--seconds", "60", "--admit-everyone", "--do", "-",
                             "--report", world_path(&world, report)),
                       link);
}

/* "Sound comes first": a leader and a member without a camera hear each other. */
static void test_who_has_no_camera_takes_part(void **state)
{
    (void)state;
    char lea[WORLD_LINK], max[WORLD_LINK];
    world_invite(&world, "leader", "Lea", NULL, lea);
    world_invite(&world, "member", "Max", NULL, max);
    struct program *leader = without_camera(lea, "lea.json");
    world_ready(&world, leader);
    struct program *member = without_camera(max, "max.json");
    world_ready(&world, member);
    world_go_on(&world, 5000);
    demo_process_tell(&member->process, "leave");
    assert_int_equal(world_over(&world, member), 0);
    demo_process_tell(&leader->process, "leave");
    assert_int_equal(world_over(&world, leader), 0);
    assert_int_equal(times(leader, NO_CAMERA), 1);
    assert_int_equal(times(member, NO_CAMERA), 1);
    assert_true(received("max.json", leader->seat, "sound_ms") > 500);
    assert_true(received("lea.json", member->seat, "sound_ms") > 500);
    assert_true(received("max.json", leader->seat, "frames") > 0);
    assert_true(received("lea.json", member->seat, "frames") > 0);
}

static struct program *without_anything(const char *link, const char *report)
{
    return world_start(
        &world,
        WORDS("join", "-", HEADLESS, "--seconds", "60", "--do", "-", "--report", world_path(&world, report)),
        link);
}

/* An observer only listens; nobody is in the lobby who could not be heard when let in. */
static void test_an_observer_needs_no_microphone(void **state)
{
    (void)state;
    char lea[WORLD_LINK], ola[WORLD_LINK], max[WORLD_LINK];
    world_invite(&world, "leader", "Lea", NULL, lea);
    world_invite(&world, "observer", "Ola", NULL, ola);
    world_invite(&world, "member", "Max", NULL, max);
    struct program *leader = without_camera(lea, "lea.json");
    world_ready(&world, leader);
    struct program *observer = without_anything(ola, "ola.json");
    world_ready(&world, observer);
    world_go_on(&world, 4000);
    refused(max, WORDS("join", "-", HEADLESS), NO_MICROPHONE);
    demo_process_tell(&observer->process, "leave");
    assert_int_equal(world_over(&world, observer), 0);
    assert_int_equal(times(observer, NO_MICROPHONE), 1);
    assert_int_equal(times(observer, NO_CAMERA), 1);
    assert_true(received("ola.json", leader->seat, "sound_ms") > 500);
    demo_process_tell(&leader->process, "leave");
    assert_int_equal(world_over(&world, leader), 0);
    assert_int_equal(received("lea.json", observer->seat, "sound_ms"), 0);
}

static void test_what_was_named_or_cannot_be_missed_is_told(void **state)
{
    (void)state;
    char lea[WORLD_LINK], ola[WORLD_LINK];
    world_invite(&world, "leader", "Lea", NULL, lea);
    world_invite(&world, "observer", "Ola", NULL, ola);
    refused(lea, WORDS("join", "-", "--video-test", HEADLESS), "microphone");
    refused(lea, WORDS("join", "-", SOUND, "--video-test", "--window", "none"), "loudspeaker");
    refused(lea, WORDS("join", "-", "--audio-source", "nosuchsource", "--video-test", HEADLESS),
            "nosuchsource");
    refused(ola, WORDS("join", "-", "--audio-source", "nosuchsource", "--video-test", HEADLESS),
            "nosuchsource");
    refused(lea, WORDS("join", "-", SOUND, "--video-source", "nosuchcamera", HEADLESS), "nosuchcamera");
    refused(lea, WORDS("join", "-", SOUND, "--video-source", "v4l2src device=/dev/none", HEADLESS),
            "/dev/none");
    unsetenv("DISPLAY");
    unsetenv("WAYLAND_DISPLAY");
    refused(lea, WORDS("join", "-", SOUND, "--video-test", "--no-audio-out"), "display");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_who_has_no_camera_takes_part, begin, end),
        cmocka_unit_test_setup_teardown(test_an_observer_needs_no_microphone, begin, end),
        cmocka_unit_test_setup_teardown(test_what_was_named_or_cannot_be_missed_is_told, begin, end),
    };
    return cmocka_run_group_tests_name("client-devices", tests, NULL, NULL);
}
