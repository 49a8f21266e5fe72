/* meter.c - see meter.h.
 *
 * The rule. A frame is *voiced* by its periodicity; amid enough of these it is an *anchor*, provided
 * something near it is brighter than a thump. Around an anchor, what stands out of the noise belongs to the
 * speech: consonants and the ends of words have no voice. The numbers were found by search on voices that
 * the bench does not report on (README.md).
 */
#include "voice/meter.h"

#include <string.h>

enum flag { VOICED = 1, BRIGHT = 2, SOUND = 4, CANDIDATE = 8, SPEECH = 16 };

#define VOICE_LEAST 0.2f
#define SOUND_LEAST 0.85f  /* log2, mean of three frames */
#define TILT_LEAST  -2.66f /* log2: -8 dB */

enum {
    CENTRE = 2, /* frames from the middle of what was heard to its end */
    AMID = 4,   /* an anchor has, so many frames to either side, … */
    ENOUGH = 5, /* … so many voiced ones, itself among them */
    NEAR = 22,  /* where the bright one must be */
    AFTER = 24, /* how far speech reaches beyond an anchor … */
    BEFORE = 8, /* … and ahead of it */
    BRIDGE = 7, /* over how many quiet frames */
    /* When an anchor is looked at, everything that it asks about is known: */
    KNOWN = CENTRE + 1 + AFTER,
    DECIDED = KNOWN + BEFORE,
    /* When a frame's possible anchors are known not even to be amid a voice, it is quiet for sure: */
    SURE = CENTRE + AMID + BEFORE,
};
_Static_assert(KNOWN >= CENTRE + NEAR, "bright frames are known in time");
_Static_assert(DECIDED + NEAR + AFTER < BALINT_METER_RING, "the ring is long enough");

static void begin(struct balint_meter *meter, int64_t origin)
{
    meter->origin = origin;
    meter->frames = 0;
    memset(meter->over, 0, sizeof meter->over);
    memset(meter->ring, 0, sizeof meter->ring);
    meter->decided = 0;
    meter->voiced = meter->bright = meter->onset = -BALINT_METER_RING;
    meter->live_since = -1;
}

void balint_meter_init(struct balint_meter *meter)
{
    memset(meter, 0, sizeof *meter);
    balint_listen_init(&meter->listen);
    balint_spans_init(&meter->spans, 0);
    begin(meter, 0);
}

static uint8_t *at(struct balint_meter *meter, int64_t frame)
{
    return &meter->ring[frame & (BALINT_METER_RING - 1)];
}

static bool is(struct balint_meter *meter, int64_t frame, enum flag flag)
{
    return frame >= 0 && frame < meter->frames && (*at(meter, frame) & flag);
}

static bool amid_voice(struct balint_meter *meter, int64_t frame)
{
    int count = 0;

    if (!is(meter, frame, VOICED))
        return false;
    for (int64_t i = frame - AMID; i <= frame + AMID; i++)
        count += is(meter, i, VOICED);
    return count >= ENOUGH;
}

static bool is_anchor(struct balint_meter *meter, int64_t frame)
{
    if (!amid_voice(meter, frame))
        return false;
    for (int64_t i = frame - NEAR; i <= frame + NEAR; i++)
        if (is(meter, i, BRIGHT))
            return true;
    return false;
}

/* How far the sound goes on from `frame` in a direction: the last frame of it. */
static int64_t reach(struct balint_meter *meter, int64_t frame, int direction, int most)
{
    int64_t last = frame;

    for (int i = 1; i <= most; i++) {
        int64_t next = frame + direction * i;
        if (next < 0)
            break;
        if (is(meter, next, SOUND))
            last = next;
        else if ((next - last) * direction > BRIDGE)
            break;
    }
    return last;
}

static void mark_around(struct balint_meter *meter, int64_t anchor)
{
    int64_t first = reach(meter, anchor, -1, BEFORE), last = reach(meter, anchor, 1, AFTER);
    for (int64_t i = first; i <= last; i++)
        *at(meter, i) |= SPEECH;
}

/* Puts down what the newest frame says of those that it is about. */
static void note(struct balint_meter *meter, const struct balint_heard *heard)
{
    int64_t now = meter->frames - 1, middle = now - CENTRE;

    *at(meter, now) = 0;
    meter->over[0] = meter->over[1];
    meter->over[1] = meter->over[2];
    meter->over[2] = heard->silent ? 0 : heard->over;
    if (middle >= 0 && !heard->silent && heard->voice > VOICE_LEAST) {
        *at(meter, middle) |= VOICED;
        if (heard->tilt > TILT_LEAST) {
            *at(meter, middle) |= BRIGHT;
            meter->bright = middle;
        }
    }
    if (middle >= 1 && meter->over[0] + meter->over[1] + meter->over[2] > 3 * SOUND_LEAST)
        *at(meter, middle - 1) |= SOUND;
}

static bool quiet_for_sure(struct balint_meter *meter, int64_t frame)
{
    for (int64_t i = frame - AFTER; i <= frame + BEFORE; i++)
        if (is(meter, i, CANDIDATE))
            return false;
    return true;
}

/* Decides what can be: the frame DECIDED back, and those after it that are surely quiet, so that a span that
 * is over is told soon. */
static void decide(struct balint_meter *meter)
{
    int64_t now = meter->frames - 1, anchor = now - KNOWN, newest = now - CENTRE - AMID;

    if (newest >= 0 && amid_voice(meter, newest))
        *at(meter, newest) |= CANDIDATE;
    if (anchor >= 0 && is_anchor(meter, anchor))
        mark_around(meter, anchor);
    while (meter->decided <= now - DECIDED ||
           (meter->decided <= now - SURE && quiet_for_sure(meter, meter->decided))) {
        balint_spans_frame(&meter->spans, is(meter, meter->decided, SPEECH));
        meter->decided++;
    }
}

/* What can be said at once, of frames whose surroundings are just known. Speech goes on until its span is
 * finished, so that who listens hears: begins, span, quiet or begins again. */
static void decide_live(struct balint_meter *meter)
{
    int64_t newest = meter->frames - 1 - CENTRE - 1;

    if (newest >= 0 && amid_voice(meter, newest)) {
        if (newest - meter->voiced >= BALINT_SPANS_GAP)
            meter->onset = newest;
        meter->voiced = newest;
    }
    if (meter->live_since >= 0 && !meter->spans.is_open && meter->decided > meter->live_onset)
        meter->live_since = -1;
    int64_t apart = meter->voiced - meter->bright;
    if (meter->live_since < 0 && meter->onset >= meter->decided && apart <= NEAR && apart >= -NEAR) {
        int64_t first = meter->onset;
        while (is(meter, first - 1, VOICED))
            first--;
        meter->live_onset = meter->onset;
        meter->live_since = meter->origin + reach(meter, first, -1, BEFORE);
    }
}

static void advance(struct balint_meter *meter, const struct balint_heard *heard)
{
    meter->frames++;
    note(meter, heard);
    decide(meter);
}

bool balint_meter_frame(struct balint_meter *meter, const float *near, const float *far)
{
    struct balint_heard heard;

    balint_listen_frame(&meter->listen, near, far, &heard);
    advance(meter, &heard);
    decide_live(meter);
    return meter->live_since >= 0;
}

void balint_meter_break(struct balint_meter *meter)
{
    const struct balint_heard nothing = {.silent = true};
    int64_t came = meter->frames;

    for (int i = 0; i < DECIDED; i++)
        advance(meter, &nothing);
    balint_spans_end(&meter->spans);
    balint_listen_break(&meter->listen);
    meter->spans.now = meter->origin + came;
    begin(meter, meter->origin + came);
}

bool balint_meter_span(struct balint_meter *meter, struct balint_span *span)
{
    return balint_spans_take(&meter->spans, span);
}

int64_t balint_meter_since(const struct balint_meter *meter)
{
    return meter->live_since;
}
