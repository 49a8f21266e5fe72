/* ledger_talk.c - a client's own count and its 216 bytes: cumulative, one encoding, bad bytes refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/limits.h"
#include "session/ledger.h"

static void add(struct balint_talk *talk, int phase, int64_t start_ms, int64_t end_ms, bool continues)
{
    balint_talk_add(talk, phase, (struct balint_talk_span){start_ms, end_ms}, continues);
}

static void assert_same(const struct balint_talk *a, const struct balint_talk *b)
{
    assert_int_equal(a->clock_ms, b->clock_ms);
    assert_memory_equal(a->total_ms, b->total_ms, sizeof a->total_ms);
    assert_memory_equal(a->turns, b->turns, sizeof a->turns);
    assert_int_equal(a->shared, b->shared);
    assert_int_equal(a->speaking, b->speaking);
    assert_int_equal(a->span_count, b->span_count);
    for (int i = 0; i < a->span_count; i++) {
        assert_int_equal(a->spans[i].start_ms, b->spans[i].start_ms);
        assert_int_equal(a->spans[i].end_ms, b->spans[i].end_ms);
    }
}

static void totals_are_by_phase_and_cumulative(void **unused)
{
    (void)unused;
    struct balint_talk talk;
    balint_talk_init(&talk);
    add(&talk, 3, 1000, 4000, false);
    add(&talk, 5, 10000, 12500, false);
    add(&talk, 5, 20000, 20500, false);
    assert_int_equal(talk.total_ms[3], 3000);
    assert_int_equal(talk.total_ms[5], 3000);
    assert_int_equal(talk.total_ms[4], 0);
    assert_int_equal(talk.clock_ms, 20500);
}

static void a_short_mm_is_no_turn_but_its_time_counts(void **unused)
{
    (void)unused;
    struct balint_talk talk;
    balint_talk_init(&talk);
    add(&talk, 0, 0, 999, false);
    assert_int_equal(talk.turns[0], 0);
    assert_int_equal(talk.total_ms[0], 999);
    add(&talk, 0, 5000, 6000, false);
    assert_int_equal(talk.turns[0], 1);
}

/* A stretch told in pieces, or cut by a phase change, is one turn, in the phase where it became one. */
static void a_continued_span_is_one_turn(void **unused)
{
    (void)unused;
    struct balint_talk talk;
    balint_talk_init(&talk);
    add(&talk, 2, 0, 2000, false);
    add(&talk, 2, 2000, 4000, true);
    add(&talk, 3, 4000, 9000, true);
    assert_int_equal(talk.turns[2], 1);
    assert_int_equal(talk.turns[3], 0);
    assert_int_equal(talk.total_ms[3], 5000);
    assert_int_equal(talk.span_count, 1);
    assert_int_equal(talk.spans[0].end_ms, 9000);

    balint_talk_init(&talk);
    add(&talk, 2, 0, 400, false);
    add(&talk, 3, 400, 3000, true);
    assert_int_equal(talk.turns[2], 0);
    assert_int_equal(talk.turns[3], 1);
}

static void only_the_last_spans_travel(void **unused)
{
    (void)unused;
    struct balint_talk talk;
    balint_talk_init(&talk);
    for (int i = 0; i < BALINT_TALK_SPANS + 7; i++)
        add(&talk, 1, i * 1000, i * 1000 + 500, false);
    assert_int_equal(talk.span_count, BALINT_TALK_SPANS);
    assert_int_equal(talk.spans[0].start_ms, 7000);
    assert_int_equal(talk.spans[BALINT_TALK_SPANS - 1].end_ms, 16500);
    assert_int_equal(talk.total_ms[1], 500 * (BALINT_TALK_SPANS + 7));
}

static void nonsense_is_not_added(void **unused)
{
    (void)unused;
    struct balint_talk talk, empty;
    balint_talk_init(&talk);
    balint_talk_init(&empty);
    add(&talk, -1, 0, 1000, false);
    add(&talk, BALINT_PHASES, 0, 1000, false);
    add(&talk, 0, 1000, 1000, false);
    add(&talk, 0, 2000, 1000, false);
    assert_same(&talk, &empty);
}

static void totals_stop_at_their_limit(void **unused)
{
    (void)unused;
    struct balint_talk talk;
    balint_talk_init(&talk);
    talk.total_ms[0] = UINT32_MAX - 5;
    talk.turns[0] = UINT16_MAX;
    add(&talk, 0, 0, 5000, false);
    assert_int_equal(talk.total_ms[0], UINT32_MAX);
    assert_int_equal(talk.turns[0], UINT16_MAX);
}

static struct balint_talk example(void)
{
    struct balint_talk talk;
    balint_talk_init(&talk);
    for (int i = 0; i < BALINT_PHASES; i++) {
        talk.total_ms[i] = 0x01020304u * (uint32_t)(i + 1);
        talk.turns[i] = (uint16_t)(0x0a0b * (i + 1));
    }
    for (int i = 0; i < BALINT_TALK_SPANS; i++)
        talk.spans[i] = (struct balint_talk_span){7000000 + i * 3000, 7000000 + i * 3000 + 60 + i};
    talk.span_count = BALINT_TALK_SPANS;
    talk.clock_ms = 7200000;
    talk.shared = true;
    talk.speaking = true;
    return talk;
}

static void a_record_fits_its_envelope_and_comes_back(void **unused)
{
    (void)unused;
    assert_int_equal(BALINT_TALK_SIZE, 188); /* PROTOCOL.md, Reports */
    struct balint_talk talk = example(), back;
    uint8_t bytes[BALINT_TALK_SIZE + 1];
    bytes[BALINT_TALK_SIZE] = 0x5a;
    balint_talk_write(&talk, bytes);
    assert_int_equal(bytes[BALINT_TALK_SIZE], 0x5a);
    assert_true(balint_talk_read(&back, bytes, BALINT_TALK_SIZE));
    assert_same(&talk, &back);

    balint_talk_init(&talk);
    balint_talk_write(&talk, bytes);
    assert_true(balint_talk_read(&back, bytes, BALINT_TALK_SIZE));
    assert_same(&talk, &back);
}

/* The layout of talk.c's head, byte by byte: other clients are written from it. */
static void the_layout_stands(void **unused)
{
    (void)unused;
    struct balint_talk talk;
    uint8_t bytes[BALINT_TALK_SIZE];
    balint_talk_init(&talk);
    add(&talk, 0, 1000, 1250, false);
    add(&talk, 15, 2000, 4000, false);
    talk.clock_ms = 0x0102030405;
    talk.spans[0] = (struct balint_talk_span){0x0102030405 - 0x1000, 0x0102030405 - 0x0800};
    talk.span_count = 1;
    talk.speaking = true;
    balint_talk_write(&talk, bytes);
    static const uint8_t head[] = {1, 2, 1, 0, 0, 0, 0, 1, 2, 3, 4, 5, 0, 0, 0, 250};
    assert_memory_equal(bytes, head, sizeof head);
    static const uint8_t total_15[] = {0, 0, 0x07, 0xd0};
    assert_memory_equal(bytes + 12 + 60, total_15, 4);
    static const uint8_t turns_15[] = {0, 1};
    assert_memory_equal(bytes + 76 + 30, turns_15, 2);
    static const uint8_t span[] = {0, 0, 0x10, 0, 0, 0, 0x08, 0};
    assert_memory_equal(bytes + 108, span, 8);
    for (int i = 116; i < BALINT_TALK_SIZE; i++)
        assert_int_equal(bytes[i], 0);
}

/* Every byte that may not be otherwise: changed, it is refused, and the old content stands. */
static void bad_bytes_are_refused(void **unused)
{
    (void)unused;
    struct balint_talk talk = example(), into;
    uint8_t good[BALINT_TALK_SIZE + 1] = {0}, bad[BALINT_TALK_SIZE];
    talk.span_count = 2;
    balint_talk_write(&talk, good);

    struct {
        int at;
        uint8_t value;
    } changes[] = {
        {0, 0},
        {0, 2},
        {1, 4},
        {1, 0xff},
        {2, 11},
        {2, 255},
        {2, 1},
        {2, 3},
        {3, 1},
        {4, 1},
        {4, 0x80} /* before zero */,
        {124, 1} /* unused span */,
        {187, 1},
        {112, 0xff},
        {120, 0xff} /* longer than their age */,
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        memcpy(bad, good, sizeof bad);
        bad[changes[i].at] = changes[i].value;
        memset(&into, 0x77, sizeof into);
        struct balint_talk before = into;
        assert_false(balint_talk_read(&into, bad, sizeof bad));
        assert_memory_equal(&into, &before, sizeof into);
    }
    memcpy(bad, good, sizeof bad);
    memset(bad + 112, 0, 4); /* an empty span */
    assert_false(balint_talk_read(&into, bad, sizeof bad));
    memcpy(bad, good + 0, sizeof bad);
    memcpy(bad + 108, good + 116, 8); /* spans out of order */
    memcpy(bad + 116, good + 108, 8);
    assert_false(balint_talk_read(&into, bad, sizeof bad));
    memcpy(bad, good, sizeof bad);
    memset(bad + 108, 0xff, 4); /* began before the session did */
    assert_false(balint_talk_read(&into, bad, sizeof bad));

    assert_false(balint_talk_read(&into, good, BALINT_TALK_SIZE - 1));
    assert_false(balint_talk_read(&into, good, BALINT_TALK_SIZE + 1));
    assert_false(balint_talk_read(&into, good, 0));
    assert_true(balint_talk_read(&into, good, BALINT_TALK_SIZE));
}

/* A clock that is a little behind its own spans must not make a record that its reader refuses. */
static void what_is_written_can_always_be_read(void **unused)
{
    (void)unused;
    struct balint_talk talk, back;
    uint8_t bytes[BALINT_TALK_SIZE];
    balint_talk_init(&talk);
    add(&talk, 0, -500, 1000, false);
    add(&talk, 0, 2000, 4000, false);
    add(&talk, 0, 5000, 6000, false);
    talk.clock_ms = 3000;
    balint_talk_write(&talk, bytes);
    assert_true(balint_talk_read(&back, bytes, sizeof bytes));
    assert_int_equal(back.span_count, 2);
    assert_int_equal(back.spans[0].start_ms, 0);
    assert_int_equal(back.spans[1].end_ms, 3000);
    assert_int_equal(back.total_ms[0], 4500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(totals_are_by_phase_and_cumulative),
        cmocka_unit_test(a_short_mm_is_no_turn_but_its_time_counts),
        cmocka_unit_test(a_continued_span_is_one_turn),
        cmocka_unit_test(only_the_last_spans_travel),
        cmocka_unit_test(nonsense_is_not_added),
        cmocka_unit_test(totals_stop_at_their_limit),
        cmocka_unit_test(a_record_fits_its_envelope_and_comes_back),
        cmocka_unit_test(the_layout_stands),
        cmocka_unit_test(bad_bytes_are_refused),
        cmocka_unit_test(what_is_written_can_always_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
