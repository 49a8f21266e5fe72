/* echo.c - see echo.h. */
#include "voice/echo.h"

#include <string.h>

#define WINDOW  60    /* frames */
#define AUDIBLE 1e-6f /* far power below which nothing is learned: -60 dB */
/* Means over a window are compared with peaks: the loudest of 320 ms, in one bin of a band, lies so far
 * above. */
#define MARGIN 100.0f
#define PRIOR  0.1f /* before anything is known: at most 10 dB below the loudspeaker's signal */
#define MOST   2.0f

void balint_echo_init(struct balint_echo *echo)
{
    memset(echo, 0, sizeof *echo);
    for (int w = 0; w < BALINT_ECHO_WINDOWS; w++)
        for (int b = 0; b < BALINT_BANDS; b++)
            echo->ratio[w][b] = PRIOR / MARGIN;
}

static float least_ratio(const struct balint_echo *echo, int band)
{
    float least = echo->ratio[0][band];
    for (int w = 1; w < BALINT_ECHO_WINDOWS; w++)
        if (echo->ratio[w][band] < least)
            least = echo->ratio[w][band];
    return least;
}

static float loudest(const struct balint_echo *echo, int band)
{
    float most = 0;
    for (int i = 0; i < BALINT_ECHO_TAIL; i++)
        if (echo->recent[i][band] > most)
            most = echo->recent[i][band];
    return most;
}

static void close_window(struct balint_echo *echo)
{
    for (int b = 0; b < BALINT_BANDS; b++) {
        float ratio = echo->near_sum[b] / (echo->far_sum[b] + 1e-12f);
        echo->ratio[echo->window][b] = ratio < MOST / MARGIN ? ratio : MOST / MARGIN;
        echo->near_sum[b] = echo->far_sum[b] = 0;
    }
    echo->window = (echo->window + 1) % BALINT_ECHO_WINDOWS;
    echo->frames = 0;
}

void balint_echo_frame(struct balint_echo *echo, const float *far, const float *near, const float *floor,
                       bool learn, float *most)
{
    float total = 0, peak[BALINT_BANDS];

    echo->at = (echo->at + 1) % BALINT_ECHO_TAIL;
    memcpy(echo->recent[echo->at], far, sizeof echo->recent[0]);
    for (int b = 0; b < BALINT_BANDS; b++) {
        total += far[b];
        peak[b] = loudest(echo, b);
        most[b] = peak[b] * least_ratio(echo, b) * MARGIN;
    }
    if (!learn || total < AUDIBLE)
        return;
    for (int b = 0; b < BALINT_BANDS; b++) {
        /* Without the room's noise; but steady talk lifts its floor, so not all of it is taken off. */
        float more = near[b] - 0.45f * floor[b];
        echo->near_sum[b] += more > 0.3f * near[b] ? more : 0.3f * near[b];
        echo->far_sum[b] += peak[b];
    }
    if (++echo->frames == WINDOW)
        close_window(echo);
}
