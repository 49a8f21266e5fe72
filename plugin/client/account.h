/* account.h - report.json: what this program sent, let through and showed, for who measures it from outside.
 *
 * DESIGN.md ("Measured from outside") is its contract. Built in testing builds alone. Times are milliseconds
 * of the session's clock, unless the name says since when. Fields:
 *
 *   schema       1
 *   self         name, seat, member, role, admitted_ms, playing_ms, source_start_ms (when the first sample of
 *                --audio-file was sent, -1 without), left_ms, ended (why it left)
 *   phases[]     id, start_ms, end_ms: each stay in a phase since the own admission
 *   remotes[]    name, seat, member, state (of the link), generation, first_sound_ms, first_picture_ms (since
 * the own admission with the pipeline playing, -1 never), by_phase: id → sound_ms (over -60 dBFS, behind the
 * gate), frames, dropped_ms (arrived and kept from the person) events[]     at_ms, what, seat (absent when
 * nobody's): lost, back, away, sits-out, stepped-back, invited-back, returned, presenter, leads, displaced,
 * and what the call says of links (remade, failed …) voice[]      start_ms, end_ms, phase: own speech that
 * counted balance      of leaders: struct balint_balance (overlay/input.h has its fields)
 */
#ifndef BALINT_CLIENT_ACCOUNT_H
#define BALINT_CLIENT_ACCOUNT_H

#include "client/links.h"
#include "client/remotes.h"
#include "client/talkbook.h"
#include "session/state.h"

struct balint_account; /* opaque: the record being kept */

struct balint_account *balint_account_new(void);
void balint_account_free(struct balint_account *account); /* NULL is legal */

/* The newest state at `now_ms`: notes phases, people, and what changed. */
void balint_account_state(struct balint_account *account, const struct balint_state *state, int64_t now_ms);
/* Something happened; `seat` BALINT_NOBODY: nobody's. `what` a word. */
void balint_account_event(struct balint_account *account, int64_t now_ms, const char *what, int seat);

/* What is known only at the end. Times of the session clock, -1 unknown. */
struct balint_account_end {
    int64_t admitted_ms, playing_ms, source_start_ms, left_ms;
    const char *ended;
    const struct balint_heard *heard;     /* BALINT_SEATS of them */
    const struct balint_link_view *links; /* BALINT_SEATS of them */
    const struct balint_talkbook *talkbook;
    const struct balint_balance *balance; /* NULL for who is no leader */
};
/* Writes the file, whole or not at all. False when it cannot be written. */
bool balint_account_write(struct balint_account *account, const char *path,
                          const struct balint_account_end *end);

#endif
