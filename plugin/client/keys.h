/* keys.h - a leader's own directory: ROOT of each group, its server, and whom invitations were made for.
 *
 * $BALINT_HOME, else $XDG_DATA_HOME/balint, else ~/.local/share/balint, mode 0700, with one folder a group:
 * groups/GROUP/root (ROOT's seed as base64url, or that under a passphrase, seal.h; 0600) and
 * groups/GROUP/group.json (0600). Why so picky about modes: who can read ROOT can be anybody in that group,
 * who can replace it can invite anybody. Files only change by rename, so that a crash leaves the old or the
 * new one. A lock keeps two invitations from writing over each other. One thread.
 */
#ifndef BALINT_CLIENT_KEYS_H
#define BALINT_CLIENT_KEYS_H

#include "client/why.h"
#include "identity/identity.h"

/* An invitation that was made: never TOKEN or SEED, those exist in the link alone. */
struct balint_issued {
    char member[BALINT_ID_SIZE];
    char name[BALINT_NAME_SIZE];
    enum balint_role role;
    uint64_t serial;
    int64_t from_s, until_s; /* Unix seconds */
    bool revoked;
};

struct balint_keys {
    char folder[PATH_MAX]; /* of the group */
    char server[300];      /* where the group lives, https://host[:port]; empty: not known yet */
    struct balint_key root;
    bool made;   /* ROOT was made by this call */
    bool sealed; /* ROOT lies under a passphrase */
    int lock;
    struct balint_issued *issued;
    int count, room;
};

/* Opens a group's folder and waits for its lock. With `make`, makes what is not there, ROOT included (already
 * on disk when this returns: what the server learns must never be lost here). False with `why`; then there is
 * nothing to close. */
bool balint_keys_open(struct balint_keys *keys, const char *group, bool make, char why[BALINT_WHY]);
/* The same, and asks for the passphrase, before it takes the lock, when ROOT lies under one. `file`: as in
 * balint_passphrase_read(). */
bool balint_keys_open_asking(struct balint_keys *keys, const char *group, bool make, const char *file,
                             char why[BALINT_WHY]);
/* Opens a group's folder for a new ROOT: `keys` has it, and the server, and nobody invited. It lies beside
 * the present one, which counts until balint_keys_replace. `made`: by this call; else an earlier one was cut
 * off before it was known whether the server has it. */
bool balint_keys_open_new(struct balint_keys *keys, const char *group, char why[BALINT_WHY]);
/* The new ROOT is the group's: what was before is kept beside it, under names with the time in them, and
 * named in `kept` (empty: there was nothing). */
bool balint_keys_replace(struct balint_keys *keys, int64_t now_s, char kept[PATH_MAX], char why[BALINT_WHY]);
/* It is not: forgets it. */
void balint_keys_drop_new(struct balint_keys *keys);
/* Does ROOT lie under a passphrase? Without the lock: whoever opens it finds out for good. */
bool balint_keys_sealed(const char *group);
/* Puts ROOT of an opened group under a passphrase, or (NULL) takes that off. */
bool balint_keys_protect(struct balint_keys *keys, const char *passphrase, char why[BALINT_WHY]);
/* Takes back what `make` made. */
void balint_keys_forget(struct balint_keys *keys);
/* Adds to the list in memory; false without memory. */
bool balint_keys_add(struct balint_keys *keys, const struct balint_issued *issued);
/* Writes server and list. */
bool balint_keys_save(struct balint_keys *keys, char why[BALINT_WHY]);
/* All that a co-leader needs: group, server, ROOT's seed, people, as JSON; to be wiped and freed. NULL: no
 * memory. */
char *balint_keys_text(const struct balint_keys *keys, const char *group);
/* Makes a group's folder from such a text; one that is there with another ROOT stays as it is. False with
 * `why`, and then nothing was kept. */
bool balint_keys_take(const char *text, size_t length, char why[BALINT_WHY]);
/* Wipes and unlocks; not yet saved changes are gone. */
void balint_keys_close(struct balint_keys *keys);

#endif
