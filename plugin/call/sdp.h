/* sdp.h - the SDP of a link, written and read here so that no SDP text ever travels.
 *
 * A link has two m-lines for ever: audio (one Opus), then video (one VP8), bundled, sendrecv, no data
 * channel, no header extension (SRTP leaves the audio-level one readable). What differs from link to link is
 * struct balint_sdp, and that travels. Each end writes the other side's text from it (RFC 8829 §5, RFC 8839
 * for ICE, RFC 8122 for the fingerprint) and reads its own fields out of the text its own webrtcbin made.
 * Pure; any thread.
 */
#ifndef BALINT_CALL_SDP_H
#define BALINT_CALL_SDP_H

#include "protocol/messages.h"

#define BALINT_SDP_TEXT     4096 /* bytes of a description that we write, with its final NUL */
#define BALINT_OPUS_PAYLOAD 111
#define BALINT_VP8_PAYLOAD  96
/* What we ask the other side's Opus encoder for: constant size (RFC 6562), in-band FEC, frames up to 60 ms.
 */
#define BALINT_OPUS_PARAMS "maxptime=60;useinbandfec=1;cbr=1"
/* webrtcbin names the m-lines so in a fresh offer; text that we write for it names them alike. */
#define BALINT_MID_AUDIO "audio0"
#define BALINT_MID_VIDEO "video1"

enum balint_side { BALINT_OFFER, BALINT_ANSWER };

/* Are these fields a description that may be written for webrtcbin? `why` (may be NULL) names the field that
 * is not. The decoder has checked lengths; this checks meaning: characters, setup of that side, two different
 * payload types, 32 bytes of fingerprint. */
bool balint_sdp_valid(const struct balint_sdp *sdp, enum balint_side side, const char **why);

/* Writes the text of a description by its fields. False: not valid, or `size` is too small. */
bool balint_sdp_write(const struct balint_sdp *sdp, enum balint_side side, char *text, size_t size);

/* Reads webrtcbin's own description: ufrag, pwd, fingerprint, setup, payload types; sets params; leaves seat
 * and generation. False when it is not an audio and a video m-line as above. */
bool balint_sdp_read(struct balint_sdp *sdp, enum balint_side side, const char *text);

/* The 32 bytes of "AB:CD:…" (RFC 8122 §5: upper-case hex pairs). False: it is something else. */
bool balint_fingerprint_read(const char *text, uint8_t bytes[BALINT_HASH_SIZE]);

#endif
