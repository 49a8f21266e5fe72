/* call_look.c - a leader looks at who is at the door: that leader hears and sees the guest, the guest nobody,
 * and nobody else the guest; then the guest is let in and all hear all. */
#include "fakes/circle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { LEADER, MEMBER, GUEST, PEOPLE };

static gboolean has_seat(struct balint_caller *caller, int unused)
{
    int seat = -1;
    (void)unused;
    g_object_get(caller->call, "seat", &seat, NULL);
    return seat >= 0;
}

static int seat_of(struct balint_caller *caller)
{
    int seat = -1;
    assert_true(balint_caller_until(caller, has_seat, 0, BALINT_CIRCLE_MS));
    g_object_get(caller->call, "seat", &seat, NULL);
    return seat;
}

/* Does the leader's program say "new" of that seat? */
static gboolean is_new(struct balint_caller *leader, int seat)
{
    g_autofree char *door = NULL;
    g_autofree char *row = g_strdup_printf("{\"seat\":%d,\"standing\":\"new\"}", seat);
    g_object_get(leader->call, "door", &door, NULL);
    return door && strstr(door, row);
}

static void ask(struct balint_caller *leader, const char *what, int seat)
{
    gboolean asked = FALSE;
    g_signal_emit_by_name(leader->call, what, seat, &asked);
    assert_true(asked);
}

static struct balint_caller *come(struct balint_circle *circle, int i)
{
    struct balint_caller *caller =
        balint_caller_new(circle->links[i], NULL, 300 + 100 * i, circle->devices[i]);
    balint_caller_start(caller);
    return caller;
}

static void admit(struct balint_caller *leader, struct balint_caller *guest)
{
    assert_true(balint_caller_until(leader, is_new, seat_of(guest), BALINT_CIRCLE_MS));
    ask(leader, "admit", seat_of(guest));
    assert_true(balint_caller_until(guest, balint_caller_is_ready, 0, BALINT_CIRCLE_MS));
}

static gboolean is_link(struct balint_caller *caller, int seat)
{
    return balint_caller_link_is(caller, seat, "open");
}

/* The guest's own ears and wire while it is looked at. */
static void hears_nobody(struct balint_caller *guest)
{
    for (int seat = 0; seat < BALINT_SEATS; seat++) {
        struct balint_caller_ear ear = balint_caller_ear(guest, seat);
        assert_int_equal(ear.samples + ear.pictures + ear.pads_ever, 0);
    }
    assert_int_equal(balint_caller_wire(guest).received_media, 0);
}

/* `first`: who comes before whom decides on the seats, and so on who would offer an ordinary link. */
static void look(bool guest_first)
{
    struct balint_circle circle;
    struct balint_caller *callers[PEOPLE];
    balint_circle_begin(&circle, PEOPLE);
    if (guest_first) {
        callers[GUEST] = come(&circle, GUEST);
        assert_int_equal(seat_of(callers[GUEST]), 0);
    }
    callers[LEADER] = come(&circle, LEADER);
    assert_true(balint_caller_until(callers[LEADER], balint_caller_is_ready, 0, BALINT_CIRCLE_MS));
    callers[MEMBER] = come(&circle, MEMBER);
    admit(callers[LEADER], callers[MEMBER]);
    if (!guest_first)
        callers[GUEST] = come(&circle, GUEST);
    struct balint_caller *leader = callers[LEADER], *member = callers[MEMBER], *guest = callers[GUEST];
    int seat = seat_of(guest);
    assert_true(balint_caller_until(leader, is_new, seat, BALINT_CIRCLE_MS));
    assert_true(balint_caller_until(leader, balint_caller_hears, member->seat, BALINT_CIRCLE_MS));

    ask(leader, "look", seat);
    assert_true(balint_caller_until(leader, balint_caller_hears, seat, BALINT_CIRCLE_MS));
    assert_true(balint_caller_until(leader, balint_caller_sees, seat, BALINT_CIRCLE_MS));
    assert_true(balint_caller_loud_of(leader, seat, BALINT_CIRCLE_MS) > 48000);
    assert_true(balint_caller_until(guest, is_link, leader->seat, BALINT_CIRCLE_MS));
    assert_int_equal(guest->seat, -1); /* not in */
    hears_nobody(guest);
    assert_int_equal(balint_caller_wire_of(leader, seat).sent_media, 0);
    assert_true(balint_caller_wire_of(leader, seat).received_media > 50);
    /* Nobody else's link, sound or picture. */
    assert_string_equal(guest->links[member->seat], "");
    assert_string_equal(member->links[seat], "");
    assert_int_equal(balint_caller_ear(member, seat).pads_ever, 0);
    gboolean open = FALSE;
    g_object_get(guest->call, "microphone-open", &open, NULL);
    assert_true(open);

    ask(leader, "admit", seat);
    assert_true(balint_caller_until(guest, balint_caller_is_ready, 0, BALINT_CIRCLE_MS));
    for (int i = 0; i < PEOPLE; i++)
        balint_caller_clear(callers[i]);
    balint_circle_complete(callers, PEOPLE);
    for (int i = 0; i < PEOPLE; i++) {
        assert_int_equal(callers[i]->bus_errors, 0);
        balint_caller_free(callers[i]);
    }
    balint_circle_end(&circle);
}

static void a_guest_who_came_later(void **state)
{
    (void)state;
    look(false);
}

static void a_guest_who_waited_before(void **state)
{
    (void)state;
    look(true);
}

/* Should the leader's program send all the same, the guest's lets nothing of it through. */
static void a_leader_who_sends_is_not_heard(void **state)
{
    struct balint_circle circle;
    (void)state;
    balint_circle_begin(&circle, PEOPLE);
    struct balint_caller *leader = come(&circle, LEADER);
    g_object_set(leader->call, "ungated-send", TRUE, NULL);
    assert_true(balint_caller_until(leader, balint_caller_is_ready, 0, BALINT_CIRCLE_MS));
    struct balint_caller *guest = come(&circle, GUEST);
    int seat = seat_of(guest);
    assert_true(balint_caller_until(leader, is_new, seat, BALINT_CIRCLE_MS));
    ask(leader, "look", seat);
    assert_true(balint_caller_until(leader, balint_caller_hears, seat, BALINT_CIRCLE_MS));
    assert_true(balint_caller_loud_of(leader, seat, BALINT_CIRCLE_MS) > 48000);
    assert_true(balint_caller_wire(guest).received_media > 50); /* it comes … */
    for (int i = 0; i < BALINT_SEATS; i++)
        assert_int_equal(balint_caller_ear(guest, i).pads_ever, 0); /* … and goes nowhere */
    balint_caller_free(leader);
    balint_caller_free(guest);
    balint_circle_end(&circle);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_guest_who_came_later),
        cmocka_unit_test(a_guest_who_waited_before),
        cmocka_unit_test(a_leader_who_sends_is_not_heard),
    };
    balint_caller_setup(&argc, &argv);
    return cmocka_run_group_tests_name("call_look", tests, NULL, NULL);
}
