/* call_post.c - words under way: told to whom they are for and to nobody else, again until they are taken,
 * and heard once.
 */
#include "call/post.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { ANN, BEN, CLEO, DORA, OLGA, PEOPLE }; /* Ann and Ben lead, Olga observes */
static const char *const members[PEOPLE] = {"ann", "ben", "cleo", "dora", "olga"};
static const enum balint_role roles[PEOPLE] = {BALINT_LEADER, BALINT_CO_LEADER, BALINT_MEMBER, BALINT_MEMBER,
                                               BALINT_OBSERVER};
#define SLOT_US 2000000

/* A group, each with a program; envelopes go at once, and any of them may be lost. */
struct group {
    struct balint_post posts[PEOPLE];
    struct balint_state states[PEOPLE];
    bool untold[PEOPLE][PEOPLE];
    int64_t now_us;
    uint32_t lost[PEOPLE];                            /* to whom nothing comes from this one, a bit each */
    int loss;                                         /* per cent of the others */
    int sent[PEOPLE][PEOPLE], news_count[PEOPLE][16]; /* by kind of news */
    struct balint_news news[PEOPLE];                  /* the last */
};

static void say_state(struct group *group, const uint32_t epochs[PEOPLE], uint32_t here)
{
    for (int i = 0; i < PEOPLE; i++) {
        struct balint_state *state = &group->states[i];
        memset(state, 0, sizeof *state);
        state->admitted = true;
        state->you = i;
        for (int k = 0; k < PEOPLE; k++) {
            struct balint_state_seat *seat = &state->seats[state->seat_count];
            if (!(here >> k & 1))
                continue;
            state->seat_count++;
            *seat = (struct balint_state_seat){
                .seat = k, .role = roles[k], .connected = true, .epoch = epochs ? epochs[k] : 1};
            strcpy(seat->member, members[k]);
        }
        struct balint_news news;
        while (balint_post_state(&group->posts[i], state, &news)) {
            group->news[i] = news;
            group->news_count[i][news.kind]++;
        }
    }
}

static struct group *begin(void)
{
    struct group *group = calloc(1, sizeof *group);
    assert_non_null(group);
    group->now_us = 1000000;
    srand(7);
    say_state(group, NULL, (1 << PEOPLE) - 1);
    return group;
}

/* As the call does it: to a leader at most every second slot. */
static void pass_slot(struct group *group)
{
    group->now_us += SLOT_US;
    for (int from = 0; from < PEOPLE; from++)
        for (int to = 0; to < PEOPLE; to++) {
            enum balint_envelope_kind kind;
            struct balint_news news;
            uint8_t body[BALINT_WORD_SIZE];
            bool leader = balint_is_leader(roles[to]);
            if (from == to || (!leader && !balint_is_leader(roles[from])) ||
                !balint_state_seat_of(&group->states[from], to))
                continue;
            if (group->untold[from][to] && leader) {
                group->untold[from][to] = false;
                continue;
            }
            group->untold[from][to] =
                balint_post_next(&group->posts[from], &group->states[from], to, group->now_us, &kind, body);
            if (!group->untold[from][to])
                continue;
            group->sent[from][to]++;
            if (group->lost[from] >> to & 1 || rand() % 100 < group->loss)
                continue;
            balint_post_take(&group->posts[to], &group->states[to], from, kind, body, sizeof body, &news);
            if (news.kind == BALINT_NEWS_NOTHING)
                continue;
            group->news[to] = news;
            group->news_count[to][news.kind]++;
        }
}

static void pass_slots(struct group *group, int slots)
{
    for (int i = 0; i < slots; i++)
        pass_slot(group);
}

/* ---- the bytes */

static void the_bytes(void **unused)
{
    (void)unused;
    struct balint_word word = {.what = BALINT_WORD_SAY, .id = 0x01020304, .text = "Zu nah?"}, read;
    uint8_t bytes[BALINT_WORD_SIZE], bad[BALINT_WORD_SIZE];
    static const uint8_t expected[16] = {1, 1, 7, 0, 1, 2, 3, 4, 'Z', 'u', ' ', 'n', 'a', 'h', '?', 0};
    balint_word_write(&word, bytes);
    assert_memory_equal(bytes, expected, sizeof expected); /* PROTOCOL.md, "Words" */
    assert_true(balint_word_read(&read, bytes, sizeof bytes));
    assert_int_equal(read.what, word.what);
    assert_int_equal(read.id, word.id);
    assert_string_equal(read.text, word.text);
    assert_false(balint_word_read(&read, bytes, sizeof bytes - 1));
    static const struct {
        int at, value;
    } bent[] = {{0, 2}, {1, 3}, {1, 0},  {1, 2},    {2, 121}, {2, 6},
                {2, 8}, {3, 1}, {9, 10}, {9, 0xff}, {215, 1}};
    for (size_t i = 0; i < sizeof bent / sizeof *bent; i++) {
        memcpy(bad, bytes, sizeof bad);
        bad[bent[i].at] = (uint8_t)bent[i].value;
        assert_false(balint_word_read(&read, bad, sizeof bad));
    }
    memcpy(bad, bytes, sizeof bad);
    memset(bad + 4, 0, 4); /* no id */
    assert_false(balint_word_read(&read, bad, sizeof bad));
}

static void what_can_be_said(void **unused)
{
    (void)unused;
    char text[200];
    assert_null(balint_word_wrong("Das ist mir zu nah – bitte weiter."));
    memset(text, 'm', sizeof text);
    text[120] = '\0';
    assert_null(balint_word_wrong(text));
    static const char *const wrong[] = {"", "   ", "two\nlines", "tab\there", "\xff", "\xe2\x80\xae turned"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_non_null(balint_word_wrong(wrong[i]));
    text[120] = 'm';
    text[121] = '\0';
    assert_non_null(strstr(balint_word_wrong(text), "shorter"));
}

/* ---- quiet signals */

static void leaders_are_told_and_nobody_else(void **unused)
{
    (void)unused;
    struct group *group = begin();
    balint_post_quiet(&group->posts[CLEO], true);
    pass_slots(group, 3);
    for (int i = 0; i < PEOPLE; i++)
        assert_int_equal(group->news_count[i][BALINT_NEWS_QUIET], i <= BEN ? 1 : 0);
    assert_int_equal(group->news[ANN].seat, CLEO);
    assert_true(group->news[ANN].on);
    /* The person learns that the leaders were told. */
    assert_int_equal(group->news_count[CLEO][BALINT_NEWS_HEARD], 2);
    assert_int_equal(group->sent[CLEO][DORA] + group->sent[CLEO][OLGA], 0);
    pass_slots(group, 20); /* once taken it is not said for ever */
    assert_int_equal(group->sent[CLEO][ANN], 1);
    balint_post_quiet(&group->posts[CLEO], false);
    pass_slots(group, 3);
    assert_int_equal(group->news_count[ANN][BALINT_NEWS_QUIET], 2);
    assert_false(group->news[ANN].on);
    free(group);
}

/* Who becomes deputy while their signal stands takes it back, and tells no member that there was one. */
static void a_new_deputys_signal_ends(void **unused)
{
    (void)unused;
    struct group *group = begin();
    enum balint_envelope_kind kind;
    uint8_t body[BALINT_WORD_SIZE];
    struct balint_news news;
    balint_post_quiet(&group->posts[CLEO], true);
    pass_slots(group, 3);
    for (int i = 0; i < PEOPLE; i++)
        group->states[i].seats[CLEO].role = BALINT_CO_LEADER;
    balint_post_quiet(&group->posts[CLEO], false);
    assert_false(
        balint_post_next(&group->posts[CLEO], &group->states[CLEO], DORA, group->now_us, &kind, body));
    group->now_us += BALINT_POST_AGAIN_US;
    assert_true(balint_post_next(&group->posts[CLEO], &group->states[CLEO], ANN, group->now_us, &kind, body));
    balint_post_take(&group->posts[ANN], &group->states[ANN], CLEO, kind, body, sizeof body, &news);
    assert_int_equal(news.kind, BALINT_NEWS_QUIET);
    assert_false(news.on);
    free(group);
}

static void a_leader_who_was_away_is_told_later(void **unused)
{
    (void)unused;
    static const uint32_t again[PEOPLE] = {2, 1, 1, 1, 1};
    struct group *group = begin();
    group->lost[CLEO] = 1 << ANN;
    balint_post_quiet(&group->posts[CLEO], true);
    pass_slots(group, 100); /* longer than a word is said */
    assert_int_equal(group->news_count[ANN][BALINT_NEWS_QUIET], 0);
    group->lost[CLEO] = 0;
    pass_slots(group, 6);
    assert_int_equal(group->news_count[ANN][BALINT_NEWS_QUIET], 1);
    /* Her program is started again: it is told anew. */
    memset(&group->posts[ANN], 0, sizeof group->posts[ANN]);
    say_state(group, again, (1 << PEOPLE) - 1);
    pass_slots(group, 6);
    assert_int_equal(group->news_count[ANN][BALINT_NEWS_QUIET], 2);
    assert_true(group->news[ANN].on);
    /* Cleo leaves: nobody is shown a signal of who is gone. */
    say_state(group, again, ((1 << PEOPLE) - 1) & ~(1 << CLEO));
    assert_int_equal(group->news_count[ANN][BALINT_NEWS_QUIET], 3);
    assert_false(group->news[ANN].on);
    free(group);
}

static void the_last_word_counts(void **unused)
{
    (void)unused;
    struct group *group = begin();
    group->loss = 40;
    for (int i = 0; i < 31; i++) {
        balint_post_quiet(&group->posts[CLEO], i % 2 == 0);
        pass_slots(group, rand() % 5);
    }
    group->loss = 0;
    pass_slots(group, 10);
    assert_true(group->news[ANN].on && group->news[BEN].on);
    balint_post_quiet(&group->posts[CLEO], false);
    pass_slots(group, 10);
    assert_false(group->news[ANN].on || group->news[BEN].on);
    free(group);
}

/* ---- answers and the line */

static void an_answer_is_for_one_person(void **unused)
{
    (void)unused;
    struct group *group = begin();
    balint_post_quiet(&group->posts[CLEO], true);
    pass_slots(group, 3);
    assert_true(balint_post_answer(&group->posts[ANN], &group->states[ANN], CLEO, "I will move on.",
                                   group->now_us) > 0);
    pass_slots(group, 4);
    assert_string_equal(group->news[CLEO].text, "I will move on.");
    assert_int_equal(group->news[CLEO].seat, ANN);
    for (int i = 0; i < PEOPLE; i++)
        assert_int_equal(group->news_count[i][BALINT_NEWS_ANSWER], i == CLEO);
    assert_int_equal(group->sent[ANN][DORA] + group->sent[ANN][OLGA], 0);
    /* The leader learns that it was taken, and the signal is over for both leaders. */
    assert_int_equal(group->news_count[ANN][BALINT_NEWS_TOLD], 1);
    assert_false(group->posts[CLEO].quiet);
    assert_int_equal(group->news_count[ANN][BALINT_NEWS_QUIET], 2);
    assert_int_equal(group->news_count[BEN][BALINT_NEWS_QUIET], 2);
    free(group);
}

static void the_line_is_the_leaders(void **unused)
{
    (void)unused;
    struct group *group = begin();
    assert_true(balint_post_line(&group->posts[BEN], &group->states[BEN], "Shall we go on?", group->now_us));
    pass_slots(group, 4);
    for (int i = 0; i < PEOPLE; i++)
        assert_int_equal(group->news_count[i][BALINT_NEWS_LINE], i == ANN);
    assert_string_equal(group->news[ANN].text, "Shall we go on?");
    free(group);
}

static void words_are_heard_once_whatever_is_lost(void **unused)
{
    (void)unused;
    struct group *group = begin();
    group->loss = 50;
    for (int i = 0; i < 30; i++) {
        char text[32];
        snprintf(text, sizeof text, "word %d", i);
        assert_true(balint_post_line(&group->posts[BEN], &group->states[BEN], text, group->now_us));
        pass_slots(group, 15);
    }
    group->loss = 0;
    pass_slots(group, 10);
    assert_int_equal(group->news_count[ANN][BALINT_NEWS_LINE], 30);
    free(group);
}

static void what_is_not_taken_is_given_up_and_said(void **unused)
{
    (void)unused;
    struct group *group = begin();
    struct balint_news news;
    group->lost[ANN] = 1 << CLEO;
    uint32_t id = balint_post_answer(&group->posts[ANN], &group->states[ANN], CLEO, "Hello", group->now_us);
    pass_slots(group, 55);
    assert_true(balint_post_is_under_way(&group->posts[ANN], id));
    assert_false(balint_post_given_up(&group->posts[ANN], &group->states[ANN], group->now_us, &news));
    pass_slots(group, 10);
    assert_true(balint_post_given_up(&group->posts[ANN], &group->states[ANN], group->now_us, &news));
    assert_int_equal(news.kind, BALINT_NEWS_TOLD);
    assert_int_equal(news.seat, CLEO);
    assert_false(news.on);
    assert_false(balint_post_is_under_way(&group->posts[ANN], id));
    group->lost[ANN] = 0;
    pass_slots(group, 10);
    assert_int_equal(group->news_count[CLEO][BALINT_NEWS_ANSWER], 0);
    free(group);
}

/* ---- who may say what */

static void nobody_says_what_is_not_theirs(void **unused)
{
    (void)unused;
    static const enum balint_envelope_kind kinds[] = {BALINT_ENVELOPE_QUIET, BALINT_ENVELOPE_WORD,
                                                      BALINT_ENVELOPE_ANSWER};
    for (int from = 0; from < PEOPLE; from++)
        for (int to = 0; to < PEOPLE; to++)
            for (int k = 0; k < 3; k++) {
                struct group *group = begin();
                struct balint_word word = {.what = BALINT_WORD_SAY, .id = 1};
                struct balint_news news;
                uint8_t body[BALINT_WORD_SIZE];
                bool leads = from <= BEN, to_leader = to <= BEN;
                if (kinds[k] != BALINT_ENVELOPE_QUIET)
                    strcpy(word.text, "hello");
                balint_word_write(&word, body);
                balint_post_take(&group->posts[to], &group->states[to], from, kinds[k], body, sizeof body,
                                 &news);
                bool may = from != to && (kinds[k] == BALINT_ENVELOPE_QUIET  ? !leads && to_leader
                                          : kinds[k] == BALINT_ENVELOPE_WORD ? leads && to_leader
                                                                             : leads);
                assert_int_equal(news.kind != BALINT_NEWS_NOTHING, may);
                free(group);
            }
}

/* An acknowledgement of somebody whom it was not for changes nothing. */
static void only_the_addressee_takes_it(void **unused)
{
    (void)unused;
    struct group *group = begin();
    struct balint_news news;
    uint8_t body[BALINT_WORD_SIZE];
    uint32_t id = balint_post_answer(&group->posts[ANN], &group->states[ANN], CLEO, "Hello", group->now_us);
    struct balint_word taken = {.what = BALINT_WORD_TAKEN, .id = id};
    balint_word_write(&taken, body);
    balint_post_take(&group->posts[ANN], &group->states[ANN], DORA, BALINT_ENVELOPE_ANSWER, body, sizeof body,
                     &news);
    assert_int_equal(news.kind, BALINT_NEWS_NOTHING);
    assert_true(balint_post_is_under_way(&group->posts[ANN], id));
    /* nor does a member's word that the leaders know */
    balint_post_quiet(&group->posts[CLEO], true);
    taken.id = group->posts[CLEO].quiet_id;
    balint_word_write(&taken, body);
    balint_post_take(&group->posts[CLEO], &group->states[CLEO], DORA, BALINT_ENVELOPE_QUIET, body,
                     sizeof body, &news);
    assert_int_equal(news.kind, BALINT_NEWS_NOTHING);
    free(group);
}

static void no_more_than_fit_are_under_way(void **unused)
{
    (void)unused;
    struct group *group = begin();
    for (int i = 0; i < BALINT_POST_NOTES; i++)
        assert_true(balint_post_line(&group->posts[ANN], &group->states[ANN], "one more", group->now_us));
    assert_false(balint_post_line(&group->posts[ANN], &group->states[ANN], "too many", group->now_us));
    assert_int_equal(
        balint_post_answer(&group->posts[ANN], &group->states[ANN], CLEO, "too many", group->now_us), 0);
    assert_int_equal(
        balint_post_answer(&group->posts[BEN], &group->states[BEN], PEOPLE, "nobody", group->now_us), 0);
    free(group);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bytes),
        cmocka_unit_test(what_can_be_said),
        cmocka_unit_test(leaders_are_told_and_nobody_else),
        cmocka_unit_test(a_new_deputys_signal_ends),
        cmocka_unit_test(a_leader_who_was_away_is_told_later),
        cmocka_unit_test(the_last_word_counts),
        cmocka_unit_test(an_answer_is_for_one_person),
        cmocka_unit_test(the_line_is_the_leaders),
        cmocka_unit_test(words_are_heard_once_whatever_is_lost),
        cmocka_unit_test(what_is_not_taken_is_given_up_and_said),
        cmocka_unit_test(nobody_says_what_is_not_theirs),
        cmocka_unit_test(only_the_addressee_takes_it),
        cmocka_unit_test(no_more_than_fit_are_under_way),
    };
    return cmocka_run_group_tests_name("call_post", tests, NULL, NULL);
}
