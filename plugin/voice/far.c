/* far.c - see far.h. */
#include "voice/far.h"

#include <string.h>

#define FRAME_NS INT64_C(10000000)
#define JUMP_NS  INT64_C(40000000) /* a timestamp off by more begins anew; less is jitter */

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

const float *balint_far_get(struct balint_far *far, int64_t at_ns)
{
    while (far->count > 0 && far->times_ns[far->first] < at_ns - FRAME_NS / 2)
        balint_far_drop(far);
    if (far->count == 0 || far->times_ns[far->first] > at_ns + FRAME_NS)
        return NULL;
    return far->samples[far->first];
}
