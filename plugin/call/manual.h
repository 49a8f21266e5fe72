/* manual.h - what gst-inspect-1.0 balintcall shows as its description.
 *
 * Of signals and actions it shows no more than their types, so what they mean stands here, in the words of
 * PROTOCOL.md. The example comes last, to be copied. Included by element.c alone.
 */
#ifndef BALINT_CALL_MANUAL_H
#define BALINT_CALL_MANUAL_H

static const char balint_call_manual[] =
    "Joins an online Balint group: own sound and picture in, everybody else's out, one pad a seat, as the "
    "floor allows."
    "\n\nActions return TRUE when it was asked; a new state, or refused, is the answer."
    "\n  act(NAME, SEAT, VALUE), SEAT -1 and VALUE 0 where none is named:"
    "\n    mute, away, sit-out, ask-return, volunteer (you have a case): VALUE 1 begins, 0 ends; hand: "
    "likewise (leaders: SEAT's, to "
    "lower)"
    "\n    agree: VALUE 1 agrees to present, which the state's proposed asks for, 0 declines"
    "\n    turn: your turn in a round is over, or you pass"
    "\n    return: VALUE 1 when the key was held for two seconds, which needs no invitation; leave"
    "\n    leaders: present SEAT, at once who has volunteered, else asks (-1: takes that back, or ends the "
    "case); phase VALUE, its index in the format; lead "
    "SEAT;"
    "\n    step-back VALUE (1 aside, 2 seen by leaders alone, 0 as the format says); invite-back; round "
    "VALUE (1 begins, 2 next, 0 ends);"
    "\n    mute-for-cause SEAT, VALUE 1 or 0; lock VALUE 1 (nobody new comes into the lobby) or 0"
    "\n    leaders by invitation: deputy SEAT, VALUE 1 (that member leads with you for the evening) or 0"
    "\n  return(HELD): as act return; next-phase(), previous-phase(), step-back(), invite-back(): as act"
    "\n  admit(SEAT): lets in who waits at that seat of the state's lobby; look(SEAT): sound and pictures of "
    "who "
    "waits there for a minute, nothing back; admit-all(): those there whose "
    "device is in known-devices"
    "\n\nSignals, emitted on a thread of the element's own; CODE is for programs, TEXT a sentence for the "
    "person:"
    "\n  refused(CODE, TEXT): nothing came of a request, the call goes on. CODE as in PROTOCOL.md, Errors; "
    "line-down: asked in an outage, ask again; roster-refused: nobody could be admitted; no-deputy: that "
    "person cannot be deputy; unproven: nothing "
    "says that who waits there is that person; roster-alarm: the "
    "server shows different lists of who is here"
    "\n  closed(CODE, TEXT): over for good. ended, left; displaced: another device took over; removed, "
    "revoked; of the link: wrong-link, expired-link, revoked-link and the others of PROTOCOL.md, Errors, "
    "wrong: "
    "link and certificate do not fit; of the line: unreachable, certificate, address, not-a-server. When "
    "nobody handles closed, the bus is told: an error, or for ended and left an info and the end of the "
    "stream"
    "\n  ready(SEAT): admitted, once; displaced(): before closed; invited-back(): opens no microphone; "
    "link-changed(SEAT, STATE): STATE as in link-report; door-changed(JSON): the property door; "
    "devices-met(LINES): add them to known-devices the next time; "
    "looked-at(NAME): in the lobby, that leader sees and hears you, \"\": no more"
    "\n\nExample, with your own link: gst-launch-1.0 balintcall name=c invitation=\"$LINK\" "
    "audiotestsrc is-live=true ! audioconvert ! audioresample ! c.audio "
    "videotestsrc is-live=true ! video/x-raw,width=320,height=180,framerate=15/1 ! videoconvert ! "
    "c.video";

#endif
