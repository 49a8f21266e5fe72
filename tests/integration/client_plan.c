/* client_plan.c - whose picture is composed: BALINT.md's table "Who may be heard and seen", seen from the
 * window. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "client/plan.h"

enum { LEADER, PRESENTER, MEMBER, OBSERVER, PEOPLE };
static struct balint_session session;
static struct balint_plan plan;

static int begin(void **state)
{
    (void)state;
    static const enum balint_role roles[PEOPLE] = {BALINT_LEADER, BALINT_MEMBER, BALINT_MEMBER,
                                                   BALINT_OBSERVER};
    static const char *const names[PEOPLE] = {"lea", "pia", "max", "obi"};
    balint_session_init(&session, "G", balint_format_find("classic"), 1000);
    for (int i = 0; i < PEOPLE; i++) {
        assert_int_equal(balint_session_seat(&session, names[i], names[i], roles[i]), i);
        balint_session_connect(&session, i, true, 1000);
        balint_session_admit(&session, i, 1000);
    }
    return 0;
}

/* Does `who` see the picture of `other` in the window? False too when there is no tile. */
static bool sees(int who, int other)
{
    struct balint_state state;
    memset(&state, 0, sizeof state);
    balint_state_of(&session, who, &state);
    balint_plan_make(&plan, &state, false, false, BALINT_NOBODY, 1280, 720);
    for (int i = 0; i < plan.count; i++)
        if (plan.tiles[i].seat == other)
            return plan.seen[i];
    return false;
}

static void ask(int who, enum balint_action action, int seat, int value)
{
    struct balint_request request = {action, seat, value};
    assert_int_equal(balint_session_request(&session, who, &request, 2000), BALINT_OK);
}

static void test_everybody_sees_everybody(void **state)
{
    (void)state;
    for (int who = 0; who < PEOPLE; who++)
        for (int other = 0; other < PEOPLE; other++)
            assert_true(sees(who, other));
    assert_int_equal(plan.count, PEOPLE);
}

/* A leader's look at the door: the last tile, for that leader's window alone. */
static void test_who_is_looked_at_at_the_door(void **unused)
{
    (void)unused;
    struct balint_state state;
    assert_int_equal(balint_session_seat(&session, "neo", "neo", BALINT_MEMBER), PEOPLE);
    balint_session_connect(&session, PEOPLE, true, 1000);
    for (int who = 0; who < PEOPLE; who++) {
        memset(&state, 0, sizeof state);
        balint_state_of(&session, who, &state);
        balint_plan_make(&plan, &state, false, false, PEOPLE, 1280, 720);
        assert_int_equal(plan.count, PEOPLE + (who == LEADER));
        balint_plan_make(&plan, &state, false, false, BALINT_NOBODY, 1280, 720);
        assert_int_equal(plan.count, PEOPLE);
    }
    memset(&state, 0, sizeof state);
    balint_state_of(&session, LEADER, &state);
    balint_plan_make(&plan, &state, false, false, PEOPLE, 1280, 720);
    assert_int_equal(plan.tiles[PEOPLE].seat, PEOPLE);
    assert_true(plan.seen[PEOPLE]);
    assert_true(plan.tiles[PEOPLE].rect.w > 0);
    balint_plan_make(&plan, &state, false, false, PEOPLE + 1, 1280, 720); /* nobody waits there */
    assert_int_equal(plan.count, PEOPLE);
}

static void test_who_is_away_is_seen_by_nobody(void **state)
{
    (void)state;
    ask(MEMBER, BALINT_AWAY, BALINT_NOBODY, 1);
    assert_false(sees(LEADER, MEMBER));
    assert_false(sees(PRESENTER, MEMBER));
    assert_int_equal(plan.count, PEOPLE); /* the chair is kept */
    assert_true(sees(MEMBER, LEADER));
}

static void test_who_sits_out_sees_nothing(void **state)
{
    (void)state;
    ask(MEMBER, BALINT_SIT_OUT, BALINT_NOBODY, 1);
    assert_false(sees(MEMBER, LEADER));
    assert_false(sees(MEMBER, PRESENTER));
    assert_true(sees(MEMBER, MEMBER)); /* one's own picture goes nowhere */
    assert_false(sees(LEADER, MEMBER));
}

static void test_a_presenter_for_leaders_only_is_seen_by_leaders(void **state)
{
    (void)state;
    ask(PRESENTER, BALINT_VOLUNTEER, BALINT_NOBODY, 1);
    ask(LEADER, BALINT_PRESENT, PRESENTER, 0);
    ask(LEADER, BALINT_STEP_BACK, BALINT_NOBODY, BALINT_LEADERS_ONLY);
    assert_true(sees(LEADER, PRESENTER));
    assert_false(sees(MEMBER, PRESENTER));
    assert_false(sees(OBSERVER, PRESENTER));
    assert_true(sees(PRESENTER, MEMBER));
}

static void test_in_the_lobby_there_is_no_tile(void **state)
{
    (void)state;
    assert_int_equal(balint_session_seat(&session, "zoe", "zoe", BALINT_MEMBER), PEOPLE);
    balint_session_connect(&session, PEOPLE, true, 2000);
    assert_false(sees(PEOPLE, LEADER));
    assert_int_equal(plan.count, 0);
    assert_false(sees(MEMBER, PEOPLE));
    /* Not even when the server says more than it should. */
    struct balint_state view;
    memset(&view, 0, sizeof view);
    balint_state_of(&session, MEMBER, &view);
    assert_int_equal(view.seat_count, PEOPLE);
    view.admitted = false;
    balint_plan_make(&plan, &view, false, false, BALINT_NOBODY, 1280, 720);
    assert_int_equal(plan.count, 0);
}

static void test_the_own_picture_can_be_hidden(void **state)
{
    (void)state;
    struct balint_state view;
    memset(&view, 0, sizeof view);
    balint_state_of(&session, MEMBER, &view);
    balint_plan_make(&plan, &view, true, false, BALINT_NOBODY, 1280, 720);
    assert_int_equal(plan.count, PEOPLE - 1);
    for (int i = 0; i < plan.count; i++)
        assert_int_not_equal(plan.tiles[i].seat, MEMBER);
}

/* Folded, the leaders' panel leaves the pictures more; a member's window is as it was. */
static void test_the_panel_can_be_folded(void **state)
{
    (void)state;
    struct balint_state view;
    for (int who = LEADER; who <= MEMBER; who += MEMBER - LEADER) {
        memset(&view, 0, sizeof view);
        balint_state_of(&session, who, &view);
        balint_plan_make(&plan, &view, false, false, BALINT_NOBODY, 1280, 720);
        int whole = plan.tiles[0].rect.w;
        balint_plan_make(&plan, &view, false, true, BALINT_NOBODY, 1280, 720);
        assert_int_equal(plan.tiles[0].rect.w > whole, who == LEADER);
    }
}

static const char *told_on_speaking(int who)
{
    struct balint_state view;
    memset(&view, 0, sizeof view);
    balint_state_of(&session, who, &view);
    return balint_plan_muted(&view);
}

/* BALINT.md: "you are muted and speaking", never to a presenter who stepped back. */
static void test_who_is_muted_is_told_on_speaking(void **state)
{
    static const char told[] = "You are muted and speaking.";
    (void)state;
    for (int who = 0; who < PEOPLE; who++)
        assert_string_equal(told_on_speaking(who), "");
    ask(MEMBER, BALINT_MUTE, BALINT_NOBODY, 1);
    assert_string_equal(told_on_speaking(MEMBER), told);
    ask(MEMBER, BALINT_AWAY, BALINT_NOBODY, 1);
    assert_string_equal(told_on_speaking(MEMBER), "");
    ask(LEADER, BALINT_MUTE_FOR_CAUSE, PRESENTER, 1);
    assert_string_equal(told_on_speaking(PRESENTER), told);
    ask(PRESENTER, BALINT_VOLUNTEER, BALINT_NOBODY, 1);
    ask(LEADER, BALINT_PRESENT, PRESENTER, 0);
    ask(LEADER, BALINT_STEP_BACK, BALINT_NOBODY, BALINT_ASIDE);
    assert_string_equal(told_on_speaking(PRESENTER), "");
    /* an observer listens only, but for the after-room */
    ask(OBSERVER, BALINT_MUTE, BALINT_NOBODY, 1);
    assert_string_equal(told_on_speaking(OBSERVER), "");
    ask(LEADER, BALINT_PHASE, BALINT_NOBODY, session.format.count - 1);
    ask(OBSERVER, BALINT_AFTER_ROOM, BALINT_NOBODY, 1);
    assert_string_equal(told_on_speaking(OBSERVER), told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_everybody_sees_everybody, begin),
        cmocka_unit_test_setup(test_who_is_looked_at_at_the_door, begin),
        cmocka_unit_test_setup(test_who_is_away_is_seen_by_nobody, begin),
        cmocka_unit_test_setup(test_who_sits_out_sees_nothing, begin),
        cmocka_unit_test_setup(test_a_presenter_for_leaders_only_is_seen_by_leaders, begin),
        cmocka_unit_test_setup(test_in_the_lobby_there_is_no_tile, begin),
        cmocka_unit_test_setup(test_the_own_picture_can_be_hidden, begin),
        cmocka_unit_test_setup(test_the_panel_can_be_folded, begin),
        cmocka_unit_test_setup(test_who_is_muted_is_told_on_speaking, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
