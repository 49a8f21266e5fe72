/* overlay_placing.c - how a screen stands: nothing overlaps, everything fits, and what is drawn again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "build.h"

#include "unit/overlay_view.h"

static struct evening evening;

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
        for (int way = 0; way < 4; way++) {
            for (int seat = 0; seat < PEOPLE; seat++) {
                evening_begin(&evening);
                evening.view.folded = way & 2;
                if (way & 1)
                    evening_fill(&evening);
                for (int i = 0; i < evening.balance.member_count; i++)
                    evening.balance.rows[i].shared = i % 2 == 0;
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
        evening.view.folded = round & 32;
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
    for (unsigned room = 0; room < 8; room++) {
        if ((room & BALINT_ROOM_STRIP) && (room & BALINT_ROOM_PANEL))
            continue;
        for (int count = 0; count <= BALINT_SEATS; count++) {
            assert_int_equal(balint_tiles_place(1280, 720, count, room, rects), count);
            int right = room & BALINT_ROOM_PANEL ? 880 : room & BALINT_ROOM_STRIP ? 1104 : 1280;
            int bottom = room & BALINT_ROOM_BAND ? 620 : 676;
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
    assert_int_equal(balint_tiles_fold(BALINT_ROOM_PANEL, true), BALINT_ROOM_STRIP);
    assert_int_equal(balint_tiles_fold(BALINT_ROOM_PANEL, false), BALINT_ROOM_PANEL);
    assert_int_equal(balint_tiles_fold(BALINT_ROOM_BAND, true), BALINT_ROOM_BAND);
    evening.state.you = DORA;
    assert_int_equal(balint_tiles_room(&evening.state, BALINT_NOBODY), BALINT_ROOM_BAND);
    evening.state.admitted = false;
    assert_int_equal(balint_tiles_room(&evening.state, ANNA), 0);
}

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_overlaps), cmocka_unit_test(test_largest),
        cmocka_unit_test(test_full_list),        cmocka_unit_test(test_any_frame),
        cmocka_unit_test(test_places),           cmocka_unit_test(test_room),
        cmocka_unit_test(test_minutes),
    };
    return cmocka_run_group_tests_name("overlay_placing", tests, NULL, NULL);
}
