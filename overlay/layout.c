/* layout.c - ribbon, tiles, plates, own state and cards; the leaders' panel is panel.c. */
#include "layout.h"

#include "build.h"

#include <string.h>

/* Calm on any screen: slate, warm white, sand, sage. Nothing is red, and no colour says good or bad. */
uint32_t balint_style_colour(enum balint_style style)
{
    static const uint32_t colours[BALINT_STYLES] = {
        [BALINT_STYLE_RIBBON] = 0xff1d2b33,      [BALINT_STYLE_PANEL] = 0xff1d2b33,
        [BALINT_STYLE_PLATE] = 0xcc131d23,       [BALINT_STYLE_DIM] = 0x99131d23,
        [BALINT_STYLE_COVER] = 0xff26353d,       [BALINT_STYLE_LISTEN] = 0xff2f4a4c,
        [BALINT_STYLE_CARD] = 0xff1d2b33,        [BALINT_STYLE_NOTE] = 0xf2131d23,
        [BALINT_STYLE_CHIP] = 0xffdcc79a,        [BALINT_STYLE_RULE] = 0xff3a4c56,
        [BALINT_STYLE_DOT_SOUND] = 0xff93c6a8,   [BALINT_STYLE_DOT_QUIET] = 0xff7d8c92,
        [BALINT_STYLE_BAR_MEMBER] = 0xff86b4bd,  [BALINT_STYLE_BAR_RECENT] = 0xff6b8d99,
        [BALINT_STYLE_BAR_LEADERS] = 0xffcbb88c, [BALINT_STYLE_TITLE] = 0xfff6f3ec,
        [BALINT_STYLE_NAME] = 0xfff6f3ec,        [BALINT_STYLE_PLAIN] = 0xffe4e2db,
        [BALINT_STYLE_SOFT] = 0xffadb9ba,        [BALINT_STYLE_ACCENT] = 0xffe6d4a8,
        [BALINT_STYLE_ON_CHIP] = 0xff1d2b33,
    };
    return style >= 0 && style < BALINT_STYLES ? colours[style] : 0;
}

bool balint_style_bold(enum balint_style style)
{
    return style == BALINT_STYLE_TITLE || style == BALINT_STYLE_NAME || style == BALINT_STYLE_ON_CHIP;
}

const char *balint_item_text(const struct balint_list *list, const struct balint_item *item)
{
    return item->kind == BALINT_TEXT ? list->text + item->text : "";
}

bool balint_item_same(const struct balint_list *a, const struct balint_item *x, const struct balint_list *b,
                      const struct balint_item *y)
{
    return x->kind == y->kind && x->style == y->style && memcmp(&x->rect, &y->rect, sizeof x->rect) == 0 &&
           x->size == y->size && x->align == y->align && x->lines == y->lines && x->fill == y->fill &&
           strcmp(balint_item_text(a, x), balint_item_text(b, y)) == 0;
}

/* -- tiles ----------------------------------------------------------------------------------------------- */

unsigned balint_tiles_room(const struct balint_state *state, int seat)
{
    struct balint_view view = {.state = state, .seat = seat == BALINT_NOBODY ? state->you : seat};
    unsigned room = 0;
    if (balint_view_leads(&view))
        room |= BALINT_ROOM_PANEL;
    if (state->admitted && state->stepped_back && state->presenter == view.seat)
        room |= BALINT_ROOM_BAND;
    return room;
}

unsigned balint_tiles_fold(unsigned room, bool folded)
{
    return folded && (room & BALINT_ROOM_PANEL) ? (room & ~(unsigned)BALINT_ROOM_PANEL) | BALINT_ROOM_STRIP
                                                : room;
}

/* The part of the frame that is the tiles'. */
static struct balint_rect stage_of(const struct balint_frame *frame)
{
    return (struct balint_rect){0, frame->ribbon, frame->width - frame->panel,
                                frame->height - frame->ribbon - frame->band};
}

/* Width of a 16:9 tile when `columns` stand beside each other. */
static int tile_width(struct balint_rect stage, int gap, int columns, int rows)
{
    int wide = (stage.w - gap * (columns + 1)) / columns, high = (stage.h - gap * (rows + 1)) / rows;
    return wide < high * 16 / 9 ? wide : high * 16 / 9;
}

int balint_tiles_place(int width, int height, int count, unsigned room,
                       struct balint_rect rects[BALINT_SEATS])
{
    struct balint_frame frame;
    count = count < 0 ? 0 : count > BALINT_SEATS ? BALINT_SEATS : count;
    if (count == 0 || !balint_frame_of(width, height, room, &frame))
        return 0;
    struct balint_rect stage = stage_of(&frame);
    int columns = 1, best = 0;
    for (int c = 1; c <= count; c++) {
        int w = tile_width(stage, frame.gap, c, (count + c - 1) / c);
        if (w > best) {
            best = w;
            columns = c;
        }
    }
    int rows = (count + columns - 1) / columns;
    int w = best & ~1, h = (best * 9 / 16) & ~1;
    if (h < 2)
        return 0;
    /* the space that is left over goes between and around the tiles in equal parts */
    int gap_y = (stage.h - rows * h) / (rows + 1);
    for (int i = 0; i < count; i++) {
        int row = i / columns, in_row = row == rows - 1 ? count - row * columns : columns;
        int gap_x = (stage.w - in_row * w) / (in_row + 1);
        gap_x = gap_x > 3 * frame.gap ? 3 * frame.gap : gap_x;
        int left = (stage.w - in_row * w - (in_row - 1) * gap_x) / 2;
        rects[i] = (struct balint_rect){(stage.x + left + (i % columns) * (w + gap_x)) & ~1,
                                        (stage.y + gap_y + row * (h + gap_y)) & ~1, w, h};
    }
    return count;
}

/* -- what lies over a tile ---------------------------------------------------------------------------------
 */

/* May the person who looks see this one? BALINT.md's floor, from the flags of the state. */
static bool visible(const struct balint_view *view, const struct balint_state_seat *seat)
{
    const struct balint_state *state = view->state;
    bool own = seat->seat == view->seat, leads = balint_view_leads(view);
    const struct balint_state_seat *viewer = balint_view_seat(state, view->seat);
    if (viewer != NULL &&
        viewer->after_room != seat->after_room) /* on the other side of the after-room's door */
        return false;
    if (seat->away || seat->sitting_out || seat->seen == BALINT_SEEN_BY_NOBODY)
        return false;
    bool hidden =
        state->stepped_back && state->presenter == seat->seat && state->place == BALINT_LEADERS_ONLY;
    return own || leads || !(hidden || seat->seen == BALINT_SEEN_BY_LEADERS);
}

static bool dimmed(const struct balint_view *view, const struct balint_state_seat *seat)
{
    const struct balint_state *state = view->state;
    bool aside = state->stepped_back && state->presenter == seat->seat && state->place == BALINT_ASIDE;
    return (aside || seat->dimmed) && seat->seat != view->seat && !balint_view_leads(view);
}

static bool lost(const struct balint_tile *tile, const struct balint_state_seat *seat)
{
    return tile->line == BALINT_LINE_LOST || tile->line == BALINT_LINE_CLOSED ||
           (tile->line != BALINT_LINE_SOUND && !seat->connected);
}

/* An empty chair: no frozen picture, and none that came although it should not have. */
static void build_cover(struct balint_build *build, int index)
{
    balint_build_group(build, BALINT_GROUP_TILE + index);
    balint_build_box(build, BALINT_STYLE_COVER, build->view->tiles[index].rect, 0);
}

static void build_tile(struct balint_build *build, int index, const struct balint_state_seat *seat)
{
    const struct balint_tile *tile = &build->view->tiles[index];
    bool own = seat->seat == build->view->seat;
    if (!visible(build->view, seat) || (!own && lost(tile, seat))) {
        build_cover(build, index);
    } else if (dimmed(build->view, seat)) {
        balint_build_group(build, BALINT_GROUP_TILE + index);
        balint_build_box(build, BALINT_STYLE_DIM, tile->rect, 0);
    }
}

/* A small label of one text at a place, as wide as the text, at most `room`. Returns its width. */
static int build_pill(struct balint_build *build, enum balint_style box, enum balint_style style, int x,
                      int y, int room, int size, const char *text)
{
    int pad = size * 5 / 8, height = size * 27 / 16;
    int width = balint_words_width(text, size, balint_style_bold(style)) + 2 * pad;
    width = width < room ? width : room;
    balint_build_box(build, box, (struct balint_rect){x, y, width, height}, height / 2);
    balint_build_text(build, style, (struct balint_rect){x + pad, y, width - 2 * pad, height}, size,
                      BALINT_ALIGN_LEFT, 1, text);
    return width;
}

/* Name and state: beside each other where the tile is wide enough, else below each other. */
static void build_plate(struct balint_build *build, int index, const struct balint_state_seat *seat)
{
    const struct balint_view *view = build->view;
    const struct balint_tile *tile = &view->tiles[index];
    const struct balint_frame *frame = &build->frame;
    char state[160];
    balint_words_seat(view, seat, tile->line, state, sizeof state);
    if (seat->seat == view->seat)
        balint_words_own_devices(tile, state, sizeof state);
    int size = balint_scaled(frame, tile->rect.w < frame->scale * 250 ? 15 : 18), small = size * 5 / 6;
    int pad = size / 2, dot = pad, room = tile->rect.w - 2 * pad;
    int name_w = balint_words_width(seat->name, size, true),
        state_w = balint_words_width(state, small, false);
    bool stacked = name_w + state_w + dot + 4 * pad > room;
    int line = size * 3 / 2, height = stacked ? line + small * 3 / 2 : line + size / 4;
    int want = stacked ? (name_w > state_w + dot + pad ? name_w : state_w + dot + pad) + 2 * pad
                       : name_w + state_w + dot + 4 * pad;
    want = want < room ? want : room;
    struct balint_rect stage = stage_of(frame);
    int bottom = tile->rect.y + tile->rect.h;
    bottom = bottom < stage.y + stage.h ? bottom : stage.y + stage.h; /* never under the listening band */
    struct balint_rect box = {tile->rect.x + pad, bottom - height - pad, want, height};

    balint_build_group(build, BALINT_GROUP_PLATE + index);
    balint_build_box(build, BALINT_STYLE_PLATE, box, size / 2);
    struct balint_rect name = {box.x + pad, box.y, box.w - 2 * pad, stacked ? line - size / 6 : height};
    struct balint_rect words = {box.x + pad, box.y + line - size / 6, box.w - 2 * pad, small * 3 / 2};
    if (!stacked) {
        name.w = name_w;
        words = (struct balint_rect){name.x + name_w + pad + pad / 2, box.y, 0, height};
        words.w = box.x + box.w - pad - words.x;
    }
    bool sound = tile->line == BALINT_LINE_SOUND && strcmp(state, "sound arriving") == 0;
    balint_build_text(build, BALINT_STYLE_NAME, name, size, BALINT_ALIGN_LEFT, 1, seat->name);
    balint_build_box(build, sound ? BALINT_STYLE_DOT_SOUND : BALINT_STYLE_DOT_QUIET,
                     (struct balint_rect){words.x, words.y + (words.h - dot) / 2, dot, dot}, dot / 2);
    words.x += dot + pad / 2;
    words.w -= dot + pad / 2;
    balint_build_text(build, BALINT_STYLE_PLAIN, words, small, BALINT_ALIGN_LEFT, 1, state);
    char chip[32];
    balint_words_chip(seat, chip, sizeof chip);
    if (chip[0] != '\0')
        build_pill(build, BALINT_STYLE_CHIP, BALINT_STYLE_ON_CHIP, box.x, box.y - small * 2, room, small,
                   chip);
}

/* -- the rest ----------------------------------------------------------------------------------------------
 */

static void build_ribbon(struct balint_build *build)
{
    const struct balint_state *state = build->view->state;
    const struct balint_frame *frame = &build->frame;
    if (state->phase < 0 || state->phase >= state->format.count || state->phase >= BALINT_PHASES)
        return;
    const struct balint_phase *phase = &state->format.phases[state->phase];
    char heading[2 * BALINT_NAME_SIZE];
    balint_words_phase(state, heading, sizeof heading);
    char time[80], guidance[2 * BALINT_NAME_SIZE + 160], roles[2 * BALINT_NAME_SIZE + 64];
    balint_words_time(phase->minutes, build->view->now_ms - state->phase_since_ms, time, sizeof time);
    balint_words_roles(build->view, roles, sizeof roles);

    balint_words_guidance(build->view, guidance, sizeof guidance);

    int pad = balint_scaled(frame, 18), title = balint_scaled(frame, 22), size = balint_scaled(frame, 17);
    int room = frame->width - 2 * pad, top = balint_scaled(frame, 3), first = balint_scaled(frame, 27);
    int second_y = top + first, second = frame->ribbon - second_y - balint_scaled(frame, 3);
    int time_w = balint_words_width(time, size, false), title_w = balint_words_width(heading, title, true);
    if (time_w > room * 3 / 5)
        time_w = room * 3 / 5;
    if (title_w > room - time_w - pad)
        title_w = room - time_w - pad;
    balint_build_group(build, BALINT_GROUP_RIBBON);
    balint_build_box(build, BALINT_STYLE_RIBBON, (struct balint_rect){0, 0, frame->width, frame->ribbon}, 0);
    balint_build_text(build, BALINT_STYLE_TITLE, (struct balint_rect){pad, top, title_w, first}, title,
                      BALINT_ALIGN_LEFT, 1, heading);
    balint_build_text(build, BALINT_STYLE_PLAIN,
                      (struct balint_rect){pad + room - time_w, top, time_w, first}, size, BALINT_ALIGN_RIGHT,
                      1, time);

    /* guidance and names may both be long: then the letters of this line get smaller, before anything is cut
     */
    int text = size, left_w = balint_words_width(guidance, text, false);
    int right_w = balint_words_width(roles, text, false);
    while (text > size * 2 / 3 && left_w + right_w + pad > room) {
        left_w = balint_words_width(guidance, --text, false);
        right_w = balint_words_width(roles, text, false);
    }
    int least = right_w < room * 3 / 10 ? right_w : room * 3 / 10;
    left_w = left_w < room - least - pad ? left_w : room - least - pad;
    right_w = right_w < room - left_w - pad ? right_w : room - left_w - pad;
    balint_build_text(build, BALINT_STYLE_PLAIN, (struct balint_rect){pad, second_y, left_w, second}, text,
                      BALINT_ALIGN_LEFT, 1, guidance);
    balint_build_text(build, state->led ? BALINT_STYLE_SOFT : BALINT_STYLE_ACCENT,
                      (struct balint_rect){pad + room - right_w, second_y, right_w, second}, text,
                      BALINT_ALIGN_RIGHT, 1, roles);
}

static void build_listening(struct balint_build *build, const char *headline, const char *detail)
{
    const struct balint_frame *frame = &build->frame;
    int head = balint_scaled(frame, 30), size = balint_scaled(frame, 19), pad = balint_scaled(frame, 18);
    int room = frame->width - 2 * pad, top = frame->height - frame->band;
    while (size > 8 && balint_words_width(detail, size, false) > room)
        size--;
    while (head > 8 && balint_words_width(headline, head, true) > room)
        head--;
    balint_build_group(build, BALINT_GROUP_BAND);
    balint_build_box(build, BALINT_STYLE_LISTEN, (struct balint_rect){0, top, frame->width, frame->band}, 0);
    balint_build_text(build, BALINT_STYLE_TITLE,
                      (struct balint_rect){pad, top + frame->band / 16, room, frame->band / 2}, head,
                      BALINT_ALIGN_CENTRE, 1, headline);
    balint_build_text(build, BALINT_STYLE_PLAIN,
                      (struct balint_rect){pad, top + frame->band * 9 / 16, room, frame->band * 6 / 16}, size,
                      BALINT_ALIGN_CENTRE, 1, detail);
}

/* Own state at the left, the hint at the right, below the tiles. */
static void build_below(struct balint_build *build, const char *headline, const char *detail)
{
    const struct balint_frame *frame = &build->frame;
    int size = balint_scaled(frame, 18), small = balint_scaled(frame, 15), pad = frame->gap;
    int height = size * 27 / 16, y = frame->height - (frame->band + height) / 2;
    int hint_w = balint_words_width(balint_words_hint, small, false) + small * 5 / 4;
    int stage_w = frame->width - frame->panel, room = stage_w - 3 * pad - hint_w;
    balint_build_group(build, BALINT_GROUP_HINT);
    build_pill(build, BALINT_STYLE_PLATE, BALINT_STYLE_SOFT, stage_w - pad - hint_w,
               y + (height - small * 27 / 16) / 2, hint_w, small, balint_words_hint);
    if (headline[0] == '\0')
        return;
    int inside = size * 5 / 8, head_w = balint_words_width(headline, size, true);
    int rest_w = balint_words_width(detail, size, false) + inside, least = size * 3 / 4, most = size;
    while (size > least && head_w + rest_w + 2 * inside > room) {
        head_w = balint_words_width(headline, --size, true);
        rest_w = balint_words_width(detail, size, false) + inside;
    }
    if (head_w + rest_w + 2 * inside > room) { /* the second sentence can be spared */
        size = most;
        head_w = balint_words_width(headline, size, true);
        rest_w = 0;
    }
    head_w = head_w + 2 * inside < room ? head_w : room - 2 * inside;
    balint_build_group(build, BALINT_GROUP_BAND);
    balint_build_box(build, BALINT_STYLE_LISTEN,
                     (struct balint_rect){pad, y, head_w + rest_w + 2 * inside, height}, height / 2);
    balint_build_text(build, BALINT_STYLE_TITLE, (struct balint_rect){pad + inside, y, head_w, height}, size,
                      BALINT_ALIGN_LEFT, 1, headline);
    balint_build_text(build, BALINT_STYLE_PLAIN,
                      (struct balint_rect){pad + 2 * inside + head_w, y, rest_w - inside, height}, size,
                      BALINT_ALIGN_LEFT, 1, detail);
}

static void build_card(struct balint_build *build, const char *headline, const char *detail)
{
    const struct balint_frame *frame = &build->frame;
    int head = balint_scaled(frame, 34), size = balint_scaled(frame, 21), pad = balint_scaled(frame, 36);
    int width = balint_scaled(frame, 860);
    width = width < frame->width ? width : frame->width;
    int lines = balint_build_lines(detail, size, false, width - 2 * pad, NULL), title = head * 2;
    int height = title + lines * size * 4 / 3 + 3 * pad;
    height = height < frame->height ? height : frame->height;
    struct balint_rect card = {(frame->width - width) / 2, (frame->height - height) / 2, width, height};
    while (head > size && balint_words_width(headline, head, true) > width - 2 * pad)
        head--;
    balint_build_group(build, BALINT_GROUP_CARD);
    balint_build_box(build, BALINT_STYLE_CARD, card, balint_scaled(frame, 16));
    balint_build_text(build, BALINT_STYLE_TITLE,
                      (struct balint_rect){card.x + pad, card.y + pad * 2 / 3, width - 2 * pad, title}, head,
                      BALINT_ALIGN_CENTRE, 1, headline);
    balint_build_text(build, BALINT_STYLE_PLAIN,
                      (struct balint_rect){card.x + pad, card.y + title + pad * 5 / 3, width - 2 * pad,
                                           lines * size * 4 / 3},
                      size, BALINT_ALIGN_CENTRE, lines, detail);
}

/* A sheet over the tiles, as the debrief: for who leads. */
static void build_sheet(struct balint_build *build, const struct balint_sheet *sheet)
{
    const struct balint_frame *frame = &build->frame;
    int pad = balint_scaled(frame, 24), gap = balint_scaled(frame, 12);
    struct balint_rect stage =
        stage_of(frame); /* beside the panel, which goes on telling who is at the door */
    struct balint_rect card = {stage.x + gap, stage.y + gap, stage.w - 2 * gap, stage.h - 2 * gap};
    balint_build_group(build, BALINT_GROUP_SHEET);
    balint_build_box(build, BALINT_STYLE_CARD, card, balint_scaled(frame, 16));
    balint_build_sheet(build, sheet,
                       (struct balint_rect){card.x + pad, card.y + pad / 2, card.w - 2 * pad, card.h - pad},
                       balint_scaled(frame, 17));
}

/* Whoever was removed is heard and seen by nobody: no picture and no plate says otherwise. */
static void build_over(struct balint_build *build)
{
    const struct balint_frame *frame = &build->frame;
    balint_build_group(build, BALINT_GROUP_CARD);
    balint_build_box(build, BALINT_STYLE_CARD, (struct balint_rect){0, 0, frame->width, frame->height}, 0);
    balint_build_said(build);
    if (build->view->note != NULL && build->view->note[0] != '\0')
        balint_build_note(build, build->view->note);
    balint_build_close(build);
}

void balint_layout(const struct balint_view *view, struct balint_list *list)
{
    struct balint_build build = {.view = view, .list = list};
    char headline[BALINT_NAME_SIZE + 160], detail[512];
    list->group_count = list->item_count = 0;
    list->text_used = 1;
    list->text[0] = '\0';
    unsigned room = balint_tiles_fold(balint_tiles_room(view->state, view->seat), view->folded);
    if (!balint_frame_of(view->width, view->height, room, &build.frame))
        return;
    if (view->said != NULL && view->said->over) {
        build_over(&build);
        return;
    }
    enum balint_self self = balint_words_self(view, headline, sizeof headline, detail, sizeof detail);
    balint_words_own_quiet(view, self, headline, sizeof headline, detail, sizeof detail);
    bool alone = self == BALINT_SELF_LOBBY || self == BALINT_SELF_SITTING_OUT; /* hears and sees nothing */
    if (view->state->admitted)
        build_ribbon(&build);
    for (int i = 0; i < view->tile_count && i < BALINT_SEATS; i++) {
        const struct balint_tile *tile = &view->tiles[i];
        const struct balint_state_seat *seat = balint_view_seat(view->state, tile->seat);
        bool looked =
            seat == NULL && balint_view_leads(view); /* at the door: the picture is there to be seen */
        if (looked)
            seat = balint_view_door(view->state, tile->seat);
        if (tile->rect.w < 16 || tile->rect.h < 16)
            continue;
        if (alone && tile->seat != view->seat)
            build_cover(&build, i);
        if (alone || seat == NULL)
            continue;
        if (!looked)
            build_tile(&build, i, seat);
        build_plate(&build, i, seat);
    }
    balint_build_said(&build);
    if (balint_view_leads(view))
        balint_build_panel(&build);
    if (alone)
        build_card(&build, headline, detail);
    if (self == BALINT_SELF_LISTENING || self == BALINT_SELF_INVITED)
        build_listening(&build, headline, detail);
    else
        build_below(&build, alone ? "" : headline, detail);
    if (view->sheet != NULL && balint_view_leads(view) && !alone)
        build_sheet(&build, view->sheet);
    if (view->note != NULL && view->note[0] != '\0')
        balint_build_note(&build, view->note);
    balint_build_close(&build);
}
