/* overlay_words_panel.c - the words of the leaders' panel, of the door, and of a lost line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "unit/overlay_view.h"

static struct evening evening;

/* BALINT.md: "the group's help line is on the lobby and the lost-line screens"; media outlives signalling, so
 * nothing says that the talk is over while it goes on. */
static void test_lost_words(void **unused)
{
    (void)unused;
    char text[400];
    evening_begin(&evening);
    balint_words_lost(&evening.state, 5, 1, text, sizeof text);
    assert_string_equal(text, "Your line to the server is lost; the talk may go on. Trying again.");
    strcpy(evening.state.help, "Maria, +36 1 234 5678");
    balint_words_lost(&evening.state, 5, 5, text, sizeof text);
    assert_string_equal(text, "Your line to the server is lost; the talk may go on. Trying again.\n"
                              "Help: Maria, +36 1 234 5678");
    balint_words_lost(&evening.state, 5, 0, text, sizeof text);
    assert_string_equal(text, "You are not connected: nobody's sound arrives. Trying again.\n"
                              "Help: Maria, +36 1 234 5678");
    /* Who is alone, who sits out and who waits at the door hear nobody anyway. */
    balint_words_lost(&evening.state, 0, 0, text, sizeof text);
    assert_string_equal(text, "Your line to the server is lost. Trying again.\nHelp: Maria, +36 1 234 5678");
    evening.state.hears = false;
    balint_words_lost(&evening.state, 5, 0, text, sizeof text);
    assert_string_equal(text, "Your line to the server is lost. Trying again.\nHelp: Maria, +36 1 234 5678");
    evening.state.hears = true;
    evening.state.admitted = false;
    balint_words_lost(&evening.state, 0, 0, text, sizeof text);
    assert_string_equal(text, "Your line to the server is lost. Trying again.\nHelp: Maria, +36 1 234 5678");
}

static void test_door_words(void **unused)
{
    (void)unused;
    char text[400];
    struct balint_doorway door = {{BALINT_DOOR_UNSAID}};
    evening_begin(&evening);
    evening.state.lobby_count = 3;
    for (int i = 0; i < 3; i++)
        evening.state.lobby[i].seat = 8 + i;
    strcpy(evening.state.lobby[0].name, "Réka");
    strcpy(evening.state.lobby[1].name, "Tamás");
    strcpy(evening.state.lobby[2].name, "Zoé");
    balint_words_door(&evening.state, &door, text, sizeof text);
    assert_string_equal(text, "At the door, 3: Réka, Tamás, Zoé");
    assert_false(balint_words_door_line(&evening.state, &door, 0, text, sizeof text));
    door.standing[8] = BALINT_DOOR_NEW;
    door.standing[9] = BALINT_DOOR_KNOWN;
    door.standing[10] = BALINT_DOOR_OTHER_DEVICE;
    balint_words_door(&evening.state, &door, text, sizeof text);
    assert_string_equal(text, "At the door, 3: Tamás");
    evening.state.locked = true;
    balint_words_door(&evening.state, &door, text, sizeof text);
    assert_string_equal(text, "The door is locked. At the door, 3: Tamás");
    evening.state.lobby_count = 0;
    balint_words_door(&evening.state, &door, text, sizeof text);
    assert_string_equal(text, "The door is locked.");
    evening.state.lobby_count = 3;
    evening.state.locked = false;
    assert_true(balint_words_door_line(&evening.state, &door, 0, text, sizeof text));
    assert_string_equal(text, "New device, look first (w): Réka");
    assert_true(balint_words_door_line(&evening.state, &door, 1, text, sizeof text));
    assert_string_equal(text, "Other device, look first (w): Zoé");
    assert_false(balint_words_door_line(&evening.state, &door, 2, text, sizeof text));
    door.standing[9] = BALINT_DOOR_UNPROVEN;
    balint_words_door(&evening.state, &door, text, sizeof text);
    assert_string_equal(text, ""); /* each has a line, so there is nobody to name here */
    assert_true(balint_words_door_line(&evening.state, &door, 1, text, sizeof text));
    assert_string_equal(text, "Not proven: Tamás");
}

static void test_panel_words(void **unused)
{
    (void)unused;
    char text[400];
    evening_begin(&evening);
    balint_words_door(&evening.state, NULL, text, sizeof text);
    assert_string_equal(text, "");
    evening.state.lobby_count = 1;
    strcpy(evening.state.lobby[0].name, "Réka");
    balint_words_door(&evening.state, NULL, text, sizeof text);
    assert_string_equal(text, "At the door: Réka");
    evening.state.lobby_count = 2;
    strcpy(evening.state.lobby[1].name, "Tamás");
    balint_words_door(&evening.state, NULL, text, sizeof text);
    assert_string_equal(text, "At the door, 2: Réka, Tamás");
    balint_words_unheard(&evening.balance, text, sizeof text);
    assert_string_equal(text, "");
    evening.balance.rows[0].heard_yet = evening.balance.rows[1].heard_yet = false;
    balint_words_unheard(&evening.balance, text, sizeof text);
    assert_string_equal(text, "Not heard yet: Béla, Csilla");
    evening.balance.rows[0].reading = BALINT_NO_READING; /* not known is not unheard */
    balint_words_unheard(&evening.balance, text, sizeof text);
    assert_string_equal(text, "Not heard yet: Csilla");
    balint_words_each_leader(&evening.balance, text, sizeof text);
    assert_string_equal(text, "Anna 2 min, Gábor <1 min");
    balint_words_presenter(&evening.state, &evening.balance, text, sizeof text);
    assert_string_equal(text, "Dóra presents, and listens");
    balint_words_asked(&evening.state, text, sizeof text);
    assert_string_equal(text, "");
    evening.state.asked = true;
    balint_words_asked(&evening.state, text, sizeof text);
    assert_string_equal(text, "Dóra asks to return");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lost_words),
        cmocka_unit_test(test_door_words),
        cmocka_unit_test(test_panel_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
