/* session_phases.c - the usual evening against BALINT.md's table "The evening", and edges as such. The other
 * shipped formats and all their edges: session_formats.c.
 */
#include "session_support.h"

/* BALINT.md, "The evening": order, lengths where the table has a figure, whose turn it is. The check-in is
 * 30 to 40 s each, so five minutes for a group of eight. */
static const struct {
    const char *id, *title;
    int least, most;
    enum balint_turn turn;
    enum balint_place presenter;
} evening[] = {
    {"gathering", "Gathering", 0, 0, BALINT_TURN_ALL, BALINT_IN_CIRCLE},
    {"check-in", "Check-in", 4, 6, BALINT_TURN_ONE_BY_ONE, BALINT_IN_CIRCLE},
    {"case", "Who has a case?", 2, 5, BALINT_TURN_ALL, BALINT_IN_CIRCLE},
    {"presentation", "Presentation", 8, 8, BALINT_TURN_PRESENTER, BALINT_IN_CIRCLE},
    {"questions", "Questions", 4, 4, BALINT_TURN_ALL, BALINT_IN_CIRCLE},
    {"discussion", "Discussion", 25, 25, BALINT_TURN_ALL_BUT_PRESENTER, BALINT_ASIDE},
    {"return", "Return", 5, 5, BALINT_TURN_ALL, BALINT_IN_CIRCLE},
    {"closing", "Closing", 3, 3, BALINT_TURN_ALL, BALINT_IN_CIRCLE},
    {"corridor", "Corridor", 0, 0, BALINT_TURN_ALL, BALINT_IN_CIRCLE},
};

static void classic_is_the_usual_evening(void **state)
{
    (void)state;
    const struct balint_format *format = balint_format_find("classic");
    assert_non_null(format);
    assert_int_equal(format->count, 9);
    for (int i = 0; i < format->count; i++) {
        const struct balint_phase *phase = &format->phases[i];
        assert_string_equal(phase->id, evening[i].id);
        assert_string_equal(phase->title, evening[i].title);
        assert_in_range(phase->minutes, evening[i].least, evening[i].most);
        assert_int_equal(phase->turn, evening[i].turn);
        assert_int_equal(phase->presenter, evening[i].presenter);
        assert_int_equal(phase->loops, 0);
        assert_in_range(strlen(phase->guidance), 20, 120);
        assert_null(strchr(phase->guidance, '!'));
    }
    assert_null(balint_format_find("no-such-format"));
    assert_null(balint_format_find(""));
}

static void loops_are_edges_one_way(void **state)
{
    (void)state;
    struct balint_format format = *balint_format_find("classic");
    /* A second case after the return; an interrupted story. */
    format.phases[6].loops = 1u << 2;
    format.phases[3].loops = 1u << 5;
    for (int from = 0; from < 9; from++)
        for (int to = 0; to < 9; to++) {
            bool loop = (from == 6 && to == 2) || (from == 3 && to == 5);
            bool end = to == 8 && from != 8;
            assert_int_equal(balint_format_edge(&format, from, to),
                             loop || end || to == from + 1 || to == from - 1);
        }
    /* Every one of sixteen phases can be reached by a loop, and none beyond. */
    format.count = BALINT_PHASES;
    format.phases[0].loops = 0xffff;
    for (int to = 0; to < BALINT_PHASES + 4; to++)
        assert_int_equal(balint_format_edge(&format, 0, to), to < BALINT_PHASES);
}

static void a_phase_silences_nobody(void **state)
{
    (void)state;
    struct balint_session session;
    session_of_six(&session);
    tell_a_case(&session, LEADER, ANNA);
    for (int phase = 1; phase < 9; phase++) {
        ALLOWED(&session, LEADER, BALINT_PHASE, BALINT_NOBODY, phase);
        for (int seat = 0; seat < PEOPLE; seat++)
            if (seat != WATCHER && !(seat == ANNA && session.stepped_back))
                assert_true(balint_floor_of(balint_standing_of(&session, seat)).heard);
    }
}

static void words_are_the_wires_words(void **state)
{
    (void)state;
    static const char *const roles[] = {"leader", "co-leader", "member", "observer"};
    static const char *const actions[] = {
        [BALINT_PRESENT] = "present",
        [BALINT_VOLUNTEER] = "volunteer",
        [BALINT_AGREE] = "agree",
        [BALINT_PHASE] = "phase",
        [BALINT_FORMAT] = "format",
        [BALINT_STEP_BACK] = "step-back",
        [BALINT_INVITE_BACK] = "invite-back",
        [BALINT_RETURN] = "return",
        [BALINT_ASK_RETURN] = "ask-return",
        [BALINT_HAND] = "hand",
        [BALINT_MUTE] = "mute",
        [BALINT_MUTE_FOR_CAUSE] = "mute-for-cause",
        [BALINT_AWAY] = "away",
        [BALINT_SIT_OUT] = "sit-out",
        [BALINT_SHARED] = "shared",
        [BALINT_END_AT] = "end-at",
        [BALINT_AFTER_ROOM] = "after-room",
        [BALINT_TURN] = "turn",
        [BALINT_ROUND] = "round",
        [BALINT_LEAD] = "lead",
    };
    for (int i = 0; i < BALINT_ROLES; i++)
        assert_string_equal(balint_role_name((enum balint_role)i), roles[i]);
    for (int i = 0; i < BALINT_ACTIONS; i++)
        assert_string_equal(balint_action_name((enum balint_action)i), actions[i]);
    for (int i = 0; i < BALINT_RESULTS; i++) {
        assert_in_range(strlen(balint_result_name((enum balint_result)i)), 2, 32);
        assert_in_range(strlen(balint_result_text((enum balint_result)i)), 5, 256);
        assert_null(strchr(balint_result_text((enum balint_result)i), '\n'));
        for (int j = 0; j < i; j++)
            assert_string_not_equal(balint_result_name((enum balint_result)i),
                                    balint_result_name((enum balint_result)j));
    }
    assert_string_equal(balint_place_name(BALINT_ASIDE), "aside");
    assert_string_equal(balint_turn_name(BALINT_TURN_ALL_BUT_PRESENTER), "all-but-presenter");
    assert_string_equal(balint_part_name(BALINT_PART_CORRIDOR), "corridor");
    assert_string_equal(balint_part_name(BALINT_PARTS), "?");
    assert_string_equal(balint_role_name(BALINT_ROLES), "?");
    assert_string_equal(balint_place_name(BALINT_PLACES), "?");
    assert_string_equal(balint_turn_name(BALINT_TURNS), "?");
    assert_string_equal(balint_action_name(BALINT_ACTIONS), "?");
    assert_string_equal(balint_result_name(BALINT_RESULTS), "?");
    assert_string_equal(balint_result_text((enum balint_result) - 1), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(classic_is_the_usual_evening),
        cmocka_unit_test(loops_are_edges_one_way),
        cmocka_unit_test(a_phase_silences_nobody),
        cmocka_unit_test(words_are_the_wires_words),
    };
    return cmocka_run_group_tests_name("session-phases", tests, NULL, NULL);
}
