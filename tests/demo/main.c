/* main.c - balint-demo: a whole short Balint session with real clients, measured against what it knows.
 *
 * Server, group, links, sound and reports live in a temporary folder that goes when all went well; what is
 * worth keeping is written to --out. Nothing leaves this machine.
 */
#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "demo/demo.h"

static const char *const names[DEMO_PEOPLE] = {"Maria", "Tom",    "Ilse",   "Hamid", "Clara", "Joe",
                                               "Réka",  "Paul",   "Sunita", "Erik",  "Anna",  "Luca",
                                               "Mette", "Viktor", "Ines",   "Samuel"};

static int usage(FILE *out, int status)
{
    fputs("Usage: balint-demo [--people N] [--seconds S] [--headless] [--out DIR] [--voices DIR]\n"
          "A short Balint session of real clients over a real server on this machine.\n"
          "  --people N    leader, presenter and members, 3 to 16 (6)\n"
          "  --seconds S   length of the session, at least 40 (60)\n"
          "  --headless    no window, even where there is a display\n"
          "  --out DIR     where the pictures of the windows and report.json go (balint-demo)\n"
          "  --voices DIR  WAV files instead of espeak-ng's voices, in the order of their names:\n"
          "                leader, presenter, members\n",
          out);
    return status;
}

static bool number(const char *text, double least, double most, double *value)
{
    char *end;
    *value = strtod(text, &end);
    return end != text && *end == '\0' && *value >= least && *value <= most;
}

/* 0: go on; else the exit status + 1. */
static int read_options(int argc, char **argv, struct demo_options *options)
{
    double value;
    *options = (struct demo_options){.people = 6, .seconds = 60, .out = "balint-demo"};
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        bool has = i + 1 < argc;
        if (strcmp(word, "--help") == 0)
            return usage(stdout, 1);
        if (strcmp(word, "--headless") == 0) {
            options->headless = true;
        } else if (strcmp(word, "--people") == 0 && has && number(argv[i + 1], 3, DEMO_PEOPLE, &value)) {
            options->people = (int)value;
            i++;
        } else if (strcmp(word, "--seconds") == 0 && has && number(argv[i + 1], 40, 7200, &value)) {
            options->seconds = value;
            i++;
        } else if (strcmp(word, "--out") == 0 && has) {
            options->out = argv[++i];
        } else if (strcmp(word, "--voices") == 0 && has) {
            options->voices = argv[++i];
        } else {
            fprintf(stderr, "balint-demo: %s is no option, or its value is wrong:\n", word);
            return usage(stderr, 3);
        }
    }
    return 0;
}

static bool prepare_folders(struct demo *demo)
{
    char *own = g_file_read_link("/proc/self/exe", NULL);
    if (own == NULL)
        return false;
    char *bin = g_path_get_dirname(own);
    snprintf(demo->bin, sizeof demo->bin, "%s", bin);
    g_free(bin);
    g_free(own);
    if (g_mkdir_with_parents(demo->options.out, 0755) != 0 || g_access(demo->options.out, W_OK) != 0) {
        fprintf(stderr, "balint-demo: %s: %s: give --out DIR that can be written to\n", demo->options.out,
                g_strerror(errno));
        return false;
    }
    char *folder = g_dir_make_tmp("balint-demo-XXXXXX", NULL);
    if (folder == NULL) {
        fprintf(stderr, "balint-demo: no temporary folder could be made: is the disk full?\n");
        return false;
    }
    snprintf(demo->folder, sizeof demo->folder, "%s", folder);
    g_free(folder);
    return true;
}

/* One registry for all of them, filled before they start: six programs that each look through every plugin
 * would take longer than the session. */
static void prepare_registry(const struct demo *demo)
{
    char path[600];
    snprintf(path, sizeof path, "%s/registry.bin", demo->folder);
    g_setenv("GST_REGISTRY", path, TRUE);
    snprintf(path, sizeof path, "%s/../lib", demo->bin);
    const char *before = g_getenv("GST_PLUGIN_PATH");
    char *all = before != NULL ? g_strdup_printf("%s:%s", path, before) : g_strdup(path);
    g_setenv("GST_PLUGIN_PATH", all, TRUE);
    g_free(all);
    gst_init(NULL, NULL);
    g_setenv("GST_REGISTRY_UPDATE", "no", TRUE);
    snprintf(path, sizeof path, "%s/home", demo->folder);
    g_setenv("BALINT_HOME", path, TRUE);
}

static void prepare_people(struct demo *demo)
{
    for (int i = 0; i < demo->options.people; i++) {
        struct demo_person *person = &demo->people[i];
        person->number = i;
        person->name = names[i];
        person->role = i == DEMO_LEADER ? "leader" : "member";
        if (i <= DEMO_PRESENTER)
            snprintf(person->id, sizeof person->id, "%s", i == DEMO_LEADER ? "leader" : "presenter");
        else
            snprintf(person->id, sizeof person->id, "member-%d", i - 1);
        person->client.input = person->client.output = -1;
    }
    demo->server.input = demo->server.output = -1;
}

static void remove_folder(const char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
        char *path = g_build_filename(folder, name, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK))
            remove_folder(path);
        else
            g_unlink(path);
        g_free(path);
    }
    if (dir != NULL)
        g_dir_close(dir);
    g_rmdir(folder);
}

static struct demo *on_signal_demo;
static void on_signal(int number_)
{
    /* Children end with us: their pids are ours to signal, nothing else is touched here. */
    for (int i = 0; i < DEMO_PEOPLE; i++)
        if (on_signal_demo->people[i].client.pid > 0 && !on_signal_demo->people[i].client.over)
            kill(on_signal_demo->people[i].client.pid, SIGTERM);
    if (on_signal_demo->server.pid > 0 && !on_signal_demo->server.over)
        kill(on_signal_demo->server.pid, SIGTERM);
    _exit(128 + number_);
}

int main(int argc, char **argv)
{
    static struct demo demo;
    int wrong = read_options(argc, argv, &demo.options);
    if (wrong != 0)
        return wrong - 1;
    prepare_people(&demo);
    on_signal_demo = &demo;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    if (!prepare_folders(&demo))
        return 1;
    prepare_registry(&demo);
    demo_phases_place(demo.options.seconds, demo.starts);
    printf("%d people, %.0f s. Preparing their voices...\n", demo.options.people, demo.options.seconds);
    fflush(stdout);
    bool ok = demo_prepare_voices(&demo);
    if (ok) {
        printf("The session begins.\n");
        fflush(stdout);
        ok = demo_evening(&demo);
    }
    demo_process_signal(&demo.server, SIGTERM);
    int64_t until = demo_now_ms() + 5000;
    struct demo_process *server = &demo.server;
    while (server->pid > 0 && !server->over && demo_now_ms() < until)
        demo_processes_pump(&server, 1, until);
    for (int i = 0; i < demo.options.people; i++)
        demo_process_close(&demo.people[i].client);
    demo_process_close(&demo.server);
    if (!ok)
        fprintf(stderr, "balint-demo: %s\n", demo.why);
    ok = ok && demo_verdict(&demo);
    for (int i = 0; i < demo.options.people; i++) {
        json_decref(demo.people[i].told);
        free(demo.people[i].spans);
    }
    if (ok)
        remove_folder(demo.folder);
    else
        fprintf(stderr, "balint-demo: what the programs said is kept in %s\n", demo.folder);
    return ok ? 0 : 1;
}
