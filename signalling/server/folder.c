/* folder.c - the data folder, see folder.h. */
#include "server/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static bool path_of(char path[PATH_MAX], const char *data, const char *name, char why[BALINT_WHY_SIZE])
{
    if ((size_t)snprintf(path, PATH_MAX, "%s/%s", data, name) < PATH_MAX)
        return true;
    snprintf(why, BALINT_WHY_SIZE, "The path of the data folder is too long. Choose a shorter one.");
    return false;
}

static bool cannot(const char *path, char why[BALINT_WHY_SIZE])
{
    snprintf(why, BALINT_WHY_SIZE, "%s cannot be used (%s). Check whose it is, or choose another --data.",
             path, strerror(errno));
    return false;
}

bool balint_folder_make(const char *data, char why[BALINT_WHY_SIZE])
{
    char path[PATH_MAX];
    if (!path_of(path, data, "", why))
        return false;
    /* Each part of the path in turn; the ones above are ordinary folders. */
    for (char *at = path + 1; *at != '\0'; at++) {
        if (*at != '/')
            continue;
        *at = '\0';
        if (mkdir(path, at[1] == '\0' ? 0700 : 0755) != 0 && errno != EEXIST)
            return cannot(path, why);
        *at = '/';
    }
    if (access(path, R_OK | W_OK | X_OK) != 0)
        return cannot(data, why);
    return true;
}

int balint_folder_hold(const char *data, char why[BALINT_WHY_SIZE])
{
    char path[PATH_MAX];
    if (!path_of(path, data, "lock", why))
        return -1;
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) {
        cannot(path, why);
        return -1;
    }
    if (flock(file, LOCK_EX | LOCK_NB) == 0)
        return file;
    if (errno == EWOULDBLOCK)
        snprintf(why, BALINT_WHY_SIZE,
                 "Another balint-server holds %s. Stop that one, or choose another folder with --data.",
                 data);
    else
        cannot(path, why);
    close(file);
    return -1;
}

static bool write_whole(int file, const void *bytes, size_t length)
{
    const char *at = bytes;
    while (length > 0) {
        ssize_t written = write(file, at, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        at += written;
        length -= (size_t)written;
    }
    return true;
}

static bool make_key(const char *path, uint8_t key[BALINT_KEY_SIZE], char why[BALINT_WHY_SIZE])
{
    if (!balint_random(key, BALINT_KEY_SIZE)) {
        snprintf(why, BALINT_WHY_SIZE, "This system gives no random numbers, so no key can be made.");
        return false;
    }
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return cannot(path, why);
    bool ok = write_whole(file, key, BALINT_KEY_SIZE) && fsync(file) == 0;
    if (close(file) != 0 || !ok) {
        cannot(path, why);
        unlink(path); /* half a key would be refused for ever */
        return false;
    }
    return true;
}

bool balint_folder_key(const char *data, uint8_t key[BALINT_KEY_SIZE], char why[BALINT_WHY_SIZE])
{
    char path[PATH_MAX];
    struct stat about;
    if (!path_of(path, data, "door.key", why))
        return false;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0 && errno == ENOENT)
        return make_key(path, key, why);
    if (file < 0)
        return cannot(path, why);
    uint8_t bytes[BALINT_KEY_SIZE + 1];
    bool ok = false;
    if (fstat(file, &about) != 0)
        cannot(path, why);
    else if (!S_ISREG(about.st_mode) || (about.st_uid != geteuid() && about.st_uid != 0))
        snprintf(why, BALINT_WHY_SIZE, "%s is not a file of yours. Check who put it there.", path);
    else if ((about.st_mode & 077) != 0)
        snprintf(why, BALINT_WHY_SIZE,
                 "%s may be read by others (mode %03o). If nobody has, chmod 600 it; else remove it: all "
                 "links then "
                 "end.",
                 path, (unsigned)about.st_mode & 0777);
    else if (read(file, bytes, sizeof bytes) != BALINT_KEY_SIZE)
        snprintf(why, BALINT_WHY_SIZE,
                 "%s is not a whole key. Put it back from a backup, or remove it: all links then end.", path);
    else
        ok = true;
    close(file);
    if (ok)
        memcpy(key, bytes, BALINT_KEY_SIZE);
    balint_wipe(bytes, sizeof bytes);
    return ok;
}

bool balint_folder_address(const char *data, const char *url, char why[BALINT_WHY_SIZE])
{
    char path[PATH_MAX], fresh[PATH_MAX];
    if (!path_of(path, data, "address", why) || !path_of(fresh, data, "address.new", why))
        return false;
    if (url == NULL)
        return unlink(path) == 0 || errno == ENOENT || cannot(path, why);
    int file = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (file < 0)
        return cannot(fresh, why);
    bool ok = fchmod(file, 0644) == 0 && write_whole(file, url, strlen(url)) && write_whole(file, "\n", 1);
    ok = close(file) == 0 && ok && rename(fresh, path) == 0;
    return ok || cannot(path, why);
}
