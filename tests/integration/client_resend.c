/* client_resend.c - spans asked for and told again: the bytes, the answers, and what is asked of whom. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "integration/resend_people.h"

/* ---- the bytes */

static struct balint_resend example(void)
{
    struct balint_resend resend = {
        .answer = true, .member = "ben", .epoch = 3, .from_ms = 1000, .to_ms = 90000, .span_count = 2};
    resend.spans[0] = (struct balint_talk_span){1000, 4000};
    resend.spans[1] = (struct balint_talk_span){4000, 90000};
    return resend;
}

static void test_the_bytes(void **unused)
{
    (void)unused;
    struct balint_resend resend = example(), read;
    uint8_t bytes[BALINT_RESEND_SIZE];
    balint_resend_write(&resend, bytes);
    /* PROTOCOL.md, "Spans told again" */
    static const uint8_t head[24] = {1, 1, 2, 0,   0, 0, 0, 3, 0, 0, 0,    0,
                                     0, 0, 3, 232, 0, 0, 0, 0, 0, 1, 0x5f, 0x90};
    assert_memory_equal(bytes, head, sizeof head);
    assert_memory_equal(bytes + 24, "ben\0\0", 5);
    static const uint8_t spans[16] = {0, 1, 0x5b, 0xa8, 0, 0, 0x0b, 0xb8, 0, 1, 0x4f, 0xf0, 0, 1, 0x4f, 0xf0};
    assert_memory_equal(bytes + 56, spans, sizeof spans);
    assert_true(balint_resend_read(&read, bytes, sizeof bytes));
    assert_memory_equal(&read, &resend, sizeof read);
    resend.answer = false;
    resend.span_count = 0;
    balint_resend_write(&resend, bytes);
    assert_true(balint_resend_read(&read, bytes, sizeof bytes));
    assert_false(read.answer);
}

static void test_strange_bytes_are_refused(void **unused)
{
    (void)unused;
    struct balint_resend resend = example(), read;
    uint8_t good[BALINT_RESEND_SIZE], bad[BALINT_RESEND_SIZE];
    balint_resend_write(&resend, good);
    assert_false(balint_resend_read(&read, good, sizeof good - 1));
    /* version, what, number of spans, zero; a from and a to that are nonsense; inside and behind the member;
     * a span's length; what is unused */
    static const struct {
        int at, value;
    } bent[] = {{0, 2},   {1, 2},  {1, 0},  {2, 21}, {2, 1},  {2, 3},    {3, 1},      {8, 1},
                {16, 32}, {24, 0}, {25, 0}, {28, 1}, {55, 1}, {56, 200}, {64 + 3, 0}, {215, 1}};
    for (size_t i = 0; i < sizeof bent / sizeof *bent; i++) {
        memcpy(bad, good, sizeof bad);
        bad[bent[i].at] = (uint8_t)bent[i].value;
        assert_false(balint_resend_read(&read, bad, sizeof bad));
    }
    for (int i = 0; i < 20000; i++) { /* whatever it is, nothing beyond the arrays */
        for (size_t b = 0; b < sizeof bad; b++)
            bad[b] = b < 4 ? good[b] : (uint8_t)rand();
        balint_resend_read(&read, bad, sizeof bad);
    }
}

/* ---- answers */

static void test_answers_go_from_the_newest_back(void **unused)
{
    (void)unused;
    enum { COUNT = 50 };
    struct balint_talk_span spans[COUNT];
    struct balint_resend question = {.member = "ben", .from_ms = 500, .to_ms = 48200}, answer;
    for (int i = 0; i < COUNT; i++) { /* every second half a second, told in any order */
        int at = (i * 7) % COUNT;
        spans[i] = (struct balint_talk_span){at * 1000, at * 1000 + 500};
    }
    int64_t until = 48200, spoken = 0;
    int answers = 0;
    while (balint_resend_next(&question, spans, COUNT, &answer)) {
        uint8_t bytes[BALINT_RESEND_SIZE];
        struct balint_resend read;
        assert_int_equal(answer.to_ms, until); /* without a gap, and nothing twice */
        until = answer.from_ms;
        for (int i = 0; i < answer.span_count; i++)
            spoken += answer.spans[i].end_ms - answer.spans[i].start_ms;
        balint_resend_write(&answer, bytes);
        assert_true(balint_resend_read(&read, bytes, sizeof bytes));
        answers++;
    }
    assert_int_equal(until, 500);
    assert_int_equal(answers, 3);
    assert_int_equal(spoken, 47 * 500 + 200); /* seconds 1 to 47, and 200 ms of the 48th */
    /* Silence is an answer, too. */
    question = (struct balint_resend){.member = "ben", .from_ms = 600, .to_ms = 900};
    assert_true(balint_resend_next(&question, spans, COUNT, &answer));
    assert_int_equal(answer.span_count, 0);
    assert_int_equal(answer.from_ms, 600);
    assert_false(balint_resend_next(&question, spans, COUNT, &answer));
}

/* ---- what is asked */

static const uint32_t first_epochs[PEOPLE] = {1, 1, 1, 1, 1};
static const bool all_here[PEOPLE] = {true, true, true, true, true};

static struct balint_talk record_at(int64_t clock_ms, int spans, int64_t first_ms)
{
    struct balint_talk talk;
    balint_talk_init(&talk);
    talk.clock_ms = clock_ms;
    talk.span_count = spans;
    for (int i = 0; i < spans; i++)
        talk.spans[i] = (struct balint_talk_span){first_ms + 1000 * i, first_ms + 1000 * i + 400};
    return talk;
}

static void test_what_is_lacking_is_asked_for(void **unused)
{
    (void)unused;
    struct balint_recall recall;
    struct balint_state state = state_for(ANNA, first_epochs, all_here);
    struct balint_resend question, answer;
    balint_recall_init(&recall);
    struct balint_talk talk = record_at(100000, 9, 60000); /* all there ever were */
    balint_recall_record(&recall, "ben", 1, &talk, false);
    assert_false(balint_recall_ask(&recall, &state, BEN, 100000, &question));
    assert_int_equal(balint_recall_lacks_ms(&recall, &state), 0);
    talk = record_at(200000, 10, 180000); /* between 98 s and 180 s there may have been others */
    balint_recall_record(&recall, "ben", 1, &talk, false);
    assert_false(balint_recall_ask(&recall, &state, CLEO, 200000, &question));
    assert_int_equal(balint_recall_lacks_ms(&recall, &state), 82000);
    assert_true(balint_recall_ask(&recall, &state, BEN, 200000, &question));
    assert_string_equal(question.member, "ben");
    assert_int_equal(question.from_ms, 98000);
    assert_int_equal(question.to_ms, 180000);
    /* It is not asked in every slot; the answer may come in parts. */
    assert_false(balint_recall_ask(&recall, &state, BEN, 202000, &question));
    answer = question;
    answer.answer = true;
    answer.from_ms = 150000;
    balint_recall_answer(&recall, &answer, 204000);
    assert_false(balint_recall_ask(&recall, &state, BEN, 206000, &question));
    assert_true(balint_recall_ask(&recall, &state, BEN, 215000, &question)); /* the rest was lost */
    assert_int_equal(question.from_ms, 98000);
    assert_int_equal(question.to_ms, 150000);
    answer.from_ms = 98000;
    answer.to_ms = 150000;
    balint_recall_answer(&recall, &answer, 216000);
    assert_int_equal(balint_recall_lacks_ms(&recall, &state), 0);
    assert_false(balint_recall_ask(&recall, &state, BEN, 300000, &question));
}

/* Nobody who does not answer is asked for ever in every slot, and nothing is made up for them. */
static void test_who_does_not_answer_is_asked_more_seldom(void **unused)
{
    (void)unused;
    struct balint_recall recall;
    struct balint_state state = state_for(ANNA, first_epochs, all_here);
    struct balint_resend question;
    int asked = 0;
    balint_recall_init(&recall);
    for (int64_t now = 20 * MINUTE; now < 60 * MINUTE; now += BALINT_SLOT_MS) {
        struct balint_talk talk = record_at(now, 10, now - 15000);
        balint_recall_record(&recall, "ben", 1, &talk, false);
        asked += balint_recall_ask(&recall, &state, BEN, now, &question);
    }
    assert_in_range(asked, 8, 40);
    assert_true(balint_recall_lacks_ms(&recall, &state) > 19 * MINUTE);
}

static void test_of_who_is_gone_leaders_are_asked(void **unused)
{
    (void)unused;
    static const uint32_t epochs[PEOPLE] = {1, 2, 1, 1, 2};
    struct balint_recall recall;
    struct balint_state state = state_for(DORA, epochs, all_here);
    struct balint_resend question;
    struct balint_talk talk = record_at(15 * MINUTE, 0, 0);
    balint_recall_init(&recall);
    balint_recall_record(&recall, "emil", 1, &talk, true);
    assert_false(balint_recall_ask(&recall, &state, EMIL, 16 * MINUTE, &question)); /* he does not know */
    assert_false(balint_recall_ask(&recall, &state, BEN, 16 * MINUTE, &question));
    assert_true(balint_recall_ask(&recall, &state, ANNA, 16 * MINUTE, &question));
    assert_string_equal(question.member, "emil");
    assert_int_equal(question.epoch, 1);
    assert_int_equal(question.from_ms, 0);
    assert_int_equal(question.to_ms, 15 * MINUTE);
    /* A leader's word of somebody whose process is here is not taken: that one speaks for itself. */
    question.answer = true;
    assert_true(balint_recall_may(&state, ANNA, &question));
    assert_false(balint_recall_may(&state, BEN, &question));
    question.epoch = 2;
    assert_false(balint_recall_may(&state, ANNA, &question));
    assert_true(balint_recall_may(&state, EMIL, &question));
    question.answer = false;
    assert_true(balint_recall_may(&state, ANNA, &question));
    assert_false(balint_recall_may(&state, BEN, &question)); /* nor does a member ask */
}

static void test_memory_is_bounded(void **unused)
{
    (void)unused;
    static struct balint_resender resender;
    struct balint_state state = state_for(ANNA, first_epochs, all_here);
    char name[BALINT_ID_SIZE];
    balint_resender_init(&resender);
    balint_resender_state(&resender, &state);
    for (int i = 0; i < 5000; i++) {
        struct balint_talk talk = record_at(1000 * rand() / (RAND_MAX / 3600), i % 11, 0);
        memset(name, 'a' + i % 26, sizeof name - 1);
        name[1 + i % 31] = '\0';
        balint_recall_record(&resender.recall, name, (uint32_t)i, &talk, i % 3 == 0);
        struct balint_resend answer = {.answer = true, .epoch = (uint32_t)i};
        strcpy(answer.member, name);
        for (int k = 0; k < 20; k++) {
            answer.from_ms = rand() % 3600000;
            answer.to_ms = answer.from_ms + 1 + rand() % 5000;
            balint_recall_answer(&resender.recall, &answer, 0);
        }
    }
    for (int i = 0; i < BALINT_RECALL_PROCESSES; i++)
        for (int k = 1; k < resender.recall.processes[i].known_count; k++)
            assert_true(resender.recall.processes[i].known[k - 1].end_ms <
                        resender.recall.processes[i].known[k].start_ms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_bytes),
        cmocka_unit_test(test_strange_bytes_are_refused),
        cmocka_unit_test(test_answers_go_from_the_newest_back),
        cmocka_unit_test(test_what_is_lacking_is_asked_for),
        cmocka_unit_test(test_who_does_not_answer_is_asked_more_seldom),
        cmocka_unit_test(test_of_who_is_gone_leaders_are_asked),
        cmocka_unit_test(test_memory_is_bounded),
    };
    return cmocka_run_group_tests_name("client_resend", tests, NULL, NULL);
}
