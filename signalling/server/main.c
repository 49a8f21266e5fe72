/* main.c - balint-server: reads the settings and runs the server or a subcommand. */
#include "server/command.h"
#include "server/server.h"

#include <stdlib.h>

static const char *environment(const char *name)
{
    return getenv(name);
}

static void help(const struct balint_config *config)
{
    if (config->word_count > 0) {
        balint_command_help(config);
        return;
    }
    puts("balint-server: the signalling server of Balint Circle\n"
         "\n"
         "  balint-server [SETTING...]          runs until SIGTERM; SIGHUP reads the certificate again\n"
         "  balint-server SUBCOMMAND...         one of these, for whoever may write the data folder; see\n"
         "                                      balint-server SUBCOMMAND --help:\n");
    balint_command_help(config);
    puts("\n"
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
        help(&config);
        return 0;
    }
    if (config.version) {
        puts("balint-server " PACKAGE_VERSION);
        return 0;
    }
    if (config.word_count == 0)
        return balint_server_run(&config);
    return balint_command_run(&config);
}
