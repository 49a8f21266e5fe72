/* match.c - see match.h. */
#include "voice/match.h"

#include <string.h>

#include "voice/spectrum.h"

#define LEAST     1e-9f   /* power of a band below which nothing is told apart */
#define FAR_FLOOR 1e-7f   /* of a band: the far end's own noise, after its codec */
#define SOUNDS    18.0f   /* as much over the noise, all bands together: something stands out */
#define USUAL     0.01f   /* a frame's part in the usual shape */
#define KEPT      0.993f  /* of the sums, a frame in which both sound: a second and a half */
#define LITTLE    2000.0f /* what half a second sums up to: too little to tell */
#define PATH      0.5f    /* as alike as that. Different people's voices were 0.4 alike at most. */
#define FORGETS   5e-4f   /* of a likeness, a frame in which both sound: a path lasts ten seconds of others */
#define JITTER    3.0f    /* a path explains what is so far over its gain: 9 dB */
#define SOFTER    2.0f    /* than the far end, at least, is a neighbour: 6 dB. One's own voice is not. */
#define ALIKE     0.25f   /* in a quarter of a second */
#define LEARNS    0.02f

enum { RING = BALINT_MATCH_RING, AHEAD = BALINT_MATCH_AHEAD, LAGS = BALINT_MATCH_LAGS, WHILE = 25 };
_Static_assert(AHEAD + LAGS + BALINT_MATCH_TAIL < RING, "what is compared is still there");
_Static_assert(BALINT_MATCH_SURE + BALINT_MATCH_AROUND < RING, "and what was judged");

static int slot(uint32_t frame)
{
    return (int)(frame % RING);
}

/* The most that a path at a lag (counted from AHEAD frames before the far end) may bring. */
static float most_of(int lag)
{
    return lag < AHEAD ? -SOFTER - JITTER : -JITTER;
}

void balint_match_init(struct balint_match *match)
{
    memset(match, 0, sizeof *match);
    for (int lag = 0; lag < LAGS; lag++)
        match->gain[lag] = most_of(lag);
    for (int i = 0; i < RING; i++)
        for (int b = 0; b < BALINT_BANDS; b++)
            match->far[i].level[b] = -30; /* nothing */
}

static bool is_path(const struct balint_match *match, int lag)
{
    for (int i = lag - 3; i <= lag + 3; i++)
        if (i >= 0 && i < LAGS && match->like[i] > match->like[lag])
            return false;
    return match->like[lag] > PATH;
}

/* Raises `most` to what the path at a lag brings to a frame of the microphone. */
static void bring(const struct balint_match *match, uint32_t frame, int lag, float *most)
{
    for (int i = -BALINT_MATCH_EARLY; i <= BALINT_MATCH_TAIL; i++) {
        uint32_t of = frame + (uint32_t)(AHEAD - lag - i);
        if ((int32_t)(of - match->now) > 0)
            continue; /* not come yet */
        for (int b = 0; b < BALINT_BANDS; b++) {
            float brings = match->far[slot(of)].level[b] + match->gain[lag];
            most[b] = brings > most[b] ? brings : most[b];
        }
    }
}

/* Have both been alike at a lag just before this frame? A far end that holds more people than the neighbour
 * is loud as well while they speak. */
static bool alike(const struct balint_match *match, uint32_t frame, int lag)
{
    float both = 0, near_sum = 0, far_sum = 0;

    for (uint32_t ago = 0; ago < WHILE; ago++) {
        const struct balint_match_sound *near = &match->near[slot(frame - ago)],
                                        *far = &match->far[slot(frame - ago + (uint32_t)(AHEAD - lag))];
        for (int b = 0; b < BALINT_BANDS && near->energy > 0 && far->energy > 0; b++)
            both += near->shape[b] * far->shape[b];
        near_sum += near->energy;
        far_sum += far->energy;
    }
    return both > ALIKE * __builtin_sqrtf(near_sum * far_sum);
}

/* How far a frame lies over what the paths from lag `first` to `last` bring: the mean of what stands out. */
static float over_paths(const struct balint_match *match, uint32_t frame, int first, int last)
{
    const struct balint_match_sound *near = &match->near[slot(frame)];
    float most[BALINT_BANDS], sum = 0, weight = 1e-6f;

    for (int b = 0; b < BALINT_BANDS; b++)
        most[b] = -40;
    for (int lag = first; lag <= last; lag++)
        if (is_path(match, lag) && (lag >= AHEAD || alike(match, frame, lag)))
            bring(match, frame, lag, most);
    for (int b = 0; b < BALINT_BANDS; b++) {
        sum += near->over[b] * (near->level[b] - most[b]);
        weight += near->over[b];
    }
    return sum / weight;
}

static void judge(struct balint_match *match, uint32_t frame, int first)
{
    int at = slot(frame);
    float all = 0;

    for (int b = 0; b < BALINT_BANDS; b++)
        all += match->near[at].over[b];
    bool owed = over_paths(match, frame, first, LAGS - 1) < JITTER;
    match->owed[at] = owed ? all : 0;
    match->own[at] = owed ? 0 : all;
}

/* A path's gain follows the frames that it may explain: not those of one's own voice. */
static void follow_gain(struct balint_match *match, uint32_t frame, int lag)
{
    float off = over_paths(match, frame, lag, lag), most = most_of(lag);

    if (match->gain[lag] + off > most + JITTER)
        return;
    match->gain[lag] += LEARNS * (off > 2 ? 2 : off < -2 ? -2 : off);
    if (match->gain[lag] > most)
        match->gain[lag] = most;
}

/* Compares a frame with the far end at every lag. */
static void compare(struct balint_match *match, uint32_t frame)
{
    const struct balint_match_sound *near = &match->near[slot(frame)];

    for (int lag = 0; lag < LAGS && near->energy > 0; lag++) {
        const struct balint_match_sound *far = &match->far[slot(frame + (uint32_t)(AHEAD - lag))];
        float both = 0;
        if (far->energy == 0)
            continue;
        for (int b = 0; b < BALINT_BANDS; b++)
            both += near->shape[b] * far->shape[b];
        match->both_sum[lag] = KEPT * match->both_sum[lag] + both;
        match->near_sum[lag] = KEPT * match->near_sum[lag] + near->energy;
        match->far_sum[lag] = KEPT * match->far_sum[lag] + far->energy;
        float like =
            match->both_sum[lag] / (__builtin_sqrtf(match->near_sum[lag] * match->far_sum[lag]) + LITTLE);
        bool found = like > PATH;
        like += found ? 1 : 0;
        match->like[lag] -= FORGETS;
        if (like > match->like[lag])
            match->like[lag] = like;
        if (found && is_path(match, lag))
            follow_gain(match, frame, lag);
    }
}

static void take(struct balint_match_sound *sound, const float *power, const float *floor, float floor_least,
                 float *usual)
{
    float all = 0;

    for (int b = 0; b < BALINT_BANDS; b++) {
        sound->level[b] = balint_log2(power[b] + LEAST);
        float over = sound->level[b] - balint_log2((floor != NULL ? floor[b] : 0) + floor_least);
        sound->over[b] = over > 1 ? over : 0;
        all += sound->over[b];
    }
    sound->energy = 0;
    for (int b = 0; b < BALINT_BANDS && all >= SOUNDS; b++) {
        float shape = sound->over[b] - all / BALINT_BANDS;
        usual[b] += USUAL * (shape - usual[b]);
        sound->shape[b] = shape - usual[b];
        sound->energy += sound->shape[b] * sound->shape[b];
    }
}

void balint_match_frame(struct balint_match *match, const float *far, const float *near, const float *floor)
{
    int at = slot(++match->now);

    take(&match->near[at], near, floor, LEAST, match->near_usual);
    take(&match->far[at], far, NULL, FAR_FLOOR, match->far_usual);
    /* By what the loudspeaker has played; again when all has come. */
    judge(match, match->now, AHEAD + BALINT_MATCH_EARLY);
    judge(match, match->now - AHEAD - BALINT_MATCH_EARLY, 0);
    compare(match, match->now - AHEAD);
}

void balint_match_break(struct balint_match *match)
{
    for (uint32_t ago = 0; ago < AHEAD + BALINT_MATCH_EARLY; ago++)
        judge(match, match->now - ago, 0);
}

bool balint_match_owed(const struct balint_match *match, int ago)
{
    float own = 0, owed = 0;

    for (int i = ago - BALINT_MATCH_AROUND; i <= ago + BALINT_MATCH_AROUND; i++)
        if (i >= 0) {
            own += match->own[slot(match->now - (uint32_t)i)];
            owed += match->owed[slot(match->now - (uint32_t)i)];
        }
    return owed > own;
}

bool balint_match_neighbour(const struct balint_match *match)
{
    for (int lag = 0; lag < AHEAD; lag++)
        if (is_path(match, lag))
            return true;
    return false;
}
