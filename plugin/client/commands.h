/* commands.h - everything a person can do in a session, as one table: by name, by key, by a line of a script.
 *
 * Keys run the same commands as the lines of `--do`, so what a test does is what a person does. A key is
 * only a short way to write a line; some ask for the number of a person first.
 * Pure; any thread.
 */
#ifndef BALINT_CLIENT_COMMANDS_H
#define BALINT_CLIENT_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>

#include "protocol/word.h"
#include "session/session.h"

#define BALINT_HOLD_MS    2000 /* a return key held so long returns without an invitation */
#define BALINT_WHY_SIZE   256
#define BALINT_LINE_SIZE  256 /* bytes of one line of a script, with the final NUL */
#define BALINT_SCRIPT_MAX 4096
#define BALINT_HELP_SIZE  4096 /* bytes of the help, with the final NUL */

enum balint_verb {
    BALINT_DO_ADMIT,
    BALINT_DO_LOOK,
    BALINT_DO_PRESENT,
    BALINT_DO_VOLUNTEER,
    BALINT_DO_AGREE,
    BALINT_DO_DECLINE,
    BALINT_DO_PHASE,
    BALINT_DO_FORMAT,
    BALINT_DO_STEP_BACK,
    BALINT_DO_INVITE_BACK,
    BALINT_DO_RETURN,
    BALINT_DO_ASK_RETURN,
    BALINT_DO_HAND,
    BALINT_DO_MUTE,
    BALINT_DO_MUTE_FOR_CAUSE,
    BALINT_DO_DONE, /* also "pass" */
    BALINT_DO_ROUND,
    BALINT_DO_LEAD,
    BALINT_DO_DEPUTY,
    BALINT_DO_LOCK,
    BALINT_DO_AWAY,
    BALINT_DO_SIT_OUT,
    BALINT_DO_QUIET,
    BALINT_DO_ANSWER,
    BALINT_DO_LINE,
    BALINT_DO_REMOVE,
    BALINT_DO_AFTER_ROOM,
    BALINT_DO_SHARED,
    BALINT_DO_END_AT,
    BALINT_DO_CRIB,
    BALINT_DO_LATER,
    BALINT_DO_HIDE_SELF,
    BALINT_DO_PANEL,
    BALINT_DO_DEBRIEF,
    BALINT_DO_HELP,
    BALINT_DO_LEAVE,
    BALINT_VERBS,
};

/* For what is on or off: toggles without a word. */
enum balint_switch { BALINT_TOGGLE, BALINT_ON, BALINT_OFF };

/* One thing to do. Which of the fields count, the verb says. */
struct balint_command {
    enum balint_verb verb;
    enum balint_switch way;      /* of what is on or off */
    bool all;                    /* admit: everybody whose device is known; present: nobody */
    bool held;                   /* return: as if the key had been held */
    int round;                   /* round: an enum balint_round_word; BALINT_ROUND_WORDS = begin or next */
    int minutes;                 /* end-at */
    enum balint_place place;     /* step-back: BALINT_IN_CIRCLE = as the format says */
    char text[BALINT_NAME_SIZE]; /* admit, look, present, lead, deputy, mute-for-cause, answer, remove, hand
                                    ("": the own): a name or a seat's number; phase: next, back, end or an id;
                                    format: next or an id */
    char word[BALINT_WORD_TEXT]; /* answer, line, remove: what is said; "": nothing */
    bool keep;                   /* debrief: write it down … */
    char file[BALINT_LINE_SIZE]; /* … under this name; "": one with the date */
};

/* Reads "present Anna", "phase next", "mute off". Returns false with one sentence in `why`. */
bool balint_command_parse(const char *text, struct balint_command *command, char why[BALINT_WHY_SIZE]);

/* How each command is written, one by one from 0: "phase next | phase ID"; NULL after the last. */
const char *balint_command_form(int index);

/* A line of a script: seconds since admission, then a command. */
struct balint_script_line {
    double seconds; /* 0 when the line had none */
    int number;     /* of the line, from 1 */
    struct balint_command command;
};
enum balint_script_result { BALINT_SCRIPT_COMMAND, BALINT_SCRIPT_EMPTY, BALINT_SCRIPT_WRONG };
/* Reads line `number`. Empty lines and lines that begin with # are BALINT_SCRIPT_EMPTY. With `timed` the
 * seconds are required. When wrong, `why` names the line's number, what is wrong and what to do. */
enum balint_script_result balint_script_read(const char *line, int number, bool timed,
                                             struct balint_script_line *out, char why[BALINT_WHY_SIZE]);

/* ---- keys */
/* A person's key: 1 to 9, then a to g, by seat. BALINT_NOBODY for other keys; '?' for other seats. */
int balint_seat_of_key(char key);
char balint_key_of_seat(int seat);

struct balint_key_row {
    char key;         /* as typed */
    const char *line; /* the command it writes */
    bool asks;        /* the key of a person or a phase follows: asks.h */
    bool leaders;     /* only leaders can do it */
    const char *text; /* for the help */
};
/* NULL when that key does nothing. */
const struct balint_key_row *balint_key_find(char key);
/* Does a word, or a number of minutes, that is typed follow the key (and the person's key)? */
bool balint_key_types(const struct balint_key_row *row);
/* Help, one line a key: the key, a tab, what it does. With `leader` two parts, each under a heading, with an
 * empty line between: everybody's keys, and what only leaders can do. "…" behind a key: another key
 * follows. Writes at most `size` bytes with the final NUL. */
void balint_keys_help(bool leader, char *text, size_t size);

/* The seat a person's word means among the seats of a state: a seat's number, a name (upper and lower case
 * alike), or the beginning of exactly one name. Returns the index into `seats` or -1 with `why`. */
struct balint_state_seat;
int balint_person_find(const struct balint_state_seat *seats, int count, const char *word,
                       char why[BALINT_WHY_SIZE]);

/* The phase a word means in a format, from phase `now`: next, back, end (the last), or an id. -1 with `why`.
 */
int balint_phase_find(const struct balint_format *format, int now, const char *word,
                      char why[BALINT_WHY_SIZE]);

/* The place of the format a word means among those that a state lets choose: next (after the present one,
 * round and round), or an id. -1 with `why`. */
struct balint_state;
int balint_choice_find(const struct balint_state *state, const char *word, char why[BALINT_WHY_SIZE]);

#endif
