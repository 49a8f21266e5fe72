/* overlay_layout.c - each person's screen, asked as data. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "build.h"

#include "unit/overlay_view.h"

static struct evening evening;

/* -- who sees what
 * --------------------------------------------------------------------------------------------- */

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

/* -- how it stands
 * --------------------------------------------------------------------------------------------- */

static bool apart(struct balint_rect a, struct balint_rect b)
{
    return a.x >= b.x + b.w || b.x >= a.x + a.w || a.y >= b.y + b.h || b.y >= a.y + a.h;
}

static bool inside(struct balint_rect in, struct balint_rect out)
{
    return in.x >= out.x && in.y >= out.y && in.x + in.w <= out.x + out.w && in.y + in.h <= out.y + out.h;
}

/* No two texts of a screen touch, and no plate lies under ribbon, panel or band. */
static void check_overlaps(const struct evening *at)
{
    const struct balint_list *list = &at->list;
    for (int i = 0; i < list->item_count; i++)
        for (int j = i + 1; j < list->item_count; j++)
            if (list->items[i].kind != BALINT_BOX && list->items[j].kind != BALINT_BOX)
                assert_true(apart(list->items[i].rect, list->items[j].rect));
    for (int i = 0; i < list->group_count; i++)
        for (int j = i + 1; j < list->group_count; j++)
            if (list->groups[i].id < BALINT_GROUP_TILE && list->groups[j].id >= BALINT_GROUP_TILE)
                assert_true(apart(list->groups[i].rect, list->groups[j].rect));
            else if (list->groups[j].id < BALINT_GROUP_TILE)
                assert_true(apart(list->groups[i].rect, list->groups[j].rect));
}

static void test_nothing_overlaps(void **unused)
{
    (void)unused;
    static const int sizes[][2] = {{1280, 720}, {1920, 1080}, {1024, 768}, {854, 480}, {640, 360},
                                   {1366, 768}, {2560, 1440}, {801, 601},  {720, 1280}};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        for (int full = 0; full < 2; full++) {
            for (int seat = 0; seat < PEOPLE; seat++) {
                evening_begin(&evening);
                if (full)
                    evening_fill(&evening);
                evening.state.seats[BELA].muted = true;
                evening_look(&evening, seat, sizes[s][0], sizes[s][1]);
                check_overlaps(&evening);
                for (int i = 0; i < evening.list.item_count; i++)
                    assert_true(inside(evening.list.items[i].rect,
                                       (struct balint_rect){0, 0, sizes[s][0], sizes[s][1]}));
            }
        }
    }
}

/* The largest screen fits the list, and nothing of it is lost. */
static void test_largest(void **unused)
{
    (void)unused;
    evening_begin(&evening);
    evening_fill(&evening);
    evening_look(&evening, ANNA, 1280, 720);
    assert_true(evening.list.item_count < BALINT_LIST_ITEMS * 3 / 4);
    assert_true(evening.list.text_used < BALINT_LIST_TEXT * 3 / 4);
    assert_int_equal(evening_count(&evening, BALINT_STYLE_PLATE), BALINT_SEATS + 1); /* and the hint */
    assert_int_equal(evening_count(&evening, BALINT_STYLE_BAR_MEMBER), evening.balance.member_count);
    assert_true(evening_says(&evening, "asks to return"));
}

/* A list that is full takes no more. */
static void test_full_list(void **unused)
{
    (void)unused;
    struct balint_build build = {.list = &evening.list};
    const struct balint_rect rect = {0, 0, 10, 10};
    char text[200];
    memset(text, 'm', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    memset(&evening.list, 0, sizeof evening.list);
    balint_build_box(&build, BALINT_STYLE_CARD, rect, 0); /* no group yet */
    assert_int_equal(evening.list.item_count, 0);
    for (int i = 0; i < 2 * BALINT_GROUPS; i++)
        balint_build_group(&build, BALINT_GROUP_CARD);
    for (int i = 0; i < 2 * BALINT_LIST_ITEMS; i++) {
        balint_build_text(&build, BALINT_STYLE_PLAIN, rect, 10, BALINT_ALIGN_LEFT, 1, text);
        balint_build_box(&build, BALINT_STYLE_CARD, rect, 0);
        balint_build_bar(&build, BALINT_STYLE_BAR_MEMBER, rect, 0.5);
    }
    assert_int_equal(evening.list.group_count, BALINT_GROUPS);
    assert_int_equal(evening.list.item_count, BALINT_LIST_ITEMS);
    assert_true(evening.list.text_used <= BALINT_LIST_TEXT);
    memset(&evening.list, 0, sizeof evening.list);
    balint_build_group(&build, BALINT_GROUP_CARD);
    for (int i = 0; i < BALINT_LIST_ITEMS; i++)
        balint_build_text(&build, BALINT_STYLE_PLAIN, rect, 10, BALINT_ALIGN_LEFT, 1, text);
    assert_true(evening.list.text_used <= BALINT_LIST_TEXT);
    assert_int_equal(evening.list.text[evening.list.text_used - 1], '\0');
}

/* Groups are even and touch the frame, whatever its size and whatever tiles are handed in. */
static void test_any_frame(void **unused)
{
    (void)unused;
    srand(1);
    for (int round = 0; round < 4000; round++) {
        int width = 1 + rand() % 2000, height = 1 + rand() % 1200;
        evening_begin(&evening);
        if (round % 3 == 0)
            evening_fill(&evening);
        evening.state.invited = round & 4;
        evening.state.admitted = round & 24;
        evening_look(&evening, rand() % PEOPLE, width, height);
        for (int i = 0; i < evening.view.tile_count && round % 2 == 0; i++)
            evening.view.tiles[i].rect =
                (struct balint_rect){rand() % 3000 - 500, rand() % 2000 - 500, rand() % 900, rand() % 900};
        balint_layout(&evening.view, &evening.list);
        if (width < 160 || height < 120)
            assert_int_equal(evening.list.group_count, 0);
        for (int i = 0; i < evening.list.group_count; i++) {
            struct balint_rect rect = evening.list.groups[i].rect;
            assert_int_equal((rect.x | rect.y | rect.w | rect.h) & 1, 0);
            assert_true(rect.w > 0 && rect.h > 0);
            assert_true(inside(rect, (struct balint_rect){0, 0, (width + 1) & ~1, (height + 1) & ~1}));
        }
    }
}

static void test_places(void **unused)
{
    (void)unused;
    struct balint_rect rects[BALINT_SEATS];
    for (unsigned room = 0; room < 4; room++) {
        for (int count = 0; count <= BALINT_SEATS; count++) {
            assert_int_equal(balint_tiles_place(1280, 720, count, room, rects), count);
            int right = room & BALINT_ROOM_PANEL ? 880 : 1280, bottom = room & BALINT_ROOM_BAND ? 620 : 676;
            for (int i = 0; i < count; i++) {
                assert_true(inside(rects[i], (struct balint_rect){0, 56, right, bottom - 56}));
                assert_int_equal((rects[i].x | rects[i].y | rects[i].w | rects[i].h) & 1, 0);
                assert_in_range(rects[i].w * 9 - rects[i].h * 16 + 64, 0, 128); /* 16:9, to even pixels */
                for (int j = 0; j < i; j++)
                    assert_true(apart(rects[i], rects[j]));
            }
        }
    }
    assert_int_equal(balint_tiles_place(1280, 720, 1, 0, rects), 1);
    assert_true(rects[0].w > 1000); /* one person has the stage */
    assert_int_equal(balint_tiles_place(1280, 720, 99, 0, rects), BALINT_SEATS);
    assert_int_equal(balint_tiles_place(1280, 720, -3, 0, rects), 0);
    assert_int_equal(balint_tiles_place(100, 100, 4, 0, rects), 0);
}

/* Who composes and who draws ask the same two functions. */
static void test_room(void **unused)
{
    (void)unused;
    evening_begin(&evening);
    assert_int_equal(balint_tiles_room(&evening.state, ANNA), BALINT_ROOM_PANEL);
    assert_int_equal(balint_tiles_room(&evening.state, GABOR), BALINT_ROOM_PANEL);
    assert_int_equal(balint_tiles_room(&evening.state, DORA), BALINT_ROOM_BAND);
    assert_int_equal(balint_tiles_room(&evening.state, BELA), 0);
    evening.state.you = DORA;
    assert_int_equal(balint_tiles_room(&evening.state, BALINT_NOBODY), BALINT_ROOM_BAND);
    evening.state.admitted = false;
    assert_int_equal(balint_tiles_room(&evening.state, ANNA), 0);
}

/* -- what is drawn again
 * ------------------------------------------------------------------------------------------- */

static int differences(const struct balint_list *a, const struct balint_list *b)
{
    int count = abs(a->item_count - b->item_count);
    for (int i = 0; i < a->item_count && i < b->item_count; i++)
        count += !balint_item_same(a, &a->items[i], b, &b->items[i]);
    return count;
}

static void test_minutes(void **unused)
{
    (void)unused;
    static struct balint_list before;
    evening_begin(&evening);
    evening_look(&evening, BELA, 1280, 720);
    before = evening.list;
    for (int64_t ms = 0; ms < 40000; ms += 500) { /* the rest of this minute */
        evening.view.now_ms = evening.state.clock_ms + ms;
        balint_layout(&evening.view, &evening.list);
        assert_int_equal(differences(&before, &evening.list), 0);
    }
    evening.view.now_ms = evening.state.clock_ms + 40000;
    balint_layout(&evening.view, &evening.list);
    assert_int_equal(differences(&before, &evening.list), 1);
    assert_non_null(evening_find(&evening, "about 6 of 25 minutes", false));
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_leader),
        cmocka_unit_test(test_leader_before),
        cmocka_unit_test(test_unsound_balance),
        cmocka_unit_test(test_balance_is_leaders),
        cmocka_unit_test(test_presenter_listens),
        cmocka_unit_test(test_aside),
        cmocka_unit_test(test_leaders_only),
        cmocka_unit_test(test_away_and_lost_are_covered),
        cmocka_unit_test(test_new_at_the_door),
        cmocka_unit_test(test_looked_at),
        cmocka_unit_test(test_lobby),
        cmocka_unit_test(test_sitting_out),
        cmocka_unit_test(test_hand_observer_own_mute),
        cmocka_unit_test(test_readings),
        cmocka_unit_test(test_note),
        cmocka_unit_test(test_nothing_overlaps),
        cmocka_unit_test(test_largest),
        cmocka_unit_test(test_full_list),
        cmocka_unit_test(test_any_frame),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_room),
        cmocka_unit_test(test_minutes),
        cmocka_unit_test(test_colours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
