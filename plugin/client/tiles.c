/* tiles.c - brings a plan to the compositor. */
#include "client/tiles.h"

static void place(GstPad *pad, const struct balint_rect *rect)
{
    if (rect == NULL)
        g_object_set(pad, "alpha", 0.0, NULL);
    else
        g_object_set(pad, "xpos", rect->x, "ypos", rect->y, "width", rect->w, "height", rect->h,
                     "sizing-policy", 1 /* keep the aspect ratio */, "alpha", 1.0, NULL);
}

void balint_tiles_show(const struct balint_plan *plan, int you, struct balint_remotes *remotes, GstPad *self)
{
    for (int seat = 0; seat < BALINT_SEATS; seat++) {
        const struct balint_rect *rect = NULL;
        for (int i = 0; i < plan->count; i++)
            if (plan->tiles[i].seat == seat && plan->seen[i])
                rect = &plan->tiles[i].rect;
        GstPad *pad = seat == you ? gst_object_ref(self) : balint_remotes_picture(remotes, seat);
        if (pad == NULL)
            continue;
        place(pad, rect);
        gst_object_unref(pad);
    }
    if (you == BALINT_NOBODY)
        place(self, NULL);
}
