/* sources.h - microphone and camera, loudspeaker and window: which GStreamer elements stand for them, and
 * whether they are there.
 *
 * Devices are GStreamer's own choice unless the person names a fragment. They are tried before the group is
 * joined, so that a missing one is said at once; the call lets nobody but an observer into the lobby without
 * a microphone. Main thread.
 */
#ifndef BALINT_CLIENT_SOURCES_H
#define BALINT_CLIENT_SOURCES_H

#include <gst/gst.h>

#include "client/wavfile.h"

/* Tries what the options ask for, and notes in them a microphone and a camera that are missing: silence and a
 * still picture stand in for them, so that who has no camera is heard, and who only listens can listen. False
 * with one sentence in `why`: which other device is missing, and what to do. */
bool balint_devices_try(struct balint_options *options, char why[BALINT_OPTION_WHY]);

/* A source of mono 48 kHz sound. `file`, when there is one, is the microphone. NULL with `why`. */
GstElement *balint_sound_source(const struct balint_options *options, struct balint_wavfile *file,
                                char why[BALINT_OPTION_WHY]);
/* A source of I420 pictures of the size and rate of the options. */
GstElement *balint_picture_source(const struct balint_options *options, char why[BALINT_OPTION_WHY]);
/* Gives a test picture its person's colour; other sources take no notice. `seat` 0..15. */
void balint_picture_colour(GstElement *source, int seat);
/* What stands before the loudspeaker: tells the echo canceller what is played, and lets no error of it back;
 * where there is none, what is played is lost. */
GstElement *balint_sound_probe(char why[BALINT_OPTION_WHY]);
/* Where sound goes: takes S16 48 kHz mono. NULL with `why`. */
GstElement *balint_sound_sink(const struct balint_options *options, char why[BALINT_OPTION_WHY]);
/* Does the system find a loudspeaker of its own choice? */
bool balint_loudspeaker_found(void);
/* Where pictures go: takes I420. NULL without `why` when there is no window. */
GstElement *balint_window_sink(const struct balint_options *options, char why[BALINT_OPTION_WHY]);

#endif
