/* options.c - the options of the subcommands, see options.h. */
#include "server/options.h"

#include <stddef.h>
#include <string.h>

static const struct balint_option_about options[] = {
    {"json", NULL, "the answer as JSON"},
    {"help-line", "TEXT",
     "what a person whose call fails is shown, a telephone number say; \"\" takes it away"},
    {"crib", "FILE",
     "the leaders' cards, a line each, in the group's own words; an empty file takes them away"},
    {"first", "TIME", "when the first evening begins: 2026-12-03T19:30"},
    {"zone", "ZONE", "of these times: Europe/Berlin"},
    {"every", "WHAT", "once (without it), week, 2-weeks or month"},
    {"count", "N", "how many evenings"},
    {"until", "DAY", "up to and with this day: 2027-06-30"},
    {"minutes", "N", "how long an evening is (90)"},
    {"onwards", NULL, "and all after it in its series"},
    {"series", "N", "which one, where a group has more than one"},
    {"cancelled", "DATE", "the cancellation of this evening alone"},
    {"out", "FILE", "there, not on standard output"},
    {"who", "MEMBER", "whose case: a name, or a member id from members list"},
    {"on", "DAY", "the evening: 2027-06-30"},
    {"from", "DAY", "from this day on: 2027-01-01"},
    {"csv", NULL, "as CSV (RFC 4180), for CPD"},
};

const struct balint_option_about *balint_option_find(const char *name)
{
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
        if (strcmp(options[i].name, name) == 0)
            return &options[i];
    return NULL;
}
