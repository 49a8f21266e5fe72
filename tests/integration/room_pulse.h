/* room_pulse.h - a PulseAudio of a test's own, whose null sinks are the microphones and loudspeakers of a
 * room.
 *
 * Whatever fails, fails the test. One thread.
 */
#ifndef BALINT_TEST_ROOM_PULSE_H
#define BALINT_TEST_ROOM_PULSE_H

#include <gst/gst.h>

#include "client_world.h"

/* Starts the daemon, as the world's first program, and points this process and its children to it. */
void pulse_begin(struct world *world);
/* The noises stop; and are given back. */
void pulse_still(void);
void pulse_end(void);

/* `said`: 16 bytes for the first word of the answer, or NULL. */
bool pulse_ask(const char *words, char said[16]);
void pulse_add_sink(const char *name, char module[16]);
/* From ears_NAME into mic_NAME, at this volume ("-20dB"), so many ms later. */
void pulse_add_echo(const char *name, const char *volume, const char *latency_ms);
/* `volume`: of full scale. */
void pulse_add_noise(const char *sink, const char *volume);
void pulse_stream_of(const char *streams, const char *devices, const char *device, char number[16]);
/* `kind`: "source-output" or "sink-input". */
void pulse_kill_stream(const struct world *world, const char *kind, const char *number);

GstElement *pulse_parse(const char *text);
/* How far its `out0` has been heard; waits until it has; plays to the end and gives the player back. */
int64_t pulse_position_ms(GstElement *player);
void pulse_play_until(struct world *world, GstElement *player, int64_t ms);
void pulse_play_out(struct world *world, GstElement *player);

#endif
