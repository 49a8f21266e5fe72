/* voice_learn.h - training the meter's network: gradients by back-propagation through time, steps by Adam
 * (Kingma and Ba 2015). Only the trainer uses it; floating point as fast as the compiler can. */
#ifndef BALINT_BENCH_VOICE_LEARN_H
#define BALINT_BENCH_VOICE_LEARN_H

#include "voice/net.h"

#define LEARN_BATCH 16  /* sequences at once */
#define LEARN_STEPS 250 /* frames that an error is followed back */

/* The network in floating point, in the order of struct balint_weights; also its gradient. */
struct learn_weights {
    float mix[BALINT_NET_IN][BALINT_NET_MIX], mix_bias[BALINT_NET_MIX];
    float from_mix[BALINT_NET_MIX][3 * BALINT_NET_HIDDEN];
    float from_hidden[BALINT_NET_HIDDEN][3 * BALINT_NET_HIDDEN];
    float gate_bias[3 * BALINT_NET_HIDDEN];
    float out[BALINT_NET_HIDDEN][BALINT_NET_OUT], out_bias[BALINT_NET_OUT];
};
enum { LEARN_COUNT = sizeof(struct learn_weights) / sizeof(float) };
_Static_assert((int)LEARN_COUNT * sizeof(int16_t) == sizeof(struct balint_weights), "the same numbers");

void learn_begin(struct learn_weights *weights, uint32_t seed);

/* A batch of sequences, LEARN_STEPS frames each: in[t][i][b], wanted[t][o][b] (0..1), weight[t][o][b].
 * `hidden[i][b]` is where it begins and, after, where it ended. Adds to `gradient` unless it is NULL. Returns
 * the mean loss. */
double learn_batch(const struct learn_weights *weights, const float *in, const float *wanted,
                   const float *weight, float *hidden, struct learn_weights *gradient, float *answers);

/* One step against the gradient, which is cleared. `step` counts from 1. */
void learn_step(struct learn_weights *weights, struct learn_weights *gradient, int step, double rate);

/* The mean over the last thousand steps or so, which does better than any of them. */
void learn_average(struct learn_weights *average, const struct learn_weights *weights, int step);

/* Rounded, for weights.c. */
void learn_round(const struct learn_weights *weights, struct balint_weights *out);

#endif
