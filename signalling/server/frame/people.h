/* people.h - what the database has about one person of a group: invitations, follow-ups, and their erasing.
 *
 * Names and roles are read from the certificates that ROOT signed. No token, link or key is among it. One
 * thread a connection.
 */
#ifndef BALINT_PEOPLE_H
#define BALINT_PEOPLE_H

#include "identity/identity.h"
#include "server/frame/frame.h"

/* Calls `each` for every invitation of a group, or of one member (NULL: all), by member and serial. A
 * certificate that cannot be read has an empty name. False with `why`. */
typedef void (*balint_invited_each)(const char *member, const struct balint_certificate *certificate,
                                    bool revoked, void *context);
bool balint_invited(struct balint_store *store, const char *group, const char *member,
                    balint_invited_each each, void *context, char why[BALINT_WHY_SIZE]);

/* Finds a person by member id, or by a name that only one has. False with `why`. */
bool balint_member_find(struct balint_store *store, const char *group, const char *text,
                        char member[BALINT_ID_SIZE], char why[BALINT_WHY_SIZE]);
/* A member's newest name, or the id when there is none any more. */
bool balint_member_name(struct balint_store *store, const char *group, const char *member,
                        char name[BALINT_NAME_SIZE], char why[BALINT_WHY_SIZE]);

/* A case of `member` is to be looked at again on the day `due`: who and which evening, nothing else. */
bool balint_follow_up_add(struct balint_store *store, const char *group, const char *member, const char *due,
                          char why[BALINT_WHY_SIZE]);
typedef void (*balint_follow_up_each)(int64_t number, const char *member, const char *due, void *context);
bool balint_follow_ups(struct balint_store *store, const char *group, const char *member,
                       balint_follow_up_each each, void *context, char why[BALINT_WHY_SIZE]);
/* It was looked at: nothing is kept of it. */
bool balint_follow_up_done(struct balint_store *store, const char *group, int64_t number,
                           char why[BALINT_WHY_SIZE]);

/* What the snapshot of a session that is not over has of a member's seat, as its lines stand there; to be
 * freed. NULL: nothing. False with `why`. */
bool balint_member_seat(struct balint_store *store, const char *group, const char *member, char **lines,
                        char why[BALINT_WHY_SIZE]);
/* Deletes all about a person, and every byte of it in the files. Refused while the person is in a session. */
bool balint_member_erase(struct balint_store *store, const char *group, const char *member, int64_t now_s,
                         char why[BALINT_WHY_SIZE]);

#endif
