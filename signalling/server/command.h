/* command.h - the subcommands of balint-server: `group add`, `dates list` and so on.
 *
 * They are for the operator: whoever may write the data folder may do all of them; no key of a group is asked
 * for, and none of them shows a token, a link or a key. They work on the data folder, beside a running server
 * too. Each is a row of command/table.c and a small file; what is common to them (words, options, the
 * database) is done here before a command runs. One caller, no thread.
 */
#ifndef BALINT_COMMAND_H
#define BALINT_COMMAND_H

#include "identity/identity.h"
#include "server/config.h"
#include "server/store.h"

#include <jansson.h>

struct balint_call;

struct balint_command {
    const char *name;    /* one word or two: "purge", "group add" */
    const char *words;   /* what follows, as help writes it: "GROUP DATE NEWDATE"; "" for nothing */
    const char *options; /* the options it takes, split by blanks; --json and the settings aside */
    const char *about;   /* one line of help */
    const char *more;    /* more of it for its own help; NULL: nothing */
    bool makes;          /* it may make the data folder */
    bool bare;           /* it needs no data folder */
    /* False with `call->why`. */
    bool (*run)(struct balint_call *call);
};

struct balint_call {
    const struct balint_command *command;
    const struct balint_config *config;
    const char *const *words;   /* those after the command's name, as many as its row says */
    struct balint_store *store; /* NULL for a `bare` one. A word GROUP is a group that it has */
    int64_t now_s;
    bool json;
    char *why; /* BALINT_WHY_SIZE */
};

/* Runs what config->words say. Returns the exit status (2: it was written wrongly); says itself what was
 * wrong.
 */
int balint_command_run(const struct balint_config *config);
/* The help of config->words, or of all. */
void balint_command_help(const struct balint_config *config);

/* ---- for the commands */
/* The value of an option; NULL: it was not given. */
const char *balint_call_option(const struct balint_call *call, const char *name);
/* Reads a number out of an option that may be missing (then `*number` stays). False with `why`. */
bool balint_call_number(struct balint_call *call, const char *name, int min, int max, int *number);
/* False, for returning, with a line in `why`. */
bool balint_call_refuse(struct balint_call *call, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A word on stderr that is no failure. */
void balint_call_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Prints a document and frees it; NULL is "no memory", false with `why`. */
bool balint_call_print(struct balint_call *call, json_t *document);

/* ---- command/table.c */
extern const struct balint_command balint_commands[];
extern const int balint_command_count;

#endif
