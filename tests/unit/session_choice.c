/* session_choice.c - a format for the evening: leaders choose it while people arrive, among the shipped ones
 * and the group's own, and later nobody pulls a phase away from under people.
 */
#include "session_support.h"

static void own_format(struct balint_format *own)
{
    *own = *balint_format_find("short");
    memset(own->id, 0, sizeof own->id);
    memcpy(own->id, "our-way", 7);
    memset(own->title, 0, sizeof own->title);
    memcpy(own->title, "Our way", 7);
    own->phases[1].minutes = 17;
}

static void session_with(struct balint_session *session, const struct balint_format *format)
{
    struct balint_session six;
    session_of_six(&six);
    balint_session_init(session, "tuesday", format, 0);
    memcpy(session->seats, six.seats, sizeof session->seats);
    session->leads = six.leads;
}

static int place_of(const struct balint_session *session, const char *id)
{
    const struct balint_format *choice;
    for (int i = 0; (choice = balint_session_choice(session, i)) != NULL; i++)
        if (strcmp(choice->id, id) == 0)
            return i;
    return 99;
}

static void shipped_ones_and_the_groups_own(void **state)
{
    (void)state;
    struct balint_session session;
    struct balint_format own;
    session_of_six(&session);
    for (int i = 0; i < BALINT_SHIPPED; i++)
        assert_ptr_equal(balint_session_choice(&session, i), balint_format_shipped(i));
    assert_null(balint_session_choice(&session, BALINT_SHIPPED)); /* it has none of its own */
    assert_null(balint_session_choice(&session, -1));
    own_format(&own);
    session_with(&session, &own);
    assert_memory_equal(&session.format, &own, sizeof own);
    assert_memory_equal(balint_session_choice(&session, BALINT_SHIPPED), &own, sizeof own);
    assert_null(balint_session_choice(&session, BALINT_SHIPPED + 1));
}

static void leaders_choose_in_the_first_phase(void **state)
{
    (void)state;
    struct balint_session session;
    struct balint_format own;
    own_format(&own);
    session_with(&session, &own);
    int two = place_of(&session, "two-cases"), ours = place_of(&session, "our-way");
    ALLOWED(&session, CO_LEADER, BALINT_FORMAT, BALINT_NOBODY, two);
    assert_memory_equal(&session.format, balint_format_find("two-cases"), sizeof own);
    assert_int_equal(session.phase, 0);
    ALLOWED(&session, LEADER, BALINT_FORMAT, BALINT_NOBODY, ours); /* its own again */
    assert_memory_equal(&session.format, &own, sizeof own);
    ALLOWED(&session, LEADER, BALINT_FORMAT, BALINT_NOBODY, ours);
    struct balint_session before = session;
    REFUSED(BALINT_NOT_YOURS, &session, ANNA, BALINT_FORMAT, BALINT_NOBODY, two);
    REFUSED(BALINT_NOT_YOURS, &session, WATCHER, BALINT_FORMAT, BALINT_NOBODY, two);
    REFUSED(BALINT_NO_SUCH_FORMAT, &session, LEADER, BALINT_FORMAT, BALINT_NOBODY, -1);
    REFUSED(BALINT_NO_SUCH_FORMAT, &session, LEADER, BALINT_FORMAT, BALINT_NOBODY, BALINT_CHOICES);
    assert_memory_equal(&session, &before, sizeof session);
}

static void later_it_stays(void **state)
{
    (void)state;
    struct balint_session session, before;
    session_of_six(&session);
    for (int phase = 1; phase < session.format.count; phase++) {
        ALLOWED(&session, LEADER, BALINT_PHASE, BALINT_NOBODY, phase);
        before = session;
        REFUSED(BALINT_TOO_LATE, &session, LEADER, BALINT_FORMAT, BALINT_NOBODY, 1);
        assert_memory_equal(&session, &before, sizeof session);
    }
    walk_to(&session, "gathering"); /* nothing has begun after all */
    ALLOWED(&session, LEADER, BALINT_FORMAT, BALINT_NOBODY, place_of(&session, "in-the-circle"));
    assert_string_equal(session.format.id, "in-the-circle");
}

static void leaders_alone_are_told_what_there_is(void **state)
{
    (void)state;
    struct balint_session session;
    struct balint_state seen;
    struct balint_format own;
    own_format(&own);
    session_with(&session, &own);
    int door = balint_session_seat(&session, "door", "door", BALINT_LEADER);
    for (int seat = 0; seat < BALINT_SEATS; seat++) {
        balint_state_of(&session, seat, &seen);
        bool leads = seat == LEADER || seat == CO_LEADER;
        assert_int_equal(seen.choice_count, leads && seat != door ? BALINT_SHIPPED + 1 : 0);
    }
    balint_state_of(&session, LEADER, &seen);
    assert_string_equal(seen.choices[0].id, "classic");
    assert_string_equal(seen.choices[0].title, "Classic");
    assert_string_equal(seen.choices[BALINT_SHIPPED].id, "our-way");
    assert_string_equal(seen.choices[BALINT_SHIPPED].title, "Our way");
    ALLOWED(&session, LEADER, BALINT_PHASE, BALINT_NOBODY, 1);
    balint_state_of(&session, LEADER, &seen);
    assert_int_equal(seen.choice_count, 0); /* nothing can be chosen any more */
}

/* A restarted server knows the group's own format, also while another one was chosen. */
static void the_choice_outlives_a_restart(void **state)
{
    (void)state;
    static char text[BALINT_SNAPSHOT_SIZE];
    for (int chosen = 0; chosen <= BALINT_SHIPPED; chosen++) {
        struct balint_session session, read;
        struct balint_format own;
        own_format(&own);
        session_with(&session, &own);
        ALLOWED(&session, LEADER, BALINT_FORMAT, BALINT_NOBODY, chosen);
        assert_int_not_equal(balint_snapshot_write(&session, text, sizeof text), 0);
        assert_true(balint_snapshot_read(&read, text, 200 * SECOND, NULL));
        assert_memory_equal(&read.format, &session.format, sizeof own);
        assert_memory_equal(&read.own, &own, sizeof own);
        balint_session_connect(&read, LEADER, false, 201 * SECOND);
        ALLOWED(&read, LEADER, BALINT_FORMAT, BALINT_NOBODY, BALINT_SHIPPED);
        assert_memory_equal(&read.format, &own, sizeof own);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_ones_and_the_groups_own),
        cmocka_unit_test(leaders_choose_in_the_first_phase),
        cmocka_unit_test(later_it_stays),
        cmocka_unit_test(leaders_alone_are_told_what_there_is),
        cmocka_unit_test(the_choice_outlives_a_restart),
    };
    return cmocka_run_group_tests_name("session-choice", tests, NULL, NULL);
}
