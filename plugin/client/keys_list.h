/* keys_list.h - inside keys.c: a group's server and whom invitations were made for, as JSON, either way.
 *
 * {"server": "https://…", "people": [{"member", "name", "role", "serial", "from", "until", "revoked"}]}; what
 * is beside it is not looked at. One thread.
 */
#ifndef BALINT_CLIENT_KEYS_LIST_H
#define BALINT_CLIENT_KEYS_LIST_H

#include "client/keys.h"

#include <jansson.h>

/* Appends what is there to `keys`. False: it is no such list. */
bool balint_keys_read_list(struct balint_keys *keys, json_t *root);
/* A new reference, or NULL without memory. */
json_t *balint_keys_list(const struct balint_keys *keys);

#endif
