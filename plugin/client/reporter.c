/* reporter.c - sends the talk record, slot by slot, and keeps a leader's ledger. */
#include "client/reporter.h"

#include <string.h>

#include "client/resender.h"

struct balint_reporter {
    GstElement *call;
    const struct balint_clock *clock;
    struct balint_talkbook book;
    struct balint_ledger *ledger; /* leaders */
    struct balint_resender resender;
    char member[BALINT_ID_SIZE]; /* own */
    uint32_t epoch;              /* own */
    bool leads_any;              /* a leader or co-leader */
    int piece;                   /* where telling the ledger to other leaders has come to */
    bool piece_last;             /* the slot before carried a piece: every second one at most does */
    bool speaking;
    int64_t speaking_since_us; /* monotonic: speech may be older than what is known of the session's clock */
    guint slots;
    GstPad *watched; /* of the voice element, whose thread writes … */
    gulong probe;
    _Atomic int64_t metered_us; /* … up to when (monotonic) it has listened; 0: not watched */
};

struct balint_reporter *balint_reporter_new(GstElement *call, const struct balint_clock *clock)
{
    struct balint_reporter *reporter = g_new0(struct balint_reporter, 1);
    reporter->call = gst_object_ref(call);
    reporter->clock = clock;
    balint_talkbook_init(&reporter->book);
    balint_resender_init(&reporter->resender);
    return reporter;
}

void balint_reporter_free(struct balint_reporter *reporter)
{
    if (reporter == NULL)
        return;
    balint_reporter_stop(reporter);
    if (reporter->watched != NULL)
        gst_pad_remove_probe(reporter->watched, reporter->probe);
    gst_clear_object(&reporter->watched);
    balint_ledger_free(reporter->ledger);
    gst_object_unref(reporter->call);
    g_free(reporter);
}

/* The voice element's streaming thread. */
static GstPadProbeReturn on_metered(GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
    struct balint_reporter *reporter = user_data;
    GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER(info);
    GstElement *voice = gst_pad_get_parent_element(pad);
    if (voice != NULL && GST_BUFFER_PTS_IS_VALID(buffer))
        reporter->metered_us = (int64_t)((gst_element_get_base_time(voice) + GST_BUFFER_PTS(buffer)) / 1000);
    gst_clear_object(&voice);
    return GST_PAD_PROBE_OK;
}

void balint_reporter_watch(struct balint_reporter *reporter, GstElement *voice)
{
    reporter->watched = gst_element_get_static_pad(voice, "src");
    reporter->probe =
        gst_pad_add_probe(reporter->watched, GST_PAD_PROBE_TYPE_BUFFER, on_metered, reporter, NULL);
}

/* Brings the book up to this moment and writes the record down. Speech that lasts is counted only as far as
 * the meter has listened: on a machine that falls behind, its silence is not known yet. */
static const struct balint_talk *record(struct balint_reporter *reporter)
{
    int64_t now_us = g_get_monotonic_time(), metered_us = reporter->metered_us;
    int64_t until_us = metered_us > 0 && metered_us < now_us ? metered_us : now_us;
    if (reporter->speaking)
        balint_talkbook_speaking(&reporter->book,
                                 balint_clock_at(reporter->clock, reporter->speaking_since_us),
                                 balint_clock_at(reporter->clock, until_us));
    return balint_talkbook_record(&reporter->book, balint_clock_at(reporter->clock, now_us),
                                  reporter->speaking);
}

/* What has no process of its own to tell it any more, for a leader's program that was started again. */
static void tell_leaders(struct balint_reporter *reporter)
{
    uint8_t piece[BALINT_LEDGER_PIECE];
    reporter->piece_last = !reporter->piece_last && reporter->ledger != NULL && reporter->leads_any &&
                           balint_ledger_piece(reporter->ledger, &reporter->piece, piece);
    if (!reporter->piece_last)
        return;
    GBytes *bytes = g_bytes_new(piece, sizeof piece);
    g_signal_emit_by_name(reporter->call, "send-ledger", bytes);
    g_bytes_unref(bytes);
}

/* Spans to who asked for them, and what this leader's program asks of others. */
static void tell_spans(struct balint_reporter *reporter)
{
    const struct balint_state *state = &reporter->resender.state;
    int64_t now_ms = balint_clock_at(reporter->clock, g_get_monotonic_time());
    for (int i = 0; i < state->seat_count; i++) {
        gboolean taken = FALSE;
        int seat = state->seats[i].seat;
        const uint8_t *body =
            balint_resender_next(&reporter->resender, reporter->ledger, &reporter->book, seat, now_ms);
        if (body == NULL)
            continue;
        GBytes *bytes = g_bytes_new(body, BALINT_RESEND_SIZE);
        g_signal_emit_by_name(reporter->call, "send-spans", seat, bytes, &taken);
        if (taken)
            balint_resender_sent(&reporter->resender, seat);
        g_bytes_unref(bytes);
    }
}

static gboolean on_slot(gpointer user_data)
{
    struct balint_reporter *reporter = user_data;
    const struct balint_talk *talk = record(reporter);
    if (reporter->ledger != NULL)
        balint_ledger_take(reporter->ledger, reporter->member, reporter->epoch, talk);
    uint8_t body[BALINT_TALK_SIZE];
    tell_leaders(reporter);
    tell_spans(reporter);
    balint_talk_write(talk, body);
    GBytes *bytes = g_bytes_new(body, sizeof body);
    g_signal_emit_by_name(reporter->call, "send-talk", bytes);
    g_bytes_unref(bytes);
    return G_SOURCE_CONTINUE;
}

void balint_reporter_state(struct balint_reporter *reporter, const struct balint_state *state)
{
    const struct balint_state_seat *self = balint_state_seat_of(state, state->you);
    if (!state->admitted || self == NULL)
        return;
    memcpy(reporter->member, self->member, sizeof reporter->member);
    reporter->epoch = self->epoch;
    reporter->leads_any = balint_is_leader(self->role);
    reporter->book.talk.shared = self->shared;
    balint_talkbook_phase(&reporter->book, state->phase_since_ms, state->phase);
    balint_resender_state(&reporter->resender, state);
    if (reporter->leads_any && reporter->ledger == NULL)
        reporter->ledger = balint_ledger_new();
    if (reporter->ledger != NULL)
        balint_ledger_state(reporter->ledger, state);
    if (reporter->slots == 0)
        reporter->slots = g_timeout_add(BALINT_SLOT_MS, on_slot, reporter);
}

void balint_reporter_microphone(struct balint_reporter *reporter, bool open, int64_t since_us)
{
    balint_talkbook_open(&reporter->book, balint_clock_at(reporter->clock, since_us), open);
}

void balint_reporter_voice(struct balint_reporter *reporter, const GstStructure *message, int64_t base_us)
{
    guint64 start_ns = 0, end_ns = 0;
    gboolean speaking = FALSE;
    if (gst_structure_has_name(message, "balint-voice-span") &&
        gst_structure_get_uint64(message, "start-ns", &start_ns) &&
        gst_structure_get_uint64(message, "end-ns", &end_ns)) {
        reporter->speaking = false;
        if (reporter->clock->known) /* what was said before was said to nobody */
            balint_talkbook_span(&reporter->book,
                                 balint_clock_at(reporter->clock, base_us + (int64_t)(start_ns / 1000)),
                                 balint_clock_at(reporter->clock, base_us + (int64_t)(end_ns / 1000)));
    } else if (gst_structure_has_name(message, "balint-voice-state") &&
               gst_structure_get_uint64(message, "since-ns", &start_ns) &&
               gst_structure_get_boolean(message, "speaking", &speaking)) {
        reporter->speaking = speaking;
        if (speaking)
            reporter->speaking_since_us = base_us + (int64_t)(start_ns / 1000);
    }
}

void balint_reporter_take(struct balint_reporter *reporter, const char *member, uint32_t epoch, GBytes *body)
{
    struct balint_talk talk;
    gsize length;
    const void *bytes = g_bytes_get_data(body, &length);
    if (reporter->ledger == NULL || bytes == NULL || !balint_talk_read(&talk, bytes, length))
        return;
    balint_ledger_take(reporter->ledger, member, epoch, &talk);
    balint_recall_record(&reporter->resender.recall, member, epoch, &talk, false);
}

void balint_reporter_take_spans(struct balint_reporter *reporter, int seat, GBytes *body)
{
    gsize length;
    const void *bytes = g_bytes_get_data(body, &length);
    if (bytes != NULL)
        balint_resender_take(&reporter->resender, reporter->ledger, seat, bytes, length,
                             balint_clock_at(reporter->clock, g_get_monotonic_time()));
}

void balint_reporter_take_ledger(struct balint_reporter *reporter, GBytes *piece)
{
    char member[BALINT_ID_SIZE];
    struct balint_talk talk;
    uint32_t epoch;
    gsize length;
    const void *bytes = g_bytes_get_data(piece, &length);
    if (reporter->ledger == NULL || bytes == NULL ||
        !balint_ledger_read_piece(bytes, length, member, &epoch, &talk))
        return;
    balint_ledger_take(reporter->ledger, member, epoch, &talk);
    balint_recall_record(&reporter->resender.recall, member, epoch, &talk, true);
}

void balint_reporter_stop(struct balint_reporter *reporter)
{
    if (reporter->slots != 0) {
        g_source_remove(reporter->slots);
        reporter->slots = 0;
        record(reporter);
    }
}

const struct balint_talkbook *balint_reporter_book(const struct balint_reporter *reporter)
{
    return &reporter->book;
}

bool balint_reporter_balance(const struct balint_reporter *reporter, struct balint_balance *balance)
{
    if (reporter->ledger == NULL || !reporter->leads_any)
        return false;
    balint_ledger_balance(reporter->ledger, balint_clock_at(reporter->clock, g_get_monotonic_time()),
                          balance);
    return true;
}

int64_t balint_reporter_lacks_ms(const struct balint_reporter *reporter)
{
    return balint_recall_lacks_ms(&reporter->resender.recall, &reporter->resender.state);
}

bool balint_reporter_after(const struct balint_reporter *reporter, struct balint_after *after)
{
    if (reporter->ledger == NULL || !reporter->leads_any)
        return false;
    balint_ledger_after(reporter->ledger, balint_clock_at(reporter->clock, g_get_monotonic_time()), after);
    return true;
}

bool balint_reporter_speaking(const struct balint_reporter *reporter)
{
    return reporter->speaking;
}

bool balint_reporter_listened(const struct balint_reporter *reporter)
{
    return reporter->metered_us > 0;
}
