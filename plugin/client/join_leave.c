/* join_leave.c - the end: last pictures, the report, and a word to the server. */
#include <string.h>

#include "client/join.h"

#define GOODBYE_MS 1000 /* for the server's answer; then we are gone anyway */

static int64_t on_clock(const struct balint_joined *join, int64_t own_us)
{
    return own_us > 0 && join->clock.known ? balint_clock_at(&join->clock, own_us) : -1;
}

static void write_report(struct balint_joined *join)
{
    struct balint_heard heard[BALINT_SEATS];
    struct balint_link_view links[BALINT_SEATS];
    struct balint_balance balance;
    for (int seat = 0; seat < BALINT_SEATS; seat++)
        heard[seat] = balint_remotes_heard(join->remotes, seat);
    balint_links_read(join->pipeline.call, links);
    GstClockTime first_ns = join->file != NULL ? balint_wavfile_started(join->file) : GST_CLOCK_TIME_NONE;
    int64_t base_us = (int64_t)(gst_element_get_base_time(join->pipeline.pipeline) / 1000);
    struct balint_account_end end = {
        .admitted_ms = on_clock(join, join->admitted_us),
        .playing_ms = on_clock(join, join->playing_us),
        .source_start_ms =
            first_ns != GST_CLOCK_TIME_NONE ? on_clock(join, base_us + (int64_t)(first_ns / 1000)) : -1,
        .left_ms = on_clock(join, g_get_monotonic_time()),
        .ended = join->ended,
        .heard = heard,
        .links = links,
        .talkbook = balint_reporter_book(join->reporter),
        .balance = balint_reporter_balance(join->reporter, &balance) ? &balance : NULL,
    };
    if (balint_account_write(join->account, join->options.report, &end))
        return;
    g_printerr("balint: the report could not be written to %s: is its folder there?\n", join->options.report);
    join->status = 1;
}

static gboolean on_goodbye(gpointer user_data)
{
    struct balint_joined *join = user_data;
    join->goodbye = 0;
    g_main_loop_quit(join->loop);
    return G_SOURCE_REMOVE;
}

void balint_join_leave(struct balint_joined *join, const char *ended, int status)
{
    if (join->leaving)
        return;
    join->leaving = true;
    join->ended = ended;
    if (join->status == 0)
        join->status = status;
    if (join->ready) {
        const char *phase = join->state.format.phases[join->state.phase].id;
        balint_snapshots_take(join->snapshots, phase, true);
        balint_snapshots_take(join->snapshots, "end", false);
    }
    balint_reporter_stop(join->reporter);
    if (join->options.report != NULL)
        write_report(join);
    gboolean sent = FALSE;
    if (join->known && strcmp(ended, "left") == 0)
        g_signal_emit_by_name(join->pipeline.call, "act", "leave", BALINT_NOBODY, 0, &sent);
    if (sent)
        join->goodbye = g_timeout_add(GOODBYE_MS, on_goodbye, join);
    else
        g_main_loop_quit(join->loop);
}

/* GStreamer says what is wrong; what to do about it, by where it came from. */
static const char *advice_for(const struct balint_joined *join, GstObject *source)
{
    const struct {
        GstElement *part;
        const char *advice;
    } parts[] = {
        {join->pipeline.picture, ": connect a camera, or give another --video-source, or --video-test"},
        {join->pipeline.microphone,
         ": connect a microphone, or give another --audio-source, or --audio-file F.wav"},
        {join->pipeline.loudspeaker,
         ": connect a loudspeaker, or give another --audio-sink, or --no-audio-out"},
        {join->pipeline.window, ": give another --window, or --window none"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        if (parts[i].part != NULL && (source == GST_OBJECT(parts[i].part) ||
                                      gst_object_has_as_ancestor(source, GST_OBJECT(parts[i].part))))
            return parts[i].advice;
    return "";
}

void balint_join_error(struct balint_joined *join, GstMessage *message)
{
    if (balint_join_microphone_error(join, GST_MESSAGE_SRC(message)) ||
        balint_join_loudspeaker_error(join, GST_MESSAGE_SRC(message)))
        return;
    GError *error = NULL;
    gst_message_parse_error(message, &error, NULL);
    GstElement *window = join->pipeline.window;
    bool closed = window != NULL &&
                  gst_object_has_as_ancestor(GST_MESSAGE_SRC(message), GST_OBJECT(window)) &&
                  error->domain == GST_RESOURCE_ERROR && join->ready;
    if (closed) {
        balint_join_leave(join, "left", 0); /* the window was closed */
    } else {
        const char *advice = advice_for(join, GST_MESSAGE_SRC(message));
        size_t length = strlen(error->message);
        bool point = advice[0] != '\0' && length > 0 && error->message[length - 1] == '.';
        g_printerr("balint: %.*s%s\n", (int)(length - point), error->message, advice);
        balint_join_leave(join, "error", 1);
    }
    g_error_free(error);
}
