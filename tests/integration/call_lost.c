/* call_lost.c - people and servers that vanish: noticed, made anew, or left alone, as DESIGN.md says. */
#include "fakes/callerproc.h"
#include "fakes/wsproxy.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static gboolean link_is_lost(struct balint_caller *caller, int seat)
{
    g_mutex_lock(&caller->lock);
    gboolean lost = caller->links_lost[seat] > 0;
    g_mutex_unlock(&caller->lock);
    return lost;
}

static gboolean link_is_open(struct balint_caller *caller, int seat)
{
    return balint_caller_link_is(caller, seat, "open");
}

static gboolean at_time(struct balint_caller *caller, int ms)
{
    (void)caller;
    return (int)balint_test_ms() >= ms;
}

static void wait_ms(struct balint_caller *caller, int ms)
{
    assert_true(balint_caller_until(caller, at_time, (int)balint_test_ms() + ms, ms + 5000));
}

static void two(struct balint_circle *circle, struct balint_caller **leader,
                struct balint_callerproc *process)
{
    balint_circle_begin(circle, 2);
    *leader = balint_circle_caller(circle, 0, NULL);
    assert_true(balint_caller_until(*leader, balint_caller_is_ready, 0, BALINT_CIRCLE_MS));
    balint_callerproc_start(process, circle, 1);
    assert_true(balint_callerproc_wait(process, "hears 0", BALINT_CIRCLE_MS));
    assert_true(balint_caller_until(*leader, balint_caller_hears, 1, BALINT_CIRCLE_MS));
    assert_true(balint_caller_until(*leader, balint_caller_sees, 1, BALINT_CIRCLE_MS));
}

static void a_killed_peer_is_noticed_and_comes_back(void **state)
{
    struct balint_circle circle;
    struct balint_caller *leader;
    struct balint_callerproc process;
    (void)state;
    two(&circle, &leader, &process);
    int64_t killed_ms = balint_test_ms();
    balint_callerproc_end(&process); /* -9 */
    assert_true(balint_caller_until(leader, link_is_lost, 1, 10000));
    print_message("noticed after %d ms\n", (int)(balint_test_ms() - killed_ms));
    /* The same person on the same device: in by the roster, nobody admits. */
    g_object_set(leader->call, "admit-everyone", FALSE, NULL);
    balint_caller_clear(leader);
    balint_callerproc_start(&process, &circle, 1);
    assert_true(balint_callerproc_wait(&process, "ready 1", BALINT_CIRCLE_MS));
    assert_true(balint_callerproc_wait(&process, "hears 0", BALINT_CIRCLE_MS));
    assert_true(balint_caller_until(leader, balint_caller_hears, 1, BALINT_CIRCLE_MS));
    assert_true(balint_caller_until(leader, balint_caller_sees, 1, BALINT_CIRCLE_MS));
    assert_int_equal(balint_caller_ear(leader, 1).pads, 2);
    assert_int_equal(leader->bus_errors, 0);
    balint_callerproc_end(&process);
    balint_caller_free(leader);
    balint_circle_end(&circle);
}

/* Frozen, not dead: its TCP stays open and the server still believes in it. */
static void a_frozen_peer_is_noticed_and_comes_back(void **state)
{
    struct balint_circle circle;
    struct balint_caller *leader;
    struct balint_callerproc process;
    (void)state;
    two(&circle, &leader, &process);
    balint_callerproc_signal(&process, SIGSTOP);
    assert_true(balint_caller_until(leader, link_is_lost, 1, 10000));
    balint_callerproc_signal(&process, SIGCONT);
    balint_caller_clear(leader);
    assert_true(balint_caller_until(leader, balint_caller_hears, 1, BALINT_CIRCLE_MS));
    assert_true(balint_caller_until(leader, link_is_open, 1, BALINT_CIRCLE_MS));
    assert_int_equal(leader->bus_errors, 0);
    balint_callerproc_end(&process);
    balint_caller_free(leader);
    balint_circle_end(&circle);
}

static gboolean phase_is_second(struct balint_caller *caller, int unused)
{
    g_autofree char *phase = NULL;
    (void)unused;
    g_object_get(caller->call, "phase", &phase, NULL);
    return g_strcmp0(phase, "check-in") == 0;
}

/* Nobody's sound stopped, no pad changed, no link was made anew. */
static void assert_untouched(struct balint_caller **callers)
{
    for (int i = 0; i < 2; i++) {
        struct balint_caller_ear ear = balint_caller_ear(callers[i], 1 - i);
        print_message("longest time without a buffer: %d ms\n", (int)(ear.longest_us / 1000));
        assert_true(ear.longest_us < 2000000); /* a machine under load; a watchdog takes five seconds */
        assert_int_equal(ear.pads_ever, 2);
        assert_int_equal(balint_caller_generation(callers[i], 1 - i), 1);
        assert_int_equal(callers[i]->links_lost[1 - i], 0);
        assert_int_equal(callers[i]->bus_errors, 0);
    }
}

static void media_outlives_a_killed_server(void **state)
{
    struct balint_circle circle;
    struct balint_caller *callers[2];
    (void)state;
    balint_circle_begin(&circle, 2);
    balint_circle_gather(&circle, callers, 2);
    balint_caller_clear(callers[0]);
    balint_caller_clear(callers[1]);
    balint_serverproc_kill(&circle.server);
    wait_ms(callers[0], 9000); /* longer than any patience with a link */
    assert_untouched(callers);
    assert_true(balint_serverproc_start(&circle.server, NULL, NULL));
    wait_ms(callers[0], 1000);
    gboolean done = FALSE;
    for (int i = 0; i < 50 && !phase_is_second(callers[0], 0); i++) { /* until the seat is resumed */
        g_signal_emit_by_name(callers[0]->call, "act", "phase", -1, 1, &done);
        wait_ms(callers[0], 200);
    }
    assert_true(balint_caller_until(callers[1], phase_is_second, 0, BALINT_CIRCLE_MS));
    wait_ms(callers[0], 6000); /* the watchdog's own time, with signalling back */
    assert_untouched(callers);
    for (int i = 0; i < 2; i++)
        balint_caller_free(callers[i]);
    balint_circle_end(&circle);
}

/* A WebSocket that is open and carries nothing: after two missed pings a second one resumes beside it. */
static void a_silent_socket_is_replaced(void **state)
{
    struct balint_circle circle;
    struct balint_caller *callers[2];
    (void)state;
    balint_circle_begin(&circle, 2);
    struct balint_wsproxy *proxy = balint_wsproxy_new(circle.server.address, NULL, NULL);
    callers[0] = balint_circle_caller(&circle, 0, NULL);
    assert_true(balint_caller_until(callers[0], balint_caller_is_ready, 0, BALINT_CIRCLE_MS));
    callers[1] = balint_circle_caller(&circle, 1, balint_wsproxy_address(proxy));
    assert_true(balint_caller_until(callers[1], balint_caller_is_ready, 0, BALINT_CIRCLE_MS));
    balint_circle_complete(callers, 2);
    balint_caller_clear(callers[0]);
    balint_caller_clear(callers[1]);
    assert_int_equal(balint_wsproxy_connections(proxy), 1);
    balint_wsproxy_freeze(proxy);
    assert_true(balint_caller_act(callers[0], "phase", -1, 1));
    assert_true(balint_caller_until(callers[1], phase_is_second, 0, 15000));
    assert_int_equal(balint_wsproxy_connections(proxy), 2);
    assert_int_equal(callers[1]->displaced, 0); /* what the older socket is told does not count */
    assert_untouched(callers);
    for (int i = 0; i < 2; i++)
        balint_caller_free(callers[i]);
    balint_wsproxy_free(proxy);
    balint_circle_end(&circle);
}

/* ---- a server that cannot just now */

struct passing {
    gint knocks;    /* seen so far */
    gint to_refuse; /* welcomes that are turned into a passing error */
};

static char *refuse_for_now(const char *text, gboolean from_client, void *user)
{
    struct passing *passing = user;
    if (from_client && strstr(text, "\"knock\""))
        g_atomic_int_inc(&passing->knocks);
    if (from_client || !strstr(text, "\"welcome\"") || g_atomic_int_get(&passing->to_refuse) == 0)
        return NULL;
    g_atomic_int_add(&passing->to_refuse, -1);
    return g_strdup("{\"type\":\"error\",\"re\":1,\"code\":\"unavailable\",\"text\":\"Try again.\"}");
}

/* Both keys did their work. The mark of the own mute alone would not say so: the own program shows it at
 * once. */
static gboolean none_to_refuse(struct balint_caller *caller, int unused)
{
    g_autofree char *state = NULL;
    (void)unused;
    g_object_get(caller->call, "state", &state, NULL);
    return phase_is_second(caller, 0) && state && strstr(state, "\"muted\":true");
}

/* What passes takes nobody's secret away: the seat is resumed, not knocked for. */
static void a_passing_error_keeps_the_secret(void **state)
{
    struct balint_circle circle;
    struct passing passing = {0};
    (void)state;
    balint_circle_begin(&circle, 1);
    struct balint_wsproxy *proxy = balint_wsproxy_new(circle.server.address, refuse_for_now, &passing);
    struct balint_caller *caller = balint_circle_caller(&circle, 0, balint_wsproxy_address(proxy));
    assert_true(balint_caller_until(caller, balint_caller_is_ready, 0, BALINT_CIRCLE_MS));
    assert_int_equal(g_atomic_int_get(&passing.knocks), 1);
    g_atomic_int_set(&passing.to_refuse, 2);
    balint_serverproc_kill(&circle.server);
    assert_true(balint_serverproc_start(&circle.server, NULL, NULL));
    int64_t until = balint_test_ms() + BALINT_CIRCLE_MS;
    while (!none_to_refuse(caller, 0) && balint_test_ms() < until) { /* until it is on the line again */
        balint_caller_act(caller, "phase", -1, 1);
        balint_caller_act(caller, "mute", -1, 1);
        wait_ms(caller, 200);
    }
    assert_true(none_to_refuse(caller, 0));
    assert_int_equal(g_atomic_int_get(&passing.to_refuse), 0);
    assert_int_equal(g_atomic_int_get(&passing.knocks), 1);
    balint_caller_free(caller);
    balint_wsproxy_free(proxy);
    balint_circle_end(&circle);
}

static gboolean is_told_down(struct balint_caller *caller, int unused)
{
    (void)unused;
    g_mutex_lock(&caller->lock);
    gboolean told = strcmp(caller->refused, "line-down") == 0;
    g_mutex_unlock(&caller->lock);
    return told;
}

/* A key in an outage is told that nothing came of it; one that leaves is not. */
static void a_key_in_an_outage_is_answered(void **state)
{
    struct balint_circle circle;
    (void)state;
    balint_circle_begin(&circle, 1);
    struct balint_caller *caller = balint_circle_caller(&circle, 0, NULL);
    assert_true(balint_caller_until(caller, balint_caller_is_ready, 0, BALINT_CIRCLE_MS));
    balint_serverproc_kill(&circle.server);
    wait_ms(caller, 500);
    assert_true(balint_caller_act(caller, "leave", -1, 0));
    wait_ms(caller, 200);
    assert_string_equal(caller->refused, "");
    assert_true(balint_caller_act(caller, "hand", -1, 1));
    assert_true(balint_caller_until(caller, is_told_down, 0, BALINT_CIRCLE_MS));
    assert_string_equal(caller->closed, "");
    balint_caller_free(caller);
    balint_circle_end(&circle);
}

/* A file that ends is not the end of the call: links stay, and who has nothing to say still hears. */
static void sources_that_end_end_no_link(void **state)
{
    struct balint_circle circle;
    struct balint_caller *callers[2];
    (void)state;
    balint_circle_begin(&circle, 2);
    balint_circle_gather(&circle, callers, 2);
    GstIterator *sources = gst_bin_iterate_sources(GST_BIN(callers[1]->pipeline));
    GValue item = G_VALUE_INIT;
    while (gst_iterator_next(sources, &item) == GST_ITERATOR_OK) {
        gst_element_send_event(g_value_get_object(&item), gst_event_new_eos());
        g_value_reset(&item);
    }
    g_value_unset(&item);
    gst_iterator_free(sources);
    wait_ms(callers[0], 9000);
    balint_caller_clear(callers[1]);
    assert_true(balint_caller_until(callers[1], balint_caller_hears, 0, BALINT_CIRCLE_MS));
    for (int i = 0; i < 2; i++) {
        assert_int_equal(balint_caller_generation(callers[i], 1 - i), 1);
        assert_int_equal(callers[i]->links_lost[1 - i], 0);
        assert_int_equal(callers[i]->bus_errors, 0);
        balint_caller_free(callers[i]);
    }
    balint_circle_end(&circle);
}

static gboolean is_displaced(struct balint_caller *caller, int unused)
{
    (void)unused;
    g_mutex_lock(&caller->lock);
    gboolean is = caller->displaced > 0;
    g_mutex_unlock(&caller->lock);
    return is;
}

/* The same link on another device, once the leader's program has let it in: the old one says so and ends. */
static void a_newer_device_takes_over(void **state)
{
    struct balint_circle circle;
    struct balint_caller *callers[2];
    (void)state;
    balint_circle_begin(&circle, 2);
    balint_circle_gather(&circle, callers, 2);
    struct balint_caller *phone = balint_caller_new(circle.links[1], NULL, 900, NULL);
    balint_caller_start(phone);
    assert_true(balint_caller_until(phone, balint_caller_is_ready, 0, BALINT_CIRCLE_MS));
    assert_true(balint_caller_until(callers[1], is_displaced, 0, BALINT_CIRCLE_MS));
    assert_string_equal(callers[1]->closed, "displaced");
    assert_int_equal(phone->seat, 1);
    balint_caller_clear(callers[0]);
    assert_true(balint_caller_until(callers[0], balint_caller_hears, 1, BALINT_CIRCLE_MS));
    assert_true(balint_caller_until(phone, balint_caller_hears, 0, BALINT_CIRCLE_MS));
    assert_int_equal(balint_caller_ear(callers[1], 0).pads, 0);
    balint_caller_free(phone);
    for (int i = 0; i < 2; i++)
        balint_caller_free(callers[i]);
    balint_circle_end(&circle);
}

/* The only leader, from another machine than before: the evening goes on, and everybody is still in it. */
static void a_leader_comes_back_with_another_device(void **state)
{
    struct balint_circle circle;
    struct balint_caller *callers[2];
    (void)state;
    balint_circle_begin(&circle, 2);
    balint_circle_gather(&circle, callers, 2);
    balint_caller_free(callers[0]);
    callers[0] = balint_caller_new(circle.links[0], NULL, 300, NULL);
    balint_caller_start(callers[0]);
    assert_true(balint_caller_until(callers[0], balint_caller_is_ready, 0, BALINT_CIRCLE_MS));
    assert_int_equal(callers[0]->seat, 0);
    balint_circle_complete(callers, 2);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(callers[i]->bus_errors, 0);
        balint_caller_free(callers[i]);
    }
    balint_circle_end(&circle);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_killed_peer_is_noticed_and_comes_back),
        cmocka_unit_test(a_frozen_peer_is_noticed_and_comes_back),
        cmocka_unit_test(media_outlives_a_killed_server),
        cmocka_unit_test(a_silent_socket_is_replaced),
        cmocka_unit_test(a_newer_device_takes_over),
        cmocka_unit_test(a_leader_comes_back_with_another_device),
        cmocka_unit_test(sources_that_end_end_no_link),
        cmocka_unit_test(a_passing_error_keeps_the_secret),
        cmocka_unit_test(a_key_in_an_outage_is_answered),
    };
    balint_callerproc_main(argc, argv);
    balint_caller_setup(&argc, &argv);
    return cmocka_run_group_tests_name("call_lost", tests, NULL, NULL);
}
