/* overlay_sheet.c - a sheet of rows: for leaders alone, nothing overlaps or is lost, and JSON there and back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "input.h"

#include "unit/overlay_view.h"

static struct evening evening;
static struct balint_sheet sheet;

/* An evening of two cases with ten members, as the debrief has it. */
static int begin(void **unused)
{
    (void)unused;
    memset(&sheet, 0, sizeof sheet);
    balint_sheet_add(&sheet, BALINT_SHEET_TITLE, 0, "The evening", "2026-11-26", 0);
    for (int i = 0; i < 14; i++)
        balint_sheet_add(&sheet, BALINT_SHEET_LINE, 0, "Who has a case?", "3 min", 0);
    for (int column = 1; column < 3; column++) {
        balint_sheet_add(&sheet, BALINT_SHEET_HEAD, column, "Discussion of case 2", "27 min", 0);
        for (int i = 0; i < 10; i++)
            balint_sheet_add(&sheet, BALINT_SHEET_BAR, column, "", "10 %  2 min", 0.1);
        balint_sheet_add(&sheet, BALINT_SHEET_SOFT, column, "several people at one microphone", "1", 0);
    }
    balint_sheet_add(&sheet, BALINT_SHEET_FOOT, 0, "No names.", "", 0);
    evening_begin(&evening);
    return 0;
}

static void test_leaders_alone(void **unused)
{
    (void)unused;
    evening.view.sheet = &sheet;
    for (int seat = 0; seat < PEOPLE; seat++) {
        evening_look(&evening, seat, 1280, 720);
        evening.view.sheet = &sheet;
        balint_layout(&evening.view, &evening.list);
        bool leads = seat == ANNA || seat == GABOR;
        assert_int_equal(evening_group(&evening, BALINT_GROUP_SHEET) != NULL, leads);
        assert_int_equal(evening_says(&evening, "No names."), leads);
    }
}

static bool apart(struct balint_rect a, struct balint_rect b)
{
    return a.x >= b.x + b.w || b.x >= a.x + a.w || a.y >= b.y + b.h || b.y >= a.y + a.h;
}

/* In the smallest window that the layout is made for, too, the foot is read, which says what becomes of it.
 */
static void test_letters_stay_legible(void **unused)
{
    (void)unused;
    evening_look(&evening, ANNA, 640, 360);
    evening.view.sheet = &sheet;
    balint_layout(&evening.view, &evening.list);
    const struct balint_group *group = evening_group(&evening, BALINT_GROUP_SHEET);
    assert_non_null(group);
    for (int i = 1; i < group->count; i++) {
        const struct balint_item *item = &evening.list.items[group->first + i];
        assert_true(item->kind != BALINT_TEXT || item->size >= 6);
    }
    assert_true(evening_find(&evening, "No names.", false)->size >= 8);
}

static void test_rows_are_apart_and_inside(void **unused)
{
    (void)unused;
    static const int sizes[][2] = {{1280, 720}, {1920, 1080}, {854, 480}, {640, 360}, {2560, 1440}};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        for (int folded = 0; folded < 2; folded++) {
            evening.view.folded = folded;
            evening_look(&evening, ANNA, sizes[s][0], sizes[s][1]);
            evening.view.sheet = &sheet;
            balint_layout(&evening.view, &evening.list);
            const struct balint_group *group = evening_group(&evening, BALINT_GROUP_SHEET);
            assert_non_null(group);
            assert_true(apart(group->rect, evening_group(&evening, BALINT_GROUP_PANEL)->rect));
            const struct balint_item *items = &evening.list.items[group->first];
            assert_int_equal(group->count, 1 + 2 + 14 * 2 + 2 * (2 + 10 * 2 + 2) + 1); /* nothing is lost */
            for (int i = 1; i < group->count; i++) {
                assert_true(items[i].rect.x >= items[0].rect.x && items[i].rect.y >= items[0].rect.y);
                assert_true(items[i].rect.x + items[i].rect.w <= items[0].rect.x + items[0].rect.w);
                assert_true(items[i].rect.y + items[i].rect.h <= items[0].rect.y + items[0].rect.h);
                for (int j = 1; j < i; j++)
                    assert_true(apart(items[i].rect, items[j].rect));
            }
        }
    }
}

/* However many rows: they stay within the page, and a full sheet takes no more. */
static void test_a_full_sheet(void **unused)
{
    (void)unused;
    static struct balint_list list;
    char text[400];
    memset(text, 'm', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (int i = 0; i < 2 * BALINT_SHEET_ROWS; i++)
        balint_sheet_add(&sheet, BALINT_SHEET_LINE, i % 7 - 2, text, text, 0);
    assert_int_equal(sheet.count, BALINT_SHEET_ROWS);
    balint_sheet_page(&sheet, 600, 800, &list);
    for (int i = 0; i < list.item_count; i++) {
        assert_true(list.items[i].rect.x >= 0 && list.items[i].rect.x + list.items[i].rect.w <= 600);
        assert_true(list.items[i].rect.y >= 0 && list.items[i].rect.y + list.items[i].rect.h <= 800);
    }
}

static void test_json_there_and_back(void **unused)
{
    (void)unused;
    static struct balint_sheet back;
    char why[BALINT_INPUT_WHY];
    char *text = balint_sheet_json(&sheet);
    assert_true(balint_input_sheet(text, strlen(text), &back, why));
    free(text);
    assert_int_equal(back.count, sheet.count);
    for (int i = 0; i < sheet.count; i++) {
        assert_int_equal(back.rows[i].kind, sheet.rows[i].kind);
        assert_int_equal(back.rows[i].column, sheet.rows[i].column);
        assert_true(back.rows[i].fill == sheet.rows[i].fill);
        assert_string_equal(back.rows[i].left, sheet.rows[i].left);
        assert_string_equal(back.rows[i].right, sheet.rows[i].right);
    }
}

static void test_wrong_json_is_named(void **unused)
{
    (void)unused;
    static const char *const wrong[][2] = {
        {"{}", "list"},
        {"[{\"kind\": \"line\"}", "list"},
        {"[{\"kind\": \"line\"}, {\"left\": \"a\"}]", "rows[1]"},
        {"[{\"kind\": \"banner\"}]", "rows[0]: kind"},
        {"[{\"kind\": \"line\", \"column\": 3}]", "column"},
        {"[{\"kind\": \"bar\", \"fill\": 1.5}]", "fill"},
        {"[{\"kind\": \"line\", \"left\": 4}]", "rows[0]"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char why[BALINT_INPUT_WHY] = "";
        struct balint_sheet before = sheet;
        assert_false(balint_input_sheet(wrong[i][0], strlen(wrong[i][0]), &sheet, why));
        assert_non_null(strstr(why, wrong[i][1]));
        assert_memory_equal(&before, &sheet, sizeof sheet);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_leaders_alone, begin),
        cmocka_unit_test_setup(test_letters_stay_legible, begin),
        cmocka_unit_test_setup(test_rows_are_apart_and_inside, begin),
        cmocka_unit_test_setup(test_a_full_sheet, begin),
        cmocka_unit_test_setup(test_json_there_and_back, begin),
        cmocka_unit_test_setup(test_wrong_json_is_named, begin),
    };
    return cmocka_run_group_tests_name("overlay_sheet", tests, NULL, NULL);
}
