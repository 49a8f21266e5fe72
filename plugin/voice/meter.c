/* meter.c - see meter.h.
 *
 * Two answers of the network are used. The late one, about the frame 0.3 s ago, makes the spans, with some
 * hysteresis. The soon one only says that speech has begun; whether it was a span is for the late one to
 * say.
 */
#include "voice/meter.h"

#include <string.h>

#define BEGINS    0.75f /* how sure the late answer must be that speech begins … */
#define GOES_ON   0.5f  /* … and goes on */
#define ANNOUNCED 0.6f  /* and the soon one, to say so at once; … */
#define MAYBE     0.3f  /* … then it began where this was passed */

enum {
    DOUBT = 15, /* frames: after so many without a span, what was announced was nothing */
};
_Static_assert(BALINT_MATCH_SURE + BALINT_NET_LATE + BALINT_METER_BEFORE < BALINT_METER_RING,
               "the ring is long enough");
_Static_assert(BALINT_METER_AFTER <= BALINT_NET_LATE, "what is near is known in time");

static void begin(struct balint_meter *meter, int64_t origin)
{
    meter->origin = origin;
    meter->frames = meter->came = 0;
    memset(meter->silent, 0, sizeof meter->silent);
    memset(meter->loud, 0, sizeof meter->loud);
    meter->speech = false;
    meter->decided = 0;
    meter->maybe = meter->maybe_last = -BALINT_SPANS_GAP;
    meter->live_since = -1;
    balint_net_init(&meter->net);
}

void balint_meter_init(struct balint_meter *meter)
{
    memset(meter, 0, sizeof *meter);
    balint_listen_init(&meter->listen);
    balint_spans_init(&meter->spans, 0);
    begin(meter, 0);
}

/* Whether a frame can be speech: it is no digital silence, something near it stands out, and that is not what
 * the far end holds. */
static bool can_be(const struct balint_meter *meter, int64_t frame)
{
    if (frame < 0 || meter->silent[frame % BALINT_METER_RING] ||
        balint_match_owed(&meter->listen.match, (int)(meter->came - 1 - frame)))
        return false;
    for (int64_t i = frame - BALINT_METER_BEFORE; i <= frame + BALINT_METER_AFTER; i++)
        if (i >= 0 && i < meter->frames && meter->loud[i % BALINT_METER_RING] > BALINT_METER_OVER)
            return true;
    return false;
}

/* Frames before `until` become part of a span, or not. */
static void decide(struct balint_meter *meter, int64_t until)
{
    for (; meter->decided < until; meter->decided++) {
        meter->speech = meter->late[meter->decided % BALINT_METER_RING] > (meter->speech ? GOES_ON : BEGINS);
        balint_spans_frame(&meter->spans, meter->speech && can_be(meter, meter->decided));
    }
}

/* Speech goes on until its span is finished, so that who listens hears: begins, span, quiet or begins
 * again. */
static void decide_live(struct balint_meter *meter, float soon)
{
    int64_t frame = meter->frames - 1 - BALINT_NET_SOON;
    const struct balint_spans *spans = &meter->spans;

    if (soon > MAYBE && can_be(meter, frame)) {
        if (frame - meter->maybe_last >= BALINT_SPANS_GAP)
            meter->maybe = frame;
        meter->maybe_last = frame;
    }
    if (meter->live_since >= 0 && !spans->is_open && meter->decided > meter->live_onset + DOUBT)
        meter->live_since = -1;
    if (meter->live_since >= 0)
        return;
    if (spans->is_open) {
        meter->live_since = spans->open.start;
        meter->live_onset = spans->open.start - meter->origin;
    } else if (soon > ANNOUNCED && meter->maybe_last == frame && meter->maybe >= meter->decided) {
        meter->live_onset = meter->maybe;
        meter->live_since = meter->origin + meter->maybe;
    }
}

static void advance(struct balint_meter *meter, const struct balint_heard *heard,
                    float answers[BALINT_NET_OUT])
{
    balint_net_frame(&meter->net, heard->trait, answers);
    meter->silent[meter->frames % BALINT_METER_RING] = heard->silent;
    meter->loud[meter->frames++ % BALINT_METER_RING] = heard->trait[BALINT_TRAIT_LOUD];
    if (meter->frames > BALINT_NET_LATE)
        meter->late[(meter->frames - 1 - BALINT_NET_LATE) % BALINT_METER_RING] = answers[1];
}

bool balint_meter_frame(struct balint_meter *meter, const float *near, const float *far)
{
    struct balint_heard heard;
    float answers[BALINT_NET_OUT];

    balint_listen_frame(&meter->listen, near, far, &heard);
    advance(meter, &heard, answers);
    meter->came = meter->frames;
    /* Who has a neighbour in the room waits for the far end to bring what was the neighbour's. */
    decide(meter, meter->came -
                      (balint_match_neighbour(&meter->listen.match) ? BALINT_MATCH_SURE : BALINT_NET_LATE));
    decide_live(meter, answers[0]);
    return meter->live_since >= 0;
}

void balint_meter_break(struct balint_meter *meter)
{
    struct balint_heard nothing;
    float answers[BALINT_NET_OUT];

    balint_listen_nothing(&nothing);
    balint_listen_break(&meter->listen);
    for (int i = 0; i < BALINT_NET_LATE; i++)
        advance(meter, &nothing, answers);
    decide(meter, meter->came);
    balint_spans_end(&meter->spans);
    begin(meter, meter->origin + meter->came);
}

bool balint_meter_span(struct balint_meter *meter, struct balint_span *span)
{
    return balint_spans_take(&meter->spans, span);
}

int64_t balint_meter_since(const struct balint_meter *meter)
{
    return meter->live_since;
}
