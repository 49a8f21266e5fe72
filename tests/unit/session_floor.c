/* session_floor.c - the floor against BALINT.md's table "Who may be heard and seen", for every standing there
 * is.
 *
 * The table is written down here a second time, row by row as it stands on the page, and the two are
 * compared.
 */
#include "session_support.h"

/* Who hears or sees, as the table's cells say. */
enum cell { NOBODY = 0, LEADERS = 1, EVERYBODY = 2 };

struct row {
    bool applies;
    enum cell heard, seen;
    bool dimmed, hears;
};

static enum cell least(enum cell a, enum cell b)
{
    return a < b ? a : b;
}

static void check(struct balint_standing s)
{
    /* in the after-room: leaders, observers | heard and seen within it: there an observer is heard */
    bool listens_only = s.observer && !s.after_room;
    bool aside = s.stepped_back && s.place != BALINT_LEADERS_ONLY;
    const struct row table[] = {
        /* in the lobby, not admitted */ {!s.admitted, NOBODY, NOBODY, false, false},
        /* observer */ {listens_only, NOBODY, EVERYBODY, false, true},
        /* presenter, stepped back: aside */ {aside, NOBODY, EVERYBODY, true, true},
        /* presenter, stepped back: leaders only */
        {s.stepped_back && s.place == BALINT_LEADERS_ONLY, NOBODY, LEADERS, false, true},
        /* own mute */ {s.muted, NOBODY, EVERYBODY, false, true},
        /* muted for cause */ {s.muted_for_cause, NOBODY, EVERYBODY, false, true},
        /* away */ {s.away, NOBODY, NOBODY, false, true},
        /* sitting out */ {s.sitting_out, NOBODY, NOBODY, false, false},
    };
    enum cell heard = EVERYBODY, seen = EVERYBODY;
    bool dimmed = false, hears = true;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (!table[i].applies)
            continue;
        heard = least(heard, table[i].heard);
        seen = least(seen, table[i].seen);
        dimmed = dimmed || table[i].dimmed;
        hears = hears && table[i].hears;
    }
    struct balint_floor floor = balint_floor_of(s);
    assert_int_equal(floor.heard, heard == EVERYBODY);
    assert_int_equal((int)floor.seen, (int)seen);
    assert_int_equal(floor.dimmed, dimmed && seen == EVERYBODY);
    assert_int_equal(floor.hears, hears);
    assert_int_equal(floor.apart, s.after_room);
}

static struct balint_standing standing_of_bits(unsigned bits, enum balint_place place)
{
    return (struct balint_standing){
        .admitted = bits & 1,
        .observer = bits & 2,
        .muted = bits & 4,
        .muted_for_cause = bits & 8,
        .away = bits & 16,
        .sitting_out = bits & 32,
        .stepped_back = bits & 64,
        .after_room = bits & 128,
        .place = place,
    };
}

static void every_standing_has_the_floor_of_the_table(void **state)
{
    (void)state;
    for (unsigned bits = 0; bits < 256; bits++)
        for (int place = 0; place < BALINT_PLACES; place++)
            check(standing_of_bits(bits, (enum balint_place)place));
}

static void nothing_else_limits_the_floor(void **state)
{
    (void)state;
    struct balint_floor open = balint_floor_of((struct balint_standing){.admitted = true});
    assert_true(open.heard);
    assert_int_equal(open.seen, BALINT_SEEN_BY_ALL);
    assert_false(open.dimmed);
    assert_true(open.hears);
    /* A place counts only while stepped back. */
    for (int place = 0; place < BALINT_PLACES; place++) {
        open = balint_floor_of((struct balint_standing){.admitted = true, .place = (enum balint_place)place});
        assert_true(open.heard && open.seen == BALINT_SEEN_BY_ALL && !open.dimmed);
    }
}

/* Puts a standing into a seat of a session. */
static void set_standing(struct balint_session *session, int seat, struct balint_standing standing)
{
    struct balint_seat *person = &session->seats[seat];
    person->admitted = standing.admitted;
    if (standing.observer)
        person->role = BALINT_OBSERVER;
    person->muted = standing.muted;
    person->muted_for_cause = standing.muted_for_cause;
    person->away = standing.away;
    person->sitting_out = standing.sitting_out;
    if (standing.stepped_back) {
        session->presenter = seat;
        session->stepped_back = true;
        session->place = standing.place;
    }
}

/* Two people: who hears and sees whom follows from the two floors and from nothing else, and the receiver's
 * client comes to the same answer from its state. */
static void pairs_follow_the_table(void **state)
{
    (void)state;
    struct balint_session six;
    session_of_six(&six);
    for (unsigned bits = 0; bits < 128; bits++) {
        for (int place = BALINT_ASIDE; place < BALINT_PLACES; place++) {
            struct balint_standing from = standing_of_bits(bits, (enum balint_place)place);
            for (unsigned to_bits = 0; to_bits < 64; to_bits++) {
                struct balint_standing to = standing_of_bits(to_bits & ~2u, BALINT_IN_CIRCLE);
                int seat = to_bits & 2 ? LEADER : BERT;
                struct balint_session session = six;
                set_standing(&session, ANNA, from);
                set_standing(&session, seat, to);

                bool hears = to.admitted && !to.sitting_out;
                struct balint_floor floor = balint_floor_of(from);
                bool sees = hears && (floor.seen == BALINT_SEEN_BY_ALL ||
                                      (floor.seen == BALINT_SEEN_BY_LEADERS && seat == LEADER));
                assert_int_equal(balint_may_hear(&session, ANNA, seat), hears && floor.heard);
                assert_int_equal(balint_may_see(&session, ANNA, seat), sees);

                struct balint_state seen;
                balint_state_of(&session, seat, &seen);
                assert_int_equal(balint_state_i_hear(&seen, ANNA), hears && floor.heard);
                assert_int_equal(balint_state_i_see(&seen, ANNA), sees);
            }
        }
    }
}

static void co_leaders_see_what_leaders_see(void **state)
{
    (void)state;
    struct balint_session session;
    session_of_six(&session);
    tell_a_case(&session, LEADER, ANNA);
    ALLOWED(&session, LEADER, BALINT_STEP_BACK, BALINT_NOBODY, BALINT_LEADERS_ONLY);
    assert_true(balint_may_see(&session, ANNA, LEADER));
    assert_true(balint_may_see(&session, ANNA, CO_LEADER));
    assert_false(balint_may_see(&session, ANNA, BERT));
    assert_false(balint_may_see(&session, ANNA, WATCHER));
}

static void leaders_always_see_the_presenter_undimmed(void **state)
{
    (void)state;
    static const struct {
        int to;
        bool dimmed;
    } expected[] = {{LEADER, false}, {CO_LEADER, false}, {BERT, true}, {WATCHER, true}};
    struct balint_session session;
    struct balint_state seen;
    session_of_six(&session);
    tell_a_case(&session, LEADER, ANNA);
    ALLOWED(&session, LEADER, BALINT_STEP_BACK, BALINT_NOBODY, BALINT_ASIDE);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        balint_state_of(&session, expected[i].to, &seen);
        assert_int_equal(balint_state_seat_of(&seen, ANNA)->dimmed, expected[i].dimmed);
        assert_int_equal(balint_state_floor(&seen, ANNA).dimmed, expected[i].dimmed);
        assert_true(balint_state_i_see(&seen, ANNA));
        assert_false(balint_state_i_hear(&seen, ANNA));
    }
}

static void nobody_meets_oneself_or_an_empty_chair(void **state)
{
    (void)state;
    struct balint_session session;
    session_of_six(&session);
    for (int from = -2; from < BALINT_SEATS + 2; from++) {
        for (int to = -2; to < BALINT_SEATS + 2; to++) {
            bool both = from >= 0 && from < PEOPLE && to >= 0 && to < PEOPLE && from != to;
            assert_int_equal(balint_may_hear(&session, from, to), both && from != WATCHER);
            assert_int_equal(balint_may_see(&session, from, to), both);
        }
    }
}

/* A client closes when either its own computation or the server's word says so. */
static void a_client_needs_both_words_to_open(void **state)
{
    (void)state;
    struct balint_session session;
    struct balint_state seen;
    session_of_six(&session);
    balint_state_of(&session, BERT, &seen);
    assert_true(balint_state_i_hear(&seen, ANNA));

    struct balint_state_seat *anna = &seen.seats[ANNA];
    anna->heard = false;
    assert_false(balint_state_i_hear(&seen, ANNA));
    anna->heard = true;
    anna->muted = true; /* the server claims "heard" of somebody who is muted */
    assert_false(balint_state_i_hear(&seen, ANNA));
    anna->muted = false;
    anna->role = BALINT_OBSERVER; /* the roster says so */
    assert_false(balint_state_i_hear(&seen, ANNA));
    anna->role = BALINT_MEMBER;
    seen.presenter = ANNA;
    seen.stepped_back = true;
    seen.place = BALINT_LEADERS_ONLY;
    assert_false(balint_state_i_hear(&seen, ANNA));
    assert_false(balint_state_i_see(&seen, ANNA));
    seen.stepped_back = false;
    anna->seen = BALINT_SEEN_BY_NOBODY;
    assert_false(balint_state_i_see(&seen, ANNA));
    anna->seen = BALINT_SEEN_BY_ALL;
    assert_true(balint_state_i_see(&seen, ANNA));
    seen.hears = false;
    assert_false(balint_state_i_hear(&seen, ANNA));
    assert_false(balint_state_i_see(&seen, ANNA));
    seen.hears = true;
    seen.admitted = false;
    assert_false(balint_state_i_hear(&seen, ANNA));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_standing_has_the_floor_of_the_table),
        cmocka_unit_test(nothing_else_limits_the_floor),
        cmocka_unit_test(pairs_follow_the_table),
        cmocka_unit_test(co_leaders_see_what_leaders_see),
        cmocka_unit_test(leaders_always_see_the_presenter_undimmed),
        cmocka_unit_test(nobody_meets_oneself_or_an_empty_chair),
        cmocka_unit_test(a_client_needs_both_words_to_open),
    };
    return cmocka_run_group_tests_name("session-floor", tests, NULL, NULL);
}
