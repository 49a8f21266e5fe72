/* candidate.h - one ICE candidate: its line (RFC 8839 §5.1) and the wire's fields, either way.
 *
 * Why fields travel and no text: what a stranger wrote never reaches webrtcbin's parser. A line is read from
 * our own webrtcbin, and written for it from fields that were checked. Pure; any thread.
 */
#ifndef BALINT_CALL_CANDIDATE_H
#define BALINT_CALL_CANDIDATE_H

#include "protocol/messages.h"

#define BALINT_CANDIDATE_LINE 320 /* bytes of a line with its final NUL; always suffices */

/* Reads "candidate:…" or "a=candidate:…" into everything but `seat` and `generation`. `mline` 0 or 1.
 * Extensions after the related address are skipped. False: no such line, or a field outside the wire's
 * limits; `candidate` is then undefined. */
bool balint_candidate_read(struct balint_candidate *candidate, const char *line, int mline);

/* Is this one to be given to the ICE agent? UDP, component 1 (RTCP is muxed), a numeric address that can be
 * reached from outside this process, a port and a priority. TCP, .local names and the rest are ignored. */
bool balint_candidate_usable(const struct balint_candidate *candidate);

/* Writes the line. False when it does not fit, or the candidate is not usable. */
bool balint_candidate_write(const struct balint_candidate *candidate, char *line, size_t size);

#endif
