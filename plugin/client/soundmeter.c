/* soundmeter.c - RMS of 10 ms blocks against -60 dBFS. Pure. */
#include "client/soundmeter.h"

#include <math.h>

void balint_soundmeter_init(struct balint_soundmeter *meter, int rate, int channels)
{
    *meter = (struct balint_soundmeter){.rate = rate, .channels = channels};
}

int balint_soundmeter_feed(struct balint_soundmeter *meter, const int16_t *samples, size_t frames)
{
    int block = meter->rate * BALINT_SOUND_BLOCK_MS / 1000, sound_ms = 0;
    double limit = pow(10.0, BALINT_SOUND_DBFS / 10.0);

    if (block <= 0 || meter->channels <= 0)
        return 0;
    for (size_t i = 0; i < frames; i++) {
        for (int c = 0; c < meter->channels; c++) {
            double x = samples[i * (size_t)meter->channels + (size_t)c] / 32768.0;
            meter->sum += x * x;
        }
        if (++meter->filled < block)
            continue;
        if (meter->sum / ((double)block * meter->channels) > limit)
            sound_ms += BALINT_SOUND_BLOCK_MS;
        meter->sum = 0.0;
        meter->filled = 0;
    }
    return sound_ms;
}
