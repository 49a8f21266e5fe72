/* client_asks.c - what a key asks for, and the line that comes of the second key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "client/asks.h"

static struct balint_state state;
static struct balint_ask asks[BALINT_SEATS];

static int begin(void **unused)
{
    (void)unused;
    memset(&state, 0, sizeof state);
    state.format = *balint_format_find("interrupted-story");
    state.seat_count = 3;
    state.you = BALINT_NOBODY;
    for (int i = 0; i < 3; i++) {
        state.seats[i].seat = 2 * i;
        snprintf(state.seats[i].name, sizeof state.seats[i].name, "Person %d", i);
    }
    state.lobby_count = 1;
    state.lobby[0].seat = 9;
    strcpy(state.lobby[0].name, "At the door");
    return 0;
}

static const struct balint_key_row *key_of(const char *line)
{
    for (int key = 1; key < 127; key++) {
        const struct balint_key_row *row = balint_key_find((char)key);
        if (row != NULL && strcmp(row->line, line) == 0)
            return row;
    }
    fail_msg("no key writes \"%s\"", line);
    return NULL;
}

static void answered(const char *first, char key, const char *want, int whose)
{
    char line[BALINT_LINE_SIZE];
    int seat;
    assert_true(balint_answer(key_of(first), &state, key, line, &seat));
    assert_string_equal(line, want);
    assert_int_equal(seat, whose);
}

static int phase_of(const char *id)
{
    for (int i = 0; i < state.format.count; i++)
        if (strcmp(state.format.phases[i].id, id) == 0)
            return i;
    fail_msg("no phase %s", id);
    return -1;
}

static void a_person_is_meant_by_the_key_of_the_seat(void **unused)
{
    (void)unused;
    for (int i = 0; i < 3; i++)
        state.seats[i].role = BALINT_MEMBER;
    assert_int_equal(balint_asks(key_of("present"), &state, asks), 3);
    assert_int_equal(asks[1].key, '3');
    assert_int_equal(asks[1].seat, 2);
    assert_string_equal(asks[1].text, "Person 1");
    answered("present", '3', "present 2", 2);
    answered("present", 'g', "present 15", 15);
    answered("present", '0', "present nobody", BALINT_NOBODY);
    answered("answer", '3', "answer 2", 2); /* and a word behind it */
    answered("lead", '0', "", BALINT_NOBODY);
    assert_int_equal(balint_asks(key_of("admit"), &state, asks), 1);
    assert_string_equal(asks[0].text, "At the door");
    assert_int_equal(asks[0].key, 'a');
    char line[BALINT_LINE_SIZE];
    int seat;
    assert_false(balint_answer(key_of("present"), &state, 'm', line, &seat)); /* a key of its own */
}

static void only_a_hand_that_is_up_is_lowered(void **unused)
{
    (void)unused;
    const struct balint_key_row *row = key_of("hand off");
    assert_int_equal(balint_asks(row, &state, asks), 0);
    assert_string_equal(balint_asks_nothing(row), "nobody has a hand up");
    state.seats[2].hand_ms = 7;
    assert_int_equal(balint_asks(row, &state, asks), 1);
    assert_string_equal(asks[0].text, "Person 2");
    answered("hand off", asks[0].key, "hand off 4", 4);
}

/* BALINT.md, "The people": an observer listens only, and a case is a person's own decision: who has one comes
 * first. A key that is for others does not offer the leader who presses it. */
static void who_it_can_be_asked_of(void **unused)
{
    (void)unused;
    static const char *const others[] = {"answer", "remove", "mute-for-cause", "deputy"};
    state.you = 0;
    state.seats[0].role = BALINT_LEADER;
    state.seats[1].role = BALINT_OBSERVER;
    state.seats[2].role = BALINT_MEMBER;
    assert_int_equal(balint_asks(key_of("present"), &state, asks), 2);
    assert_string_equal(asks[0].text, "Person 0");
    assert_string_equal(asks[1].text, "Person 2");
    state.seats[2].volunteers = true;
    assert_int_equal(balint_asks(key_of("present"), &state, asks), 2);
    assert_string_equal(asks[0].text, "Person 2, has a case");
    assert_int_equal(asks[0].key, '5');
    assert_string_equal(asks[1].text, "Person 0");
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_int_equal(balint_asks(key_of(others[i]), &state, asks), 2);
        assert_string_equal(asks[0].text, "Person 1");
        assert_string_equal(asks[1].text, "Person 2"); /* the case is nobody's business there */
    }
    assert_int_equal(balint_asks(key_of("lead"), &state, asks), 1);
    assert_string_equal(asks[0].text, "Person 0");
    assert_int_equal(balint_asks(key_of("admit"), &state, asks), 1);
}

/* BALINT.md: "several step-backs inside one case (the leader interrupts the story, the group responds, the
 * story goes on)": the way from the discussion to the story is a loop, with a key. */
static void the_steps_from_here_are_told_by_title(void **unused)
{
    (void)unused;
    const struct balint_key_row *row = key_of("phase");
    assert_true(balint_asks_phase(row) && row->leaders);
    state.phase = phase_of("discussion");
    assert_int_equal(balint_asks(row, &state, asks), 4);
    assert_string_equal(asks[0].text, "Presentation");
    assert_string_equal(asks[1].text, "Questions, back");
    assert_string_equal(asks[2].text, "Return, next");
    assert_string_equal(asks[3].text, "Corridor, the evening ends for all");
    answered("phase", '1', "phase presentation", BALINT_NOBODY);
    answered("phase", '4', "phase corridor", BALINT_NOBODY);
    answered("phase", '5', "", BALINT_NOBODY);
    answered("phase", '0', "", BALINT_NOBODY);
    char line[BALINT_LINE_SIZE];
    int seat;
    assert_false(balint_answer(row, &state, 'b', line, &seat)); /* back a phase, as always */
}

/* A number means the step that was shown, not what stands there since another leader was faster. */
static void a_number_shown_before_is_no_other_step(void **unused)
{
    (void)unused;
    struct balint_asked asked;
    balint_asked_note(&asked, &state);
    assert_false(balint_asked_stale(key_of("phase"), &asked, &state));
    state.phase++;
    assert_true(balint_asked_stale(key_of("phase"), &asked, &state));
    assert_false(balint_asked_stale(key_of("present"), &asked, &state));
    state.phase--;
    state.format = *balint_format_find("two-cases"); /* in the same phase, while people arrive */
    assert_true(balint_asked_stale(key_of("phase"), &asked, &state));
    assert_false(balint_asked_stale(key_of("present"), &asked, &state));
}

/* Whatever can be entered has a key, and whatever has a key can be entered. */
static void every_legal_edge_of_every_format(void **unused)
{
    (void)unused;
    const struct balint_key_row *row = key_of("phase");
    for (int f = 0; f <= BALINT_SHIPPED; f++) {
        if (f < BALINT_SHIPPED)
            state.format = *balint_format_shipped(f);
        else /* as many edges as there can be */
            for (int i = 0; i < BALINT_PHASES; i++) {
                snprintf(state.format.phases[i].id, BALINT_ID_SIZE, "%d", i + 1);
                memset(state.format.phases[i].title, 'x', BALINT_NAME_SIZE - 1);
                state.format.phases[i].loops = 0xffff;
                state.format.count = BALINT_PHASES;
            }
        for (state.phase = 0; state.phase < state.format.count; state.phase++) {
            int count = balint_asks(row, &state, asks), at = 0;
            for (int to = 0; to < state.format.count; to++) {
                char want[BALINT_LINE_SIZE];
                if (!balint_format_edge(&state.format, state.phase, to))
                    continue;
                snprintf(want, sizeof want, "phase %s", state.format.phases[to].id);
                assert_true(at < count);
                answered("phase", asks[at++].key, want, BALINT_NOBODY);
            }
            assert_int_equal(at, count);
        }
    }
    state.format.count = 0; /* in the lobby nothing is told */
    state.phase = 0;
    assert_int_equal(balint_asks(row, &state, asks), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_person_is_meant_by_the_key_of_the_seat, begin),
        cmocka_unit_test_setup(who_it_can_be_asked_of, begin),
        cmocka_unit_test_setup(only_a_hand_that_is_up_is_lowered, begin),
        cmocka_unit_test_setup(the_steps_from_here_are_told_by_title, begin),
        cmocka_unit_test_setup(a_number_shown_before_is_no_other_step, begin),
        cmocka_unit_test_setup(every_legal_edge_of_every_format, begin),
    };
    return cmocka_run_group_tests_name("client_asks", tests, NULL, NULL);
}
