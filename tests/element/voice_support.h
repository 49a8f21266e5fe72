/* voice_support.h - what the tests of balintvoice share: a circle, its first person's speech, a harness with
 * a bus.
 */
#ifndef BALINT_ELEMENT_VOICE_SUPPORT_H
#define BALINT_ELEMENT_VOICE_SUPPORT_H

#include <gst/check/gstharness.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/voice_circle.h"

#define SECONDS 12
#define LENGTH  ((size_t)SECONDS * CIRCLE_RATE)
#define S16     "audio/x-raw,format=S16LE,layout=interleaved,channels=1,rate=16000"

/* What the bus said. */
struct told {
    int spans, states;
    guint64 start[32], end[32];
    gboolean speaking; /* the last state */
    guint64 since;
    gboolean last_is_state;
};

extern struct circle circle;
extern int16_t speech[LENGTH];

/* For cmocka_run_group_tests. */
int voice_setup(void **unused);
int voice_teardown(void **unused);

GstHarness *harness(const char *caps);
void read_bus(GstElement *element, struct told *told);

/* Pushes samples of any format in pieces, times counted from `at`; returns the time after them. */
GstClockTime push(GstHarness *h, const void *samples, size_t count, size_t size, int rate, size_t chunk,
                  GstClockTime at);

/* All of that with a new element, to the end. */
struct told told_of(const char *caps, const void *samples, size_t count, size_t size, int rate, size_t chunk,
                    GstClockTime at);

void assert_same_spans(const struct told *a, const struct told *b, GstClockTime later, guint64 within);

/* LENGTH samples, 16 kHz, 16 bits. */
void write_wav(const char *path, const float *samples, double gain);

/* A whole pipeline whose balintvoice has the name "v", to the end. */
struct told told_by_pipeline(const char *text);

#endif
