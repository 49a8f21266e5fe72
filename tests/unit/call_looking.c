/* call_looking.c - a look at the door among the links: the leader offers whatever the seats are, and being
 * let in ends it and makes the ordinary link. */
#include "call/negotiation.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define SECOND INT64_C(1000000)

static struct balint_negotiation n;

static struct balint_peer_view view_of(int seat, enum balint_look_side look)
{
    struct balint_peer_view view = {.seat = seat, .epoch = 1, .connected = true, .look = look};
    strcpy(view.member, "other");
    return view;
}

static void begin(int own)
{
    balint_negotiation_init(&n);
    balint_negotiation_welcome(&n, own, 2, SECOND);
}

static void people(int seat, enum balint_look_side look, int64_t now_us)
{
    struct balint_peer_view view = view_of(seat, look);
    balint_negotiation_people(&n, &view, 1, now_us);
}

/* How many actions of this kind come now? The last one's generation in `generation`. */
static int count(enum balint_link_do what, int64_t *generation)
{
    struct balint_link_action action;
    int found = 0;
    while (balint_negotiation_next(&n, &action)) {
        if (action.what != what)
            continue;
        found++;
        *generation = action.generation;
    }
    return found;
}

static void who_looks_offers(void **state)
{
    int64_t generation = 0;
    (void)state;
    for (int own = 0; own < BALINT_SEATS; own++)
        for (int seat = 0; seat < BALINT_SEATS; seat++) {
            if (seat == own)
                continue;
            begin(own);
            people(seat, BALINT_LOOKS, SECOND);
            assert_int_equal(count(BALINT_DO_OFFER, &generation), 1);
            assert_false(balint_negotiation_offer(&n, seat, generation + 1, SECOND));
            begin(own);
            people(seat, BALINT_LOOKED_AT, SECOND);
            balint_negotiation_tick(&n, 2 * SECOND);
            assert_int_equal(count(BALINT_DO_OFFER, &generation), 0);
            assert_true(balint_negotiation_offer(&n, seat, 9, 2 * SECOND));
            /* nobody else's */
            int third =
                (seat + 1) % BALINT_SEATS == own ? (seat + 2) % BALINT_SEATS : (seat + 1) % BALINT_SEATS;
            assert_false(balint_negotiation_offer(&n, third, 9, 2 * SECOND));
        }
}

static void the_ordinary_link_takes_its_place(void **state)
{
    (void)state;
    for (int own = 0; own < 2; own++) /* the leader: the ordinary offerer, or not */
        for (int side = BALINT_LOOKS; side <= BALINT_LOOKED_AT; side++) {
            int64_t generation = 0, looking = 131073;
            int seat = 1 - own;
            begin(own);
            people(seat, (enum balint_look_side)side, SECOND);
            if (side == BALINT_LOOKS)
                assert_int_equal(count(BALINT_DO_OFFER, &looking), 1);
            else
                assert_true(balint_negotiation_offer(&n, seat, looking, SECOND));
            while (count(BALINT_DO_TELL, &generation))
                continue;
            people(seat, BALINT_LOOK_NONE, 3 * SECOND);
            bool offers = own < seat;
            struct balint_link_action action;
            bool dropped = false, offered = false;
            while (balint_negotiation_next(&n, &action)) {
                dropped |= action.what == BALINT_DO_DROP && action.generation == looking;
                offered |= action.what == BALINT_DO_OFFER && action.generation > 0;
                if (side == BALINT_LOOKS && action.what == BALINT_DO_OFFER)
                    assert_true(action.generation > looking); /* never a number twice */
            }
            assert_true(dropped);
            assert_int_equal(offered, offers);
            if (!offers)
                assert_true(balint_negotiation_offer(&n, seat, 65537, 3 * SECOND));
        }
}

/* When the look is over nothing leads there any more. */
static void a_look_ends(void **state)
{
    int64_t generation = 0;
    (void)state;
    begin(0);
    people(3, BALINT_LOOKS, SECOND);
    assert_int_equal(count(BALINT_DO_OFFER, &generation), 1);
    balint_negotiation_people(&n, NULL, 0, 2 * SECOND);
    assert_int_equal(count(BALINT_DO_DROP, &generation), 1);
    for (int i = 3; i < 60; i++) {
        balint_negotiation_heard(&n, i * SECOND);
        balint_negotiation_tick(&n, i * SECOND);
        assert_int_equal(count(BALINT_DO_OFFER, &generation), 0);
    }
    assert_false(balint_negotiation_answer(&n, 3, generation, 60 * SECOND));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_looks_offers),
        cmocka_unit_test(the_ordinary_link_takes_its_place),
        cmocka_unit_test(a_look_ends),
    };
    return cmocka_run_group_tests_name("call_looking", tests, NULL, NULL);
}
