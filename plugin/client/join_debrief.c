/* join_debrief.c - the leaders' look back: on the screen in the corridor, and on the own disk when asked. */
#include <stdlib.h>

#include "client/debrief_keep.h"
#include "client/join.h"
#include "input.h" /* overlay/ */

#define FOOT                                                                                                 \
    "No names, no content. B closes this. Nothing is kept, unless you press K (then in your home folder)."

static bool gather(struct balint_joined *join, struct balint_debrief *debrief)
{
    GDateTime *now = g_date_time_new_now_local();
    char *date = g_date_time_format(now, "%F");
    *debrief = (struct balint_debrief){.format = join->state.format};
    g_strlcpy(debrief->date, date, sizeof debrief->date);
    g_free(date);
    g_date_time_unref(now);
    return balint_reporter_after(join->reporter, &debrief->after);
}

void balint_join_debrief(struct balint_joined *join, const struct balint_command *command)
{
    struct balint_debrief *debrief = g_new0(struct balint_debrief, 1);
    char *why = g_malloc0(BALINT_WHY);
    if (!balint_join_leads(join)) {
        balint_join_say(join, "debrief: it is the leaders'");
    } else if (!balint_debrief_time(&join->state)) {
        balint_join_say(join, "debrief: it is there when the work is done, from the closing on");
    } else if (!command->keep) {
        join->debrief = command->way == BALINT_ON || (command->way == BALINT_TOGGLE && !join->debrief);
    } else if (gather(join, debrief)) {
        char *dated = g_strconcat("~/balint-debrief-", debrief->date, NULL);
        balint_debrief_keep(debrief, command->file[0] != '\0' ? command->file : dated, why);
        balint_join_say(join, why);
        g_free(dated);
    }
    g_free(why);
    g_free(debrief);
}

void balint_join_show_debrief(struct balint_joined *join)
{
    join->debrief = join->debrief && balint_join_leads(join) && balint_debrief_time(&join->state);
    if (!join->debrief && !join->debrief_shown)
        return;
    struct balint_debrief *debrief = g_new0(struct balint_debrief, 1);
    struct balint_sheet *sheet = g_new0(struct balint_sheet, 1);
    char *text = NULL;
    join->debrief_shown = join->debrief;
    if (join->debrief && gather(join, debrief)) {
        balint_debrief_sheet(debrief, FOOT, sheet);
        text = balint_sheet_json(sheet);
    }
    g_object_set(join->pipeline.overlay, "sheet", text, NULL);
    free(text);
    g_free(sheet);
    g_free(debrief);
}
