/* paint.c - boxes, bars and texts with cairo and pango. */
#include "paint.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#define FONT "DejaVu Sans,Noto Sans,Sans" /* the first is what the layout's widths were taken from */
#define KEPT 256                          /* shaped texts; the largest screen has about 150 */

struct shaped {
    PangoLayout *layout;
    char *text;
    int size, width, lines;
    bool bold;
    enum balint_align align;
    guint hash;
    unsigned used; /* when, in groups drawn */
};

struct balint_paint {
    PangoFontMap *fonts; /* an own one: the default one belongs to a thread */
    PangoContext *context;
    struct shaped kept[KEPT];
    unsigned now;
};

struct balint_paint *balint_paint_create(void)
{
    struct balint_paint *paint = g_new0(struct balint_paint, 1);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_antialias(options,
                                     CAIRO_ANTIALIAS_GRAY); /* colours of a pixel's thirds blur in 4:2:0 */
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_SLIGHT);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    paint->fonts = pango_cairo_font_map_new();
    paint->context = pango_font_map_create_context(paint->fonts);
    pango_cairo_context_set_font_options(paint->context, options);
    pango_context_set_round_glyph_positions(paint->context, FALSE); /* widths as the layout reckons them */
    cairo_font_options_destroy(options);
    return paint;
}

static void shaped_finish(struct shaped *shaped)
{
    g_clear_object(&shaped->layout);
    g_clear_pointer(&shaped->text, g_free);
}

void balint_paint_destroy(struct balint_paint *paint)
{
    if (paint == NULL)
        return;
    for (int i = 0; i < KEPT; i++)
        shaped_finish(&paint->kept[i]);
    g_object_unref(paint->context);
    g_object_unref(paint->fonts);
    g_free(paint);
}

static PangoLayout *shape(struct balint_paint *paint, const char *text, const struct balint_item *item)
{
    PangoLayout *layout = pango_layout_new(paint->context);
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(font, FONT);
    pango_font_description_set_absolute_size(font, (double)item->size * PANGO_SCALE);
    pango_font_description_set_weight(font, balint_style_bold(item->style) ? PANGO_WEIGHT_BOLD
                                                                           : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(layout, item->rect.w * PANGO_SCALE);
    pango_layout_set_height(layout, -MAX(1, item->lines)); /* negative: lines */
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    pango_layout_set_single_paragraph_mode(layout, item->lines <= 1);
    pango_layout_set_alignment(layout, item->align == BALINT_ALIGN_LEFT     ? PANGO_ALIGN_LEFT
                                       : item->align == BALINT_ALIGN_CENTRE ? PANGO_ALIGN_CENTER
                                                                            : PANGO_ALIGN_RIGHT);
    pango_layout_set_text(layout, text, -1);
    return layout;
}

/* The shaped text of an item, made or kept. It belongs to `paint`. */
static PangoLayout *shaped_of(struct balint_paint *paint, const char *text, const struct balint_item *item)
{
    guint hash = g_str_hash(text) ^ ((guint)item->size << 24) ^ ((guint)item->rect.w << 8);
    struct shaped *oldest = &paint->kept[0];
    for (int i = 0; i < KEPT; i++) {
        struct shaped *kept = &paint->kept[i];
        if (kept->layout != NULL && kept->hash == hash && kept->size == item->size &&
            kept->width == item->rect.w && kept->lines == item->lines && kept->align == item->align &&
            kept->bold == balint_style_bold(item->style) && strcmp(kept->text, text) == 0) {
            kept->used = paint->now;
            return kept->layout;
        }
        if (kept->used < oldest->used)
            oldest = kept;
    }
    shaped_finish(oldest);
    *oldest = (struct shaped){.layout = shape(paint, text, item),
                              .text = g_strdup(text),
                              .size = item->size,
                              .width = item->rect.w,
                              .lines = item->lines,
                              .bold = balint_style_bold(item->style),
                              .align = item->align,
                              .hash = hash,
                              .used = paint->now};
    return oldest->layout;
}

static void set_colour(cairo_t *cairo, enum balint_style style, double strength)
{
    uint32_t colour = balint_style_colour(style);
    cairo_set_source_rgba(cairo, (colour >> 16 & 0xff) / 255.0, (colour >> 8 & 0xff) / 255.0,
                          (colour & 0xff) / 255.0, strength * (colour >> 24) / 255.0);
}

static void round_box(cairo_t *cairo, double x, double y, double w, double h, double radius)
{
    radius = MIN(radius, MIN(w, h) / 2);
    if (radius < 1) {
        cairo_rectangle(cairo, x, y, w, h);
        return;
    }
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, x + w - radius, y + radius, radius, -M_PI_2, 0);
    cairo_arc(cairo, x + w - radius, y + h - radius, radius, 0, M_PI_2);
    cairo_arc(cairo, x + radius, y + h - radius, radius, M_PI_2, M_PI);
    cairo_arc(cairo, x + radius, y + radius, radius, M_PI, 3 * M_PI_2);
    cairo_close_path(cairo);
}

static void draw_text(struct balint_paint *paint, cairo_t *cairo, const char *text,
                      const struct balint_item *item)
{
    PangoLayout *layout = shaped_of(paint, text, item);
    int width, height;
    pango_layout_get_pixel_size(layout, &width, &height);
    cairo_rectangle(cairo, item->rect.x, item->rect.y, item->rect.w, item->rect.h);
    cairo_clip(cairo);
    set_colour(cairo, item->style, 1);
    cairo_move_to(cairo, item->rect.x, item->rect.y + floor((item->rect.h - height) / 2.0));
    pango_cairo_show_layout(cairo, layout);
}

static void draw_item(struct balint_paint *paint, cairo_t *cairo, const struct balint_list *list,
                      const struct balint_item *item)
{
    const struct balint_rect *rect = &item->rect;
    cairo_save(cairo);
    if (item->kind == BALINT_TEXT) {
        draw_text(paint, cairo, balint_item_text(list, item), item);
    } else if (item->kind == BALINT_BOX) {
        round_box(cairo, rect->x, rect->y, rect->w, rect->h, item->size);
        set_colour(cairo, item->style, 1);
        cairo_fill(cairo);
    } else {
        round_box(cairo, rect->x, rect->y, rect->w, rect->h, item->size);
        cairo_clip(cairo);
        set_colour(cairo, BALINT_STYLE_RULE, 1); /* the empty part */
        cairo_paint(cairo);
        set_colour(cairo, item->style, 1);
        cairo_rectangle(cairo, rect->x, rect->y, item->fill * rect->w, rect->h);
        cairo_fill(cairo);
    }
    cairo_restore(cairo);
}

static bool touch(const struct balint_rect *a, const struct balint_rect *b)
{
    return a->x < b->x + b->w && b->x < a->x + a->w && a->y < b->y + b->h && b->y < a->y + a->h;
}

void balint_paint_group(struct balint_paint *paint, const struct balint_list *list,
                        const struct balint_group *group, struct balint_rect dirty, cairo_surface_t *surface)
{
    cairo_t *cairo = cairo_create(surface);
    paint->now++;
    cairo_translate(cairo, -group->rect.x, -group->rect.y);
    cairo_rectangle(cairo, dirty.x, dirty.y, dirty.w, dirty.h);
    cairo_clip(cairo);
    cairo_set_operator(cairo, CAIRO_OPERATOR_CLEAR);
    cairo_paint(cairo);
    cairo_set_operator(cairo, CAIRO_OPERATOR_OVER);
    for (int i = group->first; i < group->first + group->count; i++)
        if (touch(&list->items[i].rect, &dirty))
            draw_item(paint, cairo, list, &list->items[i]);
    cairo_destroy(cairo);
    cairo_surface_flush(surface);
}
