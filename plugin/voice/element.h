/* element.h - the inside of balintvoice. Its threads: the microphone's streaming thread owns `meter` and
 * `resample`; the far pad's thread fills `far`. `lock` guards everything below it in the struct; it is never
 * held while a buffer, message or event leaves the element.
 */
#ifndef BALINT_VOICE_ELEMENT_H
#define BALINT_VOICE_ELEMENT_H

#include "voice/balintvoice.h"
#include "voice/far.h"
#include "voice/meter.h"
#include "voice/resample.h"

struct _BalintVoice {
    GstElement parent;
    GstPad *sink, *src;

    /* The microphone's thread. */
    GstSegment segment;
    gboolean known, floating;         /* a format was agreed */
    int frame_size;                   /* bytes of one sample of all channels */
    struct balint_resample *resample; /* too large for an instance, which GObject limits to 64 kB */
    struct balint_meter *meter;
    gboolean started; /* base_ns stands */
    gint64 base_ns;   /* running time of the meter's frame base_frame */
    gint64 base_frame;
    gboolean was_muted, live_known;
    gint64 told_since;   /* what the last balint-voice-state said, as a frame; -1: quiet */
    guint64 last_end_ns; /* of the last span */

    GMutex lock;
    GCond moved; /* far got, gave or stopped */
    GstPad *far_pad;
    GstSegment far_segment;
    struct balint_far *far;
    gboolean far_eos, far_flushing, far_stalled, near_over, stopping;
    gboolean live, muted, speaking;
    guint64 speech_ns;
};

/* far_pad.c: the request pad. */
extern GstStaticPadTemplate balint_voice_far_template;
GstPad *balint_voice_request_far(GstElement *element, GstPadTemplate *template, const gchar *name,
                                 const GstCaps *caps);
void balint_voice_release_far(GstElement *element, GstPad *pad);
/* What the loudspeaker plays at a running time, into `frame`. Returns NULL when no far end is linked, else
 * `frame`, zeros where nothing is known. When not live, waits for the far end; once it has not moved for
 * 5 s, no longer. Microphone's thread. */
const float *balint_voice_far_at(BalintVoice *voice, gint64 at_ns, float *frame);

#endif
