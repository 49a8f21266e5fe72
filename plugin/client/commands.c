/* commands.c - the table of commands and keys, and how a line becomes a command. Pure. */
#include "client/commands.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "session/state.h"

/* What follows a command's name. */
enum argument {
    NONE,
    SWITCH,
    PERSON_OR_ALL,
    PERSON_OR_NOBODY,
    PERSON,
    PERSON_OR_NEXT,
    PERSON_SWITCH,
    SWITCH_PERHAPS_PERSON,
    PHASE,
    FORMAT,
    PLACE,
    ROUND,
    MINUTES,
    HELD,
    WORD,
    PERSON_AND_WORD,
    PERSON_PERHAPS_WORD,
    KEEP
};

struct row {
    const char *name;
    enum balint_verb verb;
    enum argument argument;
    const char *form; /* shown when the argument is wrong */
};

static const struct row rows[BALINT_VERBS] = {
    {"admit", BALINT_DO_ADMIT, PERSON_OR_ALL, "admit all | admit NAME"},
    {"look", BALINT_DO_LOOK, PERSON_OR_NEXT, "look | look NAME"},
    {"present", BALINT_DO_PRESENT, PERSON_OR_NOBODY, "present NAME | present nobody"},
    {"volunteer", BALINT_DO_VOLUNTEER, SWITCH, "volunteer [on|off]"},
    {"agree", BALINT_DO_AGREE, NONE, "agree"},
    {"decline", BALINT_DO_DECLINE, NONE, "decline"},
    {"phase", BALINT_DO_PHASE, PHASE, "phase next | phase back | phase end | phase ID"},
    {"format", BALINT_DO_FORMAT, FORMAT, "format next | format ID"},
    {"step-back", BALINT_DO_STEP_BACK, PLACE, "step-back | step-back aside | step-back leaders"},
    {"invite-back", BALINT_DO_INVITE_BACK, NONE, "invite-back"},
    {"return", BALINT_DO_RETURN, HELD, "return | return hold"},
    {"ask-return", BALINT_DO_ASK_RETURN, SWITCH, "ask-return [on|off]"},
    {"hand", BALINT_DO_HAND, SWITCH_PERHAPS_PERSON, "hand [on|off] | hand off NAME"},
    {"mute", BALINT_DO_MUTE, SWITCH, "mute [on|off]"},
    {"mute-for-cause", BALINT_DO_MUTE_FOR_CAUSE, PERSON_SWITCH, "mute-for-cause NAME [on|off]"},
    {"done", BALINT_DO_DONE, NONE, "done"},
    {"round", BALINT_DO_ROUND, ROUND, "round | round begin | round next | round end"},
    {"lead", BALINT_DO_LEAD, PERSON, "lead NAME"},
    {"deputy", BALINT_DO_DEPUTY, PERSON_SWITCH, "deputy NAME [on|off]"},
    {"lock", BALINT_DO_LOCK, SWITCH, "lock [on|off]"},
    {"away", BALINT_DO_AWAY, SWITCH, "away [on|off]"},
    {"sit-out", BALINT_DO_SIT_OUT, SWITCH, "sit-out [on|off]"},
    {"quiet", BALINT_DO_QUIET, SWITCH, "quiet [on|off]"},
    {"answer", BALINT_DO_ANSWER, PERSON_AND_WORD, "answer NAME WORD..., a name of several words as \"NAME\""},
    {"line", BALINT_DO_LINE, WORD, "line WORD..."},
    {"remove", BALINT_DO_REMOVE, PERSON_PERHAPS_WORD,
     "remove NAME [WORD...], a name of several words as \"NAME\""},
    {"after-room", BALINT_DO_AFTER_ROOM, SWITCH, "after-room [on|off]"},
    {"shared", BALINT_DO_SHARED, SWITCH, "shared [on|off]"},
    {"end-at", BALINT_DO_END_AT, MINUTES, "end-at MINUTES from now | end-at 0"},
    {"crib", BALINT_DO_CRIB, NONE, "crib"},
    {"later", BALINT_DO_LATER, SWITCH, "later [on|off]"},
    {"hide-self", BALINT_DO_HIDE_SELF, SWITCH, "hide-self [on|off]"},
    {"panel", BALINT_DO_PANEL, SWITCH, "panel [on|off]"},
    {"debrief", BALINT_DO_DEBRIEF, KEEP, "debrief [on|off] | debrief keep [FILE]"},
    {"help", BALINT_DO_HELP, NONE, "help"},
    {"leave", BALINT_DO_LEAVE, NONE, "leave"},
};

static const struct balint_key_row keys[] = {
    {'m', "mute", false, false, "mute or open your microphone"},
    {'v', "away", false, false, "away (on call) or back"},
    {'g', "hand", false, false, "hand up or down"},
    {'r', "return", false, false, "return when invited; held two seconds: return anyway"},
    {'R', "return hold", false, false, "the same as holding r, for terminals"},
    {'k', "ask-return", false, false, "ask the leaders to be invited back"},
    {'t', "volunteer", false, false, "you have a case, or take that back"},
    {'y', "agree", false, false, "you agree to present when you are asked"},
    {'N', "decline", false, false, "you do not present this time"},
    {'T', "done", false, false, "your turn in a round is over, or you pass"},
    {'o', "sit-out", false, false, "sit this case out or come back"},
    {'u', "quiet", false, false, "tell leaders alone that this is too close, or take it back"},
    {'z', "after-room", false, false, "leaders, observers: on alone in the last phase, or back"},
    {'U', "shared", false, false, "several people sit at your microphone, or one again"},
    {'x', "hide-self", false, false, "hide or show your own picture"},
    {'h', "help", false, false, "these keys"},
    {'Q', "leave", false, false, "leave the session"},
    {'a', "admit all", false, true, "admit everybody at the door whose device is known"},
    {'w', "look", false, true, "look who is new at the door; again: admit, and look on"},
    {'d', "admit", true, true, "admit one person"},
    {'p', "present", true, true, "who presents or is asked to; 0: nobody, or no longer"},
    {'n', "phase next", false, true, "next phase"},
    {'b', "phase back", false, true, "back a phase"},
    {'f', "phase", true, true, "where the evening goes now, of all that may follow"},
    {'B', "debrief", false, true, "look back on the evening, at its end"},
    {'K', "debrief keep", false, true, "keep that look back, without names, on your own disk"},
    {'F', "panel", false, true, "fold the panel to a strip, or open it"},
    {'Z', "phase end", false, true, "the evening ends for all: to its last phase, and nobody is cut off"},
    {'O', "format next", false, true, "while people arrive: another format for the evening"},
    {'M', "end-at", false, true, "in how many minutes the evening ends; 0: nobody says"},
    {'s', "step-back", false, true, "the presenter steps back, as the group agreed"},
    {'A', "step-back aside", false, true, "the same, aside: dimmed for members"},
    {'S', "step-back leaders", false, true, "the same, seen by leaders alone"},
    {'i', "invite-back", false, true, "invite the presenter back"},
    {'c', "mute-for-cause", true, true, "mute a person for cause, or lift it"},
    {'l', "lead", true, true, "who leads now"},
    {'H', "hand off", true, true, "lower a person's hand"},
    {'j', "round", false, true, "begin a round, one after the other; or the next one's turn"},
    {'J', "round end", false, true, "end the round"},
    {'D', "deputy", true, true, "a member is deputy this evening, or no longer"},
    {'e', "answer", true, true, "a short private word to a person"},
    {'E', "line", false, true, "a short word to the other leaders"},
    {'X', "remove", true, true, "take a person out of the session, with a word to them"},
    {'C', "crib", false, true, "questions that you may ask aloud"},
    {'W', "later", false, true, "the door can wait until this phase ends, or is shown again"},
    {'L', "lock", false, true, "lock the door, or open it: nobody new comes in"},
};

#define SHOWN_SIZE 72

/* What was written, as it can be shown: on a terminal a control character (C0, DEL, C1) is no text but does
 * something. Cut to about sixty bytes, between characters. */
static void show(const char *word, char shown[SHOWN_SIZE])
{
    size_t length = 0, step;
    for (const unsigned char *at = (const unsigned char *)word; *at != '\0' && length < 60; at += step) {
        bool c1 = at[0] == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0, alone = (at[0] & 0xc0) == 0x80;
        for (step = 1; !alone && at[0] >= 0xc0 && step < 4 && (at[step] & 0xc0) == 0x80;)
            step++;
        if (at[0] < 0x20 || at[0] == 0x7f || c1 || alone) {
            length += (size_t)snprintf(shown + length, SHOWN_SIZE - length, "\\x%02x", at[c1]);
        } else {
            memcpy(shown + length, at, step);
            length += step;
        }
    }
    shown[length] = '\0';
}

static bool fail(char why[BALINT_WHY_SIZE], const char *what, const char *word, const char *advice)
{
    char shown[SHOWN_SIZE];
    show(word, shown);
    snprintf(why, BALINT_WHY_SIZE, "%s \"%s\": %s", what, shown, advice);
    return false;
}

static bool read_switch(const char *word, enum balint_switch *way)
{
    if (*word == '\0')
        *way = BALINT_TOGGLE;
    else if (strcmp(word, "on") == 0 || strcmp(word, "up") == 0)
        *way = BALINT_ON;
    else if (strcmp(word, "off") == 0 || strcmp(word, "down") == 0)
        *way = BALINT_OFF;
    else
        return false;
    return true;
}

/* "keep", "keep FILE", or a switch. A file's name may hold spaces. */
static bool read_keep(const char *word, struct balint_command *command)
{
    if (strncmp(word, "keep", 4) != 0 || (word[4] != '\0' && !isspace((unsigned char)word[4])))
        return read_switch(word, &command->way);
    word += 4 + strspn(word + 4, " \t");
    command->keep = true;
    strcpy(command->file, word); /* a line's part fits a line */
    return true;
}

/* A name, with an "on" or "off" behind it taken off where the command knows one. */
static bool read_person(char *word, enum argument argument, struct balint_command *command)
{
    if (*word == '\0')
        return false;
    if ((argument == PERSON_OR_ALL && strcasecmp(word, "all") == 0) ||
        (argument == PERSON_OR_NOBODY && strcasecmp(word, "nobody") == 0)) {
        command->all = true;
        return true;
    }
    char *last = strrchr(word, ' ');
    if (argument == PERSON_SWITCH && last != NULL && read_switch(last + 1, &command->way))
        *last = '\0';
    if (strlen(word) >= sizeof command->text)
        return false;
    strcpy(command->text, word);
    return true;
}

/* A switch, or "off" and whose. */
static bool read_switch_and_person(char *word, struct balint_command *command)
{
    size_t length = strcspn(word, " \t");
    char *name = word + length + strspn(word + length, " \t");
    word[length] = '\0';
    return read_switch(word, &command->way) &&
           (*name == '\0' || (command->way == BALINT_OFF && read_person(name, PERSON, command)));
}

/* A word behind a name, or alone. False with the reason in `why`. */
static bool read_word(const char *word, struct balint_command *command, char why[BALINT_WHY_SIZE])
{
    const char *wrong = balint_word_wrong(word);
    if (wrong != NULL) {
        snprintf(why, BALINT_WHY_SIZE, "%s", wrong);
        return false;
    }
    strcpy(command->word, word);
    return true;
}

/* NAME WORD…, where the name is one word, the beginning of a name, a seat's number, or stands in quotes. */
static bool read_person_and_word(char *text, bool needs_word, struct balint_command *command,
                                 char why[BALINT_WHY_SIZE])
{
    bool quoted = *text == '"';
    char *name = text + quoted, *end = name + strcspn(name, quoted ? "\"" : " \t");
    if (end == name || (quoted && *end == '\0') || (size_t)(end - name) >= sizeof command->text)
        return false;
    memcpy(command->text, name, (size_t)(end - name));
    end += *end != '\0';
    end += strspn(end, " \t");
    return (*end == '\0' && !needs_word) || read_word(end, command, why);
}

static bool read_argument(const struct row *row, char *word, struct balint_command *command,
                          char why[BALINT_WHY_SIZE])
{
    const char *given = word;
    switch (row->argument) {
    case NONE:
        return *word == '\0';
    case SWITCH:
        return read_switch(word, &command->way);
    case PERSON_OR_ALL:
    case PERSON_OR_NOBODY:
    case PERSON:
    case PERSON_SWITCH:
        return read_person(word, row->argument, command);
    case SWITCH_PERHAPS_PERSON:
        return read_switch_and_person(word, command);
    case PERSON_OR_NEXT:
        return *word == '\0' || read_person(word, PERSON, command);
    case PHASE:
    case FORMAT:
        return *word != '\0' && strchr(word, ' ') == NULL && read_person(word, PERSON, command);
    case PLACE:
        command->place = strcmp(word, "aside") == 0     ? BALINT_ASIDE
                         : strcmp(word, "leaders") == 0 ? BALINT_LEADERS_ONLY
                                                        : BALINT_IN_CIRCLE;
        return *word == '\0' || command->place != BALINT_IN_CIRCLE;
    case MINUTES:
        command->minutes = (int)strtol(word, &word, 10);
        return isdigit((unsigned char)given[0]) && *word == '\0' && command->minutes <= BALINT_END_MINUTES;
    case ROUND:
        for (command->round = 0; command->round < BALINT_ROUND_WORDS; command->round++)
            if (strcmp(word, balint_round_word((enum balint_round_word)command->round)) == 0)
                return true;
        return *word == '\0';
    case KEEP:
        return read_keep(word, command);
    case HELD:
        command->held = strcmp(word, "hold") == 0;
        return *word == '\0' || command->held;
    case WORD:
        return read_word(word, command, why);
    case PERSON_AND_WORD:
    case PERSON_PERHAPS_WORD:
        return read_person_and_word(word, row->argument == PERSON_AND_WORD, command, why);
    }
    return false;
}

/* Copies a line without the white space around it; false when it is too long. */
static bool trim(const char *text, char out[BALINT_LINE_SIZE])
{
    while (isspace((unsigned char)*text))
        text++;
    size_t length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    if (length >= BALINT_LINE_SIZE)
        return false;
    memcpy(out, text, length);
    out[length] = '\0';
    return true;
}

bool balint_command_parse(const char *text, struct balint_command *command, char why[BALINT_WHY_SIZE])
{
    char line[BALINT_LINE_SIZE];
    memset(command, 0, sizeof *command);
    if (!trim(text, line))
        return fail(why, "this line is too long", text, "a command is a few words");
    if (strcmp(line, "unmute") == 0)
        strcpy(line, "mute off");
    if (strcmp(line, "pass") == 0)
        strcpy(line, "done");
    char *word = line + strcspn(line, " \t");
    if (*word != '\0') {
        *word++ = '\0';
        word += strspn(word, " \t");
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].name, line) != 0)
            continue;
        command->verb = rows[i].verb;
        char given[BALINT_LINE_SIZE];
        strcpy(given, word);
        why[0] = '\0';
        if (read_argument(&rows[i], word, command, why))
            return true;
        if (why[0] != '\0')
            return false; /* of a word: it says what is wrong */
        char advice[128];
        snprintf(advice, sizeof advice, "write %s", rows[i].form);
        if (given[0] == '\0') /* only names, phases and minutes are needed */
            return fail(why,
                        rows[i].argument == PHASE     ? "a phase is missing after"
                        : rows[i].argument == FORMAT  ? "a format is missing after"
                        : rows[i].argument == MINUTES ? "minutes are missing after"
                                                      : "a name is missing after",
                        rows[i].name, advice);
        return fail(why, "wrong after the command", given, advice);
    }
    return fail(why, "unknown command", line, "\"help\" shows those there are");
}

enum balint_script_result balint_script_read(const char *line, int number, bool timed,
                                             struct balint_script_line *out, char why[BALINT_WHY_SIZE])
{
    char text[BALINT_LINE_SIZE], inner[BALINT_WHY_SIZE];
    memset(out, 0, sizeof *out);
    out->number = number;
    if (!trim(line, text)) {
        snprintf(why, BALINT_WHY_SIZE, "line %d: too long: a command is a few words", number);
        return BALINT_SCRIPT_WRONG;
    }
    if (text[0] == '\0' || text[0] == '#')
        return BALINT_SCRIPT_EMPTY;
    char *rest = text;
    if (timed || isdigit((unsigned char)text[0])) {
        out->seconds = strtod(text, &rest);
        bool number_ok = isdigit((unsigned char)text[0]) && rest != text && isspace((unsigned char)*rest) &&
                         isfinite(out->seconds) && out->seconds <= 12 * 3600;
        if (!number_ok) {
            char shown[SHOWN_SIZE];
            show(text, shown);
            snprintf(why, BALINT_WHY_SIZE, "line %d: \"%s\" has no time: write SECONDS COMMAND", number,
                     shown);
            return BALINT_SCRIPT_WRONG;
        }
    }
    if (balint_command_parse(rest, &out->command, inner))
        return BALINT_SCRIPT_COMMAND;
    snprintf(why, BALINT_WHY_SIZE, "line %d: %.230s", number, inner);
    return BALINT_SCRIPT_WRONG;
}

static const char person_keys[] = "123456789abcdefg";
_Static_assert(sizeof person_keys - 1 == BALINT_SEATS, "a key for each seat");

int balint_seat_of_key(char key)
{
    const char *at = key != '\0' ? strchr(person_keys, key) : NULL;
    return at != NULL ? (int)(at - person_keys) : BALINT_NOBODY;
}

char balint_key_of_seat(int seat)
{
    return seat >= 0 && seat < BALINT_SEATS ? person_keys[seat] : '?';
}

const struct balint_key_row *balint_key_find(char key)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].key == key)
            return &keys[i];
    return NULL;
}

bool balint_key_types(const struct balint_key_row *row)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].name, row->line) == 0)
            return rows[i].argument == WORD || rows[i].argument == PERSON_AND_WORD ||
                   rows[i].argument == PERSON_PERHAPS_WORD || rows[i].argument == MINUTES;
    return false;
}

const char *balint_command_form(int index)
{
    return index >= 0 && index < BALINT_VERBS ? rows[index].form : NULL;
}

static void add_keys(bool leaders, char *text, size_t size)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        size_t length = strlen(text);
        if (keys[i].leaders == leaders)
            snprintf(text + length, size - length, "%s%c%s\t%s", length > 0 ? "\n" : "", keys[i].key,
                     keys[i].asks ? " …" : "", keys[i].text);
    }
}

void balint_keys_help(bool leader, char *text, size_t size)
{
    snprintf(text, size, "%s", leader ? "Everybody's keys" : "");
    add_keys(false, text, size);
    size_t length = strlen(text);
    if (!leader)
        return;
    snprintf(text + length, size - length, "\n\nLeaders' keys (… another key follows)");
    add_keys(true, text, size);
}

int balint_person_find(const struct balint_state_seat *seats, int count, const char *word,
                       char why[BALINT_WHY_SIZE])
{
    char *end;
    long number = strtol(word, &end, 10);
    bool is_number = *word != '\0' && *end == '\0';
    int found = -1, beginnings = 0;
    for (int i = 0; i < count; i++) {
        if (strcasecmp(seats[i].name, word) == 0)
            return i;
        if (is_number && seats[i].seat == number)
            return i;
        if (strncasecmp(seats[i].name, word, strlen(word)) == 0) {
            found = i;
            beginnings++;
        }
    }
    if (beginnings == 1)
        return found;
    fail(why, beginnings > 1 ? "several people are called" : "nobody here is called", word,
         beginnings > 1 ? "write the whole name" : "use a name that is shown, or the person's number");
    return -1;
}

int balint_phase_find(const struct balint_format *format, int now, const char *word,
                      char why[BALINT_WHY_SIZE])
{
    if (strcmp(word, "next") == 0 && now + 1 < format->count)
        return now + 1;
    if (strcmp(word, "back") == 0 && now > 0)
        return now - 1;
    if (strcmp(word, "end") == 0)
        return format->count - 1;
    for (int i = 0; i < format->count; i++)
        if (strcmp(format->phases[i].id, word) == 0)
            return i;
    fail(why, "no phase", word, "use next, back, end or the id of a phase of this format");
    return -1;
}

int balint_choice_find(const struct balint_state *state, const char *word, char why[BALINT_WHY_SIZE])
{
    char advice[BALINT_WHY_SIZE] = "use next";
    if (state->choice_count == 0) {
        fail(why, "no format can be chosen now", word, "leaders choose it while people arrive");
        return -1;
    }
    bool next = strcmp(word, "next") == 0;
    for (int i = 0; i < state->choice_count; i++) {
        if (strcmp(state->choices[i].id, next ? state->format.id : word) == 0)
            return next ? (i + 1) % state->choice_count : i;
        snprintf(advice + strlen(advice), sizeof advice - strlen(advice), ", %s", state->choices[i].id);
    }
    if (next)
        return 0;
    advice[BALINT_WHY_SIZE - 100] = '\0';
    fail(why, "no format", word, advice);
    return -1;
}
