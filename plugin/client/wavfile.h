/* wavfile.h - a sound file as a microphone: silence until it is started, then the file, then silence again.
 *
 * Why not filesrc in the call's pipeline: a file is not live and ends; a microphone is and does not. A live
 * source of silence gives the pace, and its buffers are filled from the decoded file, so that the sound never
 * waits for anything and the sample clock is the pipeline's. It starts at admission, so that nothing of it is
 * spoken to the lobby, and says at which running time its first sample was sent.
 *
 * 48 kHz mono, signed 16 bit. Make, start and free from the main thread; the filling happens on the source's.
 */
#ifndef BALINT_CLIENT_WAVFILE_H
#define BALINT_CLIENT_WAVFILE_H

#include <gst/gst.h>
#include <stdbool.h>

#include "client/options.h"

struct balint_wavfile; /* opaque */

/* Opens a file of any format that GStreamer decodes. NULL with one sentence in `why` when it cannot be read.
 */
struct balint_wavfile *balint_wavfile_new(const char *path, char why[BALINT_OPTION_WHY]);
void balint_wavfile_free(
    struct balint_wavfile *file); /* NULL is legal; after its element left the pipeline */
/* The live source, for the pipeline to own. Once. */
GstElement *balint_wavfile_element(struct balint_wavfile *file);
/* From the next buffer on the file is heard. */
void balint_wavfile_start(struct balint_wavfile *file);
/* Running time of its first sample in ns, or GST_CLOCK_TIME_NONE before. */
GstClockTime balint_wavfile_started(struct balint_wavfile *file);

#endif
