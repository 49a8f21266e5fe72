/* client_look.c - the key that looks at who is new at the door, and lets that person in at the next press. */
#include "client/look.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define S 1000000 /* a second */

static struct balint_state state;
static struct balint_doorway door;
static struct balint_look look;
static struct balint_state_seat admitted;

static void waits(int seat, const char *name, enum balint_door_standing standing)
{
    struct balint_state_seat *person = &state.lobby[state.lobby_count++];
    *person = (struct balint_state_seat){.seat = seat, .epoch = 3};
    strcpy(person->name, name);
    snprintf(person->member, sizeof person->member, "m%d", seat);
    door.standing[seat] = standing;
}

static void leaves(int index)
{
    state.lobby_count--;
    for (int i = index; i < state.lobby_count; i++)
        state.lobby[i] = state.lobby[i + 1];
}

static int begin(void **unused)
{
    (void)unused;
    memset(&state, 0, sizeof state);
    memset(&door, 0, sizeof door);
    memset(&look, 0, sizeof look);
    memset(&admitted, 0, sizeof admitted);
    return 0;
}

static enum balint_look_step press(int64_t at_us)
{
    return balint_look_next(&look, &state, &door, at_us, &admitted);
}

/* A first evening: one key, and one press a person. */
static void everybody_is_new(void **unused)
{
    (void)unused;
    waits(3, "Béla", BALINT_DOOR_NEW);
    waits(4, "Csilla", BALINT_DOOR_NEW);
    waits(5, "Dóra", BALINT_DOOR_OTHER_DEVICE);
    assert_int_equal(press(0), BALINT_LOOK_BEGINS);
    assert_string_equal(look.person.name, "Béla");
    assert_int_equal(press(2 * S), BALINT_LOOK_GOES_ON);
    assert_string_equal(admitted.name, "Béla");
    assert_string_equal(look.person.name, "Csilla");
    leaves(0);
    assert_int_equal(press(4 * S), BALINT_LOOK_GOES_ON);
    assert_string_equal(admitted.name, "Csilla");
    assert_string_equal(look.person.name, "Dóra");
    leaves(0);
    assert_int_equal(press(6 * S), BALINT_LOOK_ENDS);
    assert_string_equal(admitted.name, "Dóra");
    leaves(0);
    assert_int_equal(press(8 * S), BALINT_LOOK_NOBODY);
}

static void a_key_that_is_held_lets_nobody_in(void **unused)
{
    (void)unused;
    waits(3, "Béla", BALINT_DOOR_NEW);
    assert_int_equal(press(0), BALINT_LOOK_BEGINS);
    assert_int_equal(press(30000), BALINT_LOOK_TOO_SOON);
    assert_int_equal(press(S - 1), BALINT_LOOK_TOO_SOON);
    assert_int_equal(press(S), BALINT_LOOK_ENDS);
}

/* Who sits there at the second press must be who was looked at. */
static void another_program_on_the_seat_is_looked_at_anew(void **unused)
{
    (void)unused;
    waits(3, "Béla", BALINT_DOOR_NEW);
    assert_int_equal(press(0), BALINT_LOOK_BEGINS);
    state.lobby[0].epoch++;
    assert_int_equal(press(2 * S), BALINT_LOOK_BEGINS);
    strcpy(state.lobby[0].member, "somebody");
    assert_int_equal(press(4 * S), BALINT_LOOK_BEGINS);
    state.lobby[0].seat = 6;
    door.standing[6] = BALINT_DOOR_NEW;
    assert_int_equal(press(6 * S), BALINT_LOOK_BEGINS);
    assert_int_equal(press(8 * S), BALINT_LOOK_ENDS);
    assert_int_equal(admitted.seat, 6);
}

static void who_left_is_not_let_in(void **unused)
{
    (void)unused;
    waits(3, "Béla", BALINT_DOOR_NEW);
    waits(4, "Csilla", BALINT_DOOR_NEW);
    assert_int_equal(press(0), BALINT_LOOK_BEGINS);
    leaves(0);
    balint_look_state(&look, &state);
    assert_false(look.looking);
    assert_int_equal(press(2 * S), BALINT_LOOK_BEGINS);
    assert_string_equal(look.person.name, "Csilla");
}

static void only_who_is_new_comes_by_itself(void **unused)
{
    (void)unused;
    waits(3, "Béla", BALINT_DOOR_KNOWN);
    waits(4, "Csilla", BALINT_DOOR_UNPROVEN);
    waits(5, "Dóra", BALINT_DOOR_UNSAID);
    assert_int_equal(press(0), BALINT_LOOK_NOBODY);
    assert_true(balint_look_at(&look, &state.lobby[0], &door, 0)); /* by name also who is known */
    assert_false(balint_look_at(&look, &state.lobby[1], &door, 0));
    assert_int_equal(press(2 * S), BALINT_LOOK_ENDS);
    assert_string_equal(admitted.name, "Béla");
}

/* A word that no longer names anybody at the door says why. */
static void who_was_let_in_is_not_looked_for(void **unused)
{
    (void)unused;
    char why[BALINT_WHY_SIZE] = "";
    waits(3, "Béla", BALINT_DOOR_NEW);
    state.seat_count = 1;
    strcpy(state.seats[0].name, "Csilla");
    assert_int_equal(balint_look_find(&state, "Bé", why), 0);
    assert_int_equal(balint_look_find(&state, "Csilla", why), -1);
    assert_string_equal(why, "Csilla is let in already: look is for who is at the door");
    assert_int_equal(balint_look_find(&state, "Dóra", why), -1);
    assert_non_null(strstr(why, "nobody here is called \"Dóra\""));
}

static void who_may_not_look_is_told_why(void **unused)
{
    (void)unused;
    state.led = true; /* in the lobby nobody is told of: also a leader's own role */
    assert_string_equal(balint_look_refused(&state),
                        "you are at the door yourself: a leader will let you in");
    state.led = false;
    assert_non_null(strstr(balint_look_refused(&state), "no leader has come in yet"));
    state.admitted = true;
    state.seat_count = 1;
    state.seats[0].role = BALINT_MEMBER;
    assert_string_equal(balint_look_refused(&state), "leaders look at who is at the door");
    state.seats[0].role = BALINT_CO_LEADER;
    assert_null(balint_look_refused(&state));
}

static void words_for_each(void **unused)
{
    (void)unused;
    static const char *const words[BALINT_DOOR_STANDINGS] = {
        "",
        "",
        "has a new device",
        "has another device than before",
        "does not prove who they are, and cannot be let in",
        ""};
    for (int i = 0; i < BALINT_DOOR_STANDINGS; i++) {
        door.standing[2] = (enum balint_door_standing)i;
        assert_string_equal(balint_look_words(&door, 2), words[i]);
        assert_int_equal(balint_look_first(&door, 2), i == BALINT_DOOR_NEW || i == BALINT_DOOR_OTHER_DEVICE);
    }
    assert_false(balint_look_first(&door, -1) || balint_look_first(&door, BALINT_SEATS));
    assert_string_equal(balint_look_words(&door, -1), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(everybody_is_new, begin),
        cmocka_unit_test_setup(a_key_that_is_held_lets_nobody_in, begin),
        cmocka_unit_test_setup(another_program_on_the_seat_is_looked_at_anew, begin),
        cmocka_unit_test_setup(who_left_is_not_let_in, begin),
        cmocka_unit_test_setup(only_who_is_new_comes_by_itself, begin),
        cmocka_unit_test_setup(who_was_let_in_is_not_looked_for, begin),
        cmocka_unit_test_setup(who_may_not_look_is_told_why, begin),
        cmocka_unit_test_setup(words_for_each, begin),
    };
    return cmocka_run_group_tests_name("client_look", tests, NULL, NULL);
}
