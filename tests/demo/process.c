/* process.c - children of the demo. */
#include "demo/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

#define MOST    32
#define LOOK_MS 100 /* how often children that say nothing are looked after */

int64_t demo_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool demo_process_start(struct demo_process *process, const char *const argv[], const char *log,
                        demo_line_fn on_line, void *user_data)
{
    int in[2], out[2];
    memset(process, 0, sizeof *process);
    process->on_line = on_line;
    process->user_data = user_data;
    process->input = process->output = -1;
    if (pipe2(in, O_CLOEXEC) != 0)
        return false;
    if (pipe2(out, O_CLOEXEC) != 0) {
        close(in[0]);
        close(in[1]);
        return false;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDERR_FILENO);
    int wrong =
        posix_spawnp(&process->pid, argv[0], &actions, NULL, (char *const *)(const void *)argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(out[1]);
    process->input = in[1];
    process->output = out[0];
    fcntl(process->output, F_SETFL, O_NONBLOCK);
    process->log = fopen(log, "we");
    if (wrong != 0) {
        process->pid = 0;
        process->over = true;
    }
    return wrong == 0;
}

bool demo_process_tell(struct demo_process *process, const char *line)
{
    if (process->input < 0)
        return false;
    size_t length = strlen(line), sent = 0;
    while (sent < length) {
        ssize_t wrote = write(process->input, line + sent, length - sent);
        if (wrote < 0 && errno != EINTR)
            return false;
        sent += wrote > 0 ? (size_t)wrote : 0;
    }
    return write(process->input, "\n", 1) == 1;
}

void demo_process_signal(struct demo_process *process, int number)
{
    if (process->pid > 0 && !process->over)
        kill(process->pid, number);
}

static void take(struct demo_process *process, const char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] != '\n') {
            if (process->length + 1 < sizeof process->partly)
                process->partly[process->length++] = bytes[i];
            continue;
        }
        process->partly[process->length] = '\0';
        process->length = 0;
        if (process->log != NULL)
            fprintf(process->log, "%s\n", process->partly);
        process->on_line(process, process->partly);
    }
}

static void listen_to(struct demo_process *process)
{
    char bytes[4096];
    ssize_t got;
    while ((got = read(process->output, bytes, sizeof bytes)) > 0)
        take(process, bytes, (size_t)got);
    if (got == 0) {
        close(process->output);
        process->output = -1;
    }
}

static void look_after(struct demo_process *process)
{
    if (process->pid <= 0 || process->over)
        return;
    if (wait4(process->pid, &process->status, WNOHANG, &process->usage) == process->pid)
        process->over = true;
}

void demo_processes_pump(struct demo_process *const processes[], int count, int64_t until_ms)
{
    struct pollfd polls[MOST];
    struct demo_process *of[MOST];
    int listening = 0;
    for (int i = 0; i < count && listening < MOST; i++) {
        look_after(processes[i]);
        if (processes[i]->output < 0)
            continue;
        of[listening] = processes[i];
        polls[listening++] = (struct pollfd){.fd = processes[i]->output, .events = POLLIN};
    }
    int64_t left = until_ms - demo_now_ms();
    left = left < 0 ? 0 : left > LOOK_MS ? LOOK_MS : left;
    if (poll(polls, (nfds_t)listening, (int)left) <= 0)
        return;
    for (int i = 0; i < listening; i++)
        if (polls[i].revents != 0)
            listen_to(of[i]);
}

void demo_process_close(struct demo_process *process)
{
    if (process->pid > 0 && !process->over) {
        kill(process->pid, SIGKILL);
        if (wait4(process->pid, &process->status, 0, &process->usage) == process->pid)
            process->over = true;
    }
    if (process->output >= 0)
        listen_to(process);
    if (process->output >= 0)
        close(process->output);
    if (process->input >= 0)
        close(process->input);
    if (process->log != NULL)
        fclose(process->log);
    process->input = process->output = -1;
    process->log = NULL;
    process->pid = 0;
}
