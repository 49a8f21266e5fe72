/* phase.c - how a session moves: phases, and the presenter's stepping back and returning.
 *
 * A step-back is a state of the session, not a set of three clicks: it begins by entering a phase whose
 * format says so or by a leader's word, survives any outage, and ends only by the presenter's own key or with
 * the case. Nothing here opens a microphone that its owner did not open: an invitation is shown, and where a
 * step-back ends without its owner's key an own mute stays behind.
 *
 * Pure; the session's one owner.
 */
#include "session/phase.h"

#include <string.h>

void balint_step_back_clear(struct balint_session *session)
{
    session->stepped_back = false;
    session->invited = false;
    session->asked = false;
    session->place = BALINT_IN_CIRCLE;
}

static void begin_step_back(struct balint_session *session, enum balint_place place)
{
    if (!session->stepped_back || session->invited)
        session->asked = false;
    session->stepped_back = true;
    session->invited = false;
    session->place = place;
}

/* Where a phase puts the presenter. "Leaders only" by a leader's word, stricter than the phase that ends
 * says, is kept while the step-back goes on: the next phase of a format does not show somebody whom a leader
 * hid. */
static enum balint_place place_kept(const struct balint_session *session, enum balint_place says)
{
    bool stricter = session->stepped_back && session->place == BALINT_LEADERS_ONLY &&
                    session->format.phases[session->phase].presenter != BALINT_LEADERS_ONLY;
    return stricter ? BALINT_LEADERS_ONLY : says;
}

/* Does another case begin by going there? Not by going back to the beginning of the same one, and not while
 * there was none yet: who was named before it presents it. */
static bool begins_another(const struct balint_format *format, int from, int to)
{
    if (format->phases[to].part != BALINT_PART_CASE || to == from - 1)
        return false;
    while (from >= 0 && format->phases[from].part != BALINT_PART_CASE)
        from--;
    return from >= 0;
}

/* The present stay is over. */
static void remember_stay(struct balint_session *session)
{
    if (session->past_count == BALINT_STAYS)
        memmove(session->past, session->past + 1, (BALINT_STAYS - 1) * sizeof *session->past);
    else
        session->past_count++;
    struct balint_stay *stay = &session->past[session->past_count - 1];
    stay->phase = session->phase;
    stay->presenter = session->presenter;
    stay->since_us = session->phase_since_us;
}

void balint_stays_forget(struct balint_session *session)
{
    session->past_count = 0;
    memset(session->past, 0, sizeof session->past);
}

bool balint_after_room_open(const struct balint_session *session)
{
    return session->phase == session->format.count - 1;
}

void balint_after_room_end(struct balint_seat *person)
{
    if (!person->after_room)
        return;
    person->after_room = false;
    if (person->role != BALINT_OBSERVER) /* nobody hears an observer in the circle */
        person->muted = true;
}

enum balint_result balint_phase_enter(struct balint_session *session, int to, int64_t now_us)
{
    if (to < 0 || to >= session->format.count)
        return BALINT_NO_SUCH_PHASE;
    /* Two leaders who press the same key at the same time both get what they asked for. */
    if (to == session->phase)
        return BALINT_OK;
    if (!balint_format_edge(&session->format, session->phase, to))
        return BALINT_ILLEGAL_EDGE;

    const struct balint_phase *phase = &session->format.phases[to];
    remember_stay(session);
    if (begins_another(&session->format, session->phase, to))
        balint_case_end(session);
    enum balint_place place = place_kept(session, phase->presenter);
    session->phase = to;
    session->phase_since_us = now_us;
    if (phase->presenter != BALINT_IN_CIRCLE && session->presenter != BALINT_NOBODY)
        begin_step_back(session, place);
    else if (phase->presenter == BALINT_IN_CIRCLE && session->stepped_back)
        balint_invite_back(session);
    for (int seat = 0; seat < BALINT_SEATS && !balint_after_room_open(session); seat++)
        balint_after_room_end(&session->seats[seat]);
    balint_round_end(session);
    if (phase->turn == BALINT_TURN_ONE_BY_ONE)
        balint_round_begin(session, now_us);
    if (phase->part == BALINT_PART_CORRIDOR)
        balint_case_close(session);
    return BALINT_OK;
}

/* Where this group's presenters go: where they are, while one is stepped back; else as this phase says, else
 * as the format's first phase that says so. */
static enum balint_place agreed_place(const struct balint_session *session)
{
    if (session->stepped_back)
        return session->place;
    enum balint_place place = session->format.phases[session->phase].presenter;
    for (int i = 0; place == BALINT_IN_CIRCLE && i < session->format.count; i++)
        place = session->format.phases[i].presenter;
    return place == BALINT_IN_CIRCLE ? BALINT_ASIDE : place;
}

enum balint_result balint_step_back(struct balint_session *session, enum balint_place place)
{
    if (session->presenter == BALINT_NOBODY)
        return BALINT_NO_PRESENTER;
    begin_step_back(session, place == BALINT_IN_CIRCLE ? agreed_place(session) : place);
    return BALINT_OK;
}

enum balint_result balint_invite_back(struct balint_session *session)
{
    if (!session->stepped_back)
        return BALINT_NO_STEP_BACK;
    session->invited = true;
    session->asked = false;
    return BALINT_OK;
}

/* Is there a step-back, and is it this person's own? */
static enum balint_result own_step_back(const struct balint_session *session, int by)
{
    if (!session->stepped_back)
        return BALINT_NO_STEP_BACK;
    return by == session->presenter ? BALINT_OK : BALINT_NOT_YOURS;
}

enum balint_result balint_return(struct balint_session *session, int by, bool held)
{
    enum balint_result result = own_step_back(session, by);
    if (result != BALINT_OK)
        return result;
    if (!held && !session->invited && balint_session_led(session))
        return BALINT_HOLD_TO_RETURN;
    balint_step_back_clear(session);
    return BALINT_OK;
}

enum balint_result balint_ask_return(struct balint_session *session, int by, bool asks)
{
    enum balint_result result = own_step_back(session, by);
    if (result != BALINT_OK)
        return result;
    /* Who is invited has the answer already. */
    session->asked = asks && !session->invited;
    return BALINT_OK;
}
