/* options.h - the options of the subcommands: one table, so that config.c can tell an option that takes a
 * value from one that takes none, and a mistyped one from both.
 *
 * Which command takes which of them is said in command/table.c. Pure; any thread.
 */
#ifndef BALINT_OPTIONS_H
#define BALINT_OPTIONS_H

struct balint_option_about {
    const char *name;
    const char *value; /* as help writes it; NULL: the option takes none */
    const char *about;
};

/* The option of that name, without the dashes; NULL: there is none. Valid for ever. */
const struct balint_option_about *balint_option_find(const char *name);

#endif
