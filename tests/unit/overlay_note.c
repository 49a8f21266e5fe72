/* overlay_note.c - the note over everything: keys in a grid, sentences beside what is shown, nothing cut off.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "unit/overlay_view.h"

static struct evening evening;
static const int sizes[][2] = {{1280, 720}, {1920, 1080}, {640, 360}, {854, 480}, {360, 640}};
#define SIZES (sizeof sizes / sizeof *sizes)

#define ROWS 30
static const char longest[] = "the evening ends for all: to its last phase, and nobody is cut off";

static bool apart(struct balint_rect a, struct balint_rect b)
{
    return a.x >= b.x + b.w || b.x >= a.x + a.w || a.y >= b.y + b.h || b.y >= a.y + a.h;
}

static bool inside(struct balint_rect a, struct balint_rect b)
{
    return a.x >= b.x && a.y >= b.y && a.x + a.w <= b.x + b.w && a.y + a.h <= b.y + b.h;
}

/* Does all of a text stand in its rectangle, by the generous estimate? */
static bool whole(const struct balint_item *item)
{
    const char *text = balint_item_text(&evening.list, item);
    int lines = item->lines > 1 ? item->lines : 1;
    return balint_words_width(text, item->size, balint_style_bold(item->style)) <= item->rect.w * lines &&
           lines * item->size * 7 / 6 <= item->rect.h;
}

/* Two columns of `ROWS` keys, each under its heading. */
static const char *many_keys(void)
{
    static char text[8192];
    size_t used = 0;
    for (int column = 0; column < 2; column++) {
        used +=
            (size_t)snprintf(text + used, sizeof text - used, "%sKeys %d\n", column > 0 ? "\n" : "", column);
        for (int i = 0; i < ROWS; i++)
            used += (size_t)snprintf(text + used, sizeof text - used, "%c …\t%s\n", 'a' + i,
                                     i % 9 == 4 ? longest : "who leads now");
    }
    return text;
}

static const struct balint_group *look(int seat, const char *note, int width, int height)
{
    evening.view.note = note;
    evening_look(&evening, seat, width, height);
    const struct balint_group *group = evening_group(&evening, BALINT_GROUP_NOTE);
    assert_non_null(group);
    assert_ptr_equal(group, &evening.list.groups[evening.list.group_count - 1]); /* over everything */
    return group;
}

static void test_many_keys_fit(void **unused)
{
    (void)unused;
    for (size_t s = 0; s < SIZES; s++) {
        evening_begin(&evening);
        const struct balint_group *group = look(ANNA, many_keys(), sizes[s][0], sizes[s][1]);
        const struct balint_item *items = &evening.list.items[group->first];
        assert_int_equal(group->count, 1 + 2 * (1 + 2 * ROWS)); /* none is lost */
        assert_true(inside(items[0].rect, (struct balint_rect){0, 0, sizes[s][0], sizes[s][1]}));
        for (int i = 1; i < group->count; i++) {
            assert_true(inside(items[i].rect, items[0].rect));
            assert_true(whole(&items[i]));
            assert_true(items[i].size >= (sizes[s][1] >= 720 ? 13 : sizes[s][0] >= 640 ? 7 : 6));
            for (int j = 1; j < i; j++)
                assert_true(apart(items[i].rect, items[j].rect));
        }
    }
}

static void test_keys_stand_in_a_grid(void **unused)
{
    (void)unused;
    evening_begin(&evening);
    look(ANNA, "Own\nm\tmute\nr\treturn when invited\n\nOf leaders\np …\twho presents\nn\tnext phase", 1280,
         720);
    static const char *const rows[][2] = {
        {"m", "mute"}, {"r", "return when invited"}, {"p …", "who presents"}, {"n", "next phase"}};
    const struct balint_item *keys[4], *texts[4];
    for (int i = 0; i < 4; i++) {
        keys[i] = evening_find(&evening, rows[i][0], false);
        texts[i] = evening_find(&evening, rows[i][1], false);
        assert_non_null(keys[i]);
        assert_non_null(texts[i]);
        assert_int_equal(keys[i]->rect.y, texts[i]->rect.y);
        assert_true(keys[i]->rect.x + keys[i]->rect.w <= texts[i]->rect.x);
    }
    for (int i = 0; i < 4; i += 2) {
        assert_int_equal(keys[i]->rect.x, keys[i + 1]->rect.x);
        assert_int_equal(texts[i]->rect.x, texts[i + 1]->rect.x);
    }
    assert_int_equal(keys[0]->rect.y, keys[2]->rect.y);
    assert_true(texts[1]->rect.x + texts[1]->rect.w < keys[2]->rect.x);
    assert_int_equal(evening_find(&evening, "Of leaders", false)->rect.x, keys[2]->rect.x);
}

static const char looked_at[] =
    "Anna looks who is at the door: Anna sees and hears you until somebody else is "
    "looked at or you are let in. You see and hear nobody.";

/* What the screen is about stays readable; and so does what passes. */
static void test_sentences_beside_a_card(void **unused)
{
    (void)unused;
    for (size_t s = 0; s < SIZES - 1; s++)
        for (int sits_out = 0; sits_out < 2; sits_out++) {
            evening_begin(&evening);
            strcpy(evening.state.help, "Anna, +36 1 555 0123");
            evening.state.admitted = evening.state.led = sits_out;
            evening.state.seats[BELA].sitting_out = sits_out;
            const struct balint_group *note = look(BELA, looked_at, sizes[s][0], sizes[s][1]);
            const struct balint_group *card = evening_group(&evening, BALINT_GROUP_CARD);
            const struct balint_item *text = &evening.list.items[note->first + 1];
            assert_non_null(card);
            assert_true(apart(note->rect, card->rect));
            assert_true(apart(note->rect, evening_group(&evening, BALINT_GROUP_HINT)->rect));
            assert_true(inside(evening.list.items[note->first].rect,
                               (struct balint_rect){0, 0, sizes[s][0], sizes[s][1]}));
            assert_int_equal(text->size, 18 * sizes[s][1] / 720);
            assert_true(whole(text));
            for (int i = 0; i < card->count; i++) {
                const struct balint_item *item = &evening.list.items[card->first + i];
                assert_true(inside(item->rect, evening.list.items[card->first].rect));
                assert_true(item->kind != BALINT_TEXT || item->lines * item->size * 7 / 6 <= item->rect.h);
            }
        }
}

static void test_sentences_beside_band_and_panel(void **unused)
{
    (void)unused;
    for (size_t s = 0; s < SIZES - 1; s++) {
        evening_begin(&evening);
        const struct balint_group *note = look(DORA, looked_at, sizes[s][0], sizes[s][1]);
        assert_true(apart(note->rect, evening_group(&evening, BALINT_GROUP_BAND)->rect));
        note = look(ANNA, looked_at, sizes[s][0], sizes[s][1]);
        /* however high the panel grows */
        assert_true(note->rect.x + note->rect.w <= evening_group(&evening, BALINT_GROUP_PANEL)->rect.x);
        assert_true(whole(&evening.list.items[note->first + 1]));
    }
}

/* A sentence covers no words that are shown, and none of the middle of a picture, where a face is. */
static void test_sentences_cover_no_plate_and_no_face(void **unused)
{
    static const int viewers[] = {ANNA, BELA,
                                  DORA}; /* with the panel, with nothing, with the listening band */
    static const char *const notes[] = {
        "Béla has your word",
        "Your line to the server is lost; the talk may go on. Trying again.\nHelp: Maria, +36 1 234 5678"};
    (void)unused;
    for (size_t s = 0; s < SIZES - 1; s++)
        for (size_t v = 0; v < sizeof viewers / sizeof *viewers; v++)
            for (size_t n = 0; n < sizeof notes / sizeof *notes; n++) {
                evening_begin(&evening);
                struct balint_rect note = look(viewers[v], notes[n], sizes[s][0], sizes[s][1])->rect;
                for (int i = 0; i < evening.list.group_count - 1; i++)
                    if (evening.list.groups[i].id < BALINT_GROUP_TILE ||
                        evening.list.groups[i].id >= BALINT_GROUP_PLATE)
                        assert_true(apart(note, evening.list.groups[i].rect));
                for (int i = 0; i < evening.view.tile_count; i++) {
                    struct balint_rect tile = evening.view.tiles[i].rect;
                    assert_true(
                        apart(note, (struct balint_rect){tile.x + tile.w * 2 / 5, tile.y + tile.h * 2 / 5,
                                                         tile.w / 5, tile.h / 5}));
                }
            }
}

/* However much is written, in whatever frame: it stays within. */
static void test_too_much(void **unused)
{
    (void)unused;
    static char text[4096];
    for (size_t i = 0; i < sizeof text - 1; i++)
        text[i] = i % 40 == 7 ? '\t' : i % 40 == 39 ? '\n' : i % 400 == 398 ? '\n' : 'm';
    for (int tabs = 0; tabs < 2; tabs++) {
        for (size_t i = 0; tabs == 1 && i < sizeof text - 1; i++)
            text[i] = text[i] == '\t' ? ' ' : text[i];
        for (int width = 160; width < 1400; width += 310) {
            evening_begin(&evening);
            const struct balint_group *note = look(ANNA, text, width, width / 2 + 60);
            assert_true(note->rect.x >= 0 && note->rect.y >= 0);
            assert_true(note->rect.x + note->rect.w <= width + 1);
            assert_true(note->rect.y + note->rect.h <= width / 2 + 61);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many_keys_fit),
        cmocka_unit_test(test_keys_stand_in_a_grid),
        cmocka_unit_test(test_sentences_beside_a_card),
        cmocka_unit_test(test_sentences_beside_band_and_panel),
        cmocka_unit_test(test_sentences_cover_no_plate_and_no_face),
        cmocka_unit_test(test_too_much),
    };
    return cmocka_run_group_tests_name("overlay_note", tests, NULL, NULL);
}
