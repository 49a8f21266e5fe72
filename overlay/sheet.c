/* sheet.c - places the rows of a sheet: as large as they fit. */
#include "sheet.h"

#include "build.h"

#include <string.h>

void balint_sheet_add(struct balint_sheet *sheet, enum balint_sheet_kind kind, int column, const char *left,
                      const char *right, double fill)
{
    if (sheet->count == BALINT_SHEET_ROWS)
        return;
    struct balint_sheet_row *row = &sheet->rows[sheet->count++];
    *row = (struct balint_sheet_row){.kind = kind, .column = column, .fill = fill};
    balint_words_copy(row->left, sizeof row->left, left);
    balint_words_copy(row->right, sizeof row->right, right);
}

/* Height of a row in letters of an em, in hundredths, and its letters. */
static const struct {
    int height, size;
    enum balint_style style;
} kinds[BALINT_SHEET_KINDS] = {
    [BALINT_SHEET_TITLE] = {260, 150, BALINT_STYLE_TITLE},
    [BALINT_SHEET_HEAD] = {200, 110, BALINT_STYLE_TITLE},
    [BALINT_SHEET_LINE] = {150, 100, BALINT_STYLE_PLAIN},
    [BALINT_SHEET_SOFT] = {140, 85, BALINT_STYLE_SOFT},
    [BALINT_SHEET_BAR] = {125, 85, BALINT_STYLE_PLAIN},
    [BALINT_SHEET_FOOT] = {170, 85, BALINT_STYLE_SOFT},
};

static bool is_across(const struct balint_sheet_row *row)
{
    return row->kind == BALINT_SHEET_TITLE || row->kind == BALINT_SHEET_FOOT;
}

/* A row's column, whatever it says. */
static int column_of(const struct balint_sheet_row *row)
{
    return row->column < 0 ? 0 : row->column < BALINT_SHEET_COLUMNS ? row->column : BALINT_SHEET_COLUMNS - 1;
}

/* Heights of what stands across, and of the longest column, in hundredths of an em; how many columns there
 * are. */
static int height_of(const struct balint_sheet *sheet, int *columns)
{
    int across = 0, most = 0, heights[BALINT_SHEET_COLUMNS] = {0};
    *columns = 1;
    for (int i = 0; i < sheet->count; i++) {
        const struct balint_sheet_row *row = &sheet->rows[i];
        int *of = is_across(row) ? &across : &heights[column_of(row)];
        *of += kinds[row->kind].height;
        most = of != &across && *of > most ? *of : most;
        if (!is_across(row) && column_of(row) >= *columns)
            *columns = column_of(row) + 1;
    }
    return across + most;
}

#define LEGIBLE 9 /* letters below are made larger where there is room */

/* A row's letters: in a small frame the lesser ones are as large as the others, and a foot, which has the
 * whole width, as large as its height allows; never so that words are cut off. */
static int size_of(const struct balint_sheet_row *row, const struct balint_rect *rect, int em, int largest)
{
    int size = kinds[row->kind].size * em / 100, most = em;
    if (row->kind == BALINT_SHEET_FOOT)
        most = largest < rect->h * 6 / 7 ? largest : rect->h * 6 / 7;
    most = most < LEGIBLE ? most : LEGIBLE;
    while (most > size &&
           balint_words_width(row->left, most, false) + balint_words_width(row->right, most, false) + em / 2 >
               rect->w)
        most--;
    size = size < most ? most : size;
    return size > 0 ? size : 1;
}

static void add_row(struct balint_build *build, const struct balint_sheet_row *row, struct balint_rect rect,
                    int em, int largest)
{
    int size = size_of(row, &rect, em, largest);
    enum balint_style style = kinds[row->kind].style;
    int right_w =
        row->right[0] == '\0' ? 0 : balint_words_width(row->right, size, balint_style_bold(style)) + em / 2;
    right_w = right_w < rect.w * 6 / 10 ? right_w : rect.w * 6 / 10;
    struct balint_rect left = {rect.x, rect.y, rect.w - right_w, rect.h};
    struct balint_rect right = {rect.x + rect.w - right_w, rect.y, right_w, rect.h};
    if (row->kind == BALINT_SHEET_BAR) {
        int thick = em * 6 / 10;
        thick = thick > 0 ? thick : 1;
        left.w = rect.w * 6 / 10;
        right.x = left.x + left.w;
        right.w = rect.w - left.w;
        balint_build_bar(build, BALINT_STYLE_BAR_MEMBER,
                         (struct balint_rect){left.x, rect.y + (rect.h - thick) / 2, left.w, thick},
                         row->fill);
    } else {
        balint_build_text(build, style, left, size, BALINT_ALIGN_LEFT, 1, row->left);
    }
    balint_build_text(build, style, right, size, BALINT_ALIGN_RIGHT, 1, row->right);
}

#define COLUMN_EMS 17 /* a column is so many letters' ems wide, or the letters get smaller */

void balint_build_sheet(struct balint_build *build, const struct balint_sheet *sheet, struct balint_rect room,
                        int largest)
{
    int columns, height = height_of(sheet, &columns), em = height > 0 ? room.h * 100 / height : largest;
    em = em < largest ? em : largest;
    em = em < room.w / columns / (COLUMN_EMS + 1) ? em : room.w / columns / (COLUMN_EMS + 1);
    int gutter = 3 * em / 2, width = (room.w - (columns - 1) * gutter) / columns, top = room.y;
    int bottom = room.y + room.h, at[BALINT_SHEET_COLUMNS];
    for (int i = 0; i < sheet->count; i++) {
        top += sheet->rows[i].kind == BALINT_SHEET_TITLE ? kinds[BALINT_SHEET_TITLE].height * em / 100 : 0;
        bottom -= sheet->rows[i].kind == BALINT_SHEET_FOOT ? kinds[BALINT_SHEET_FOOT].height * em / 100 : 0;
    }
    for (int i = 0; i < BALINT_SHEET_COLUMNS; i++)
        at[i] = top;
    top = room.y;
    for (int i = 0; i < sheet->count; i++) {
        const struct balint_sheet_row *row = &sheet->rows[i];
        int h = kinds[row->kind].height * em / 100, column = column_of(row);
        int *y = row->kind == BALINT_SHEET_TITLE  ? &top
                 : row->kind == BALINT_SHEET_FOOT ? &bottom
                                                  : &at[column];
        struct balint_rect rect = {room.x + column * (width + gutter), *y, width, h};
        if (is_across(row)) {
            rect.x = room.x;
            rect.w = room.w;
        }
        add_row(build, row, rect, em, largest);
        *y += h;
    }
}

void balint_sheet_page(const struct balint_sheet *sheet, int width, int height, struct balint_list *list)
{
    struct balint_build build = {.list = list, .frame = {.width = width, .height = height, .scale = 1}};
    list->group_count = list->item_count = 0;
    list->text_used = 1;
    list->text[0] = '\0';
    balint_build_group(&build, BALINT_GROUP_SHEET);
    balint_build_sheet(&build, sheet, (struct balint_rect){0, 0, width, height}, width / 45);
    balint_build_close(&build);
}
