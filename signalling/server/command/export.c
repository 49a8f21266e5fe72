/* export.c - `export`: everything that is stored about one person, as JSON. */
#include "server/command/commands.h"
#include "server/frame/people.h"

#include <stdlib.h>
#include <string.h>

static void take_invitation(const char *member, const struct balint_certificate *certificate, bool revoked,
                            void *context)
{
    json_t *row = balint_invitation_json(member, certificate, revoked);
    char key[BALINT_BASE64_SIZE(BALINT_KEY_SIZE)];
    balint_base64(certificate->key, sizeof certificate->key, key);
    json_object_set_new(row, "public_key", json_string(key));
    json_array_append_new(context, row);
}

static void take_attendance(int64_t began_s, const struct balint_attendant *person, void *context)
{
    char day[11];
    balint_day_of(began_s, day);
    json_array_append_new(context,
                          json_pack("{ss, ss, ss, sI, sI}", "date", day, "name", person->name, "role",
                                    balint_role_name(person->role), "came_s", (json_int_t)person->came_s,
                                    "ms", (json_int_t)(person->counted_us / 1000)));
}

static void take_follow_up(int64_t number, const char *member, const char *due, void *context)
{
    (void)number, (void)member;
    json_array_append_new(context, json_string(due));
}

static json_t *lines_of(const char *text)
{
    json_t *lines = json_array();
    while (text != NULL && *text != '\0') {
        size_t length = strcspn(text, "\n");
        json_array_append_new(lines, json_stringn(text, length));
        text += length + (text[length] == '\n');
    }
    return lines;
}

bool balint_person_export(struct balint_call *call)
{
    const char *group = call->words[0];
    char member[BALINT_ID_SIZE], *seat = NULL;
    json_t *invitations = json_array(), *attendance = json_array(), *follow_ups = json_array();
    bool ok = balint_member_find(call->store, group, call->words[1], member, call->why) &&
              balint_invited(call->store, group, member, take_invitation, invitations, call->why) &&
              balint_attendance_each(call->store, group, member, take_attendance, attendance, call->why) &&
              balint_follow_ups(call->store, group, member, take_follow_up, follow_ups, call->why) &&
              balint_member_seat(call->store, group, member, &seat, call->why);
    if (ok)
        ok = balint_call_print(call, json_pack("{ss, ss, so, so, so, so}", "group", group, "member", member,
                                               "invitations", json_incref(invitations), "attendance",
                                               json_incref(attendance), "follow_ups_due",
                                               json_incref(follow_ups), "running_session", lines_of(seat)));
    free(seat);
    json_decref(invitations);
    json_decref(attendance);
    json_decref(follow_ups);
    return ok;
}
