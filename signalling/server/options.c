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
};

const struct balint_option_about *balint_option_find(const char *name)
{
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
        if (strcmp(options[i].name, name) == 0)
            return &options[i];
    return NULL;
}
