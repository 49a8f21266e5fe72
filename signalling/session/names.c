/* names.c - the words of a session: as the wire, the logs and the snapshot write them.
 *
 * One table an enum, so that a value and its word cannot drift apart. Pure; any thread.
 */
#include "session/session.h"

static const char *const roles[BALINT_ROLES] = {
    [BALINT_LEADER] = "leader",
    [BALINT_CO_LEADER] = "co-leader",
    [BALINT_MEMBER] = "member",
    [BALINT_OBSERVER] = "observer",
};

static const char *const places[BALINT_PLACES] = {
    [BALINT_IN_CIRCLE] = "circle",
    [BALINT_ASIDE] = "aside",
    [BALINT_LEADERS_ONLY] = "leaders",
};

static const char *const turns[BALINT_TURNS] = {
    [BALINT_TURN_ALL] = "all",
    [BALINT_TURN_ONE_BY_ONE] = "one-by-one",
    [BALINT_TURN_PRESENTER] = "presenter",
    [BALINT_TURN_ALL_BUT_PRESENTER] = "all-but-presenter",
};

static const char *const round_words[BALINT_ROUND_WORDS] = {
    [BALINT_ROUND_END] = "end",
    [BALINT_ROUND_BEGIN] = "begin",
    [BALINT_ROUND_NEXT] = "next",
};

static const char *const parts[BALINT_PARTS] = {
    [BALINT_PART_PLAIN] = "plain",
    [BALINT_PART_CASE] = "case",
    [BALINT_PART_DISCUSSION] = "discussion",
    [BALINT_PART_CORRIDOR] = "corridor",
};

static const char *const actions[BALINT_ACTIONS] = {
    [BALINT_PRESENT] = "present",
    [BALINT_VOLUNTEER] = "volunteer",
    [BALINT_AGREE] = "agree",
    [BALINT_PHASE] = "phase",
    [BALINT_FORMAT] = "format",
    [BALINT_STEP_BACK] = "step-back",
    [BALINT_INVITE_BACK] = "invite-back",
    [BALINT_RETURN] = "return",
    [BALINT_ASK_RETURN] = "ask-return",
    [BALINT_HAND] = "hand",
    [BALINT_MUTE] = "mute",
    [BALINT_MUTE_FOR_CAUSE] = "mute-for-cause",
    [BALINT_AWAY] = "away",
    [BALINT_SIT_OUT] = "sit-out",
    [BALINT_SHARED] = "shared",
    [BALINT_END_AT] = "end-at",
    [BALINT_AFTER_ROOM] = "after-room",
    [BALINT_TURN] = "turn",
    [BALINT_ROUND] = "round",
    [BALINT_LEAD] = "lead",
};

static const struct {
    const char *name;
    const char *text;
} results[BALINT_RESULTS] = {
    [BALINT_OK] = {"ok", "Done."},
    [BALINT_NOT_ADMITTED] = {"not-admitted",
                             "You are in the lobby: please wait until a leader has admitted you."},
    [BALINT_NOT_YOURS] = {"not-yours", "Your role does not allow this: please ask a leader."},
    [BALINT_NO_SUCH_SEAT] =
        {"no-such-seat", "This cannot be asked of that person: observers present no case, and only leaders "
                         "lead. Please choose somebody else who is admitted."},
    [BALINT_NO_SUCH_PHASE] = {"no-such-phase",
                              "This evening has no such phase: please choose one of those shown."},
    [BALINT_ILLEGAL_EDGE] = {"illegal-edge",
                             "That phase does not follow this one: please go forward or back step by step."},
    [BALINT_NO_PRESENTER] = {"no-presenter", "Nobody presents yet: please choose the presenter first."},
    [BALINT_NO_STEP_BACK] = {"no-step-back",
                             "Nobody has stepped back at the moment, so there is nothing to return from."},
    [BALINT_HOLD_TO_RETURN] = {"hold-to-return",
                               "You are not invited back yet: hold the key for two seconds to return all the "
                               "same."},
    [BALINT_BAD_VALUE] = {"bad-value", "This value is outside its range: please update your program."},
    [BALINT_STILL_MUTED] = {"muted-for-cause",
                            "A leader has muted you: a leader lifts it, then your own key opens your "
                            "microphone."},
    [BALINT_NOT_YET] = {"not-yet", "The after-room is there in the last phase: please wait until then."},
    [BALINT_NO_ROUND] = {"no-round", "There is no round at the moment, or you have had your turn."},
    [BALINT_NOT_ASKED] = {"not-asked", "Nobody asks you to present at the moment."},
    [BALINT_NO_SUCH_FORMAT] = {"no-such-format",
                               "There is no such format: please choose one of those shown."},
    [BALINT_TOO_LATE] = {"too-late",
                         "The evening has begun with its format: please go back to the first phase to "
                         "choose another."},
    [BALINT_COME_BACK] = {"come-back",
                          "You are away or sitting out: come back by your own key first, then do this."},
    [BALINT_WORK_DONE] = {"work-done",
                          "The evening's work is done, so no case begins here: a leader can go back a phase "
                          "first."},
};

const char *balint_role_name(enum balint_role role)
{
    return (unsigned)role < BALINT_ROLES ? roles[role] : "?";
}

const char *balint_place_name(enum balint_place place)
{
    return (unsigned)place < BALINT_PLACES ? places[place] : "?";
}

const char *balint_turn_name(enum balint_turn turn)
{
    return (unsigned)turn < BALINT_TURNS ? turns[turn] : "?";
}

const char *balint_round_word(enum balint_round_word word)
{
    return (unsigned)word < BALINT_ROUND_WORDS ? round_words[word] : "?";
}

const char *balint_part_name(enum balint_phase_part part)
{
    return (unsigned)part < BALINT_PARTS ? parts[part] : "?";
}

const char *balint_action_name(enum balint_action action)
{
    return (unsigned)action < BALINT_ACTIONS ? actions[action] : "?";
}

const char *balint_result_name(enum balint_result result)
{
    return (unsigned)result < BALINT_RESULTS ? results[result].name : "?";
}

const char *balint_result_text(enum balint_result result)
{
    return (unsigned)result < BALINT_RESULTS ? results[result].text : "?";
}

bool balint_character_ok(uint32_t point)
{
    static const struct {
        uint32_t first, last;
    } refused[] = {
        {0, 0x1f},          /* control */
        {0x7f, 0x9f},       /* the same */
        {0xad, 0xad},       /* soft hyphen */
        {0x34f, 0x34f},     /* grapheme joiner */
        {0x61c, 0x61c},     /* Arabic letter mark */
        {0x115f, 0x1160},   /* Hangul fillers */
        {0x17b4, 0x17b5},   /* Khmer inherent vowels */
        {0x180b, 0x180f},   /* Mongolian selectors and separator */
        {0x200b, 0x200f},   /* zero width, direction marks */
        {0x2028, 0x202e},   /* line and paragraph ends, embeddings */
        {0x2060, 0x206f},   /* word joiner, invisible operators, isolates */
        {0x3164, 0x3164},   /* Hangul filler */
        {0xfe00, 0xfe0f},   /* variation selectors */
        {0xfeff, 0xfeff},   /* zero width no-break space */
        {0xffa0, 0xffa0},   /* halfwidth Hangul filler */
        {0xfff0, 0xfffb},   /* unassigned ignorable ones, annotations */
        {0x1bca0, 0x1bca3}, /* shorthand format */
        {0x1d173, 0x1d17a}, /* musical format */
        {0xe0000, 0xe0fff}, /* tags, selectors */
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (point >= refused[i].first && point <= refused[i].last)
            return false;
    return true;
}
