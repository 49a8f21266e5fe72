/* input_sheet.c - a sheet as JSON, and back; see input.h. */
#include "input.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static const char *const kinds[BALINT_SHEET_KINDS] = {"title", "head", "line", "soft", "bar", "foot"};

static const char *read_row(const json_t *value, struct balint_sheet *sheet)
{
    const char *kind = NULL, *left = "", *right = "";
    int column = 0;
    double fill = 0;
    if (json_unpack((json_t *)(uintptr_t)value, "{s:s, s?s, s?s, s?i, s?F}", "kind", &kind, "left", &left,
                    "right", &right, "column", &column, "fill", &fill) != 0)
        return "kind, left, right (texts), column, fill (numbers)";
    if (column < 0 || column >= BALINT_SHEET_COLUMNS)
        return "column is 0, 1 or 2";
    if (!(fill >= 0 && fill <= 1))
        return "fill is 0 to 1";
    for (int i = 0; i < BALINT_SHEET_KINDS; i++)
        if (strcmp(kinds[i], kind) == 0) {
            balint_sheet_add(sheet, (enum balint_sheet_kind)i, column, left, right, fill);
            return NULL;
        }
    return "kind is title, head, line, soft, bar or foot";
}

bool balint_input_sheet(const char *text, size_t length, struct balint_sheet *out, char why[BALINT_INPUT_WHY])
{
    json_error_t error;
    json_t *root =
        length <= BALINT_INPUT_SIZE ? json_loadb(text, length, JSON_REJECT_DUPLICATES, &error) : NULL;
    const char *wrong = NULL;
    struct balint_sheet sheet = {0};
    size_t at = 0;
    if (!json_is_array(root) || json_array_size(root) > BALINT_SHEET_ROWS)
        wrong = "a sheet is a JSON list of at most 96 rows";
    for (; wrong == NULL && at < json_array_size(root); at++)
        wrong = read_row(json_array_get(root, at), &sheet);
    if (wrong != NULL && at > 0)
        snprintf(why, BALINT_INPUT_WHY, "rows[%zu]: %s.", at - 1, wrong);
    else if (wrong != NULL)
        snprintf(why, BALINT_INPUT_WHY, "%s.", wrong);
    else
        *out = sheet;
    json_decref(root);
    return wrong == NULL;
}

char *balint_sheet_json(const struct balint_sheet *sheet)
{
    json_t *root = json_array();
    for (int i = 0; i < sheet->count && i < BALINT_SHEET_ROWS; i++) {
        const struct balint_sheet_row *row = &sheet->rows[i];
        json_array_append_new(root, json_pack("{s:s, s:i, s:f, s:s, s:s}", "kind", kinds[row->kind], "column",
                                              row->column, "fill", row->fill, "left", row->left, "right",
                                              row->right));
    }
    char *text = json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(6));
    json_decref(root);
    return text;
}
