/* join_call.c - copies what the call tells on its own thread and hands it to the main thread, in order. */
#include <string.h>

#include "client/join.h"
#include "identity/identity.h"

static void telling_free(gpointer data)
{
    struct balint_telling *telling = data;
    if (telling->text != NULL)
        balint_wipe(telling->text, strlen(telling->text)); /* it may be a private word */
    g_free(telling->code);
    g_free(telling->text);
    g_clear_pointer(&telling->body, g_bytes_unref);
    g_free(telling);
}

static gboolean on_telling(gpointer data)
{
    struct balint_telling *telling = data;
    balint_join_told(telling->join, telling);
    return G_SOURCE_REMOVE;
}

/* Any thread. One priority, so that the order stays. */
static struct balint_telling *tell(struct balint_joined *join, enum balint_told told)
{
    struct balint_telling *telling = g_new0(struct balint_telling, 1);
    telling->join = join;
    telling->told = told;
    telling->own_us = g_get_monotonic_time();
    return telling;
}

static void post(struct balint_telling *telling)
{
    g_idle_add_full(G_PRIORITY_DEFAULT, on_telling, telling, telling_free);
}

static void on_state(GstElement *call, const char *json, gpointer user_data)
{
    /* The call has put this state into force before it tells it. */
    struct balint_telling *telling = tell(user_data, BALINT_TOLD_STATE);
    telling->text = g_strdup(json);
    g_object_get(call, "microphone-open", &telling->open, NULL);
    post(telling);
}

static void on_refused(GstElement *call, const char *code, const char *text, gpointer user_data)
{
    (void)call;
    struct balint_telling *telling = tell(user_data, BALINT_TOLD_REFUSED);
    telling->code = g_strdup(code);
    telling->text = g_strdup(text);
    post(telling);
}

static void on_closed(GstElement *call, const char *code, const char *text, gpointer user_data)
{
    (void)call;
    struct balint_telling *telling = tell(user_data, BALINT_TOLD_CLOSED);
    telling->code = g_strdup(code);
    telling->text = g_strdup(text);
    post(telling);
}

static void on_displaced(GstElement *call, gpointer user_data)
{
    (void)call;
    post(tell(user_data, BALINT_TOLD_DISPLACED));
}

static void on_link(GstElement *call, int seat, const char *what, gpointer user_data)
{
    (void)call;
    struct balint_telling *telling = tell(user_data, BALINT_TOLD_LINK);
    telling->seat = seat;
    telling->text = g_strdup(what);
    post(telling);
}

static void on_talk(GstElement *call, const char *member, guint epoch, GBytes *body, gpointer user_data)
{
    (void)call;
    struct balint_telling *telling = tell(user_data, BALINT_TOLD_TALK);
    telling->text = g_strdup(member);
    telling->epoch = epoch;
    telling->body = g_bytes_ref(body);
    post(telling);
}

static void on_ledger(GstElement *call, GBytes *piece, gpointer user_data)
{
    (void)call;
    struct balint_telling *telling = tell(user_data, BALINT_TOLD_LEDGER);
    telling->body = g_bytes_ref(piece);
    post(telling);
}

static void on_spans(GstElement *call, int seat, GBytes *body, gpointer user_data)
{
    (void)call;
    struct balint_telling *telling = tell(user_data, BALINT_TOLD_SPANS);
    telling->seat = seat;
    telling->body = g_bytes_ref(body);
    post(telling);
}

static void post_text(struct balint_joined *join, enum balint_told told, const char *text)
{
    struct balint_telling *telling = tell(join, told);
    telling->text = g_strdup(text);
    post(telling);
}

static void on_door(GstElement *call, const char *json, gpointer user_data)
{
    (void)call;
    post_text(user_data, BALINT_TOLD_DOOR, json);
}

static void on_devices(GstElement *call, const char *lines, gpointer user_data)
{
    (void)call;
    post_text(user_data, BALINT_TOLD_DEVICES, lines);
}

static void on_looked_at(GstElement *call, const char *leader, gpointer user_data)
{
    (void)call;
    post_text(user_data, BALINT_TOLD_LOOKED_AT, leader);
}

static void post_seat(struct balint_joined *join, enum balint_told told, int seat, gboolean on,
                      const char *text)
{
    struct balint_telling *telling = tell(join, told);
    telling->seat = seat;
    telling->open = on;
    telling->text = g_strdup(text);
    post(telling);
}

static void on_quiet(GstElement *call, int seat, gboolean on, gpointer user_data)
{
    (void)call;
    post_seat(user_data, BALINT_TOLD_QUIET, seat, on, NULL);
}

static void on_quiet_told(GstElement *call, int state, gpointer user_data)
{
    (void)call;
    post_seat(user_data, BALINT_TOLD_OWN_QUIET, state, FALSE, NULL);
}

static void on_answered(GstElement *call, int seat, const char *text, gpointer user_data)
{
    (void)call;
    post_seat(user_data, BALINT_TOLD_ANSWERED, seat, FALSE, text);
}

static void on_line(GstElement *call, int seat, const char *text, gpointer user_data)
{
    (void)call;
    post_seat(user_data, BALINT_TOLD_LINE, seat, FALSE, text);
}

static void on_word_told(GstElement *call, int seat, gboolean reached, gpointer user_data)
{
    (void)call;
    post_seat(user_data, BALINT_TOLD_REACHED, seat, reached, NULL);
}

static void on_server(GstElement *call, gboolean up, gpointer user_data)
{
    (void)call;
    post_seat(user_data, BALINT_TOLD_SERVER, BALINT_NOBODY, up, NULL);
}

static void on_kept(GstElement *call, const char *what, gpointer user_data)
{
    (void)call;
    post_text(user_data, BALINT_TOLD_KEPT, what);
}

void balint_join_listen(struct balint_joined *join)
{
    GstElement *call = join->pipeline.call;
    g_signal_connect(call, "state-changed", G_CALLBACK(on_state), join);
    g_signal_connect(call, "refused", G_CALLBACK(on_refused), join);
    g_signal_connect(call, "closed", G_CALLBACK(on_closed), join);
    g_signal_connect(call, "displaced", G_CALLBACK(on_displaced), join);
    g_signal_connect(call, "link-changed", G_CALLBACK(on_link), join);
    g_signal_connect(call, "talk", G_CALLBACK(on_talk), join);
    g_signal_connect(call, "ledger", G_CALLBACK(on_ledger), join);
    g_signal_connect(call, "quiet-changed", G_CALLBACK(on_quiet), join);
    g_signal_connect(call, "quiet-told", G_CALLBACK(on_quiet_told), join);
    g_signal_connect(call, "answered", G_CALLBACK(on_answered), join);
    g_signal_connect(call, "line-word", G_CALLBACK(on_line), join);
    g_signal_connect(call, "word-told", G_CALLBACK(on_word_told), join);
    g_signal_connect(call, "spans", G_CALLBACK(on_spans), join);
    g_signal_connect(call, "door-changed", G_CALLBACK(on_door), join);
    g_signal_connect(call, "looked-at", G_CALLBACK(on_looked_at), join);
    g_signal_connect(call, "devices-met", G_CALLBACK(on_devices), join);
    g_signal_connect(call, "line-changed", G_CALLBACK(on_server), join);
    g_signal_connect(call, "kept", G_CALLBACK(on_kept), join);
}
