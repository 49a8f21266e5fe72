/* call_refused.c - what the call says when it cannot be: one code and one sentence, nothing half-done. */
#include "fakes/circle.h"
#include "fakes/wsproxy.h"

#include <libsoup/soup.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static gboolean is_closed(struct balint_caller *caller, int unused)
{
    (void)unused;
    g_mutex_lock(&caller->lock);
    gboolean closed = caller->closed[0] != '\0';
    g_mutex_unlock(&caller->lock);
    return closed;
}

/* How a call with this link over this server ends. */
static void assert_ends(const char *link, const char *server, const char *code)
{
    struct balint_caller *caller = balint_caller_new(link, server, 440, NULL);
    balint_caller_start(caller);
    assert_true(balint_caller_until(caller, is_closed, 0, BALINT_CIRCLE_MS));
    assert_string_equal(caller->closed, code);
    assert_false(balint_caller_is_ready(caller, 0));
    assert_int_equal(caller->bus_errors, 0);
    balint_caller_free(caller);
}

/* A link whose field `index` after the # (1 token, 2 seed, 3 root) has another first letter. */
static char *changed(const char *link, int index)
{
    char *copy = g_strdup(link), *at = strchr(copy, '#');
    for (int i = 0; i < index; i++)
        at = strchr(at + 1, '.');
    at[1] = at[1] == 'A' ? 'B' : 'A';
    return copy;
}

static void links_that_open_nothing(void **state)
{
    struct balint_circle circle;
    (void)state;
    balint_circle_begin(&circle, 2);
    g_autofree char *token = changed(circle.links[0], 1), *seed = changed(circle.links[0], 2),
                    *root = changed(circle.links[0], 3);
    assert_ends(token, NULL, "wrong-link");
    assert_ends(seed, NULL, "wrong"); /* the certificate is not this seed's */
    assert_ends(root, NULL, "wrong"); /* nor signed by this ROOT */
    assert_true(balint_test_revoke(&circle.server, &circle.group, circle.invitations[1].certificate.member,
                                   circle.invitations[1].certificate.serial + 1));
    assert_ends(circle.links[1], NULL, "revoked-link");
    balint_circle_end(&circle);
}

static void on_request(SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
                       gpointer data)
{
    (void)server;
    (void)path;
    (void)query;
    (void)data;
    soup_server_message_set_status(message, SOUP_STATUS_OK, NULL);
}

struct web {
    GMainContext *context;
    GMainLoop *loop;
    char *address;
};

static gpointer serve(gpointer data)
{
    struct web *web = data;
    g_main_context_push_thread_default(web->context);
    SoupServer *server = soup_server_new(NULL, NULL);
    soup_server_add_handler(server, NULL, on_request, NULL, NULL);
    assert_true(soup_server_listen_local(server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
    GSList *uris = soup_server_get_uris(server);
    g_atomic_pointer_set(&web->address, g_strdup_printf("127.0.0.1:%d", g_uri_get_port(uris->data)));
    g_slist_free_full(uris, (GDestroyNotify)g_uri_unref);
    g_main_loop_run(web->loop);
    soup_server_disconnect(server);
    g_object_unref(server);
    g_main_context_pop_thread_default(web->context);
    return NULL;
}

static void servers_that_are_none(void **state)
{
    struct balint_circle circle;
    struct web web = {.context = g_main_context_new()};
    (void)state;
    balint_circle_begin(&circle, 1);
    balint_serverproc_kill(&circle.server);
    assert_ends(circle.links[0], NULL, "unreachable"); /* nobody listens there */
    web.loop = g_main_loop_new(web.context, FALSE);
    GThread *thread = g_thread_new("web", serve, &web);
    while (!g_atomic_pointer_get(&web.address))
        g_usleep(1000);
    assert_ends(circle.links[0], web.address, "not-a-server"); /* somebody's web server */
    g_main_loop_quit(web.loop);
    g_thread_join(thread);
    g_main_loop_unref(web.loop);
    g_main_context_unref(web.context);
    g_free(web.address);
    assert_ends(circle.links[0], "[", "address");
    balint_circle_end(&circle);
}

/* Somebody in the middle who answers nonsense. */
static char *nonsense(const char *text, gboolean from_client, void *user)
{
    (void)text;
    return from_client ? NULL : g_strdup(user);
}

static void a_server_that_talks_nonsense(void **state)
{
    static char *const texts[] = {(char *)"hello", (char *)"{}", (char *)"{\"type\":\"welcome\"}"};
    struct balint_circle circle;
    (void)state;
    balint_circle_begin(&circle, 1);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct balint_wsproxy *proxy = balint_wsproxy_new(circle.server.address, nonsense, texts[i]);
        assert_ends(circle.links[0], balint_wsproxy_address(proxy), "not-a-server");
        balint_wsproxy_free(proxy);
    }
    balint_circle_end(&circle);
}

/* Settings that cannot work fail with the state change, and the message on the bus does not repeat the link.
 */
static void settings_that_cannot_work(void **state)
{
    static const char *const links[] = {NULL, "", "https://example.org/join/g", "secret-secret-secret"};
    (void)state;
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        struct balint_caller *caller = balint_caller_new(links[i], NULL, 440, NULL);
        assert_int_equal(gst_element_set_state(caller->pipeline, GST_STATE_PLAYING),
                         GST_STATE_CHANGE_FAILURE);
        GstBus *bus = gst_element_get_bus(caller->pipeline);
        GstMessage *message = gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR);
        assert_non_null(message);
        g_autoptr(GError) error = NULL;
        g_autofree char *debug = NULL;
        gst_message_parse_error(message, &error, &debug);
        assert_true(strlen(error->message) > 20);
        assert_null(strstr(error->message, "secret-"));
        assert_true(!debug || !strstr(debug, "secret-"));
        gst_message_unref(message);
        gst_object_unref(bus);
        balint_caller_free(caller);
    }
}

static void requests_that_lead_nowhere(void **state)
{
    struct balint_circle circle;
    struct balint_caller *callers[2];
    gboolean done = TRUE;
    (void)state;
    balint_circle_begin(&circle, 2);
    callers[0] = balint_caller_new(circle.links[0], NULL, 440, NULL);
    assert_false(balint_caller_act(callers[0], "mute", -1, 1)); /* not running */
    balint_caller_free(callers[0]);
    balint_circle_gather(&circle, callers, 2);
    assert_false(balint_caller_act(callers[0], "offer", 1, 1)); /* no request of a session */
    assert_false(balint_caller_act(callers[0], "", 0, 0));
    g_signal_emit_by_name(callers[0]->call, "previous-phase", &done);
    assert_false(done);
    g_signal_emit_by_name(callers[0]->call, "admit", BALINT_SEATS, &done);
    assert_false(done);
    assert_true(balint_caller_act(callers[1], "phase", -1, 1)); /* asked; a member may not */
    int64_t until = balint_test_ms() + BALINT_CIRCLE_MS;
    while (!callers[1]->refused[0] && balint_test_ms() < until)
        g_usleep(5000);
    assert_string_equal(callers[1]->refused, "not-yours");
    assert_string_equal(callers[1]->closed, "");
    for (int i = 0; i < 2; i++)
        balint_caller_free(callers[i]);
    balint_circle_end(&circle);
}

static void leaving(void **state)
{
    struct balint_circle circle;
    struct balint_caller *callers[2];
    (void)state;
    balint_circle_begin(&circle, 2);
    balint_circle_gather(&circle, callers, 2);
    assert_true(balint_caller_act(callers[1], "leave", -1, 0));
    assert_true(balint_caller_until(callers[1], is_closed, 0, BALINT_CIRCLE_MS));
    assert_string_equal(callers[1]->closed, "left");
    assert_int_equal(balint_caller_ear(callers[1], 0).pads, 0);
    for (int i = 0; i < 2; i++)
        balint_caller_free(callers[i]);
    balint_circle_end(&circle);
}

/* Runs a launch line without anybody who listens to signals; the sentence of its end, and whether as an
 * error. */
static char *launch_ends(const char *link, const char *server, gboolean *error)
{
    g_autofree char *line = g_strdup_printf("balintcall name=c invitation=%s server=%s "
                                            "audiotestsrc is-live=true ! audioconvert ! audioresample ! "
                                            "c.audio",
                                            link, server);
    GstElement *pipeline = gst_parse_launch(line, NULL);
    assert_non_null(pipeline);
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    GstBus *bus = gst_element_get_bus(pipeline);
    char *text = NULL;
    for (;;) {
        GstMessage *message = gst_bus_timed_pop_filtered(
            bus, BALINT_CIRCLE_MS * GST_MSECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_INFO);
        assert_non_null(message);
        GstMessageType type = GST_MESSAGE_TYPE(message);
        g_autoptr(GError) what = NULL;
        if (type == GST_MESSAGE_ERROR)
            gst_message_parse_error(message, &what, NULL);
        else if (type == GST_MESSAGE_INFO)
            gst_message_parse_info(message, &what, NULL);
        gst_message_unref(message);
        if (what && !text)
            text = g_strdup(what->message);
        *error = type == GST_MESSAGE_ERROR;
        if (type != GST_MESSAGE_INFO)
            break;
    }
    gst_object_unref(bus);
    gst_element_set_state(pipeline, GST_STATE_NULL);
    gst_object_unref(pipeline);
    return text;
}

static char *end_evening(const char *text, gboolean from_client, void *user)
{
    (void)user;
    return !from_client && strstr(text, "\"pong\"")
               ? g_strdup("{\"type\":\"bye\",\"code\":\"ended\",\"text\":\"This evening is over.\"}")
               : NULL;
}

/* gst-launch-1.0 listens to no signal: the bus tells it, and ends it. */
static void a_launch_line_is_told_by_the_bus(void **state)
{
    struct balint_circle circle;
    gboolean error = FALSE;
    (void)state;
    balint_circle_begin(&circle, 2);
    assert_true(balint_test_revoke(&circle.server, &circle.group, circle.invitations[1].certificate.member,
                                   circle.invitations[1].certificate.serial + 1));
    g_autofree char *revoked = launch_ends(circle.links[1], circle.server.address, &error);
    assert_true(error);
    assert_non_null(strstr(revoked, "taken back"));
    /* The end of the evening is no failure. */
    struct balint_wsproxy *proxy = balint_wsproxy_new(circle.server.address, end_evening, NULL);
    g_autofree char *ended = launch_ends(circle.links[0], balint_wsproxy_address(proxy), &error);
    assert_false(error);
    assert_string_equal(ended, "This evening is over.");
    balint_wsproxy_free(proxy);
    balint_circle_end(&circle);
}

/* Every `admit` is spoilt on its way. */
static char *spoil_rosters(const char *text, gboolean from_client, void *user)
{
    (void)user;
    if (!from_client || !strstr(text, "\"admit\""))
        return NULL;
    char *copy = g_strdup(text), *at = strstr(copy, "\"roster\":\"");
    at += strlen("\"roster\":\"") + 60;
    *at = *at == 'A' ? 'B' : 'A';
    return copy;
}

static gboolean is_told_refused(struct balint_caller *caller, int unused)
{
    (void)unused;
    g_mutex_lock(&caller->lock);
    gboolean told = strcmp(caller->refused, "roster-refused") == 0;
    g_mutex_unlock(&caller->lock);
    return told;
}

/* A leader whose rosters the server never takes is told, and is not left before an empty window. */
static void a_session_that_cannot_be_opened(void **state)
{
    struct balint_circle circle;
    (void)state;
    balint_circle_begin(&circle, 1);
    struct balint_wsproxy *proxy = balint_wsproxy_new(circle.server.address, spoil_rosters, NULL);
    struct balint_caller *leader = balint_circle_caller(&circle, 0, balint_wsproxy_address(proxy));
    assert_true(balint_caller_until(leader, is_told_refused, 0, BALINT_CIRCLE_MS));
    assert_false(balint_caller_is_ready(leader, 0));
    assert_string_equal(leader->closed, "");
    balint_caller_free(leader);
    balint_wsproxy_free(proxy);
    balint_circle_end(&circle);
}

/* The launch line that gst-inspect-1.0 shows. */
static void the_example_line_works(void **state)
{
    struct balint_circle circle;
    struct balint_caller *leader;
    (void)state;
    balint_circle_begin(&circle, 2);
    leader = balint_circle_caller(&circle, 0, NULL);
    assert_true(balint_caller_until(leader, balint_caller_is_ready, 0, BALINT_CIRCLE_MS));
    GstElementFactory *factory = gst_element_factory_find("balintcall");
    const char *text = gst_element_factory_get_metadata(factory, GST_ELEMENT_METADATA_DESCRIPTION);
    const char *line = strstr(text, "gst-launch-1.0 ");
    assert_non_null(line);
    g_auto(GStrv) parts = g_strsplit(line + strlen("gst-launch-1.0 "), "$LINK", 2);
    g_autofree char *launch = g_strconcat(parts[0], circle.links[1], parts[1], NULL);
    GstElement *pipeline = gst_parse_launch(launch, NULL);
    assert_non_null(pipeline);
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    assert_true(balint_caller_until(leader, balint_caller_hears, 1, BALINT_CIRCLE_MS));
    assert_true(balint_caller_until(leader, balint_caller_sees, 1, BALINT_CIRCLE_MS));
    /* And it ends as a launch line does, when its sources have. */
    gst_element_send_event(pipeline, gst_event_new_eos());
    GstBus *bus = gst_element_get_bus(pipeline);
    GstMessage *message =
        gst_bus_timed_pop_filtered(bus, BALINT_CIRCLE_MS * GST_MSECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
    assert_non_null(message);
    assert_int_equal(GST_MESSAGE_TYPE(message), GST_MESSAGE_EOS);
    gst_message_unref(message);
    gst_object_unref(bus);
    gst_element_set_state(pipeline, GST_STATE_NULL);
    gst_object_unref(pipeline);
    gst_object_unref(factory);
    balint_caller_free(leader);
    balint_circle_end(&circle);
}

/* What gst-inspect-1.0 shows names every request that `act` takes, and the codes of our own. */
static void the_manual_names_every_request(void **state)
{
    static const char *const codes[] = {"line-down",   "roster-refused", "roster-alarm", "unreachable",
                                        "certificate", "address",        "not-a-server", "wrong",
                                        "displaced",   "ended",          "left"};
    (void)state;
    GstElementFactory *factory = gst_element_factory_find("balintcall");
    const char *text = gst_element_factory_get_metadata(factory, GST_ELEMENT_METADATA_DESCRIPTION);
    for (int type = BALINT_MSG_PRESENT; type <= BALINT_MSG_LEAVE; type++)
        if (!strstr(text, balint_message_name((enum balint_type)type)))
            fail_msg("no %s", balint_message_name((enum balint_type)type));
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        assert_non_null(strstr(text, codes[i]));
    gst_object_unref(factory);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_that_open_nothing),         cmocka_unit_test(servers_that_are_none),
        cmocka_unit_test(a_server_that_talks_nonsense),    cmocka_unit_test(settings_that_cannot_work),
        cmocka_unit_test(requests_that_lead_nowhere),      cmocka_unit_test(leaving),
        cmocka_unit_test(the_example_line_works),          cmocka_unit_test(a_launch_line_is_told_by_the_bus),
        cmocka_unit_test(a_session_that_cannot_be_opened), cmocka_unit_test(the_manual_names_every_request),
    };
    balint_caller_setup(&argc, &argv);
    return cmocka_run_group_tests_name("call_refused", tests, NULL, NULL);
}
