/* attended.c - attendance in the database, see frame.h. */
#include "server/frame/frame.h"
#include "server/frame/sql.h"

#include <stdlib.h>
#include <string.h>

static void copy(char *to, size_t size, sqlite3_stmt *statement, int column)
{
    snprintf(to, size, "%s", balint_sql_text(statement, column));
}

static enum balint_role role_of(const char *name)
{
    for (int role = 0; role < BALINT_ROLES; role++)
        if (strcmp(balint_role_name((enum balint_role)role), name) == 0)
            return (enum balint_role)role;
    return BALINT_MEMBER;
}

enum balint_stored balint_attendance_load(struct balint_store *store, const char *group,
                                          struct balint_attendance *attendance)
{
    int result;
    sqlite3_stmt *statement = balint_sql(
        store, "SELECT member, name, role, came_s, ms FROM attendance WHERE grp = ?1 AND session = ?2", "sb",
        group, attendance->session, (int)sizeof attendance->session);
    if (statement == NULL)
        return BALINT_STORE_FAILED;
    attendance->count = 0;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        struct balint_attendant person = {.role = role_of(balint_sql_text(statement, 2)),
                                          .came_s = sqlite3_column_int64(statement, 3),
                                          .counted_us = sqlite3_column_int64(statement, 4) * 1000};
        copy(person.member, sizeof person.member, statement, 0);
        copy(person.name, sizeof person.name, statement, 1);
        if (!balint_attendance_restore(attendance, &person))
            break;
    }
    sqlite3_finalize(statement);
    return result == SQLITE_DONE || result == SQLITE_ROW ? BALINT_STORED : BALINT_STORE_FAILED;
}

bool balint_attendance_each(struct balint_store *store, const char *group, const char *member,
                            balint_attended_each each, void *context, char why[BALINT_WHY_SIZE])
{
    int result = SQLITE_DONE;
    /* The day of a session is that of who came first. */
    sqlite3_stmt *statement = balint_sql(
        store,
        "SELECT (SELECT min(b.came_s) FROM attendance b WHERE b.grp = a.grp AND b.session = a.session) AS "
        "began,"
        " member, name, role, came_s, ms FROM attendance a WHERE grp = ?1 AND (?2 = '' OR member = ?2)"
        " ORDER BY began, name, member",
        "ss", group, member != NULL ? member : "");
    bool ok = statement != NULL;
    while (ok && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        struct balint_attendant person = {.role = role_of(balint_sql_text(statement, 3)),
                                          .came_s = sqlite3_column_int64(statement, 4),
                                          .counted_us = sqlite3_column_int64(statement, 5) * 1000};
        copy(person.member, sizeof person.member, statement, 1);
        copy(person.name, sizeof person.name, statement, 2);
        each(sqlite3_column_int64(statement, 0), &person, context);
    }
    ok = ok && result == SQLITE_DONE;
    if (!ok)
        balint_store_cannot(store, why);
    sqlite3_finalize(statement);
    return ok;
}
