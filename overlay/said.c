/* said.c - words that travelled sealed: to leaders whose quiet signal stands and what leaders said to each
 * other, at the foot of their panel; to a person the private word of a leader, below the ribbon, where it
 * covers no name.
 *
 * Calm: a signal is a sentence, with a name, that stays until it is answered or taken back. Nothing blinks or
 * counts. Nobody else's screen holds anything of it, whatever is handed in.
 */
#include "build.h"

#include <stdio.h>

#define QUIET_MAX   4 /* lines of quiet signals, the last one for all who have no line */
#define LINES_MAX   4 /* of one word, which may be long; on a strip */
#define LINES_STRIP 7

struct sentence {
    enum balint_style style;
    int lines;
    char text[BALINT_NAME_SIZE + BALINT_SAID_TEXT + 80];
};
struct sentences {
    int count, size, width, most; /* most lines of one */
    struct sentence list[QUIET_MAX + BALINT_SAID_LINE + 1];
};

static void add(struct sentences *all, enum balint_style style, const char *text)
{
    struct sentence *sentence = &all->list[all->count++];
    int used = all->width < 16 * all->size ? 7 : 9; /* tenths: words break badly where a line is short */
    int lines = balint_words_width(text, all->size, false) / (all->width * used / 10) + 1;
    sentence->style = style;
    sentence->lines = lines < all->most ? lines : all->most;
    balint_words_copy(sentence->text, sizeof sentence->text, text);
}

static void read_sentences(const struct balint_view *view, struct sentences *all)
{
    char text[sizeof all->list->text];
    int quiet = 0, shown = 0;
    while (quiet < BALINT_SEATS && balint_words_quiet(view, quiet, text, sizeof text))
        quiet++;
    for (; shown < quiet && shown < QUIET_MAX; shown++) {
        balint_words_quiet(view, shown, text, sizeof text);
        if (shown == QUIET_MAX - 1 && quiet > QUIET_MAX)
            snprintf(text, sizeof text, "… and %d more", quiet - shown);
        add(all, BALINT_STYLE_ACCENT, text);
    }
    if (quiet > 0 && !view->folded)
        add(all, BALINT_STYLE_SOFT, balint_words_answer_hint);
    /* a strip has room for the newest word alone */
    int first =
        view->folded && view->said != NULL && view->said->line_count > 0 ? view->said->line_count - 1 : 0;
    for (int i = first; i < BALINT_SAID_LINE && balint_words_line(view, i, text, sizeof text); i++)
        add(all, BALINT_STYLE_PLAIN, text);
}

/* Draws them one below the other in a box, which is as high as they are and ends at `bottom`. */
static int draw(struct balint_build *build, const struct sentences *all, int x, int bottom, int pad,
                int radius)
{
    int line = all->size * 3 / 2, height = 2 * pad;
    for (int i = 0; i < all->count; i++)
        height += all->list[i].lines * line;
    int y = bottom - height;
    balint_build_group(build, BALINT_GROUP_SAID);
    balint_build_box(build, BALINT_STYLE_LISTEN, (struct balint_rect){x, y, all->width + 2 * pad, height},
                     radius);
    y += pad;
    for (int i = 0; i < all->count; i++) {
        const struct sentence *sentence = &all->list[i];
        balint_build_text(build, sentence->style,
                          (struct balint_rect){x + pad, y, all->width, sentence->lines * line}, all->size,
                          BALINT_ALIGN_LEFT, sentence->lines, sentence->text);
        y += sentence->lines * line;
    }
    return height;
}

/* To a person alone. */
static void build_answer(struct balint_build *build)
{
    const struct balint_frame *frame = &build->frame;
    struct sentences all = {.size = balint_scaled(frame, 20), .most = LINES_MAX};
    char text[sizeof all.list->text];
    int pad = balint_scaled(frame, 14), room = frame->width - frame->panel - 2 * frame->gap - 2 * pad;
    if (!balint_words_answer(build->view, text, sizeof text))
        return;
    int want = balint_words_width(text, all.size, false) * 10 / 9 + 4; /* one line, if it can be */
    all.width = want < room ? want : room;
    add(&all, BALINT_STYLE_PLAIN, text);
    int height = all.list[0].lines * all.size * 3 / 2 + 2 * pad;
    draw(build, &all, frame->gap, frame->ribbon + frame->gap + height, pad, balint_scaled(frame, 10));
}

void balint_build_said(struct balint_build *build)
{
    const struct balint_frame *frame = &build->frame;
    const struct balint_view *view = build->view;
    if (!balint_view_leads(view) || (view->said != NULL && view->said->over)) {
        build_answer(build);
        return;
    }
    int pad = balint_scaled(frame, 12);
    struct sentences all = {.size = balint_scaled(frame, 16),
                            .width = frame->panel - 2 * pad,
                            .most = view->folded ? LINES_STRIP : LINES_MAX};
    read_sentences(view, &all);
    if (all.count > 0 && all.width > 0)
        build->said = draw(build, &all, frame->width - frame->panel, frame->height, pad, 0);
}
