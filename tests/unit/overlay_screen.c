/* overlay_screen.c - what is drawn: parts drawn again come to the same picture, and no word is cut off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pango/pangocairo.h>
#include <stdlib.h>

#include "screen.h"
#include "unit/overlay_view.h"

static struct evening evening;
static struct balint_matrix matrix;

static void change(int seat)
{
    struct balint_state *state = &evening.state;
    struct balint_state_seat *someone = &state->seats[rand() % PEOPLE];
    struct balint_balance_row *row = &evening.balance.rows[rand() % 2];
    switch (rand() % 12) {
    case 0:
        someone->muted = !someone->muted;
        break;
    case 1:
        someone->away = !someone->away;
        break;
    case 2:
        someone->hand_ms = !someone->hand_ms;
        break;
    case 3:
        state->clock_ms += 60000;
        break;
    case 4:
        state->phase = rand() % state->format.count;
        break;
    case 5:
        state->invited = !state->invited;
        break;
    case 6:
        state->stepped_back = !state->stepped_back;
        break;
    case 7:
        row->share = row->recent_share = (rand() % 101) / 100.0;
        break;
    case 8:
        row->reading = (enum balint_reading)(rand() % 3);
        break;
    case 9:
        state->lobby_count = rand() % 3;
        strcpy(state->lobby[0].name, "Réka");
        strcpy(state->lobby[1].name, "Đorđe");
        break;
    case 10:
        evening.view.note = rand() % 2 ? "some keys\nand more" : NULL;
        break;
    default:
        evening.view.tiles[rand() % PEOPLE].line = (enum balint_line)(rand() % BALINT_LINES);
    }
    evening_look(&evening, seat, 960, 540);
}

static void assert_same(const struct balint_screen *a, const struct balint_screen *b)
{
    struct balint_rect x, y;
    cairo_surface_t *p, *q;
    int i = 0;
    for (;; i++) {
        bool more = balint_screen_part(a, i, &x, &p);
        assert_int_equal(more, balint_screen_part(b, i, &y, &q));
        if (!more)
            break;
        assert_memory_equal(&x, &y, sizeof x);
        assert_memory_equal(cairo_image_surface_get_data(p), cairo_image_surface_get_data(q),
                            (size_t)cairo_image_surface_get_stride(p) * (size_t)x.h);
    }
    assert_true(i > 0);
}

static uint8_t *blended(const struct balint_screen *screen)
{
    enum { WIDTH = 960, HEIGHT = 540 };
    uint8_t *memory = malloc(WIDTH * HEIGHT * 3 / 2);
    memset(memory, 90, WIDTH * HEIGHT * 3 / 2);
    struct balint_picture picture = {WIDTH,
                                     HEIGHT,
                                     {memory, memory + WIDTH * HEIGHT, memory + WIDTH * HEIGHT * 5 / 4},
                                     {WIDTH, WIDTH / 2, WIDTH / 2}};
    balint_screen_blend(screen, &picture);
    return memory;
}

/* Whatever changes: what is drawn piece by piece is what would have been drawn at once. */
static void test_pieces(void **unused)
{
    (void)unused;
    srand(5);
    for (int seat = 0; seat < PEOPLE; seat++) {
        struct balint_screen *pieces = balint_screen_create();
        balint_screen_reset(pieces, &matrix);
        evening_begin(&evening);
        evening_look(&evening, seat, 960, 540);
        for (int step = 0; step < 60; step++) {
            struct balint_screen *whole = balint_screen_create();
            balint_screen_reset(whole, &matrix);
            balint_screen_update(pieces, &evening.view);
            assert_true(balint_screen_update(whole, &evening.view));
            assert_same(pieces, whole);
            uint8_t *a = blended(pieces), *b = blended(whole);
            assert_memory_equal(a, b, 960 * 540 * 3 / 2);
            free(a);
            free(b);
            assert_false(balint_screen_update(pieces, &evening.view)); /* nothing changed */
            balint_screen_destroy(whole);
            change(seat);
        }
        balint_screen_destroy(pieces);
    }
}

static void test_clear(void **unused)
{
    (void)unused;
    struct balint_screen *screen = balint_screen_create();
    struct balint_rect rect;
    cairo_surface_t *surface;
    evening_begin(&evening);
    evening_look(&evening, ANNA, 960, 540);
    assert_false(balint_screen_clear(screen));
    assert_true(balint_screen_update(screen, &evening.view));
    assert_true(balint_screen_clear(screen));
    assert_false(balint_screen_part(screen, 0, &rect, &surface));
    assert_true(balint_screen_update(screen, &evening.view));
    balint_screen_destroy(screen);
    balint_screen_destroy(NULL);
}

/* -- letters
 * ----------------------------------------------------------------------------------------------------- */

static PangoLayout *measure(PangoContext *context, const char *text, int size, bool bold)
{
    PangoLayout *layout = pango_layout_new(context);
    PangoFontDescription *font = pango_font_description_from_string("DejaVu Sans");
    pango_font_description_set_absolute_size(font, (double)size * PANGO_SCALE);
    pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_text(layout, text, -1);
    pango_font_description_free(font);
    return layout;
}

static int width_of(PangoContext *context, const char *text, int size, bool bold)
{
    int width, height;
    PangoLayout *layout = measure(context, text, size, bold);
    pango_layout_get_pixel_size(layout, &width, &height);
    g_object_unref(layout);
    return width;
}

/* Every text of every screen fits its place, with names of ordinary length. */
static void test_no_word_is_cut(void **unused)
{
    (void)unused;
    static const int sizes[][2] = {{1280, 720}, {1920, 1080}, {854, 480}, {640, 360}};
    static const char *const names[PEOPLE] = {"Anna Kovács",  "Gábor Tóth", "Ömer Şahin",
                                              "Łukasz Nowak", "Наталья",    "Οδυσσέας"};
    PangoContext *context = pango_font_map_create_context(pango_cairo_font_map_get_default());
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, options);
    pango_context_set_round_glyph_positions(context, FALSE);
    for (int phase = 0; phase < 9; phase++) {
        for (int flags = 0; flags < 64; flags++) {
            evening_begin(&evening);
            for (int i = 0; i < PEOPLE; i++)
                balint_words_copy(evening.state.seats[i].name, BALINT_NAME_SIZE, names[i]);
            for (int i = 0; i < 5; i++)
                balint_words_copy(evening.balance.rows[i].name, BALINT_NAME_SIZE,
                                  names[evening.balance.rows[i].seat]);
            evening.state.phase = phase;
            evening.state.invited = flags & 1;
            evening.state.asked = flags & 2;
            evening.state.led = !(flags & 4);
            evening.state.seats[BELA].muted = flags & 8;
            evening.state.seats[CSILLA].muted_for_cause = flags & 16;
            evening.state.admitted = flags != 63;
            evening.state.clock_ms += flags & 32 ? 30 * 60000 : 0;
            evening.balance.rows[0].heard_yet = flags & 1;
            evening.balance.rows[1].reading = (enum balint_reading)(flags % 3);
            for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
                evening_look(&evening, flags % PEOPLE, sizes[s][0], sizes[s][1]);
                for (int i = 0; i < evening.list.item_count; i++) {
                    const struct balint_item *item = &evening.list.items[i];
                    const char *text = balint_item_text(&evening.list, item);
                    if (item->kind == BALINT_TEXT && item->lines == 1 &&
                        width_of(context, text, item->size, balint_style_bold(item->style)) >
                            item->rect.w + 1)
                        fail_msg("%dx%d: \"%s\" does not fit %d pixels", sizes[s][0], sizes[s][1], text,
                                 item->rect.w);
                }
            }
        }
    }
    cairo_font_options_destroy(options);
    g_object_unref(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_clear),
        cmocka_unit_test(test_no_word_is_cut),
    };
    balint_matrix_init(&matrix, 0.2126, 0.0722, false);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
