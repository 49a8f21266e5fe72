/* join_show.c - what is on the window. */
#include <stdlib.h>
#include <string.h>

#include "client/join.h"
#include "client/tiles.h"
#include "identity/identity.h"
#include "input.h" /* overlay/ */
#include "words.h"

#define SOUND_FRESH_US 1500000 /* sound came so lately: it is arriving */
#define LOST_US        3000000 /* a server that restarts is back by then: nobody needs to know */

static enum balint_line line_of(const struct balint_joined *join, int seat)
{
    const struct balint_state_seat *person = balint_state_seat_of(&join->state, seat);
    if (seat == join->state.you || person == NULL)
        return BALINT_LINE_UNKNOWN;
    if (!person->connected)
        return BALINT_LINE_LOST;
    if (join->unproven[seat])
        return BALINT_LINE_CLOSED;
    struct balint_heard heard = balint_remotes_heard(join->remotes, seat);
    if (heard.last_sound_us == 0)
        return BALINT_LINE_NONE;
    return g_get_monotonic_time() - heard.last_sound_us < SOUND_FRESH_US ? BALINT_LINE_SOUND
                                                                         : BALINT_LINE_LOST;
}

void balint_join_link(struct balint_joined *join, int seat, const char *state)
{
    const struct balint_state_seat *person = balint_state_seat_of(&join->state, seat);
    bool before = join->unproven[seat];
    join->unproven[seat] = strcmp(state, "not-proven") == 0 || strcmp(state, "fingerprint-mismatch") == 0;
    if (!join->unproven[seat] || before || person == NULL)
        return;
    char text[256];
    g_snprintf(text, sizeof text,
               "The link to %s stays closed: it is not proven that it is %s who answers. Often joining again "
               "helps; if it "
               "does not, tell your leader by another way.",
               person->name, person->name);
    balint_join_say(join, text);
}

static void show_tiles(struct balint_joined *join)
{
    struct balint_plan plan;
    g_object_set(join->pipeline.overlay, "folded", join->folded, NULL);
    balint_plan_make(&plan, &join->state, join->hide_self, join->folded, balint_join_looked(join),
                     BALINT_WINDOW_WIDTH, BALINT_WINDOW_HEIGHT);
    balint_tiles_show(&plan, join->state.you, join->remotes, join->pipeline.self);
    for (int i = 0; i < plan.count; i++) {
        plan.tiles[i].line = line_of(join, plan.tiles[i].seat);
        plan.tiles[i].no_camera = join->options.no_camera && plan.tiles[i].seat == join->state.you;
    }
    char *text = balint_tiles_json(plan.tiles, plan.count);
    if (text != NULL)
        g_object_set(join->pipeline.overlay, "tiles", text, NULL);
    free(text);
}

static void show_balance(struct balint_joined *join)
{
    struct balint_balance balance;
    if (!balint_reporter_balance(join->reporter, &balance))
        return;
    char *text = balint_balance_json(&balance);
    if (text != NULL)
        g_object_set(join->pipeline.overlay, "balance", text, NULL);
    free(text);
}

static void show_said(struct balint_joined *join)
{
    char *text = balint_said_json(&join->said);
    if (text != NULL) {
        g_object_set(join->pipeline.overlay, "said", text, NULL);
        balint_wipe(text, strlen(text));
    }
    free(text);
}

/* The line to the server is lost, and stays so: what is said of it. Once on the terminal, too. */
static void look_at_line(struct balint_joined *join)
{
    bool lost = join->lost_us != 0 && g_get_monotonic_time() - join->lost_us >= LOST_US;
    bool told = join->lost[0] != '\0';
    int others = 0, heard = 0;
    join->lost[0] = '\0';
    for (int i = 0; lost && i < join->state.seat_count; i++) {
        enum balint_line line = line_of(join, join->state.seats[i].seat);
        others += line != BALINT_LINE_UNKNOWN && join->state.seats[i].connected;
        heard += line == BALINT_LINE_SOUND;
    }
    if (lost)
        balint_words_lost(&join->state, others, heard, join->lost, sizeof join->lost);
    if (lost != told)
        g_printerr("balint: %s\n", lost ? join->lost : "Your line to the server is back.");
}

static void show_note(struct balint_joined *join)
{
    char help[BALINT_HELP_SIZE];
    const char *note = "";
    char *crib = NULL;
    const struct balint_state_seat *self = balint_state_seat_of(&join->state, join->state.you);
    gboolean cards = join->crib && self != NULL && balint_is_leader(self->role);
    if (cards)
        g_object_get(join->pipeline.call, "crib", &crib, NULL);
    if (join->help) {
        balint_keys_help(self != NULL && balint_is_leader(self->role), help, sizeof help);
        note = help;
    } else if (cards) {
        note = crib != NULL && crib[0] != '\0' ? crib : "There are no cards.";
    } else if (join->asking[0] != '\0') {
        note = join->asking;
    } else if (g_get_monotonic_time() < join->notice_until_us) {
        note = join->notice;
    } else if (join->lost[0] != '\0') {
        note = join->lost;
    } else if (balint_join_case_over(join)[0] != '\0') {
        note = balint_join_case_over(join);
    } else if (balint_reporter_speaking(join->reporter)) {
        note = balint_plan_muted(&join->state);
    }
    g_object_set(join->pipeline.overlay, "note", note, NULL);
    g_free(crib);
}

void balint_join_show(struct balint_joined *join)
{
    if (!join->known || join->leaving)
        return;
    look_at_line(join);
    if (join->pipeline.overlay == NULL)
        return;
    show_tiles(join);
    show_balance(join);
    show_said(join);
    balint_join_show_debrief(join);
    show_note(join);
}
