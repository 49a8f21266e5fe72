/* client_join.c - `balint join` as its people and its measurers meet it: real processes over a real server.
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
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "client_world.h"
#include "odd_server.h"
#include "self_signed.h"

static struct world world;

#define WORDS(...)                                                                                           \
    (const char *const[])                                                                                    \
    {                                                                                                        \
        __VA_ARGS__, NULL                                                                                    \
    }

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int64_t number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_integer(value))
        fail_msg("the report has no number \"%s\"", key);
    return json_integer_value(value);
}

static int64_t summed(const json_t *remote, const char *what)
{
    const char *id;
    json_t *phase;
    int64_t sum = 0;
    json_object_foreach(json_object_get(remote, "by_phase"), id, phase)
    {
        sum += number(phase, what);
    }
    return sum;
}

/* One second of a tone, 8 kHz mono, as WAV: another rate than the call's. */
static void write_tone(const char *path)
{
    enum { RATE = 8000 };
    uint8_t wav[44 + 2 * RATE] =
        "RIFF\xa4\x3e\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0"
        "data\x80\x3e\0";
    for (int i = 0; i < RATE; i++) {
        int16_t sample = (int16_t)(i / 10 % 2 == 0 ? 8000 : -8000);
        memcpy(wav + 44 + 2 * i, &sample, 2);
    }
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(wav, sizeof wav, 1, file), 1);
    assert_int_equal(fclose(file), 0);
}

static void check_remote(const json_t *report, const char *name, int seat, int64_t least_ms, int64_t most_ms)
{
    assert_int_equal(json_array_size(json_object_get(report, "remotes")), 1);
    const json_t *remote = json_array_get(json_object_get(report, "remotes"), 0);
    assert_string_equal(json_string_value(json_object_get(remote, "name")), name);
    assert_int_equal(number(remote, "seat"), seat);
    assert_string_equal(json_string_value(json_object_get(remote, "state")), "open");
    assert_int_equal(number(remote, "generation"), 1);
    assert_in_range(number(remote, "first_sound_ms"), 0, 20000);
    assert_in_range(number(remote, "first_picture_ms"), 0, 20000);
    assert_in_range(summed(remote, "sound_ms"), least_ms, most_ms);
    assert_true(summed(remote, "frames") > 10);
    assert_true(summed(remote, "dropped_ms") >= 0);
}

/* DESIGN.md, "Measured from outside", report.json, both ways; `--audio-file` begins at admission; SIGTERM. */
static void test_two_people_meet_and_report(void **state)
{
    (void)state;
    char lea[WORLD_LINK], max[WORLD_LINK];
    world_invite(&world, "leader", "Lea", NULL, lea);
    world_invite(&world, "member", "Max", NULL, max);
    write_tone(world_path(&world, "max.wav"));
    struct program *leader = world_join(
        &world, lea, WORDS("--admit-everyone", "--report", world_path(&world, "lea.json"), "--do", "-"));
    world_ready(&world, leader);
    struct program *member = world_join(
        &world, max,
        WORDS("--audio-file", world_path(&world, "max.wav"), "--report", world_path(&world, "max.json")));
    world_ready(&world, member);
    assert_int_not_equal(leader->seat, member->seat);
    world_go_on(&world, 5000);
    demo_process_signal(&member->process, SIGTERM);
    assert_int_equal(world_over(&world, member), 0);
    demo_process_tell(&leader->process, "leave");
    assert_int_equal(world_over(&world, leader), 0);
    assert_int_equal(leader->lines, 2); /* "ready seat=N", what everybody is told, and not a word more */

    json_t *of_leader = world_report(&world, "lea.json"), *of_member = world_report(&world, "max.json");
    /* A second of tone, of which the first part may be spoken before the link is there. */
    check_remote(of_leader, "Max", member->seat, 0, 1100);
    check_remote(of_member, "Lea", leader->seat, 2000, 6000);
    const json_t *self = json_object_get(of_member, "self");
    assert_int_equal(number(of_member, "schema"), 1);
    assert_string_equal(json_string_value(json_object_get(self, "role")), "member");
    /* The block that was being filled then may have begun a little before. */
    assert_in_range(number(self, "source_start_ms") + 50, number(self, "admitted_ms"),
                    number(self, "admitted_ms") + 550);
    assert_in_range(number(self, "left_ms"), number(self, "admitted_ms") + 4500,
                    number(self, "admitted_ms") + 20000);
    const json_t *phase = json_array_get(json_object_get(of_member, "phases"), 0);
    assert_string_equal(json_string_value(json_object_get(phase, "id")), "gathering");
    assert_int_equal(number(phase, "end_ms"), number(self, "left_ms"));
    assert_true(json_is_array(json_object_get(of_member, "events")));
    assert_true(json_is_array(json_object_get(of_member, "voice")));
    assert_true(json_is_object(json_object_get(of_leader, "balance")));
    assert_null(json_object_get(of_member, "balance")); /* only leaders see it */
    json_decref(of_leader);
    json_decref(of_member);
}

/* "present NAME" from outside, to a program that nobody sits at: it agrees, steps back with the discussion,
 * and what it goes on sending is silence. Its terminal says what a window would. */
static void test_a_program_without_keys_agrees_to_present(void **state)
{
    (void)state;
    char lea[WORLD_LINK], max[WORLD_LINK];
    world_invite(&world, "leader", "Lea", NULL, lea);
    world_invite(&world, "member", "Max", NULL, max);
    struct program *leader = world_join(
        &world, lea, WORDS("--admit-everyone", "--report", world_path(&world, "lea.json"), "--do", "-"));
    world_ready(&world, leader);
    struct program *member = world_join(&world, max, NULL);
    world_ready(&world, member);
    world_says(&world, member, "Leaders see how long each has spoken; nobody else does.");
    world_go_on(&world, 1000); /* whoever is in is known to the leader's program a moment later */
    demo_process_tell(&leader->process, "look Max\nreturn");
    world_says(&world, leader, "Max is let in already");
    world_says(&world, leader, "Nobody has stepped back at the moment");
    demo_process_tell(&leader->process, "present Max");
    world_go_on(&world, 2000);
    demo_process_tell(&leader->process,
                      "phase check-in\nphase case\nphase presentation\nphase questions\nphase discussion");
    world_says(&world, member, "This is time to listen. Nobody hears you. The group sees you dimmed.");
    world_go_on(&world, 4000);
    demo_process_tell(&leader->process, "step-back leaders");
    world_says(&world, member, "Nobody hears you. Only the leaders see you.");
    demo_process_tell(&leader->process, "invite-back");
    world_says(&world, member, "You are invited back.");
    demo_process_tell(&leader->process, "leave");
    assert_int_equal(world_over(&world, leader), 0);

    json_t *report = world_report(&world, "lea.json");
    const json_t *remote = json_array_get(json_object_get(report, "remotes"), 0);
    const json_t *phases = json_object_get(remote, "by_phase");
    assert_true(number(json_object_get(phases, "gathering"), "sound_ms") > 500);
    const json_t *discussion = json_object_get(phases, "discussion");
    assert_int_equal(number(discussion, "sound_ms"), 0);
    assert_true(number(discussion, "frames") > 0);
    json_decref(report);
}

static void test_a_file_of_commands_runs_at_its_times(void **state)
{
    (void)state;
    char lea[WORLD_LINK];
    world_invite(&world, "leader", "Lea", NULL, lea);
    write_file(world_path(&world, "do"), "# an evening\n0.3 phase next\n\n0.9 phase back\n1.2 phase closing\n"
                                         "1.3 present Zoe\n1.5 leave\n");
    struct program *leader =
        world_join(&world, lea,
                   WORDS("--do", world_path(&world, "do"), "--report", world_path(&world, "lea.json"),
                         "--snapshot", world_path(&world, "shots")));
    assert_int_equal(world_over(&world, leader), 0);
    assert_non_null(strstr(leader->said, "nobody here is called \"Zoe\""));
    assert_int_equal(leader->lines,
                     4); /* ready, what is told, the edge that the format has not, and that name */
    json_t *report = world_report(&world, "lea.json"), *phases = json_object_get(report, "phases");
    static const char *const expected[] = {"gathering", "check-in", "gathering"};
    assert_int_equal(json_array_size(phases), 3);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(json_string_value(json_object_get(json_array_get(phases, i), "id")), expected[i]);
    int64_t length =
        number(json_array_get(phases, 1), "end_ms") - number(json_array_get(phases, 1), "start_ms");
    assert_in_range(length, 450, 900);
    json_decref(report);
    static const char *const shots[] = {"shots/01-gathering.png", "shots/02-check-in.png",
                                        "shots/03-gathering.png", "shots/end.png"};
    for (size_t i = 0; i < sizeof shots / sizeof *shots; i++) {
        char head[8] = "";
        FILE *file = fopen(world_path(&world, shots[i]), "rb");
        if (file == NULL)
            fail_msg("%s was not written", shots[i]);
        assert_int_equal(fread(head, sizeof head, 1, file), 1);
        fclose(file);
        assert_memory_equal(head, "\x89PNG\r\n\x1a\n", 8);
    }
}

/* A wrong line typed in the middle of a session does not end it, but the exit status remembers. */
static void test_a_wrong_line_of_the_standard_input_is_told(void **state)
{
    (void)state;
    char lea[WORLD_LINK];
    world_invite(&world, "leader", "Lea", NULL, lea);
    struct program *leader = world_join(&world, lea, WORDS("--do", "-"));
    world_ready(&world, leader);
    demo_process_tell(&leader->process, "phase next\ndance");
    world_says(&world, leader, "line 2: unknown command \"dance\"");
    demo_process_tell(&leader->process, "leave");
    assert_int_equal(world_over(&world, leader), 2);
}

/* A member of the roster comes back to a seat without being admitted again: by this device's key. */
static void test_who_was_in_comes_back_by_the_device(void **state)
{
    (void)state;
    char lea[WORLD_LINK], max[WORLD_LINK];
    world_invite(&world, "leader", "Lea", NULL, lea);
    world_invite(&world, "member", "Max", NULL, max);
    struct program *leader = world_join(&world, lea, WORDS("--do", "-"));
    world_ready(&world, leader);
    struct program *first = world_join(&world, max, NULL);
    world_waiting(&world, first);
    world_says(&world, first, "a leader will let you in");
    demo_process_tell(&leader->process, "admit Max");
    world_ready(&world, first);
    demo_process_signal(&first->process, SIGKILL);
    assert_int_equal(world_over(&world, first), 128 + SIGKILL);
    struct program *second = world_join(&world, max, NULL);
    world_ready(&world, second);
    assert_int_equal(second->seat, first->seat);
    assert_false(second->waiting);
    demo_process_signal(&second->process, SIGTERM);
    assert_int_equal(world_over(&world, second), 0);

    /* Another device is another matter: it waits for a leader. */
    setenv("BALINT_HOME", world_path(&world, "another"), 1);
    struct program *phone = world_join(&world, max, NULL);
    setenv("BALINT_HOME", world_path(&world, "home"), 1);
    world_waiting(&world, phone);
    assert_int_equal(phone->seat, -1);
    struct stat kept;
    assert_int_equal(stat(world_path(&world, "another/devices"), &kept), 0);
    assert_int_equal(kept.st_mode & 077, 0);
}

/* ---- bad input: one line that says what and what to do, and a status that is not zero */

static void refused(int status, const char *said, const char *word)
{
    const char *newline = strchr(said, '\n');
    assert_int_not_equal(status, 0);
    assert_true(status < 128);
    if (newline == NULL || newline[1] != '\0')
        fail_msg("not one line: %s", said);
    if (strstr(said, word) == NULL)
        fail_msg("no \"%s\" in: %s", word, said);
    assert_null(strstr(said, "ready seat"));
}

#define MEDIA                                                                                                \
    "--video-test", "--no-audio-out", "--window", "none", "--audio-source", "audiotestsrc is-live=true"

static void test_bad_words_and_files(void **state)
{
    (void)state;
    char lea[WORLD_LINK], said[8192];
    world_invite(&world, "leader", "Lea", NULL, lea);
    refused(world_run(&world, WORDS("dance"), NULL, said), said, "dance");
    refused(world_run(&world, WORDS("join", "-", "--dance"), NULL, said), said, "--dance");
    refused(world_run(&world, WORDS("join", "-", MEDIA), "no link at all", said), said, "link");
    refused(world_run(&world, WORDS("join", "-", MEDIA), "", said), said, "link");
    refused(world_run(&world,
                      WORDS("join", "-", "--video-test", "--no-audio-out", "--window", "none", "--audio-file",
                            world_path(&world, "no.wav")),
                      lea, said),
            said, "no.wav");
    write_file(world_path(&world, "text.wav"), "this is no sound\n");
    refused(world_run(&world,
                      WORDS("join", "-", "--video-test", "--no-audio-out", "--window", "none", "--audio-file",
                            world_path(&world, "text.wav")),
                      lea, said),
            said, "text.wav");
    write_file(world_path(&world, "do"), "0 admit all\n1 dance\n");
    refused(world_run(&world, WORDS("join", "-", MEDIA, "--do", world_path(&world, "do")), lea, said), said,
            "line 2: unknown command \"dance\"");
    refused(world_run(&world, WORDS("join", "-", MEDIA, "--do", world_path(&world, "missing")), lea, said),
            said, "missing cannot be read");
    assert_null(strchr(said, '?')); /* quotes that the terminal has not */
    refused(world_run(&world, WORDS("join", "-", MEDIA, "--do", world_path(&world, "data")), lea, said), said,
            "data cannot be read");
    refused(world_run(&world, WORDS("join", "-", MEDIA, "--snapshot", "/proc/none"), lea, said), said,
            "/proc/none");
    refused(world_run(&world, WORDS("join", "-", MEDIA, "--report", "/proc/none.json"), lea, said), said,
            "/proc/none.json");
    refused(
        world_run(&world, WORDS("join", "-", MEDIA, "--report", world_path(&world, "no/r.json")), lea, said),
        said, "r.json");
    refused(world_run(&world, WORDS("join", "-", MEDIA, "--report", world_path(&world, "data")), lea, said),
            said, "--report");
    /* What is there stays when something else is wrong. */
    write_file(world_path(&world, "old.json"), "old\n");
    refused(world_run(&world,
                      WORDS("join", "-", MEDIA, "--report", world_path(&world, "old.json"), "--snapshot",
                            "/proc/none"),
                      lea, said),
            said, "/proc/none");
    struct stat kept;
    assert_int_equal(stat(world_path(&world, "old.json"), &kept), 0);
    assert_int_equal(kept.st_size, 4);
    refused(world_run(&world, WORDS("join", "-", MEDIA, "--ca", world_path(&world, "no.pem")), lea, said),
            said, "PEM");
    write_file(world_path(&world, "empty.pem"), "no certificate\n");
    refused(world_run(&world, WORDS("join", "-", MEDIA, "--ca", world_path(&world, "empty.pem")), lea, said),
            said, "PEM");
}

/* `--ca cert.pem`, in the folder where it lies. */
static void test_a_file_of_authorities_may_be_near(void **state)
{
    (void)state;
    char lea[WORLD_LINK], here[4096];
    world_invite(&world, "leader", "Lea", NULL, lea);
    assert_true(balint_self_signed(world_path(&world, "cert.pem"), world_path(&world, "key.pem")));
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(chdir(world.folder), 0);
    struct program *leader = world_join(&world, lea, WORDS("--ca", "cert.pem", "--do", "-"));
    world_ready(&world, leader);
    demo_process_tell(&leader->process, "leave");
    assert_int_equal(world_over(&world, leader), 0);
    assert_int_equal(leader->lines, 2); /* ready, what is told, and no warning of GLib's */
    assert_int_equal(chdir(here), 0);
}

/* A named device that fails: what GStreamer says, and what to do. */
static void test_devices_that_fail(void **state)
{
    (void)state;
    char lea[WORLD_LINK], said[8192];
    world_invite(&world, "leader", "Lea", NULL, lea);
    refused(
        world_run(&world,
                  WORDS("join", "-", "--audio-source", "audiotestsrc is-live=true", "--video-source",
                        "filesrc location=/nowhere/camera ! decodebin", "--no-audio-out", "--window", "none"),
                  lea, said),
        said, "connect a camera, or give another --video-source, or --video-test");
    refused(world_run(&world,
                      WORDS("join", "-", "--audio-source", "filesrc location=/nowhere/voice ! decodebin",
                            "--video-test", "--no-audio-out", "--window", "none"),
                      lea, said),
            said, "connect a microphone, or give another --audio-source, or --audio-file F.wav");
    /* nothing is made for pictures of somebody who was not let in */
    char max[WORLD_LINK];
    world_invite(&world, "member", "Max", NULL, max);
    assert_int_equal(world_run(&world,
                               WORDS("join", "-", MEDIA, "--seconds", "1", "--snapshot",
                                     world_path(&world, "unmade/of/it")),
                               max, said),
                     1);
    assert_int_not_equal(access(world_path(&world, "unmade"), F_OK), 0);
}

static void test_links_that_open_no_door(void **state)
{
    (void)state;
    char lea[WORLD_LINK], max[WORLD_LINK], old[WORLD_LINK], said[8192], until[32];
    world_invite(&world, "leader", "Lea", NULL, lea);
    world_invite(&world, "member", "Max", NULL, max);
    time_t soon = time(NULL) + 2;
    struct tm when;
    gmtime_r(&soon, &when);
    strftime(until, sizeof until, "%Y-%m-%dT%H:%M:%SZ", &when);
    world_invite(&world, "member", "Old", WORDS("--until", until), old);

    char wrong[WORLD_LINK];
    strcpy(wrong, lea);
    char *token = strstr(wrong, "#1.") + 40; /* inside the token */
    *token = *token == 'A' ? 'B' : 'A';
    refused(world_run(&world, WORDS("join", "-", MEDIA), wrong, said), said, "link");
    assert_int_equal(
        world_run(&world,
                  WORDS("revoke", "--group", "G", "--name", "Max", "--data", world_path(&world, "data")),
                  NULL, NULL),
        0);
    refused(world_run(&world, WORDS("join", "-", MEDIA), max, said), said, "taken back");
    while (time(NULL) <= soon)
        world_go_on(&world, 100);
    refused(world_run(&world, WORDS("join", "-", MEDIA), old, said), said, "ended");
    refused(world_run(&world, WORDS("join", "-", MEDIA, "--server", "127.0.0.1:1"), lea, said), said,
            "reached");
}

/* `--seconds` over, and never in: that is no success. Without it, who waits is told that it goes on. */
static void test_never_let_in(void **state)
{
    (void)state;
    struct balint_odd_server mute;
    char lea[WORLD_LINK], max[WORLD_LINK], said[8192];
    world_invite(&world, "leader", "Lea", NULL, lea);
    world_invite(&world, "member", "Max", NULL, max);
    balint_odd_start(&mute, BALINT_ODD_MUTE, 0);
    refused(
        world_run(&world, WORDS("join", "-", MEDIA, "--seconds", "1", "--server", mute.address), lea, said),
        said, "no answer");
    struct program *patient = world_start(&world, WORDS("join", "-", MEDIA, "--server", mute.address), lea);
    world_says(&world, patient, "still trying");
    demo_process_signal(&patient->process, SIGTERM);
    world_over(&world, patient);
    balint_odd_stop(&mute);
    assert_int_equal(world_run(&world, WORDS("join", "-", MEDIA, "--seconds", "2"), max, said), 1);
    assert_non_null(strstr(said, "in the lobby; no leader has come in yet"));
    assert_non_null(strstr(said, "nobody let you in"));
    assert_int_equal(world_run(&world, WORDS("join", "-", MEDIA, "--seconds", "3"), lea, said), 0);
    assert_non_null(strstr(said, "ready seat="));
}

/* Sixteen seats, the lobby's included: the seventeenth is told. */
static void test_a_full_group_says_so(void **state)
{
    (void)state;
    char link[WORLD_LINK], name[16], said[8192];
    struct program *members[16];
    for (int i = 0; i < 16; i++) {
        snprintf(name, sizeof name, "M %d", i);
        world_invite(&world, "member", name, NULL, link);
        members[i] = world_join(&world, link, WORDS("--video-size", "16x16", "--fps", "1"));
    }
    for (int i = 0; i < 16; i++)
        world_waiting(&world, members[i]);
    world_invite(&world, "member", "Late", NULL, link);
    refused(world_run(&world, WORDS("join", "-", MEDIA), link, said), said, "taken");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(test_two_people_meet_and_report, &world),
        WORLD_TEST(test_a_program_without_keys_agrees_to_present, &world),
        WORLD_TEST(test_a_file_of_commands_runs_at_its_times, &world),
        WORLD_TEST(test_a_wrong_line_of_the_standard_input_is_told, &world),
        WORLD_TEST(test_who_was_in_comes_back_by_the_device, &world),
        WORLD_TEST(test_bad_words_and_files, &world),
        WORLD_TEST(test_a_file_of_authorities_may_be_near, &world),
        WORLD_TEST(test_devices_that_fail, &world),
        WORLD_TEST(test_links_that_open_no_door, &world),
        WORLD_TEST(test_never_let_in, &world),
        WORLD_TEST(test_a_full_group_says_so, &world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
