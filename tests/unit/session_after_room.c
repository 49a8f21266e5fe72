/* session_after_room.c - the after-room, against BALINT.md's table: "leaders, observers | heard within it |
 * seen within it | hears and sees what is in it".
 */
#include "session_support.h"

static bool hear_and_see(const struct balint_session *session, int from, int to)
{
    struct balint_state seen;
    bool hears = balint_may_hear(session, from, to);
    /* The client comes to the same answer by itself. */
    balint_state_of(session, to, &seen);
    assert_int_equal(balint_state_i_hear(&seen, from), hears);
    assert_int_equal(balint_state_i_see(&seen, from), balint_may_see(session, from, to));
    return hears && balint_may_see(session, from, to);
}

static void in_the_corridor(struct balint_session *session)
{
    session_of_six(session);
    walk_to(session, "corridor");
}

/* Everybody's side of the door, and nothing across it. */
static void nothing_passes_its_door_either_way(void **state)
{
    (void)state;
    const int able[] = {LEADER, CO_LEADER, WATCHER};
    for (unsigned inside = 0; inside < 8; inside++) {
        struct balint_session session;
        bool in[PEOPLE] = {false};
        in_the_corridor(&session);
        for (int i = 0; i < 3; i++)
            if (inside >> i & 1) {
                ALLOWED(&session, able[i], BALINT_AFTER_ROOM, BALINT_NOBODY, 1);
                in[able[i]] = true;
            }
        for (int from = 0; from < PEOPLE; from++)
            for (int to = 0; to < PEOPLE; to++) {
                if (from == to)
                    continue;
                bool speaks = from != WATCHER || in[from]; /* there observers are heard */
                assert_int_equal(hear_and_see(&session, from, to), in[from] == in[to] && speaks);
                assert_int_equal(balint_may_see(&session, from, to), in[from] == in[to]);
            }
    }
}

static void only_leaders_and_observers_in_the_last_phase(void **state)
{
    (void)state;
    struct balint_session session;
    session_of_six(&session);
    for (int i = 0; i < session.format.count - 1; i++) {
        REFUSED(BALINT_NOT_YET, &session, LEADER, BALINT_AFTER_ROOM, BALINT_NOBODY, 1);
        REFUSED(BALINT_NOT_YET, &session, WATCHER, BALINT_AFTER_ROOM, BALINT_NOBODY, 1);
        ALLOWED(&session, LEADER, BALINT_PHASE, BALINT_NOBODY, i + 1);
    }
    REFUSED(BALINT_NOT_YOURS, &session, ANNA, BALINT_AFTER_ROOM, BALINT_NOBODY, 1);
    ALLOWED(&session, CO_LEADER, BALINT_AFTER_ROOM, BALINT_NOBODY, 1);
    ALLOWED(&session, WATCHER, BALINT_AFTER_ROOM, BALINT_NOBODY, 1);
}

/* What limits a person in the circle limits that person there. */
static void a_mute_counts_there_too(void **state)
{
    (void)state;
    for (int how = 0; how < 4; how++) {
        const enum balint_action actions[] = {BALINT_MUTE, BALINT_AWAY, BALINT_SIT_OUT,
                                              BALINT_MUTE_FOR_CAUSE};
        struct balint_session session;
        in_the_corridor(&session);
        ALLOWED(&session, LEADER, BALINT_AFTER_ROOM, BALINT_NOBODY, 1);
        ALLOWED(&session, WATCHER, BALINT_AFTER_ROOM, BALINT_NOBODY, 1);
        assert_true(balint_may_hear(&session, WATCHER, LEADER));
        if (actions[how] == BALINT_SIT_OUT) /* who sat out the case, and goes there */
            session.seats[WATCHER].sitting_out = true;
        else
            ALLOWED(&session, how == 3 ? LEADER : WATCHER, actions[how], WATCHER, 1);
        assert_false(balint_may_hear(&session, WATCHER, LEADER));
        assert_int_equal(balint_may_hear(&session, LEADER, WATCHER), actions[how] != BALINT_SIT_OUT);
    }
}

/* What was said among the leaders must not go on in the circle because somebody else moved the phase. */
static void going_back_a_phase_ends_it_as_an_own_mute(void **state)
{
    (void)state;
    struct balint_session session;
    in_the_corridor(&session);
    ALLOWED(&session, LEADER, BALINT_AFTER_ROOM, BALINT_NOBODY, 1);
    ALLOWED(&session, WATCHER, BALINT_AFTER_ROOM, BALINT_NOBODY, 1);
    ALLOWED(&session, CO_LEADER, BALINT_PHASE, BALINT_NOBODY, session.phase - 1);
    assert_false(session.seats[LEADER].after_room || session.seats[WATCHER].after_room);
    assert_false(balint_may_hear(&session, LEADER, ANNA));
    assert_true(balint_may_see(&session, LEADER, ANNA) && balint_may_hear(&session, ANNA, LEADER));
    assert_false(balint_may_hear(&session, WATCHER, LEADER));
    ALLOWED(&session, LEADER, BALINT_MUTE, BALINT_NOBODY, 0);
    assert_true(balint_may_hear(&session, LEADER, ANNA));
    /* By the own key one comes back as one is. */
    walk_to(&session, "corridor");
    ALLOWED(&session, LEADER, BALINT_AFTER_ROOM, BALINT_NOBODY, 1);
    ALLOWED(&session, LEADER, BALINT_AFTER_ROOM, BALINT_NOBODY, 0);
    assert_true(balint_may_hear(&session, LEADER, ANNA));
    /* Who becomes a member meanwhile is in it no longer. */
    ALLOWED(&session, CO_LEADER, BALINT_AFTER_ROOM, BALINT_NOBODY, 1);
    balint_session_rename(&session, CO_LEADER, "co", BALINT_MEMBER);
    assert_false(session.seats[CO_LEADER].after_room);
    assert_false(balint_may_hear(&session, CO_LEADER, ANNA));
}

/* A lost line and another process change nothing of it. */
static void it_outlives_a_lost_line(void **state)
{
    (void)state;
    static char text[BALINT_SNAPSHOT_SIZE];
    struct balint_session session, restored;
    in_the_corridor(&session);
    ALLOWED(&session, LEADER, BALINT_AFTER_ROOM, BALINT_NOBODY, 1);
    balint_session_disconnect(&session, LEADER, 101 * SECOND);
    balint_session_connect(&session, LEADER, true, 150 * SECOND);
    assert_false(balint_may_hear(&session, LEADER, ANNA));
    assert_int_not_equal(balint_snapshot_write(&session, text, sizeof text), 0);
    assert_true(balint_snapshot_read(&restored, text, 200 * SECOND, NULL));
    assert_false(balint_may_hear(&restored, LEADER, ANNA) || balint_may_see(&restored, LEADER, ANNA));
}

/* A server that puts people where they are not opens nothing: a member is never in it, and what a client's
 * own computation forbids no word of the server allows. */
static void a_client_believes_no_member_into_it(void **state)
{
    (void)state;
    struct balint_session session;
    struct balint_state seen;
    in_the_corridor(&session);
    ALLOWED(&session, LEADER, BALINT_AFTER_ROOM, BALINT_NOBODY, 1);
    balint_state_of(&session, LEADER, &seen);
    seen.seats[ANNA].after_room = true;
    seen.seats[ANNA].heard = true;
    seen.seats[ANNA].seen = BALINT_SEEN_BY_ALL;
    assert_false(balint_state_i_hear(&seen, ANNA) || balint_state_i_see(&seen, ANNA));
    assert_false(balint_floors_meet(balint_state_floor(&seen, LEADER), balint_state_floor(&seen, ANNA)));
    /* To a member the server claims that who is inside is heard: the flag beside it counts. */
    balint_state_of(&session, ANNA, &seen);
    seen.seats[LEADER].heard = true;
    seen.seats[LEADER].seen = BALINT_SEEN_BY_ALL;
    assert_false(balint_state_i_hear(&seen, LEADER) || balint_state_i_see(&seen, LEADER));
    /* Or that nobody is inside: then its own word, that nobody hears, counts. */
    balint_state_of(&session, ANNA, &seen);
    seen.seats[LEADER].after_room = false;
    assert_false(balint_state_i_hear(&seen, LEADER) || balint_state_i_see(&seen, LEADER));
}

/* Lies about the two of whom one is in the after-room and the other is a member. */
static void tell_lies(struct balint_state *told, unsigned lies)
{
    for (int i = 0; i < told->seat_count; i++) {
        struct balint_state_seat *seat = &told->seats[i];
        unsigned bits = seat->seat == LEADER ? lies : seat->seat == ANNA ? lies >> 3 : 0;
        if (bits & 1)
            seat->after_room = !seat->after_room;
        if (bits & 2)
            seat->heard = true;
        if (bits & 4)
            seat->seen = BALINT_SEEN_BY_ALL;
    }
    told->hears = true;
}

/* Sound leaves by the state of who speaks, and is heard by the state of who listens. */
static bool passes(const struct balint_state *speaker, const struct balint_state *listener)
{
    struct balint_floor own = balint_state_floor(speaker, speaker->you);
    return own.heard && balint_floors_meet(own, balint_state_floor(speaker, listener->you)) &&
           balint_state_i_hear(listener, speaker->you);
}

/* Whatever lies one end is told, together: the other end keeps the door shut, both ways. And whatever both
 * are told about the member alone, they keep it, because a member is never in it. */
static void lies_told_together_open_nothing(void **state)
{
    (void)state;
    struct balint_session session;
    struct balint_state told[2], truth[2];
    in_the_corridor(&session);
    ALLOWED(&session, LEADER, BALINT_AFTER_ROOM, BALINT_NOBODY, 1);
    balint_state_of(&session, LEADER, &truth[0]);
    balint_state_of(&session, ANNA, &truth[1]);
    for (unsigned to_leader = 0; to_leader < 64; to_leader++)
        for (unsigned to_member = 0; to_member < 64; to_member++) {
            bool one_end = to_leader == 0 || to_member == 0, not_of_leader = !((to_leader | to_member) & 1);
            if (!one_end && !not_of_leader)
                continue;
            memcpy(told, truth, sizeof told);
            tell_lies(&told[0], to_leader);
            tell_lies(&told[1], to_member);
            assert_false(passes(&told[0], &told[1]) || passes(&told[1], &told[0]));
        }
    /* Without any lie they hear each other once both are in the circle, so this could have passed. */
    ALLOWED(&session, LEADER, BALINT_AFTER_ROOM, BALINT_NOBODY, 0);
    balint_state_of(&session, LEADER, &truth[0]);
    balint_state_of(&session, ANNA, &truth[1]);
    assert_true(passes(&truth[0], &truth[1]) && passes(&truth[1], &truth[0]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_passes_its_door_either_way),
        cmocka_unit_test(only_leaders_and_observers_in_the_last_phase),
        cmocka_unit_test(a_mute_counts_there_too),
        cmocka_unit_test(going_back_a_phase_ends_it_as_an_own_mute),
        cmocka_unit_test(it_outlives_a_lost_line),
        cmocka_unit_test(a_client_believes_no_member_into_it),
        cmocka_unit_test(lies_told_together_open_nothing),
    };
    return cmocka_run_group_tests_name("session-after-room", tests, NULL, NULL);
}
