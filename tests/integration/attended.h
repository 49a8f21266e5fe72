/* attended.h - what a server's database has of somebody's attendance, read while it runs or lies dead. */
#ifndef BALINT_TEST_ATTENDED_H
#define BALINT_TEST_ATTENDED_H

#include "integration/server_evening.h"

#include <sqlite3.h>

/* All sessions together, in ms; -1: nothing. */
static inline int64_t attended_ms(const struct evening *evening, int who)
{
    char path[128];
    sqlite3 *db;
    sqlite3_stmt *statement;
    snprintf(path, sizeof path, "%s/balint.db", evening->server.data);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    sqlite3_busy_timeout(db, 10000);
    assert_int_equal(
        sqlite3_prepare_v2(db, "SELECT sum(ms) FROM attendance WHERE member = ?1", -1, &statement, NULL),
        SQLITE_OK);
    sqlite3_bind_text(statement, 1, evening->invitations[who].member, -1, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t ms = sqlite3_column_type(statement, 0) == SQLITE_NULL ? -1 : sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return ms;
}

#endif
