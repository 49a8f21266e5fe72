/* voice_wasm.c - the meter says the same natively and as WebAssembly, to the bit, and is small enough for a
 * page.
 *
 * The same recordings go through both; the spans and the sum over every bit that the network remembers at the
 * end are compared. What differed in one bit at any time would differ there.
 */
#include <gst/gst.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench/voice_circle.h"
#include "bench/voice_recordings.h"
#include "voice/meter.h"
#include "voice/resample.h"

#define SECONDS  15
#define LENGTH   ((size_t)SECONDS * CIRCLE_RATE)
#define CHUNK    441 /* as voice_wasm.mjs */
#define MOST     25000
#define TEXT     4096
#define MAX_RATE 48000

static struct voice voices[8];
static int voice_count;
static struct circle circle;
static char folder[] = "/tmp/balint-wasm-XXXXXX";
static float sound[LENGTH], others[LENGTH];

static int make(void **unused)
{
    (void)unused;
    alarm(240);
    gst_init(NULL, NULL);
    voice_count = voices_recorded(voices, 8, false);
    if (voice_count == 0)
        voice_count = voices_synthetic(voices, 8, false);
    return mkdtemp(folder) != NULL && circle_make(&circle, voices, voice_count, SECONDS, 9) ? 0 : -1;
}

static int drop(void **unused)
{
    char path[64];
    (void)unused;
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, i ? "far" : "near");
        unlink(path);
    }
    rmdir(folder);
    circle_free(&circle);
    voices_free(voices, voice_count);
    return 0;
}

/* At `rate`, by straight lines, 16 bits; into a file as well. Returns how many samples. */
static size_t convert(const float *in, int rate, int16_t *out, const char *name)
{
    char path[64];
    size_t length = LENGTH * (size_t)rate / CIRCLE_RATE - 1;

    for (size_t i = 0; i < length; i++) {
        double place = (double)i * CIRCLE_RATE / rate, part = place - floor(place);
        size_t at = (size_t)place < LENGTH - 1 ? (size_t)place : LENGTH - 2;
        double value = in[at] * (1 - part) + in[at + 1] * part;
        out[i] = (int16_t)lrint(fmax(-32768, fmin(32767, value * 32768)));
    }
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(out, sizeof *out, length, file), length);
    fclose(file);
    return length;
}

static void tell_spans(struct balint_meter *meter, char *text)
{
    struct balint_span span;
    while (balint_meter_span(meter, &span)) {
        size_t at = strlen(text);
        snprintf(text + at, TEXT - at, "%lld %lld\n", (long long)span.start * 10, (long long)span.end * 10);
    }
}

static void listen_here(const int16_t *near, const int16_t *far, size_t length, int rate, char *text)
{
    static struct balint_meter meter;
    static struct balint_resample near_resample, far_resample;

    text[0] = '\0';
    balint_meter_init(&meter);
    assert_true(balint_resample_init(&near_resample, rate, 1) &&
                balint_resample_init(&far_resample, rate, 1));
    length -= length % CHUNK; /* what is left of a chunk is not given */
    bool ready = true, far_ready;
    for (size_t done = 0; done < length || ready;) {
        size_t took = balint_resample_take(&near_resample, near + done, length - done, false, &ready);
        if (far != NULL)
            balint_resample_take(&far_resample, far + done, took, false, &far_ready);
        done += took;
        if (ready)
            balint_meter_frame(&meter, near_resample.frame, far != NULL ? far_resample.frame : NULL);
        tell_spans(&meter, text);
    }
    uint32_t state = balint_net_sum(&meter.net);
    balint_meter_break(&meter);
    tell_spans(&meter, text);
    snprintf(text + strlen(text), TEXT - strlen(text), "state %u\n", state);
}

static void listen_there(int rate, bool with_far, char *text)
{
    char command[512];
    snprintf(command, sizeof command,
             "node %s/tests/element/voice_wasm.mjs %s/lib/balint-meter.wasm %d %s/near %s%s",
             BALINT_SOURCE_DIR, BALINT_BUILD_DIR, rate, folder, with_far ? folder : "",
             with_far ? "/far" : "");
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t length = fread(text, 1, TEXT - 1, pipe);
    text[length] = '\0';
    assert_int_equal(pclose(pipe), 0);
}

static void both_say_the_same(const float *near, const float *far, int rate)
{
    static int16_t near_samples[SECONDS * MAX_RATE], far_samples[SECONDS * MAX_RATE];
    char here[TEXT], there[TEXT];
    size_t length = convert(near, rate, near_samples, "near");

    if (far != NULL)
        convert(far, rate, far_samples, "far");
    listen_here(near_samples, far != NULL ? far_samples : NULL, length, rate, here);
    listen_there(rate, far != NULL, there);
    assert_string_equal(here, there);
    assert_true(strchr(here, '\n') < strstr(here, "state")); /* there was a span */
}

static void speech_in_noise(void **unused)
{
    (void)unused;
    for (enum sound kind = SOUND_NONE; kind <= SOUND_CHORDS; kind += 2) {
        memcpy(sound, circle.people[0].clean, sizeof sound);
        sound_add(sound, LENGTH, kind, 10, 3);
        both_say_the_same(sound, NULL, 16000);
    }
}

static void other_rates(void **unused)
{
    (void)unused;
    memcpy(sound, circle.people[0].clean, sizeof sound);
    sound_add(sound, LENGTH, SOUND_FAN, 10, 4);
    both_say_the_same(sound, NULL, 48000);
    both_say_the_same(sound, NULL, 44100);
}

static void speech_with_a_far_end(void **unused)
{
    (void)unused;
    memcpy(sound, circle.people[0].clean, sizeof sound);
    circle_others(&circle, 0, others);
    leak_add(sound, others, LENGTH, 25, 80);
    both_say_the_same(sound, others, 16000);
}

/* DESIGN.md: 25 kB compressed for the core; ours holds its weights. */
static void it_is_small(void **unused)
{
    (void)unused;
    FILE *pipe = popen("gzip -9c " BALINT_BUILD_DIR "/lib/balint-meter.wasm | wc -c", "r");
    int size = 0;
    assert_non_null(pipe);
    assert_int_equal(fscanf(pipe, "%d", &size), 1);
    assert_int_equal(pclose(pipe), 0);
    print_message("the module, compressed: %d bytes\n", size);
    assert_in_range(size, 4000, MOST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(speech_in_noise),
        cmocka_unit_test(other_rates),
        cmocka_unit_test(speech_with_a_far_end),
        cmocka_unit_test(it_is_small),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
