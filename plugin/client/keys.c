/* keys.c - a leader's own directory, see keys.h. */
#include "client/keys_list.h"
#include "client/passphrase.h"
#include "client/seal.h"
#include "client/secret_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define NEW_ROOT  "root.new"       /* until the server has it */
#define ROOT_HEAD "balint1 root\n" /* of a file under a passphrase */
#define ROOT_CAP  512              /* bytes of such a file; it has 132 */
#define SEED_TEXT BALINT_BASE64_SIZE(BALINT_SEED_SIZE)
#define LIST_CAP  (4 << 20) /* bytes of a group.json; ten thousand people */

static bool path_of(char path[PATH_MAX], const char *folder, const char *name, char why[BALINT_WHY])
{
    int made = snprintf(path, PATH_MAX, "%s/%s", folder, name);
    if (made < 0 || made >= PATH_MAX)
        return balint_why(why,
                          "The path of your Balint folder is too long. Set BALINT_HOME to a shorter one.");
    return true;
}

static bool home_of(char home[PATH_MAX], char why[BALINT_WHY])
{
    const char *own = getenv("BALINT_HOME"), *xdg = getenv("XDG_DATA_HOME"), *user = getenv("HOME");
    if (own != NULL && own[0] != '\0' && strlen(own) < PATH_MAX) {
        strcpy(home, own);
        return true;
    }
    if (xdg != NULL && xdg[0] == '/')
        return path_of(home, xdg, "balint", why);
    if (user != NULL && user[0] == '/')
        return path_of(home, user, ".local/share/balint", why);
    return balint_why(why, "There is no place for the group's key. Set BALINT_HOME to a folder of your own.");
}

/* Makes every missing folder of a path, 0700. */
static bool make_folders(const char *path, char why[BALINT_WHY])
{
    char part[PATH_MAX];
    snprintf(part, sizeof part, "%s", path);
    for (char *at = part + 1;; at++) {
        if (*at != '/' && *at != '\0')
            continue;
        bool last = *at == '\0';
        *at = '\0';
        if (mkdir(part, 0700) != 0 && errno != EEXIST)
            return balint_why(why,
                              "The folder %s cannot be made (%s). Set BALINT_HOME to a folder of your own.",
                              part, strerror(errno));
        if (last)
            return true;
        *at = '/';
    }
}

/* A folder that only its owner may change. */
static bool folder_ok(const char *path, char why[BALINT_WHY])
{
    struct stat info;
    errno = 0;
    if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode))
        return balint_why(why, "The folder %s cannot be used (%s). Set BALINT_HOME to a folder of your own.",
                          path, errno != 0 ? strerror(errno) : "not a folder");
    if (info.st_uid != geteuid())
        return balint_why(
            why, "The folder %s belongs to somebody else. Set BALINT_HOME to a folder of your own.", path);
    if ((info.st_mode & 022) != 0)
        return balint_why(why, "Others may change the folder %s. If nobody did: chmod 700 %s", path, path);
    return true;
}

/* Writes a file beside `name` and puts it in its place. */
static bool write_file(const struct balint_keys *keys, const char *name, const char *text, size_t length,
                       char why[BALINT_WHY])
{
    char path[PATH_MAX], fresh[PATH_MAX];
    if (!path_of(path, keys->folder, name, why) || !path_of(fresh, keys->folder, ".new", why))
        return false;
    unlink(fresh); /* of a run that crashed; the lock is ours */
    return balint_secret_write(path, fresh, text, length, true) ||
           balint_why(why, "%s cannot be written (%s). Make room, or set BALINT_HOME to another folder.",
                      path, strerror(errno));
}

/* Writes ROOT into that file, as it is or (with a passphrase) sealed. */
static bool write_seed(struct balint_keys *keys, const char *name, const char *passphrase,
                       char why[BALINT_WHY])
{
    char text[SEED_TEXT + 1], *sealed = NULL;
    balint_base64(keys->root.seed, sizeof keys->root.seed, text);
    strcat(text, "\n");
    if (passphrase != NULL)
        sealed = balint_seal(ROOT_HEAD, passphrase, text, strlen(text));
    bool ok = passphrase == NULL || sealed != NULL ||
              balint_why(why, "The key cannot be sealed: no memory, or no random numbers. Try again later.");
    const char *written = sealed != NULL ? sealed : text;
    ok = ok && write_file(keys, name, written, strlen(written), why);
    balint_wipe(text, sizeof text);
    free(sealed);
    return ok;
}

static bool write_root(struct balint_keys *keys, const char *passphrase, char why[BALINT_WHY])
{
    bool ok = write_seed(keys, "root", passphrase, why);
    keys->sealed = ok ? passphrase != NULL : keys->sealed;
    return ok;
}

static bool make_root(struct balint_keys *keys, char why[BALINT_WHY])
{
    if (!balint_key_make(&keys->root))
        return balint_why(why,
                          "This system gives no random numbers, so no key can be made. Try again later.");
    keys->made = write_root(keys, NULL, why);
    return keys->made;
}

/* ROOT out of its file's text. */
static bool parse_root(struct balint_keys *keys, const char *text, size_t length)
{
    uint8_t seed[BALINT_SEED_SIZE];
    bool ok = length == SEED_TEXT && text[SEED_TEXT - 1] == '\n' &&
              balint_unbase64(text, SEED_TEXT - 1, seed, sizeof seed) == sizeof seed &&
              balint_key_from_seed(&keys->root, seed);
    balint_wipe(seed, sizeof seed);
    return ok;
}

/* The same out of a sealed one. */
static bool unseal_root(struct balint_keys *keys, const char *group, const char *passphrase, const char *text,
                        size_t length, char why[BALINT_WHY])
{
    char *plain = NULL;
    size_t size = 0;
    keys->sealed = true;
    if (passphrase == NULL)
        return balint_why(why,
                          "The key of the group \"%s\" is under a passphrase here. Take that off first, with "
                          "`balint protect --off`.",
                          group);
    enum balint_unsealed result = balint_unseal(ROOT_HEAD, passphrase, text, length, &plain, &size);
    bool ok = result == BALINT_UNSEALED && parse_root(keys, plain, size);
    if (plain != NULL)
        balint_wipe(plain, size);
    free(plain);
    if (result == BALINT_UNSEAL_WRONG)
        return balint_why(why,
                          "That is not the passphrase of the group's key, or %s/root was changed. Try again.",
                          keys->folder);
    return ok || balint_why(why, "%s/root is damaged. Put the group's key back from a copy.", keys->folder);
}

static bool read_root(struct balint_keys *keys, const char *group, bool make, const char *passphrase,
                      char why[BALINT_WHY])
{
    char path[PATH_MAX], text[ROOT_CAP];
    if (!path_of(path, keys->folder, "root", why))
        return false;
    int fd = balint_secret_open_own(path, why);
    if (fd < 0 && errno == ENOENT && make)
        return make_root(keys, why);
    if (fd < 0)
        return errno != ENOENT
                   ? false
                   : balint_why(why,
                                "The group \"%s\" was not founded from this machine: its key is not here. Do "
                                "this where it was founded, or set BALINT_HOME.",
                                group);
    ssize_t length = read(fd, text, sizeof text);
    close(fd);
    if (length > 0 && balint_sealed(ROOT_HEAD, text, (size_t)length))
        return unseal_root(keys, group, passphrase, text, (size_t)length, why);
    bool ok = length > 0 && parse_root(keys, text, (size_t)length);
    balint_wipe(text, sizeof text);
    return ok ? true : balint_why(why, "%s is damaged. Put the group's key back from a copy.", path);
}

static bool read_list(struct balint_keys *keys, char why[BALINT_WHY])
{
    char path[PATH_MAX];
    if (!path_of(path, keys->folder, "group.json", why))
        return false;
    int fd = balint_secret_open_own(path, why);
    if (fd < 0)
        return errno == ENOENT; /* nobody was invited yet */
    struct stat info;
    json_t *root = fstat(fd, &info) == 0 && info.st_size <= LIST_CAP ? json_loadfd(fd, 0, NULL) : NULL;
    close(fd);
    bool ok = balint_keys_read_list(keys, root);
    json_decref(root);
    return ok ? true : balint_why(why, "%s is damaged. Put it back from a copy, or move it away.", path);
}

bool balint_keys_save(struct balint_keys *keys, char why[BALINT_WHY])
{
    json_t *root = balint_keys_list(keys);
    bool ok = root != NULL;
    char *text = ok ? json_dumps(root, JSON_INDENT(1)) : NULL;
    json_decref(root);
    if (text == NULL)
        return balint_why(why, "There is not enough memory. Close other programs and try again.");
    ok = write_file(keys, "group.json", text, strlen(text), why);
    free(text);
    return ok;
}

/* Folders and lock. The lock is on groups/, which is never removed. */
static bool open_folder(struct balint_keys *keys, const char *group, bool make, char why[BALINT_WHY])
{
    char home[PATH_MAX], groups[PATH_MAX], name[BALINT_GROUP_TEXT_SIZE];
    balint_group_encode(group, name);
    if (!home_of(home, why) || !path_of(groups, home, "groups", why) ||
        !path_of(keys->folder, groups, name, why))
        return false;
    struct stat info;
    if (!make && stat(keys->folder, &info) != 0 && errno == ENOENT)
        return balint_why(
            why,
            "The group \"%s\" was not founded from this machine: its key is not here. Do this where "
            "it was founded, or set BALINT_HOME.",
            group);
    if ((make && !make_folders(groups, why)) || !folder_ok(home, why) || !folder_ok(groups, why))
        return false;
    keys->lock = open(groups, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (keys->lock < 0 || flock(keys->lock, LOCK_EX) != 0)
        return balint_why(why, "The folder %s cannot be locked (%s). Try again.", groups, strerror(errno));
    if (make && mkdir(keys->folder, 0700) != 0 && errno != EEXIST)
        return balint_why(why, "The folder %s cannot be made (%s). Set BALINT_HOME to a folder of your own.",
                          keys->folder, strerror(errno));
    return folder_ok(keys->folder, why);
}

static bool open_all(struct balint_keys *keys, const char *group, bool make, const char *passphrase,
                     char why[BALINT_WHY])
{
    memset(keys, 0, sizeof *keys);
    keys->lock = -1;
    if (open_folder(keys, group, make, why) && read_root(keys, group, make, passphrase, why) &&
        read_list(keys, why))
        return true;
    balint_keys_forget(keys);
    balint_keys_close(keys);
    return false;
}

/* The one that is there, or one that is made and on the disk before anybody hears of it. */
static bool read_or_make_new(struct balint_keys *keys, char why[BALINT_WHY])
{
    char path[PATH_MAX], text[ROOT_CAP];
    if (!path_of(path, keys->folder, NEW_ROOT, why))
        return false;
    int fd = balint_secret_open_own(path, why);
    ssize_t length = fd >= 0 ? read(fd, text, sizeof text) : 0;
    if (fd >= 0)
        close(fd);
    bool there = length > 0 && parse_root(keys, text, (size_t)length);
    balint_wipe(text, sizeof text);
    if (there || (fd < 0 && errno != ENOENT))
        return there;
    if (!balint_key_make(&keys->root))
        return balint_why(why,
                          "This system gives no random numbers, so no key can be made. Try again later.");
    keys->made = write_seed(keys, NEW_ROOT, NULL, why);
    return keys->made;
}

bool balint_keys_open_new(struct balint_keys *keys, const char *group, char why[BALINT_WHY])
{
    memset(keys, 0, sizeof *keys);
    keys->lock = -1;
    if (open_folder(keys, group, true, why) && read_list(keys, why) && read_or_make_new(keys, why)) {
        keys->count = 0; /* with the old ROOT their invitations end */
        return true;
    }
    balint_keys_close(keys);
    return false;
}

/* `name` of the group's folder becomes `to`; fine when it is not there. */
static bool move(const struct balint_keys *keys, const char *name, const char *to, char why[BALINT_WHY])
{
    char from[PATH_MAX], path[PATH_MAX];
    if (!path_of(from, keys->folder, name, why) || !path_of(path, keys->folder, to, why))
        return false;
    return rename(from, path) == 0 || errno == ENOENT ||
           balint_why(why, "%s cannot be renamed (%s). Look after that folder, then do the same again.", from,
                      strerror(errno));
}

bool balint_keys_replace(struct balint_keys *keys, int64_t now_s, char kept[PATH_MAX], char why[BALINT_WHY])
{
    char root[64], list[64], path[PATH_MAX];
    snprintf(root, sizeof root, "root.until-%lld", (long long)now_s);
    snprintf(list, sizeof list, "group.json.until-%lld", (long long)now_s);
    if (!path_of(path, keys->folder, "root", why) || !path_of(kept, keys->folder, root, why))
        return false;
    if (access(path, F_OK) != 0)
        kept[0] = '\0';
    if (!path_of(path, keys->folder, NEW_ROOT, why))
        return false;
    if (access(path, F_OK) != 0) /* before anything is moved out of its way */
        return balint_why(why, "%s is gone (%s): run the same again.", path, strerror(errno));
    /* What can fail for want of room comes first: until the last step it can be done again. */
    if (!move(keys, "group.json", list, why))
        return false;
    if (!balint_keys_save(keys, why)) {
        char none[BALINT_WHY];
        move(keys, list, "group.json", none); /* it knows the server */
        return false;
    }
    if (!move(keys, "root", root, why) || !move(keys, NEW_ROOT, "root", why))
        return false;
    keys->made = false;
    keys->sealed = false;
    return true;
}

void balint_keys_drop_new(struct balint_keys *keys)
{
    char path[PATH_MAX], why[BALINT_WHY];
    if (path_of(path, keys->folder, NEW_ROOT, why))
        unlink(path);
    if (keys->lock >= 0)
        rmdir(keys->folder); /* when nothing else is in it */
    keys->made = false;
}

bool balint_keys_open(struct balint_keys *keys, const char *group, bool make, char why[BALINT_WHY])
{
    return open_all(keys, group, make, NULL, why);
}

bool balint_keys_sealed(const char *group)
{
    char home[PATH_MAX], path[PATH_MAX], why[BALINT_WHY], text[sizeof ROOT_HEAD];
    char name[BALINT_GROUP_TEXT_SIZE];
    balint_group_encode(group, name);
    if (!home_of(home, why))
        return false;
    int made = snprintf(path, sizeof path, "%s/groups/%s/root", home, name);
    int fd = made < PATH_MAX ? balint_secret_open_own(path, why) : -1;
    ssize_t length = fd >= 0 ? read(fd, text, sizeof text) : 0;
    if (fd >= 0)
        close(fd);
    bool sealed = length > 0 && balint_sealed(ROOT_HEAD, text, (size_t)length);
    balint_wipe(text, sizeof text);
    return sealed;
}

bool balint_keys_open_asking(struct balint_keys *keys, const char *group, bool make, const char *file,
                             char why[BALINT_WHY])
{
    char passphrase[BALINT_PASSPHRASE];
    if (!balint_keys_sealed(group))
        return balint_keys_open(keys, group, make, why);
    if (!balint_passphrase_read(file, "Passphrase of the group's key", false, passphrase, why))
        return false;
    bool ok = open_all(keys, group, make, passphrase, why);
    balint_wipe(passphrase, sizeof passphrase);
    return ok;
}

bool balint_keys_protect(struct balint_keys *keys, const char *passphrase, char why[BALINT_WHY])
{
    return write_root(keys, passphrase, why);
}

void balint_keys_forget(struct balint_keys *keys)
{
    char path[PATH_MAX], why[BALINT_WHY];
    if (keys->made && path_of(path, keys->folder, "root", why))
        unlink(path);
    if (keys->lock >= 0)
        rmdir(keys->folder); /* when nothing else is in it */
    keys->made = false;
}

void balint_keys_close(struct balint_keys *keys)
{
    balint_wipe(&keys->root, sizeof keys->root);
    free(keys->issued);
    keys->issued = NULL;
    if (keys->lock >= 0)
        close(keys->lock);
    keys->lock = -1;
}

char *balint_keys_text(const struct balint_keys *keys, const char *group)
{
    char seed[SEED_TEXT];
    json_t *root = balint_keys_list(keys);
    balint_base64(keys->root.seed, sizeof keys->root.seed, seed);
    bool ok = json_object_set_new(root, "group", json_string(group)) == 0 &&
              json_object_set_new(root, "root", json_string(seed)) == 0;
    char *text = ok ? json_dumps(root, JSON_COMPACT) : NULL;
    json_decref(root);
    balint_wipe(seed, sizeof seed);
    return text;
}

/* The group's folder with this ROOT, in `keys`: one that is there must be the same. */
static bool put_root(struct balint_keys *keys, const char *group, const struct balint_key *root,
                     char why[BALINT_WHY])
{
    char path[PATH_MAX];
    if (!open_folder(keys, group, true, why) || !path_of(path, keys->folder, "root", why))
        return false;
    if (access(path, F_OK) == 0) {
        if (!read_root(keys, group, false, NULL, why))
            return false;
        return balint_same(keys->root.public_half, root->public_half, BALINT_KEY_SIZE) ||
               balint_why(
                   why,
                   "Another key of the group \"%s\" is here already, in %s. Move that folder away first.",
                   group, keys->folder);
    }
    keys->root = *root;
    keys->made = write_root(keys, NULL, why);
    return keys->made;
}

bool balint_keys_take(const char *text, size_t length, char why[BALINT_WHY])
{
    struct balint_keys keys = {.lock = -1};
    struct balint_key root;
    uint8_t seed[BALINT_SEED_SIZE];
    json_t *all = json_loadb(text, length, 0, NULL);
    const char *group = json_string_value(json_object_get(all, "group"));
    const char *secret = json_string_value(json_object_get(all, "root"));
    bool ok = group != NULL && strlen(group) < BALINT_NAME_SIZE && balint_group_ok(group) && secret != NULL &&
              balint_unbase64(secret, strlen(secret), seed, sizeof seed) == sizeof seed &&
              balint_key_from_seed(&root, seed) && balint_keys_read_list(&keys, all);
    if (!ok)
        balint_why(why, "What is in that file is no group's key. Ask the leader for it again.");
    ok = ok && put_root(&keys, group, &root, why);
    /* Who has the same key here already keeps the own list. */
    if (ok && keys.made && !balint_keys_save(&keys, why))
        ok = false;
    if (!ok)
        balint_keys_forget(&keys);
    balint_keys_close(&keys);
    balint_wipe(seed, sizeof seed);
    balint_wipe(&root, sizeof root);
    json_decref(all);
    return ok;
}
