/* command.c - the subcommands of balint-server, see command.h. */
#include "server/command.h"
#include "server/folder.h"
#include "server/store.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* Four groups of five from 32 letters and digits that are not taken for one another: 100 bits. */
#define CODE_SIZE 24
static bool make_code(char code[CODE_SIZE])
{
    static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
    uint8_t random[20];
    if (!balint_random(random, sizeof random))
        return false;
    char *at = code;
    for (size_t i = 0; i < sizeof random; i++) {
        if (i > 0 && i % 5 == 0)
            *at++ = '-';
        *at++ = letters[random[i] % 32];
    }
    *at = '\0';
    return true;
}

static bool add(struct balint_store *store, const char *group, char why[BALINT_WHY_SIZE])
{
    char code[CODE_SIZE];
    uint8_t hash[BALINT_HASH_SIZE];
    if (!make_code(code) || !balint_hash((const uint8_t *)code, strlen(code), hash)) {
        snprintf(why, BALINT_WHY_SIZE, "This system gives no random numbers, so no code can be made.");
        return false;
    }
    if (!balint_store_add(store, group, hash, time(NULL), why))
        return false;
    puts(code);
    return true;
}

static void print_group(const char *group, bool founded, int invitations, void *context)
{
    (void)context;
    if (founded)
        printf("%s\tfounded, invitations: %d\n", group, invitations);
    else
        printf("%s\twaits to be founded: balint invite --found CODE\n", group);
}

int balint_command_group(const struct balint_config *config)
{
    char why[BALINT_WHY_SIZE] = "";
    const char *verb = config->word_count > 1 ? config->words[1] : "", *group = config->words[2];
    bool lists = strcmp(verb, "list") == 0, adds = strcmp(verb, "add") == 0,
         removes = strcmp(verb, "remove") == 0;
    if (!((lists && config->word_count == 2) || ((adds || removes) && config->word_count == 3))) {
        fputs("balint-server: Write group add NAME, group list, or group remove NAME. See balint-server "
              "--help.\n",
              stderr);
        return 2;
    }
    if (adds && !balint_group_ok(group)) {
        fputs("balint-server: This cannot be a group's name. Use up to 64 bytes of letters, digits and "
              "spaces.\n",
              stderr);
        return 1;
    }
    umask(077);
    bool fresh = !balint_store_is_there(config->data);
    if (fresh && !adds) { /* a mistyped --data: not the place to make one */
        fprintf(stderr,
                "balint-server: No balint-server has kept groups in %s. Check --data, or group add one.\n",
                config->data);
        return 1;
    }
    struct balint_store *store =
        balint_folder_make(config->data, why) ? balint_store_open(config->data, why) : NULL;
    bool ok = store != NULL && (adds      ? add(store, group, why)
                                : removes ? balint_store_remove(store, group, why)
                                          : balint_store_list(store, print_group, NULL, why));
    balint_store_close(store);
    if (!ok)
        fprintf(stderr, "balint-server: %s\n", why);
    else if (fresh) /* on stderr: stdout is the code */
        fprintf(stderr,
                "balint-server: %s was made just now. If a server runs already, this is not its folder: "
                "check --data.\n",
                config->data);
    return ok ? 0 : 1;
}
