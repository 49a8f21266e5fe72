/* browser.c - the meter as a WebAssembly module, for a page and for the test that both say the same.
 *
 * One microphone, one loudspeaker, at any rate from 8 to 48 kHz; samples go into two buffers, then
 * voice_take() is called, and what came of it is asked. No imports, no allocation. The build: see
 * tests/unit/voice.cmake.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "voice/meter.h"
#include "voice/resample.h"

#define EXPORT(name) __attribute__((export_name(#name), used)) name
#define BUFFER       4800 /* samples: 100 ms at 48 kHz */

static struct balint_meter meter;
static struct balint_resample near, far;
static float near_samples[BUFFER], far_samples[BUFFER];
static struct balint_span span;

int EXPORT(voice_open)(int rate);
float *EXPORT(voice_near)(void);
float *EXPORT(voice_far)(void);
int EXPORT(voice_take)(int count, int has_far);
void EXPORT(voice_break)(void);
int EXPORT(voice_span)(void);
double EXPORT(voice_start)(void);
double EXPORT(voice_end)(void);
double EXPORT(voice_since)(void);
uint32_t EXPORT(voice_state)(void);

/* 0: no such rate. */
int voice_open(int rate)
{
    balint_meter_init(&meter);
    return balint_resample_init(&near, rate, 1) && balint_resample_init(&far, rate, 1);
}

float *voice_near(void)
{
    return near_samples;
}

float *voice_far(void)
{
    return far_samples;
}

/* Takes the first `count` samples of the buffers. Returns whether somebody is speaking now. */
int voice_take(int count, int has_far)
{
    size_t done = 0, all = count < 0 ? 0 : count > BUFFER ? BUFFER : (size_t)count;
    bool ready = true, far_ready;

    while (done < all || ready) {
        size_t took = balint_resample_take(&near, near_samples + done, all - done, true, &ready);
        balint_resample_take(&far, far_samples + done, took, true, &far_ready);
        done += took;
        if (ready)
            balint_meter_frame(&meter, near.frame, has_far ? far.frame : NULL);
    }
    return balint_meter_since(&meter) >= 0;
}

/* A mute, a jump in time, the end. */
void voice_break(void)
{
    balint_meter_break(&meter);
}

/* The next finished span, whose ends are then asked; 0: there is none. */
int voice_span(void)
{
    return balint_meter_span(&meter, &span);
}

double voice_start(void)
{
    return (double)span.start * BALINT_METER_FRAME_MS;
}

double voice_end(void)
{
    return (double)span.end * BALINT_METER_FRAME_MS;
}

/* When what is spoken now began, or a negative number. */
double voice_since(void)
{
    return (double)balint_meter_since(&meter) * BALINT_METER_FRAME_MS;
}

/* A sum over all that the network remembers: two machines that agree in every bit agree in this. */
uint32_t voice_state(void)
{
    return balint_net_sum(&meter.net);
}
