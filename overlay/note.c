/* note.c - the note over everything: a passing sentence, a list of people, the help.
 *
 * Sentences are wrapped, so that their letters stay readable; where a card is shown and there is room beneath
 * it, they stand there, because the card is what that person's screen is about. Elsewhere they stand where
 * they cover no plate and as little of a face as can be: what is under way goes on to be seen. Lines with a
 * tab are a key and what it does: they stand in a grid, and an empty line among them begins another column.
 * Its letters are as large as the frame allows; in a narrow frame the columns stand below each other.
 */
#include "build.h"

#include <string.h>

#define ROWS     64
#define COLUMNS  3
#define LETTERS  18 /* em at 720 lines */
#define SMALLEST 6
#define WIDE     44 /* ems of a sentence's line */

struct row {
    char key[24], text[200]; /* no key: a heading */
    bool key_row;
    int column;
};
/* A grid at one letter size. */
struct grid {
    int columns, size, pad, gutter, key_w, height;
    int text_w[COLUMNS];
};

/* -- sentences ------------------------------------------------------------------------------------------- */

static const struct balint_group *card_of(const struct balint_list *list)
{
    for (int i = 0; i < list->group_count; i++)
        if (list->groups[i].id == BALINT_GROUP_CARD)
            return &list->groups[i];
    return NULL;
}

static long common(struct balint_rect a, struct balint_rect b)
{
    int left = a.x > b.x ? a.x : b.x, right = a.x + a.w < b.x + b.w ? a.x + a.w : b.x + b.w;
    int top = a.y > b.y ? a.y : b.y, bottom = a.y + a.h < b.y + b.h ? a.y + a.h : b.y + b.h;
    return right > left && bottom > top ? (long)(right - left) * (bottom - top) : 0;
}

/* Where a face is as a rule, in a picture of a person at a table. */
static struct balint_rect face_of(const struct balint_rect *tile)
{
    return (struct balint_rect){tile->x + tile->w * 3 / 10, tile->y + tile->h / 4, tile->w * 4 / 10,
                                tile->h / 2};
}

/* Words weigh more than faces, which are seen again in a moment. */
static long covers(const struct balint_build *build, struct balint_rect box)
{
    const struct balint_view *view = build->view;
    long sum = 0;
    for (int i = 0; i < build->list->group_count; i++) {
        enum balint_group_id id = build->list->groups[i].id;
        if (id >= BALINT_GROUP_PLATE || id == BALINT_GROUP_SAID || id == BALINT_GROUP_BAND ||
            id == BALINT_GROUP_HINT)
            sum += 4 * common(build->list->groups[i].rect, box);
    }
    for (int i = 0; i < view->tile_count && i < BALINT_SEATS; i++)
        sum += common(face_of(&view->tiles[i].rect), box);
    return sum;
}

/* The highest place below the ribbon that covers least; over a sheet, whose rows are words, the middle. */
static int place(const struct balint_build *build, struct balint_rect box)
{
    const struct balint_frame *frame = &build->frame;
    int best = (frame->height - box.h) / 2, step = balint_scaled(frame, 4);
    long least = -1;
    for (int i = 0; i < build->list->group_count; i++)
        if (build->list->groups[i].id == BALINT_GROUP_SHEET)
            return best;
    for (int y = frame->ribbon + frame->gap; y + box.h <= frame->height - frame->gap; y += step) {
        box.y = y;
        long sum = covers(build, box);
        if (least < 0 || sum < least) {
            least = sum;
            best = y;
        }
    }
    return best;
}

static void build_sentences(struct balint_build *build, const char *note)
{
    const struct balint_frame *frame = &build->frame;
    const struct balint_group *card = card_of(build->list);
    int size = balint_scaled(frame, LETTERS), pad, widest, lines, height;
    int stage = frame->width - frame->panel; /* what leaders see beside it stays */
    for (;; size--) {
        pad = size;
        int room = stage - 2 * pad;
        room = room < WIDE * size ? room : WIDE * size;
        lines = balint_build_lines(note, size, false, room, &widest);
        height = lines * size * 4 / 3 + 2 * pad;
        if (size <= SMALLEST || height <= frame->height)
            break;
    }
    int width = widest + 2 * pad, y = (frame->height - height) / 2;
    if (card == NULL) {
        y = place(build, (struct balint_rect){(stage - width) / 2, 0, width, height});
    } else {
        int beneath = card->rect.y + card->rect.h + frame->gap;
        y = beneath + height <= frame->height - frame->band ? beneath : y;
    }
    struct balint_rect box = {(stage - width) / 2, y, width, height};
    balint_build_group(build, BALINT_GROUP_NOTE);
    balint_build_box(build, BALINT_STYLE_NOTE, box, balint_scaled(frame, 16));
    balint_build_text(build, BALINT_STYLE_PLAIN,
                      (struct balint_rect){box.x + pad, box.y + pad, widest, height - 2 * pad}, size,
                      BALINT_ALIGN_LEFT, lines, note);
}

/* -- keys ------------------------------------------------------------------------------------------------ */

static int read_rows(const char *note, struct row rows[ROWS], int *columns)
{
    char line[256];
    int count = 0, column = 0;
    for (const char *at = note; count < ROWS && balint_build_next_line(&at, line, sizeof line) != NULL;) {
        if (line[0] == '\0') {
            column += count > 0 && column < COLUMNS - 1;
            continue;
        }
        struct row *row = &rows[count++];
        char *tab = strchr(line, '\t');
        *row = (struct row){.key_row = tab != NULL, .column = column};
        if (tab != NULL)
            *tab = '\0';
        balint_words_copy(row->key, sizeof row->key, tab != NULL ? line : "");
        balint_words_copy(row->text, sizeof row->text, tab != NULL ? tab + 1 : line);
    }
    *columns = column + 1;
    return count;
}

static int column_of(const struct grid *grid, const struct row *row)
{
    return row->column < grid->columns ? row->column : grid->columns - 1;
}

static int row_height(const struct grid *grid, const struct row *row)
{
    if (!row->key_row)
        return grid->size * 9 / 5;
    return balint_build_lines(row->text, grid->size, false, grid->text_w[column_of(grid, row)], NULL) *
           grid->size * 4 / 3;
}

/* Columns that need less than an equal part of the room leave the rest to the others. */
static void share_room(struct grid *grid, int room)
{
    int left = grid->columns;
    bool done[COLUMNS] = {false};
    for (bool again = true; again && left > 0;) {
        again = false;
        for (int i = 0; i < grid->columns; i++)
            if (!done[i] && left > 0 && grid->text_w[i] <= room / left) {
                done[i] = again = true;
                room -= grid->text_w[i];
                left--;
            }
    }
    for (int i = 0; i < grid->columns; i++)
        grid->text_w[i] = done[i] ? grid->text_w[i] : room / left;
}

/* Measures the grid at a letter size. False when it does not fit into the frame. */
static bool measure_grid(const struct balint_frame *frame, const struct row *rows, int count, int columns,
                         int size, struct grid *grid)
{
    *grid = (struct grid){.columns = columns, .size = size, .pad = size * 13 / 9, .gutter = size * 2};
    int heights[COLUMNS] = {0};
    for (int i = 0; i < count; i++) {
        int *text_w = &grid->text_w[column_of(grid, &rows[i])];
        int key_w = balint_words_width(rows[i].key, size, true) + size;
        int wide = balint_words_width(rows[i].text, size, !rows[i].key_row);
        grid->key_w = rows[i].key_row && key_w > grid->key_w ? key_w : grid->key_w;
        *text_w = wide > *text_w ? wide : *text_w;
    }
    int room =
        frame->width - frame->gap - 2 * grid->pad - (columns - 1) * grid->gutter - columns * grid->key_w;
    if (room < columns * size)
        return false;
    share_room(grid, room);
    for (int i = 0; i < count; i++)
        heights[column_of(grid, &rows[i])] += row_height(grid, &rows[i]);
    for (int i = 0; i < columns; i++)
        grid->height = heights[i] > grid->height ? heights[i] : grid->height;
    return grid->height + 2 * grid->pad <= frame->height - frame->gap;
}

static void draw_grid(struct balint_build *build, const struct row *rows, int count, const struct grid *grid)
{
    const struct balint_frame *frame = &build->frame;
    int width = 2 * grid->pad + (grid->columns - 1) * grid->gutter, height = grid->height + 2 * grid->pad;
    for (int i = 0; i < grid->columns; i++)
        width += grid->key_w + grid->text_w[i];
    struct balint_rect box = {(frame->width - width) / 2, (frame->height - height) / 2, width, height};
    int x[COLUMNS] = {0}, y[COLUMNS];
    for (int i = 0; i < grid->columns; i++) {
        x[i] = i == 0 ? box.x + grid->pad : x[i - 1] + grid->key_w + grid->text_w[i - 1] + grid->gutter;
        y[i] = box.y + grid->pad;
    }
    balint_build_group(build, BALINT_GROUP_NOTE);
    balint_build_box(build, BALINT_STYLE_NOTE, box, balint_scaled(frame, 16));
    for (int i = 0; i < count; i++) {
        int column = column_of(grid, &rows[i]), high = row_height(grid, &rows[i]);
        struct balint_rect key = {x[column], y[column], grid->key_w, high};
        struct balint_rect text = {key.x + key.w, key.y, grid->text_w[column], high};
        if (!rows[i].key_row) {
            text.x = key.x;
            text.w += key.w;
        }
        balint_build_text(build, BALINT_STYLE_ACCENT, key, grid->size, BALINT_ALIGN_LEFT, 1, rows[i].key);
        balint_build_text(build, rows[i].key_row ? BALINT_STYLE_PLAIN : BALINT_STYLE_TITLE, text, grid->size,
                          BALINT_ALIGN_LEFT, rows[i].key_row ? high / (grid->size * 4 / 3) : 1, rows[i].text);
        y[column] += high;
    }
}

static void build_keys(struct balint_build *build, const char *note)
{
    const struct balint_frame *frame = &build->frame;
    struct row rows[ROWS];
    struct grid beside, below;
    int columns, count = read_rows(note, rows, &columns), size = balint_scaled(frame, LETTERS);
    int other = size;
    while (!measure_grid(frame, rows, count, columns, size, &beside) && size > SMALLEST)
        size--;
    while (!measure_grid(frame, rows, count, 1, other, &below) && other > SMALLEST)
        other--;
    draw_grid(build, rows, count, other > size ? &below : &beside);
}

void balint_build_note(struct balint_build *build, const char *note)
{
    if (strchr(note, '\t') != NULL)
        build_keys(build, note);
    else
        build_sentences(build, note);
}
