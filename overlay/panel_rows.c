/* panel_rows.c - one row a member: on the panel, and on the strip that it folds to.
 *
 * On the panel line 1 has the name, the share as a bar and a figure, and the minutes; line 2 turns, how long
 * since heard, and the last ten minutes as a thin bar and a figure. Where there are too many people for two
 * lines the second is left out. The strip has names and bars, to be taken in at a glance.
 */
#include "panel.h"

#define NAME_TO  0.47
#define BAR_FROM 0.49
#define BAR_TO   0.68
#define SHARE_TO 0.82

#define TWO_LINES 30 /* a row so high has room for them */

void balint_panel_fit(struct panel *panel, int count, int room)
{
    int most = scaled(panel, panel->strip ? 44 : 48), text = panel->text;
    panel->row = count > 0 && room / count < most ? room / count : most;
    panel->two = panel->strip || panel->row >= scaled(panel, TWO_LINES);
    int fits = panel->strip ? panel->row * 2 / 5 : panel->two ? panel->row * 9 / 20 : panel->row * 5 / 8;
    panel->text = fits < text ? fits : text;
}

static const char *reading_of(const struct balint_balance_row *row)
{
    return row->reading == BALINT_READING   ? ""
           : row->reading == BALINT_IS_AWAY ? balint_words_away
                                            : balint_words_no_reading;
}

/* A name that is cut before what stands behind it is. */
static void add_name(struct panel *panel, const struct balint_balance_row *row, bool marked,
                     struct balint_rect rect)
{
    struct balint_build *build = panel->build;
    int small = panel->text * 3 / 4, gap = panel->text / 3;
    int mark_w = marked ? balint_words_width(balint_words_shared, small, false) : 0;
    int name_w = balint_words_width(row->name, panel->text, false);
    int room = marked ? rect.w - mark_w - gap : rect.w;
    name_w = name_w < room ? name_w : room;
    balint_build_text(build, BALINT_STYLE_PLAIN,
                      (struct balint_rect){rect.x, rect.y, marked ? name_w : rect.w, rect.h}, panel->text,
                      BALINT_ALIGN_LEFT, 1, row->name);
    if (marked)
        balint_build_text(build, BALINT_STYLE_SOFT,
                          (struct balint_rect){rect.x + name_w + gap, rect.y, mark_w, rect.h}, small,
                          BALINT_ALIGN_LEFT, 1, balint_words_shared);
}

/* ---- the panel */

static void add_figures(struct panel *panel, const struct balint_balance_row *row, int first, int second)
{
    struct balint_build *build = panel->build;
    char text[48];
    int size = panel->text, small = panel->text * 3 / 4, thick = size * 5 / 8, thin = size / 4;
    int bar_y = panel->y + (first - thick) / 2;
    int thin_y = panel->two ? panel->y + first + (second - thin) / 2 : bar_y + thick + 1;
    balint_build_bar(build, BALINT_STYLE_BAR_MEMBER, at(panel, BAR_FROM, BAR_TO, bar_y, thick),
                     row->share / panel->full);
    balint_build_bar(build, BALINT_STYLE_BAR_RECENT, at(panel, BAR_FROM, BAR_TO, thin_y, thin),
                     row->recent_share / panel->full);
    if (row->heard_yet) {
        balint_words_share(row->share, text, sizeof text);
        balint_build_text(build, BALINT_STYLE_PLAIN, at(panel, BAR_TO, SHARE_TO, panel->y, first), size,
                          BALINT_ALIGN_RIGHT, 1, text);
        balint_words_spoken(row->spoken_ms, text, sizeof text);
    } else {
        balint_words_since(-1, text, sizeof text);
    }
    balint_build_text(build, row->heard_yet ? BALINT_STYLE_PLAIN : BALINT_STYLE_SOFT,
                      at(panel, row->heard_yet ? SHARE_TO : BAR_TO, 1, panel->y, first), size * 7 / 8,
                      BALINT_ALIGN_RIGHT, 1, text);
    if (panel->two && row->heard_yet) {
        balint_words_share(row->recent_share, text, sizeof text);
        balint_build_text(build, BALINT_STYLE_SOFT, at(panel, BAR_TO, SHARE_TO, panel->y + first, second),
                          small, BALINT_ALIGN_RIGHT, 1, text);
    }
}

static void add_wide(struct panel *panel, const struct balint_balance_row *row)
{
    struct balint_build *build = panel->build;
    int small = panel->text * 3 / 4;
    int first = panel->two ? panel->row * 11 / 20 : panel->row, second = panel->two ? panel->row * 8 / 20 : 0;
    char text[80], since[32];
    add_name(panel, row, row->shared && !panel->two, at(panel, 0, NAME_TO, panel->y, first));
    if (row->shared && panel->two)
        balint_build_text(build, BALINT_STYLE_SOFT, at(panel, SHARE_TO, 1, panel->y + first, second), small,
                          BALINT_ALIGN_RIGHT, 1, balint_words_shared);
    if (row->reading != BALINT_READING)
        balint_build_text(build, BALINT_STYLE_SOFT, at(panel, BAR_FROM, 1, panel->y, first),
                          panel->text * 7 / 8, BALINT_ALIGN_LEFT, 1, reading_of(row));
    else
        add_figures(panel, row, first, second);
    if (panel->two && row->heard_yet) {
        balint_words_turns(row->turns, text, sizeof text);
        balint_words_since(row->since_heard_ms, since, sizeof since);
        balint_words_add(text, sizeof text, ", ");
        balint_words_add(text, sizeof text, since);
        balint_build_text(build, BALINT_STYLE_SOFT, at(panel, 0, BAR_FROM, panel->y + first, second), small,
                          BALINT_ALIGN_LEFT, 1, text);
    }
}

/* ---- the strip */

#define STRIP_BAR_TO 0.7

static void add_narrow(struct panel *panel, const struct balint_balance_row *row)
{
    struct balint_build *build = panel->build;
    int first = panel->row * 11 / 20, second = panel->row * 8 / 20, small = panel->text * 7 / 8;
    int y = panel->y + first, thick = panel->text * 3 / 5, thin = panel->text / 4;
    char text[48] = "";
    add_name(panel, row, row->shared, at(panel, 0, 1, panel->y, first));
    if (row->reading != BALINT_READING || !row->heard_yet) {
        balint_words_since(-1, text, sizeof text);
        balint_build_text(build, BALINT_STYLE_SOFT, at(panel, 0, 1, y, second), small, BALINT_ALIGN_LEFT, 1,
                          row->reading != BALINT_READING ? reading_of(row) : text);
        return;
    }
    int top = y + (second - thick - thin - 1) / 2;
    balint_build_bar(build, BALINT_STYLE_BAR_MEMBER, at(panel, 0, STRIP_BAR_TO, top, thick),
                     row->share / panel->full);
    balint_build_bar(build, BALINT_STYLE_BAR_RECENT, at(panel, 0, STRIP_BAR_TO, top + thick + 1, thin),
                     row->recent_share / panel->full);
    balint_words_share(row->share, text, sizeof text);
    balint_build_text(build, BALINT_STYLE_PLAIN, at(panel, STRIP_BAR_TO, 1, y, second), small,
                      BALINT_ALIGN_RIGHT, 1, text);
}

void balint_panel_member(struct panel *panel, const struct balint_balance_row *row)
{
    if (panel->strip)
        add_narrow(panel, row);
    else
        add_wide(panel, row);
    panel->y += panel->row;
}
