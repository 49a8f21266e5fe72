/* truth.h - who really spoke when: measured from the clean sound that only the demo has.
 *
 * The rule is the one the meter is held to (10 ms levels, gaps under 300 ms joined, spans under 60 ms
 * dropped), but it hears the source itself: before any echo canceller, meter, encoder or network. Pure.
 */
#ifndef BALINT_DEMO_TRUTH_H
#define BALINT_DEMO_TRUTH_H

#include <stddef.h>
#include <stdint.h>

#define DEMO_RATE 48000

struct demo_span {
    int64_t start_ms, end_ms;
};
/* The spans of speech in mono PCM of DEMO_RATE, in milliseconds from its first sample. Returns how many of
 * them were written, at most `most`. */
int demo_truth_spans(const int16_t *samples, size_t count, struct demo_span *spans, int most);
/* How much of the spans, moved by `shift_ms`, lies in [from, until). */
int64_t demo_truth_within(const struct demo_span *spans, int count, int64_t shift_ms, int64_t from_ms,
                          int64_t until_ms);

#endif
