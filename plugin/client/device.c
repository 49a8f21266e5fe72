/* device.c - keeps and gives the device's key. */
#include "client/device.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "identity/identity.h"

#define ID_BYTES 12

char *balint_device_path(const char *link)
{
    struct balint_link parsed;
    struct balint_key person;
    uint8_t hash[BALINT_HASH_SIZE];
    char id[BALINT_BASE64_SIZE(ID_BYTES)];
    const char *why;
    bool ok = balint_link_parse(&parsed, link, &why) &&
              balint_key_of_person(&person, parsed.seed, parsed.root) &&
              balint_hash(person.public_half, sizeof person.public_half, hash);
    balint_wipe(&parsed, sizeof parsed);
    balint_wipe(&person, sizeof person);
    if (!ok)
        return NULL;
    balint_base64(hash, ID_BYTES, id);
    const char *home = g_getenv("BALINT_HOME");
    return home != NULL && *home != '\0'
               ? g_build_filename(home, "devices", id, NULL)
               : g_build_filename(g_get_user_data_dir(), "balint", "devices", id, NULL);
}

static bool read_key(const char *path, char text[BALINT_BASE64_SIZE(BALINT_SEED_SIZE)])
{
    uint8_t seed[BALINT_SEED_SIZE];
    size_t size = BALINT_BASE64_SIZE(BALINT_SEED_SIZE) - 1;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
        return false;
    ssize_t got = read(file, text, size);
    close(file);
    bool ok = got == (ssize_t)size && balint_unbase64(text, size, seed, sizeof seed) == BALINT_SEED_SIZE;
    text[size] = '\0';
    balint_wipe(seed, sizeof seed);
    return ok;
}

/* Made beside and linked into place: of two programs that start at once both get the same. */
static bool make_key(const char *path, char text[BALINT_BASE64_SIZE(BALINT_SEED_SIZE)])
{
    uint8_t seed[BALINT_SEED_SIZE];
    char *folder = g_path_get_dirname(path), *beside = g_strdup_printf("%s.%d", path, (int)getpid());
    bool ok = g_mkdir_with_parents(folder, 0700) == 0 && balint_random(seed, sizeof seed);
    if (ok) {
        balint_base64(seed, sizeof seed, text);
        int file = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        ok = file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text) && fsync(file) == 0;
        if (file >= 0)
            close(file);
        ok = ok && (link(beside, path) == 0 || (errno == EEXIST && read_key(path, text)));
        unlink(beside);
    }
    balint_wipe(seed, sizeof seed);
    g_free(beside);
    g_free(folder);
    return ok;
}

void balint_device_give(GstElement *call, const char *link_text)
{
    char text[BALINT_BASE64_SIZE(BALINT_SEED_SIZE)];
    char *path = balint_device_path(link_text);
    if (path != NULL && (read_key(path, text) || make_key(path, text)))
        g_object_set(call, "device", text, NULL);
    else
        g_printerr(
            "balint: this device's key cannot be kept: after a restart a leader has to admit you again\n");
    balint_wipe(text, sizeof text);
    g_free(path);
}
