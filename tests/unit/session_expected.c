/* session_expected.c - see session_expected.h. */
#include "session_expected.h"
#include "session_support.h"

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
void expected_row(struct balint_session *s)
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

enum balint_result expected(struct balint_session *s, const struct balint_request *r)
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
