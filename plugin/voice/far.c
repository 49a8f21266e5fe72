/* far.c - see far.h. */
#include "voice/far.h"

#include <string.h>

#define FRAME_NS INT64_C(10000000)
#define JUMP_NS  INT64_C(40000000)             /* a timestamp off by more begins anew; less is jitter */
#define OLD_NS   (BALINT_ECHO_TAIL * FRAME_NS) /* before that nothing is still heard in the room */
#define BACKLOG  3 /* frames that wait although they are due: sound comes by handfuls */

static int64_t samples_ns(int64_t samples, int rate)
{
    return samples / rate * INT64_C(1000000000) + samples % rate * INT64_C(1000000000) / rate;
}

void balint_far_clear(struct balint_far *far)
{
    far->first = far->count = 0;
    far->input_end_ns = -1;
}

bool balint_far_format(struct balint_far *far, int rate, int channels, bool floating)
{
    balint_far_clear(far);
    far->floating = floating;
    far->known = balint_resample_init(&far->resample, rate, channels);
    return far->known;
}

bool balint_far_full(const struct balint_far *far)
{
    return far->count == BALINT_FAR_FRAMES;
}

void balint_far_drop(struct balint_far *far)
{
    if (far->count == 0)
        return;
    far->first = (far->first + 1) % BALINT_FAR_FRAMES;
    far->count--;
}

static void keep(struct balint_far *far)
{
    int slot = (far->first + far->count++) % BALINT_FAR_FRAMES;
    far->times_ns[slot] = far->base_ns + far->frames++ * FRAME_NS;
    memcpy(far->samples[slot], far->resample.frame, sizeof far->samples[slot]);
}

size_t balint_far_put(struct balint_far *far, const void *samples, size_t count, int64_t at_ns)
{
    size_t taken = 0,
           size = (far->floating ? sizeof(float) : sizeof(int16_t)) * (size_t)far->resample.channels;
    int64_t off_ns = at_ns - far->input_end_ns;

    if (!far->known)
        return count;
    if (far->input_end_ns < 0 || off_ns > JUMP_NS || off_ns < -JUMP_NS) {
        balint_resample_init(&far->resample, far->resample.rate, far->resample.channels);
        far->base_ns = far->input_end_ns = at_ns;
        far->frames = 0;
    }
    for (bool ready = true; (taken < count || ready) && !balint_far_full(far);) {
        taken += balint_resample_take(&far->resample, (const uint8_t *)samples + taken * size, count - taken,
                                      far->floating, &ready);
        if (ready)
            keep(far);
    }
    far->input_end_ns = far->base_ns + samples_ns(far->resample.in, far->resample.rate);
    return taken;
}

bool balint_far_reaches(const struct balint_far *far, int64_t at_ns)
{
    if (far->count == 0)
        return false;
    int last = (far->first + far->count - 1) % BALINT_FAR_FRAMES;
    return far->times_ns[last] >= at_ns;
}

static float peak_of(const float *frame)
{
    float peak = 0;
    for (int i = 0; i < BALINT_METER_FRAME; i++) {
        float magnitude = frame[i] < 0 ? -frame[i] : frame[i];
        peak = magnitude > peak ? magnitude : peak;
    }
    return peak;
}

const float *balint_far_get(struct balint_far *far, int64_t at_ns)
{
    while (far->count > 0 && far->times_ns[far->first] < at_ns - OLD_NS)
        balint_far_drop(far);
    if (far->count == 0 || far->times_ns[far->first] > at_ns + FRAME_NS / 2)
        return NULL;
    const float *frame = far->samples[far->first];
    balint_far_drop(far);
    /* Behind, and more has come: two at once, the louder for both, until it has caught up. What comes late
     * every time is not behind: it would be torn to pieces. */
    if (far->count > BACKLOG && far->times_ns[(far->first + BACKLOG) % BALINT_FAR_FRAMES] <= at_ns) {
        const float *next = far->samples[far->first];
        balint_far_drop(far);
        if (peak_of(next) > peak_of(frame))
            frame = next;
    }
    return frame;
}
