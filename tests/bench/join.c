/* join.c - how long a person waits: from being admitted to the last first picture and the last first sound.
 *
 * The others are real callers of this one process, light ones; who joins is a `balint join` process of its
 * own, as a person starts it, its devices open before it knocks, through a real balint-server on loopback. It
 * joins once with one person in the room and once with seven, and so many times each; the table shows the
 * median.
 *
 *   bench-join [--runs N]
 */
#include "fakes/caller.h"
#include "fakes/people.h"

#include <gio/gio.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PEERS     7
#define MOST_RUNS 100
#define WAIT_MS   30000
#define STAYS     "4" /* seconds after admission: long enough for every link */

struct evening {
    struct balint_serverproc server;
    struct balint_test_group group;
    struct balint_test_invitation invitations[PEERS + 1];
    char links[PEERS + 1][BALINT_LINK_SIZE];
    struct balint_caller *peers[PEERS];
    int here;
};

struct wait {
    int picture_ms, sound_ms; /* of the link that was last */
};

static int by_number(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static void invite(struct evening *evening)
{
    balint_serverproc_init(&evening->server);
    if (!balint_serverproc_start(&evening->server, NULL, NULL) ||
        !balint_test_found(&evening->server, &evening->group, "bench"))
        g_error("the server does not start");
    for (int i = 0; i <= PEERS; i++)
        evening->invitations[i] = (struct balint_test_invitation){
            .name = i == 0 ? "Leader" : "Member", .role = i == 0 ? BALINT_LEADER : BALINT_MEMBER};
    if (!balint_test_mint(&evening->server, &evening->group, evening->invitations, PEERS + 1))
        g_error("no invitations");
    for (int i = 0; i <= PEERS; i++)
        if (!balint_test_link(&evening->server, &evening->group, &evening->invitations[i], evening->links[i]))
            g_error("no link");
}

static void fill_room(struct evening *evening, int count)
{
    for (; evening->here < count; evening->here++) {
        struct balint_caller *peer =
            balint_caller_new(evening->links[evening->here], NULL, 300 + 50 * evening->here, NULL);
        if (evening->here == 0)
            g_object_set(peer->call, "admit-everyone", TRUE, NULL);
        balint_caller_start(peer);
        if (!balint_caller_until(peer, balint_caller_is_ready, 0, WAIT_MS))
            g_error("somebody was not admitted");
        evening->peers[evening->here] = peer;
    }
}

/* Runs the joiner to its end; its report in `path`. */
static void join(const struct evening *evening, const char *path)
{
    const char *program = BALINT_BUILD_DIR "/bin/balint";
    const char *argv[] = {program,
                          "join",
                          "-",
                          "--seconds",
                          STAYS,
                          "--video-test",
                          "--audio-source",
                          "audiotestsrc is-live=true wave=ticks",
                          "--no-audio-out",
                          "--window",
                          "none",
                          "--report",
                          path,
                          NULL};
    GError *error = NULL;
    GSubprocess *process =
        g_subprocess_newv(argv, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error);
    if (process == NULL)
        g_error("%s", error->message);
    char *line = g_strdup_printf("%s\n", evening->links[PEERS]);
    if (!g_subprocess_communicate_utf8(process, line, NULL, NULL, NULL, &error))
        g_error("%s", error->message);
    if (!g_subprocess_get_successful(process))
        g_error("balint join failed");
    g_free(line);
    g_object_unref(process);
}

/* The last link's times. A link that never came counts as the whole stay: it must not look fast. */
static struct wait read_wait(const char *path, int count)
{
    json_error_t error;
    json_t *report = json_load_file(path, 0, &error);
    json_t *remotes = json_object_get(report, "remotes"), *remote;
    struct wait wait = {0, 0};
    size_t i;
    if (json_array_size(remotes) != (size_t)count)
        g_error("the report speaks of %zu people, there were %d", json_array_size(remotes), count);
    json_array_foreach(remotes, i, remote)
    {
        json_t *picture = json_object_get(remote, "first_picture_ms");
        json_t *sound = json_object_get(remote, "first_sound_ms");
        int picture_ms = json_is_integer(picture) ? (int)json_integer_value(picture) : -1;
        int sound_ms = json_is_integer(sound) ? (int)json_integer_value(sound) : -1;
        wait.picture_ms = MAX(wait.picture_ms, picture_ms < 0 ? WAIT_MS : picture_ms);
        wait.sound_ms = MAX(wait.sound_ms, sound_ms < 0 ? WAIT_MS : sound_ms);
    }
    json_decref(report);
    return wait;
}

static int left(const struct evening *evening)
{
    char *text = NULL;
    g_object_get(evening->peers[0]->call, "state", &text, NULL);
    json_t *state = json_loads(text ? text : "", 0, NULL), *seat;
    json_t *seats = json_object_get(state, "seats");
    int connected = 0;
    size_t i;
    json_array_foreach(seats, i, seat) connected += json_is_true(json_object_get(seat, "connected"));
    json_decref(state);
    g_free(text);
    return connected;
}

static gboolean only_peers(struct balint_caller *caller, int evening_here)
{
    struct evening evening = {.peers = {caller}};
    return left(&evening) == evening_here;
}

static void measure(struct evening *evening, int count, int runs)
{
    int pictures[MOST_RUNS], sounds[MOST_RUNS];
    char *path = g_strdup_printf("%s/joiner.json", evening->server.folder);
    fill_room(evening, count);
    for (int run = 0; run < runs; run++) {
        if (!balint_caller_until(evening->peers[0], only_peers, count, WAIT_MS))
            g_error("the one who joined did not leave");
        join(evening, path);
        struct wait wait = read_wait(path, count);
        pictures[run] = wait.picture_ms;
        sounds[run] = wait.sound_ms;
    }
    qsort(pictures, (size_t)runs, sizeof *pictures, by_number);
    qsort(sounds, (size_t)runs, sizeof *sounds, by_number);
    printf("%-14d %12d %12d %12d %12d %12d\n", count, pictures[0], pictures[runs / 2], pictures[runs - 1],
           sounds[runs / 2], sounds[runs - 1]);
    fflush(stdout);
    remove(path);
    g_free(path);
}

int main(int argc, char **argv)
{
    static struct evening evening;
    int runs = 10;
    balint_caller_setup(&argc, &argv);
    if (argc == 3 && strcmp(argv[1], "--runs") == 0)
        runs = atoi(argv[2]);
    else if (argc != 1)
        runs = 0;
    if (runs < 1 || runs > MOST_RUNS) {
        fprintf(stderr, "bench-join: it takes [--runs N], N from 1 to %d\n", MOST_RUNS);
        return 2;
    }
    balint_caller_picture(64, 48);
    invite(&evening);
    printf("milliseconds from admission to the last link's first, %d runs\n", runs);
    printf("%-14s %12s %12s %12s %12s %12s\n", "in the room", "picture min", "median", "max", "sound median",
           "max");
    measure(&evening, 1, runs);
    measure(&evening, PEERS, runs);
    for (int i = 0; i < evening.here; i++)
        balint_caller_free(evening.peers[i]);
    balint_serverproc_finish(&evening.server);
    return 0;
}
