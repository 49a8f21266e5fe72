/* debrief_page.c - see debrief_page.h. */
#include "client/debrief_page.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#define WIDTH_PT  595.276 /* A4, ISO 216, in points of a 72nd of an inch */
#define HEIGHT_PT 841.89
#define MARGIN_PT 57 /* 2 cm */
#define SCALE     4  /* units of the list a point: whole numbers are fine enough */

static void set_ink(cairo_t *cr, double grey)
{
    cairo_set_source_rgb(cr, grey, grey, grey);
}

static void draw_bar(cairo_t *cr, const struct balint_item *item)
{
    cairo_rectangle(cr, item->rect.x, item->rect.y, item->rect.w, item->rect.h);
    set_ink(cr, 0.9);
    cairo_fill(cr);
    cairo_rectangle(cr, item->rect.x, item->rect.y, item->rect.w * item->fill, item->rect.h);
    set_ink(cr, 0.45);
    cairo_fill(cr);
}

static void draw_text(cairo_t *cr, const struct balint_item *item, const char *text)
{
    PangoLayout *layout = pango_cairo_create_layout(cr);
    PangoFontDescription *font = pango_font_description_from_string("DejaVu Sans, sans-serif");
    int height = 0;
    pango_font_description_set_absolute_size(font, (double)item->size * PANGO_SCALE);
    pango_font_description_set_weight(font, balint_style_bold(item->style) ? PANGO_WEIGHT_BOLD
                                                                           : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_width(layout, item->rect.w * PANGO_SCALE);
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    pango_layout_set_alignment(layout,
                               item->align == BALINT_ALIGN_RIGHT ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
    pango_layout_set_text(layout, text, -1);
    pango_layout_get_pixel_size(layout, NULL, &height);
    cairo_move_to(cr, item->rect.x, item->rect.y + (item->rect.h - height) / 2.0);
    set_ink(cr, item->style == BALINT_STYLE_SOFT ? 0.35 : 0.1);
    pango_cairo_show_layout(cr, layout);
    pango_font_description_free(font);
    g_object_unref(layout);
}

static cairo_status_t append(void *closure, const unsigned char *data, unsigned int length)
{
    g_byte_array_append(closure, data, length);
    return CAIRO_STATUS_SUCCESS;
}

GByteArray *balint_debrief_page(const struct balint_sheet *sheet)
{
    struct balint_list *list = g_new0(struct balint_list, 1);
    GByteArray *bytes = g_byte_array_new();
    balint_sheet_page(sheet, (int)((WIDTH_PT - 2 * MARGIN_PT) * SCALE),
                      (int)((HEIGHT_PT - 2 * MARGIN_PT) * SCALE), list);
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(append, bytes, WIDTH_PT, HEIGHT_PT);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, "Debrief of an evening");
    cairo_t *cr = cairo_create(surface);
    cairo_translate(cr, MARGIN_PT, MARGIN_PT);
    cairo_scale(cr, 1.0 / SCALE, 1.0 / SCALE);
    for (int i = 0; i < list->item_count; i++) {
        const struct balint_item *item = &list->items[i];
        if (item->kind == BALINT_BAR)
            draw_bar(cr, item);
        else if (item->kind == BALINT_TEXT)
            draw_text(cr, item, balint_item_text(list, item));
    }
    cairo_show_page(cr);
    cairo_surface_finish(surface);
    bool ok =
        cairo_status(cr) == CAIRO_STATUS_SUCCESS && cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS;
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    g_free(list);
    if (!ok)
        g_clear_pointer(&bytes, g_byte_array_unref);
    return bytes;
}
