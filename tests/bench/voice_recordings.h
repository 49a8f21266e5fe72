/* voice_recordings.h - recorded speech and music as Debian packages them.
 *
 * Prompts of a telephone exchange (asterisk-core-sounds-LANGUAGE-g722) read by professional speakers, and its
 * music on hold (asterisk-moh-opsound-g722); or any file that GStreamer reads. What the meter was tuned on
 * and what it is reported on are other speakers, languages and musicians. gst_init before.
 */
#ifndef BALINT_BENCH_VOICE_RECORDINGS_H
#define BALINT_BENCH_VOICE_RECORDINGS_H

#include "bench/voice_circle.h"

/* Each speaker as recorded, and played slower, as somebody taller. Returns how many; 0: not installed. */
int voices_recorded(struct voice *voices, int max, bool tuning);

/* Music on hold. Returns how many pieces. */
int music_recorded(struct clip *clips, int max, bool tuning);

/* Anything that GStreamer decodes. False: it does not. */
bool clip_of_file(struct clip *clip, const char *path);

/* `in` played `speed` times as fast. */
void clip_at_speed(struct clip *out, const struct clip *in, double speed);

#endif
