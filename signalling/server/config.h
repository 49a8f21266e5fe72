/* config.h - the server's settings: from flags, environment and a file, in this order of precedence.
 *
 * Every setting is a row of one table (config.c) and has the same name everywhere: --silent-ms 20000,
 * BALINT_SILENT_MS=20000, `silent-ms = 20000`. Reads the file and nothing else; one caller, before any
 * thread.
 */
#ifndef BALINT_CONFIG_H
#define BALINT_CONFIG_H

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

#define BALINT_WHY_SIZE (2 * PATH_MAX + 512) /* one line that says what is wrong and what to do */
#define BALINT_WORDS    8                    /* words beside the flags: "group add G" */
#define BALINT_OPTIONS  16                   /* options of a subcommand: "--first 2026-12-03T19:30" */

/* An option of a subcommand. `name` as in options.c, `value` points into argv; NULL: it takes none. */
struct balint_option {
    const char *name, *value;
};

struct balint_config {
    char listen[256];    /* HOST:PORT, [IPV6]:PORT; port 0: any free one */
    char data[PATH_MAX]; /* folder of database, keys, address */
    char cert[PATH_MAX]; /* PEM chain; empty: no TLS, loopback only */
    char key[PATH_MAX];
    char url[256];           /* as people reach it: https://host[:port]; empty: from `listen` */
    char allow_origin[1024]; /* pages of these origins may open a WebSocket as well, split by blanks */
    char config[PATH_MAX];
    int rate;                    /* messages a second of one client */
    int connections_per_address; /* see guard.h for what an address is */
    int silent_ms;
    int queue_bytes;
    int attendance_days, technical_days; /* see frame/keep.h */
    bool help, version;
    const char *words[BALINT_WORDS]; /* point into argv */
    int word_count;
    struct balint_option options[BALINT_OPTIONS];
    int option_count;
};

/* Like getenv: the value of a variable or NULL. */
typedef const char *(*balint_env_fn)(const char *name);

/* Fills `config` from argv[1..argc-1], the environment, the file that `config` names, and the defaults.
 * Returns false with one line in `why`, which names the flag, variable, or file and line. */
bool balint_config_read(struct balint_config *config, int argc, const char *const *argv, balint_env_fn env,
                        char why[BALINT_WHY_SIZE]);

/* The settings' part of --help. */
void balint_config_help(FILE *out);

#endif
