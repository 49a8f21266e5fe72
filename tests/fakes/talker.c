/* talker.c - see talker.h. */
#include "fakes/talker.h"

#include "client/reporter.h"
#include "protocol/messages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

const char *const balint_talkers[BALINT_TALKERS] = {"Ann", "Ben", "Cleo", "Dora"};

/* ---- inside a process */

struct talker {
    struct balint_caller *caller;
    struct balint_reporter *reporter;
    struct balint_clock clock;
    bool admitted, hushed;
    int said;                                  /* spans since the admission */
    int64_t talk_us[BALINT_SEATS], longest_us; /* between two talk records of one person */
};

/* What the call tells on its own thread, for the main one. */
struct telling {
    struct talker *talker;
    char *text;
    GBytes *body;
    int seat, kind;
    guint epoch;
};
enum { STATE, TALK, LEDGER, SPANS };

static void free_telling(gpointer data)
{
    struct telling *telling = data;
    g_free(telling->text);
    g_clear_pointer(&telling->body, g_bytes_unref);
    g_free(telling);
}

static void take_state(struct talker *talker, const char *text)
{
    static struct balint_message message;
    struct balint_error error;
    int64_t now_us = g_get_monotonic_time();
    if (!balint_decode(text, strlen(text), BALINT_TO_CLIENT, &message, &error))
        return;
    balint_clock_note(&talker->clock, message.state.clock_ms, now_us);
    talker->admitted = message.state.admitted;
    balint_reporter_state(talker->reporter, &message.state);
    balint_reporter_microphone(talker->reporter, message.state.admitted, now_us);
}

static void take_talk(struct talker *talker, const struct telling *telling)
{
    int64_t now_us = g_get_monotonic_time(), *last_us = &talker->talk_us[telling->text[0] % BALINT_SEATS];
    if (*last_us > 0 && now_us - *last_us > talker->longest_us)
        talker->longest_us = now_us - *last_us;
    *last_us = now_us;
    balint_reporter_take(talker->reporter, telling->text, telling->epoch, telling->body);
}

static gboolean on_telling(gpointer data)
{
    struct telling *telling = data;
    struct talker *talker = telling->talker;
    switch (telling->kind) {
    case STATE:
        take_state(talker, telling->text);
        break;
    case TALK:
        take_talk(talker, telling);
        break;
    case LEDGER:
        balint_reporter_take_ledger(talker->reporter, telling->body);
        break;
    default:
        balint_reporter_take_spans(talker->reporter, telling->seat, telling->body);
        break;
    }
    return G_SOURCE_REMOVE;
}

static void post(struct talker *talker, int kind, const char *text, guint epoch, int seat, GBytes *body)
{
    struct telling *telling = g_new0(struct telling, 1);
    *telling = (struct telling){talker, g_strdup(text), body ? g_bytes_ref(body) : NULL, seat, kind, epoch};
    g_idle_add_full(G_PRIORITY_DEFAULT, on_telling, telling, free_telling);
}

static void on_state(GstElement *call, const char *text, struct talker *talker)
{
    (void)call;
    post(talker, STATE, text, 0, 0, NULL);
}

static void on_talk(GstElement *call, const char *member, guint epoch, GBytes *body, struct talker *talker)
{
    (void)call;
    post(talker, TALK, member, epoch, 0, body);
}

static void on_ledger(GstElement *call, GBytes *piece, struct talker *talker)
{
    (void)call;
    post(talker, LEDGER, NULL, 0, 0, piece);
}

static void on_spans(GstElement *call, int seat, GBytes *body, struct talker *talker)
{
    (void)call;
    post(talker, SPANS, NULL, 0, seat, body);
}

static gboolean on_second(gpointer data)
{
    struct talker *talker = data;
    int64_t base_us = g_get_monotonic_time() - 800000;
    GstStructure *span =
        gst_structure_new("balint-voice-span", "start-ns", G_TYPE_UINT64, (guint64)0, "end-ns", G_TYPE_UINT64,
                          (guint64)BALINT_TALKER_SPAN_MS * 1000000, NULL);
    if (!talker->hushed && talker->admitted) {
        balint_reporter_voice(talker->reporter, span, base_us);
        talker->said++;
    }
    gst_structure_free(span);
    return G_SOURCE_CONTINUE;
}

static void print_balance(struct talker *talker)
{
    struct balint_balance balance;
    struct balint_after after;
    printf("said %d\n", talker->said);
    if (balint_reporter_balance(talker->reporter, &balance) &&
        balint_reporter_after(talker->reporter, &after)) {
        printf("lacks %d\n", (int)balint_reporter_lacks_ms(talker->reporter));
        printf("longest %d\n", (int)(talker->longest_us / 1000));
        printf("discussion %d %d\n", (int)balance.discussion_ms, (int)after.cases[0].measured_ms);
        for (int i = 0; i < balance.member_count + balance.leader_count; i++)
            printf("row %s %d %d %d\n", balance.rows[i].name, (int)balance.rows[i].recent_ms,
                   (int)balance.rows[i].spoken_ms, (int)balance.rows[i].spoken_all_ms);
    }
    printf("end\n");
}

static gboolean on_command(GIOChannel *channel, GIOCondition condition, gpointer data)
{
    struct talker *talker = data;
    char line[128], name[33];
    int seat, value;
    (void)channel;
    (void)condition;
    if (!fgets(line, sizeof line, stdin))
        exit(0); /* the test is gone */
    if (strcmp(line, "admit everyone\n") == 0)
        g_object_set(talker->caller->call, "admit-everyone", TRUE, NULL);
    if (strcmp(line, "hush\n") == 0)
        talker->hushed = true;
    if (strcmp(line, "balance\n") == 0)
        print_balance(talker);
    if (sscanf(line, "act %32s %d %d", name, &seat, &value) == 3)
        balint_caller_act(talker->caller, name, seat, value);
    fflush(stdout);
    return G_SOURCE_CONTINUE;
}

static void on_ready(GstElement *call, int seat, gpointer unused)
{
    (void)call;
    (void)unused;
    printf("ready %d\n", seat);
    fflush(stdout);
}

void balint_talker_main(int argc, char **argv)
{
    static struct talker talker;
    if (argc < 2 || strcmp(argv[1], "--caller") != 0)
        return;
    char link[BALINT_LINK_SIZE], device[64];
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setvbuf(stdin, NULL, _IONBF, 0);
    balint_caller_setup(&argc, &argv);
    if (scanf("%767s %63s%*c", link, device) != 2)
        exit(2);
    talker.caller = balint_caller_new(link, NULL, 440, device);
    GstElement *call = talker.caller->call;
    talker.reporter = balint_reporter_new(call, &talker.clock);
    g_signal_connect(call, "ready", G_CALLBACK(on_ready), NULL);
    g_signal_connect(call, "state-changed", G_CALLBACK(on_state), &talker);
    g_signal_connect(call, "talk", G_CALLBACK(on_talk), &talker);
    g_signal_connect(call, "ledger", G_CALLBACK(on_ledger), &talker);
    g_signal_connect(call, "spans", G_CALLBACK(on_spans), &talker);
    g_timeout_add(1000, on_second, &talker);
    g_io_add_watch(g_io_channel_unix_new(0), G_IO_IN | G_IO_HUP, on_command, &talker);
    balint_caller_start(talker.caller);
    g_main_loop_run(g_main_loop_new(NULL, FALSE));
}

/* ---- the test's side */

void balint_talker_start(struct balint_callerproc *process, struct balint_circle *circle, int i, bool leads)
{
    char line[32];
    balint_callerproc_start(process, circle, i);
    if (leads)
        balint_callerproc_tell(process, "admit everyone");
    snprintf(line, sizeof line, "ready %d", i);
    if (!balint_callerproc_wait(process, line, BALINT_CIRCLE_MS)) {
        fprintf(stderr, "person %d did not get in\n", i);
        exit(1);
    }
}

void balint_talker_ask(struct balint_callerproc *process, struct balint_talker_figures *figures)
{
    char name[65];
    memset(figures, 0, sizeof *figures);
    process->length = 0;
    balint_callerproc_tell(process, "balance");
    /* The line "end" is taken out; what stands before it stays. */
    if (!balint_callerproc_wait(process, "end", BALINT_CIRCLE_MS)) {
        fprintf(stderr, "a program does not say what it knows\n");
        exit(1);
    }
    process->text[process->length] = '\0';
    for (char *at = process->text; at && *at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL) {
        int recent_ms, spoken_ms, all_ms;
        sscanf(at, "said %d", &figures->said);
        sscanf(at, "lacks %d", &figures->lacks_ms);
        sscanf(at, "longest %d", &figures->longest_ms);
        sscanf(at, "discussion %d %d", &figures->discussion_ms, &figures->measured_ms);
        if (sscanf(at, "row %64s %d %d %d", name, &recent_ms, &spoken_ms, &all_ms) != 4)
            continue;
        for (int i = 0; i < BALINT_TALKERS; i++)
            if (strcmp(name, balint_talkers[i]) == 0)
                figures->people[i] = (struct balint_talker_spoken){recent_ms, spoken_ms, all_ms};
    }
}

void balint_talker_phases(struct balint_callerproc *leader, int last)
{
    char line[32];
    for (int phase = 1; phase <= last; phase++) {
        snprintf(line, sizeof line, "act phase -1 %d", phase);
        balint_callerproc_tell(leader, line);
    }
}

void balint_talker_pass(int ms)
{
    g_usleep((gulong)ms * 1000);
}
