/* session_expected.h - what must come of a request of the person at seat ME: BALINT.md written down a second
 * time.
 */
#ifndef BALINT_TEST_SESSION_EXPECTED_H
#define BALINT_TEST_SESSION_EXPECTED_H

#include "session/session.h"

/* The people around the one who asks (seat 0). */
enum { ME, OTHER_LEADER, MEMBER, OBSERVER_SEAT, AT_DOOR, FREE_SEAT, SITTER, SEATS_USED };

/* The answer; and makes of the session what it is after that, but for the round's row. When the answer is not
 * BALINT_OK, nothing that was done to the session counts. It is asked at 100 seconds. */
enum balint_result expected(struct balint_session *s, const struct balint_request *r);
/* Who is still to begin in the round, by where everybody is now. */
void expected_row(struct balint_session *s);

#endif
