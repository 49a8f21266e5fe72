/* voice_spans.c - DESIGN.md, "Measured from outside": gaps under 300 ms join, spans under 60 ms are dropped.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "voice/spans.h"

static struct balint_spans spans;
static struct balint_span span;

static int setup(void **unused)
{
    (void)unused;
    balint_spans_init(&spans, 0);
    return 0;
}

static void frames(bool speech, int count)
{
    for (int i = 0; i < count; i++)
        balint_spans_frame(&spans, speech);
}

static void assert_next(int64_t start, int64_t end)
{
    assert_true(balint_spans_take(&spans, &span));
    assert_int_equal(span.start, start);
    assert_int_equal(span.end, end);
}

static void a_span_is_told_when_its_gap_is_long_enough(void **unused)
{
    (void)unused;
    frames(false, 10);
    frames(true, 50);
    frames(false, 29);
    assert_false(balint_spans_take(&spans, &span));
    frames(false, 1);
    assert_next(10, 60);
    assert_false(balint_spans_take(&spans, &span));
}

static void a_gap_of_290_ms_joins_and_one_of_300_ms_does_not(void **unused)
{
    (void)unused;
    frames(true, 20);
    frames(false, 29);
    frames(true, 20);
    frames(false, 30);
    frames(true, 20);
    balint_spans_end(&spans);
    assert_next(0, 69);
    assert_next(99, 119);
    assert_false(balint_spans_take(&spans, &span));
}

static void a_span_of_50_ms_is_dropped_and_one_of_60_ms_is_not(void **unused)
{
    (void)unused;
    frames(true, 5);
    frames(false, 40);
    frames(true, 6);
    frames(false, 40);
    assert_next(45, 51);
    assert_false(balint_spans_take(&spans, &span));
}

static void the_end_closes_an_open_span(void **unused)
{
    (void)unused;
    frames(true, 30);
    balint_spans_end(&spans);
    balint_spans_end(&spans);
    assert_next(0, 30);
    assert_false(balint_spans_take(&spans, &span));
}

static void when_nobody_fetches_the_newest_are_kept(void **unused)
{
    (void)unused;
    for (int i = 0; i < BALINT_SPANS_READY + 3; i++) {
        frames(true, 10);
        frames(false, 40);
    }
    for (int i = 3; i < BALINT_SPANS_READY + 3; i++)
        assert_next(50 * i, 50 * i + 10);
    assert_false(balint_spans_take(&spans, &span));
}

static void counting_may_begin_anywhere(void **unused)
{
    (void)unused;
    balint_spans_init(&spans, INT64_C(1) << 40);
    frames(true, 10);
    balint_spans_end(&spans);
    assert_next(INT64_C(1) << 40, (INT64_C(1) << 40) + 10);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, setup)
    const struct CMUnitTest tests[] = {
        TEST(a_span_is_told_when_its_gap_is_long_enough),
        TEST(a_gap_of_290_ms_joins_and_one_of_300_ms_does_not),
        TEST(a_span_of_50_ms_is_dropped_and_one_of_60_ms_is_not),
        TEST(the_end_closes_an_open_span),
        TEST(when_nobody_fetches_the_newest_are_kept),
        TEST(counting_may_begin_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
