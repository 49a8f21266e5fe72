/* recollect.c - exact times in the place of what a ledger could only guess, and told to other leaders.
 *
 * A record that comes after a gap says how much was spoken and not when; the ledger then holds a loose piece
 * that may lie anywhere in the gap (times.c). When somebody tells of that time, what is new in it is taken
 * out of what was loose, and so is the time. Session-clock milliseconds. Pure; one owner.
 */
#include "session/ledger_parts.h"
#include "session/resend.h"

#include <string.h>

/* What is left of a loose piece lies before or behind the time that was told, by how much discussion is
 * there. Returns how many pieces that makes. */
static int cut(const struct balint_ledger *ledger, struct piece piece, int64_t from_ms, int64_t to_ms,
               int64_t *told_ms, struct piece parts[2])
{
    int count = 0;
    int64_t taken_ms = *told_ms < piece.ms ? *told_ms : piece.ms, rest_ms = piece.ms - taken_ms;
    int64_t until_ms = from_ms > piece.start_ms ? from_ms : piece.start_ms;
    int64_t again_ms = to_ms < piece.end_ms ? to_ms : piece.end_ms;
    int64_t before_ms = balint_ledger_in_discussion(ledger, piece.start_ms, until_ms);
    int64_t all_ms = before_ms + balint_ledger_in_discussion(ledger, again_ms, piece.end_ms);
    *told_ms -= taken_ms;
    if (all_ms == 0)
        return 0;
    int64_t first_ms = (int64_t)((double)rest_ms * (double)before_ms / (double)all_ms);
    if (first_ms > 0)
        parts[count++] = (struct piece){piece.start_ms, until_ms, first_ms};
    if (rest_ms > first_ms)
        parts[count++] = (struct piece){again_ms, piece.end_ms, rest_ms - first_ms};
    return count;
}

void balint_ledger_told(const struct balint_ledger *ledger, struct member *member, int64_t from_ms,
                        int64_t to_ms, int64_t told_ms)
{
    struct piece parts[2], kept[BALINT_LEDGER_LOOSE] = {0};
    int count = 0;
    for (int i = 0; i < member->loose_count; i++) {
        struct piece piece = member->loose[i];
        int made = 1;
        parts[0] = piece;
        if (balint_ledger_overlap(piece.start_ms, piece.end_ms, from_ms, to_ms) > 0)
            made = cut(ledger, piece, from_ms, to_ms, &told_ms, parts);
        if (made == 2 && count + member->loose_count - i >= BALINT_LEDGER_LOOSE) {
            parts[0].ms += parts[1].ms; /* no room for both: a little less exact */
            parts[0].end_ms = parts[1].end_ms;
            made = 1;
        }
        memcpy(kept + count, parts, (size_t)made * sizeof *parts);
        count += made;
    }
    memcpy(member->loose, kept, (size_t)count * sizeof *kept);
    member->loose_count = count;
}

int balint_ledger_recollect(const struct balint_ledger *ledger, struct balint_resend *question,
                            struct balint_talk_span *spans, int size)
{
    const struct member *member = balint_ledger_member(ledger, question->member);
    const struct balint_stretch *known = NULL;
    int count = 0;
    for (int i = 0; member != NULL && i < member->known_count; i++)
        if (member->known[i].start_ms < question->to_ms)
            known = &member->known[i]; /* the newest that reaches into it */
    if (known == NULL || known->end_ms <= question->from_ms)
        return -1;
    if (known->start_ms > question->from_ms)
        question->from_ms = known->start_ms;
    if (known->end_ms < question->to_ms)
        question->to_ms = known->end_ms;
    for (int i = member->spoken_count - 1; i >= 0 && count < size; i--) {
        const struct balint_stretch *spoken = &member->spoken[i];
        if (spoken->start_ms < question->to_ms && spoken->end_ms > question->from_ms)
            spans[count++] = (struct balint_talk_span){spoken->start_ms, spoken->end_ms};
    }
    return count;
}
