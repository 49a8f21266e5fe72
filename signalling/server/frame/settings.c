/* settings.c - what is set for a group, by name: see frame.h. */
#include "server/frame/frame.h"
#include "server/frame/sql.h"

#include <string.h>

enum balint_stored balint_setting(struct balint_store *store, const char *group, const char *name,
                                  char **value)
{
    sqlite3_stmt *statement =
        balint_sql(store, "SELECT value FROM settings WHERE grp = ?1 AND name = ?2", "ss", group, name);
    enum balint_stored stored = BALINT_STORE_FAILED;
    *value = NULL;
    if (statement == NULL)
        return stored;
    int result = sqlite3_step(statement);
    if (result == SQLITE_DONE)
        stored = BALINT_NOT_STORED;
    else if (result == SQLITE_ROW && (*value = strdup(balint_sql_text(statement, 0))) != NULL)
        stored = BALINT_STORED;
    sqlite3_finalize(statement);
    return stored;
}

bool balint_setting_set(struct balint_store *store, const char *group, const char *name, const char *value,
                        char why[BALINT_WHY_SIZE])
{
    if (value[0] == '\0')
        return balint_sql_run(store, why, "DELETE FROM settings WHERE grp = ?1 AND name = ?2", "ss", group,
                              name);
    return balint_sql_run(store, why,
                          "INSERT INTO settings (grp, name, value) VALUES (?1, ?2, ?3)"
                          " ON CONFLICT (grp, name) DO UPDATE SET value = ?3",
                          "sss", group, name, value);
}
