/* client_room.c - is this person speaking, in rooms: whole `balint` programs whose microphones and
 * loudspeakers are null sinks of a PulseAudio of the test's own.
 *
 * Anna wears a headset. Bela and Clara sit in one room with two laptops: each one's voice is in the other's
 * microphone too, LEAK under it. Dora is alone. What Bela's, Clara's and Dora's loudspeakers play comes back
 * into their own microphones, ECHO_DB under it and ECHO_MS later. Every microphone has its noise, all the
 * time: a sound server's device that nothing comes to stands still, and no real one does. Who spoke when is
 * measured from the clean voices (demo/truth.h), on the time of Anna's first word.
 *
 * Everybody speaks twice, one after the other. The first time the meters learn where in the far end the
 * room's words are; the second time is held to the bounds of issue 12.
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
#include <gst/gst.h>

#include "client_world.h"
#include "demo/truth.h"
#include "demo/voices.h"
#include "room_pulse.h"

enum { ANNA, BELA, CLARA, DORA, PEOPLE };
static const char *const names[PEOPLE] = {"Anna", "Bela", "Clara", "Dora"};
static const char *const reports[PEOPLE] = {"anna.json", "bela.json", "clara.json", "dora.json"};
static const char *const texts[PEOPLE] = {
    "I have been thinking about the patient you told us of, and about what he does not say to you.",
    "He comes every Monday and asks for the same tablets, and I wonder what else he comes for.",
    "I felt angry with the daughter, and then I was ashamed of it, as the doctor may have been.",
    "When the door closes behind him you look at the clock, and I would have liked to go home too.",
};

#define LEAK         0.1f    /* -20 dB */
#define NOISE        "0.001" /* of a microphone: about -65 dBov */
#define ECHO_DB      "-20dB"
#define ECHO_MS      "80"
#define LEAD_S       2.0 /* the meters learn the room */
#define PAUSE_S      1.0
#define LONGEST_S    6.0 /* of a voice */
#define SPANS        64
#define ECHO_MOST_MS 1000 /* counted of an echo, while all the others spoke: about 15 s */
#define EDGES_MS     250  /* of a span's two ends, and of the daemon's and the clocks' grain */

static struct world world;
static struct program *programs[PEOPLE];
static struct demo_sound voices[PEOPLE];
static char microphone_of[PEOPLE][32], module_of_dora[16];

/* ---- sound */

/* The sound that this microphone hears of a wall of voices, `at` seconds for each. */
static void write_microphone(int who, const double at[PEOPLE], double seconds, const char *path)
{
    char why[DEMO_WHY];
    struct demo_sound sound;
    assert_true(demo_sound_silence(&sound, seconds));
    for (int other = 0; other < PEOPLE; other++) {
        bool room = (who == BELA && other == CLARA) || (who == CLARA && other == BELA);
        if (at[other] < 0 || (other != who && !room))
            continue;
        struct demo_sound heard = voices[other];
        heard.samples = g_memdup2(heard.samples, heard.count * sizeof *heard.samples);
        for (size_t i = 0; room && i < heard.count; i++)
            heard.samples[i] = (int16_t)((float)heard.samples[i] * LEAK);
        demo_sound_mix(&sound, &heard, at[other], seconds);
        g_free(heard.samples);
    }
    if (!demo_sound_write(&sound, path, why))
        fail_msg("%s", why);
    demo_sound_clear(&sound);
}

/* Everybody's microphone hears its part from one moment on. `at`: when each speaks, < 0: not. */
static GstElement *play(const double at[PEOPLE], double seconds)
{
    GString *text = g_string_new(NULL);
    for (int i = 0; i < PEOPLE; i++) {
        char name[16];
        snprintf(name, sizeof name, "mic-%d.wav", i);
        write_microphone(i, at, seconds, world_path(&world, name));
        g_string_append_printf(
            text, "filesrc location=%s ! wavparse ! audioconvert ! pulsesink name=out%d device=%s ",
            world_path(&world, name), i, microphone_of[i]);
    }
    GstElement *player = pulse_parse(text->str);
    g_string_free(text, TRUE);
    gst_element_set_state(player, GST_STATE_PLAYING);
    return player;
}

/* ---- people */

static void start(int i)
{
    char link[WORLD_LINK], source[96], sink[96], small[8];
    g_strlcpy(small, names[i], sizeof small);
    small[0] = g_ascii_tolower(small[0]);
    snprintf(microphone_of[i], sizeof microphone_of[i], "mic_%s", small);
    snprintf(sink, sizeof sink, "ears_%s", small);
    pulse_add_sink(microphone_of[i], module_of_dora);
    pulse_add_noise(microphone_of[i], NOISE);
    pulse_add_sink(sink, NULL);
    if (i != ANNA)
        pulse_add_echo(small, ECHO_DB, ECHO_MS);
    snprintf(source, sizeof source, "pulsesrc device=mic_%s.monitor", small);
    snprintf(sink, sizeof sink, "pulsesink device=ears_%s", small);
    world_invite(&world, i == ANNA ? "leader" : "member", names[i], NULL, link);
    const char *words[] = {"join",
                           "-",
                           "--video-test",
                           "--video-size",
                           "64x36",
                           "--fps",
                           "1",
                           "--window",
                           "none",
                           "--seconds",
                           "220",
                           "--audio-source",
                           source,
                           "--audio-sink",
                           sink,
                           "--do",
                           "-",
                           "--report",
                           world_path(&world, reports[i]),
                           i == ANNA ? "--admit-everyone" : NULL,
                           NULL};
    programs[i] = world_start(&world, words, link);
    world_ready(&world, programs[i]);
}

static void say(int i, const char *line)
{
    assert_true(demo_process_tell(&programs[i]->process, line));
}

static int read_spans(int who, struct demo_span spans[SPANS])
{
    json_t *root = world_report(&world, reports[who]), *item;
    size_t at;
    int count = 0;
    json_array_foreach(json_object_get(root, "voice"), at, item) if (count < SPANS) spans[count++] =
        (struct demo_span){json_integer_value(json_object_get(item, "start_ms")),
                           json_integer_value(json_object_get(item, "end_ms"))};
    json_decref(root);
    return count;
}

/* ---- the evening, once for all tests */

enum { LEARN, TURNS, MUTED, MID_WORD, PLAYS };
static struct demo_span truths[PEOPLE][SPANS], counted[PEOPLE][SPANS];
static int truth_count[PEOPLE], counted_count[PEOPLE];
static double turn_at[PEOPLE], second_at = 1.0;
static int64_t origin_ms[PLAYS]; /* when each play's first sample was heard; first on the test's clock, then
                                    on the session's */
static int64_t muted_ms;         /* so far Anna's third saying had been heard */

static void speak(void)
{
    char why[DEMO_WHY];
    double at = LEAD_S;
    for (int i = 0; i < PEOPLE; i++) {
        if (!demo_speak(&voices[i], i, texts[i], world.folder, why))
            fail_msg("%s", why);
        truth_count[i] = demo_truth_spans(voices[i].samples, voices[i].count, truths[i], SPANS);
        assert_true(truth_count[i] > 0);
        turn_at[i] = at;
        at += (double)voices[i].count / DEMO_RATE + PAUSE_S;
    }
}

static void note_origin(int play, GstElement *player)
{
    pulse_play_until(&world, player, 200);
    origin_ms[play] = demo_now_ms() - pulse_position_ms(player);
}

/* The sound server ends what Anna hears. She goes on, and hears again at once: see the next test's evening.
 */
static void lose_a_loudspeaker(void)
{
    char number[16] = "";
    pulse_stream_of("sink-inputs", "sinks", "ears_anna", number);
    pulse_kill_stream(&world, "sink-input", number);
    world_says(&world, programs[ANNA], "No loudspeaker: connect one");
    world_says(&world, programs[ANNA], "Your loudspeaker is back");
    pulse_stream_of("sink-inputs", "sinks", "ears_anna", number); /* and there it plays */
}

/* It dies: everybody has lost both, and is told so; nobody has lost the session. */
static void lose_the_sound_server(void)
{
    pulse_still();
    demo_process_signal(&world.programs[0].process, SIGKILL);
    for (int i = 0; i < PEOPLE; i++) {
        world_says(&world, programs[i], "No loudspeaker");
        world_says(&world, programs[i], "Your microphone is gone");
    }
}

/* Dora's device is pulled out while another one is the default: PulseAudio moves her stream. Clara's stream
 * is ended. */
static void change_devices(void)
{
    char words[64], number[16] = "";
    pulse_add_sink("mic_spare", NULL);
    pulse_add_noise("mic_spare", NOISE);
    assert_true(pulse_ask("set-default-source mic_spare.monitor", NULL));
    snprintf(words, sizeof words, "unload-module %s", module_of_dora);
    assert_true(pulse_ask(words, NULL));
    strcpy(microphone_of[DORA], "mic_spare");
    pulse_stream_of("source-outputs", "sources", "mic_clara.monitor", number);
    pulse_kill_stream(&world, "source-output", number);
    world_says(&world, programs[CLARA], "Your microphone is gone");
    world_says(&world, programs[CLARA], "Your microphone is back");
}

static void spend_evening(void)
{
    double longest = turn_at[DORA] + (double)voices[DORA].count / DEMO_RATE + PAUSE_S;
    GstElement *player;
    for (int turns = LEARN; turns <= TURNS; turns++) {
        player = play(turn_at, longest);
        note_origin(turns, player);
        pulse_play_out(&world, player);
    }
    say(ANNA, "mute on");
    const double anna[PEOPLE] = {second_at, -1, -1, -1}, all[PEOPLE] = {second_at, -1, second_at, second_at};
    double second = second_at + LONGEST_S + PAUSE_S;
    player = play(anna, second);
    note_origin(MUTED, player);
    pulse_play_out(&world, player);
    say(ANNA, "mute off");
    change_devices();
    lose_a_loudspeaker();
    player = play(all, second);
    note_origin(MID_WORD, player);
    pulse_play_until(&world, player, (int64_t)(second_at * 1000) + 2000);
    muted_ms = pulse_position_ms(player) - (int64_t)(second_at * 1000);
    say(ANNA, "mute on");
    pulse_play_out(&world, player);
    lose_the_sound_server();
    for (int i = PEOPLE - 1; i >= 0; i--) {
        say(i, "leave");
        assert_int_equal(world_over(&world, programs[i]), 0);
    }
}

static int begin(void **state)
{
    (void)state;
    gst_init(NULL, NULL);
    alarm(200);
    world_begin(&world);
    pulse_begin(&world);
    speak();
    for (int i = 0; i < PEOPLE; i++)
        start(i);
    spend_evening();
    for (int i = 0; i < PEOPLE; i++)
        counted_count[i] = read_spans(i, counted[i]);
    if (counted_count[ANNA] == 0)
        fail_msg("Anna's first word is not there");
    /* The session's time of the first play, and from it that of the others. */
    int64_t first = counted[ANNA][0].start_ms - truths[ANNA][0].start_ms - (int64_t)(turn_at[ANNA] * 1000);
    for (int i = PLAYS - 1; i >= 0; i--)
        origin_ms[i] += first - origin_ms[LEARN];
    return 0;
}

static int end(void **state)
{
    (void)state;
    for (int i = 0; i < PEOPLE; i++)
        demo_sound_clear(&voices[i]);
    pulse_end();
    world_end(&world);
    return 0;
}

/* How long `who` was counted while `whose` voice was heard in a play. */
static int64_t counted_ms(int who, int play, double at, int whose)
{
    int64_t from = origin_ms[play] + (int64_t)(at * 1000) - EDGES_MS;
    int64_t length = (int64_t)(voices[whose].count * 1000 / DEMO_RATE);
    return demo_truth_within(counted[who], counted_count[who], 0, from, from + length + 2 * EDGES_MS);
}

static int64_t spoken_ms(int who, int64_t until_ms)
{
    return demo_truth_within(truths[who], truth_count[who], 0, 0, until_ms);
}

static void print_turns(int play)
{
    print_message("counted (ms) while … spoke:  Anna   Bela  Clara   Dora\n");
    for (int who = 0; who < PEOPLE; who++) {
        print_message("%-28s", names[who]);
        for (int whose = 0; whose < PEOPLE; whose++)
            print_message(" %6d", (int)counted_ms(who, play, turn_at[whose], whose));
        print_message("  spoke %d\n", (int)spoken_ms(who, INT32_MAX));
    }
}

static void assert_near(int64_t is, int64_t should)
{
    assert_in_range(is, should > EDGES_MS ? should - EDGES_MS : 0, should + EDGES_MS);
}

static void everybody_is_counted_for_their_own_words(void **state)
{
    (void)state;
    for (int turns = LEARN; turns <= TURNS; turns++)
        print_turns(turns);
    for (int i = 0; i < PEOPLE; i++) {
        int64_t spoke = spoken_ms(i, INT32_MAX);
        assert_in_range(counted_ms(i, TURNS, turn_at[i], i), spoke * 9 / 10, spoke + 2 * EDGES_MS);
    }
}

/* The loudspeaker's delay is longer than a room's: the sound server's, and ECHO_MS. */
static void what_the_loudspeaker_plays_is_not_counted(void **state)
{
    (void)state;
    int64_t counts = 0;
    for (int i = ANNA; i < DORA; i++)
        counts += counted_ms(DORA, TURNS, turn_at[i], i);
    print_message("an echo was counted for %d ms\n", (int)counts);
    assert_in_range(counts, 0, ECHO_MOST_MS);
}

static void two_laptops_in_a_room_are_told_apart(void **state)
{
    (void)state;
    int64_t bela = counted_ms(BELA, TURNS, turn_at[CLARA], CLARA),
            clara = counted_ms(CLARA, TURNS, turn_at[BELA], BELA);
    print_message("of the other one's words Bela was counted for %d ms, Clara for %d ms\n", (int)bela,
                  (int)clara);
    assert_in_range(bela, 0, spoken_ms(CLARA, INT32_MAX) / 20 + EDGES_MS);
    assert_in_range(clara, 0, spoken_ms(BELA, INT32_MAX) / 20 + EDGES_MS);
}

static void a_headset_hears_nobody_else(void **state)
{
    (void)state;
    for (int i = 0; i < PEOPLE; i++)
        if (i != ANNA)
            assert_int_equal(counted_ms(ANNA, TURNS, turn_at[i], i), 0);
}

static void a_muted_microphone_counts_nothing(void **state)
{
    (void)state;
    assert_int_equal(counted_ms(ANNA, MUTED, second_at, ANNA), 0);
}

static void a_mute_in_mid_word_ends_the_span_there(void **state)
{
    (void)state;
    int64_t counts = counted_ms(ANNA, MID_WORD, second_at, ANNA);
    print_message("muted after %d ms of words, counted %d\n", (int)spoken_ms(ANNA, muted_ms), (int)counts);
    int64_t ends = counted[ANNA][counted_count[ANNA] - 1].end_ms;
    assert_near(ends - origin_ms[MID_WORD], (int64_t)(second_at * 1000) + muted_ms);
    assert_in_range(counts, spoken_ms(ANNA, muted_ms) - 3 * EDGES_MS, spoken_ms(ANNA, muted_ms) + EDGES_MS);
}

static void a_microphone_that_was_pulled_out_is_followed_by_another(void **state)
{
    (void)state;
    for (int i = CLARA; i <= DORA; i++) {
        int64_t counts = counted_ms(i, MID_WORD, second_at, i);
        print_message("%s, with another microphone: %d of %d ms\n", names[i], (int)counts,
                      (int)spoken_ms(i, INT32_MAX));
        assert_in_range(counts, spoken_ms(i, INT32_MAX) - 3 * EDGES_MS, spoken_ms(i, INT32_MAX) + EDGES_MS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everybody_is_counted_for_their_own_words),
        cmocka_unit_test(what_the_loudspeaker_plays_is_not_counted),
        cmocka_unit_test(two_laptops_in_a_room_are_told_apart),
        cmocka_unit_test(a_headset_hears_nobody_else),
        cmocka_unit_test(a_muted_microphone_counts_nothing),
        cmocka_unit_test(a_mute_in_mid_word_ends_the_span_there),
        cmocka_unit_test(a_microphone_that_was_pulled_out_is_followed_by_another),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
