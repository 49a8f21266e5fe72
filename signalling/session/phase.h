/* phase.h - inside session/: the moves of a case. Everybody else asks through balint_session_request().
 *
 * Callers have checked who asks; these check whether the move exists. Pure; the session's one owner.
 */
#ifndef BALINT_PHASE_H
#define BALINT_PHASE_H

#include "session/session.h"

/* Enters a phase: the only place where session->phase changes. Staying where one is changes nothing. */
enum balint_result balint_phase_enter(struct balint_session *session, int to, int64_t now_us);

/* Names the presenter, or BALINT_NOBODY. `seat` is NOBODY or a person who may present. A case that was open
 * ends: the old presenter's step-back becomes an own mute, sitting out becomes an own mute. */
void balint_case_present(struct balint_session *session, int seat);
/* The sitting out of one person ends, as an own mute. */
void balint_case_sit_in(struct balint_seat *person);

enum balint_result balint_step_back(struct balint_session *session, enum balint_place place);
enum balint_result balint_invite_back(struct balint_session *session);
enum balint_result balint_return(struct balint_session *session, int by, bool held);
enum balint_result balint_ask_return(struct balint_session *session, int by, bool asks);

#endif
