/* phase.h - inside session/: the moves of a case. Everybody else asks through balint_session_request().
 *
 * Callers have checked who asks; these check whether the move exists. Pure; the session's one owner.
 */
#ifndef BALINT_PHASE_H
#define BALINT_PHASE_H

#include "session/session.h"

/* Enters a phase: the only place where session->phase changes. Staying where one is changes nothing. */
enum balint_result balint_phase_enter(struct balint_session *session, int to, int64_t now_us);

/* case.c. Presenting is a person's own decision: whoever presents has volunteered, has agreed when asked, or
 * is the leader who said so. */
/* A leader's word: `seat` (NOBODY, or who may present) presents if that person has volunteered or is `by`,
 * else is asked; one person at a time, the newest counts. NOBODY takes the question back, or else ends the
 * case. */
void balint_case_name(struct balint_session *session, int by, int seat);
/* A person has a case, or takes that back. Who is asked already agrees by it. */
enum balint_result balint_case_volunteer(struct balint_session *session, int by, bool on);
/* The answer of who is asked. */
enum balint_result balint_case_agree(struct balint_session *session, int by, bool on);
/* Nothing more is asked or offered of this person. */
void balint_case_forget(struct balint_session *session, int seat);
/* Makes a person the presenter, or BALINT_NOBODY. A case that was open ends: the old presenter's step-back
 * becomes an own mute, who sat out is away. Whoever else volunteered or was asked is so no more. */
void balint_case_present(struct balint_session *session, int seat);
/* The case is over, and the next may begin: nobody presents or sits out. Offers stay: they are for the next.
 */
void balint_case_end(struct balint_session *session);
/* The evening's work is over: nobody volunteers or is asked any more. Whose case it was, and who sits it out,
 * stays: people may yet talk of it, or go back. */
void balint_case_close(struct balint_session *session);
/* The presenter sits in the circle again, or there is none any more (phase.c). */
void balint_step_back_clear(struct balint_session *session);

/* Is this the last phase, where leaders and observers may go on alone? */
bool balint_after_room_open(const struct balint_session *session);
/* One person's after-room ends without the own key: what was said there must not go on in the circle, so that
 * an own mute stays. */
void balint_after_room_end(struct balint_seat *person);
/* The stays of before were in phases of another format. */
void balint_stays_forget(struct balint_session *session);
/* round.c */
/* Who takes part now: who can no more is skipped, who can again comes last. True when the row changed. */
bool balint_round_update(struct balint_session *session, int64_t now_us);
void balint_round_begin(struct balint_session *session, int64_t now_us);
void balint_round_end(struct balint_session *session);
enum balint_result balint_round_next(struct balint_session *session);
enum balint_result balint_round_over(struct balint_session *session, int seat); /* that person's turn */
void balint_round_leave(struct balint_session *session, int seat);  /* who comes back yet comes last */
void balint_round_forget(struct balint_session *session, int seat); /* a seat that is freed */

enum balint_result balint_step_back(struct balint_session *session, enum balint_place place);
enum balint_result balint_invite_back(struct balint_session *session);
enum balint_result balint_return(struct balint_session *session, int by, bool held);
enum balint_result balint_ask_return(struct balint_session *session, int by, bool asks);

#endif
