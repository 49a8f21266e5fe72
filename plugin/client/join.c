/* join.c - `balint join`: checks what can be checked, joins, and goes through the evening. */
#include "client/main.h"

#include <errno.h>
#include <glib-unix.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/device.h"
#include "client/join.h"
#include "client/secret_file.h"
#include "identity/identity.h"
#include "protocol/messages.h"

#ifndef BALINT_TESTING
#define BALINT_TESTING 0
#endif

#define FAREWELL_MS 20000 /* who was removed reads the word to them so long; Q leaves at once */
#define TRYING_MS   3000  /* without a word of the server; then one of ours */
#define LOBBY_MS    500   /* who waits so long is told why */
#define TEARDOWN_S  10    /* a pipeline that does not stop in so many seconds is left to the system */

/* ---- what the call tells */

/* The phase's last picture is taken before the next one is drawn. */
static void enter_phase(struct balint_joined *join, const struct balint_state *state)
{
    if (join->later &&
        (state->phase != join->state.phase || state->phase_since_ms != join->state.phase_since_ms))
        balint_join_later(join, false);
    bool moved = join->ready &&
                 (state->phase != join->state.phase || state->phase_since_ms != join->state.phase_since_ms);
    if (moved)
        balint_snapshots_take(join->snapshots, join->state.format.phases[join->state.phase].id, true);
    balint_remotes_phase(join->remotes, state->phase);
}

/* Admitted: from now on we are heard and seen. */
static void take_ready(struct balint_joined *join, int64_t own_us)
{
    join->ready = true;
    join->notice_until_us = 0; /* of a look at the door */
    join->admitted_us = own_us;
    if (join->file != NULL)
        balint_wavfile_start(join->file);
    balint_picture_colour(join->pipeline.picture, join->state.you);
    printf("ready seat=%d\n", join->state.you);
    fflush(stdout);
    balint_script_start(join->script);
}

/* A leader who begins, and who comes back, is through before this. */
static gboolean on_lobby(gpointer user_data)
{
    struct balint_joined *join = user_data;
    join->lobby = 0;
    if (!join->ready) /* the window has a card that says it */
        g_printerr(join->state.led ? "balint: you are in the lobby; a leader will let you in\n"
                                   : "balint: you are in the lobby; no leader has come in yet\n");
    return G_SOURCE_REMOVE;
}

static bool is_asked(const struct balint_joined *join)
{
    return join->state.admitted && join->state.proposed == join->state.you;
}

/* A program of a test that nobody sits at: it agrees to present when it is asked, as no key ever will. */
static void agree_alone(const struct balint_joined *join)
{
    gboolean sent;
    if (BALINT_TESTING && !isatty(STDIN_FILENO))
        g_signal_emit_by_name(join->pipeline.call, "act", "agree", BALINT_NOBODY, 1, &sent);
}

static void take_state(struct balint_joined *join, const struct balint_telling *telling)
{
    static struct balint_message message; /* large, and the main thread alone */
    struct balint_error error;
    if (!balint_decode(telling->text, strlen(telling->text), BALINT_TO_CLIENT, &message, &error) ||
        message.type != BALINT_MSG_STATE)
        return;
    const struct balint_state *state = &message.state;
    balint_clock_note(&join->clock, state->clock_ms, telling->own_us);
    if (state->admitted)
        enter_phase(join, state);
    else if (!join->known)
        join->lobby = g_timeout_add(LOBBY_MS, on_lobby, join);
    int64_t now_ms = balint_clock_at(&join->clock, telling->own_us);
    balint_join_role(join, state);
    balint_join_notices(join, state);
    bool was_asked = is_asked(join);
    bool first = !join->known;
    join->state = *state;
    join->known = true;
    balint_reporter_state(join->reporter, state);
    balint_reporter_microphone(join->reporter, telling->open, telling->own_us);
    balint_account_state(join->account, state, now_ms);
    if (join->pipeline.overlay != NULL)
        g_object_set(join->pipeline.overlay, "state", telling->text, NULL);
    if (state->admitted && !join->ready)
        take_ready(join, telling->own_us);
    if (first)
        balint_join_missing(join);
    balint_join_help_keep(join);
    balint_join_door_state(join);
    balint_join_show(join);
    if (is_asked(join) && !was_asked)
        agree_alone(join);
}

static gboolean on_farewell(gpointer user_data)
{
    struct balint_joined *join = user_data;
    join->farewell = 0;
    balint_join_leave(join, "removed", 1);
    return G_SOURCE_REMOVE;
}

static void take_closed(struct balint_joined *join, const struct balint_telling *telling)
{
    if (join->leaving) {
        g_main_loop_quit(join->loop);
        return;
    }
    bool ended = g_strcmp0(telling->code, "ended") == 0;
    balint_join_say_end(join, telling->text != NULL ? telling->text : "the call is over");
    if (g_strcmp0(telling->code, "removed") == 0 && join->said.answer.text[0] != '\0' &&
        join->pipeline.overlay != NULL) {
        g_strlcat(join->notice, "\nNobody sees or hears you any more.", sizeof join->notice);
        join->said.over = true;
        join->notice_until_us = g_get_monotonic_time() + FAREWELL_MS * G_TIME_SPAN_MILLISECOND;
        join->answer_until_us = join->notice_until_us;
        join->farewell = g_timeout_add(FAREWELL_MS, on_farewell, join);
        balint_join_show(join);
        return; /* a last word is read before the window goes */
    }
    balint_join_leave(join, telling->code != NULL ? g_intern_string(telling->code) : "closed", ended ? 0 : 1);
}

void balint_join_told(struct balint_joined *join, const struct balint_telling *telling)
{
    int64_t now_ms = join->clock.known ? balint_clock_at(&join->clock, telling->own_us) : 0;
    switch (telling->told) {
    case BALINT_TOLD_STATE:
        if (!join->leaving)
            take_state(join, telling);
        break;
    case BALINT_TOLD_REFUSED:
        if (g_strcmp0(telling->code, "stale-roster") != 0) /* the call tries again by itself */
            balint_join_refused(join, telling->code, telling->text);
        break;
    case BALINT_TOLD_CLOSED:
        take_closed(join, telling);
        break;
    case BALINT_TOLD_DISPLACED:
        balint_account_event(join->account, now_ms, "displaced", BALINT_NOBODY);
        break;
    case BALINT_TOLD_LINK:
        balint_account_event(join->account, now_ms, telling->text, telling->seat);
        balint_join_link(join, telling->seat, telling->text);
        balint_join_show(join);
        break;
    case BALINT_TOLD_LEDGER:
        balint_reporter_take_ledger(join->reporter, telling->body);
        break;
    case BALINT_TOLD_TALK:
        balint_reporter_take(join->reporter, telling->text, telling->epoch, telling->body);
        break;
    case BALINT_TOLD_SPANS:
        balint_reporter_take_spans(join->reporter, telling->seat, telling->body);
        break;
    case BALINT_TOLD_QUIET:
    case BALINT_TOLD_OWN_QUIET:
    case BALINT_TOLD_ANSWERED:
    case BALINT_TOLD_LINE:
    case BALINT_TOLD_REACHED:
        balint_join_word(join, telling);
        break;
    case BALINT_TOLD_DOOR:
        balint_join_door(join, telling->text);
        break;
    case BALINT_TOLD_DEVICES:
        balint_join_devices(join, telling->text);
        break;
    case BALINT_TOLD_LOOKED_AT:
        balint_join_looked_at(join, telling->text);
        break;
    case BALINT_TOLD_KEPT:
        balint_join_kept(join, telling->text);
        break;
    case BALINT_TOLD_SERVER:
        join->lost_us = telling->open ? 0 : telling->own_us;
        balint_join_show(join);
        break;
    }
}

/* ---- what the pipeline tells */

static gboolean on_bus(GstBus *bus, GstMessage *message, gpointer user_data)
{
    (void)bus;
    struct balint_joined *join = user_data;
    GstState state;
    switch (GST_MESSAGE_TYPE(message)) {
    case GST_MESSAGE_ERROR:
        balint_join_error(join, message);
        break;
    case GST_MESSAGE_WARNING:
        balint_join_microphone_warning(join, GST_MESSAGE_SRC(message));
        break;
    case GST_MESSAGE_LATENCY:
        gst_bin_recalculate_latency(GST_BIN(join->pipeline.pipeline));
        break;
    case GST_MESSAGE_STATE_CHANGED:
        gst_message_parse_state_changed(message, NULL, &state, NULL);
        if (GST_MESSAGE_SRC(message) == GST_OBJECT(join->pipeline.pipeline) && state == GST_STATE_PLAYING &&
            join->playing_us == 0)
            join->playing_us = g_get_monotonic_time();
        break;
    case GST_MESSAGE_ELEMENT:
        if (GST_MESSAGE_SRC(message) == GST_OBJECT(join->pipeline.voice))
            balint_reporter_voice(join->reporter, gst_message_get_structure(message),
                                  (int64_t)(gst_element_get_base_time(join->pipeline.pipeline) / 1000));
        break;
    default:
        break;
    }
    return G_SOURCE_CONTINUE;
}

static gboolean on_tick(gpointer user_data)
{
    balint_join_words_tick(user_data);
    balint_join_show(user_data);
    return G_SOURCE_CONTINUE;
}

/* The time is over. Who was never let in did not take part, and a script must see that. */
static gboolean on_seconds(gpointer user_data)
{
    struct balint_joined *join = user_data;
    join->seconds = 0;
    if (!join->known)
        g_printerr("balint: the server gave no answer in this time: check the address and your line\n");
    else if (!join->ready)
        g_printerr("balint: nobody let you in in this time: ask your leader\n");
    balint_join_leave(join, "left", join->ready ? 0 : 1);
    return G_SOURCE_REMOVE;
}

static gboolean on_trying(gpointer user_data)
{
    struct balint_joined *join = user_data;
    join->trying = 0;
    if (!join->known && !join->leaving)
        g_printerr("balint: the server has not answered yet; still trying (Ctrl-C ends it)\n");
    return G_SOURCE_REMOVE;
}

static gboolean on_signal(gpointer user_data)
{
    struct balint_joined *join = user_data;
    if (join->leaving)
        g_main_loop_quit(join->loop); /* asked twice */
    balint_join_leave(join, "left", 0);
    return G_SOURCE_CONTINUE;
}

/* ---- from the link to the evening */

static int fail(const char *why, int status)
{
    g_printerr("balint join: %s\n", why);
    return status;
}

/* The link, from the command line, the standard input or a file; wiped from the list of processes. */
static bool read_link(const struct balint_options *options, char link[BALINT_LINK_SIZE], char why[BALINT_WHY])
{
    struct balint_link parsed;
    const char *wrong = "the first line holds no link: write your invitation there";
    bool ok;
    if (options->link != NULL && strcmp(options->link, "-") != 0) {
        ok = strlen(options->link) < BALINT_LINK_SIZE;
        if (ok)
            strcpy(link, options->link);
        balint_wipe((void *)(uintptr_t)options->link, strlen(options->link));
    } else {
        int fd = options->link != NULL ? STDIN_FILENO : balint_secret_open(options->link_file, why);
        if (fd < 0)
            return false;
        ok = balint_secret_line(fd, link, BALINT_LINK_SIZE) && link[0] != '\0';
        if (fd != STDIN_FILENO)
            close(fd);
    }
    ok = ok && balint_link_parse(&parsed, link, &wrong);
    balint_wipe(&parsed, sizeof parsed);
    return ok || balint_why(why, "%s", wrong);
}

/* The report is written beside and renamed at the end: can it be? What is there stays until then. */
static bool report_ok(const char *path, char why[BALINT_OPTION_WHY])
{
    bool folder = g_file_test(path, G_FILE_TEST_IS_DIR);
    char *beside = g_strconcat(path, ".XXXXXX", NULL);
    int file = folder ? -1 : g_mkstemp(beside), error = folder ? EISDIR : errno;
    if (file >= 0) {
        close(file);
        unlink(beside);
    } else {
        snprintf(why, BALINT_OPTION_WHY, "--report: %.140s cannot be written (%.60s): choose another place",
                 path, strerror(error));
    }
    g_free(beside);
    return file >= 0;
}

/* Everything that can be wrong without anybody noticing us. */
static bool prepare(struct balint_joined *join)
{
    const struct balint_options *options = &join->options;
    if (options->script != NULL) {
        join->script =
            balint_script_open(options->script, balint_join_do, balint_join_wrong, join, join->why);
        if (join->script == NULL)
            return false;
    }
    if (options->report != NULL && !report_ok(options->report, join->why))
        return false;
    if (options->snapshot != NULL) {
        join->snapshots = balint_snapshots_new(options->snapshot, join->why);
        if (join->snapshots == NULL)
            return false;
    }
    if (options->audio_file != NULL) {
        join->file = balint_wavfile_new(options->audio_file, join->why);
        if (join->file == NULL)
            return false;
    }
    return balint_plugin_find(join->why) && balint_devices_try(&join->options, join->why) &&
           balint_pipeline_build(&join->pipeline, options, join->file, join->why);
}

static void connect_call(struct balint_joined *join, char link[BALINT_LINK_SIZE])
{
    GstElement *call = join->pipeline.call;
    g_object_set(call, "invitation", link, "no-microphone", join->options.no_microphone, NULL);
    balint_device_give(call, link);
    balint_join_help_read(join, link);
    balint_known_give(&join->known_file, call, link);
    balint_wipe(link, BALINT_LINK_SIZE);
    if (join->options.server != NULL)
        g_object_set(call, "server", join->options.server, NULL);
    if (join->options.ca != NULL)
        g_object_set(call, "ca-file", join->options.ca, NULL);
#if BALINT_TESTING
    if (join->options.admit_everyone)
        g_object_set(call, "admit-everyone", TRUE, NULL);
#endif
    join->remotes =
        balint_remotes_new(join->pipeline.pipeline, call, join->pipeline.mixer, join->pipeline.compositor);
    join->reporter = balint_reporter_new(call, &join->clock);
    balint_reporter_watch(join->reporter, join->pipeline.voice);
    balint_join_listen(join);
}

static void connect_window(struct balint_joined *join)
{
    join->window =
        balint_window_new(balint_join_line, balint_join_asks, balint_join_answers, balint_join_types, join);
    if (join->pipeline.overlay != NULL) {
        GstPad *pad = gst_element_get_static_pad(join->pipeline.overlay, "src");
        balint_window_watch(join->window, pad);
        if (join->snapshots != NULL)
            balint_snapshots_watch(join->snapshots, pad);
        gst_object_unref(pad);
    }
    if (g_strcmp0(join->options.script, "-") != 0)
        balint_window_terminal(join->window);
}

static void run(struct balint_joined *join)
{
    GstBus *bus = gst_element_get_bus(join->pipeline.pipeline);
    join->bus_watch = gst_bus_add_watch(bus, on_bus, join);
    gst_object_unref(bus);
    guint term = g_unix_signal_add(SIGTERM, on_signal, join),
          interrupt = g_unix_signal_add(SIGINT, on_signal, join);
    guint hangup = g_unix_signal_add(SIGHUP, on_signal, join);
    join->tick = g_timeout_add(1000, on_tick, join);
    if (join->options.seconds > 0)
        join->seconds = g_timeout_add((guint)(join->options.seconds * 1000.0), on_seconds, join);
    /* A failure posts its reason on the bus, which the loop reads. */
    if (gst_element_set_state(join->pipeline.pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
        join->status = 1;
    join->trying = g_timeout_add(TRYING_MS, on_trying, join);
    g_main_loop_run(join->loop);
    g_source_remove(term);
    g_source_remove(interrupt);
    g_source_remove(hangup);
    g_source_remove(join->bus_watch);
    g_source_remove(join->tick);
    if (join->seconds != 0)
        g_source_remove(join->seconds);
    if (join->trying != 0)
        g_source_remove(join->trying);
    if (join->lobby != 0)
        g_source_remove(join->lobby);
    if (join->microphone_try != 0)
        g_source_remove(join->microphone_try);
    if (join->goodbye != 0)
        g_source_remove(join->goodbye);
    if (join->farewell != 0)
        g_source_remove(join->farewell);
}

static void finish(struct balint_joined *join)
{
    balint_window_free(join->window); /* the terminal first, whatever follows */
    alarm(TEARDOWN_S);
    balint_script_free(join->script);
    balint_pipeline_finish(&join->pipeline);
    balint_remotes_free(join->remotes);
    balint_reporter_free(join->reporter);
    balint_snapshots_free(join->snapshots);
    balint_wavfile_free(join->file);
    balint_account_free(join->account);
    balint_known_close(&join->known_file);
    balint_join_help_forget(join);
    balint_join_words_forget(join);
    if (join->loop != NULL)
        g_main_loop_unref(join->loop);
    alarm(0);
}

int balint_join_main(int argc, char **argv)
{
    static struct balint_joined join;
    char link[BALINT_LINK_SIZE] = "", why[BALINT_WHY] = "";
    if (!balint_options_read(argc - 1, argv + 1, BALINT_TESTING, &join.options, join.why))
        return fail(join.why, 2);
    if (join.options.help) {
        balint_options_help(stdout, BALINT_TESTING);
        return 0;
    }
    if (!read_link(&join.options, link, why))
        return fail(why, 1);
    mallopt(M_ARENA_MAX, 2); /* a dozen threads a link need no arena each */
    g_set_application_name("Balint Circle");
    gst_init(NULL, NULL);
    join.hide_self = join.options.hide_self;
    join.ended = "error";
    join.loop = g_main_loop_new(NULL, FALSE);
    join.account = balint_account_new();
    if (prepare(&join)) {
        connect_call(&join, link);
        connect_window(&join);
        run(&join);
    } else {
        join.status = fail(join.why, 1);
    }
    balint_wipe(link, sizeof link);
    finish(&join);
    /* Not by exit(): the thread that makes this process's DTLS certificate may still be at it, and what
     * exit() takes down OpenSSL still needs. */
    fflush(NULL);
    _exit(join.status);
}
