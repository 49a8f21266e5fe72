/* voice_room.c - other people's words in a microphone, however late or early the far end holds them, and a
 * microphone that is closed and opened: synthetic voices against the truth of the clean voice.
 *
 * Issue 12: who speaks in the room is counted, who is heard through a loudspeaker or across the room is not.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/voice_spoken.h"
#include "voice/meter.h"

#define SECONDS 40
#define FRAMES  (SECONDS * 100)
#define LENGTH  ((size_t)SECONDS * CIRCLE_RATE)
#define LEARNT  1000 /* frames: by then each path has been heard for some seconds */
#define NEAR    20   /* frames that an edge may be off */
#define VOICES  8

static struct voice voices[VOICES];
static struct circle circle;
static struct balint_meter meter;
static float mic[LENGTH], far_end[LENGTH];
static bool speech[FRAMES];

static int make(void **unused)
{
    (void)unused;
    return spoken_begin(&circle, voices, VOICES, SECONDS);
}

static int drop(void **unused)
{
    (void)unused;
    return spoken_end(&circle, voices, VOICES);
}

static void take(void)
{
    struct balint_span span;
    while (balint_meter_span(&meter, &span))
        for (int64_t i = span.start; i < span.end; i++)
            speech[i] = true;
}

/* The microphone's sound in 16 bits through the meter, which is told to break at some frame. */
static void listen(double gain, bool with_far, int break_at)
{
    balint_meter_init(&meter);
    memset(speech, 0, sizeof speech);
    for (size_t i = 0; i < LENGTH; i++)
        mic[i] = (float)(lrint(fmax(-32768, fmin(32767, mic[i] * gain * 32768))) / 32768.0);
    for (int f = 0; f < FRAMES; f++) {
        if (f == break_at)
            balint_meter_break(&meter);
        balint_meter_frame(&meter, mic + f * CIRCLE_FRAME, with_far ? far_end + f * CIRCLE_FRAME : NULL);
        take();
    }
    balint_meter_break(&meter);
    take();
}

static bool speaks_near(int person, int frame)
{
    for (int i = frame - NEAR; i <= frame + NEAR; i++)
        if (i >= 0 && i < FRAMES && circle.people[person].truth[i])
            return true;
    return false;
}

/* Milliseconds after the learning in which somebody is counted who does not speak, and so on. */
static int stray_ms(int person)
{
    int count = 0;
    for (int f = LEARNT; f < FRAMES; f++)
        count += speech[f] && !speaks_near(person, f);
    return 10 * count;
}

static int spoken_ms(int person)
{
    int count = 0;
    for (int f = LEARNT; f < FRAMES; f++)
        count += circle.people[person].truth[f];
    return 10 * count;
}

static int missed_ms(int person)
{
    int count = 0;
    for (int f = LEARNT; f < FRAMES; f++)
        count += circle.people[person].truth[f] && !speech[f];
    return 10 * count;
}

enum { TALKER = 0, NEIGHBOUR = 1, SILENT = CIRCLE_PEOPLE - 1 };

static void add_noise(void)
{
    sound_add(mic, LENGTH, SOUND_PINK, 40, 5);
}

/* A sound server, a wireless loudspeaker: the echo is there when the meter has long heard the words. */
static void an_echo_is_not_counted_however_late(void **unused)
{
    (void)unused;
    static const int delays_ms[] = {100, 330, 450, 700};
    for (int d = 0; d < 4; d++)
        for (int p = TALKER; p <= SILENT; p += SILENT - TALKER) {
            circle_others(&circle, p, far_end);
            memcpy(mic, circle.people[p].clean, sizeof mic);
            leak_add(mic, far_end, LENGTH, 20, delays_ms[d]);
            add_noise();
            listen(1, true, -1);
            print_message("%d ms late: stray %d, missed %d of %d ms\n", delays_ms[d], stray_ms(p),
                          missed_ms(p), spoken_ms(p));
            assert_in_range(stray_ms(p), 0, 1000); /* of more than 20 s */
            assert_in_range(missed_ms(p), 0, spoken_ms(p) / 20);
        }
    listen(1, false, -1); /* without the far end it counts: the test has something to say */
    assert_true(stray_ms(SILENT) > 5000);
}

static void a_neighbour_is_not_counted_and_oneself_is(void **unused)
{
    (void)unused;
    static const int delays_ms[] = {60, 200, 450};
    for (int d = 0; d < 3; d++)
        for (int p = TALKER; p <= NEIGHBOUR; p++) {
            memcpy(mic, circle.people[p].clean, sizeof mic);
            circle_laptops(&circle, p, 20, delays_ms[d], mic, far_end);
            add_noise();
            listen(1, true, -1);
            print_message("%d ms early: stray %d of %d, missed %d of %d ms\n", delays_ms[d], stray_ms(p),
                          spoken_ms(p ^ 1), missed_ms(p), spoken_ms(p));
            assert_in_range(stray_ms(p), 0, spoken_ms(p ^ 1) / 20);
            assert_in_range(missed_ms(p), 0, spoken_ms(p) / 10);
        }
    listen(1, false, -1);
    assert_true(stray_ms(NEIGHBOUR) > spoken_ms(TALKER) / 2);
}

/* One's own voice comes back softer in the far end, though the microphone gives it softer than usual, too. */
static void a_quiet_microphone_beside_a_neighbour_is_counted(void **unused)
{
    (void)unused;
    memcpy(mic, circle.people[TALKER].clean, sizeof mic);
    circle_laptops(&circle, TALKER, 20, 200, mic, far_end);
    add_noise();
    listen(0.25, true, -1);
    assert_in_range(missed_ms(TALKER), 0, spoken_ms(TALKER) / 10);
    assert_in_range(stray_ms(TALKER), 0, spoken_ms(NEIGHBOUR) / 20);
}

/* Somebody far away talks through it all: louder than one's own soft words, but not the same. */
static void a_far_end_that_talks_through_takes_little_away(void **unused)
{
    (void)unused;
    memcpy(mic, circle.people[NEIGHBOUR].clean, sizeof mic);
    circle_laptops(&circle, NEIGHBOUR, 20, 200, mic, far_end);
    for (size_t at = LEARNT * CIRCLE_FRAME, clip = 0; at < LENGTH; clip++)
        for (size_t i = 0; i < voices[5].clips[clip % 8].length && at < LENGTH; i++)
            far_end[at++] += 2 * voices[5].clips[clip % 8].samples[i];
    add_noise();
    listen(1, true, -1);
    print_message("missed %d of %d ms\n", missed_ms(NEIGHBOUR), spoken_ms(NEIGHBOUR));
    assert_in_range(missed_ms(NEIGHBOUR), 0, spoken_ms(NEIGHBOUR) / 20);
}

/* Who mutes while the neighbour speaks is counted for what came before the far end brought it, and no more.
 */
static void a_mute_while_the_neighbour_speaks_counts_little(void **unused)
{
    (void)unused;
    memcpy(mic, circle.people[NEIGHBOUR].clean, sizeof mic);
    circle_laptops(&circle, NEIGHBOUR, 20, 200, mic, far_end);
    add_noise();
    int at = LEARNT;
    while (!(circle.people[TALKER].truth[at] && circle.people[TALKER].truth[at - 100] &&
             !speaks_near(NEIGHBOUR, at)))
        at++;
    memset(mic + at * CIRCLE_FRAME, 0, (LENGTH - (size_t)at * CIRCLE_FRAME) * sizeof *mic);
    listen(1, true, at);
    assert_in_range(stray_ms(NEIGHBOUR), 0, spoken_ms(TALKER) / 20 + 250);
}

/* A microphone that opens in the middle of a word: zeros before it, with or without the meter being told. */
static void a_microphone_that_opens_loses_nothing(void **unused)
{
    (void)unused;
    for (int told = 0; told < 2; told++) {
        memcpy(mic, circle.people[TALKER].clean, sizeof mic);
        add_noise();
        int at = LEARNT;
        while (!(circle.people[TALKER].truth[at] && circle.people[TALKER].truth[at - 50] &&
                 circle.people[TALKER].truth[at + 100]))
            at++;
        memset(mic + (at - 300) * CIRCLE_FRAME, 0, 300 * CIRCLE_FRAME * sizeof *mic);
        listen(1, false, told ? at - 300 : -1);
        int first = at - 20;
        while (!speech[first])
            first++;
        print_message("opened in a word: counted from %d ms on\n", 10 * (first - at));
        assert_in_range(first, at, at + 10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_echo_is_not_counted_however_late),
        cmocka_unit_test(a_neighbour_is_not_counted_and_oneself_is),
        cmocka_unit_test(a_quiet_microphone_beside_a_neighbour_is_counted),
        cmocka_unit_test(a_far_end_that_talks_through_takes_little_away),
        cmocka_unit_test(a_mute_while_the_neighbour_speaks_counts_little),
        cmocka_unit_test(a_microphone_that_opens_loses_nothing),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
