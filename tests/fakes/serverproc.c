/* serverproc.c - a real balint-server process for tests, see serverproc.h. */
#include "fakes/serverproc.h"

#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_MS  60000 /* sanitizers on a busy machine */
#define ARGUMENTS 32

static void fail(const char *what)
{
    fprintf(stderr, "serverproc: %s\n", what);
    exit(1);
}

static const char *program(void)
{
    const char *said = getenv("BALINT_SERVER");
    return said != NULL ? said : BALINT_BUILD_DIR "/bin/balint-server";
}

void balint_serverproc_init(struct balint_serverproc *server)
{
    memset(server, 0, sizeof *server);
    strcpy(server->folder, "/tmp/balint-test-XXXXXX");
    if (mkdtemp(server->folder) == NULL)
        fail("no temporary folder");
    snprintf(server->data, sizeof server->data, "%s/data", server->folder);
    snprintf(server->log, sizeof server->log, "%s/log", server->folder);
}

/* In the child: becomes the program. */
static void become(const char *const *arguments, int out, int err)
{
    const char *argv[ARGUMENTS] = {program()};
    for (int i = 0; i < ARGUMENTS - 2 && arguments[i] != NULL; i++)
        argv[i + 1] = arguments[i];
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    execv(argv[0], (char *const *)argv);
    fprintf(stderr, "%s cannot be run\n", argv[0]);
    _exit(127);
}

/* The line `listening HOST:PORT`, or false at the end of the output. */
static bool read_address(struct balint_serverproc *server, int out)
{
    char line[256];
    size_t length = 0;
    int64_t deadline = balint_test_ms() + START_MS;
    while (length < sizeof line - 1) {
        struct pollfd poll_fd = {.fd = out, .events = POLLIN};
        int64_t left = deadline - balint_test_ms();
        if (left <= 0 || poll(&poll_fd, 1, (int)left) <= 0)
            fail("balint-server does not say that it listens");
        ssize_t got = read(out, line + length, 1);
        if (got <= 0)
            return false;
        if (line[length++] == '\n')
            break;
    }
    line[length] = '\0';
    if (sscanf(line, "listening %79s", server->address) != 1 || strrchr(server->address, ':') == NULL)
        fail("balint-server says something else than that it listens");
    server->port = (int)strtol(strrchr(server->address, ':') + 1, NULL, 10);
    return true;
}

static int wait_exit(pid_t pid)
{
    int64_t deadline = balint_test_ms() + START_MS;
    int status;
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (balint_test_ms() > deadline) {
            kill(pid, SIGKILL);
            fail("balint-server does not end");
        }
        usleep(5000);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool balint_serverproc_start(struct balint_serverproc *server, const char *const *arguments, int *status)
{
    const char *argv[ARGUMENTS] = {"--data", server->data};
    char listen[96];
    int count = 2, ends[2];
    bool listens = false;
    for (int i = 0; arguments != NULL && arguments[i] != NULL && count < ARGUMENTS - 3; i++) {
        listens = listens || strcmp(arguments[i], "--listen") == 0;
        argv[count++] = arguments[i];
    }
    snprintf(listen, sizeof listen, "127.0.0.1:%d", server->port);
    if (!listens) {
        argv[count++] = "--listen";
        argv[count++] = listen;
    }
    int err = open(server->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (err < 0 || pipe2(ends, O_CLOEXEC) != 0)
        fail("no pipe");
    pid_t pid = fork();
    if (pid < 0)
        fail("no process");
    if (pid == 0)
        become(argv, ends[1], err);
    close(ends[1]);
    close(err);
    bool ok = read_address(server, ends[0]);
    close(ends[0]);
    if (!ok) {
        int ended = wait_exit(pid);
        if (status != NULL)
            *status = ended;
        return false;
    }
    server->pid = pid;
    server->to.port = server->port;
    return true;
}

void balint_serverproc_kill(struct balint_serverproc *server)
{
    if (server->pid == 0)
        return;
    kill(server->pid, SIGKILL);
    wait_exit(server->pid);
    server->pid = 0;
}

int balint_serverproc_stop(struct balint_serverproc *server)
{
    if (server->pid == 0)
        return -1;
    kill(server->pid, SIGTERM);
    int status = wait_exit(server->pid);
    server->pid = 0;
    return status;
}

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *walk)
{
    (void)about, (void)type, (void)walk;
    return remove(path);
}

void balint_serverproc_finish(struct balint_serverproc *server)
{
    /* A server that has crashed, or that a sanitizer has something to say about, does not end with 0. */
    if (server->pid != 0 && balint_serverproc_stop(server) != 0) {
        char *log = balint_serverproc_read_log(server);
        fputs(log != NULL ? log : "", stderr);
        fail("balint-server did not end well");
    }
    if (strncmp(server->folder, "/tmp/balint-test-", 17) == 0)
        nftw(server->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

char *balint_serverproc_read_log(const struct balint_serverproc *server)
{
    FILE *in = fopen(server->log, "re");
    if (in == NULL)
        return strdup("");
    char *text = NULL;
    size_t size = 0;
    if (getdelim(&text, &size, '\0', in) < 0) {
        free(text);
        text = strdup("");
    }
    fclose(in);
    return text;
}

bool balint_serverproc_wait_log(const struct balint_serverproc *server, const char *text, int timeout_ms)
{
    int64_t deadline = balint_test_ms() + timeout_ms;
    for (;;) {
        char *log = balint_serverproc_read_log(server);
        bool found = log != NULL && strstr(log, text) != NULL;
        free(log);
        if (found || balint_test_ms() > deadline)
            return found;
        usleep(10000);
    }
}

int balint_serverproc_run(const char *const *arguments, char *out, size_t size)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        fail("no pipe");
    pid_t pid = fork();
    if (pid < 0)
        fail("no process");
    if (pid == 0)
        become(arguments, ends[1], ends[1]);
    close(ends[1]);
    size_t length = 0;
    ssize_t got;
    while (length < size - 1 && (got = read(ends[0], out + length, size - 1 - length)) > 0)
        length += (size_t)got;
    out[length] = '\0';
    close(ends[0]);
    return wait_exit(pid);
}
