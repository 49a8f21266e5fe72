/* sql.c - statements with their values, see sql.h. */
#include "server/frame/sql.h"

#include <stdarg.h>

static sqlite3_stmt *make(struct balint_store *store, const char *sql, const char *kinds, va_list args)
{
    sqlite3_stmt *statement = NULL;
    bool ok = sqlite3_prepare_v2(balint_store_db(store), sql, -1, &statement, NULL) == SQLITE_OK;
    for (int at = 1; ok && kinds[at - 1] != '\0'; at++) {
        const void *bytes;
        switch (kinds[at - 1]) {
        case 's':
            ok = sqlite3_bind_text(statement, at, va_arg(args, const char *), -1, SQLITE_STATIC) == SQLITE_OK;
            break;
        case 'i':
            ok = sqlite3_bind_int64(statement, at, va_arg(args, int64_t)) == SQLITE_OK;
            break;
        case 'b':
            bytes = va_arg(args, const void *);
            ok = sqlite3_bind_blob(statement, at, bytes, va_arg(args, int), SQLITE_STATIC) == SQLITE_OK;
            break;
        default:
            ok = false;
        }
    }
    if (ok)
        return statement;
    sqlite3_finalize(statement);
    return NULL;
}

sqlite3_stmt *balint_sql(struct balint_store *store, const char *sql, const char *kinds, ...)
{
    va_list args;
    va_start(args, kinds);
    sqlite3_stmt *statement = make(store, sql, kinds, args);
    va_end(args);
    return statement;
}

bool balint_sql_run(struct balint_store *store, char why[BALINT_WHY_SIZE], const char *sql, const char *kinds,
                    ...)
{
    va_list args;
    va_start(args, kinds);
    sqlite3_stmt *statement = make(store, sql, kinds, args);
    va_end(args);
    bool ok = statement != NULL;
    int result = SQLITE_ROW;
    while (ok && result == SQLITE_ROW)
        result = sqlite3_step(statement);
    ok = ok && result == SQLITE_DONE;
    if (!ok) /* before finalize: it may change the message */
        balint_store_cannot(store, why);
    sqlite3_finalize(statement);
    return ok;
}

bool balint_sql_begin(struct balint_store *store, char why[BALINT_WHY_SIZE])
{
    return balint_sql_run(store, why, "BEGIN IMMEDIATE", "");
}

bool balint_sql_end(struct balint_store *store, bool ok, char why[BALINT_WHY_SIZE])
{
    if (ok && balint_sql_run(store, why, "COMMIT", ""))
        return true;
    if (!sqlite3_get_autocommit(balint_store_db(store)))
        sqlite3_exec(balint_store_db(store), "ROLLBACK", NULL, NULL, NULL);
    return false;
}

const char *balint_sql_text(sqlite3_stmt *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(statement, column);
    return text != NULL ? (const char *)text : "";
}
