/* scan.c - see scan.h. */
#include "fakes/scan.h"

#include "identity/identity.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LARGEST ((size_t)1 << 30)
#define SECRET  64 /* bytes of a secret that are looked for at most */

static bool make_room(struct balint_scan *scan, size_t more)
{
    size_t size = scan->size ? scan->size : 1 << 20;
    while (size < scan->length + more)
        size *= 2;
    unsigned char *bytes = size == scan->size ? scan->bytes : realloc(scan->bytes, size);
    if (!bytes)
        return false;
    scan->bytes = bytes;
    scan->size = size;
    return true;
}

static bool read_range(struct balint_scan *scan, int fd, unsigned long from, unsigned long until)
{
    if (until - from > LARGEST)
        return true;
    if (!make_room(scan, until - from))
        return false;
    while (from < until) {
        ssize_t got = pread(fd, scan->bytes + scan->length, until - from, (off_t)from);
        if (got <= 0)
            return true; /* gone, or not to be read by anybody */
        scan->length += (size_t)got;
        from += (unsigned long)got;
    }
    return true;
}

bool balint_scan_memory(struct balint_scan *scan, pid_t pid)
{
    char name[64], line[512];
    unsigned long from, until;
    char mode[5];
    size_t before = scan->length;
    snprintf(name, sizeof name, "/proc/%d/mem", (int)pid);
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    snprintf(name, sizeof name, "/proc/%d/maps", (int)pid);
    FILE *maps = fopen(name, "re");
    bool good = fd >= 0 && maps;
    while (good && fgets(line, sizeof line, maps))
        if (sscanf(line, "%lx-%lx %4s", &from, &until, mode) == 3 && mode[0] == 'r')
            good = read_range(scan, fd, from, until);
    if (maps)
        fclose(maps);
    if (fd >= 0)
        close(fd);
    return good && scan->length > before;
}

static bool add_file(struct balint_scan *scan, const char *name)
{
    ssize_t got = 0;
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    do {
        if (!make_room(scan, 1 << 16))
            break;
        got = read(fd, scan->bytes + scan->length, 1 << 16);
        scan->length += got > 0 ? (size_t)got : 0;
    } while (got > 0);
    close(fd);
    return got == 0;
}

bool balint_scan_folder(struct balint_scan *scan, const char *folder)
{
    char name[512];
    DIR *directory = opendir(folder);
    bool good = directory != NULL;
    for (struct dirent *entry; good && (entry = readdir(directory)) != NULL;) {
        snprintf(name, sizeof name, "%s/%s", folder, entry->d_name);
        if (entry->d_type == DT_REG)
            good = add_file(scan, name);
    }
    if (directory)
        closedir(directory);
    return good;
}

void balint_scan_free(struct balint_scan *scan)
{
    free(scan->bytes);
    memset(scan, 0, sizeof *scan);
}

bool balint_scan_finds(const struct balint_scan *scan, const void *secret, size_t length)
{
    char text[BALINT_BASE64_SIZE(SECRET)];
    size_t whole = (length < SECRET ? length : SECRET) / 3 * 3;
    balint_base64(secret, whole, text);
    return memmem(scan->bytes, scan->length, secret, length) != NULL ||
           memmem(scan->bytes, scan->length, text, strlen(text)) != NULL;
}
