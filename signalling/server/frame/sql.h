/* sql.h - inside server/: statements with their values, for what is not done often enough to be kept
 * prepared. */
#ifndef BALINT_SQL_H
#define BALINT_SQL_H

#include "server/store.h"

#include <sqlite3.h>

/* A statement ready to be stepped; `kinds` tells the values: s a text, i an int64_t, b bytes and their int
 * length. NULL: it cannot be made (balint_store_cannot says why). To be finalized by the caller; the values
 * must live as long. */
sqlite3_stmt *balint_sql(struct balint_store *store, const char *sql, const char *kinds, ...);
/* The same, run to its end. False with `why`. */
bool balint_sql_run(struct balint_store *store, char why[BALINT_WHY_SIZE], const char *sql, const char *kinds,
                    ...);
/* Several that stand or fall together. end: commits when `ok`, else takes all back; returns whether it was
 * committed, `why` set when only that failed. */
bool balint_sql_begin(struct balint_store *store, char why[BALINT_WHY_SIZE]);
bool balint_sql_end(struct balint_store *store, bool ok, char why[BALINT_WHY_SIZE]);
/* A column's text, never NULL; good until the next step. */
const char *balint_sql_text(sqlite3_stmt *statement, int column);
sqlite3 *balint_store_db(struct balint_store *store);

#endif
