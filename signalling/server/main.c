/* main.c - balint-server: reads the settings and runs the server or a subcommand. */
#include "server/command.h"
#include "server/server.h"

#include <stdlib.h>
#include <string.h>

static const char *environment(const char *name)
{
    return getenv(name);
}

static void help(void)
{
    puts("balint-server: the signalling server of Balint Circle\n"
         "\n"
         "  balint-server [SETTING...]          runs until SIGTERM; SIGHUP reads the certificate again\n"
         "  balint-server group add NAME        makes room for a group, prints the code that founds it once\n"
         "  balint-server group list            the groups, and how many invitations they have\n"
         "  balint-server group remove NAME     ends a group, its links, and its session\n"
         "\n"
         "Settings, as options, as BALINT_LISTEN and so on in the environment, or as lines `listen = ...`\n"
         "in the file of --config; the first of these counts:\n");
    balint_config_help(stdout);
    puts("\n"
         "Without --cert it listens on this machine alone. It never hears or sees a session: sound and "
         "pictures\n"
         "go from person to person.");
}

int main(int argc, char **argv)
{
    static struct balint_config config;
    static char why[BALINT_WHY_SIZE];
    if (!balint_config_read(&config, argc, (const char *const *)argv, environment, why)) {
        fprintf(stderr, "balint-server: %s\n", why);
        return 2;
    }
    if (config.help) {
        help();
        return 0;
    }
    if (config.version) {
        puts("balint-server " PACKAGE_VERSION);
        return 0;
    }
    if (config.word_count == 0)
        return balint_server_run(&config);
    if (strcmp(config.words[0], "group") == 0)
        return balint_command_group(&config);
    fputs("balint-server: The only subcommand is `group`. See balint-server --help.\n", stderr);
    return 2;
}
