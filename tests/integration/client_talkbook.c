/* client_talkbook.c - what of a person's speech counts, and in which phase; and how sound is measured. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "client/clock.h"
#include "client/soundmeter.h"
#include "client/talkbook.h"

static struct balint_talkbook book;

static void begin(int phase, bool open)
{
    balint_talkbook_init(&book);
    balint_talkbook_phase(&book, 1000, phase);
    balint_talkbook_open(&book, 1000, open);
}

static void test_a_span_counts_in_its_phase(void **state)
{
    (void)state;
    begin(3, true);
    balint_talkbook_span(&book, 2000, 3500);
    const struct balint_talk *talk = balint_talkbook_record(&book, 5000, false);
    assert_int_equal(talk->total_ms[3], 1500);
    assert_int_equal(talk->turns[3], 1);
    assert_int_equal(talk->clock_ms, 5000);
    assert_false(talk->speaking);
    for (int i = 0; i < BALINT_PHASES; i++)
        if (i != 3)
            assert_int_equal(talk->total_ms[i], 0);
}

static void test_a_span_is_cut_at_a_phase_change(void **state)
{
    (void)state;
    begin(3, true);
    balint_talkbook_phase(&book, 3000, 4);
    balint_talkbook_span(&book, 1500, 6000);
    assert_int_equal(book.talk.total_ms[3], 1500);
    assert_int_equal(book.talk.total_ms[4], 3000);
    assert_int_equal(book.talk.turns[3] + book.talk.turns[4], 1); /* one stretch of speech is one turn */
    assert_int_equal(book.count_count, 2);
    assert_int_equal(book.counts[0].end_ms, 3000);
    assert_int_equal(book.counts[1].start_ms, 3000);
}

/* BALINT.md, "Balance": a muted microphone counts nothing. */
static void test_nothing_counts_while_the_microphone_is_closed(void **state)
{
    (void)state;
    begin(5, false);
    balint_talkbook_span(&book, 2000, 9000);
    assert_int_equal(book.talk.total_ms[5], 0);
    assert_int_equal(book.count_count, 0);
    balint_talkbook_open(&book, 10000, true);
    balint_talkbook_open(&book, 12000, false);
    balint_talkbook_span(&book, 9500, 20000);
    assert_int_equal(book.talk.total_ms[5], 2000);
    assert_false(balint_talkbook_record(&book, 20000, true)->speaking);
}

static void test_before_the_first_phase_nothing_counts(void **state)
{
    (void)state;
    balint_talkbook_init(&book);
    balint_talkbook_open(&book, 0, true);
    balint_talkbook_span(&book, 100, 900);
    for (int i = 0; i < BALINT_PHASES; i++)
        assert_int_equal(book.talk.total_ms[i], 0);
}

static void test_long_speech_counts_while_it_lasts(void **state)
{
    (void)state;
    begin(2, true);
    for (int64_t now = 2000; now <= 12000; now += 2000)
        balint_talkbook_speaking(&book, 2000, now);
    assert_int_equal(book.talk.total_ms[2], 10000 - BALINT_TALK_MARGIN_MS);
    assert_int_equal(book.talk.turns[2], 1);
    balint_talkbook_span(&book, 2000,
                         11800); /* dated back: less than the last slot saw, more than it counted */
    assert_int_equal(book.talk.total_ms[2], 9800);
    assert_int_equal(book.talk.turns[2], 1);
    assert_int_equal(book.count_count, 1);
    balint_talkbook_span(&book, 2000, 11800); /* told again: counted once */
    assert_int_equal(book.talk.total_ms[2], 9800);
    assert_true(balint_talkbook_record(&book, 12000, true)->speaking);
    /* The meter may find that it began a little earlier than it said at first: still one turn. */
    balint_talkbook_speaking(&book, 14000, 17000);
    balint_talkbook_span(&book, 13950, 18000);
    assert_int_equal(book.talk.total_ms[2], 9800 + 4050);
    assert_int_equal(book.talk.turns[2], 2);
    assert_int_equal(book.count_count, 2);
}

/* The meter understands late that a voice had begun more than a second earlier; part of that in another
 * phase. */
static void test_a_beginning_dated_back_far_counts_whole(void **state)
{
    (void)state;
    begin(2, true);
    balint_talkbook_span(&book, 1500, 2500);
    balint_talkbook_phase(&book, 4000, 3);
    balint_talkbook_speaking(&book, 5000, 5400 + BALINT_TALK_MARGIN_MS); /* 5.0 to 5.4 is committed */
    assert_int_equal(book.talk.total_ms[3], 400);
    balint_talkbook_speaking(&book, 4500, 5600 + BALINT_TALK_MARGIN_MS);
    balint_talkbook_span(&book, 3500, 7000);
    assert_int_equal(book.talk.total_ms[2], 1000 + 500);
    assert_int_equal(book.talk.total_ms[3], 3000);
    assert_int_equal(book.talk.turns[2] + book.talk.turns[3], 2);
    /* The record stays one that can be read: its spans in order, not touching. */
    uint8_t bytes[BALINT_TALK_SIZE];
    struct balint_talk read;
    balint_talk_write(balint_talkbook_record(&book, 8000, false), bytes);
    assert_true(balint_talk_read(&read, bytes, sizeof bytes));
    assert_int_equal(read.span_count, 2);
    assert_int_equal(read.spans[1].start_ms, 3500);
    assert_int_equal(read.spans[1].end_ms, 7000);
    /* Further back than the speech before, it does not count that again. */
    balint_talkbook_speaking(&book, 9000, 10000);
    balint_talkbook_span(&book, 6000, 10000);
    assert_int_equal(book.talk.total_ms[3], 3000 + 3000);
}

static void test_many_marks_keep_the_newest(void **state)
{
    (void)state;
    begin(0, true);
    for (int i = 0; i < 3 * BALINT_TALKBOOK_MARKS; i++)
        balint_talkbook_open(&book, 2000 + 10 * i, i % 2 != 0);
    int64_t end = 2000 + 10 * 3 * BALINT_TALKBOOK_MARKS;
    balint_talkbook_span(&book, end, end + 1000);
    assert_int_equal(book.talk.total_ms[0], 1000);
}

/* The floor closed before the mark before it was known: what is known later was not earlier. */
static void test_marks_out_of_order_close_at_once(void **state)
{
    (void)state;
    begin(1, true);
    balint_talkbook_phase(&book, 5000, 2);
    balint_talkbook_open(&book, 4000, false);
    balint_talkbook_span(&book, 4500, 6000);
    assert_int_equal(book.talk.total_ms[1], 500);
    assert_int_equal(book.talk.total_ms[2], 0);
}

static void fill(int16_t *samples, int count, double dbfs)
{
    double amplitude = 32768.0 * pow(10.0, dbfs / 20.0) * sqrt(2.0);
    for (int i = 0; i < count; i++)
        samples[i] = (int16_t)lrint(amplitude * sin(2.0 * 3.14159265358979 * 1000.0 * i / 48000.0));
}

/* DESIGN.md, "Measured from outside": sound is PCM over -60 dBFS. */
static void test_sound_is_what_is_over_minus_sixty(void **state)
{
    (void)state;
    static int16_t samples[48000];
    struct balint_soundmeter meter;
    fill(samples, 48000, -50.0);
    balint_soundmeter_init(&meter, 48000, 1);
    assert_int_equal(balint_soundmeter_feed(&meter, samples, 48000), 1000);
    fill(samples, 48000, -66.0);
    balint_soundmeter_init(&meter, 48000, 1);
    assert_int_equal(balint_soundmeter_feed(&meter, samples, 48000), 0);
    memset(samples, 0, sizeof samples);
    assert_int_equal(balint_soundmeter_feed(&meter, samples, 48000), 0);
    /* Any cut of the stream gives the same. */
    fill(samples, 48000, -20.0);
    int sum = 0;
    balint_soundmeter_init(&meter, 48000, 1);
    for (int i = 0; i < 48000; i += 321)
        sum += balint_soundmeter_feed(&meter, samples + i, (size_t)(48000 - i < 321 ? 48000 - i : 321));
    assert_int_equal(sum, 1000);
    balint_soundmeter_init(&meter, 0, 1);
    assert_int_equal(balint_soundmeter_feed(&meter, samples, 48000), 0);
}

static void test_the_clock_takes_the_freshest_state(void **state)
{
    (void)state;
    struct balint_clock clock = {0};
    balint_clock_note(&clock, 1000, 5000000); /* 200 ms on its way */
    balint_clock_note(&clock, 2200, 6000000); /* at once */
    balint_clock_note(&clock, 2900, 7000000); /* 300 ms */
    assert_int_equal(balint_clock_at(&clock, 8000000), 4200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_span_counts_in_its_phase),
        cmocka_unit_test(test_a_span_is_cut_at_a_phase_change),
        cmocka_unit_test(test_nothing_counts_while_the_microphone_is_closed),
        cmocka_unit_test(test_before_the_first_phase_nothing_counts),
        cmocka_unit_test(test_long_speech_counts_while_it_lasts),
        cmocka_unit_test(test_a_beginning_dated_back_far_counts_whole),
        cmocka_unit_test(test_many_marks_keep_the_newest),
        cmocka_unit_test(test_marks_out_of_order_close_at_once),
        cmocka_unit_test(test_sound_is_what_is_over_minus_sixty),
        cmocka_unit_test(test_the_clock_takes_the_freshest_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
