/* voice_meter.c - who speaks, and what is no speech: synthetic voices against the truth of the clean voice.
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

#define SECONDS 20
#define FRAMES  (SECONDS * 100)
#define LENGTH  ((size_t)SECONDS * CIRCLE_RATE)
#define VOICES  4

static struct voice voices[VOICES];
static struct circle circle;
static struct balint_meter meter, other;
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

static void take(struct balint_meter *of)
{
    struct balint_span span;
    while (balint_meter_span(of, &span)) {
        assert_in_range(span.start, 0, FRAMES - 1);
        assert_in_range(span.end, span.start + 1, FRAMES);
        for (int64_t i = span.start; i < span.end; i++)
            speech[i] = true;
    }
}

/* 16 bits, as microphones have, through the meter into `speech`. */
static void listen(double gain, bool with_far)
{
    balint_meter_init(&meter);
    memset(speech, 0, sizeof speech);
    for (size_t i = 0; i < LENGTH; i++)
        mic[i] = (float)(lrint(fmax(-32768, fmin(32767, mic[i] * gain * 32768))) / 32768.0);
    for (int f = 0; f < FRAMES; f++) {
        balint_meter_frame(&meter, mic + f * CIRCLE_FRAME, with_far ? far_end + f * CIRCLE_FRAME : NULL);
        take(&meter);
    }
    balint_meter_break(&meter);
    take(&meter);
}

static int seconds_of_speech_ms(void)
{
    int count = 0;
    for (int f = 0; f < FRAMES; f++)
        count += speech[f];
    return count * 10;
}

static double f1_of(int person)
{
    int both = 0, wrong = 0;
    for (int f = 0; f < FRAMES; f++) {
        both += speech[f] && circle.people[person].truth[f];
        wrong += speech[f] != circle.people[person].truth[f];
    }
    return 2.0 * both / (2.0 * both + wrong);
}

/* The F1 of the one who talks most, in a sound, at a level. */
static double f1_in(enum sound sound, double snr_db, double gain)
{
    memcpy(mic, circle.people[0].clean, sizeof mic);
    sound_add(mic, LENGTH, sound, snr_db, 3);
    listen(gain, false);
    return f1_of(0);
}

static void a_clean_voice_is_heard(void **unused)
{
    (void)unused;
    assert_true(f1_in(SOUND_NONE, 0, 1) > 0.97);
}

static void a_voice_in_noise_is_heard(void **unused)
{
    (void)unused;
    for (enum sound sound = SOUND_WHITE; sound <= SOUND_FAN; sound++) {
        assert_true(f1_in(sound, 20, 1) > 0.95);
        assert_true(f1_in(sound, 10, 1) > 0.95);
    }
}

/* 24 dB softer than usual: only the room's noise is what counts against it. */
static void a_quiet_microphone_is_as_good(void **unused)
{
    (void)unused;
    assert_true(f1_in(SOUND_PINK, 20, 0.06) > 0.95);
    assert_true(f1_in(SOUND_NONE, 0, 0.06) > 0.95);
}

static void typing_while_speaking_counts_little(void **unused)
{
    (void)unused;
    assert_true(f1_in(SOUND_TYPING, 0, 1) > 0.95);
}

static void noise_is_not_speech(void **unused)
{
    (void)unused;
    static const enum sound sounds[] = {SOUND_WHITE, SOUND_PINK, SOUND_HUM, SOUND_TYPING};
    static const double gains[] = {1, 0.03, 8}; /* the last one clips: there keys begin to fool it */
    for (int s = 0; s < 4; s++)
        for (int g = 0; g < (sounds[s] == SOUND_TYPING ? 2 : 3); g++) {
            memset(mic, 0, sizeof mic);
            sound_add(mic, LENGTH, sounds[s], 5, 11);
            listen(gains[g], false);
            assert_int_equal(seconds_of_speech_ms(), 0);
        }
}

static void a_steady_tone_is_not_speech(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < LENGTH; i++)
        mic[i] = (float)(0.1 * sin(2 * 3.14159265 * 220 * (double)i / 16000));
    listen(1, false);
    assert_in_range(seconds_of_speech_ms(), 0, 1000); /* until it is known to be steady */
}

static void silence_is_nothing(void **unused)
{
    (void)unused;
    memset(mic, 0, sizeof mic);
    listen(1, false);
    assert_int_equal(seconds_of_speech_ms(), 0);
    for (size_t i = 0; i < LENGTH; i++) /* one step of 16 bits, now and then */
        mic[i] = i % 97 == 0 ? 1 / 32768.0f : 0;
    listen(1, false);
    assert_int_equal(seconds_of_speech_ms(), 0);
}

/* A mute sends zeros. They must not teach the meter that the room is silent, or its noise would be speech
 * when the microphone opens again. */
static void zeros_teach_nothing(void **unused)
{
    (void)unused;
    memset(mic, 0, sizeof mic);
    sound_add(mic, LENGTH, SOUND_PINK, 5, 4);
    sound_add(mic, LENGTH, SOUND_HUM, 5, 4);
    memset(mic + LENGTH / 4, 0, LENGTH / 2 * sizeof *mic);
    listen(1, false);
    assert_int_equal(seconds_of_speech_ms(), 0);
    balint_meter_init(&meter);
    for (int f = 0; f < FRAMES * 3 / 4; f++)
        balint_meter_frame(&meter, mic + f * CIRCLE_FRAME, NULL);
    assert_true(meter.listen.floor[60] > 1e-8f);
}

/* With eight people, who leaks in from the speakers is most of what a microphone hears. */
static void the_others_do_not_count_when_the_far_end_is_known(void **unused)
{
    (void)unused;
    for (int p = 0; p < 2; p++) {
        int person = p == 0 ? 0 : CIRCLE_PEOPLE - 1; /* who talks most, and who says nothing */
        circle_others(&circle, person, far_end);
        memcpy(mic, circle.people[person].clean, sizeof mic);
        leak_add(mic, far_end, LENGTH, 25, 80);
        sound_add(mic, LENGTH, SOUND_PINK, 30, 5);
        listen(1, true);
        if (p == 0)
            assert_true(f1_of(person) > 0.95);
        else
            assert_in_range(seconds_of_speech_ms(), 0, 300);
        listen(1, false); /* and without it they do: the test has something to say */
        if (p == 1)
            assert_true(seconds_of_speech_ms() > 5000);
    }
}

/* A headset: much is played, nothing leaks. */
static void a_loud_far_end_alone_takes_nothing_away(void **unused)
{
    (void)unused;
    circle_others(&circle, 0, far_end);
    memcpy(mic, circle.people[0].clean, sizeof mic);
    sound_add(mic, LENGTH, SOUND_PINK, 20, 5);
    listen(1, true);
    assert_true(f1_of(0) > 0.95);
}

static void the_same_sound_gives_the_same_bits(void **unused)
{
    (void)unused;
    static bool first[FRAMES];
    memset(&meter, 0x55, sizeof meter); /* what was in the memory before makes no difference */
    f1_in(SOUND_PINK, 10, 1);
    memcpy(first, speech, sizeof speech);
    other = meter;
    memset(&meter, 0xaa, sizeof meter);
    f1_in(SOUND_PINK, 10, 1);
    assert_memory_equal(first, speech, sizeof speech);
    assert_memory_equal(other.listen.floor, meter.listen.floor, sizeof meter.listen.floor);
}

/* Onset: the span is dated back to it, and it is known at once that somebody speaks. */
static void the_onset_is_known_soon(void **unused)
{
    (void)unused;
    struct balint_span span = {-1, -1};
    int said = 0, told = -1, first = 0;

    memcpy(mic, circle.people[0].clean, sizeof mic);
    sound_add(mic, LENGTH, SOUND_PINK, 20, 6);
    while (!circle.people[0].truth[first])
        first++;
    balint_meter_init(&meter);
    for (int f = 0; f < FRAMES && span.start < 0; f++) {
        said = balint_meter_frame(&meter, mic + f * CIRCLE_FRAME, NULL);
        if (said && told < 0)
            told = f;
        balint_meter_span(&meter, &span);
    }
    assert_in_range(told, first, first + 20);
    assert_true(abs((int)span.start - first) <= 10);
}

/* Who listens to it hears: begins, span, then quiet or begins again; never a span of what was not begun. */
static void what_is_said_at_once_and_what_is_said_after_agree(void **unused)
{
    (void)unused;
    int64_t since = -1, spans = 0;

    memcpy(mic, circle.people[0].clean, sizeof mic);
    sound_add(mic, LENGTH, SOUND_WHITE, 15, 6);
    balint_meter_init(&meter);
    for (int f = 0; f < FRAMES; f++) {
        struct balint_span span;
        bool speaking = balint_meter_frame(&meter, mic + f * CIRCLE_FRAME, NULL);
        while (balint_meter_span(&meter, &span)) {
            assert_true(since >= 0);
            assert_true(since < span.end && llabs(since - span.start) <= 15);
            since = -1;
            spans++;
        }
        assert_int_equal(speaking, balint_meter_since(&meter) >= 0);
        if (since >= 0 && speaking)
            assert_int_equal(balint_meter_since(&meter), since);
        since = balint_meter_since(&meter);
    }
    assert_true(spans >= 2);
}

/* What the quick answer missed and the sure one found is announced late rather than never. */
static void a_span_that_was_not_announced_is_announced_when_it_opens(void **unused)
{
    (void)unused;
    static const float silence[CIRCLE_FRAME];
    struct balint_span span;

    balint_meter_init(&meter);
    for (int f = 0; f < 40; f++)
        assert_false(balint_meter_frame(&meter, silence, NULL));
    meter.spans.is_open = true;
    meter.spans.open = (struct balint_span){0, meter.spans.now};
    assert_true(balint_meter_frame(&meter, silence, NULL));
    assert_int_equal(balint_meter_since(&meter), 0);
    for (int f = 0; f < BALINT_SPANS_GAP; f++)
        balint_meter_frame(&meter, silence, NULL);
    assert_true(balint_meter_span(&meter, &span));
    assert_true(balint_meter_since(&meter) < 0);
}

/* Muted in mid-word: the span ends there, and what comes after is counted from there. */
static void a_break_closes_what_is_open(void **unused)
{
    (void)unused;
    struct balint_span span;
    int first = 0;

    memcpy(mic, circle.people[0].clean, sizeof mic);
    while (!circle.people[0].truth[first])
        first++;
    balint_meter_init(&meter);
    int at = first + 25;
    for (int f = 0; f < at; f++)
        balint_meter_frame(&meter, mic + f * CIRCLE_FRAME, NULL);
    assert_true(balint_meter_since(&meter) >= 0);
    assert_false(balint_meter_span(&meter, &span));
    balint_meter_break(&meter);
    assert_true(balint_meter_since(&meter) < 0);
    assert_true(balint_meter_span(&meter, &span));
    assert_true(abs((int)span.start - first) <= 10);
    assert_in_range(span.end, at - 5, at);
    balint_meter_break(&meter);
    assert_false(balint_meter_span(&meter, &span));
    for (int f = at; f < FRAMES; f++) {
        balint_meter_frame(&meter, mic + f * CIRCLE_FRAME, NULL);
        if (balint_meter_span(&meter, &span)) {
            assert_in_range(span.start, at, at + 10);
            return;
        }
    }
    fail_msg("nothing was heard after the break");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clean_voice_is_heard),
        cmocka_unit_test(a_voice_in_noise_is_heard),
        cmocka_unit_test(a_quiet_microphone_is_as_good),
        cmocka_unit_test(typing_while_speaking_counts_little),
        cmocka_unit_test(noise_is_not_speech),
        cmocka_unit_test(a_steady_tone_is_not_speech),
        cmocka_unit_test(silence_is_nothing),
        cmocka_unit_test(zeros_teach_nothing),
        cmocka_unit_test(the_others_do_not_count_when_the_far_end_is_known),
        cmocka_unit_test(a_loud_far_end_alone_takes_nothing_away),
        cmocka_unit_test(the_same_sound_gives_the_same_bits),
        cmocka_unit_test(the_onset_is_known_soon),
        cmocka_unit_test(what_is_said_at_once_and_what_is_said_after_agree),
        cmocka_unit_test(a_span_that_was_not_announced_is_announced_when_it_opens),
        cmocka_unit_test(a_break_closes_what_is_open),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
