/* session_state.c - what each person is told: read as a member would read it, byte by byte. */
#include "session_support.h"

static const struct balint_state_seat *seat_in(const struct balint_state *state, int seat)
{
    const struct balint_state_seat *found = balint_state_seat_of(state, seat);
    assert_non_null(found);
    return found;
}

static void who_sits_out_is_away_to_members(void **state)
{
    (void)state;
    struct balint_session away, out;
    struct balint_state one, two;
    session_of_six(&away);
    out = away;
    ALLOWED(&away, CARL, BALINT_AWAY, BALINT_NOBODY, 1);
    ALLOWED(&out, CARL, BALINT_SIT_OUT, BALINT_NOBODY, 1);
    /* To members and observers the two are the same, to the byte. */
    const int others[] = {ANNA, BERT, WATCHER};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        balint_state_of(&away, others[i], &one);
        balint_state_of(&out, others[i], &two);
        assert_memory_equal(&one, &two, sizeof one);
        assert_true(seat_in(&two, CARL)->away);
        assert_false(seat_in(&two, CARL)->sitting_out);
    }
    /* Leaders and that person are told. */
    const int told[] = {LEADER, CO_LEADER, CARL};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        balint_state_of(&out, told[i], &two);
        assert_true(seat_in(&two, CARL)->sitting_out);
        assert_false(seat_in(&two, CARL)->away);
    }
    balint_state_of(&out, CARL, &two);
    assert_false(two.hears);
    /* Who was away before, and then sits out, changes nothing for members. */
    ALLOWED(&away, CARL, BALINT_SIT_OUT, BALINT_NOBODY, 1);
    balint_state_of(&away, BERT, &two);
    balint_state_of(&out, BERT, &one);
    assert_memory_equal(&one, &two, sizeof one);
}

/* A leader's program that was started again has to know how long the discussion was; to others it is none of
 * what they are told. */
static void the_phases_before_are_the_leaders_alone(void **state)
{
    (void)state;
    struct balint_session session;
    struct balint_state seen;
    session_of_six(&session);
    struct balint_request next = {.action = BALINT_PHASE, .seat = BALINT_NOBODY};
    for (next.value = 1; next.value <= 5; next.value++) {
        if (next.value == 4)
            tell_a_case(&session, LEADER, ANNA);
        assert_int_equal(balint_session_request(&session, LEADER, &next, next.value * 60 * SECOND),
                         BALINT_OK);
    }
    for (int to = 0; to < PEOPLE; to++) {
        balint_state_of(&session, to, &seen);
        if (to != LEADER && to != CO_LEADER) {
            assert_int_equal(seen.past_count, 0);
            continue;
        }
        assert_int_equal(seen.past_count, 5);
        for (int i = 0; i < 5; i++) {
            assert_int_equal(seen.past[i].phase, i);
            assert_int_equal(seen.past[i].since_ms, i * 60000);
            assert_int_equal(seen.past[i].presenter, i < 3 ? BALINT_NOBODY : ANNA);
        }
    }
    /* Who is removed presented nothing any more: the seat may be another's soon. */
    balint_session_free(&session, ANNA, 400 * SECOND);
    balint_state_of(&session, LEADER, &seen);
    assert_int_equal(seen.past[4].presenter, BALINT_NOBODY);
    /* Of very many the last are kept. */
    for (int i = 0; i < 2 * BALINT_STAYS; i++) {
        next.value = i % 2 == 0 ? 4 : 5;
        assert_int_equal(balint_session_request(&session, LEADER, &next, (500 + i) * SECOND), BALINT_OK);
    }
    balint_state_of(&session, LEADER, &seen);
    assert_int_equal(seen.past_count, BALINT_STAYS);
    assert_int_equal(seen.past[BALINT_STAYS - 1].since_ms, (500 + 2 * BALINT_STAYS - 2) * 1000);
    assert_int_equal(seen.past[0].since_ms, (500 + BALINT_STAYS - 1) * 1000);
    /* Another format has other phases. */
    walk_to(&session, "gathering");
    struct balint_request other = {.action = BALINT_FORMAT, .seat = BALINT_NOBODY, .value = 1};
    assert_int_equal(balint_session_request(&session, LEADER, &other, 900 * SECOND), BALINT_OK);
    balint_state_of(&session, LEADER, &seen);
    assert_int_equal(seen.past_count, 0);
}

static void the_door_is_the_leaders_alone(void **state)
{
    (void)state;
    struct balint_session without, with;
    struct balint_state one, two;
    session_of_six(&without);
    with = without;
    int door = balint_session_seat(&with, "fritz", "Fritz", BALINT_MEMBER);
    balint_session_connect(&with, door, true, SECOND);
    const int others[] = {ANNA, BERT, CARL, WATCHER};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        balint_state_of(&without, others[i], &one);
        balint_state_of(&with, others[i], &two);
        assert_memory_equal(&one, &two, sizeof one);
        assert_int_equal(two.lobby_count, 0);
    }
    for (int leader = LEADER; leader <= CO_LEADER; leader++) {
        balint_state_of(&with, leader, &two);
        assert_int_equal(two.lobby_count, 1);
        assert_int_equal(two.lobby[0].seat, door);
        assert_string_equal(two.lobby[0].name, "Fritz");
        assert_int_equal(two.lobby[0].seen, BALINT_SEEN_BY_NOBODY);
        assert_false(two.lobby[0].heard);
        assert_int_equal(two.seat_count, PEOPLE);
        assert_null(balint_state_seat_of(&two, door));
    }
}

static void who_waits_is_told_nothing_but_whether_a_leader_is_here(void **state)
{
    (void)state;
    struct balint_session session;
    struct balint_state seen, empty;
    session_of_six(&session);
    memset(session.id, 0xab, sizeof session.id);
    int door = balint_session_seat(&session, "fritz", "Fritz", BALINT_LEADER); /* whatever the role */
    balint_session_connect(&session, door, true, SECOND);
    balint_state_of(&session, door, &seen);
    memset(&empty, 0, sizeof empty);
    memset(empty.session, 0, sizeof empty.session);
    for (int i = 0; i < BALINT_SESSION_SIZE; i++)
        memcpy(empty.session + 2 * i, "ab", 2);
    strcpy(empty.group, "tuesday");
    empty.you = door;
    empty.led = true;
    empty.leads = empty.presenter = empty.proposed = BALINT_NOBODY;
    assert_memory_equal(&seen, &empty, sizeof seen);
    /* The evening goes on behind the door. */
    tell_a_case(&session, LEADER, ANNA);
    walk_to(&session, "discussion");
    balint_state_of(&session, door, &seen);
    assert_memory_equal(&seen, &empty, sizeof seen);
    balint_session_disconnect(&session, LEADER, SECOND);
    balint_session_disconnect(&session, CO_LEADER, SECOND);
    balint_state_of(&session, door, &seen);
    empty.led = false;
    assert_memory_equal(&seen, &empty, sizeof seen);
    assert_false(balint_state_i_hear(&seen, ANNA) || balint_state_i_see(&seen, ANNA));
}

static void everybody_admitted_is_told_the_whole_session(void **state)
{
    (void)state;
    struct balint_session session;
    struct balint_state seen;
    session_of_six(&session);
    tell_a_case(&session, LEADER, ANNA);
    walk_to(&session, "discussion");
    ALLOWED(&session, BERT, BALINT_HAND, BALINT_NOBODY, 1);
    ALLOWED(&session, LEADER, BALINT_MUTE_FOR_CAUSE, CARL, 1);
    ALLOWED(&session, CO_LEADER, BALINT_MUTE, BALINT_NOBODY, 1);
    balint_session_disconnect(&session, WATCHER, 150 * SECOND);
    for (int to = 0; to < PEOPLE; to++) {
        balint_state_of(&session, to, &seen);
        assert_true(seen.admitted && seen.led && seen.hears);
        assert_int_equal(seen.you, to);
        assert_int_equal(seen.seat_count, PEOPLE);
        assert_memory_equal(&seen.format, &session.format, sizeof seen.format);
        assert_int_equal(seen.phase, 5);
        assert_int_equal(seen.phase_since_ms, 100000);
        assert_int_equal(seen.leads, LEADER);
        assert_int_equal(seen.presenter, ANNA);
        assert_true(seen.stepped_back && !seen.invited && !seen.asked);
        assert_int_equal(seen.place, BALINT_ASIDE);
        assert_int_equal(seat_in(&seen, BERT)->hand_ms, 100000);
        assert_true(seat_in(&seen, CARL)->muted_for_cause);
        assert_false(seat_in(&seen, CARL)->heard || seat_in(&seen, CARL)->muted);
        assert_true(seat_in(&seen, CO_LEADER)->muted && !seat_in(&seen, CO_LEADER)->heard);
        assert_false(seat_in(&seen, WATCHER)->connected || seat_in(&seen, WATCHER)->heard);
        assert_int_equal(seat_in(&seen, WATCHER)->lost_ms, 150000);
        assert_int_equal(seat_in(&seen, BERT)->lost_ms, 0);
        assert_int_equal(seat_in(&seen, BERT)->epoch, 1);
        assert_string_equal(seat_in(&seen, BERT)->member, "bert");
        assert_int_equal(seat_in(&seen, WATCHER)->role, BALINT_OBSERVER);
        for (int i = 1; i < seen.seat_count; i++)
            assert_true(seen.seats[i].seat > seen.seats[i - 1].seat);
    }
    assert_null(balint_state_seat_of(&seen, 9));
    assert_null(balint_state_seat_of(&seen, -1));
}

static void a_time_that_is_set_is_never_shown_as_unset(void **state)
{
    (void)state;
    struct balint_session session;
    struct balint_state seen;
    session_of_six(&session);
    struct balint_request up = {.action = BALINT_HAND, .seat = BALINT_NOBODY, .value = 1};
    assert_int_equal(balint_session_request(&session, ANNA, &up, 0), BALINT_OK);
    balint_session_disconnect(&session, BERT, 0);
    balint_state_of(&session, LEADER, &seen);
    assert_int_equal(seat_in(&seen, ANNA)->hand_ms, 1);
    assert_int_equal(seat_in(&seen, BERT)->lost_ms, 1);
}

/* A presenter only leaders may see: members are told where the chair is, not more. */
static void leaders_only_is_told_as_such(void **state)
{
    (void)state;
    struct balint_session session;
    struct balint_state seen;
    session_of_six(&session);
    tell_a_case(&session, LEADER, ANNA);
    ALLOWED(&session, LEADER, BALINT_STEP_BACK, BALINT_NOBODY, BALINT_LEADERS_ONLY);
    balint_state_of(&session, BERT, &seen);
    assert_int_equal(seat_in(&seen, ANNA)->seen, BALINT_SEEN_BY_LEADERS);
    assert_false(balint_state_i_see(&seen, ANNA));
    balint_state_of(&session, CO_LEADER, &seen);
    assert_true(balint_state_i_see(&seen, ANNA));
    assert_false(seat_in(&seen, ANNA)->dimmed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_sits_out_is_away_to_members),
        cmocka_unit_test(the_phases_before_are_the_leaders_alone),
        cmocka_unit_test(the_door_is_the_leaders_alone),
        cmocka_unit_test(who_waits_is_told_nothing_but_whether_a_leader_is_here),
        cmocka_unit_test(everybody_admitted_is_told_the_whole_session),
        cmocka_unit_test(a_time_that_is_set_is_never_shown_as_unset),
        cmocka_unit_test(leaders_only_is_told_as_such),
    };
    return cmocka_run_group_tests_name("session-state", tests, NULL, NULL);
}
