/* evening.c - one short session: server, group, invitations, real clients, phases, and everybody leaves.
 *
 * The clients get sound only. What the leader and the presenter do goes into their programs as commands, by
 * the same `--do` that anybody can use.
 */
#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "demo/demo.h"

#define START_MS  30000 /* for the server, and for clients, to be there */
#define LEAVE_MS  20000 /* for clients to be gone after they were told to leave */
#define FULL_RATE 6
#define GROUP     "Demo"
#define PRESENT_S 0.9 /* after the phase began in which somebody has a case */
#define RETURN_S  0.6 /* after the return was called, the presenter's key */

static bool fail(struct demo *demo, const char *what, const char *who)
{
    snprintf(demo->why, sizeof demo->why, "%s%s%s (what it said is in %.300s)", who,
             who[0] != '\0' ? ": " : "", what, demo->folder);
    return false;
}

static int everybody(struct demo *demo, struct demo_process *processes[DEMO_PEOPLE + 1])
{
    int count = 0;
    processes[count++] = &demo->server;
    for (int i = 0; i < demo->options.people; i++)
        processes[count++] = &demo->people[i].client;
    return count;
}

static void pump(struct demo *demo, int64_t until_ms)
{
    struct demo_process *processes[DEMO_PEOPLE + 1];
    demo_processes_pump(processes, everybody(demo, processes), until_ms);
}

static void on_server_line(struct demo_process *process, const char *line)
{
    struct demo *demo = process->user_data;
    if (sscanf(line, "listening %127s", demo->address) != 1)
        return;
}

static bool start_server(struct demo *demo)
{
    char program[600], data[600], log[600];
    snprintf(program, sizeof program, "%s/balint-server", demo->bin);
    snprintf(data, sizeof data, "%s/data", demo->folder);
    snprintf(log, sizeof log, "%s/server.log", demo->folder);
    const char *argv[] = {program, "--listen", "127.0.0.1:0", "--data", data, NULL};
    if (!demo_process_start(&demo->server, argv, log, on_server_line, demo))
        return fail(demo, "could not be started: build it first", "balint-server");
    int64_t until = demo_now_ms() + START_MS;
    struct demo_process *server = &demo->server;
    while (demo->address[0] == '\0' && !server->over && demo_now_ms() < until)
        demo_processes_pump(&server, 1, until);
    return demo->address[0] != '\0' || fail(demo, "did not start", "balint-server");
}

/* Runs `balint invite` for one person; it founds the group the first time, asking the server on this machine
 * for its code. The link comes by its standard output and stays in memory. */
static bool invite(struct demo *demo, struct demo_person *person)
{
    char program[600], data[600];
    snprintf(program, sizeof program, "%s/balint", demo->bin);
    snprintf(data, sizeof data, "%s/data", demo->folder);
    const char *argv[] = {program,  "invite",     "--group", GROUP, "--role", person->role,
                          "--name", person->name, "--data",  data,  "--json", NULL};
    char *text = NULL, *said = NULL;
    int status = 0;
    bool ok = g_spawn_sync(NULL, (char **)(void *)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &text, &said,
                           &status, NULL);
    json_t *list = ok && status == 0 ? json_loads(text, 0, NULL) : NULL;
    const char *link = json_string_value(json_object_get(json_array_get(list, 0), "link"));
    ok = link != NULL && strlen(link) < sizeof person->link;
    if (ok)
        strcpy(person->link, link);
    else
        snprintf(demo->why, sizeof demo->why, "balint invite gave no link: %.300s", said != NULL ? said : "");
    if (text != NULL)
        memset(text, 0, strlen(text));
    json_decref(list);
    g_free(text);
    g_free(said);
    return ok;
}

static void on_client_line(struct demo_process *process, const char *line)
{
    struct demo_person *person = process->user_data;
    int seat;
    if (sscanf(line, "ready seat=%d", &seat) == 1)
        person->ready = true;
    if (strstr(line, "in the lobby") != NULL)
        person->waiting = true;
}

/* Leader, presenter and one member show what their window looked like; a window costs a third of a core. */
static bool has_window(const struct demo_person *person)
{
    return person->number <= 2;
}

static bool start_client(struct demo *demo, struct demo_person *person)
{
    char program[600], log[600], shots[600];
    const char *argv[24];
    char fps[8], seconds[32];
    int count = 0;
    bool display = getenv("DISPLAY") != NULL || getenv("WAYLAND_DISPLAY") != NULL;
    snprintf(program, sizeof program, "%s/balint", demo->bin);
    snprintf(log, sizeof log, "%s/%s.log", demo->folder, person->id);
    snprintf(shots, sizeof shots, "%s/%s", demo->options.out, person->id);
    snprintf(person->report, sizeof person->report, "%.400s/%s.json", demo->folder, person->id);
    /* Should the demo be killed, its clients end by themselves. */
    snprintf(seconds, sizeof seconds, "%.0f", demo->options.seconds + 3 * START_MS / 1000);
    const char *always[] = {program,
                            "join",
                            "-",
                            "--do",
                            "-",
                            "--report",
                            person->report,
                            "--audio-file",
                            person->sound,
                            "--video-test",
                            "--no-audio-out",
                            "--seconds",
                            seconds};
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        argv[count++] = always[i];
    /* Pictures sent grow with the square of the people: two cores carry six at full rate. */
    if (demo->options.people > FULL_RATE) {
        snprintf(fps, sizeof fps, "%d",
                 15 * FULL_RATE * FULL_RATE / (demo->options.people * demo->options.people));
        argv[count++] = "--fps";
        argv[count++] = fps;
    }
    if (has_window(person)) {
        argv[count++] = "--snapshot";
        argv[count++] = shots;
    }
    if (person->number != DEMO_LEADER || demo->options.headless || !display) {
        argv[count++] = "--window";
        argv[count++] = "none";
    }
    argv[count] = NULL;
    if (!demo_process_start(&person->client, argv, log, on_client_line, person))
        return fail(demo, "could not be started: build it first", "balint join");
    bool told = demo_process_tell(&person->client, person->link);
    memset(person->link, 0, sizeof person->link);
    return told || fail(demo, "left before it began", person->name);
}

/* Waits until everybody from `first` on has come so far; false when somebody is over, or too slow. */
static bool wait_for(struct demo *demo, int first, bool ready)
{
    int64_t until = demo_now_ms() + START_MS;
    for (;;) {
        const struct demo_person *missing = NULL;
        for (int i = first; i < demo->options.people; i++) {
            const struct demo_person *person = &demo->people[i];
            if (person->client.over)
                return fail(demo, "left", person->name);
            if (!(ready ? person->ready : person->waiting || person->ready))
                missing = person;
        }
        if (missing == NULL)
            return true;
        if (demo_now_ms() > until)
            return fail(demo, ready ? "was not admitted" : "did not reach the lobby", missing->name);
        pump(demo, until);
    }
}

/* Lets the evening go on until `at` seconds after its start; false when a program is over. */
static bool go_on(struct demo *demo, int64_t start_ms, double at)
{
    int64_t until = start_ms + llround(at * 1000.0);
    while (demo_now_ms() < until) {
        pump(demo, until);
        if (demo->server.over)
            return fail(demo, "ended in the middle of the session", "balint-server");
        for (int i = 0; i < demo->options.people; i++)
            if (demo->people[i].client.over)
                return fail(demo, "left in the middle of the session", demo->people[i].name);
    }
    return true;
}

/* The phases, and what people do in them. */
static bool session(struct demo *demo)
{
    struct demo_process *leader = &demo->people[DEMO_LEADER].client;
    struct demo_process *presenter = &demo->people[DEMO_PRESENTER].client;
    char line[128];
    int64_t start_ms = demo_now_ms();
    for (int i = 1; i < demo->options.people; i++) { /* a first evening: no device is known yet */
        snprintf(line, sizeof line, "admit %s", demo->people[i].name);
        demo_process_tell(leader, line);
    }
    if (!wait_for(demo, 0, true))
        return false;
    for (int phase = 1; phase < DEMO_PHASES; phase++) {
        if (!go_on(demo, start_ms, demo->starts[phase]))
            return false;
        demo_process_tell(leader, "phase next");
        if (phase == DEMO_CASE) {
            if (!go_on(demo, start_ms, demo->starts[phase] + PRESENT_S))
                return false;
            snprintf(line, sizeof line, "present %s", demo->people[DEMO_PRESENTER].name);
            demo_process_tell(leader, line);
            /* The own key makes a presenter, whichever of the two arrives first. */
            demo_process_tell(presenter, "volunteer on");
        }
        if (phase == DEMO_RETURN) {
            if (!go_on(demo, start_ms, demo->starts[phase] + RETURN_S))
                return false;
            demo_process_tell(presenter, "return");
        }
    }
    return go_on(demo, start_ms, demo->options.seconds);
}

/* Members first: the leader's report then holds everybody's last word. */
static bool leave(struct demo *demo)
{
    for (int i = demo->options.people - 1; i >= 0; i--) {
        struct demo_process *client = &demo->people[i].client;
        demo_process_tell(client, "leave");
        int64_t until = demo_now_ms() + LEAVE_MS;
        while (i == DEMO_LEADER && !client->over && demo_now_ms() < until)
            pump(demo, until);
    }
    int64_t until = demo_now_ms() + LEAVE_MS;
    for (int i = 0; i < demo->options.people; i++) {
        struct demo_process *client = &demo->people[i].client;
        while (!client->over && demo_now_ms() < until)
            pump(demo, until);
        if (!client->over || !WIFEXITED(client->status) || WEXITSTATUS(client->status) != 0)
            return fail(demo, "did not leave cleanly", demo->people[i].name);
    }
    return true;
}

bool demo_evening(struct demo *demo)
{
    if (!start_server(demo))
        return false;
    for (int i = 0; i < demo->options.people; i++)
        if (!invite(demo, &demo->people[i]))
            return false;
    for (int i = 1; i < demo->options.people; i++)
        if (!start_client(demo, &demo->people[i]))
            return false;
    if (!wait_for(demo, 1, false) || !start_client(demo, &demo->people[DEMO_LEADER]))
        return false;
    int64_t until = demo_now_ms() + START_MS;
    struct demo_person *leader = &demo->people[DEMO_LEADER];
    while (!leader->ready && !leader->client.over && demo_now_ms() < until)
        pump(demo, until);
    if (!leader->ready)
        return fail(demo, "was not admitted", leader->name);
    bool ok = session(demo);
    return leave(demo) && ok;
}
