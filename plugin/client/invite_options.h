/* invite_options.h - the command lines of `balint invite`, `revoke` and `renew`, as data.
 *
 * Pure but for the time zone (dates are local, as a person writes them); one thread.
 */
#ifndef BALINT_CLIENT_INVITE_OPTIONS_H
#define BALINT_CLIENT_INVITE_OPTIONS_H

#include "client/why.h"
#include "identity/identity.h"

#define BALINT_INVITE_MAX  256 /* links of one run */
#define BALINT_INVITE_DAYS 400 /* an invitation lasts so long by itself */
#define BALINT_INVITE_SKEW 600 /* s; by which two clocks may differ, and the link opens at once */

struct balint_invite_options {
    const char *group, *name, *member, *server, *data, *found, *ca; /* point into argv; NULL: not said */
    const char *passphrase_file;                                    /* the same */
    enum balint_role role;
    int64_t from_s, until_s; /* Unix seconds */
    int count;               /* 0: --count was not said; one link, the name as it is */
    bool json, new_root, help;
};

enum balint_invite_verb { BALINT_VERB_INVITE, BALINT_VERB_REVOKE, BALINT_VERB_RENEW };

/* Reads and judges everything that can be judged without a file or the server. `argv[0]` is the verb's name.
 * False with one line in `why`. */
bool balint_invite_options_read(int argc, char **argv, enum balint_invite_verb verb, int64_t now_s,
                                struct balint_invite_options *options, char why[BALINT_WHY]);
void balint_invite_options_help(FILE *out, enum balint_invite_verb verb);

/* YYYY-MM-DD, YYYY-MM-DDTHH:MM or YYYY-MM-DDTHH:MM:SS (ISO 8601, a blank may stand for the T), each with a
 * time also followed by Z, +HH:MM or -HH:MM, else local time. A day alone is its beginning, or with `end` the
 * end of that day. False when it is no such time. */
bool balint_date_read(const char *text, bool end, int64_t *time_s);

#endif
