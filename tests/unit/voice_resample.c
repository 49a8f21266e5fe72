/* voice_resample.c - any microphone to 16 kHz: in place, in tune, the same however the samples come; and the
 * far end found again by its time. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "voice/far.h"
#include "voice/resample.h"
#include "voice/spectrum.h"

#define PI 3.14159265358979323846

static struct balint_resample resample;
static float out[4 * BALINT_METER_RATE];
static int out_count;

static void keep_frame(void)
{
    assert_true(out_count + BALINT_METER_FRAME <= (int)(sizeof out / sizeof *out));
    memcpy(out + out_count, resample.frame, sizeof resample.frame);
    out_count += BALINT_METER_FRAME;
}

/* Everything through, in pieces of `chunk` (0: pieces of changing size). */
static void run(int rate, int channels, const void *in, size_t count, bool floating, size_t chunk)
{
    size_t size = (floating ? 4 : 2) * (size_t)channels;

    out_count = 0;
    assert_true(balint_resample_init(&resample, rate, channels));
    for (size_t done = 0, step = 1; done < count; step = step * 7 % 1009 + 1) {
        size_t part = chunk != 0 ? chunk : step, taken = 0;
        part = part < count - done ? part : count - done;
        for (bool ready = true; taken < part || ready;) {
            taken += balint_resample_take(&resample, (const char *)in + (done + taken) * size, part - taken,
                                          floating, &ready);
            if (ready)
                keep_frame();
        }
        done += part;
    }
    while (balint_resample_drain(&resample))
        keep_frame();
}

static float *tone(int rate, double hz, size_t count)
{
    float *in = malloc(count * sizeof *in);
    for (size_t i = 0; i < count; i++)
        in[i] = (float)(0.5 * sin(2 * PI * hz * (double)i / rate));
    return in;
}

static const int rates[] = {8000, 11025, 16000, 22050, 24000, 32000, 44100, 44101, 48000};
#define RATES (sizeof rates / sizeof *rates)

/* A tone comes out as the same tone at the same time: error below 1 % of its amplitude. */
static void a_tone_stays_in_tune_and_in_place(void **unused)
{
    (void)unused;
    for (size_t r = 0; r < RATES; r++) {
        size_t count = (size_t)rates[r];
        float *in = tone(rates[r], 1000, count);
        run(rates[r], 1, in, count, true, 0);
        for (int i = 800; i < 15000; i++) {
            double ought = 0.5 * sin(2 * PI * 1000 * i / 16000.0);
            assert_true(fabs(out[i] - ought) < 0.005);
        }
        free(in);
    }
}

/* What 16 kHz cannot hold must not come back as something else. */
static void what_is_too_high_is_gone(void **unused)
{
    (void)unused;
    static const int high[] = {24000, 32000, 44100, 48000};
    for (size_t r = 0; r < 4; r++) {
        size_t count = (size_t)high[r];
        float *in = tone(high[r], 10000, count);
        run(high[r], 1, in, count, true, 0);
        for (int i = 800; i < 15000; i++)
            assert_true(fabs(out[i]) < 0.01);
        free(in);
    }
}

static void every_chunking_gives_the_same_bits(void **unused)
{
    (void)unused;
    static float whole[4 * BALINT_METER_RATE];
    static const size_t chunks[] = {1, 7, 160, 441, 480, 1024, 0};
    for (size_t r = 0; r < RATES; r++) {
        size_t count = (size_t)rates[r] / 2 + 123;
        float *in = tone(rates[r], 333, count);
        run(rates[r], 1, in, count, true, count);
        memcpy(whole, out, sizeof whole);
        int whole_count = out_count;
        for (size_t c = 0; c < sizeof chunks / sizeof *chunks; c++) {
            run(rates[r], 1, in, count, true, chunks[c]);
            assert_int_equal(out_count, whole_count);
            assert_memory_equal(out, whole, (size_t)out_count * sizeof *out);
        }
        free(in);
    }
}

/* n samples at rate r are n / r seconds of frames, the last one filled up. */
static void nothing_is_lost_at_the_end(void **unused)
{
    (void)unused;
    static const float nothing[48000];
    for (size_t r = 0; r < RATES; r++) {
        size_t counts[] = {1, (size_t)rates[r] / 100, (size_t)rates[r] / 2, (size_t)rates[r] / 2 + 1};
        for (int c = 0; c < 4; c++) {
            run(rates[r], 1, nothing, counts[c], true, 100);
            int samples = (int)ceil((double)counts[c] * 16000 / rates[r]);
            assert_int_equal(out_count, (samples + 159) / 160 * 160);
        }
    }
    assert_true(balint_resample_init(&resample, 48000, 1));
    assert_false(balint_resample_drain(&resample));
}

static void integers_and_two_channels(void **unused)
{
    (void)unused;
    int16_t in[2 * 320];
    for (int i = 0; i < 320; i++) {
        in[2 * i] = 16384;
        in[2 * i + 1] = -8192;
    }
    run(16000, 2, in, 320, false, 0);
    assert_int_equal(out_count, 320);
    for (int i = 0; i < 320; i++)
        assert_true(out[i] == 0.125f);
}

/* A driver's nonsense must not stay in the meter for ever. */
static void what_is_no_number_is_silence(void **unused)
{
    (void)unused;
    float in[160];
    for (int i = 0; i < 160; i++)
        in[i] = i % 3 == 0 ? NAN : i % 3 == 1 ? INFINITY : -1e30f;
    run(16000, 1, in, 160, true, 0);
    for (int i = 0; i < 160; i++)
        assert_true(out[i] == 0);
}

static void other_formats_are_refused(void **unused)
{
    (void)unused;
    assert_false(balint_resample_init(&resample, 7999, 1));
    assert_false(balint_resample_init(&resample, 48001, 1));
    assert_false(balint_resample_init(&resample, 16000, 0));
    assert_false(balint_resample_init(&resample, 16000, 3));
}

/* ---- the little mathematics, against libm */

static void own_mathematics_is_right(void **unused)
{
    (void)unused;
    for (double turns = -3; turns < 3; turns += 0.00137)
        assert_true(fabs(balint_sin_turns(turns) - sin(2 * PI * turns)) < 1e-12);
    for (double x = 1e-36; x < 1e36; x *= 1.0137)
        assert_true(fabs(balint_log2((float)x) - log2((float)x)) < 1e-5);
    assert_true(balint_log2(0) < -120);
    assert_true(balint_log2(NAN) < -120);
}

static void the_transform_is_right(void **unused)
{
    (void)unused;
    static struct balint_spectrum spectrum;
    static float x[BALINT_FFT], power[BALINT_FFT / 2 + 1], r[BALINT_FFT / 4];
    balint_spectrum_init(&spectrum);
    srand(5);
    for (int i = 0; i < BALINT_FFT; i++)
        x[i] = (float)rand() / (float)RAND_MAX - 0.5f;
    balint_spectrum_power(&spectrum, x, power);
    for (int k = 0; k <= BALINT_FFT / 2; k += 31) {
        double re = 0, im = 0;
        for (int i = 0; i < BALINT_FFT; i++) {
            re += x[i] * cos(2 * PI * k * i / BALINT_FFT);
            im -= x[i] * sin(2 * PI * k * i / BALINT_FFT);
        }
        assert_true(fabs(power[k] - (re * re + im * im)) < 1e-3);
    }
    balint_spectrum_correlate(&spectrum, power, r);
    for (int lag = 0; lag < BALINT_FFT / 4; lag += 17) {
        double sum = 0;
        for (int k = 0; k < BALINT_FFT / 2; k++)
            sum += power[k <= BALINT_FFT / 4 ? k : BALINT_FFT / 2 - k] * cos(4 * PI * lag * k / BALINT_FFT);
        assert_true(fabs(r[lag] - sum) < 0.1 + 1e-4 * fabs(sum));
    }
}

/* ---- the far end by its time */

#define MS INT64_C(1000000)

static struct balint_far far;

static void put(float value, int ms, int64_t at_ns)
{
    static float in[48000];
    for (int i = 0; i < ms * 16; i++)
        in[i] = value;
    assert_int_equal(balint_far_put(&far, in, (size_t)ms * 16, at_ns), ms * 16);
}

static void the_far_end_is_found_by_its_time(void **unused)
{
    (void)unused;
    assert_true(balint_far_format(&far, 16000, 1, true));
    assert_null(balint_far_get(&far, 0));
    put(0.25f, 10, 100 * MS);
    put(0.5f, 20, 111 * MS); /* a millisecond of jitter is none */
    assert_null(balint_far_get(&far, 80 * MS));
    assert_true(balint_far_reaches(&far, 120 * MS));
    assert_false(balint_far_reaches(&far, 121 * MS));
    assert_true(balint_far_get(&far, 98 * MS)[0] == 0.25f);
    assert_true(balint_far_get(&far, 108 * MS)[0] == 0.5f);
    assert_true(balint_far_get(&far, 118 * MS)[0] == 0.5f);
    assert_null(balint_far_get(&far, 128 * MS));
}

/* It comes late, but before it is heard: given as soon as it is there, the louder of two until it caught up.
 */
static void a_far_end_that_lags_is_not_lost(void **unused)
{
    (void)unused;
    assert_true(balint_far_format(&far, 16000, 1, true));
    put(0.25f, 10, 0);
    put(0.5f, 10, 10 * MS);
    put(0.125f, 30, 20 * MS);
    assert_true(balint_far_get(&far, 100 * MS)[0] == 0.5f);
    for (int i = 0; i < 3; i++)
        assert_true(balint_far_get(&far, (110 + 10 * i) * MS)[0] == 0.125f);
    assert_null(balint_far_get(&far, 140 * MS));
    put(0.25f, 10, 50 * MS);
    assert_null(balint_far_get(&far, 500 * MS)); /* too long ago to be heard still */
}

/* A mixer that is as late every time, and gives by twos: every frame once, and no hole between them. */
static void a_far_end_that_is_always_late_is_not_torn(void **unused)
{
    (void)unused;
    assert_true(balint_far_format(&far, 16000, 1, true));
    for (int i = 0; i < 200; i++) {
        for (int two = 0; two < 2 && i % 2 == 0; two++)
            put((float)(i + two + 1) / 1024, 10, (10 * (i + two)) * MS);
        const float *frame = balint_far_get(&far, (10 * i + 55) * MS);
        assert_non_null(frame);
        assert_true(frame[0] == (float)(i + 1) / 1024);
    }
}

static void a_far_end_that_jumps_starts_anew(void **unused)
{
    (void)unused;
    assert_true(balint_far_format(&far, 16000, 1, true));
    put(0.25f, 10, 0);
    put(0.5f, 10, 1000 * MS);
    assert_true(balint_far_get(&far, 0)[0] == 0.25f);
    assert_null(balint_far_get(&far, 500 * MS));
    assert_true(balint_far_get(&far, 1000 * MS)[0] == 0.5f);
}

static void the_far_end_never_grows(void **unused)
{
    (void)unused;
    static float in[160 * (BALINT_FAR_FRAMES + 10)];
    size_t count = sizeof in / sizeof *in;
    assert_true(balint_far_format(&far, 16000, 1, true));
    size_t taken = balint_far_put(&far, in, count, 0);
    assert_in_range(taken, 160 * BALINT_FAR_FRAMES, 160 * BALINT_FAR_FRAMES + BALINT_RESAMPLE_KEEP);
    assert_true(balint_far_full(&far));
    assert_int_equal(balint_far_put(&far, in, 160, (int64_t)taken * MS / 16), 0);
    balint_far_drop(&far);
    assert_false(balint_far_full(&far));
    assert_false(balint_far_format(&far, 96000, 1, true));
    assert_int_equal(balint_far_put(&far, in, 160, 0), 160);
    assert_null(balint_far_get(&far, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tone_stays_in_tune_and_in_place),
        cmocka_unit_test(what_is_too_high_is_gone),
        cmocka_unit_test(every_chunking_gives_the_same_bits),
        cmocka_unit_test(nothing_is_lost_at_the_end),
        cmocka_unit_test(integers_and_two_channels),
        cmocka_unit_test(what_is_no_number_is_silence),
        cmocka_unit_test(other_formats_are_refused),
        cmocka_unit_test(own_mathematics_is_right),
        cmocka_unit_test(the_transform_is_right),
        cmocka_unit_test(the_far_end_is_found_by_its_time),
        cmocka_unit_test(a_far_end_that_lags_is_not_lost),
        cmocka_unit_test(a_far_end_that_is_always_late_is_not_torn),
        cmocka_unit_test(a_far_end_that_jumps_starts_anew),
        cmocka_unit_test(the_far_end_never_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
