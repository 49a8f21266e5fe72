/* panel.c - the leaders' panel: balance, who asks to return, who is at the door.
 *
 * What it shows and what it leaves out is BALINT.md's "Balance": no single figure, no ranking (rows stay in
 * the ledger's order), one colour for all members, the leaders on a line of their own, no reading is no zero.
 */
#include "panel.h"

#include <stdio.h>

#define LINES_MAX 2 /* of a list of names */
#define DUE_MAX   6 /* … of follow-ups, which have a day each, and are told while little else is */
#define NEWS_MAX  5 /* lines of who is new at the door */

/* Lines that a text takes, at most `most`, a narrow one's twice as many; 0 for the empty one. */
static int lines_up_to(const struct panel *panel, const char *text, int most)
{
    if (text[0] == '\0')
        return 0;
    int lines = balint_words_width(text, panel->text, false) / (panel->width * 9 / 10) + 1;
    most *= panel->strip ? 2 : 1;
    return lines < most ? lines : most;
}

static int lines_of(const struct panel *panel, const char *text)
{
    return lines_up_to(panel, text, LINES_MAX);
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

/* -- the whole ---------------------------------------------------------------------------------------------
 */

/* The bar's left end, its right end, and the share; on a strip the share stands on a line of its own. */
static void add_leaders(struct panel *panel, const struct balint_balance *balance, const char *each)
{
    struct balint_build *build = panel->build;
    int height = line_height(panel), thick = panel->text * 5 / 8;
    double from = panel->strip ? 0 : 0.3, to = panel->strip ? 0.7 : 0.52;
    char share[48];
    balint_words_share(balance->leaders_share, share, sizeof share);
    balint_words_add(share, sizeof share, panel->strip ? "" : " of all talk");
    balint_build_text(build, BALINT_STYLE_PLAIN, at(panel, 0, panel->strip ? 1 : from, panel->y, height),
                      panel->text, BALINT_ALIGN_LEFT, 1, balint_words_leaders);
    panel->y += panel->strip ? height : 0;
    balint_build_bar(build, BALINT_STYLE_BAR_LEADERS,
                     at(panel, from, to, panel->y + (height - thick) / 2, thick), balance->leaders_share);
    balint_build_text(build, BALINT_STYLE_PLAIN, at(panel, to, 1, panel->y, height), panel->text * 7 / 8,
                      BALINT_ALIGN_RIGHT, 1, share);
    panel->y += height;
    if (panel->strip)
        return;
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
    int head = scaled(panel, panel->strip ? 17 : 19), small = scaled(panel, 13);
    int lines = panel->strip && balance == NULL ? 2 : 1;
    balint_build_text(build, BALINT_STYLE_TITLE, at(panel, 0, 1, panel->y, scaled(panel, 28)), head,
                      BALINT_ALIGN_LEFT, 1, panel->strip ? balint_words_balance_short : balint_words_balance);
    panel->y += scaled(panel, 28);
    char text[96] = "";
    if (balance == NULL)
        balint_words_copy(text, sizeof text, balint_words_before);
    else if (balance->discussion_ms > 0) {
        balint_words_spoken(balance->discussion_ms, text, sizeof text);
        balint_words_add(text, sizeof text, panel->strip ? "" : " so far;  ");
    }
    if (balance != NULL && !panel->strip)
        balint_words_add(text, sizeof text, balint_words_columns);
    balint_build_text(build, BALINT_STYLE_SOFT, at(panel, 0, 1, panel->y, lines * scaled(panel, 20)), small,
                      BALINT_ALIGN_LEFT, lines, text);
    panel->y += lines * scaled(panel, 20) + scaled(panel, 6);
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
    if (balance == NULL || balance->member_count < 0 || balance->leader_count < 0 ||
        balance->other_count < 0 ||
        balance->member_count + balance->leader_count + balance->other_count > BALINT_SEATS)
        return false;
    bool spoken = false; /* in a discussion that was before this program started again */
    for (int i = 0; i < balance->member_count + balance->leader_count; i++)
        spoken = spoken || balance->rows[i].spoken_ms > 0;
    return balance->discussion_ms > 0 || spoken;
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
        add_lines(panel, BALINT_STYLE_ACCENT, panel->strip ? lines_of(panel, line) : 1, line);
    }
}

/* What is written below the members, and how many lines it takes. */
struct below {
    char unheard[1200], each[1200], presenter[120], left[64], due[800], asked[120], door[1200], unsaved[120];
    int unheard_lines, presenter_lines, left_lines, due_lines, asked_lines, door_lines, unsaved_lines, news,
        news_lines;
};

static void read_below(const struct panel *panel, const struct balint_balance *balance, struct below *below)
{
    const struct balint_view *view = panel->build->view;
    char line[200];
    *below = (struct below){.news = count_news(view)};
    if (balance != NULL) {
        balint_words_unheard(balance, below->unheard, sizeof below->unheard);
        balint_words_each_leader(balance, below->each, sizeof below->each);
        balint_words_presenter(view->state, balance, below->presenter, sizeof below->presenter);
    }
    balint_words_left(view->state, view->now_ms, below->left, sizeof below->left);
    balint_words_follow_ups(view->state, below->due, sizeof below->due);
    balint_words_unsaved(view->state, below->unsaved, sizeof below->unsaved);
    balint_words_asked(view->state, below->asked, sizeof below->asked);
    balint_words_door(view->state, view->door, below->door, sizeof below->door);
    /* on a strip the rows alone say who was not heard yet, and who presents is in the ribbon */
    below->unheard_lines = panel->strip ? 0 : lines_of(panel, below->unheard);
    below->presenter_lines = panel->strip || below->presenter[0] == '\0' ? 0 : 1;
    below->left_lines = lines_of(panel, below->left);
    below->due_lines = lines_up_to(panel, below->due, DUE_MAX);
    below->unsaved_lines = lines_of(panel, below->unsaved);
    below->asked_lines = lines_of(panel, below->asked);
    below->door_lines = lines_of(panel, below->door);
    for (int i = 0; i < below->news; i++) {
        balint_words_door_line(view->state, view->door, i, line, sizeof line);
        below->news_lines += panel->strip ? lines_of(panel, line) : 1;
    }
}

/* What all that, and the leaders' two lines, leave for the rows. */
static int room_for_rows(const struct panel *panel, const struct below *below)
{
    int lines = below->unheard_lines + 2 + below->presenter_lines + below->left_lines + below->due_lines +
                below->unsaved_lines + below->asked_lines + below->door_lines + below->news_lines;
    return panel->build->frame.height - panel->build->said - panel->y - scaled(panel, 3 * 13 + 12) -
           line_height(panel) * lines;
}

static void add_members(struct panel *panel, const struct balint_balance *balance, struct below *below)
{
    if (balance->member_count == 0)
        return;
    /* Rows say "not heard yet" as well: the list of it is what gives way to them. */
    while (below->unheard_lines > 0 &&
           room_for_rows(panel, below) < scaled(panel, 36) * balance->member_count)
        below->unheard_lines--;
    int text = panel->text;
    panel->full = full_of(balance);
    balint_panel_fit(panel, balance->member_count, room_for_rows(panel, below));
    for (int i = 0; i < balance->member_count; i++)
        balint_panel_member(panel, &balance->rows[i]);
    panel->text = text;
    panel->y += below->unheard_lines > 0 ? scaled(panel, 4) : 0;
    add_lines(panel, BALINT_STYLE_PLAIN, below->unheard_lines, below->unheard);
    add_rule(panel);
}

void balint_build_panel(struct balint_build *build)
{
    const struct balint_frame *frame = &build->frame;
    const struct balint_balance *balance = shown(build->view) ? build->view->balance : NULL;
    bool strip = build->view->folded;
    int pad = balint_scaled(frame, strip ? 12 : 16), left = frame->width - frame->panel;
    struct panel panel = {.build = build,
                          .x = left + pad,
                          .width = frame->panel - 2 * pad,
                          .y = frame->ribbon + pad / 2,
                          .text = balint_scaled(frame, strip ? 16 : 17),
                          .strip = strip};
    struct below below;
    read_below(&panel, balance, &below);

    int group = build->list->group_count, first = build->list->item_count;
    balint_build_group(build, BALINT_GROUP_PANEL);
    balint_build_box(build, BALINT_STYLE_PANEL, (struct balint_rect){left, frame->ribbon, frame->panel, 1},
                     0);
    add_heading(&panel, balance);
    if (balance != NULL) {
        add_members(&panel, balance, &below);
        add_leaders(&panel, balance, below.each);
        add_lines(&panel, BALINT_STYLE_SOFT, below.presenter_lines, below.presenter);
    }
    if (below.left_lines + below.due_lines + below.unsaved_lines + below.asked_lines + below.door_lines > 0)
        add_rule(&panel);
    add_lines(&panel, BALINT_STYLE_SOFT, below.left_lines, below.left);
    add_lines(&panel, BALINT_STYLE_SOFT, below.due_lines, below.due);
    add_lines(&panel, BALINT_STYLE_SOFT, below.unsaved_lines, below.unsaved);
    add_lines(&panel, BALINT_STYLE_ACCENT, below.asked_lines, below.asked);
    add_lines(&panel, BALINT_STYLE_ACCENT, below.door_lines, below.door);
    add_news(&panel, below.news);

    int bottom = panel.y + pad / 2;
    int foot = frame->height - build->said;
    bottom = bottom < foot ? bottom : foot;
    struct balint_rect whole = {left, frame->ribbon, frame->panel, bottom - frame->ribbon};
    build->list->items[first].rect = whole; /* its height is known only now */
    build->list->groups[group].rect = whole;
}
