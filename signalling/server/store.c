/* store.c - the database: schema, migration, what is read from it, and the subcommands' writes; see store.h.
 */
#include "server/frame/sql.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUSY_MS 5000 /* a subcommand and the writer may meet; a commit takes milliseconds */

/* Step i leads from version i to version i + 1. Steps are only ever added. */
static const char *const steps[] = {
    "CREATE TABLE groups (name TEXT PRIMARY KEY, code_hash BLOB, root BLOB, made_s INTEGER NOT NULL) STRICT;"
    "CREATE TABLE invitations (grp TEXT NOT NULL REFERENCES groups(name) ON DELETE CASCADE,"
    " member TEXT NOT NULL, serial INTEGER NOT NULL, certificate BLOB NOT NULL, from_s INTEGER NOT NULL,"
    " until_s INTEGER NOT NULL, PRIMARY KEY (grp, member, serial)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE revocations (grp TEXT NOT NULL REFERENCES groups(name) ON DELETE CASCADE,"
    " member TEXT NOT NULL, below INTEGER NOT NULL, PRIMARY KEY (grp, member)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE snapshots (grp TEXT PRIMARY KEY REFERENCES groups(name) ON DELETE CASCADE,"
    " text TEXT NOT NULL, saved_s INTEGER NOT NULL) STRICT;",
    /* The frame: what a group has between its evenings. */
    "CREATE TABLE settings (grp TEXT NOT NULL REFERENCES groups(name) ON DELETE CASCADE,"
    " name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (grp, name)) STRICT, WITHOUT ROWID;",
    /* Local times are 2026-12-03T19:30. */
    "CREATE TABLE series (number INTEGER PRIMARY KEY, grp TEXT NOT NULL REFERENCES groups(name)"
    " ON DELETE CASCADE, uid TEXT NOT NULL, zone TEXT NOT NULL, every TEXT NOT NULL,"
    " minutes INTEGER NOT NULL, sequence INTEGER NOT NULL, changed_s INTEGER NOT NULL) STRICT;"
    "CREATE INDEX series_by_group ON series (grp);"
    "CREATE TABLE dates (series INTEGER NOT NULL REFERENCES series(number) ON DELETE CASCADE,"
    " planned TEXT NOT NULL, begins TEXT NOT NULL, cancelled INTEGER NOT NULL,"
    " PRIMARY KEY (series, planned)) STRICT, WITHOUT ROWID;",
    "CREATE TABLE attendance (grp TEXT NOT NULL REFERENCES groups(name) ON DELETE CASCADE,"
    " session BLOB NOT NULL, member TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL,"
    " came_s INTEGER NOT NULL, ms INTEGER NOT NULL, PRIMARY KEY (grp, session, member))"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE follow_ups (number INTEGER PRIMARY KEY, grp TEXT NOT NULL REFERENCES groups(name)"
    " ON DELETE CASCADE, member TEXT NOT NULL, due TEXT NOT NULL, UNIQUE (grp, member, due)) STRICT;",
};
#define VERSION ((int)(sizeof steps / sizeof steps[0]))

enum query { GROUP, INVITATION, REVOKED, SNAPSHOT, CHANGES, ADD, RENEW, REMOVE, LIST, QUERIES };
static const char *const queries[QUERIES] = {
    [GROUP] = "SELECT root FROM groups WHERE name = ?1",
    [INVITATION] = "SELECT i.certificate, i.serial < coalesce(r.below, 0) FROM invitations i LEFT JOIN"
                   " revocations r ON r.grp = i.grp AND r.member = i.member"
                   " WHERE i.grp = ?1 AND i.member = ?2 AND i.serial = ?3",
    [REVOKED] = "SELECT below FROM revocations WHERE grp = ?1 AND member = ?2",
    [SNAPSHOT] = "SELECT text FROM snapshots WHERE grp = ?1",
    [CHANGES] = "PRAGMA data_version",
    [ADD] = "INSERT INTO groups (name, code_hash, made_s) VALUES (?1, ?2, ?3) ON CONFLICT (name) DO UPDATE"
            " SET code_hash = ?2 WHERE root IS NULL",
    [RENEW] = "UPDATE groups SET code_hash = ?2 WHERE name = ?1 AND root IS NOT NULL",
    [REMOVE] = "DELETE FROM groups WHERE name = ?1",
    [LIST] = "SELECT g.name, g.root IS NOT NULL, count(i.member) FROM groups g LEFT JOIN invitations i"
             " ON i.grp = g.name GROUP BY g.name ORDER BY g.name",
};

struct balint_store {
    sqlite3 *db;
    sqlite3_stmt *made[QUERIES]; /* prepared at first use */
};
sqlite3 *balint_store_db(struct balint_store *store)
{
    return store->db;
}

/* What to do about an error of SQLite's. */
static const char *advice(int code)
{
    switch (code & 0xff) {
    case SQLITE_FULL:
        return "Make room on its disk";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return "Put the file back from a backup, or move it away and add the groups anew";
    case SQLITE_BUSY:
        return "Another program holds it: try again";
    case SQLITE_IOERR:
        return "Look after its disk, and for room on it";
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return "Check that the folder is yours to write, or choose another --data";
    default:
        return "Try again";
    }
}

static int version_of(sqlite3 *db)
{
    sqlite3_stmt *statement = NULL;
    int version = -1;
    if (sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        version = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return version;
}

/* Says what the last call on `db` failed of. */
static bool unusable(sqlite3 *db, const char *path, char why[BALINT_WHY_SIZE])
{
    snprintf(why, BALINT_WHY_SIZE, "%s cannot be used (%s). %s.", path,
             db != NULL ? sqlite3_errmsg(db) : "no memory", advice(db != NULL ? sqlite3_errcode(db) : 0));
    return false;
}

/* Brings the schema up to VERSION in one transaction. False with `why`: then it is as it was. */
static bool migrate(sqlite3 *db, const char *path, char why[BALINT_WHY_SIZE])
{
    char pragma[64];
    if (version_of(db) == VERSION)
        return true;
    if (sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
        return unusable(db, path, why);
    int from = version_of(db); /* again: another process may have been quicker */
    bool ok = from >= 0;
    for (int i = from; ok && i < VERSION; i++)
        ok = sqlite3_exec(db, steps[i], NULL, NULL, NULL) == SQLITE_OK;
    snprintf(pragma, sizeof pragma, "PRAGMA user_version = %d", VERSION);
    ok = ok && (from >= VERSION || sqlite3_exec(db, pragma, NULL, NULL, NULL) == SQLITE_OK) &&
         sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
    if (!ok) { /* first the words: taking it back succeeds, and that would be what is said */
        unusable(db, path, why);
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    }
    return ok;
}

/* Is the file there with nothing in it, in a folder that was in use? SQLite would take it for a new one. */
static bool is_emptied(const char *data, const char *path)
{
    char key[PATH_MAX];
    struct stat about;
    return stat(path, &about) == 0 && about.st_size == 0 &&
           (size_t)snprintf(key, sizeof key, "%s/door.key", data) < sizeof key && access(key, F_OK) == 0;
}

sqlite3 *balint_store_connect(const char *data, char why[BALINT_WHY_SIZE])
{
    char path[PATH_MAX];
    sqlite3 *db = NULL;
    if ((size_t)snprintf(path, sizeof path, "%s/balint.db", data) >= sizeof path) {
        snprintf(why, BALINT_WHY_SIZE, "The path of the data folder is too long. Choose a shorter one.");
        return NULL;
    }
    if (is_emptied(data, path)) {
        snprintf(why, BALINT_WHY_SIZE, "%s is empty, though door.key beside it was in use. %s.", path,
                 advice(SQLITE_CORRUPT));
        return NULL;
    }
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    bool ok = sqlite3_open_v2(path, &db, flags, NULL) == SQLITE_OK &&
              sqlite3_busy_timeout(db, BUSY_MS) == SQLITE_OK &&
              sqlite3_exec(db,
                           "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;"
                           "PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON;",
                           NULL, NULL, NULL) == SQLITE_OK;
    int version = ok ? version_of(db) : -1;
    if (version > VERSION) {
        snprintf(why, BALINT_WHY_SIZE,
                 "%s was made by a newer balint-server. Update this one, or choose another --data.", path);
        ok = false;
    } else if (!ok || version < 0) {
        ok = unusable(db, path, why);
    } else {
        ok = migrate(db, path, why);
    }
    if (ok)
        return db;
    sqlite3_close(db);
    return NULL;
}

bool balint_store_sound(struct balint_store *store, char why[BALINT_WHY_SIZE])
{
    const char *path = sqlite3_db_filename(store->db, "main");
    sqlite3_stmt *statement = NULL;
    bool ran = sqlite3_prepare_v2(store->db, "PRAGMA quick_check(1)", -1, &statement, NULL) == SQLITE_OK &&
               sqlite3_step(statement) == SQLITE_ROW;
    int code = ran ? SQLITE_CORRUPT : sqlite3_errcode(store->db) & 0xff;
    bool ok = ran && strcmp(balint_sql_text(statement, 0), "ok") == 0;
    if (!ok && code != SQLITE_CORRUPT && code != SQLITE_NOTADB)
        unusable(store->db, path, why); /* a disk that fails, say */
    else if (!ok)                       /* what it says names pages and trees: nothing to do by it */
        snprintf(why, BALINT_WHY_SIZE, "%s is damaged: parts of it are not as they were written. %s.", path,
                 advice(code));
    sqlite3_finalize(statement);
    return ok;
}

struct balint_store *balint_store_open(const char *data, char why[BALINT_WHY_SIZE])
{
    sqlite3 *db = balint_store_connect(data, why);
    struct balint_store *store = db != NULL ? calloc(1, sizeof *store) : NULL;
    if (store == NULL) {
        if (db != NULL)
            snprintf(why, BALINT_WHY_SIZE, "There is no memory left.");
        sqlite3_close(db);
        return NULL;
    }
    store->db = db;
    return store;
}

bool balint_store_is_there(const char *data)
{
    char path[PATH_MAX];
    if ((size_t)snprintf(path, sizeof path, "%s/balint.db", data) >= sizeof path)
        return true;
    return access(path, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

void balint_store_close(struct balint_store *store)
{
    if (store == NULL)
        return;
    for (int i = 0; i < QUERIES; i++)
        sqlite3_finalize(store->made[i]);
    sqlite3_close(store->db);
    free(store);
}

/* A statement ready to be bound, or NULL. Give it back with done(). */
static sqlite3_stmt *prepare(struct balint_store *store, enum query query)
{
    if (store->made[query] == NULL)
        sqlite3_prepare_v3(store->db, queries[query], -1, SQLITE_PREPARE_PERSISTENT, &store->made[query],
                           NULL);
    return store->made[query];
}

static void done(sqlite3_stmt *statement)
{
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
}

static enum balint_stored step(sqlite3_stmt *statement)
{
    int result = sqlite3_step(statement);
    return result == SQLITE_ROW    ? BALINT_STORED
           : result == SQLITE_DONE ? BALINT_NOT_STORED
                                   : BALINT_STORE_FAILED;
}

static void bind_text(sqlite3_stmt *statement, int at, const char *text)
{
    sqlite3_bind_text(statement, at, text, -1, SQLITE_TRANSIENT);
}

enum balint_stored balint_store_group(struct balint_store *store, const char *name,
                                      struct balint_store_group *group)
{
    sqlite3_stmt *statement = prepare(store, GROUP);
    if (statement == NULL)
        return BALINT_STORE_FAILED;
    memset(group, 0, sizeof *group);
    bind_text(statement, 1, name);
    enum balint_stored result = step(statement);
    if (result == BALINT_STORED && sqlite3_column_bytes(statement, 0) == BALINT_KEY_SIZE) {
        memcpy(group->root, sqlite3_column_blob(statement, 0), BALINT_KEY_SIZE);
        group->founded = true;
    }
    done(statement);
    return result;
}

enum balint_stored balint_store_invitation(struct balint_store *store, const char *group, const char *member,
                                           uint64_t serial, struct balint_certificate_bytes *certificate,
                                           bool *revoked)
{
    sqlite3_stmt *statement = prepare(store, INVITATION);
    if (statement == NULL)
        return BALINT_STORE_FAILED;
    bind_text(statement, 1, group);
    bind_text(statement, 2, member);
    sqlite3_bind_int64(statement, 3, serial > INT64_MAX ? -1 : (int64_t)serial);
    enum balint_stored result = step(statement);
    if (result == BALINT_STORED) {
        int length = sqlite3_column_bytes(statement, 0);
        if (length > 0 && (size_t)length <= sizeof certificate->data) {
            memcpy(certificate->data, sqlite3_column_blob(statement, 0), (size_t)length);
            certificate->length = (uint16_t)length;
            *revoked = sqlite3_column_int(statement, 1) != 0;
        } else {
            result = BALINT_STORE_FAILED;
        }
    }
    done(statement);
    return result;
}

enum balint_stored balint_store_revoked(struct balint_store *store, const char *group, const char *member,
                                        uint64_t *below)
{
    sqlite3_stmt *statement = prepare(store, REVOKED);
    if (statement == NULL)
        return BALINT_STORE_FAILED;
    bind_text(statement, 1, group);
    bind_text(statement, 2, member);
    enum balint_stored result = step(statement);
    if (result == BALINT_STORED)
        *below = (uint64_t)sqlite3_column_int64(statement, 0);
    done(statement);
    return result;
}

enum balint_stored balint_store_snapshot(struct balint_store *store, const char *group, char **text)
{
    sqlite3_stmt *statement = prepare(store, SNAPSHOT);
    *text = NULL;
    if (statement == NULL)
        return BALINT_STORE_FAILED;
    bind_text(statement, 1, group);
    enum balint_stored result = step(statement);
    if (result == BALINT_STORED) {
        const unsigned char *found = sqlite3_column_text(statement, 0);
        *text = found != NULL ? strdup((const char *)found) : NULL;
        result = *text != NULL ? BALINT_STORED : BALINT_STORE_FAILED;
    }
    done(statement);
    return result;
}

int64_t balint_store_changes(struct balint_store *store)
{
    sqlite3_stmt *statement = prepare(store, CHANGES);
    if (statement == NULL)
        return -1;
    int64_t changes = step(statement) == BALINT_STORED ? sqlite3_column_int64(statement, 0) : -1;
    done(statement);
    return changes;
}

bool balint_store_cannot(struct balint_store *store, char why[BALINT_WHY_SIZE])
{
    snprintf(why, BALINT_WHY_SIZE, "The database cannot be used (%s). %s.", sqlite3_errmsg(store->db),
             advice(sqlite3_errcode(store->db)));
    return false;
}

/* A code for a group, if it is one that `query` takes. */
static enum balint_stored put_code(struct balint_store *store, enum query query, const char *group,
                                   const uint8_t code_hash[BALINT_HASH_SIZE], int64_t now_s)
{
    sqlite3_stmt *statement = prepare(store, query);
    if (statement == NULL)
        return BALINT_STORE_FAILED;
    bind_text(statement, 1, group);
    sqlite3_bind_blob(statement, 2, code_hash, BALINT_HASH_SIZE, SQLITE_TRANSIENT);
    if (query == ADD)
        sqlite3_bind_int64(statement, 3, now_s);
    enum balint_stored result = step(statement);
    done(statement);
    if (result == BALINT_STORE_FAILED)
        return result;
    return sqlite3_changes(store->db) > 0 ? BALINT_STORED : BALINT_NOT_STORED;
}

bool balint_store_add(struct balint_store *store, const char *group,
                      const uint8_t code_hash[BALINT_HASH_SIZE], int64_t now_s, char why[BALINT_WHY_SIZE])
{
    enum balint_stored result = put_code(store, ADD, group, code_hash, now_s);
    if (result == BALINT_STORE_FAILED)
        return balint_store_cannot(store, why);
    if (result == BALINT_NOT_STORED)
        snprintf(
            why, BALINT_WHY_SIZE,
            "The group \"%s\" is founded already; its leader invites with `balint invite`. Is its key lost "
            "or stolen, `balint-server group renew` gives a code for a new one.",
            group);
    return result == BALINT_STORED;
}

bool balint_store_renew(struct balint_store *store, const char *group,
                        const uint8_t code_hash[BALINT_HASH_SIZE], char why[BALINT_WHY_SIZE])
{
    enum balint_stored result = put_code(store, RENEW, group, code_hash, 0);
    if (result == BALINT_STORE_FAILED)
        return balint_store_cannot(store, why);
    if (result == BALINT_NOT_STORED)
        snprintf(why, BALINT_WHY_SIZE,
                 "The group \"%s\" is not founded yet. `balint-server group add` gives the code for that.",
                 group);
    return result == BALINT_STORED;
}

bool balint_store_remove(struct balint_store *store, const char *group, char why[BALINT_WHY_SIZE])
{
    sqlite3_stmt *statement = prepare(store, REMOVE);
    if (statement == NULL)
        return balint_store_cannot(store, why);
    bind_text(statement, 1, group);
    enum balint_stored result = step(statement);
    done(statement);
    if (result == BALINT_STORE_FAILED)
        return balint_store_cannot(store, why);
    if (sqlite3_changes(store->db) > 0)
        return true;
    snprintf(why, BALINT_WHY_SIZE, "There is no group \"%s\". `balint-server group list` shows them.", group);
    return false;
}

bool balint_store_list(struct balint_store *store, balint_store_each each, void *context,
                       char why[BALINT_WHY_SIZE])
{
    sqlite3_stmt *statement = prepare(store, LIST);
    if (statement == NULL)
        return balint_store_cannot(store, why);
    enum balint_stored result;
    while ((result = step(statement)) == BALINT_STORED)
        each((const char *)sqlite3_column_text(statement, 0), sqlite3_column_int(statement, 1) != 0,
             sqlite3_column_int(statement, 2), context);
    done(statement);
    return result == BALINT_NOT_STORED || balint_store_cannot(store, why);
}
