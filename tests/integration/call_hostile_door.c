/* call_hostile_door.c - a server that hands somebody at the door what was meant for another one: a leader's
 * look is for one process alone, and nobody else is seen or heard by it.
 *
 * Ann leads, Cleo and Dora are at the door. Ann looks at Cleo; the server gives all that comes of it to Dora,
 * or puts Ben, a member, in Ann's place. In the end it lets a look through, so that each lie failed by what
 * was wrong in it.
 */
#include "fakes/hostile.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { ANN, BEN, CLEO, DORA, PEOPLE };
enum lie_kind { HONEST, TO_ANOTHER, FROM_ANOTHER };
#define LOOK_MS 3000 /* an honest one opens in a fraction of it */

struct lies {
    enum lie_kind kind;
    struct balint_message ben; /* his `person` */
    int handed;                /* passes that went astray */
};

static bool of_the_look(enum balint_type type)
{
    return type == BALINT_MSG_PERSON || type == BALINT_MSG_PASS || type == BALINT_MSG_OFFER ||
           type == BALINT_MSG_CANDIDATE;
}

static enum balint_lie lie(struct balint_hostile *hostile, int who, bool from_client,
                           struct balint_message *message)
{
    struct lies *lies = hostile->user;
    if (!from_client && message->type == BALINT_MSG_PERSON && message->person.seat == BEN)
        lies->ben = *message;
    if (from_client || who != CLEO || !of_the_look(message->type) || lies->kind == HONEST)
        return BALINT_PASS;
    lies->handed += message->type == BALINT_MSG_PASS;
    if (lies->kind == TO_ANOTHER) {
        balint_hostile_tell(hostile, DORA, message);
        return BALINT_DROP;
    }
    /* Ben sits where the pass comes from, and offers what Ann offers. */
    if (message->type == BALINT_MSG_PERSON) {
        *message = lies->ben;
    } else if (message->type == BALINT_MSG_PASS) {
        message->pass.seat = BEN;
    } else if (message->type == BALINT_MSG_OFFER) {
        message->sdp.seat = BEN;
    } else {
        message->candidate.seat = BEN;
    }
    return BALINT_CHANGED;
}

static void set(struct balint_hostile *hostile, enum lie_kind kind)
{
    g_mutex_lock(&hostile->lock);
    ((struct lies *)hostile->user)->kind = kind;
    g_mutex_unlock(&hostile->lock);
}

static gboolean at_door(struct balint_caller *leader, int seat)
{
    g_autofree char *door = NULL;
    g_autofree char *row = g_strdup_printf("{\"seat\":%d,\"standing\":\"new\"}", seat);
    g_object_get(leader->call, "door", &door, NULL);
    return door && strstr(door, row);
}

static void ask(struct balint_hostile *hostile, const char *what, int seat)
{
    gboolean asked = FALSE;
    assert_true(balint_caller_until(hostile->callers[ANN], at_door, seat, BALINT_CIRCLE_MS));
    g_signal_emit_by_name(hostile->callers[ANN]->call, what, seat, &asked);
    assert_true(asked);
}

/* Not a packet of media anywhere but between Ann and Ben. */
static void nobody_is_seen(struct balint_hostile *hostile)
{
    for (int guest = CLEO; guest <= DORA; guest++) {
        struct balint_caller_wire wire = balint_caller_wire(hostile->callers[guest]);
        assert_int_equal(wire.sent_srtp + wire.received_srtp + wire.sent_dtls, 0);
        for (int who = ANN; who <= BEN; who++) {
            struct balint_caller_ear ear = balint_caller_ear(hostile->callers[who], guest);
            struct balint_caller_wire to = balint_caller_wire_of(hostile->callers[who], guest);
            assert_int_equal(ear.samples + ear.pictures + ear.pads_ever, 0);
            assert_int_equal(to.sent_srtp + to.received_srtp, 0);
        }
        assert_int_equal(balint_hostile_seen(hostile, guest, BALINT_MSG_ANSWER), 0);
    }
}

static void a_look_is_for_one_process(void **state)
{
    static struct balint_hostile hostile;
    static struct lies lies;
    (void)state;
    balint_hostile_begin(&hostile, PEOPLE, 1, lie, &lies);
    balint_hostile_join(&hostile, ANN, false, true);
    balint_hostile_join(&hostile, BEN, false, false);
    ask(&hostile, "admit", BEN);
    assert_true(balint_caller_until(hostile.callers[BEN], balint_caller_is_ready, 0, BALINT_CIRCLE_MS));
    balint_hostile_join(&hostile, CLEO, false, false);
    assert_true(balint_caller_until(hostile.callers[ANN], at_door, CLEO, BALINT_CIRCLE_MS));
    balint_hostile_join(&hostile, DORA, false, false);
    assert_true(balint_caller_until(hostile.callers[ANN], at_door, DORA, BALINT_CIRCLE_MS));
    assert_true(balint_hostile_untouched(&hostile, ANN, BEN));

    static const enum lie_kind kinds[] = {TO_ANOTHER, FROM_ANOTHER};
    for (int i = 0; i < 2; i++) {
        set(&hostile, kinds[i]);
        ask(&hostile, "look", CLEO);
        balint_hostile_pass(&hostile, LOOK_MS);
        assert_int_equal(lies.handed, i + 1); /* it was tried */
        nobody_is_seen(&hostile);
    }
    set(&hostile, HONEST);
    ask(&hostile, "look", DORA);
    assert_true(balint_caller_until(hostile.callers[ANN], balint_caller_hears, DORA, BALINT_CIRCLE_MS));
    assert_int_equal(balint_caller_wire_of(hostile.callers[ANN], CLEO).received_srtp, 0);
    assert_int_equal(hostile.unreadable, 0);
    balint_hostile_end(&hostile);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_look_is_for_one_process)};
    balint_caller_setup(&argc, &argv);
    return cmocka_run_group_tests_name("call_hostile_door", tests, NULL, NULL);
}
