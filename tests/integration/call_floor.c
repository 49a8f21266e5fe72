/* call_floor.c - who is heard and seen: each enforcement with the others switched off.
 *
 * Ann leads, Ben presents and goes on talking, Cleo is a member. Listening is done beside the element
 * (caller.h): loud is what is over -60 dBFS.
 */
#include "fakes/circle.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { ANN, BEN, CLEO };

struct evening {
    struct balint_circle circle;
    struct balint_caller *callers[3];
};

static void gather(struct evening *evening)
{
    balint_circle_begin(&evening->circle, 3);
    balint_circle_gather(&evening->circle, evening->callers, 3);
}

static void part(struct evening *evening)
{
    for (int i = 0; i < 3; i++) {
        assert_int_equal(evening->callers[i]->bus_errors, 0);
        balint_caller_free(evening->callers[i]);
    }
    balint_circle_end(&evening->circle);
}

static gint64 loud_of(struct balint_caller *listener, int seat)
{
    gint64 loud = balint_caller_loud_of(listener, seat, BALINT_CIRCLE_MS);
    assert_true(loud >= 0);
    return loud;
}

static void all_see(struct evening *evening, gboolean back)
{
    for (int i = 0; i < 3; i++)
        assert_true(balint_caller_until(evening->callers[i], balint_caller_is_back, back, BALINT_CIRCLE_MS));
}

static void ben_steps_back(struct evening *evening, int place)
{
    assert_true(balint_caller_tell_a_case(evening->callers[ANN], evening->callers[BEN], BEN));
    assert_true(balint_caller_act(evening->callers[ANN], "step-back", -1, place));
    all_see(evening, TRUE);
}

static gint64 dropped_ms(struct balint_caller *caller, int seat)
{
    GstStructure *report = NULL;
    gint64 total = 0;
    g_object_get(caller->call, "link-report", &report, NULL);
    const GValue *remotes = gst_structure_get_value(report, "remotes");
    for (guint i = 0; i < gst_value_array_get_size(remotes); i++) {
        const GstStructure *remote = gst_value_get_structure(gst_value_array_get_value(remotes, i));
        const GValue *phases = gst_structure_get_value(remote, "by-phase");
        int at = -1;
        gst_structure_get_int(remote, "seat", &at);
        for (guint j = 0; at == seat && j < gst_value_array_get_size(phases); j++) {
            gint64 ms = 0;
            gst_structure_get_int64(gst_value_get_structure(gst_value_array_get_value(phases, j)),
                                    "dropped-ms", &ms);
            total += ms;
        }
    }
    gst_structure_free(report);
    return total;
}

/* Ann leads and admits; Ben's own gates and the others' can be taken away. */
static void gather_ungated(struct evening *evening, bool ben, bool others)
{
    balint_circle_begin(&evening->circle, 3);
    for (int i = 0; i < 3; i++) {
        struct balint_caller *caller =
            balint_caller_new(evening->circle.links[i], NULL, 300 + 100 * i, evening->circle.devices[i]);
        g_object_set(caller->call, "admit-everyone", i == ANN, "ungated-send", ben && i == BEN,
                     "ungated-receive", others && i != BEN, NULL);
        balint_caller_start(caller);
        assert_true(balint_caller_until(caller, balint_caller_is_ready, 0, BALINT_CIRCLE_MS));
        evening->callers[i] = caller;
    }
    balint_circle_complete(evening->callers, 3);
}

/* No picture of a seat for two seconds of its sound. */
static gboolean is_hidden(struct balint_caller *viewer, int seat)
{
    loud_of(viewer, seat);
    return balint_caller_ear(viewer, seat).pictures == 0;
}

/* The test can hear and see at all: with all gates off, a stepped-back presenter is heard and seen. */
static void without_any_gate_the_presenter_is_heard(void **state)
{
    struct evening evening;
    (void)state;
    gather_ungated(&evening, true, true);
    ben_steps_back(&evening, BALINT_LEADERS_ONLY);
    assert_true(loud_of(evening.callers[CLEO], BEN) > 48000);
    assert_false(is_hidden(evening.callers[CLEO], BEN));
    part(&evening);
}

/* Receivers' gates off: it is the presenter's own program that sends silence, and no picture to members. */
static void the_presenter_sends_silence(void **state)
{
    struct evening evening;
    (void)state;
    gather_ungated(&evening, false, true);
    assert_true(balint_caller_is_open(evening.callers[BEN], TRUE));
    ben_steps_back(&evening, BALINT_LEADERS_ONLY);
    assert_true(balint_caller_is_open(evening.callers[BEN], FALSE));
    assert_int_equal(loud_of(evening.callers[CLEO], BEN), 0);
    assert_int_equal(loud_of(evening.callers[ANN], BEN), 0);
    assert_true(is_hidden(evening.callers[CLEO], BEN));
    assert_false(is_hidden(evening.callers[ANN], BEN));
    assert_true(loud_of(evening.callers[BEN], CLEO) > 48000); /* and hears everything */
    part(&evening);
}

/* The presenter's gates off: every other program drops what still arrives. */
static void the_others_drop_what_arrives(void **state)
{
    struct evening evening;
    (void)state;
    gather_ungated(&evening, true, false);
    ben_steps_back(&evening, BALINT_LEADERS_ONLY);
    for (int i = 0; i < 3; i += 2) {
        assert_int_equal(loud_of(evening.callers[i], BEN), 0);
        assert_true(dropped_ms(evening.callers[i], BEN) > 1000); /* it did arrive */
    }
    assert_true(is_hidden(evening.callers[CLEO], BEN));
    assert_false(is_hidden(evening.callers[ANN], BEN));
    part(&evening);
}

static void an_invitation_opens_nothing_the_own_key_does(void **state)
{
    struct evening evening;
    (void)state;
    gather(&evening);
    ben_steps_back(&evening, BALINT_ASIDE);
    assert_true(balint_caller_act(evening.callers[ANN], "invite-back", -1, 0));
    assert_int_equal(loud_of(evening.callers[CLEO], BEN), 0);
    assert_true(balint_caller_is_open(evening.callers[BEN], FALSE));
    assert_true(balint_caller_act(evening.callers[BEN], "return", -1, 0));
    assert_true(balint_caller_until(evening.callers[BEN], balint_caller_is_open, TRUE, BALINT_CIRCLE_MS));
    all_see(&evening, FALSE);
    assert_true(loud_of(evening.callers[CLEO], BEN) > 48000);
    part(&evening);
}

/* The microphone closes within the call, not when the server says so; it opens again by the same key. */
static void own_mute_acts_on_the_spot(void **state)
{
    struct evening evening;
    (void)state;
    gather(&evening);
    assert_true(balint_caller_is_open(evening.callers[BEN], TRUE));
    kill(evening.circle.server.pid, SIGSTOP); /* nobody answers */
    assert_true(balint_caller_act(evening.callers[BEN], "mute", -1, 1));
    assert_true(balint_caller_is_open(evening.callers[BEN], FALSE));
    assert_int_equal(loud_of(evening.callers[CLEO], BEN), 0);
    kill(evening.circle.server.pid, SIGCONT);
    assert_true(balint_caller_act(evening.callers[BEN], "mute", -1, 0));
    assert_true(balint_caller_until(evening.callers[BEN], balint_caller_is_open, TRUE, BALINT_CIRCLE_MS));
    assert_true(loud_of(evening.callers[CLEO], BEN) > 48000);
    /* For cause: the leader lifts it, and still nothing opens before the own key. */
    assert_true(balint_caller_act(evening.callers[ANN], "mute-for-cause", BEN, 1));
    assert_true(balint_caller_until(evening.callers[BEN], balint_caller_is_open, FALSE, BALINT_CIRCLE_MS));
    assert_true(balint_caller_act(evening.callers[ANN], "mute-for-cause", BEN, 0));
    assert_int_equal(loud_of(evening.callers[CLEO], BEN), 0);
    assert_true(balint_caller_is_open(evening.callers[BEN], FALSE));
    part(&evening);
}

static void pictures_go_to_whom_the_floor_names(void **state)
{
    struct evening evening;
    (void)state;
    gather(&evening);
    ben_steps_back(&evening, BALINT_LEADERS_ONLY);
    assert_true(is_hidden(evening.callers[CLEO], BEN));
    assert_false(is_hidden(evening.callers[ANN], BEN));
    assert_true(balint_caller_act(evening.callers[BEN], "return", -1, 1));
    all_see(&evening, FALSE);
    balint_caller_clear(evening.callers[CLEO]);
    assert_true(balint_caller_until(evening.callers[CLEO], balint_caller_sees, BEN, BALINT_CIRCLE_MS));
    assert_true(balint_caller_act(evening.callers[BEN], "away", -1, 1));
    assert_true(balint_caller_until(evening.callers[BEN], balint_caller_is_open, FALSE, BALINT_CIRCLE_MS));
    assert_true(is_hidden(evening.callers[ANN], BEN));
    assert_true(is_hidden(evening.callers[CLEO], BEN));
    part(&evening);
}

/* Who sits out hears and sees nothing, by their own program. */
static void sitting_out_hears_nothing(void **state)
{
    struct evening evening;
    (void)state;
    gather(&evening);
    assert_true(balint_caller_tell_a_case(evening.callers[ANN], evening.callers[BEN], BEN));
    assert_true(balint_caller_act(evening.callers[CLEO], "sit-out", -1, 1));
    assert_true(balint_caller_until(evening.callers[CLEO], balint_caller_is_open, FALSE, BALINT_CIRCLE_MS));
    assert_int_equal(loud_of(evening.callers[CLEO], BEN), 0);
    assert_true(is_hidden(evening.callers[CLEO], BEN));
    assert_true(is_hidden(evening.callers[CLEO], ANN));
    part(&evening);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_any_gate_the_presenter_is_heard),
        cmocka_unit_test(the_presenter_sends_silence),
        cmocka_unit_test(the_others_drop_what_arrives),
        cmocka_unit_test(an_invitation_opens_nothing_the_own_key_does),
        cmocka_unit_test(own_mute_acts_on_the_spot),
        cmocka_unit_test(pictures_go_to_whom_the_floor_names),
        cmocka_unit_test(sitting_out_hears_nothing),
    };
    balint_caller_setup(&argc, &argv);
    return cmocka_run_group_tests_name("call_floor", tests, NULL, NULL);
}
