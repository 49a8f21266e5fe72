/* account.c - keeps phases, people and events, and writes report.json. */
#include "client/account.h"

#include <glib.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "input.h" /* overlay/: the balance as JSON */

#define STAYS  256
#define EVENTS 4096

struct stay {
    int phase;
    int64_t start_ms;
};
struct event {
    int64_t at_ms;
    char what[32];
    int seat;
};
struct balint_account {
    bool known;
    struct balint_state state;                     /* the last one while admitted */
    struct balint_state_seat people[BALINT_SEATS]; /* the last one seen on each seat; name empty: nobody */
    int stay_count, event_count;
    struct stay stays[STAYS];
    struct event events[EVENTS];
};

struct balint_account *balint_account_new(void)
{
    return g_new0(struct balint_account, 1);
}

void balint_account_free(struct balint_account *account)
{
    g_free(account);
}

void balint_account_event(struct balint_account *account, int64_t now_ms, const char *what, int seat)
{
    if (account->event_count == EVENTS)
        return;
    struct event *event = &account->events[account->event_count++];
    event->at_ms = now_ms;
    event->seat = seat;
    g_strlcpy(event->what, what, sizeof event->what);
}

static void note_people(struct balint_account *account, const struct balint_state *state, int64_t now_ms)
{
    for (int i = 0; i < state->seat_count; i++) {
        const struct balint_state_seat *seat = &state->seats[i];
        if (seat->seat < 0 || seat->seat >= BALINT_SEATS)
            continue;
        struct balint_state_seat *before = &account->people[seat->seat];
        bool same = strcmp(before->member, seat->member) == 0;
        if (!same)
            balint_account_event(account, now_ms, "came", seat->seat);
        else if (before->connected && !seat->connected)
            balint_account_event(account, now_ms, "lost", seat->seat);
        else if (!before->connected && seat->connected)
            balint_account_event(account, now_ms, "back", seat->seat);
        if (seat->sitting_out && !(same && before->sitting_out))
            balint_account_event(account, now_ms, "sits-out", seat->seat);
        else if (seat->away && !(same && before->away))
            balint_account_event(account, now_ms, "away", seat->seat);
        *before = *seat;
    }
}

static void note_case(struct balint_account *account, const struct balint_state *state, int64_t now_ms)
{
    const struct balint_state *before = &account->state;
    if (state->presenter != before->presenter)
        balint_account_event(account, now_ms, "presenter", state->presenter);
    if (state->stepped_back != before->stepped_back)
        balint_account_event(account, now_ms, state->stepped_back ? "stepped-back" : "returned",
                             state->stepped_back ? state->presenter : before->presenter);
    if (state->invited && !before->invited)
        balint_account_event(account, now_ms, "invited-back", state->presenter);
    if (state->leads != before->leads)
        balint_account_event(account, now_ms, "leads", state->leads);
}

void balint_account_state(struct balint_account *account, const struct balint_state *state, int64_t now_ms)
{
    if (!state->admitted)
        return;
    note_people(account, state, now_ms);
    if (account->known)
        note_case(account, state, now_ms);
    const struct stay *last = account->stay_count > 0 ? &account->stays[account->stay_count - 1] : NULL;
    bool again = last != NULL && last->phase == state->phase && last->start_ms >= state->phase_since_ms;
    if (!again && account->stay_count < STAYS)
        account->stays[account->stay_count++] = (struct stay){state->phase, state->phase_since_ms};
    account->known = true;
    account->state = *state;
}

static const char *phase_id(const struct balint_account *account, int phase)
{
    return phase >= 0 && phase < account->state.format.count ? account->state.format.phases[phase].id : "";
}

static json_t *write_self(const struct balint_account *account, const struct balint_account_end *end)
{
    int you = account->known ? account->state.you : BALINT_NOBODY;
    const struct balint_state_seat *self = you >= 0 && you < BALINT_SEATS ? &account->people[you] : NULL;
    return json_pack("{s:s, s:i, s:s, s:s, s:I, s:I, s:I, s:I, s:s}", "name", self != NULL ? self->name : "",
                     "seat", you, "member", self != NULL ? self->member : "", "role",
                     self != NULL ? balint_role_name(self->role) : "", "admitted_ms",
                     (json_int_t)end->admitted_ms, "playing_ms", (json_int_t)end->playing_ms,
                     "source_start_ms", (json_int_t)end->source_start_ms, "left_ms", (json_int_t)end->left_ms,
                     "ended", end->ended);
}

static json_t *write_phases(const struct balint_account *account, int64_t left_ms)
{
    json_t *list = json_array();
    for (int i = 0; i < account->stay_count; i++) {
        const struct stay *stay = &account->stays[i];
        int64_t end_ms = i + 1 < account->stay_count ? stay[1].start_ms : left_ms;
        json_array_append_new(list,
                              json_pack("{s:s, s:I, s:I}", "id", phase_id(account, stay->phase), "start_ms",
                                        (json_int_t)stay->start_ms, "end_ms", (json_int_t)end_ms));
    }
    return list;
}

static json_t *write_remotes(const struct balint_account *account, const struct balint_account_end *end)
{
    json_t *list = json_array();
    for (int seat = 0; seat < BALINT_SEATS; seat++) {
        const struct balint_state_seat *person = &account->people[seat];
        const struct balint_heard *heard = &end->heard[seat];
        const struct balint_link_view *link = &end->links[seat];
        if (person->name[0] == '\0' || seat == account->state.you)
            continue;
        json_t *phases = json_object();
        for (int i = 0; i < account->state.format.count; i++)
            json_object_set_new(phases, phase_id(account, i),
                                json_pack("{s:I, s:I, s:I}", "sound_ms", (json_int_t)heard->sound_ms[i],
                                          "frames", (json_int_t)heard->frames[i], "dropped_ms",
                                          (json_int_t)link->dropped_ms[i]));
        json_array_append_new(list, json_pack("{s:s, s:i, s:s, s:s, s:I, s:I, s:I, s:o}", "name",
                                              person->name, "seat", seat, "member", person->member, "state",
                                              link->known ? link->state : "none", "generation",
                                              (json_int_t)link->generation, "first_sound_ms",
                                              (json_int_t)link->first_sound_ms, "first_picture_ms",
                                              (json_int_t)link->first_picture_ms, "by_phase", phases));
    }
    return list;
}

static json_t *write_events(const struct balint_account *account)
{
    json_t *list = json_array();
    for (int i = 0; i < account->event_count; i++) {
        const struct event *event = &account->events[i];
        json_t *item = json_pack("{s:I, s:s}", "at_ms", (json_int_t)event->at_ms, "what", event->what);
        if (event->seat != BALINT_NOBODY)
            json_object_set_new(item, "seat", json_integer(event->seat));
        json_array_append_new(list, item);
    }
    return list;
}

static json_t *write_voice(const struct balint_account *account, const struct balint_talkbook *book)
{
    json_t *list = json_array();
    for (int i = 0; i < book->count_count; i++)
        json_array_append_new(list,
                              json_pack("{s:I, s:I, s:s}", "start_ms", (json_int_t)book->counts[i].start_ms,
                                        "end_ms", (json_int_t)book->counts[i].end_ms, "phase",
                                        phase_id(account, book->counts[i].phase)));
    return list;
}

bool balint_account_write(struct balint_account *account, const char *path,
                          const struct balint_account_end *end)
{
    json_t *root =
        json_pack("{s:i, s:o, s:o, s:o, s:o, s:o}", "schema", 1, "self", write_self(account, end), "phases",
                  write_phases(account, end->left_ms), "remotes", write_remotes(account, end), "events",
                  write_events(account), "voice", write_voice(account, end->talkbook));
    if (end->balance != NULL && root != NULL) {
        char *text = balint_balance_json(end->balance);
        if (text != NULL)
            json_object_set_new(root, "balance", json_loads(text, 0, NULL));
        free(text);
    }
    char *text = root != NULL ? json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(6)) : NULL;
    json_decref(root);
    /* g_file_set_contents writes beside and renames: who watches for the file never reads half of it. */
    bool ok = text != NULL && g_file_set_contents(path, text, -1, NULL);
    free(text);
    return ok;
}
