/* call.c - the engine's thread: starts, takes messages, ticks, stops. See call.h. */
#include "call/call.h"

#include "call/warm.h"

#include <string.h>

#define GST_CAT_DEFAULT balint_call_debug
#define TICK_MS         200

static gint64 now_us(void)
{
    return g_get_monotonic_time();
}

int64_t balint_call_id(struct balint_call *call)
{
    return 1 + (g_atomic_int_add(&call->next_id, 1) & 0x3fffffff);
}

bool balint_call_send(struct balint_call *call, const struct balint_message *message)
{
    return call->signaller && balint_signaller_send(call->signaller, message);
}

/* ---- posting */

struct errand {
    struct balint_call *call;
    void (*function)(struct balint_call *, void *);
    void *data;
    GDestroyNotify free_data;
};

static gboolean on_errand(gpointer data)
{
    struct errand *errand = data;
    errand->function(errand->call, errand->data);
    return G_SOURCE_REMOVE;
}

static void free_errand(gpointer data)
{
    struct errand *errand = data;
    if (errand->free_data)
        errand->free_data(errand->data);
    g_free(errand);
}

void balint_call_post(struct balint_call *call, void (*function)(struct balint_call *, void *), void *data,
                      GDestroyNotify free_data)
{
    struct errand *errand = g_new(struct errand, 1);
    *errand = (struct errand){call, function, data, free_data};
    g_mutex_lock(&call->lock);
    GMainContext *context = call->context ? g_main_context_ref(call->context) : NULL;
    g_mutex_unlock(&call->lock);
    if (context) {
        g_main_context_invoke_full(context, G_PRIORITY_DEFAULT, on_errand, errand, free_errand);
        g_main_context_unref(context);
    } else {
        free_errand(errand);
    }
}

/* ---- what signalling says */

static void on_knock(void *user, struct balint_knock *knock)
{
    struct balint_call *call = user;
    balint_self_knock(&call->own->self, knock);
}

static bool on_hello(void *user, const struct balint_door *door, struct balint_hello *hello, const char **why)
{
    struct balint_call *call = user;
    balint_warm_up_finish(); /* nobody is let in who would keep the others' offers waiting */
    if (!balint_self_hello(&call->own->self, door, g_get_real_time() / G_USEC_PER_SEC, hello, why))
        return false;
    /* Only now the certificate has said who we are, and nobody has seen us yet. */
    bool mute = call->settings.no_microphone && call->own->self.certificate.role != BALINT_OBSERVER;
    if (mute)
        *why = "No microphone was found: connect one, or give --audio-file F.wav or --audio-source FRAGMENT "
               "(only an observer joins without).";
    return !mute;
}

static void take_welcome(struct balint_call *call, const struct balint_welcome *welcome)
{
    balint_negotiation_welcome(&call->negotiation, welcome->seat, (uint32_t)welcome->epoch, now_us());
    g_mutex_lock(&call->lock);
    call->shown.seat = welcome->seat;
    g_mutex_unlock(&call->lock);
    call->admitting = 0; /* its answer went to a socket that is gone */
}

/* The answer to a request that brings no state; `why` it was refused, or NULL. True: the engine itself had
 * asked. */
static bool take_answer(struct balint_call *call, int64_t re, const char *why)
{
    g_mutex_lock(&call->lock);
    balint_microphone_refused(&call->microphone, re);
    balint_retreat_answered(&call->retreat, re);
    g_mutex_unlock(&call->lock);
    return balint_call_admit_refused(call, re, why);
}

static void take_error(struct balint_call *call, const struct balint_message *message)
{
    if (!take_answer(call, message->re, message->error.text) && message->re)
        g_signal_emit(call->bin, balint_call_signals[BALINT_SIGNAL_REFUSED], 0, message->error.code,
                      message->error.text);
}

static void take_crib(struct balint_call *call, const struct balint_crib *crib)
{
    GString *text = g_string_new("");
    for (int i = 0; i < crib->count; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? "\n" : "", crib->cards[i].text);
    g_mutex_lock(&call->lock);
    g_free(call->shown.crib);
    call->shown.crib = g_string_free(text, FALSE);
    g_mutex_unlock(&call->lock);
}

static void take_message(struct balint_call *call, const struct balint_message *message)
{
    GST_LOG_OBJECT(call->bin, "%s came", balint_message_name(message->type));
    switch (message->type) {
    case BALINT_MSG_WELCOME:
        take_welcome(call, &message->welcome);
        break;
    case BALINT_MSG_STATE:
        balint_call_take_state(call, message);
        break;
    case BALINT_MSG_PERSON:
        balint_call_take_person(call, &message->person);
        break;
    case BALINT_MSG_ROSTER:
        balint_call_take_roster(call, &message->roster);
        break;
    case BALINT_MSG_CRIB:
        take_crib(call, &message->crib);
        break;
    case BALINT_MSG_PASS:
        balint_call_take_pass(call, &message->pass);
        break;
    case BALINT_MSG_OFFER:
    case BALINT_MSG_ANSWER:
    case BALINT_MSG_CANDIDATE:
    case BALINT_MSG_LINK:
        balint_call_link_message(call, message);
        break;
    case BALINT_MSG_REPORT:
        balint_call_take_report(call, &message->report);
        break;
    case BALINT_MSG_ERROR:
        take_error(call, message);
        break;
    case BALINT_MSG_DONE: /* done, and nothing changed: the last state still says all */
        take_answer(call, message->re, NULL);
        break;
    default:
        break;
    }
    balint_call_links_run(call);
}

/* Messages are taken one at a time by the main loop: what the links say in between (an answer that can be
 * sent) does not wait until seven offers that came together are dealt with. */
static gboolean on_arrival(gpointer data)
{
    struct balint_call *call = data;
    struct balint_message *message = g_queue_pop_head(&call->arrivals);
    if (!message)
        return G_SOURCE_REMOVE;
    if (!call->over)
        take_message(call, message);
    g_free(message);
    return G_SOURCE_CONTINUE;
}

static void on_message(void *user, const struct balint_message *message)
{
    struct balint_call *call = user;
    balint_negotiation_heard(&call->negotiation, now_us());
    g_queue_push_tail(&call->arrivals, g_memdup2(message, sizeof *message));
    if (g_queue_get_length(&call->arrivals) > 1)
        return; /* the source is there */
    GSource *source = g_idle_source_new();
    g_source_set_priority(source, G_PRIORITY_DEFAULT);
    g_source_set_callback(source, on_arrival, call, NULL);
    g_source_attach(source, call->context);
    g_source_unref(source);
}

static void on_down(void *user)
{
    struct balint_call *call = user;
    balint_negotiation_down(&call->negotiation);
}

/* Who listens to `closed` knows what to do. Everybody else, gst-launch-1.0 above all, learns it from the bus:
 * as the end of the stream where somebody ended it, else as an error. */
static void tell_bus(struct balint_call *call, const char *code, const char *text)
{
    if (g_signal_has_handler_pending(call->bin, balint_call_signals[BALINT_SIGNAL_CLOSED], 0, FALSE))
        return;
    if (strcmp(code, "ended") == 0 || strcmp(code, "left") == 0) {
        GST_ELEMENT_INFO(call->bin, RESOURCE, CLOSE, ("%s", text), ("code %s", code));
        gst_element_post_message(GST_ELEMENT(call->bin), gst_message_new_eos(GST_OBJECT(call->bin)));
    } else {
        GST_ELEMENT_ERROR(call->bin, RESOURCE, NOT_AUTHORIZED, ("%s", text), ("code %s", code));
    }
}

static void on_over(void *user, const char *code, const char *text)
{
    struct balint_call *call = user;
    call->over = true;
    balint_negotiation_down(&call->negotiation);
    balint_call_links_end(call);
    balint_call_gate(call);
    if (strcmp(code, "displaced") == 0)
        g_signal_emit(call->bin, balint_call_signals[BALINT_SIGNAL_DISPLACED], 0);
    tell_bus(call, code, text);
    g_signal_emit(call->bin, balint_call_signals[BALINT_SIGNAL_CLOSED], 0, code, text);
}

static const struct balint_signaller_events signaller_events = {
    .knock = on_knock,
    .hello = on_hello,
    .message = on_message,
    .down = on_down,
    .over = on_over,
};

/* ---- the thread */

/* Told from the tick: it is lost by a closed socket, and also when nothing comes any more. */
static void tell_line(struct balint_call *call)
{
    bool up = balint_negotiation_alive(&call->negotiation, now_us());
    g_mutex_lock(&call->lock);
    bool changed = call->shown.line_up != up;
    call->shown.line_up = up;
    g_mutex_unlock(&call->lock);
    if (changed)
        g_signal_emit(call->bin, balint_call_signals[BALINT_SIGNAL_LINE_CHANGED], 0, (gboolean)up);
}

static gboolean on_tick(gpointer data)
{
    struct balint_call *call = data;
    if (call->over)
        return G_SOURCE_CONTINUE;
    if (call->ready && g_atomic_int_get(&call->playing))
        balint_meters_start(&call->meters);
    balint_call_admit_next(call);
    balint_call_look_tick(call);
    balint_call_words_tick(call);
    balint_call_links_tick(call);
    tell_line(call);
    return G_SOURCE_CONTINUE;
}

static gpointer run(gpointer data)
{
    struct balint_call *call = data;
    char *why = NULL;
    g_main_context_push_thread_default(call->context);
    GSource *tick = g_timeout_source_new(TICK_MS);
    g_source_set_callback(tick, on_tick, call, NULL);
    g_source_attach(tick, call->context);

    g_mutex_lock(&call->lock);
    g_autofree char *server =
        g_strdup(call->settings.server ? call->settings.server : call->own->self.link.server);
    call->signaller = balint_signaller_new(server, call->own->self.link.tls, call->settings.ca_file,
                                           call->own->self.link.group, &signaller_events, call);
    g_mutex_unlock(&call->lock);
    if (!balint_signaller_start(call->signaller, &why))
        on_over(call, "certificate", why);
    g_free(why);

    g_main_loop_run(call->loop);

    balint_call_links_end(call);
    balint_signaller_free(call->signaller);
    call->signaller = NULL;
    g_queue_clear_full(&call->arrivals, g_free);
    g_source_destroy(tick);
    g_source_unref(tick);
    g_main_context_pop_thread_default(call->context);
    return NULL;
}

static void forget_own(struct balint_call *call)
{
    balint_secret_free(&call->secrets);
    call->own = NULL;
}

/* The invitation into keys, in memory of their own. */
static gboolean read_own(struct balint_call *call, const char **wrong)
{
    *wrong = "There is no memory left to keep keys in: close other programs and try again.";
    if (!balint_secret_make(&call->secrets, sizeof *call->own))
        return FALSE;
    call->own = call->secrets.bytes;
    *wrong = "No invitation is set: give your link as the property invitation.";
    g_mutex_lock(&call->lock);
    gboolean good = call->settings.invitation &&
                    balint_self_open(&call->own->self, call->settings.invitation,
                                     call->settings.has_device ? call->settings.device : NULL, wrong);
    g_mutex_unlock(&call->lock);
    if (!good)
        forget_own(call);
    return good;
}

gboolean balint_call_engine_start(struct balint_call *call, char **why)
{
    const char *wrong;
    if (!read_own(call, &wrong)) {
        *why = g_strdup(wrong);
        return FALSE;
    }
    balint_book_init(&call->book, &call->own->self);
    balint_negotiation_init(&call->negotiation);
    memset(&call->state, 0, sizeof call->state);
    call->wishes.seats = 0;
    memset(&call->removal, 0, sizeof call->removal);
    memset(call->untold, 0, sizeof call->untold);
    memset(call->looks, 0, sizeof call->looks);
    g_mutex_lock(&call->lock);
    int damaged = balint_devices_read(call->devices, call->settings.known_devices);
    g_mutex_unlock(&call->lock);
    if (damaged)
        GST_WARNING_OBJECT(call->bin, "known-devices: line %d is damaged and left out", damaged);
    call->begins = call->ready = call->over = false;
    call->admitting = 0;
    call->admit_tries = 0;
    g_mutex_lock(&call->lock);
    balint_microphone_join(&call->microphone);
    balint_retreat_init(&call->retreat);
    call->shown.line_up = false;
    call->context = g_main_context_new();
    g_mutex_unlock(&call->lock);
    call->loop = g_main_loop_new(call->context, FALSE);
    call->thread = g_thread_new("balint-call", run, call);
    return TRUE;
}

static gboolean on_quit(gpointer loop)
{
    g_main_loop_quit(loop);
    return G_SOURCE_REMOVE;
}

void balint_call_engine_stop(struct balint_call *call)
{
    if (!call->thread)
        return;
    /* As a source and not from here: the loop may not have begun to run. */
    GSource *quit = g_idle_source_new();
    g_source_set_priority(quit, G_PRIORITY_DEFAULT);
    g_source_set_callback(quit, on_quit, call->loop, NULL);
    g_source_attach(quit, call->context);
    g_source_unref(quit);
    g_thread_join(call->thread);
    call->thread = NULL;
    g_mutex_lock(&call->lock);
    GMainContext *context = g_steal_pointer(&call->context);
    g_mutex_unlock(&call->lock);
    g_main_loop_unref(call->loop);
    g_main_context_unref(context);
    balint_send_open(&call->send, FALSE);
    forget_own(call);
}

void balint_call_engine_init(struct balint_call *call, GstBin *bin)
{
    memset(call, 0, sizeof *call);
    call->bin = bin;
    call->devices = g_new0(struct balint_devices, 1);
    g_mutex_init(&call->lock);
    balint_meters_init(&call->meters);
    call->shown.seat = BALINT_NOBODY;
    call->negotiation.seat = BALINT_NOBODY;
    call->settings.latency_ms = 40;
    call->settings.audio_bitrate = 24000;
    call->settings.video_bitrate = 150000;
}

static void wipe_free(char *text)
{
    if (text)
        balint_wipe(text, strlen(text));
    g_free(text);
}

void balint_call_engine_finish(struct balint_call *call)
{
    balint_call_engine_stop(call);
    wipe_free(call->settings.invitation);
    g_free(call->settings.server);
    g_free(call->settings.ca_file);
    balint_wipe(call->settings.device, sizeof call->settings.device);
    g_free(call->devices);
    g_free(call->settings.known_devices);
    g_free(call->shown.state);
    g_free(call->shown.door);
    g_free(call->shown.crib);
    balint_meters_finish(&call->meters);
    g_mutex_clear(&call->lock);
}
