/* messages.c - the one table of the wire: every message, every field, every limit.
 *
 * A message is added here and nowhere else; decode.c, encode.c and describe.c are three readers of this
 * table. Constant data; any thread.
 */
#include "protocol/table.h"

/* ---- words */
static const char *place_word(int value)
{
    return balint_place_name((enum balint_place)value);
}

static const char *link_word(int value)
{
    static const char *const names[BALINT_LINK_EVENTS] = {"remake", "mismatch", "closed", "unsigned"};
    return value >= 0 && value < BALINT_LINK_EVENTS ? names[value] : "?";
}

static const char *round_word(int value)
{
    return balint_round_word((enum balint_round_word)value);
}

static const char *const offer_setup[] = {"actpass", NULL};
static const char *const answer_setup[] = {"active", "passive", NULL};
static const char *const protocols[] = {"udp", "tcp", NULL};
static const char *const kinds[] = {"host", "srflx", "prflx", "relay", NULL};

/* ---- every message */
const struct balint_field balint_head_fields[] = {
    FIELD("id", MAYBE, INT(MSG, id, 1, MAX_31), UP,
          .about = "chosen by the client; the answer carries it as `re`"),
    FIELD("re", MAYBE, INT(MSG, re, 1, MAX_31), DOWN, .about = "the `id` of the request this answers"),
    END,
};

/* ---- before a seat is taken */
static const struct balint_field knock_fields[] = {
    FIELD("group", NEEDED, NAME(MSG, knock.group), .about = "the group, from the link"),
    FIELD("token", NEEDED, BYTES(MSG, knock.token), .about = "TOKEN of the link"),
    END,
};
static const struct balint_field hello_fields[] = {
    FIELD("certificate", NEEDED, BYTES(MSG, hello.certificate),
          .about = "certificate record, as `door` gave it"),
    FIELD("device", NEEDED, BYTES(MSG, hello.device), .about = "device record"),
    FIELD("join", NEEDED, BYTES(MSG, hello.join), .about = "join record, over the door's nonce"),
    END,
};
static const struct balint_field resume_fields[] = {
    FIELD("group", NEEDED, NAME(MSG, resume.group), .about = "the group"),
    FIELD("secret", NEEDED, EXACT(MSG, resume.secret), .about = "secret of the last `welcome`"),
    END,
};
static const struct balint_field found_fields[] = {
    FIELD("group", NEEDED, NAME(MSG, found.group), .about = "the group"),
    FIELD("code", NEEDED, TEXT(MSG, found.code, 1, BALINT_CHARS_CODE),
          .about = "one-use code of `balint-server group add`"),
    FIELD("root", NEEDED, EXACT(MSG, found.root), .about = "public half of ROOT"),
    FIELD("signature", NEEDED, EXACT(MSG, found.signature), .about = "by ROOT, see Founder's requests"),
    END,
};
static const struct balint_field certificate_element[] = {
    FIELD("", NEEDED, .kind = BALINT_KIND_BYTES, .size = sizeof(struct balint_certificate_bytes), .min = 1,
          .max = BALINT_CERTIFICATE_SIZE),
};
static const struct balint_field mint_fields[] = {
    FIELD("group", NEEDED, NAME(MSG, mint.group), .about = "the group"),
    FIELD("certificates", NEEDED,
          LIST(MSG, mint.certificates, mint.certificate_count, 1, certificate_element),
          .about = "certificate records signed by ROOT"),
    FIELD("signature", NEEDED, EXACT(MSG, mint.signature), .about = "by ROOT, see Founder's requests"),
    END,
};
static const struct balint_field revoke_fields[] = {
    FIELD("group", NEEDED, NAME(MSG, revoke.group), .about = "the group"),
    FIELD("member", NEEDED, ID(MSG, revoke.member), .about = "whose invitations end"),
    FIELD("serial", NEEDED, INT(MSG, revoke.serial, 0, SAFE), .about = "certificates below this serial end"),
    FIELD("signature", NEEDED, EXACT(MSG, revoke.signature), .about = "by ROOT, see Founder's requests"),
    END,
};

/* ---- requests of a session */
static const struct balint_field no_fields[] = {END};
static const struct balint_field join_fields[] = {
    FIELD("join", NEEDED, BYTES(MSG, join.join), .about = "join record, naming the session"),
    END,
};
static const struct balint_field admit_fields[] = {
    FIELD("roster", NEEDED, BYTES(MSG, admit.roster), .about = "roster record: the successor of the newest"),
    END,
};
static const struct balint_field present_fields[] = {
    FIELD("seat", NEEDED, SEAT_OR_NONE(MSG, act.seat), .about = "who presents; -1: nobody"),
    END,
};
static const struct balint_field phase_fields[] = {
    FIELD("phase", NEEDED, INT(MSG, act.value, 0, BALINT_PHASES - 1), .about = "index of the phase to enter"),
    END,
};
static const struct balint_field choice_fields[] = {
    FIELD("format", NEEDED, ID(MSG, choice.format), .about = "id, one of the state's `formats`"),
    END,
};
static const struct balint_field step_back_fields[] = {
    FIELD("place", MAYBE, ENUM(MSG, act.value, BALINT_ASIDE, BALINT_LEADERS_ONLY, place_word),
          .about = "who sees the presenter meanwhile; absent: as it is, or as the format says"),
    END,
};
static const struct balint_field return_fields[] = {
    FIELD("held", NEEDED, FLAG(MSG, act.value), .about = "true: the key was held for two seconds"),
    END,
};
static const struct balint_field on_fields[] = {
    FIELD("on", NEEDED, FLAG(MSG, act.value), .about = "true: begin; false: end"),
    END,
};
static const struct balint_field hand_fields[] = {
    FIELD("on", NEEDED, FLAG(MSG, act.value), .about = "true: up; false: down"),
    FIELD("seat", MAYBE, SEAT(MSG, act.seat), .about = "leaders: whose hand to lower; absent: the own"),
    END,
};
static const struct balint_field cause_fields[] = {
    FIELD("seat", NEEDED, SEAT(MSG, act.seat), .about = "who is muted"),
    FIELD("on", NEEDED, FLAG(MSG, act.value), .about = "true: mute; false: lift, an own mute stays"),
    END,
};
static const struct balint_field round_fields[] = {
    FIELD("word", NEEDED, ENUM(MSG, act.value, 0, BALINT_ROUND_WORDS - 1, round_word),
          .about = "`begin`: in any phase; `next`: the turn moves on; `end`"),
    END,
};
static const struct balint_field end_at_fields[] = {
    FIELD("minutes", NEEDED, INT(MSG, act.value, 0, BALINT_END_MINUTES),
          .about = "from now until the evening ends; 0: nobody says"),
    END,
};
static const struct balint_field lead_fields[] = {
    FIELD("seat", NEEDED, SEAT(MSG, act.seat), .about = "the leader or co-leader who leads now"),
    END,
};
static const struct balint_field ping_fields[] = {
    FIELD("sent", NEEDED, INT(MSG, ping.sent, 0, SAFE), .about = "the client's own, comes back in `pong`"),
    END,
};

/* ---- links */
#define LINK_HEAD(member)                                                                                    \
    FIELD("to", NEEDED, SEAT(MSG, member.seat), UP, .about = "seat it is for"),                              \
        FIELD("from", NEEDED, SEAT(MSG, member.seat), DOWN, .about = "seat it comes from")
#define GENERATION(member)                                                                                   \
    FIELD("generation", NEEDED, INT(MSG, member.generation, 1, MAX_31),                                      \
          .about = "of the link; never used twice between two seats")

static const struct balint_field codec_fields[] = {
    FIELD("payload", NEEDED, INT(struct balint_codec, payload, 96, 127), .about = "RTP payload type"),
    FIELD("params", MAYBE, TEXT(struct balint_codec, params, 0, BALINT_CHARS_PARAMS),
          .about = "fmtp parameters, `k=v;k=v`"),
    END,
};
#define SDP_FIELDS(setups)                                                                                   \
    LINK_HEAD(sdp), GENERATION(sdp),                                                                         \
        FIELD("ufrag", NEEDED, TEXT(MSG, sdp.ufrag, 4, BALINT_CHARS_ICE), .about = "ICE user fragment"),     \
        FIELD("pwd", NEEDED, TEXT(MSG, sdp.pwd, 22, BALINT_CHARS_ICE), .about = "ICE password"),             \
        FIELD("fingerprint", NEEDED, TEXT(MSG, sdp.fingerprint, 95, BALINT_CHARS_FINGERPRINT),               \
              .about = "SHA-256 of the DTLS certificate"),                                                   \
        FIELD("setup", NEEDED, CHOICE(MSG, sdp.setup, setups), .about = "DTLS role"),                        \
        FIELD("opus", NEEDED, OBJECT(MSG, sdp.opus, codec_fields), .about = "the one audio codec"),          \
        FIELD("vp8", NEEDED, OBJECT(MSG, sdp.vp8, codec_fields), .about = "the one video codec"),            \
        FIELD("signature", NEEDED, EXACT(MSG, sdp.signature), .about = "by the sender's device, see Link"),  \
        END
static const struct balint_field offer_fields[] = {SDP_FIELDS(offer_setup)};
static const struct balint_field answer_fields[] = {SDP_FIELDS(answer_setup)};
static const struct balint_field candidate_fields[] = {
    LINK_HEAD(candidate),
    GENERATION(candidate),
    FIELD("mline", NEEDED, INT(MSG, candidate.mline, 0, 1), .about = "0 audio, 1 video"),
    FIELD("foundation", NEEDED, TEXT(MSG, candidate.foundation, 1, BALINT_CHARS_ICE), .about = "RFC 8839"),
    FIELD("component", NEEDED, INT(MSG, candidate.component, 1, 2), .about = "1 RTP, 2 RTCP"),
    FIELD("protocol", NEEDED, CHOICE(MSG, candidate.protocol, protocols), .about = "receivers ignore `tcp`"),
    FIELD("priority", NEEDED, INT(MSG, candidate.priority, 1, MAX_32), .about = "RFC 8445"),
    FIELD("address", NEEDED, TEXT(MSG, candidate.address, 1, BALINT_CHARS_ADDRESS),
          .about = "IPv4, IPv6, or a `.local` name, which receivers ignore"),
    FIELD("port", NEEDED, INT(MSG, candidate.port, 1, 65535), .about = "UDP port"),
    FIELD("kind", NEEDED, CHOICE(MSG, candidate.kind, kinds), .about = "`typ` of RFC 8839"),
    FIELD("related_address", MAYBE, TEXT(MSG, candidate.related_address, 0, BALINT_CHARS_ADDRESS),
          .about = "`raddr`"),
    FIELD("related_port", MAYBE, INT(MSG, candidate.related_port, 0, 65535), .about = "`rport`"),
    END,
};
static const struct balint_field link_fields[] = {
    LINK_HEAD(link),
    GENERATION(link),
    FIELD("event", NEEDED, ENUM(MSG, link.event, 0, BALINT_LINK_EVENTS - 1, link_word),
          .about = "what happened"),
    END,
};
static const struct balint_field pass_fields[] = {
    LINK_HEAD(pass),
    FIELD("pass", NEEDED, BYTES(MSG, pass.pass), .about = "pass record"),
    FIELD("grant", MAYBE, BYTES(MSG, pass.grant), .about = "a deputy's, as in the newest roster"),
    END,
};
static const struct balint_field report_fields[] = {
    LINK_HEAD(report),
    FIELD("envelope", NEEDED, EXACT(MSG, report.envelope), .about = "opaque to the server"),
    END,
};

/* ---- from the server */
static const struct balint_field door_fields[] = {
    FIELD("certificate", NEEDED, BYTES(MSG, door.certificate), .about = "the one the token was made for"),
    FIELD("session", MAYBE, EXACT(MSG, door.session),
          .about = "absent: the first leader's program chooses it"),
    FIELD("nonce", NEEDED, EXACT(MSG, door.nonce), .about = "goes into the join"),
    FIELD("root", NEEDED, EXACT(MSG, door.root),
          .about = "ROOT as the server knows it; the link's own counts"),
    END,
};
static const struct balint_field welcome_fields[] = {
    FIELD("boot", NEEDED, HEX(MSG, welcome.boot), .about = "the server process"),
    FIELD("seat", NEEDED, SEAT(MSG, welcome.seat), .about = "your seat"),
    FIELD("secret", NEEDED, EXACT(MSG, welcome.secret), .about = "for the next `resume`"),
    FIELD("epoch", NEEDED, INT(MSG, welcome.epoch, 1, MAX_32),
          .about = "your client process, counted from 1"),
    END,
};
static const struct balint_field person_fields[] = {
    FIELD("seat", NEEDED, SEAT(MSG, person.seat), .about = "whose"),
    FIELD("epoch", NEEDED, INT(MSG, person.epoch, 1, MAX_32), .about = "that person's client process"),
    FIELD("certificate", NEEDED, BYTES(MSG, person.certificate), .about = "certificate record"),
    FIELD("device", NEEDED, BYTES(MSG, person.device), .about = "device record"),
    FIELD("join", NEEDED, BYTES(MSG, person.join), .about = "join record"),
    END,
};
static const struct balint_field roster_fields[] = {
    FIELD("roster", NEEDED, BYTES(MSG, roster.roster), .about = "roster record, as its maker sent it"),
    END,
};
static const struct balint_field card_fields[] = {
    FIELD("text", NEEDED, NAME(struct balint_card, text), .about = "one question"),
    END,
};
static const struct balint_field card_element[] = {
    FIELD("", NEEDED, .kind = BALINT_KIND_OBJECT, .size = sizeof(struct balint_card), .sub = card_fields),
};
static const struct balint_field crib_fields[] = {
    FIELD("cards", NEEDED, LIST(MSG, crib.cards, crib.count, 0, card_element),
          .about = "questions a leader may ask aloud"),
    END,
};
static const struct balint_field challenge_fields[] = {
    FIELD("nonce", NEEDED, EXACT(MSG, challenge.nonce), .about = "to be signed over, once"),
    END,
};
static const struct balint_field token_element[] = {
    FIELD("", NEEDED, .kind = BALINT_KIND_BYTES, .size = sizeof(struct balint_token_bytes), .min = 1,
          .max = BALINT_TOKEN_SIZE),
};
static const struct balint_field tokens_fields[] = {
    FIELD("tokens", NEEDED, LIST(MSG, tokens.tokens, tokens.token_count, 1, token_element),
          .about = "in the order of the certificates"),
    END,
};
static const struct balint_field pong_fields[] = {
    FIELD("sent", NEEDED, INT(MSG, pong.sent, 0, SAFE), .about = "from the `ping`"),
    FIELD("clock_ms", NEEDED, INT(MSG, pong.clock_ms, 0, SAFE), .about = "session clock"),
    END,
};
static const struct balint_field error_fields[] = {
    FIELD("code", NEEDED, ID(MSG, error.code), .about = "stable, for programs; see Errors"),
    FIELD("field", MAYBE, TEXT(MSG, error.field, 0, BALINT_CHARS_TEXT),
          .about = "path of the field that was wrong"),
    FIELD("text", MAYBE, TEXT(MSG, error.text, 0, BALINT_CHARS_TEXT), .about = "a sentence for the person"),
    END,
};
static const struct balint_field bye_fields[] = {
    FIELD("code", NEEDED, ID(MSG, bye.code), .about = "stable, for programs; see Errors"),
    FIELD("text", MAYBE, TEXT(MSG, bye.text, 0, BALINT_CHARS_TEXT), .about = "a sentence for the person"),
    END,
};
static const struct balint_field displaced_fields[] = {
    FIELD("code", MAYBE, TEXT(MSG, bye.code, 0, BALINT_CHARS_ID), .about = "stable, for programs"),
    FIELD("text", MAYBE, TEXT(MSG, bye.text, 0, BALINT_CHARS_TEXT), .about = "a sentence for the person"),
    END,
};

/* Two codecs on one payload type cannot be told apart. */
static const char *sdp_check(const struct balint_message *message)
{
    return message->sdp.opus.payload == message->sdp.vp8.payload ? "vp8.payload" : NULL;
}

#define STRANGER BALINT_FROM_STRANGER
#define SEATED   BALINT_FROM_SEATED
#define ADMITTED BALINT_FROM_ADMITTED
#define LINKED   (ADMITTED | SERVER | BALINT_FROM_LOBBY)
#define SPEAKERS (BALINT_FROM_MEMBER | BALINT_FROM_LEADER)
#define LEADERS  BALINT_FROM_LEADER
#define SERVER   BALINT_FROM_SERVER

static const struct balint_row rows[BALINT_MSGS] = {
    [BALINT_MSG_KNOCK] = {"knock", STRANGER, false, knock_fields, NULL,
                          "Shows the token. Answer: `door`, or an error and the socket closes."},
    [BALINT_MSG_HELLO] = {"hello", STRANGER, false, hello_fields, NULL,
                          "Follows `door` on the same socket and takes a seat. Answer: `welcome`."},
    [BALINT_MSG_RESUME] = {"resume", STRANGER, false, resume_fields, NULL,
                           "First message of a socket that takes over a seat whose socket was lost. Answer: "
                           "`welcome`."},
    [BALINT_MSG_NONCE] = {"nonce", STRANGER, false, no_fields, NULL,
                          "A founder asks for a nonce to sign over. Answer: `challenge`."},
    [BALINT_MSG_FOUND] = {"found", STRANGER, false, found_fields, NULL,
                          "Registers the public half of ROOT for a group. Answer: `done`."},
    [BALINT_MSG_MINT] = {"mint", STRANGER, false, mint_fields, NULL,
                         "Asks for a token for each certificate. Answer: `tokens`."},
    [BALINT_MSG_REVOKE] = {"revoke", STRANGER, false, revoke_fields, NULL,
                           "Ends a member's invitations. Answer: `done`."},
    [BALINT_MSG_JOIN] = {"join", SEATED, false, join_fields, NULL,
                         "A new join, once a `state` names a session that the last join did not."},
    [BALINT_MSG_ADMIT] =
        {"admit", LEADERS | BALINT_FROM_LOBBY, false, admit_fields, NULL,
         "A roster made by a leader's program: who is in it is admitted, who is no longer in it "
         "is removed. From the lobby only by a leader, and only while no leader is connected."},
    [BALINT_MSG_PRESENT] =
        {"present", LEADERS, true, present_fields, NULL,
         "Names the presenter: at once who has volunteered, or the leader who asks; everybody else "
         "is asked first. Nobody: takes the question back, or else ends the case."},
    [BALINT_MSG_VOLUNTEER] =
        {"volunteer", SPEAKERS, true, on_fields, NULL,
         "Has a case for this group, or takes that back. Who is asked already agrees by it."},
    [BALINT_MSG_AGREE] = {"agree", SPEAKERS, true, on_fields, NULL,
                          "Who is asked to present agrees (true) or declines (false)."},
    [BALINT_MSG_PHASE] = {"phase", LEADERS, true, phase_fields, NULL, "Enters a phase, along a legal edge."},
    [BALINT_MSG_FORMAT] = {"format", LEADERS, false, choice_fields, NULL,
                           "Chooses the evening's format, in the first phase alone."},
    [BALINT_MSG_STEP_BACK] = {"step-back", LEADERS, true, step_back_fields, NULL,
                              "Steps the presenter back now."},
    [BALINT_MSG_INVITE_BACK] = {"invite-back", LEADERS, true, no_fields, NULL,
                                "Invites the presenter back. Opens no microphone."},
    [BALINT_MSG_RETURN] =
        {"return", SPEAKERS, true, return_fields, NULL,
         "The presenter returns: plainly when invited or when no leader is connected, by a key "
         "held for two seconds always."},
    [BALINT_MSG_ASK_RETURN] = {"ask-return", SPEAKERS, true, on_fields, NULL,
                               "The presenter asks the leaders to be invited back, or takes it back."},
    [BALINT_MSG_HAND] = {"hand", SPEAKERS, true, hand_fields, NULL, "Raises or lowers a hand."},
    [BALINT_MSG_MUTE] = {"mute", ADMITTED, true, on_fields, NULL,
                         "Own mute. The client acts at once and tells the server after."},
    [BALINT_MSG_MUTE_FOR_CAUSE] = {"mute-for-cause", LEADERS, true, cause_fields, NULL,
                                   "Mutes another person, or lifts it."},
    [BALINT_MSG_AWAY] = {"away", ADMITTED, true, on_fields, NULL, "On call: the chair is kept."},
    [BALINT_MSG_SIT_OUT] = {"sit-out", ADMITTED, true, on_fields, NULL,
                            "Hears and sees nothing until the case ends; members are shown *away*."},
    [BALINT_MSG_SHARED] = {"shared", SPEAKERS, true, on_fields, NULL,
                           "Several people sit at this microphone; the balance says so."},
    [BALINT_MSG_END_AT] = {"end-at", LEADERS, true, end_at_fields, NULL,
                           "When the evening ends: leaders alone are shown the minutes left."},
    [BALINT_MSG_AFTER_ROOM] =
        {"after-room", LEADERS | BALINT_FROM_OBSERVER, true, on_fields, NULL,
         "In the last phase: goes on about the leading, apart from the others; or comes back."},
    [BALINT_MSG_TURN] = {"turn", SPEAKERS, true, no_fields, NULL,
                         "The own turn of a round is over, or passed by; also before it came."},
    [BALINT_MSG_ROUND] = {"round", LEADERS, true, round_fields, NULL, "Begins, moves on or ends a round."},
    [BALINT_MSG_LEAD] = {"lead", LEADERS, true, lead_fields, NULL, "Passes the lead on."},
    [BALINT_MSG_LOCK] = {"lock", LEADERS, true, on_fields, NULL,
                         "Locks the door: nobody new comes into the lobby; who is in the roster comes back."},
    [BALINT_MSG_LEAVE] = {"leave", SEATED, true, no_fields, NULL,
                          "Goes home. Answer: `bye`. An admitted person keeps the seat and may come back."},
    [BALINT_MSG_PING] = {"ping", SEATED, false, ping_fields, NULL, "Every 3 s. Answer: `pong`."},
    [BALINT_MSG_OFFER] =
        {"offer", LINKED, false, offer_fields, sdp_check,
         "The fixed offerer's side of a link. From and to the lobby only under a pass; so the next three."},
    [BALINT_MSG_ANSWER] = {"answer", LINKED, false, answer_fields, sdp_check,
                           "The other side of the same generation."},
    [BALINT_MSG_CANDIDATE] = {"candidate", LINKED, false, candidate_fields, NULL,
                              "One ICE candidate of a link."},
    [BALINT_MSG_LINK] = {"link", LINKED, false, link_fields, NULL,
                         "What one end of a link has to tell the other."},
    [BALINT_MSG_PASS] = {"pass", LEADERS | SERVER, false, pass_fields, NULL,
                         "A leader looks at who is at the door: one link between the two for a minute. A "
                         "`person` for the leader comes before it."},
    [BALINT_MSG_REPORT] = {"report", ADMITTED | SERVER, false, report_fields, NULL,
                           "An envelope for a leader, one in each 2 s slot."},
    [BALINT_MSG_DOOR] = {"door", SERVER, false, door_fields, NULL,
                         "Answer to `knock`: whose token it is, and what to join."},
    [BALINT_MSG_WELCOME] = {"welcome", SERVER, false, welcome_fields, NULL,
                            "Answer to `hello` and `resume`: the seat is yours."},
    [BALINT_MSG_STATE] = {"state", SERVER, false, balint_state_fields, balint_state_check,
                          "All that this person may see of the session, whole."},
    [BALINT_MSG_PERSON] =
        {"person", SERVER, false, person_fields, NULL,
         "Who sits on a seat: before the first `state` that shows that epoch, and again after a `join`."},
    [BALINT_MSG_ROSTER] = {"roster", SERVER, false, roster_fields, NULL, "The newest roster."},
    [BALINT_MSG_CRIB] = {"crib", SERVER, false, crib_fields, NULL,
                         "The leaders' cards, to leaders alone, once they are in and whenever they change."},
    [BALINT_MSG_CHALLENGE] = {"challenge", SERVER, false, challenge_fields, NULL, "Answer to `nonce`."},
    [BALINT_MSG_TOKENS] = {"tokens", SERVER, false, tokens_fields, NULL, "Answer to `mint`."},
    [BALINT_MSG_DONE] =
        {"done", SERVER, false, no_fields, NULL,
         "Answer to a request that has no other: to `found` and `revoke`, and to what changed nothing "
         "that its sender can see."},
    [BALINT_MSG_PONG] = {"pong", SERVER, false, pong_fields, NULL, "Answer to `ping`."},
    [BALINT_MSG_ERROR] = {"error", SERVER, false, error_fields, NULL,
                          "A message was refused; nothing of it was done."},
    [BALINT_MSG_DISPLACED] = {"displaced", SERVER, false, displaced_fields, NULL,
                              "The same person came in with a newer connection; this socket closes."},
    [BALINT_MSG_BYE] = {"bye", SERVER, false, bye_fields, NULL, "The server closes this socket, and why."},
};

const struct balint_row *balint_row_of(enum balint_type type)
{
    return (int)type >= 0 && type < BALINT_MSGS ? &rows[type] : NULL;
}

const char *balint_message_name(enum balint_type type)
{
    const struct balint_row *row = balint_row_of(type);
    return row ? row->name : "?";
}

unsigned balint_message_from(enum balint_type type)
{
    const struct balint_row *row = balint_row_of(type);
    return row ? row->from : 0;
}
