/* erase.c - a person in the snapshot of a session, and all about one deleted: see people.h. */
#include "server/frame/keep.h"
#include "server/frame/people.h"
#include "server/frame/sql.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SESSION_S (INT64_C(12) * 3600) /* no session lasts longer */
#define TRIES     5

static bool begins(const char *line, const char *word)
{
    return strncmp(line, word, strlen(word)) == 0;
}

/* The number of the seat whose block holds the line `member ID`; -1: nobody's. */
static int seat_of(const char *text, const char *member)
{
    char wanted[BALINT_ID_SIZE + 16];
    int seat = -1;
    snprintf(wanted, sizeof wanted, "member %s\n", member);
    for (const char *line = text; line != NULL && *line != '\0';
         line = strchr(line, '\n') != NULL ? strchr(line, '\n') + 1 : NULL) {
        if (begins(line, "seat "))
            seat = (int)strtol(line + 5, NULL, 10);
        else if (begins(line, wanted))
            return seat;
    }
    return -1;
}

/* All blocks of that seat: the room's records and the session's. */
static char *blocks_of(const char *text, int seat)
{
    char head[32], *all = calloc(1, strlen(text) + 1);
    bool inside = false;
    snprintf(head, sizeof head, "seat %d\n", seat);
    for (const char *line = text; all != NULL && *line != '\0';) {
        size_t length = strcspn(line, "\n");
        length += line[length] == '\n';
        if (begins(line, "seat "))
            inside = begins(line, head);
        else if (begins(line, "balint-") || begins(line, "end "))
            inside = false;
        if (inside)
            strncat(all, line, length);
        line += length;
    }
    return all;
}

bool balint_member_seat(struct balint_store *store, const char *group, const char *member, char **lines,
                        char why[BALINT_WHY_SIZE])
{
    char *text;
    *lines = NULL;
    enum balint_stored stored = balint_store_snapshot(store, group, &text);
    if (stored == BALINT_STORE_FAILED)
        return balint_store_cannot(store, why);
    int seat = text != NULL ? seat_of(text, member) : -1;
    if (seat >= 0)
        *lines = blocks_of(text, seat);
    free(text);
    return true;
}

/* Is the person named anywhere in the group's snapshot: on a seat, or in the signed roster, which is in hex?
 */
static bool is_in_snapshot(const char *text, const char *member)
{
    char hex[2 * BALINT_ID_SIZE] = "";
    for (size_t i = 0; member[i] != '\0'; i++)
        snprintf(hex + 2 * i, 3, "%02x", (unsigned char)member[i]);
    return seat_of(text, member) >= 0 || strstr(text, hex) != NULL;
}

/* Refuses while the person is in a session; a snapshot of one that is over goes as well. */
static bool is_free(struct balint_store *store, const char *group, const char *member, int64_t now_s,
                    char why[BALINT_WHY_SIZE])
{
    sqlite3_stmt *statement =
        balint_sql(store, "SELECT text, saved_s FROM snapshots WHERE grp = ?1", "s", group);
    int result = statement != NULL ? sqlite3_step(statement) : SQLITE_ERROR;
    bool named = result == SQLITE_ROW && is_in_snapshot(balint_sql_text(statement, 0), member);
    bool over = named && now_s - sqlite3_column_int64(statement, 1) > SESSION_S;
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        balint_store_cannot(store, why);
    sqlite3_finalize(statement);
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        return false;
    if (over)
        return balint_sql_run(store, why, "DELETE FROM snapshots WHERE grp = ?1", "s", group);
    if (named)
        snprintf(why, BALINT_WHY_SIZE,
                 "This person is in a session that is not over, and is not erased while it lasts. Try again "
                 "when all "
                 "have left it.");
    return !named;
}

bool balint_member_erase(struct balint_store *store, const char *group, const char *member, int64_t now_s,
                         char why[BALINT_WHY_SIZE])
{
    static const char *const deletes[] = {
        "DELETE FROM invitations WHERE grp = ?1 AND member = ?2",
        "DELETE FROM revocations WHERE grp = ?1 AND member = ?2",
        "DELETE FROM follow_ups WHERE grp = ?1 AND member = ?2",
        "DELETE FROM attendance WHERE grp = ?1 AND member = ?2",
    };
    if (!balint_sql_begin(store, why))
        return false;
    bool ok = is_free(store, group, member, now_s, why), scrubbed = false;
    for (size_t i = 0; ok && i < sizeof deletes / sizeof deletes[0]; i++)
        ok = balint_sql_run(store, why, deletes[i], "ss", group, member);
    if (!balint_sql_end(store, ok, why))
        return false;
    for (int i = 0; !scrubbed && i < TRIES; i++)
        scrubbed = balint_scrub(balint_store_db(store));
    if (!scrubbed) /* the rows are gone; their bytes may be somewhere in the files */
        snprintf(why, BALINT_WHY_SIZE,
                 "Deleted, but the file could not be written anew (%s). Make room, or wait, and run "
                 "`balint-server purge`.",
                 sqlite3_errmsg(balint_store_db(store)));
    return scrubbed;
}
