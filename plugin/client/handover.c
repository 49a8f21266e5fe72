/* handover.c - a group's key in a sealed file (seal.h), see handover.h.
 *
 * Inside: JSON with group, server, root (the seed) and people. What can be judged is judged before the
 * passphrase is asked for, and nothing is locked while a person types.
 */
#include "client/handover.h"
#include "client/keys.h"
#include "client/passphrase.h"
#include "client/seal.h"
#include "client/secret_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEAD     "balint1 handover\n"
#define FILE_CAP (6 << 20) /* bytes; a list of keys.c's size, in base64 */

static int usage(const char *verb, FILE *out, int status)
{
    fprintf(
        out,
        strcmp(verb, "export") == 0
            ? "balint export --group G --to FILE [--passphrase-file F|-] [--key-passphrase-file F|-]\n"
              "Writes the group's key into a sealed file for a co-leader. Tell its passphrase another way.\n"
              "--key-passphrase-file: of the key here, if it has one (balint protect).\n"
            : "balint import FILE [--passphrase-file F|-]\n"
              "Takes over a group's key from a leader's sealed file.\n");
    return status;
}

/* A new file, 0600, whole or not there: written beside, under a name of this process. */
static bool write_new(const char *path, const char *text, char why[BALINT_WHY])
{
    char fresh[PATH_MAX];
    int made = snprintf(fresh, sizeof fresh, "%s.%d", path, (int)getpid());
    errno = ENAMETOOLONG;
    return (made < PATH_MAX && balint_secret_write(path, fresh, text, strlen(text), false)) ||
           balint_why(why, "%s cannot be written (%s). Make room, or choose another file with --to.", path,
                      strerror(errno));
}

/* All of a group as text, to be wiped and freed; NULL with `why`. */
static char *take_group(const char *group, const char *key_file, char why[BALINT_WHY])
{
    struct balint_keys keys;
    if (!balint_keys_open_asking(&keys, group, false, key_file, why))
        return NULL;
    char *plain = balint_keys_text(&keys, group);
    balint_keys_close(&keys);
    if (plain == NULL)
        balint_why(why, "There is not enough memory. Close other programs and try again.");
    return plain;
}

static bool export_to(const char *group, const char *path, const char *file, const char *key_file,
                      char why[BALINT_WHY])
{
    char passphrase[BALINT_PASSPHRASE];
    if (access(path, F_OK) == 0)
        return balint_why(why, "%s is there already. Choose another file with --to.", path);
    char *plain = take_group(group, key_file, why), *text = NULL;
    bool ok = plain != NULL && balint_passphrase_read(file, "Passphrase for the file", true, passphrase, why);
    if (ok) {
        text = balint_seal(HEAD, passphrase, plain, strlen(plain));
        balint_wipe(passphrase, sizeof passphrase);
        ok = text != NULL ? write_new(path, text, why)
                          : balint_why(why, "The key cannot be sealed: no memory, or no random numbers. Try "
                                            "again later.");
    }
    if (plain != NULL)
        balint_wipe(plain, strlen(plain));
    free(plain);
    free(text);
    return ok;
}

/* A whole sealed file, to be freed; NULL with `why`. */
static char *read_sealed(const char *path, size_t *length, char why[BALINT_WHY])
{
    FILE *in = fopen(path, "rbe");
    char *text = in != NULL ? malloc(FILE_CAP) : NULL;
    *length = text != NULL ? fread(text, 1, FILE_CAP, in) : 0;
    if (in == NULL)
        balint_why(why, "%s cannot be read (%s). Name the file that the leader made.", path, strerror(errno));
    else
        fclose(in);
    if (text != NULL && *length < FILE_CAP && balint_sealed(HEAD, text, *length))
        return text;
    if (in != NULL)
        balint_why(why, "%s is no whole file of `balint export`. Ask the leader for it again.", path);
    free(text);
    return NULL;
}

static bool import_from(const char *path, const char *file, char why[BALINT_WHY])
{
    char passphrase[BALINT_PASSPHRASE], *plain = NULL;
    size_t length, size = 0;
    char *text = read_sealed(path, &length, why);
    if (text == NULL || !balint_passphrase_read(file, "Passphrase of the file", false, passphrase, why)) {
        free(text);
        return false;
    }
    enum balint_unsealed result = balint_unseal(HEAD, passphrase, text, length, &plain, &size);
    balint_wipe(passphrase, sizeof passphrase);
    free(text);
    if (result == BALINT_UNSEAL_FORM)
        return balint_why(why, "%s is no whole file of `balint export`. Ask the leader for it again.", path);
    if (result == BALINT_UNSEAL_WRONG)
        return balint_why(why, "That is not the passphrase of %s, or the file was changed. Try again.", path);
    bool ok = balint_keys_take(plain, size, why);
    balint_wipe(plain, size);
    free(plain);
    return ok;
}

static int run(int argc, char **argv, bool out)
{
    const char *group = NULL, *path = NULL, *file = NULL, *key_file = NULL;
    char why[BALINT_WHY] = "";
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0)
            return usage(argv[0], stdout, 0);
        const char **value = strcmp(argv[i], "--passphrase-file") == 0              ? &file
                             : out && strcmp(argv[i], "--group") == 0               ? &group
                             : out && strcmp(argv[i], "--key-passphrase-file") == 0 ? &key_file
                             : out && strcmp(argv[i], "--to") == 0                  ? &path
                             : !out && path == NULL && argv[i][0] != '-'            ? &path
                                                                                    : NULL;
        if (value == NULL || *value != NULL || (argv[i][0] == '-' && ++i == argc))
            return usage(argv[0], stderr, 2);
        *value = argv[i];
    }
    if (path == NULL ||
        (out && (group == NULL || strlen(group) >= BALINT_NAME_SIZE || !balint_group_ok(group))))
        return usage(argv[0], stderr, 2);
    bool ok = out ? export_to(group, path, file, key_file, why) : import_from(path, file, why);
    if (!ok)
        fprintf(stderr, "balint %s: %s\n", argv[0], why);
    return ok ? 0 : 1;
}

int balint_export_main(int argc, char **argv)
{
    return run(argc, argv, true);
}

int balint_import_main(int argc, char **argv)
{
    return run(argc, argv, false);
}
