/* client_world.c - see client_world.h. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "client_world.h"

#define BIN     BALINT_BUILD_DIR "/bin/"
#define MOST    64
#define INVITES 8

static void on_server_line(struct demo_process *process, const char *line)
{
    struct world *world = process->user_data;
    sscanf(line, "listening %127s", world->address);
}

static void on_program_line(struct demo_process *process, const char *line)
{
    struct program *program = process->user_data;
    size_t used = strlen(program->said);
    snprintf(program->said + used, sizeof program->said - used, "%s\n", line);
    if (strstr(line, "still trying") == NULL) /* of a slow machine */
        program->lines++;
    sscanf(line, "ready seat=%d", &program->seat);
    if (strstr(line, "in the lobby") != NULL)
        program->waiting = true;
}

static void pump(struct world *world, int64_t until_ms)
{
    struct demo_process *processes[WORLD_PROGRAMS + 1];
    int count = 0;
    processes[count++] = &world->server;
    for (int i = 0; i < world->count; i++)
        processes[count++] = &world->programs[i].process;
    demo_processes_pump(processes, count, until_ms);
}

const char *world_path(const struct world *world, const char *name)
{
    static char paths[INVITES][512];
    static int next;
    char *path = paths[next++ % INVITES];
    snprintf(path, sizeof paths[0], "%s/%s", world->folder, name);
    return path;
}

/* A test that hangs ends, and takes what it started with it. */
static struct world *guarded;
static void on_alarm(int number)
{
    (void)number;
    for (int i = 0; i < guarded->count; i++)
        demo_process_signal(&guarded->programs[i].process, SIGKILL);
    demo_process_signal(&guarded->server, SIGKILL);
    _exit(1);
}

static void start_server(struct world *world, const char *listen)
{
    const char *argv[] = {BIN "balint-server", "--listen", listen, "--data", world_path(world, "data"), NULL};
    assert_true(
        demo_process_start(&world->server, argv, world_path(world, "server.log"), on_server_line, world));
    int64_t until = demo_now_ms() + WORLD_WAIT_MS;
    while (world->address[0] == '\0' && !world->server.over && demo_now_ms() < until)
        pump(world, until);
    if (world->address[0] == '\0')
        fail_msg("balint-server did not start");
}

void world_begin(struct world *world)
{
    guarded = world;
    signal(SIGALRM, on_alarm);
    memset(world, 0, sizeof *world);
    const char *tmp = getenv("TMPDIR");
    snprintf(world->folder, sizeof world->folder, "%.200s/balint-test-XXXXXX", tmp != NULL ? tmp : "/tmp");
    assert_non_null(mkdtemp(world->folder));
    setenv("BALINT_HOME", world_path(world, "home"), 1);
    start_server(world, "127.0.0.1:0");
}

void world_restart(struct world *world)
{
    char address[sizeof world->address];
    memcpy(address, world->address, sizeof address);
    world->address[0] = '\0';
    start_server(world, address);
}

void world_end(struct world *world)
{
    for (int i = 0; i < world->count; i++)
        demo_process_close(&world->programs[i].process);
    demo_process_close(&world->server);
    char command[400];
    snprintf(command, sizeof command, "rm -rf '%s'", world->folder);
    assert_int_equal(system(command), 0);
}

int world_set_up(void **world)
{
    alarm(170);
    world_begin(*world);
    return 0;
}

int world_tear_down(void **world)
{
    world_end(*world);
    alarm(0);
    return 0;
}

struct program *world_start(struct world *world, const char *const words[], const char *input)
{
    const char *argv[MOST] = {BIN "balint"};
    int count = 1;
    for (int i = 0; words[i] != NULL && count < MOST - 1; i++)
        argv[count++] = words[i];
    assert_true(world->count < WORLD_PROGRAMS);
    struct program *program = &world->programs[world->count++];
    memset(program, 0, sizeof *program);
    program->seat = -1;
    char log[32];
    snprintf(log, sizeof log, "program-%d.log", world->count);
    assert_true(
        demo_process_start(&program->process, argv, world_path(world, log), on_program_line, program));
    if (input != NULL)
        demo_process_tell(&program->process, input);
    return program;
}

struct program *world_join(struct world *world, const char *link, const char *const more[])
{
    const char *words[MOST] = {"join", "-", "--video-test", "--no-audio-out", "--seconds", "150"};
    int count = 6;
    bool window = false, sound = false;
    for (int i = 0; more != NULL && more[i] != NULL && count < MOST - 5; i++) {
        words[count++] = more[i];
        window = window || strcmp(more[i], "--window") == 0;
        sound = sound || strcmp(more[i], "--audio-file") == 0;
    }
    if (!window) {
        words[count++] = "--window";
        words[count++] = "none";
    }
    if (!sound) {
        words[count++] = "--audio-source";
        words[count++] = "audiotestsrc is-live=true";
    }
    words[count] = NULL;
    return world_start(world, words, link);
}

static void wait_for(struct world *world, struct program *program, const char *text)
{
    int64_t until = demo_now_ms() + WORLD_WAIT_MS;
    while (strstr(program->said, text) == NULL) {
        if (program->process.over && program->process.output < 0)
            fail_msg("it ended before it said \"%s\"; it said: %s", text, program->said);
        if (demo_now_ms() > until)
            fail_msg("it did not say \"%s\"; it said: %s", text, program->said);
        pump(world, until);
    }
}

void world_ready(struct world *world, struct program *program)
{
    wait_for(world, program, "ready seat=");
}

void world_waiting(struct world *world, struct program *program)
{
    wait_for(world, program, "in the lobby");
}

void world_says(struct world *world, struct program *program, const char *text)
{
    wait_for(world, program, text);
}

int world_over(struct world *world, struct program *program)
{
    int64_t until = demo_now_ms() + WORLD_WAIT_MS;
    while (!program->process.over || program->process.output >= 0) {
        if (demo_now_ms() > until)
            fail_msg("it does not end; it said: %s", program->said);
        pump(world, until);
    }
    int status = program->process.status;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void world_go_on(struct world *world, int ms)
{
    int64_t until = demo_now_ms() + ms;
    while (demo_now_ms() < until)
        pump(world, until);
}

int world_run(struct world *world, const char *const words[], const char *input, char said[8192])
{
    struct program *program = world_start(world, words, input);
    int status = world_over(world, program);
    if (said != NULL)
        memcpy(said, program->said, sizeof program->said);
    demo_process_close(&program->process);
    world->count--; /* it was the last one */
    return status;
}

void world_invite(struct world *world, const char *role, const char *name, const char *const more[],
                  char link[WORLD_LINK])
{
    const char *words[MOST] = {
        "invite", "--group", "G", "--role", role, "--name", name, "--data", world_path(world, "data")};
    char said[8192];
    int count = 9;
    for (int i = 0; more != NULL && more[i] != NULL; i++)
        words[count++] = more[i];
    words[count] = NULL;
    if (world_run(world, words, NULL, said) != 0)
        fail_msg("invite: %s", said);
    said[strcspn(said, "\n")] = '\0';
    assert_true(strlen(said) < WORLD_LINK);
    strcpy(link, said);
}

json_t *world_report(const struct world *world, const char *name)
{
    json_error_t error;
    json_t *report = json_load_file(world_path(world, name), 0, &error);
    if (report == NULL)
        fail_msg("%s: %s", name, error.text);
    return report;
}
