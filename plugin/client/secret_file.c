/* secret_file.c - see secret_file.h. */
#include "client/secret_file.h"

#include "identity/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_checked(const char *path, bool own, char why[BALINT_WHY])
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | (own ? O_NOFOLLOW : 0));
    if (fd < 0) {
        int error = errno;
        balint_why(why, "%s cannot be read (%s). %s", path, strerror(error),
                   error == EACCES ? "Only its owner can use it." : "Name a file of your own.");
        errno = error;
        return -1;
    }
    if (fstat(fd, &info) != 0 || info.st_uid != geteuid() ||
        !(S_ISREG(info.st_mode) || (!own && S_ISFIFO(info.st_mode))))
        balint_why(why, "%s is not a file of your own. Put your own one there.", path);
    else if ((info.st_mode & 077) != 0)
        balint_why(why, "Others may read %s (mode %04o). If nobody did: chmod 600 %s", path,
                   info.st_mode & 07777u, path);
    else
        return fd;
    close(fd);
    errno = EACCES;
    return -1;
}

int balint_secret_open(const char *path, char why[BALINT_WHY])
{
    return open_checked(path, false, why);
}

int balint_secret_open_own(const char *path, char why[BALINT_WHY])
{
    return open_checked(path, true, why);
}

bool balint_secret_line(int fd, char *line, size_t size)
{
    size_t length = 0;
    bool ok = true;
    for (;;) {
        char byte;
        ssize_t got = read(fd, &byte, 1);
        if (got < 0 && errno == EINTR)
            continue;
        bool end = got <= 0 || byte == '\n';
        ok = got >= 0 && (end || length + 1 < size);
        if (end || !ok)
            break;
        line[length++] = byte;
    }
    if (ok && length > 0 && line[length - 1] == '\r')
        length--;
    if (!ok)
        balint_wipe(line, length);
    line[ok ? length : 0] = '\0';
    return ok;
}

/* The new name too survives a power cut; where that cannot be had, the rest holds. */
static void sync_folder(const char *path)
{
    char copy[PATH_MAX];
    snprintf(copy, sizeof copy, "%s", path);
    int folder = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        fsync(folder);
        close(folder);
    }
}

/* Not every file system knows how to rename without replacing, and not every one has hard links. */
static bool put(const char *path, const char *fresh, bool replace)
{
    if (replace)
        return rename(fresh, path) == 0;
    if (renameat2(AT_FDCWD, fresh, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
        return true;
    return errno == EINVAL && link(fresh, path) == 0 && unlink(fresh) == 0;
}

bool balint_secret_write(const char *path, const char *fresh, const char *text, size_t length, bool replace)
{
    int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool ok = fchmod(fd, 0600) == 0;
    for (size_t at = 0; ok && at < length;) {
        ssize_t written = write(fd, text + at, length - at);
        ok = written > 0 || (written < 0 && errno == EINTR);
        at += written > 0 ? (size_t)written : 0;
    }
    ok = ok && fsync(fd) == 0;
    int error = errno;
    if (close(fd) != 0 && ok) {
        error = errno;
        ok = false;
    }
    if (ok && put(path, fresh, replace)) {
        sync_folder(path);
        return true;
    }
    if (ok)
        error = errno;
    unlink(fresh);
    errno = error;
    return false;
}
