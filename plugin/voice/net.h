/* net.h - a small recurrent network that weighs what was heard: is it speech?
 *
 * One layer that mixes the traits of a frame, gated recurrent units (Cho et al. 2014) that remember, and two
 * answers: a quick one about a frame NET_SOON ago, a sure one about a frame NET_LATE ago, which has heard
 * what came after it. Trained by tests/bench/voice_train.c, whole numbers in weights.c; run in a fixed order
 * of additions and multiplications, with rational functions for the curves, so that every machine gives the
 * same bits. Pure; one owner.
 */
#ifndef BALINT_VOICE_NET_H
#define BALINT_VOICE_NET_H

#include <stdint.h>

#define BALINT_NET_IN     53
#define BALINT_NET_MIX    32
#define BALINT_NET_HIDDEN 40
#define BALINT_NET_OUT    2 /* soon, late */
#define BALINT_NET_SOON   8 /* frames */
#define BALINT_NET_LATE   30
#define BALINT_NET_UNIT   256.0f /* a weight of 1 in weights.c */

/* Every matrix by its input: what input i adds to each output. */
struct balint_weights {
    int16_t mix[BALINT_NET_IN][BALINT_NET_MIX], mix_bias[BALINT_NET_MIX];
    /* Update gate, reset gate, candidate, one after the other. */
    int16_t from_mix[BALINT_NET_MIX][3 * BALINT_NET_HIDDEN];
    int16_t from_hidden[BALINT_NET_HIDDEN][3 * BALINT_NET_HIDDEN];
    int16_t gate_bias[3 * BALINT_NET_HIDDEN];
    int16_t out[BALINT_NET_HIDDEN][BALINT_NET_OUT], out_bias[BALINT_NET_OUT];
};
extern const struct balint_weights balint_weights;

struct balint_net {
    float hidden[BALINT_NET_HIDDEN];
};

void balint_net_init(struct balint_net *net);

/* One frame. `in`: about ±2 each. `out`: 0..1, how sure it is that there is speech. */
void balint_net_frame(struct balint_net *net, const float in[BALINT_NET_IN], float out[BALINT_NET_OUT]);

/* A sum over every bit of what it remembers. */
uint32_t balint_net_sum(const struct balint_net *net);

/* The curve instead of tanh, odd, within 0.025 of it, ±1 from ±3 on. */
float balint_net_curve(float x);

#endif
