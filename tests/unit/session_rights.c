/* session_rights.c - every action by every role in every phase and standing, against BALINT.md written down a
 * second time.
 *
 * expected() below says for each request what must come of it: the answer, and the session after it, to the
 * byte. Nothing it does not mention may change.
 */
#include "session_support.h"

/* The people around the one who asks (seat 0). */
enum { ME, OTHER_LEADER, MEMBER, OBSERVER_SEAT, AT_DOOR, FREE_SEAT, SITTER, SEATS_USED };

static bool leads(const struct balint_session *s, int seat)
{
    return s->seats[seat].role == BALINT_LEADER || s->seats[seat].role == BALINT_CO_LEADER;
}

static bool is_in(const struct balint_session *s, int seat)
{
    return seat >= 0 && seat < BALINT_SEATS && s->seats[seat].taken && s->seats[seat].admitted;
}

/* "hears and sees nothing, until the case ends"; "others see away", and go on seeing it until the own key. */
static void case_over(struct balint_session *s)
{
    for (int i = 0; i < BALINT_SEATS; i++)
        if (s->seats[i].sitting_out) {
            s->seats[i].sitting_out = false;
            s->seats[i].away = true;
        }
}

/* "who has a case?" is over in the corridor. */
static bool work_is_done(const struct balint_session *s)
{
    return s->phase == 8;
}

/* "a role for one case": the one before ends, and nobody offers or is asked for this one any more. */
static void case_of(struct balint_session *s, int seat)
{
    if (seat == s->presenter)
        return;
    for (int i = 0; seat != BALINT_NOBODY && i < BALINT_SEATS; i++)
        s->seats[i].volunteers = false;
    if (seat != BALINT_NOBODY)
        s->proposed = BALINT_NOBODY;
    if (s->presenter != BALINT_NOBODY) {
        if (s->stepped_back)
            s->seats[s->presenter].muted = true;
        case_over(s);
    }
    s->presenter = seat;
    s->stepped_back = s->invited = s->asked = false;
    s->place = BALINT_IN_CIRCLE;
}

/* "volunteered or proposed and agreed to by that person" */
static enum balint_result expected_present(struct balint_session *s, int seat)
{
    int asked = s->proposed;
    if (seat != BALINT_NOBODY && work_is_done(s))
        return BALINT_WORK_DONE;
    if (seat != BALINT_NOBODY &&
        (!is_in(s, seat) || s->seats[seat].role == BALINT_OBSERVER || s->seats[seat].sitting_out))
        return BALINT_NO_SUCH_SEAT;
    s->proposed = BALINT_NOBODY; /* one at a time, and the newest word counts */
    if (seat == BALINT_NOBODY && asked != BALINT_NOBODY)
        return BALINT_OK; /* taken back: the case that is on goes on */
    if (seat == BALINT_NOBODY || seat == ME || s->seats[seat].volunteers)
        case_of(s, seat);
    else if (seat != s->presenter)
        s->proposed = seat;
    return BALINT_OK;
}

static enum balint_result expected_volunteer(struct balint_session *s, int value)
{
    struct balint_seat *me = &s->seats[ME];
    if (value != 0 && value != 1)
        return BALINT_BAD_VALUE;
    if (value == 1 && work_is_done(s))
        return BALINT_WORK_DONE;
    if (me->role == BALINT_OBSERVER)
        return BALINT_NOT_YOURS;
    if (value == 1 && (me->away || me->sitting_out)) /* a case is told by somebody who is here */
        return BALINT_COME_BACK;
    if (value == 1 && s->proposed == ME)
        case_of(s, ME);
    else
        me->volunteers = value == 1 && s->presenter != ME;
    return BALINT_OK;
}

static enum balint_result expected_agree(struct balint_session *s, int value)
{
    if (value != 0 && value != 1)
        return BALINT_BAD_VALUE;
    if (s->proposed != ME)
        return BALINT_NOT_ASKED;
    s->proposed = BALINT_NOBODY;
    if (value == 1)
        case_of(s, ME);
    return BALINT_OK;
}

/* "one after the other": who can no more is skipped, who can again or comes later is last; who leads begins
 * nothing.
 */
static void expected_row(struct balint_session *s)
{
    struct balint_round *r = &s->round;
    int left = 0, old[BALINT_SEATS], count = r->count;
    memcpy(old, r->row, sizeof old);
    memset(r->row, 0, sizeof r->row);
    for (int pass = 0; r->on && pass < 2; pass++)
        for (int i = 0; i < (pass == 0 ? count : BALINT_SEATS); i++) {
            int seat = pass == 0 ? old[i] : (s->leads + 1 + i) % BALINT_SEATS;
            const struct balint_seat *p = &s->seats[seat];
            bool there = false, can = is_in(s, seat) && p->role != BALINT_OBSERVER && !p->away &&
                                      !p->after_room && !p->sitting_out &&
                                      (p->connected || p->lost_us > 90 * SECOND);
            for (int k = 0; k < left; k++)
                there = there || r->row[k] == seat;
            if (can && !there && !(r->had & 1u << seat))
                r->row[left++] = seat;
        }
    r->count = left;
}

static void round_begins(struct balint_session *s)
{
    s->round = (struct balint_round){.on = true};
    expected_row(s);
}

static enum balint_result expected_turn(struct balint_session *s, int whose)
{
    for (int i = 0; i < s->round.count; i++)
        if (s->round.row[i] == whose) {
            s->round.had |= 1u << whose;
            expected_row(s);
            return BALINT_OK;
        }
    return BALINT_NO_ROUND;
}

static enum balint_result expected_round(struct balint_session *s, int value)
{
    if (value < 0 || value > 2)
        return BALINT_BAD_VALUE;
    if (value == BALINT_ROUND_NEXT)
        return s->round.count == 0 ? BALINT_NO_ROUND : expected_turn(s, s->round.row[0]);
    if (value == BALINT_ROUND_END)
        s->round = (struct balint_round){.on = false};
    else if (s->round.count == 0)
        round_begins(s);
    return BALINT_OK;
}

static enum balint_result expected_phase(struct balint_session *s, int to)
{
    if (to < 0 || to > 8)
        return BALINT_NO_SUCH_PHASE;
    if (to == s->phase)
        return BALINT_OK;
    if (to != s->phase + 1 && to != s->phase - 1 && to != 8) /* the evening can end at any moment */
        return BALINT_ILLEGAL_EDGE;
    struct balint_stay *over = &s->past[s->past_count++]; /* fewer than are remembered */
    over->phase = s->phase;
    over->presenter = s->presenter;
    over->since_us = s->phase_since_us;
    s->phase = to;
    s->phase_since_us = 100 * SECOND;
    if (to == 5 && s->presenter != BALINT_NOBODY) { /* the discussion: the chair goes out of the circle */
        if (!s->stepped_back)
            s->asked = false;
        s->stepped_back = true;
        s->invited = false;
        if (s->place != BALINT_LEADERS_ONLY) /* a leader's word, which goes on */
            s->place = BALINT_ASIDE;
    } else if (to != 5 && s->stepped_back) { /* any other: the presenter is invited back, nothing more */
        s->invited = true;
        s->asked = false;
    }
    for (int i = 0; to != 8 && i < BALINT_SEATS;
         i++) /* back: what was said there does not go on in the circle */
        if (s->seats[i].after_room) {
            s->seats[i].after_room = false;
            s->seats[i].muted = s->seats[i].muted || s->seats[i].role != BALINT_OBSERVER;
        }
    s->round = (struct balint_round){.on = false};
    if (to == 1) /* the check-in */
        round_begins(s);
    /* The corridor: the evening's work is over. "nothing, until the case ends": who is there may yet talk of
     * it, and a leader may go back into it. */
    if (to == 8) {
        s->proposed = BALINT_NOBODY;
        for (int i = 0; i < BALINT_SEATS; i++)
            s->seats[i].volunteers = false;
    }
    return BALINT_OK;
}

static enum balint_result expected_step_back(struct balint_session *s, int value)
{
    if (value < 0 || value > 2)
        return BALINT_BAD_VALUE;
    if (work_is_done(s))
        return BALINT_WORK_DONE;
    if (s->presenter == BALINT_NOBODY)
        return BALINT_NO_PRESENTER;
    s->asked = s->stepped_back && !s->invited && s->asked;
    if (value != 0 || !s->stepped_back) /* without a word: where the presenter is already */
        s->place = value == 2 ? BALINT_LEADERS_ONLY : BALINT_ASIDE;
    s->stepped_back = true;
    s->invited = false;
    return BALINT_OK;
}

static enum balint_result expected_return(struct balint_session *s, int value)
{
    bool led = false;
    if (value != 0 && value != 1)
        return BALINT_BAD_VALUE;
    if (!s->stepped_back)
        return BALINT_NO_STEP_BACK;
    if (s->presenter != ME)
        return BALINT_NOT_YOURS;
    for (int i = 0; i < BALINT_SEATS; i++)
        led = led || (is_in(s, i) && s->seats[i].connected && leads(s, i));
    if (value == 0 && !s->invited && led)
        return BALINT_HOLD_TO_RETURN;
    s->stepped_back = s->invited = s->asked = false;
    s->place = BALINT_IN_CIRCLE;
    return BALINT_OK;
}

static enum balint_result expected_hand(struct balint_session *s, int seat, int value)
{
    int whose = seat == BALINT_NOBODY ? ME : seat;
    if (value != 0 && value != 1)
        return BALINT_BAD_VALUE;
    if (s->seats[ME].role == BALINT_OBSERVER)
        return BALINT_NOT_YOURS;
    if (whose != ME && (!leads(s, ME) || value == 1))
        return BALINT_NOT_YOURS;
    if (!is_in(s, whose))
        return BALINT_NO_SUCH_SEAT;
    if (value == 0)
        s->seats[whose].hand_us = 0;
    else if (s->seats[whose].hand_us == 0)
        s->seats[whose].hand_us = 100 * SECOND;
    return BALINT_OK;
}

static enum balint_result expected_own(struct balint_session *s, enum balint_action action, int value)
{
    struct balint_seat *me = &s->seats[ME];
    if (value != 0 && value != 1)
        return BALINT_BAD_VALUE;
    switch (action) {
    case BALINT_MUTE:
        if (value == 0 && me->muted_for_cause)
            return BALINT_STILL_MUTED;
        me->muted = value;
        return BALINT_OK;
    case BALINT_SHARED:
        if (me->role == BALINT_OBSERVER) /* "never counted in the balance" */
            return BALINT_NOT_YOURS;
        me->shared = value;
        return BALINT_OK;
    case BALINT_AFTER_ROOM: /* "leaders, observers", in the corridor */
        if (me->role == BALINT_MEMBER)
            return BALINT_NOT_YOURS;
        if (value == 1 && s->phase != 8)
            return BALINT_NOT_YET;
        me->after_room = value;
        return BALINT_OK;
    case BALINT_AWAY:
        me->away = value;
        break;
    default:
        if (value == 1 && work_is_done(s))
            return BALINT_WORK_DONE;
        if (value == 1 && s->presenter == ME)
            return BALINT_NOT_YOURS;
        me->sitting_out = value;
    }
    if (value == 1) { /* who is not here neither tells this case nor is asked to: in both the same */
        me->volunteers = false;
        s->proposed = s->proposed == ME ? BALINT_NOBODY : s->proposed;
    }
    return BALINT_OK;
}

static enum balint_result expected(struct balint_session *s, const struct balint_request *r)
{
    bool leader = leads(s, ME);
    if (!s->seats[ME].admitted)
        return BALINT_NOT_ADMITTED;
    switch (r->action) {
    case BALINT_PRESENT:
        return leader ? expected_present(s, r->seat) : BALINT_NOT_YOURS;
    case BALINT_VOLUNTEER:
        return expected_volunteer(s, r->value);
    case BALINT_AGREE:
        return expected_agree(s, r->value);
    case BALINT_PHASE:
        return leader ? expected_phase(s, r->value) : BALINT_NOT_YOURS;
    case BALINT_FORMAT: /* five are shipped, and this group has none of its own */
        if (!leader)
            return BALINT_NOT_YOURS;
        if (r->value < 0 || r->value > 4)
            return BALINT_NO_SUCH_FORMAT;
        if (s->phase != 0)
            return BALINT_TOO_LATE;
        s->format = *balint_format_shipped(r->value);
        return BALINT_OK;
    case BALINT_STEP_BACK:
        return leader ? expected_step_back(s, r->value) : BALINT_NOT_YOURS;
    case BALINT_INVITE_BACK:
        if (!leader)
            return BALINT_NOT_YOURS;
        if (!s->stepped_back)
            return BALINT_NO_STEP_BACK;
        s->invited = true;
        s->asked = false;
        return BALINT_OK;
    case BALINT_RETURN:
        return expected_return(s, r->value);
    case BALINT_ASK_RETURN:
        if (r->value != 0 && r->value != 1)
            return BALINT_BAD_VALUE;
        if (!s->stepped_back)
            return BALINT_NO_STEP_BACK;
        if (s->presenter != ME)
            return BALINT_NOT_YOURS;
        s->asked = r->value == 1 && !s->invited;
        return BALINT_OK;
    case BALINT_HAND:
        return expected_hand(s, r->seat, r->value);
    case BALINT_MUTE_FOR_CAUSE:
        if (!leader)
            return BALINT_NOT_YOURS;
        if (r->value != 0 && r->value != 1)
            return BALINT_BAD_VALUE;
        if (!is_in(s, r->seat))
            return BALINT_NO_SUCH_SEAT;
        if (s->seats[r->seat].muted_for_cause && r->value == 0)
            s->seats[r->seat].muted = true;
        s->seats[r->seat].muted_for_cause = r->value;
        return BALINT_OK;
    case BALINT_TURN:
        return expected_turn(s, ME);
    case BALINT_END_AT:
        if (!leader)
            return BALINT_NOT_YOURS;
        if (r->value < 0)
            return BALINT_BAD_VALUE;
        s->ends_us = r->value == 0 ? 0 : (100 + 60 * r->value) * SECOND;
        return BALINT_OK;
    case BALINT_ROUND:
        return leader ? expected_round(s, r->value) : BALINT_NOT_YOURS;
    case BALINT_LEAD:
        if (!leader)
            return BALINT_NOT_YOURS;
        if (!is_in(s, r->seat) || !leads(s, r->seat) || !s->seats[r->seat].connected)
            return BALINT_NO_SUCH_SEAT;
        s->leads = r->seat;
        return BALINT_OK;
    default:
        return expected_own(s, r->action, r->value);
    }
}

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
