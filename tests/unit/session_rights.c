/* session_rights.c - every action by every role in every phase and standing, against BALINT.md written down a
 * second time.
 *
 * expected() (session_expected.c) says for each request what must come of it: the answer, and the session
 * after it, to the byte. Nothing it does not mention may change.
 */
#include "session_expected.h"
#include "session_support.h"

static long asked_so_far;

static void compare(const struct balint_session *before, enum balint_action action, int seat, int value)
{
    struct balint_session after = *before, want = *before;
    struct balint_request request = {.action = action, .seat = seat, .value = value};
    enum balint_result result = balint_session_request(&after, ME, &request, 100 * SECOND);
    enum balint_result wanted = expected(&want, &request);
    expected_row(&want);
    if (result != wanted || memcmp(&after, wanted == BALINT_OK ? &want : before, sizeof after) != 0)
        fail_msg("%s seat %d value %d by %s in phase %d: %s instead of %s, or another session than expected",
                 balint_action_name(action), seat, value, balint_role_name(before->seats[ME].role),
                 before->phase, balint_result_name(result), balint_result_name(wanted));
    asked_so_far++;
}

static void ask_everything(const struct balint_session *session)
{
    static const struct {
        bool seats;
        int from, to; /* values */
    } range[BALINT_ACTIONS] = {
        [BALINT_PRESENT] = {true, 0, 0},         [BALINT_PHASE] = {false, -1, 9},
        [BALINT_STEP_BACK] = {false, -1, 3},     [BALINT_INVITE_BACK] = {false, 0, 0},
        [BALINT_RETURN] = {false, -1, 2},        [BALINT_ASK_RETURN] = {false, -1, 2},
        [BALINT_HAND] = {true, -1, 2},           [BALINT_MUTE] = {false, -1, 2},
        [BALINT_MUTE_FOR_CAUSE] = {true, -1, 2}, [BALINT_AWAY] = {false, -1, 2},
        [BALINT_SIT_OUT] = {false, -1, 2},       [BALINT_LEAD] = {true, 0, 0},
        [BALINT_VOLUNTEER] = {false, -1, 2},     [BALINT_AGREE] = {false, -1, 2},
        [BALINT_SHARED] = {false, -1, 2},        [BALINT_END_AT] = {false, -1, 2},
        [BALINT_AFTER_ROOM] = {false, -1, 2},    [BALINT_TURN] = {false, 0, 0},
        [BALINT_ROUND] = {false, -1, 3},         [BALINT_FORMAT] = {false, -1, 5},
    };
    for (int action = 0; action < BALINT_ACTIONS; action++)
        for (int value = range[action].from; value <= range[action].to; value++) {
            if (!range[action].seats) {
                compare(session, (enum balint_action)action, BALINT_NOBODY, value);
                continue;
            }
            for (int seat = BALINT_NOBODY; seat <= SEATS_USED; seat++)
                compare(session, (enum balint_action)action, seat, value);
            compare(session, (enum balint_action)action, BALINT_SEATS, value);
            compare(session, (enum balint_action)action, -2, value);
        }
}

/* Bits of a standing to be gone through. */
enum {
    ADMITTED = 1 << 0,
    FOR_CAUSE = 1 << 1,
    OUT = 1 << 2,
    OTHER_HERE = 1 << 3,
    STEPPED = 1 << 4,
    INVITED = 1 << 5,
    ASKED = 1 << 6,
    HAND_UP = 1 << 7,
    OFFERS = 1 << 8, /* I, unless away, and the member */
    ALL_BITS = 1 << 9,
};

/* A round, and whether I have had my turn. */
enum turns { NO_ROUND, WAITS, HAD, TURNS };

static bool make(struct balint_session *s, enum balint_role role, unsigned bits, int presenter, int asked,
                 int phase, enum turns round)
{
    bool may_present = role != BALINT_OBSERVER && !(bits & OUT) && bits & ADMITTED;
    if (asked != BALINT_NOBODY && (asked == presenter || (asked == ME && !may_present)))
        return false;
    if (presenter == ME && (role == BALINT_OBSERVER || bits & OUT || !(bits & ADMITTED)))
        return false;
    if (bits & STEPPED ? presenter == BALINT_NOBODY : (bits & (INVITED | ASKED)) != 0)
        return false;
    if ((bits & INVITED) && (bits & ASKED))
        return false;
    balint_session_init(s, "tuesday", balint_format_find("classic"), 0);
    balint_session_seat(s, "me", "me", role);
    balint_session_connect(s, ME, true, SECOND);
    add_person(s, "other", BALINT_CO_LEADER);
    add_person(s, "member", BALINT_MEMBER);
    add_person(s, "observer", BALINT_OBSERVER);
    balint_session_seat(s, "door", "door", BALINT_LEADER);
    balint_session_connect(s, AT_DOOR, true, SECOND);
    balint_session_seat(s, "nobody", "nobody", BALINT_MEMBER);
    add_person(s, "sitter", BALINT_MEMBER);
    balint_session_free(s, FREE_SEAT, SECOND);
    s->seats[SITTER].sitting_out = true;
    s->seats[MEMBER].muted_for_cause = true;
    s->seats[MEMBER].hand_us = 7 * SECOND;
    if (bits & ADMITTED)
        balint_session_admit(s, ME, SECOND);
    if (!(bits & OTHER_HERE))
        balint_session_disconnect(s, OTHER_LEADER, 2 * SECOND);
    s->seats[ME].muted_for_cause = bits & FOR_CAUSE;
    s->seats[ME].sitting_out = bits & OUT;
    s->seats[ME].hand_us = bits & HAND_UP ? 5 * SECOND : 0;
    s->seats[ME].away = !(bits & OTHER_HERE) && asked == MEMBER;
    s->seats[ME].volunteers = bits & OFFERS && may_present && presenter != ME && !s->seats[ME].away;
    s->seats[MEMBER].volunteers = bits & OFFERS && presenter != MEMBER;
    if (phase == 8) { /* the corridor: some are in the after-room */
        s->seats[ME].after_room = bits & HAND_UP && role != BALINT_MEMBER && bits & ADMITTED;
        s->seats[OTHER_LEADER].after_room = true;
    }
    s->ends_us = bits & HAND_UP ? 7 * SECOND : 0;
    s->presenter = presenter;
    s->proposed = asked;
    s->phase = phase;
    s->stepped_back = bits & STEPPED;
    s->invited = bits & INVITED;
    s->asked = bits & ASKED;
    s->place = bits & STEPPED ? BALINT_LEADERS_ONLY : BALINT_IN_CIRCLE;
    if (round == HAD)
        s->round.had = 1u << ME | 1u << MEMBER;
    s->round.on = round != NO_ROUND;
    expected_row(s);
    return true;
}

static void everything_by_everybody_everywhere(void **state)
{
    (void)state;
    static const int presenters[] = {BALINT_NOBODY, ME, MEMBER};
    for (int role = 0; role < BALINT_ROLES; role++)
        for (unsigned bits = 0; bits < ALL_BITS; bits++)
            for (int i = 0; i < 9; i++)
                for (int phase = 0; phase < 9; phase++) {
                    struct balint_session session;
                    /* Rounds and questions to present have nothing to do with each other. */
                    for (int round = 0; round < (i < 3 ? TURNS : 1); round++)
                        if (make(&session, (enum balint_role)role, bits, presenters[i % 3], presenters[i / 3],
                                 phase, (enum turns)round))
                            ask_everything(&session);
                }
    assert_true(asked_so_far > 3000000);
    print_message("%ld requests compared\n", asked_so_far);
}

static void who_is_not_there_may_ask_nothing(void **state)
{
    (void)state;
    struct balint_session session;
    session_of_six(&session);
    int door = balint_session_seat(&session, "door", "door", BALINT_LEADER);
    struct balint_session before = session;
    const int nobodies[] = {door, 12, -1, -7, BALINT_SEATS, 99};
    for (size_t i = 0; i < sizeof nobodies / sizeof *nobodies; i++)
        for (int action = 0; action < BALINT_ACTIONS; action++)
            REFUSED(BALINT_NOT_ADMITTED, &session, nobodies[i], (enum balint_action)action, ANNA, 1);
    REFUSED(BALINT_BAD_VALUE, &session, LEADER, BALINT_ACTIONS, ANNA, 1);
    REFUSED(BALINT_BAD_VALUE, &session, LEADER, (enum balint_action) - 1, ANNA, 1);
    assert_memory_equal(&session, &before, sizeof session);
}

static void a_mute_for_cause_ends_by_two_keys(void **state)
{
    (void)state;
    struct balint_session session;
    session_of_six(&session);
    ALLOWED(&session, CO_LEADER, BALINT_MUTE_FOR_CAUSE, BERT, 1);
    assert_false(balint_may_hear(&session, BERT, ANNA));
    REFUSED(BALINT_STILL_MUTED, &session, BERT, BALINT_MUTE, BALINT_NOBODY, 0);
    REFUSED(BALINT_NOT_YOURS, &session, BERT, BALINT_MUTE_FOR_CAUSE, BERT, 0);
    ALLOWED(&session, LEADER, BALINT_MUTE_FOR_CAUSE, BERT, 0);
    assert_false(balint_may_hear(&session, BERT, ANNA)); /* lifted, and still closed */
    ALLOWED(&session, BERT, BALINT_MUTE, BALINT_NOBODY, 0);
    assert_true(balint_may_hear(&session, BERT, ANNA));
    /* One leader may do it to another. */
    ALLOWED(&session, CO_LEADER, BALINT_MUTE_FOR_CAUSE, LEADER, 1);
    assert_false(balint_may_hear(&session, LEADER, ANNA));
    /* Lifting what is not there mutes nobody. */
    ALLOWED(&session, LEADER, BALINT_MUTE_FOR_CAUSE, ANNA, 0);
    assert_true(balint_may_hear(&session, ANNA, BERT));
}

static void a_presenter_who_is_away_stays_presenter(void **state)
{
    (void)state;
    struct balint_session session;
    session_of_six(&session);
    tell_a_case(&session, LEADER, ANNA);
    ALLOWED(&session, ANNA, BALINT_AWAY, BALINT_NOBODY, 1);
    walk_to(&session, "discussion");
    assert_int_equal(session.presenter, ANNA);
    assert_true(session.stepped_back);
    assert_true(balint_may_hear(&session, BERT, ANNA));
    ALLOWED(&session, ANNA, BALINT_AWAY, BALINT_NOBODY, 0);
    assert_true(session.stepped_back);
    assert_false(balint_may_hear(&session, ANNA, BERT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_by_everybody_everywhere),
        cmocka_unit_test(who_is_not_there_may_ask_nothing),
        cmocka_unit_test(a_mute_for_cause_ends_by_two_keys),
        cmocka_unit_test(a_presenter_who_is_away_stays_presenter),
    };
    return cmocka_run_group_tests_name("session-rights", tests, NULL, NULL);
}
