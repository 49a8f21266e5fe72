/* call_after_room.c - the after-room, each enforcement with the other switched off: nobody outside hears or
 * sees it, and nobody in it what is outside.
 *
 * Ann and Dora lead and go on alone, Cleo is a member. Listening is done beside the element (caller.h).
 */
#include "fakes/circle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { ANN, DORA, CLEO, PEOPLE };

struct evening {
    struct balint_circle circle;
    struct balint_caller *callers[PEOPLE];
};

/* `open_send`: Ann's program sends whatever the floor says; `open_receive`: Cleo's lets everything through.
 */
static void gather(struct evening *evening, bool open_send, bool open_receive)
{
    balint_circle_begin_led(&evening->circle, PEOPLE, 2);
    for (int i = 0; i < PEOPLE; i++) {
        struct balint_caller *caller =
            balint_caller_new(evening->circle.links[i], NULL, 300 + 100 * i, evening->circle.devices[i]);
        g_object_set(caller->call, "admit-everyone", i == ANN, "ungated-send", open_send && i == ANN,
                     "ungated-receive", open_receive && i == CLEO, NULL);
        balint_caller_start(caller);
        assert_true(balint_caller_until(caller, balint_caller_is_ready, 0, BALINT_CIRCLE_MS));
        evening->callers[i] = caller;
    }
    balint_circle_complete(evening->callers, PEOPLE);
}

static void part(struct evening *evening)
{
    for (int i = 0; i < PEOPLE; i++) {
        assert_int_equal(evening->callers[i]->bus_errors, 0);
        balint_caller_free(evening->callers[i]);
    }
    balint_circle_end(&evening->circle);
}

/* How many seats does the last state show in the after-room? */
static gboolean are_apart(struct balint_caller *caller, int wanted)
{
    static const char flag[] = "\"after_room\":true";
    char *state = NULL;
    int count = 0;
    g_object_get(caller->call, "state", &state, NULL);
    for (const char *at = state; at != NULL && (at = strstr(at, flag)) != NULL; at += sizeof flag - 1)
        count++;
    g_free(state);
    return count == wanted;
}

static void all_see(struct evening *evening, int apart)
{
    for (int i = 0; i < PEOPLE; i++)
        assert_true(balint_caller_until(evening->callers[i], are_apart, apart, BALINT_CIRCLE_MS));
}

static gboolean is_in_phase(struct balint_caller *caller, int phase)
{
    char *id = NULL;
    g_object_get(caller->call, "phase", &id, NULL);
    gboolean there = g_strcmp0(id, balint_format_find("classic")->phases[phase].id) == 0;
    g_free(id);
    return there;
}

/* The leaders go on alone in the last phase. */
static void leaders_go_apart(struct evening *evening)
{
    int last = balint_format_find("classic")->count - 1;
    for (int phase = 1; phase <= last; phase++)
        assert_true(balint_caller_act(evening->callers[ANN], "phase", -1, phase));
    assert_true(balint_caller_until(evening->callers[DORA], is_in_phase, last, BALINT_CIRCLE_MS));
    assert_true(balint_caller_act(evening->callers[ANN], "after-room", -1, 1));
    assert_true(balint_caller_act(evening->callers[DORA], "after-room", -1, 1));
    all_see(evening, 2);
}

static gint64 loud_of(struct balint_caller *listener, int seat)
{
    gint64 loud = balint_caller_loud_of(listener, seat, BALINT_CIRCLE_MS);
    assert_true(loud >= 0);
    return loud;
}

/* What comes of a seat while two seconds of another's are heard: nothing at all? */
static bool nothing_of(struct balint_caller *caller, int seat, int meanwhile)
{
    loud_of(caller, meanwhile); /* what was under way has passed */
    loud_of(caller, meanwhile);
    struct balint_caller_ear ear = balint_caller_ear(caller, seat);
    return ear.loud_samples == 0 && ear.pictures == 0;
}

/* Cleo's gates off: nothing of it leaves the leaders' own programs for hers. */
static void nothing_leaves_it(void **state)
{
    struct evening evening;
    (void)state;
    gather(&evening, false, true);
    leaders_go_apart(&evening);
    struct balint_caller *ann = evening.callers[ANN];
    assert_true(loud_of(ann, DORA) > 48000); /* within it they hear each other */
    gint64 before = balint_caller_wire_of(ann, CLEO).sent_media,
           to_dora = balint_caller_wire_of(ann, DORA).sent_media;
    assert_true(loud_of(ann, DORA) > 48000);
    assert_int_equal(balint_caller_wire_of(ann, CLEO).sent_media,
                     before); /* on the network, beside the program */
    assert_true(balint_caller_wire_of(ann, DORA).sent_media > to_dora + 50);
    assert_true(nothing_of(ann, CLEO, DORA)); /* and hear nothing of the circle */
    balint_caller_clear(evening.callers[CLEO]);
    assert_true(loud_of(ann, DORA) > 48000);
    assert_int_equal(balint_caller_ear(evening.callers[CLEO], ANN).loud_samples, 0);
    assert_int_equal(balint_caller_ear(evening.callers[CLEO], ANN).pictures, 0);
    assert_int_equal(balint_caller_ear(evening.callers[CLEO], DORA).loud_samples, 0);

    /* Ann comes back by her own key; Dora because somebody moved the phase: as an own mute. */
    assert_true(balint_caller_act(ann, "after-room", -1, 0));
    all_see(&evening, 1);
    assert_true(loud_of(evening.callers[CLEO], ANN) > 48000);
    assert_true(loud_of(ann, CLEO) > 48000);
    assert_true(balint_caller_act(ann, "phase", -1, balint_format_find("classic")->count - 2));
    all_see(&evening, 0);
    assert_true(balint_caller_until(evening.callers[DORA], balint_caller_is_open, FALSE, BALINT_CIRCLE_MS));
    assert_int_equal(loud_of(evening.callers[CLEO], DORA), 0);
    assert_true(balint_caller_act(evening.callers[DORA], "mute", -1, 0));
    assert_true(balint_caller_until(evening.callers[DORA], balint_caller_is_open, TRUE, BALINT_CIRCLE_MS));
    assert_true(loud_of(evening.callers[CLEO], DORA) > 48000);
    part(&evening);
}

/* Ann's gates off: Cleo's program drops what comes out of it all the same. */
static void what_leaves_it_is_dropped(void **state)
{
    struct evening evening;
    (void)state;
    gather(&evening, true, false);
    leaders_go_apart(&evening);
    gint64 before = balint_caller_wire_of(evening.callers[ANN], CLEO).sent_media;
    assert_int_equal(loud_of(evening.callers[CLEO], ANN), 0);
    assert_int_equal(balint_caller_ear(evening.callers[CLEO], ANN).pictures, 0);
    assert_true(balint_caller_wire_of(evening.callers[ANN], CLEO).sent_media >
                before + 50); /* it did arrive */
    part(&evening);
}

/* With neither it is heard: the tests above measure something. */
static void without_any_gate_it_is_heard(void **state)
{
    struct evening evening;
    (void)state;
    gather(&evening, true, true);
    leaders_go_apart(&evening);
    assert_true(loud_of(evening.callers[CLEO], ANN) > 48000);
    part(&evening);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_any_gate_it_is_heard),
        cmocka_unit_test(nothing_leaves_it),
        cmocka_unit_test(what_leaves_it_is_dropped),
    };
    balint_caller_setup(&argc, &argv);
    return cmocka_run_group_tests_name("call_after_room", tests, NULL, NULL);
}
