/* overlay_words.c - the words on the screen are BALINT.md's, time is soft, and who may know what is kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "unit/overlay_view.h"

static struct evening evening;

#define MINUTE 60000

static const char *time_of(int minutes, int64_t ms)
{
    static char text[80];
    balint_words_time(minutes, ms, text, sizeof text);
    return text;
}

/* "A phase that runs over shows it calmly." */
static void test_time(void **unused)
{
    (void)unused;
    assert_string_equal(time_of(25, 0), "just begun, about 25 minutes");
    assert_string_equal(time_of(25, 5 * MINUTE), "about 5 of 25 minutes");
    assert_string_equal(time_of(25, 5 * MINUTE + 59999), "about 5 of 25 minutes");
    assert_string_equal(time_of(25, 25 * MINUTE), "about 25 minutes");
    assert_string_equal(time_of(25, 27 * MINUTE), "a little over 25 minutes, that is fine");
    assert_string_equal(time_of(25, 90 * MINUTE), "over 25 minutes, that is fine");
    assert_string_equal(time_of(1, 10), "just begun, about 1 minute");
    assert_string_equal(time_of(0, 10 * MINUTE), "");
    assert_string_equal(time_of(25, -5), "just begun, about 25 minutes");
}

/* "No countdown in seconds": whatever the time, it changes once a minute at most, never falls, and speaks of
 * minutes alone. */
static void test_time_is_soft(void **unused)
{
    (void)unused;
    for (int minutes = 1; minutes <= 60; minutes++) {
        int last = 0;
        for (int64_t minute = 0; minute < 150; minute++) {
            char begin[80];
            snprintf(begin, sizeof begin, "%s", time_of(minutes, minute * MINUTE));
            for (int64_t ms = 0; ms < MINUTE; ms += 7001)
                assert_string_equal(time_of(minutes, minute * MINUTE + ms), begin);
            assert_null(strstr(begin, "sec"));
            assert_null(strchr(begin, ':'));
            assert_null(strchr(begin, '-'));
            assert_null(strchr(begin, '!'));
            assert_null(strstr(begin, "left"));
            assert_non_null(strstr(begin, "minute"));
            if (strncmp(begin, "about ", 6) == 0 && strstr(begin, " of ") != NULL) {
                int shown = (int)strtol(begin + 6, NULL, 10);
                assert_true(shown > last);
                last = shown;
            }
        }
    }
}

static void test_counts(void **unused)
{
    (void)unused;
    char text[48];
    balint_words_spoken(0, text, sizeof text);
    assert_string_equal(text, "nothing yet");
    balint_words_spoken(59999, text, sizeof text);
    assert_string_equal(text, "<1 min");
    balint_words_spoken(4 * MINUTE, text, sizeof text);
    assert_string_equal(text, "4 min");
    balint_words_since(-1, text, sizeof text);
    assert_string_equal(text, "not heard yet");
    balint_words_since(59000, text, sizeof text);
    assert_string_equal(text, "just now");
    balint_words_since(3 * MINUTE + 5, text, sizeof text);
    assert_string_equal(text, "3 min ago");
    balint_words_turns(1, text, sizeof text);
    assert_string_equal(text, "1 turn");
    balint_words_turns(6, text, sizeof text);
    assert_string_equal(text, "6 turns");
    balint_words_share(0.344, text, sizeof text);
    assert_string_equal(text, "34 %");
    balint_words_share(7, text, sizeof text);
    assert_string_equal(text, "100 %");
    balint_words_share(0.0 / 0.0, text, sizeof text);
    assert_string_equal(text, "0 %");
}

static const char *plate(int looks, int seat, enum balint_line line)
{
    static char text[160];
    evening.view.state = &evening.state;
    evening.view.seat = looks;
    balint_words_seat(&evening.view, &evening.state.seats[seat], line, text, sizeof text);
    return text;
}

/* "Every tile says whether sound is arriving", and silence is told apart from a lost sound. */
static void test_plates(void **unused)
{
    (void)unused;
    evening_begin(&evening);
    assert_string_equal(plate(BELA, CSILLA, BALINT_LINE_SOUND), "sound arriving");
    assert_string_equal(plate(BELA, CSILLA, BALINT_LINE_NONE), "no sound yet");
    assert_string_equal(plate(BELA, CSILLA, BALINT_LINE_LOST), "line lost");
    assert_string_equal(plate(BELA, CSILLA, BALINT_LINE_CLOSED), "link not proven, closed");
    assert_string_equal(plate(BELA, CSILLA, BALINT_LINE_UNKNOWN), "connected");
    assert_string_equal(plate(BELA, BELA, BALINT_LINE_UNKNOWN), "you, microphone open");
    char own[64] = "you, microphone open";
    balint_words_own_devices(&(struct balint_tile){.no_camera = true}, own, sizeof own);
    assert_string_equal(own, "you, microphone open, no camera");
    own[0] = '\0';
    balint_words_own_devices(&(struct balint_tile){.no_camera = true}, own, sizeof own);
    balint_words_own_devices(&(struct balint_tile){.no_camera = false}, own, sizeof own);
    assert_string_equal(own, "no camera");
    assert_string_equal(plate(BELA, DORA, BALINT_LINE_SOUND), "stepped back");
    assert_string_equal(plate(BELA, DORA, BALINT_LINE_LOST), "stepped back, line lost");
    assert_string_equal(plate(BELA, OLGA, BALINT_LINE_SOUND), "observer");
    evening.state.seats[CSILLA].connected = false;
    assert_string_equal(plate(BELA, CSILLA, BALINT_LINE_UNKNOWN), "line lost");
    assert_string_equal(plate(BELA, CSILLA, BALINT_LINE_NONE), "line lost");
    /* media outlives the signalling */
    assert_string_equal(plate(BELA, CSILLA, BALINT_LINE_SOUND), "sound arriving");
    evening.state.seats[CSILLA].connected = true;
    evening.state.seats[CSILLA].muted = true;
    assert_string_equal(plate(BELA, CSILLA, BALINT_LINE_SOUND), "muted");
    assert_string_equal(plate(CSILLA, CSILLA, BALINT_LINE_SOUND), "muted");
    evening.state.seats[CSILLA].away = true;
    assert_string_equal(plate(BELA, CSILLA, BALINT_LINE_SOUND), "away");
}

/* Sitting out is told to "leaders alone, others see away"; muted by a leader to them and to that person.
 * Whatever else is set. */
static void test_plates_keep_what_leaders_know(void **unused)
{
    (void)unused;
    for (int flags = 0; flags < 64; flags++) {
        for (int line = 0; line < BALINT_LINES; line++) {
            evening_begin(&evening);
            struct balint_state_seat *seat = &evening.state.seats[CSILLA];
            seat->muted = flags & 1;
            seat->muted_for_cause = flags & 2;
            seat->away = flags & 4;
            seat->sitting_out = flags & 8;
            seat->connected = !(flags & 16);
            seat->hand_ms = flags & 32;
            const int others[] = {DORA, BELA, OLGA};
            for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
                const char *text = plate(others[i], CSILLA, (enum balint_line)line);
                assert_null(strstr(text, "sitting"));
                assert_null(strstr(text, "leader"));
                assert_true(text[0] != '\0');
            }
            if (seat->sitting_out && seat->connected && line != BALINT_LINE_LOST &&
                line != BALINT_LINE_CLOSED) {
                assert_string_equal(plate(BELA, CSILLA, (enum balint_line)line), "away");
                assert_string_equal(plate(GABOR, CSILLA, (enum balint_line)line), "sitting out");
                assert_string_equal(plate(CSILLA, CSILLA, (enum balint_line)line), "sitting out");
            }
            if ((flags & 0x1e) == 2 && line != BALINT_LINE_LOST && line != BALINT_LINE_CLOSED) {
                assert_string_equal(plate(BELA, CSILLA, (enum balint_line)line), "muted");
                assert_string_equal(plate(ANNA, CSILLA, (enum balint_line)line), "muted by a leader");
                assert_string_equal(plate(CSILLA, CSILLA, (enum balint_line)line), "muted by a leader");
            }
        }
    }
}

static const char *roles(int seat)
{
    static char text[240];
    evening.view.state = &evening.state;
    evening.view.seat = seat;
    balint_words_roles(&evening.view, text, sizeof text);
    return text;
}

static void test_roles(void **unused)
{
    (void)unused;
    evening_begin(&evening);
    assert_string_equal(roles(BELA), "Anna leads  ·  Dóra presents");
    assert_string_equal(roles(ANNA), "You lead  ·  Dóra presents");
    assert_string_equal(roles(DORA), "Anna leads  ·  you present");
    evening.state.proposed = BELA; /* the server tells it to leaders and to who is asked alone */
    assert_string_equal(roles(ANNA), "You lead  ·  Dóra presents  ·  Béla is asked to present");
    assert_string_equal(roles(BELA), "Anna leads  ·  Dóra presents"); /* it is said below, to oneself */
    evening.state.proposed = BALINT_NOBODY;
    evening.state.presenter = BALINT_NOBODY;
    assert_string_equal(roles(BELA), "Anna leads");
    evening.state.leads = BALINT_NOBODY;
    assert_string_equal(roles(BELA), "");
    evening.state.led = false;
    assert_string_equal(roles(BELA), "No leader is here; you can go on talking");
}

/* "the presenter is invited back": nobody is said to listen, or to present, who has done so. */
static void test_who_presented(void **unused)
{
    (void)unused;
    static const struct {
        const char *phase;
        bool stepped_back;
        const char *ribbon, *panel;
    } cases[] = {
        {"presentation", false, "You lead  ·  Dóra presents", "Dóra presents"},
        {"presentation", true, "You lead  ·  Dóra presents", "Dóra presents, and listens"},
        {"questions", false, "You lead  ·  Dóra presents", "Dóra presents"},
        {"discussion", true, "You lead  ·  Dóra presents", "Dóra presents, and listens"},
        {"discussion", false, "You lead  ·  Dóra presents", "Dóra presents"},         /* has returned early */
        {"return", true, "You lead  ·  Dóra presents", "Dóra presents, and listens"}, /* own key to come */
        {"return", false, "You lead  ·  Dóra presented", "Dóra presented"},
        {"closing", false, "You lead  ·  Dóra presented", "Dóra presented"},
        {"corridor", false, "You lead", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[120];
        evening_begin(&evening);
        struct balint_state *state = &evening.state;
        for (state->phase = 0; strcmp(state->format.phases[state->phase].id, cases[i].phase) != 0;
             state->phase++)
            ;
        state->stepped_back = cases[i].stepped_back;
        assert_string_equal(roles(ANNA), cases[i].ribbon);
        balint_words_presenter(state, &evening.balance, text, sizeof text);
        assert_string_equal(text, cases[i].panel);
    }
    char text[120]; /* of an earlier case, whose discussion is still shown */
    evening_begin(&evening);
    evening.state.stepped_back = false;
    evening.state.presenter = BELA;
    balint_words_presenter(&evening.state, &evening.balance, text, sizeof text);
    assert_string_equal(text, "Dóra presented");
}

static const char *round_words(int seat)
{
    static char text[240];
    evening.view.state = &evening.state;
    evening.view.seat = seat;
    balint_words_round(&evening.view, text, sizeof text);
    return text;
}

static void test_round(void **unused)
{
    (void)unused;
    evening_begin(&evening);
    assert_string_equal(round_words(BELA), "");
    evening.state.round = true;
    evening.state.seats[BELA].turn = 1;
    evening.state.seats[CSILLA].turn = 2;
    evening.state.seats[ANNA].turn = 3;
    assert_string_equal(round_words(ANNA),
                        "Béla's turn, then Csilla. Half a minute or so each; passing is fine.");
    assert_string_equal(round_words(CSILLA), "Béla's turn; you are next.");
    assert_string_equal(round_words(BELA),
                        "It is your turn: half a minute or so, or pass; T when you are done. Then Csilla.");
    evening.state.seats[CSILLA].turn = evening.state.seats[ANNA].turn = 0;
    assert_string_equal(round_words(ANNA), "Béla's turn. Half a minute or so each; passing is fine.");
    evening.state.seats[BELA].turn = 0;
    assert_string_equal(round_words(ANNA), "The round is complete.");
}

/* Characters are not cut in two, whatever the room. */
static void test_cutting(void **unused)
{
    (void)unused;
    const char whole[] = "aé€😀z";
    const size_t ends[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11};
    for (size_t size = 1; size <= sizeof whole; size++) {
        char text[16];
        memset(text, 'x', sizeof text);
        balint_words_copy(text, size, whole);
        assert_int_equal(strlen(text), ends[size - 1]);
        assert_memory_equal(text, whole, ends[size - 1]);
        assert_int_equal(text[size], 'x');
    }
}

/* While a format may be chosen the leader sees which one it is; nobody else is told of formats. */
static void the_phase_says_which_format_is_chosen(void **state)
{
    (void)state;
    static struct balint_state seen;
    char text[2 * BALINT_NAME_SIZE];
    seen.format = *balint_format_find("two-cases");
    balint_words_phase(&seen, text, sizeof text);
    assert_string_equal(text, "Gathering");
    seen.choice_count = 5;
    balint_words_phase(&seen, text, sizeof text);
    assert_string_equal(text, "Gathering · Two cases");
    seen.phase = 10;
    seen.choice_count = 0;
    balint_words_phase(&seen, text, sizeof text);
    assert_string_equal(text, "Second case: discussion");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_phase_says_which_format_is_chosen),
        cmocka_unit_test(test_time),
        cmocka_unit_test(test_time_is_soft),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_plates),
        cmocka_unit_test(test_plates_keep_what_leaders_know),
        cmocka_unit_test(test_roles),
        cmocka_unit_test(test_who_presented),
        cmocka_unit_test(test_round),
        cmocka_unit_test(test_cutting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
