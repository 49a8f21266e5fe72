/* judge.h - the demo's measurements beside its truth, as numbers. Pure: reports and spans in, rows out.
 *
 * Times are milliseconds of the session clock. Each person's file is laid on that clock by the client's own
 * word of when its first sample was sent; the phases are the leader's.
 */
#ifndef BALINT_DEMO_JUDGE_H
#define BALINT_DEMO_JUDGE_H

#include <jansson.h>
#include <stdbool.h>

#include "demo/conversation.h"
#include "demo/truth.h"

#define DEMO_SHARE_OFF 0.02 /* a share may be off by two percentage points */

struct demo_witness {
    const char *name;
    const json_t *report;
    const struct demo_span *spans; /* ms from the file's first sample */
    int span_count;
};

struct demo_row {
    bool leader, presenter;
    int64_t true_ms, measured_ms; /* in the discussion */
    double true_share, measured_share;
    bool measured;                            /* the leader's balance has a row of this person */
    int64_t all_ms;                           /* truth, all phases in which this person was heard */
    int64_t let_through_ms;                   /* of the stepped-back presenter's sound, by this client */
    int heard[DEMO_PEOPLE];                   /* of each other, ms; -1: no such remote */
    int seen[DEMO_PEOPLE];                    /* frames */
    int64_t first_sound_ms, first_picture_ms; /* of the last of the others; -1 never */
};
struct demo_result {
    int count;
    struct demo_row rows[DEMO_PEOPLE];
    int64_t discussion_start_ms, discussion_end_ms;
    int fault_count;
    char faults[64][160]; /* what is wrong, one sentence each */
};

/* People in the order leader, presenter, members. `seconds` of the session. */
void demo_judge(const struct demo_witness people[], int count, double seconds, struct demo_result *result);

#endif
