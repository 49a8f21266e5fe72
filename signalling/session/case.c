/* case.c - whose case it is: who has one, who is asked, who agrees, and what ends with it.
 *
 * Nobody is made a presenter: telling a case is a person's own decision, so every way to it passes that
 * person's own key. A leader's word makes a presenter at once only of somebody who has volunteered, or of
 * that leader; everybody else is asked first, one at a time, and may decline. That somebody is asked is told
 * to that person and the leaders alone, so that who declines does it without an audience.
 *
 * Who sits out hears nothing of the case until it ends, and a case ends only by another or by nobody being
 * named: a leader who ends the evening by mistake and goes back must not put somebody into a case who may
 * know the patient. To the others who sits out is away, and everything that they are told has to be so.
 *
 * Pure; the session's one owner.
 */
#include "session/phase.h"

/* Hears again, and stays away until the own key, as who is away does: what changed by itself would tell the
 * others which of the two it was. */
static void all_hear_again(struct balint_session *session)
{
    for (int seat = 0; seat < BALINT_SEATS; seat++) {
        struct balint_seat *person = &session->seats[seat];
        person->away = person->away || person->sitting_out;
        person->sitting_out = false;
    }
}

static void forget_all(struct balint_session *session)
{
    session->proposed = BALINT_NOBODY;
    for (int seat = 0; seat < BALINT_SEATS; seat++)
        session->seats[seat].volunteers = false;
}

void balint_case_forget(struct balint_session *session, int seat)
{
    session->seats[seat].volunteers = false;
    if (session->proposed == seat)
        session->proposed = BALINT_NOBODY;
}

void balint_case_present(struct balint_session *session, int seat)
{
    if (seat == session->presenter)
        return;
    if (seat != BALINT_NOBODY)
        forget_all(session);
    if (session->presenter != BALINT_NOBODY) {
        if (session->stepped_back)
            session->seats[session->presenter].muted = true;
        all_hear_again(session);
    }
    balint_step_back_clear(session);
    session->presenter = seat;
}

void balint_case_end(struct balint_session *session)
{
    balint_case_present(session, BALINT_NOBODY);
    all_hear_again(session); /* also where nobody had been named yet */
}

void balint_case_close(struct balint_session *session)
{
    forget_all(session);
}

void balint_case_name(struct balint_session *session, int by, int seat)
{
    bool asked = session->proposed != BALINT_NOBODY;
    session->proposed = BALINT_NOBODY;
    if (seat == BALINT_NOBODY) {
        if (!asked)
            balint_case_present(session, BALINT_NOBODY);
    } else if (seat == by || session->seats[seat].volunteers) {
        balint_case_present(session, seat);
    } else if (seat != session->presenter) {
        session->proposed = seat;
    }
}

enum balint_result balint_case_volunteer(struct balint_session *session, int by, bool on)
{
    struct balint_seat *person = &session->seats[by];
    if (person->role == BALINT_OBSERVER)
        return BALINT_NOT_YOURS;
    if (on && (person->away || person->sitting_out))
        return BALINT_COME_BACK;
    if (on && session->proposed == by)
        balint_case_present(session, by);
    else
        person->volunteers = on && session->presenter != by;
    return BALINT_OK;
}

enum balint_result balint_case_agree(struct balint_session *session, int by, bool on)
{
    /* Also a leader who takes the question back at the same moment leads here. */
    if (session->proposed != by || !session->seats[by].connected)
        return BALINT_NOT_ASKED;
    session->proposed = BALINT_NOBODY;
    if (on)
        balint_case_present(session, by);
    return BALINT_OK;
}
