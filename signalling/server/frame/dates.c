/* dates.c - series of evenings in the database, see frame.h. */
#include "identity/identity.h"
#include "server/frame/frame.h"
#include "server/frame/sql.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A random UUID, RFC 4122 4.4. */
static bool make_uid(char uid[37])
{
    uint8_t random[16];
    if (!balint_random(random, sizeof random))
        return false;
    random[6] = (uint8_t)((random[6] & 0x0f) | 0x40);
    random[8] = (uint8_t)((random[8] & 0x3f) | 0x80);
    for (int i = 0, at = 0; i < 16; i++) {
        at += snprintf(uid + at, 37 - (size_t)at, "%02x%s", random[i],
                       i == 3 || i == 5 || i == 7 || i == 9 ? "-" : "");
    }
    return true;
}

static bool write_dates(struct balint_store *store, const struct balint_series *series,
                        char why[BALINT_WHY_SIZE])
{
    bool ok = true;
    for (int i = 0; ok && i < series->count; i++) {
        const struct balint_date *date = &series->dates[i];
        ok = balint_sql_run(store, why,
                            "INSERT INTO dates (series, planned, begins, cancelled) VALUES (?1, ?2, ?3, ?4)"
                            " ON CONFLICT (series, planned) DO UPDATE SET begins = ?3, cancelled = ?4",
                            "issi", series->number, date->planned, date->begins, (int64_t)date->cancelled);
    }
    return ok;
}

bool balint_dates_add(struct balint_store *store, const char *group, struct balint_series *series,
                      int64_t now_s, char why[BALINT_WHY_SIZE])
{
    if (!make_uid(series->uid)) {
        snprintf(why, BALINT_WHY_SIZE, "This system gives no random numbers, so no series can be made.");
        return false;
    }
    series->sequence = 0;
    series->changed_s = now_s;
    if (!balint_sql_begin(store, why))
        return false;
    bool ok = balint_sql_run(store, why,
                             "INSERT INTO series (grp, uid, zone, every, minutes, sequence, changed_s)"
                             " VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6)",
                             "ssssii", group, series->uid, series->zone, balint_every_name(series->every),
                             (int64_t)series->minutes, now_s);
    series->number = sqlite3_last_insert_rowid(balint_store_db(store));
    ok = ok && write_dates(store, series, why);
    return balint_sql_end(store, ok, why);
}

bool balint_dates_change(struct balint_store *store, struct balint_series *series, int64_t now_s,
                         char why[BALINT_WHY_SIZE])
{
    if (!balint_sql_begin(store, why))
        return false;
    /* Later than the change before, also when the clock was put back: calendars take the newest. */
    int64_t changed_s = now_s > series->changed_s ? now_s : series->changed_s + 1;
    bool ok = balint_sql_run(
        store, why,
        "UPDATE series SET sequence = sequence + 1, changed_s = ?3 WHERE number = ?1 AND sequence = ?2",
        "iii", series->number, (int64_t)series->sequence, changed_s);
    if (ok && sqlite3_changes(balint_store_db(store)) != 1) {
        snprintf(why, BALINT_WHY_SIZE,
                 "Somebody else changed these dates just now. Look at them, and try again.");
        ok = false;
    }
    ok = ok && write_dates(store, series, why);
    if (!balint_sql_end(store, ok, why))
        return false;
    series->sequence++;
    series->changed_s = changed_s;
    return true;
}

/* ---- reading */
static void copy(char *to, size_t size, sqlite3_stmt *statement, int column)
{
    snprintf(to, size, "%s", balint_sql_text(statement, column));
}

static bool read_dates(struct balint_store *store, struct balint_series *series)
{
    int result;
    sqlite3_stmt *statement =
        balint_sql(store, "SELECT planned, begins, cancelled FROM dates WHERE series = ?1 ORDER BY planned",
                   "i", series->number);
    if (statement == NULL)
        return false;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW && series->count < BALINT_DATES_MAX) {
        struct balint_date *date = &series->dates[series->count++];
        copy(date->planned, sizeof date->planned, statement, 0);
        copy(date->begins, sizeof date->begins, statement, 1);
        date->cancelled = sqlite3_column_int(statement, 2) != 0;
    }
    sqlite3_finalize(statement);
    return result == SQLITE_DONE || result == SQLITE_ROW;
}

static bool read_series(struct balint_store *store, sqlite3_stmt *statement, struct balint_series *series)
{
    memset(series, 0, sizeof *series);
    series->number = sqlite3_column_int64(statement, 0);
    copy(series->uid, sizeof series->uid, statement, 1);
    copy(series->zone, sizeof series->zone, statement, 2);
    if (!balint_every_read(&series->every, balint_sql_text(statement, 3)))
        series->every = BALINT_ONCE;
    series->minutes = sqlite3_column_int(statement, 4);
    series->sequence = sqlite3_column_int(statement, 5);
    series->changed_s = sqlite3_column_int64(statement, 6);
    return read_dates(store, series);
}

bool balint_dates_list(struct balint_store *store, const char *group, struct balint_series **series,
                       int *count, char why[BALINT_WHY_SIZE])
{
    int result = SQLITE_DONE;
    struct balint_series *all = NULL;
    sqlite3_stmt *statement =
        balint_sql(store,
                   "SELECT number, uid, zone, every, minutes, sequence, changed_s FROM series"
                   " WHERE grp = ?1 ORDER BY number",
                   "s", group);
    bool ok = statement != NULL;
    *count = 0;
    while (ok && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        struct balint_series *more = realloc(all, (size_t)(*count + 1) * sizeof *all);
        if (more != NULL)
            all = more;
        ok = more != NULL && read_series(store, statement, &all[*count]);
        *count += ok;
    }
    ok = ok && result == SQLITE_DONE;
    if (!ok)
        balint_store_cannot(store, why);
    sqlite3_finalize(statement);
    if (ok) {
        *series = all;
        return true;
    }
    free(all);
    *series = NULL;
    *count = 0;
    return false;
}
