/* session_formats.c - every shipped format against BALINT.md, written down a second time: which phases, whose
 * turn, where the presenter is, and from which to which one may go.
 *
 * The letters below are BALINT.md's table "The evening" in short; the loops are its variants: a second case
 * that may be left out, a story that is interrupted and goes on. Everything else about an edge is a rule: the
 * next, the previous, and the last from everywhere.
 */
#include "session_support.h"

struct phase {
    const char *id;
    int least, most; /* minutes: BALINT.md's range */
    char turn;       /* a: all; o: one after the other; p: presenter; x: all but the presenter */
    bool aside;      /* the presenter steps back on entry */
    bool discussion; /* counts in the balance */
    bool begins;     /* a case */
    const char *loops[2];
};

/* 30 to 40 s each, six to twelve people; case 2-5; presentation 5-15; questions 0-10; discussion 20-60;
 * return 5-10; closing 2-5. */
#define CHECK_IN     "check-in", 3, 8, 'o', false, false, false
#define CASE         2, 5, 'a', false, false, true
#define PRESENTATION 5, 15, 'p', false, false, false
#define QUESTIONS    0, 10, 'a', false, false, false
#define DISCUSSION   20, 60, 'x', true, true, false
#define RETURN       5, 10, 'a', false, false, false
#define CLOSING      "closing", 2, 5, 'a', false, false, false

static const struct evening {
    const char *id;
    int in_all; /* minutes at the most, gathering and corridor aside */
    struct phase phases[BALINT_PHASES];
} evenings[] = {
    {"classic",
     60,
     {{"gathering", 0, 0, 'a', false, false, false, {0}},
      {CHECK_IN, {0}},
      {"case", CASE, {0}},
      {"presentation", PRESENTATION, {0}},
      {"questions", QUESTIONS, {0}},
      {"discussion", DISCUSSION, {0}},
      {"return", RETURN, {0}},
      {CLOSING, {0}},
      {"corridor", 0, 0, 'a', false, false, false, {0}}}},
    {"two-cases",
     120,
     {{"gathering", 0, 0, 'a', false, false, false, {0}},
      {CHECK_IN, {0}},
      {"case", CASE, {0}},
      {"presentation", PRESENTATION, {0}},
      {"questions", QUESTIONS, {0}},
      {"discussion", DISCUSSION, {0}},
      {"return", RETURN, {"closing"}},
      {"case-2", CASE, {"closing"}},
      {"presentation-2", PRESENTATION, {0}},
      {"questions-2", QUESTIONS, {0}},
      {"discussion-2", DISCUSSION, {0}},
      {"return-2", RETURN, {0}},
      {CLOSING, {0}},
      {"corridor", 0, 0, 'a', false, false, false, {0}}}},
    {"interrupted-story",
     60,
     {{"gathering", 0, 0, 'a', false, false, false, {0}},
      {CHECK_IN, {0}},
      {"case", CASE, {0}},
      {"presentation", PRESENTATION, {"questions"}},
      {"response", 2, 10, 'x', true, true, false, {0}},
      {"questions", QUESTIONS, {0}},
      {"discussion", DISCUSSION, {"presentation"}},
      {"return", RETURN, {0}},
      {CLOSING, {0}},
      {"corridor", 0, 0, 'a', false, false, false, {0}}}},
    {"in-the-circle",
     60,
     {{"gathering", 0, 0, 'a', false, false, false, {0}},
      {CHECK_IN, {0}},
      {"case", CASE, {0}},
      {"presentation", PRESENTATION, {0}},
      {"questions", QUESTIONS, {0}},
      {"discussion", 20, 60, 'a', false, true, false, {0}},
      {"last-word", 5, 10, 'p', false, false, false, {0}},
      {CLOSING, {0}},
      {"corridor", 0, 0, 'a', false, false, false, {0}}}},
    {"short",
     60,
     {{"gathering", 1, 10, 'a', false, false, false, {0}},
      {CHECK_IN, {0}},
      {"case", CASE, {0}},
      {"presentation", PRESENTATION, {0}},
      {"questions", QUESTIONS, {0}},
      {"discussion", DISCUSSION, {0}},
      {"return", RETURN, {0}},
      {CLOSING, {0}},
      {"corridor", 1, 10, 'a', false, false, false, {0}}}},
};
#define EVENINGS ((int)(sizeof evenings / sizeof *evenings))

static int count_of(const struct evening *evening)
{
    int count = 0;
    while (count < BALINT_PHASES && evening->phases[count].id != NULL)
        count++;
    return count;
}

/* Is a word of command in there? Guidance describes. */
static bool commands(const char *text)
{
    static const char *const words[] = {"must", "Must", "do not", "don't", "Do ", "please", "Please", "!"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(text, words[i]) != NULL)
            return true;
    return false;
}

static void the_shipped_formats_are_these(void **state)
{
    (void)state;
    static const char turns[BALINT_TURNS] = {'a', 'o', 'p', 'x'};
    assert_int_equal(EVENINGS, BALINT_SHIPPED);
    assert_null(balint_format_shipped(-1));
    assert_null(balint_format_shipped(EVENINGS));
    for (int e = 0; e < EVENINGS; e++) {
        const struct balint_format *format = balint_format_shipped(e);
        int minutes = 0;
        assert_string_equal(format->id, evenings[e].id);
        assert_ptr_equal(balint_format_find(evenings[e].id), format);
        assert_int_equal(format->count, count_of(&evenings[e]));
        for (int i = 0; i < format->count; i++) {
            const struct balint_phase *phase = &format->phases[i];
            const struct phase *want = &evenings[e].phases[i];
            assert_string_equal(phase->id, want->id);
            assert_in_range(phase->minutes, want->least, want->most);
            assert_int_equal(turns[phase->turn], want->turn);
            assert_int_equal(phase->presenter, want->aside ? BALINT_ASIDE : BALINT_IN_CIRCLE);
            assert_int_equal(balint_format_discussion(format, i), want->discussion);
            assert_int_equal(phase->part == BALINT_PART_CASE, want->begins);
            assert_int_equal(phase->part == BALINT_PART_CORRIDOR, i == format->count - 1);
            assert_in_range(strlen(phase->title), 4, BALINT_NAME_SIZE - 1);
            assert_in_range(strlen(phase->guidance), 20, BALINT_TEXT_SIZE - 1);
            assert_false(commands(phase->guidance) || commands(phase->title));
            minutes += phase->minutes;
        }
        assert_in_range(minutes, 45, evenings[e].in_all);
    }
}

/* ---- edges */

static bool is_loop(const struct evening *evening, int from, const char *to)
{
    for (int i = 0; i < 2 && evening->phases[from].loops[i] != NULL; i++)
        if (strcmp(evening->phases[from].loops[i], to) == 0)
            return true;
    return false;
}

static const char *edge_of(const struct evening *evening, int from, int to)
{
    int count = count_of(evening);
    if (from < 0 || to < 0 || from >= count || to >= count || from == to)
        return NULL;
    return to == from + 1                                   ? "next"
           : to == from - 1                                 ? "previous"
           : is_loop(evening, from, evening->phases[to].id) ? "loop"
           : to == count - 1                                ? "end"
                                                            : NULL;
}

static void every_edge_of_every_format(void **state)
{
    (void)state;
    int legal = 0, illegal = 0;
    for (int e = 0; e < EVENINGS; e++) {
        struct balint_session six;
        session_of_six(&six);
        six.format = *balint_format_shipped(e);
        for (int from = -2; from < BALINT_PHASES + 2; from++)
            for (int to = -3; to < 34; to++) {
                const char *want = edge_of(&evenings[e], from, to);
                const char *is = balint_format_edge_name(&six.format, from, to);
                if (want == NULL ? is != NULL : is == NULL || strcmp(is, want) != 0)
                    fail_msg("%s: %d to %d is %s", evenings[e].id, from, to, is != NULL ? is : "none");
                assert_int_equal(balint_format_edge(&six.format, from, to), want != NULL);
                if (from < 0 || from >= six.format.count)
                    continue;
                struct balint_session session = six, before;
                session.phase = from;
                before = session;
                enum balint_result result = ask(&session, LEADER, BALINT_PHASE, BALINT_NOBODY, to);
                /* Staying where one is: two leaders pressed at once, and nothing had to change. */
                bool inside = to >= 0 && to < six.format.count;
                assert_int_equal(result, !inside                      ? BALINT_NO_SUCH_PHASE
                                         : to == from || want != NULL ? BALINT_OK
                                                                      : BALINT_ILLEGAL_EDGE);
                before.phase = want != NULL ? to : from;
                before.phase_since_us = want != NULL ? 100 * SECOND : before.phase_since_us;
                before.round = session.round; /* session_round.c's */
                before.past_count = want != NULL;
                memcpy(before.past, session.past, sizeof before.past); /* session_state.c's */
                assert_memory_equal(&session, &before, sizeof session);
                *(want != NULL ? &legal : &illegal) += 1;
            }
    }
    print_message("%d legal edges, %d illegal ones tried\n", legal, illegal);
    assert_true(legal > 100);
}

/* ---- walks */

/* The six of session_support.h with another format. */
static void six_with(struct balint_session *session, const char *format)
{
    session_of_six(session);
    session->format = *balint_format_find(format);
}

static void go(struct balint_session *session, int to)
{
    ALLOWED(session, LEADER, BALINT_PHASE, BALINT_NOBODY, to);
    assert_int_equal(session->phase, to);
}

static bool nobody_is_cut_off(const struct balint_session *session)
{
    for (int seat = 0; seat < PEOPLE; seat++)
        if (!session->seats[seat].connected || !session->seats[seat].admitted)
            return false;
    return true;
}

/* From the gathering to the corridor by `next` alone; the presenter, who returns when invited, steps back
 * exactly where the evening says so. */
static void every_format_is_walked_by_next_alone(void **state)
{
    (void)state;
    for (int e = 0; e < EVENINGS; e++) {
        struct balint_session session;
        six_with(&session, evenings[e].id);
        for (int i = 0; i < session.format.count; i++) {
            if (i > 0)
                go(&session, i);
            if (evenings[e].phases[i].begins) {
                assert_int_equal(session.presenter, BALINT_NOBODY); /* the case before has ended */
                tell_a_case(&session, LEADER, i == 2 ? ANNA : BERT);
            }
            int presenter = session.presenter;
            assert_int_equal(session.stepped_back && !session.invited,
                             presenter != BALINT_NOBODY && evenings[e].phases[i].aside);
            if (session.invited)
                ALLOWED(&session, presenter, BALINT_RETURN, BALINT_NOBODY, 0);
            assert_true(nobody_is_cut_off(&session));
        }
        assert_int_equal(session.presenter, strcmp(evenings[e].id, "two-cases") == 0 ? BERT : ANNA);
    }
}

static void the_evening_ends_from_anywhere_and_talk_goes_on(void **state)
{
    (void)state;
    for (int e = 0; e < EVENINGS; e++)
        for (int from = 0; from < count_of(&evenings[e]); from++) {
            struct balint_session session;
            six_with(&session, evenings[e].id);
            int last = session.format.count - 1;
            session.phase = from;
            if (from != last)
                ALLOWED(&session, CARL, BALINT_SIT_OUT, BALINT_NOBODY, 1);
            go(&session, last);
            assert_true(nobody_is_cut_off(&session));
            for (int seat = LEADER; seat <= BERT; seat++)
                assert_true(balint_may_hear(&session, seat, seat == BERT ? ANNA : BERT));
            /* Who sat out decides alone when to hear people talk again, of whatever they talk. */
            assert_int_equal(session.seats[CARL].sitting_out, from != last);
            ALLOWED(&session, CARL, BALINT_SIT_OUT, BALINT_NOBODY, 0);
            assert_true(balint_may_hear(&session, BERT, CARL) && balint_may_hear(&session, CARL, BERT));
        }
}

static void in_the_circle_nobody_is_stepped_back_but_by_a_leader(void **state)
{
    (void)state;
    struct balint_session session;
    six_with(&session, "in-the-circle");
    tell_a_case(&session, LEADER, ANNA);
    for (int i = 1; i < session.format.count; i++) {
        go(&session, i);
        assert_false(session.stepped_back);
        assert_true(balint_may_hear(&session, ANNA, BERT));
    }
    for (int i = session.format.count - 2; i >= 0; i--) {
        go(&session, i);
        assert_false(session.stepped_back);
    }
    walk_to(&session, "discussion");
    ALLOWED(&session, LEADER, BALINT_STEP_BACK, BALINT_NOBODY, 0);
    assert_true(session.stepped_back);
    assert_false(balint_may_hear(&session, ANNA, BERT));
}

/* BALINT.md: "several step-backs inside one case (the leader interrupts the story, the group responds, the
 * story goes on)". */
static void a_story_is_interrupted_several_times(void **state)
{
    (void)state;
    struct balint_session session;
    six_with(&session, "interrupted-story");
    walk_to(&session, "case");
    tell_a_case(&session, LEADER, ANNA);
    ALLOWED(&session, CARL, BALINT_SIT_OUT, BALINT_NOBODY, 1);
    int story = phase_index(&session, "presentation"), response = phase_index(&session, "response");
    go(&session, story);
    for (int part = 0; part < 4; part++) {
        assert_true(balint_may_hear(&session, ANNA, BERT));
        go(&session, response);
        assert_true(session.stepped_back && !session.invited);
        assert_false(balint_may_hear(&session, ANNA, BERT));
        go(&session, story);
        assert_true(session.invited);
        assert_false(balint_may_hear(&session, ANNA, BERT)); /* an invitation opens no microphone */
        ALLOWED(&session, ANNA, BALINT_RETURN, BALINT_NOBODY, 0);
    }
    go(&session, phase_index(&session, "questions"));
    walk_to(&session, "discussion");
    assert_true(session.stepped_back);
    go(&session, story); /* it goes on even after the discussion */
    assert_true(session.invited);
    /* All that was one case. */
    assert_int_equal(session.presenter, ANNA);
    assert_true(session.seats[CARL].sitting_out);
}

/* ---- a second case */

static void a_second_case_ends_the_first(void **state)
{
    (void)state;
    struct balint_session session;
    six_with(&session, "two-cases");
    tell_a_case(&session, LEADER, ANNA);
    walk_to(&session, "case"); /* named early: it is still her case */
    assert_int_equal(session.presenter, ANNA);
    ALLOWED(&session, CARL, BALINT_SIT_OUT, BALINT_NOBODY, 1);
    walk_to(&session, "presentation");
    walk_to(&session, "case"); /* back to the beginning of the same case: by mistake, perhaps */
    assert_int_equal(session.presenter, ANNA);
    assert_true(session.seats[CARL].sitting_out);
    walk_to(&session, "return");
    assert_true(session.stepped_back); /* invited, and did not come yet */
    walk_to(&session, "case-2");
    assert_int_equal(session.presenter, BALINT_NOBODY);
    assert_false(session.stepped_back || session.invited || session.asked);
    assert_true(session.seats[ANNA].muted); /* nothing opens but by the own key */
    assert_true(session.seats[CARL].away && !session.seats[CARL].sitting_out);
    tell_a_case(&session, LEADER, BERT);
    walk_to(&session, "discussion-2");
    assert_true(session.stepped_back);
    assert_false(balint_may_hear(&session, BERT, ANNA));
    walk_to(&session, "case-2");
    assert_int_equal(session.presenter, BERT);
}

static void a_second_case_by_a_loop_ends_the_first_too(void **state)
{
    (void)state;
    struct balint_session session;
    session_of_six(&session);
    session.format.phases[phase_index(&session, "return")].loops = 1u << 2;
    tell_a_case(&session, LEADER, ANNA);
    walk_to(&session, "return");
    go(&session, 2);
    assert_int_equal(session.presenter, BALINT_NOBODY);
    assert_true(session.seats[ANNA].muted);
}

/* Who sat out for a case that nobody came to present is back as well; who offered one in time is not
 * forgotten.
 */
static void a_case_that_nobody_presented_ends_too(void **state)
{
    (void)state;
    struct balint_session session;
    six_with(&session, "two-cases");
    walk_to(&session, "case");
    ALLOWED(&session, CARL, BALINT_SIT_OUT, BALINT_NOBODY, 1);
    walk_to(&session, "return");
    ALLOWED(&session, BERT, BALINT_VOLUNTEER, BALINT_NOBODY, 1);
    walk_to(&session, "case-2");
    assert_true(session.seats[CARL].away && !session.seats[CARL].sitting_out);
    assert_true(session.seats[BERT].volunteers);
}

static void one_case_may_be_enough(void **state)
{
    (void)state;
    struct balint_session session;
    six_with(&session, "two-cases");
    walk_to(&session, "return");
    tell_a_case(&session, LEADER, ANNA);
    go(&session, phase_index(&session, "closing"));
    assert_int_equal(session.presenter, ANNA);
}

/* ---- a restart */

static void every_format_outlives_a_restart(void **state)
{
    (void)state;
    static char text[BALINT_SNAPSHOT_SIZE];
    for (int e = 0; e < EVENINGS; e++) {
        struct balint_session session, read;
        six_with(&session, evenings[e].id);
        tell_a_case(&session, LEADER, ANNA);
        walk_to(&session, "discussion");
        assert_int_not_equal(balint_snapshot_write(&session, text, sizeof text), 0);
        assert_true(balint_snapshot_read(&read, text, 300 * SECOND, NULL));
        assert_memory_equal(&read.format, balint_format_find(evenings[e].id), sizeof read.format);
        assert_int_equal(read.phase, session.phase);
        assert_int_equal(read.stepped_back, session.stepped_back);
        balint_session_connect(&read, LEADER, false, 301 * SECOND);
        walk_to(&read, "corridor");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_formats_are_these),
        cmocka_unit_test(every_edge_of_every_format),
        cmocka_unit_test(every_format_is_walked_by_next_alone),
        cmocka_unit_test(the_evening_ends_from_anywhere_and_talk_goes_on),
        cmocka_unit_test(in_the_circle_nobody_is_stepped_back_but_by_a_leader),
        cmocka_unit_test(a_story_is_interrupted_several_times),
        cmocka_unit_test(a_second_case_ends_the_first),
        cmocka_unit_test(a_second_case_by_a_loop_ends_the_first_too),
        cmocka_unit_test(a_case_that_nobody_presented_ends_too),
        cmocka_unit_test(one_case_may_be_enough),
        cmocka_unit_test(every_format_outlives_a_restart),
    };
    return cmocka_run_group_tests_name("session-formats", tests, NULL, NULL);
}
