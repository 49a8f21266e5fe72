/* voice_detectors.h - what the bench compares: our meter, GStreamer's webrtcdsp, a plain level threshold.
 *
 * Each takes a microphone (16 bits, 16 kHz, mono) and answers per frame of 10 ms. The three are tidied by the
 * same rule: gaps under 300 ms joined, spans under 60 ms dropped.
 */
#ifndef BALINT_BENCH_VOICE_DETECTORS_H
#define BALINT_BENCH_VOICE_DETECTORS_H

#include <stdbool.h>
#include <stdint.h>

enum detector { DETECT_METER, DETECT_WEBRTCDSP, DETECT_LEVEL, DETECTORS };
const char *detector_name(enum detector detector);

/* `far` as the microphone, or NULL; only our meter takes it. */
void detect(enum detector detector, const int16_t *mic, const int16_t *far, int frames, bool *speech);

#endif
