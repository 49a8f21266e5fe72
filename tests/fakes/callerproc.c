/* callerproc.c - see callerproc.h. */
#include "fakes/callerproc.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- inside the caller's process */

static void on_link(GstElement *call, int seat, const char *state, gpointer unused)
{
    (void)call;
    (void)unused;
    printf("link %d %s\n", seat, state);
    fflush(stdout);
}

static void on_closed(GstElement *call, const char *code, const char *text, gpointer unused)
{
    (void)call;
    (void)unused;
    (void)text;
    printf("closed %s\n", code);
    fflush(stdout);
}

/* Tells once what is heard and seen. */
static gboolean tell_news(struct balint_caller *caller, gboolean *heard, gboolean *seen)
{
    for (int seat = 0; seat < BALINT_SEATS; seat++) {
        if (!heard[seat] && balint_caller_hears(caller, seat)) {
            heard[seat] = TRUE;
            printf("hears %d\n", seat);
        }
        if (!seen[seat] && balint_caller_sees(caller, seat)) {
            seen[seat] = TRUE;
            printf("sees %d\n", seat);
        }
    }
    fflush(stdout);
    return FALSE;
}

static gboolean never(struct balint_caller *caller, int argument)
{
    (void)caller;
    (void)argument;
    return FALSE;
}

static void obey(struct balint_caller *caller)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    char line[128], name[33];
    int seat, value;
    if (poll(&input, 1, 0) <= 0)
        return;
    if (!fgets(line, sizeof line, stdin))
        exit(0); /* the test is gone */
    if (strcmp(line, "admit everyone\n") == 0)
        g_object_set(caller->call, "admit-everyone", TRUE, NULL);
    if (sscanf(line, "act %32s %d %d", name, &seat, &value) == 3)
        balint_caller_act(caller, name, seat, value);
}

void balint_callerproc_main(int argc, char **argv)
{
    char link[BALINT_LINK_SIZE], device[64];
    gboolean heard[BALINT_SEATS] = {FALSE}, seen[BALINT_SEATS] = {FALSE};
    if (argc < 2 || strcmp(argv[1], "--caller") != 0)
        return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setvbuf(stdin, NULL, _IONBF, 0);
    balint_caller_setup(&argc, &argv);
    if (scanf("%767s %63s%*c", link, device) != 2)
        exit(2);
    struct balint_caller *caller = balint_caller_new(link, NULL, 440, device);
    g_signal_connect(caller->call, "link-changed", G_CALLBACK(on_link), NULL);
    g_signal_connect(caller->call, "closed", G_CALLBACK(on_closed), NULL);
    balint_caller_start(caller);
    if (!balint_caller_until(caller, balint_caller_is_ready, 0, BALINT_CIRCLE_MS))
        exit(3);
    printf("ready %d\n", caller->seat);
    for (;;) {
        tell_news(caller, heard, seen);
        obey(caller);
        balint_caller_until(caller, never, 0, 50);
    }
}

/* ---- in the test */

void balint_callerproc_start(struct balint_callerproc *process, struct balint_circle *circle, int i)
{
    int out[2], in[2];
    memset(process, 0, sizeof *process);
    if (pipe(out) != 0 || pipe(in) != 0)
        abort();
    process->pid = fork();
    if (process->pid == 0) {
        dup2(out[1], STDOUT_FILENO);
        dup2(in[0], STDIN_FILENO);
        for (int fd = 3; fd < 1024; fd++)
            close(fd);
        execl("/proc/self/exe", "caller", "--caller", (char *)NULL);
        _exit(127);
    }
    close(out[1]);
    close(in[0]);
    process->out = out[0];
    process->in = in[1];
    if (dprintf(process->in, "%s %s\n", circle->links[i], circle->devices[i]) < 0)
        abort();
}

/* Takes the line out of what was read so far. */
static bool take_line(struct balint_callerproc *process, const char *line)
{
    size_t length = strlen(line);
    for (char *at = process->text; at < process->text + process->length;) {
        char *end = memchr(at, '\n', process->length - (size_t)(at - process->text));
        if (!end)
            return false;
        if ((size_t)(end - at) == length && memcmp(at, line, length) == 0) {
            size_t rest = process->length - (size_t)(end + 1 - process->text);
            memmove(at, end + 1, rest);
            process->length = (size_t)(at - process->text) + rest;
            return true;
        }
        at = end + 1;
    }
    return false;
}

bool balint_callerproc_wait(struct balint_callerproc *process, const char *line, int timeout_ms)
{
    int64_t until = balint_test_ms() + timeout_ms;
    while (!take_line(process, line)) {
        struct pollfd output = {.fd = process->out, .events = POLLIN};
        int64_t left = until - balint_test_ms();
        if (left <= 0 || poll(&output, 1, (int)left) <= 0)
            return false;
        if (process->length == sizeof process->text)
            process->length = 0; /* old news */
        ssize_t n =
            read(process->out, process->text + process->length, sizeof process->text - process->length);
        if (n <= 0)
            return false;
        process->length += (size_t)n;
    }
    return true;
}

void balint_callerproc_signal(struct balint_callerproc *process, int number)
{
    kill(process->pid, number);
}

void balint_callerproc_end(struct balint_callerproc *process)
{
    if (process->pid == 0)
        return;
    kill(process->pid, SIGKILL);
    waitpid(process->pid, NULL, 0);
    close(process->out);
    close(process->in);
    process->pid = 0;
}

void balint_callerproc_tell(struct balint_callerproc *process, const char *command)
{
    if (dprintf(process->in, "%s\n", command) < 0)
        abort();
}
