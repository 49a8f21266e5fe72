/* overlay_layout.c - each person's screen, asked as data: who sees what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/overlay_view.h"

static struct evening evening;

static void test_presenter_listens(void **unused)
{
    (void)unused;
    evening_begin(&evening);
    evening_look(&evening, DORA, 1280, 720);
    const struct balint_group *band = evening_group(&evening, BALINT_GROUP_BAND);
    const struct balint_item *text =
        evening_find(&evening, "This is time to listen. Nobody hears you.", false);
    assert_non_null(band);
    assert_non_null(text);
    assert_int_equal(band->rect.w, 1280); /* not to be overlooked */
    assert_true(text->size >= 28);
    assert_true(evening_says(&evening, "hold r for two seconds"));
    evening.state.invited = true;
    evening_look(&evening, DORA, 1280, 720);
    assert_true(evening_says(&evening, "You are invited back."));
    assert_true(evening_says(&evening, "Press r when you are ready; your microphone opens with your key"));
    evening.state.stepped_back = false;
    evening_look(&evening, DORA, 1280, 720);
    assert_false(evening_says(&evening, "invited"));
    assert_false(evening_says(&evening, "listen."));
}

/* "dimmed for members; leaders always see the presenter undimmed". */
static void test_aside(void **unused)
{
    (void)unused;
    evening_begin(&evening);
    for (int seat = 0; seat < PEOPLE; seat++) {
        evening_look(&evening, seat, 1280, 720);
        bool member = seat == BELA || seat == CSILLA || seat == OLGA;
        assert_int_equal(evening_count(&evening, BALINT_STYLE_DIM), member);
        const struct balint_group *tile = evening_group(&evening, BALINT_GROUP_TILE + DORA);
        assert_int_equal(tile != NULL, member);
        if (member)
            assert_memory_equal(&tile->rect, &evening.view.tiles[DORA].rect, sizeof tile->rect);
    }
}

static void test_leaders_only(void **unused)
{
    (void)unused;
    evening_begin(&evening);
    evening.state.place = BALINT_LEADERS_ONLY;
    evening.state.seats[DORA].dimmed = false;
    evening.state.seats[DORA].seen = BALINT_SEEN_BY_LEADERS;
    for (int seat = 0; seat < PEOPLE; seat++) {
        evening_look(&evening, seat, 1280, 720);
        assert_int_equal(evening_count(&evening, BALINT_STYLE_COVER),
                         seat == BELA || seat == CSILLA || seat == OLGA);
        assert_int_equal(evening_count(&evening, BALINT_STYLE_DIM), 0);
    }
}

static void test_away_and_lost_are_covered(void **unused)
{
    (void)unused;
    evening_begin(&evening);
    evening.state.stepped_back = false;
    evening.state.seats[DORA].dimmed = false;
    evening.view.tiles[BELA].line = BALINT_LINE_LOST;
    evening.state.seats[CSILLA].away = true;
    evening_look(&evening, ANNA, 1280, 720);
    assert_int_equal(evening_count(&evening, BALINT_STYLE_COVER), 2);
    assert_true(evening_says(&evening, "line lost"));
    assert_true(evening_says(&evening, "away"));
}

/* Who is looked at has a plate as at the door; on a member's screen there is none. */
static void test_looked_at(void **unused)
{
    (void)unused;
    evening_begin(&evening);
    evening.state.lobby_count = 1;
    evening.state.lobby[0].seat = 9;
    evening.state.lobby[0].seen = BALINT_SEEN_BY_NOBODY; /* as the server says of all who wait */
    strcpy(evening.state.lobby[0].name, "Réka");
    for (int who = ANNA; who <= BELA; who += BELA - ANNA) {
        evening_look(&evening, who, 1280, 720);
        evening.view.tiles[evening.view.tile_count++] =
            (struct balint_tile){.seat = 9, .rect = {16, 400, 320, 180}};
        balint_layout(&evening.view, &evening.list);
        assert_int_equal(evening_says(&evening, "at the door, hears and sees nobody"), who == ANNA);
        assert_null(evening_group(&evening, BALINT_GROUP_TILE + PEOPLE)); /* nothing covers the picture */
    }
}

static void test_lobby(void **unused)
{
    (void)unused;
    evening_begin(&evening);
    evening.state.admitted = false;
    evening_look(&evening, BELA, 1280, 720);
    assert_true(evening_says(&evening, "You are at the door of Monday group"));
    assert_true(evening_says(&evening, "A leader will let you in"));
    assert_non_null(evening_group(&evening, BALINT_GROUP_CARD));
    /* nothing of the session, whatever the state holds */
    assert_null(evening_group(&evening, BALINT_GROUP_RIBBON));
    assert_null(evening_group(&evening, BALINT_GROUP_PANEL));
    for (int i = 0; i < PEOPLE; i++)
        assert_false(evening_says(&evening, people[i]));
    evening_look(&evening, ANNA, 1280, 720); /* a leader in the lobby has no panel either */
    assert_null(evening_group(&evening, BALINT_GROUP_PANEL));
}

/* "nothing, until the case ends" */
static void test_sitting_out(void **unused)
{
    (void)unused;
    evening_begin(&evening);
    evening.state.seats[BELA].sitting_out = true;
    evening_look(&evening, BELA, 1280, 720);
    assert_true(evening_says(&evening, "You are sitting out this case"));
    assert_int_equal(evening_count(&evening, BALINT_STYLE_COVER),
                     PEOPLE - 1); /* all pictures but the own one */
    assert_null(evening_group(&evening, BALINT_GROUP_PLATE));
    evening.state.seats[ANNA].sitting_out = true;
    evening_look(&evening, ANNA, 1280, 720);
    assert_false(evening_says(&evening, "%"));
}

static void test_hand_observer_own_mute(void **unused)
{
    (void)unused;
    evening_begin(&evening);
    evening.state.seats[BELA].hand_ms = 5;
    evening.state.seats[CSILLA].muted = true;
    evening_look(&evening, CSILLA, 1280, 720);
    assert_non_null(evening_find(&evening, "hand up", false));
    evening.state.seats[BELA].volunteers = evening.state.seats[GABOR].volunteers = true;
    evening_look(&evening, CSILLA, 1280, 720);
    assert_non_null(evening_find(&evening, "hand up, has a case", false));
    assert_non_null(evening_find(&evening, "has a case", false));
    assert_non_null(evening_find(&evening, "observer", false));
    assert_non_null(evening_find(&evening, "You are muted.", false));
    assert_true(evening_says(&evening, "h  ")); /* the quiet hint */
    evening.state.led = false;
    evening_look(&evening, BELA, 1280, 720);
    assert_true(evening_says(&evening, "No leader is here"));
}

static void test_note(void **unused)
{
    (void)unused;
    evening_begin(&evening);
    evening.view.note = "h  these keys\nm  mute or open your microphone\n";
    evening_look(&evening, BELA, 1280, 720);
    const struct balint_group *note = evening_group(&evening, BALINT_GROUP_NOTE);
    assert_non_null(note);
    assert_int_equal(evening.list.items[note->first + 1].lines, 2);
    assert_ptr_equal(note, &evening.list.groups[evening.list.group_count - 1]); /* over everything */
}

/* "no red", and members' bars all have one colour */
static void test_colours(void **unused)
{
    (void)unused;
    for (int style = 0; style < BALINT_STYLES; style++) {
        uint32_t colour = balint_style_colour((enum balint_style)style);
        int red = colour >> 16 & 0xff, green = colour >> 8 & 0xff, blue = colour & 0xff;
        assert_true(red - green < 40);
        assert_true(red - blue < 90);
        assert_true(colour >> 24 > 0);
    }
    assert_int_equal(balint_style_colour(BALINT_STYLES), 0);
}

/* Nobody's picture passes the after-room's door, whatever arrives and whatever the state says beside the
 * flag. */
static void test_the_after_room(void **unused)
{
    (void)unused;
    evening_begin(&evening);
    evening.state.stepped_back = false;
    evening.state.seats[ANNA].after_room = evening.state.seats[OLGA].after_room = true;
    for (int seat = 0; seat < PEOPLE; seat++) {
        evening_look(&evening, seat, 1280, 720);
        for (int i = 0; i < PEOPLE; i++) {
            bool apart = evening.state.seats[seat].after_room != evening.state.seats[i].after_room;
            const struct balint_group *group =
                evening_group(&evening, (enum balint_group_id)(BALINT_GROUP_TILE + i));
            bool covered = group != NULL && evening.list.items[group->first].style == BALINT_STYLE_COVER;
            assert_int_equal(covered, apart);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_presenter_listens), cmocka_unit_test(test_aside),
        cmocka_unit_test(test_leaders_only),      cmocka_unit_test(test_away_and_lost_are_covered),
        cmocka_unit_test(test_looked_at),         cmocka_unit_test(test_lobby),
        cmocka_unit_test(test_sitting_out),       cmocka_unit_test(test_hand_observer_own_mute),
        cmocka_unit_test(test_the_after_room),    cmocka_unit_test(test_note),
        cmocka_unit_test(test_colours),
    };
    return cmocka_run_group_tests_name("overlay_layout", tests, NULL, NULL);
}
