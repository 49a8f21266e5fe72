/* own_server.c - where a group's server is, and a balint-server on this very machine, see own_server.h. */
#include "client/own_server.h"
#include "identity/identity.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

bool balint_address_read(struct balint_server_address *address, const char *text, const char *source,
                         char why[BALINT_WHY])
{
    const char *wrong = NULL;
    char server[sizeof address->server];
    bool https = strncmp(text, "https://", 8) == 0, http = strncmp(text, "http://", 7) == 0;
    text += https ? 8 : http ? 7 : 0;
    size_t length = strlen(text);
    if ((https || http) && length > 0 && text[length - 1] == '/')
        length--;
    if (length >= sizeof server)
        return balint_why(why, "%s is too long for a server's address.", source);
    memcpy(server, text, length);
    server[length] = '\0';
    /* Without a scheme: plain where that is allowed, which is loopback, and TLS everywhere else. */
    bool tls = https || (!http && !balint_server_ok(server, false, NULL));
    if (!balint_server_ok(server, tls, &wrong))
        return balint_why(why, "%s: %s", source, wrong);
    strcpy(address->server, server);
    address->tls = tls;
    return true;
}

void balint_address_write(const struct balint_server_address *address, char *text, size_t size)
{
    snprintf(text, size, "%s://%s", address->tls ? "https" : "http", address->server);
}

static bool is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

bool balint_own_data(const char *said, char data[PATH_MAX], char why[BALINT_WHY])
{
    const char *own = getenv("BALINT_DATA"), *xdg = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    int made = -1;
    why[0] = '\0';
    if (said != NULL)
        made = snprintf(data, PATH_MAX, "%s", said);
    else if (own != NULL && own[0] != '\0')
        made = snprintf(data, PATH_MAX, "%s", own);
    else if (geteuid() == 0)
        made = snprintf(data, PATH_MAX, "/var/lib/balint");
    else if (xdg != NULL && xdg[0] == '/')
        made = snprintf(data, PATH_MAX, "%s/balint-server", xdg);
    else if (home != NULL && home[0] == '/')
        made = snprintf(data, PATH_MAX, "%s/.local/share/balint-server", home);
    if (made > 0 && made < PATH_MAX && is_folder(data))
        return true;
    if (said != NULL)
        balint_why(why, "There is no folder %s. Say the data folder of balint-server with --data.", said);
    return false;
}

bool balint_own_address(const char *data, struct balint_server_address *address, char why[BALINT_WHY])
{
    char path[PATH_MAX + 16], line[sizeof address->server + 16] = "";
    snprintf(path, sizeof path, "%s/address", data);
    FILE *in = fopen(path, "re");
    bool ok = in != NULL && fgets(line, sizeof line, in) != NULL;
    if (in != NULL)
        fclose(in);
    line[strcspn(line, "\r\n")] = '\0';
    if (!ok || line[0] == '\0')
        return balint_why(
            why, "No balint-server runs with the data folder %s. Start it, or say --server HOST:PORT.", data);
    return balint_address_read(address, line, path, why);
}

/* balint-server in the folder of this program, or just the name: PATH is searched then. */
static void server_program(char program[PATH_MAX])
{
    static const char name[] = "balint-server";
    ssize_t length = readlink("/proc/self/exe", program, PATH_MAX - 1);
    if (length > 0) {
        program[length] = '\0';
        char *slash = strrchr(program, '/');
        if (slash != NULL && (size_t)(slash + 1 - program) + sizeof name <= PATH_MAX) {
            strcpy(slash + 1, name);
            if (access(program, X_OK) == 0)
                return;
        }
    }
    strcpy(program, name);
}

/* Reads what the child says, at most `size` - 1 bytes; the rest is read and dropped so that it can end. */
static void read_all(int fd, char *text, size_t size)
{
    char block[512];
    size_t used = 0;
    for (;;) {
        ssize_t got = read(fd, block, sizeof block);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        size_t take = (size_t)got < size - 1 - used ? (size_t)got : size - 1 - used;
        memcpy(text + used, block, take);
        used += take;
    }
    text[used] = '\0';
}

/* Runs a program to its end; its stdout and stderr go into `text`. Returns its exit status, or -1 with errno.
 */
static int run(char *const argv[], char *text, size_t size)
{
    int ends[2], status = 0;
    pid_t child;
    posix_spawn_file_actions_t actions;
    if (pipe(ends) != 0)
        return -1;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    int error = posix_spawnp(&child, argv[0], &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (error == 0)
        read_all(ends[0], text, size);
    close(ends[0]);
    if (error != 0) {
        errno = error;
        return -1;
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/* The last word of the last line that is a code and nothing else. */
static bool find_code(char *text, char code[BALINT_ID_SIZE])
{
    bool found = false;
    char *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        size_t length = strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
        if (length > 0 && length < BALINT_ID_SIZE && line[length] == '\0') {
            strcpy(code, line);
            found = true;
        }
    }
    return found;
}

bool balint_own_group_add(const char *data, const char *group, char code[BALINT_ID_SIZE],
                          char why[BALINT_WHY])
{
    char program[PATH_MAX], text[BALINT_WHY];
    server_program(program);
    char *const argv[] = {program,          (char *)"group", (char *)"add", (char *)group,
                          (char *)"--data", (char *)data,    NULL};
    int status = run(argv, text, sizeof text);
    if (status < 0)
        return balint_why(
            why,
            "balint-server cannot be run here (%s). Run `balint-server group add` where the server "
            "runs and give its code with --found CODE.",
            strerror(errno));
    if (status == 0 && find_code(text, code))
        return true;
    text[strcspn(text, "\n")] = '\0';
    return balint_why(why, "%s",
                      text[0] != '\0' ? text : "balint-server group add failed. Run it by hand to see why.");
}
