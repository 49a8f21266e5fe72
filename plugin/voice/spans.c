/* spans.c - see spans.h. */
#include "voice/spans.h"

#include <string.h>

void balint_spans_init(struct balint_spans *spans, int64_t now)
{
    memset(spans, 0, sizeof *spans);
    spans->now = now;
}

void balint_spans_end(struct balint_spans *spans)
{
    if (spans->is_open && spans->open.end - spans->open.start >= BALINT_SPANS_BLIP) {
        if (spans->ready_count == BALINT_SPANS_READY) {
            memmove(spans->ready, spans->ready + 1, (BALINT_SPANS_READY - 1) * sizeof *spans->ready);
            spans->ready_count--;
        }
        spans->ready[spans->ready_count++] = spans->open;
    }
    spans->is_open = false;
}

void balint_spans_frame(struct balint_spans *spans, bool speech)
{
    int64_t frame = spans->now++;

    if (speech) {
        if (!spans->is_open)
            spans->open.start = frame;
        spans->is_open = true;
        spans->open.end = frame + 1;
    } else if (spans->is_open && spans->now - spans->open.end >= BALINT_SPANS_GAP) {
        balint_spans_end(spans);
    }
}

bool balint_spans_take(struct balint_spans *spans, struct balint_span *span)
{
    if (spans->ready_count == 0)
        return false;
    *span = spans->ready[0];
    spans->ready_count--;
    memmove(spans->ready, spans->ready + 1, (size_t)spans->ready_count * sizeof *spans->ready);
    return true;
}
