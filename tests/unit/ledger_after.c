/* ledger_after.c - BALINT.md's "Afterwards, for the leaders: silence (share, longest), overlap, phases and
 * minutes", by the definitions of session/after.h; and that a lost report is never taken for silence. */
#include "session/after.h"

#include <stdlib.h>

#include "unit/ledger_evening.h"

static struct balint_after after;

static const struct balint_after_case *look(int number, int64_t now_ms)
{
    balint_ledger_after(ledger, now_ms, &after);
    assert_true(number < after.case_count);
    return &after.cases[number];
}

/* Everybody's record in every slot of [from, until], as programs send them. */
static void slots(int64_t from_ms, int64_t until_ms, int except)
{
    for (int64_t ms = from_ms; ms <= until_ms; ms += BALINT_SLOT_MS)
        for (int i = 0; i < PEOPLE; i++)
            if (i != except)
                report(i, 1, ms);
}

/* A minute: Maria 10-20 s, Jan 15-25 s, the leader 40-50 s. */
static void a_minute(void)
{
    present(PETER, 0);
    enter(DISCUSSION, 0);
    say(MARIA, 10000, 20000);
    say(JAN, 15000, 25000);
    say(ANNA, 40000, 50000);
}

static void silence_is_when_nobody_speaks_overlap_when_two_do(void **unused)
{
    (void)unused;
    a_minute();
    slots(2000, 60000, -1);
    const struct balint_after_case *of = look(0, 60000);
    assert_int_equal(of->discussion_ms, 60000);
    assert_int_equal(of->measured_ms, 60000);
    assert_int_equal(of->silence_ms, 10000 + 15000 + 10000);
    assert_int_equal(of->longest_ms, 15000);
    assert_int_equal(of->overlap_ms, 5000);
    assert_int_equal(of->members_ms, 20000);
    assert_int_equal(of->leaders_ms, 10000);
    assert_share(of->leaders_share, 1.0 / 3);
    assert_int_equal(of->turns, 2);
    assert_int_equal(of->leaders_turns, 1);
}

/* "No reading (a lost report, a person away) is shown as such, not as zero." */
static void a_lost_report_is_no_silence(void **unused)
{
    (void)unused;
    a_minute();
    slots(2000, 60000, ELSE_);
    report(ELSE_, 1, 30000); /* and then nothing more of Else, whose line is there */
    const struct balint_after_case *of = look(0, 60000);
    assert_int_equal(of->discussion_ms, 60000);
    assert_int_equal(of->measured_ms, 30000);
    assert_int_equal(of->silence_ms, 10000 + 5000);
    assert_int_equal(of->longest_ms, 10000);
    assert_int_equal(of->overlap_ms, 5000);
    say(ELSE_, 52000, 53000);
    report(ELSE_, 1, 62000); /* the next one tells all that was missing */
    of = look(0, 60000);
    assert_int_equal(of->measured_ms, 60000);
    assert_int_equal(of->silence_ms, 10000 + 15000 + 9000);
}

/* Ten spans come with a record; where more were lost, it is not known when they were. */
static void what_ten_spans_do_not_tell_is_not_measured(void **unused)
{
    (void)unused;
    enter(DISCUSSION, 0);
    slots(2000, 10000, -1);
    for (int i = 0; i < 15; i++)
        say(MARIA, 10000 + i * 2000, 10500 + i * 2000); /* the tenth from the end at 20 s */
    slots(12000, 40000, MARIA);
    report(MARIA, 1, 40000);
    const struct balint_after_case *of = look(0, 40000);
    assert_int_equal(of->measured_ms, 10000 + 20000);
    assert_int_equal(of->silence_ms, 10000 + 20000 - 10 * 500);
    struct balint_talk_span lost[5]; /* asked for and told again */
    for (int i = 0; i < 5; i++)
        lost[i] = (struct balint_talk_span){10000 + i * 2000, 10500 + i * 2000};
    assert_true(balint_ledger_take_spans(ledger, "maria", lost, 5, 10000, 20000));
    of = look(0, 40000);
    assert_int_equal(of->measured_ms, 40000);
    assert_int_equal(of->silence_ms, 40000 - 15 * 500);
    assert_int_equal(of->members_ms, 15 * 500); /* totals are totals */
    assert_int_equal(row(MARIA, 40000)->recent_ms, 15 * 500);
    assert_false(balint_ledger_take_spans(ledger, "nobody", lost, 5, 10000, 20000));
    assert_false(balint_ledger_take_spans(ledger, "maria", lost, 5, 11000, 20000));
    assert_false(balint_ledger_take_spans(ledger, "maria", lost, 0, 11000, 11000));
}

/* Totals without times, as leaders hand them to each other, say how much and not when. */
static void totals_alone_tell_no_silence(void **unused)
{
    (void)unused;
    enter(DISCUSSION, 0);
    slots(2000, 40000, MARIA);
    balint_talk_init(&talks[MARIA]);
    talks[MARIA].total_ms[DISCUSSION] = 9000;
    talks[MARIA].turns[DISCUSSION] = 3;
    report(MARIA, 1, 30000);
    const struct balint_after_case *of = look(0, 40000);
    assert_int_equal(of->members_ms, 9000);
    assert_int_equal(of->turns, 3);
    assert_int_equal(of->measured_ms, 0);
    assert_int_equal(of->silence_ms, 0);
    report(MARIA, 1, 40000); /* no more than before: silent since then */
    assert_int_equal(look(0, 40000)->measured_ms, 10000);
}

/* Who cannot be heard owes no reading: away, sitting out, stepped back, an observer. */
static void nobody_waits_for_who_cannot_be_heard(void **unused)
{
    (void)unused;
    a_minute();
    state.seats[ELSE_].away = true;
    state.clock_ms = 1000;
    balint_ledger_state(ledger, &state);
    for (int64_t ms = 2000; ms <= 60000; ms += BALINT_SLOT_MS)
        for (int i = 0; i < PEOPLE; i++)
            if (i != ELSE_ && i != PETER && i != OBSERVER)
                report(i, 1, ms);
    assert_int_equal(look(0, 60000)->measured_ms, 60000 - 1000); /* of Else's first second nothing is known */
    state.seats[ELSE_].away = false;
    state.clock_ms = 60000;
    balint_ledger_state(ledger, &state);
    assert_int_equal(look(0, 70000)->measured_ms, 60000 - 1000);
}

/* "media often outlives signalling": a lost line is taken to carry sound for half a minute. */
static void a_lost_line_may_carry_sound_for_a_while(void **unused)
{
    (void)unused;
    enter(DISCUSSION, 0);
    slots(2000, 20000, -1);
    state.seats[ELSE_].connected = false;
    state.seats[ELSE_].lost_ms = 21000;
    state.clock_ms = 21000;
    balint_ledger_state(ledger, &state);
    slots(22000, 80000, ELSE_);
    assert_int_equal(look(0, 80000)->measured_ms, 20000 + (80000 - 51000));
    /* The same process resumes and says that it was silent … */
    state.seats[ELSE_].connected = true;
    state.clock_ms = 80000;
    balint_ledger_state(ledger, &state);
    slots(82000, 90000, -1);
    assert_int_equal(look(0, 90000)->measured_ms, 90000);
    /* … and after a second time, that it was not, at a time that nobody knows. */
    state.seats[ELSE_].connected = false;
    state.seats[ELSE_].lost_ms = 91000;
    state.clock_ms = 91000;
    balint_ledger_state(ledger, &state);
    slots(92000, 200000, ELSE_);
    for (int i = 0; i < 20; i++)
        say(ELSE_, 130000 + i * 2000, 130500 + i * 2000);
    report(ELSE_, 1, 200000);
    assert_int_equal(look(0, 200000)->measured_ms, 90000 + (200000 - 150000));
}

/* A leader's program that starts again: who counts since the first slot tells of all of it. */
static void a_leader_who_comes_late_measures_what_is_told(void **unused)
{
    (void)unused;
    a_minute();
    state.seats[ANNA].epoch = 2;
    state.you = ANNA;
    balint_ledger_free(ledger);
    ledger = balint_ledger_new();
    state.clock_ms = 30000;
    state.presenter = PETER;
    balint_ledger_state(ledger, &state);
    for (int i = 0; i < PEOPLE; i++)
        report(i, i == ANNA ? 2 : 1, 60000);
    const struct balint_after_case *of = look(0, 60000);
    assert_int_equal(of->discussion_ms, 60000);
    assert_int_equal(of->measured_ms, 30000); /* the own words before the restart are gone */
    assert_int_equal(of->silence_ms, 20000);
    assert_int_equal(of->members_ms, 20000); /* everybody else's are not */
}

static void second_case(void)
{
    a_minute();
    slots(2000, 60000, -1);
    enter(RETURN_, 60000);
    say(PETER, 61000, 70000);
    slots(70000, 80000, -1);
    present(MARIA, 80000);
    enter(STORY, 90000);
    enter(DISCUSSION, 100000);
    slots(82000, 100000, -1);
    say(PETER, 110000, 140000);
    say(ELSE_, 150000, 160000);
    slots(160000, 200000, -1);
}

/* "A second case": each has its discussion, its presenter, its distribution. */
static void cases_are_told_apart(void **unused)
{
    (void)unused;
    second_case();
    const struct balint_after_case *first = look(0, 200000), *second = look(1, 200000);
    assert_int_equal(after.case_count, 2);
    assert_int_equal(first->discussion_ms, 60000);
    assert_int_equal(first->silence_ms, 35000);
    assert_int_equal(first->member_count, 3); /* Maria, Jan, Else */
    assert_share(first->shares[0], 0.5);
    assert_share(first->shares[1], 0.5);
    assert_share(first->shares[2], 0);
    assert_int_equal(first->unheard, 1);
    assert_int_equal(second->discussion_ms, 100000);
    assert_int_equal(second->silence_ms, 60000);
    assert_int_equal(second->longest_ms, 40000);
    assert_int_equal(second->overlap_ms, 0);
    assert_int_equal(second->member_count, 3); /* Peter, Jan, Else */
    assert_share(second->shares[0], 0.75);
    assert_int_equal(second->spoken_ms[0], 30000);
    assert_share(second->shares[1], 0.25);
    assert_int_equal(second->unheard, 1);
    assert_int_equal(second->leaders_ms, 0);
    assert_int_equal(after.visit_count, 5);
    assert_int_equal(after.visits[0].phase, DISCUSSION);
    assert_int_equal(after.visits[1].end_ms, 80000); /* the second case begins with its presenter */
    assert_int_equal(after.visits[1].case_number, 0);
    assert_int_equal(after.visits[2].case_number, 1);
    assert_int_equal(after.visits[4].end_ms, 200000); /* goes on */
}

/* The shares stand by their size and by nothing that says who is who. */
static void the_order_is_the_shares(void **unused)
{
    (void)unused;
    enter(DISCUSSION, 0);
    say(PETER, 1000, 3000);
    say(MARIA, 4000, 5000);
    say(JAN, 6000, 11000);
    say(ELSE_, 12000, 15000);
    slots(2000, 20000, -1);
    const struct balint_after_case *of = look(0, 20000);
    assert_int_equal(of->member_count, 4);
    for (int i = 1; i < 4; i++)
        assert_true(of->shares[i] < of->shares[i - 1]);
}

/* The group asks for another case: the next one begins there, whoever presents it. */
static void asking_for_a_case_begins_the_next(void **unused)
{
    (void)unused;
    state.format.phases[RETURN_].part = BALINT_PART_CASE;
    enter(STORY, 0);
    present(JAN, 1000);
    present(PETER, 2000); /* a slip of the key: no case of its own */
    enter(DISCUSSION, 10000);
    say(MARIA, 11000, 13000);
    slots(2000, 20000, -1);
    enter(RETURN_, 20000);
    assert_int_equal(look(0, 20000)->member_count, 3);
    assert_int_equal(after.case_count, 2);
    present(JAN, 21000);
    enter(DISCUSSION, 30000);
    slots(22000, 30000, -1);
    say(MARIA, 31000, 32000);
    slots(32000, 40000, -1);
    assert_int_equal(look(0, 40000)->members_ms, 2000);
    assert_int_equal(look(1, 40000)->members_ms, 1000);
    assert_int_equal(after.case_count, 2);
    assert_int_equal(row(MARIA, 40000)->spoken_ms, 1000); /* live, too */
    assert_int_equal(balance.discussion_ms, 10000);
}

/* Going back to where the case began is no other case, as the session has it. */
static void going_back_begins_no_case(void **unused)
{
    (void)unused;
    state.format.phases[QUESTIONS].part = BALINT_PART_CASE;
    enter(QUESTIONS, 0);
    present(PETER, 1000);
    enter(DISCUSSION, 10000);
    say(MARIA, 11000, 13000);
    slots(12000, 20000, -1);
    enter(QUESTIONS, 20000);
    enter(DISCUSSION, 30000);
    slots(32000, 40000, -1);
    assert_int_equal(look(0, 40000)->members_ms, 2000);
    assert_int_equal(after.case_count, 1);
}

/* A leader's program that starts again in the second case does not take the first one's talk for its own. */
static void what_was_before_us_has_its_case(void **unused)
{
    (void)unused;
    state.format = *balint_format_find("two-cases");
    int first = -1, second = -1;
    for (int i = 0; i < state.format.count; i++)
        if (balint_format_discussion(&state.format, i))
            *(first < 0 ? &first : &second) = i;
    assert_true(second > first && first > 0);
    state.phase = first;
    say(MARIA, 10000, 40000);
    state.phase = second;
    say(JAN, 100000, 110000);
    enter(second + 1, 200000); /* the first state that we are given */
    report_all(210000);
    assert_int_equal(row(MARIA, 210000)->spoken_ms, 0);
    assert_int_equal(row(MARIA, 210000)->spoken_all_ms, 30000);
    assert_int_equal(row(JAN, 210000)->spoken_ms, 10000);
    assert_int_equal(look(0, 210000)->members_ms, 10000);
}

/* "members who have not spoken are, at zero"; who has no reading is not at zero; who came later was not
 * there. */
static void silent_unread_and_shared_are_counted(void **unused)
{
    (void)unused;
    state.seat_count = ELSE_; /* Else and the observer come later */
    enter(DISCUSSION, 0);
    talks[MARIA].shared = true;
    say(MARIA, 1000, 5000);
    slots(2000, 20000, JAN);
    const struct balint_after_case *of = look(0, 20000);
    assert_int_equal(of->member_count, 3);
    assert_int_equal(of->unheard, 1); /* Peter, who presents nothing here */
    assert_int_equal(of->unread, 1);  /* Jan */
    assert_int_equal(of->shared, 1);
    enter(RETURN_, 20000);
    state.seat_count = PEOPLE;
    state.clock_ms = 30000;
    balint_ledger_state(ledger, &state);
    slots(32000, 40000, -1);
    assert_int_equal(look(0, 40000)->member_count, 3);
    assert_int_equal(look(0, 40000)->unread, 0); /* Jan's word came */
}

/* "going back a phase", "several step-backs inside one case": one discussion; a silence ends with a visit. */
static void visits_are_one_discussion(void **unused)
{
    (void)unused;
    enter(STORY, 0);
    present(PETER, 0);
    enter(DISCUSSION, 10000);
    say(MARIA, 11000, 13000);
    enter(STORY, 20000);
    enter(DISCUSSION, 30000);
    say(JAN, 35000, 37000);
    slots(2000, 40000, -1);
    const struct balint_after_case *of = look(0, 40000);
    assert_int_equal(of->discussion_ms, 20000);
    assert_int_equal(of->silence_ms, 16000);
    assert_int_equal(of->longest_ms, 7000);
    assert_int_equal(after.case_count, 1);
}

static void before_the_first_state_there_is_nothing(void **unused)
{
    (void)unused;
    balint_ledger_after(ledger, 1000, &after);
    assert_int_equal(after.case_count, 0);
    assert_int_equal(after.visit_count, 0);
    enter(STORY, 5000);
    assert_int_equal(look(0, 1000)->discussion_ms, 0); /* a clock that goes back */
    assert_int_equal(after.visits[0].end_ms, 5000);
}

/* Any talk, told in slots of which some are lost, against the plainest reckoning: millisecond by millisecond.
 */
static void any_evening(void **unused)
{
    (void)unused;
    enum { LENGTH = 120000 };
    static uint8_t line[LENGTH];
    srand(3);
    for (int round = 0; round < 40; round++) {
        teardown(NULL);
        setup(NULL);
        enter(DISCUSSION, 0);
        memset(line, 0, sizeof line);
        for (int who = 0; who < OBSERVER; who++)
            for (int ms = rand() % 20000; ms < LENGTH - 10000; ms += 300 + rand() % 20000) {
                int end = ms + 60 + rand() % 9000;
                say(who, ms, end);
                for (; ms < end; ms++)
                    line[ms]++;
                for (int64_t slot = talks[who].clock_ms / BALINT_SLOT_MS * BALINT_SLOT_MS + BALINT_SLOT_MS;
                     slot < ms; slot += BALINT_SLOT_MS)
                    if (rand() % 3 != 0)
                        report(who, 1, slot);
                if (rand() % 2 == 0)
                    report(who, 1, ms + 1);
            }
        for (int i = 0; i < PEOPLE; i++)
            report(i, 1, LENGTH);
        int silence = 0, overlap = 0, longest = 0, run = 0;
        for (int ms = 0; ms < LENGTH; ms++) {
            silence += line[ms] == 0;
            overlap += line[ms] > 1;
            run = line[ms] == 0 ? run + 1 : 0;
            longest = run > longest ? run : longest;
        }
        const struct balint_after_case *of = look(0, LENGTH);
        if (of->measured_ms == LENGTH) {
            assert_int_equal(of->silence_ms, silence);
            assert_int_equal(of->overlap_ms, overlap);
            assert_int_equal(of->longest_ms, longest);
        }
        assert_true(of->measured_ms > LENGTH / 2);
        assert_true(of->silence_ms <= silence);
        assert_true(of->longest_ms <= longest);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LEDGER_TEST(silence_is_when_nobody_speaks_overlap_when_two_do),
        LEDGER_TEST(a_lost_report_is_no_silence),
        LEDGER_TEST(what_ten_spans_do_not_tell_is_not_measured),
        LEDGER_TEST(totals_alone_tell_no_silence),
        LEDGER_TEST(nobody_waits_for_who_cannot_be_heard),
        LEDGER_TEST(a_lost_line_may_carry_sound_for_a_while),
        LEDGER_TEST(a_leader_who_comes_late_measures_what_is_told),
        LEDGER_TEST(cases_are_told_apart),
        LEDGER_TEST(the_order_is_the_shares),
        LEDGER_TEST(asking_for_a_case_begins_the_next),
        LEDGER_TEST(going_back_begins_no_case),
        LEDGER_TEST(what_was_before_us_has_its_case),
        LEDGER_TEST(silent_unread_and_shared_are_counted),
        LEDGER_TEST(visits_are_one_discussion),
        LEDGER_TEST(before_the_first_state_there_is_nothing),
        LEDGER_TEST(any_evening),
    };
    return cmocka_run_group_tests_name("ledger_after", tests, NULL, NULL);
}
