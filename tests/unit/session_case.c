/* session_case.c - whose case it is: "presenter … volunteered or proposed and agreed to by that person". */
#include "session_support.h"

static void who_volunteers_presents_when_a_leader_says_so(void **state)
{
    (void)state;
    struct balint_session session;
    session_of_six(&session);
    ALLOWED(&session, ANNA, BALINT_VOLUNTEER, BALINT_NOBODY, 1);
    ALLOWED(&session, BERT, BALINT_VOLUNTEER, BALINT_NOBODY, 1);
    assert_int_equal(session.presenter, BALINT_NOBODY); /* the leader decides whose case it is */
    ALLOWED(&session, CO_LEADER, BALINT_PRESENT, BERT, 0);
    assert_int_equal(session.presenter, BERT);
    /* The case has begun: the others' offers were for this one. */
    assert_false(session.seats[ANNA].volunteers || session.seats[BERT].volunteers);
    ALLOWED(&session, LEADER, BALINT_PRESENT, ANNA, 0);
    assert_int_equal(session.presenter, BERT);
    /* An offer is taken back by the own key, and outlives a lost line. */
    ALLOWED(&session, CARL, BALINT_VOLUNTEER, BALINT_NOBODY, 1);
    balint_session_disconnect(&session, CARL, 100 * SECOND);
    assert_true(session.seats[CARL].volunteers);
    balint_session_connect(&session, CARL, true, 101 * SECOND);
    assert_true(session.seats[CARL].volunteers);
    ALLOWED(&session, CARL, BALINT_VOLUNTEER, BALINT_NOBODY, 0);
    assert_false(session.seats[CARL].volunteers);
    REFUSED(BALINT_NOT_YOURS, &session, WATCHER, BALINT_VOLUNTEER, BALINT_NOBODY, 1);
}

static void who_is_asked_presents_by_the_own_key_alone(void **state)
{
    (void)state;
    struct balint_session session;
    session_of_six(&session);
    tell_a_case(&session, LEADER, CARL);
    ALLOWED(&session, LEADER, BALINT_PRESENT, ANNA, 0);
    assert_int_equal(session.presenter, CARL); /* asked, and the case that is on goes on */
    assert_int_equal(session.proposed, ANNA);
    const int others[] = {LEADER, CO_LEADER, BERT, CARL, WATCHER};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        REFUSED(BALINT_NOT_ASKED, &session, others[i], BALINT_AGREE, ANNA, 1);
    ALLOWED(&session, ANNA, BALINT_AGREE, BALINT_NOBODY, 1);
    assert_int_equal(session.presenter, ANNA);
    assert_int_equal(session.proposed, BALINT_NOBODY);

    ALLOWED(&session, LEADER, BALINT_PRESENT, BERT, 0);
    ALLOWED(&session, BERT, BALINT_AGREE, BALINT_NOBODY, 0);
    assert_int_equal(session.presenter, ANNA);
    REFUSED(BALINT_NOT_ASKED, &session, BERT, BALINT_AGREE, BALINT_NOBODY, 1); /* declined is declined */
    /* To volunteer when asked is to agree: whichever of the two was first, it is the own key. */
    ALLOWED(&session, LEADER, BALINT_PRESENT, BERT, 0);
    ALLOWED(&session, BERT, BALINT_VOLUNTEER, BALINT_NOBODY, 1);
    assert_int_equal(session.presenter, BERT);
}

static void one_person_is_asked_at_a_time(void **state)
{
    (void)state;
    struct balint_session session;
    session_of_six(&session);
    ALLOWED(&session, LEADER, BALINT_PRESENT, ANNA, 0);
    ALLOWED(&session, CO_LEADER, BALINT_PRESENT, BERT, 0);
    assert_int_equal(session.proposed, BERT);
    REFUSED(BALINT_NOT_ASKED, &session, ANNA, BALINT_AGREE, BALINT_NOBODY, 1);
    /* Nobody: the question is taken back; asked again, the case ends. */
    tell_a_case(&session, LEADER, CARL);
    ALLOWED(&session, LEADER, BALINT_PRESENT, BERT, 0);
    ALLOWED(&session, LEADER, BALINT_PRESENT, BALINT_NOBODY, 0);
    assert_int_equal(session.proposed, BALINT_NOBODY);
    assert_int_equal(session.presenter, CARL);
    ALLOWED(&session, LEADER, BALINT_PRESENT, BALINT_NOBODY, 0);
    assert_int_equal(session.presenter, BALINT_NOBODY);
}

static void a_question_falls_with_its_reason(void **state)
{
    (void)state;
    for (int how = 0; how < 7; how++) {
        struct balint_session session;
        session_of_six(&session);
        ALLOWED(&session, LEADER, BALINT_PRESENT, ANNA, 0);
        switch (how) {
        case 0:
            balint_session_leave(&session, ANNA, 100 * SECOND);
            break;
        case 1:
            balint_session_free(&session, ANNA, 100 * SECOND);
            break;
        case 2:
            ALLOWED(&session, ANNA, BALINT_SIT_OUT, BALINT_NOBODY, 1);
            break;
        case 3:
            balint_session_rename(&session, ANNA, "anna", BALINT_OBSERVER);
            break;
        case 4:
            tell_a_case(&session, LEADER, BERT);
            break;
        case 5:
            ALLOWED(&session, LEADER, BALINT_PRESENT, LEADER, 0);
            break;
        default:
            walk_to(&session, "corridor");
        }
        assert_int_equal(session.proposed, BALINT_NOBODY);
        assert_int_equal(ask(&session, ANNA, BALINT_AGREE, BALINT_NOBODY, 1),
                         how == 1 ? BALINT_NOT_ADMITTED : BALINT_NOT_ASKED);
        assert_int_not_equal(session.presenter, ANNA);
    }
}

/* A lost line is not an answer; the answer is given by somebody who is here. */
static void somebody_lost_cannot_agree(void **state)
{
    (void)state;
    struct balint_session session;
    session_of_six(&session);
    ALLOWED(&session, LEADER, BALINT_PRESENT, ANNA, 0);
    balint_session_disconnect(&session, ANNA, 100 * SECOND);
    REFUSED(BALINT_NOT_ASKED, &session, ANNA, BALINT_AGREE, BALINT_NOBODY, 1);
    assert_int_equal(session.presenter, BALINT_NOBODY);
    assert_int_equal(session.proposed, ANNA);
    balint_session_connect(&session, ANNA, false, 103 * SECOND);
    ALLOWED(&session, ANNA, BALINT_AGREE, BALINT_NOBODY, 1);
    assert_int_equal(session.presenter, ANNA);
}

static void a_leader_may_tell_a_case(void **state)
{
    (void)state;
    struct balint_session session;
    session_of_six(&session);
    ALLOWED(&session, CO_LEADER, BALINT_PRESENT, CO_LEADER, 0); /* by the own word */
    assert_int_equal(session.presenter, CO_LEADER);
    ALLOWED(&session, LEADER, BALINT_PRESENT, BALINT_NOBODY, 0);
    ALLOWED(&session, LEADER, BALINT_PRESENT, CO_LEADER, 0); /* another leader is asked as anybody is */
    assert_int_equal(session.presenter, BALINT_NOBODY);
    assert_int_equal(session.proposed, CO_LEADER);
}

/* Who declines does it without an audience; who volunteers says it in the circle. */
static void the_question_is_between_the_leaders_and_that_person(void **state)
{
    (void)state;
    struct balint_session before, session;
    struct balint_state one, two;
    session_of_six(&session);
    before = session;
    ALLOWED(&session, LEADER, BALINT_PRESENT, ANNA, 0);
    for (int to = 0; to < PEOPLE; to++) {
        bool told = to == LEADER || to == CO_LEADER || to == ANNA;
        balint_state_of(&before, to, &one);
        balint_state_of(&session, to, &two);
        assert_int_equal(two.proposed, told ? ANNA : BALINT_NOBODY);
        if (!told)
            assert_memory_equal(&one, &two, sizeof one);
    }
    ALLOWED(&session, BERT, BALINT_VOLUNTEER, BALINT_NOBODY, 1);
    for (int to = 0; to < PEOPLE; to++) {
        balint_state_of(&session, to, &two);
        assert_true(balint_state_seat_of(&two, BERT)->volunteers);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_volunteers_presents_when_a_leader_says_so),
        cmocka_unit_test(who_is_asked_presents_by_the_own_key_alone),
        cmocka_unit_test(one_person_is_asked_at_a_time),
        cmocka_unit_test(a_question_falls_with_its_reason),
        cmocka_unit_test(somebody_lost_cannot_agree),
        cmocka_unit_test(a_leader_may_tell_a_case),
        cmocka_unit_test(the_question_is_between_the_leaders_and_that_person),
    };
    return cmocka_run_group_tests_name("session-case", tests, NULL, NULL);
}
