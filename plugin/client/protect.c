/* protect.c - see protect.h. What can be judged is judged before a passphrase is asked for, and nothing is
 * locked while a person types. */
#include "client/protect.h"
#include "client/keys.h"
#include "client/passphrase.h"

#include <string.h>

static int usage(FILE *out, int status)
{
    fputs("balint protect --group G [--passphrase-file F|-]\n"
          "Puts the group's key on this machine under a passphrase, which is asked for from then on.\n"
          "With --off: takes it off again.\n",
          out);
    return status;
}

/* A group that can be used and is not under a passphrase yet? */
static bool judge(const char *group, char why[BALINT_WHY])
{
    struct balint_keys keys;
    if (balint_keys_sealed(group))
        return balint_why(why,
                          "The key of the group \"%s\" is under a passphrase already. Take that off "
                          "first, with --off.",
                          group);
    if (!balint_keys_open(&keys, group, false, why))
        return false;
    balint_keys_close(&keys);
    return true;
}

static bool put_on(const char *group, const char *file, char why[BALINT_WHY])
{
    struct balint_keys keys;
    char passphrase[BALINT_PASSPHRASE];
    if (!judge(group, why) ||
        !balint_passphrase_read(file, "New passphrase of the group's key", true, passphrase, why))
        return false;
    bool ok = balint_keys_open(&keys, group, false, why);
    if (ok) {
        ok = balint_keys_protect(&keys, passphrase, why);
        balint_keys_close(&keys);
    }
    balint_wipe(passphrase, sizeof passphrase);
    return ok;
}

static bool take_off(const char *group, const char *file, char why[BALINT_WHY])
{
    struct balint_keys keys;
    if (!balint_keys_open_asking(&keys, group, false, file, why))
        return false;
    bool ok = keys.sealed ? balint_keys_protect(&keys, NULL, why)
                          : balint_why(why, "The key of the group \"%s\" is under no passphrase.", group);
    balint_keys_close(&keys);
    return ok;
}

int balint_protect_main(int argc, char **argv)
{
    const char *group = NULL, *file = NULL;
    char why[BALINT_WHY] = "";
    bool off = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0)
            return usage(stdout, 0);
        if (strcmp(argv[i], "--off") == 0) {
            off = true;
            continue;
        }
        const char **value = strcmp(argv[i], "--group") == 0             ? &group
                             : strcmp(argv[i], "--passphrase-file") == 0 ? &file
                                                                         : NULL;
        if (value == NULL || *value != NULL || ++i == argc)
            return usage(stderr, 2);
        *value = argv[i];
    }
    if (group == NULL || strlen(group) >= BALINT_NAME_SIZE || !balint_group_ok(group))
        return usage(stderr, 2);
    bool ok = off ? take_off(group, file, why) : put_on(group, file, why);
    if (!ok)
        fprintf(stderr, "balint protect: %s\n", why);
    return ok ? 0 : 1;
}
