/* ledger_again.c - a leader's program that was killed and started again, with no other leader: everybody's
 * next report brings the totals, and the state how long the discussion was, and whose. */
#include "session/after.h"

#include "unit/ledger_evening.h"

static struct balint_after after;

/* The stays of before, as the session remembers them for a program that is new. */
static void remember(const struct balint_state_stay *past, int count)
{
    memcpy(state.past, past, (size_t)count * sizeof *past);
    state.past_count = count;
}

/* A lone leader's program is killed after the discussion: the next one is told the same totals by everybody's
 * next report, and by the state how long the discussion was. */
static void a_new_program_knows_how_long_the_discussion_was(void **unused)
{
    (void)unused;
    a_case();
    enter(RETURN_, 16 * MINUTE);
    report_all(17 * MINUTE);
    struct balint_balance known;
    balint_ledger_balance(ledger, 18 * MINUTE, &known);
    balint_ledger_free(ledger);
    ledger = balint_ledger_new();
    remember((const struct balint_state_stay[]){{STORY, PETER, 0},
                                                {QUESTIONS, PETER, 6 * MINUTE}, /* a key pressed twice */
                                                {DISCUSSION, PETER, 6 * MINUTE}},
             3);
    balint_ledger_state(ledger, &state);
    report_all(17 * MINUTE + 2000);
    balint_ledger_balance(ledger, 18 * MINUTE, &balance);
    assert_int_equal(known.discussion_ms, 10 * MINUTE);
    assert_int_equal(balance.discussion_ms, 10 * MINUTE);
    assert_int_equal(balance.member_count, known.member_count);
    for (int i = 0; i < known.member_count + known.leader_count; i++) {
        assert_int_equal(balance.rows[i].spoken_ms, known.rows[i].spoken_ms);
        assert_int_equal(balance.rows[i].spoken_all_ms, known.rows[i].spoken_all_ms);
    }
    /* The balance afterwards, too: one case, three stays. */
    balint_ledger_after(ledger, 18 * MINUTE, &after);
    assert_int_equal(after.case_count, 1);
    assert_int_equal(after.visit_count, 3);
    assert_int_equal(after.cases[0].discussion_ms, 10 * MINUTE);
    assert_int_equal(after.visits[1].end_ms, 16 * MINUTE);
}

/* Two cases are told apart as by a program that was there: by who presented, and by where the group asks. */
static void a_new_program_tells_two_cases_apart(void **unused)
{
    (void)unused;
    state.format.phases[STORY].part = BALINT_PART_CASE;
    state.phase = RETURN_;
    state.phase_since_ms = 40 * MINUTE;
    state.clock_ms = 41 * MINUTE;
    state.presenter = MARIA;
    for (int asked = 0; asked < 2; asked++) { /* or somebody else presents in the same phases */
        remember((const struct balint_state_stay[]){{STORY, PETER, 0},
                                                    {DISCUSSION, PETER, 6 * MINUTE},
                                                    {asked ? STORY : RETURN_, MARIA, 16 * MINUTE},
                                                    {DISCUSSION, MARIA, 20 * MINUTE}},
                 4);
        balint_ledger_free(ledger);
        ledger = balint_ledger_new();
        balint_ledger_state(ledger, &state);
        balint_ledger_balance(ledger, 45 * MINUTE, &balance);
        assert_int_equal(balance.discussion_ms, 20 * MINUTE); /* of the second case alone */
        assert_true(balance.rows[balance.member_count + balance.leader_count].presenter);
        assert_int_equal(balance.rows[balance.member_count + balance.leader_count].seat, MARIA);
        balint_ledger_after(ledger, 45 * MINUTE, &after);
        assert_int_equal(after.case_count, 2);
        assert_int_equal(after.cases[0].discussion_ms, 10 * MINUTE);
    }
}

/* Jan says fifteen sentences of a second in each of two discussions; more than a record has spans. */
#define SENTENCES 15

static struct balint_talk_span sentences[2 * SENTENCES];

/* Peter's case and then Maria's, both through the same phases, as a group's own format may have it; both as a
 * program that was there knows it. */
static void two_cases_in_the_same_phases(void)
{
    int said = 0;
    for (int number = 0; number < 2; number++) {
        int64_t at_ms = number * 20 * MINUTE;
        enter(STORY, at_ms);
        present(number == 0 ? PETER : MARIA, at_ms + 1000);
        enter(DISCUSSION, at_ms + 6 * MINUTE);
        report_all(at_ms + 6 * MINUTE);
        for (int i = 0; i < SENTENCES; i++, said++) {
            int64_t start_ms = at_ms + 6 * MINUTE + i * 10000;
            sentences[said] = (struct balint_talk_span){start_ms, start_ms + 1000};
            say(JAN, start_ms, start_ms + 1000);
        }
        report_all(at_ms + 10 * MINUTE);
    }
    remember((const struct balint_state_stay[]){{STORY, PETER, 0},
                                                {DISCUSSION, PETER, 6 * MINUTE},
                                                {STORY, MARIA, 20 * MINUTE}},
             3);
}

static void a_new_program(void)
{
    balint_ledger_free(ledger);
    ledger = balint_ledger_new();
    balint_ledger_state(ledger, &state);
}

/* What was said in the first case's discussion is not the second's. A program that was not there knows it
 * when Jan's own has told the times of what was said; until then it has no reading. */
static void talk_of_an_earlier_case_is_not_this_ones(void **unused)
{
    (void)unused;
    two_cases_in_the_same_phases();
    int64_t now_ms = 30 * MINUTE + 2000;
    assert_int_equal(row(JAN, now_ms)->spoken_ms, 15000);
    a_new_program();
    report_all(now_ms);
    assert_int_equal(row(JAN, now_ms)->reading, BALINT_NO_READING);
    assert_in_range(row(JAN, now_ms)->spoken_ms, 0, 15000);
    assert_in_range(row(JAN, now_ms)->recent_ms, 0, 15000);
    assert_int_equal(row(JAN, now_ms)->spoken_all_ms, 30000);
    assert_int_equal(row(ELSE_, now_ms)->reading, BALINT_READING); /* said nothing in either */
    balint_ledger_after(ledger, now_ms, &after);
    for (int number = 0; number < 2; number++) {
        assert_int_equal(after.cases[number].unread, 1);
        assert_int_equal(after.cases[number].members_ms, 0);
    }
    /* Answers come from the newest back. */
    assert_true(balint_ledger_take_spans(ledger, "jan", sentences + SENTENCES, SENTENCES, 20 * MINUTE,
                                         now_ms - 2000));
    assert_int_equal(row(JAN, now_ms)->reading, BALINT_NO_READING);
    assert_true(balint_ledger_take_spans(ledger, "jan", sentences, SENTENCES, 0, 20 * MINUTE));
    assert_int_equal(row(JAN, now_ms)->reading, BALINT_READING);
    assert_int_equal(row(JAN, now_ms)->spoken_ms, 15000);
    assert_int_equal(row(JAN, now_ms)->turns, 15);
    assert_int_equal(row(JAN, now_ms)->recent_ms, 15000);
    balint_ledger_after(ledger, now_ms, &after);
    for (int number = 0; number < 2; number++) {
        assert_int_equal(after.cases[number].unread, 0);
        assert_int_equal(after.cases[number].members_ms, 15000);
        assert_int_equal(after.cases[number].turns, 15);
        assert_int_equal(after.cases[number].discussion_ms, number == 0 ? 14 * MINUTE : 4 * MINUTE + 2000);
    }
    /* And it counts on. */
    say(JAN, now_ms + 1000, now_ms + 4000);
    assert_true(report(JAN, 1, now_ms + 5000));
    assert_int_equal(row(JAN, now_ms + 5000)->spoken_ms, 18000);
}

/* Few words need no telling again: a record has the times of the last ten sentences. */
static void few_words_are_told_apart_at_once(void **unused)
{
    (void)unused;
    two_cases_in_the_same_phases();
    balint_talk_init(&talks[JAN]);
    say(JAN, 7 * MINUTE, 7 * MINUTE + 800); /* an "mm" in the first case alone */
    say(MARIA, 7 * MINUTE, 8 * MINUTE);
    say(ELSE_, 8 * MINUTE, 8 * MINUTE + 3000);
    say(ELSE_, 27 * MINUTE, 27 * MINUTE + 2000);
    a_new_program();
    report_all(31 * MINUTE);
    assert_int_equal(row(JAN, 31 * MINUTE)->spoken_ms, 0);
    assert_int_equal(row(MARIA, 31 * MINUTE)->spoken_ms, 0);
    assert_int_equal(row(ELSE_, 31 * MINUTE)->spoken_ms, 2000);
    assert_int_equal(row(ELSE_, 31 * MINUTE)->turns, 1);
    for (int who = MARIA; who <= ELSE_; who++)
        assert_int_equal(row(who, 31 * MINUTE)->reading, BALINT_READING);
}

/* Less than totals and times may differ by is nobody's guess either. */
static void a_short_word_without_its_time_is_no_reading(void **unused)
{
    (void)unused;
    two_cases_in_the_same_phases();
    balint_talk_init(&talks[JAN]);
    say(JAN, 7 * MINUTE, 7 * MINUTE + 200);
    for (int i = 0; i < BALINT_TALK_SPANS; i++)
        balint_talk_add(&talks[JAN], STORY,
                        (struct balint_talk_span){22 * MINUTE + i * 5000, 22 * MINUTE + i * 5000 + 1500},
                        false);
    a_new_program();
    report_all(31 * MINUTE);
    assert_int_equal(row(JAN, 31 * MINUTE)->reading, BALINT_NO_READING);
    assert_int_equal(row(JAN, 31 * MINUTE)->spoken_ms, 0);
}

/* Times of more speech than the total holds are not this total's: nothing is booked by them, least of all
 * less than nothing. */
static void a_total_that_its_times_exceed_is_no_reading(void **unused)
{
    (void)unused;
    two_cases_in_the_same_phases();
    balint_talk_init(&talks[JAN]);
    say(JAN, 7 * MINUTE, 7 * MINUTE + 170);
    say(JAN, 27 * MINUTE, 27 * MINUTE + 170);
    talks[JAN].total_ms[DISCUSSION] = 100;
    a_new_program();
    report_all(31 * MINUTE);
    assert_int_equal(row(JAN, 31 * MINUTE)->reading, BALINT_NO_READING);
    assert_int_equal(row(JAN, 31 * MINUTE)->spoken_ms, 0);
}

/* A process that is gone is told by another leader's program: its totals in a piece, its times in answers. */
static void who_is_gone_is_told_apart_too(void **unused)
{
    (void)unused;
    two_cases_in_the_same_phases();
    uint8_t piece[BALINT_LEDGER_PIECE];
    int cursor = 0;
    state.seats[JAN].epoch = 2;
    state.clock_ms = 31 * MINUTE;
    balint_ledger_state(ledger, &state);
    assert_true(balint_ledger_piece(ledger, &cursor, piece));
    a_new_program();
    balint_talk_init(&talks[JAN]);
    say(JAN, 32 * MINUTE, 32 * MINUTE + 4000);
    assert_true(report(JAN, 2, 33 * MINUTE));
    assert_true(balint_ledger_take_piece(ledger, piece, sizeof piece));
    assert_int_equal(row(JAN, 33 * MINUTE)->reading, BALINT_NO_READING);
    assert_true(balint_ledger_take_spans(ledger, "jan", sentences, 2 * SENTENCES, 0, 30 * MINUTE));
    assert_int_equal(row(JAN, 33 * MINUTE)->reading, BALINT_READING);
    assert_int_equal(row(JAN, 33 * MINUTE)->spoken_ms, 19000);
    balint_ledger_after(ledger, 33 * MINUTE, &after);
    assert_int_equal(after.cases[0].members_ms, 15000);
}

/* A program whose line was down while the group went on to another case knows what it missed. */
static void what_a_lost_line_missed_is_known(void **unused)
{
    (void)unused;
    enter(STORY, 0);
    present(PETER, 1000);
    enter(DISCUSSION, 6 * MINUTE);
    report_all(7 * MINUTE);
    for (int i = 0; i < 2 * SENTENCES; i++) {
        int64_t start_ms = (i < SENTENCES ? 8 : 28) * MINUTE + i * 10000;
        sentences[i] = (struct balint_talk_span){start_ms, start_ms + 1000};
        say(JAN, start_ms, start_ms + 1000);
    }
    state.presenter = MARIA;
    remember((const struct balint_state_stay[]){{STORY, PETER, 0},
                                                {DISCUSSION, PETER, 6 * MINUTE},
                                                {RETURN_, PETER, 16 * MINUTE},
                                                {STORY, MARIA, 20 * MINUTE}},
             4);
    enter(DISCUSSION, 25 * MINUTE);
    report_all(35 * MINUTE);
    assert_int_equal(row(JAN, 35 * MINUTE)->reading, BALINT_NO_READING);
    assert_int_equal(balance.discussion_ms, 10 * MINUTE);
    assert_true(balint_ledger_take_spans(ledger, "jan", sentences, 2 * SENTENCES, 7 * MINUTE, 35 * MINUTE));
    assert_int_equal(row(JAN, 35 * MINUTE)->spoken_ms, 15000);
    balint_ledger_after(ledger, 35 * MINUTE, &after);
    assert_int_equal(after.visit_count, 5);
    assert_int_equal(after.case_count, 2);
    assert_int_equal(after.cases[0].discussion_ms, 10 * MINUTE);
    assert_int_equal(after.cases[0].members_ms, 15000);
}

/* After more phases than the session remembers nobody knows how many cases there were before. */
static void what_is_forgotten_is_no_reading(void **unused)
{
    (void)unused;
    struct balint_state_stay past[BALINT_STAYS];
    two_cases_in_the_same_phases();
    for (int i = 0; i < BALINT_STAYS; i++) /* since the last of Maria's story */
        past[i] = (struct balint_state_stay){i % 2 == 0 ? STORY : QUESTIONS, MARIA, 25 * MINUTE + i * 1000};
    remember(past, BALINT_STAYS);
    a_new_program();
    report_all(31 * MINUTE);
    assert_int_equal(row(JAN, 31 * MINUTE)->reading, BALINT_NO_READING);
    assert_in_range(row(JAN, 31 * MINUTE)->spoken_ms, 0, 15000);
    assert_int_equal(row(ELSE_, 31 * MINUTE)->reading, BALINT_READING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LEDGER_TEST(a_new_program_knows_how_long_the_discussion_was),
        LEDGER_TEST(a_new_program_tells_two_cases_apart),
        LEDGER_TEST(talk_of_an_earlier_case_is_not_this_ones),
        LEDGER_TEST(few_words_are_told_apart_at_once),
        LEDGER_TEST(a_short_word_without_its_time_is_no_reading),
        LEDGER_TEST(a_total_that_its_times_exceed_is_no_reading),
        LEDGER_TEST(who_is_gone_is_told_apart_too),
        LEDGER_TEST(what_a_lost_line_missed_is_known),
        LEDGER_TEST(what_is_forgotten_is_no_reading),
    };
    return cmocka_run_group_tests_name("ledger_again", tests, NULL, NULL);
}
