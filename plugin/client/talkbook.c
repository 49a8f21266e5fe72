/* talkbook.c - cuts speech at phase and microphone changes and adds it up. Pure. */
#include "client/talkbook.h"

#include <string.h>

void balint_talkbook_init(struct balint_talkbook *book)
{
    memset(book, 0, sizeof *book);
    balint_talk_init(&book->talk);
    book->marks[0] = (struct balint_talk_mark){.at_ms = 0, .phase = BALINT_NOBODY, .open = false};
    book->mark_count = 1;
}

/* A new mark behind the last one. A time before the last mark's is taken as the last mark's: what is known
 * later cannot have been earlier. */
static void mark(struct balint_talkbook *book, struct balint_talk_mark mark)
{
    struct balint_talk_mark *last = &book->marks[book->mark_count - 1];
    if (mark.phase == last->phase && mark.open == last->open)
        return;
    if (mark.at_ms <= last->at_ms) {
        mark.at_ms = last->at_ms;
        *last = mark;
        return;
    }
    if (book->mark_count == BALINT_TALKBOOK_MARKS) {
        memmove(book->marks, book->marks + 1, sizeof *book->marks * (BALINT_TALKBOOK_MARKS - 1));
        book->mark_count--;
    }
    book->marks[book->mark_count++] = mark;
}

void balint_talkbook_phase(struct balint_talkbook *book, int64_t at_ms, int phase)
{
    struct balint_talk_mark last = book->marks[book->mark_count - 1];
    mark(book, (struct balint_talk_mark){at_ms, phase, last.open});
}

void balint_talkbook_open(struct balint_talkbook *book, int64_t at_ms, bool open)
{
    struct balint_talk_mark last = book->marks[book->mark_count - 1];
    mark(book, (struct balint_talk_mark){at_ms, last.phase, open});
}

/* Keeps a counted stretch; of a very long evening the oldest are given up. */
static void keep(struct balint_talkbook *book, int64_t start_ms, int64_t end_ms, int phase)
{
    if (book->count_count == BALINT_TALKBOOK_COUNTS)
        memmove(book->counts, book->counts + 1, sizeof *book->counts * (size_t)--book->count_count);
    book->counts[book->count_count++] = (struct balint_talk_count){start_ms, end_ms, phase};
}

/* Counts a stretch that lies inside one phase with the microphone open. What goes on where the last stretch
 * ended is the same speech: a later half, or the other side of a phase change. */
static void count(struct balint_talkbook *book, int phase, int64_t start_ms, int64_t end_ms)
{
    bool continues = book->count_count > 0 && book->joined_ms == start_ms;
    balint_talk_add(&book->talk, phase, (struct balint_talk_span){start_ms, end_ms}, continues);
    struct balint_talk_count *last = book->count_count > 0 ? &book->counts[book->count_count - 1] : NULL;
    if (continues && last != NULL && last->phase == phase && last->end_ms == start_ms)
        last->end_ms = end_ms;
    else
        keep(book, start_ms, end_ms, phase);
    book->joined_ms = end_ms;
}

/* Adds a stretch that lies directly before the present speech, which turns out to have begun earlier. */
static void count_before(struct balint_talkbook *book, int phase, int64_t start_ms, int64_t end_ms)
{
    struct balint_talk *talk = &book->talk;
    int64_t length = end_ms - start_ms;
    talk->total_ms[phase] += (uint32_t)length;
    struct balint_talk_span *last = talk->span_count > 0 ? &talk->spans[talk->span_count - 1] : NULL;
    if (last != NULL && last->start_ms == end_ms) {
        int64_t before = last->end_ms - last->start_ms;
        last->start_ms = start_ms;
        if (before < BALINT_TURN_MS && before + length >= BALINT_TURN_MS)
            talk->turns[phase]++;
    }
    for (int i = book->count_count - 1; i >= 0; i--) {
        if (book->counts[i].start_ms == end_ms && book->counts[i].phase == phase) {
            book->counts[i].start_ms = start_ms;
            return;
        }
    }
    keep(book, start_ms, end_ms, phase);
}

/* What of [start, end) was spoken with the microphone open, phase by phase: the newest first where it is
 * added before, the oldest first where it goes on. */
static void cut(struct balint_talkbook *book, int64_t start_ms, int64_t end_ms, bool before)
{
    for (int n = 0; n < book->mark_count; n++) {
        int i = before ? book->mark_count - 1 - n : n;
        const struct balint_talk_mark *m = &book->marks[i];
        int64_t from = start_ms > m->at_ms ? start_ms : m->at_ms, until = end_ms;
        if (i + 1 < book->mark_count && book->marks[i + 1].at_ms < until)
            until = book->marks[i + 1].at_ms;
        if (from >= until || !m->open || m->phase < 0 || m->phase >= BALINT_PHASES)
            continue;
        if (before)
            count_before(book, m->phase, from, until);
        else
            count(book, m->phase, from, until);
    }
}

/* Commits the speech [start, end). Nothing is counted twice, however often and late it is told. */
static void commit(struct balint_talkbook *book, int64_t start_ms, int64_t end_ms)
{
    if (end_ms <= start_ms || end_ms <= book->closed_ms)
        return;
    if (start_ms < book->closed_ms)
        start_ms = book->closed_ms;
    if (start_ms > book->done_ms || book->begun_ms == book->done_ms) { /* another speech */
        book->closed_ms = book->done_ms;
        book->begun_ms = book->done_ms = start_ms;
    }
    if (start_ms < book->begun_ms) {
        cut(book, start_ms, book->begun_ms, true);
        book->begun_ms = start_ms;
    }
    if (end_ms > book->done_ms) {
        cut(book, book->done_ms, end_ms, false);
        book->done_ms = end_ms;
    }
}

void balint_talkbook_speaking(struct balint_talkbook *book, int64_t start_ms, int64_t now_ms)
{
    commit(book, start_ms, now_ms - BALINT_TALK_MARGIN_MS);
}

void balint_talkbook_span(struct balint_talkbook *book, int64_t start_ms, int64_t end_ms)
{
    commit(book, start_ms, end_ms);
}

const struct balint_talk *balint_talkbook_record(struct balint_talkbook *book, int64_t now_ms, bool speaking)
{
    const struct balint_talk_mark *last = &book->marks[book->mark_count - 1];
    book->talk.clock_ms = now_ms;
    book->talk.speaking = speaking && last->open;
    return &book->talk;
}

int balint_talkbook_spans(const struct balint_talkbook *book, int64_t from_ms, int64_t to_ms,
                          struct balint_talk_span *spans, int size)
{
    int count = 0;
    for (int i = book->count_count - 1; i >= 0 && count < size; i--)
        if (book->counts[i].start_ms < to_ms && book->counts[i].end_ms > from_ms)
            spans[count++] = (struct balint_talk_span){book->counts[i].start_ms, book->counts[i].end_ms};
    return count;
}
