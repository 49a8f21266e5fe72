/* net.c - see net.h. */
#include "voice/net.h"

#include <stddef.h>
#include <string.h>

enum { MIX = BALINT_NET_MIX, HIDDEN = BALINT_NET_HIDDEN, GATES = 3 * BALINT_NET_HIDDEN };

void balint_net_init(struct balint_net *net)
{
    memset(net, 0, sizeof *net);
}

float balint_net_curve(float x)
{
    x = x > 3 ? 3 : x < -3 ? -3 : x;
    return x * (27 + x * x) / (27 + 9 * x * x); /* Padé's approximation of tanh */
}

static float sigmoid(float x)
{
    return 0.5f + 0.5f * balint_net_curve(0.5f * x);
}

/* sums[o] += in · weights[o]; over the outputs inside, so that it can be done several at once in any order.
 */
static void add(float *sums, int outputs, float in, const int16_t *weights)
{
    for (int o = 0; o < outputs; o++)
        sums[o] += in * (float)weights[o];
}

static void start(float *sums, int outputs, const int16_t *bias)
{
    for (int o = 0; o < outputs; o++)
        sums[o] = bias != NULL ? (float)bias[o] : 0;
}

void balint_net_frame(struct balint_net *net, const float in[BALINT_NET_IN], float out[BALINT_NET_OUT])
{
    const struct balint_weights *w = &balint_weights;
    const float unit = 1 / BALINT_NET_UNIT;
    float mix[MIX], from_mix[GATES], from_hidden[GATES];

    start(mix, MIX, w->mix_bias);
    for (int i = 0; i < BALINT_NET_IN; i++)
        add(mix, MIX, in[i], w->mix[i]);
    start(from_mix, GATES, w->gate_bias);
    for (int i = 0; i < MIX; i++)
        add(from_mix, GATES, balint_net_curve(unit * mix[i]), w->from_mix[i]);
    start(from_hidden, GATES, NULL);
    for (int i = 0; i < HIDDEN; i++)
        add(from_hidden, GATES, net->hidden[i], w->from_hidden[i]);
    start(out, BALINT_NET_OUT, w->out_bias);
    for (int i = 0; i < HIDDEN; i++) {
        float update = sigmoid(unit * (from_mix[i] + from_hidden[i]));
        float reset = sigmoid(unit * (from_mix[HIDDEN + i] + from_hidden[HIDDEN + i]));
        float now = balint_net_curve(unit * (from_mix[2 * HIDDEN + i] + reset * from_hidden[2 * HIDDEN + i]));
        net->hidden[i] += update * (now - net->hidden[i]);
        add(out, BALINT_NET_OUT, net->hidden[i], w->out[i]);
    }
    for (int o = 0; o < BALINT_NET_OUT; o++)
        out[o] = sigmoid(unit * out[o]);
}

uint32_t balint_net_sum(const struct balint_net *net)
{
    uint32_t sum = 2166136261u, bits; /* FNV-1a, by words */
    for (int i = 0; i < HIDDEN; i++) {
        memcpy(&bits, &net->hidden[i], sizeof bits);
        sum = (sum ^ bits) * 16777619u;
    }
    return sum;
}
