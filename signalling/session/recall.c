/* recall.c - what a leader's program knows of whose time, and what it asks for next. See resend.h. */
#include "session/resend.h"

#include <string.h>

void balint_recall_init(struct balint_recall *recall)
{
    memset(recall, 0, sizeof *recall);
}

static struct balint_recall_process *find(struct balint_recall *recall, const char *member, uint32_t epoch)
{
    for (int i = 0; i < BALINT_RECALL_PROCESSES; i++) {
        struct balint_recall_process *process = &recall->processes[i];
        if (process->epoch == epoch && strcmp(process->member, member) == 0)
            return process;
    }
    return NULL;
}

/* The process, made where it is new: in the place of the one that was silent longest. */
static struct balint_recall_process *place_of(struct balint_recall *recall, const char *member,
                                              uint32_t epoch)
{
    struct balint_recall_process *place = find(recall, member, epoch);
    if (place != NULL)
        return place;
    place = &recall->processes[0];
    for (int i = 0; i < BALINT_RECALL_PROCESSES && place->member[0] != '\0'; i++)
        if (recall->processes[i].member[0] == '\0' || recall->processes[i].clock_ms < place->clock_ms)
            place = &recall->processes[i];
    memset(place, 0, sizeof *place);
    memcpy(place->member, member, strlen(member));
    place->epoch = epoch;
    place->asked_ms = -1;
    return place;
}

/* Adds [start, end) to what is known, and joins what touches it. */
static void know(struct balint_recall_process *process, int64_t start_ms, int64_t end_ms)
{
    struct balint_talk_span *known = process->known, added = {start_ms, end_ms};
    int kept = 0, at = 0;
    if (end_ms <= start_ms)
        return;
    for (int i = 0; i < process->known_count; i++) {
        struct balint_talk_span old = known[i];
        if (old.end_ms < added.start_ms || old.start_ms > added.end_ms) {
            at += old.end_ms < added.start_ms;
            known[kept++] = old;
            continue;
        }
        added.start_ms = old.start_ms < added.start_ms ? old.start_ms : added.start_ms;
        added.end_ms = old.end_ms > added.end_ms ? old.end_ms : added.end_ms;
    }
    if (kept == BALINT_RECALL_KNOWN) { /* the oldest is forgotten */
        if (at == 0)
            return;
        memmove(known, known + 1, (size_t)--kept * sizeof *known);
        at--;
    }
    memmove(known + at + 1, known + at, (size_t)(kept - at) * sizeof *known);
    known[at] = added;
    process->known_count = kept + 1;
}

static bool is_id(const char *member)
{
    size_t length = strnlen(member, BALINT_ID_SIZE);
    return length > 0 && length < BALINT_ID_SIZE;
}

void balint_recall_record(struct balint_recall *recall, const char *member, uint32_t epoch,
                          const struct balint_talk *talk, bool piece)
{
    if (!is_id(member) || talk->clock_ms < 0)
        return;
    struct balint_recall_process *process = place_of(recall, member, epoch);
    if (talk->clock_ms > process->clock_ms)
        process->clock_ms = talk->clock_ms;
    /* With fewer spans than there is room for these are all of its life. */
    if (!piece)
        know(process, talk->span_count == BALINT_TALK_SPANS ? talk->spans[0].start_ms : 0,
             talk->clock_ms - BALINT_RESEND_SETTLED_MS);
}

void balint_recall_answer(struct balint_recall *recall, const struct balint_resend *answer, int64_t now_ms)
{
    struct balint_recall_process *process = find(recall, answer->member, answer->epoch);
    if (process == NULL || !answer->answer)
        return;
    know(process, answer->from_ms, answer->to_ms);
    process->asked_ms = now_ms;
    process->tries = 0;
}

/* Until when it can be known when a process spoke. Of one that is gone, of which another's records came
 * here, nobody will ever know more. */
static int64_t settled(const struct balint_recall_process *process, bool gone)
{
    int64_t settled_ms = process->clock_ms - BALINT_RESEND_SETTLED_MS;
    int last = process->known_count - 1;
    return gone && (last < 0 || process->known[last].end_ms < settled_ms) ? process->clock_ms : settled_ms;
}

/* The newest stretch that is not known, or an older one after `skip` of them; the oldest there is. */
static bool find_hole(const struct balint_recall_process *process, bool gone, int skip, int64_t *start_ms,
                      int64_t *end_ms)
{
    int64_t until_ms = settled(process, gone);
    bool found = false;
    for (int i = process->known_count - 1; i >= -1 && skip >= 0; i--) {
        int64_t since_ms = i >= 0 ? process->known[i].end_ms : 0;
        if (since_ms < until_ms) {
            *start_ms = since_ms;
            *end_ms = until_ms;
            found = true;
            skip--;
        }
        if (i >= 0 && process->known[i].start_ms < until_ms)
            until_ms = process->known[i].start_ms;
    }
    return found;
}

static bool is_here(const struct balint_state *state, const char *member, uint32_t epoch)
{
    for (int i = 0; i < state->seat_count && i < BALINT_SEATS; i++)
        if (strcmp(state->seats[i].member, member) == 0)
            return state->seats[i].connected && state->seats[i].epoch == epoch;
    return false;
}

bool balint_recall_may(const struct balint_state *state, int seat, const struct balint_resend *resend)
{
    const struct balint_state_seat *at = balint_state_seat_of(state, seat);
    if (at == NULL || seat == state->you)
        return false;
    bool leads = balint_is_leader(at->role);
    if (!resend->answer)
        return leads;
    bool own = strcmp(at->member, resend->member) == 0 && at->epoch == resend->epoch;
    return own || (leads && !is_here(state, resend->member, resend->epoch));
}

/* Makes the question, if there is one and it is time to ask it. */
static bool ask(struct balint_recall_process *process, bool gone, int64_t now_ms,
                struct balint_resend *question)
{
    int64_t start_ms, end_ms;
    int doublings = process->tries < BALINT_RECALL_DOUBLINGS ? process->tries : BALINT_RECALL_DOUBLINGS;
    int64_t wait_ms = (int64_t)BALINT_RECALL_WAIT_MS << (doublings > 0 ? doublings - 1 : 0);
    if ((process->asked_ms >= 0 && now_ms - process->asked_ms < wait_ms) ||
        !find_hole(process, gone, process->tries / 2, &start_ms, &end_ms))
        return false;
    memset(question, 0, sizeof *question);
    memcpy(question->member, process->member, sizeof question->member);
    question->epoch = process->epoch;
    question->from_ms = start_ms;
    question->to_ms = end_ms;
    process->asked_ms = now_ms;
    process->tries++;
    return true;
}

/* Which of the leaders here, ourselves left out, is the one on this seat; -1: none. `count`: how many. */
static int leader_number(const struct balint_state *state, int seat, int *count)
{
    int number = -1;
    *count = 0;
    for (int i = 0; i < state->seat_count && i < BALINT_SEATS; i++) {
        const struct balint_state_seat *at = &state->seats[i];
        if (!at->connected || at->seat == state->you || !balint_is_leader(at->role))
            continue;
        if (at->seat == seat)
            number = *count;
        ++*count;
    }
    return number;
}

bool balint_recall_ask(struct balint_recall *recall, const struct balint_state *state, int seat,
                       int64_t now_ms, struct balint_resend *question)
{
    const struct balint_state_seat *at = balint_state_seat_of(state, seat);
    if (at == NULL || !at->connected || seat == state->you)
        return false;
    struct balint_recall_process *own = find(recall, at->member, at->epoch);
    if (own != NULL && ask(own, false, now_ms, question))
        return true;
    int leaders, number = leader_number(state, seat, &leaders);
    for (int i = 0; i < BALINT_RECALL_PROCESSES && number >= 0; i++) {
        struct balint_recall_process *process = &recall->processes[i];
        if (process->member[0] != '\0' && !is_here(state, process->member, process->epoch) &&
            process->tries % leaders == number && ask(process, true, now_ms, question))
            return true;
    }
    return false;
}

int64_t balint_recall_lacks_ms(const struct balint_recall *recall, const struct balint_state *state)
{
    int64_t sum = 0;
    for (int i = 0; i < BALINT_RECALL_PROCESSES; i++) {
        const struct balint_recall_process *process = &recall->processes[i];
        if (process->member[0] == '\0' || !is_here(state, process->member, process->epoch))
            continue;
        int64_t known_ms = 0, settled_ms = settled(process, false);
        for (int k = 0; k < process->known_count; k++) {
            int64_t end = process->known[k].end_ms < settled_ms ? process->known[k].end_ms : settled_ms;
            if (end > process->known[k].start_ms)
                known_ms += end - process->known[k].start_ms;
        }
        if (settled_ms > known_ms)
            sum += settled_ms - known_ms;
    }
    return sum;
}
