/* voice_tones.c - notes stand still, a voice glides, noise has no tones; and the network's arithmetic.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bench/voice_circle.h"
#include "voice/meter.h"
#include "voice/net.h"
#include "voice/tones.h"

#define TWO_PI 6.283185307179586

static struct balint_tones tones;
static struct balint_spectrum spectrum;
static float value[BALINT_TONES];

/* A second of harmonics whose pitch goes from `from` to `to` Hz, or of noise (0). */
static void hear(double from, double to)
{
    double angle = 0;
    uint32_t seed = 5;

    balint_spectrum_init(&spectrum);
    balint_tones_init(&tones);
    for (int f = 0; f < 100; f++) {
        float frame[BALINT_METER_FRAME];
        for (int i = 0; i < BALINT_METER_FRAME; i++) {
            double part = (f * BALINT_METER_FRAME + i) / 16000.0, sum = 0;
            angle += TWO_PI * (from + (to - from) * part) / 16000;
            for (int h = 1; h <= 10 && from > 0; h++)
                sum += sin(angle * h);
            frame[i] = (float)(0.02 * sum + (from > 0 ? 1e-4 : 0.05) * dice_noise(&seed));
        }
        balint_tones_frame(&tones, &spectrum, frame, value);
    }
}

static void a_note_stands_still(void **unused)
{
    (void)unused;
    hear(220, 220);
    for (int i = 0; i < BALINT_TONES; i++)
        assert_true(value[i] > 0.7);
}

static void a_voice_glides(void **unused)
{
    (void)unused;
    hear(220, 150);             /* an octave in two seconds, as a sentence may fall */
    for (int r = 1; r < 3; r++) /* where the partials are high they move far */
        assert_true(value[3 + r] < 0.5 && value[6 + r] < 0.5);
}

static void noise_has_no_tones(void **unused)
{
    (void)unused;
    hear(0, 0);
    for (int i = 0; i < BALINT_TONES; i++)
        assert_true(fabsf(value[i]) < 0.55f && (i < 3 || fabsf(value[i]) < 0.35f));
}

static void what_is_forgotten_is_gone(void **unused)
{
    (void)unused;
    hear(220, 220);
    balint_tones_break(&tones);
    float silence[BALINT_METER_FRAME] = {0};
    balint_tones_frame(&tones, &spectrum, silence, value);
    for (int i = 0; i < BALINT_TONES; i++)
        assert_true(value[i] == 0);
}

/* As net.h states. */
static void the_curve_is_near_tanh(void **unused)
{
    (void)unused;
    for (int i = -1000; i <= 1000; i++) {
        float x = (float)i / 100, y = balint_net_curve(x);
        assert_true(fabs((double)y - tanh((double)x)) < 0.025);
        assert_true(balint_net_curve(-x) == -y);
        assert_true((i <= 300 && i >= -300) || fabsf(y) == 1);
    }
}

/* Whatever comes in, what it remembers stays within ±1 and its answers within 0..1: nothing runs away. */
static void nothing_runs_away(void **unused)
{
    (void)unused;
    struct balint_net net;
    uint32_t seed = 9;

    balint_net_init(&net);
    for (int f = 0; f < 3000; f++) {
        float in[BALINT_NET_IN], out[BALINT_NET_OUT];
        for (int i = 0; i < BALINT_NET_IN; i++)
            in[i] = f % 7 == 0 ? 1e30f * (float)dice_noise(&seed) : 100 * (float)dice_noise(&seed);
        balint_net_frame(&net, in, out);
        for (int o = 0; o < BALINT_NET_OUT; o++)
            assert_true(out[o] >= 0 && out[o] <= 1);
        for (int i = 0; i < BALINT_NET_HIDDEN; i++)
            assert_true(fabsf(net.hidden[i]) < 1.00001f);
    }
    uint32_t sum = balint_net_sum(&net);
    net.hidden[3] += 1e-6f;
    assert_int_not_equal(sum, balint_net_sum(&net));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_note_stands_still),    cmocka_unit_test(a_voice_glides),
        cmocka_unit_test(noise_has_no_tones),     cmocka_unit_test(what_is_forgotten_is_gone),
        cmocka_unit_test(the_curve_is_near_tanh), cmocka_unit_test(nothing_runs_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
