/* people.c - what the database has about one person of a group, see people.h. */
#include "server/frame/people.h"
#include "server/frame/sql.h"

#include <inttypes.h>
#include <string.h>

bool balint_invited(struct balint_store *store, const char *group, const char *member,
                    balint_invited_each each, void *context, char why[BALINT_WHY_SIZE])
{
    int result = SQLITE_DONE;
    sqlite3_stmt *statement =
        balint_sql(store,
                   "SELECT i.member, i.certificate, i.serial < coalesce(r.below, 0) FROM invitations i LEFT "
                   "JOIN revocations r"
                   " ON r.grp = i.grp AND r.member = i.member WHERE i.grp = ?1 AND (?2 = '' OR i.member = ?2)"
                   " ORDER BY i.member, i.serial",
                   "ss", group, member != NULL ? member : "");
    bool ok = statement != NULL;
    while (ok && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        struct balint_certificate certificate;
        const void *bytes = sqlite3_column_blob(statement, 1);
        /* ROOT is not asked: it may be another one by now, and this is for showing. */
        if (bytes == NULL ||
            !balint_certificate_read(&certificate, bytes, (size_t)sqlite3_column_bytes(statement, 1), NULL))
            memset(&certificate, 0, sizeof certificate);
        each(balint_sql_text(statement, 0), &certificate, sqlite3_column_int(statement, 2) != 0, context);
    }
    ok = ok && result == SQLITE_DONE;
    if (!ok)
        balint_store_cannot(store, why);
    sqlite3_finalize(statement);
    return ok;
}

/* ---- finding somebody */
struct search {
    const char *text;
    char member[BALINT_ID_SIZE], name[BALINT_NAME_SIZE]; /* of the last that fits */
    bool exact, several;
};

static void look_at(struct search *search, const char *member, const char *name)
{
    bool exact = strcmp(member, search->text) == 0;
    if (search->exact || (!exact && strcmp(name, search->text) != 0))
        return;
    search->several = !exact && search->member[0] != '\0' && strcmp(search->member, member) != 0;
    search->exact = exact;
    snprintf(search->member, sizeof search->member, "%s", member);
}

static void look_at_invitation(const char *member, const struct balint_certificate *certificate, bool revoked,
                               void *context)
{
    (void)revoked;
    look_at(context, member, certificate->name);
}

static void look_at_attendant(int64_t began_s, const struct balint_attendant *person, void *context)
{
    (void)began_s;
    look_at(context, person->member, person->name);
}

bool balint_member_find(struct balint_store *store, const char *group, const char *text,
                        char member[BALINT_ID_SIZE], char why[BALINT_WHY_SIZE])
{
    struct search search = {.text = text};
    if (!balint_invited(store, group, NULL, look_at_invitation, &search, why) ||
        !balint_attendance_each(store, group, NULL, look_at_attendant, &search, why))
        return false;
    if (search.member[0] == '\0' || search.several) {
        snprintf(why, BALINT_WHY_SIZE,
                 search.several
                     ? "Several people are called \"%.*s\". Give the member id; `balint-server members list` "
                       "shows it."
                     : "Nobody is called \"%.*s\" in this group. `balint-server members list` shows who is "
                       "invited.",
                 BALINT_NAME_SIZE, text);
        return false;
    }
    strcpy(member, search.member);
    return true;
}

static void take_name(const char *member, const struct balint_certificate *certificate, bool revoked,
                      void *context)
{
    (void)member, (void)revoked;
    if (certificate->name[0] != '\0')
        strcpy(context, certificate->name);
}

bool balint_member_name(struct balint_store *store, const char *group, const char *member,
                        char name[BALINT_NAME_SIZE], char why[BALINT_WHY_SIZE])
{
    snprintf(name, BALINT_NAME_SIZE, "%s", member);
    return balint_invited(store, group, member, take_name, name, why);
}

/* ---- follow-ups */
bool balint_follow_up_add(struct balint_store *store, const char *group, const char *member, const char *due,
                          char why[BALINT_WHY_SIZE])
{
    if (!balint_sql_run(
            store, why,
            "INSERT INTO follow_ups (grp, member, due) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING", "sss",
            group, member, due))
        return false;
    if (sqlite3_changes(balint_store_db(store)) == 1)
        return true;
    snprintf(why, BALINT_WHY_SIZE, "A follow-up of this person is due on %s already.", due);
    return false;
}

bool balint_follow_ups(struct balint_store *store, const char *group, const char *member,
                       balint_follow_up_each each, void *context, char why[BALINT_WHY_SIZE])
{
    int result = SQLITE_DONE;
    sqlite3_stmt *statement = balint_sql(store,
                                         "SELECT number, member, due FROM follow_ups WHERE grp = ?1"
                                         " AND (?2 = '' OR member = ?2) ORDER BY due, number",
                                         "ss", group, member != NULL ? member : "");
    bool ok = statement != NULL;
    while (ok && (result = sqlite3_step(statement)) == SQLITE_ROW)
        each(sqlite3_column_int64(statement, 0), balint_sql_text(statement, 1), balint_sql_text(statement, 2),
             context);
    ok = ok && result == SQLITE_DONE;
    if (!ok)
        balint_store_cannot(store, why);
    sqlite3_finalize(statement);
    return ok;
}

bool balint_follow_up_done(struct balint_store *store, const char *group, int64_t number,
                           char why[BALINT_WHY_SIZE])
{
    if (!balint_sql_run(store, why, "DELETE FROM follow_ups WHERE grp = ?1 AND number = ?2", "si", group,
                        number))
        return false;
    if (sqlite3_changes(balint_store_db(store)) == 1)
        return true;
    snprintf(why, BALINT_WHY_SIZE,
             "This group has no follow-up %" PRId64 ". `balint-server follow-up list` shows them.", number);
    return false;
}
