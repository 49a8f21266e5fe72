/* talk.c - one client's own count of its speech, and the 188 bytes that carry it to a leader.
 *
 * The totals are cumulative, so that a lost report costs nothing once the next one arrives; the last spans
 * travel beside them, so that a leader can say how long ago and how much lately. Everything is in
 * session-clock milliseconds; numbers are big-endian. Layout (bytes): version 1 · flags 1 · spans 1 · zero 1
 * · clock 8 · totals 16 × 4 · turns 16 × 2 · spans 10 × (start, counted back from the clock, 4; length 4).
 * What is unused is zero and is checked, so that there is one encoding of a record. Pure; any thread.
 */
#include "session/bytes.h"
#include "session/ledger.h"

#include <string.h>

enum {
    VERSION = 1,
    FLAG_SHARED = 1,
    FLAG_SPEAKING = 2,
    AT_CLOCK = 4,
    AT_TOTALS = 12,
    AT_TURNS = AT_TOTALS + 4 * BALINT_PHASES,
    AT_SPANS = AT_TURNS + 2 * BALINT_PHASES,
    AT_END = AT_SPANS + 8 * BALINT_TALK_SPANS,
};
_Static_assert(AT_END <= BALINT_TALK_SIZE, "a talk record fits its envelope");

/* Beyond this a clock is nonsense, and sums of such times could overflow. */
#define CLOCK_MAX (INT64_C(1) << 52)

void balint_talk_init(struct balint_talk *talk)
{
    memset(talk, 0, sizeof *talk);
}

/* Appends a span to the last ones, or makes the last one longer where this one goes on without a gap.
 * Returns how long the stretch of speech was before. */
static int64_t note_span(struct balint_talk *talk, struct balint_talk_span span, bool continues)
{
    struct balint_talk_span *last = talk->span_count > 0 ? &talk->spans[talk->span_count - 1] : NULL;

    if (continues && last != NULL && last->end_ms == span.start_ms) {
        int64_t before = last->end_ms - last->start_ms;
        last->end_ms = span.end_ms;
        return before;
    }
    if (talk->span_count == BALINT_TALK_SPANS) {
        memmove(talk->spans, talk->spans + 1, (BALINT_TALK_SPANS - 1) * sizeof *talk->spans);
        talk->span_count--;
    }
    talk->spans[talk->span_count++] = span;
    /* The later half of something that is no longer listed: its turn was counted, or was too short. */
    return continues ? BALINT_TURN_MS : 0;
}

void balint_talk_add(struct balint_talk *talk, int phase, struct balint_talk_span span, bool continues)
{
    if (phase < 0 || phase >= BALINT_PHASES || span.end_ms <= span.start_ms)
        return;

    int64_t length = span.end_ms - span.start_ms;
    int64_t before = note_span(talk, span, continues);
    uint32_t *total = &talk->total_ms[phase];
    *total = length > (int64_t)(UINT32_MAX - *total) ? UINT32_MAX : *total + (uint32_t)length;
    /* A stretch becomes a turn once, in the phase in which it has lasted long enough. */
    if (before < BALINT_TURN_MS && before + length >= BALINT_TURN_MS && talk->turns[phase] < UINT16_MAX)
        talk->turns[phase]++;
    if (talk->clock_ms < span.end_ms)
        talk->clock_ms = span.end_ms;
}

void balint_talk_write(const struct balint_talk *talk, uint8_t bytes[BALINT_TALK_SIZE])
{
    int written = 0;

    memset(bytes, 0, BALINT_TALK_SIZE);
    bytes[0] = VERSION;
    bytes[1] = (uint8_t)((talk->shared ? FLAG_SHARED : 0) | (talk->speaking ? FLAG_SPEAKING : 0));
    balint_put(bytes + AT_CLOCK, (uint64_t)talk->clock_ms, 8);
    for (int i = 0; i < BALINT_PHASES; i++) {
        balint_put(bytes + AT_TOTALS + 4 * i, talk->total_ms[i], 4);
        balint_put(bytes + AT_TURNS + 2 * i, talk->turns[i], 2);
    }
    for (int i = 0; i < talk->span_count; i++) {
        struct balint_talk_span span = talk->spans[i];
        if (span.start_ms < 0)
            span.start_ms = 0;
        if (span.end_ms > talk->clock_ms)
            span.end_ms = talk->clock_ms;
        /* The totals hold what cannot be said as a span: empty, or longer ago than 49 days. */
        if (span.end_ms <= span.start_ms || talk->clock_ms - span.start_ms > UINT32_MAX)
            continue;
        balint_put(bytes + AT_SPANS + 8 * written, (uint64_t)(talk->clock_ms - span.start_ms), 4);
        balint_put(bytes + AT_SPANS + 8 * written + 4, (uint64_t)(span.end_ms - span.start_ms), 4);
        written++;
    }
    bytes[2] = (uint8_t)written;
}

static bool read_spans(struct balint_talk *talk, const uint8_t *bytes)
{
    int64_t previous_end = 0;

    for (int i = 0; i < BALINT_TALK_SPANS; i++) {
        int64_t back = (int64_t)balint_get(bytes + AT_SPANS + 8 * i, 4);
        int64_t length = (int64_t)balint_get(bytes + AT_SPANS + 8 * i + 4, 4);
        if (i >= talk->span_count) {
            if (back != 0 || length != 0)
                return false;
            continue;
        }
        struct balint_talk_span span = {talk->clock_ms - back, talk->clock_ms - back + length};
        if (length == 0 || length > back || span.start_ms < previous_end)
            return false;
        previous_end = span.end_ms;
        talk->spans[i] = span;
    }
    return true;
}

bool balint_talk_read(struct balint_talk *talk, const uint8_t *bytes, size_t length)
{
    struct balint_talk read;

    if (length != BALINT_TALK_SIZE || bytes[0] != VERSION || bytes[3] != 0 || bytes[2] > BALINT_TALK_SPANS ||
        (bytes[1] & ~(FLAG_SHARED | FLAG_SPEAKING)) != 0)
        return false;
    for (int i = AT_END; i < BALINT_TALK_SIZE; i++)
        if (bytes[i] != 0)
            return false;

    balint_talk_init(&read);
    uint64_t clock_ms = balint_get(bytes + AT_CLOCK, 8);
    if (clock_ms > CLOCK_MAX)
        return false;
    read.clock_ms = (int64_t)clock_ms;
    read.shared = bytes[1] & FLAG_SHARED;
    read.speaking = bytes[1] & FLAG_SPEAKING;
    read.span_count = bytes[2];
    for (int i = 0; i < BALINT_PHASES; i++) {
        read.total_ms[i] = (uint32_t)balint_get(bytes + AT_TOTALS + 4 * i, 4);
        read.turns[i] = (uint16_t)balint_get(bytes + AT_TURNS + 2 * i, 2);
    }
    if (!read_spans(&read, bytes))
        return false;
    *talk = read;
    return true;
}
