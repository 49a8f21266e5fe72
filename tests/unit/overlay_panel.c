/* overlay_panel.c - the leaders' panel and the strip it folds to, asked as data. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "unit/overlay_view.h"

static struct evening evening;

static void test_leader(void **unused)
{
    (void)unused;
    evening_begin(&evening);
    evening.state.asked = true;
    evening.state.lobby_count = 1;
    strcpy(evening.state.lobby[0].name, "Réka");
    evening.balance.rows[1].heard_yet = false;
    evening.balance.rows[1].share = evening.balance.rows[1].recent_share = 0;
    for (int seat = ANNA; seat <= GABOR; seat++) {
        evening_look(&evening, seat, 1280, 720);
        assert_non_null(evening_find(&evening, "Discussion", false));
        assert_non_null(evening_find(&evening, "about 5 of 25 minutes", false));
        assert_non_null(
            evening_find(&evening, evening.state.format.phases[evening.state.phase].guidance, false));
        assert_non_null(evening_find(&evening, "Balance of the discussion", false));
        assert_non_null(evening_find(&evening, "66 %", false));
        assert_non_null(evening_find(&evening, "7 min", false));
        assert_non_null(evening_find(&evening, "4 turns, 3 min ago", false));
        assert_non_null(evening_find(&evening, "Not heard yet: Csilla", false));
        assert_non_null(evening_find(&evening, "18 % of all talk", false));
        assert_non_null(evening_find(&evening, "Anna 2 min, Gábor <1 min", false));
        assert_non_null(evening_find(&evening, "Dóra presents, and listens", false));
        assert_non_null(evening_find(&evening, "Dóra asks to return", false));
        assert_non_null(evening_find(&evening, "At the door: Réka", false));
        assert_int_equal(evening_count(&evening, BALINT_STYLE_BAR_MEMBER), 2);
        assert_int_equal(evening_count(&evening, BALINT_STYLE_BAR_RECENT), 2);
        assert_int_equal(evening_count(&evening, BALINT_STYLE_BAR_LEADERS), 1);
    }
}

/* Before the discussion the panel is there for the door, without figures. */
static void test_leader_before(void **unused)
{
    (void)unused;
    evening_begin(&evening);
    memset(&evening.balance, 0, sizeof evening.balance);
    evening.state.lobby_count = 1;
    strcpy(evening.state.lobby[0].name, "Réka");
    evening_look(&evening, ANNA, 1280, 720);
    assert_true(evening_says(&evening, "There has been no discussion yet."));
    assert_true(evening_says(&evening, "At the door: Réka"));
    assert_false(evening_says(&evening, "%"));
}

/* A balance that does not fit its own arrays is not read. */
static void test_unsound_balance(void **unused)
{
    (void)unused;
    evening_begin(&evening);
    evening.balance.member_count = 40;
    evening_look(&evening, ANNA, 1280, 720);
    assert_false(evening_says(&evening, "%"));
    evening.balance.member_count = -1;
    evening_look(&evening, ANNA, 1280, 720);
    assert_false(evening_says(&evening, "%"));
}

/* "Only leaders see it": nobody else's screen has the panel, a bar, a share, who asks or who is at the door,
 * even when all of it is handed in. */
static void test_balance_is_leaders(void **unused)
{
    (void)unused;
    static const char *const never[] = {"Balance",        "%",
                                        "turns",          "min ago",
                                        "heard yet",      "all talk",
                                        "asks to return", "At the door:",
                                        "Réka",           "presents, and listens"};
    for (int phase = 0; phase < 9; phase++) {
        for (int seat = DORA; seat < PEOPLE; seat++) {
            evening_begin(&evening);
            evening.state.phase = phase;
            evening.state.stepped_back = phase % 2;
            evening.state.asked = true;
            evening.state.lobby_count = 1;
            strcpy(evening.state.lobby[0].name, "Réka");
            evening_look(&evening, seat, 1280, 720);
            assert_null(evening_group(&evening, BALINT_GROUP_PANEL));
            for (size_t i = 0; i < sizeof never / sizeof *never; i++)
                assert_false(evening_says(&evening, never[i]));
            for (int i = 0; i < evening.list.item_count; i++)
                assert_int_not_equal(evening.list.items[i].kind, BALINT_BAR);
        }
    }
}

/* A leader sees who has to be looked at first; who has no line of their own is not forgotten, and no member
 * sees any of it. */
static void test_new_at_the_door(void **unused)
{
    (void)unused;
    struct balint_doorway door = {{BALINT_DOOR_UNSAID}};
    evening_begin(&evening);
    evening.state.lobby_count = 8;
    for (int i = 0; i < 8; i++) {
        evening.state.lobby[i].seat = 8 + i;
        snprintf(evening.state.lobby[i].name, BALINT_NAME_SIZE, "Guest %d", i);
        door.standing[8 + i] = i == 0   ? BALINT_DOOR_KNOWN
                               : i == 1 ? BALINT_DOOR_OTHER_DEVICE
                                        : BALINT_DOOR_NEW;
    }
    evening.view.door = &door;
    evening_look(&evening, ANNA, 1280, 720);
    assert_true(evening_says(&evening, "At the door, 8: Guest 0"));
    assert_true(evening_says(&evening, "Other device, look first (w): Guest 1"));
    assert_true(evening_says(&evening, "New device, look first (w): Guest 2"));
    assert_true(evening_says(&evening, "New device, look first (w): Guest 4"));
    assert_false(evening_says(&evening, "Guest 5")); /* five lines, the last one for the rest */
    assert_true(evening_says(&evening, "… and 3 more"));
    evening_look(&evening, BELA, 1280, 720);
    assert_false(evening_says(&evening, "Guest"));
    assert_false(evening_says(&evening, "look first"));
}

/* What leaders alone are told besides: whose follow-up is due, and that the server cannot write; softly, on
 * the strip too, and on nobody else's screen, whatever a server sends. */
static void test_what_leaders_are_told(void **unused)
{
    (void)unused;
    for (int folded = 0; folded < 2; folded++) {
        evening_begin(&evening);
        evening.view.folded = folded;
        evening_look(&evening, ANNA, 1280, 720);
        assert_false(evening_says(&evening, "due") || evening_says(&evening, "disk"));
        evening.state.follow_up_count = 2;
        evening.state.follow_ups[0] = (struct balint_follow_up){"Béla", "2026-11-19"};
        evening.state.follow_ups[1] = (struct balint_follow_up){"Csilla", "2026-12-03"};
        evening.state.unsaved = true;
        evening_look(&evening, ANNA, 1280, 720);
        const struct balint_item *due =
            evening_find(&evening, "Follow-ups are due: Béla (19 Nov), Csilla (3 Dec)", false);
        assert_non_null(due);
        assert_int_equal(due->style, BALINT_STYLE_SOFT);
        assert_true(evening_says(&evening, "The server cannot write to its disk."));
        for (int seat = DORA; seat < PEOPLE; seat++) {
            evening_look(&evening, seat, 1280, 720);
            assert_false(evening_says(&evening, "due") || evening_says(&evening, "disk"));
        }
    }
}

static void test_readings(void **unused)
{
    (void)unused;
    evening_begin(&evening);
    evening.balance.rows[0].reading = BALINT_NO_READING;
    evening.balance.rows[1].shared = true;
    evening_look(&evening, ANNA, 1280, 720);
    assert_non_null(evening_find(&evening, "no reading", false));
    assert_false(evening_says(&evening, "66 %")); /* shown as such, not as a number and not as zero */
    assert_int_equal(evening_count(&evening, BALINT_STYLE_BAR_MEMBER), 1);
    assert_non_null(evening_find(&evening, "shared", false));
    evening.balance.rows[0].reading = BALINT_IS_AWAY;
    evening_look(&evening, ANNA, 1280, 720);
    assert_non_null(evening_find(&evening, "away", false));
}

/* Twelve members of every kind: long names, a shared seat, no reading, away, not heard yet. */
static void fill_circle(void)
{
    static const char *const names[] = {"Csilla Nagy-Kovács", "Dr. Maximiliane Freifrau von Hohenstaufen",
                                        "Wojciech Brzęczyszczykiewicz"};
    struct balint_state *state = &evening.state;
    struct balint_balance *balance = &evening.balance;
    evening_begin(&evening);
    state->seat_count = BALINT_SEATS;
    for (int i = PEOPLE; i < BALINT_SEATS; i++) {
        state->seats[i] = state->seats[BELA];
        state->seats[i].seat = i;
        snprintf(state->seats[i].name, BALINT_NAME_SIZE, "%s %d", names[i % 3], i);
    }
    balance->member_count = 0;
    for (int i = BELA; i < BALINT_SEATS; i++)
        if (i != OLGA)
            evening_row(&evening, balance->member_count++, i, 0.12)->turns = 2 + i;
    evening_row(&evening, balance->member_count, ANNA, 0)->spoken_ms = 120000;
    evening_row(&evening, balance->member_count + 1, GABOR, 0)->spoken_ms = 20000;
    evening_row(&evening, balance->member_count + 2, DORA, 0)->presenter = true;
    balance->rows[2].shared = balance->rows[3].shared = true;
    balance->rows[4].reading = BALINT_NO_READING;
    balance->rows[5].reading = BALINT_IS_AWAY;
    balance->rows[10].heard_yet = balance->rows[11].heard_yet = false;
    balance->rows[11].share = balance->rows[11].recent_share = 0;
}

/* BALINT.md, "Per person: share and minutes of the discussion, the last ten minutes beside it, turns, how
 * long since last heard": for a full circle, too. */
static void test_full_circle(void **unused)
{
    (void)unused;
    static const int sizes[][2] = {{1280, 720}, {1920, 1080}};
    for (int i = 0; i < 2; i++) {
        fill_circle();
        evening_look(&evening, ANNA, sizes[i][0], sizes[i][1]);
        assert_int_equal(evening_count(&evening, BALINT_STYLE_BAR_MEMBER), 10);
        assert_int_equal(evening_count(&evening, BALINT_STYLE_BAR_RECENT), 10);
        assert_non_null(evening_find(&evening, "5 turns, 3 min ago", false));
        assert_non_null(evening_find(&evening, "15 turns, 3 min ago", false));
        assert_non_null(evening_find(&evening, "no reading", false));
        assert_non_null(evening_find(&evening, "away", false));
        assert_non_null(evening_find(&evening, "not heard yet", false));
        assert_non_null(evening_find(&evening, "shared", false));
        assert_non_null(evening_find(&evening, "18 % of all talk", false));
        /* From two metres: letters of 16 lines of 720, 7 mm high on a 27 inch screen. The plate has one too.
         */
        const struct balint_list *list = &evening.list;
        for (int n = evening_group(&evening, BALINT_GROUP_PANEL)->first; n < list->item_count; n++)
            if (strcmp(balint_item_text(list, &list->items[n]), "Béla") == 0)
                assert_true(list->items[n].size * 46 >= sizes[i][1]);
    }
}

/* Folded: names, bars and shares, who was not heard yet, no reading, shared, the leaders' own; the rest is
 * the pictures'. */
static void test_strip(void **unused)
{
    (void)unused;
    struct balint_rect rects[BALINT_SEATS], whole;
    fill_circle();
    evening_look(&evening, ANNA, 1280, 720);
    whole = evening_group(&evening, BALINT_GROUP_PANEL)->rect;
    balint_tiles_place(1280, 720, BALINT_SEATS, balint_tiles_room(&evening.state, ANNA), rects);
    evening.view.folded = true;
    evening.state.asked = true;
    evening.state.lobby_count = 1;
    strcpy(evening.state.lobby[0].name, "Réka");
    evening_look(&evening, ANNA, 1280, 720);
    struct balint_rect strip = evening_group(&evening, BALINT_GROUP_PANEL)->rect;
    assert_true(strip.w * 2 < whole.w);
    assert_int_equal(strip.x + strip.w, 1280);
    assert_true(evening.view.tiles[0].rect.w > rects[0].w);
    for (int i = 0; i < evening.balance.member_count; i++)
        assert_non_null(evening_find(&evening, evening.balance.rows[i].name, false));
    assert_int_equal(evening_count(&evening, BALINT_STYLE_BAR_MEMBER), 8); /* four rows have words instead */
    assert_int_equal(evening_count(&evening, BALINT_STYLE_BAR_LEADERS), 1);
    static const char *const says[] = {"12 %",   "18 %",          "no reading",          "away",
                                       "shared", "not heard yet", "Dóra asks to return", "At the door: Réka"};
    for (size_t i = 0; i < sizeof says / sizeof *says; i++)
        assert_true(evening_says(&evening, says[i]));
    assert_false(evening_says(&evening, "turns"));
    for (int seat = DORA; seat < PEOPLE; seat++) { /* nobody else has one, folded or not */
        evening_look(&evening, seat, 1280, 720);
        assert_null(evening_group(&evening, BALINT_GROUP_PANEL));
        assert_false(evening_says(&evening, "Balance"));
        assert_int_equal(balint_tiles_fold(balint_tiles_room(&evening.state, seat), true),
                         balint_tiles_room(&evening.state, seat));
    }
    evening.view.folded = true;
    memset(&evening.balance, 0, sizeof evening.balance);
    evening_look(&evening, GABOR, 1280, 720);
    assert_true(evening_says(&evening, "There has been no discussion yet."));
}

/* A leader's program that was started again after the discussion: who spoke is told, its length is not known.
 */
static void test_totals_without_a_length(void **unused)
{
    (void)unused;
    evening_begin(&evening);
    evening.balance.discussion_ms = 0;
    evening_look(&evening, ANNA, 1280, 720);
    assert_true(evening_says(&evening, "66 %"));
    assert_false(evening_says(&evening, "nothing yet"));
    assert_false(evening_says(&evening, "There has been no discussion yet."));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_leader),          cmocka_unit_test(test_leader_before),
        cmocka_unit_test(test_unsound_balance), cmocka_unit_test(test_balance_is_leaders),
        cmocka_unit_test(test_new_at_the_door), cmocka_unit_test(test_what_leaders_are_told),
        cmocka_unit_test(test_readings),        cmocka_unit_test(test_full_circle),
        cmocka_unit_test(test_strip),           cmocka_unit_test(test_totals_without_a_length),
    };
    return cmocka_run_group_tests_name("overlay_panel", tests, NULL, NULL);
}
