/* resend.c - questions for spans, and answers, as 216 bytes; and how an answer is made.
 *
 * Layout (bytes): version 1 · what 1 (0 a question, 1 an answer) · spans 1 · zero 1 · epoch 4 · from 8 · to 8
 * · member 32, padded with zeros · spans 20 × (start, counted back from `to`, 4; length 4). Numbers are
 * big-endian. What is unused is zero and is checked. Pure; any thread.
 */
#include "session/resend.h"

#include "session/bytes.h"

#include <string.h>

enum {
    VERSION = 1,
    AT_EPOCH = 4,
    AT_FROM = 8,
    AT_TO = 16,
    AT_MEMBER = 24,
    AT_SPANS = AT_MEMBER + 32,
    AT_END = AT_SPANS + 8 * BALINT_RESEND_SPANS,
};
_Static_assert(AT_END == BALINT_RESEND_SIZE, "an answer fills its envelope");
_Static_assert(BALINT_ID_SIZE == 33, "a member's id fits its field");

/* The longest time of one question, and so of a span counted back: 4 bytes of milliseconds, 49 days. */
#define RANGE_MAX ((int64_t)UINT32_MAX)
#define CLOCK_MAX (INT64_C(1) << 52)

void balint_resend_write(const struct balint_resend *resend, uint8_t bytes[BALINT_RESEND_SIZE])
{
    memset(bytes, 0, BALINT_RESEND_SIZE);
    bytes[0] = VERSION;
    bytes[1] = resend->answer;
    bytes[2] = (uint8_t)resend->span_count;
    balint_put(bytes + AT_EPOCH, resend->epoch, 4);
    balint_put(bytes + AT_FROM, (uint64_t)resend->from_ms, 8);
    balint_put(bytes + AT_TO, (uint64_t)resend->to_ms, 8);
    memcpy(bytes + AT_MEMBER, resend->member, strnlen(resend->member, BALINT_ID_SIZE - 1));
    for (int i = 0; i < resend->span_count && i < BALINT_RESEND_SPANS; i++) {
        const struct balint_talk_span *span = &resend->spans[i];
        balint_put(bytes + AT_SPANS + 8 * i, (uint64_t)(resend->to_ms - span->start_ms), 4);
        balint_put(bytes + AT_SPANS + 8 * i + 4, (uint64_t)(span->end_ms - span->start_ms), 4);
    }
}

static bool read_spans(struct balint_resend *resend, const uint8_t *bytes)
{
    int64_t previous_end = resend->from_ms;
    for (int i = 0; i < resend->span_count; i++) {
        int64_t back = (int64_t)balint_get(bytes + AT_SPANS + 8 * i, 4);
        int64_t length = (int64_t)balint_get(bytes + AT_SPANS + 8 * i + 4, 4);
        struct balint_talk_span span = {resend->to_ms - back, resend->to_ms - back + length};
        if (length == 0 || length > back || span.start_ms < previous_end)
            return false;
        previous_end = span.end_ms;
        resend->spans[i] = span;
    }
    return true;
}

bool balint_resend_read(struct balint_resend *resend, const uint8_t *bytes, size_t length)
{
    struct balint_resend read = {0};
    if (length != BALINT_RESEND_SIZE || bytes[0] != VERSION || bytes[1] > 1 || bytes[3] != 0 ||
        bytes[2] > (bytes[1] ? BALINT_RESEND_SPANS : 0))
        return false;
    uint64_t from_ms = balint_get(bytes + AT_FROM, 8), to_ms = balint_get(bytes + AT_TO, 8);
    memcpy(read.member, bytes + AT_MEMBER, BALINT_ID_SIZE - 1);
    size_t name = strlen(read.member), used = (size_t)AT_SPANS + 8u * bytes[2];
    if (to_ms > CLOCK_MAX || from_ms >= to_ms || to_ms - from_ms > (uint64_t)RANGE_MAX || name == 0 ||
        !balint_is_zero(bytes + AT_MEMBER + name, BALINT_ID_SIZE - 1 - name) ||
        !balint_is_zero(bytes + used, BALINT_RESEND_SIZE - used))
        return false;
    read.answer = bytes[1] != 0;
    read.epoch = (uint32_t)balint_get(bytes + AT_EPOCH, 4);
    read.from_ms = (int64_t)from_ms;
    read.to_ms = (int64_t)to_ms;
    read.span_count = bytes[2];
    if (!read_spans(&read, bytes))
        return false;
    *resend = read;
    return true;
}

/* ---- an answer */

/* Keeps the newest of all spans that were offered, oldest first, one more than an answer holds. */
struct newest {
    int count;
    struct balint_talk_span spans[BALINT_RESEND_SPANS + 1];
};

static void offer(struct newest *newest, struct balint_talk_span span)
{
    int at = newest->count;
    while (at > 0 && newest->spans[at - 1].start_ms > span.start_ms)
        at--;
    if (newest->count == BALINT_RESEND_SPANS + 1) {
        if (at == 0)
            return; /* older than all of them */
        memmove(newest->spans, newest->spans + 1, (size_t)(at - 1) * sizeof span);
        newest->spans[at - 1] = span;
        return;
    }
    memmove(newest->spans + at + 1, newest->spans + at, (size_t)(newest->count - at) * sizeof span);
    newest->spans[at] = span;
    newest->count++;
}

/* Two that lie over each other, as a beginning that was dated back may, are told as they follow. */
static void add_span(struct balint_resend *answer, struct balint_talk_span span)
{
    int64_t last = answer->span_count > 0 ? answer->spans[answer->span_count - 1].end_ms : answer->from_ms;
    if (span.start_ms < last)
        span.start_ms = last;
    if (span.end_ms > span.start_ms)
        answer->spans[answer->span_count++] = span;
}

bool balint_resend_next(struct balint_resend *question, const struct balint_talk_span *spans, int count,
                        struct balint_resend *answer)
{
    struct newest newest = {0};
    if (question->to_ms - question->from_ms > RANGE_MAX)
        question->from_ms = question->to_ms - RANGE_MAX;
    if (question->from_ms >= question->to_ms)
        return false;
    *answer = *question;
    answer->answer = true;
    answer->span_count = 0;
    for (int i = 0; i < count; i++) {
        struct balint_talk_span span = spans[i];
        if (span.start_ms < question->from_ms)
            span.start_ms = question->from_ms;
        if (span.end_ms > question->to_ms)
            span.end_ms = question->to_ms;
        if (span.end_ms > span.start_ms)
            offer(&newest, span);
    }
    int first = newest.count > BALINT_RESEND_SPANS;
    /* What is older than what fits is the next answer's, up to the end of the first that is left over. */
    if (first)
        answer->from_ms = newest.spans[0].end_ms < newest.spans[1].start_ms ? newest.spans[0].end_ms
                                                                            : newest.spans[1].start_ms;
    for (int i = first; i < newest.count; i++)
        add_span(answer, newest.spans[i]);
    question->to_ms = answer->from_ms;
    return true;
}
