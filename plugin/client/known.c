/* known.c - see known.h. */
#include "client/known.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "call/devices.h"

#define ID_BYTES  12
#define FILE_SIZE (2 * BALINT_DEVICES * BALINT_DEVICE_LINE) /* what is longer was not written here */

static char *path_of(const char *link)
{
    struct balint_link parsed;
    uint8_t hash[BALINT_HASH_SIZE];
    char id[BALINT_BASE64_SIZE(ID_BYTES)];
    const char *why;
    bool ok = balint_link_parse(&parsed, link, &why) && balint_hash(parsed.root, sizeof parsed.root, hash);
    balint_wipe(&parsed, sizeof parsed);
    if (!ok)
        return NULL;
    balint_base64(hash, ID_BYTES, id);
    const char *home = g_getenv("BALINT_HOME");
    return home != NULL && *home != '\0'
               ? g_build_filename(home, "known", id, NULL)
               : g_build_filename(g_get_user_data_dir(), "balint", "known", id, NULL);
}

/* The file's text, which the caller frees; the empty one where there is no file yet, NULL with errno. */
static char *read_text(const char *path)
{
    struct stat info;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
        return errno == ENOENT ? g_strdup("") : NULL;
    char *text = NULL;
    if (fstat(file, &info) == 0 && S_ISREG(info.st_mode) && info.st_size <= FILE_SIZE) {
        text = g_malloc0((gsize)info.st_size + 1);
        if (read(file, text, (size_t)info.st_size) != info.st_size)
            g_clear_pointer(&text, g_free);
    } else {
        errno = EFBIG;
    }
    close(file);
    return text;
}

static bool write_text(const char *path, const GString *text)
{
    char *beside = g_strdup_printf("%s.new", path);
    unlink(beside); /* of a program that was killed; the lock is ours */
    int file = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool ok = file >= 0 && write(file, text->str, text->len) == (ssize_t)text->len && fsync(file) == 0;
    int error = errno;
    if (file >= 0 && close(file) != 0 && ok) {
        error = errno;
        ok = false;
    }
    if (ok && rename(beside, path) != 0) {
        error = errno;
        ok = false;
    }
    if (!ok)
        unlink(beside);
    g_free(beside);
    errno = error;
    return ok;
}

/* Both lists as one text. 0, or the number of the line of the old one that is damaged. */
static int merge(const char *old, const char *lines, GString *text)
{
    struct balint_devices *kept = g_new(struct balint_devices, 1), *more = g_new(struct balint_devices, 1);
    int damaged = balint_devices_read(kept, old);
    balint_devices_read(more, lines);
    for (int i = 0; i < more->count; i++)
        balint_devices_add(kept, more->met[i].member, more->met[i].device);
    for (int i = 0; i < kept->count; i++) {
        char line[BALINT_DEVICE_LINE + 1];
        balint_devices_line(&kept->met[i], line);
        g_string_append(text, line);
    }
    g_free(kept);
    g_free(more);
    return damaged;
}

/* Under a lock, so that of two leaders' programs on one machine each keeps what the other writes. False with
 * errno, or with the number of the damaged line. */
static bool add(const char *path, const char *lines, int *damaged)
{
    char *folder = g_path_get_dirname(path);
    int lock =
        g_mkdir_with_parents(folder, 0700) == 0 ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    GString *text = g_string_new(NULL);
    char *old = lock >= 0 && flock(lock, LOCK_EX) == 0 ? read_text(path) : NULL;
    bool ok = old != NULL;
    *damaged = ok ? merge(old, lines, text) : 0;
    ok = ok && *damaged == 0 && write_text(path, text);
    int error = errno;
    if (lock >= 0)
        close(lock);
    g_free(old);
    g_string_free(text, TRUE);
    g_free(folder);
    errno = error;
    return ok;
}

void balint_known_give(struct balint_known_file *file, GstElement *call, const char *link)
{
    file->path = path_of(link);
    char *text = file->path != NULL ? read_text(file->path) : NULL;
    g_object_set(call, "known-devices", text, NULL);
    g_free(text);
}

void balint_known_add(struct balint_known_file *file, const char *lines, char *why, size_t size)
{
    int damaged = 0;
    why[0] = '\0';
    if (file->path == NULL || add(file->path, lines, &damaged) || file->told)
        return;
    file->told = true;
    if (damaged > 0)
        snprintf(why, size,
                 "line %d of %.150s is damaged: mend it or take it out; until then no device is remembered",
                 damaged, file->path);
    else
        snprintf(why, size,
                 "%.150s cannot be written (%s): who is let in now counts as new the next time; make room or "
                 "set BALINT_HOME",
                 file->path, g_strerror(errno));
}

void balint_known_close(struct balint_known_file *file)
{
    g_clear_pointer(&file->path, g_free);
}
