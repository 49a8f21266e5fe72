/* keep.c - how long the database keeps what is over, see keep.h. */
#include "server/frame/keep.h"
#include "server/frame/series.h"

#include <sqlite3.h>
#include <stddef.h>

#define DAY_S INT64_C(86400)

/* ?1 is a time in Unix seconds, ?2 the same as a local time; rows from before go. */
enum since { TECHNICAL, SNAPSHOT, ATTENDANCE };
static const struct {
    enum since since;
    const char *sql;
} rules[] = {
    {TECHNICAL, "DELETE FROM invitations WHERE until_s < ?1"},
    {TECHNICAL, "DELETE FROM revocations WHERE NOT EXISTS (SELECT 1 FROM invitations i WHERE"
                " i.grp = revocations.grp AND i.member = revocations.member)"},
    {SNAPSHOT, "DELETE FROM snapshots WHERE saved_s < ?1"},
    {ATTENDANCE, "DELETE FROM attendance WHERE came_s < ?1"},
    {ATTENDANCE, "DELETE FROM series WHERE NOT EXISTS (SELECT 1 FROM dates d WHERE d.series = series.number"
                 " AND max(d.begins, d.planned) >= ?2)"},
    {ATTENDANCE, "DELETE FROM follow_ups WHERE due < ?2"},
};

static bool run(sqlite3 *db, const char *sql, int64_t before_s)
{
    sqlite3_stmt *statement = NULL;
    char before[BALINT_LOCAL_SIZE];
    struct balint_local local = balint_local_of_minutes(before_s / 60);
    balint_local_write(&local, before);
    bool ok = sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK;
    int values = ok ? sqlite3_bind_parameter_count(statement) : 0;
    if (values > 0)
        sqlite3_bind_int64(statement, 1, before_s);
    if (values > 1)
        sqlite3_bind_text(statement, 2, before, -1, SQLITE_STATIC);
    ok = ok && sqlite3_step(statement) == SQLITE_DONE;
    sqlite3_finalize(statement);
    return ok;
}

bool balint_purge(sqlite3 *db, int64_t now_s, const struct balint_keep *keep, int *deleted)
{
    const int64_t before_s[] = {
        [TECHNICAL] = now_s - keep->technical_days * DAY_S,
        [SNAPSHOT] = now_s - BALINT_KEEP_SNAPSHOT_S,
        [ATTENDANCE] = now_s - keep->attendance_days * DAY_S,
    };
    bool ok = true;
    int sum = 0;
    for (unsigned i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        bool done = run(db, rules[i].sql, before_s[rules[i].since]);
        sum += done ? sqlite3_changes(db) : 0;
        ok = ok && done;
    }
    if (deleted != NULL)
        *deleted = sum;
    return ok;
}

bool balint_scrub(sqlite3 *db)
{
    int frames = -1, moved = -1;
    /* secure_delete has overwritten what the rows were; VACUUM writes only what is left, whatever a page of
     * before may hold. Each alone suffices in the tests. */
    bool ok = sqlite3_exec(db, "PRAGMA temp_store = MEMORY; VACUUM", NULL, NULL, NULL) == SQLITE_OK;
    return sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, &frames, &moved) == SQLITE_OK &&
           ok;
}
