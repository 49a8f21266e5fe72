/* formats.c - with which format a group's sessions begin: see frame.h. */
#include "protocol/format.h"
#include "server/frame/frame.h"

#include <stdlib.h>
#include <string.h>

static void ignore(const char *path, const char *said, void *context)
{
    (void)path, (void)said, (void)context;
}

enum balint_stored balint_group_choice(struct balint_store *store, const char *group,
                                       struct balint_format *format)
{
    char *value;
    enum balint_stored stored = balint_setting(store, group, BALINT_SETTING_FORMAT, &value);
    if (stored != BALINT_STORED)
        return stored;
    const struct balint_format *shipped = balint_format_find(value);
    if (shipped != NULL)
        *format = *shipped;
    else if (balint_format_read(value, strlen(value), format, ignore, NULL) != 0)
        stored = BALINT_NOT_STORED;
    free(value);
    return stored;
}
