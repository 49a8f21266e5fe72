/* post.c - see post.h. */
#include "call/post.h"

#include <string.h>

static bool leads(const struct balint_state *state, int seat)
{
    const struct balint_state_seat *at = balint_state_seat_of(state, seat);
    return at && balint_is_leader(at->role);
}

/* What is known of the process that the state names on a seat, made anew when it is another one; NULL. */
static struct balint_post_other *other_on(struct balint_post *post, const struct balint_state *state,
                                          int seat)
{
    const struct balint_state_seat *at = balint_state_seat_of(state, seat);
    if (!at || seat < 0 || seat >= BALINT_SEATS || seat == state->you)
        return NULL;
    struct balint_post_other *other = &post->others[seat];
    if (other->epoch == at->epoch && strcmp(other->member, at->member) == 0)
        return other;
    memset(other, 0, sizeof *other);
    memcpy(other->member, at->member, sizeof other->member);
    other->epoch = at->epoch;
    return other;
}

void balint_post_quiet(struct balint_post *post, bool on)
{
    if (post->quiet == on)
        return;
    post->quiet = on;
    post->quiet_id = ++post->last_id;
}

/* ---- notes */

static struct balint_note *new_note(struct balint_post *post, enum balint_envelope_kind kind,
                                    const char *text, int64_t now_us)
{
    for (int i = 0; i < BALINT_POST_NOTES; i++) {
        struct balint_note *note = &post->notes[i];
        if (note->id)
            continue;
        memset(note, 0, sizeof *note);
        note->id = ++post->last_id;
        note->kind = kind;
        note->since_us = now_us;
        memcpy(note->text, text, strnlen(text, BALINT_WORD_TEXT - 1));
        return note;
    }
    return NULL;
}

static void address(struct balint_note *note, const char *member)
{
    memcpy(note->to[note->count++].member, member, BALINT_ID_SIZE);
}

uint32_t balint_post_answer(struct balint_post *post, const struct balint_state *state, int seat,
                            const char *text, int64_t now_us)
{
    const struct balint_state_seat *at = balint_state_seat_of(state, seat);
    struct balint_note *note =
        at && seat != state->you ? new_note(post, BALINT_ENVELOPE_ANSWER, text, now_us) : NULL;
    if (!note)
        return 0;
    address(note, at->member);
    return note->id;
}

bool balint_post_line(struct balint_post *post, const struct balint_state *state, const char *text,
                      int64_t now_us)
{
    struct balint_note *note = new_note(post, BALINT_ENVELOPE_WORD, text, now_us);
    if (!note)
        return false;
    for (int i = 0; i < state->seat_count && i < BALINT_SEATS; i++)
        if (state->seats[i].seat != state->you && balint_is_leader(state->seats[i].role))
            address(note, state->seats[i].member);
    if (note->count == 0)
        memset(note, 0, sizeof *note); /* nobody else leads */
    return true;
}

bool balint_post_is_under_way(const struct balint_post *post, uint32_t id)
{
    for (int i = 0; i < BALINT_POST_NOTES; i++)
        if (id != 0 && post->notes[i].id == id)
            return true;
    return false;
}

static int place_of(const struct balint_note *note, const char *member)
{
    for (int i = 0; i < note->count; i++)
        if (strcmp(note->to[i].member, member) == 0)
            return i;
    return -1;
}

/* Somebody took it: the last one ends it. */
static bool note_taken(struct balint_note *note, const char *member)
{
    int at = place_of(note, member);
    if (at < 0)
        return false;
    note->to[at] = note->to[--note->count];
    if (note->count == 0)
        memset(note, 0, sizeof *note);
    return true;
}

bool balint_post_given_up(struct balint_post *post, const struct balint_state *state, int64_t now_us,
                          struct balint_news *news)
{
    for (int i = 0; i < BALINT_POST_NOTES; i++) {
        struct balint_note *note = &post->notes[i];
        if (!note->id || now_us - note->since_us < BALINT_POST_LASTS_US)
            continue;
        memset(news, 0, sizeof *news);
        news->kind = note->kind == BALINT_ENVELOPE_ANSWER ? BALINT_NEWS_TOLD : BALINT_NEWS_NOTHING;
        news->seat = BALINT_NOBODY;
        for (int k = 0; k < state->seat_count && k < BALINT_SEATS; k++)
            if (place_of(note, state->seats[k].member) >= 0)
                news->seat = state->seats[k].seat;
        memset(note, 0, sizeof *note);
        return true;
    }
    return false;
}

bool balint_post_state(struct balint_post *post, const struct balint_state *state, struct balint_news *news)
{
    for (int seat = 0; seat < BALINT_SEATS; seat++) {
        struct balint_post_other *other = &post->others[seat];
        const struct balint_state_seat *at = balint_state_seat_of(state, seat);
        bool same = at && at->epoch == other->epoch && strcmp(at->member, other->member) == 0;
        bool over = other->quiet && !same;
        if (!same)
            memset(other, 0, sizeof *other);
        if (!over)
            continue;
        *news = (struct balint_news){.kind = BALINT_NEWS_QUIET, .seat = seat};
        return true;
    }
    return false;
}

/* ---- slots */

static bool is_due(int64_t sent_us, int64_t now_us)
{
    return sent_us == 0 || now_us - sent_us >= BALINT_POST_AGAIN_US;
}

static bool next_taken(struct balint_post_other *other, enum balint_envelope_kind *kind,
                       struct balint_word *word)
{
    if (other->taken_count == 0)
        return false;
    *kind = other->taken[0].kind;
    word->what = BALINT_WORD_TAKEN;
    word->id = other->taken[0].id;
    memmove(other->taken, other->taken + 1, (size_t)--other->taken_count * sizeof *other->taken);
    return true;
}

static bool next_quiet(const struct balint_post *post, struct balint_post_other *other, int64_t now_us,
                       enum balint_envelope_kind *kind, struct balint_word *word)
{
    if (post->quiet_id == 0 || other->told_id == post->quiet_id || !is_due(other->told_at_us, now_us))
        return false;
    other->told_at_us = now_us;
    *kind = BALINT_ENVELOPE_QUIET;
    word->what = post->quiet ? BALINT_WORD_SAY : BALINT_WORD_BACK;
    word->id = post->quiet_id;
    return true;
}

static bool next_note(struct balint_post *post, const char *member, int64_t now_us,
                      enum balint_envelope_kind *kind, struct balint_word *word)
{
    struct balint_note *oldest = NULL;
    int to = -1;
    for (int i = 0; i < BALINT_POST_NOTES; i++) {
        struct balint_note *note = &post->notes[i];
        int at = note->id ? place_of(note, member) : -1;
        if (at < 0 || !is_due(note->to[at].sent_us, now_us) || (oldest && oldest->id < note->id))
            continue;
        oldest = note;
        to = at;
    }
    if (!oldest)
        return false;
    oldest->to[to].sent_us = now_us;
    *kind = oldest->kind;
    word->what = BALINT_WORD_SAY;
    word->id = oldest->id;
    memcpy(word->text, oldest->text, sizeof word->text);
    return true;
}

bool balint_post_next(struct balint_post *post, const struct balint_state *state, int seat, int64_t now_us,
                      enum balint_envelope_kind *kind, uint8_t body[BALINT_WORD_SIZE])
{
    struct balint_word word = {0};
    struct balint_post_other *other = other_on(post, state, seat);
    if (!other || !(next_taken(other, kind, &word) ||
                    (leads(state, seat) && next_quiet(post, other, now_us, kind, &word)) ||
                    next_note(post, other->member, now_us, kind, &word)))
        return false;
    balint_word_write(&word, body);
    memset(&word, 0, sizeof word);
    return true;
}

/* ---- what comes */

/* Notes that a word is to be acknowledged, whether it is heard for the first time or again. */
static void acknowledge(struct balint_post_other *other, enum balint_envelope_kind kind, uint32_t id)
{
    for (int i = 0; i < other->taken_count; i++)
        if (other->taken[i].id == id)
            return;
    if (other->taken_count == BALINT_POST_TAKEN)
        return; /* it comes again */
    other->taken[other->taken_count].kind = kind;
    other->taken[other->taken_count++].id = id;
}

/* Is this id heard for the first time? Those further back than 32 are old. */
static bool is_new(struct balint_post_other *other, uint32_t id)
{
    if (id > other->newest) {
        uint32_t by = id - other->newest;
        other->heard = (by < 32 ? other->heard << by : 0) | 1;
        other->newest = id;
        return true;
    }
    uint32_t back = other->newest - id;
    if (back >= 32 || other->heard >> back & 1)
        return false;
    other->heard |= 1u << back;
    return true;
}

static void take_quiet(struct balint_post_other *other, int seat, const struct balint_word *word,
                       struct balint_news *news)
{
    bool on = word->what == BALINT_WORD_SAY;
    if (word->id <= other->quiet_id)
        return;
    other->quiet_id = word->id;
    if (on != other->quiet)
        *news = (struct balint_news){.kind = BALINT_NEWS_QUIET, .seat = seat, .on = on};
    other->quiet = on;
}

static void take_text(enum balint_news_kind kind, int seat, const struct balint_word *word,
                      struct balint_news *news)
{
    news->kind = kind;
    news->seat = seat;
    memcpy(news->text, word->text, sizeof news->text);
}

static void take_taken(struct balint_post *post, struct balint_post_other *other, int seat, bool leader,
                       enum balint_envelope_kind kind, uint32_t id, struct balint_news *news)
{
    if (kind == BALINT_ENVELOPE_QUIET) {
        if (!leader || id != post->quiet_id || other->told_id == id)
            return;
        other->told_id = id;
        if (post->quiet)
            *news = (struct balint_news){.kind = BALINT_NEWS_HEARD, .seat = seat, .on = true};
        return;
    }
    for (int i = 0; i < BALINT_POST_NOTES; i++) {
        struct balint_note *note = &post->notes[i];
        if (note->id == id && note->kind == kind && note_taken(note, other->member) &&
            kind == BALINT_ENVELOPE_ANSWER)
            *news = (struct balint_news){.kind = BALINT_NEWS_TOLD, .seat = seat, .on = true};
    }
}

/* May the person on that seat say this to us? */
static bool may_say(const struct balint_state *state, int seat, enum balint_envelope_kind kind,
                    const struct balint_word *word)
{
    bool we = leads(state, state->you), they = leads(state, seat);
    bool back = word->what == BALINT_WORD_BACK;
    switch (kind) {
    case BALINT_ENVELOPE_QUIET:
        return we && (back || !they) && word->text[0] == '\0'; /* a deputy may take an earlier one back */
    case BALINT_ENVELOPE_WORD:
        return we && they && !back && word->text[0] != '\0';
    case BALINT_ENVELOPE_ANSWER:
        return they && !back && word->text[0] != '\0';
    default:
        return false;
    }
}

void balint_post_take(struct balint_post *post, const struct balint_state *state, int seat,
                      enum balint_envelope_kind kind, const uint8_t *body, size_t length,
                      struct balint_news *news)
{
    struct balint_word word;
    struct balint_post_other *other = other_on(post, state, seat);
    memset(news, 0, sizeof *news);
    if (!other || !balint_word_read(&word, body, length))
        return;
    if (word.what == BALINT_WORD_TAKEN) {
        take_taken(post, other, seat, leads(state, seat), kind, word.id, news);
    } else if (may_say(state, seat, kind, &word)) {
        acknowledge(other, kind, word.id);
        if (kind == BALINT_ENVELOPE_QUIET)
            take_quiet(other, seat, &word, news);
        else if (is_new(other, word.id))
            take_text(kind == BALINT_ENVELOPE_ANSWER ? BALINT_NEWS_ANSWER : BALINT_NEWS_LINE, seat, &word,
                      news);
        if (news->kind == BALINT_NEWS_ANSWER)
            balint_post_quiet(post, false); /* answered */
    }
    memset(&word, 0, sizeof word);
}
