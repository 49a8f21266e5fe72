/* send.h - this person's sound and pictures, encoded once each for all links.
 *
 *   audio: gate (zeros unless the microphone is open) ! opusenc ! tee
 *   video: queue (leaky) ! vp8enc ! tee
 *
 * Sound is gated before its one encoder and by zeros, so that packets are the same in number and size whether
 * somebody may be heard or not (RFC 6562: Opus at a constant rate, no DTX). Pictures are gated per link
 * (link.c). A second, small encoding would be a second branch here; rate control has the encoders here.
 *
 * Thread: made and destroyed with the element; the setters from any thread.
 */
#ifndef BALINT_CALL_SEND_H
#define BALINT_CALL_SEND_H

#include <gst/gst.h>

struct balint_send {
    GstElement *opus, *vp8;
    GstElement *audio_tee, *video_tee;
    gint open;     /* atomic: the microphone's sound is sent */
    gint ended[2]; /* atomic: EOS came in on audio, video */
};

/* Builds both branches in `bin` and adds its pads `audio` and `video`. FALSE: an element is missing; `why`
 * names the package. */
gboolean balint_send_init(struct balint_send *send, GstBin *bin, const char **why);

void balint_send_open(struct balint_send *send, gboolean open);
/* The next picture is a key frame. */
void balint_send_key_frame(struct balint_send *send);
void balint_send_bitrates(struct balint_send *send, guint audio, guint video); /* bit/s */

#endif
