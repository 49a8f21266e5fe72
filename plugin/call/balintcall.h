/* balintcall.h - the element `balintcall`: a bin that joins a Balint group. `gst-inspect-1.0 balintcall`
 * lists its properties with what they mean.
 *
 * Pads: `audio` and `video` take this person's sound and pictures; `audio_SEAT` and `video_SEAT` give
 * everybody else's, decoded and behind the receive gate: silence while somebody may not be heard, no picture
 * while somebody may not be seen. A pad comes with the first media of a link and goes with the link; the next
 * generation adds it anew. A pad that nobody linked yet swallows what comes.
 *
 * Signals, emitted on the call's own thread; handlers post, and may link pads:
 *   state-changed(string json)            every `state`, and what is new of it besides: the property `state`
 *   ready(int seat)                       admitted, once
 *   phase-changed(string id), stepped-back(boolean), invited-back()
 *   link-changed(int seat, string state)  none, offering, opening, open, lost, fingerprint-mismatch,
 *                                         not-proven
 *   refused(string code, string text)     a request was refused; the call goes on
 *   displaced()                           the same link was opened on another device; `closed` follows
 *   closed(string code, string text)      the call is over: the door's refusal, removed, ended, unreachable…
 *   talk(string member, uint epoch, GBytes body)  leaders: somebody's talk record
 *   ledger(GBytes piece)                  leaders: a piece of another leader's ledger
 *   door-changed(string json)             leaders: the property `door`; before the state it belongs to
 *   devices-met(string lines)             leaders: devices let in now for the first time; keep them, and give
 *                                         all of them as `known-devices` the next time
 *   looked-at(string name)                in the lobby: this leader sees and hears you for a minute; "": over
 *   line-changed(boolean up)              the property `line-up`; what people hear and see goes on without it
 *   kept(string what)                     away, sit-out: the server says it is over, which the own key alone
 *                                         ends; after-room: ended by the server, the microphone is closed
 * Action signals, from any thread: act(string name, int seat, int value) with the wire's names (present,
 * phase, step-back, invite-back, return, ask-return, hand, mute, mute-for-cause, away, sit-out, lead, leave),
 * and deputy (seat, 1 or 0: a roster is made);
 * step-back(), invite-back(), return(boolean held), next-phase(), previous-phase(), admit(int seat), look(int
 * seat), admit-all() (those whose device is known): each returns whether it was asked at all, the answer is a
 * state or `refused`. send-talk(GBytes body): to every leader here, sealed; once in each slot of two seconds.
 * send-ledger(GBytes piece): to the other leaders instead, in the next slot.
 */
#ifndef BALINT_CALL_H
#define BALINT_CALL_H

#include <gst/gst.h>

G_BEGIN_DECLS

#define BALINT_TYPE_CALL (balint_call_get_type())
G_DECLARE_FINAL_TYPE(BalintCall, balint_call, BALINT, CALL, GstBin)

G_END_DECLS

#endif
