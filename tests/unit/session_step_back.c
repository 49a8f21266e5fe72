/* session_step_back.c - the life of a step-back, one test for each sentence of BALINT.md's "Step back"; and
 * who leads now. */
#include "session_support.h"

static void session_in_discussion(struct balint_session *session)
{
    session_of_six(session);
    walk_to(session, "case");
    tell_a_case(session, LEADER, ANNA);
    walk_to(session, "discussion");
}

static bool anna_is_heard(const struct balint_session *session)
{
    for (int to = 0; to < BALINT_SEATS; to++)
        if (balint_may_hear(session, ANNA, to))
            return true;
    return false;
}

static void entering_the_discussion_steps_the_presenter_back(void **state)
{
    (void)state;
    struct balint_session session;
    session_of_six(&session);
    walk_to(&session, "case");
    tell_a_case(&session, LEADER, ANNA);
    walk_to(&session, "questions");
    assert_false(session.stepped_back);
    assert_true(anna_is_heard(&session));
    ALLOWED(&session, LEADER, BALINT_PHASE, BALINT_NOBODY, phase_index(&session, "discussion"));
    assert_true(session.stepped_back);
    assert_false(session.invited);
    assert_int_equal(session.place, BALINT_ASIDE);
    assert_false(anna_is_heard(&session));
    /* From the other side as well: back from the return into the discussion. */
    walk_to(&session, "return");
    ALLOWED(&session, ANNA, BALINT_RETURN, BALINT_NOBODY, 0);
    walk_to(&session, "discussion");
    assert_true(session.stepped_back);
}

static void without_a_presenter_nobody_steps_back(void **state)
{
    (void)state;
    struct balint_session session;
    session_of_six(&session);
    walk_to(&session, "closing");
    assert_false(session.stepped_back);
    REFUSED(BALINT_NO_PRESENTER, &session, LEADER, BALINT_STEP_BACK, BALINT_NOBODY, BALINT_ASIDE);
    REFUSED(BALINT_NO_STEP_BACK, &session, LEADER, BALINT_INVITE_BACK, BALINT_NOBODY, 0);
    REFUSED(BALINT_NO_STEP_BACK, &session, ANNA, BALINT_RETURN, BALINT_NOBODY, 1);
    /* Who only presses the key is not told to choose a presenter. */
    assert_null(strstr(balint_result_text(BALINT_NO_STEP_BACK), "choose"));
}

static void a_leader_steps_back_and_invites_at_any_moment_of_a_case(void **state)
{
    (void)state;
    for (int phase = 0; phase < 8; phase++) /* but for the corridor */
        for (int by = LEADER; by <= CO_LEADER; by++) {
            struct balint_session session;
            session_of_six(&session);
            tell_a_case(&session, LEADER, ANNA);
            walk_to(&session, session.format.phases[phase].id);
            ALLOWED(&session, by, BALINT_STEP_BACK, BALINT_NOBODY, BALINT_ASIDE);
            assert_true(session.stepped_back && !session.invited);
            assert_false(anna_is_heard(&session));
            ALLOWED(&session, by, BALINT_INVITE_BACK, BALINT_NOBODY, 0);
            assert_true(session.stepped_back && session.invited);
            ALLOWED(&session, by, BALINT_STEP_BACK, BALINT_NOBODY, 0); /* and takes it back */
            assert_true(session.stepped_back && !session.invited);
            assert_int_equal(session.place, BALINT_ASIDE);
            REFUSED(BALINT_HOLD_TO_RETURN, &session, ANNA, BALINT_RETURN, BALINT_NOBODY, 0);
        }
}

static void the_presenter_hears_and_sees_everything(void **state)
{
    (void)state;
    struct balint_session session;
    session_in_discussion(&session);
    for (int seat = 0; seat < PEOPLE; seat++) {
        if (seat == ANNA)
            continue;
        assert_int_equal(balint_may_hear(&session, seat, ANNA), seat != WATCHER);
        assert_true(balint_may_see(&session, seat, ANNA));
        assert_false(balint_may_hear(&session, ANNA, seat));
    }
}

static void the_place_is_as_the_group_agreed(void **state)
{
    (void)state;
    struct balint_session session;
    session_in_discussion(&session);
    assert_true(balint_may_see(&session, ANNA, BERT));
    ALLOWED(&session, LEADER, BALINT_STEP_BACK, BALINT_NOBODY, BALINT_LEADERS_ONLY);
    assert_false(balint_may_see(&session, ANNA, BERT));
    assert_true(balint_may_see(&session, ANNA, LEADER));
    /* A format that says "leaders only": every phase of it, and a step-back without a place. */
    session_of_six(&session);
    session.format.phases[5].presenter = BALINT_LEADERS_ONLY;
    tell_a_case(&session, LEADER, ANNA);
    ALLOWED(&session, LEADER, BALINT_STEP_BACK, BALINT_NOBODY, 0);
    assert_int_equal(session.place, BALINT_LEADERS_ONLY);
    walk_to(&session, "discussion");
    assert_int_equal(session.place, BALINT_LEADERS_ONLY);
    /* A format without step-back: still possible, aside. */
    session_of_six(&session);
    session.format.phases[5].presenter = BALINT_IN_CIRCLE;
    tell_a_case(&session, LEADER, ANNA);
    walk_to(&session, "discussion");
    assert_false(session.stepped_back);
    ALLOWED(&session, LEADER, BALINT_STEP_BACK, BALINT_NOBODY, 0);
    assert_int_equal(session.place, BALINT_ASIDE);
}

/* A leader made it "leaders only": neither the next phase, nor a step-back without a word, shows the
 * presenter to members again. What a format says by itself it may also change. */
static void a_leaders_stricter_place_is_kept_while_it_goes_on(void **state)
{
    (void)state;
    struct balint_session session;
    session_of_six(&session);
    session.format = *balint_format_find("interrupted-story");
    walk_to(&session, "case");
    tell_a_case(&session, LEADER, ANNA);
    walk_to(&session, "presentation");
    ALLOWED(&session, LEADER, BALINT_STEP_BACK, BALINT_NOBODY, BALINT_LEADERS_ONLY);
    walk_to(&session, "response"); /* aside, by the format */
    assert_true(session.stepped_back);
    assert_false(balint_may_see(&session, ANNA, BERT));
    walk_to(&session, "questions"); /* invited; no own key yet */
    assert_false(balint_may_see(&session, ANNA, BERT));
    ALLOWED(&session, LEADER, BALINT_STEP_BACK, BALINT_NOBODY, 0); /* takes the invitation back */
    assert_false(balint_may_see(&session, ANNA, BERT));
    walk_to(&session, "discussion");
    assert_false(balint_may_see(&session, ANNA, BERT));
    /* A leader's word, the other way; and the next step-back is a new one. */
    ALLOWED(&session, LEADER, BALINT_STEP_BACK, BALINT_NOBODY, BALINT_ASIDE);
    assert_true(balint_may_see(&session, ANNA, BERT));
    ALLOWED(&session, LEADER, BALINT_STEP_BACK, BALINT_NOBODY, BALINT_LEADERS_ONLY);
    ALLOWED(&session, ANNA, BALINT_RETURN, BALINT_NOBODY, 1);
    walk_to(&session, "questions");
    walk_to(&session, "discussion");
    assert_true(session.stepped_back);
    assert_true(balint_may_see(&session, ANNA, BERT));
    /* A format's own. */
    session.format.phases[session.phase].presenter = BALINT_LEADERS_ONLY;
    walk_to(&session, "questions");
    ALLOWED(&session, ANNA, BALINT_RETURN, BALINT_NOBODY, 0);
    walk_to(&session, "discussion");
    assert_false(balint_may_see(&session, ANNA, BERT));
    session.format.phases[session.phase + 1].presenter = BALINT_ASIDE;
    walk_to(&session, "return");
    assert_true(balint_may_see(&session, ANNA, BERT));
}

static void an_invitation_opens_no_microphone(void **state)
{
    (void)state;
    struct balint_session session;
    session_in_discussion(&session);
    ALLOWED(&session, LEADER, BALINT_INVITE_BACK, BALINT_NOBODY, 0);
    assert_true(session.invited);
    assert_false(anna_is_heard(&session));
    ALLOWED(&session, ANNA, BALINT_RETURN, BALINT_NOBODY, 0); /* the own key, plainly */
    assert_true(anna_is_heard(&session));
    assert_false(session.invited || session.stepped_back || session.place != BALINT_IN_CIRCLE);

    session_in_discussion(&session);
    walk_to(&session, "return"); /* the phase invites */
    assert_true(session.invited);
    assert_false(anna_is_heard(&session));
    walk_to(&session, "corridor");
    assert_false(anna_is_heard(&session));
    ALLOWED(&session, ANNA, BALINT_RETURN, BALINT_NOBODY, 0);
    assert_true(anna_is_heard(&session));
}

static void the_presenter_asks_and_leaders_alone_see_it(void **state)
{
    (void)state;
    struct balint_session session;
    struct balint_state seen;
    session_in_discussion(&session);
    REFUSED(BALINT_NOT_YOURS, &session, BERT, BALINT_ASK_RETURN, BALINT_NOBODY, 1);
    ALLOWED(&session, ANNA, BALINT_ASK_RETURN, BALINT_NOBODY, 1);
    for (int to = 0; to < PEOPLE; to++) {
        balint_state_of(&session, to, &seen);
        assert_int_equal(seen.asked, to == LEADER || to == CO_LEADER || to == ANNA);
    }
    ALLOWED(&session, ANNA, BALINT_ASK_RETURN, BALINT_NOBODY, 0);
    assert_false(session.asked);
    ALLOWED(&session, ANNA, BALINT_ASK_RETURN, BALINT_NOBODY, 1);
    ALLOWED(&session, LEADER, BALINT_INVITE_BACK, BALINT_NOBODY, 0);
    assert_false(session.asked); /* answered */
    assert_false(anna_is_heard(&session));
}

static void a_held_key_always_returns(void **state)
{
    (void)state;
    struct balint_session session;
    session_in_discussion(&session);
    REFUSED(BALINT_HOLD_TO_RETURN, &session, ANNA, BALINT_RETURN, BALINT_NOBODY, 0);
    assert_false(anna_is_heard(&session));
    REFUSED(BALINT_NOT_YOURS, &session, BERT, BALINT_RETURN, BALINT_NOBODY, 1);
    REFUSED(BALINT_NOT_YOURS, &session, LEADER, BALINT_RETURN, BALINT_NOBODY, 1);
    ALLOWED(&session, ANNA, BALINT_RETURN, BALINT_NOBODY, 1);
    assert_true(anna_is_heard(&session));
    /* Leaders see it: the presenter is in the circle again. */
    struct balint_state seen;
    balint_state_of(&session, LEADER, &seen);
    assert_false(seen.stepped_back);
    /* An own mute is another key. */
    session_in_discussion(&session);
    ALLOWED(&session, ANNA, BALINT_MUTE, BALINT_NOBODY, 1);
    ALLOWED(&session, ANNA, BALINT_RETURN, BALINT_NOBODY, 1);
    assert_false(anna_is_heard(&session));
}

static void with_no_leader_connected_a_plain_key_is_enough(void **state)
{
    (void)state;
    struct balint_session session;
    session_in_discussion(&session);
    balint_session_disconnect(&session, LEADER, 200 * SECOND);
    REFUSED(BALINT_HOLD_TO_RETURN, &session, ANNA, BALINT_RETURN, BALINT_NOBODY, 0);
    balint_session_disconnect(&session, CO_LEADER, 200 * SECOND);
    assert_false(balint_session_led(&session));
    assert_true(session.stepped_back); /* nothing happens by itself */
    assert_false(anna_is_heard(&session));
    ALLOWED(&session, ANNA, BALINT_RETURN, BALINT_NOBODY, 0);
    assert_true(anna_is_heard(&session));
    /* A leader who waits in the lobby is no leader here. */
    session_in_discussion(&session);
    balint_session_disconnect(&session, LEADER, 200 * SECOND);
    balint_session_disconnect(&session, CO_LEADER, 200 * SECOND);
    int door = balint_session_seat(&session, "third", "third", BALINT_LEADER);
    balint_session_connect(&session, door, true, 201 * SECOND);
    ALLOWED(&session, ANNA, BALINT_RETURN, BALINT_NOBODY, 0);
}

static void a_lost_line_returns_to_the_same_state(void **state)
{
    (void)state;
    struct balint_session session;
    session_in_discussion(&session);
    for (int fresh = 0; fresh < 2; fresh++) {
        balint_session_disconnect(&session, ANNA, 300 * SECOND);
        assert_int_equal(session.presenter, ANNA);
        assert_true(session.stepped_back);
        assert_false(anna_is_heard(&session));
        balint_session_tick(&session, 4000 * SECOND);
        balint_session_connect(&session, ANNA, fresh, 4000 * SECOND);
        assert_int_equal(session.presenter, ANNA);
        assert_true(session.stepped_back && !session.invited);
        assert_false(anna_is_heard(&session));
    }
    /* And so does a restarted server. */
    char text[BALINT_SNAPSHOT_SIZE];
    struct balint_session restored;
    assert_int_not_equal(balint_snapshot_write(&session, text, sizeof text), 0);
    assert_true(balint_snapshot_read(&restored, text, 5000 * SECOND, NULL));
    balint_session_connect(&restored, ANNA, false, 5001 * SECOND);
    balint_session_connect(&restored, BERT, false, 5001 * SECOND);
    assert_int_equal(restored.presenter, ANNA);
    assert_true(restored.stepped_back);
    assert_false(anna_is_heard(&restored));
}

static void a_step_back_that_ends_with_the_case_leaves_an_own_mute(void **state)
{
    (void)state;
    const int next[] = {BALINT_NOBODY, BERT};
    for (int i = 0; i < 2; i++) {
        struct balint_session session;
        session_in_discussion(&session);
        if (next[i] != BALINT_NOBODY)
            ALLOWED(&session, next[i], BALINT_VOLUNTEER, BALINT_NOBODY, 1);
        ALLOWED(&session, LEADER, BALINT_PRESENT, next[i], 0);
        assert_int_equal(session.presenter, next[i]);
        assert_false(session.stepped_back || session.invited || session.asked);
        assert_int_equal(session.place, BALINT_IN_CIRCLE);
        assert_false(anna_is_heard(&session));
        ALLOWED(&session, ANNA, BALINT_MUTE, BALINT_NOBODY, 0);
        assert_true(anna_is_heard(&session));
    }
    /* Naming the same person again changes nothing. */
    struct balint_session session;
    session_in_discussion(&session);
    struct balint_session before = session;
    tell_a_case(&session, LEADER, ANNA);
    assert_memory_equal(&session, &before, sizeof session);
}

static void a_removed_presenter_ends_the_case(void **state)
{
    (void)state;
    struct balint_session session;
    session_in_discussion(&session);
    balint_session_free(&session, ANNA, 200 * SECOND);
    assert_int_equal(session.presenter, BALINT_NOBODY);
    assert_false(session.stepped_back || session.invited || session.asked);
    assert_int_equal(session.place, BALINT_IN_CIRCLE);
    assert_int_equal(balint_session_find(&session, "anna"), BALINT_NOBODY);
}

static void leaders_may_present_and_observers_not(void **state)
{
    (void)state;
    struct balint_session session;
    session_of_six(&session);
    tell_a_case(&session, LEADER, CO_LEADER);
    tell_a_case(&session, CO_LEADER, LEADER);
    REFUSED(BALINT_NO_SUCH_SEAT, &session, LEADER, BALINT_PRESENT, WATCHER, 0);
    int door = balint_session_seat(&session, "door", "door", BALINT_MEMBER);
    REFUSED(BALINT_NO_SUCH_SEAT, &session, LEADER, BALINT_PRESENT, door, 0);
    assert_int_equal(session.presenter, LEADER);
}

/* ---- who leads now */

static void the_lead_moves_only_after_ten_seconds(void **state)
{
    (void)state;
    struct balint_session session;
    session_of_six(&session);
    assert_int_equal(session.leads, LEADER); /* admitted first */
    balint_session_disconnect(&session, LEADER, 100 * SECOND);
    assert_false(balint_session_tick(&session, 100 * SECOND + 1));
    assert_false(balint_session_tick(&session, 110 * SECOND - 1));
    assert_int_equal(session.leads, LEADER);
    assert_true(balint_session_tick(&session, 110 * SECOND));
    assert_int_equal(session.leads, CO_LEADER);
    /* And never flaps back. */
    balint_session_connect(&session, LEADER, false, 111 * SECOND);
    assert_false(balint_session_tick(&session, 500 * SECOND));
    assert_int_equal(session.leads, CO_LEADER);
    /* It is passed by hand. */
    ALLOWED(&session, CO_LEADER, BALINT_LEAD, LEADER, 0);
    assert_int_equal(session.leads, LEADER);
    REFUSED(BALINT_NO_SUCH_SEAT, &session, LEADER, BALINT_LEAD, ANNA, 0);
    REFUSED(BALINT_NOT_YOURS, &session, ANNA, BALINT_LEAD, CO_LEADER, 0);
}

static void a_short_loss_moves_no_lead(void **state)
{
    (void)state;
    struct balint_session session;
    session_of_six(&session);
    for (int i = 1; i < 100; i++) {
        balint_session_disconnect(&session, LEADER, i * 20 * SECOND);
        assert_false(balint_session_tick(&session, i * 20 * SECOND + 9 * SECOND));
        balint_session_connect(&session, LEADER, true, i * 20 * SECOND + 9 * SECOND);
        assert_false(balint_session_tick(&session, i * 20 * SECOND + 15 * SECOND));
        assert_int_equal(session.leads, LEADER);
    }
}

static void with_nobody_to_lead_it_stays(void **state)
{
    (void)state;
    struct balint_session session;
    session_of_six(&session);
    balint_session_disconnect(&session, CO_LEADER, 100 * SECOND);
    balint_session_disconnect(&session, LEADER, 101 * SECOND);
    assert_false(balint_session_tick(&session, 900 * SECOND));
    assert_int_equal(session.leads, LEADER);
    balint_session_connect(&session, CO_LEADER, true, 901 * SECOND);
    assert_true(balint_session_tick(&session, 901 * SECOND));
    assert_int_equal(session.leads, CO_LEADER);
    /* Removed: at once, to who is here; and to nobody, until a leader comes. */
    balint_session_free(&session, CO_LEADER, 902 * SECOND);
    assert_int_equal(session.leads, BALINT_NOBODY);
    assert_false(balint_session_tick(&session, 903 * SECOND));
    balint_session_connect(&session, LEADER, true, 904 * SECOND);
    assert_int_equal(session.leads, LEADER);
}

static void a_member_admitted_first_does_not_lead(void **state)
{
    (void)state;
    struct balint_session session;
    balint_session_init(&session, "tuesday", balint_format_find("classic"), 0);
    add_person(&session, "anna", BALINT_MEMBER);
    add_person(&session, "watcher", BALINT_OBSERVER);
    assert_int_equal(session.leads, BALINT_NOBODY);
    assert_false(balint_session_led(&session));
    int co = add_person(&session, "co-leader", BALINT_CO_LEADER);
    assert_int_equal(session.leads, co);
    add_person(&session, "leader", BALINT_LEADER);
    assert_int_equal(session.leads, co);
}

/* ---- seats */

static void a_seat_is_a_persons_for_the_evening(void **state)
{
    (void)state;
    struct balint_session session;
    session_of_six(&session);
    assert_int_equal(balint_session_seat(&session, "anna", "another name", BALINT_LEADER), ANNA);
    assert_string_equal(session.seats[ANNA].name, "anna"); /* admitted: name and role stay */
    assert_int_equal(session.seats[ANNA].role, BALINT_MEMBER);
    for (int i = PEOPLE; i < BALINT_SEATS; i++) {
        char id[16];
        snprintf(id, sizeof id, "m%d", i);
        assert_int_equal(balint_session_seat(&session, id, "N", BALINT_MEMBER), i);
    }
    assert_int_equal(balint_session_seat(&session, "late", "Late", BALINT_MEMBER), BALINT_NOBODY);
    assert_int_equal(balint_session_seat(&session, "m9", "New", BALINT_OBSERVER), 9);
    assert_string_equal(session.seats[9].name, "New"); /* at the door a renewed invitation counts */
    assert_int_equal(session.seats[9].role, BALINT_OBSERVER);
}

static void no_seat_and_epoch_are_used_twice(void **state)
{
    (void)state;
    struct balint_session session;
    session_of_six(&session);
    assert_int_equal(session.seats[ANNA].epoch, 1);
    balint_session_connect(&session, ANNA, true, 2 * SECOND);
    balint_session_connect(&session, ANNA, false, 2 * SECOND);
    assert_int_equal(session.seats[ANNA].epoch, 2);
    balint_session_free(&session, ANNA, 3 * SECOND);
    int seat = balint_session_seat(&session, "dora", "Dora", BALINT_MEMBER);
    assert_int_equal(seat, ANNA);
    balint_session_connect(&session, seat, true, 4 * SECOND);
    assert_int_equal(session.seats[seat].epoch, 3);
    int again = balint_session_seat(&session, "anna", "Anna", BALINT_MEMBER);
    balint_session_connect(&session, again, true, 4 * SECOND);
    assert_int_equal(session.seats[again].epoch, 3);
    assert_false(session.seats[again].admitted);
}

static void long_names_are_cut_and_never_run_over(void **state)
{
    (void)state;
    struct balint_session session;
    char name[300];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = 0;
    balint_session_init(&session, name, balint_format_find("classic"), 0);
    int seat = balint_session_seat(&session, name, name, BALINT_MEMBER);
    assert_int_equal(strlen(session.group), BALINT_NAME_SIZE - 1);
    assert_int_equal(strlen(session.seats[seat].member), BALINT_ID_SIZE - 1);
    assert_int_equal(strlen(session.seats[seat].name), BALINT_NAME_SIZE - 1);
}

static void another_invitation_changes_what_follows_from_the_role(void **state)
{
    (void)state;
    struct balint_session session;
    session_in_discussion(&session);
    balint_session_rename(&session, ANNA, "Anna", BALINT_OBSERVER);
    assert_int_equal(session.presenter, BALINT_NOBODY);
    assert_false(session.stepped_back);
    balint_session_rename(&session, LEADER, "L", BALINT_MEMBER);
    assert_int_equal(session.leads, CO_LEADER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entering_the_discussion_steps_the_presenter_back),
        cmocka_unit_test(without_a_presenter_nobody_steps_back),
        cmocka_unit_test(a_leader_steps_back_and_invites_at_any_moment_of_a_case),
        cmocka_unit_test(the_presenter_hears_and_sees_everything),
        cmocka_unit_test(the_place_is_as_the_group_agreed),
        cmocka_unit_test(a_leaders_stricter_place_is_kept_while_it_goes_on),
        cmocka_unit_test(an_invitation_opens_no_microphone),
        cmocka_unit_test(the_presenter_asks_and_leaders_alone_see_it),
        cmocka_unit_test(a_held_key_always_returns),
        cmocka_unit_test(with_no_leader_connected_a_plain_key_is_enough),
        cmocka_unit_test(a_lost_line_returns_to_the_same_state),
        cmocka_unit_test(a_step_back_that_ends_with_the_case_leaves_an_own_mute),
        cmocka_unit_test(a_removed_presenter_ends_the_case),
        cmocka_unit_test(leaders_may_present_and_observers_not),
        cmocka_unit_test(the_lead_moves_only_after_ten_seconds),
        cmocka_unit_test(a_short_loss_moves_no_lead),
        cmocka_unit_test(with_nobody_to_lead_it_stays),
        cmocka_unit_test(a_member_admitted_first_does_not_lead),
        cmocka_unit_test(a_seat_is_a_persons_for_the_evening),
        cmocka_unit_test(no_seat_and_epoch_are_used_twice),
        cmocka_unit_test(long_names_are_cut_and_never_run_over),
        cmocka_unit_test(another_invitation_changes_what_follows_from_the_role),
    };
    return cmocka_run_group_tests_name("session-step-back", tests, NULL, NULL);
}
