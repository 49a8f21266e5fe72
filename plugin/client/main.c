/* main.c - the program `balint`: join, invite, renew, revoke, export, import, protect. */
#include "client/main.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "client/handover.h"
#include "client/invite.h"
#include "client/protect.h"

static const struct {
    const char *name;
    int (*main)(int argc, char **argv);
    const char *text;
} verbs[] = {
    {"join", balint_join_main, "join a session with your invitation link"},
    {"invite", balint_invite_main, "as a leader, make an invitation link for one person"},
    {"renew", balint_renew_main, "as a leader, make a new link for a person; the older ones end"},
    {"revoke", balint_revoke_main, "as a leader, end a person's invitations"},
    {"export", balint_export_main, "as a leader, hand the group's key to a co-leader in a sealed file"},
    {"import", balint_import_main, "as a co-leader, take over a group's key from that file"},
    {"protect", balint_protect_main, "as a leader, put the group's key under a passphrase, or take it off"},
};
#define VERBS (sizeof verbs / sizeof *verbs)

static int help(FILE *out, int status)
{
    fputs("Usage: balint VERB [ARGUMENT]...\nA video call made for the online Balint group.\n\n", out);
    for (size_t i = 0; i < VERBS; i++)
        fprintf(out, "  %-8s %s\n", verbs[i].name, verbs[i].text);
    fputs("\n\"balint VERB --help\" says more; --version says which version this is.\n", out);
    return status;
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, ""); /* names as they are; numbers stay with their point */
    if (argc < 2)
        return help(stderr, 2);
    for (size_t i = 0; i < VERBS; i++)
        if (strcmp(argv[1], verbs[i].name) == 0)
            return verbs[i].main(argc - 1, argv + 1);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)
        return help(stdout, 0);
    if (strcmp(argv[1], "--version") == 0) {
        puts("balint " PACKAGE_VERSION);
        return 0;
    }
    if (strchr(argv[1], '#') != NULL) { /* what stands in it is not shown again */
        fputs("balint: that is a link; write \"balint join -\" and paste it there\n", stderr);
        return 2;
    }
    fprintf(stderr, "balint: \"%.60s\" is no verb; \"balint --help\" shows those there are\n", argv[1]);
    return 2;
}
