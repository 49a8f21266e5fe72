/* panel.c - the leaders' panel: balance, who asks to return, who is at the door.
 *
 * What it shows and what it leaves out is BALINT.md's "Balance": no single figure, no ranking (rows stay in
 * the ledger's order), one colour for all members, the leaders on a line of their own, no reading is no zero.
 */
#include "build.h"

#include <stdio.h>

/* Lengths of the panel in this frame. */
struct panel {
    struct balint_build *build;
    int x, width; /* of what stands inside */
    int y;        /* where the next line comes */
    int text;     /* letter size of a line */
    int row;      /* height of a member's row */
    bool two;     /* rows have a second line */
    double full;  /* the share that a full bar is */
};

#define LINES_MAX 2 /* of a list of names */
#define NEWS_MAX  5 /* lines of who is new at the door */

static int scaled(const struct panel *panel, double length)
{
    return balint_scaled(&panel->build->frame, length);
}

static struct balint_rect at(const struct panel *panel, double from, double to, int y, int height)
{
    int x = panel->x + (int)(panel->width * from + 0.5);
    return (struct balint_rect){x, y, panel->x + (int)(panel->width * to + 0.5) - x, height};
}

/* Lines that a text takes, at most LINES_MAX; 0 for the empty one. */
static int lines_of(const struct panel *panel, const char *text)
{
    if (text[0] == '\0')
        return 0;
    int lines = balint_words_width(text, panel->text, false) / (panel->width * 9 / 10) + 1;
    return lines < LINES_MAX ? lines : LINES_MAX;
}

static int line_height(const struct panel *panel)
{
    return panel->text * 3 / 2;
}

static void add_lines(struct panel *panel, enum balint_style style, int lines, const char *text)
{
    if (lines == 0)
        return;
    int height = lines * line_height(panel);
    balint_build_text(panel->build, style, at(panel, 0, 1, panel->y, height), panel->text, BALINT_ALIGN_LEFT,
                      lines, text);
    panel->y += height;
}

static void add_rule(struct panel *panel)
{
    int gap = scaled(panel, 6);
    balint_build_box(panel->build, BALINT_STYLE_RULE, at(panel, 0, 1, panel->y + gap, scaled(panel, 1)), 0);
    panel->y += 2 * gap + scaled(panel, 1);
}

/* -- one member --------------------------------------------------------------------------------------------
 */

#define NAME_TO  0.47
#define BAR_FROM 0.49
#define BAR_TO   0.68
#define SHARE_TO 0.82

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

/* Line 1: name, share as a bar and a figure, minutes. Line 2: turns and how long since heard, the last ten
 * minutes as a thin bar and a figure. */
static void add_member(struct panel *panel, const struct balint_balance_row *row)
{
    struct balint_build *build = panel->build;
    int small = panel->text * 3 / 4;
    int first = panel->two ? panel->row * 9 / 16 : panel->row, second = panel->two ? panel->row * 6 / 16 : 0;
    char text[BALINT_NAME_SIZE + 48], since[32];
    balint_words_copy(text, sizeof text, row->name);
    if (row->shared && !panel->two) {
        balint_words_add(text, sizeof text, ", ");
        balint_words_add(text, sizeof text, balint_words_shared);
    }
    balint_build_text(build, BALINT_STYLE_PLAIN, at(panel, 0, NAME_TO, panel->y, first), panel->text,
                      BALINT_ALIGN_LEFT, 1, text);
    if (row->shared && panel->two)
        balint_build_text(build, BALINT_STYLE_SOFT, at(panel, SHARE_TO, 1, panel->y + first, second), small,
                          BALINT_ALIGN_RIGHT, 1, balint_words_shared);
    if (row->reading != BALINT_READING)
        balint_build_text(build, BALINT_STYLE_SOFT, at(panel, BAR_FROM, 1, panel->y, first),
                          panel->text * 7 / 8, BALINT_ALIGN_LEFT, 1,
                          row->reading == BALINT_IS_AWAY ? balint_words_away : balint_words_no_reading);
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
    panel->y += panel->row;
}

/* -- the whole ---------------------------------------------------------------------------------------------
 */

static void add_leaders(struct panel *panel, const struct balint_balance *balance, const char *each)
{
    struct balint_build *build = panel->build;
    int height = line_height(panel), thick = panel->text * 5 / 8;
    char share[48];
    balint_words_share(balance->leaders_share, share, sizeof share);
    balint_words_add(share, sizeof share, " of all talk");
    balint_build_text(build, BALINT_STYLE_PLAIN, at(panel, 0, 0.3, panel->y, height), panel->text,
                      BALINT_ALIGN_LEFT, 1, balint_words_leaders);
    balint_build_bar(build, BALINT_STYLE_BAR_LEADERS,
                     at(panel, 0.3, 0.52, panel->y + (height - thick) / 2, thick), balance->leaders_share);
    balint_build_text(build, BALINT_STYLE_PLAIN, at(panel, 0.52, 1, panel->y, height), panel->text * 7 / 8,
                      BALINT_ALIGN_RIGHT, 1, share);
    panel->y += height;
    int size = panel->text;
    panel->text = size * 13 / 16;
    balint_build_text(build, BALINT_STYLE_SOFT, at(panel, 0, 1, panel->y, line_height(panel)), panel->text,
                      BALINT_ALIGN_LEFT, 1, each);
    panel->y += line_height(panel);
    panel->text = size;
}

static void add_heading(struct panel *panel, const struct balint_balance *balance)
{
    struct balint_build *build = panel->build;
    int head = scaled(panel, 19), small = scaled(panel, 13);
    balint_build_text(build, BALINT_STYLE_TITLE, at(panel, 0, 1, panel->y, scaled(panel, 28)), head,
                      BALINT_ALIGN_LEFT, 1, balint_words_balance);
    panel->y += scaled(panel, 28);
    char text[96];
    if (balance == NULL) {
        balint_words_copy(text, sizeof text, balint_words_before);
    } else {
        balint_words_spoken(balance->discussion_ms, text, sizeof text);
        balint_words_add(text, sizeof text, " so far;  ");
        balint_words_add(text, sizeof text, balint_words_columns);
    }
    balint_build_text(build, BALINT_STYLE_SOFT, at(panel, 0, 1, panel->y, scaled(panel, 20)), small,
                      BALINT_ALIGN_LEFT, 1, text);
    panel->y += scaled(panel, 26);
}

/* One scale for all rows, so that bars can be compared, in steps, so that they do not move for each other. */
static double full_of(const struct balint_balance *balance)
{
    double most = 0;
    for (int i = 0; i < balance->member_count; i++) {
        const struct balint_balance_row *row = &balance->rows[i];
        most = row->share > most ? row->share : most;
        most = row->recent_share > most ? row->recent_share : most;
    }
    return most <= 0.25 ? 0.25 : most <= 0.5 ? 0.5 : 1;
}

/* Is there a balance to be shown? Not to a leader who sits the case out, as nothing of the case is. */
static bool shown(const struct balint_view *view)
{
    const struct balint_balance *balance = view->balance;
    const struct balint_state_seat *own = balint_view_seat(view->state, view->seat);
    if (own == NULL || own->sitting_out)
        return false;
    return balance != NULL && balance->discussion_ms > 0 && balance->member_count >= 0 &&
           balance->leader_count >= 0 && balance->other_count >= 0 &&
           balance->member_count + balance->leader_count + balance->other_count <= BALINT_SEATS;
}

/* Lines of who is at the door and has to be looked at, the last one for all who have no line. */
static int count_news(const struct balint_view *view)
{
    char line[200];
    int news = 0;
    while (news < NEWS_MAX && balint_words_door_line(view->state, view->door, news, line, sizeof line))
        news++;
    return news;
}

static void add_news(struct panel *panel, int news)
{
    const struct balint_view *view = panel->build->view;
    char line[200];
    int all = news;
    while (all < BALINT_SEATS && balint_words_door_line(view->state, view->door, all, line, sizeof line))
        all++;
    for (int i = 0; i < news; i++) {
        balint_words_door_line(view->state, view->door, i, line, sizeof line);
        if (i == NEWS_MAX - 1 && all > NEWS_MAX)
            snprintf(line, sizeof line, "… and %d more", all - i);
        add_lines(panel, BALINT_STYLE_ACCENT, 1, line);
    }
}

void balint_build_panel(struct balint_build *build)
{
    const struct balint_frame *frame = &build->frame;
    const struct balint_balance *balance = shown(build->view) ? build->view->balance : NULL;
    int pad = balint_scaled(frame, 16), left = frame->width - frame->panel;
    struct panel panel = {.build = build,
                          .x = left + pad,
                          .width = frame->panel - 2 * pad,
                          .y = frame->ribbon + pad / 2,
                          .text = balint_scaled(frame, 17)};
    char unheard[1200] = "", each[1200] = "", presenter[120] = "", asked[120], door[1200];
    if (balance != NULL) {
        balint_words_unheard(balance, unheard, sizeof unheard);
        balint_words_each_leader(balance, each, sizeof each);
        balint_words_presenter(balance, presenter, sizeof presenter);
    }
    balint_words_asked(build->view->state, asked, sizeof asked);
    balint_words_door(build->view->state, build->view->door, door, sizeof door);
    int unheard_lines = lines_of(&panel, unheard), door_lines = lines_of(&panel, door);
    int news = count_news(build->view);

    int group = build->list->group_count, first = build->list->item_count;
    balint_build_group(build, BALINT_GROUP_PANEL);
    balint_build_box(build, BALINT_STYLE_PANEL, (struct balint_rect){left, frame->ribbon, frame->panel, 1},
                     0);
    add_heading(&panel, balance);
    if (balance != NULL && balance->member_count > 0) {
        /* the rows take what the rest leaves them */
        int rest =
            scaled(&panel, 3 * 13 + 12) + line_height(&panel) * (unheard_lines + door_lines + news + 4);
        int room = (frame->height - panel.y - rest) / balance->member_count, most = scaled(&panel, 46);
        panel.row = room < most ? room : most;
        panel.two = panel.row >= scaled(&panel, 36);
        panel.full = full_of(balance);
        int text = panel.text, fits = panel.two ? panel.row * 3 / 8 : panel.row * 5 / 8;
        panel.text = fits < text ? fits : text;
        for (int i = 0; i < balance->member_count; i++)
            add_member(&panel, &balance->rows[i]);
        panel.text = text;
        panel.y += scaled(&panel, unheard_lines > 0 ? 4 : 0);
        add_lines(&panel, BALINT_STYLE_PLAIN, unheard_lines, unheard);
        add_rule(&panel);
    }
    if (balance != NULL) {
        add_leaders(&panel, balance, each);
        add_lines(&panel, BALINT_STYLE_SOFT, presenter[0] != '\0', presenter);
    }
    if (asked[0] != '\0' || door[0] != '\0')
        add_rule(&panel);
    add_lines(&panel, BALINT_STYLE_ACCENT, asked[0] != '\0', asked);
    add_lines(&panel, BALINT_STYLE_ACCENT, door_lines, door);
    add_news(&panel, news);

    int bottom = panel.y + pad / 2;
    bottom = bottom < frame->height ? bottom : frame->height;
    struct balint_rect whole = {left, frame->ribbon, frame->panel, bottom - frame->ribbon};
    build->list->items[first].rect = whole; /* its height is known only now */
    build->list->groups[group].rect = whole;
}
