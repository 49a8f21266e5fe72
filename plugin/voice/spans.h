/* spans.h - from one decision per frame to spans of speech: gaps joined, blips dropped.
 *
 * The rule is the interface's (DESIGN.md, "Measured from outside"): a gap under 300 ms is none, and then a
 * span under 60 ms is none. Pure; one owner.
 */
#ifndef BALINT_VOICE_SPANS_H
#define BALINT_VOICE_SPANS_H

#include <stdbool.h>
#include <stdint.h>

#define BALINT_SPANS_GAP   30 /* frames of 10 ms */
#define BALINT_SPANS_BLIP  6
#define BALINT_SPANS_READY 8

struct balint_span {
    int64_t start, end; /* frames, [start, end) */
};

struct balint_spans {
    int64_t now; /* frames decided so far */
    struct balint_span open;
    bool is_open;
    int ready_count;
    struct balint_span ready[BALINT_SPANS_READY];
};

/* The first frame to come has the number `now`. */
void balint_spans_init(struct balint_spans *spans, int64_t now);

/* The next frame is decided: speech or not. */
void balint_spans_frame(struct balint_spans *spans, bool speech);

/* What comes does not belong to what was: finishes the span in the making. */
void balint_spans_end(struct balint_spans *spans);

/* Takes the oldest finished span. False: there is none. At most BALINT_SPANS_READY are kept. */
bool balint_spans_take(struct balint_spans *spans, struct balint_span *span);

#endif
