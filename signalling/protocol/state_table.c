/* state_table.c - the part of the table that describes `state`: format, phases, seats, lobby.
 *
 * Apart from messages.c only because it is long. Flags that are down and times that are not running are left
 * out on the wire: a state goes to everybody on every change, thin lines included. Constant data; any thread.
 */
#include "protocol/table.h"

#define STATE  struct balint_state
#define PERSON struct balint_state_seat
#define PHASE  struct balint_phase

static const char *role_word(int value)
{
    return balint_role_name((enum balint_role)value);
}

static const char *place_word(int value)
{
    return balint_place_name((enum balint_place)value);
}

static const char *turn_word(int value)
{
    return balint_turn_name((enum balint_turn)value);
}

static const char *part_word(int value)
{
    return balint_part_name((enum balint_phase_part)value);
}

static const char *seen_word(int value)
{
    static const char *const names[BALINT_SEENS] = {"nobody", "leaders", "all"};
    return value >= 0 && value < BALINT_SEENS ? names[value] : "?";
}

static const struct balint_field phase_fields[] = {
    FIELD("id", NEEDED, ID(PHASE, id), .about = "unique within the format"),
    FIELD("title", NEEDED, NAME(PHASE, title), .about = "shown"),
    FIELD("guidance", MAYBE, TEXT(PHASE, guidance, 0, BALINT_CHARS_TEXT), .about = "one line, shown"),
    FIELD("minutes", MAYBE, INT(PHASE, minutes, 0, BALINT_MINUTES_MAX), .about = "soft length, 0: none"),
    FIELD("turn", MAYBE, ENUM(PHASE, turn, 0, BALINT_TURNS - 1, turn_word),
          .about = "guidance, never enforced"),
    FIELD("presenter", MAYBE, ENUM(PHASE, presenter, 0, BALINT_PLACES - 1, place_word),
          .about = "where the presenter is; all but `circle` steps back on entry"),
    FIELD("part", MAYBE, ENUM(PHASE, part, 0, BALINT_PARTS - 1, part_word),
          .about =
              "`case`: a case begins, and ends the one before; `discussion`; `corridor`: no case is told"),
    FIELD("loops", MAYBE, .kind = BALINT_KIND_BITS, AT(PHASE, loops), .max = BALINT_PHASES - 1,
          .about = "phases that may follow besides the next and the previous"),
    END,
};
static const struct balint_field phase_element[] = {
    FIELD("", NEEDED, .kind = BALINT_KIND_OBJECT, .size = sizeof(PHASE), .sub = phase_fields),
};
const struct balint_field balint_format_fields[] = {
    FIELD("id", NEEDED, ID(struct balint_format, id), .about = "\"classic\""),
    FIELD("title", NEEDED, NAME(struct balint_format, title), .about = "shown"),
    FIELD("phases", NEEDED, LIST(struct balint_format, phases, count, 1, phase_element),
          .about = "in their order; a phase's index is its place here"),
    END,
};
#define CHOICE_OF struct balint_state_choice
static const struct balint_field choice_fields[] = {
    FIELD("id", NEEDED, ID(CHOICE_OF, id), .about = "for `format`"),
    FIELD("title", NEEDED, NAME(CHOICE_OF, title), .about = "shown"),
    END,
};
static const struct balint_field choice_element[] = {
    FIELD("", NEEDED, .kind = BALINT_KIND_OBJECT, .size = sizeof(CHOICE_OF), .sub = choice_fields),
};
static const struct balint_field seat_fields[] = {
    FIELD("seat", NEEDED, SEAT(PERSON, seat), .about = "rising within its list, and in one of the two alone"),
    FIELD("member", NEEDED, ID(PERSON, member), .about = "the same person on any device"),
    FIELD("name", NEEDED, NAME(PERSON, name), .about = "shown"),
    FIELD("role", NEEDED, ENUM(PERSON, role, 0, BALINT_ROLES - 1, role_word),
          .about = "for show; the roster is what counts"),
    FIELD("connected", NEEDED, FLAG(PERSON, connected), .about = "a socket of this person is open"),
    FIELD("epoch", NEEDED, INT(PERSON, epoch, 0, MAX_32),
          .about = "client process; a new one means new links"),
    FIELD("muted", MAYBE, FLAG(PERSON, muted), .about = "own mute"),
    FIELD("muted_for_cause", MAYBE, FLAG(PERSON, muted_for_cause), .about = "by a leader"),
    FIELD("away", MAYBE, FLAG(PERSON, away),
          .about = "on call; to others than leaders and that person also when sitting out"),
    FIELD("sitting_out", MAYBE, FLAG(PERSON, sitting_out), .about = "told to leaders and that person alone"),
    FIELD("after_room", MAYBE, FLAG(PERSON, after_room), .about = "is in the after-room"),
    FIELD("heard", NEEDED, FLAG(PERSON, heard),
          .about =
              "the floor: by everybody who hears and is on the recipient's side of the after-room's door"),
    FIELD("seen", NEEDED, ENUM(PERSON, seen, 0, BALINT_SEENS - 1, seen_word), .about = "the floor: by whom"),
    FIELD("dimmed", MAYBE, FLAG(PERSON, dimmed), .about = "members see this picture dimmed"),
    FIELD("shared", MAYBE, FLAG(PERSON, shared), .about = "several people at this microphone"),
    FIELD("volunteers", MAYBE, FLAG(PERSON, volunteers), .about = "has a case for this group"),
    FIELD("turn", MAYBE, INT(PERSON, turn, 0, BALINT_SEATS),
          .about = "place in the round: 1: it is this person's turn; 0: does not wait"),
    FIELD("had_turn", MAYBE, FLAG(PERSON, had_turn), .about = "in this round, or passed it by"),
    FIELD("hand_ms", MAYBE, INT(PERSON, hand_ms, 0, SAFE), .about = "since when the hand is up, 0: down"),
    FIELD("lost_ms", MAYBE, INT(PERSON, lost_ms, 0, SAFE), .about = "since when not connected, 0: connected"),
    END,
};
static const struct balint_field seat_element[] = {
    FIELD("", NEEDED, .kind = BALINT_KIND_OBJECT, .size = sizeof(PERSON), .sub = seat_fields),
};

#define STAY struct balint_state_stay
static const struct balint_field stay_fields[] = {
    FIELD("phase", NEEDED, INT(STAY, phase, 0, BALINT_PHASES - 1), .about = "index into `format.phases`"),
    FIELD("since_ms", NEEDED, INT(STAY, since_ms, 0, SAFE), .about = "when it was entered; none falls"),
    FIELD("presenter", MAYBE, SEAT(STAY, presenter), .about = "who presented when it ended"),
    END,
};
static const struct balint_field stay_element[] = {
    FIELD("", NEEDED, .kind = BALINT_KIND_OBJECT, .size = sizeof(STAY), .sub = stay_fields),
};
#define FOLLOW_UP struct balint_follow_up
static const struct balint_field follow_up_fields[] = {
    FIELD("name", NEEDED, NAME(FOLLOW_UP, name), .about = "whose case; shown"),
    FIELD("due", NEEDED, ID(FOLLOW_UP, due), .about = "the day on which it falls due, \"2026-12-03\""),
    END,
};
static const struct balint_field follow_up_element[] = {
    FIELD("", NEEDED, .kind = BALINT_KIND_OBJECT, .size = sizeof(FOLLOW_UP), .sub = follow_up_fields),
};

const struct balint_field balint_state_fields[] = {
    FIELD("boot", NEEDED, HEX(MSG, state.boot), .about = "the server process"),
    FIELD("number", NEEDED, INT(MSG, state.number, 0, MAX_32),
          .about = "rises by one per state to this recipient"),
    FIELD("clock_ms", NEEDED, INT(MSG, state.clock_ms, 0, SAFE), .about = "session clock when it was made"),
    FIELD("session", NEEDED, HEX(MSG, state.session),
          .about = "session id, zeros until the first leader came"),
    FIELD("group", NEEDED, NAME(MSG, state.group), .about = "the group"),
    FIELD("help", MAYBE, TEXT(MSG, state.help, 0, BALINT_CHARS_TEXT),
          .about = "who helps when the call fails, a telephone number; told in the lobby too"),
    FIELD("you", NEEDED, SEAT(MSG, state.you), .about = "your seat"),
    FIELD("admitted", NEEDED, FLAG(MSG, state.admitted), .about = "false: in the lobby"),
    FIELD("led", NEEDED, FLAG(MSG, state.led), .about = "a leader is admitted and connected"),
    FIELD("hears", NEEDED, FLAG(MSG, state.hears), .about = "false: sitting out, or in the lobby"),
    FIELD("roster", NEEDED, INT(MSG, state.roster, 0, MAX_32),
          .about = "epoch of the newest roster, 0: none, or not told"),
    FIELD("format", MAYBE, OBJECT(MSG, state.format, balint_format_fields), .about = "absent in the lobby"),
    FIELD("formats", MAYBE, LIST(MSG, state.choices, state.choice_count, 0, choice_element),
          .about = "what may be chosen: leaders alone, in the first phase"),
    FIELD("phase", NEEDED, INT(MSG, state.phase, 0, BALINT_PHASES - 1),
          .about = "index into `format.phases`"),
    FIELD("phase_since_ms", NEEDED, INT(MSG, state.phase_since_ms, 0, SAFE), .about = "when it was entered"),
    FIELD("past", MAYBE, LIST(MSG, state.past, state.past_count, 0, stay_element),
          .about = "the phases before, oldest first, and none twice running: leaders alone"),
    FIELD("leads", NEEDED, SEAT_OR_NONE(MSG, state.leads), .about = "seat that leads now, -1: none"),
    FIELD("presenter", NEEDED, SEAT_OR_NONE(MSG, state.presenter), .about = "seat, -1: none"),
    FIELD("proposed", MAYBE, SEAT(MSG, state.proposed),
          .about = "who is asked to present: leaders and that person alone"),
    FIELD("stepped_back", MAYBE, FLAG(MSG, state.stepped_back), .about = "the presenter has stepped back"),
    FIELD("invited", MAYBE, FLAG(MSG, state.invited), .about = "and is invited back"),
    FIELD("asked", MAYBE, FLAG(MSG, state.asked), .about = "and asks to return: leaders and presenter alone"),
    FIELD("place", MAYBE, ENUM(MSG, state.place, 0, BALINT_PLACES - 1, place_word),
          .about = "where the presenter is while stepped back"),
    FIELD("round", MAYBE, FLAG(MSG, state.round), .about = "one after the other: see `turn` of the seats"),
    FIELD("seats", NEEDED, LIST(MSG, state.seats, state.seat_count, 0, seat_element),
          .about = "who is admitted"),
    FIELD("ends_ms", MAYBE, INT(MSG, state.ends_ms, 0, SAFE),
          .about = "when the evening ends, 0: nobody said; leaders alone"),
    FIELD("locked", MAYBE, FLAG(MSG, state.locked),
          .about = "nobody new comes into the lobby: leaders alone"),
    FIELD("unsaved", MAYBE, FLAG(MSG, state.unsaved),
          .about = "the server cannot write its records: leaders alone"),
    FIELD("follow_ups", MAYBE, LIST(MSG, state.follow_ups, state.follow_up_count, 0, follow_up_element),
          .about = "cases to be looked at again: leaders alone, in a phase of part `case`"),
    FIELD("lobby", MAYBE, LIST(MSG, state.lobby, state.lobby_count, 0, seat_element),
          .about = "who is at the door: leaders alone"),
    END,
};

/* Adds the seats of a list to `taken`; false when they do not rise, or sit in the other list too. */
static bool seats_fit(const struct balint_state_seat *seats, int count, unsigned *taken)
{
    for (int i = 0; i < count; i++) {
        if ((i && seats[i].seat <= seats[i - 1].seat) || *taken & 1u << seats[i].seat) {
            return false;
        }
        *taken |= 1u << seats[i].seat;
    }
    return true;
}

/* Times rise up to when the present phase was entered. */
static bool past_fits(const STATE *state, int phases)
{
    for (int i = 0; i < state->past_count; i++) {
        int64_t next_ms = i + 1 < state->past_count ? state->past[i + 1].since_ms : state->phase_since_ms;
        bool there = state->past[i].phase < phases || (phases == 0 && state->past[i].phase == 0);
        if (!there || state->past[i].since_ms > next_ms)
            return false;
    }
    return true;
}

/* A client indexes the format by phase and the seats by number: both have to lead somewhere. */
const char *balint_state_check(const struct balint_message *message)
{
    const STATE *state = &message->state;
    const struct balint_format *format = &state->format;
    int count = format->id[0] ? format->count : 0; /* without an id it is not there */
    unsigned taken = 0;
    if (state->phase >= count && !(count == 0 && state->phase == 0)) {
        return "phase";
    }
    for (int i = 0; i < count; i++) {
        if (format->phases[i].loops >> count) {
            return "format.phases";
        }
    }
    if (!past_fits(state, count)) {
        return "past";
    }
    if (!seats_fit(state->seats, state->seat_count, &taken)) {
        return "seats";
    }
    return seats_fit(state->lobby, state->lobby_count, &taken) ? NULL : "lobby";
}
