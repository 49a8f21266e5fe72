/* keys_list.c - see keys_list.h. */
#include "client/keys_list.h"

#include <stdlib.h>
#include <string.h>

#define ISSUED_CAP 16384

static bool read_person(struct balint_keys *keys, json_t *row)
{
    struct balint_issued issued = {0};
    const char *member, *name, *role;
    json_int_t serial, from, until;
    int revoked = 0, known = 0;
    if (json_unpack(row, "{s:s, s:s, s:s, s:I, s:I, s:I, s?b}", "member", &member, "name", &name, "role",
                    &role, "serial", &serial, "from", &from, "until", &until, "revoked", &revoked) != 0)
        return false;
    while (known < BALINT_ROLES && strcmp(balint_role_name((enum balint_role)known), role) != 0)
        known++;
    if (known == BALINT_ROLES || !balint_id_ok(member) || !balint_name_ok(name) || serial < 1)
        return false;
    strcpy(issued.member, member);
    strcpy(issued.name, name);
    issued.role = (enum balint_role)known;
    issued.serial = (uint64_t)serial;
    issued.from_s = from;
    issued.until_s = until;
    issued.revoked = revoked != 0;
    return balint_keys_add(keys, &issued);
}

bool balint_keys_read_list(struct balint_keys *keys, json_t *root)
{
    const char *server = json_string_value(json_object_get(root, "server"));
    json_t *people = json_object_get(root, "people"), *row;
    size_t index;
    bool ok = server != NULL && strlen(server) < sizeof keys->server && json_is_array(people);
    if (ok)
        strcpy(keys->server, server);
    if (ok) {
        json_array_foreach(people, index, row) ok = ok && read_person(keys, row);
    }
    return ok;
}

json_t *balint_keys_list(const struct balint_keys *keys)
{
    json_t *people = json_array();
    json_t *root = json_pack("{s:s, s:o}", "server", keys->server, "people", people);
    bool ok = root != NULL;
    for (int i = 0; ok && i < keys->count; i++) {
        const struct balint_issued *row = &keys->issued[i];
        ok = json_array_append_new(
                 people, json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:b}", "member", row->member, "name",
                                   row->name, "role", balint_role_name(row->role), "serial",
                                   (json_int_t)row->serial, "from", (json_int_t)row->from_s, "until",
                                   (json_int_t)row->until_s, "revoked", row->revoked)) == 0;
    }
    if (!ok) {
        json_decref(root);
        root = NULL;
    }
    return root;
}

bool balint_keys_add(struct balint_keys *keys, const struct balint_issued *issued)
{
    if (keys->count == keys->room) {
        int room = keys->room == 0 ? 32 : 2 * keys->room;
        struct balint_issued *more = NULL;
        if (room <= ISSUED_CAP)
            more = realloc(keys->issued, (size_t)room * sizeof *more);
        if (more == NULL)
            return false;
        keys->issued = more;
        keys->room = room;
    }
    keys->issued[keys->count++] = *issued;
    return true;
}
