/* screen.c - lists compared, groups drawn and converted. */
#include "screen.h"

#include <stdlib.h>

#include "paint.h"

/* The drawing of one group. */
struct slot {
    struct balint_rect rect; /* w 0: none */
    cairo_surface_t *surface;
    struct balint_planes planes;
};

struct balint_screen {
    struct balint_paint *paint;
    struct balint_matrix matrix;
    struct balint_list lists[2];
    int shown; /* which list is on the screen */
    struct slot slots[BALINT_GROUPS];
};

static void slot_finish(struct slot *slot)
{
    if (slot->surface != NULL)
        cairo_surface_destroy(slot->surface);
    balint_planes_finish(&slot->planes);
    *slot = (struct slot){0};
}

static bool slot_init(struct slot *slot, struct balint_rect rect)
{
    slot_finish(slot);
    slot->surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, rect.w, rect.h);
    if (cairo_surface_status(slot->surface) != CAIRO_STATUS_SUCCESS ||
        !balint_planes_init(&slot->planes, rect.w, rect.h)) {
        slot_finish(slot);
        return false;
    }
    slot->rect = rect;
    return true;
}

struct balint_screen *balint_screen_create(void)
{
    struct balint_screen *screen = calloc(1, sizeof *screen);
    if (screen == NULL)
        return NULL;
    screen->paint = balint_paint_create();
    balint_matrix_init(&screen->matrix, 0.2126, 0.0722, false);
    return screen;
}

void balint_screen_destroy(struct balint_screen *screen)
{
    if (screen == NULL)
        return;
    for (int i = 0; i < BALINT_GROUPS; i++)
        slot_finish(&screen->slots[i]);
    balint_paint_destroy(screen->paint);
    free(screen);
}

bool balint_screen_clear(struct balint_screen *screen)
{
    bool changed = screen->lists[screen->shown].group_count > 0;
    screen->lists[screen->shown].group_count = 0;
    for (int i = 0; i < BALINT_GROUPS; i++)
        slot_finish(&screen->slots[i]);
    return changed;
}

void balint_screen_reset(struct balint_screen *screen, const struct balint_matrix *matrix)
{
    screen->matrix = *matrix;
    balint_screen_clear(screen);
}

static const struct balint_group *find(const struct balint_list *list, enum balint_group_id id)
{
    for (int i = 0; i < list->group_count; i++)
        if (list->groups[i].id == id)
            return &list->groups[i];
    return NULL;
}

static bool same_rect(struct balint_rect a, struct balint_rect b)
{
    return a.x == b.x && a.y == b.y && a.w == b.w && a.h == b.h;
}

static void draw(struct balint_screen *screen, const struct balint_list *list,
                 const struct balint_group *group, struct balint_rect dirty)
{
    struct slot *slot = &screen->slots[group->id];
    balint_paint_group(screen->paint, list, group, dirty, slot->surface);
    dirty.x -= group->rect.x;
    dirty.y -= group->rect.y;
    balint_planes_convert(&slot->planes, (const uint32_t *)cairo_image_surface_get_data(slot->surface),
                          cairo_image_surface_get_stride(slot->surface) / 4, dirty, &screen->matrix);
}

/* Draws the items of a group that differ from those of the group it follows. Items are compared one to one:
 * where one was added or left out, all that follow differ, and they are drawn. */
static bool draw_changes(struct balint_screen *screen, const struct balint_list *list,
                         const struct balint_group *group, const struct balint_list *old_list,
                         const struct balint_group *old)
{
    bool changed = false;
    int most = group->count > old->count ? group->count : old->count;
    for (int i = 0; i < most; i++) {
        const struct balint_item *now = i < group->count ? &list->items[group->first + i] : NULL;
        const struct balint_item *was = i < old->count ? &old_list->items[old->first + i] : NULL;
        if (now != NULL && was != NULL && balint_item_same(list, now, old_list, was))
            continue;
        if (was != NULL)
            draw(screen, list, group, was->rect);
        if (now != NULL && (was == NULL || !same_rect(now->rect, was->rect)))
            draw(screen, list, group, now->rect);
        changed = true;
    }
    return changed;
}

static bool update_group(struct balint_screen *screen, const struct balint_list *list,
                         const struct balint_group *group, const struct balint_list *old_list)
{
    struct slot *slot = &screen->slots[group->id];
    const struct balint_group *old = find(old_list, group->id);
    if (old != NULL && slot->rect.w > 0 && same_rect(slot->rect, group->rect))
        return draw_changes(screen, list, group, old_list, old);
    if (slot_init(slot, group->rect))
        draw(screen, list, group, group->rect);
    return true;
}

bool balint_screen_update(struct balint_screen *screen, const struct balint_view *view)
{
    const struct balint_list *old_list = &screen->lists[screen->shown];
    struct balint_list *list = &screen->lists[!screen->shown];
    bool changed = false;
    balint_layout(view, list);
    for (int i = 0; i < list->group_count; i++)
        changed |= update_group(screen, list, &list->groups[i], old_list);
    for (int i = 0; i < BALINT_GROUPS; i++) {
        if (screen->slots[i].rect.w == 0 || find(list, (enum balint_group_id)i) != NULL)
            continue;
        slot_finish(&screen->slots[i]);
        changed = true;
    }
    screen->shown = !screen->shown;
    return changed;
}

void balint_screen_blend(const struct balint_screen *screen, const struct balint_picture *picture)
{
    const struct balint_list *list = &screen->lists[screen->shown];
    for (int i = 0; i < list->group_count; i++) {
        const struct slot *slot = &screen->slots[list->groups[i].id];
        if (slot->rect.w > 0)
            balint_planes_blend(&slot->planes, picture, slot->rect.x, slot->rect.y);
    }
}

bool balint_screen_part(const struct balint_screen *screen, int index, struct balint_rect *rect,
                        cairo_surface_t **surface)
{
    const struct balint_list *list = &screen->lists[screen->shown];
    for (int i = 0; i < list->group_count; i++) {
        const struct slot *slot = &screen->slots[list->groups[i].id];
        if (slot->rect.w == 0 || index-- > 0)
            continue;
        *rect = slot->rect;
        *surface = slot->surface;
        return true;
    }
    return false;
}
