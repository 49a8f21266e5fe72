/* verify.h - is the certificate behind this link the one that was signalled?
 *
 * Why here: webrtcbin in Debian 12 does not compare it (FINDINGS.md, "webrtcbin" 1), so anybody who sits on
 * the path or in the server could take the call over. Until SHA-256 of the other side's certificate equals
 * the signalled fingerprint, nothing but the DTLS handshake passes either way. From the instant of a mismatch
 * nothing passes at all, not even the rest of the handshake: the far end then never finishes it, never has
 * keys, and sends no SRTP either.
 *
 * Threads: the comparison and the pad probes run in the link's streaming threads, within OpenSSL's own
 * verification, so that no packet can slip between; everything else from the thread that owns the link.
 */
#ifndef BALINT_CALL_VERIFY_H
#define BALINT_CALL_VERIFY_H

#include "protocol/limits.h"

#include <gst/gst.h>

struct balint_verify;

/* Called once, in a streaming thread, when the certificate was seen: post, do nothing else. */
typedef void (*balint_verified_fn)(void *user, gboolean matched);

/* Watches a webrtcbin that has no transports yet. `user` must outlive balint_verify_stop. */
struct balint_verify *balint_verify_new(GstElement *webrtc, balint_verified_fn verified, void *user);

/* The fingerprint from the other side's signalled fields: "AB:CD:…". Before its description is set. A
 * certificate that comes without one to compare with is a mismatch. */
void balint_verify_expect(struct balint_verify *verify, const char *fingerprint);

/* The callback is not called any more once this returned; the gates stay as they are. */
void balint_verify_stop(struct balint_verify *verify);
void balint_verify_free(struct balint_verify *verify); /* after the webrtcbin is in NULL; NULL is legal */

/* Was the certificate seen, and is it the signalled one? Any thread. */
gboolean balint_verify_matched(struct balint_verify *verify);

/* When the last packet of media arrived that was let in (monotonic microseconds), 0 = none yet. Any thread.
 */
gint64 balint_verify_media_us(struct balint_verify *verify);

#endif
