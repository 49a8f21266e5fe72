/* build.c - the lengths of a frame, and how a list of items grows. */
#include "build.h"

#include <string.h>

bool balint_frame_of(int width, int height, unsigned room, struct balint_frame *frame)
{
    double wide = width / 1280.0, high = height / 720.0;
    *frame = (struct balint_frame){.width = width, .height = height, .scale = wide < high ? wide : high};
    if (width < 160 || height < 120 || width > 16384 || height > 16384)
        return false;
    if (frame->scale < 0.5)
        frame->scale = 0.5; /* below, letters are no letters */
    frame->gap = balint_scaled(frame, 8);
    /* these three meet on even lines, so that their groups do not share one */
    frame->ribbon = balint_scaled(frame, 56) & ~1;
    frame->band = height - ((height - balint_scaled(frame, room & BALINT_ROOM_BAND ? 100 : 44)) & ~1);
    int panel = room & BALINT_ROOM_PANEL   ? balint_scaled(frame, 400)
                : room & BALINT_ROOM_STRIP ? balint_scaled(frame, 176)
                                           : 0;
    panel = panel < width / 2 ? panel : width / 2;
    frame->panel = panel > 0 ? width - ((width - panel) & ~1) : 0;
    return true;
}

int balint_scaled(const struct balint_frame *frame, double length)
{
    int pixels = (int)(length * frame->scale + 0.5);
    return pixels < 1 ? 1 : pixels;
}

void balint_build_group(struct balint_build *build, enum balint_group_id id)
{
    struct balint_list *list = build->list;
    if (list->group_count < BALINT_GROUPS)
        list->groups[list->group_count++] = (struct balint_group){.id = id, .first = list->item_count};
}

static struct balint_item *add(struct balint_build *build, struct balint_rect rect)
{
    struct balint_list *list = build->list;
    if (list->group_count == 0 || list->item_count == BALINT_LIST_ITEMS || rect.w <= 0 || rect.h <= 0)
        return NULL;
    struct balint_group *group = &list->groups[list->group_count - 1];
    struct balint_rect *hull = &group->rect;
    if (group->count++ == 0) {
        *hull = rect;
    } else {
        int right = hull->x + hull->w, bottom = hull->y + hull->h;
        right = right > rect.x + rect.w ? right : rect.x + rect.w;
        bottom = bottom > rect.y + rect.h ? bottom : rect.y + rect.h;
        hull->x = hull->x < rect.x ? hull->x : rect.x;
        hull->y = hull->y < rect.y ? hull->y : rect.y;
        hull->w = right - hull->x;
        hull->h = bottom - hull->y;
    }
    struct balint_item *item = &list->items[list->item_count++];
    *item = (struct balint_item){.rect = rect};
    return item;
}

void balint_build_box(struct balint_build *build, enum balint_style style, struct balint_rect rect,
                      int radius)
{
    struct balint_item *item = add(build, rect);
    if (item == NULL)
        return;
    item->kind = BALINT_BOX;
    item->style = style;
    item->size = radius;
}

void balint_build_bar(struct balint_build *build, enum balint_style style, struct balint_rect rect,
                      double fill)
{
    struct balint_item *item = add(build, rect);
    if (item == NULL)
        return;
    item->kind = BALINT_BAR;
    item->style = style;
    item->size = rect.h / 2;
    /* whole pixels: what changes less is not drawn again; also for what is no number */
    double whole = fill > 0 ? (fill < 1 ? fill : 1) : 0;
    item->fill = (int)(whole * rect.w + 0.5) / (double)rect.w;
}

void balint_build_text(struct balint_build *build, enum balint_style style, struct balint_rect rect, int size,
                       enum balint_align align, int lines, const char *text)
{
    struct balint_list *list = build->list;
    size_t length = strlen(text), left = BALINT_LIST_TEXT - (size_t)list->text_used;
    if (length == 0 || left < 8)
        return;
    struct balint_item *item = add(build, rect);
    if (item == NULL)
        return;
    item->kind = BALINT_TEXT;
    item->style = style;
    item->size = size;
    item->align = align;
    item->lines = lines;
    item->text = list->text_used;
    balint_words_copy(list->text + list->text_used, left, text);
    list->text_used += (int)strlen(list->text + list->text_used) + 1;
}

const char *balint_build_next_line(const char **at, char *line, size_t size)
{
    if (**at == '\0')
        return NULL;
    size_t length = strcspn(*at, "\n");
    balint_words_copy(line, length + 1 < size ? length + 1 : size, *at);
    *at += length + ((*at)[length] == '\n');
    return line;
}

int balint_build_lines(const char *text, int size, bool bold, int room, int *widest)
{
    char line[512];
    int lines = 0, most = 1;
    for (const char *at = text; balint_build_next_line(&at, line, sizeof line) != NULL;) {
        int wide = balint_words_width(line, size, bold);
        lines += wide <= room ? 1 : wide * 10 / 9 / room + 1;
        wide = wide < room ? wide : room;
        most = wide > most ? wide : most;
    }
    if (widest != NULL)
        *widest = most;
    return lines;
}

void balint_build_close(struct balint_build *build)
{
    struct balint_list *list = build->list;
    int kept = 0;
    for (int i = 0; i < list->group_count; i++) {
        struct balint_group group = list->groups[i];
        int left = group.rect.x < 0 ? 0 : group.rect.x & ~1, top = group.rect.y < 0 ? 0 : group.rect.y & ~1;
        int right = group.rect.x + group.rect.w, bottom = group.rect.y + group.rect.h;
        right = right < build->frame.width ? right : build->frame.width;
        bottom = bottom < build->frame.height ? bottom : build->frame.height;
        if (group.count == 0 || right <= left || bottom <= top)
            continue;
        group.rect = (struct balint_rect){left, top, (right - left + 1) & ~1, (bottom - top + 1) & ~1};
        list->groups[kept++] = group;
    }
    list->group_count = kept;
}
