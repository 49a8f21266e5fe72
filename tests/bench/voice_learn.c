/* voice_learn.c - see voice_learn.h. */
#include "bench/voice_learn.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/voice_circle.h"

enum {
    B = LEARN_BATCH,
    T = LEARN_STEPS,
    IN = BALINT_NET_IN,
    MIX = BALINT_NET_MIX,
    H = BALINT_NET_HIDDEN,
    G = 3 * H,
    OUT = BALINT_NET_OUT
};

#define MOST 12.0f /* a weight's magnitude */

/* What was computed at each frame, for the way back. */
static struct {
    float mix[T][MIX][B], from_hidden[T][H][B]; /* of the candidate only */
    float update[T][H][B], reset[T][H][B], now[T][H][B], hidden[T + 1][H][B], out[T][OUT][B];
} kept;

static void fill(float *at, int rows, int columns, double size, uint32_t *seed)
{
    for (int i = 0; i < rows * columns; i++)
        at[i] = (float)(size * dice_noise(seed));
}

void learn_begin(struct learn_weights *weights, uint32_t seed)
{
    memset(weights, 0, sizeof *weights);
    fill(&weights->mix[0][0], IN, MIX, 0.6 / sqrt(IN), &seed);
    fill(&weights->from_mix[0][0], MIX, G, 1 / sqrt(MIX), &seed);
    fill(&weights->from_hidden[0][0], H, G, 0.7 / sqrt(H), &seed);
    fill(&weights->out[0][0], H, OUT, 1 / sqrt(H), &seed);
    for (int i = 0; i < H; i++) /* remembers, to begin with: some long, some short */
        weights->gate_bias[i] = -0.5f - 3.0f * (float)i / H;
}

/* y[o] += Σ x[i] w[i][o] */
static void add_product(float y[][B], int outputs, const float x[][B], int inputs, const float *w, int stride)
{
    for (int o = 0; o < outputs; o++) {
        float sum[B];
        memcpy(sum, y[o], sizeof sum);
        for (int i = 0; i < inputs; i++)
            for (int b = 0; b < B; b++)
                sum[b] += w[i * stride + o] * x[i][b];
        memcpy(y[o], sum, sizeof sum);
    }
}

/* dw[i][o] += x[i] dy[o]; dx[i] += Σ w[i][o] dy[o] where dx is asked. */
static void add_back(const float dy[][B], int outputs, const float x[][B], int inputs, const float *w,
                     float *dw, int stride, float dx[][B])
{
    for (int i = 0; i < inputs; i++) {
        float back[B] = {0};
        for (int o = 0; o < outputs; o++) {
            float sum = 0;
            for (int b = 0; b < B; b++) {
                sum += x[i][b] * dy[o][b];
                back[b] += w[i * stride + o] * dy[o][b];
            }
            dw[i * stride + o] += sum;
        }
        for (int b = 0; dx != NULL && b < B; b++)
            dx[i][b] += back[b];
    }
}

static float curve(float x)
{
    x = x > 3 ? 3 : x < -3 ? -3 : x;
    return x * (27 + x * x) / (27 + 9 * x * x);
}

/* Its slope, from its value: near 1 - y², and never quite nothing, or what is stuck would stay so. */
static float slope(float y)
{
    float s = 1 - y * y;
    return s > 0.01f ? s : 0.01f;
}

static void set_rows(float y[][B], const float *bias, int rows)
{
    for (int o = 0; o < rows; o++)
        for (int b = 0; b < B; b++)
            y[o][b] = bias[o];
}

static void forward(const struct learn_weights *w, const float *in, int t)
{
    float gates[G][B], hidden[G][B];
    const float(*x)[B] = (const float(*)[B])(in + (size_t)t * IN * B);

    set_rows(kept.mix[t], w->mix_bias, MIX);
    add_product(kept.mix[t], MIX, x, IN, &w->mix[0][0], MIX);
    for (int i = 0; i < MIX * B; i++)
        (&kept.mix[t][0][0])[i] = curve((&kept.mix[t][0][0])[i]);
    set_rows(gates, w->gate_bias, G);
    add_product(gates, G, (const float(*)[B])kept.mix[t], MIX, &w->from_mix[0][0], G);
    memset(hidden, 0, sizeof hidden);
    add_product(hidden, G, (const float(*)[B])kept.hidden[t], H, &w->from_hidden[0][0], G);
    for (int i = 0; i < H; i++)
        for (int b = 0; b < B; b++) {
            float update = 0.5f + 0.5f * curve(0.5f * (gates[i][b] + hidden[i][b]));
            float reset = 0.5f + 0.5f * curve(0.5f * (gates[H + i][b] + hidden[H + i][b]));
            float now = curve(gates[2 * H + i][b] + reset * hidden[2 * H + i][b]);
            kept.update[t][i][b] = update;
            kept.reset[t][i][b] = reset;
            kept.now[t][i][b] = now;
            kept.from_hidden[t][i][b] = hidden[2 * H + i][b];
            kept.hidden[t + 1][i][b] = kept.hidden[t][i][b] + update * (now - kept.hidden[t][i][b]);
        }
    set_rows(kept.out[t], w->out_bias, OUT);
    add_product(kept.out[t], OUT, (const float(*)[B])kept.hidden[t + 1], H, &w->out[0][0], OUT);
    for (int i = 0; i < OUT * B; i++)
        (&kept.out[t][0][0])[i] = 0.5f + 0.5f * curve(0.5f * (&kept.out[t][0][0])[i]);
}

/* `dh`: what the later frames say of hidden[t + 1]; becomes that of hidden[t]. */
static void backward(const struct learn_weights *w, struct learn_weights *g, const float *in, int t,
                     float dout[OUT][B], float dh[H][B])
{
    float gates[G][B], hidden[G][B], mix[MIX][B] = {{0}};
    const float(*x)[B] = (const float(*)[B])(in + (size_t)t * IN * B);

    add_back((const float(*)[B])dout, OUT, (const float(*)[B])kept.hidden[t + 1], H, &w->out[0][0],
             &g->out[0][0], OUT, dh);
    for (int o = 0; o < OUT; o++)
        for (int b = 0; b < B; b++)
            g->out_bias[o] += dout[o][b];
    for (int i = 0; i < H; i++)
        for (int b = 0; b < B; b++) {
            float update = kept.update[t][i][b], reset = kept.reset[t][i][b], now = kept.now[t][i][b];
            float d = dh[i][b], dnow = d * update * slope(now);
            float dupdate = d * (now - kept.hidden[t][i][b]) * 0.25f * slope(2 * update - 1);
            float dreset = dnow * kept.from_hidden[t][i][b] * 0.25f * slope(2 * reset - 1);
            gates[i][b] = hidden[i][b] = dupdate;
            gates[H + i][b] = hidden[H + i][b] = dreset;
            gates[2 * H + i][b] = dnow;
            hidden[2 * H + i][b] = dnow * reset;
            dh[i][b] = d * (1 - update);
        }
    add_back((const float(*)[B])hidden, G, (const float(*)[B])kept.hidden[t], H, &w->from_hidden[0][0],
             &g->from_hidden[0][0], G, dh);
    add_back((const float(*)[B])gates, G, (const float(*)[B])kept.mix[t], MIX, &w->from_mix[0][0],
             &g->from_mix[0][0], G, mix);
    for (int o = 0; o < G; o++)
        for (int b = 0; b < B; b++)
            g->gate_bias[o] += gates[o][b];
    for (int i = 0; i < MIX; i++)
        for (int b = 0; b < B; b++) {
            mix[i][b] *= slope(kept.mix[t][i][b]);
            g->mix_bias[i] += mix[i][b];
        }
    add_back((const float(*)[B])mix, MIX, x, IN, &w->mix[0][0], &g->mix[0][0], MIX, NULL);
}

double learn_batch(const struct learn_weights *weights, const float *in, const float *wanted,
                   const float *weight, float *hidden, struct learn_weights *gradient, float *answers)
{
    static float dout[T][OUT][B];
    float dh[H][B] = {{0}};
    double loss = 0;

    memcpy(kept.hidden[0], hidden, sizeof kept.hidden[0]);
    for (int t = 0; t < T; t++) {
        forward(weights, in, t);
        for (int i = 0; i < OUT * B; i++) {
            size_t at = (size_t)t * OUT * B + (size_t)i;
            float y = (&kept.out[t][0][0])[i], p = y < 1e-4f ? 1e-4f : y > 1 - 1e-4f ? 1 - 1e-4f : y;
            loss -= weight[at] * (wanted[at] * logf(p) + (1 - wanted[at]) * logf(1 - p));
            (&dout[t][0][0])[i] = weight[at] * (y - wanted[at]);
            if (answers != NULL)
                answers[at] = y;
        }
    }
    memcpy(hidden, kept.hidden[T], sizeof kept.hidden[T]);
    for (int t = T - 1; gradient != NULL && t >= 0; t--)
        backward(weights, gradient, in, t, dout[t], dh);
    return loss / (T * OUT * B);
}

void learn_step(struct learn_weights *weights, struct learn_weights *gradient, int step, double rate)
{
    static float mean[LEARN_COUNT], square[LEARN_COUNT];
    float *w = (float *)weights, *g = (float *)gradient;
    double norm = 0, long_ago = 1 - pow(0.9, step), longer_ago = 1 - pow(0.999, step);

    for (int i = 0; i < LEARN_COUNT; i++) {
        g[i] /= T * B;
        norm += (double)g[i] * g[i];
    }
    /* Now and then an error that was followed far back is huge: none counts more than twice the usual. */
    static double usual;
    norm = sqrt(norm);
    usual = step == 1 ? norm : 0.99 * usual + 0.01 * fmin(norm, 2 * usual);
    float scale = norm > 2 * usual ? (float)(2 * usual / norm) : 1;
    for (int i = 0; i < LEARN_COUNT; i++) {
        float d = g[i] * scale;
        mean[i] = 0.9f * mean[i] + 0.1f * d;
        square[i] = 0.999f * square[i] + 0.001f * d * d;
        w[i] -= (float)(rate * (mean[i] / long_ago / (sqrt(square[i] / longer_ago) + 1e-8) + 1e-4 * w[i]));
        w[i] = w[i] > MOST ? MOST : w[i] < -MOST ? -MOST : w[i];
        g[i] = 0;
    }
}

void learn_average(struct learn_weights *average, const struct learn_weights *weights, int step)
{
    const float *w = (const float *)weights;
    float *a = (float *)average, part = step < 1000 ? 1 / (float)step : 0.001f;
    for (int i = 0; i < LEARN_COUNT; i++)
        a[i] += part * (w[i] - a[i]);
}

void learn_round(const struct learn_weights *weights, struct balint_weights *out)
{
    const float *w = (const float *)weights;
    int16_t *o = (int16_t *)out;
    for (int i = 0; i < LEARN_COUNT; i++)
        o[i] = (int16_t)lrintf(w[i] * BALINT_NET_UNIT);
}
